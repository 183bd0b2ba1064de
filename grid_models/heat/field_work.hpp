#pragma once
// What people do in the buildings: drain them in time, restart them, refill them, repair what leaks
// or burst.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "grid_models/core/luck.hpp"
#include "grid_models/core/time.hpp"
#include "grid_models/heat/heat.hpp"

namespace wintergrid::heat {

/// Blocks by group: heat node n holds its district blocks, the last group the blocks that need
/// electricity. Stoves are in none: they are always warm.
struct BlockGroups {
  /// Consecutive blocks of one group and one building class. A model whose blocks are sorted by
  /// node and class has few and long runs, over which loops vectorise.
  struct Run {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    BuildingClass building_class{};
  };

  explicit BlockGroups(const Model& model);

  std::span<const std::uint32_t> of(std::size_t group) const {
    return {block.data() + first[group], first[group + 1] - first[group]};
  }
  std::span<const Run> runs_of(std::size_t group) const {
    return {run.data() + first_run[group], first_run[group + 1] - first_run[group]};
  }
  std::size_t electric_group() const { return first.size() - 2; }

  std::vector<std::uint32_t> first;
  std::vector<std::uint32_t> block;
  std::vector<std::uint32_t> first_run;
  std::vector<Run> run;
  std::vector<std::int64_t> buildings;   ///< by group
  std::vector<std::int64_t> households;  ///< by group
};

/// A stretch of simulated time.
struct Span {
  Seconds begin = 0;
  Seconds end = 0;
  double days() const {
    return static_cast<double>(end - begin) / static_cast<double>(kSecondsPerDay);
  }
};

/// Crews and operators of the heat utility. Buildings count; a block is done when the quota covers
/// all its buildings. The order among a node's buildings is fixed by Luck (block, drain_order, 0),
/// the same in every outage. Nothing allocates after construction.
class FieldWork {
 public:
  FieldWork(const Model& model, const BlockGroups& groups);

  /// Circulation is back at `now` after having been lost since state.node_lost_at: buildings
  /// restart one after the other unless the loss was short, and the pace of refilling is set.
  void heat_returned(std::size_t node, Seconds now, const Parameters& parameters, const Luck& luck,
                     State& state);

  /// Drains filled buildings of a node without circulation for as much of the span as lies after
  /// the decision. Returns buildings drained.
  std::uint64_t drain(std::size_t node, Span span, const Parameters& parameters, const Luck& luck,
                      State& state);

  /// Refills drained buildings of a node that has heat; some turn out to leak and wait for a crew.
  void refill(std::size_t node, Span span, const Parameters& parameters, const Luck& luck,
              State& state);

  /// Connects the buildings whose restart is due.
  static void finish_restarts(std::span<const std::uint32_t> blocks, Seconds end, State& state);

  /// Plumbing crews repair leaking and burst buildings where there is heat, longest wait first.
  /// Returns buildings repaired.
  std::uint64_t repair(Span span, double crews, const Parameters& parameters, State& state);

 private:
  struct Candidate {
    double key;
    std::uint32_t block;
  };
  template <class Eligible>
  void list_in_drain_order(std::size_t node, const Luck& luck, Eligible eligible);
  void sort_candidates();

  const Model* model_;
  const BlockGroups* groups_;
  std::vector<Candidate> candidates_;
};

}  // namespace wintergrid::heat
