// Plans, sets and sensitivity on the page of a run.

#include "engine/report/report_parts.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace wintergrid::report {
namespace {

using Json = nlohmann::json;

const std::string kReport =
    R"({"format": "wintergrid-report", "facts": {"scenario_sha256": "ab"}})";

Json sensitivity() {
  return {{"format", "wintergrid-sensitivity"},
          {"format_version", 1},
          {"scenario_sha256", "ab"},
          {"winters", 8},
          {"metrics", Json::array()}};
}

Json generators() {
  return {{"format", "wintergrid-generators"},
          {"format_version", 1},
          {"scenario_sha256", "ab"},
          {"level", "P80"},
          {"winters", 8},
          {"unmet_gap", Json::array()},
          {"savings", Json::array()},
          {"needs",
           {{{"by", "all"}, {"name", "all"}},
            {{"by", "zone"}, {"name", "a small village"}},
            {{"by", "kind"}, {"name", "hospital"}}}}};
}

std::string problem_of(const std::vector<Part>& parts) {
  std::string problem;
  const std::string text = with_parts(kReport, parts, problem);
  EXPECT_EQ(text.empty(), !problem.empty());
  return problem;
}

TEST(ReportParts, AreAddedAndNothingElseIsChanged) {
  std::string problem;
  const Json with = Json::parse(with_parts(
      kReport, {{"s.json", sensitivity().dump()}, {"g.json", generators().dump()}}, problem));
  EXPECT_EQ(problem, "");
  EXPECT_EQ(with.at("sensitivity").at("winters"), 8);
  EXPECT_EQ(with.at("facts"), Json::parse(kReport).at("facts"));
  EXPECT_FALSE(with.contains("plan"));
}

TEST(ReportParts, ZonesOfTheNeedsStayOut) {
  std::string problem;
  const std::string text = with_parts(kReport, {{"g.json", generators().dump()}}, problem);
  EXPECT_EQ(text.find("village"), std::string::npos);
  EXPECT_EQ(Json::parse(text).at("generator_plan").at("needs").size(), 2U);
}

TEST(ReportParts, WhatDoesNotBelongIsSaidAllAtOnce) {
  Json other = sensitivity(), old = sensitivity(), lacking = sensitivity();
  other["scenario_sha256"] = "cd";
  old["format_version"] = 0;
  lacking.erase("metrics");
  EXPECT_EQ(problem_of({{"a", "{"}, {"b", "{}"}}),
            "'a' is not JSON, or damaged; 'b' is of no format that the page shows");
  EXPECT_EQ(problem_of({{"a", other.dump()}}),
            "'a' is of another scenario, or of the scenario before it was changed");
  EXPECT_EQ(problem_of({{"a", old.dump()}}),
            "'a' is of another version of the format than 1, which this program reads");
  EXPECT_EQ(problem_of({{"a", sensitivity().dump()}, {"b", sensitivity().dump()}}),
            "'b' is the second of the format wintergrid-sensitivity");
  EXPECT_NE(problem_of({{"a", lacking.dump()}}).find("'a' is damaged: "), std::string::npos);
}

}  // namespace
}  // namespace wintergrid::report
