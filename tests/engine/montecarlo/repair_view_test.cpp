// What repair policies are told about the networks, and that asking changes nothing.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/montecarlo/metrics.hpp"
#include "engine/scenario/compile.hpp"
#include "grid_models/system/indoor_behind.hpp"
#include "tests/engine/montecarlo/cases.hpp"

namespace wintergrid::montecarlo {
namespace {

using testing::outcome_of;
using testing::prepared;
using testing::quiet_town;
using testing::small_oblast;

/// Takes what came first, and notes what the network says of all candidates at the first decision.
class Spy final : public recovery::Policy {
 public:
  std::size_t choose(const recovery::PolicyView& view,
                     std::span<const std::uint32_t> candidates) const override {
    if (regained.empty()) {
      decided_at = view.now;
      for (const std::uint32_t candidate : candidates) {
        const recovery::Job& job = view.jobs[candidate];
        regained[job.component.value()] = view.network->households_regained(job);
      }
    }
    return candidates.front();
  }
  bool looks_into_network() const override { return true; }

  mutable std::map<std::uint32_t, std::int64_t> regained;
  mutable Seconds decided_at = 0;
};

scenario::Scenario broken_town(const std::vector<std::string>& components, double hold_off_hours) {
  scenario::Scenario scenario = quiet_town();
  for (const std::string& name : components) {
    scenario::InitialDamageItem item;
    item.component = name;
    item.state = "moderate";
    scenario.initial_damage.push_back(item);
  }
  scenario.parameters.push_back({"recovery.hold_off_hours", hold_off_hours, {}});
  return scenario;
}

/// Over all services, at an hour, when nobody repairs anything.
std::int64_t households_off(const scenario::Scenario& scenario, std::size_t hour) {
  const Outcome outcome = outcome_of(scenario);
  std::int64_t off = 0;
  for (const std::vector<std::uint32_t>& by_hour : outcome.households_off_by_hour) {
    off += by_hour[hour];
  }
  return off;
}

void expect_regained_is_the_difference(double hold_off_hours) {
  // The west and the east are cut off, each at both of its ends.
  const std::vector<std::string> broken = {"L8", "L9", "L10", "L4", "L7"};
  scenario::Scenario scenario = broken_town(broken, hold_off_hours);
  const std::int64_t off = households_off(scenario, static_cast<std::size_t>(hold_off_hours));
  scenario::CrewItem crews;
  crews.type = "lines";
  crews.crews = 1;
  scenario.crews.push_back(crews);
  const auto which = prepared(scenario);
  Simulation simulation(*which, which->policy);
  simulation.run_one(0);
  const Timeline timeline = simulation.timeline();
  Spy spy;
  AdvanceOptions options;
  options.policy = &spy;
  Workspace workspace(which->model);
  State state;
  workspace.reset(state, timeline);
  workspace.advance(state, timeline, random::Draw(which->seed, 0), which->model.horizon, options);
  EXPECT_EQ(spy.decided_at, seconds_from_hours(hold_off_hours));
  ASSERT_EQ(spy.regained.size(), broken.size());
  std::int64_t all = 0;
  for (const std::string& name : broken) {
    std::vector<std::string> others = broken;
    others.erase(std::find(others.begin(), others.end(), name));
    const std::int64_t off_without = households_off(broken_town(others, hold_off_hours),
                                                    static_cast<std::size_t>(hold_off_hours));
    const ComponentId component = scenario::find_component(which->model.components, name);
    EXPECT_EQ(spy.regained[component.value()], off - off_without) << name;
    all += off - off_without;
  }
  EXPECT_GT(all, 1000) << "nothing to regain: the test shows nothing";
}

TEST(RepairView, RegainedIsWhatWouldNotBeMissingHadItNotBroken) {
  expect_regained_is_the_difference(2.0);
}

TEST(RepairView, SoItIsAfterDrainingAndLossOfPressure) { expect_regained_is_the_difference(40.0); }

TEST(RepairView, TemperatureBehindIsTheMeanOverHouseholds) {
  const auto which = prepared(quiet_town());
  const Model& model = which->model;
  std::vector<float> indoor(model.heat.block_count());
  for (std::size_t b = 0; b < indoor.size(); ++b) {
    indoor[b] = static_cast<float>(b % 7) - 2.0F;
  }
  IndoorBehind behind(model);
  behind.note(model, indoor);
  const auto mean_where = [&](auto is_behind) {
    double sum = 0.0, households = 0.0;
    for (std::size_t u = 0; u < model.units.count(); ++u) {
      if (is_behind(u)) {
        sum += static_cast<double>(indoor[model.units.block[u]]) * model.units.households[u];
        households += model.units.households[u];
      }
    }
    return sum / households;
  };
  const auto mean_of = [&](const std::string& name) {
    return behind.mean_c(model, scenario::find_component(model.components, name));
  };
  const auto feeder = [&](std::size_t u) { return model.feeder_name[model.units.feeder[u]]; };
  const auto in_west = [&](std::size_t u) { return feeder(u) == "w1" || feeder(u) == "w2"; };
  EXPECT_NEAR(mean_of("west-110"), mean_where(in_west), 1e-12);
  EXPECT_NEAR(mean_of("L9"), mean_where([&](std::size_t u) { return feeder(u) == "wx"; }), 1e-12);
  EXPECT_NEAR(mean_of("heat_source/boilers"),
              mean_where([&](std::size_t u) { return feeder(u).front() == 'e'; }), 1e-12);
  EXPECT_NEAR(mean_of("dam"), mean_where([](std::size_t) { return true; }), 1e-12);
  EXPECT_TRUE(std::isinf(mean_of("L8"))) << "nobody hangs on one of its ends";
}

/// So few crews that jobs wait, in shifts, with alerts.
scenario::Scenario scarce_crews(const std::string& policy) {
  scenario::Scenario scenario = small_oblast(20);
  scenario.policy = policy;
  for (scenario::CrewItem& crews : scenario.crews) {
    crews.crews = crews.type == "plumbing" ? crews.crews : 1;
    crews.shift_hours = crews.type == "plumbing" ? 24.0 : 12.0;
    crews.crews_per_job_maximum = crews.type == "substation" ? 2 : 1;
  }
  scenario::ReinforcementItem later;
  later.type = "substation";
  later.crews = 1;
  later.from_hours = 100.5;
  scenario.reinforcements.push_back(later);
  scenario.parameters.push_back({"recovery.alert_hours", 3.0, {}});
  scenario.regions.front().strike_share = 1.0;
  return scenario;
}

std::vector<std::int64_t> row_of(const Outcome& outcome) {
  std::vector<std::int64_t> row(metrics().size());
  fill_row(outcome, row);
  return row;
}

TEST(RepairView, DecisionsAreTheSameWhetherHoursAreSkippedOrSolved) {
  for (const char* policy : {"marginal_benefit", "coldest_first"}) {
    const auto which = prepared(scarce_crews(policy));
    Simulation skipping(*which, which->policy), solving(*which, which->policy);
    for (std::uint64_t r = 0; r < 2; ++r) {
      EXPECT_EQ(row_of(skipping.run_one(r, false)), row_of(solving.run_one(r, true)))
          << policy << ' ' << r;
    }
  }
}

TEST(RepairView, EveryPolicyDecidesForItself) {
  std::vector<std::vector<std::int64_t>> sums;
  for (std::size_t kind = 0; kind < recovery::kPolicyCount; ++kind) {
    const auto policy = static_cast<recovery::PolicyKind>(kind);
    if (policy == recovery::PolicyKind::priority_list) {
      continue;  // needs a list
    }
    const auto which = prepared(scarce_crews(std::string(recovery::to_text(policy))));
    Simulation simulation(*which, which->policy);
    std::vector<std::int64_t> sum(metrics().size(), 0);
    for (std::uint64_t r = 0; r < 8; ++r) {
      const std::vector<std::int64_t> row = row_of(simulation.run_one(r));
      std::transform(row.begin(), row.end(), sum.begin(), sum.begin(), std::plus<>());
    }
    sums.push_back(sum);
  }
  for (std::size_t i = 1; i < sums.size(); ++i) {
    EXPECT_TRUE(sums[i] != sums[0]) << "policy " << i << " decides as first_come";
  }
}

TEST(RepairView, AnswersAreOfTheStateAloneSoAWinterMayChangeHandsAnyDay) {
  const auto which = prepared(scarce_crews("marginal_benefit"));
  Simulation simulation(*which, which->policy);
  std::uint64_t replication = 0;
  while (simulation.run_one(replication).jobs_done < 3) {
    ASSERT_LT(++replication, 50U);
  }
  const Outcome expected = simulation.run_one(replication);
  const Timeline timeline = simulation.timeline();
  const random::Draw draw(which->seed, replication);
  AdvanceOptions options;
  options.policy = &recovery::policy(which->policy);
  Workspace one(which->model), other(which->model);
  State state;
  one.reset(state, timeline);
  for (Seconds day = 1; state.now < which->model.horizon; ++day) {
    State copy = state;
    (day % 2 == 0 ? one : other).advance(copy, timeline, draw, day * kSecondsPerDay, options);
    state = copy;
  }
  Outcome outcome;
  prepare(outcome, which->model);
  finish(which->model, state.now, state.ledger, outcome);
  EXPECT_EQ(outcome.households_off_by_hour, expected.households_off_by_hour);
  EXPECT_EQ(state.recovery.crew_seconds_worked, expected.crew_seconds);
}

}  // namespace
}  // namespace wintergrid::montecarlo
