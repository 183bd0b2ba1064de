// After construction nothing allocates, however many components are hit.

#include <cstdint>

#include <gtest/gtest.h>

#include "tests/grid_models/recovery/world.hpp"
#include "tests/support/allocation_counter.hpp"

namespace wintergrid::recovery::test {
namespace {

TEST(Allocation, NothingAllocatesAfterConstruction) {
  World world;
  const std::uint8_t spare = world.add_spare(3, 5000, 9000);
  for (int i = 0; i < 200; ++i) {
    world.add(i % 2 == 0 ? AssetClass::line : AssetClass::substation_110);
  }
  world.set_crews(CrewType::lines, 7);
  world.set_crews(CrewType::substation, 3);
  for (std::size_t kind = 0; kind < kPolicyCount; ++kind) {
    Replay replay(world, static_cast<PolicyKind>(kind));
    const State fresh = replay.state;
    replay.repaired.reserve(world.components.count());
    replay.log.reserve(10 * world.components.count());
    const wintergrid::test::AllocationScope scope;
    for (Seconds round = 0; round < 3; ++round) {
      for (std::size_t i = world.components.count(); i > 0; --i) {
        replay.hit(round * 1000, ComponentId{i - 1},
                   {.temporary_seconds = 30,
                    .permanent_seconds = 200,
                    .spare = i % 3 == 0 ? spare : kNoSpare,
                    .spare_units = static_cast<std::uint8_t>(i % 3 == 0 ? 1 : 0)});
      }
      replay.run(round * 1000, round * 1000 + 999);
    }
    replay.run(3000);
    const std::uint64_t done = replay.state.jobs_done;
    replay.state = fresh;  // the next replication starts from a copy
    const std::uint64_t allocations = scope.count();
    EXPECT_EQ(allocations, 0U) << to_text(static_cast<PolicyKind>(kind));
    EXPECT_GE(done, world.components.count()) << "the loop did not do the work";
  }
}

}  // namespace
}  // namespace wintergrid::recovery::test
