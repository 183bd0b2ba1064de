// Sampling does not allocate once its vectors have grown.

#include <gtest/gtest.h>

#include "tests/engine/random/world.hpp"
#include "tests/support/allocation_counter.hpp"

namespace wintergrid::random {
namespace {

using test::make_world;

TEST(Timeline, NothingAllocatesAfterWarmUp) {
  const test::World world = make_world(2, 5, 20);
  TimelineSettings settings;
  settings.import.mean = 0.8;
  settings.import.sd = 0.1;
  const TimelineSampler sampler(settings, world.components, world.zones);
  TimelineScratch scratch;
  Timeline timeline;
  CampaignCounts counts;
  for (int round = 0; round < 2; ++round) {
    const wintergrid::test::AllocationScope scope;
    for (std::uint64_t replication = 0; replication < 200; ++replication) {
      const Draw draw(1, replication);
      sampler.sample(draw, draw, scratch, timeline, &counts);
    }
    if (round == 1) {
      EXPECT_EQ(scope.count(), 0U);
    }
  }
}

}  // namespace
}  // namespace wintergrid::random
