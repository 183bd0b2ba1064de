// Pauses of strikes: what they withhold, where, and what is fired later.

#include <array>
#include <cstdlib>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/random/campaign.hpp"
#include "tests/engine/random/world.hpp"

namespace wintergrid::random {
namespace {

using test::fixed_settings;
using test::make_world;
using test::sample;
using test::set_parameter;

std::int64_t missiles(const std::array<std::int64_t, kWeaponCount>& counts) {
  return counts[1] + counts[2] + counts[3];
}

TEST(Pause, WithholdsMissilesAndCarriesThemToTheNextWave) {
  const test::World world = make_world(1);
  TimelineSettings open = fixed_settings(182.0);
  TimelineSettings paused = open;
  PauseSpec pause;
  pause.from = 20 * kSecondsPerDay;
  pause.to = 60 * kSecondsPerDay;
  pause.carry_over = 1.0;
  paused.campaign.pauses.push_back(pause);
  const TimelineSampler open_sampler(open, world.components, world.zones);
  const TimelineSampler paused_sampler(paused, world.components, world.zones);
  CampaignCounts open_counts;
  CampaignCounts paused_counts;
  for (std::uint64_t replication = 0; replication < 100; ++replication) {
    sample(open_sampler, replication, 1, &open_counts);
    const Timeline timeline = sample(paused_sampler, replication, 1, &paused_counts);
    for (const Hit& hit : timeline.hits) {
      EXPECT_FALSE(hit.time >= pause.from + kSecondsPerDay && hit.time < pause.to);
    }
  }
  EXPECT_GT(missiles(paused_counts.withheld), 0);
  EXPECT_LE(missiles(paused_counts.carried_over), missiles(paused_counts.withheld));
  // Launched, open = launched, paused - carried over + withheld: only moved. Nearly all waves are
  // followed by another.
  EXPECT_EQ(missiles(open_counts.launched), missiles(paused_counts.launched) -
                                                missiles(paused_counts.carried_over) +
                                                missiles(paused_counts.withheld));
  EXPECT_GT(static_cast<double>(missiles(paused_counts.carried_over)),
            0.97 * static_cast<double>(missiles(paused_counts.withheld)));
  EXPECT_EQ(paused_counts.carried_over[0], 0);  // drones are not kept
}

TEST(Pause, OfZonesSparesTheirObjectsAndMovesNothing) {
  const test::World world = make_world(1);
  TimelineSettings open = fixed_settings(120.0);
  set_parameter(open, "strikes.restrike_probability",
                0.0);  // what is struck elsewhere is then the same
  TimelineSettings paused = open;
  PauseSpec pause;
  pause.from = 20 * kSecondsPerDay;
  pause.to = 60 * kSecondsPerDay;
  pause.zones.assign(world.zones.count(), 0);
  pause.zones[0] = 1;
  paused.campaign.pauses.push_back(pause);
  const TimelineSampler open_sampler(open, world.components, world.zones);
  const TimelineSampler paused_sampler(paused, world.components, world.zones);
  std::size_t spared = 0;
  CampaignCounts counts;
  for (std::uint64_t replication = 0; replication < 60; ++replication) {
    const Timeline with = sample(open_sampler, replication, 1, nullptr);
    const Timeline without = sample(paused_sampler, replication, 1, &counts);
    std::vector<std::pair<Seconds, std::uint32_t>> expected, found;
    for (const Hit& hit : with.hits) {
      const bool covered = world.components.zone[hit.component.index()].index() == 0 &&
                           hit.time >= pause.from + kSecondsPerDay && hit.time < pause.to;
      const bool near_an_end =
          std::abs(hit.time - pause.from) < kSecondsPerDay ||
          std::abs(hit.time - pause.to) < kSecondsPerDay;  // by the start of the attack
      spared += covered && !near_an_end ? 1U : 0U;
      if (!covered && !near_an_end) {
        expected.emplace_back(hit.time, static_cast<std::uint32_t>(hit.component.index()));
      }
    }
    for (const Hit& hit : without.hits) {
      const bool near_an_end = std::abs(hit.time - pause.from) < kSecondsPerDay ||
                               std::abs(hit.time - pause.to) < kSecondsPerDay;
      if (!near_an_end) {
        found.emplace_back(hit.time, static_cast<std::uint32_t>(hit.component.index()));
      }
    }
    EXPECT_EQ(expected, found) << replication;
  }
  EXPECT_GT(spared, 10U);
  EXPECT_GE(counts.withheld_locations, static_cast<std::int64_t>(spared) / 4);
  EXPECT_EQ(missiles(counts.withheld), 0);
}

TEST(Pause, CoversOnlyTheNamedWeaponsRegionsAndCompliance) {
  const test::World world = make_world(2);
  TimelineSettings settings = fixed_settings(182.0);
  PauseSpec pause;
  pause.from = 0;
  pause.to = 182 * kSecondsPerDay;
  pause.regions = {1};
  pause.weapons = {false, true, true, true};
  pause.compliance = 0.5;
  settings.campaign.pauses.push_back(pause);
  const TimelineSampler sampler(settings, world.components, world.zones);
  CampaignCounts counts;
  for (std::uint64_t replication = 0; replication < 400; ++replication) {
    sample(sampler, replication, 1, &counts);
  }
  EXPECT_EQ(counts.withheld[0], 0);
  // Half of the missiles at one of two regions: a quarter of all.
  const double share = static_cast<double>(missiles(counts.withheld)) /
                       static_cast<double>(missiles(counts.withheld) + missiles(counts.launched));
  EXPECT_NEAR(share, 0.25, 0.02);
  EXPECT_EQ(missiles(counts.carried_over), 0);  // the pause never ends
}

}  // namespace
}  // namespace wintergrid::random
