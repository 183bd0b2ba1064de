#pragma once
// How long warm water takes through a pipe: portions of water that move on, the wall they heat, and
// the loss on the way. An option beside the steady temperatures of thermal_temperature.hpp.

#include <cstddef>
#include <vector>

#include "grid_models/heat/thermal_network.hpp"

namespace wintergrid::heat {

/// A pipe for transport; per metre.
struct DelayPipe {
  double length_m = 0.0;
  double inner_diameter_m = 0.0;
  double wall_j_per_m_k = 0.0;        ///< heat capacity of the wall; 0: none
  double resistance_m_k_per_w = 0.0;  ///< from the wall (or water without one) to the surroundings
};

/// Heat capacity of carbon steel at 20 to 80 C, 7850 kg/m3 and 500 J/(kg K).
inline constexpr double kSteelWallJPerM3K = 7850.0 * 500.0;

/// Steel wall between the diameters, loss by U on the outer diameter.
DelayPipe delay_pipe(const ThermalPipe& pipe);

/// The water in one pipe: a copyable value that never allocates after construction. Energy is
/// conserved exactly, flow may turn round.
class PlugFlowPipe {
 public:
  /// `portions` >= 2 of equal mass at `start_k`; the front's position is exact to one portion.
  PlugFlowPipe(const DelayPipe& pipe, const Water& water, double start_k, std::size_t portions);

  /// Moves `seconds` at `flow_kg_s` (negative: towards `from`) with water entering at `inlet_k`.
  /// Returns the mean temperature in K of what leaves, or of what stands at the end if nothing
  /// does.
  double advance(double flow_kg_s, double inlet_k, double ambient_k, double seconds);

  /// Temperature in K of the water now at the outlet for flow towards `to`.
  double end_k() const { return water_k_.back(); }
  double mean_k() const;
  /// Heat content of water and wall above 0 K, J.
  double energy_j() const;

 private:
  struct Exchange;
  Exchange exchange(double mass_kg, double seconds, double film_w_per_m_k) const;
  void exchange_all(double ambient_k, double flow_kg_s);
  double film_w_per_m_k(double flow_kg_s, double kelvin) const;

  DelayPipe pipe_;
  double heat_capacity_ = 0.0;  // J/(kg K)
  WaterProperties water_;
  double portion_kg_ = 0.0, cell_m_ = 0.0;
  double entered_kg_ = 0.0;      // mass of the first slot; the last one has the rest of a portion
  double due_s_ = 0.0;           // time for which walls have not been served yet
  std::vector<double> water_k_;  // portions + 1 slots from `from` to `to`
  std::vector<double> wall_k_;   // portions cells
};

/// The pipes of a network.
class TransportDelay {
 public:
  /// Portions of about `portion_m`, 4 to 400 a pipe, all at their mean temperature in `state`.
  TransportDelay(const ThermalNetwork& network, const ThermalState& state, double portion_m = 25.0);

  double advance(std::size_t pipe, double flow_kg_s, double inlet_k, double ambient_k,
                 double seconds) {
    return pipes_[pipe].advance(flow_kg_s, inlet_k, ambient_k, seconds);
  }
  const PlugFlowPipe& pipe(std::size_t index) const { return pipes_[index]; }

 private:
  std::vector<PlugFlowPipe> pipes_;
};

}  // namespace wintergrid::heat
