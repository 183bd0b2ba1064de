#include "grid_models/network/fair_flow.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "grid_models/core/contract.hpp"
#include "grid_models/network/analysis.hpp"
#include "tests/support/allocation_counter.hpp"

namespace wintergrid {
namespace {

using testing::ElementsAre;
using Values = std::vector<double>;
using Ends = std::vector<std::uint32_t>;
constexpr double kUnlimited = std::numeric_limits<double>::infinity();

struct Problem {
  std::size_t nodes = 0;
  Ends from, to;
  Values forward, backward, supply, reserve, demand, surplus;
  FairFlow::Input input() const { return {forward, backward, supply, reserve, demand, surplus}; }
  FairFlow solved() const {
    FairFlow flow(nodes, from, to);
    flow.solve(input());
    return flow;
  }
};

double sum(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

// ---------------------------------------------------------------- worked by hand

TEST(FairFlow, ServesEverybodyWhenItCan) {
  const Problem problem{3, {0, 0}, {1, 2}, {50, 60}, {}, {100, 0, 0}, {}, {0, 40, 60}, {}};
  const FairFlow flow = problem.solved();
  EXPECT_THAT(flow.share(), ElementsAre(1.0, 1.0, 1.0));
  EXPECT_THAT(flow.arc_flow(), ElementsAre(40.0, 60.0));
  EXPECT_THAT(flow.supply_used(), ElementsAre(100.0, 0.0, 0.0));
  EXPECT_TRUE(flow.all_served());
  EXPECT_TRUE(flow.served_without_reserve());
  EXPECT_EQ(flow.maximum_flows(), 1U);
}

TEST(FairFlow, SharesAShortageInProportionToDemand) {
  const Problem problem{3,  {0, 0},       {1, 2}, {kUnlimited, kUnlimited}, {}, {100, 0, 0},
                        {}, {0, 80, 120}, {}};
  const FairFlow flow = problem.solved();
  EXPECT_THAT(flow.share(), ElementsAre(1.0, 0.5, 0.5));
  EXPECT_THAT(flow.arc_flow(), ElementsAre(40.0, 60.0));
  EXPECT_FALSE(flow.all_served());
}

TEST(FairFlow, WhatABottleneckKeepsFromOneGoesToTheOthers) {
  // Node 2 can get 30 of 120 only; the other 70 go to node 1, which wants 80.
  const Problem problem{3, {0, 0}, {1, 2}, {kUnlimited, 30}, {}, {100, 0, 0}, {}, {0, 80, 120}, {}};
  EXPECT_THAT(problem.solved().share(), ElementsAre(1.0, 70.0 / 80.0, 0.25));
}

TEST(FairFlow, FindsEveryLevelOfAChain) {
  // 0 (supply 60) -> 1 -> 2 -> 3, demands 40 each, links 60, 12, 2: node 3 has 2/40, node 2 10/40,
  // node 1 all of its 40.
  const Problem problem{4,  {0, 1, 2},       {1, 2, 3}, {60, 12, 2}, {}, {60, 0, 0, 0},
                        {}, {0, 40, 40, 40}, {}};
  EXPECT_THAT(problem.solved().share(), ElementsAre(1.0, 1.0, 0.25, 0.05));
}

TEST(FairFlow, AnUnreachableNodeHasNothing) {
  const Problem problem{3, {0, 2}, {1, 1}, {9, 9}, {}, {5, 0, 0}, {}, {0, 5, 3}, {}};
  EXPECT_THAT(problem.solved().share(), ElementsAre(1.0, 1.0, 0.0));
}

TEST(FairFlow, WithoutSupplyNobodyHasAnything) {
  const Problem problem{2, {0}, {1}, {9}, {9}, {0, 0}, {}, {4, 5}, {}};
  EXPECT_THAT(problem.solved().share(), ElementsAre(0.0, 0.0));
}

TEST(FairFlow, WithoutDemandNothingFlows) {
  const Problem problem{2, {0}, {1}, {9}, {9}, {7, 0}, {3, 3}, {0, 0}, {}};
  const FairFlow flow = problem.solved();
  EXPECT_THAT(flow.share(), ElementsAre(1.0, 1.0));
  EXPECT_THAT(flow.arc_flow(), ElementsAre(0.0));
  EXPECT_TRUE(flow.all_served());
}

TEST(FairFlow, GoesAgainstAnArcOnlyWithinItsBackwardCapacity) {
  const Problem problem{2, {1}, {0}, {50}, {8}, {40, 0}, {}, {0, 16}, {}};
  const FairFlow flow = problem.solved();
  EXPECT_THAT(flow.share(), ElementsAre(1.0, 0.5));
  EXPECT_THAT(flow.arc_flow(), ElementsAre(-8.0));
}

TEST(FairFlow, TakesTheReserveLast) {
  // Supply 50 reaches node 2 over node 1; the reserve sits right at node 2, yet gives only what is
  // missing.
  const Problem problem{3, {0, 1}, {1, 2}, {50, 50}, {}, {50, 0, 0}, {0, 0, 100}, {0, 20, 40}, {}};
  const FairFlow flow = problem.solved();
  EXPECT_THAT(flow.share(), ElementsAre(1.0, 1.0, 1.0));
  EXPECT_THAT(flow.supply_used(), ElementsAre(50.0, 0.0, 0.0));
  EXPECT_THAT(flow.reserve_used(), ElementsAre(0.0, 0.0, 10.0));
  EXPECT_TRUE(flow.all_served());
  EXPECT_FALSE(flow.served_without_reserve());
}

TEST(FairFlow, SurplusDemandGetsWhatIsLeftOfSupplyAndNothingOfTheReserve) {
  const Problem problem{3,          {0, 1},    {1, 2},     {50, 15},   {},
                        {45, 0, 0}, {0, 9, 0}, {0, 20, 0}, {0, 12, 30}};
  const FairFlow flow = problem.solved();
  EXPECT_THAT(flow.share(), ElementsAre(1.0, 1.0, 1.0));
  EXPECT_THAT(flow.reserve_used(), ElementsAre(0.0, 0.0, 0.0));
  EXPECT_DOUBLE_EQ(sum(flow.surplus_delivered()), 25.0);
  EXPECT_DOUBLE_EQ(sum(flow.supply_used()), 45.0);
  EXPECT_LE(flow.surplus_delivered()[2], 15.0);
}

TEST(FairFlow, SurplusDemandTakesNothingFromAShortage) {
  const Problem problem{2, {0}, {1}, {50}, {}, {10, 0}, {}, {0, 20}, {5, 5}};
  const FairFlow flow = problem.solved();
  EXPECT_THAT(flow.share(), ElementsAre(1.0, 0.5));
  EXPECT_THAT(flow.surplus_delivered(), ElementsAre(0.0, 0.0));
}

TEST(FairFlow, ParallelArcsAddUpAndSelfLoopsCarryNothing) {
  const Problem problem{2, {0, 1, 0}, {1, 1, 1}, {3, 99, 4}, {}, {99, 0}, {}, {0, 14}, {}};
  const FairFlow flow = problem.solved();
  EXPECT_THAT(flow.share(), ElementsAre(1.0, 0.5));
  EXPECT_THAT(flow.arc_flow(), ElementsAre(3.0, 0.0, 4.0));
}

TEST(FairFlow, SmallDemandsBesideLargeOnesKeepTheirShare) {
  const Problem problem{3, {0, 0}, {1, 2}, {1e5, 1e-3}, {}, {2e5, 0, 0}, {}, {0, 1e5, 2e-3}, {}};
  const FairFlow flow = problem.solved();
  EXPECT_DOUBLE_EQ(flow.share()[1], 1.0);
  EXPECT_NEAR(flow.share()[2], 0.5, 1e-9);
}

TEST(FairFlow, RefusesArcsOutsideTheGraph) {
  EXPECT_THROW(FairFlow(2, Ends{0}, Ends{2}), ContractViolation);
}

// ---------------------------------------------------------------- properties

Problem arbitrary_problem(std::size_t most_nodes, bool with_reserve) {
  Problem problem;
  problem.nodes = *rc::gen::inRange<std::size_t>(1, most_nodes + 1);
  const std::size_t arcs = *rc::gen::inRange<std::size_t>(0, 2 * problem.nodes + 3);
  const auto node = rc::gen::inRange<std::uint32_t>(0, static_cast<std::uint32_t>(problem.nodes));
  const auto amounts = [](std::size_t count, int most) {
    const auto whole = *rc::gen::container<std::vector<int>>(
        count,
        rc::gen::weightedOneOf<int>({{1, rc::gen::just(0)}, {2, rc::gen::inRange(0, most)}}));
    return Values(whole.begin(), whole.end());
  };
  problem.from = *rc::gen::container<Ends>(arcs, node);
  problem.to = *rc::gen::container<Ends>(arcs, node);
  problem.forward = amounts(arcs, 20);
  problem.backward = amounts(arcs, 20);
  problem.supply = amounts(problem.nodes, 25);
  problem.demand = amounts(problem.nodes, 30);
  problem.reserve = Values(problem.nodes, 0.0);
  problem.surplus = Values(problem.nodes, 0.0);
  if (with_reserve) {
    problem.reserve = amounts(problem.nodes, 15);
    problem.surplus = amounts(problem.nodes, 15);
  }
  return problem;
}

/// The shares by definition: over all subsets T of nodes, level after level (see the head of
/// fair_flow.cpp).
Values shares_by_enumeration(const Problem& problem) {
  const std::size_t subsets = std::size_t{1} << problem.nodes;
  const auto in = [](std::size_t subset, std::size_t node) { return (subset >> node & 1U) != 0; };
  Values room(subsets, 0.0);  // what can enter T
  for (std::size_t subset = 0; subset < subsets; ++subset) {
    for (std::size_t node = 0; node < problem.nodes; ++node) {
      room[subset] += in(subset, node) ? problem.supply[node] + problem.reserve[node] : 0.0;
    }
    for (std::size_t arc = 0; arc < problem.from.size(); ++arc) {
      const bool from_in = in(subset, problem.from[arc]);
      const bool to_in = in(subset, problem.to[arc]);
      room[subset] += !from_in && to_in ? problem.forward[arc] : 0.0;
      room[subset] += from_in && !to_in ? problem.backward[arc] : 0.0;
    }
  }
  Values share(problem.nodes, 1.0);
  std::vector<bool> fixed(problem.nodes);
  for (std::size_t node = 0; node < problem.nodes; ++node) {
    fixed[node] = problem.demand[node] == 0.0;
  }
  while (std::find(fixed.begin(), fixed.end(), false) != fixed.end()) {
    const auto level_of = [&](std::size_t subset) {
      double left = room[subset];
      double demand = 0.0;
      for (std::size_t node = 0; node < problem.nodes; ++node) {
        if (in(subset, node)) {
          (fixed[node] ? left : demand) +=
              fixed[node] ? -share[node] * problem.demand[node] : problem.demand[node];
        }
      }
      return demand > 0.0 ? left / demand : kUnlimited;
    };
    double level = 1.0;
    for (std::size_t subset = 0; subset < subsets; ++subset) {
      level = std::min(level, level_of(subset));
    }
    std::vector<bool> tight(problem.nodes, level >= 1.0);
    for (std::size_t subset = 0; subset < subsets; ++subset) {
      if (level_of(subset) <= level + 1e-9) {
        for (std::size_t node = 0; node < problem.nodes; ++node) {
          tight[node] = tight[node] || in(subset, node);
        }
      }
    }
    for (std::size_t node = 0; node < problem.nodes; ++node) {
      if (!fixed[node] && tight[node]) {
        fixed[node] = true;
        share[node] = std::max(0.0, level);
      }
    }
  }
  return share;
}

Values delivered(const Problem& problem, const FairFlow& flow) {
  Values result(problem.nodes);
  for (std::size_t node = 0; node < problem.nodes; ++node) {
    result[node] = flow.share()[node] * problem.demand[node];
  }
  return result;
}

RC_GTEST_PROP(FairFlowProperty, SharesAreThoseOfTheDefinition, ()) {
  const Problem problem = arbitrary_problem(7, *rc::gen::arbitrary<bool>());
  const FairFlow flow = problem.solved();
  const Values expected = shares_by_enumeration(problem);
  for (std::size_t node = 0; node < problem.nodes; ++node) {
    RC_ASSERT(std::abs(flow.share()[node] - expected[node]) < 1e-9);
  }
}

RC_GTEST_PROP(FairFlowProperty, WaterIsConservedWithinCapacities, ()) {
  const Problem problem = arbitrary_problem(20, true);
  const FairFlow flow = problem.solved();
  Values balance(problem.nodes, 0.0);
  for (std::size_t node = 0; node < problem.nodes; ++node) {
    balance[node] = flow.supply_used()[node] + flow.reserve_used()[node] -
                    flow.surplus_delivered()[node] - flow.share()[node] * problem.demand[node];
    RC_ASSERT(flow.supply_used()[node] >= -1e-8 &&
              flow.supply_used()[node] <= problem.supply[node] + 1e-8);
    RC_ASSERT(flow.reserve_used()[node] >= -1e-8 &&
              flow.reserve_used()[node] <= problem.reserve[node] + 1e-8);
    RC_ASSERT(flow.surplus_delivered()[node] >= -1e-8 &&
              flow.surplus_delivered()[node] <= problem.surplus[node] + 1e-8);
    // A tank that gives does not fill: otherwise what fills it could have taken its place.
    RC_ASSERT(flow.reserve_used()[node] < 1e-8 || flow.surplus_delivered()[node] < 1e-8);
  }
  for (std::size_t arc = 0; arc < problem.from.size(); ++arc) {
    const double carried = flow.arc_flow()[arc];
    RC_ASSERT(carried <= problem.forward[arc] + 1e-8 && carried >= -problem.backward[arc] - 1e-8);
    balance[problem.from[arc]] -= carried;
    balance[problem.to[arc]] += carried;
  }
  for (const double left : balance) {
    RC_ASSERT(std::abs(left) < 1e-7);
  }
}

RC_GTEST_PROP(FairFlowProperty, DeliversAsMuchAsAMaximumFlowOfBoost, ()) {
  // Fair deliveries are a maximal vector of a polymatroid, and all maximal vectors have the same
  // sum.
  const Problem problem = arbitrary_problem(20, true);
  const FairFlow flow = problem.solved();
  const GraphView graph{problem.nodes, problem.from, problem.to, {}};
  Values sources = problem.supply;
  for (std::size_t node = 0; node < problem.nodes; ++node) {
    sources[node] += problem.reserve[node];
  }
  const double most = max_flow(graph, problem.forward, problem.backward, sources, problem.demand);
  RC_ASSERT(std::abs(sum(delivered(problem, flow)) - most) < 1e-7);
}

RC_GTEST_PROP(FairFlowProperty, UsesAsLittleReserveAsBoostSaysIsPossible, ()) {
  const Problem problem = arbitrary_problem(20, true);
  const FairFlow flow = problem.solved();
  const GraphView graph{problem.nodes, problem.from, problem.to, {}};
  const Values wanted = delivered(problem, flow);
  const double by_supply =
      max_flow(graph, problem.forward, problem.backward, problem.supply, wanted);
  RC_ASSERT(std::abs(sum(flow.reserve_used()) - (sum(wanted) - by_supply)) < 1e-6);
}

RC_GTEST_PROP(FairFlowProperty, SurplusIsAsMuchAsBoostSaysIsPossible, ()) {
  Problem problem = arbitrary_problem(20, true);
  problem.reserve.assign(problem.nodes, 0.0);
  const FairFlow flow = problem.solved();
  const GraphView graph{problem.nodes, problem.from, problem.to, {}};
  Values wanted = delivered(problem, flow);
  const double served = sum(wanted);
  for (std::size_t node = 0; node < problem.nodes; ++node) {
    wanted[node] += problem.surplus[node];
  }
  const double most = max_flow(graph, problem.forward, problem.backward, problem.supply, wanted);
  RC_ASSERT(std::abs(sum(flow.surplus_delivered()) - (most - served)) < 1e-6);
}

RC_GTEST_PROP(FairFlowProperty, MoreCapacityNeverLowersTheSmallestShare, ()) {
  Problem problem = arbitrary_problem(12, true);
  RC_PRE(!problem.from.empty());
  const auto smallest = [&] {
    const FairFlow flow = problem.solved();
    return *std::min_element(flow.share().begin(), flow.share().end());
  };
  const double before = smallest();
  problem.forward[*rc::gen::inRange<std::size_t>(0, problem.from.size())] +=
      *rc::gen::inRange(1, 20);
  problem.supply[*rc::gen::inRange<std::size_t>(0, problem.nodes)] += *rc::gen::inRange(0, 20);
  RC_ASSERT(smallest() >= before - 1e-9);
}

RC_GTEST_PROP(FairFlowProperty, LessDemandElsewhereNeverLowersAShare, ()) {
  // What the coming-up rule of the water room rests on.
  Problem problem = arbitrary_problem(12, true);
  const FairFlow before = problem.solved();
  const auto gone = *rc::gen::inRange<std::size_t>(0, problem.nodes);
  problem.demand[gone] = 0.0;
  const FairFlow after = problem.solved();
  for (std::size_t node = 0; node < problem.nodes; ++node) {
    RC_ASSERT(after.share()[node] >= before.share()[node] - 1e-9);
  }
}

RC_GTEST_PROP(FairFlowProperty, IsAPureFunctionThatDoesNotAllocate, ()) {
  const Problem problem = arbitrary_problem(15, true);
  Problem other = problem;
  other.supply = problem.demand;
  other.demand = problem.supply;
  FairFlow used(problem.nodes, problem.from, problem.to);
  used.solve(other.input());
  const FairFlow fresh = problem.solved();
  const test::AllocationScope scope;
  used.solve(problem.input());
  const std::uint64_t allocations = scope.count();  // before RC_ASSERT writes its message
  RC_ASSERT(allocations == 0U);
  RC_ASSERT(std::equal(used.share().begin(), used.share().end(), fresh.share().begin()));
  RC_ASSERT(std::equal(used.arc_flow().begin(), used.arc_flow().end(), fresh.arc_flow().begin()));
  RC_ASSERT(std::equal(used.reserve_used().begin(), used.reserve_used().end(),
                       fresh.reserve_used().begin()));
  RC_ASSERT(std::equal(used.supply_used().begin(), used.supply_used().end(),
                       fresh.supply_used().begin()));
}

RC_GTEST_PROP(FairFlowProperty, ScalesWithItsUnit, ()) {
  Problem problem = arbitrary_problem(12, true);
  const FairFlow flow = problem.solved();
  for (Values* values : {&problem.forward, &problem.backward, &problem.supply, &problem.reserve,
                         &problem.demand, &problem.surplus}) {
    for (double& value : *values) {
      value *= 1024.0;  // a power of two: not even rounding may differ
    }
  }
  const FairFlow scaled = problem.solved();
  RC_ASSERT(std::equal(flow.share().begin(), flow.share().end(), scaled.share().begin()));
}

}  // namespace
}  // namespace wintergrid
