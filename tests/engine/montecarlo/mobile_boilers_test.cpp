// Modular boilers that are brought to heat sources out with damage: the town by hand.

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/montecarlo/metrics.hpp"
#include "tests/engine/montecarlo/cases.hpp"

namespace wintergrid::montecarlo {
namespace {

using testing::outcome_of;
using testing::prepared;
using testing::quiet_town;
using testing::small_oblast;

constexpr std::int64_t kHour = 3600;
constexpr std::size_t kHeat = 1;
constexpr std::size_t kChp = 0, kBoilers = 1;  // rows of heat_sources.csv

void set(scenario::Scenario& scenario, const std::string& parameter, double value) {
  scenario.parameters.push_back({parameter, value, {}});
}

void add_crew(scenario::Scenario& scenario, const std::string& type, int crews,
              const std::string& base_zone) {
  scenario::CrewItem item;
  item.type = type;
  item.crews = crews;
  item.base_zone = base_zone;
  scenario.crews.push_back(item);
}

void destroy(scenario::Scenario& scenario, const std::string& component) {
  scenario::InitialDamageItem item;
  item.component = component;
  item.state = "complete";
  scenario.initial_damage.push_back(item);
}

/// The eastern boiler house (4 MW, 800 households) is destroyed at hour 0, and at -2 C nothing is
/// drained; buildings restart at once. Hold-off 2 h, one day to connect.
scenario::Scenario town_without_boilers(int units, int crews) {
  scenario::Scenario scenario = quiet_town();
  scenario.constant_c = -2.0;
  set(scenario, "heat.undrained_restart_hours", 0.0);
  set(scenario, "recovery.mobile_boiler_shortest_days", 1.0);
  set(scenario, "recovery.mobile_boiler_longest_days", 1.0);
  scenario.mobile_boilers = {{units, 3.0, {}}};
  if (crews > 0) {
    add_crew(scenario, "heat_network", crews, "east");
  }
  destroy(scenario, "heat_source/boilers");
  return scenario;
}

std::int64_t hours_lost(const scenario::Scenario& scenario) {
  return outcome_of(scenario).service[kHeat].household_seconds_lost / kHour / 800;
}

/// At the end of the hour.
MobileBoilerState boilers_at(const scenario::Scenario& scenario, Seconds hour) {
  const auto which = prepared(scenario);
  Simulation simulation(*which, which->policy);
  MobileBoilerState found;
  simulation.replay(0, [&](const State& state) {
    found = state.now <= hour * kHour ? state.mobile_boilers : found;
  });
  return found;
}

TEST(MobileBoilers, ReplaceABoilerHouseOnceACrewHasConnectedThem) {
  // From hour 26 on; the buildings restart in the step after that.
  EXPECT_EQ(hours_lost(town_without_boilers(1, 2)), 2 + 24 + 1);
  EXPECT_EQ(hours_lost(town_without_boilers(0, 2)), 96) << "none in stock";
  EXPECT_EQ(hours_lost(town_without_boilers(1, 1)), 96) << "the only crew repairs the house";
  EXPECT_EQ(hours_lost(town_without_boilers(1, 0)), 96) << "nobody to connect it";
}

TEST(MobileBoilers, AsManyGoAsReplaceWhatIsMissing) {
  const MobileBoilerState after = boilers_at(town_without_boilers(5, 2), 30);
  EXPECT_EQ(after.stock, std::vector<std::uint32_t>{3});  // two of 3 MW for 4 MW
  EXPECT_EQ(after.units_at, (std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(after.connected_mw, (std::vector<double>{0.0, 6.0}));
  scenario::Scenario two_kinds = town_without_boilers(1, 2);
  two_kinds.mobile_boilers.push_back({7, 0.5, {}});
  const MobileBoilerState mixed = boilers_at(two_kinds, 20);
  EXPECT_EQ(mixed.stock, (std::vector<std::uint32_t>{0, 5}));
  EXPECT_EQ(mixed.arriving_mw, (std::vector<double>{0.0, 4.0}));
}

TEST(MobileBoilers, AreNotCountedTwice) {
  const auto boiler_house = static_cast<std::size_t>(AssetClass::boiler_house);
  const auto chp = static_cast<std::size_t>(AssetClass::chp_plant);
  scenario::Scenario scenario = town_without_boilers(1, 1);
  const auto with = prepared(scenario);
  scenario.mobile_boilers.clear();
  const auto without = prepared(scenario);
  const random::RepairParameters& listed = with->sampler->central().repair;
  const random::RepairParameters& not_listed = without->sampler->central().repair;
  for (const std::size_t asset_class : {boiler_house, chp}) {
    EXPECT_EQ(listed.temporary_hours[asset_class][3], 0.0);
    EXPECT_GT(not_listed.temporary_hours[asset_class][3], 0.0);
    EXPECT_EQ(listed.temporary_hours[asset_class][2], not_listed.temporary_hours[asset_class][2]);
  }
  set(scenario, "repair.boiler_house.complete.temporary_hours", 30.0);
  scenario.mobile_boilers = {{1, 3.0, {}}};
  EXPECT_EQ(prepared(scenario)->sampler->central().repair.temporary_hours[boiler_house][3], 30.0)
      << "what the scenario sets stands";
}

TEST(MobileBoilers, ReturnToStockAndGoOutAgain) {
  scenario::Scenario scenario = town_without_boilers(1, 2);
  set(scenario, "repair.boiler_house.complete.permanent_hours", 40.0);
  set(scenario, "repair.boiler_house.geometric_sd", 1.0);
  EXPECT_EQ(boilers_at(scenario, 41).stock, std::vector<std::uint32_t>{0});
  const MobileBoilerState back = boilers_at(scenario, 43);
  EXPECT_EQ(back.stock, std::vector<std::uint32_t>{1});
  EXPECT_EQ(back.units_out, 0U);
  EXPECT_EQ(back.connected_mw, (std::vector<double>{0.0, 0.0}));
  scenario::EventItem again;
  again.at_hours = 50.0;
  again.asset_class = "boiler_house";
  again.state = "complete";
  scenario.events = {again};
  EXPECT_EQ(hours_lost(scenario), 27 + 27);
}

TEST(MobileBoilers, GoWhereMostHouseholdsAreWithoutHeat) {
  scenario::Scenario scenario = town_without_boilers(2, 3);
  // A house of its own for one row of the west, which is smaller than the 800 of the east.
  scenario.heat_nodes.push_back({"h-west", "west", "", {}});
  scenario::HeatSourceRow house = scenario.heat_sources[kBoilers];
  house.heat_source = "western";
  house.heat_node = "h-west";
  house.facility.clear();
  house.water_node.clear();
  scenario.heat_sources.push_back(house);
  const auto row = std::find_if(scenario.households.begin(), scenario.households.end(),
                                [](const auto& r) { return r.zone == "west"; });
  ASSERT_NE(row, scenario.households.end());
  row->heating = "district";
  row->heat_node = "h-west";
  row->buildings = 10;
  row->households = 500;
  destroy(scenario, "heat_source/western");
  EXPECT_EQ(boilers_at(scenario, 10).units_at, (std::vector<std::uint32_t>{0, 2, 0}));
  row->households = 900;
  EXPECT_EQ(boilers_at(scenario, 10).units_at, (std::vector<std::uint32_t>{0, 0, 2}));
}

TEST(MobileBoilers, NobodyWithoutHeatNoneAreSent) {
  scenario::Scenario scenario = town_without_boilers(2, 2);
  scenario::HeatSourceRow second = scenario.heat_sources[kBoilers];
  second.heat_source = "second";
  scenario.heat_sources.push_back(second);
  EXPECT_EQ(boilers_at(scenario, 90).units_out, 0U);
}

TEST(MobileBoilers, ReplaceAShareOfADestroyedChpAndGiveNoElectricity) {
  scenario::Scenario scenario = town_without_boilers(5, 0);
  scenario.initial_damage.clear();
  destroy(scenario, "plant/chp");
  add_crew(scenario, "plant", 2, "centre");
  set(scenario, "recovery.mobile_boiler_chp_shortest_days", 2.0);
  set(scenario, "recovery.mobile_boiler_chp_longest_days", 2.0);
  EXPECT_EQ(boilers_at(scenario, 50).connected_mw, (std::vector<double>{0.0, 0.0}));
  const MobileBoilerState after = boilers_at(scenario, 51);
  EXPECT_EQ(after.units_at, (std::vector<std::uint32_t>{2, 0}));  // 25 % of 16 MW
  EXPECT_EQ(after.connected_mw[kChp], 6.0);
  const auto which = prepared(scenario);
  Simulation simulation(*which, which->policy);
  simulation.replay(0, [](const State& state) { EXPECT_EQ(state.power.generator_running[1], 0); });
}

TEST(MobileBoilers, NeedACrewThatNoJobNeeds) {
  scenario::Scenario scenario = town_without_boilers(1, 1);
  destroy(scenario, "heat_main/main");
  scenario.crews.front().crews = 2;  // jobs first: one at the house, one at the main
  EXPECT_EQ(boilers_at(scenario, 4).units_out, 0U);
  scenario.crews.front().crews = 3;
  EXPECT_EQ(boilers_at(scenario, 4).units_out, 1U);
}

TEST(MobileBoilers, AreUsedInAnOblastAndTheirStockIsKept) {
  scenario::Scenario scenario = small_oblast(40);
  scenario.regions.front().strike_share = 1.0;
  ASSERT_FALSE(scenario.mobile_boilers.empty());
  const auto which = prepared(scenario);
  std::uint32_t total = 0;
  for (const scenario::MobileBoilerItem& item : scenario.mobile_boilers) {
    total += static_cast<std::uint32_t>(item.units);
  }
  Simulation simulation(*which, which->policy);
  std::uint32_t most_out = 0;
  for (std::uint64_t r = 0; r < 40; ++r) {
    simulation.replay(r, [&](const State& state) {
      const MobileBoilerState& mobile = state.mobile_boilers;
      std::uint32_t sum = 0;
      for (const std::uint32_t units : mobile.stock) {
        sum += units;
      }
      EXPECT_EQ(sum + mobile.units_out, total);
      most_out = std::max(most_out, mobile.units_out);
    });
  }
  EXPECT_GT(most_out, 0U) << "nothing was sent: the test shows nothing";
}

}  // namespace
}  // namespace wintergrid::montecarlo
