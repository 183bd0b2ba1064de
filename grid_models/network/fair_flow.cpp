// Lexicographic max-min fair flow.
//
// Given a graph with arc capacities, sources of supply w_v and sinks of demand d_v, find the shares
// x_v in [0, 1] such that the deliveries x_v d_v can flow and the vector of shares, sorted upwards,
// is lexicographically largest. For a set T of nodes let c(T) be all that can enter it: capacities
// of arcs into T plus supply inside T. By the max-flow min-cut theorem the deliveries can flow if
// and only if for every T
//     sum over T of x_v d_v <= c(T),
// so that with the shares already fixed (set F) the next level is
//     lambda = min over T of (c(T) - sum over T and F of x_v d_v) / sum over T without F of d_v.
// Newton's method on lambda: from a lambda too large, a maximum flow shows a violated T, whose
// ratio is the next, smaller lambda; when all deliveries flow, lambda is the level, and every node
// that no residual path reaches has its final share. The violated sets are nested, and each is a
// bound for a later level: they are kept on a stack, so that k distinct levels take about 2 k
// maximum flows, each continuing from the flow of the level before. Sources: N. Megiddo, "Optimal
// flows in networks with multiple sources and sinks", Math. Programming 7 (1974) 97-107; S.
// Fujishige, "Lexicographically optimal base of a polymatroid with respect to a weight vector",
// Math. Oper. Res. 5 (1980) 186-196; maximum flow: E. A. Dinic, Soviet Math. Doklady 11 (1970)
// 1277-1280.
//
// Rounding: capacities are cut to the sum B of all demands (no arc ever carries more); residuals
// below 1e-12 B count as none and unmet sums below 1e-11 B as met. Shares come from sums of
// capacities, not from flows, and so carry only the error of one sum and one division.

#include "grid_models/network/fair_flow.hpp"

#include <algorithm>

#include "grid_models/core/contract.hpp"

