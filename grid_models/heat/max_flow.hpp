#pragma once
// Maximum flow from supplies to demands over an undirected capacitated graph, in whole numbers, so
// that it is exact.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace wintergrid::heat {

/// Level-graph augmentation (after Dinic 1970) over a fixed topology; any subset of the nodes can
/// be solved on its own. Nothing allocates after construction.
class MaxFlow {
 public:
  MaxFlow(std::size_t node_count, std::span<const std::uint32_t> pipe_from,
          std::span<const std::uint32_t> pipe_to);

  /// Supply and demand of a node for the next meet_demands(); both >= 0.
  void set_node(std::uint32_t node, std::int64_t supply, std::int64_t demand) {
    supply_[node] = supply;
    demand_[node] = demand;
  }

  /// Finds a maximum flow among `nodes`, which must be exactly the nodes v of one value of
  /// group[v]: pipes that leave the group carry nothing. Pipe p carries up to scale *
  /// pipe_capacity[p] either way. Returns true if every demand is met.
  bool meet_demands(std::span<const std::uint32_t> nodes, std::span<const std::uint32_t> group,
                    std::span<const std::int64_t> pipe_capacity, std::int64_t scale);

  /// After meet_demands(): true if more heat at this node could reach an unmet demand. These nodes
  /// are the smallest sink side of a minimum cut: the pipes into it are full and its own supplies
  /// are used up.
  bool is_short(std::uint32_t node) const { return short_[node] != 0; }

  /// The arcs out of a node: pipe index and the node at the other end.
  struct Arc {
    std::uint32_t pipe;
    std::uint32_t head;
  };
  template <class Visit>
  void for_each_arc(std::uint32_t node, Visit&& visit) const {
    for (std::uint32_t slot = first_slot_[node]; slot < first_slot_[node + 1]; ++slot) {
      visit(Arc{arc_[slot] >> 1U, head_[arc_[slot]]});
    }
  }

 private:
  bool label_distances(std::span<const std::uint32_t> nodes);
  void augment_from(std::uint32_t root);
  bool mark_short(std::span<const std::uint32_t> nodes);

  // Arc 2p runs pipe p forward, arc 2p + 1 backward.
  std::vector<std::uint32_t> first_slot_;
  std::vector<std::uint32_t> arc_;
  std::vector<std::uint32_t> head_;
  std::vector<std::int64_t> residual_;
  std::vector<std::int64_t> supply_;
  std::vector<std::int64_t> demand_;
  std::vector<std::int32_t> distance_;
  std::vector<std::uint32_t> next_slot_;
  std::vector<std::uint32_t> queue_;
  std::vector<std::uint32_t> path_;
  std::vector<std::uint8_t> short_;
};

}  // namespace wintergrid::heat
