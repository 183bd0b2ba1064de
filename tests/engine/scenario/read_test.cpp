// A scenario in which every key is given, and one in which none is that may be left out.
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/io/sha256.hpp"
#include "engine/scenario/fields.hpp"
#include "engine/scenario/scenario.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid::scenario {
namespace {

constexpr const char* kTables =
    "tables: {zones: t/zones.csv, buses: t/buses.csv, branches: t/branches.csv, generators: "
    "t/generators.csv,\n"
    "         feeders: t/feeders.csv, households: t/households.csv}\n";

class ReadScenario : public testing::Test {
 protected:
  ReadScenario() {
    directory.write("t/zones.csv", kZones);
    directory.write("t/buses.csv", "bus,zone\nB-1,Z-1\n");
    directory.write("t/branches.csv", "branch,from_bus,to_bus\n");
    directory.write("t/generators.csv", "generator,bus,kind,capacity_mw\nG-1,B-1,import,10\n");
    directory.write("t/feeders.csv", "feeder,bus,zone,queue\nF-1,B-1,Z-1,3.2\n");
    directory.write("t/households.csv",
                    "zone,feeder,building_class,rise,heating,buildings,households\nZ-1,F-1,house,"
                    "low,stove,10,10\n");
  }

  Scenario read(const std::string& yaml) {
    const std::string path = directory.write("scenario.yaml", yaml).string();
    Scenario scenario = read_scenario(path, diagnostics);
    EXPECT_EQ(diagnostics.to_text(), "");
    return scenario;
  }