namespace wintergrid {

namespace {

constexpr std::uint32_t kNone = UINT32_MAX;
constexpr double kNegligible = 1e-12;
constexpr double kTolerance = 1e-11;
constexpr double kNoProgress = 1.0 - 1e-12;

double value_or_zero(std::span<const double> values, std::size_t index) {
  return values.empty() ? 0.0 : values[index];
}

}  // namespace

FairFlow::FairFlow(std::size_t node_count, std::span<const std::uint32_t> arc_from,
                   std::span<const std::uint32_t> arc_to)
    : node_count_(node_count) {
  WG_CHECK(arc_from.size() == arc_to.size(), "an arc has two ends");
  const std::size_t arc_count = arc_from.size();
  first_half_.assign(node_count + 1, 0);
  for (std::size_t arc = 0; arc < arc_count; ++arc) {
    WG_CHECK(arc_from[arc] < node_count && arc_to[arc] < node_count, "arc end outside the graph");
    if (arc_from[arc] != arc_to[arc]) {
      ++first_half_[arc_from[arc] + 1];
      ++first_half_[arc_to[arc] + 1];
    }
  }
  for (std::size_t node = 0; node < node_count; ++node) {
    first_half_[node + 1] += first_half_[node];
  }
  const std::size_t half_count = first_half_[node_count];
  head_.assign(half_count, 0);
  twin_.assign(half_count, 0);
  forward_half_.assign(arc_count, kNone);
  std::vector<std::uint32_t> next(first_half_.begin(), first_half_.end());
  for (std::size_t arc = 0; arc < arc_count; ++arc) {
    if (arc_from[arc] == arc_to[arc]) {
      continue;
    }
    const std::uint32_t forward = next[arc_from[arc]]++;
    const std::uint32_t backward = next[arc_to[arc]]++;
    head_[forward] = arc_to[arc];
    head_[backward] = arc_from[arc];
    twin_[forward] = backward;
    twin_[backward] = forward;
    forward_half_[arc] = forward;
  }
  capacity_.assign(half_count, 0.0);
  residual_.assign(half_count, 0.0);
  base_residual_.assign(half_count, 0.0);
  for (std::vector<double>* per_node :
       {&supply_, &reserve_, &demand_, &source_residual_, &sink_residual_, &base_source_,
        &base_delivered_, &supply_left_, &supply_used_, &reserve_used_, &surplus_delivered_}) {
    per_node->assign(node_count, 0.0);
  }
  share_.assign(node_count, 1.0);
  arc_flow_.assign(arc_count, 0.0);
  level_.assign(node_count, 0);
  queue_.assign(node_count, 0);
  next_half_.assign(node_count, 0);
  path_.assign(node_count, 0);
  depth_.assign(node_count, 0);
  fixed_.assign(node_count, 0);
  sources_.reserve(node_count);
  sinks_.reserve(node_count);
  cut_capacity_.reserve(node_count + 1);
}

void FairFlow::load(const Input& input) {
  double bound = 0.0;
  sinks_.clear();
  for (std::size_t node = 0; node < node_count_; ++node) {
    demand_[node] = input.demand[node];
    WG_EXPECT(demand_[node] >= 0.0);
    bound += demand_[node] + value_or_zero(input.surplus_demand, node);
    if (demand_[node] > 0.0) {
      sinks_.push_back(static_cast<std::uint32_t>(node));
    }
  }
  tolerance_ = kTolerance * bound;
  negligible_ = kNegligible * bound;
  sources_.clear();
  has_reserve_ = false;
  for (std::size_t node = 0; node < node_count_; ++node) {
    supply_[node] = std::min(input.supply[node], bound);
    reserve_[node] = std::min(value_or_zero(input.reserve, node), bound);
    WG_EXPECT(supply_[node] >= 0.0 && reserve_[node] >= 0.0);
    if (supply_[node] > 0.0 || reserve_[node] > 0.0) {
      sources_.push_back(static_cast<std::uint32_t>(node));
    }
    has_reserve_ = has_reserve_ || reserve_[node] > 0.0;
  }
  for (std::size_t arc = 0; arc < forward_half_.size(); ++arc) {
    const std::uint32_t forward = forward_half_[arc];
    if (forward != kNone) {
      WG_EXPECT(input.forward_capacity[arc] >= 0.0);
      capacity_[forward] = std::min(input.forward_capacity[arc], bound);
      capacity_[twin_[forward]] = std::min(value_or_zero(input.backward_capacity, arc), bound);
    }
  }
}

/// Breadth-first levels from the sources, of every node they reach; true if a sink with unmet
/// demand is among them. If none is, the nodes with a level are the source side of a minimum cut.
/// Levels go on behind the nearest sink (a textbook's stop there): for every sink the argument
/// holds that its distance rises with each phase, and one phase serves sinks at all distances.
bool FairFlow::search_levels() {
  std::fill(level_.begin(), level_.end(), 0U);
  std::size_t queued = 0;
  for (const std::uint32_t source : sources_) {
    if (source_residual_[source] > negligible_) {
      level_[source] = 1;
      queue_[queued++] = source;
    }
  }
  bool found = false;
  for (std::size_t position = 0; position < queued; ++position) {
    const std::uint32_t node = queue_[position];
    found = found || sink_residual_[node] > negligible_;
    for (std::uint32_t half = first_half_[node]; half < first_half_[node + 1]; ++half) {
      if (residual_[half] > negligible_ && level_[head_[half]] == 0) {
        level_[head_[half]] = level_[node] + 1;
        queue_[queued++] = head_[half];
      }
    }
  }
  return found;
}

/// Pushes a blocking flow's part that starts at one source, by depth-first search along rising
/// levels.
void FairFlow::push_from(std::uint32_t source) {
  std::size_t length = 0;
  std::uint32_t node = source;
  while (source_residual_[source] > negligible_) {
    if (sink_residual_[node] > negligible_) {
      double amount = std::min(source_residual_[source], sink_residual_[node]);
      for (std::size_t step = 0; step < length; ++step) {
        amount = std::min(amount, residual_[path_[step]]);
      }
      source_residual_[source] -= amount;
      sink_residual_[node] -= amount;
      std::size_t keep = length;
      for (std::size_t step = length; step-- > 0;) {
        const std::uint32_t half = path_[step];
        residual_[half] -= amount;
        residual_[twin_[half]] += amount;
        if (residual_[half] <= negligible_) {
          keep = step;
        }
      }
      if (keep < length) {
        node = head_[twin_[path_[keep]]];
        length = keep;
      }
      continue;
    }
    std::uint32_t& half = next_half_[node];
    while (half < first_half_[node + 1] &&
           !(residual_[half] > negligible_ && level_[head_[half]] == level_[node] + 1)) {
      ++half;
    }
    if (half < first_half_[node + 1]) {
      path_[length++] = half;
      node = head_[half];
    } else if (length > 0) {
      const std::uint32_t tail = head_[twin_[path_[--length]]];
      ++next_half_[tail];
      node = tail;
    } else {
      return;
    }
  }
}

/// Augments the present flow to a maximum one between source_residual_ and sink_residual_.
void FairFlow::maximise_flow() {
  ++maximum_flows_;
  while (search_levels()) {
    std::copy(first_half_.begin(), first_half_.end() - 1, next_half_.begin());
    for (const std::uint32_t source : sources_) {
      if (source_residual_[source] > negligible_) {
        push_from(source);
      }
    }
  }
}

double FairFlow::unmet() const {
  double sum = 0.0;
  for (const std::uint32_t sink : sinks_) {
    sum += sink_residual_[sink];
  }
  return sum;
}

/// Routes share_ * demand: first all that supply can carry, then the rest from the reserve. That
/// order needs the least reserve: augmenting from the reserve never lowers what supply carries.
void FairFlow::deliver_shares() {
  std::copy(capacity_.begin(), capacity_.end(), residual_.begin());
  std::fill(sink_residual_.begin(), sink_residual_.end(), 0.0);
  for (const std::uint32_t sink : sinks_) {
    sink_residual_[sink] = share_[sink] * demand_[sink];
  }
  std::copy(supply_.begin(), supply_.end(), source_residual_.begin());
  maximise_flow();
  std::copy(source_residual_.begin(), source_residual_.end(), supply_left_.begin());
  std::fill(reserve_used_.begin(), reserve_used_.end(), 0.0);
  unmet_by_supply_ = unmet();
  if (unmet_by_supply_ > tolerance_ && has_reserve_) {
    std::copy(reserve_.begin(), reserve_.end(), source_residual_.begin());
    maximise_flow();
    for (const std::uint32_t source : sources_) {
      reserve_used_[source] = reserve_[source] - source_residual_[source];
    }
  }
}

/// Puts the cut that the last flow at `level` ran into on the stack: all nodes no residual path
/// reaches.
void FairFlow::push_cut(double level) {
  const auto depth = static_cast<std::uint32_t>(cut_capacity_.size());
  double capacity = 0.0;
  for (std::uint32_t node = 0; node < node_count_; ++node) {
    if (level_[node] == 0) {
      capacity += supply_[node] + reserve_[node];
      for (std::uint32_t half = first_half_[node]; half < first_half_[node + 1]; ++half) {
        if (level_[head_[half]] != 0) {
          capacity += capacity_[twin_[half]];
        }
      }
    }
  }
  for (const std::uint32_t sink : sinks_) {
    if (level_[sink] != 0) {
      continue;
    }
    if (fixed_[sink] != 0) {
      capacity -= share_[sink] * demand_[sink];
    } else if (depth_[sink] < depth) {  // tight by rounding only: not part of the enclosing cut
      capacity -= level * demand_[sink];
    } else {
      depth_[sink] = depth + 1;
    }
  }
  cut_capacity_.push_back(capacity);
}

/// Takes the innermost cut off the stack.
void FairFlow::pop_cut() {
  cut_capacity_.pop_back();
  const auto depth = static_cast<std::uint32_t>(cut_capacity_.size());
  for (const std::uint32_t sink : sinks_) {
    depth_[sink] = std::min(depth_[sink], depth);
  }
}

/// The level at which the innermost cut is just met; negative if all its nodes have their share.
double FairFlow::innermost_level() const {
  double demand = 0.0;
  for (const std::uint32_t sink : sinks_) {
    if (fixed_[sink] == 0 && depth_[sink] == cut_capacity_.size()) {
      demand += demand_[sink];
    }
  }
  return demand > 0.0 ? std::max(0.0, cut_capacity_.back() / demand) : -1.0;
}

/// Water-filling; see the head of this file. On entry the flow is a maximum one for the full
/// demands.
void FairFlow::find_shares() {
  for (const std::uint32_t source : sources_) {  // supply and reserve count alike from here on
    source_residual_[source] = supply_left_[source] + reserve_[source] - reserve_used_[source];
  }
  search_levels();
  std::fill(depth_.begin(), depth_.end(), 0U);
  std::fill(fixed_.begin(), fixed_.end(), std::uint8_t{0});
  cut_capacity_.clear();
  push_cut(1.0);
  for (const std::uint32_t sink : sinks_) {
    fixed_[sink] = depth_[sink] == 0 ? 1 : 0;  // reached with its full demand: share 1
  }
  std::copy(capacity_.begin(), capacity_.end(), base_residual_.begin());
  for (std::size_t node = 0; node < node_count_; ++node) {
    base_source_[node] = supply_[node] + reserve_[node];
    base_delivered_[node] = 0.0;
  }

  double level_found = 0.0;
  while (!cut_capacity_.empty()) {
    double level = innermost_level();
    if (level < 0.0) {
      pop_cut();
      continue;
    }
    level = std::clamp(level, level_found, 1.0);
    std::copy(base_residual_.begin(), base_residual_.end(), residual_.begin());
    std::copy(base_source_.begin(), base_source_.end(), source_residual_.begin());
    for (const std::uint32_t sink : sinks_) {
      const double share = fixed_[sink] != 0 ? share_[sink] : level;
      sink_residual_[sink] = std::max(0.0, share * demand_[sink] - base_delivered_[sink]);
    }
    maximise_flow();
    if (unmet() > tolerance_) {
      push_cut(level);
      const double next_level = innermost_level();
      if (next_level >= 0.0 && next_level < level * kNoProgress) {
        continue;
      }
      pop_cut();  // smaller by rounding only: the level stands
    }
    level_found = level;
    const auto depth = static_cast<std::uint32_t>(cut_capacity_.size());
    for (const std::uint32_t sink : sinks_) {
      const double share = fixed_[sink] != 0 ? share_[sink] : level;
      base_delivered_[sink] = share * demand_[sink] - sink_residual_[sink];
      if (fixed_[sink] == 0 && (depth_[sink] == depth || level_[sink] == 0)) {
        fixed_[sink] = 1;
        share_[sink] = level;
        for (std::uint32_t cut = 0; cut < depth_[sink]; ++cut) {
          cut_capacity_[cut] -= level * demand_[sink];
        }
      }
    }
    std::copy(residual_.begin(), residual_.end(), base_residual_.begin());
    std::copy(source_residual_.begin(), source_residual_.end(), base_source_.begin());
    pop_cut();
  }
}

void FairFlow::solve(const Input& input) {
  WG_EXPECT(input.forward_capacity.size() == arc_count());
  WG_EXPECT(input.backward_capacity.empty() || input.backward_capacity.size() == arc_count());
  WG_EXPECT(input.supply.size() == node_count_ && input.demand.size() == node_count_);
  WG_EXPECT(input.reserve.empty() || input.reserve.size() == node_count_);
  WG_EXPECT(input.surplus_demand.empty() || input.surplus_demand.size() == node_count_);
  maximum_flows_ = 0;
  load(input);
  std::fill(share_.begin(), share_.end(), 1.0);
  deliver_shares();
  served_without_reserve_ = unmet_by_supply_ <= 0.5 * tolerance_;
  all_served_ = unmet() <= tolerance_;
  if (!all_served_) {
    find_shares();
    deliver_shares();
  }
  std::fill(surplus_delivered_.begin(), surplus_delivered_.end(), 0.0);
  if (!input.surplus_demand.empty()) {
    std::copy(supply_left_.begin(), supply_left_.end(), source_residual_.begin());
    std::copy(input.surplus_demand.begin(), input.surplus_demand.end(), sink_residual_.begin());
    maximise_flow();
    std::copy(source_residual_.begin(), source_residual_.end(), supply_left_.begin());
    for (std::size_t node = 0; node < node_count_; ++node) {
      surplus_delivered_[node] = input.surplus_demand[node] - sink_residual_[node];
    }
  }
  for (std::size_t node = 0; node < node_count_; ++node) {
    supply_used_[node] = supply_[node] - supply_left_[node];
  }
  for (std::size_t arc = 0; arc < forward_half_.size(); ++arc) {
    const std::uint32_t forward = forward_half_[arc];
    arc_flow_[arc] = forward == kNone ? 0.0 : capacity_[forward] - residual_[forward];
  }
}

}  // namespace wintergrid
