// Promises about single replications: pure functions of their number, states that can be copied and
// continued, skips that change no bit.

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "engine/montecarlo/metrics.hpp"
#include "tests/engine/montecarlo/cases.hpp"

namespace wintergrid::montecarlo {
namespace {

using testing::prepared;
using testing::small_oblast;

std::vector<std::int64_t> row_of(const Outcome& outcome) {
  std::vector<std::int64_t> row(metrics().size());
  fill_row(outcome, row);
  return row;
}

TEST(Simulation, ReplicationIsAPureFunctionOfItsNumber) {
  const auto which = prepared(small_oblast());
  Simulation a(*which, which->policy), b(*which, which->policy);
  std::vector<std::vector<std::int64_t>> forward;
  forward.reserve(6);
  for (std::uint64_t r = 0; r < 6; ++r) {
    forward.push_back(row_of(a.run_one(r)));
  }
  for (std::uint64_t r = 6; r-- > 0;) {
    EXPECT_EQ(row_of(b.run_one(r)), forward[r]) << r;
  }
  EXPECT_NE(forward[0], forward[2]);  // winters differ
}

void expect_skipped_hours_are_the_solved_hours(const std::string& fidelity) {
  scenario::Scenario scenario = small_oblast(10);
  scenario.fidelity = fidelity;
  const auto which = prepared(scenario);
  Simulation a(*which, which->policy), b(*which, which->policy);
  bool something = false;
  for (std::uint64_t r = 0; r < 6; ++r) {
    const Outcome skipped = a.run_one(r, false);
    const Outcome solved = b.run_one(r, true);
    EXPECT_EQ(row_of(skipped), row_of(solved)) << r;
    EXPECT_EQ(skipped.households_off_by_hour, solved.households_off_by_hour) << r;
    EXPECT_EQ(skipped.zone_household_seconds, solved.zone_household_seconds) << r;
    something = something || skipped.service[0].household_seconds_lost > 0;
  }
  EXPECT_TRUE(something) << "no winter lost anything: the test shows nothing";
}

TEST(Simulation, SkippedHoursAreTheSolvedHoursByPressure) {
  expect_skipped_hours_are_the_solved_hours("hydraulic");
}
TEST(Simulation, SkippedHoursAreTheSolvedHoursByCapacity) {
  expect_skipped_hours_are_the_solved_hours("transport");
}

/// Every second zone lies high, so that it goes dry when the pressure falls; by capacity height
/// does not matter.
TEST(Simulation, ByPressureHighZonesLoseMoreWaterThanByCapacity) {
  scenario::Scenario scenario = small_oblast(20);
  bool high = false;
  for (scenario::WaterNodeRow& row : scenario.water_nodes) {
    if (row.kind == "junction") {
      row.elevation_m = high ? 30.0 : 0.0;
      high = !high;
    }
  }
  scenario.fidelity = "hydraulic";
  const auto by_pressure = prepared(scenario);
  scenario.fidelity = "transport";
  const auto by_capacity = prepared(scenario);
  Simulation a(*by_pressure, by_pressure->policy), b(*by_capacity, by_capacity->policy);
  std::int64_t lost_by_pressure = 0, lost_by_capacity = 0;
  for (std::uint64_t r = 0; r < 30; ++r) {
    const Outcome pressure = a.run_one(r);
    EXPECT_EQ(pressure.solver_bounded_moments, 0) << r;
    lost_by_pressure += pressure.service[2].household_seconds_lost;
    lost_by_capacity += b.run_one(r).service[2].household_seconds_lost;
  }
  EXPECT_GT(lost_by_capacity, 0);
  EXPECT_GT(static_cast<double>(lost_by_pressure), 1.02 * static_cast<double>(lost_by_capacity));
}

TEST(Simulation, ACopiedStateContinuesToTheSameResult) {
  const auto which = prepared(small_oblast(10));
  Simulation whole(*which, which->policy);
  std::uint64_t replication = 0;
  while (whole.run_one(replication).service[0].household_seconds_lost == 0) {
    ASSERT_LT(++replication, 50U);
  }
  const Outcome expected = whole.run_one(replication);
  const Timeline timeline = whole.timeline();
  const random::Draw draw(which->seed, replication);
  AdvanceOptions options;
  options.policy = &recovery::policy(which->policy);
  const Seconds half = which->model.horizon / 2 / which->model.step * which->model.step;

  Workspace first(which->model), second(which->model);
  State state;
  first.reset(state, timeline);
  first.advance(state, timeline, draw, half, options);
  State copy = state;
  first.advance(state, timeline, draw, which->model.horizon,
                options);  // disturbs the first workspace
  second.advance(copy, timeline, draw, which->model.horizon, options);
  Outcome outcome;
  prepare(outcome, which->model);
  finish(which->model, copy.now, copy.ledger, outcome);
  EXPECT_EQ(outcome.service[0].household_seconds_lost, expected.service[0].household_seconds_lost);
  EXPECT_EQ(outcome.service[1].household_seconds_lost, expected.service[1].household_seconds_lost);
  EXPECT_EQ(outcome.service[2].household_seconds_lost, expected.service[2].household_seconds_lost);
  EXPECT_EQ(outcome.households_off_by_hour, expected.households_off_by_hour);
  EXPECT_EQ(outcome.household_seconds_below, expected.household_seconds_below);
}

/// Hour by hour in two workspaces that take turns, neither of which knows what the other saw.
Outcome by_turns(const Case& which, const Timeline& timeline, std::uint64_t replication,
                 bool& something_is_under_way) {
  const random::Draw draw(which.seed, replication);
  AdvanceOptions options;
  options.policy = &recovery::policy(which.policy);
  Workspace one(which.model), other(which.model);
  State state;
  one.reset(state, timeline);
  bool first = true;
  while (state.now < which.model.horizon) {
    (first ? one : other)
        .advance(state, timeline, draw, std::min(which.model.horizon, state.now + which.model.step),
                 options);
    first = !first;
    something_is_under_way = something_is_under_way ||
                             (state.feeding.under_way > 0 && state.mobile_boilers.units_out > 0);
  }
  Outcome outcome;
  prepare(outcome, which.model);
  finish(which.model, state.now, state.ledger, outcome);
  return outcome;
}

TEST(Simulation, WorkspacesThatTakeTurnsAndSolvingEveryHourGiveTheSameBits) {
  bool under_way = false;
  for (const bool cascade : {false, true}) {
    scenario::Scenario scenario = small_oblast(30);
    scenario.regions.front().strike_share = 1.0;  // feeders and modular boilers are moved
    scenario.cascade = cascade;
    scenario.fidelity = "transport";
    const auto which = prepared(scenario);
    Simulation simulation(*which, which->policy), solving(*which, which->policy);
    for (std::uint64_t r = 0; r < 8; ++r) {
      const Outcome whole = simulation.run_one(r);
      EXPECT_EQ(row_of(whole), row_of(solving.run_one(r, true))) << r;
      const Outcome turns = by_turns(*which, simulation.timeline(), r, under_way);
      EXPECT_EQ(whole.households_off_by_hour, turns.households_off_by_hour) << r;
      EXPECT_EQ(whole.zone_household_seconds, turns.zone_household_seconds) << r;
      EXPECT_EQ(whole.household_seconds_below, turns.household_seconds_below) << r;
    }
  }
  EXPECT_TRUE(under_way) << "nothing was moved: the test shows nothing";
}

TEST(Simulation, AnUnusedAssetLeavesEveryOtherHitAsItWas) {
  const scenario::Scenario without = small_oblast(30);
  scenario::Scenario with = without;
  scenario::WaterNodeRow works = with.water_nodes.front();
  works.water_node = "UNUSED";
  works.kind = "works";
  works.capacity_m3_per_h = 1.0;
  works.facility.clear();
  with.water_nodes.push_back(works);
  const auto a = prepared(without), b = prepared(with);
  Simulation first(*a, a->policy), second(*b, b->policy);
  std::size_t hits = 0;
  for (std::uint64_t r = 0; r < 20; ++r) {
    first.run_one(r);
    second.run_one(r);
    const auto describe = [](const Timeline& timeline, const Model& model) {
      std::vector<std::tuple<Seconds, std::string, int, Seconds>> list;
      for (const Hit& hit : timeline.hits) {
        const std::string& name = model.components.name[hit.component.index()];
        if (model.components.asset_class[hit.component.index()] != AssetClass::water_works) {
          list.emplace_back(hit.time, name, static_cast<int>(hit.state),
                            hit.work.permanent_seconds);
        }
      }
      std::sort(list.begin(), list.end());
      return list;
    };
    const auto expected = describe(first.timeline(), a->model);
    EXPECT_EQ(describe(second.timeline(), b->model), expected) << r;
    EXPECT_EQ(first.timeline().outdoor_c, second.timeline().outdoor_c);
    hits += expected.size();
  }
  EXPECT_GT(hits, 0U);
}

}  // namespace
}  // namespace wintergrid::montecarlo
