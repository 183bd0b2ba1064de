// The replication loop does not allocate once it is warm.

#include <gtest/gtest.h>

#include "tests/engine/montecarlo/cases.hpp"
#include "tests/support/allocation_counter.hpp"

namespace wintergrid::montecarlo {
namespace {

using testing::prepared;
using testing::small_oblast;

TEST(Simulation, NothingAllocatesAfterWarmUp) {
  const auto which = prepared(small_oblast());
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

}  // namespace
}  // namespace wintergrid::montecarlo
