#pragma once
// A building of two masses in absolute temperatures: the oracle for the loop's distances from a
// building at its setpoint.

#include "grid_models/heat/heat.hpp"
#include "grid_models/heat/two_element_building.hpp"

namespace wintergrid::heat::test {

/// Held at its setpoint in steady weather, until it gets less. Internal gains count as warmer
/// outdoors, as in the room.
class HeldBuilding {
 public:
  HeldBuilding(BuildingClass building_class, const Parameters& parameters, double outdoor_c)
      : model_(two_element_household(building_class, parameters.loss_w_per_k_per_household,
                                     parameters.tau_hours[static_cast<int>(building_class)])),
        base_c_(outdoor_c + parameters.gain_k) {
    const double per_w = model_.air_c(model_.equilibrium(with_heat(1.0)), with_heat(1.0)) - base_c_;
    heat_w_ = (parameters.indoor_setpoint_c - base_c_) / per_w;
    state_ = model_.equilibrium(inputs(1.0));
  }

  /// Air, C, after `hours` with `share` of the heat that holds the setpoint.
  double air_c(double share, double hours) {
    state_ = model_.advance(state_, inputs(share), hours * 3600.0);
    return model_.air_c(state_, inputs(share));
  }

 private:
  TwoElementInputs with_heat(double heat_w) const { return {base_c_, 0.6 * heat_w, 0.4 * heat_w}; }
  TwoElementInputs inputs(double share) const { return with_heat(share * heat_w_); }

  TwoElementModel model_;
  double base_c_;
  double heat_w_ = 0.0;
  TwoElementState state_;
};

}  // namespace wintergrid::heat::test
