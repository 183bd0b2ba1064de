// The whole timeline: determinism, order, independence of the order of evaluation.

#include <algorithm>

#include <gtest/gtest.h>

#include "engine/random/timeline_sampler.hpp"
#include "tests/engine/random/world.hpp"

namespace wintergrid::random {
namespace {

using test::make_world;
using test::same_hit;
using test::sample;

bool same(const Timeline& a, const Timeline& b) {
  return a.outdoor_c == b.outdoor_c && a.forecast_min_c == b.forecast_min_c &&
         a.import_factor == b.import_factor &&
         std::equal(a.hits.begin(), a.hits.end(), b.hits.begin(), b.hits.end(), same_hit) &&
         a.parameters.heat.tau_hours[0] == b.parameters.heat.tau_hours[0] &&
         a.parameters.recovery.duration_factor == b.parameters.recovery.duration_factor;
}

TimelineSettings settings_60_days() {
  TimelineSettings settings;
  settings.start = {2026, 1, 9, 0};
  settings.import.mean = 0.8;
  settings.import.sd = 0.1;
  return settings;
}

TEST(Timeline, SameSeedSameResultWhateverWasSampledBefore) {
  const test::World world = make_world(2);
  const TimelineSampler sampler(settings_60_days(), world.components, world.zones);
  std::vector<Timeline> forward;
  for (std::uint64_t replication = 0; replication < 20; ++replication) {
    forward.push_back(sample(sampler, replication));
  }
  TimelineScratch scratch;  // shared and dirty, in the other order
  Timeline timeline;
  for (std::uint64_t replication = 20; replication-- > 0;) {
    const Draw draw(1, replication);
    sampler.sample(draw, draw, scratch, timeline);
    EXPECT_TRUE(same(timeline, forward[replication])) << replication;
  }
  EXPECT_FALSE(same(forward[0], forward[1]));
  EXPECT_FALSE(same(forward[0], sample(sampler, 0, 2)));
}

TEST(Timeline, HitsAreOrderedAndWithinTheHorizon) {
  const test::World world = make_world(2);
  TimelineSettings settings = settings_60_days();
  settings.start.hour = 13;
  const TimelineSampler sampler(settings, world.components, world.zones);
  std::size_t hits = 0;
  for (std::uint64_t replication = 0; replication < 50; ++replication) {
    const Timeline timeline = sample(sampler, replication);
    EXPECT_EQ(timeline.outdoor_c.size(), 24U * 60U);
    EXPECT_EQ(timeline.forecast_min_c.size(), 24U * 60U);
    EXPECT_EQ(timeline.import_factor.size(), 24U * 60U);
    EXPECT_TRUE(
        std::is_sorted(timeline.hits.begin(), timeline.hits.end(), [](const Hit& a, const Hit& b) {
          return a.time < b.time || (a.time == b.time && a.component < b.component);
        }));
    for (const Hit& hit : timeline.hits) {
      EXPECT_GE(hit.time, 0);
      EXPECT_LT(hit.time, settings.horizon);
      EXPECT_NE(hit.state, DamageState::none);
      EXPECT_GT(hit.work.permanent_seconds, 0);
      // At night by the local clock: waves start before 3:00 and last up to 8 h, double taps follow
      // within 6 h.
      const double clock = hours_from_seconds((hit.time + 13 * kSecondsPerHour) % kSecondsPerDay);
      EXPECT_LT(clock, 17.0);
    }
    hits += timeline.hits.size();
  }
  EXPECT_GT(hits, 100U);
}

TEST(Timeline, ALongerHorizonOnlyAddsToTheEnd) {
  const test::World world = make_world(1);
  TimelineSettings shorter = settings_60_days();
  TimelineSettings longer = shorter;
  longer.horizon = 90 * kSecondsPerDay;
  const TimelineSampler a(shorter, world.components, world.zones);
  const TimelineSampler b(longer, world.components, world.zones);
  for (std::uint64_t replication = 0; replication < 20; ++replication) {
    const Timeline first = sample(a, replication);
    const Timeline second = sample(b, replication);
    ASSERT_LE(first.hits.size(), second.hits.size());
    EXPECT_TRUE(std::equal(first.hits.begin(), first.hits.end(), second.hits.begin(), same_hit));
    EXPECT_TRUE(
        std::equal(first.outdoor_c.begin(), first.outdoor_c.end(), second.outdoor_c.begin()));
    EXPECT_TRUE(std::equal(first.import_factor.begin(), first.import_factor.end(),
                           second.import_factor.begin()));
  }
}

TEST(Timeline, ParametersComeFromTheirOwnDrawAndFixedOnesStayCentral) {
  const test::World world = make_world(1);
  TimelineSettings settings = settings_60_days();
  const TimelineSampler sampler(settings, world.components, world.zones);
  TimelineScratch scratch;
  Timeline a;
  Timeline b;
  sampler.sample(Draw(1, 10), Draw(1, 1), scratch, a);
  sampler.sample(Draw(1, 11), Draw(1, 1), scratch, b);
  EXPECT_EQ(a.parameters.heat.tau_hours[0], b.parameters.heat.tau_hours[0]);
  EXPECT_NE(a.outdoor_c, b.outdoor_c);
  sampler.sample(Draw(1, 10), Draw(1, 2), scratch, b);
  EXPECT_NE(a.parameters.heat.tau_hours[0], b.parameters.heat.tau_hours[0]);
  EXPECT_EQ(a.parameters.heat.drain_threshold_c, -3.0);  // distribution: fixed

  settings.sample_parameters = false;
  const TimelineSampler fixed(settings, world.components, world.zones);
  EXPECT_EQ(sample(fixed, 7).parameters.heat.tau_hours[0], 40.0);
  EXPECT_EQ(sample(fixed, 8).parameters.recovery.duration_factor, 1.0);
}

}  // namespace
}  // namespace wintergrid::random
