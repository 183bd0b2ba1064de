// Fair sharing of heat over a pipe graph.
//
//   w_v  households of node v that take heat                        s_v  supply of the sources at
//   v, W y_v  level of node v, W per household (flow into v = y_v w_v)   c_p  capacity of pipe p,
//   W, either way r(X) the largest flow that the nodes X can get together
//
// Levels y are feasible if sum over X of y_v w_v <= r(X) for every X (max-flow min-cut; Ford,
// Fulkerson 1956). r is submodular, so the lexicographic max-min levels exist, are unique where w_v
// > 0, and do not depend on an upper limit: with a wanted level q the shares are min(1, y_v / q).
// (Megiddo, Math. Programming 7 (1974) 97; Fujishige, Math. Oper. Res. 5 (1980) 186.)
//
// Decomposition (Fujishige 1980): test the common level y = (sum s - sum f) / sum w of a part, f
// being heat it must pass on. If it is feasible, it is the level of the whole part. If not, a
// minimum cut splits the part: behind the cut levels are lower, and the pipes across it are full,
// so they become supplies there and heat passed on here. Each solve settles a part or splits one:
// at most twice as many solves as distinct levels. Supplies are whole watts and households whole
// numbers, so a level is a ratio P / Q; scaled by Q every flow is a whole number, and nothing is
// rounded before the final division.
//
// What may be skipped, exactly. Let T be the smallest sink side of a minimum cut when everyone asks
// for level a. Outside T everyone gets at least a, also when fewer ask (submodularity: what X \ T
// can get on top of T does not shrink). Inside T levels depend on T alone, with the full pipes as
// supplies. So T is found once for a set of capacities, and only T is solved again when households
// change. IEEE division rounds monotonically: a level >= a stays >= a.

#include "grid_models/heat/delivery.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "grid_models/core/contract.hpp"

