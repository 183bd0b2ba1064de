// Each kind of valve between two pipes: what it is set to, and what it does when it cannot.

#include <cmath>

#include <gtest/gtest.h>

#include "tests/grid_models/hydraulics/networks.hpp"

namespace wintergrid::hydraulics {
namespace {

using test::tight;
using test::valve_between_pipes;

struct Solved {
  State state;
  SolveResult result;
};

Solved solve(const Network& network, double setting, double demand_m3s) {
  Solver solver(network);
  Solved solved;
  solved.state = solver.make_state();
  solved.state.status[1] = LinkStatus::active;
  solved.state.setting[1] = setting;
  const std::vector<double> demand = {0.0, 0.0, 0.0, demand_m3s};
  solved.result = solver.solve(demand, solved.state, tight());
  EXPECT_EQ(solved.result.status, SolveStatus::converged);
  return solved;
}

double drop(const Solved& solved) { return solved.state.head_m[1] - solved.state.head_m[2]; }

TEST(Valves, ReducingValveHoldsThePressureBehindIt) {
  const auto network = valve_between_pipes(LinkKind::pressure_reducing_valve);
  const Solved held = solve(network, 30.0, 0.05);
  EXPECT_EQ(held.state.status[1], LinkStatus::active);
  EXPECT_NEAR(held.state.head_m[2], 30.0, 1e-5);
  EXPECT_NEAR(held.state.flow_m3s[1], 0.05, 1e-9);
  const Solved open = solve(network, 60.0, 0.05);
  EXPECT_EQ(open.state.status[1], LinkStatus::open);
  EXPECT_NEAR(drop(open), 0.0, 1e-6);
  const Solved closed = solve(network, 30.0, -0.05);
  EXPECT_EQ(closed.state.status[1], LinkStatus::closed) << "no flow back";
}

TEST(Valves, SustainingValveHoldsThePressureBeforeIt) {
  // water flows on to a low reservoir
  Network network = valve_between_pipes(LinkKind::pressure_sustaining_valve);
  network.fixed_head[3] = 1;
  const Solved held = solve(network, 40.0, 0.0);
  EXPECT_EQ(held.state.status[1], LinkStatus::active);
  EXPECT_NEAR(held.state.head_m[1], 40.0, 1e-4);
  const Solved open = solve(network, 10.0, 0.0);
  EXPECT_EQ(open.state.status[1], LinkStatus::open);
  EXPECT_NEAR(open.state.head_m[1], 25.0, 1e-3);
}

TEST(Valves, FlowControlValveLimitsTheFlow) {
  Network network = valve_between_pipes(LinkKind::flow_control_valve);
  network.fixed_head[3] = 1;
  const Solved limited = solve(network, 0.04, 0.0);
  EXPECT_NEAR(limited.state.flow_m3s[1], 0.04, 1e-6);
  EXPECT_EQ(limited.state.status[1], LinkStatus::active);
  const Solved open = solve(network, 5.0, 0.0);
  EXPECT_EQ(open.state.status[1], LinkStatus::cannot_pass);
  EXPECT_NEAR(drop(open), 0.0, 1e-5);
}

TEST(Valves, BreakerValveTakesAFixedHead) {
  const auto network = valve_between_pipes(LinkKind::pressure_breaker_valve);
  EXPECT_NEAR(drop(solve(network, 12.5, 0.05)), 12.5, 1e-6);
}

TEST(Valves, ThrottleValveTakesItsLossCoefficient) {
  const auto network = valve_between_pipes(LinkKind::throttle_valve);
  const double q = 0.05;
  EXPECT_NEAR(drop(solve(network, 40.0, q)), minor_loss(40.0, 0.3) * q * q, 1e-8);
}

TEST(Valves, CurveValveTakesItsCurve) {
  Network network = valve_between_pipes(LinkKind::curve_valve);
  network.curves.push_back({{0.0, 0.02, 0.06}, {0.0, 1.0, 9.0}});
  network.attachment[1] = 0;
  Solver solver(network);
  State state = solver.make_state();
  const std::vector<double> demand = {0.0, 0.0, 0.0, 0.05};
  EXPECT_EQ(solver.solve(demand, state, tight()).status, SolveStatus::converged);
  EXPECT_NEAR(state.head_m[1] - state.head_m[2], 7.0, 1e-6);
}

TEST(Valves, PositionalValveScalesItsLossByRelativeKv) {
  Network network = valve_between_pipes(LinkKind::positional_valve);
  network.minor_loss[1] = minor_loss(2.0, 0.3);
  network.curves.push_back({{0.0, 50.0, 100.0}, {0.0, 20.0, 100.0}});
  const double q = 0.05, open = network.minor_loss[1] * q * q;
  EXPECT_NEAR(drop(solve(network, 100.0, q)), open, 1e-8);
  EXPECT_NEAR(drop(solve(network, 50.0, q)), open / 0.25, 1e-7) << "without a curve: linear";
  network.attachment[1] = 0;
  EXPECT_NEAR(drop(solve(network, 50.0, q)), open / 0.04, 1e-6);
}

TEST(Valves, CheckValveLetsNothingBack) {
  Network network = valve_between_pipes(LinkKind::pipe);
  network.kind[2] = LinkKind::check_valve;
  network.fixed_head[3] = 1;
  Solver solver(network);
  State state = solver.make_state();
  const std::vector<double> demand = {0.0, 0.0, 0.02, 0.0};
  state.head_m[3] = 10.0;
  EXPECT_EQ(solver.solve(demand, state, tight()).status, SolveStatus::converged);
  EXPECT_EQ(state.status[2], LinkStatus::open);
  state.head_m[3] = 100.0;
  EXPECT_EQ(solver.solve(demand, state, tight()).status, SolveStatus::converged);
  EXPECT_EQ(state.status[2], LinkStatus::closed);
  EXPECT_NEAR(state.flow_m3s[0], 0.02, 1e-6) << "all from the first reservoir";
}

TEST(Valves, AFixedValveIsAPipeOrAWall) {
  const auto network = valve_between_pipes(LinkKind::pressure_reducing_valve);
  Solver solver(network);
  State state = solver.make_state();
  const std::vector<double> demand = {0.0, 0.0, 0.0, 0.05};
  EXPECT_EQ(solver.solve(demand, state, tight()).isolated_nodes, 0U);
  EXPECT_NEAR(state.head_m[1] - state.head_m[2], 0.0, 1e-6) << "open whatever the pressure";
  state.status[1] = LinkStatus::closed;
  EXPECT_EQ(solver.solve(demand, state, tight()).isolated_nodes, 2U);
}

}  // namespace
}  // namespace wintergrid::hydraulics
