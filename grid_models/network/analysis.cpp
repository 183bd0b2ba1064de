// Graph analysis by Boost.Graph. Two traps are kept out of the way here:
// - boost::biconnected_components gives no component to the second of two parallel edges, so each
// pair of ends enters once;
//   an edge with a parallel one is never a bridge.
// - boost::push_relabel_max_flow asserts if both directions of an edge have capacity;
// boykov_kolmogorov_max_flow allows it. Sources: J. Hopcroft and R. Tarjan, "Algorithm 447", Comm.
// ACM 16 (1973) 372-378 (biconnected components); Y. Boykov and V. Kolmogorov, IEEE Trans. Pattern
// Anal. 26 (2004) 1124-1137 (maximum flow).

#include "grid_models/network/analysis.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/biconnected_components.hpp>
#include <boost/graph/boykov_kolmogorov_max_flow.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/connected_components.hpp>

#include "grid_models/core/contract.hpp"

namespace wintergrid {

namespace {

using EdgeNumber = boost::property<boost::edge_index_t, std::size_t>;
using Undirected = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS,
                                         boost::no_property, EdgeNumber>;
using Directed = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;

void check(const GraphView& graph) {
  WG_CHECK(graph.from.size() == graph.to.size(), "an edge has two ends");
  WG_CHECK(graph.two_way.empty() || graph.two_way.size() == graph.from.size(),
           "two_way has another length than the edges");
  for (std::size_t edge = 0; edge < graph.from.size(); ++edge) {
    WG_CHECK(graph.from[edge] < graph.node_count && graph.to[edge] < graph.node_count,
             "edge end outside the graph");
  }
}

/// The simple undirected graph: no self-loops, one edge for each pair of ends. Its edge i stands
/// for edges[i] of the view, the lowest of its parallels; alone[i] says that there are none.
struct SimpleGraph {
  Undirected graph;
  std::vector<std::uint32_t> edges;
  std::vector<std::uint8_t> alone;

  explicit SimpleGraph(const GraphView& view) : graph(view.node_count) {
    struct Pair {
      std::uint32_t low, high, edge;
      auto operator<=>(const Pair&) const = default;
    };
    std::vector<Pair> pairs;
    for (std::uint32_t edge = 0; edge < view.from.size(); ++edge) {
      if (view.from[edge] != view.to[edge]) {
        pairs.push_back({std::min(view.from[edge], view.to[edge]),
                         std::max(view.from[edge], view.to[edge]), edge});
      }
    }
    std::sort(pairs.begin(), pairs.end());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      if (i > 0 && pairs[i].low == pairs[i - 1].low && pairs[i].high == pairs[i - 1].high) {
        alone.back() = 0;
        continue;
      }
      boost::add_edge(pairs[i].low, pairs[i].high, EdgeNumber(edges.size()), graph);
      edges.push_back(pairs[i].edge);
      alone.push_back(1);
    }
  }
};

}  // namespace

std::vector<std::uint8_t> reachable_from(const GraphView& graph,
                                         std::span<const std::uint32_t> sources) {
  check(graph);
  Directed directed(graph.node_count + 1);
  const std::size_t origin = graph.node_count;  // leads to every source
  for (const std::uint32_t source : sources) {
    WG_CHECK(source < graph.node_count, "source outside the graph");
    boost::add_edge(origin, source, directed);
  }
  for (std::size_t edge = 0; edge < graph.from.size(); ++edge) {
    boost::add_edge(graph.from[edge], graph.to[edge], directed);
    if (graph.two_way.empty() || graph.two_way[edge] != 0) {
      boost::add_edge(graph.to[edge], graph.from[edge], directed);
    }
  }
  std::vector<boost::default_color_type> color(graph.node_count + 1, boost::white_color);
  boost::breadth_first_search(directed, origin,
                              boost::color_map(boost::make_iterator_property_map(
                                  color.begin(), boost::get(boost::vertex_index, directed))));
  std::vector<std::uint8_t> reached(graph.node_count, 0);
  for (std::size_t node = 0; node < graph.node_count; ++node) {
    reached[node] = color[node] == boost::white_color ? 0 : 1;
  }
  return reached;
}

std::vector<std::uint32_t> connected_components(const GraphView& graph) {
  check(graph);
  const SimpleGraph simple(graph);
  std::vector<std::uint32_t> component(graph.node_count, 0);
  if (graph.node_count > 0) {
    boost::connected_components(
        simple.graph, boost::make_iterator_property_map(
                          component.begin(), boost::get(boost::vertex_index, simple.graph)));
  }
  return component;
}

std::vector<std::uint32_t> bridges(const GraphView& graph) {
  check(graph);
  const SimpleGraph simple(graph);
  std::vector<std::size_t> block(simple.edges.size(), 0);
  const std::size_t blocks = boost::biconnected_components(
      simple.graph, boost::make_iterator_property_map(block.begin(),
                                                      boost::get(boost::edge_index, simple.graph)));
  std::vector<std::size_t> edges_in_block(blocks, 0);
  for (const std::size_t b : block) {
    ++edges_in_block[b];
  }
  std::vector<std::uint32_t> result;
  for (std::size_t i = 0; i < block.size(); ++i) {
    if (edges_in_block[block[i]] == 1 && simple.alone[i] != 0) {
      result.push_back(simple.edges[i]);
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<std::uint32_t> articulation_points(const GraphView& graph) {
  check(graph);
  const SimpleGraph simple(graph);
  std::vector<std::uint32_t> result;
  boost::articulation_points(simple.graph, std::back_inserter(result));
  std::sort(result.begin(), result.end());
  return result;
}

double max_flow(const GraphView& graph, std::span<const double> forward_capacity,
                std::span<const double> backward_capacity, std::span<const double> supply,
                std::span<const double> demand) {
  check(graph);
  WG_CHECK(forward_capacity.size() == graph.from.size() &&
               backward_capacity.size() == graph.from.size() && supply.size() == graph.node_count &&
               demand.size() == graph.node_count,
           "arrays of a flow problem differ in length");
  using Links = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::bidirectionalS>;
  struct Edge {
    double capacity = 0.0;
    double residual = 0.0;
    Links::edge_descriptor reverse;
  };
  using Network = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS,
                                        boost::no_property, Edge>;
  Network network(graph.node_count + 2);
  const std::size_t origin = graph.node_count;
  const std::size_t target = graph.node_count + 1;
  const auto add = [&](std::size_t from, std::size_t to, double forward, double backward) {
    const auto there = boost::add_edge(from, to, network).first;
    const auto back = boost::add_edge(to, from, network).first;
    network[there].capacity = forward;
    network[back].capacity = backward;
    network[there].reverse = back;
    network[back].reverse = there;
  };
  for (std::size_t edge = 0; edge < graph.from.size(); ++edge) {
    if (graph.from[edge] != graph.to[edge]) {
      add(graph.from[edge], graph.to[edge], forward_capacity[edge], backward_capacity[edge]);
    }
  }
  for (std::size_t node = 0; node < graph.node_count; ++node) {
    add(origin, node, supply[node], 0.0);
    add(node, target, demand[node], 0.0);
  }
  return boost::boykov_kolmogorov_max_flow(
      network, boost::get(&Edge::capacity, network), boost::get(&Edge::residual, network),
      boost::get(&Edge::reverse, network), boost::get(boost::vertex_index, network), origin,
      target);
}

}  // namespace wintergrid
