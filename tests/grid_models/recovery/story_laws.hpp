#pragma once
// Laws that hold for every story, with and without shifts, alerts and shared jobs.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include <rapidcheck.h>

#include "tests/grid_models/recovery/story.hpp"

namespace wintergrid::recovery::test {

/// Going from event to event gives what going through every second gives.
inline void no_moment_is_missed(const Story& story) {
  Replay every_second = begin(story);
  for (Seconds now = 0; now <= kEnd; ++now) {
    hit_now(story, every_second, now);
    every_second.advance(now);
  }
  Replay by_events = begin(story);
  play(story, by_events, [](Seconds) {});
  RC_ASSERT(by_events.log == every_second.log);
  RC_ASSERT(by_events.state == every_second.state);
}

/// Hits of one moment may come in any order.
inline void order_within_a_moment_does_not_matter(Story story) {
  // Two hits of one moment on one component merge into the longer of the two; keep to one here, the
  // merge has its own test.
  std::vector<TimedHit> distinct;
  for (TimedHit hit : story.hits) {
    hit.time -= hit.time % 20;
    if (std::none_of(distinct.begin(), distinct.end(), [&](const TimedHit& other) {
          return other.component == hit.component && other.time == hit.time;
        })) {
      distinct.push_back(hit);
    }
  }
  story.hits = distinct;
  Story shuffled = story;
  std::mt19937_64 generator(static_cast<std::uint64_t>(*rc::gen::inRange(0, 1000)));
  std::shuffle(shuffled.hits.begin(), shuffled.hits.end(), generator);
  std::stable_sort(
      shuffled.hits.begin(), shuffled.hits.end(),
      [](const TimedHit& one, const TimedHit& other) { return one.time < other.time; });
  Replay one = begin(story);
  Replay other = begin(shuffled);
  play(story, one, [](Seconds) {});
  play(shuffled, other, [](Seconds) {});
  RC_ASSERT(one.log == other.log);
  RC_ASSERT(one.state == other.state);
}

/// A copy of the state, in another Recovery with other scratch, goes on as the original.
inline void a_copy_continues_as_the_original(const Story& story) {
  const Seconds split = *rc::gen::inRange<Seconds>(0, 150);
  Replay original = begin(story);
  std::optional<State> copy;
  std::size_t logged = 0;
  for (Seconds now = 0; now <= kEnd; ++now) {
    hit_now(story, original, now);
    original.advance(now);
    if (now == split) {
      copy = original.state;
      logged = original.log.size();
    }
  }
  // Another Recovery, with other scratch.
  Replay continued = begin(story);
  continued.state = *copy;
  for (Seconds now = split + 1; now <= kEnd; ++now) {
    hit_now(story, continued, now);
    continued.advance(now);
  }
  original.log.erase(original.log.begin(),
                     original.log.begin() + static_cast<std::ptrdiff_t>(logged));
  RC_ASSERT(continued.log == original.log);
  RC_ASSERT(continued.state == original.state);
}

}  // namespace wintergrid::recovery::test
