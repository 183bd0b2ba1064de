// Exact timelines of spares: stock, resupply, orders.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/grid_models/recovery/world.hpp"

namespace wintergrid::recovery::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

RepairWork with_spare(Seconds seconds, std::uint8_t spare, std::uint8_t units = 1) {
  return {.permanent_seconds = seconds, .spare = spare, .spare_units = units};
}

/// Three substations at the base, one crew.
struct Spares : testing::Test {
  World world;
  ComponentId a = world.add(AssetClass::substation_330);
  ComponentId b = world.add(AssetClass::substation_330);
  ComponentId c = world.add(AssetClass::substation_330);

  Spares() { world.set_crews(CrewType::substation, 1); }
};

TEST_F(Spares, AUnitIsTakenFromStockWhenTheCrewSetsOut) {
  const std::uint8_t spare = world.add_spare(2, kNever, kNever);
  Replay replay(world);
  replay.hit(0, a, with_spare(100, spare));
  EXPECT_EQ(replay.state.spare_stock[spare], 2U);
  replay.advance(0);
  EXPECT_EQ(replay.state.spare_stock[spare], 1U);
  replay.run(0);
  EXPECT_THAT(replay.log, ElementsAre(Event{100, 0, true}));
  EXPECT_EQ(replay.state.spare_stock[spare], 1U);
}

TEST_F(Spares, TheTemporaryFixNeedsNoSpare) {
  const std::uint8_t spare = world.add_spare(0, kNever, 500);
  Replay replay(world);
  replay.hit(0, a,
             {.temporary_seconds = 30, .permanent_seconds = 100, .spare = spare, .spare_units = 1});
  replay.run(0);
  // The order goes out at 30, when the permanent stage is next.
  EXPECT_THAT(replay.log, ElementsAre(Event{30, 0, false}, Event{630, 0, true}));
}

TEST_F(Spares, WithStockOutAnOrderIsPlacedAndReservedForTheJob) {
  const std::uint8_t spare = world.add_spare(1, kNever, 1000);
  Replay replay(world);
  replay.hit(0, a, with_spare(100, spare));
  replay.hit(0, b, with_spare(100, spare));
  replay.advance(0);  // a takes the last unit, b orders at that moment
  ASSERT_NE(replay.job_of(b), nullptr);
  EXPECT_EQ(replay.job_of(b)->spare_reserved, 1);
  EXPECT_EQ(replay.job_of(b)->spare_arrives, 1000);
  replay.run(0, 500);
  replay.hit(500, c, with_spare(100, spare));
  replay.advance(500);
  EXPECT_EQ(replay.next_event(), 1000);
  replay.run(500);
  // The unit that arrives at 1000 is b's alone; c waits for its own.
  EXPECT_THAT(replay.log,
              ElementsAre(Event{100, 0, true}, Event{1100, 1, true}, Event{1600, 2, true}));
  EXPECT_EQ(replay.state.spare_stock[spare], 0U);
}

TEST_F(Spares, TheHoldOffDoesNotDelayTheOrder) {
  const std::uint8_t spare = world.add_spare(0, kNever, 1000);
  Replay replay(world);
  replay.parameters.hold_off_hours = 0.5;
  replay.hit(0, a, with_spare(100, spare));
  replay.run(0);
  EXPECT_THAT(replay.log, ElementsAre(Event{1900, 0, true}));  // 1800 > 1000
}

TEST_F(Spares, ResupplyAddsAUnitPerInterval) {
  const std::uint8_t spare = world.add_spare(0, 400, kNever);
  Replay replay(world);
  replay.hit(0, a, with_spare(50, spare));
  replay.hit(0, b, with_spare(50, spare));
  replay.advance(0);
  EXPECT_EQ(replay.next_event(), 400);
  replay.run(0);
  EXPECT_THAT(replay.log, ElementsAre(Event{450, 0, true}, Event{850, 1, true}));
  replay.advance(2000);  // 1200, 1600 and 2000 have gone to stock
  EXPECT_EQ(replay.state.spare_stock[spare], 3U);
  EXPECT_EQ(replay.state.spare_next[spare], 2400);
}

TEST_F(Spares, ResupplyOrOrderWhicheverComesFirst) {
  const std::uint8_t resupplied_first = world.add_spare(0, 400, 1000);
  const std::uint8_t ordered_first = world.add_spare(0, 1000, 400);
  world.set_crews(CrewType::substation, 2);
  Replay replay(world);
  replay.hit(0, a, with_spare(50, resupplied_first));
  replay.hit(0, b, with_spare(60, ordered_first));
  replay.run(0);
  EXPECT_THAT(replay.log, ElementsAre(Event{450, 0, true}, Event{460, 1, true}));
  replay.advance(2000);
  // The order of the first job was cancelled when resupply came before it: 400 used; 800 to 2000
  // kept.
  EXPECT_EQ(replay.state.spare_stock[resupplied_first], 4U);
  EXPECT_EQ(replay.state.spare_stock[ordered_first], 2U);
}

