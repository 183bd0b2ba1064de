// Exact timelines of crews and jobs, worked out by hand.

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "grid_models/core/contract.hpp"
#include "tests/grid_models/recovery/world.hpp"

namespace wintergrid::recovery::test {
namespace {

using testing::ElementsAre;

constexpr std::size_t kLines = static_cast<std::size_t>(CrewType::lines);

TEST(Jobs, NothingIsUnderWayAtTheStart) {
  World world;
  world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 2);
  world.set_crews(CrewType::water, 1);
  const Replay replay(world);
  EXPECT_EQ(replay.state.crews.size(), 3U);
  EXPECT_EQ(replay.next_event(), kNever);
}

TEST(Jobs, AHitIsAnEventOfItsMoment) {
  World world;
  const ComponentId line = world.add(AssetClass::line);
  Replay replay(world);
  replay.hit(7, line, permanent_only(10));
  EXPECT_EQ(replay.next_event(), 7);
  replay.advance(7);
  EXPECT_EQ(replay.next_event(), kNever) << "there is no crew";
}

TEST(Jobs, OneCrewTakesTwoJobsOneAfterTheOther) {
  World world;
  const ComponentId first = world.add(AssetClass::line);
  const ComponentId second = world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 1);
  Replay replay(world);
  replay.hit(100, second, permanent_only(50));
  replay.hit(100, first, permanent_only(30));
  replay.run(100);
  EXPECT_THAT(replay.log, ElementsAre(Event{130, 0, true}, Event{180, 1, true}));
  EXPECT_EQ(replay.state.jobs_done, 2U);
  EXPECT_TRUE(replay.state.jobs.empty());
  EXPECT_EQ(replay.state.crew_seconds_worked, 80);
  EXPECT_EQ(replay.next_event(), kNever);
}

TEST(Jobs, TheCrewThatIsFreeFirstTakesTheNextJob) {
  World world;
  const ComponentId a = world.add(AssetClass::line);
  const ComponentId b = world.add(AssetClass::line);
  const ComponentId c = world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 2);
  Replay replay(world);
  replay.hit(0, a, permanent_only(40));
  replay.hit(0, b, permanent_only(10));
  replay.hit(0, c, permanent_only(5));
  replay.run(0);
  EXPECT_THAT(replay.log, ElementsAre(Event{10, 1, true}, Event{15, 2, true}, Event{40, 0, true}));
  EXPECT_EQ(replay.state.crew_seconds_worked, 55);
}

TEST(Jobs, CompletionsOfOneMomentComeInOrderOfEndThenComponent) {
  World world;
  const std::vector<ComponentId> ids = {world.add(AssetClass::line), world.add(AssetClass::line),
                                        world.add(AssetClass::line), world.add(AssetClass::line)};
  world.set_crews(CrewType::lines, 4);
  Replay replay(world);
  replay.hit(0, ids[3], permanent_only(20));
  replay.hit(0, ids[1], permanent_only(20));
  replay.hit(0, ids[0], permanent_only(30));
  replay.hit(0, ids[2], permanent_only(10));
  replay.advance(0);
  replay.advance(30);  // late: all four ends have passed
  EXPECT_THAT(replay.log, ElementsAre(Event{30, 2, true}, Event{30, 1, true}, Event{30, 3, true},
                                      Event{30, 0, true}));
}

TEST(Jobs, CrewsTakeOnlyJobsOfTheirType) {
  World world;
  const ComponentId line = world.add(AssetClass::line);
  const ComponentId pump = world.add(AssetClass::pump_station);
  world.set_crews(CrewType::water, 1);
  Replay replay(world);
  replay.hit(0, line, permanent_only(10));
  replay.hit(0, pump, permanent_only(10));
  replay.run(0);
  EXPECT_THAT(replay.log, ElementsAre(Event{10, 1, true}));
  ASSERT_NE(replay.job_of(line), nullptr);
  EXPECT_EQ(replay.job_of(line)->stage, JobStage::waiting_permanent);
  EXPECT_EQ(replay.next_event(), kNever) << "nobody will ever come, so nothing is under way";
}

