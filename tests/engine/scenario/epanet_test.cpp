// EPANET input files: units, every kind of element, and what is refused.

#include "engine/scenario/epanet.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace wintergrid::scenario {
namespace {

using hydraulics::LinkStatus;

struct Read {
  EpanetFile file;
  Diagnostics diagnostics;
};

Read read_text(const std::string& text) {
  const test::TempDir folder;
  const auto path = folder.write("net.inp", text);
  Read read;
  read.file = read_epanet(path.string(), read.diagnostics);
  return read;
}

const std::string kNetwork = R"([JUNCTIONS]
A 10 1
B 20
[RESERVOIRS]
R 100
[PIPES]
P R A 1000 300 130
)";

void expect_error(const std::string& text, const std::string& part) {
  const Read read = read_text(text);
  EXPECT_FALSE(read.diagnostics.ok()) << part;
  EXPECT_NE(read.diagnostics.to_text().find(part), std::string::npos)
      << read.diagnostics.to_text() << "lacks: " << part;
}

TEST(Epanet, FlowUnitsMeanTheSameFlow) {
  // one cubic foot per second in every unit
  const std::array<std::pair<const char*, double>, 11> units = {{{"CFS", 1.0},
                                                                 {"GPM", 448.831},
                                                                 {"MGD", 0.64632},
                                                                 {"IMGD", 0.5382},
                                                                 {"AFD", 1.9837},
                                                                 {"LPS", 28.317},
                                                                 {"LPM", 1699.0},
                                                                 {"MLD", 2.4466},
                                                                 {"CMH", 101.94},
                                                                 {"CMD", 2446.6},
                                                                 {"CMS", 0.028317}}};
  for (const auto& [unit, value] : units) {
    const bool si = value == 28.317 || value == 1699.0 || value == 2.4466 || value == 101.94 ||
                    value == 2446.6 || value == 0.028317;
    const Read read = read_text("[JUNCTIONS]\nA 10 " + std::to_string(value) +
                                "\n[RESERVOIRS]\nR 100\n[PIPES]\nP R A 1000 12 130\n[OPTIONS]\n"
                                "UNITS " +
                                unit + "\n");
    ASSERT_TRUE(read.diagnostics.ok()) << read.diagnostics.to_text();
    EXPECT_NEAR(read.file.model.demands.at(0).base_m3s * kLitresPerM3, 28.317, 28.317e-4) << unit;
    EXPECT_NEAR(read.file.model.network.elevation_m[0], si ? 10.0 : 3.048, 1e-12) << unit;
    EXPECT_NEAR(read.file.model.network.diameter_m[0], si ? 0.012 : 0.3048, 1e-12) << unit;
    EXPECT_NEAR(read.file.length_m[0], si ? 1000.0 : 304.8, 1e-9) << unit;
  }
}

TEST(Epanet, PressureUnitsMeanTheSameHead) {
  const std::string valve = "[VALVES]\nV A B 300 PRV ";
  const std::array<std::array<std::string, 3>, 4> cases = {
      {{"LPS", "", "30"},
       {"GPM", "", std::to_string(30.0 / 0.3048 * 0.4333)},
       {"LPS", "PRESSURE KPA\n", std::to_string(30.0 / 0.3048 * 0.4333 * 6.895)},
       {"GPM", "PRESSURE METERS\n", "30"}}};
  for (const auto& [flow, pressure, setting] : cases) {
    const Read read =
        read_text(kNetwork + valve + setting + "\n[OPTIONS]\nUNITS " + flow + "\n" + pressure);
    ASSERT_TRUE(read.diagnostics.ok()) << read.diagnostics.to_text();
    EXPECT_NEAR(read.file.model.start_setting.at(1), 30.0, 1e-4) << flow << pressure;
  }
}