TEST_F(Spares, AJobThatNeedsTwoUnitsWaitsForBoth) {
  const std::uint8_t spare = world.add_spare(1, 400, kNever);
  Replay replay(world);
  replay.hit(0, a, with_spare(50, spare, 3));
  replay.advance(0);
  EXPECT_EQ(replay.next_event(), 800);
  EXPECT_EQ(replay.state.spare_stock[spare], 1U) << "nothing is taken before all units are there";
  replay.run(0);
  EXPECT_THAT(replay.log, ElementsAre(Event{850, 0, true}));
  EXPECT_EQ(replay.state.spare_stock[spare], 0U);
}

TEST_F(Spares, AUnitInStockGoesToTheJobThePolicyChooses) {
  const std::uint8_t spare = world.add_spare(0, 400, kNever);
  world.model.component_households = {10, 30, 20};
  Replay replay(world, PolicyKind::most_households);
  for (const ComponentId component : {a, b, c}) {
    replay.hit(0, component, with_spare(50, spare));
  }
  replay.run(0);
  EXPECT_THAT(replay.log,
              ElementsAre(Event{450, 1, true}, Event{850, 2, true}, Event{1250, 0, true}));
}

TEST_F(Spares, WaitingForASpareDoesNotHoldACrew) {
  const std::uint8_t spare = world.add_spare(0, kNever, 1000);
  Replay replay(world);
  replay.hit(0, a, with_spare(100, spare));
  replay.hit(5, b, permanent_only(100));
  replay.run(5);
  EXPECT_THAT(replay.log, ElementsAre(Event{105, 1, true}, Event{1105, 0, true}));
}

TEST_F(Spares, WithoutStockResupplyOrOrderNothingIsUnderWay) {
  const std::uint8_t spare = world.add_spare(0, kNever, kNever);
  Replay replay(world);
  replay.hit(0, a, with_spare(100, spare));
  replay.run(0);
  EXPECT_THAT(replay.log, IsEmpty());
  EXPECT_EQ(replay.next_event(), kNever);
  EXPECT_EQ(replay.state.jobs.size(), 1U);
}

TEST_F(Spares, AReHitDuringInstallationLosesTheUnit) {
  const std::uint8_t spare = world.add_spare(2, kNever, kNever);
  Replay replay(world);
  replay.hit(0, a, with_spare(100, spare));
  replay.advance(0);
  replay.hit(50, a, with_spare(100, spare));
  replay.run(50);
  EXPECT_THAT(replay.log, ElementsAre(Event{150, 0, true}));
  EXPECT_EQ(replay.state.spare_stock[spare], 0U);
}

TEST_F(Spares, AReHitDuringInstallationOfAnOrderedUnitOrdersAnew) {
  const std::uint8_t spare = world.add_spare(0, kNever, 1000);
  Replay replay(world);
  replay.hit(0, a, with_spare(100, spare));
  replay.run(0, 1000);
  replay.hit(1050, a, with_spare(100, spare));
  replay.run(1050);
  EXPECT_THAT(replay.log, ElementsAre(Event{2150, 0, true}));
}

TEST_F(Spares, AReHitMayNeedASpareThatTheFirstHitDidNot) {
  const std::uint8_t spare = world.add_spare(1, kNever, kNever);
  Replay replay(world);
  replay.hit(0, a, permanent_only(100));
  replay.hit(10, a, with_spare(50, spare));
  replay.run(10);
  EXPECT_THAT(replay.log, ElementsAre(Event{110, 0, true}));
  EXPECT_EQ(replay.state.spare_stock[spare], 0U);
}

TEST_F(Spares, AnOrderOutlivesAReHitAndGrowsWithTheNeed) {
  const std::uint8_t spare = world.add_spare(0, kNever, 1000);
  Replay replay(world);
  replay.hit(0, a, with_spare(100, spare));
  replay.hit(0, b, with_spare(100, spare));
  replay.advance(0);
  replay.hit(300, a, with_spare(100, spare));
  replay.hit(300, b, with_spare(100, spare, 2));
  replay.run(300);
  // a: the unit of the first order. b: the whole delivery is put off until the second unit comes.
  EXPECT_THAT(replay.log, ElementsAre(Event{1100, 0, true}, Event{1400, 1, true}));
}

TEST_F(Spares, AnImmediateDeliveryIsTakenAtTheSameMoment) {
  const std::uint8_t spare = world.add_spare(0, kNever, 0);
  world.set_crews(CrewType::substation, 2);
  Replay replay(world);
  replay.hit(0, a, with_spare(100, spare));
  replay.hit(0, b, with_spare(100, spare));
  replay.run(0);
  EXPECT_THAT(replay.log, ElementsAre(Event{100, 0, true}, Event{100, 1, true}));
}

}  // namespace
}  // namespace wintergrid::recovery::test
