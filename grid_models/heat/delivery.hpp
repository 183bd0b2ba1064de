#pragma once
// Fair sharing of heat over a capacity-limited pipe graph: the level of heat per household that
// each node can get, lowest level as high as possible, then the next lowest, and so on.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "grid_models/heat/max_flow.hpp"

namespace wintergrid::heat {

/// The level of a node that gets at least what it was asked to be tested for.
inline constexpr double kEnough = std::numeric_limits<double>::infinity();

/// Lexicographic max-min levels in W per household, exact: capacities are whole watts, levels are
/// ratios of whole numbers. Every answer is a pure function of the capacities and households; what
/// is kept between calls only saves work. Nothing allocates after construction.
class Delivery {
 public:
  /// Households by node are those connected when nothing is wrong; share_out() may be asked for
  /// fewer, never for more.
  Delivery(std::size_t node_count, std::span<const std::uint32_t> pipe_from,
           std::span<const std::uint32_t> pipe_to, std::span<const double> pipe_capacity_mw,
           std::span<const std::uint32_t> source_node,
           std::span<const std::int64_t> node_households);

  /// Takes the capacities of this moment (one factor per pipe, one power per source) and the level
  /// that is wanted, `wanted_w` per household at the source side. Capacities are rounded to whole
  /// watts. `usual_wanted_w` is a level worth testing once for all moments to come (the design
  /// day's). No work if nothing got worse than what was tested.
  void set_capacities(std::span<const double> source_available_mw,
                      std::span<const double> pipe_factor, double wanted_w, double usual_wanted_w);

  /// Nodes that could not all have the tested level with everyone connected; empty: everyone gets
  /// what is wanted.
  std::span<const std::uint32_t> short_nodes() const { return {nodes_.data(), short_count_}; }

  /// Levels of the short nodes when these households (by node, all nodes) take heat. Call when
  /// short_nodes() is not empty.
  void share_out(std::span<const std::int64_t> households);

  /// W per household at the source side, kEnough if at least the wanted level; 0 where no source
  /// reaches.
  double level_w(std::size_t node) const { return level_w_[node]; }

  /// True if a source with at least 1 W is connected to the node by pipes with at least 1 W.
  bool reached(std::size_t node) const { return reached_[node] != 0; }
  bool all_reached() const { return all_reached_; }

  /// Maximum-flow solves so far: what the skips save.
  std::uint64_t solves() const { return solves_; }

 private:
  struct Segment {
    std::size_t begin;
    std::size_t end;
  };

  void find_components(std::span<const std::uint32_t> pipe_from,
                       std::span<const std::uint32_t> pipe_to);
  void read_capacities(std::span<const double> source_available_mw,
                       std::span<const double> pipe_factor);
  void find_reached();
  void test_everyone();
  bool meets_level(Segment segment, std::span<const std::int64_t> households,
                   std::int64_t numerator, std::int64_t denominator);
  std::size_t split(Segment segment);

  MaxFlow flow_;
  std::size_t node_count_;
  std::vector<std::uint32_t> component_;  // by node: lowest node that pipes join it with
  std::vector<std::uint32_t> pipe_from_;
  std::vector<std::int64_t> component_limit_w_;   // by lowest node: most watts that integers hold
  std::vector<std::int64_t> component_supply_w_;  // likewise: what its sources give now
  std::vector<double> pipe_capacity_mw_;
  std::vector<std::uint32_t> source_node_;
  std::vector<std::int64_t> node_households_;
  // the moment's capacities
  std::vector<double> given_source_mw_;
  std::vector<double> given_pipe_factor_;
  double given_usual_w_ = -1.0;
  std::int64_t tested_w_ = -1;
  std::vector<std::int64_t> node_supply_w_;
  std::vector<std::int64_t> pipe_capacity_w_;
  std::vector<std::uint8_t> reached_;
  bool all_reached_ = false;
  // the short part: nodes_ holds the short nodes first; supply_ counts full pipes into it
  std::size_t short_count_ = 0;
  std::vector<std::uint32_t> nodes_;
  std::vector<std::int64_t> short_supply_w_;
  bool shared_ = false;
  std::vector<std::int64_t> shared_households_;
  std::vector<double> level_w_;
  // scratch of the solve
  std::vector<std::int64_t> supply_;
  std::vector<std::int64_t> passed_on_;
  std::vector<std::uint32_t> group_;
  std::uint32_t last_group_ = 0;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint32_t> partition_;
  std::vector<Segment> pending_;
  std::uint64_t solves_ = 0;
};

}  // namespace wintergrid::heat
