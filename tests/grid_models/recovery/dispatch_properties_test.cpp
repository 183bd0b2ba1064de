// Properties of dispatch over random worlds with travel, hold-off, re-hits, two stages and spares.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "tests/grid_models/recovery/story.hpp"
#include "tests/grid_models/recovery/story_laws.hpp"
#include "tests/grid_models/recovery/world.hpp"

namespace wintergrid::recovery::test {
namespace {

RC_GTEST_PROP(Dispatch, NoMomentIsMissedByGoingFromEventToEvent, ()) {
  no_moment_is_missed(random_story());
}

RC_GTEST_PROP(Dispatch, StateIsConsistentAtEveryMoment, ()) {
  const Story story = random_story();
  Replay replay = begin(story);
  play(story, replay, [&](Seconds now) {
    const State& state = replay.state;
    RC_ASSERT(replay.next_event() > now);
    std::vector<int> jobs_of_crew(state.crews.size(), 0);
    for (std::size_t i = 0; i < state.jobs.size(); ++i) {
      const Job& job = state.jobs[i];
      if (i > 0) {
        RC_ASSERT(std::pair(state.jobs[i - 1].opened_at, state.jobs[i - 1].component) <
                  std::pair(job.opened_at, job.component));
      }
      RC_ASSERT(replay.job_of(job.component) == &job);  // the only one of its component
      RC_ASSERT(job.stage != JobStage::done);
      if (is_waiting(job)) {
        RC_ASSERT(job.crew_index == UINT16_MAX);
        RC_ASSERT(job.stage_ends == kNever);
        continue;
      }
      RC_ASSERT(job.stage_began >= job.not_before);
      RC_ASSERT(job.stage_ends > now);
      const CrewState& crew = state.crews.at(job.crew_index);
      RC_ASSERT(crew.busy_until == job.stage_ends);
      RC_ASSERT(crew.zone == story.world.components.zone[job.component.index()]);
      ++jobs_of_crew[job.crew_index];
      const std::size_t lines = story.world.model.crews[static_cast<std::size_t>(CrewType::lines)];
      RC_ASSERT((job.crew_index < lines) == (job.crew == CrewType::lines));
    }
    for (std::size_t i = 0; i < state.crews.size(); ++i) {
      RC_ASSERT(jobs_of_crew[i] == (state.crews[i].busy_until == 0 ? 0 : 1));
    }
    // No crew stands idle while a job of its type that needs no spare may be taken.
    for (const Job& job : state.jobs) {
      if (is_waiting(job) && job.not_before <= now &&
          (job.stage == JobStage::waiting_temporary || job.work.spare == kNoSpare)) {
        const std::size_t lines =
            story.world.model.crews[static_cast<std::size_t>(CrewType::lines)];
        const std::size_t first = job.crew == CrewType::lines ? 0 : lines;
        const std::size_t last = job.crew == CrewType::lines ? lines : state.crews.size();
        for (std::size_t crew = first; crew < last; ++crew) {
          RC_ASSERT(state.crews[crew].busy_until > now);
        }
      }
    }
  });
}

RC_GTEST_PROP(Dispatch, JobsAreConserved, ()) {
  const Story story = random_story();
  Replay replay = begin(story);
  std::size_t opened = 0;
  for (Seconds now = 0; now <= kEnd; ++now) {
    opened += hit_now(story, replay, now);
    replay.advance(now);
    RC_ASSERT(opened == replay.state.jobs_done + replay.state.jobs.size());
  }
  const auto permanent = std::count_if(replay.log.begin(), replay.log.end(),
                                       [](const Event& event) { return event.permanent; });
  RC_ASSERT(static_cast<std::uint64_t>(permanent) == replay.state.jobs_done);
}

RC_GTEST_PROP(Dispatch, BusySecondsAreTheSecondsWorked, ()) {
  const Story story = random_story();
  Replay replay = begin(story);
  Seconds busy = 0;
  for (Seconds now = 0; now <= kEnd; ++now) {
    hit_now(story, replay, now);
    replay.advance(now);
    Seconds under_way = 0;
    for (const Job& job : replay.state.jobs) {
      under_way += is_waiting(job) ? 0 : now - job.stage_began;
    }
    RC_ASSERT(replay.state.crew_seconds_worked + under_way == busy);
    busy += std::count_if(replay.state.crews.begin(), replay.state.crews.end(),
                          [](const CrewState& crew) { return crew.busy_until != 0; });
  }
}

RC_GTEST_PROP(Dispatch, BusySecondsAreWorkAndTravel, ()) {
  // Without a re-hit every stage is done once, so the work is known beforehand; travel is followed
  // from zone to zone.
  Story story = random_story();
  std::vector<TimedHit> first_hits;
  for (const TimedHit& hit : story.hits) {
    if (std::none_of(first_hits.begin(), first_hits.end(),
                     [&](const TimedHit& other) { return other.component == hit.component; })) {
      first_hits.push_back(hit);
    }
  }
  story.hits = first_hits;
  Replay replay = begin(story);
  Seconds expected = 0;
  State before = replay.state;
  const std::array<double, 3> zone_km = {0.0, 3.0, 7.0};
  for (Seconds now = 0; now <= kEnd; ++now) {
    hit_now(story, replay, now);
    replay.advance(now);
    for (const Job& job : replay.state.jobs) {
      if (!is_waiting(job) && job.stage_began == now) {
        // A kilometre takes a second.
        const std::size_t from = before.crews[job.crew_index].zone.index();
        const std::size_t to = story.world.components.zone[job.component.index()].index();
        const Seconds travel = std::llround(std::abs(zone_km.at(from) - zone_km.at(to)));
        const Seconds work = job.stage == JobStage::temporary ? job.work.temporary_seconds
                                                              : job.work.permanent_seconds;
        const Seconds scaled =
            std::llround(static_cast<double>(work) * story.parameters.duration_factor);
        expected += std::max<Seconds>(1, travel + scaled);
      }
    }
    before = replay.state;
  }
  Seconds unfinished = 0;
  for (const Job& job : replay.state.jobs) {
    unfinished += is_waiting(job) ? 0 : job.stage_ends - job.stage_began;
  }
  RC_ASSERT(replay.state.crew_seconds_worked + unfinished == expected);
}

RC_GTEST_PROP(Dispatch, SparesAreConserved, ()) {
  const Story story = random_story();
  Replay replay = begin(story);
  const Model& m = story.world.model;
  std::uint64_t taken_from_stock = 0;
  for (Seconds now = 0; now <= kEnd; ++now) {
    hit_now(story, replay, now);
    const State before = replay.state;
    replay.advance(now);
    for (const Job& job : replay.state.jobs) {
      if (job.stage != JobStage::permanent || job.stage_began != now ||
          job.work.spare == kNoSpare) {
        continue;
      }
      // Delivered units are those ordered earlier for this very job (a lead time is at least a
      // second here).
      std::uint64_t delivered = 0;
      for (const Job& earlier : before.jobs) {
        if (earlier.component == job.component && earlier.spare_arrives <= now) {
          delivered = earlier.spare_reserved;
        }
      }
      taken_from_stock += job.work.spare_units - delivered;
    }
    const std::uint64_t resupplied =
        m.spare_resupply_seconds[0] >= kNever
            ? 0
            : static_cast<std::uint64_t>(now / m.spare_resupply_seconds[0]);
    RC_ASSERT(replay.state.spare_stock[0] + taken_from_stock == m.spare_stock[0] + resupplied);
  }
}

RC_GTEST_PROP(Dispatch, OrderOfHitsWithinAMomentDoesNotMatter, ()) {
  order_within_a_moment_does_not_matter(random_story());
}

RC_GTEST_PROP(Dispatch, ACopyOfTheStateContinuesAsTheOriginal, ()) {
  a_copy_continues_as_the_original(random_story());
}

RC_GTEST_PROP(Dispatch, MoreCrewsNeverLoseToFewerOnOneStageJobs, ()) {
  // No travel, one stage, no spares: then first come is a queue with several servers, where more
  // servers make no job later. (With precedence or travel this is not so: Graham 1966, bounds for
  // certain multiprocessing anomalies.)
  World world;
  const int count = *rc::gen::inRange(1, 25);
  std::vector<TimedHit> hits;
  for (int i = 0; i < count; ++i) {
    TimedHit hit;
    hit.component = world.add(AssetClass::line);
    hit.time = *rc::gen::inRange(0, 60);
    hit.work = permanent_only(*rc::gen::inRange(1, 40));
    hits.push_back(hit);
  }
  std::stable_sort(hits.begin(), hits.end(), [](const TimedHit& one, const TimedHit& other) {
    return one.time < other.time;
  });
  std::vector<Seconds> with_fewer(static_cast<std::size_t>(count), kNever);
  for (std::uint16_t crews = 1; crews <= 5; ++crews) {
    Story story;
    story.world = world;
    story.world.set_crews(CrewType::lines, crews);
    story.parameters.hold_off_hours = 5.0 / 3600.0;
    story.hits = hits;
    Replay replay = begin(story);
    for (Seconds now = 0; now < kNever; now = std::min(replay.next_event(), next_hit(story, now))) {
      hit_now(story, replay, now);
      replay.advance(now);
    }
    RC_ASSERT(replay.log.size() == static_cast<std::size_t>(count));
    for (const Event& event : replay.log) {
      RC_ASSERT(event.time <= with_fewer[event.component]);
      with_fewer[event.component] = event.time;
    }
  }
}

}  // namespace
}  // namespace wintergrid::recovery::test