TEST(Epanet, PumpCurvesOfOneThreeAndMorePoints) {
  const Read read = read_text(kNetwork + R"([PUMPS]
ONE A B HEAD c1
THREE A B HEAD c3 SPEED 0.9
MANY A B HEAD c4 PATTERN w
POWER A B POWER 10
[CURVES]
c1 100 60
c3 0 80
c3 50 70
c3 100 40
c4 0 80
c4 40 75
c4 80 60
c4 120 30
[PATTERNS]
w 1 0.5
[STATUS]
THREE Closed
[OPTIONS]
UNITS LPS
)");
  ASSERT_TRUE(read.diagnostics.ok()) << read.diagnostics.to_text();
  const auto& pumps = read.file.model.network.pumps;
  ASSERT_EQ(pumps.size(), 4U);
  EXPECT_NEAR(pumps[0].shutoff_head_m, 80.0, 1e-3);
  EXPECT_NEAR(pumps[0].exponent, 2.0, 1e-4);
  EXPECT_NEAR(pumps[1].exponent, 2.0, 1e-9) << "log(40 / 10) / log(2)";
  EXPECT_NEAR(pumps[1].coefficient * std::pow(100.0 / kLitresPerM3, pumps[1].exponent), 40.0, 1e-6);
  EXPECT_EQ(pumps[2].kind, hydraulics::PumpKind::piecewise);
  // N / (rho g q): 10 kW at 0.1 m3/s are 10.2 m
  EXPECT_NEAR(pumps[3].coefficient / 0.1, 10e3 / (1000.0 * 9.81 * 0.1), 0.05);
  EXPECT_EQ(read.file.model.start_status[2], LinkStatus::closed);
  EXPECT_EQ(read.file.model.speed_patterns.at(0).link, 3U);
}

TEST(Epanet, DemandCategoriesReplaceTheJunctionsDemand) {
  const Read read = read_text(kNetwork + R"([DEMANDS]
A 2 p
A 3 ;night
[PATTERNS]
p 0.5
1 2
)");
  ASSERT_TRUE(read.diagnostics.ok()) << read.diagnostics.to_text();
  const auto& demands = read.file.model.demands;
  ASSERT_EQ(demands.size(), 2U);
  const auto gpm = [](double m3s) { return m3s / 0.028316846592 * 448.831; };
  EXPECT_NEAR(gpm(demands[0].base_m3s), 2.0, 1e-9);
  EXPECT_NEAR(gpm(demands[1].base_m3s), 3.0, 1e-9);
  EXPECT_EQ(demands[0].pattern, 0U);
  EXPECT_EQ(demands[1].pattern, 1U) << "pattern 1 is the default";
}

TEST(Epanet, ControlsRulesAndTimes) {
  const Read read = read_text(kNetwork + R"([TANKS]
T 50 3 1 5 10 0
[CONTROLS]
LINK P CLOSED AT TIME 1:30
LINK P OPEN AT CLOCKTIME 6 PM
LINK P CLOSED IF NODE T ABOVE 4 ;full
[RULES]
RULE 1
IF TANK T LEVEL BELOW 2
AND SYSTEM CLOCKTIME >= 8 AM
OR LINK P STATUS IS OPEN
THEN PIPE P STATUS = CLOSED
ELSE PIPE P STATUS = OPEN
PRIORITY 3
[TIMES]
DURATION 24:00
HYDRAULIC TIMESTEP 0:30
PATTERN TIMESTEP 2:00
REPORT TIMESTEP 1:00
START CLOCKTIME 7 AM
)");
  ASSERT_TRUE(read.diagnostics.ok()) << read.diagnostics.to_text();
  const auto& model = read.file.model;
  ASSERT_EQ(model.controls.size(), 3U);
  EXPECT_EQ(model.controls[0].time_s, 5400);
  EXPECT_EQ(model.controls[1].time_s, 18 * 3600);
  EXPECT_NEAR(model.controls[2].head_m, 54.0 * 0.3048, 1e-12);
  ASSERT_EQ(model.rules.size(), 1U);
  EXPECT_EQ(model.rules[0].premises.size(), 3U);
  EXPECT_TRUE(model.rules[0].premises[2].or_previous);
  EXPECT_EQ(model.rules[0].then_actions.size(), 1U);
  EXPECT_EQ(model.rules[0].else_actions.at(0).status, LinkStatus::open);
  EXPECT_EQ(model.rules[0].priority, 3.0);
  EXPECT_EQ(model.hydraulic_step_s, 1800);
  EXPECT_EQ(model.rule_step_s, 180);
  EXPECT_EQ(model.clock_start_s, 7 * 3600);
}

