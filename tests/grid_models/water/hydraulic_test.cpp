// Pressure-driven water: against laws solved by bisection, and bounded by what capacities allow.

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "tests/grid_models/water/arbitrary_water.hpp"
#include "tests/grid_models/water/water_system.hpp"

namespace wintergrid::water {
namespace {

System hydraulic(System system) {
  system.model.fidelity = Fidelity::hydraulic;
  return system;
}

/// works 0 -> zone 1
System works_zone(double capacity_m3_per_h, double demand_m3_per_h) {
  System system;
  const auto works = system.node(NodeKind::works, capacity_m3_per_h);
  const auto zone = system.zone(demand_m3_per_h);
  system.link(works, zone);
  return hydraulic(system);
}

float first_share(System& system, std::size_t node) {
  Water water(system.model);
  State state = water.initial_state();
  moment(water, system, state);
  EXPECT_FALSE(water.bounded());
  return state.node_share[node];
}

/// Share of works_zone() by bisection over the flow: lift by straight lines through the one-point
/// curve, Hazen-Williams, Wagner.
double share_by_hand(const System& system) {
  const double demand_m3s = system.model.node_demand_m3_per_h[1] * system.demand_factor / 3600.0;
  const double capacity_m3s =
      system.model.node_capacity_m3_per_h[0] * system.node_factor[0] / 3600.0;
  const double diameter_m = system.model.link_diameter_m[0];
  const double resistance = 10.667 * system.model.link_length_m[0] / std::pow(110.0, 1.852) /
                            std::pow(diameter_m, 4.871) / std::pow(system.link_factor[0], 1.852);
  const auto pressure_m = [&](double flow) {
    const double x = flow / capacity_m3s;
    const double below = std::min(3.0, std::floor(4.0 * x)) / 4.0;
    const auto curve = [](double at) { return (4.0 - at * at) / 3.0; };
    const double lift =
        x <= 1.0 ? 45.0 * (curve(below) + 4.0 * (x - below) * (curve(below + 0.25) - curve(below)))
                 : 45.0 + (x - 1.0) / 0.02 * (-4.0 * 45.0 - 45.0);
    return lift - resistance * std::pow(flow, 1.852) + system.model.node_elevation_m[0] -
           system.model.node_elevation_m[1];
  };
  double low = 0.0, high = demand_m3s;
  for (int i = 0; i < 100; ++i) {
    const double flow = 0.5 * (low + high);
    const double taken = demand_m3s * std::sqrt(std::clamp(pressure_m(flow) / 20.0, 0.0, 1.0));
    (taken > flow ? low : high) = flow;
  }
  return low / demand_m3s;
}

TEST(HydraulicWater, OnePipeFollowsTheLaws) {
  System system = works_zone(100.0, 60.0);
  EXPECT_EQ(first_share(system, 1), 1.0F);
  system.model.link_diameter_m[0] = 0.08;
  const auto expect_by_hand = [&] {
    const double by_hand = share_by_hand(system);
    EXPECT_GT(by_hand, 0.15);
    EXPECT_LT(by_hand, 0.98);
    EXPECT_NEAR(static_cast<double>(first_share(system, 1)), by_hand, 1e-3);
  };
  expect_by_hand();
  system.model.node_elevation_m[1] = 20.0;
  expect_by_hand();
  system.model.node_elevation_m[1] = 0.0;
  system.model.link_diameter_m[0] = 0.3;
  system.demand_factor = 2.5;  // the works give no more than 100
  expect_by_hand();
  system.demand_factor = 1.0;
  system.node_factor[0] = 0.3;
  expect_by_hand();
  system.node_factor[0] = 1.0;
  system.link_factor[0] = 0.05;
  expect_by_hand();
}

TEST(HydraulicWater, NoPowerNoWater) {
  System system = hydraulic(works_pump_zone());
  EXPECT_EQ(first_share(system, 2), 1.0F);
  system.powered[1] = 0;
  EXPECT_EQ(first_share(system, 2), 0.0F);
  system.powered[1] = 1;
  system.powered[0] = 0;
  EXPECT_EQ(first_share(system, 2), 0.0F);
  system.powered[0] = 1;
  system.link_factor[1] = 0.0;
  EXPECT_EQ(first_share(system, 2), 0.0F);
}

TEST(HydraulicWater, ATankServesUntilItIsEmpty) {
  System system = hydraulic(with_tank());
  Water water(system.model);
  State state = water.initial_state();
  live(water, system, state, 2);
  EXPECT_EQ(state.tank_level_m3[3], 240.0);  // the pumps hold more pressure than the tank
  EXPECT_TRUE(water.settled());
  system.powered[1] = 0;
  live(water, system, state, 3);
  EXPECT_EQ(state.node_share[2], 1.0F);
  EXPECT_NEAR(state.tank_level_m3[3], 240.0 - 3 * 60.0, 0.1);
  live(water, system, state, 2);
  EXPECT_EQ(state.tank_level_m3[3], 0.0);
  EXPECT_EQ(state.node_share[2], 0.0F);
  EXPECT_EQ(state.node_pressurised_at[2], kNever);
  system.powered[1] = 1;
  live(water, system, state, 7);
  EXPECT_EQ(state.node_share[2], 0.0F);
  EXPECT_GT(state.tank_level_m3[3], 0.0);
  live(water, system, state, 2);
  EXPECT_EQ(state.node_share[2], 1.0F);
}

TEST(HydraulicWater, AStationWithoutLiftPassesWhatFlowsByItself) {
  System system = hydraulic(works_pump_zone());
  system.model.node_head_m[1] = 0.0;
  EXPECT_EQ(first_share(system, 2), 1.0F);  // the works lift 45 m
  system.model.node_head_m[0] = 0.0;
  EXPECT_LT(first_share(system, 2), 0.2F);
}

TEST(HydraulicWater, ATankWithoutOutflowGivesNothing) {
  System system = hydraulic(with_tank());
  system.model.node_capacity_m3_per_h[3] = 0.0;
  system.powered[1] = 0;
  EXPECT_EQ(first_share(system, 2), 0.0F);
}

/// Works without demand behind closed check valves: their pump holds their outlet at its shut-off
/// head, whatever the others draw. (The solver's head there is that of its leaks.)
void expect_shut_off_share(System& system, std::uint32_t works, double lift_m) {
  system = hydraulic(std::move(system));
  system.model.node_head_m[works] = lift_m;
  for (double factor = 0.0; factor < 2.5; factor += 0.25) {
    system.demand_factor = factor;
    EXPECT_NEAR(static_cast<double>(first_share(system, works)),
                std::sqrt(std::min(1.0, lift_m * 4.0 / 3.0 / 20.0)), 1e-6)
        << "demand factor " << factor;
  }
}

TEST(HydraulicWater, ShutOffBehindACheckValveThereIsWhatTheirOwnPumpCanLift) {
  System system;
  const auto low = system.node(NodeKind::works, 130.0);
  const auto high = system.node(NodeKind::works, 290.0);
  const auto station = system.node(NodeKind::pump_station, 10.0);
  const auto zone = system.zone(70.0);
  const auto tank = system.node(NodeKind::tank, 0.0, 0.0, 10.0);
  system.model.node_head_m = {0.0, 36.0, 10.0, 0.0, 10.0};
  system.model.node_elevation_m = {5.0, 14.0, 0.0, 21.0, 0.0};
  system.link(low, station);
  system.link(high, zone);
  system.link(station, tank);
  system.link(low, high);
  system.model.link_length_m = {800.0, 700.0, 10.0, 70.0};
  system.model.link_diameter_m = {0.31, 0.25, 0.1, 0.13};
  expect_shut_off_share(system, low, 11.0);
}

/// An open check valve may let the leaks of others through: that does not join what is before it.
TEST(HydraulicWater, LeaksThroughAnOpenCheckValveHoldNoPressure) {
  System system;
  const auto low = system.node(NodeKind::works, 10.0);
  const auto other = system.node(NodeKind::works, 20.0);
  const auto high = system.node(NodeKind::works, 80.0);
  const auto zone = system.zone(10.0);
  const auto middle = system.node(NodeKind::works, 20.0);
  const auto far = system.node(NodeKind::works, 120.0);
  system.model.node_head_m = {0.0, 10.0, 31.0, 0.0, 22.0, 16.0};
  system.model.node_elevation_m = {0.0, 0.0, 1.0, 6.0, 6.0, 0.0};
  system.link(low, other);
  system.link(low, high);
  system.link(low, zone);
  system.link(low, middle);
  system.link(high, far);
  system.link(high, zone);
  system.model.link_length_m = {10.0, 10.0, 10.0, 10.0, 328.0, 10.0};
  std::fill(system.model.link_diameter_m.begin(), system.model.link_diameter_m.end(), 0.1);
  expect_shut_off_share(system, low, 10.0);
}

/// A part in which nothing moves has flows of nothing too: full tanks stay settled at once.
TEST(HydraulicWater, WhereNobodyDrawsNothingFlows) {
  System system;
  const auto low = system.node(NodeKind::tank, 10.0, 0.0, 10.0);
  const auto high = system.node(NodeKind::tank, 10.0, 0.0, 10.0);
  const auto works = system.node(NodeKind::works, 70.0);
  const auto end = system.zone(0.0);
  system.model.node_head_m = {24.0, 37.0, 39.0, 0.0};
  system.model.node_elevation_m = {3.0, 14.0, 9.0, 0.0};
  system.link(low, high);
  system.link(high, works);
  system.link(high, end);
  system.model.link_length_m = {12.0, 10.0, 10.0};
  system.model.link_diameter_m = {0.1, 0.1, 0.14};
  system = hydraulic(std::move(system));
  Water water(system.model);
  State state = water.initial_state();
  water.restore(system.inputs(), system.parameters, state);
  EXPECT_TRUE(water.settled());
}

TEST(HydraulicWater, AClosedCheckValveBringsNoWater) {
  System system = works_zone(100.0, 60.0);
  const auto plant = system.zone(0.0);
  system.link(plant, 1);  // only away from the plant
  EXPECT_EQ(first_share(system, plant), 0.0F);
  system.model.link_two_way[1] = 1;
  EXPECT_EQ(first_share(system, plant), 1.0F);
}

/// What is asked about one part must not change the answer about another: part A's works lift less
/// than its tank lies high; part B has lost its works, so that it is asked who could be served.
TEST(HydraulicWater, ADryPartDoesNotKeepTheTankOfAnotherFull) {
  const auto system_with = [](bool second_works_powered) {
    System system;
    const auto works = system.node(NodeKind::works, 100.0);
    const auto zone = system.zone(60.0);
    const auto tank = system.node(NodeKind::tank, 100.0, 0.0, 60.0);
    system.link(works, zone);
    system.link(tank, zone, kUnlimited, true);
    const auto other = system.node(NodeKind::works, 100.0);
    const auto other_zone = system.zone(10.0);
    system.link(other, other_zone);
    system.model.node_head_m[tank] = 41.0;
    system.powered[other] = second_works_powered ? 1 : 0;
    return hydraulic(system);
  };
  System both = system_with(true), one = system_with(false);
  Water water_of_both(both.model), water_of_one(one.model);
  State state_of_both = water_of_both.initial_state(), state_of_one = state_of_both;
  for (const double demand_factor : {0.5, 1.5}) {
    both.demand_factor = one.demand_factor = demand_factor;
    live(water_of_both, both, state_of_both, 3);
    live(water_of_one, one, state_of_one, 3);
  }
  EXPECT_LT(state_of_both.tank_level_m3[2], 60.0);
  EXPECT_EQ(state_of_one.tank_level_m3[2], state_of_both.tank_level_m3[2]);
}

/// A small tank beside a large one on a wide main.
TEST(HydraulicWater, WhatTanksPassToEachOtherIsNotLost) {
  System system;
  const auto large = system.node(NodeKind::tank, 300.0, 0.0, 600.0);
  const auto small = system.node(NodeKind::tank, 300.0, 0.0, 100.0);
  const auto zone = system.zone(10.0);
  system.link(large, zone, kUnlimited, true);
  system.link(small, zone, kUnlimited, true);
  system.model.link_diameter_m.assign(2, 0.4);
  System by_pressure = hydraulic(system);
  Water water(by_pressure.model);
  State state = water.initial_state();
  live(water, by_pressure, state, 8);
  EXPECT_NEAR(state.tank_level_m3[large] + state.tank_level_m3[small], 700.0 - 80.0, 8.0);
}

TEST(HydraulicWater, AHighZoneGoesDryBeforeALowOne) {
  System system = works_zone(100.0, 40.0);
  const auto high = system.zone(40.0);
  system.model.node_elevation_m[high] = 40.0;
  system.link(0, high);
  system.node_factor[0] = 0.5;
  Water water(system.model);
  State state = water.initial_state();
  moment(water, system, state);
  EXPECT_GT(state.node_share[1], 0.8F);
  EXPECT_LT(state.node_share[high], 0.3F);
}

/// A tree of works, tanks, stations and zones at random heights, as large as a city's.
System random_tree(unsigned seed) {
  std::mt19937 generator(seed);
  const auto between = [&](double low, double high) {
    return low + (high - low) * static_cast<double>(generator()) / 4294967296.0;
  };
  System system;
  const auto nodes = static_cast<std::uint32_t>(between(3.0, 40.0));
  for (std::uint32_t node = 0; node < nodes; ++node) {
    const auto dice = node == 0 ? 1 : static_cast<int>(between(0.0, 10.0));
    const auto kind = dice == 1   ? NodeKind::works
                      : dice == 2 ? NodeKind::tank
                      : dice == 3 ? NodeKind::pump_station
                                  : NodeKind::junction;
    const bool zone = kind == NodeKind::junction;
    system.node(kind, zone ? kUnlimited : between(200.0, 6000.0), zone ? between(0.0, 300.0) : 0.0,
                kind == NodeKind::tank ? between(100.0, 10000.0) : 0.0);
    system.model.node_elevation_m.back() = between(0.0, 30.0);
    system.model.node_head_m.back() = between(25.0, 60.0);
  }
  for (std::uint32_t node = 1; node < nodes; ++node) {
    const auto from = static_cast<std::uint32_t>(between(0.0, static_cast<double>(node)));
    system.link(from, node, kUnlimited, between(0.0, 1.0) < 0.5);
    system.model.link_length_m.back() = between(100.0, 3000.0);
    system.model.link_diameter_m.back() = between(0.4, 1.4);
  }
  return hydraulic(system);
}

/// Pumps, one-way links and tanks that open and close each other without end are left to the
/// solver's second try; without it ten or so of these find no pressures.
TEST(HydraulicWater, TreesOfACitysSizeFindTheirPressures) {
  int bounded = 0;
  for (unsigned seed = 1; seed <= 2000; ++seed) {
    const System system = random_tree(seed);
    Water water(system.model);
    State state = water.initial_state();
    water.settle(system.inputs(), system.parameters, state);
    bounded += water.bounded() ? 1 : 0;
  }
  EXPECT_LE(bounded, 1);
}

RC_GTEST_PROP(HydraulicWaterProperty, DeliversNoMoreThanCapacitiesAllow, ()) {
  Model model = arbitrary_model(Fidelity::hydraulic);
  // By pressure, water passes the ends of works, stations and tanks from the network's side; by
  // capacity only through their pumps. So let none come back.
  for (std::size_t link = 0; link < model.link_from.size(); ++link) {
    if (model.node_kind[model.link_to[link]] == NodeKind::works) {
      std::swap(model.link_from[link], model.link_to[link]);
    }
    if (model.node_kind[model.link_from[link]] != NodeKind::junction ||
        model.node_kind[model.link_to[link]] != NodeKind::junction) {
      model.link_two_way[link] = 0;
    }
  }
  Model capacities = model;
  capacities.fidelity = Fidelity::transport;
  std::fill(capacities.link_capacity_m3_per_h.begin(), capacities.link_capacity_m3_per_h.end(),
            kUnlimited);  // here a capacity gives a diameter
  for (std::size_t node = 0; node < model.node_count(); ++node) {
    double& capacity = capacities.node_capacity_m3_per_h[node];
    capacity = model.node_kind[node] == NodeKind::tank ? kUnlimited : 1.03 * capacity;
  }
  Parameters parameters;
  parameters.minimum_share = 0.0;
  Circumstances circumstances(model);
  for (int change = *rc::gen::inRange(0, 6); change > 0; --change) {
    circumstances.change(model);
  }
  for (std::size_t link = 0; link < model.link_from.size(); ++link) {
    if (model.node_kind[model.link_to[link]] == NodeKind::works) {
      circumstances.link_factor[link] = 0.0;  // between works
    }
  }
  for (std::size_t node = 0; node < model.node_count(); ++node) {
    if (model.node_kind[node] == NodeKind::tank) {
      circumstances.node_factor[node] = 1.0;
    }
  }
  const auto delivered_m3_per_h = [&](const Model& of, bool& bounded) {
    Water water(of);
    State state = water.initial_state();
    const Inputs inputs = circumstances.inputs(0);
    water.settle(inputs, parameters, state);
    bounded = water.bounded();
    double sum = 0.0;
    for (std::size_t node = 0; node < of.node_count(); ++node) {
      sum += static_cast<double>(state.node_share[node]) *
             (of.node_demand_m3_per_h[node] * inputs.demand_factor +
              inputs.node_extra_demand_m3_per_h[node]);
    }
    return sum;
  };
  bool bounded = false, transport_bounded = false;
  const double by_pressure = delivered_m3_per_h(model, bounded);
  const double by_capacity = delivered_m3_per_h(capacities, transport_bounded);
  RC_PRE(!bounded);  // about one random network in 6,000: said and counted
  RC_ASSERT(by_pressure <= by_capacity * (1.0 + 1e-3) + 0.05);
}

}  // namespace
}  // namespace wintergrid::water
