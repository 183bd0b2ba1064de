#pragma once
// A building of one mass behind five resistances (ISO 13790, simple hourly method), in closed form.

#include "grid_models/heat/heat.hpp"

namespace wintergrid::heat {

/// Conductances of one zone, W/K, and its mass, J/K.
struct FiveResistanceBuilding {
  double ventilation_w_per_k = 0.0;      ///< H_ve, > 0
  double air_to_surface_w_per_k = 0.0;   ///< H_tr,is, > 0
  double windows_w_per_k = 0.0;          ///< H_tr,w
  double surface_to_mass_w_per_k = 0.0;  ///< H_tr,ms, > 0
  double mass_to_outdoor_w_per_k = 0.0;  ///< H_tr,em
  double capacity_j_per_k = 0.0;         ///< C_m, > 0
};

/// Constant over a step, W. ISO 13790 puts half of internal gains to the air and splits the rest
/// over surface and mass.
struct FiveResistanceInputs {
  double outdoor_c = 0.0;
  double air_w = 0.0;
  double surface_w = 0.0;
  double mass_w = 0.0;
};

class FiveResistanceModel {
 public:
  explicit FiveResistanceModel(const FiveResistanceBuilding& building);

  /// Temperature of the mass, C, after `seconds` of constant inputs; exact.
  double advance(double mass_c, const FiveResistanceInputs& inputs, double seconds) const;
  /// Its mean over the `seconds` > 0 that follow; exact.
  double mean(double mass_c, const FiveResistanceInputs& inputs, double seconds) const;

  double equilibrium_c(const FiveResistanceInputs& inputs) const;
  double surface_c(double mass_c, const FiveResistanceInputs& inputs) const;
  double air_c(double mass_c, const FiveResistanceInputs& inputs) const;
  double tau_hours() const;

 private:
  FiveResistanceBuilding building_;
  double h1_ = 0.0, h2_ = 0.0, h3_ = 0.0;  // H_tr,1 to H_tr,3 of the standard
  double per_s_ = 0.0;
};

/// Medium and heavy classes of ISO 13790 table 12 for a flat or house of `floor_area_m2`, with the
/// class's split of `loss_w_per_k`; the mass gives `tau_hours`.
FiveResistanceBuilding five_resistance_household(BuildingClass building_class, double loss_w_per_k,
                                                 double tau_hours, double floor_area_m2 = 54.0);

}  // namespace wintergrid::heat
