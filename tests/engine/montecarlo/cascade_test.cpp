// The cascade inside the simulated winter (Relays): small systems by hand, and the promises of
// simulation_test.cpp with it on.

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
using testing::small_oblast;

constexpr std::int64_t kHour = 3600;
constexpr Seconds kHitAt = kHour * 3 / 2;

/// Power alone, 48 hours of constant load, nobody repairs, no cold-load pickup.
scenario::Scenario bare_system(bool cascade) {
  scenario::Scenario scenario;
  scenario.file = "bare_system";
  scenario.horizon_days = 2;
  scenario.sample_parameters = false;
  scenario.services = {"power"};
  scenario.weather = "constant";
  scenario.constant_c = -5.0;
  scenario.campaign = "none";
  scenario.household_kw = 0.0;
  scenario.hour_profile.assign(24, 1.0);
  scenario.cascade = cascade;
  scenario.parameters = {{"power.cold_load_pickup_factor", 1.0, {}}};
  scenario::ZoneRow zone;
  zone.zone = "z";
  scenario.zones = {zone};
  return scenario;
}

void add_bus(scenario::Scenario& scenario, const std::string& name) {
  scenario::BusRow row;
  row.bus = name;
  row.zone = "z";
  scenario.buses.push_back(row);
}

void add_line(scenario::Scenario& scenario, const std::string& name, double rating_mw) {
  scenario::BranchRow row;
  row.branch = name;
  row.from_bus = "a";
  row.to_bus = "b";
  row.reactance_pu = 0.1;
  row.rating_mw = rating_mw;
  scenario.branches.push_back(row);
}

void add_unit(scenario::Scenario& scenario, const std::string& name, const std::string& kind,
              double mw) {
  scenario::GeneratorRow row;
  row.generator = name;
  row.bus = "a";
  row.kind = kind;
  row.capacity_mw = mw;
  row.black_start = true;
  scenario.generators.push_back(row);
}

void add_feeder(scenario::Scenario& scenario, const std::string& name, const std::string& bus,
                const std::string& queue, double mw, std::int64_t households) {
  scenario::FeederRow row;
  row.feeder = name;
  row.bus = bus;
  row.zone = "z";
  row.queue = queue;
  row.other_kw = mw * 1000.0;
  scenario.feeders.push_back(row);
  scenario::HouseholdRow homes;
  homes.zone = "z";
  homes.feeder = name;
  homes.building_class = "house";
  homes.rise = "low";
  homes.heating = "stove";
  homes.buildings = households;
  homes.households = households;
  scenario.households.push_back(homes);
}

/// 12 MW of bus b over two lines of 8 MW: without one, a redispatch cuts one feeder of 4 MW; before
/// it comes, the other carries 1.5 times its limit.
scenario::Scenario two_lines(bool cascade) {
  scenario::Scenario scenario = bare_system(cascade);
  add_bus(scenario, "a");
  add_bus(scenario, "b");
  add_line(scenario, "one", 8.0);
  add_line(scenario, "two", 8.0);
  add_unit(scenario, "grid", "import", 100.0);
  add_feeder(scenario, "a1", "a", "1.1", 1.0, 50);
  add_feeder(scenario, "b1", "b", "1.2", 4.0, 100);
  add_feeder(scenario, "b2", "b", "2.1", 4.0, 200);
  add_feeder(scenario, "b3", "b", "2.2", 4.0, 400);
  scenario.parameters.push_back({"cascade.branch_return_hours", 1.25, {}});
  return scenario;
}

/// 90 MW in nine feeders, 30 from one plant and 60 from another that could carry all of it.
scenario::Scenario two_plants(bool cascade) {
  scenario::Scenario scenario = bare_system(cascade);
  add_bus(scenario, "a");
  add_unit(scenario, "small", "thermal", 60.0);
  add_unit(scenario, "large", "thermal", 120.0);
  for (const char* queue : {"1.1", "1.2", "2.1", "2.2", "3.1", "3.2", "4.1", "4.2", "5.1"}) {
    add_feeder(scenario, std::string("f") + queue, "a", queue, 10.0, 100);
  }
  return scenario;
}

Timeline destroyed(const Case& which, const std::string& component) {
  Simulation simulation(which, which.policy);
  simulation.run_one(0);
  Timeline timeline = simulation.timeline();
  const auto& names = which.model.components.name;
  const auto found = std::find(names.begin(), names.end(), component) - names.begin();
  EXPECT_LT(static_cast<std::size_t>(found), names.size()) << component;
  recovery::RepairWork work;
  work.permanent_seconds = kSecondsPerDay;  // there are no crews to do it
  timeline.hits = {
      {kHitAt, ComponentId(static_cast<std::uint32_t>(found)), DamageState::complete, work}};
  return timeline;
}

