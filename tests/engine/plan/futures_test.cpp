// The futures begin as TODAY.yaml says.

#include "engine/plan/futures.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "engine/plan/evaluator.hpp"
#include "engine/scenario/synthetic/oblast.hpp"
#include "tests/engine/plan/worlds.hpp"

namespace wintergrid::plan {
namespace {

scenario::Scenario small_oblast() { return scenario::make_oblast({1e5, 1}); }

const std::string kHead = fmt::format("wintergrid_today: 1\nmoment: {}\n", test::kMoment);

const recovery::Job& job_of(const Future& future, ComponentId component) {
  return *std::find_if(future.start.recovery.jobs.begin(), future.start.recovery.jobs.end(),
                       [&](const recovery::Job& job) { return job.component == component; });
}

bool state_is_without(const State& state, std::size_t block) {
  return state.heat.delivered_share[block] < 0.5F;
}

TEST(Futures, NobodyRepairsBeforeTheMoment) {
  const Situation situation = test::situation_of(
      small_oblast(), kHead +
                          "damaged:\n  - {component: bus/S-T001, state: extensive, since: "
                          "2026-01-18T08:00+02:00}\n");
  EXPECT_EQ(situation.now, 48 * kSecondsPerHour);
  EXPECT_EQ(situation.scenario.start, "2026-01-18T08:00+02:00");
  EXPECT_EQ(situation.model().horizon, (14 * 24 + 48) * kSecondsPerHour);
  const Evaluator evaluator(situation, {}, 0, 3, 1);
  for (const Future& future : evaluator.futures()) {
    EXPECT_EQ(future.start.now, situation.now);
    ASSERT_EQ(future.start.recovery.jobs.size(), 1U);
    EXPECT_TRUE(recovery::is_waiting(future.start.recovery.jobs[0]));
    EXPECT_GT(future.start.ledger.outcome.service[0].household_seconds_lost, 0);
  }
}

TEST(Futures, SuspectedIsDamagedAsOftenAsSaidAndInspectedOtherwise) {
  const Situation situation = test::situation_of(
      small_oblast(), kHead + "damaged:\n  - {component: bus/S-T001, probability: 0.3}\n");
  const Evaluator evaluator(situation, {}, 0, 400, 1);
  int damaged = 0;
  std::array<int, 5> states{};
  for (const Future& future : evaluator.futures()) {
    const recovery::Job& job = future.start.recovery.jobs.at(0);
    const DamageState state = future.start.damage[job.component.index()];
    ++states[static_cast<std::size_t>(state)];
    damaged += state != DamageState::none ? 1 : 0;
    if (state == DamageState::none) {
      EXPECT_EQ(job.work.permanent_seconds, seconds_from_hours(kInspectionHours));
      EXPECT_EQ(future.start.ledger.households_off[0], 0);
    }
  }
  EXPECT_NEAR(damaged, 120, 4 * std::sqrt(400 * 0.3 * 0.7));
  EXPECT_GT(states[1], 0);  // an unknown state is drawn
  EXPECT_GT(states[2], 0);
  EXPECT_GT(states[3], 0);
}

TEST(Futures, CrewsAreWhereTheyAreSaidToBe) {
  const Situation situation = test::situation_of(
      small_oblast(), kHead +
                          "damaged:\n  - {component: bus/S-T001, state: extensive}\n"
                          "  - {component: bus/S-T002, state: extensive, temporarily_fixed: true}\n"
                          "under_way:\n  - {component: bus/S-T001, returns: "
                          "2026-01-20T13:00+02:00}\n"
                          "crews: [{type: substation, crews: 3}]\n"
                          "crews_away: [{type: substation, returns: 2026-01-21T08:00+02:00}]\n");
  Evaluator evaluator(situation, {}, 0, 2, 1);
  const Future& future = evaluator.futures()[0];
  const recovery::Job& job = job_of(future, situation.damage[0].component);
  EXPECT_EQ(job.stage, recovery::JobStage::temporary);
  EXPECT_EQ(job.stage_ends, situation.now + 5 * kSecondsPerHour);
  const std::size_t first = situation.model().recovery.crews[0];  // lines come before
  EXPECT_EQ(future.start.recovery.crews[first].component, job.component);
  EXPECT_EQ(future.start.recovery.crews[first + 1].busy_until,
            situation.now + 24 * kSecondsPerHour);
  EXPECT_LE(future.start.recovery.crews[first + 2].busy_until, situation.now);
  EXPECT_EQ(job_of(future, situation.damage[1].component).stage,
            recovery::JobStage::waiting_permanent);
  EXPECT_EQ(future.start.temporarily_repaired[situation.damage[1].component.index()], 1);
  // The stage ends when it was said to, and the crew takes part in the plan from then on.
  std::vector<Trial> trials(1);
  Trace trace;
  trials[0].policy = &recovery::policy(recovery::PolicyKind::first_come);
  trials[0].trace = &trace;
  evaluator.run(trials);
  ASSERT_GE(trace.dispatches.size(), 2U);
  EXPECT_EQ(trace.dispatches[0].component, situation.damage[1].component);
  EXPECT_EQ(trace.dispatches[0].crew, 2);
  EXPECT_EQ(trace.dispatches[1].sets_out, situation.now + 5 * kSecondsPerHour);
}

TEST(Futures, HomesTanksFuelAndWeatherAreAsObserved) {
  scenario::Scenario scenario = small_oblast();
  const std::string zone = scenario.zones.front().zone;
  const auto tank = std::find_if(scenario.water_nodes.begin(), scenario.water_nodes.end(),
                                 [](const auto& row) { return row.kind == "tank"; });
  const auto facility = std::find_if(scenario.facilities.begin(), scenario.facilities.end(),
                                     [](const auto& row) { return row.fuel_hours > 10.0; });
  ASSERT_NE(tank, scenario.water_nodes.end());
  ASSERT_NE(facility, scenario.facilities.end());
  const Situation situation = test::situation_of(
      scenario, kHead + fmt::format("damaged: [{{component: bus/S-T001, state: slight}}]\n"
                                    "indoor: [{{zone: {0}, mean_c: 11.5}}]\n"
                                    "drained: [{{zone: {0}, buildings: 4}}]\n"
                                    "tanks: [{{tank: {1}, share: 0.25}}]\n"
                                    "fuel: [{{facility: {2}, hours: 3}}]\n"
                                    "forecast: {{hourly_c: [-11, -12, -13]}}\n",
                                    zone, tank->water_node, facility->facility));
  const Evaluator evaluator(situation, {}, 0, 2, 1);
  const State& state = evaluator.futures()[0].start;
  const Model& model = situation.model();
  int cold = 0;
  std::int64_t drained = 0;
  for (std::size_t block = 0; block < situation.block_zone.size(); ++block) {
    if (situation.block_zone[block] != 0) {
      EXPECT_GT(state.heat.indoor_c[block], 15.0F);
      continue;
    }
    cold += state.heat.indoor_c[block] == 11.5F ? 1 : 0;
    drained += state.heat.phase[block] == heat::BlockPhase::drained
                   ? std::int64_t{model.heat.block_buildings[block]}
                   : 0;
  }
  EXPECT_GT(cold, 0);
  EXPECT_EQ(drained, 4);
  const auto node = static_cast<std::size_t>(tank - scenario.water_nodes.begin());
  EXPECT_DOUBLE_EQ(state.water.tank_level_m3[node], 0.25 * model.water.tank_volume_m3[node]);
  EXPECT_DOUBLE_EQ(
      state.backup
          .fuel_hours_left[static_cast<std::size_t>(facility - scenario.facilities.begin())],
      3.0);
  const std::vector<float>& outdoor = evaluator.futures()[0].timeline.outdoor_c;
  const auto now = static_cast<std::size_t>(situation.now / kSecondsPerHour);
  EXPECT_EQ(outdoor[now], -11.0F);
  EXPECT_EQ(outdoor[now + 2], -13.0F);
  EXPECT_EQ(evaluator.futures()[1].timeline.outdoor_c[now + 2], -13.0F);
  EXPECT_LT(std::abs(outdoor[now + 3] + 13.0F), 2.5F) << "no jump to the climate";
  EXPECT_NE(outdoor.back(), evaluator.futures()[1].timeline.outdoor_c.back());
}

// The observed air is what the simulated building has a moment later: hours of cooling do not jump.
TEST(Futures, ObservedTemperatureHoldsWhenSimulationGoesOn) {
  scenario::Scenario scenario = small_oblast();
  const std::string zone = scenario.zones.front().zone;
  const Situation situation = test::situation_of(
      scenario, kHead + fmt::format("damaged: [{{component: bus/S-T001, state: slight}}]\n"
                                    "indoor: [{{zone: {}, mean_c: 13}}]\n",
                                    zone));
  const Evaluator evaluator(situation, {}, 0, 1, 1);
  const Future& future = evaluator.futures()[0];
  Workspace workspace(situation.model());
  State state = future.start;
  make_room(situation.model(), state);
  AdvanceOptions options;
  options.policy = &recovery::policy(recovery::PolicyKind::first_come);
  workspace.advance(state, future.timeline, random::Draw(1, 0), situation.now + kSecondsPerHour,
                    options);
  for (std::size_t block = 0; block < situation.block_zone.size(); ++block) {
    if (future.start.heat.indoor_c[block] == 13.0F) {
      EXPECT_NEAR(state.heat.indoor_c[block], 13.0F, 0.75F);
    }
  }
}

TEST(Futures, CountsOfUnknownCauseAreMet) {
  scenario::Scenario scenario = small_oblast();
  const std::string zone = scenario.zones.front().zone;
  Situation situation = test::situation_of(
      scenario,
      kHead + fmt::format("counts: [{{zone: {}, service: heat, off: 1, of: 4}}]\n", zone));
  ASSERT_EQ(situation.counts.size(), 1U);
  EXPECT_EQ(situation.counts[0].off,
            std::llround(0.25 * static_cast<double>(situation.counts[0].of)));
  EXPECT_EQ(situation.assumptions.size(), 1U) << "scaling is said";
  const std::vector<CountCauses> causes = FutureMaker::find_causes(situation);
  ASSERT_EQ(causes.size(), 1U);
  const Evaluator evaluator(situation, causes, 0, 12, 2);
  for (const Future& future : evaluator.futures()) {
    // Whole blocks of buildings: to a block.
    EXPECT_NEAR(static_cast<double>(future.counted[0]),
                static_cast<double>(situation.counts[0].off), 3.0);
    std::int64_t without = 0;
    for (std::size_t block = 0; block < situation.block_zone.size(); ++block) {
      if (situation.block_zone[block] == situation.counts[0].zone &&
          situation.model().heat.block_heating[block] == heat::Heating::district &&
          state_is_without(future.start, block)) {
        without += situation.model().heat.block_buildings[block];
      }
    }
    EXPECT_EQ(without, future.counted[0]);
  }
}

}  // namespace
}  // namespace wintergrid::plan
