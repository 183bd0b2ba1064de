#include "grid_models/network/analysis.hpp"

#include <algorithm>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "grid_models/core/contract.hpp"
#include "grid_models/network/islands.hpp"

namespace wintergrid {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Ends = std::vector<std::uint32_t>;

TEST(ReachableFrom, HeedsDirections) {
  const Ends from{0, 1, 3}, to{1, 2, 2};
  const std::vector<std::uint8_t> one_way{0, 0, 0}, last_two_way{0, 0, 1};
  EXPECT_THAT(reachable_from({4, from, to, one_way}, Ends{0}), ElementsAre(1, 1, 1, 0));
  EXPECT_THAT(reachable_from({4, from, to, last_two_way}, Ends{0}), ElementsAre(1, 1, 1, 1));
  EXPECT_THAT(reachable_from({4, from, to, {}}, Ends{2}), ElementsAre(1, 1, 1, 1));
  EXPECT_THAT(reachable_from({4, from, to, one_way}, Ends{1, 3}), ElementsAre(0, 1, 1, 1));
  EXPECT_THAT(reachable_from({4, from, to, one_way}, Ends{}), ElementsAre(0, 0, 0, 0));
}

TEST(Bridges, OfAPathAreAllItsEdges) {
  const Ends from{0, 1, 2}, to{1, 2, 3};
  EXPECT_THAT(bridges({4, from, to, {}}), ElementsAre(0, 1, 2));
  EXPECT_THAT(articulation_points({4, from, to, {}}), ElementsAre(1, 2));
}

TEST(Bridges, TwoTrianglesAndTheEdgeBetweenThem) {
  const Ends from{0, 1, 2, 2, 3, 4, 5}, to{1, 2, 0, 3, 4, 5, 3};
  EXPECT_THAT(bridges({6, from, to, {}}), ElementsAre(3));
  EXPECT_THAT(articulation_points({6, from, to, {}}), ElementsAre(2, 3));
}

TEST(Bridges, AParallelEdgeIsNone) {
  const Ends from{0, 1, 1}, to{1, 0, 2};
  EXPECT_THAT(bridges({3, from, to, {}}), ElementsAre(2));
  EXPECT_THAT(articulation_points({3, from, to, {}}), ElementsAre(1));
}

TEST(Bridges, ASelfLoopIsNone) {
  const Ends from{0, 0}, to{0, 1};
  EXPECT_THAT(bridges({2, from, to, {}}), ElementsAre(1));
  EXPECT_THAT(bridges({1, Ends{}, Ends{}, {}}), IsEmpty());
}

TEST(ConnectedComponents, AreNumberedByTheirLowestNode) {
  const Ends from{4, 3}, to{1, 0};
  EXPECT_THAT(connected_components({5, from, to, {}}), ElementsAre(0, 1, 2, 0, 1));
  EXPECT_THAT(connected_components({0, Ends{}, Ends{}, {}}), IsEmpty());
}

TEST(MaxFlow, IsLimitedByTheSmallestCut) {
  // 0 -> {1, 2} -> 3 with a link 1 - 2 both ways: 3 + 2 out of node 0, 2 + 4 into node 3; 1 must
  // pass from 1 to 2.
  const Ends from{0, 0, 1, 2, 1}, to{1, 2, 3, 3, 2};
  const std::vector<double> forward{3, 2, 2, 4, 10}, backward{0, 0, 0, 0, 10};
  const std::vector<double> supply{100, 0, 0, 0}, demand{0, 0, 0, 100};
  EXPECT_DOUBLE_EQ(max_flow({4, from, to, {}}, forward, backward, supply, demand), 5.0);
  const std::vector<double> small_supply{4.5, 0, 0, 0};
  EXPECT_DOUBLE_EQ(max_flow({4, from, to, {}}, forward, backward, small_supply, demand), 4.5);
}

TEST(MaxFlow, UsesTheWayBackOnlyIfItHasCapacity) {
  const Ends from{1}, to{0};
  const std::vector<double> forward{7}, none{0}, some{3}, supply{10, 0}, demand{0, 10};
  EXPECT_DOUBLE_EQ(max_flow({2, from, to, {}}, forward, none, supply, demand), 0.0);
  EXPECT_DOUBLE_EQ(max_flow({2, from, to, {}}, forward, some, supply, demand), 3.0);
}

TEST(Analysis, RefusesEndsOutsideTheGraph) {
  const Ends from{0}, to{2};
  EXPECT_THROW(bridges({2, from, to, {}}), ContractViolation);
  EXPECT_THROW(reachable_from({3, from, to, {}}, Ends{3}), ContractViolation);
  const std::vector<double> one{1}, three{1, 1, 1};
  EXPECT_THROW(max_flow({3, from, to, {}}, one, one, one, three), ContractViolation);
}

RC_GTEST_PROP(AnalysisProperty, BridgesAndArticulationPointsAreWhatTheirLossDoes, ()) {
  const auto nodes = *rc::gen::inRange<std::size_t>(1, 12);
  const auto edges = *rc::gen::inRange<std::size_t>(0, 18);
  const auto node = rc::gen::inRange<std::uint32_t>(0, static_cast<std::uint32_t>(nodes));
  const auto from = *rc::gen::container<Ends>(edges, node);
  const auto to = *rc::gen::container<Ends>(edges, node);
  Islands islands(nodes);
  islands.find(from, to);
  const std::size_t whole = islands.count();
  Ends expected_bridges, expected_points;
  for (std::uint32_t edge = 0; edge < edges; ++edge) {
    std::vector<std::uint8_t> up(edges, 1);
    up[edge] = 0;
    islands.find(from, to, up);
    if (islands.count() > whole) {
      expected_bridges.push_back(edge);
    }
  }
  for (std::uint32_t lost = 0; lost < nodes; ++lost) {
    std::vector<std::uint8_t> up(nodes, 1);
    up[lost] = 0;
    islands.find(from, to, {}, up);
    if (islands.count() > whole) {
      expected_points.push_back(lost);
    }
  }
  RC_ASSERT(bridges({nodes, from, to, {}}) == expected_bridges);
  RC_ASSERT(articulation_points({nodes, from, to, {}}) == expected_points);
}

}  // namespace
}  // namespace wintergrid
