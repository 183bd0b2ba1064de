#pragma once
// Which nodes hang together over the edges that are up.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace wintergrid {

/// Islands of an undirected graph under changing up-masks. Nothing allocates after construction.
class Islands {
 public:
  static constexpr std::uint32_t kNoIsland = UINT32_MAX;

  explicit Islands(std::size_t node_count);

  /// Edge e joins from[e] and to[e] (< node_count). A mask may be empty: all up. An edge counts if
  /// it and both its ends are up. Islands are numbered from 0 in the order of their lowest node; a
  /// node that is down is in none.
  void find(std::span<const std::uint32_t> from, std::span<const std::uint32_t> to,
            std::span<const std::uint8_t> edge_up = {}, std::span<const std::uint8_t> node_up = {});

  std::size_t count() const { return count_; }
  std::span<const std::uint32_t> island_of_node() const { return island_of_node_; }

 private:
  std::uint32_t root(std::uint32_t node);

  std::size_t count_ = 0;
  std::vector<std::uint32_t> parent_;
  std::vector<std::uint32_t> island_of_node_;
};

}  // namespace wintergrid