Outcome after_loss_of(const scenario::Scenario& scenario, const std::string& component) {
  const std::unique_ptr<Case> which = prepared(scenario);
  const Timeline timeline = destroyed(*which, component);
  Workspace workspace(which->model);
  State state;
  Outcome outcome;
  const random::Draw luck(which->seed, 0);
  simulate(workspace, state, timeline, luck, {.policy = &recovery::policy(which->policy)}, outcome);
  return outcome;
}

std::vector<std::int64_t> row_of(const Outcome& outcome) {
  std::vector<std::int64_t> row(metrics().size());
  fill_row(outcome, row);
  return row;
}

TEST(CascadeInWinter, TheOtherLineTripsAndComesBackAtItsTime) {
  const Outcome off = after_loss_of(two_lines(false), "branch/one");
  const std::int64_t cut = off.service[0].peak_households;  // one feeder, to the end
  EXPECT_TRUE(cut == 100 || cut == 200 || cut == 400) << cut;
  EXPECT_EQ(off.service[0].household_seconds_lost, cut * (48 * kHour - kHitAt));

  const Outcome on = after_loss_of(two_lines(true), "branch/one");
  EXPECT_EQ(on.service[0].peak_households, 700);
  EXPECT_EQ(on.service[0].household_seconds_lost,
            off.service[0].household_seconds_lost + (700 - cut) * kHour * 5 / 4);
}

TEST(CascadeInWinter, BelowTheEmergencyRatingNothingTrips) {
  scenario::Scenario scenario = two_lines(true);
  scenario.parameters.push_back({"cascade.emergency_multiple", 1.51, {}});
  EXPECT_EQ(row_of(after_loss_of(scenario, "branch/one")),
            row_of(after_loss_of(two_lines(false), "branch/one")));
}

TEST(CascadeInWinter, UnderFrequencyShedsWhatTheOtherPlantCarriesLater) {
  EXPECT_EQ(after_loss_of(two_plants(false), "plant/small").service[0].household_seconds_lost, 0);
  // 30 of 90 MW missing against 4 s x 120 MW and 6 MW of reserve.
  const std::vector<double> stages(6, 0.45 / 6.0 * 90.0);
  const power::FrequencyResponse response =
      power::frequency_response({}, {480.0, 30.0, 6.0}, stages);
  ASSERT_EQ(response.stages, 5U);  // 33.75 MW: four feeders of 10 MW
  const Outcome on = after_loss_of(two_plants(true), "plant/small");
  EXPECT_EQ(on.service[0].peak_households, 400);
  EXPECT_EQ(on.service[0].household_seconds_lost, std::int64_t{400} * kHour / 2);
}

TEST(CascadeInWinter, ABlackIslandComesBackByRestart) {
  // The small plant has not the inertia and reserve for what the large one gave: black, then its
  // restart, then the schedule for what it cannot carry.
  scenario::Scenario scenario = two_plants(true);
  scenario.parameters.push_back({"cascade.stage_total_share", 0.38, {}});
  for (scenario::GeneratorRow& row : scenario.generators) {
    row.restart_hours = 2.25;
  }
  const Outcome on = after_loss_of(scenario, "plant/large");
  scenario.cascade = false;
  const Outcome off = after_loss_of(scenario, "plant/large");
  EXPECT_EQ(on.service[0].peak_households, 900);
  EXPECT_LT(off.service[0].peak_households, 900);
  const std::int64_t served = 900 - off.service[0].peak_households;
  EXPECT_EQ(on.service[0].household_seconds_lost - off.service[0].household_seconds_lost,
            served * kHour * 9 / 4);
}

TEST(CascadeInWinter, WhatTheSolverShedsBelowItsToleranceIsNoDeficit) {
  // All 13 MW on from an import of 40 W less, no reserve and no inertia; the line that is lost is
  // not missed.
  scenario::Scenario scenario = two_lines(true);
  scenario.import_limit = {{0.0, 0.1299996, {}}};
  for (scenario::BranchRow& row : scenario.branches) {
    row.rating_mw = 50.0;
  }
  EXPECT_EQ(after_loss_of(scenario, "branch/one").service[0].household_seconds_lost, 0);
}

TEST(CascadeInWinter, WhatIsPlannedOrBrokenAtTheStartIsNoEvent) {
  for (const bool planned : {true, false}) {
    scenario::Scenario on = two_lines(true);
    if (planned) {
      on.import_limit = {{0.0, 1.0, {}}, {3.0, 0.07, {}}};
    } else {
      on.initial_damage = {{"branch/one", "complete", {}}};
    }
    scenario::Scenario off = on;
    off.cascade = false;
    const Outcome outcome = outcome_of(on);
    EXPECT_EQ(row_of(outcome), row_of(outcome_of(off)));
    EXPECT_GT(outcome.service[0].household_seconds_lost, 0);
  }
}

