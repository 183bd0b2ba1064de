#pragma once
// A building of two masses (VDI 6007-1): outer walls and everything inside. Closed form between
// events, no allocation.

#include "grid_models/heat/heat.hpp"

namespace wintergrid::heat {

/// Parameters of one zone. A group of flats is one zone: sums of areas and capacities.
struct TwoElementBuilding {
  double air_to_outdoor_w_per_k = 0.0;  ///< ventilation and windows: nothing stores heat on the way
  double outer_area_m2 = 0.0;           ///< inside surface of outer walls
  double inner_area_m2 = 0.0;           ///< inside surfaces of inner walls, slabs and furniture
  double outer_convection_w_per_m2_k = 2.7;
  double inner_convection_w_per_m2_k = 2.24;
  double radiation_w_per_m2_k = 5.0;           ///< between the two surfaces, on the smaller area
  double outer_resistance_k_per_w = 0.0;       ///< from the surface to the outer mass
  double outer_rest_resistance_k_per_w = 0.0;  ///< from the outer mass to outdoors, with its film
  double outer_capacity_j_per_k = 0.0;
  double inner_resistance_k_per_w = 0.0;  ///< from the surface to the inner mass
  double inner_capacity_j_per_k = 0.0;
};

/// Temperatures of the two masses, C.
struct TwoElementState {
  double outer_c = 0.0;
  double inner_c = 0.0;
};

/// Constant over a step.
struct TwoElementInputs {
  double outdoor_c = 0.0;
  double convective_w = 0.0;  ///< heat to the air
  double radiative_w = 0.0;   ///< heat to the surfaces, in proportion to their areas
};

/// A step of a building's distance from one that is held at its setpoint, where `missing_w` of the
/// heat for that does not come: x_next = decay x + per_w missing_w, air = air_per_mass x +
/// air_per_w missing_w. All but `decay` <= 0 per W, in K. The system is linear: outdoors and gains
/// cancel.
struct DeviationStep {
  double decay[2][2] = {};  ///< outer, inner mass
  double per_w[2] = {};
  double air_per_mass[2] = {};
  double air_per_w = 0.0;
};

/// The solution of one building. Construction reduces the network to two equations; the rest is two
/// exponentials a step.
class TwoElementModel {
 public:
  /// All areas, resistances and capacities > 0; `air_to_outdoor_w_per_k` >= 0.
  explicit TwoElementModel(const TwoElementBuilding& building);

  /// State after `seconds` >= 0 of constant inputs; exact for any length.
  TwoElementState advance(const TwoElementState& state, const TwoElementInputs& inputs,
                          double seconds) const;

  /// Mean of the state over the `seconds` > 0 that follow; exact.
  TwoElementState mean(const TwoElementState& state, const TwoElementInputs& inputs,
                       double seconds) const;

  /// State after infinite time.
  TwoElementState equilibrium(const TwoElementInputs& inputs) const;

  /// Air temperature, C. Air stores nothing: it follows the masses and inputs at once.
  double air_c(const TwoElementState& state, const TwoElementInputs& inputs) const;

  /// Convective heat in W that holds the air at `setpoint_c` at this moment; negative if it would
  /// have to be cooled. `inputs.convective_w` counts as other gains.
  double heat_to_hold_w(const TwoElementState& state, const TwoElementInputs& inputs,
                        double setpoint_c) const;

  /// For `seconds` >= 0 of constant missing heat, `radiative_share` of which would be radiated.
  /// Scaled so that in the end the air falls by 1 / `loss_w_per_k` per W, as if all went to the
  /// air.
  DeviationStep deviation_step(double seconds, double radiative_share, double loss_w_per_k) const;

  double slow_tau_hours() const;
  double fast_tau_hours() const;

 private:
  struct Decay;  // exp(A t) or its integral, as a 2x2 matrix
  Decay decay(double seconds) const;
  Decay mean_decay(double seconds) const;

  // x' = A x + drive(inputs), x = (outer, inner), 1/s
  double a_[2][2] = {};
  double drive_per_input_[2][3] = {};  // columns: outdoor, convective, radiative
  // T_air = air_per_mass_ . x + air_per_input_ . inputs
  double air_per_mass_[2] = {};
  double air_per_input_[3] = {};
  double slow_per_s_ = 0.0;  // eigenvalues of A, both negative; slow_ is the one closer to 0
  double fast_per_s_ = 0.0;
};

/// A household of a class as two elements, its structure from building typologies (README), its
/// total loss `loss_w_per_k` (> 0, masses at steady state) and slow time constant `tau_hours` (> 0)
/// as given.
TwoElementBuilding two_element_household(BuildingClass building_class, double loss_w_per_k,
                                         double tau_hours);

}  // namespace wintergrid::heat
