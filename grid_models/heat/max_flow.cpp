// Maximum flow by augmentation in level graphs.
//
//   supplies  sum over augmentations at v <= supply_v      whole numbers of a unit the caller
//   chooses demands   delivered_v <= demand_v pipes     |flow_p| <= scale * capacity_p
//
// Source: Dinic, Soviet Math. Doklady 11 (1970) 1277; Ahuja, Magnanti, Orlin, Network Flows (1993),
// section 7.5. One change: a demand takes flow at any distance, not only at the shortest one. That
// keeps the bound on phases, because what is left of a demand after a blocking flow is farther away
// than before, whatever its distance was.

#include "grid_models/heat/max_flow.hpp"

#include <algorithm>

#include "grid_models/core/contract.hpp"

namespace wintergrid::heat {

MaxFlow::MaxFlow(std::size_t node_count, std::span<const std::uint32_t> pipe_from,
                 std::span<const std::uint32_t> pipe_to)
    : first_slot_(node_count + 1, 0),
      arc_(2 * pipe_from.size()),
      head_(2 * pipe_from.size()),
      residual_(2 * pipe_from.size(), 0),
      supply_(node_count, 0),
      demand_(node_count, 0),
      distance_(node_count, -1),
      next_slot_(node_count, 0),
      queue_(node_count),
      path_(node_count),
      short_(node_count, 0) {
  for (std::size_t pipe = 0; pipe < pipe_from.size(); ++pipe) {
    WG_CHECK(pipe_from[pipe] < node_count && pipe_to[pipe] < node_count, "pipe end is not a node");
    ++first_slot_[pipe_from[pipe] + 1];
    ++first_slot_[pipe_to[pipe] + 1];
    head_[2 * pipe] = pipe_to[pipe];
    head_[2 * pipe + 1] = pipe_from[pipe];
  }
  for (std::size_t node = 0; node < node_count; ++node) {
    first_slot_[node + 1] += first_slot_[node];
    next_slot_[node] = first_slot_[node];
  }
  for (std::uint32_t arc = 0; arc < head_.size(); ++arc) {
    const std::uint32_t tail = head_[arc ^ 1U];
    arc_[next_slot_[tail]++] = arc;
  }
}

bool MaxFlow::label_distances(std::span<const std::uint32_t> nodes) {
  std::size_t filled = 0;
  for (const std::uint32_t node : nodes) {
    const bool root = supply_[node] > 0;
    distance_[node] = root ? 0 : -1;
    next_slot_[node] = first_slot_[node];
    if (root) {
      queue_[filled++] = node;
    }
  }
  bool demand_reached = false;
  for (std::size_t done = 0; done < filled; ++done) {
    const std::uint32_t node = queue_[done];
    demand_reached = demand_reached || demand_[node] > 0;
    for (std::uint32_t slot = first_slot_[node]; slot < first_slot_[node + 1]; ++slot) {
      const std::uint32_t arc = arc_[slot];
      if (residual_[arc] > 0 && distance_[head_[arc]] < 0) {
        distance_[head_[arc]] = distance_[node] + 1;
        queue_[filled++] = head_[arc];
      }
    }
  }
  return demand_reached;
}

void MaxFlow::augment_from(std::uint32_t root) {
  std::size_t length = 0;
  std::uint32_t node = root;
  while (supply_[root] > 0) {
    if (demand_[node] > 0) {
      std::int64_t amount = std::min(supply_[root], demand_[node]);
      for (std::size_t step = 0; step < length; ++step) {
        amount = std::min(amount, residual_[path_[step]]);
      }
      supply_[root] -= amount;
      demand_[node] -= amount;
      std::size_t keep = length;
      for (std::size_t step = length; step-- > 0;) {
        residual_[path_[step]] -= amount;
        residual_[path_[step] ^ 1U] += amount;
        if (residual_[path_[step]] == 0) {
          keep = step;
        }
      }
      if (keep < length) {
        node = head_[path_[keep] ^ 1U];
        length = keep;
      }
      continue;
    }
    std::uint32_t& slot = next_slot_[node];
    bool advanced = false;
    for (; slot < first_slot_[node + 1]; ++slot) {
      const std::uint32_t arc = arc_[slot];
      if (residual_[arc] > 0 && distance_[head_[arc]] == distance_[node] + 1) {
        path_[length++] = arc;
        node = head_[arc];
        advanced = true;
        break;
      }
    }
    if (!advanced) {
      if (length == 0) {
        return;
      }
      node = head_[path_[--length] ^ 1U];
      ++next_slot_[node];
    }
  }
}

bool MaxFlow::mark_short(std::span<const std::uint32_t> nodes) {
  std::size_t filled = 0;
  for (const std::uint32_t node : nodes) {
    short_[node] = demand_[node] > 0 ? 1 : 0;
    if (short_[node] != 0) {
      queue_[filled++] = node;
    }
  }
  for (std::size_t done = 0; done < filled; ++done) {
    const std::uint32_t node = queue_[done];
    for (std::uint32_t slot = first_slot_[node]; slot < first_slot_[node + 1]; ++slot) {
      const std::uint32_t inward = arc_[slot] ^ 1U;
      const std::uint32_t neighbour = head_[arc_[slot]];
      if (residual_[inward] > 0 && short_[neighbour] == 0) {
        short_[neighbour] = 1;
        queue_[filled++] = neighbour;
      }
    }
  }
  return filled == 0;
}

bool MaxFlow::meet_demands(std::span<const std::uint32_t> nodes,
                           std::span<const std::uint32_t> group,
                           std::span<const std::int64_t> pipe_capacity, std::int64_t scale) {
  for (const std::uint32_t node : nodes) {
    for (std::uint32_t slot = first_slot_[node]; slot < first_slot_[node + 1]; ++slot) {
      const std::uint32_t arc = arc_[slot];
      if (group[head_[arc]] == group[node]) {
        residual_[arc] = scale * pipe_capacity[arc >> 1U];
      } else {
        residual_[arc] = 0;
        residual_[arc ^ 1U] = 0;  // left over from another group: no search may enter through it
      }
    }
    // Most demand is next to a supply, and this keeps it out of the search.
    const std::int64_t local = std::min(supply_[node], demand_[node]);
    supply_[node] -= local;
    demand_[node] -= local;
  }
  while (label_distances(nodes)) {
    for (const std::uint32_t node : nodes) {
      if (supply_[node] > 0) {
        augment_from(node);
      }
    }
  }
  return mark_short(nodes);
}

}  // namespace wintergrid::heat
