#pragma once
// Temperatures of circulating water and the heat that nodes get from it, for given flows. Private
// to grid_models/heat.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "grid_models/heat/circulation_flow.hpp"

namespace wintergrid::heat {

/// The order in which temperatures follow from each other, for one set of flows.
struct CirculationOrder {
  struct Step {
    std::uint32_t from = 0, to = 0;
    double kept = 1.0;           ///< of the excess over the ground, from one end to the other
    double supply_weight = 0.0;  ///< of the water that comes to `to`
    double return_weight = 0.0;  ///< of the water that comes back to `from`
  };
  std::vector<Step> steps;            ///< pipes with flow, upstream first
  std::vector<double> source_weight;  ///< by source: of the water that comes to its node
  std::vector<double> source_m3s;     ///< by source
  // by node
  std::vector<double> wanted_m3s;     ///< of the valves that are open
  std::vector<double> served;         ///< of that
  std::vector<double> return_weight;  ///< of the water that comes back to the node
  std::vector<double> service_kept;   ///< from the node to its buildings, one way
  std::vector<double> radiator;       ///< heat per K of supply over indoors; 1 at design: load 1
};

/// Nothing allocates after construction.
class CirculationHeat {
 public:
  /// Sizes losses and the supply temperature for `intact` flows.
  CirculationHeat(const CirculationPart& part, CirculationFlow& flow);

  CirculationOrder make_order() const;
  /// `taking_households` are those that the flows were solved for.
  void sort(const CirculationFlows& flows, std::span<const std::int64_t> taking_households,
            CirculationOrder& order);

  /// Shares of the wanted heat by node, at `load` > 0 times the design day's heat per household,
  /// and the heat sent out by each source, W.
  void solve(const CirculationOrder& order, std::span<const double> available_w, double load,
             std::span<double> share, std::span<double> sent_w);

  /// Temperature that leaves a source with enough heat, C.
  double supply_c(double load) const;
  double design_loss_share() const { return design_loss_share_; }
  /// What each source would have to send out on the design day, W.
  std::span<const double> design_sent_w() const { return design_sent_w_; }

 private:
  void pass(const CirculationOrder& order, double load, std::span<double> share);
  void pass_slopes(const CirculationOrder& order, double load);
  void lower_limited(const CirculationOrder& order, double load, double wanted_k);
  double intact_loss_share(CirculationOrder& order);
  double least_kept(const CirculationOrder& order);

  CirculationPart part_;
  double heat_per_household_m3s_ = 0.0;
  double effectiveness_ = 0.0, transfer_units_ = 0.0;
  double service_kept_ = 1.0;
  double farthest_kept_ = 1.0;  ///< of the excess, from sources to the coldest building
  double design_loss_share_ = 0.0;
  std::vector<double> design_sent_w_;
  std::vector<double> pipe_loss_m3s_;  ///< by pipe: flow at which it keeps 1 / e
  // scratch: excess over the ground, K
  std::vector<double> source_k_, supply_k_, return_k_;
  std::vector<double> target_k_;                     // by source: what its heat allows
  std::vector<std::uint32_t> limited_;               // sources at the limit of their heat
  std::vector<double> supply_slope_, return_slope_;  // by node and limited source
  std::vector<double> matrix_, right_;               // of Newton's step
  std::vector<std::uint32_t> sorted_;
  std::vector<double> supply_m3s_, return_m3s_;
};

}  // namespace wintergrid::heat
