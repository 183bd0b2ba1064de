// Eight cases side by side get the bits that each would get alone.

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "grid_models/hydraulics/batch_solver.hpp"
#include "tests/grid_models/hydraulics/networks.hpp"
#include "tests/support/allocation_counter.hpp"

namespace wintergrid::hydraulics {
namespace {

using test::add_pipe;
using Cases = std::vector<std::vector<std::uint32_t>>;

std::vector<Processor> processors() {
  std::vector<Processor> found{Processor::base};
  for (const Processor one : {Processor::avx2, Processor::avx512}) {
    if (one <= best_processor()) {
      found.push_back(one);
    }
  }
  return found;
}

bool same(const State& a, const State& b) {
  return a.head_m == b.head_m && a.delivered_m3s == b.delivered_m3s &&
         a.outflow_m3s == b.outflow_m3s && a.outlet_m3s == b.outlet_m3s &&
         a.flow_m3s == b.flow_m3s && a.setting == b.setting && a.status == b.status &&
         a.isolated == b.isolated && a.out_of_service == b.out_of_service;
}

bool same(const SolveResult& a, const SolveResult& b) {
  return a.status == b.status && a.iterations == b.iterations &&
         a.relative_change == b.relative_change && a.isolated_nodes == b.isolated_nodes &&
         a.full_demand_m3s == b.full_demand_m3s && a.delivered_m3s == b.delivered_m3s;
}

struct Answers {
  BatchSolver::Count count;
  std::vector<SolveResult> results;
  std::vector<State> states;
};

/// The cases by the batch, each checked against the solver alone.
Answers solve_both_ways(Solver& solver, const std::vector<double>& demand, const State& start,
                        const Cases& cases, const SolverOptions& options, Processor processor) {
  Answers batch;
  batch.results.resize(cases.size());
  batch.states.resize(cases.size());
  std::vector<int> calls(cases.size(), 0);
  BatchSolver solver_of_many(solver, processor);
  batch.count =
      solver_of_many.solve(demand, start, cases, options,
                           [&](std::size_t index, const SolveResult& result, const State& state) {
                             ++calls[index];
                             batch.results[index] = result;
                             batch.states[index] = state;
                           });
  EXPECT_EQ(batch.count.side_by_side + batch.count.one_by_one, cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    State alone = start;
    for (const std::uint32_t link : cases[i]) {
      alone.out_of_service[link] = 1;
    }
    const SolveResult result = solver.solve(demand, alone, options);
    EXPECT_EQ(calls[i], 1) << "case " << i;
    EXPECT_TRUE(same(result, batch.results[i])) << "case " << i;
    EXPECT_TRUE(same(alone, batch.states[i])) << "case " << i;
  }
  return batch;
}

struct Town {
  Network network;
  std::vector<double> demand;
};

/// A grid with a reservoir and a pump, a tank, a check valve, an emitter and a throttle valve.
Town town() {
  constexpr std::uint32_t kSide = 6;
  Town made;
  Network& network = made.network;
  for (std::uint32_t i = 0; i < kSide * kSide; ++i) {
    network.add_node(5.0 + 3.0 * (i % 5), false);
    made.demand.push_back(i % 4 == 0 ? 0.0 : 0.004);
  }
  for (std::uint32_t i = 0; i < kSide * kSide; ++i) {
    if (i % kSide + 1 < kSide) {
      add_pipe(network, i, i + 1, 400.0 + 10.0 * i, 0.15);
    }
    if (i + kSide < kSide * kSide) {
      add_pipe(network, i, i + kSide, 300.0 + 7.0 * i, 0.2);
      network.minor_loss.back() = i % 3 == 0 ? minor_loss(5.0, 0.2) : 0.0;
    }
  }
  network.kind[7] = LinkKind::check_valve;
  const std::uint32_t river = network.add_node(5.0, true), tank = network.add_node(45.0, true);
  const std::uint32_t pump = network.add_link(LinkKind::pump, river, 0, 1.0);
  network.attachment[pump] = 0;
  network.pumps.push_back({PumpKind::power_function, 60.0, 3000.0, 2.0, 0.05, kNone});
  add_pipe(network, tank, kSide * kSide - 1, 200.0, 0.3);
  const std::uint32_t valve = network.add_link(LinkKind::throttle_valve, 3, 20, 0.15);
  network.minor_loss[valve] = minor_loss(10.0, 0.15);
  network.outlets.push_back({17, 1e5, 2.0, false});
  made.demand.resize(network.node_count(), 0.0);
  return made;
}

SolverOptions pressure_driven(double accuracy = 1e-6) {
  SolverOptions options;
  options.pressure_driven = true;
  options.accuracy = accuracy;
  return options;
}

Cases every_pair(std::uint32_t links) {
  Cases cases(1);
  for (std::uint32_t k = 0; k < links; ++k) {
    cases.push_back({k, (7 * k + 3) % links});
  }
  return cases;
}

TEST(BatchSolver, GivesTheBitsOfTheSolverOnEveryProcessor) {
  const Town made = town();
  for (const HeadlossLaw law :
       {HeadlossLaw::hazen_williams, HeadlossLaw::chezy_manning, HeadlossLaw::darcy_weisbach}) {
    Town other = made;
    other.network.law = law;
    other.network.relative_roughness.assign(made.network.link_count(), 1e-3);
    Solver solver(other.network);
    const Cases cases = every_pair(static_cast<std::uint32_t>(made.network.link_count()));
    for (const Processor processor : processors()) {
      for (const double exponent : {0.5, 0.7}) {
        SolverOptions options = pressure_driven();
        options.pressure_exponent = exponent;
        const Answers answers =
            solve_both_ways(solver, other.demand, solver.make_state(), cases, options, processor);
        EXPECT_GT(answers.count.side_by_side, cases.size() / 2);
      }
      SolverOptions fixed = pressure_driven();
      fixed.pressure_driven = false;
      fixed.damping_below = 0.1;
      solve_both_ways(solver, other.demand, solver.make_state(), cases, fixed, processor);
    }
  }
}

TEST(BatchSolver, FewerCasesThanLanesAndNone) {
  const Town made = town();
  Solver solver(made.network);
  const State start = solver.make_state();
  EXPECT_EQ(solve_both_ways(solver, made.demand, start, {}, pressure_driven(), best_processor())
                .count.side_by_side,
            0U);
  for (std::size_t count = 1; count <= 9; ++count) {
    const Cases cases(count, {2, 30});
    const Answers answers =
        solve_both_ways(solver, made.demand, start, cases, pressure_driven(), best_processor());
    EXPECT_EQ(answers.count.side_by_side, count);
    EXPECT_EQ(answers.states.front().flow_m3s, answers.states.back().flow_m3s);
  }
}

TEST(BatchSolver, IsolatedAndEmptyCasesLeaveTheOthersAlone) {
  Town made = town();
  Network& network = made.network;
  const std::uint32_t alone = network.add_node(10.0, false);
  made.demand.push_back(0.002);
  const std::uint32_t only = add_pipe(network, 35, alone);
  Solver solver(network);
  const auto links = static_cast<std::uint32_t>(network.link_count());
  std::vector<std::uint32_t> everything;
  for (std::uint32_t k = 0; k < links; ++k) {
    everything.push_back(k);
  }
  const Cases cases = {{}, {only}, everything, {1}, {only, 2}, {}, everything, {0, 1, 2}, {5}, {}};
  const Answers answers = solve_both_ways(solver, made.demand, solver.make_state(), cases,
                                          pressure_driven(), best_processor());
  EXPECT_EQ(answers.count.one_by_one, 0U);
  EXPECT_EQ(answers.states[1].isolated[alone], 1);
  EXPECT_EQ(answers.states[1].delivered_m3s[alone], 0.0);
  EXPECT_GT(answers.states[0].delivered_m3s[alone], 0.0);
  EXPECT_EQ(answers.results[2].isolated_nodes, 37U);
  EXPECT_EQ(answers.results[2].delivered_m3s, 0.0);
  EXPECT_TRUE(same(answers.states[0], answers.states[5]));
  EXPECT_TRUE(same(answers.states[0], answers.states[9]));
}

TEST(BatchSolver, WhatItCannotDoIsLeftToTheSolverAndCounted) {
  const Town made = town();
  Solver solver(made.network);
  const Cases cases = every_pair(20);
  SolverOptions hasty = pressure_driven();
  hasty.max_iterations = 3;  // some find nothing, even the second time
  const Answers answers =
      solve_both_ways(solver, made.demand, solver.make_state(), cases, hasty, best_processor());
  EXPECT_GT(answers.count.one_by_one, 0U);

  const std::vector<double> demand = {0.0, 0.0, 0.0, 0.02};
  Solver with_valve(test::valve_between_pipes(LinkKind::pressure_reducing_valve));
  State start = with_valve.make_state();
  start.setting[1] = 25.0;
  start.status[1] = LinkStatus::active;
  EXPECT_EQ(solve_both_ways(with_valve, demand, start, {{}, {0}, {2}}, pressure_driven(),
                            best_processor())
                .count.one_by_one,
            3U);
  Solver controlled(test::valve_between_pipes(LinkKind::throttle_valve));
  controlled.set_pressure_controls({{2, 1, false, 100.0, LinkStatus::closed, kNoSetting}});
  const Answers closed = solve_both_ways(controlled, demand, controlled.make_state(), {{}},
                                         pressure_driven(), best_processor());
  EXPECT_EQ(closed.count.one_by_one, 1U);
  EXPECT_EQ(closed.states[0].status[2], LinkStatus::closed);
}

TEST(BatchSolver, NothingAllocates) {
  const Town made = town();
  const Solver solver(made.network);
  const State start = solver.make_state();
  const Cases cases = every_pair(static_cast<std::uint32_t>(made.network.link_count()));
  BatchSolver batch(solver);
  double delivered = 0.0;
  const BatchSolver::Done done = [&delivered](std::size_t, const SolveResult& result,
                                              const State&) { delivered += result.delivered_m3s; };
  const SolverOptions options = pressure_driven();
  const wintergrid::test::AllocationScope scope;
  batch.solve(made.demand, start, cases, options, done);
  EXPECT_EQ(scope.count(), 0U);
  EXPECT_GT(delivered, 0.0);
}

RC_GTEST_PROP(BatchSolverProperty, EqualsTheSolverOnRandomNetworks, ()) {
  const auto nodes = *rc::gen::inRange<std::uint32_t>(3, 25);
  Network network;
  network.add_node(*rc::gen::inRange(10, 80), true);
  for (std::uint32_t i = 1; i < nodes; ++i) {
    network.add_node(*rc::gen::inRange(0, 40), *rc::gen::inRange(0, 10) == 0);
    add_pipe(network, *rc::gen::inRange<std::uint32_t>(0, i), i, *rc::gen::inRange(50, 3000),
             0.001 * *rc::gen::inRange(80, 500));
  }
  const auto more = *rc::gen::inRange<std::uint32_t>(0, nodes);
  for (std::uint32_t l = 0; l < more; ++l) {
    const auto a = *rc::gen::inRange<std::uint32_t>(0, nodes);
    const auto b = *rc::gen::inRange<std::uint32_t>(0, nodes);
    if (a == b) {
      continue;
    }
    const std::uint32_t k = add_pipe(network, a, b);
    switch (*rc::gen::inRange(0, 5)) {
      case 0:
        network.kind[k] = LinkKind::check_valve;
        break;
      case 1:
        network.kind[k] = LinkKind::pump;
        network.attachment[k] = static_cast<std::uint32_t>(network.pumps.size());
        network.pumps.push_back(
            {*rc::gen::arbitrary<bool>() ? PumpKind::constant_power : PumpKind::power_function,
             30.0, 2.0, 1.5, 0.02, kNone});
        break;
      default:
        break;
    }
  }
  Solver solver(network);
  State start = solver.make_state();
  std::vector<double> demand(nodes, 0.0);
  for (std::uint32_t i = 1; i < nodes; ++i) {
    if (network.fixed_head[i] == 0) {
      demand[i] = 0.001 * *rc::gen::inRange(0, 40);
    } else {
      start.gives_nothing[i] = *rc::gen::inRange(0, 3) == 0 ? 1 : 0;
      start.takes_nothing[i] = *rc::gen::inRange(0, 3) == 0 ? 1 : 0;
    }
  }
  const auto links = static_cast<std::uint32_t>(network.link_count());
  const auto cases = *rc::gen::container<Cases>(20, rc::gen::container<std::vector<std::uint32_t>>(
                                                        rc::gen::inRange<std::uint32_t>(0, links)));
  solve_both_ways(solver, demand, start, cases, pressure_driven(1e-5),
                  *rc::gen::elementOf(processors()));
  RC_ASSERT(!testing::Test::HasFailure());
}

}  // namespace
}  // namespace wintergrid::hydraulics
