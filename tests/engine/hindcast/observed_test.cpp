// What was recorded, as people write it down.

#include "engine/hindcast/observed.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace wintergrid::hindcast {
namespace {

constexpr scenario::StartTime kStart{2026, 1, 8, 0};

std::vector<Observation> read(const std::string& text, Diagnostics& diagnostics) {
  io::SourceText source;
  source.path = "observed.csv";
  source.bytes = text;
  return read_observed(source, kStart, 240, diagnostics);
}

std::string problems(const std::string& text) {
  Diagnostics diagnostics;
  read(text, diagnostics);
  return diagnostics.to_text();
}

const std::string kHeader = "time,service,without_share,of,use,source\n";

TEST(Observed, ReadsSharesReferencesAndUses) {
  Diagnostics diagnostics;
  const std::vector<Observation> rows =
      read(kHeader +
               "2026-01-09T08:00,heat,0.5,,onset,\"6,000: a newspaper\"\n"
               "2026-01-11T20:00,heat,0.1,2026-01-09T08:00,in_sample,another\n"
               "2026-01-11T20:00,power,0.3,,unseen,a third\n",
           diagnostics);
  ASSERT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].hour, 32U);
  EXPECT_EQ(rows[0].service, 1U);
  EXPECT_EQ(rows[0].use, Use::onset);
  EXPECT_EQ(rows[0].source, "6,000: a newspaper");
  EXPECT_FALSE(rows[0].of.has_value());
  EXPECT_EQ(rows[1].of, 0U);
  EXPECT_EQ(rows[1].hour, 92U);
  EXPECT_EQ(rows[2].service, 0U);
  EXPECT_EQ(rows[2].use, Use::unseen);
}

TEST(Observed, ColumnOfIsOptionalAndSpreadsheetsMayWriteCommas) {
  Diagnostics diagnostics;
  const std::vector<Observation> rows =
      read("use;note;time;service;without_share;source\nunseen;x;2026-01-08T01:00;water;0,25;y\n",
           diagnostics);
  ASSERT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_DOUBLE_EQ(rows[0].share, 0.25);
}

TEST(Observed, EveryProblemIsToldAtOnceWithItsPlace) {
  const std::string text = problems(kHeader +
                                    "2026-01-09,heat,0.5,,onset,a\n"
                                    "2026-01-09T08:00,gas,1.5,,later,b\n"
                                    "2027-01-09T08:00,heat,0.5,,unseen,c\n"
                                    "2026-01-10T08:00,heat,0.5,2026-01-09T09:00,unseen,d\n"
                                    "2026-01-10T08:00,heat\n");
  for (const char* part :
       {"observed.csv:2:1", "'2026-01-09' is no time", "observed.csv:3:18", "service 'gas'",
        "'1.5' is no share", "use 'later'", "observed.csv:4:1", "lies outside the scenario",
        "observed.csv:5:27", "no earlier row above says how many were without heat",
        "observed.csv:6", "2 cells, but the first line has 6"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

TEST(Observed, NothingUsableIsAnError) {
  EXPECT_NE(problems("").find("the file is empty"), std::string::npos);
  EXPECT_NE(problems("time,service\n").find("column 'without_share' is missing"),
            std::string::npos);
  EXPECT_NE(problems(kHeader).find("there is no observation"), std::string::npos);
}

TEST(Observed, WhatWouldBeCountedTwiceIsRefused) {
  EXPECT_NE(problems(kHeader + "2026-01-09T08:00,heat,0.5,,onset,a\n"
                               "2026-01-09T08:00,heat,0.4,,unseen,b\n")
                .find("stands in line 2 already"),
            std::string::npos);
  EXPECT_NE(problems("time,time,service,without_share,use,source\n")
                .find("column 'time' stands here a second time"),
            std::string::npos);
  EXPECT_NE(problems(kHeader + "2026-01-09T08:00,heat,0.5,,unseen,6,000: a newspaper\n")
                .find("7 cells, but the first line has 6"),
            std::string::npos);
}

TEST(Observed, AReferenceLiesInThePast) {
  EXPECT_NE(problems(kHeader + "2026-01-10T08:00,heat,0.5,,onset,a\n"
                               "2026-01-09T08:00,heat,0.4,2026-01-10T08:00,unseen,b\n")
                .find("no earlier row above"),
            std::string::npos);
}

TEST(Observed, AReferenceOfNobodyIsRefused) {
  EXPECT_NE(problems(kHeader + "2026-01-09T08:00,heat,0,,onset,a\n"
                               "2026-01-10T08:00,heat,0.5,2026-01-09T08:00,unseen,b\n")
                .find("more than 0"),
            std::string::npos);
}

}  // namespace
}  // namespace wintergrid::hindcast
