// Shifts, alerts, reinforcements and shared jobs: timelines by hand, and work counted second by
// second over random worlds.

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "grid_models/core/contract.hpp"
#include "grid_models/recovery/shift_clock.hpp"
#include "tests/grid_models/recovery/story.hpp"
#include "tests/grid_models/recovery/story_laws.hpp"
#include "tests/grid_models/recovery/world.hpp"

namespace wintergrid::recovery::test {
namespace {

using testing::ElementsAre;

constexpr std::size_t kLines = static_cast<std::size_t>(CrewType::lines);
constexpr Seconds kHour = kSecondsPerHour;

TEST(ShiftClock, RoundTheClockItIsTime) {
  const ShiftClock clock(Shift{}, 5 * kHour);
  EXPECT_EQ(clock.on_shift(77), 77);
  EXPECT_EQ(clock.worked_between(10, 110), 100);
  EXPECT_EQ(clock.end_of_work(10, 100), 110);
}

RC_GTEST_PROP(ShiftClock, CountsTheSecondsOnShift, ()) {
  using rc::gen::inRange;
  const Shift shift{.starts = *inRange<Seconds>(0, kSecondsPerDay),
                    .lasts = *inRange<Seconds>(1, kSecondsPerDay + 1)};
  const Seconds local = *inRange<Seconds>(0, kSecondsPerDay);
  const ShiftClock clock(shift, local);
  const auto is_on = [&](Seconds time) {
    return (time + local - shift.starts + kSecondsPerDay) % kSecondsPerDay < shift.lasts;
  };
  const Seconds from = *inRange<Seconds>(0, 3 * kSecondsPerDay);
  const Seconds on = clock.on_shift(from);
  RC_ASSERT(is_on(on));
  RC_ASSERT(on == from || (!is_on(from) && !is_on(on - 1) && on - from < kSecondsPerDay));
  const Seconds to = from + *inRange<Seconds>(0, 3 * kSecondsPerDay);
  Seconds counted = 0;
  for (Seconds time = from; time < to; ++time) {
    counted += is_on(time) ? 1 : 0;
  }
  RC_ASSERT(clock.worked_between(from, to) == counted);
  // The end is the first second by which the work is done.
  const Seconds work = *inRange<Seconds>(1, 3 * kSecondsPerDay);
  const Seconds end = clock.end_of_work(from, work);
  RC_ASSERT(clock.worked_between(from, end) == work);
  RC_ASSERT(clock.worked_between(from, end - 1) == work - 1);
}

TEST(ShiftClock, WorkThatNeverEndsNeverDoes) {
  const ShiftClock clock(Shift{.starts = 0, .lasts = 1}, 0);
  EXPECT_EQ(clock.end_of_work(0, kNever), kNever);
  EXPECT_EQ(clock.on_shift(kNever), kNever);
}

TEST(Rosters, WorkStopsOvernight) {
  World world;
  const ComponentId line = world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 1);
  world.model.shift[kLines] = {.starts = 8 * kHour, .lasts = 10 * kHour};
  world.model.local_time_at_start = 20 * kHour;  // the shift begins in 12 hours
  Replay replay(world);
  replay.hit(0, line, permanent_only(13 * kHour));
  replay.advance(0);
  EXPECT_EQ(replay.next_event(), 12 * kHour);
  replay.run(12 * kHour);
  EXPECT_THAT(replay.log, ElementsAre(Event{(12 + 24 + 3) * kHour, 0, true}));
  EXPECT_EQ(replay.state.crew_seconds_worked, 13 * kHour);
}

TEST(Rosters, AnAlertStopsWorkInItsRegionAndOnlyThere) {
  World world;
  const ZoneId elsewhere = world.add_zone(0.0);
  world.zones.region.back() = 1;
  const ComponentId here = world.add(AssetClass::line);
  const ComponentId there = world.add(AssetClass::line, elsewhere);
  const ComponentId struck = world.add(AssetClass::substation_110);
  world.set_crews(CrewType::lines, 2);
  Replay replay(world);
  replay.hit(0, here, permanent_only(10 * kHour));
  replay.hit(0, there, permanent_only(10 * kHour));
  replay.advance(0);
  replay.parameters.alert_hours = 3.0;
  replay.hit(4 * kHour, struck, permanent_only(1));
  replay.hit(5 * kHour, struck, permanent_only(1));  // the alert is on: not prolonged
  replay.advance(5 * kHour);
  EXPECT_EQ(replay.job_of(here)->stage_ends, 13 * kHour);
  replay.hit(8 * kHour, struck, permanent_only(1));  // a new one, until 11
  replay.run(8 * kHour);
  EXPECT_THAT(replay.log, ElementsAre(Event{10 * kHour, 1, true}, Event{16 * kHour, 0, true}));
  EXPECT_EQ(replay.state.crew_seconds_worked, 20 * kHour) << "standing still is not work";
}

TEST(Rosters, NobodySetsOutUnderAlert) {
  World world;
  const ComponentId line = world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 1);
  Replay replay(world);
  replay.parameters.alert_hours = 2.0;
  replay.hit(100, line, permanent_only(50));
  replay.run(100);
  EXPECT_THAT(replay.log, ElementsAre(Event{100 + 2 * kHour + 50, 0, true}));
}

