#include "engine/scenario/epanet_groups.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <queue>
#include <tuple>

namespace wintergrid::scenario {
namespace {

using hydraulics::kNone;
using hydraulics::LinkKind;

class Grouping {
 public:
  Grouping(const EpanetFile& file, const epanet::Start& start)
      : file_(file),
        network_(file.model.network),
        is_open_(start.is_open),
        demand_(start.demand_m3s) {}

  EpanetGroups make(std::size_t zones) {
    find_parts();
    choose_centres(zones);
    group_nodes();
    return {group_, static_cast<std::uint32_t>(centres_.size()), group_count_, zone_of_};
  }

 private:
  bool is_open(std::size_t k) const { return is_open_[k] != 0; }
  bool is_pump(std::size_t k) const { return network_.kind[k] == LinkKind::pump; }
  bool is_inner(std::size_t k) const {
    return network_.fixed_head[network_.from[k]] == 0 && network_.fixed_head[network_.to[k]] == 0;
  }

  /// Junctions joined by anything but pumps and what is closed.
  void find_parts() {
    part_.assign(network_.node_count(), kNone);
    for (std::uint32_t start = 0; start < part_.size(); ++start) {
      if (part_[start] != kNone || network_.fixed_head[start] != 0) {
        continue;
      }
      part_[start] = start;
      std::vector<std::uint32_t> frontier = {start};
      for (std::size_t at = 0; at < frontier.size(); ++at) {
        for_neighbours(frontier[at], [&](std::uint32_t other, std::size_t) {
          if (part_[other] == kNone) {
            part_[other] = start;
            frontier.push_back(other);
          }
        });
      }
    }
  }

  template <class Visit>
  void for_neighbours(std::uint32_t node, Visit visit) {
    if (neighbours_.empty()) {
      neighbours_.resize(network_.node_count());
      for (std::uint32_t k = 0; k < network_.link_count(); ++k) {
        if (!is_pump(k) && is_open(k) && is_inner(k)) {
          neighbours_[network_.from[k]].push_back(k);
          neighbours_[network_.to[k]].push_back(k);
        }
      }
    }
    for (const std::uint32_t k : neighbours_[node]) {
      visit(network_.from[k] == node ? network_.to[k] : network_.from[k], k);
    }
  }

  /// Shortest distances along pipes from all `centres_`; ties to the lower centre.
  void measure() {
    using Entry = std::tuple<double, std::uint32_t, std::uint32_t>;  // distance, centre, node
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
    distance_.assign(network_.node_count(), std::numeric_limits<double>::infinity());
    nearest_.assign(network_.node_count(), kNone);
    for (std::uint32_t c = 0; c < centres_.size(); ++c) {
      queue.emplace(0.0, c, centres_[c]);
    }
    while (!queue.empty()) {
      const auto [distance, centre, node] = queue.top();
      queue.pop();
      if (nearest_[node] != kNone) {
        continue;
      }
      nearest_[node] = centre;
      distance_[node] = distance;
      const double so_far = distance;
      const std::uint32_t of = centre;
      for_neighbours(node, [&](std::uint32_t other, std::size_t k) {
        if (nearest_[other] == kNone) {
          queue.emplace(so_far + std::max(file_.length_m[k], 1.0), of, other);
        }
      });
    }
  }

  /// One centre in each part with demand (its largest), then the farthest demand from all, weighted
  /// by the demand itself.
  void choose_centres(std::size_t wanted) {
    std::map<std::uint32_t, std::uint32_t> largest;  // by part
    for (std::uint32_t i = 0; i < demand_.size(); ++i) {
      if (demand_[i] > 0.0 && network_.fixed_head[i] == 0) {
        const auto [at, fresh] = largest.emplace(part_[i], i);
        if (!fresh && demand_[i] > demand_[at->second]) {
          at->second = i;
        }
      }
    }
    for (const auto& [part, node] : largest) {
      centres_.push_back(node);
    }
    measure();
    while (centres_.size() < wanted) {
      std::uint32_t best = kNone;
      double most = 0.0;
      for (std::uint32_t i = 0; i < demand_.size(); ++i) {
        const double weight = nearest_[i] == kNone ? 0.0 : demand_[i] * distance_[i];
        if (weight > most) {
          most = weight;
          best = i;
        }
      }
      if (best == kNone) {
        break;
      }
      centres_.push_back(best);
      measure();
    }
  }

  /// Groups 0 .. centres: zones; further groups: parts without demand, reservoirs and tanks.
  void group_nodes() {
    group_ = nearest_;
    group_count_ = static_cast<std::uint32_t>(centres_.size());
    std::map<std::uint32_t, std::uint32_t> transit;
    for (std::uint32_t i = 0; i < group_.size(); ++i) {
      if (network_.fixed_head[i] != 0) {
        group_[i] = group_count_++;
      } else if (group_[i] == kNone) {
        const auto [at, fresh] = transit.emplace(part_[i], group_count_);
        group_count_ += fresh ? 1 : 0;
        group_[i] = at->second;
      }
    }
    // groups without people lie in the zone next to them (breadth first, ties to the lower link)
    zone_of_.assign(group_count_, kNone);
    for (std::uint32_t z = 0; z < centres_.size(); ++z) {
      zone_of_[z] = z;
    }
    for (bool grew = true; grew;) {
      grew = false;
      for (std::size_t k = 0; k < network_.link_count(); ++k) {
        std::uint32_t& a = zone_of_[group_[network_.from[k]]];
        std::uint32_t& b = zone_of_[group_[network_.to[k]]];
        if ((a == kNone) != (b == kNone)) {
          (a == kNone ? a : b) = a == kNone ? b : a;
          grew = true;
        }
      }
    }
  }

  const EpanetFile& file_;
  const hydraulics::Network& network_;
  const std::vector<std::uint8_t>& is_open_;
  const std::vector<double>& demand_;
  std::vector<double> distance_;
  std::vector<std::uint32_t> part_, nearest_, group_, centres_, zone_of_;
  std::vector<std::vector<std::uint32_t>> neighbours_;
  std::uint32_t group_count_ = 0;
};

}  // namespace

EpanetGroups group_junctions(const EpanetFile& file, const epanet::Start& start,
                             std::size_t zones) {
  return Grouping(file, start).make(zones);
}

}  // namespace wintergrid::scenario
