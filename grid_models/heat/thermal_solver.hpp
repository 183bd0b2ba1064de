#pragma once
// A heat network at a moment: pressures, flows and temperatures that fit each other, and what every
// consumer gets.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "grid_models/heat/thermal_flow.hpp"
#include "grid_models/heat/thermal_network.hpp"
#include "grid_models/heat/thermal_temperature.hpp"
#include "grid_models/heat/transport_delay.hpp"

namespace wintergrid::heat {

enum class ThermalStatus : std::uint8_t {
  solved = 0,
  flow_not_converged,         ///< flows of the last iteration: do not use
  temperature_not_converged,  ///< flows and temperatures that still moved by `largest_change_k`
};

struct ThermalResult {
  ThermalStatus status = ThermalStatus::solved;
  int rounds = 0;  ///< of flow and temperature
  double largest_change_k = 0.0;
  std::size_t nodes_without_source = 0;
  double wanted_w = 0.0, delivered_w = 0.0;  ///< by all consumers in service
};

/// Shortage has no rule of its own: consumers whose valve is fully open get what pressure drives
/// through it, and what the water that arrives is warm enough to give. One per thread; `solve`
/// allocates nothing. Settings and service of elements may change between solves, the graph may
/// not.
class ThermalSolver {
 public:
  explicit ThermalSolver(const ThermalNetwork& network);

  ThermalState make_state(const ThermalNetwork& network) const;

  /// Steady flows and temperatures, from those in `state`, a new or an earlier one. Water without
  /// flow has cooled for `standing_hours` from what `state` had; by default for ever.
  ThermalResult solve(const ThermalNetwork& network, ThermalState& state,
                      double standing_hours = kForEver);
  static constexpr double kForEver = 1e12;

  /// `seconds` with water on its way: flows as they fit the temperatures at the begin, then
  /// temperatures by plug flow. Steps should be shorter than what matters (minutes).
  ThermalResult advance(const ThermalNetwork& network, TransportDelay& delay, double seconds,
                        ThermalState& state);

  /// Largest difference of heat that the plants give and pipes, consumers and outlets take, W: a
  /// check of a solution, 0 but for rounding where properties are fixed.
  static double imbalance_w(const ThermalNetwork& network, const ThermalState& state);

 private:
  void set_wanted(const ThermalNetwork& network, const ThermalState& state);
  void relax(ThermalState& state);
  void count(const ThermalNetwork& network, const ThermalState& state, ThermalResult& result) const;

  ThermalFlow flow_;
  ThermalMixing mixing_;
  std::vector<double> wanted_kg_s_, previous_k_, last_change_k_, share_, start_k_;
};

}  // namespace wintergrid::heat
