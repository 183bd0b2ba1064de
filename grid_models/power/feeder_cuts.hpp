#pragma once
// Who is cut in one moment: what each feeder would draw, the outage schedule for a deficit of
// energy, and emergency cuts of whole feeders for network limits. Equations: feeder_cuts.cpp.

#include <cstdint>
#include <span>
#include <vector>

#include "grid_models/network/islands.hpp"
#include "grid_models/power/feeder_order.hpp"
#include "grid_models/power/operation.hpp"
#include "grid_models/power/shedding.hpp"

namespace wintergrid::power {

/// What generators offer in this moment, by island, bus and generator.
struct Supply {
  std::vector<std::uint8_t> island_energised;
  std::vector<std::uint8_t> bus_energised;
  std::vector<double> island_capacity_mw;
  std::vector<double> generator_capacity_mw;  ///< 0 if it does not run
};

/// Scratch for one thread; nothing allocates after construction (Shedding names its exceptions).
/// Model and islands must outlive it, and it stays where it is: the solver refers to its blocks.
class FeederCuts {
 public:
  FeederCuts(const OperationModel& model, const Islands& islands);
  FeederCuts(const FeederCuts&) = delete;
  FeederCuts& operator=(const FeederCuts&) = delete;

  /// Decides cause() of every feeder. Fills deficit_mw, solver_bounded and generation_mw of the
  /// result.
  void decide(const OperationInputs& inputs, const OperationState& state,
              const Parameters& parameters, const Supply& supply, OperationResult& result);

  std::span<const FeederCause> cause() const { return cause_; }
  /// What the feeders that are on draw, pickup included.
  double served_mw() const;
  /// The same by feeder, less the solver's shed of its block in proportion.
  void feeder_load_mw(std::span<double> load_mw) const;

 private:
  struct Cut {
    double mw = 0.0;
    bool exhausted = false;  ///< no feeder of the list is left on
  };
  struct Island {
    double need_mw = 0.0;       ///< what its candidates would draw, less its capacity
    double emergency_mw = 0.0;  ///< cut by emergency in this call
    double to_cut_mw = 0.0;     ///< shed in the present round, less what is cut for it
    std::uint32_t depth = 0;    ///< sub-queues off
    bool limited = false;       ///< a network limit cut feeders in this call
  };

  void hang(const OperationInputs& inputs);
  bool add_up_demand(const OperationInputs& inputs, const OperationState& state,
                     const Parameters& parameters, const Supply& supply);
  void find_needs(const Supply& supply);
  void find_candidates(const OperationInputs& inputs, const Supply& supply);
  bool hold_off(const OperationState& state);
  void add_up_blocks();
  double deficit_mw(const Supply& supply) const;
  bool any_need(const Supply& supply) const;
  bool find_depths(std::uint32_t start, bool only_limited);
  void apply_schedule(std::uint32_t start);
  void cut_exempt_for_energy(const Supply& supply);
  bool cut_to_limits(const OperationInputs& inputs, const Supply& supply, OperationResult& result);
  double cut_what_fits();
  double cut_most_shed_first();
  double cut_at_bus(std::size_t bus, double need, bool may_exceed);
  template <class Where>
  Cut cut_feeders(std::span<const std::uint32_t> feeders, Where hangs_here, std::uint32_t island,
                  double need, bool may_exceed);
  std::uint32_t island_of(std::size_t feeder) const {
    return islands_->island_of_node()[bus_of_feeder_[feeder]];
  }
  bool in_schedule(std::size_t feeder) const {
    return candidate_[feeder] != 0 && cause_[feeder] != FeederCause::emergency &&
           model_->feeder_subqueue[feeder] != kExempt;
  }

  const OperationModel* model_;
  const Islands* islands_;
  FeederBlocks blocks_;
  std::vector<std::uint32_t> bus_of_feeder_;    ///< where each hangs now
  std::vector<std::uint32_t> block_of_feeder_;  ///< and its block there
  CutOrder order_;
  Shedding shedding_;
  std::vector<FeederCause> cause_;
  std::vector<double> would_draw_mw_;
  std::vector<std::uint8_t> candidate_;  ///< may be on: not damaged, bus energised, not held off
  std::vector<Island> island_;
  std::vector<double> island_subqueue_mw_;  ///< [island][sub-queue]
  std::vector<double> block_mw_, block_shed_mw_, bus_shed_mw_;
  std::vector<std::uint32_t> bus_by_shed_;
  std::vector<double> generation_mw_, flow_mw_;
};

}  // namespace wintergrid::power
