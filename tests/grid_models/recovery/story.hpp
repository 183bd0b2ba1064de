#pragma once
// Random stories of hits in a small world with travel, hold-off, re-hits, two stages and spares,
// and how to play them. Included after gtest.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <rapidcheck.h>

#include "tests/grid_models/recovery/world.hpp"

namespace wintergrid::recovery::test {

inline constexpr Seconds kLastHit = 60;
inline constexpr Seconds kEnd = 500;

struct TimedHit {
  Seconds time = 0;
  ComponentId component;
  RepairWork work;
};

struct Story {
  World world;
  Parameters parameters;
  PolicyKind kind = PolicyKind::first_come;
  std::vector<TimedHit> hits;  ///< by time
};

inline void add_rosters(Story& story) {
  using rc::gen::inRange;
  World& world = story.world;
  world.zones.region.back() = 1;
  world.model.local_time_at_start = *inRange<Seconds>(0, kSecondsPerDay);
  for (const CrewType type : {CrewType::lines, CrewType::substation}) {
    const auto index = static_cast<std::size_t>(type);
    // Off for a while once a day, within the story.
    const Seconds off = *inRange<Seconds>(0, 120);
    world.model.shift[index] = {
        .starts = (world.model.local_time_at_start + *inRange<Seconds>(0, 200)) % kSecondsPerDay,
        .lasts = kSecondsPerDay - off};
    const int minimum = *inRange(1, 3);
    world.model.team[index] = {.minimum = static_cast<std::uint16_t>(minimum),
                               .maximum = static_cast<std::uint16_t>(minimum + *inRange(0, 3))};
    for (int groups = *inRange(0, 3); groups > 0; --groups) {
      world.model.reinforcements.push_back({type, static_cast<std::uint16_t>(*inRange(0, 3)),
                                            *inRange<Seconds>(0, 150),
                                            ZoneId{static_cast<std::size_t>(*inRange(0, 3))}});
    }
  }
  story.parameters.alert_hours = *inRange(0, 40) / 3600.0;
}

/// With `rosters`: shifts, reinforcements, shared jobs, two regions and alerts too.
inline Story random_story(bool rosters = false) {
  using rc::gen::inRange;
  Story story;
  World& world = story.world;
  // Zones a few seconds apart.
  world.model.travel_km_per_h = 3600.0;
  world.add_zone(3.0);
  world.add_zone(7.0);
  const int components = *inRange(1, 8);
  for (int i = 0; i < components; ++i) {
    const AssetClass asset_class =
        *inRange(0, 2) == 0 ? AssetClass::substation_110 : AssetClass::line;
    world.add(asset_class, ZoneId{static_cast<std::size_t>(*inRange(0, 3))});
    world.model.component_households.back() = static_cast<std::uint32_t>(*inRange(0, 4));
    world.model.component_critical.back() = static_cast<std::uint8_t>(*inRange(0, 2));
    world.model.priority_rank.back() = static_cast<std::uint32_t>(*inRange(0, 4));
  }
  world.set_crews(CrewType::lines, static_cast<std::uint16_t>(*inRange(0, 4)));
  world.set_crews(CrewType::substation, static_cast<std::uint16_t>(*inRange(1, 3)));
  const auto spare = world.add_spare(static_cast<std::uint32_t>(*inRange(0, 3)),
                                     *inRange(0, 2) == 0 ? kNever : *inRange(1, 90),
                                     *inRange(0, 3) == 0 ? kNever : *inRange(1, 90));
  story.parameters.hold_off_hours = *inRange(0, 6) / 3600.0;
  story.parameters.duration_factor = *inRange(1, 5) / 2.0;
  if (rosters) {
    add_rosters(story);
  }
  story.kind = static_cast<PolicyKind>(*inRange(0, static_cast<int>(kPolicyCount)));
  const int hits = *inRange(0, 16);
  for (int i = 0; i < hits; ++i) {
    TimedHit hit;
    hit.time = *inRange<Seconds>(0, kLastHit);
    hit.component = ComponentId{static_cast<std::size_t>(*inRange(0, components))};
    hit.work.temporary_seconds = *inRange(0, 2) == 0 ? 0 : *inRange(1, 15);
    hit.work.permanent_seconds =
        hit.work.temporary_seconds > 0 && *inRange(0, 4) == 0 ? 0 : *inRange(1, 30);
    if (*inRange(0, 2) == 0) {
      hit.work.spare = spare;
      hit.work.spare_units = static_cast<std::uint8_t>(*inRange(1, 3));
    }
    story.hits.push_back(hit);
  }
  std::stable_sort(
      story.hits.begin(), story.hits.end(),
      [](const TimedHit& one, const TimedHit& other) { return one.time < other.time; });
  return story;
}

inline Replay begin(const Story& story) {
  Replay replay(story.world, story.kind);
  replay.parameters = story.parameters;
  return replay;
}

/// Applies the hits of `now`, counting those that open a job.
inline std::size_t hit_now(const Story& story, Replay& replay, Seconds now) {
  std::size_t opened = 0;
  for (const TimedHit& hit : story.hits) {
    if (hit.time == now) {
      opened += replay.job_of(hit.component) == nullptr ? 1U : 0U;
      replay.hit(now, hit.component, hit.work);
    }
  }
  return opened;
}

inline Seconds next_hit(const Story& story, Seconds now) {
  const auto next = std::find_if(story.hits.begin(), story.hits.end(),
                                 [now](const TimedHit& hit) { return hit.time > now; });
  return next == story.hits.end() ? kNever : next->time;
}

/// From event to event, with `at_moment(replay, now)` after each.
template <class AtMoment>
void play(const Story& story, Replay& replay, AtMoment at_moment) {
  for (Seconds now = 0; now < kEnd; now = std::min(replay.next_event(), next_hit(story, now))) {
    hit_now(story, replay, now);
    replay.advance(now);
    at_moment(now);
  }
  replay.advance(kEnd);
}

}  // namespace wintergrid::recovery::test
