// Sampling does not allocate once its vectors have grown.

#include <gtest/gtest.h>

#include "tests/engine/random/world.hpp"
#include "tests/support/allocation_counter.hpp"

namespace wintergrid::random {
namespace {

using test::make_world;

/// Allocations of 200 replications, the second time round.
std::size_t allocations(const TimelineSettings& settings) {
  const test::World world = make_world(2, 5, 20);
  const TimelineSampler sampler(settings, world.components, world.zones);
  TimelineScratch scratch;
  Timeline timeline;
  CampaignCounts counts;
  std::size_t count = 0;
  for (int round = 0; round < 2; ++round) {
    const wintergrid::test::AllocationScope scope;
    for (std::uint64_t replication = 0; replication < 200; ++replication) {
      const Draw draw(1, replication);
      sampler.sample(draw, draw, scratch, timeline, &counts);
    }
    count = scope.count();
  }
  return count;
}

TEST(Timeline, NothingAllocatesAfterWarmUp) {
  TimelineSettings settings;
  settings.import.mean = 0.8;
  settings.import.sd = 0.1;
  EXPECT_EQ(allocations(settings), 0U);
}

TEST(Timeline, NorDoesTheWaveClockThatFollowsTheCold) {
  TimelineSettings settings;
  settings.import.mean = 0.8;
  settings.campaign.cold_correlation = 0.3;
  EXPECT_EQ(allocations(settings), 0U);
  for (int hour = 0; hour < 24 * 60; ++hour) {
    settings.weather.hourly_c.push_back(static_cast<float>((hour / 24) % 7));
  }
  EXPECT_EQ(allocations(settings), 0U);
}

}  // namespace
}  // namespace wintergrid::random
