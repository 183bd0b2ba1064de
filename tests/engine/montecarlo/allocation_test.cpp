// The replication loop does not allocate once it is warm.

#include <gtest/gtest.h>

#include "tests/engine/montecarlo/cases.hpp"
#include "tests/support/allocation_counter.hpp"

namespace wintergrid::montecarlo {
namespace {

using testing::prepared;
using testing::small_oblast;

void expect_no_allocation(const scenario::Scenario& scenario) {
  const auto which = prepared(scenario);
  Simulation simulation(*which, which->policy);
  for (std::uint64_t r = 0; r < 40; ++r) {
    simulation.run_one(r);
  }
  const test::AllocationScope scope;
  for (std::uint64_t r = 0; r < 20; ++r) {
    simulation.run_one(r);
  }
  EXPECT_EQ(scope.count(), 0U);
}

TEST(Simulation, NothingAllocatesAfterWarmUp) { expect_no_allocation(small_oblast()); }

TEST(Simulation, NorDoesTheCascade) {
  scenario::Scenario scenario = small_oblast();
  scenario.cascade = true;
  scenario.parameters.push_back({"cascade.emergency_multiple", 0.02, {}});  // trips are frequent
  expect_no_allocation(scenario);
}

TEST(Simulation, NorDoPoliciesThatLookIntoTheNetwork) {
  for (const char* policy : {"marginal_benefit", "coldest_first", "lookahead"}) {
    scenario::Scenario scenario = small_oblast();
    scenario.policy = policy;
    for (scenario::CrewItem& crews : scenario.crews) {
      crews.crews = 1;
    }
    expect_no_allocation(scenario);
  }
}

}  // namespace
}  // namespace wintergrid::montecarlo
