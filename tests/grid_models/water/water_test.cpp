// Hand-derived cases. Numbers are chosen so that every expected value is exact.

#include "grid_models/water/water.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "grid_models/core/contract.hpp"

namespace wintergrid::water {
namespace {

using testing::ElementsAre;
constexpr double kUnlimited = std::numeric_limits<double>::infinity();
constexpr Seconds kHour = kSecondsPerHour;

/// A model with what happens to it.
struct System {
  Model model;
  Parameters parameters;
  std::vector<double> node_factor, link_factor, extra;
  std::vector<std::uint8_t> powered;
  double demand_factor = 1.0;
  Seconds now = 0;

  std::uint32_t node(NodeKind kind, double capacity, double demand = 0.0, double volume = 0.0) {
    model.node_kind.push_back(kind);
    model.node_capacity_m3_per_h.push_back(capacity);
    model.node_demand_m3_per_h.push_back(demand);
    model.tank_volume_m3.push_back(volume);
    node_factor.push_back(1.0);
    powered.push_back(1);
    return static_cast<std::uint32_t>(model.node_count() - 1);
  }
  std::uint32_t zone(double demand) { return node(NodeKind::junction, kUnlimited, demand); }
  void link(std::uint32_t from, std::uint32_t to, double capacity = kUnlimited,
            bool two_way = false) {
    model.link_from.push_back(from);
    model.link_to.push_back(to);
    model.link_capacity_m3_per_h.push_back(capacity);
    model.link_two_way.push_back(two_way ? 1 : 0);
    link_factor.push_back(1.0);
  }
  Inputs inputs() const { return {now, demand_factor, node_factor, powered, link_factor, extra}; }
};

/// One moment as the system runs it: coming up, then loss.
void moment(Water& water, const System& system, State& state) {
  water.restore(system.inputs(), system.parameters, state);
  water.settle(system.inputs(), system.parameters, state);
}

/// Moves through `hours` hour by hour and at every stop in between.
void live(Water& water, System& system, State& state, int hours) {
  const Seconds end = system.now + hours * kHour;
  while (system.now < end) {
    moment(water, system, state);
    const Seconds next = std::min(end, (system.now / kHour + 1) * kHour);
    system.now += water.advance(system.inputs(), system.parameters, next - system.now, state);
  }
  moment(water, system, state);
}

/// works 0 (yield 100) -> pump 1 (throughput 80) -> zone 2 (demand 60)
System works_pump_zone() {
  System system;
  const auto works = system.node(NodeKind::works, 100.0);
  const auto pump = system.node(NodeKind::pump_station, 80.0);
  const auto zone = system.zone(60.0);
  system.link(works, pump);
  system.link(pump, zone, 90.0);
  return system;
}

/// The same with tank 3 (240 m3, outflow up to 100, full) that feeds the zone and is filled from
/// the pump.
System with_tank(double inlet = kUnlimited) {
  System system = works_pump_zone();
  const auto tank = system.node(NodeKind::tank, 100.0, 0.0, 240.0);
  system.link(tank, 2);
  system.link(1, tank, inlet);
  return system;
}

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
  EXPECT_FLOAT_EQ(share_with([](System& s) { s.parameters.leakage_share = 0.5; }), 80.0F / 150.0F);
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
