// Hand-derived cases of losing and regaining pressure.

#include <cmath>
#include <limits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "grid_models/core/contract.hpp"
#include "grid_models/water/water.hpp"
#include "tests/grid_models/water/water_system.hpp"

namespace wintergrid::water {
namespace {

TEST(Water, TenPercentOfDemandIsJustEnough) {
  System system;
  const auto works = system.node(NodeKind::works, 10.0);
  const auto zone = system.zone(100.0);
  system.link(works, zone);
  Water water(system.model);
  State state = water.initial_state();
  moment(water, system, state);
  EXPECT_EQ(state.node_share[zone], 0.1F);
  EXPECT_EQ(state.node_pressurised_at[zone], 0);
  system.now = kHour;
  system.node_factor[works] = 0.999;
  moment(water, system, state);
  EXPECT_EQ(state.node_share[zone], 0.0F);
  EXPECT_EQ(state.node_pressurised_at[zone], kNever);
}

TEST(Water, AShareAtTheLimitIsNotBelowItForBeingStoredAsAFloat) {
  System system;
  const auto works = system.node(NodeKind::works, 70.0);
  const auto zone = system.zone(100.0);
  system.link(works, zone);
  system.parameters.minimum_share = 0.7;  // the nearest float is smaller
  Water water(system.model);
  State state = water.initial_state();
  moment(water, system, state);
  EXPECT_GE(static_cast<double>(state.node_share[zone]), 0.7);
  EXPECT_EQ(state.node_pressurised_at[zone], 0);
}

TEST(Water, ADryNodeDrawsNothing) {
  System system;
  const auto works = system.node(NodeKind::works, 50.0);
  const auto near = system.zone(100.0);
  const auto far = system.zone(100.0);
  system.link(works, near);
  system.link(works, far, 5.0);
  Water water(system.model);
  State state = water.initial_state();
  moment(water, system, state);
  EXPECT_EQ(state.node_share[far], 0.0F);   // 5 of 100: dry
  EXPECT_EQ(state.node_share[near], 0.5F);  // has all 50, not 45
}

TEST(Water, RepressurisationTakesExactlyEightHoursFromThePowersReturn) {
  System system = works_pump_zone();
  Water water(system.model);
  State state = water.initial_state();
  system.powered[1] = 0;
  moment(water, system, state);
  EXPECT_EQ(state.node_pressurised_at[2], kNever);
  EXPECT_EQ(next_event(state), kNever);
  system.now = 2 * kHour + 17;
  system.powered[1] = 1;
  moment(water, system, state);
  EXPECT_EQ(state.node_share[2], 0.0F);
  EXPECT_EQ(state.node_pressurised_at[2], 10 * kHour + 17);
  EXPECT_EQ(next_event(state), 10 * kHour + 17);
  EXPECT_FALSE(water.settled());
  system.now = 10 * kHour + 16;
  moment(water, system, state);
  EXPECT_EQ(state.node_share[2], 0.0F);
  system.now = 10 * kHour + 17;
  moment(water, system, state);
  EXPECT_EQ(state.node_share[2], 1.0F);
  EXPECT_EQ(state.node_pressurised_at[2], 0);
  EXPECT_EQ(next_event(state), kNever);
  EXPECT_TRUE(water.settled());
}

TEST(Water, WithoutRepressurisationTimeItServesAtOnce) {
  System system = works_pump_zone();
  system.parameters.repressurisation_hours = 0.0;
  Water water(system.model);
  State state = water.initial_state();
  system.powered[1] = 0;
  moment(water, system, state);
  EXPECT_EQ(state.node_share[2], 0.0F);
  system.now = kHour;
  system.powered[1] = 1;
  moment(water, system, state);
  EXPECT_EQ(state.node_share[2], 1.0F);
}

TEST(Water, AnotherLossWhileFillingStartsTheWaitAnew) {
  System system = works_pump_zone();
  Water water(system.model);
  State state = water.initial_state();
  system.powered[1] = 0;
  moment(water, system, state);
  system.powered[1] = 1;
  system.now = kHour;
  moment(water, system, state);
  EXPECT_EQ(state.node_pressurised_at[2], 9 * kHour);
  system.powered[1] = 0;
  system.now = 5 * kHour;
  moment(water, system, state);
  EXPECT_EQ(state.node_pressurised_at[2], kNever);
  system.powered[1] = 1;
  system.now = 6 * kHour;
  moment(water, system, state);
  EXPECT_EQ(state.node_pressurised_at[2], 14 * kHour);
}

TEST(Water, EitherPassEndsATimerWhoseSupplyIsLost) {
  System system = works_pump_zone();
  Water water(system.model);
  State state = water.initial_state();
  system.powered[1] = 0;
  moment(water, system, state);
  system.powered[1] = 1;
  system.now = kHour;
  water.restore(system.inputs(), system.parameters, state);
  EXPECT_EQ(state.node_pressurised_at[2], 9 * kHour);
  State filling = state;
  system.powered[1] = 0;  // feedback within the moment
  water.settle(system.inputs(), system.parameters, state);
  EXPECT_EQ(state.node_pressurised_at[2], kNever);
  system.now = 9 * kHour;  // expired, but without supply
  water.restore(system.inputs(), system.parameters, filling);
  EXPECT_EQ(filling.node_pressurised_at[2], kNever);
  EXPECT_EQ(filling.node_share[2], 0.0F);
}

TEST(Water, FillingMainsDrawsWaterFromTheOthers) {
  System system;
  const auto works = system.node(NodeKind::works, 60.0);
  const auto pump = system.node(NodeKind::pump_station, 100.0);
  const auto low = system.zone(60.0);
  const auto high = system.zone(40.0);
  system.link(works, low);
  system.link(works, pump);
  system.link(pump, high);
  Water water(system.model);
  State state = water.initial_state();
  system.powered[pump] = 0;
  moment(water, system, state);
  EXPECT_EQ(state.node_share[low], 1.0F);
  system.now = kHour;
  system.powered[pump] = 1;
  moment(water, system, state);
  EXPECT_FLOAT_EQ(state.node_share[low], 0.6F);  // 60 for 100
  EXPECT_EQ(state.node_share[high], 0.0F);
}

TEST(Water, LossLatchesWithinAMoment) {
  System system = works_pump_zone();
  Water water(system.model);
  State state = water.initial_state();
  system.node_factor[1] = 0.375;  // 30 of 60
  water.settle(system.inputs(), system.parameters, state);
  EXPECT_EQ(state.node_share[2], 0.5F);
  system.node_factor[1] = 1.0;
  water.settle(system.inputs(), system.parameters, state);
  EXPECT_EQ(state.node_share[2], 0.5F);  // same moment: nothing comes back
  system.now = 1;
  water.settle(system.inputs(), system.parameters, state);
  EXPECT_EQ(state.node_share[2], 1.0F);  // later: a node under pressure has what there is
}

TEST(Water, RestoreRaisesSharesAndSettleAfterItTakesAwayOnly) {
  System system = works_pump_zone();
  Water water(system.model);
  State state = water.initial_state();
  system.node_factor[1] = 0.375;
  water.settle(system.inputs(), system.parameters, state);
  system.node_factor[1] = 0.75;
  water.restore(system.inputs(), system.parameters, state);
  EXPECT_EQ(state.node_share[2], 1.0F);
  system.node_factor[1] = 0.375;
  water.settle(system.inputs(), system.parameters, state);
  EXPECT_EQ(state.node_share[2], 0.5F);
}

TEST(Water, TheLitresThatGatherInATankWhileNobodyDrawsStartNoTimer) {
  // The works give 3 of 60: too little. They trickle into the tank; that alone must not look like
  // supply.
  System system = with_tank();
  Water water(system.model);
  State state = water.initial_state();
  state.tank_level_m3[3] = 0.0;
  system.node_factor[0] = 0.03;
  moment(water, system, state);
  EXPECT_EQ(state.node_pressurised_at[2], kNever);
  live(water, system, state, 3);
  EXPECT_DOUBLE_EQ(state.tank_level_m3[3], 9.0);
  EXPECT_EQ(state.node_pressurised_at[2], kNever);  // 3 + 9 / 8 = 4.125 of 60
  live(water, system, state, 5);
  EXPECT_DOUBLE_EQ(state.tank_level_m3[3], 24.0);  // 3 + 24 / 8 = 6 of 60: just enough for 8 hours
  EXPECT_EQ(state.node_pressurised_at[2], 16 * kHour);
}

}  // namespace
}  // namespace wintergrid::water
