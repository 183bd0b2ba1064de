// Heat networks with pressures and temperatures: by hand and against closed forms.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/grid_models/heat/thermal_case.hpp"
#include "tests/support/allocation_counter.hpp"
#include "tests/support/reference_data.hpp"

namespace wintergrid::heat {
namespace {

using test::ClosedNetwork;  // beside wintergrid::test
using test::drop_bar;
using test::solve;
using test::Solved;

std::vector<std::vector<double>> rows_of(const std::filesystem::path& path) {
  std::ifstream stream(path);
  std::vector<std::vector<double>> rows;
  std::string line;
  std::getline(stream, line);
  while (std::getline(stream, line)) {
    std::replace(line.begin(), line.end(), ';', ' ');
    std::istringstream cells(line);
    std::vector<double> row;
    for (double value = 0.0; cells >> value;) {
      row.push_back(value);
    }
    if (row.size() == 8) {
      rows.push_back(row);
    }
  }
  return rows;
}

/// Rows: U, d, flow, c, surroundings, inlet temperature, distance from the inlet, temperature.
TEST(ThermalNetwork, TemperaturesAlongPipesOfTheClosedForm) {
  const auto folder = wintergrid::test::reference_data("heat/analytic");
  if (!folder) {
    return;
  }
  int compared = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    for (const auto& row : rows_of(entry.path())) {
      ThermalNetwork network;
      network.height_m = {0.0, 0.0};
      network.water = Water(WaterProperties{1000.0, row[3], 1e-3});
      ThermalPipe pipe = test::pipe(0, 1, row[6], row[1]);
      pipe.outer_diameter_m = row[1];
      pipe.u_w_per_m2_k = row[0];
      pipe.ambient_k = row[4];
      network.pipes.push_back(pipe);
      network.fixed.push_back({0, 10.0, row[5], true, true, true});
      network.injections.push_back({1, -row[2], row[4], true});
      EXPECT_NEAR(solve(network).state.temperature_k[1], row[7], 1e-6)
          << entry.path().filename() << " at " << row[6] << " m";
      ++compared;
    }
  }
  EXPECT_GE(compared, 11);
}

/// 2 kg/s split in two equal arms after 2,500 m: the tee of the closed form as one network.
TEST(ThermalNetwork, ATeeSplitsFlowAndKeepsTemperature) {
  ThermalNetwork network;
  network.height_m.assign(4, 0.0);
  network.water = Water(WaterProperties{1000.0, 4182.0, 1e-3});
  for (const auto& [from, to] : {std::pair{0u, 1u}, std::pair{1u, 2u}, std::pair{1u, 3u}}) {
    ThermalPipe pipe = test::pipe(from, to, 2500.0, 0.075);
    pipe.outer_diameter_m = 0.075;
    pipe.u_w_per_m2_k = 5.0;
    pipe.ambient_k = 293.0;
    network.pipes.push_back(pipe);
  }
  network.fixed.push_back({0, 20.0, 350.0, true, true, true});
  network.injections.push_back({2, -1.0, 293.0, true});
  network.injections.push_back({3, -1.0, 293.0, true});
  const Solved solved = solve(network);
  EXPECT_EQ(solved.result.status, ThermalStatus::solved);
  EXPECT_NEAR(solved.state.temperature_k[1], 333.0816228, 1e-6);
  EXPECT_NEAR(solved.state.temperature_k[2], 312.8192027, 1e-6);
  EXPECT_NEAR(solved.state.pipe_flow_kg_s[0], 2.0, 1e-9);
}

/// A source of known flow and temperature mixes with what flows past it.
TEST(ThermalNetwork, ASourceMixesWithTheFlowThatPasses) {
  ThermalNetwork network;
  network.height_m.assign(3, 0.0);
  network.water = Water(test::kFixedWater);
  network.pipes = {test::pipe(0, 1, 100.0, 0.1), test::pipe(2, 1, 100.0, 0.1)};
  for (ThermalPipe& pipe : network.pipes) {
    pipe.u_w_per_m2_k = 0.0;
  }
  network.fixed.push_back({0, 5.0, 360.0, true, true, true});
  network.injections.push_back({1, 1.0, 300.0, true});
  network.injections.push_back({2, -3.0, 300.0, true});
  const Solved solved = solve(network);
  EXPECT_NEAR(solved.state.pipe_flow_kg_s[0], 2.0, 1e-9);
  EXPECT_NEAR(solved.state.pipe_flow_kg_s[1], -3.0, 1e-9);
  EXPECT_NEAR(solved.state.temperature_k[1], (2.0 * 360.0 + 300.0) / 3.0, 1e-9);
  EXPECT_NEAR(solved.state.temperature_k[2], 340.0, 1e-9);
}

/// One consumer at the end of a long main. Its valve is open: flow follows the pressure left over,
/// whatever it would like to have.
TEST(ThermalNetwork, AnOpenValveTakesWhatPressureGives) {
  ClosedNetwork net(2);
  net.add_main(0, 1, 3000.0, 0.1);
  net.add_plant(0, 8.0, 2.0);
  ThermalConsumer& consumer = net.add_consumer(1, 5e6);
  consumer.valve_kg_s_per_sqrt_bar = 20.0;
  const Solved solved = solve(net.network);
  ASSERT_EQ(solved.result.status, ThermalStatus::solved);
  const double flow = solved.state.consumer_flow_kg_s[0];
  const double left = 2.0 - 2.0 * drop_bar(net.network.pipes[0], flow);
  EXPECT_GT(left, 0.0);
  EXPECT_NEAR(flow, 20.0 * std::sqrt(left), 1e-4);
  const double supply_k = solved.state.temperature_k[1];
  EXPECT_NEAR(solved.state.consumer_heat_w[0], flow * 4196.0 * (supply_k - 323.15), 1e-3);
  EXPECT_LT(solved.result.delivered_w, 0.8 * 5e6);
  EXPECT_NEAR(ThermalSolver::imbalance_w(net.network, solved.state), 0.0, 1.0);
}

/// A plant that cannot heat enough sends colder water; who is far gets less than who is near, and
/// the heat adds up to what the plant has.
TEST(ThermalNetwork, ALimitedPlantSendsColderWater) {
  ClosedNetwork net(3);
  net.add_main(0, 1, 800.0, 0.2);
  net.add_main(1, 2, 1500.0, 0.15);
  CirculationPump& plant = net.add_plant(0, 8.0, 3.0);
  net.add_consumer(1, 2e6);
  net.add_consumer(2, 2e6);
  const Solved full = solve(net.network);
  EXPECT_NEAR(full.result.delivered_w, 4e6, 1.0);
  plant.heat_limit_w = 2.2e6;
  const Solved limited = solve(net.network);
  ASSERT_EQ(limited.result.status, ThermalStatus::solved);
  EXPECT_NEAR(limited.state.pump_heat_w[0], 2.2e6, 1.0);
  EXPECT_LT(limited.state.pump_outlet_k[0], 360.0);
  EXPECT_GT(limited.state.consumer_flow_kg_s[0], full.state.consumer_flow_kg_s[0]);
  EXPECT_GT(limited.state.consumer_heat_w[0], limited.state.consumer_heat_w[1]);
  EXPECT_LT(limited.result.delivered_w, 2.2e6);
  EXPECT_NEAR(ThermalSolver::imbalance_w(net.network, limited.state), 0.0, 1.0);
}

/// Reduced-temperature circulation: 60 C instead of 90 C keeps water moving and gives little heat.
TEST(ThermalNetwork, ColderCirculationGivesLessHeat) {
  ClosedNetwork net(2);
  net.add_main(0, 1, 500.0, 0.15);
  CirculationPump& plant = net.add_plant(0, 8.0, 3.0);
  net.add_consumer(1, 2e6);
  plant.temperature_k = 333.15;
  const Solved solved = solve(net.network);
  ASSERT_EQ(solved.result.status, ThermalStatus::solved);
  EXPECT_GT(solved.state.consumer_flow_kg_s[0], 10.0);
  EXPECT_GT(solved.result.delivered_w, 1e5);
  EXPECT_LT(solved.result.delivered_w, 1.5e6);
  EXPECT_GT(solved.state.temperature_k[3], 300.0);
}

/// Two plants on a ring; either alone, the ring opened, and a part cut off.
TEST(ThermalNetwork, PlantsAndRingsComeAndGo) {
  ClosedNetwork net(4);
  net.add_main(0, 1, 600.0, 0.2);
  net.add_main(1, 2, 600.0, 0.2);
  net.add_main(2, 3, 600.0, 0.2);
  net.add_main(3, 0, 600.0, 0.2);
  net.add_plant(0, 8.0, 3.0);
  net.add_plant(2, 8.0, 3.0);
  net.add_consumer(1, 1e6);
  net.add_consumer(3, 1.5e6);
  ThermalNetwork& network = net.network;
  ThermalSolver solver(network);
  ThermalState state = solver.make_state(network);
  ThermalResult result = solver.solve(network, state);
  ASSERT_EQ(result.status, ThermalStatus::solved);
  EXPECT_NEAR(result.delivered_w, 2.5e6, 1.0);
  EXPECT_GT(state.pump_flow_kg_s[0], 1.0);
  EXPECT_GT(state.pump_flow_kg_s[1], 1.0);
  EXPECT_NEAR(state.pump_flow_kg_s[0] + state.pump_flow_kg_s[1],
              state.consumer_flow_kg_s[0] + state.consumer_flow_kg_s[1], 1e-6);

  network.pumps[0].in_service = false;  // the second one holds pressure now
  result = solver.solve(network, state);
  ASSERT_EQ(result.status, ThermalStatus::solved);
  EXPECT_NEAR(result.delivered_w, 2.5e6, 1.0);
  EXPECT_EQ(state.pump_flow_kg_s[0], 0.0);
  EXPECT_NEAR(state.pressure_bar[2], 8.0, 1e-9);

  for (const std::size_t pipe : {2u, 3u, 4u, 5u}) {  // node 2 with its plant is cut off
    network.pipes[pipe].in_service = false;
  }
  result = solver.solve(network, state, 6.0);
  EXPECT_EQ(result.status, ThermalStatus::solved);
  EXPECT_EQ(result.nodes_without_source, 6u);
  EXPECT_EQ(state.node_state[1], NodeState::no_source);
  EXPECT_EQ(state.node_state[2], NodeState::solved);
  EXPECT_EQ(result.delivered_w, 0.0);
  EXPECT_TRUE(std::isnan(state.pressure_bar[1]));
  EXPECT_EQ(state.pipe_flow_kg_s[0], 0.0);

  network.pumps[0].in_service = true;
  result = solver.solve(network, state);
  ASSERT_EQ(result.status, ThermalStatus::solved);
  EXPECT_EQ(result.nodes_without_source, 0u);
  EXPECT_NEAR(result.delivered_w, 2.5e6, 1.0);
}

/// Circulation stops for 10 h: water keeps its heat, by the closed form, and more in wide pipes.
TEST(ThermalNetwork, StandingWaterCoolsFromWhatItWas) {
  ClosedNetwork net(3);
  net.add_main(0, 1, 800.0, 0.3);
  net.add_main(1, 2, 800.0, 0.05);
  CirculationPump& plant = net.add_plant(0, 8.0, 3.0);
  net.add_consumer(2, 1e5);
  ThermalSolver solver(net.network);
  ThermalState state = solver.make_state(net.network);
  solver.solve(net.network, state);
  const double wide_k = state.pipe_mean_k[0], thin_k = state.pipe_mean_k[2];
  plant.in_service = false;
  const ThermalResult result = solver.solve(net.network, state, 10.0);
  EXPECT_EQ(result.nodes_without_source, 6u);
  EXPECT_NEAR(state.pipe_mean_k[0], standing_temperature_k(net.network.pipes[0], wide_k, 10.0),
              1e-9);
  EXPECT_NEAR(state.pipe_mean_k[2], standing_temperature_k(net.network.pipes[2], thin_k, 10.0),
              1e-9);
  EXPECT_GT(state.pipe_mean_k[0] - 275.15, 0.8 * (wide_k - 275.15));
  EXPECT_LT(state.pipe_mean_k[2] - 275.15, 0.7 * (thin_k - 275.15));
  // Ten more hours from there are twenty from the start.
  solver.solve(net.network, state, 10.0);
  EXPECT_NEAR(state.pipe_mean_k[0], standing_temperature_k(net.network.pipes[0], wide_k, 20.0),
              1e-9);
}

/// A pump within a ring drives water round: no node is first in the order of flow.
TEST(ThermalNetwork, TemperaturesOnALoopOfFlowFitEachOther) {
  ThermalNetwork network;
  network.height_m.assign(4, 0.0);
  network.water = Water(test::kFixedWater);
  network.pipes = {test::pipe(0, 1, 100.0, 0.1), test::pipe(1, 2, 100.0, 0.1),
                   test::pipe(2, 3, 100.0, 0.1), test::pipe(3, 1, 100.0, 0.1)};
  network.pipes[3].inner_diameter_m = 0.08;
  network.fixed.push_back({0, 5.0, 360.0, true, true, true});
  network.injections.push_back({2, -1.0, 300.0, true});
  // Flows are set by hand: 3 kg/s round the ring 1-2-3-1, fed by 1 kg/s.
  ThermalMixing mixing(network);
  ThermalSolver solver(network);
  ThermalState state = solver.make_state(network);
  std::fill(state.node_state.begin(), state.node_state.end(), NodeState::solved);
  state.pipe_flow_kg_s = {1.0, 4.0, 3.0, 3.0};
  mixing.solve(network, state);
  const double c = test::kFixedWater.heat_capacity_j_kg_k;
  const double back = state.pipe_outlet_k[3], fed = state.pipe_outlet_k[0];
  EXPECT_NEAR(state.temperature_k[1], (fed + 3.0 * back) / 4.0, 1e-8);
  double around = state.temperature_k[1];
  for (const std::size_t pipe : {1u, 2u, 3u}) {
    around = outlet_temperature_k(network.pipes[pipe], around, state.pipe_flow_kg_s[pipe], c);
  }
  EXPECT_NEAR(around, back, 1e-8);
  EXPECT_LT(back, fed);
}

/// A hot front on its way: the consumer notices when the water arrives, and ends where the steady
/// solution is.
TEST(ThermalNetwork, WithTransportDelayTheFrontArrivesLate) {
  ClosedNetwork net(2);
  net.add_main(0, 1, 1000.0, 0.1);
  CirculationPump& plant = net.add_plant(0, 8.0, 4.0);
  ThermalConsumer& consumer = net.add_consumer(1, 3e5);
  consumer.control = ConsumerControl::fixed_flow;
  consumer.flow_kg_s = 4.0;
  plant.temperature_k = 343.15;
  ThermalSolver solver(net.network);
  ThermalState state = solver.make_state(net.network);
  solver.solve(net.network, state);
  const double before = state.temperature_k[1];
  TransportDelay delay(net.network, state, 5.0);
  plant.temperature_k = 363.15;
  const double travel_s = 971.8 * 0.25 * std::numbers::pi * 0.01 * 1000.0 / 4.0;
  double reached = -1.0;
  for (double t = 0.0; t < 4.0 * travel_s; t += 30.0) {
    solver.advance(net.network, delay, 30.0, state);
    if (reached < 0.0 && state.temperature_k[1] > before + 10.0) {
      reached = t;
    }
  }
  EXPECT_GT(reached, travel_s);
  EXPECT_LT(reached, 1.3 * travel_s);  // the wall takes its part of the heat
  ThermalState steady = solver.make_state(net.network);
  solver.solve(net.network, steady);
  EXPECT_NEAR(state.temperature_k[1], steady.temperature_k[1], 0.1);
}

TEST(ThermalNetwork, SolvesWithoutAllocating) {
  ClosedNetwork net(3);
  net.add_main(0, 1, 800.0, 0.2);
  net.add_main(1, 2, 800.0, 0.1);
  net.add_plant(0, 8.0, 3.0).heat_limit_w = 1.5e6;
  net.add_consumer(1, 1e6);
  net.add_consumer(2, 1e6);
  ThermalSolver solver(net.network);
  ThermalState state = solver.make_state(net.network);
  TransportDelay delay(net.network, state);
  const wintergrid::test::AllocationScope scope;
  solver.solve(net.network, state);
  net.network.pipes[2].in_service = false;
  solver.solve(net.network, state, 1.0);
  solver.advance(net.network, delay, 60.0, state);
  EXPECT_EQ(scope.count(), 0u);
}

}  // namespace
}  // namespace wintergrid::heat
