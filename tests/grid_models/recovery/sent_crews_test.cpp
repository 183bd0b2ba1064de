// Crews sent for work that is no repair.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/grid_models/recovery/world.hpp"

namespace wintergrid::recovery::test {
namespace {

using testing::ElementsAre;

constexpr Seconds kHour = kSecondsPerHour;

TEST(SentCrews, AreGoneForTravelAndWorkAndFreeWhereTheyWorked) {
  World world;
  const ZoneId far = world.add_zone(40.0);  // an hour on the road
  const ComponentId line = world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 1);
  Replay replay(world);
  replay.advance(0);
  EXPECT_EQ(replay.recovery.send_crew(replay.state, CrewType::lines, far, 0, 2 * kHour), 3 * kHour);
  EXPECT_EQ(replay.next_event(), 3 * kHour);
  replay.hit(600, line, permanent_only(kHour));
  replay.run(600);
  // From hour 3 on: an hour back, an hour of work.
  EXPECT_THAT(replay.log, ElementsAre(Event{5 * kHour, 0, true}));
  EXPECT_EQ(replay.state.crews[0].busy_until, 0);
  EXPECT_EQ(replay.state.crew_seconds_worked, 2 * kHour) << "repairs alone";
}

TEST(SentCrews, TheNearestFreeOneGoes) {
  World world;
  const ZoneId far = world.add_zone(40.0);
  world.set_crews(CrewType::water, 2);
  world.model.reinforcements = {{CrewType::water, 1, kHour, far}};
  Replay replay(world);
  const auto send = [&](Seconds now) {
    return replay.recovery.send_crew(replay.state, CrewType::water, far, now, kHour);
  };
  EXPECT_EQ(send(0), 2 * kHour) << "the one that is near has not come yet";
  EXPECT_EQ(replay.state.crews[0].busy_until, 2 * kHour) << "of two alike the first";
  EXPECT_EQ(send(kHour), 2 * kHour);
  EXPECT_EQ(replay.state.crews[2].busy_until, 2 * kHour);
  EXPECT_EQ(send(kHour), 3 * kHour);
  EXPECT_EQ(send(kHour), kNever) << "nobody is left";
  EXPECT_EQ(replay.recovery.send_crew(replay.state, CrewType::plant, far, 0, kHour), kNever);
  replay.advance(2 * kHour);
  EXPECT_EQ(send(2 * kHour), 3 * kHour);
}

TEST(SentCrews, NobodySetsOutBetweenShifts) {
  World world;
  world.set_crews(CrewType::plant, 1);
  world.model.shift[static_cast<std::size_t>(CrewType::plant)] = {.starts = 8 * kHour,
                                                                  .lasts = 8 * kHour};
  Replay replay(world);
  EXPECT_EQ(replay.recovery.send_crew(replay.state, CrewType::plant, ZoneId{0}, kHour, kHour),
            kNever);
  EXPECT_EQ(replay.recovery.send_crew(replay.state, CrewType::plant, ZoneId{0}, 9 * kHour, 0),
            9 * kHour + 1);
}

TEST(SentCrews, WhoWaitsForThemStartsWhenTheyAreFree) {
  World world;
  const ComponentId line = world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 1);
  Replay replay(world);
  replay.hit(0, line, permanent_only(kHour));
  ASSERT_EQ(replay.recovery.send_crew(replay.state, CrewType::lines, ZoneId{0}, 0, kHour), kHour);
  replay.advance(0);
  EXPECT_EQ(replay.next_event(), kHour);
  const State copy = replay.state;
  replay.run(0);
  const std::vector<Event> first = replay.log;
  EXPECT_THAT(first, ElementsAre(Event{2 * kHour, 0, true}));
  replay.state = copy;
  replay.log.clear();
  replay.run(0);
  EXPECT_EQ(replay.log, first);
}

}  // namespace
}  // namespace wintergrid::recovery::test
