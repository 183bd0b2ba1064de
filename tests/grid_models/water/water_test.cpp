// Hand-derived cases. Numbers are chosen so that every expected value is exact.

#include "grid_models/water/water.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "grid_models/core/contract.hpp"
#include "tests/grid_models/water/water_system.hpp"

namespace wintergrid::water {
namespace {

using testing::ElementsAre;

TEST(Water, StartsUnderPressureWithFullTanks) {
  const System system = with_tank();
  const Water water(system.model);
  const State state = water.initial_state();
  EXPECT_THAT(state.tank_level_m3, ElementsAre(0.0, 0.0, 0.0, 240.0));
  EXPECT_THAT(state.node_share, ElementsAre(1.0F, 1.0F, 1.0F, 1.0F));
  EXPECT_THAT(state.node_pressurised_at, ElementsAre(0, 0, 0, 0));
}

TEST(Water, FlowsFromTheWorksThroughThePumpToTheZone) {
  System system = works_pump_zone();
  Water water(system.model);
  State state = water.initial_state();
  moment(water, system, state);
  EXPECT_EQ(state.node_share[2], 1.0F);
  EXPECT_TRUE(water.settled());
  system.now = kHour;
  system.demand_factor = 2.0;  // 120, of which the pump lifts 80
  moment(water, system, state);
  EXPECT_FLOAT_EQ(state.node_share[2], 80.0F / 120.0F);
  EXPECT_FALSE(water.settled());
}

TEST(Water, EachKindOfLimitLimits) {
  const auto share_with = [](auto&& change) {
    System system = works_pump_zone();
    system.demand_factor = 2.0;  // 120
    change(system);
    Water water(system.model);
    State state = water.initial_state();
    moment(water, system, state);
    return state.node_share[2];
  };
  EXPECT_FLOAT_EQ(share_with([](System& s) { s.node_factor[1] = 0.75; }), 60.0F / 120.0F);
  EXPECT_FLOAT_EQ(share_with([](System& s) { s.node_factor[0] = 0.3; }), 30.0F / 120.0F);
  EXPECT_FLOAT_EQ(share_with([](System& s) { s.link_factor[1] = 0.5; }), 45.0F / 120.0F);
  EXPECT_FLOAT_EQ(share_with([](System& s) { s.link_factor[0] = 0.0; }),
                  0.0F);  // unlimited, but broken
  EXPECT_FLOAT_EQ(share_with([](System& s) { s.powered[0] = 0; }), 0.0F);
  EXPECT_FLOAT_EQ(share_with([](System& s) { s.powered[1] = 0; }), 0.0F);
  EXPECT_FLOAT_EQ(share_with([](System& s) { s.powered[2] = 0; }),
                  80.0F / 120.0F);  // a junction needs none
  EXPECT_FLOAT_EQ(share_with([](System& s) { s.demand_factor = 2.5; }), 80.0F / 150.0F);
}

TEST(Water, ATankCarriesTheZoneForExactlyFourHoursWithoutThePump) {
  System system = with_tank();
  Water water(system.model);
  State state = water.initial_state();
  system.powered[1] = 0;
  moment(water, system, state);
  EXPECT_EQ(state.node_share[2], 1.0F);
  EXPECT_FALSE(water.settled());
  // 240 m3 at 60 m3/h
  EXPECT_EQ(water.advance(system.inputs(), system.parameters, 3 * kHour, state), 3 * kHour);
  EXPECT_DOUBLE_EQ(state.tank_level_m3[3], 60.0);
  system.now = 3 * kHour;
  moment(water, system, state);
  EXPECT_EQ(state.node_share[2], 1.0F);
  EXPECT_EQ(water.advance(system.inputs(), system.parameters, 10 * kHour, state), kHour);
  EXPECT_EQ(state.tank_level_m3[3], 0.0);
  system.now = 4 * kHour;
  moment(water, system, state);
  EXPECT_EQ(state.node_share[2], 0.0F);
  EXPECT_EQ(state.node_pressurised_at[2], kNever);
  EXPECT_EQ(water.advance(system.inputs(), system.parameters, 10 * kHour, state), 10 * kHour);
}

TEST(Water, ATankThatEmptiesBetweenSecondsStopsAtTheNextWholeOne) {
  System system;
  const auto tank = system.node(NodeKind::tank, 7.0, 0.0, 1.0);  // 1 m3 at 7 m3/h: 514.28... s
  const auto zone = system.zone(70.0);
  system.link(tank, zone);
  Water water(system.model);
  State state = water.initial_state();
  moment(water, system, state);
  EXPECT_EQ(water.advance(system.inputs(), system.parameters, kHour, state), 515);
  EXPECT_EQ(state.tank_level_m3[tank], 0.0);
  state.tank_level_m3[tank] = 1e-6;  // less than a second's outflow
  state.settled_at = -1;
  state.node_pressurised_at[zone] = 0;
  EXPECT_EQ(water.advance(system.inputs(), system.parameters, kHour, state), 1);
  EXPECT_EQ(state.tank_level_m3[tank], 0.0);
}

TEST(Water, TheFirstOfTwoTanksToEmptyStopsTheClock) {
  System system;
  const auto small = system.node(NodeKind::tank, 100.0, 0.0, 100.0);
  const auto large = system.node(NodeKind::tank, 100.0, 0.0, 300.0);
  const auto a = system.zone(50.0);
  const auto b = system.zone(50.0);
  system.link(small, a);
  system.link(large, b);
  Water water(system.model);
  State state = water.initial_state();
  moment(water, system, state);
  EXPECT_EQ(water.advance(system.inputs(), system.parameters, kSecondsPerDay, state), 2 * kHour);
  EXPECT_THAT(state.tank_level_m3, ElementsAre(0.0, 200.0, 0.0, 0.0));
}

TEST(Water, TanksGiveOnlyWhatWorksCannot) {
  System system = with_tank();
  system.demand_factor = 1.5;  // 90: pump 80, tank 10
  Water water(system.model);
  State state = water.initial_state();
  moment(water, system, state);
  EXPECT_EQ(state.node_share[2], 1.0F);
  water.advance(system.inputs(), system.parameters, kHour, state);
  EXPECT_DOUBLE_EQ(state.tank_level_m3[3], 230.0);
}

TEST(Water, ADamagedTankGivesLess) {
  System system = with_tank();
  system.powered[0] = 0;
  system.node_factor[3] = 0.3;  // 30 of 60
  Water water(system.model);
  State state = water.initial_state();
  moment(water, system, state);
  EXPECT_EQ(state.node_share[2], 0.5F);
}

TEST(Water, ATankRefillsFromWhatIsLeft) {
  const auto level_after_an_hour = [](double inlet, double refill_share) {
    System system = with_tank(inlet);
    system.parameters.refill_share = refill_share;
    Water water(system.model);
    State state = water.initial_state();
    state.tank_level_m3[3] = 100.0;
    moment(water, system, state);
    EXPECT_EQ(state.node_share[2], 1.0F);
    EXPECT_FALSE(water.settled());
    EXPECT_EQ(water.advance(system.inputs(), system.parameters, kHour, state), kHour);
    return state.tank_level_m3[3];
  };
  EXPECT_DOUBLE_EQ(level_after_an_hour(kUnlimited, 0.25),
                   120.0);                                   // the pump has 80 - 60 = 20 to spare
  EXPECT_DOUBLE_EQ(level_after_an_hour(12.0, 0.25), 112.0);  // the inlet carries 12
  EXPECT_DOUBLE_EQ(level_after_an_hour(kUnlimited, 0.0625), 115.0);  // 240 m3 / 16 an hour
}

TEST(Water, AFullTankStaysFull) {
  System system = with_tank();
  Water water(system.model);
  State state = water.initial_state();
  state.tank_level_m3[3] = 235.0;  // 15 minutes at 20 m3/h
  moment(water, system, state);
  EXPECT_EQ(water.advance(system.inputs(), system.parameters, kHour, state), kHour);
  EXPECT_EQ(state.tank_level_m3[3], 240.0);
  system.now = kHour;
  moment(water, system, state);
  EXPECT_TRUE(water.settled());
  EXPECT_EQ(water.advance(system.inputs(), system.parameters, kHour, state), kHour);
  EXPECT_EQ(state.tank_level_m3[3], 240.0);
}

TEST(Water, TwoZonesShareAShortage) {
  System system;
  const auto works = system.node(NodeKind::works, 100.0);
  const auto a = system.zone(60.0);
  const auto b = system.zone(140.0);
  system.link(works, a);
  system.link(works, b);
  Water water(system.model);
  State state = water.initial_state();
  moment(water, system, state);
  EXPECT_EQ(state.node_share[a], 0.5F);
  EXPECT_EQ(state.node_share[b], 0.5F);
  system.now = 1;
  system.link_factor[1] = 1.0;
  system.model.link_capacity_m3_per_h[1] = 35.0;  // b: 35 of 140; a: all of its 60
  Water narrow(system.model);
  moment(narrow, system, state);
  EXPECT_EQ(state.node_share[a], 1.0F);
  EXPECT_EQ(state.node_share[b], 0.25F);
}

TEST(Water, LeaksOfBurstBuildingsAddDemand) {
  System system = works_pump_zone();
  system.extra = {0.0, 0.0, 100.0};  // 160 in all, the pump lifts 80
  Water water(system.model);
  State state = water.initial_state();
  moment(water, system, state);
  EXPECT_EQ(state.node_share[2], 0.5F);
}

TEST(Water, TwoWayLinksCarryBothWaysAndOthersDoNot) {
  for (const bool two_way : {false, true}) {
    System system;
    const auto works = system.node(NodeKind::works, 100.0);
    const auto pump = system.node(NodeKind::pump_station, 100.0);
    const auto zone = system.zone(40.0);
    const auto behind = system.zone(20.0);
    system.link(pump, works, kUnlimited, two_way);  // between nodes with capacities of their own
    system.link(zone, pump, 50.0, two_way);
    system.link(behind, zone, 10.0, two_way);  // between plain junctions
    Water water(system.model);
    State state = water.initial_state();
    moment(water, system, state);
    EXPECT_EQ(state.node_share[zone], two_way ? 1.0F : 0.0F);
    EXPECT_EQ(state.node_share[behind], two_way ? 0.5F : 0.0F);
  }
}

TEST(Water, ANodeWithoutDemandIsServedWhereWaterCanReachIt) {
  System system = works_pump_zone();
  const auto beyond = system.zone(0.0);
  system.link(2, beyond);
  Water water(system.model);
  State state = water.initial_state();
  moment(water, system, state);
  EXPECT_EQ(state.node_share[beyond], 1.0F);
  system.now = kHour;
  system.powered[1] = 0;
  moment(water, system, state);
  EXPECT_EQ(state.node_share[beyond], 0.0F);
}

TEST(Water, TankAndPumpThroughADayAndAHalf) {
  // Pump off from 0 to 10 h. Tank: 4 h. Dry from 4 h to 10 h, filling to 18 h. From 10 h the pump
  // lifts 80, of which the zone takes 60 and the tank 20 an hour: full 12 h later, at 22 h.
  System system = with_tank();
  Water water(system.model);
  State state = water.initial_state();
  system.powered[1] = 0;
  live(water, system, state, 3);
  EXPECT_EQ(state.node_share[2], 1.0F);
  live(water, system, state, 1);
  EXPECT_EQ(state.node_share[2], 0.0F);
  live(water, system, state, 6);
  system.powered[1] = 1;
  live(water, system, state, 7);
  EXPECT_EQ(state.node_share[2], 0.0F);
  EXPECT_DOUBLE_EQ(state.tank_level_m3[3], 140.0);
  live(water, system, state, 1);
  EXPECT_EQ(state.node_share[2], 1.0F);
  live(water, system, state, 3);
  EXPECT_DOUBLE_EQ(state.tank_level_m3[3], 220.0);
  EXPECT_FALSE(water.settled());
  live(water, system, state, 1);
  EXPECT_EQ(state.tank_level_m3[3], 240.0);
  EXPECT_TRUE(water.settled());
}

TEST(Water, OneObjectMovesManyStates) {
  // As look-ahead does. An inlet too many is broken, so that nothing is skipped for being whole.
  System system = with_tank();
  system.link(0, 1, 1.0);
  system.link_factor.back() = 0.0;
  Water water(system.model);
  State full = water.initial_state();
  State low = full;
  low.tank_level_m3[3] = 100.0;
  moment(water, system, full);
  water.advance(system.inputs(), system.parameters, kHour, full);
  EXPECT_EQ(full.tank_level_m3[3], 240.0);
  EXPECT_TRUE(water.settled());
  moment(water, system, low);
  water.advance(system.inputs(), system.parameters, kHour, low);
  EXPECT_DOUBLE_EQ(low.tank_level_m3[3], 120.0);
  EXPECT_FALSE(water.settled());
  moment(water, system, full);
  EXPECT_TRUE(water.settled());
}

TEST(Water, RefusesAModelWhoseArraysDiffer) {
  System system = works_pump_zone();
  system.model.link_to[0] = 9;
  EXPECT_THROW(Water{system.model}, ContractViolation);
  system = works_pump_zone();
  system.model.tank_volume_m3.pop_back();
  EXPECT_THROW(Water{system.model}, ContractViolation);
}

}  // namespace
}  // namespace wintergrid::water
