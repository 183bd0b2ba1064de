#pragma once
// Capacity-limited flow with fair shares: what heat (MW) and water (m3/h) deliver when capacity
// does not suffice for all.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace wintergrid {

/// Lexicographic max-min fair flow on a fixed graph whose capacities, supplies and demands change
/// from solve to solve.
///
/// Every node with demand receives the share of its demand, 0..1; the smallest share is as large as
/// the network allows, then the second smallest, and so on. These shares are unique. Among all
/// flows that deliver them, `supply` carries as much as it can and `reserve` only what is left
/// (least total reserve); then `supply` that is left over serves `surplus_demand` as far as it can,
/// without lowering any share. The flows themselves need not be unique: they follow from the order
/// of nodes and arcs, and are reproducible.
///
/// A solve is a pure function of its Input. Nothing allocates after construction. Not safe to share
/// between threads.
class FairFlow {
 public:
  /// One solve. All values >= 0, capacities may be infinite; one unit throughout (MW, m3/h).
  struct Input {
    std::span<const double> forward_capacity;   ///< per arc, from -> to
    std::span<const double> backward_capacity;  ///< per arc, to -> from; empty: none
    std::span<const double> supply;             ///< per node
    std::span<const double>
        reserve;  ///< per node, used only where supply does not suffice; empty: none
    std::span<const double> demand;  ///< per node, finite
    std::span<const double>
        surplus_demand;  ///< per node, finite, from supply that is left; empty: none
  };

  /// Arc a joins arc_from[a] and arc_to[a] (< node_count); parallel arcs and self-loops (which
  /// carry nothing) are allowed.
  FairFlow(std::size_t node_count, std::span<const std::uint32_t> arc_from,
           std::span<const std::uint32_t> arc_to);

  void solve(const Input& input);

  // Of the last solve.
  std::span<const double> share() const {
    return share_;
  }  ///< per node; 1 where there is no demand
  std::span<const double> arc_flow() const { return arc_flow_; }  ///< per arc, positive from -> to
  std::span<const double> supply_used() const { return supply_used_; }              ///< per node
  std::span<const double> reserve_used() const { return reserve_used_; }            ///< per node
  std::span<const double> surplus_delivered() const { return surplus_delivered_; }  ///< per node
  /// Every demand is met in full.
  bool all_served() const { return all_served_; }
  /// Every demand is met in full from `supply` alone.
  bool served_without_reserve() const { return served_without_reserve_; }
  /// How many maximum flows it took: a measure of work for tests and benchmarks.
  std::size_t maximum_flows() const { return maximum_flows_; }

  std::size_t node_count() const { return node_count_; }
  std::size_t arc_count() const { return forward_half_.size(); }

 private:
  void load(const Input& input);
  void maximise_flow();
  bool search_levels();
  void push_from(std::uint32_t source);
  double unmet() const;
  void deliver_shares();
  void find_shares();
  void push_cut(double level);
  void pop_cut();
  double innermost_level() const;

  std::size_t node_count_ = 0;
  std::size_t maximum_flows_ = 0;
  double unmet_by_supply_ = 0.0;
  double tolerance_ = 0.0;   ///< an unmet sum up to this is rounding
  double negligible_ = 0.0;  ///< a residual capacity up to this is none
  bool has_reserve_ = false;
  bool all_served_ = true;
  bool served_without_reserve_ = true;

  // Residual graph: every arc is two half-edges, grouped by their tail.
  std::vector<std::uint32_t> first_half_;    ///< node_count + 1
  std::vector<std::uint32_t> head_;          ///< per half-edge
  std::vector<std::uint32_t> twin_;          ///< per half-edge
  std::vector<std::uint32_t> forward_half_;  ///< per arc; kNone for self-loops
  std::vector<double> supply_;               ///< per node, cut to the sum of demands
  std::vector<double> reserve_;              ///< per node, cut to the sum of demands
  std::vector<double> demand_;               ///< per node
  std::vector<double> capacity_;             ///< per half-edge, cut to the sum of demands
  std::vector<double> residual_;             ///< per half-edge
  std::vector<double> source_residual_;      ///< per node
  std::vector<double> sink_residual_;        ///< per node
  std::vector<std::uint32_t> sources_;       ///< nodes that may have a source residual
  std::vector<std::uint32_t> sinks_;         ///< nodes that have demand

  // Dinic's algorithm.
  std::vector<std::uint32_t> level_;  ///< 1 at sources, 0: not reached
  std::vector<std::uint32_t> queue_;
  std::vector<std::uint32_t> next_half_;
  std::vector<std::uint32_t> path_;

  // Water-filling.
  std::vector<double> base_residual_;  ///< flow of the last level found
  std::vector<double> base_source_;
  std::vector<double> base_delivered_;
  std::vector<std::uint32_t> depth_;  ///< innermost cut of the stack that holds the node; 0: none
  std::vector<std::uint8_t> fixed_;
  std::vector<double>
      cut_capacity_;  ///< stack of nested cuts: what may enter for nodes without a share yet

  std::vector<double> share_;
  std::vector<double> arc_flow_;
  std::vector<double> supply_left_;
  std::vector<double> supply_used_;
  std::vector<double> reserve_used_;
  std::vector<double> surplus_delivered_;
};

}  // namespace wintergrid