TEST(Jobs, TravelTakesTimeAndTheCrewStaysWhereItWorked) {
  World world;
  const ZoneId town = world.add_zone(40.0);
  const ZoneId village = world.add_zone(60.0);
  const ComponentId in_town = world.add(AssetClass::line, town);
  const ComponentId in_village = world.add(AssetClass::line, village);
  const ComponentId at_home = world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 1);
  Replay replay(world);
  replay.hit(0, in_town, permanent_only(600));
  replay.hit(1, in_village, permanent_only(600));
  replay.hit(2, at_home, permanent_only(600));
  replay.run(2);
  const Seconds first = 2 + 3600 + 600;       // 40 km at 40 km/h
  const Seconds second = first + 1800 + 600;  // 20 km on from the town
  const Seconds third = second + 5400 + 600;  // 60 km back
  EXPECT_THAT(replay.log,
              ElementsAre(Event{first, 0, true}, Event{second, 1, true}, Event{third, 2, true}));
  EXPECT_EQ(replay.state.crews[0].zone, ZoneId{0});
  EXPECT_EQ(replay.state.crew_seconds_worked, third - 2);
}

TEST(Jobs, CrewsStartAtTheBaseOfTheirTypeAndTravelAtTheModelsSpeed) {
  World world;
  const ZoneId town = world.add_zone(40.0);
  const ComponentId in_town = world.add(AssetClass::line, town);
  const ComponentId main = world.add(AssetClass::heat_main, town);
  world.set_crews(CrewType::lines, 1);
  world.set_crews(CrewType::heat_network, 1);
  world.model.base_zone[kLines] = town;
  world.model.travel_km_per_h = 80.0;
  Replay replay(world);
  replay.hit(0, in_town, permanent_only(100));
  replay.hit(0, main, permanent_only(100));
  replay.run(0);
  EXPECT_THAT(replay.log, ElementsAre(Event{100, 0, true}, Event{1900, 1, true}));
}

TEST(Jobs, DurationFactorMultipliesWorkButNotTravel) {
  World world;
  const ZoneId town = world.add_zone(40.0);
  const ComponentId in_town = world.add(AssetClass::line, town);
  world.set_crews(CrewType::lines, 1);
  Replay replay(world);
  replay.parameters.duration_factor = 1.5;
  replay.hit(0, in_town, permanent_only(101));
  replay.run(0);
  EXPECT_THAT(replay.log, ElementsAre(Event{3600 + 152, 0, true}));  // 151.5 rounds up
}

TEST(Jobs, WorkTakesAtLeastASecondSoThatLoopsEnd) {
  World world;
  const ComponentId line = world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 1);
  Replay replay(world);
  replay.parameters.duration_factor = 0.0;
  replay.hit(0, line, permanent_only(1000));
  replay.run(0);
  EXPECT_THAT(replay.log, ElementsAre(Event{1, 0, true}));
}

TEST(Jobs, WorkWithoutEndDoesNotOverflow) {
  World world;
  const ComponentId line = world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 1);
  Replay replay(world);
  replay.parameters.duration_factor = 10.0;
  replay.hit(5, line, permanent_only(kNever));
  replay.run(5);
  EXPECT_TRUE(replay.log.empty());
  EXPECT_EQ(replay.state.crews[0].busy_until, 5 + kNever);
}

TEST(Jobs, CrewsKeepAwayDuringTheHoldOff) {
  World world;
  const ComponentId first = world.add(AssetClass::line);
  const ComponentId second = world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 1);
  Replay replay(world);
  replay.parameters.hold_off_hours = 2.0;
  replay.hit(0, first, permanent_only(60));
  replay.advance(0);
  EXPECT_EQ(replay.next_event(), 7200);
  replay.hit(600, second, permanent_only(60));
  replay.advance(600);
  EXPECT_EQ(replay.next_event(), 7200);
  replay.run(600);
  EXPECT_THAT(replay.log, ElementsAre(Event{7260, 0, true}, Event{7860, 1, true}));
}