  static constexpr const char* kZones = "zone,x_km,y_km\nZ-1,0,0\n";
  test::TempDir directory;
  Diagnostics diagnostics;
};

TEST_F(ReadScenario, DefaultsAreThoseOfTheStruct) {
  const Scenario scenario = read(std::string("wintergrid: 1\n") + kTables);
  const Scenario defaults;
  for (const Field<Scenario>& field : fields<Scenario>()) {
    EXPECT_EQ(value_text(scenario, field), value_text(defaults, field)) << field.key;
  }
  EXPECT_TRUE(scenario.regions.empty());
  EXPECT_TRUE(scenario.events.empty());
  EXPECT_TRUE(scenario.parameters.empty());
  EXPECT_EQ(scenario.zones.size(), 1U);
  EXPECT_EQ(scenario.branches.size(), 0U);
  EXPECT_EQ(scenario.facilities.size(), 0U);
  EXPECT_EQ(scenario.folder, directory.path().string());
}

TEST_F(ReadScenario, EveryKeyReachesItsMember) {
  const Scenario scenario = read(std::string("wintergrid: 1\n") + kTables + R"(name: Мале місто
description: |
  Two
  lines
start: 2027-11-30T18:00:00+02:00
horizon_days: 12.5
step_minutes: 30
seed: 18446744073709551615
replications: 250
parameters: fixed
set: {power.cold_load_pickup_hours: 4, "heat.tau": 1e2}
population: {people_per_household: 2.25}
power:
  base_mva: 10
  household_kw: 0.75
  hour_profile: [0.5,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,0.25]
  import_limit: {mean: 0.75, sd: 0.125}
water: {litres_per_person_day: 120, leakage_share: 0.5}
weather: {preset: constant, constant_c: -12.5}
campaign:
  preset: none
  regions: [{region: north, strike_share: 0.25}]
  events:
    - {at_hours: 24, class: chp_plant}
    - {at_hours: 36.5, class: line, zone: Z-1, weapon: ballistic, hits: 3, state: complete}
  pauses: [{from_hours: 10, to_hours: 20, regions: [north], weapons: [drone, cruise], compliance: 0.5, carry_over: 0.25}]
initial_damage: [{component: B-1, state: slight}]
recovery:
  policy: priority_list
  priority_list: [B-1, G-1]
  crews: [{type: plumbing, crews: 12, base_zone: Z-1}]
  spares: [{spare: autotransformer, stock: 1, resupply_per_month: 0.5, lead_days: 30}]
)");
  EXPECT_EQ(scenario.name, "Мале місто");
  EXPECT_EQ(scenario.description, "Two\nlines\n");
  EXPECT_EQ(scenario.start, "2027-11-30T18:00:00+02:00");
  EXPECT_EQ(scenario.start_year, 2027);
  EXPECT_EQ(scenario.start_month, 11);
  EXPECT_EQ(scenario.start_day, 30);
  EXPECT_EQ(scenario.start_hour, 18);
  EXPECT_EQ(scenario.horizon_days, 12.5);
  EXPECT_EQ(scenario.step_minutes, 30);
  EXPECT_EQ(scenario.seed, UINT64_MAX);
  EXPECT_EQ(scenario.replications, 250);
  EXPECT_FALSE(scenario.sample_parameters);
  ASSERT_EQ(scenario.parameters.size(), 2U);
  EXPECT_EQ(scenario.parameters[0].parameter, "power.cold_load_pickup_hours");
  EXPECT_EQ(scenario.parameters[0].value, 4.0);
  EXPECT_EQ(scenario.parameters[1].parameter, "heat.tau");
  EXPECT_EQ(scenario.parameters[1].value, 100.0);
  EXPECT_EQ(scenario.people_per_household, 2.25);
  EXPECT_EQ(scenario.base_mva, 10);
  EXPECT_EQ(scenario.household_kw, 0.75);
  ASSERT_EQ(scenario.hour_profile.size(), 24U);
  EXPECT_EQ(scenario.hour_profile.front(), 0.5);
  EXPECT_EQ(scenario.hour_profile.back(), 0.25);
  EXPECT_EQ(scenario.import_limit_mean, 0.75);
  EXPECT_EQ(scenario.import_limit_sd, 0.125);
  EXPECT_EQ(scenario.litres_per_person_day, 120);
  EXPECT_EQ(scenario.water_leakage_share, 0.5);
  EXPECT_EQ(scenario.weather, "constant");
  EXPECT_EQ(scenario.constant_c, -12.5);
  EXPECT_EQ(scenario.campaign, "none");
  ASSERT_EQ(scenario.regions.size(), 1U);
  EXPECT_EQ(scenario.regions[0].region, "north");
  EXPECT_EQ(scenario.regions[0].strike_share, 0.25);
  ASSERT_EQ(scenario.events.size(), 2U);
  EXPECT_EQ(scenario.events[0].asset_class, "chp_plant");
  EXPECT_EQ(scenario.events[0].weapon, "drone");
  EXPECT_EQ(scenario.events[0].hits, 1);
  EXPECT_EQ(scenario.events[0].state, "");
  EXPECT_EQ(scenario.events[1].at_hours, 36.5);
  EXPECT_EQ(scenario.events[1].zone, "Z-1");
  EXPECT_EQ(scenario.events[1].weapon, "ballistic");
  EXPECT_EQ(scenario.events[1].hits, 3);
  EXPECT_EQ(scenario.events[1].state, "complete");
  ASSERT_EQ(scenario.pauses.size(), 1U);
  EXPECT_EQ(scenario.pauses[0].from_hours, 10);
  EXPECT_EQ(scenario.pauses[0].to_hours, 20);
  EXPECT_EQ(scenario.pauses[0].regions, std::vector<std::string>{"north"});
  EXPECT_EQ(scenario.pauses[0].weapons, (std::vector<std::string>{"drone", "cruise"}));
  EXPECT_EQ(scenario.pauses[0].compliance, 0.5);
  EXPECT_EQ(scenario.pauses[0].carry_over, 0.25);
  ASSERT_EQ(scenario.initial_damage.size(), 1U);
  EXPECT_EQ(scenario.initial_damage[0].component, "B-1");
  EXPECT_EQ(scenario.initial_damage[0].state, "slight");
  EXPECT_EQ(scenario.policy, "priority_list");
  EXPECT_EQ(scenario.priority_list, (std::vector<std::string>{"B-1", "G-1"}));
  ASSERT_EQ(scenario.crews.size(), 1U);
  EXPECT_EQ(scenario.crews[0].type, "plumbing");
  EXPECT_EQ(scenario.crews[0].crews, 12);
  EXPECT_EQ(scenario.crews[0].base_zone, "Z-1");
  ASSERT_EQ(scenario.spares.size(), 1U);
  EXPECT_EQ(scenario.spares[0].spare, "autotransformer");
  EXPECT_EQ(scenario.spares[0].stock, 1);
  EXPECT_EQ(scenario.spares[0].resupply_per_month, 0.5);
  EXPECT_EQ(scenario.spares[0].lead_days, 30);
}

TEST_F(ReadScenario, ImportLimitSchedule) {
  const Scenario scenario = read(std::string("wintergrid: 1\n") + kTables +
                                 "power: {import_limit_schedule: [{from_hours: 0, value: 1}, "
                                 "{from_hours: 48, value: 0.5}]}\n");
  ASSERT_EQ(scenario.import_limit.size(), 2U);
  EXPECT_EQ(scenario.import_limit[1].from_hours, 48);
  EXPECT_EQ(scenario.import_limit[1].value, 0.5);
}

TEST_F(ReadScenario, PlacesOfKeysAndItems) {
  const Scenario scenario =
      read(std::string("wintergrid: 1\n") + kTables +
           "campaign:\n  preset: none\n  events:\n    - {at_hours: 24, class: line, zone: Z-1}\n");
  EXPECT_EQ(place_of(scenario, "campaign.preset").line, 5U);
  EXPECT_EQ(place_of(scenario, "campaign.preset").column, 11U);
  EXPECT_EQ(place_of(scenario, "campaign").line, 4U);
  EXPECT_EQ(place_of(scenario, "weather.preset").line, 0U);  // not given: the file
  EXPECT_EQ(place_of(scenario, "weather.preset").file, scenario.file);
  ASSERT_EQ(scenario.events.size(), 1U);
  EXPECT_EQ(scenario.events[0].place.line, 7U);
  EXPECT_EQ(place_of(scenario.events[0], "zone").column, 41U);
}

TEST_F(ReadScenario, DigestCoversEveryFileByteForByte) {
  const std::string yaml = std::string("wintergrid: 1\n") + kTables;
  const std::string first = read(yaml).sha256;
  std::string lines = "scenario " + io::sha256_hex(yaml) + "\n";
  lines += "zones " + io::sha256_hex(kZones) + "\n";
  lines += "buses " + io::sha256_hex("bus,zone\nB-1,Z-1\n") + "\n";
  lines += "branches " + io::sha256_hex("branch,from_bus,to_bus\n") + "\n";
  lines +=
      "generators " + io::sha256_hex("generator,bus,kind,capacity_mw\nG-1,B-1,import,10\n") + "\n";
  lines += "feeders " + io::sha256_hex("feeder,bus,zone,queue\nF-1,B-1,Z-1,3.2\n") + "\n";
  lines += "households " +
           io::sha256_hex(
               "zone,feeder,building_class,rise,heating,buildings,households\nZ-1,F-1,house,low,"
               "stove,10,10\n") +
           "\n";
  EXPECT_EQ(first, io::sha256_hex(lines));
  EXPECT_EQ(read(yaml).sha256, first);
  directory.write("t/zones.csv", std::string(kZones) + "\n");  // the same rows, another file
  EXPECT_NE(read(yaml).sha256, first);
}

TEST_F(ReadScenario, LimitsOfSizeAreThoseGiven) {
  const std::string path =
      directory.write("scenario.yaml", std::string("wintergrid: 1\n") + kTables).string();
  read_scenario(path, ReadLimits{100, 1000}, diagnostics);
  EXPECT_EQ(diagnostics.error_count(), 1U);
  Diagnostics tables_too_large;
  read_scenario(path, ReadLimits{1000, 10}, tables_too_large);
  EXPECT_EQ(tables_too_large.error_count(), 6U);
}

}  // namespace
}  // namespace wintergrid::scenario