namespace wintergrid::heat {
namespace {

constexpr double kWattsPerMegawatt = 1e6;
constexpr std::int64_t kLargestProduct = std::int64_t{1} << 60;
constexpr double kLargestLevelW = 1e9;

std::int64_t whole_watts(double megawatts, std::int64_t limit) {
  const double watts = megawatts * kWattsPerMegawatt;
  if (!(watts > 0.0)) {
    return 0;
  }
  return watts >= static_cast<double>(limit) ? limit : std::llround(watts);
}

bool same_bits(std::span<const double> left, const std::vector<double>& right) {
  return left.empty() || std::memcmp(left.data(), right.data(), left.size_bytes()) == 0;
}

}  // namespace

Delivery::Delivery(std::size_t node_count, std::span<const std::uint32_t> pipe_from,
                   std::span<const std::uint32_t> pipe_to, std::span<const double> pipe_capacity_mw,
                   std::span<const std::uint32_t> source_node,
                   std::span<const std::int64_t> node_households)
    : flow_(node_count, pipe_from, pipe_to),
      node_count_(node_count),
      component_(node_count, 0),
      pipe_capacity_mw_(pipe_capacity_mw.begin(), pipe_capacity_mw.end()),
      source_node_(source_node.begin(), source_node.end()),
      node_households_(node_households.begin(), node_households.end()),
      given_source_mw_(source_node.size(), 0.0),
      given_pipe_factor_(pipe_from.size(), 0.0),
      node_supply_w_(node_count, 0),
      pipe_capacity_w_(pipe_from.size(), 0),
      reached_(node_count, 0),
      nodes_(node_count),
      short_supply_w_(node_count, 0),
      shared_households_(node_count, 0),
      level_w_(node_count, 0.0),
      supply_(node_count, 0),
      passed_on_(node_count, 0),
      group_(node_count, 0),
      order_(node_count),
      partition_(node_count) {
  WG_CHECK(pipe_from.size() == pipe_to.size() && pipe_from.size() == pipe_capacity_mw.size(),
           "heat pipes need two ends and a capacity each");
  WG_CHECK(node_households.size() == node_count, "households by heat node");
  for (std::size_t node = 0; node < node_count; ++node) {
    WG_CHECK(node_households[node] >= 0, "negative households");
  }
  for (const std::uint32_t node : source_node) {
    WG_CHECK(node < node_count, "heat source at an unknown node");
  }
  find_components(pipe_from, pipe_to);
  pending_.reserve(node_count + 1);
}

/// Systems that no pipe joins share nothing, so each has the whole range of integers to itself.
void Delivery::find_components(std::span<const std::uint32_t> pipe_from,
                               std::span<const std::uint32_t> pipe_to) {
  pipe_from_.assign(pipe_from.begin(), pipe_from.end());
  for (std::uint32_t node = 0; node < node_count_; ++node) {
    component_[node] = node;
  }
  const auto root = [&](std::uint32_t node) {
    while (component_[node] != node) {
      node = component_[node] = component_[component_[node]];
    }
    return node;
  };
  for (std::size_t pipe = 0; pipe < pipe_from.size(); ++pipe) {
    const std::uint32_t a = root(pipe_from[pipe]);
    const std::uint32_t b = root(pipe_to[pipe]);
    component_[std::max(a, b)] = std::min(a, b);
  }
  std::vector<std::int64_t> households(node_count_, 1);
  for (std::uint32_t node = 0; node < node_count_; ++node) {
    component_[node] = root(node);
    households[component_[node]] += node_households_[node];
  }
  component_limit_w_.assign(node_count_, 0);
  component_supply_w_.assign(node_count_, 0);
  for (std::uint32_t node = 0; node < node_count_; ++node) {
    component_limit_w_[node] = kLargestProduct / households[node];
  }
}

void Delivery::read_capacities(std::span<const double> source_available_mw,
                               std::span<const double> pipe_factor) {
  std::copy(source_available_mw.begin(), source_available_mw.end(), given_source_mw_.begin());
  std::copy(pipe_factor.begin(), pipe_factor.end(), given_pipe_factor_.begin());
  std::fill(node_supply_w_.begin(), node_supply_w_.end(), 0);
  std::fill(component_supply_w_.begin(), component_supply_w_.end(), 0);
  for (std::size_t source = 0; source < source_node_.size(); ++source) {
    const std::uint32_t node = source_node_[source];
    const std::uint32_t component = component_[node];
    const std::int64_t room_w = component_limit_w_[component] - component_supply_w_[component];
    const std::int64_t power_w =
        whole_watts(source_available_mw[source], component_limit_w_[component]);
    // A limit that cut a source off silently would lose heat that exists.
    WG_CHECK(power_w <= room_w,
             "a heat system is too large for whole-watt arithmetic: households x watts over 2^60");
    node_supply_w_[node] += power_w;
    component_supply_w_[component] += power_w;
  }
  for (std::size_t pipe = 0; pipe < pipe_capacity_mw_.size(); ++pipe) {
    // No pipe carries more than all sources of its system give; 0 times an unlimited capacity is a
    // closed pipe, not NaN.
    pipe_capacity_w_[pipe] = pipe_factor[pipe] > 0.0
                                 ? whole_watts(pipe_factor[pipe] * pipe_capacity_mw_[pipe],
                                               component_supply_w_[component_[pipe_from_[pipe]]])
                                 : 0;
  }
}

void Delivery::find_reached() {
  std::size_t filled = 0;
  for (std::uint32_t node = 0; node < node_count_; ++node) {
    reached_[node] = node_supply_w_[node] > 0 ? 1 : 0;
    if (reached_[node] != 0) {
      order_[filled++] = node;
    }
  }
  for (std::size_t done = 0; done < filled; ++done) {
    flow_.for_each_arc(order_[done], [&](MaxFlow::Arc arc) {
      if (pipe_capacity_w_[arc.pipe] > 0 && reached_[arc.head] == 0) {
        reached_[arc.head] = 1;
        order_[filled++] = arc.head;
      }
    });
  }
  all_reached_ = filled == node_count_;
}

void Delivery::set_capacities(std::span<const double> source_available_mw,
                              std::span<const double> pipe_factor, double wanted_w,
                              double usual_wanted_w) {
  WG_EXPECT(source_available_mw.size() == source_node_.size());
  WG_EXPECT(pipe_factor.size() == pipe_capacity_w_.size());
  const bool same_capacities = tested_w_ >= 0 && same_bits(source_available_mw, given_source_mw_) &&
                               same_bits(pipe_factor, given_pipe_factor_);
  if (same_capacities && wanted_w <= static_cast<double>(tested_w_) &&
      usual_wanted_w == given_usual_w_) {
    return;
  }
  if (!same_capacities) {
    read_capacities(source_available_mw, pipe_factor);
    find_reached();
  }
  given_usual_w_ = usual_wanted_w;
  const double level_w = std::clamp(std::max(wanted_w, usual_wanted_w), 0.0, kLargestLevelW);
  tested_w_ = static_cast<std::int64_t>(std::ceil(level_w));
  test_everyone();
}

void Delivery::test_everyone() {
  std::copy(node_supply_w_.begin(), node_supply_w_.end(), supply_.begin());
  std::fill(passed_on_.begin(), passed_on_.end(), 0);
  std::fill(group_.begin(), group_.end(), 0);
  last_group_ = 0;
  for (std::uint32_t node = 0; node < node_count_; ++node) {
    order_[node] = node;
    level_w_[node] = kEnough;
  }
  const Segment everyone{0, node_count_};
  shared_ = false;
  short_count_ = 0;
  if (meets_level(everyone, node_households_, tested_w_, 1)) {
    return;
  }
  const std::size_t middle = split(everyone);
  short_count_ = middle;
  for (std::size_t position = 0; position < short_count_; ++position) {
    nodes_[position] = order_[position];
    short_supply_w_[order_[position]] = supply_[order_[position]];
  }
}

bool Delivery::meets_level(Segment segment, std::span<const std::int64_t> households,
                           std::int64_t numerator, std::int64_t denominator) {
  for (std::size_t position = segment.begin; position < segment.end; ++position) {
    const std::uint32_t node = order_[position];
    flow_.set_node(node, denominator * supply_[node],
                   denominator * passed_on_[node] + numerator * households[node]);
  }
  ++solves_;
  return flow_.meet_demands({order_.data() + segment.begin, segment.end - segment.begin}, group_,
                            pipe_capacity_w_, denominator);
}

/// Orders the segment so that its short nodes come first, gives both parts a group of their own and
/// moves the capacity of the full pipes between them. Returns where the second part begins.
std::size_t Delivery::split(Segment segment) {
  std::size_t middle = segment.begin;
  std::size_t others = 0;
  const std::uint32_t short_group = ++last_group_;
  const std::uint32_t other_group = ++last_group_;
  for (std::size_t position = segment.begin; position < segment.end; ++position) {
    const std::uint32_t node = order_[position];
    if (flow_.is_short(node)) {
      order_[middle++] = node;
      group_[node] = short_group;
    } else {
      partition_[others++] = node;
      group_[node] = other_group;
    }
  }
  std::copy_n(partition_.begin(), others, order_.begin() + static_cast<std::ptrdiff_t>(middle));
  for (std::size_t position = segment.begin; position < middle; ++position) {
    const std::uint32_t node = order_[position];
    flow_.for_each_arc(node, [&](MaxFlow::Arc arc) {
      if (group_[arc.head] == other_group) {
        supply_[node] += pipe_capacity_w_[arc.pipe];
        passed_on_[arc.head] += pipe_capacity_w_[arc.pipe];
      }
    });
  }
  return middle;
}

void Delivery::share_out(std::span<const std::int64_t> households) {
  bool same = shared_;
  for (const std::uint32_t node : short_nodes()) {
    same = same && households[node] == shared_households_[node];
    shared_households_[node] = households[node];
    WG_EXPECT(households[node] >= 0 && households[node] <= node_households_[node]);
  }
  if (same || short_count_ == 0) {
    return;
  }
  shared_ = true;
  std::fill(group_.begin(), group_.end(), 0);
  last_group_ = 1;
  for (std::size_t position = 0; position < short_count_; ++position) {
    const std::uint32_t node = nodes_[position];
    order_[position] = node;
    group_[node] = 1;
    supply_[node] = short_supply_w_[node];
    passed_on_[node] = 0;
    level_w_[node] = kEnough;
  }
  // Fewer households may have enough although all of them had not; levels above the tested one need
  // not be told apart.
  const Segment all{0, short_count_};
  if (meets_level(all, households, tested_w_, 1)) {
    return;
  }
  pending_.clear();
  pending_.push_back({0, split(all)});
  while (!pending_.empty()) {
    const Segment part = pending_.back();
    pending_.pop_back();
    std::int64_t spare_w = 0;
    std::int64_t part_households = 0;
    for (std::size_t position = part.begin; position < part.end; ++position) {
      const std::uint32_t node = order_[position];
      spare_w += supply_[node] - passed_on_[node];
      part_households += households[node];
    }
    if (part_households == 0) {
      continue;  // nobody asks: any level, and the heat they pass on is known to be possible
    }
    if (meets_level(part, households, spare_w, part_households)) {
      const double level = static_cast<double>(spare_w) / static_cast<double>(part_households);
      for (std::size_t position = part.begin; position < part.end; ++position) {
        level_w_[order_[position]] = level;
      }
    } else {
      const std::size_t middle = split(part);
      pending_.push_back({middle, part.end});
      pending_.push_back({part.begin, middle});
    }
  }
}

}  // namespace wintergrid::heat
