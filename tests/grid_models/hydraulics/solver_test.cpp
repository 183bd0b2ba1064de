// The solver on networks with known answers; its factorisation against Eigen.

#include <cmath>
#include <random>

#include <Eigen/Dense>
#include <gtest/gtest.h>

#include "grid_models/network/sparse_ldlt.hpp"
#include "tests/grid_models/hydraulics/networks.hpp"
#include "tests/support/allocation_counter.hpp"

namespace wintergrid::hydraulics {
namespace {

using test::add_pipe;
using test::tight;

TEST(Solver, FactorisationEqualsEigen) {
  // a grid of pipes with conductances over 14 orders of magnitude, as statuses make them
  constexpr std::uint32_t kSide = 7, kSize = kSide * kSide;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (std::uint32_t i = 0; i < kSize; ++i) {
    if (i % kSide + 1 < kSide) {
      pairs.emplace_back(i, i + 1);
    }
    if (i + kSide < kSize) {
      pairs.emplace_back(i + kSide, i);
    }
  }
  SparseLdlt matrix(kSize, pairs);
  std::mt19937 generator(7);
  std::uniform_real_distribution<double> exponent(-9.0, 5.0), side(-1.0, 1.0);
  for (int round = 0; round < 20; ++round) {
    matrix.clear();
    Eigen::MatrixXd dense = Eigen::MatrixXd::Zero(kSize, kSize);
    for (std::size_t p = 0; p < pairs.size(); ++p) {
      const auto [a, b] = pairs[p];
      const double g = std::pow(10.0, exponent(generator));
      matrix.values()[matrix.pair_slots()[p]] -= g;
      matrix.values()[matrix.diagonal_slot(a)] += g;
      matrix.values()[matrix.diagonal_slot(b)] += g;
      dense(a, b) -= g;
      dense(b, a) -= g;
      dense(a, a) += g;
      dense(b, b) += g;
    }
    Eigen::VectorXd right(kSize);
    for (std::uint32_t i = 0; i < kSize; ++i) {
      matrix.values()[matrix.diagonal_slot(i)] += 1.0;
      dense(i, i) += 1.0;
      right(i) = side(generator);
    }
    std::vector<double> x(right.data(), right.data() + kSize);
    matrix.factor(1e-15);
    EXPECT_TRUE(matrix.weak_rows().empty());
    matrix.solve(x);
    const Eigen::VectorXd expected = dense.ldlt().solve(right);
    for (std::uint32_t i = 0; i < kSize; ++i) {
      EXPECT_NEAR(x[i], expected(i), 1e-8);
    }
  }
}

TEST(Solver, TwoParallelPipesShareByTheirResistance) {
  Network network;
  network.add_node(60.0, true);
  network.add_node(0.0, false);
  add_pipe(network, 0, 1, 1000.0, 0.3);
  add_pipe(network, 0, 1, 1000.0, 0.2);
  Solver solver(network);
  State state = solver.make_state();
  const std::vector<double> demand = {0.0, 0.1};
  const SolveResult result = solver.solve(demand, state, tight());
  EXPECT_EQ(result.status, SolveStatus::converged);
  // equal losses: q1 / q2 = (d1 / d2)^(4.871 / 1.852)
  EXPECT_NEAR(state.flow_m3s[0] / state.flow_m3s[1], std::pow(1.5, 4.871 / 1.852), 1e-6);
  EXPECT_NEAR(state.flow_m3s[0] + state.flow_m3s[1], 0.1, 1e-12);
  EXPECT_NEAR(state.outflow_m3s[0], -0.1, 1e-12);
}

TEST(Solver, PressureDrivenDemandFollowsWagner) {
  // p = H0 - r q^1.852, q = D sqrt(p / 20): one equation, solved by bisection
  Network network;
  network.add_node(15.0, true);
  network.add_node(0.0, false);
  add_pipe(network, 0, 1);
  Solver solver(network);
  SolverOptions options = tight();
  options.pressure_driven = true;
  for (const double minimum : {0.0, 4.0}) {
    for (const double exponent : {0.5, 0.8}) {
      options.minimum_pressure_m = minimum;
      options.pressure_exponent = exponent;
      State state = solver.make_state();
      const std::vector<double> demand = {0.0, 0.1};
      const SolveResult result = solver.solve(demand, state, options);
      EXPECT_EQ(result.status, SolveStatus::converged);
      double low = 0.0, high = 0.1;
      for (int i = 0; i < 200; ++i) {
        const double q = 0.5 * (low + high);
        const double p = 15.0 - network.resistance[0] * std::pow(q, 1.852);
        const double share = std::max(0.0, p - minimum) / (20.0 - minimum);
        (q < 0.1 * std::pow(share, exponent) ? low : high) = q;
      }
      EXPECT_NEAR(state.delivered_m3s[1], low, 1e-9);
      EXPECT_NEAR(result.delivered_m3s, low, 1e-9);
      EXPECT_DOUBLE_EQ(result.full_demand_m3s, 0.1);
    }
  }
}

TEST(Solver, DemandIsMetInFullAboveTheRequiredPressureAndNotAtAllBelowTheMinimum) {
  Network network;
  network.add_node(60.0, true);
  network.add_node(0.0, false);
  network.add_node(70.0, false);
  add_pipe(network, 0, 1);
  add_pipe(network, 1, 2);
  Solver solver(network);
  SolverOptions options = tight();
  options.pressure_driven = true;
  State state = solver.make_state();
  const std::vector<double> demand = {0.0, 0.02, 0.03};
  EXPECT_EQ(solver.solve(demand, state, options).status, SolveStatus::converged);
  EXPECT_NEAR(state.delivered_m3s[1], 0.02, 1e-9);
  EXPECT_LE(state.delivered_m3s[1], 0.02);
  EXPECT_NEAR(state.delivered_m3s[2], 0.0, 1e-8);
  EXPECT_GE(state.delivered_m3s[2], 0.0);
}

TEST(Solver, IsolatedPartsAreLeftOutAndGetNothing) {
  Network network;
  network.add_node(60.0, true);
  for (int i = 0; i < 3; ++i) {
    network.add_node(5.0 * i, false);
  }
  add_pipe(network, 0, 1);
  const std::uint32_t gate = add_pipe(network, 1, 2);
  add_pipe(network, 2, 3);
  Solver solver(network);
  const std::vector<double> demand = {0.0, 0.01, 0.02, 0.03};
  for (const bool pressure_driven : {false, true}) {
    SolverOptions options = tight();
    options.pressure_driven = pressure_driven;
    State state = solver.make_state();
    state.out_of_service[gate] = 1;
    const SolveResult result = solver.solve(demand, state, options);
    EXPECT_EQ(result.status, SolveStatus::converged);
    EXPECT_EQ(result.isolated_nodes, 2U);
    EXPECT_EQ(state.isolated, (std::vector<std::uint8_t>{0, 0, 1, 1}));
    EXPECT_NEAR(result.delivered_m3s, 0.01, 1e-9);
    EXPECT_DOUBLE_EQ(result.full_demand_m3s, 0.06);
    EXPECT_EQ(state.flow_m3s[2], 0.0);
    EXPECT_EQ(state.head_m[3], 10.0);
    state.out_of_service[gate] = 0;
    EXPECT_NEAR(solver.solve(demand, state, options).delivered_m3s, 0.06, 1e-9);
  }
}

TEST(Solver, AnIsolatedPartWithAWellServesItself) {
  Network network;
  network.add_node(60.0, true);
  network.add_node(0.0, false);
  network.add_node(0.0, false);
  add_pipe(network, 1, 2);
  Solver solver(network);
  SolverOptions options = tight();
  options.pressure_driven = true;
  State state = solver.make_state();
  const std::vector<double> demand = {0.0, -0.02, 0.05};
  const SolveResult result = solver.solve(demand, state, options);
  EXPECT_EQ(result.status, SolveStatus::converged);
  EXPECT_NEAR(state.delivered_m3s[2], 0.02, 1e-8);
  EXPECT_NEAR(state.head_m[2], 20.0 * 0.4 * 0.4, 1e-4);
}

TEST(Solver, EmitterFollowsItsLaw) {
  Network network;
  network.add_node(30.0, true);
  network.add_node(0.0, false);
  add_pipe(network, 0, 1, 1.0, 1.0);
  network.outlets.push_back({1, 1.0 / (0.002 * 0.002), 2.0, true});  // q = 0.002 sqrt(p)
  Solver solver(network);
  State state = solver.make_state();
  const std::vector<double> demand(2, 0.0);
  EXPECT_EQ(solver.solve(demand, state, tight()).status, SolveStatus::converged);
  EXPECT_NEAR(state.outlet_m3s[0], 0.002 * std::sqrt(state.head_m[1]), 1e-9);
  EXPECT_NEAR(state.outflow_m3s[1], state.outlet_m3s[0], 1e-12);
}

TEST(Solver, PumpsLiftAlongTheirCurves) {
  // h(q) at the demanded flow, for each kind and speed
  const double flow = 0.02;
  const auto gain = [flow](const Pump& pump, const Curve& curve, double speed) {
    Network network;
    network.add_node(10.0, true);
    network.add_node(0.0, false);
    network.pumps.push_back(pump);
    network.curves.push_back(curve);
    network.attachment[network.add_link(LinkKind::pump, 0, 1, 0.0)] = 0;
    Solver solver(network);
    State state = solver.make_state();
    state.setting[0] = speed;
    solver.reset_flows(state);
    const std::vector<double> demand = {0.0, flow};
    EXPECT_EQ(solver.solve(demand, state, tight()).status, SolveStatus::converged);
    return state.head_m[1] - state.head_m[0];
  };
  const Pump power{PumpKind::power_function, 40.0, 5000.0, 1.7, 0.03, kNone};
  EXPECT_NEAR(gain(power, {}, 1.0), 40.0 - 5000.0 * std::pow(flow, 1.7), 1e-6);
  EXPECT_NEAR(gain(power, {}, 0.9), 0.81 * 40.0 - 5000.0 * std::pow(0.9, 0.3) * std::pow(flow, 1.7),
              1e-6);
  const Curve points{{0.0, 0.01, 0.03, 0.05}, {50.0, 45.0, 30.0, 5.0}};
  const Pump piecewise{PumpKind::piecewise, 50.0, 0.0, 1.0, 0.025, 0};
  EXPECT_NEAR(gain(piecewise, points, 1.0), 37.5, 1e-6);
  EXPECT_NEAR(gain(piecewise, points, 0.8), 0.64 * (45.0 - 0.015 * 750.0), 1e-6);
  const Pump constant{PumpKind::constant_power, 1e10, 1.2, 1.0, 0.03, kNone};
  EXPECT_NEAR(gain(constant, {}, 1.0), 1.2 / flow, 1e-6);
}

TEST(Solver, APumpThatCannotLiftCloses) {
  Network network;
  network.add_node(0.0, true);
  network.add_node(0.0, false);
  network.add_node(60.0, true);
  network.pumps.push_back({PumpKind::power_function, 40.0, 5000.0, 2.0, 0.03, kNone});
  network.attachment[network.add_link(LinkKind::pump, 0, 1, 0.0)] = 0;
  add_pipe(network, 1, 2);
  Solver solver(network);
  State state = solver.make_state();
  const std::vector<double> demand(3, 0.0);
  EXPECT_EQ(solver.solve(demand, state, tight()).status, SolveStatus::converged);
  EXPECT_EQ(state.status[0], LinkStatus::cannot_lift);
  EXPECT_NEAR(state.flow_m3s[1], 0.0, 1e-6);
}

TEST(Solver, SaysWhenItFindsNoBalance) {
  Network network;
  network.add_node(60.0, true);
  network.add_node(0.0, false);
  add_pipe(network, 0, 1);
  Solver solver(network);
  SolverOptions options = tight();
  options.max_iterations = 1;
  options.pressure_driven = true;
  State state = solver.make_state();
  const std::vector<double> demand = {0.0, 0.7};
  const SolveResult result = solver.solve(demand, state, options);
  EXPECT_EQ(result.status, SolveStatus::not_converged);
  EXPECT_DOUBLE_EQ(result.delivered_m3s, 0.7) << "the stated bound";
}

TEST(Solver, NothingAllocatesInASolve) {
  Network network = test::valve_between_pipes(LinkKind::pressure_reducing_valve);
  network.outlets.push_back({3, 1e6, 2.0, true});
  Solver solver(network);
  State state = solver.make_state();
  state.status[1] = LinkStatus::active;
  state.setting[1] = 30.0;
  SolverOptions options = tight();
  options.pressure_driven = true;
  const std::vector<double> demand = {0.0, 0.01, 0.0, 0.02};
  const wintergrid::test::AllocationScope scope;
  for (int i = 0; i < 10; ++i) {
    state.out_of_service[2] = i % 2 == 0 ? 1 : 0;
    solver.reset_flows(state);
    solver.solve(demand, state, options);
  }
  EXPECT_EQ(scope.count(), 0U);
}

}  // namespace
}  // namespace wintergrid::hydraulics
