// Random heat networks: what must hold in any of them.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "tests/grid_models/heat/thermal_case.hpp"

namespace wintergrid::heat {
namespace {

using test::ClosedNetwork;
using test::drop_bar;
using test::solve;

/// Where random networks come from: whole numbers in [low, high).
using Whole = std::function<int(int low, int high)>;

ClosedNetwork random_network(const Whole& whole) {
  const auto number = [&](double low, double high) {
    return low + (high - low) * whole(0, 1001) / 1000.0;
  };
  const int nodes = whole(2, 14);
  const auto any = [&](int below) { return static_cast<std::uint32_t>(whole(0, below)); };
  ClosedNetwork net(static_cast<std::uint32_t>(nodes));
  for (int i = 1; i < nodes; ++i) {
    const double length = number(20, 2000), diameter = number(0.04, 0.4);
    net.add_main(any(i), static_cast<std::uint32_t>(i), length, diameter);
  }
  for (int loop = whole(0, 4); loop > 0; --loop) {
    const std::uint32_t a = any(nodes), b = any(nodes);
    const double length = number(20, 2000), diameter = number(0.04, 0.4);
    if (a != b) {
      net.add_main(a, b, length, diameter);
    }
  }
  for (int plants = whole(1, 3); plants > 0; --plants) {
    const double pressure = number(5, 12), lift = number(0.5, 5);
    net.add_plant(any(nodes), pressure, lift);
    if (plants == 2) {
      net.network.pumps.back().heat_limit_w = number(1e5, 5e6);
    }
  }
  for (int i = 0; i < nodes; ++i) {
    net.add_consumer(static_cast<std::uint32_t>(i), number(1e4, 5e6));
    if (whole(0, 3) == 0) {
      net.network.consumers.back().control = ConsumerControl::fixed_flow;
    }
  }
  for (ThermalPipe& pipe : net.network.pipes) {
    pipe.in_service = whole(0, 12) != 0;
    pipe.loss_coefficient = number(0, 10);
  }
  for (double& height : net.network.height_m) {
    height = number(0, 60);
  }
  return net;
}

/// Networks far from any that would be built: random diameters, plants fighting each other. What is
/// not solved is said to be; it may happen rarely.
TEST(ThermalProperty, RandomNetworksConverge) {
  std::mt19937 generator(1);
  int unsolved = 0;
  constexpr int kNetworks = 500;
  for (int k = 0; k < kNetworks; ++k) {
    const ClosedNetwork net = random_network([&](int low, int high) {
      return low + static_cast<int>(generator() % static_cast<unsigned>(high - low));
    });
    unsolved += solve(net.network).result.status == ThermalStatus::solved ? 0 : 1;
  }
  EXPECT_LE(unsolved, kNetworks / 100);
}

/// Whatever is short and whatever is lost: mass and heat balance, pressures obey the pipes' law, no
/// consumer takes more than it wants, and who gets less has its valve open.
RC_GTEST_PROP(ThermalProperty, SolutionsObeyTheirLaws, ()) {
  const ClosedNetwork net =
      random_network([](int low, int high) { return *rc::gen::inRange(low, high); });
  const ThermalNetwork& network = net.network;
  ThermalSolver solver(network);
  ThermalState state = solver.make_state(network);
  const ThermalResult result = solver.solve(network, state);
  RC_PRE(result.status == ThermalStatus::solved);
  std::vector<double> balance(network.node_count(), 0.0);
  double largest = 1e-9;
  for (std::size_t k = 0; k < network.pipes.size(); ++k) {
    const ThermalPipe& pipe = network.pipes[k];
    const double flow = state.pipe_flow_kg_s[k];
    balance[pipe.from] -= flow;
    balance[pipe.to] += flow;
    largest = std::max(largest, std::abs(flow));
    if (flow != 0.0 && std::abs(flow) > 1e-3) {
      const auto absolute = [&](std::uint32_t node) {
        return state.pressure_bar[node] + air_pressure_bar(network.height_m[node]) +
               971.8 * 9.81 * network.height_m[node] / 1e5;
      };
      const double drop = drop_bar(pipe, flow);
      RC_ASSERT(std::abs(absolute(pipe.from) - absolute(pipe.to) - drop) <
                1e-5 + 1e-5 * std::abs(drop));
    }
  }
  for (std::size_t k = 0; k < network.consumers.size(); ++k) {
    const ThermalConsumer& consumer = network.consumers[k];
    const double flow = state.consumer_flow_kg_s[k];
    balance[consumer.from] -= flow;
    balance[consumer.to] += flow;
    const double wanted =
        consumer.control == ConsumerControl::fixed_flow
            ? consumer.flow_kg_s
            : consumer.heat_w /
                  (4196.0 * std::max(1.0, state.temperature_k[consumer.from] - 323.15));
    RC_ASSERT(flow >= 0.0);
    RC_ASSERT(flow <= wanted * (1.0 + 1e-5) + 1e-6);
    RC_ASSERT(state.consumer_heat_w[k] <= consumer.heat_w * (1.0 + 1e-5) + 1.0);
    if (flow > 0.0 && flow < 0.999 * wanted) {
      const double open = consumer.flow_kg_s / std::sqrt(0.5);
      const double difference =
          state.pressure_bar[consumer.from] + air_pressure_bar(network.height_m[consumer.from]) -
          state.pressure_bar[consumer.to] - air_pressure_bar(network.height_m[consumer.to]);
      RC_ASSERT(std::abs(flow - open * std::sqrt(std::max(0.0, difference))) < 1e-3 * open);
    }
  }
  for (std::size_t k = 0; k < network.pumps.size(); ++k) {
    balance[network.pumps[k].from] -= state.pump_flow_kg_s[k];
    balance[network.pumps[k].to] += state.pump_flow_kg_s[k];
    RC_ASSERT(state.pump_heat_w[k] <= network.pumps[k].heat_limit_w * (1.0 + 1e-6) + 1.0);
  }
  for (std::size_t i = 0; i < balance.size(); ++i) {
    const bool holder = std::any_of(network.pumps.begin(), network.pumps.end(),
                                    [&](const auto& p) { return p.from == i || p.to == i; });
    if (!holder) {
      RC_ASSERT(std::abs(balance[i]) < 1e-7 * largest + 1e-8);
    }
    RC_ASSERT(state.temperature_k[i] > 270.0);
    RC_ASSERT(state.temperature_k[i] < 363.16);
  }
}

}  // namespace
}  // namespace wintergrid::heat