TEST(Rosters, AStageThatIsInterruptedUnderAlertCountsWhatWasWorkedBefore) {
  World world;
  const ComponentId line = world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 1);
  Replay replay(world);
  replay.hit(0, line, permanent_only(1000));
  replay.advance(0);
  replay.parameters.alert_hours = 1.0;
  replay.hit(300, line, permanent_only(1000));
  replay.advance(300);
  EXPECT_EQ(replay.state.crew_seconds_worked, 300);
  replay.run(300);
  EXPECT_THAT(replay.log, ElementsAre(Event{300 + kHour + 1000, 0, true}));
}

TEST(Rosters, ReinforcementsComeLaterFromTheirZone) {
  World world;
  world.model.travel_km_per_h = 3600.0;
  const ZoneId far = world.add_zone(20.0);
  const ComponentId a = world.add(AssetClass::line);
  const ComponentId b = world.add(AssetClass::line);
  const ComponentId c = world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 1);
  world.set_crews(CrewType::substation, 1);
  world.model.reinforcements = {{CrewType::lines, 1, 400, far}, {CrewType::lines, 1, 100, far}};
  Replay replay(world);
  EXPECT_EQ(replay.state.crews.size(), 4U);
  for (const ComponentId line : {a, b, c}) {
    replay.hit(0, line, permanent_only(1000));
  }
  replay.advance(0);
  EXPECT_EQ(replay.next_event(), 100);
  replay.run(100);
  EXPECT_THAT(replay.log,
              ElementsAre(Event{1000, 0, true}, Event{1120, 1, true}, Event{1420, 2, true}));
}

TEST(Rosters, CrewsOfATypeWithNobodyAtTheStartComeToo) {
  World world;
  const ComponentId line = world.add(AssetClass::line);
  world.model.reinforcements = {{CrewType::lines, 1, 50, ZoneId{0}}};
  Replay replay(world);
  replay.hit(0, line, permanent_only(10));
  replay.run(0);
  EXPECT_THAT(replay.log, ElementsAre(Event{60, 0, true}));
}

TEST(Rosters, SeveralCrewsShareTheWorkOfAJob) {
  World world;
  world.model.travel_km_per_h = 3600.0;
  const ComponentId a = world.add(AssetClass::line, world.add_zone(30.0));
  const ComponentId b = world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 5);
  world.model.team[kLines] = {.minimum = 1, .maximum = 3};
  Replay replay(world);
  replay.hit(0, a, permanent_only(300));
  replay.hit(0, b, permanent_only(300));
  replay.run(0);
  // Three at the first, all after 30 s on the road; the two others at the second.
  EXPECT_THAT(replay.log, ElementsAre(Event{130, 0, true}, Event{150, 1, true}));
  EXPECT_EQ(replay.state.crew_seconds_worked, 3 * 130 + 2 * 150);
  for (const CrewState& crew : replay.state.crews) {
    EXPECT_EQ(crew.busy_until, 0);
    EXPECT_FALSE(crew.component.valid());
  }
}

TEST(Rosters, AJobWaitsForItsLeastCrews) {
  World world;
  const ComponentId a = world.add(AssetClass::line);
  const ComponentId b = world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 3);
  world.model.team[kLines] = {.minimum = 2, .maximum = 2};
  Replay replay(world);
  replay.hit(0, a, permanent_only(100));
  replay.hit(0, b, permanent_only(100));
  replay.advance(0);
  EXPECT_EQ(replay.job_of(b)->stage, JobStage::waiting_permanent) << "one crew is not enough";
  replay.run(0);
  EXPECT_THAT(replay.log, ElementsAre(Event{50, 0, true}, Event{100, 1, true}));
}