TEST(Jobs, TheDefaultHoldOffIsTwoHours) { EXPECT_EQ(Parameters{}.hold_off_hours, 2.0); }

TEST(Jobs, TemporaryFixComesFirstAndThePermanentRepairWaitsAgain) {
  World world;
  const ComponentId first = world.add(AssetClass::line);
  const ComponentId second = world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 1);
  Replay replay(world);
  replay.hit(0, first, {.temporary_seconds = 10, .permanent_seconds = 100});
  replay.hit(0, second, {.temporary_seconds = 20, .permanent_seconds = 200});
  replay.run(0);
  // Both are brought back before either is made good.
  EXPECT_THAT(replay.log, ElementsAre(Event{10, 0, false}, Event{30, 1, false}, Event{130, 0, true},
                                      Event{330, 1, true}));
  EXPECT_EQ(replay.state.jobs_done, 2U);
}

TEST(Jobs, WorkWithoutAPermanentPartIsDoneWhenTheTemporaryFixHolds) {
  World world;
  const ComponentId line = world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 1);
  Replay replay(world);
  replay.hit(0, line, {.temporary_seconds = 7200, .permanent_seconds = 0});  // switching
  replay.run(0);
  EXPECT_THAT(replay.log, ElementsAre(Event{7200, 0, true}));
  EXPECT_TRUE(replay.state.jobs.empty());
}

TEST(Jobs, ReHitInterruptsTheWorkAndItStartsAgainWithTheLonger) {
  World world;
  const ComponentId line = world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 1);
  Replay replay(world);
  replay.parameters.hold_off_hours = 100.0 / 3600.0;
  replay.hit(0, line, permanent_only(300));
  replay.run(0, 100);
  EXPECT_EQ(replay.next_event(), 400);
  replay.hit(250, line, permanent_only(200));  // shorter than the work that was under way
  replay.advance(250);
  EXPECT_EQ(replay.state.crews[0].busy_until, 0) << "the crew has left";
  EXPECT_EQ(replay.state.crew_seconds_worked, 150);
  ASSERT_NE(replay.job_of(line), nullptr);
  EXPECT_EQ(replay.job_of(line)->opened_at, 0) << "keeps its place in the queue";
  EXPECT_EQ(replay.next_event(), 350);
  replay.run(250);
  EXPECT_THAT(replay.log, ElementsAre(Event{650, 0, true}));
  EXPECT_EQ(replay.state.crew_seconds_worked, 450);
  EXPECT_EQ(replay.state.jobs_done, 1U);
}

TEST(Jobs, ReHitAtTheVerySecondOfTheEndStillInterrupts) {
  World world;
  const ComponentId line = world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 1);
  Replay replay(world);
  replay.hit(0, line, permanent_only(300));
  replay.advance(0);
  replay.hit(300, line, permanent_only(10));
  replay.run(300);
  EXPECT_THAT(replay.log, ElementsAre(Event{600, 0, true}));
}

TEST(Jobs, TheInterruptedCrewMayTakeAnotherJobAtOnce) {
  World world;
  const ZoneId town = world.add_zone(40.0);
  const ComponentId struck_again = world.add(AssetClass::line, town);
  const ComponentId nearby = world.add(AssetClass::line, town);
  world.set_crews(CrewType::lines, 1);
  Replay replay(world);
  replay.hit(0, struck_again, permanent_only(1000));
  replay.hit(0, nearby, permanent_only(1000));
  replay.advance(0);
  replay.parameters.hold_off_hours = 2.0;
  replay.hit(4000, struck_again, permanent_only(1000));
  replay.run(4000);
  EXPECT_THAT(replay.log, ElementsAre(Event{5000, 1, true}, Event{4000 + 7200 + 1000, 0, true}));
}

