// Whole-system results that can be derived by hand (data/town/README.md), and sanity that cannot be
// faked.

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "engine/montecarlo/metrics.hpp"
#include "tests/engine/montecarlo/cases.hpp"

namespace wintergrid::montecarlo {
namespace {

using testing::outcome_of;
using testing::prepared;
using testing::quiet_town;
using testing::town;

constexpr std::int64_t kHour = 3600;
constexpr std::size_t kPower = 0, kHeat = 1, kWater = 2;

TEST(Town, BoilerHouseDestroyedIsAsDerivedInItsReadme) {
  const Outcome outcome = outcome_of(town());
  EXPECT_EQ(outcome.service[kPower].household_seconds_lost, 0);
  EXPECT_EQ(outcome.service[kWater].household_seconds_lost, 0);
  EXPECT_EQ(outcome.service[kHeat].household_seconds_lost, std::int64_t{800} * 96 * kHour);
  EXPECT_EQ(outcome.service[kHeat].peak_households, 800);
  EXPECT_EQ(outcome.service[kHeat].households_over[2], 800);  // 72 h
  EXPECT_EQ(outcome.service[kHeat].households_over[3], 0);    // 168 h
  EXPECT_EQ(outcome.service[kHeat].longest_outage_seconds, 96 * kHour);
  EXPECT_EQ(outcome.buildings_drained, 8);
  EXPECT_EQ(outcome.buildings_burst, 0);
  // T(t) = -7.5 + 25.51 exp(-t / 60 h) falls below 12 C after 60 ln(25.51 / 19.5) = 16.1 h: seen at
  // hour 17 of 96.
  const std::int64_t hours_below[] = {95, 91, 79, 53};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(outcome.household_seconds_below[i], 800 * hours_below[i] * kHour);
  }
  EXPECT_EQ(outcome.households_below_12c_over_24h, 800);
}

TEST(Town, NothingHappensNothingIsLost) {
  const Outcome outcome = outcome_of(quiet_town());
  std::vector<std::int64_t> row(metrics().size());
  fill_row(outcome, row);
  for (std::size_t m = 0; m < row.size(); ++m) {
    EXPECT_EQ(row[m], 0) << metrics()[m].name;
  }
}

/// Household-seconds that rotation takes in a constant deficit: in block k of four hours the
/// sub-queues from the rotation's start on (of 12) until what they draw covers it.
std::int64_t rotated_household_seconds(const scenario::Scenario& scenario, double deficit_kw) {
  const std::vector<std::string> queues = {"1.1", "1.2", "2.1", "2.2", "3.1", "3.2",
                                           "4.1", "4.2", "5.1", "5.2", "6.1", "6.2"};
  std::vector<double> kw(queues.size(), 0.0);
  std::vector<std::int64_t> households(queues.size(), 0);
  for (const scenario::FeederRow& feeder : scenario.feeders) {
    const auto queue = static_cast<std::size_t>(
        std::find(queues.begin(), queues.end(), feeder.queue) - queues.begin());
    if (queue == queues.size()) {
      continue;  // exempt
    }
    kw[queue] += feeder.other_kw;
    for (const scenario::HouseholdRow& row : scenario.households) {
      if (row.feeder == feeder.feeder) {
        households[queue] += row.households;
        kw[queue] += static_cast<double>(row.households) * scenario.household_kw;
      }
    }
    for (const scenario::FacilityRow& row : scenario.facilities) {
      kw[queue] += row.feeder == feeder.feeder ? row.load_kw : 0.0;
    }
  }
  std::int64_t lost = 0;
  for (std::size_t block = 0; block < 96 / 4; ++block) {
    const std::size_t start = 7 * block + block / queues.size();  // rotation.hpp
    double cut_kw = 0.0;
    for (std::size_t depth = 0; cut_kw < deficit_kw && depth < queues.size(); ++depth) {
      const std::size_t queue = (start + depth) % queues.size();
      cut_kw += kw[queue];
      lost += households[queue] * 4 * kHour;
    }
  }
  return lost;
}

TEST(Town, PlannedDeficitTakesExactlyTheQueuesThatCoverIt) {
  scenario::Scenario scenario = quiet_town();
  scenario.import_limit = {{0.0, 0.0, {}}};  // nothing from outside: 12 + 4 MW of own plants remain
  scenario.constant_c = -5.0;                // where loads are as the tables give them
  scenario.hour_profile.assign(24, 1.0);
  scenario.parameters.push_back({"power.cold_load_pickup_factor", 1.0, {}});
  scenario.household_kw = 2.8;
  double demand_kw = 6000 * 2.8;
  for (const scenario::FeederRow& row : scenario.feeders) {
    demand_kw += row.other_kw;
  }
  for (const scenario::FacilityRow& row : scenario.facilities) {
    demand_kw += row.load_kw;
  }
  ASSERT_GT(demand_kw, 16000.0);
  const std::int64_t lost = rotated_household_seconds(scenario, demand_kw - 16000.0);
  ASSERT_GT(lost, 0);
  const Outcome outcome = outcome_of(scenario);
  EXPECT_EQ(outcome.service[kPower].household_seconds_lost, lost);
}

TEST(Town, GasOutageStopsWhatBurnsGasInItsZoneAndNoLonger) {
  scenario::Scenario scenario = quiet_town();
  scenario.gas_outages = {{"east", 10.5, 30.0, {}}};
  const Outcome east = outcome_of(scenario);
  scenario.gas_outages = {{"", 10.5, 30.0, {}}};
  const Outcome everywhere = outcome_of(scenario);
  std::int64_t burns_gas_in_east = 0;
  for (const scenario::HouseholdRow& row : scenario.households) {
    const bool gas = row.heating == "gas_boiler" || row.heating == "district";
    burns_gas_in_east += gas && row.zone == "east" ? row.households : 0;
  }
  EXPECT_EQ(east.service[kHeat].peak_households, burns_gas_in_east);
  EXPECT_GT(everywhere.service[kHeat].peak_households, burns_gas_in_east);
  EXPECT_EQ(east.service[kPower].household_seconds_lost, 0);
  EXPECT_GE(east.service[kHeat].household_seconds_lost,
            static_cast<std::int64_t>(19.5 * 3600) * burns_gas_in_east);
}

// The grid fails at 10:30: everything stops. The dam starts by itself; once its island lives, the
// plant restarts within 6 h, whether or not the grid is back.
TEST(Town, AGridFailureTripsEveryUnitAndThePlantTakesHoursToComeBack) {
  scenario::Scenario scenario = quiet_town();
  scenario.grid_failures = {{10.5, 14.0, {}}};
  const Outcome short_one = outcome_of(scenario);
  const auto& power = short_one.households_off_by_hour[kPower];
  EXPECT_EQ(power[10], 0U);
  EXPECT_EQ(power[11], 6000U);
  EXPECT_GT(power[12], 0U);
  EXPECT_LT(power[12], 6000U);  // the dam's 4 MW
  EXPECT_EQ(power[16], 0U);     // imports came back at 14:00 and take an hour
  const auto& heat = short_one.households_off_by_hour[kHeat];
  EXPECT_GT(heat[17], 0U);
  EXPECT_LT(heat[19], heat[17]);  // the plant runs again; buildings restart over a day
  EXPECT_EQ(short_one.components_hit, 0);
  EXPECT_EQ(short_one.buildings_drained, 0);
  scenario.grid_failures = {{10.5, 90.0, {}}};
  const Outcome long_one = outcome_of(scenario);
  EXPECT_GT(long_one.households_off_by_hour[kPower][16], 0U);
  EXPECT_LT(long_one.households_off_by_hour[kPower][19],
            long_one.households_off_by_hour[kPower][16]);  // 12 MW more
  EXPECT_LT(long_one.households_off_by_hour[kHeat][19], long_one.households_off_by_hour[kHeat][17]);
}

TEST(Town, ServicesThatAreNotModelledAreNotCounted) {
  scenario::Scenario scenario = quiet_town();
  for (const scenario::BusRow& bus : scenario.buses) {
    scenario.initial_damage.push_back({"bus/" + bus.bus, "complete", {}});
  }
  scenario.services = {"power"};
  const Outcome outcome = outcome_of(scenario);
  EXPECT_GT(outcome.service[kPower].household_seconds_lost, 0);
  EXPECT_EQ(outcome.service[kHeat].household_seconds_lost, 0);
  EXPECT_EQ(outcome.service[kWater].household_seconds_lost, 0);
  EXPECT_EQ(outcome.two_services_household_seconds, 0);
  const std::unique_ptr<Case> which = prepared(scenario);
  EXPECT_TRUE(is_modelled(metric_index("power.household_hours_lost"), which->model));
  EXPECT_FALSE(is_modelled(metric_index("water.peak_households"), which->model));
  EXPECT_FALSE(is_modelled(metric_index("buildings_burst"), which->model));
  EXPECT_FALSE(is_modelled(metric_index("households_without_two_services_over_24h"), which->model));
}

TEST(Town, EverythingDownIsEveryHouseholdWithoutEverything) {
  scenario::Scenario scenario = quiet_town();
  for (const scenario::BusRow& bus : scenario.buses) {
    scenario.initial_damage.push_back({"bus/" + bus.bus, "complete", {}});
  }
  scenario.initial_damage.push_back({"water_node/river", "complete", {}});
  for (scenario::HouseholdRow& row : scenario.households) {
    row.heating = row.heating == "stove" ? "electric" : row.heating;  // stoves need nothing
  }
  for (scenario::WaterNodeRow& row : scenario.water_nodes) {
    row.kind = row.kind == "tank" ? "junction" : row.kind;  // nothing in store
    row.volume_m3 = 0.0;
  }
  for (scenario::FacilityRow& row : scenario.facilities) {
    row.generator_kw = 0.0;
  }
  const Outcome outcome = outcome_of(scenario);
  for (const std::size_t service : {kPower, kHeat, kWater}) {
    EXPECT_EQ(outcome.service[service].household_seconds_lost, std::int64_t{6000} * 96 * kHour)
        << service;
    EXPECT_EQ(outcome.service[service].longest_outage_seconds, 96 * kHour) << service;
  }
  EXPECT_EQ(outcome.three_services_household_seconds, std::int64_t{6000} * 96 * kHour);
  EXPECT_EQ(outcome.three_services_over_24h, 6000);
  EXPECT_EQ(outcome.households_ever_below[3], 6000);
}

TEST(Town, DoublingHouseholdsDoublesHouseholdHours) {
  scenario::Scenario scenario = town();
  scenario.initial_damage.push_back({"bus/east-end-110", "complete", {}});
  const Outcome once = outcome_of(scenario);
  for (scenario::HouseholdRow& row : scenario.households) {
    row.households *= 2;
    row.buildings *= 2;
  }
  scenario.household_kw /= 2.0;  // the same load, so that the same feeders are on
  scenario.litres_per_person_day /= 2.0;
  for (scenario::HeatSourceRow& row : scenario.heat_sources) {
    row.capacity_mw *= 2.0;
  }
  for (scenario::HeatPipeRow& row : scenario.heat_pipes) {
    row.capacity_mw *= 2.0;
  }
  const Outcome twice = outcome_of(scenario);
  for (const std::size_t service : {kPower, kHeat, kWater}) {
    EXPECT_GT(once.service[kPower].household_seconds_lost, 0);
    EXPECT_EQ(twice.service[service].household_seconds_lost,
              2 * once.service[service].household_seconds_lost);
    EXPECT_EQ(twice.service[service].households_over, [&] {
      auto doubled = once.service[service].households_over;
      for (std::int64_t& households : doubled) {
        households *= 2;
      }
      return doubled;
    }());
  }
}

/// Import and dam lost for good, the lift station damaged: the tank carries the plant for some
/// hours, then nothing has power, and a repaired works cannot pump.
scenario::Scenario dark_town(bool dam_repaired, bool dam_black_start) {
  scenario::Scenario scenario = quiet_town();
  scenario.horizon_days = 20;
  scenario.initial_damage = {{"bus/gate-330", "complete", {}},
                             {"plant/dam", "moderate", {}},
                             {"water_node/lift", "moderate", {}}};
  scenario.crews.push_back({"water", 1, "centre", {}});
  if (dam_repaired) {
    scenario.crews.push_back({"plant", 1, "centre", {}});
  }
  for (scenario::GeneratorRow& row : scenario.generators) {
    row.black_start = row.generator == "dam" && dam_black_start;
  }
  return scenario;
}

struct Story {
  Seconds dark_at = -1, dam_at = -1, water_at = -1, chp_at = -1;
  bool lift_repaired = false;
  bool all_dark_at_end = false;
};

Story tell(const scenario::Scenario& scenario) {
  const std::unique_ptr<Case> which = prepared(scenario);
  Simulation simulation(*which, which->policy);
  Story story;
  constexpr std::size_t kChp = 1, kDam = 2;
  const std::size_t w_centre = 2;
  simulation.replay(0, [&](const State& state) {
    const auto& running = state.power.generator_running;
    const bool any =
        std::any_of(running.begin(), running.end(), [](std::uint8_t r) { return r != 0; });
    if (!any && story.dark_at < 0) {
      story.dark_at = state.now;
    }
    if (story.dark_at >= 0) {
      if (running[kDam] != 0 && story.dam_at < 0) {
        story.dam_at = state.now;
      }
      if (state.water.node_share[w_centre] > 0.5F && story.water_at < 0) {
        story.water_at = state.now;
      }
      if (running[kChp] != 0 && story.chp_at < 0) {
        story.chp_at = state.now;
      }
    }
    story.all_dark_at_end = !any;
    const auto& names = which->model.components.name;
    const auto lift = static_cast<std::size_t>(
        std::find(names.begin(), names.end(), "water_node/lift") - names.begin());
    story.lift_repaired = state.damage[lift] == DamageState::none;
  });
  return story;
}

TEST(Town, ADeadPlantAndItsDeadPumpStayDead) {
  const Story story = tell(dark_town(false, true));
  EXPECT_GE(story.dark_at, 0);
  EXPECT_TRUE(story.lift_repaired);  // only the power is missing
  EXPECT_TRUE(story.all_dark_at_end);
  EXPECT_EQ(story.chp_at, -1);
}

TEST(Town, ARepairedDamWithoutBlackStartDoesNotHelp) {
  const Story story = tell(dark_town(true, false));
  EXPECT_GE(story.dark_at, 0);
  EXPECT_TRUE(story.all_dark_at_end);
}

TEST(Town, BlackStartBringsThemBackInOrder) {
  const Story story = tell(dark_town(true, true));
  ASSERT_GE(story.dark_at, 0);
  ASSERT_GE(story.dam_at, 0);
  ASSERT_GE(story.water_at, 0);
  ASSERT_GE(story.chp_at, 0);
  EXPECT_LT(story.dark_at, story.dam_at);
  EXPECT_GE(story.water_at - story.dam_at,
            7 * kHour);  // re-pressurisation 8 h, seen on whole steps
  EXPECT_GE(story.chp_at - story.water_at, 5 * kHour);  // restart 6 h after it has water again
}

TEST(Town, WaterReturnsAtItsOwnMomentNotAtTheNextStep) {
  scenario::Scenario scenario = quiet_town();
  scenario.crews = {{"water", 1, "centre", {}}};
  for (scenario::WaterNodeRow& row : scenario.water_nodes) {
    row.kind = row.kind == "tank" ? "junction" : row.kind;  // nothing in store
    row.volume_m3 = 0.0;
  }
  const std::unique_ptr<Case> which = prepared(scenario);
  Simulation simulation(*which, which->policy);
  simulation.run_one(0);
  Timeline timeline = simulation.timeline();
  timeline.parameters.recovery.hold_off_hours = 0.0;
  timeline.parameters.recovery.duration_factor = 1.0;
  timeline.parameters.water.repressurisation_hours = 8.0;
  const auto& names = which->model.components.name;
  const auto river = std::find(names.begin(), names.end(), "water_node/river") - names.begin();
  constexpr Seconds kHitAt = 1800, kWorkSeconds = 4200;
  timeline.hits = {{kHitAt,
                    ComponentId(static_cast<std::uint32_t>(river)),
                    DamageState::complete,
                    {.temporary_seconds = 0, .permanent_seconds = kWorkSeconds}}};
  Workspace workspace(which->model);
  State state;
  Outcome outcome;
  const random::Draw luck(which->seed, 0);
  simulate(workspace, state, timeline, luck, {.policy = &recovery::policy(which->policy)}, outcome);
  EXPECT_EQ(outcome.service[kWater].longest_outage_seconds, kWorkSeconds + 8 * kHour);
  EXPECT_EQ(outcome.service[kWater].peak_households, 6000 - 300);  // 300 have wells
}

TEST(Town, MoreHeatCrewsNeverLoseToFewer) {
  scenario::Scenario scenario = quiet_town();
  scenario.horizon_days = 30;
  scenario.initial_damage = {{"heat_source/boilers", "moderate", {}},
                             {"heat_main/main", "extensive", {}}};
  std::int64_t last = INT64_MAX;
  for (const int crews : {1, 2, 3}) {
    scenario.crews = {{"heat_network", crews, "centre", {}}, {"plumbing", 5, "centre", {}}};
    const std::int64_t lost = outcome_of(scenario).service[kHeat].household_seconds_lost;
    EXPECT_LE(lost, last) << crews;
    EXPECT_GT(lost, 0);
    last = lost;
  }
}

}  // namespace
}  // namespace wintergrid::montecarlo