TEST(Rosters, ARehitSendsAllCrewsOfTheJobAway) {
  World world;
  const ComponentId line = world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 2);
  world.model.team[kLines] = {.minimum = 1, .maximum = 2};
  Replay replay(world);
  replay.hit(0, line, permanent_only(100));
  replay.advance(0);
  replay.hit(20, line, permanent_only(100));
  EXPECT_EQ(replay.state.crew_seconds_worked, 40);
  EXPECT_EQ(replay.state.crews[0].busy_until, 0);
  EXPECT_EQ(replay.state.crews[1].busy_until, 0);
  replay.run(20);
  EXPECT_THAT(replay.log, ElementsAre(Event{70, 0, true}));
}

TEST(Rosters, WhatMakesNoSenseIsRefused) {
  World world;
  world.add(AssetClass::line);
  const auto refuses = [&](const Model& model) {
    EXPECT_THROW(Recovery(model, world.components, world.zones), ContractViolation);
  };
  Model model = world.model;
  model.shift[kLines].lasts = 0;
  refuses(model);
  model = world.model;
  model.shift[kLines].starts = kSecondsPerDay;
  refuses(model);
  model = world.model;
  model.team[kLines] = {.minimum = 2, .maximum = 1};
  refuses(model);
  model = world.model;
  model.reinforcements = {{CrewType::lines, 1, 50, ZoneId{}}};
  refuses(model);
  model = world.model;
  model.local_time_at_start = -1;
  refuses(model);
}

RC_GTEST_PROP(Rosters, NoMomentIsMissedByGoingFromEventToEvent, ()) {
  no_moment_is_missed(random_story(true));
}

RC_GTEST_PROP(Rosters, ACopyOfTheStateContinuesAsTheOriginal, ()) {
  a_copy_continues_as_the_original(random_story(true));
}

RC_GTEST_PROP(Rosters, OrderOfHitsWithinAMomentDoesNotMatter, ()) {
  order_within_a_moment_does_not_matter(random_story(true));
}

/// A stage under way, counted from outside.
struct Counted {
  Seconds began = 0;
  Seconds worked = 0;
  Seconds planned = 0;
  Seconds crews = 0;
};

RC_GTEST_PROP(Rosters, EverySecondOfWorkIsOnShiftAndOutsideAlerts, ()) {
  const Story story = random_story(true);
  const Model& model = story.world.model;
  Replay replay = begin(story);
  std::map<std::size_t, Counted> under_way;
  Seconds total = 0;
  const auto close = [&](bool finished) {
    for (auto item = under_way.begin(); item != under_way.end();) {
      const Job* job = replay.job_of(ComponentId{item->first});
      if (job != nullptr && !is_waiting(*job) && job->stage_began == item->second.began) {
        ++item;
        continue;
      }
      if (finished) {
        RC_ASSERT(item->second.worked == item->second.planned);
      }
      total += item->second.worked * item->second.crews;
      item = under_way.erase(item);
    }
  };
  for (Seconds now = 0; now <= kEnd; ++now) {
    hit_now(story, replay, now);
    close(false);
    replay.advance(now);
    close(true);
    RC_ASSERT(replay.state.crew_seconds_worked == total);
    std::vector<Seconds> busy(kCrewTypeCount, 0);
    for (const Job& job : replay.state.jobs) {
      const auto type = static_cast<std::size_t>(job.crew);
      const ZoneId zone = story.world.components.zone[job.component.index()];
      const bool alert = replay.state.alert_until[story.world.zones.region[zone.index()]] > now;
      const bool on_shift =
          (now + model.local_time_at_start - model.shift[type].starts + kSecondsPerDay) %
              kSecondsPerDay <
          model.shift[type].lasts;
      if (is_waiting(job)) {
        RC_ASSERT(job.crews == 0);
        continue;
      }
      busy[type] += job.crews;
      RC_ASSERT(job.crews >= model.team[type].minimum && job.crews <= model.team[type].maximum);
      Counted& counted = under_way[job.component.index()];
      if (counted.crews == 0) {
        RC_ASSERT(job.stage_began == now && on_shift && !alert);
        counted = {now, 0, job.stage_seconds, job.crews};
      }
      counted.worked += on_shift && !alert ? 1 : 0;
    }
    for (std::size_t type = 0; type < kCrewTypeCount; ++type) {
      Seconds come = model.crews[type];
      for (const Reinforcement& crews : model.reinforcements) {
        come += static_cast<std::size_t>(crews.type) == type && crews.from <= now ? crews.crews : 0;
      }
      RC_ASSERT(busy[type] <= come);
    }
  }
}

}  // namespace
}  // namespace wintergrid::recovery::test