TEST(Epanet, WhatIsReadOver) {
  const Read read = read_text(kNetwork + R"([QUALITY]
A 0.5
[ENERGY]
Global Price 0
[REACTIONS]
Order Bulk 1
[MIXING]
[SOURCES]
[REPORT]
Status Yes
[COORDINATES]
A 30.5 50.4
[BACKDROP]
[LABELS]
[TAGS]
[END]
anything
)");
  EXPECT_TRUE(read.diagnostics.ok()) << read.diagnostics.to_text();
}

TEST(Epanet, Refuses) {
  expect_error("[PIPS]\n" + kNetwork, "[PIPS] is not a section");
  expect_error("[PIPS]\n" + kNetwork, "did you mean 'PIPES'");
  expect_error("A 1\n" + kNetwork, "before any section");
  expect_error(kNetwork + "[OPTIONS]\nUNITS FURLONGS\n", "is not a flow unit");
  expect_error(kNetwork + "[OPTIONS]\nACURACY 1\n", "is not an option");
  expect_error(kNetwork + "[OPTIONS]\nHEADLOSS X\n", "is not a head loss formula");
  expect_error(kNetwork + "[TIMES]\nDURATION noon\n", "is not a time");
  expect_error(kNetwork + "[PIPES]\nQ A C 1 1 1\n", "there is no node 'C'");
  expect_error(kNetwork + "[PIPES]\nP A B 1 1 1\n", "link 'P' is there twice");
  expect_error(kNetwork + "[PIPES]\nQ A A 1 1 1\n", "begins and ends at the same node");
  expect_error(kNetwork + "[PIPES]\nQ A B -1 1 1\n", "must be > 0");
  expect_error(kNetwork + "[JUNCTIONS]\nA 1\n", "node 'A' is there twice");
  expect_error(kNetwork + "[JUNCTIONS]\nC 1 2 none\n", "there is no pattern 'none'");
  expect_error(kNetwork + "[PUMPS]\nU A B\n", "neither a curve nor a power");
  expect_error(kNetwork + "[PUMPS]\nU A B HEAD c\n[CURVES]\nc 0 10\nc 5 20\n", "does not fall");
  expect_error(kNetwork + "[CURVES]\nc 5 10\nc 5 20\n", "must increase");
  expect_error(kNetwork + "[VALVES]\nV R B 300 PRV 10\n", "is at a reservoir or tank");
  expect_error(kNetwork + "[VALVES]\nV A B 300 XXX 10\n", "is not a kind of valve");
  expect_error(kNetwork + "[TANKS]\nT 10 9 1 5 10\n", "minimum <= initial <= maximum");
  expect_error(kNetwork + "[CONTROLS]\nLINK X OPEN AT TIME 1\n", "there is no link 'X'");
  expect_error(kNetwork + "[RULES]\nRULE 1\nTHEN LINK P STATUS IS OPEN\n", "not expected here");
  expect_error("[JUNCTIONS]\nA 1\nB 2\n[PIPES]\nP A B 1 1 1\n", "no reservoir and no tank");
}

TEST(Epanet, ErrorsSayWhere) {
  const Read read = read_text("[JUNCTIONS]\nA 10\n  B   x\n[RESERVOIRS]\nR 1\n");
  EXPECT_NE(read.diagnostics.to_text().find("net.inp:3:7: error: elevation is 'x'"),
            std::string::npos)
      << read.diagnostics.to_text();
}

}  // namespace
}  // namespace wintergrid::scenario
