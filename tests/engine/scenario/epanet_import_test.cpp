// EPANET networks as scenarios: what is taken over, what is changed, and that this is said.

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include "engine/scenario/epanet_start.hpp"
#include "tests/engine/scenario/epanet_made.hpp"

namespace wintergrid::scenario {
namespace {

using test_epanet::Made;
using test_epanet::make;
using test_epanet::Read;
using test_epanet::read_text;
using test_epanet::Solved;

TEST(EpanetImport, PumpsAreFacilitiesAndPeopleFollowDemand) {
  // 12 L/s on the average are 12 x 86,400 / 150 = 6,912 people
  const Read read = read_text(R"([JUNCTIONS]
Low 5
Kyivska 20 8 p
Lisova 25 8
[RESERVOIRS]
River 10
[TANKS]
Tower 50 3 1 5 10 0
[PIPES]
P1 River Low 100 600 130
P2 Kyivska Lisova 900 300 130
P3 Lisova Tower 100 300 130
P4 Low Kyivska 100 300 130 0 Closed
[PUMPS]
U Low Kyivska HEAD c
[CURVES]
c 30 60
[PATTERNS]
p 0.25 0.75
[COORDINATES]
Low 30.52 50.45
[OPTIONS]
UNITS LPS
)");
  ASSERT_TRUE(read.diagnostics.ok()) << read.diagnostics.to_text();
  Diagnostics diagnostics;
  const Scenario made = to_scenario(read.file, EpanetFidelity::transport, diagnostics);
  ASSERT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  std::int64_t households = 0;
  for (const HouseholdRow& row : made.households) {
    households += row.households;
  }
  EXPECT_NEAR(static_cast<double>(households), 6912.0 / 2.5, 1.0);
  const auto count = [&made](const std::string& kind) {
    return std::count_if(made.water_nodes.begin(), made.water_nodes.end(),
                         [&kind](const WaterNodeRow& row) { return row.kind == kind; });
  };
  EXPECT_EQ(count("works"), 1);
  EXPECT_EQ(count("tank"), 1);
  EXPECT_EQ(count("pump_station"), 1) << "the closed way around it does not count";
  const auto station =
      std::find_if(made.facilities.begin(), made.facilities.end(),
                   [](const FacilityRow& row) { return row.kind == "pump_station"; });
  ASSERT_NE(station, made.facilities.end());
  EXPECT_FALSE(station->feeder.empty());
  for (const WaterNodeRow& row : made.water_nodes) {
    for (const char* name : {"Low", "Kyivska", "Lisova", "River", "Tower"}) {
      EXPECT_EQ(row.water_node.find(name), std::string::npos);
    }
    if (row.kind == "tank") {
      EXPECT_NEAR(row.volume_m3, 4.0 * 3.14159 * 25.0, 0.1);
    }
  }
  for (const WaterLinkRow& row : made.water_links) {
    EXPECT_GT(row.capacity_m3_per_h, 0.0);
  }
}

const std::string kTown = R"([JUNCTIONS]
A 10 20
B 20 10
C 15 0
[RESERVOIRS]
R 80
[PIPES]
P1 R A 1000 300 130
P2 A B 800.5 250 130
P3 B C 500 200 130
)";

TEST(EpanetImport, PipesKeepLengthDiameterAndHeight) {
  const Made made = make(kTown);
  EXPECT_EQ(made.diagnostics.warning_count(), 0U) << made.diagnostics.to_text();
  EXPECT_EQ(made.scenario.fidelity, "hydraulic");
  EXPECT_EQ(made.node("J1").kind, "junction");
  EXPECT_EQ(made.node("J2").elevation_m, 20.0);
  EXPECT_EQ(made.link("P2").length_km, 0.8005);
  EXPECT_NEAR(made.link("P2").diameter_mm, 250.0, 0.001);
  EXPECT_TRUE(made.link("P2").two_way);
  EXPECT_EQ(made.parameter("water.roughness_coefficient"), 130.0);
  const WaterNodeRow& works = made.node("R1");
  EXPECT_EQ(works.kind, "works");
  EXPECT_NEAR(works.elevation_m + works.head_m * 4.0 / 3.0, 80.0, 1e-3);
  EXPECT_GT(works.capacity_m3_per_h, 3.6 * 30.0);
  EXPECT_FALSE(works.facility.empty());
  // 20 and 10 L/s: two thirds and one third of 30 x 86,400 / 150 / 2.5 households
  EXPECT_NEAR(static_cast<double>(made.households()), 6912.0, 1.0);
  std::int64_t at_a = 0;
  for (const HouseholdRow& row : made.scenario.households) {
    EXPECT_NE(row.water_node, "J3") << "nobody draws there";
    at_a += row.water_node == "J1" ? row.households : 0;
  }
  EXPECT_NEAR(static_cast<double>(at_a), 4608.0, 1.0);
  EXPECT_EQ(made.scenario.water_leakage_share, 0.0) << "what leaks is in the file's demand";
}

TEST(EpanetImport, OtherRoughnessIsInTheDiameterAtEveryFlow) {
  const Made made = make(kTown + "[PIPES]\nP4 A C 400 200 95\n");
  EXPECT_TRUE(made.says("1 pipe with another roughness than the common 130"));
  for (const double flow : {0.001, 0.01, 0.1}) {
    EXPECT_NEAR(
        made.loss_m(made.link("P4"), flow) / epanet::pipe_loss_m(made.file.model.network, 3, flow),
        1.0, 1e-4);
  }
}

TEST(EpanetImport, MinorLossesAndOtherLawsAreExactAtTheStart) {
  for (const char* law : {"", "HEADLOSS D-W\n", "HEADLOSS C-M\n"}) {
    const std::string roughness = std::string(law).find("D-W") != std::string::npos ? "0.5"
                                  : std::string(law).empty()                        ? "130"
                                                                                    : "0.012";
    const Made made = make("[OPTIONS]\n" + std::string(law) +
                           "[JUNCTIONS]\nA 10 20\nB 20 10\n[RESERVOIRS]\nR 80\n[PIPES]\n"
                           "P1 R A 1000 300 " +
                           roughness + " 12\nP2 A B 6 150 " + roughness + "\n");
    EXPECT_TRUE(made.says(std::string(law).empty() ? "1 pipe with minor losses" : "head loss by"))
        << made.diagnostics.to_text();
    const Solved solved(made.file);
    for (std::size_t k = 0; k < 2; ++k) {
      const double theirs = solved.head_m(made.file.model.network.from[k]) -
                            solved.head_m(made.file.model.network.to[k]);
      EXPECT_NEAR(made.loss_m(made.link("P" + std::to_string(k + 1)), solved.flow_m3s(k)), theirs,
                  1e-3 * theirs)
          << law << k;
    }
    EXPECT_EQ(made.link("P2").length_km, 0.01) << "the shortest that the model solves";
  }
}

TEST(EpanetImport, CheckValvesLetThroughOneWay) {
  const Made made = make(kTown + "[PIPES]\nP4 A C 400 200 130 0 CV\n");
  EXPECT_FALSE(made.link("P4").two_way);
  EXPECT_EQ(made.link("P4").from_node, "J1");
}

TEST(EpanetImport, WhatIsClosedStaysOut) {
  const Made made = make(kTown +
                         "[PIPES]\nP4 A C 400 200 130 0 Closed\n[PUMPS]\nU A C POWER 5\n"
                         "[VALVES]\nV A C 200 TCV 1\n[STATUS]\nU Closed\nV Closed\n");
  EXPECT_FALSE(made.has_link("P4"));
  EXPECT_FALSE(made.has_link("PU1-OUT"));
  EXPECT_FALSE(made.has_link("V1"));
  EXPECT_TRUE(made.says("1 pipe, 1 pump and 1 valve closed")) << made.diagnostics.to_text();
}

TEST(EpanetImport, PumpsAreFittedToTheirCurve) {
  const Made made = make(R"([JUNCTIONS]
A 10 20
B 20 10
C 15 0
[RESERVOIRS]
R 12
[PIPES]
P1 A B 100 300 130
P2 C B 500 250 130
[PUMPS]
FIRST R A HEAD c
SECOND B C HEAD d
[CURVES]
c 35 60
d 0 30
d 10 26
d 30 12
)");
  const Solved solved(made.file);
  const WaterNodeRow& works = made.node("PU1");
  const WaterNodeRow& station = made.node("PU2");
  EXPECT_EQ(works.kind, "works");
  EXPECT_EQ(works.elevation_m, 12.0);
  EXPECT_NEAR(works.head_m, 60.0, 1e-3) << "3/4 of the shut-off head of a one-point curve";
  EXPECT_EQ(station.kind, "pump_station");
  for (const FacilityRow& row : made.scenario.facilities) {
    EXPECT_FALSE(row.feeder.empty());
  }
  for (const auto& [row, link] : {std::pair(&works, 2U), std::pair(&station, 3U)}) {
    const auto& network = made.file.model.network;
    const double flow = solved.flow_m3s(link);
    const double theirs = solved.head_m(network.to[link]) - solved.head_m(network.from[link]);
    const double part = 3600.0 * flow / row->capacity_m3_per_h;
    const double ours = row->head_m * (4.0 - part * part) / 3.0 -
                        made.loss_m(made.link(row->water_node + "-OUT"), flow);
    EXPECT_NEAR(ours, theirs, 0.02) << row->water_node;
    EXPECT_NEAR(4.0 * part, std::round(4.0 * part), 1e-3) << "a point of the model's curve";
    EXPECT_LT(part, 1.0);
  }
  // along the curve of the first pump: 80 (1 - (q / 70)^2)
  for (const double litres : {0.0, 10.0, 20.0, 40.0, 50.0}) {
    const double part = 3.6 * litres / works.capacity_m3_per_h;
    const double ours = works.head_m * (4.0 - part * part) / 3.0 -
                        made.loss_m(made.link("PU1-OUT"), litres / 1000.0);
    EXPECT_NEAR(ours, 80.0 * (1.0 - litres * litres / 4900.0), 0.03 * 80.0) << litres;
  }
}

TEST(EpanetImport, PumpsThatRunLaterInTheDayRun) {
  const std::string pump = kTown + "[PUMPS]\nU A C HEAD c\n[CURVES]\nc 20 30\n[STATUS]\nU Closed\n";
  EXPECT_FALSE(make(pump).has_link("PU1-OUT"));
  const Made made = make(pump + "[CONTROLS]\nLINK U OPEN AT TIME 3\n");
  EXPECT_TRUE(made.has_link("PU1-OUT"));
  EXPECT_TRUE(made.says("1 control not taken over")) << made.diagnostics.to_text();
  EXPECT_TRUE(made.says("1 pump closed at the file's start but not all day"));
}

TEST(EpanetImport, PumpsOfConstantPowerKeepLiftAndSlope) {
  const Made made = make(kTown + "[PUMPS]\nU A C POWER 3\n");
  const Solved solved(made.file);
  const double flow = solved.flow_m3s(3);
  const WaterNodeRow& row = made.node("PU1");
  const auto gain = [&](double q) {
    const double part = 3600.0 * q / row.capacity_m3_per_h;
    return row.head_m * (4.0 - part * part) / 3.0 - made.loss_m(made.link("PU1-OUT"), q);
  };
  const double lift_m = solved.head_m(2) - solved.head_m(0);
  EXPECT_NEAR(gain(flow), lift_m, 0.01 * lift_m);
  EXPECT_NEAR((gain(1.05 * flow) - gain(0.95 * flow)) / 0.1, -lift_m, 0.1 * lift_m)
      << "c / q falls by its own size";
  EXPECT_TRUE(made.says("1 pump of constant power"));
}

TEST(EpanetImport, EachKindOfValveIsNamed) {
  const Made made = make(R"([JUNCTIONS]
A 10 5
B 10 5
C 10 5
D 10 5
E 10 5
F 10 5
G 10 5
[RESERVOIRS]
R 90
[PIPES]
P1 R A 100 300 130
[VALVES]
V1 A B 200 PRV 40
V2 A C 200 PSV 30
V3 A D 200 FCV 5
V4 A E 200 TCV 20
V5 A F 200 GPV g
V6 A G 200 PBV 7
[CURVES]
g 0 0
g 10 8
)");
  for (const char* kind : {"1 PRV", "1 PSV", "1 FCV", "1 TCV", "1 GPV", "1 PBV"}) {
    EXPECT_TRUE(made.says(std::string(kind) + ": each is a pipe with its head loss")) << kind;
  }
  EXPECT_EQ(made.diagnostics.warning_count(), 6U) << made.diagnostics.to_text();
  const Solved solved(made.file);
  for (std::size_t k = 1; k < 7; ++k) {
    const WaterLinkRow& row = made.link("V" + std::to_string(k));
    const double theirs = solved.head_m(made.file.model.network.from[k]) -
                          solved.head_m(made.file.model.network.to[k]);
    EXPECT_NEAR(made.loss_m(row, solved.flow_m3s(k)), theirs, 1e-3 + 1e-3 * theirs) << k;
    EXPECT_EQ(row.two_way, k > 3) << k;
  }
}

TEST(EpanetImport, TanksKeepVolumeAndTheHeadOfTheStart) {
  const Made made = make(kTown +
                         "[TANKS]\nT1 60 3 1 5 10 0\nT2 55 8 2 10 20 0\n[PIPES]\n"
                         "P4 B T1 300 250 130\nP5 C T2 300 250 130\n");
  EXPECT_TRUE(made.says("tanks are 4.0 to 8.0 m deep")) << made.diagnostics.to_text();
  const double depth_m = made.parameter("water.tank_depth_m");
  EXPECT_NEAR(depth_m, (4.0 * 4.0 * 25.0 + 8.0 * 8.0 * 100.0) / (4.0 * 25.0 + 8.0 * 100.0), 1e-3);
  const WaterNodeRow& first = made.node("T1");
  EXPECT_EQ(first.kind, "tank");
  EXPECT_NEAR(first.volume_m3, 4.0 * 3.14159 * 25.0, 0.1);
  EXPECT_NEAR(first.elevation_m + first.head_m + 0.5 * depth_m, 63.0, 0.01);
  // the water model's own pipe: 100 m wide enough for 1 m/s at the capacity
  const double through_m3s =
      std::max(1.5 * 3.14159 * 0.125 * 0.125, 1.5 * std::abs(Solved(made.file).flow_m3s(3)));
  const double width_m = std::sqrt(4.0 / 3.14159 * first.capacity_m3_per_h / 3600.0);
  EXPECT_NEAR(
      hydraulics::hazen_williams_resistance(100.0, width_m, 130.0) * std::pow(through_m3s, 1.852),
      0.01, 1e-4);
}

TEST(EpanetImport, ATankAloneIsAWorks) {
  const Made made = make("[JUNCTIONS]\nA 10 5\n[TANKS]\nT 60 3 1 5 10 0\n[PIPES]\nP T A 9 99 99\n");
  EXPECT_EQ(made.node("T1").kind, "works");
  EXPECT_NEAR(made.node("T1").elevation_m, 63.0 - 0.4 / 3.0, 1e-3);
  EXPECT_TRUE(made.says("1 tank without a reservoir to fill it")) << made.diagnostics.to_text();
}

TEST(EpanetImport, HoursAreThoseOfTheDemands) {
  // half of the demand by day (8 to 20 h), half always; the clock starts at 6
  const Made made = make(
      "[JUNCTIONS]\nA 10 5 day\nB 10 5 flat\n[RESERVOIRS]\nR 90\n[PIPES]\n"
      "P1 R A 100 300 130\nP2 A B 100 300 130\n"
      "[PATTERNS]\nday 0 2 2 2 2 2 2 0 0 0 0 0\nflat 1\n"
      "[TIMES]\nPATTERN TIMESTEP 2:00\nSTART CLOCKTIME 6 AM\n");
  ASSERT_EQ(made.scenario.water_hour_profile.size(), 24U);
  EXPECT_NEAR(made.scenario.water_hour_profile[7], 0.5, 1e-4);
  EXPECT_NEAR(made.scenario.water_hour_profile[8], 1.5, 1e-4);
  EXPECT_NEAR(made.scenario.water_hour_profile[19], 1.5, 1e-4);
  EXPECT_NEAR(made.scenario.water_hour_profile[20], 0.5, 1e-4);
  EXPECT_TRUE(made.says("demands follow 2 patterns")) << made.diagnostics.to_text();
}

TEST(EpanetImport, EmittersAreLeaksThatDoNotVary) {
  const Made made = make(kTown + "[EMITTERS]\nC 2\n");
  const double leak_m3s = Solved(made.file).simulation.state().outlet_m3s.at(0);
  EXPECT_GT(leak_m3s, 0.01);
  const double share = leak_m3s / (leak_m3s + 0.030);
  EXPECT_NEAR(made.scenario.water_leakage_share, share, 1e-3);
  EXPECT_NEAR(static_cast<double>(made.households()), 6912.0, 1.0) << "nobody drinks a leak";
  double at_c = 0.0;
  for (const HouseholdRow& row : made.scenario.households) {
    at_c += row.water_node == "J3" ? static_cast<double>(row.households) : 0.0;
  }
  EXPECT_NEAR(at_c * 0.375 / 86400.0 / (1.0 - share), leak_m3s, 1e-4) << "drawn where it leaks";
}

TEST(EpanetImport, InflowsAreWorks) {
  const Made made = make(kTown + "[JUNCTIONS]\nW 30 -5\n[PIPES]\nP4 W C 200 200 130\n");
  const WaterNodeRow& row = made.node("WJ4");
  EXPECT_EQ(row.kind, "works");
  EXPECT_NEAR(row.capacity_m3_per_h, 18.0, 0.01);
  EXPECT_NEAR(row.elevation_m + row.head_m, Solved(made.file).head_m(3), 0.01);
  EXPECT_NEAR(static_cast<double>(made.households()), 6912.0, 1.0);
  EXPECT_TRUE(made.says("1 junction with a negative demand")) << made.diagnostics.to_text();
}

TEST(EpanetImport, WhomNothingFeedsHasNoPeople) {
  const Made made = make(kTown + "[JUNCTIONS]\nX 30 5\n[PIPES]\nP4 C X 200 200 130 0 Closed\n");
  EXPECT_NEAR(static_cast<double>(made.households()), 6912.0, 1.0);
  EXPECT_TRUE(made.says("1 junction with 18.0 m3/h of demand that no open link connects"))
      << made.diagnostics.to_text();
}

TEST(EpanetImport, HugeTownsHaveSeveralImports) {
  const Made made =
      make("[JUNCTIONS]\nA 10 57000\n[RESERVOIRS]\nR 90\n[PIPES]\nP R A 9 9000 130\n");
  EXPECT_GT(made.scenario.generators.size(), 1U);
  for (const GeneratorRow& row : made.scenario.generators) {
    EXPECT_LE(row.capacity_mw, 20000.0);
  }
}

TEST(EpanetImport, TheRequiredPressureOfTheFileStays) {
  const Made made = make(kTown + "[OPTIONS]\nDEMAND MODEL PDA\nREQUIRED PRESSURE 25\n");
  EXPECT_NEAR(made.parameter("water.required_pressure_m"), 25.0, 1e-3);
}

TEST(EpanetImport, NobodyIsReached) {
  const Made made = make("[JUNCTIONS]\nA 1 5\n[RESERVOIRS]\nR 9\n[PIPES]\nP R A 9 9 9 0 Closed\n");
  EXPECT_TRUE(
      made.says("error: no junction with a demand is reached from a reservoir or tank over "
                "open links\n   hint: open the links on the way"))
      << made.diagnostics.to_text();
}

TEST(EpanetImport, NobodyToSupply) {
  const Read read = read_text("[JUNCTIONS]\nA 1\n[RESERVOIRS]\nR 9\n[PIPES]\nP R A 9 9 9\n");
  Diagnostics diagnostics;
  to_scenario(read.file, EpanetFidelity::transport, diagnostics);
  EXPECT_NE(diagnostics.to_text().find("no junction has a demand"), std::string::npos);
}

}  // namespace
}  // namespace wintergrid::scenario