TEST(CascadeInWinter, AStateCopiedWhileALineIsOpenContinuesToTheSameResult) {
  const std::unique_ptr<Case> which = prepared(two_lines(true));
  const Timeline timeline = destroyed(*which, "branch/one");
  const random::Draw luck(which->seed, 0);
  const AdvanceOptions options{.policy = &recovery::policy(which->policy)};
  Workspace first(which->model), second(which->model);
  State state;
  first.reset(state, timeline);
  first.advance(state, timeline, luck, 2 * kHour, options);
  ASSERT_EQ(state.relays.next_return, kHitAt + kHour * 5 / 4);
  State copy = state;
  first.advance(state, timeline, luck, which->model.horizon, options);
  second.advance(copy, timeline, luck, which->model.horizon, options);
  Outcome outcome;
  prepare(outcome, which->model);
  finish(which->model, copy.now, copy.ledger, outcome);
  EXPECT_EQ(row_of(outcome), row_of(after_loss_of(two_lines(true), "branch/one")));
}

scenario::Scenario cascading_oblast() {
  scenario::Scenario scenario = small_oblast(30);
  scenario.cascade = true;
  // This grid is far from its ratings: let whatever still carries something trip.
  scenario.parameters.push_back({"cascade.emergency_multiple", 0.02, {}});
  return scenario;
}

TEST(CascadeInWinter, SkippedHoursAreTheSolvedHours) {
  const auto which = prepared(cascading_oblast());
  const auto without = prepared(small_oblast(30));
  Simulation a(*which, which->policy), b(*which, which->policy), c(*without, without->policy);
  int cascades = 0;
  for (std::uint64_t r = 0; r < 6; ++r) {
    const Outcome skipped = a.run_one(r, false);
    const Outcome solved = b.run_one(r, true);
    EXPECT_EQ(row_of(skipped), row_of(solved)) << r;
    EXPECT_EQ(skipped.households_off_by_hour, solved.households_off_by_hour) << r;
    EXPECT_EQ(skipped.zone_household_seconds, solved.zone_household_seconds) << r;
    cascades += row_of(skipped) != row_of(c.run_one(r)) ? 1 : 0;
  }
  EXPECT_GE(cascades, 2) << "too few winters with a cascade: the test shows little";
}

TEST(CascadeInWinter, ACopiedStateContinuesToTheSameResult) {
  const auto which = prepared(cascading_oblast());
  Simulation whole(*which, which->policy);
  Workspace first(which->model), second(which->model);
  State state;
  const AdvanceOptions options{.policy = &recovery::policy(which->policy)};
  for (std::uint64_t r = 0; r < 6; ++r) {
    const std::vector<std::int64_t> expected = row_of(whole.run_one(r));
    const Timeline timeline = whole.timeline();
    const random::Draw draw(which->seed, r);
    first.reset(state, timeline);
    // every half day on, by turns, in workspaces that have moved other states
    for (Seconds until = 0; until < which->model.horizon;) {
      until += kSecondsPerDay / 2;
      State copy = state;
      first.advance(state, timeline, draw, until, options);
      second.advance(copy, timeline, draw, until, options);
      state = copy;
      std::swap(first, second);
    }
    Outcome outcome;
    prepare(outcome, which->model);
    finish(which->model, state.now, state.ledger, outcome);
    EXPECT_EQ(outcome.service[0].household_seconds_lost,
              whole.run_one(r).service[0].household_seconds_lost);
    EXPECT_EQ(outcome.household_seconds_below, whole.run_one(r).household_seconds_below);
    EXPECT_EQ(outcome.unserved_watt_hours, whole.run_one(r).unserved_watt_hours);
  }
}

TEST(CascadeInWinter, ParametersThatDoNotFitTogetherAreRefused) {
  for (const auto& [name, value] :
       {std::pair{"cascade.stage_count", 2.5}, std::pair{"cascade.stage_count", 33.0},
        std::pair{"cascade.reserve_full_seconds", 0.0}, std::pair{"cascade.last_stage_hz", 49.5},
        std::pair{"cascade.collapse_hz", 48.5}}) {
    scenario::Scenario scenario = two_lines(true);
    scenario.parameters.push_back({name, value, {}});
    Diagnostics diagnostics;
    prepare_case(scenario, diagnostics);
    EXPECT_FALSE(diagnostics.ok()) << name << ' ' << value;
  }
}

}  // namespace
}  // namespace wintergrid::montecarlo
