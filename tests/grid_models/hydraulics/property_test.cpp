// Random networks: water is neither made nor lost, and nobody gets more than the demand.

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "tests/grid_models/hydraulics/networks.hpp"

namespace wintergrid::hydraulics {
namespace {

using test::add_pipe;

RC_GTEST_PROP(Hydraulics, BalanceAndBounds, ()) {
  const auto nodes = *rc::gen::inRange<std::uint32_t>(3, 25);
  Network network;
  network.add_node(*rc::gen::inRange(10, 80), true);
  for (std::uint32_t i = 1; i < nodes; ++i) {
    const bool tank = *rc::gen::inRange(0, 10) == 0;
    network.add_node(*rc::gen::inRange(0, 40), tank);
    add_pipe(network, *rc::gen::inRange<std::uint32_t>(0, i), i, *rc::gen::inRange(50, 3000),
             0.001 * *rc::gen::inRange(80, 500));
  }
  const auto loops = *rc::gen::inRange<std::uint32_t>(0, nodes);
  for (std::uint32_t l = 0; l < loops; ++l) {
    const auto a = *rc::gen::inRange<std::uint32_t>(0, nodes);
    const auto b = *rc::gen::inRange<std::uint32_t>(0, nodes);
    if (a != b) {
      const std::uint32_t k = add_pipe(network, a, b);
      if (*rc::gen::inRange(0, 3) == 0) {
        network.kind[k] = LinkKind::check_valve;
      }
    }
  }
  Solver solver(network);
  State state = solver.make_state();
  std::vector<double> demand(nodes, 0.0);
  for (std::uint32_t i = 1; i < nodes; ++i) {
    demand[i] = network.fixed_head[i] != 0 ? 0.0 : 0.001 * *rc::gen::inRange(0, 40);
  }
  for (std::size_t k = 0; k < network.link_count(); ++k) {
    state.out_of_service[k] = *rc::gen::inRange(0, 6) == 0 ? 1 : 0;
  }
  SolverOptions options = test::tight();
  options.pressure_driven = true;
  const SolveResult result = solver.solve(demand, state, options);
  RC_ASSERT(result.status == SolveStatus::converged);
  std::vector<double> balance(nodes, 0.0);
  for (std::size_t k = 0; k < network.link_count(); ++k) {
    balance[network.from[k]] -= state.flow_m3s[k];
    balance[network.to[k]] += state.flow_m3s[k];
  }
  for (std::uint32_t i = 0; i < nodes; ++i) {
    RC_ASSERT(std::abs(balance[i] - state.outflow_m3s[i]) < 1e-6);
    if (network.fixed_head[i] == 0) {
      RC_ASSERT(state.delivered_m3s[i] >= 0.0);
      RC_ASSERT(state.delivered_m3s[i] <= demand[i]);
      const double p = state.head_m[i] - network.elevation_m[i];
      const double share = std::sqrt(std::min(1.0, std::max(0.0, p / 20.0)));
      RC_ASSERT(state.isolated[i] != 0 ||
                std::abs(state.delivered_m3s[i] - share * demand[i]) < 3e-6);
    }
  }
}

}  // namespace
}  // namespace wintergrid::hydraulics
