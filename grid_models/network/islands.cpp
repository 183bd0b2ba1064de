// Disjoint-set forest with path halving; the root of a set is its lowest node, so that the
// numbering follows from the node order alone. Source: R. E. Tarjan and J. van Leeuwen, "Worst-case
// analysis of set union algorithms", J. ACM 31 (1984) 245-281.

#include "grid_models/network/islands.hpp"

#include <algorithm>
#include <numeric>

#include "grid_models/core/contract.hpp"

namespace wintergrid {

Islands::Islands(std::size_t node_count)
    : parent_(node_count, 0), island_of_node_(node_count, kNoIsland) {}

std::uint32_t Islands::root(std::uint32_t node) {
  while (parent_[node] != node) {
    parent_[node] = parent_[parent_[node]];
    node = parent_[node];
  }
  return node;
}

void Islands::find(std::span<const std::uint32_t> from, std::span<const std::uint32_t> to,
                   std::span<const std::uint8_t> edge_up, std::span<const std::uint8_t> node_up) {
  WG_EXPECT(from.size() == to.size());
  WG_EXPECT(edge_up.empty() || edge_up.size() == from.size());
  WG_EXPECT(node_up.empty() || node_up.size() == parent_.size());
  const auto up = [](std::span<const std::uint8_t> mask, std::size_t index) {
    return mask.empty() || mask[index] != 0;
  };
  std::iota(parent_.begin(), parent_.end(), 0U);
  for (std::size_t edge = 0; edge < from.size(); ++edge) {
    if (up(edge_up, edge) && up(node_up, from[edge]) && up(node_up, to[edge])) {
      const std::uint32_t a = root(from[edge]);
      const std::uint32_t b = root(to[edge]);
      parent_[std::max(a, b)] = std::min(a, b);
    }
  }
  count_ = 0;
  for (std::uint32_t node = 0; node < parent_.size(); ++node) {
    if (!up(node_up, node)) {
      island_of_node_[node] = kNoIsland;
    } else if (const std::uint32_t lowest = root(node); lowest == node) {
      island_of_node_[node] = static_cast<std::uint32_t>(count_++);
    } else {
      island_of_node_[node] = island_of_node_[lowest];
    }
  }
}

}  // namespace wintergrid
