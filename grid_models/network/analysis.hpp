#pragma once
// What the shape of a network says before anything is simulated: what can be reached, and where one
// loss cuts it in two. For compiling scenarios and as an independent oracle in tests; these
// functions allocate and are not for the loop.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace wintergrid {

/// A graph over arrays that live elsewhere: edge e joins from[e] and to[e] (< node_count). Parallel
/// edges and self-loops are allowed. Throws ContractViolation if an end lies outside.
struct GraphView {
  std::size_t node_count = 0;
  std::span<const std::uint32_t> from;
  std::span<const std::uint32_t> to;
  std::span<const std::uint8_t> two_way;  ///< per edge, 0: from -> to only; empty: all both ways
};

/// Per node: 1 if a path of usable directions leads to it from one of `sources`.
std::vector<std::uint8_t> reachable_from(const GraphView& graph,
                                         std::span<const std::uint32_t> sources);

/// Per node: its connected component, numbered from 0 in the order of lowest nodes; directions do
/// not count.
std::vector<std::uint32_t> connected_components(const GraphView& graph);

/// Edges whose loss cuts a connected component in two, ascending; directions do not count.
std::vector<std::uint32_t> bridges(const GraphView& graph);

/// Nodes whose loss cuts a connected component in two or more, ascending; directions do not count.
std::vector<std::uint32_t> articulation_points(const GraphView& graph);

/// The largest flow from supplies to demands (per node, >= 0) over edges with a capacity each way
/// (>= 0; `two_way` is not looked at). All values finite.
double max_flow(const GraphView& graph, std::span<const double> forward_capacity,
                std::span<const double> backward_capacity, std::span<const double> supply,
                std::span<const double> demand);

}  // namespace wintergrid