TEST(Jobs, ReHitUndoesATemporaryFix) {
  World world;
  const ComponentId line = world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 1);
  Replay replay(world);
  replay.hit(0, line, {.temporary_seconds = 10, .permanent_seconds = 100});
  replay.advance(0);
  replay.advance(10);  // the fix holds, the permanent repair is under way
  ASSERT_EQ(replay.job_of(line)->stage, JobStage::permanent);
  replay.hit(60, line, {.temporary_seconds = 20, .permanent_seconds = 50});
  EXPECT_EQ(replay.job_of(line)->stage, JobStage::waiting_temporary);
  replay.run(60);
  EXPECT_THAT(replay.log,
              ElementsAre(Event{10, 0, false}, Event{80, 0, false}, Event{180, 0, true}));
}

TEST(Jobs, ReHitTakesTheLongerOfEachStage) {
  World world;
  const ComponentId line = world.add(AssetClass::line);
  Replay replay(world);
  const auto after = [&](const RepairWork& one, const RepairWork& other) {
    replay.state = replay.recovery.initial_state();
    replay.hit(0, line, one);
    replay.hit(0, line, other);
    return replay.job_of(line)->work;
  };
  const RepairWork slight = {.temporary_seconds = 0, .permanent_seconds = 6};
  const RepairWork extensive = {.temporary_seconds = 2, .permanent_seconds = 10};
  const RepairWork long_fix = {.temporary_seconds = 3, .permanent_seconds = 9};
  const RepairWork complete = {.temporary_seconds = 0, .permanent_seconds = 180};
  const std::vector<std::vector<RepairWork>> cases = {
      {slight, extensive, extensive},
      {extensive, long_fix, {.temporary_seconds = 3, .permanent_seconds = 10}},
      // Complete destruction leaves nothing to fix for the time being, whatever the other hit
      // allowed.
      {extensive, complete, complete},
      {slight, complete, complete}};
  for (const std::vector<RepairWork>& pair : cases) {
    EXPECT_EQ(after(pair[0], pair[1]), pair[2]);
    EXPECT_EQ(after(pair[1], pair[0]), pair[2]) << "the order of two hits does not matter";
  }
}

TEST(Jobs, APolicyDecidesWhatIsTaken) {
  class LastCome final : public Policy {
    std::size_t choose(const PolicyView& view,
                       std::span<const std::uint32_t> candidates) const override {
      EXPECT_TRUE(std::is_sorted(candidates.begin(), candidates.end()));
      EXPECT_LT(candidates.back(), view.jobs.size());
      EXPECT_NE(view.model, nullptr);
      EXPECT_NE(view.components, nullptr);
      return candidates.back();
    }
  };
  World world;
  for (int i = 0; i < 3; ++i) {
    world.add(AssetClass::line);
  }
  world.set_crews(CrewType::lines, 1);
  const LastCome last_come;
  Replay replay(world);
  replay.chosen_policy = &last_come;
  for (const std::size_t component : {0U, 1U, 2U}) {
    replay.hit(0, ComponentId{component}, permanent_only(10));
  }
  replay.run(0);
  EXPECT_THAT(replay.log, ElementsAre(Event{10, 2, true}, Event{20, 1, true}, Event{30, 0, true}));
}

TEST(Jobs, AModelThatDoesNotFitIsABug) {
  World world;
  world.add(AssetClass::line);
  world.set_crews(CrewType::lines, 1);
  const auto build = [](const World& one) {
    return Recovery(one.model, one.components, one.zones);
  };
  EXPECT_NO_THROW(build(world));
  World no_base = world;
  no_base.model.base_zone[kLines] = ZoneId{};
  EXPECT_THROW(build(no_base), ContractViolation);
  World too_short = world;
  too_short.model.priority_rank.clear();
  EXPECT_THROW(build(too_short), ContractViolation);
  World no_speed = world;
  no_speed.model.travel_km_per_h = 0.0;
  EXPECT_THROW(build(no_speed), ContractViolation);
  World no_interval = world;
  no_interval.add_spare(1, 0, kNever);
  EXPECT_THROW(build(no_interval), ContractViolation);
}

}  // namespace
}  // namespace wintergrid::recovery::test
