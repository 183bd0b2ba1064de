// Fair sharing of heat: cases by hand, and optimality against another maximum-flow implementation
// (Boost.Graph).

#include "grid_models/heat/delivery.hpp"

#include <algorithm>
#include <cmath>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/boykov_kolmogorov_max_flow.hpp>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace wintergrid::heat {
namespace {

struct Network {
  std::size_t node_count = 0;
  std::vector<std::uint32_t> from;
  std::vector<std::uint32_t> to;
  std::vector<double> capacity_mw;
  std::vector<std::uint32_t> source_node;
  std::vector<double> source_mw;
  std::vector<std::int64_t> households;

  Delivery delivery() const { return {node_count, from, to, capacity_mw, source_node, households}; }
  std::vector<double> all_pipes() const { return std::vector<double>(from.size(), 1.0); }
};

std::vector<double> levels(const Network& network, double wanted_w) {
  Delivery delivery = network.delivery();
  delivery.set_capacities(network.source_mw, network.all_pipes(), wanted_w, 0.0);
  delivery.share_out(network.households);
  std::vector<double> result;
  for (std::size_t node = 0; node < network.node_count; ++node) {
    result.push_back(delivery.level_w(node));
  }
  return result;
}

TEST(MaxFlow, a_part_of_the_nodes_is_solved_without_the_others) {
  // Chain 0 - 1 - 2. First all together, which leaves residual capacity on both pipes; then 0 and 2
  // without 1.
  const std::vector<std::uint32_t> from{0, 1};
  const std::vector<std::uint32_t> to{1, 2};
  const std::vector<std::int64_t> capacity{5, 5};
  MaxFlow flow(3, from, to);
  flow.set_node(0, 0, 3);
  flow.set_node(1, 0, 0);
  flow.set_node(2, 4, 0);
  const std::vector<std::uint32_t> all{0, 1, 2};
  EXPECT_TRUE(flow.meet_demands(all, std::vector<std::uint32_t>{0, 0, 0}, capacity, 1));
  flow.set_node(0, 0, 3);
  flow.set_node(2, 4, 0);
  const std::vector<std::uint32_t> ends{0, 2};
  EXPECT_FALSE(flow.meet_demands(ends, std::vector<std::uint32_t>{1, 0, 1}, capacity, 1));
  EXPECT_TRUE(flow.is_short(0));
  EXPECT_FALSE(flow.is_short(1));  // not asked: stays what it was
  EXPECT_FALSE(flow.is_short(2));
}

TEST(MaxFlow, finds_the_way_back_out_of_a_wrong_first_choice) {
  // Supplies 0 and 1; 1 reaches demand 3 only over 2, which the flow of 0 to 3 must give up for
  // demand 4.
  const std::vector<std::uint32_t> from{0, 1, 2, 0};
  const std::vector<std::uint32_t> to{2, 2, 3, 4};
  const std::vector<std::int64_t> capacity{1, 1, 1, 1};
  MaxFlow flow(5, from, to);
  flow.set_node(0, 1, 0);
  flow.set_node(1, 1, 0);
  flow.set_node(3, 0, 1);
  flow.set_node(4, 0, 1);
  const std::vector<std::uint32_t> all{0, 1, 2, 3, 4};
  EXPECT_TRUE(flow.meet_demands(all, std::vector<std::uint32_t>(5, 0), capacity, 1));
}

TEST(Delivery, one_source_one_node_gets_power_over_households) {
  const Network network{1, {}, {}, {}, {0}, {3.0}, {1000}};
  EXPECT_EQ(levels(network, 4000.0)[0], 3000.0);
  EXPECT_EQ(levels(network, 3000.0)[0], kEnough);
}

TEST(Delivery, two_nodes_share_a_shortage_by_households) {
  // 6 MW for 1000 + 3000 households behind ample pipes: 1500 W each, whatever the size.
  const Network network{3, {0, 0}, {1, 2}, {100, 100}, {0}, {6.0}, {0, 1000, 3000}};
  const auto level = levels(network, 2000.0);
  EXPECT_EQ(level[1], 1500.0);
  EXPECT_EQ(level[2], 1500.0);
}

TEST(Delivery, a_narrow_pipe_lowers_only_what_is_behind_it) {
  // The pipe lets 0.5 MW to node 1; the other 5.5 MW go to node 2.
  const Network network{3, {0, 0}, {1, 2}, {0.5, 100}, {0}, {6.0}, {0, 1000, 3000}};
  const auto level = levels(network, 2000.0);
  EXPECT_EQ(level[1], 500.0);
  EXPECT_NEAR(level[2], 5.5e6 / 3000.0, 1e-12 * 2000.0);
}

TEST(Delivery, an_infinite_pipe_is_no_limit_and_a_closed_one_carries_nothing) {
  const double unlimited = std::numeric_limits<double>::infinity();
  const Network network{3, {0, 1}, {1, 2}, {unlimited, unlimited}, {0}, {2.0}, {0, 1000, 1000}};
  EXPECT_EQ(levels(network, 2000.0)[2], 1000.0);
  Delivery delivery = network.delivery();
  delivery.set_capacities(network.source_mw, std::vector<double>{1.0, 0.0}, 1500.0, 0.0);
  ASSERT_FALSE(delivery.short_nodes().empty());
  delivery.share_out(network.households);
  EXPECT_EQ(delivery.level_w(1), kEnough);
  EXPECT_EQ(delivery.level_w(2), 0.0);
  EXPECT_TRUE(delivery.reached(1));
  EXPECT_FALSE(delivery.reached(2));
}

TEST(Delivery, a_ring_brings_heat_from_both_sides) {
  // Ring 0-1-2-3 with 1 MW pipes: node 2 gets 2 MW over nodes 1 and 3, which ask for nothing.
  const Network network{4, {0, 1, 2, 3}, {1, 2, 3, 0}, {1, 1, 1, 1}, {0}, {10.0}, {0, 0, 1000, 0}};
  EXPECT_EQ(levels(network, 5000.0)[2], 2000.0);
}

TEST(Delivery, separate_systems_do_not_help_each_other) {
  const Network network{4, {0, 2}, {1, 3}, {9, 9}, {0, 2}, {1.0, 8.0}, {0, 1000, 0, 1000}};
  const auto level = levels(network, 2000.0);
  EXPECT_EQ(level[1], 1000.0);
  EXPECT_EQ(level[3], kEnough);
}

TEST(Delivery, two_pipes_between_the_same_nodes_add_up) {
  const Network network{2, {0, 1}, {1, 0}, {0.25, 0.5}, {0}, {9.0}, {0, 1000}};
  EXPECT_EQ(levels(network, 2000.0)[1], 750.0);
}

TEST(Delivery, levels_of_a_third_are_exact_quotients) {
  const Network network{1, {}, {}, {}, {0}, {1.0}, {3}};
  EXPECT_EQ(levels(network, 1e6)[0], 1e6 / 3.0);
}

TEST(Delivery, nothing_is_solved_again_while_nothing_gets_worse) {
  const Network network{3, {0, 0}, {1, 2}, {0.5, 100}, {0}, {6.0}, {0, 1000, 3000}};
  Delivery delivery = network.delivery();
  const auto pipes = network.all_pipes();
  delivery.set_capacities(network.source_mw, pipes, 400.0, 450.0);
  EXPECT_TRUE(delivery.short_nodes().empty());
  EXPECT_EQ(delivery.solves(), 1u);
  delivery.set_capacities(network.source_mw, pipes, 440.0, 450.0);
  EXPECT_EQ(delivery.solves(), 1u);
  delivery.set_capacities(network.source_mw, pipes, 600.0, 450.0);
  EXPECT_EQ(delivery.solves(), 2u);
  delivery.share_out(network.households);
  const auto solves = delivery.solves();
  EXPECT_GT(solves, 2u);
  delivery.set_capacities(network.source_mw, pipes, 500.0, 450.0);
  delivery.share_out(network.households);
  EXPECT_EQ(delivery.solves(), solves);
}

// --- properties --------------------------------------------------------------------------------

Network random_network() {
  Network network;
  network.node_count = *rc::gen::inRange<std::size_t>(1, 13);
  const auto node =
      rc::gen::inRange<std::uint32_t>(0, static_cast<std::uint32_t>(network.node_count));
  const auto pipe_count = *rc::gen::inRange<std::size_t>(0, 2 * network.node_count);
  // Few distinct sizes, so that ties and exactly full pipes are common.
  const auto size_kw = rc::gen::element(0.0, 1.0, 2.0, 3.0, 5.0, 7.0, 20.0, 100.0);
  for (std::size_t pipe = 0; pipe < pipe_count; ++pipe) {
    network.from.push_back(*node);
    network.to.push_back(*node);
    network.capacity_mw.push_back(1e-3 * *size_kw);
  }
  const auto source_count = *rc::gen::inRange<std::size_t>(0, 4);
  for (std::size_t source = 0; source < source_count; ++source) {
    network.source_node.push_back(*node);
    network.source_mw.push_back(1e-3 * *size_kw);
  }
  for (std::size_t at = 0; at < network.node_count; ++at) {
    network.households.push_back(*rc::gen::element<std::int64_t>(0, 0, 1, 2, 3, 7, 30));
  }
  return network;
}

/// Largest total flow, in milliwatts, to these demands; by Boykov and Kolmogorov's algorithm.
std::int64_t oracle_flow(const Network& network,
                         const std::vector<std::int64_t>& demand_milliwatt) {
  using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
  using Graph = boost::adjacency_list<
      boost::vecS, boost::vecS, boost::directedS,
      boost::property<
          boost::vertex_color_t, boost::default_color_type,
          boost::property<boost::vertex_distance_t, long,
                          boost::property<boost::vertex_predecessor_t, Traits::edge_descriptor>>>,
      boost::property<
          boost::edge_capacity_t, std::int64_t,
          boost::property<boost::edge_residual_capacity_t, std::int64_t,
                          boost::property<boost::edge_reverse_t, Traits::edge_descriptor>>>>;
  Graph graph(network.node_count + 2);
  const auto add = [&](std::size_t tail, std::size_t head, std::int64_t forward,
                       std::int64_t backward) {
    const auto edge = boost::add_edge(tail, head, graph).first;
    const auto back = boost::add_edge(head, tail, graph).first;
    boost::put(boost::edge_capacity, graph, edge, forward);
    boost::put(boost::edge_capacity, graph, back, backward);
    boost::put(boost::edge_reverse, graph, edge, back);
    boost::put(boost::edge_reverse, graph, back, edge);
  };
  const auto milliwatt = [](double megawatts) { return std::llround(megawatts * 1e9); };
  const std::size_t origin = network.node_count;
  const std::size_t goal = network.node_count + 1;
  for (std::size_t pipe = 0; pipe < network.from.size(); ++pipe) {
    const auto capacity = milliwatt(network.capacity_mw[pipe]);
    add(network.from[pipe], network.to[pipe], capacity, capacity);
  }
  for (std::size_t source = 0; source < network.source_node.size(); ++source) {
    add(origin, network.source_node[source], milliwatt(network.source_mw[source]), 0);
  }
  for (std::size_t node = 0; node < network.node_count; ++node) {
    add(node, goal, demand_milliwatt[node], 0);
  }
  return boost::boykov_kolmogorov_max_flow(graph, origin, goal);
}

std::int64_t total(const std::vector<std::int64_t>& values) {
  std::int64_t sum = 0;
  for (const auto value : values) {
    sum += value;
  }
  return sum;
}

RC_GTEST_PROP(DeliveryProperty, levels_are_feasible_and_lexicographically_largest, ()) {
  const Network network = random_network();
  const double wanted_w = *rc::gen::element(1.0, 300.0, 1000.0, 4000.0, 1e6);
  auto level = levels(network, wanted_w);
  for (auto& value : level) {
    value = std::min(value, wanted_w);
  }
  // Rounded down to whole milliwatts the levels can all be had at once ...
  std::vector<std::int64_t> demand(network.node_count);
  for (std::size_t node = 0; node < network.node_count; ++node) {
    demand[node] = static_cast<std::int64_t>(
        std::floor(level[node] * static_cast<double>(network.households[node]) * 1e3));
  }
  RC_ASSERT(oracle_flow(network, demand) == total(demand));
  // ... and a node below the wanted level cannot have more unless one that has no more than it gets
  // less.
  for (std::size_t node = 0; node < network.node_count; ++node) {
    if (network.households[node] == 0 || level[node] >= wanted_w) {
      continue;
    }
    for (std::size_t other = 0; other < network.node_count; ++other) {
      demand[other] = static_cast<std::int64_t>(
          std::floor(std::min(level[other], level[node]) *
                     static_cast<double>(network.households[other]) * 1e3));
    }
    demand[node] += 2 * static_cast<std::int64_t>(network.node_count);
    RC_ASSERT(oracle_flow(network, demand) < total(demand));
  }
}

RC_GTEST_PROP(DeliveryProperty, what_was_asked_before_does_not_change_an_answer, ()) {
  const Network network = random_network();
  Delivery kept = network.delivery();
  const auto moments = *rc::gen::inRange(1, 8);
  auto source_mw = network.source_mw;
  auto factor = network.all_pipes();
  auto households = network.households;
  for (int moment = 0; moment < moments; ++moment) {
    if (!source_mw.empty() && *rc::gen::arbitrary<bool>()) {
      const auto source = *rc::gen::inRange<std::size_t>(0, source_mw.size());
      source_mw[source] = network.source_mw[source] * *rc::gen::element(0.0, 0.5, 1.0);
    }
    if (!factor.empty() && *rc::gen::arbitrary<bool>()) {
      factor[*rc::gen::inRange<std::size_t>(0, factor.size())] = *rc::gen::element(0.0, 0.3, 1.0);
    }
    const auto node = *rc::gen::inRange<std::size_t>(0, network.node_count);
    households[node] = *rc::gen::inRange<std::int64_t>(0, network.households[node] + 1);
    const double wanted_w = *rc::gen::element(0.0, 100.0, 333.3, 1000.0, 2500.0, 7000.0);
    const double usual_w = *rc::gen::element(500.0, 2000.0);

    kept.set_capacities(source_mw, factor, wanted_w, usual_w);
    kept.share_out(households);
    Delivery fresh = network.delivery();
    fresh.set_capacities(source_mw, factor, wanted_w, 0.0);
    fresh.share_out(households);
    for (std::size_t at = 0; at < network.node_count; ++at) {
      RC_ASSERT(kept.reached(at) == fresh.reached(at));
      if (households[at] > 0) {
        // Up to the wanted level the answers agree to the bit; above it both only say "enough".
        RC_ASSERT(std::min(kept.level_w(at), wanted_w) == std::min(fresh.level_w(at), wanted_w));
      }
    }
  }
}

}  // namespace
}  // namespace wintergrid::heat
