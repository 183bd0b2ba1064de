// Five resistances, one capacity (ISO 13790:2008, Annex C, simple hourly method).
//
//   H_1 = 1 / (1/H_ve + 1/H_is)      outdoors to surface by way of the air, W/K
//   H_2 = H_1 + H_w                  with the windows
//   H_3 = 1 / (1/H_2 + 1/H_ms)       outdoors to mass                                (C.6 to C.8)
//   C_m T_m' = Q_m + H_em (T_out - T_m) + H_3 (T_out - T_m) + H_3 / H_2 (Q_st + H_1 Q_ia / H_ve)
//   T_s  = (H_ms T_m + Q_st + H_w T_out + H_1 (T_out + Q_ia / H_ve)) / (H_ms + H_w + H_1)    (C.10)
//   T_a  = (H_is T_s + H_ve T_out + Q_ia) / (H_is + H_ve)                                    (C.11)
//   tau  = C_m / (H_3 + H_em)
//
// T mass, surface, air, outdoor, C; Q_m, Q_st, Q_ia gains to mass, surface, air, W. The standard
// steps by Crank-Nicolson over an hour; with constant inputs the exponential is exact and costs the
// same. Supply air has the temperature of outdoors.

#include "grid_models/heat/five_resistance_building.hpp"

#include <algorithm>
#include <cmath>

#include "grid_models/core/contract.hpp"
#include "grid_models/core/time.hpp"

namespace wintergrid::heat {

FiveResistanceModel::FiveResistanceModel(const FiveResistanceBuilding& building)
    : building_(building) {
  WG_EXPECT(building.ventilation_w_per_k > 0.0 && building.air_to_surface_w_per_k > 0.0 &&
            building.surface_to_mass_w_per_k > 0.0 && building.capacity_j_per_k > 0.0);
  h1_ = 1.0 / (1.0 / building.ventilation_w_per_k + 1.0 / building.air_to_surface_w_per_k);
  h2_ = h1_ + building.windows_w_per_k;
  h3_ = 1.0 / (1.0 / h2_ + 1.0 / building.surface_to_mass_w_per_k);
  per_s_ = (h3_ + building.mass_to_outdoor_w_per_k) / building.capacity_j_per_k;
}

double FiveResistanceModel::equilibrium_c(const FiveResistanceInputs& inputs) const {
  const double gains_w =
      inputs.mass_w +
      h3_ / h2_ * (inputs.surface_w + h1_ * inputs.air_w / building_.ventilation_w_per_k);
  return inputs.outdoor_c + gains_w / (h3_ + building_.mass_to_outdoor_w_per_k);
}

double FiveResistanceModel::advance(double mass_c, const FiveResistanceInputs& inputs,
                                    double seconds) const {
  const double limit = equilibrium_c(inputs);
  return limit + (mass_c - limit) * std::exp(-per_s_ * seconds);
}

double FiveResistanceModel::mean(double mass_c, const FiveResistanceInputs& inputs,
                                 double seconds) const {
  const double limit = equilibrium_c(inputs);
  const double exponent = per_s_ * seconds;
  return limit - (mass_c - limit) * std::expm1(-exponent) / exponent;
}

double FiveResistanceModel::surface_c(double mass_c, const FiveResistanceInputs& inputs) const {
  const double supply_c = inputs.outdoor_c + inputs.air_w / building_.ventilation_w_per_k;
  return (building_.surface_to_mass_w_per_k * mass_c + inputs.surface_w +
          building_.windows_w_per_k * inputs.outdoor_c + h1_ * supply_c) /
         (building_.surface_to_mass_w_per_k + building_.windows_w_per_k + h1_);
}

double FiveResistanceModel::air_c(double mass_c, const FiveResistanceInputs& inputs) const {
  return (building_.air_to_surface_w_per_k * surface_c(mass_c, inputs) +
          building_.ventilation_w_per_k * inputs.outdoor_c + inputs.air_w) /
         (building_.air_to_surface_w_per_k + building_.ventilation_w_per_k);
}

double FiveResistanceModel::tau_hours() const {
  return 1.0 / per_s_ / static_cast<double>(kSecondsPerHour);
}

FiveResistanceBuilding five_resistance_household(BuildingClass building_class, double loss_w_per_k,
                                                 double tau_hours, double floor_area_m2) {
  // Shares of the loss: ventilation, windows; the rest is opaque. Sources in the README.
  double ventilation_share = 0.32, window_share = 0.29, mass_area_per_floor = 3.0;
  switch (building_class) {
    case BuildingClass::panel:
      mass_area_per_floor = 2.5;
      break;
    case BuildingClass::brick:
      window_share = 0.26;
      break;
    case BuildingClass::insulated:
      ventilation_share = 0.54;
      window_share = 0.26;
      break;
    case BuildingClass::house:
      ventilation_share = 0.20;
      window_share = 0.15;
      break;
  }
  constexpr double kSurfacePerFloor = 4.5, kFilmAirSurface = 3.45, kFilmSurfaceMass = 9.1;
  FiveResistanceBuilding building;
  building.ventilation_w_per_k = ventilation_share * loss_w_per_k;
  building.windows_w_per_k = window_share * loss_w_per_k;
  building.air_to_surface_w_per_k = kFilmAirSurface * kSurfacePerFloor * floor_area_m2;
  building.surface_to_mass_w_per_k = kFilmSurfaceMass * mass_area_per_floor * floor_area_m2;
  const double opaque = loss_w_per_k - building.ventilation_w_per_k - building.windows_w_per_k;
  building.mass_to_outdoor_w_per_k = 1.0 / (1.0 / opaque - 1.0 / building.surface_to_mass_w_per_k);
  building.capacity_j_per_k = 1.0;
  building.capacity_j_per_k = tau_hours / FiveResistanceModel(building).tau_hours();
  return building;
}

}  // namespace wintergrid::heat
