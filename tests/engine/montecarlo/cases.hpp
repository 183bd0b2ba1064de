#pragma once
// Small cases for tests: the hand-checked town, changed as a test needs it.

#include <functional>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "engine/montecarlo/prepare.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/scenario/synthetic/oblast.hpp"

namespace wintergrid::montecarlo::testing {

inline scenario::Scenario town() {
  Diagnostics diagnostics;
  scenario::Scenario scenario = scenario::read_scenario(
      std::string(WINTERGRID_SOURCE_DIR) + "/data/town/scenario.yaml", diagnostics);
  EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  return scenario;
}

/// The town without its damage and without crews: nothing happens unless the test makes it happen.
inline scenario::Scenario quiet_town() {
  scenario::Scenario scenario = town();
  scenario.initial_damage.clear();
  scenario.crews.clear();
  return scenario;
}

inline std::unique_ptr<Case> prepared(const scenario::Scenario& scenario) {
  Diagnostics diagnostics;
  std::unique_ptr<Case> result = prepare_case(scenario, diagnostics);
  EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  return result;
}

inline Outcome outcome_of(const scenario::Scenario& scenario, std::uint64_t replication = 0) {
  const std::unique_ptr<Case> which = prepared(scenario);
  Simulation simulation(*which, which->policy);
  return simulation.run_one(replication);
}

/// A small oblast under a full campaign: everything is used.
inline scenario::Scenario small_oblast(double days = 20.0) {
  scenario::Scenario scenario = scenario::make_oblast({1e5, 1});
  scenario.horizon_days = days;
  // as hard a winter as for a large oblast, so that every mechanism is at work
  scenario.regions.front().strike_share = 0.3;
  scenario.grid_failures = {{24.0 * 5 + 10.25, 24.0 * 5 + 17.0, {}}};
  return scenario;
}

}  // namespace wintergrid::montecarlo::testing
