// Two-element building (VDI 6007-1): outer walls (e) and inner masses (i) around one air node (a).
//
//   surface e:  g_ce (T_a - T_e) + g_r (T_i - T_e) + (M_e - T_e) / R_e + f_e Q_rad = 0
//   surface i:  g_ci (T_a - T_i) + g_r (T_e - T_i) + (M_i - T_i) / R_i + f_i Q_rad = 0
//   air:        g_ce (T_e - T_a) + g_ci (T_i - T_a) + G (T_out - T_a) + Q_conv   = 0
//   masses:     C_e M_e' = (T_e - M_e) / R_e + (T_out - M_e) / R_rest
//               C_i M_i' = (T_i - M_i) / R_i
//
// T surface or air, M mass, C; g = film coefficient x area, W/K (g_r on the smaller area); G air to
// outdoors, W/K; R K/W; C J/K; f share of the areas; Q W. Eliminating the three nodes without
// capacity leaves x' = A x + b with constant b. A is similar to a symmetric negative definite
// matrix, so its eigenvalues s > f are real and negative:
//
//   x(t) = x_eq + exp(A t) (x_0 - x_eq),  A x_eq = -b
//   exp(A t) = [ (A - f) exp(s t) - (A - s) exp(f t) ] / (s - f)               (Sylvester)
//
// and its mean over t has (exp(s t) - 1) / (s t) in place of exp(s t).
// Source: VDI 6007 Part 1, 2015 (two-capacity model); Sylvester's formula for a 2x2 matrix.

#include "grid_models/heat/two_element_building.hpp"

#include <algorithm>
#include <cmath>

#include "grid_models/core/contract.hpp"
#include "grid_models/core/time.hpp"

namespace wintergrid::heat {

struct TwoElementModel::Decay {
  double m[2][2];

  TwoElementState operator()(const TwoElementState& x) const {
    return {m[0][0] * x.outer_c + m[0][1] * x.inner_c, m[1][0] * x.outer_c + m[1][1] * x.inner_c};
  }
};

TwoElementModel::TwoElementModel(const TwoElementBuilding& building) {
  const double g_ce = building.outer_convection_w_per_m2_k * building.outer_area_m2;
  const double g_ci = building.inner_convection_w_per_m2_k * building.inner_area_m2;
  const double g_r =
      building.radiation_w_per_m2_k * std::min(building.outer_area_m2, building.inner_area_m2);
  const double g_e = 1.0 / building.outer_resistance_k_per_w;
  const double g_i = 1.0 / building.inner_resistance_k_per_w;
  const double g_rest = 1.0 / building.outer_rest_resistance_k_per_w;
  const double g_out = building.air_to_outdoor_w_per_k;
  const double share_e = building.outer_area_m2 / (building.outer_area_m2 + building.inner_area_m2);
  WG_EXPECT(building.outer_capacity_j_per_k > 0.0 && building.inner_capacity_j_per_k > 0.0);

  // Right-hand sides of (air, surface e, surface i) per unit of (M_e, M_i, T_out, Q_conv, Q_rad),
  // eliminated row by row.
  double row[3][8] = {
      {g_ce + g_ci + g_out, -g_ce, -g_ci, 0.0, 0.0, g_out, 1.0, 0.0},
      {-g_ce, g_ce + g_r + g_e, -g_r, g_e, 0.0, 0.0, 0.0, share_e},
      {-g_ci, -g_r, g_ci + g_r + g_i, 0.0, g_i, 0.0, 0.0, 1.0 - share_e},
  };
  for (int pivot = 0; pivot < 3; ++pivot) {
    for (int other = 0; other < 3; ++other) {
      if (other == pivot) {
        continue;
      }
      const double factor = row[other][pivot] / row[pivot][pivot];
      for (int k = pivot; k < 8; ++k) {
        row[other][k] -= factor * row[pivot][k];
      }
    }
  }
  const auto node_per = [&](int node, int unit) { return row[node][3 + unit] / row[node][node]; };
  for (int mass = 0; mass < 2; ++mass) {
    air_per_mass_[mass] = node_per(0, mass);
    a_[0][mass] = g_e * node_per(1, mass) / building.outer_capacity_j_per_k;
    a_[1][mass] = g_i * node_per(2, mass) / building.inner_capacity_j_per_k;
  }
  a_[0][0] -= (g_e + g_rest) / building.outer_capacity_j_per_k;
  a_[1][1] -= g_i / building.inner_capacity_j_per_k;
  for (int input = 0; input < 3; ++input) {
    air_per_input_[input] = node_per(0, 2 + input);
    drive_per_input_[0][input] = g_e * node_per(1, 2 + input) / building.outer_capacity_j_per_k;
    drive_per_input_[1][input] = g_i * node_per(2, 2 + input) / building.inner_capacity_j_per_k;
  }
  drive_per_input_[0][0] += g_rest / building.outer_capacity_j_per_k;

  const double middle = 0.5 * (a_[0][0] + a_[1][1]);
  const double half_gap = 0.5 * (a_[0][0] - a_[1][1]);
  const double spread = std::sqrt(half_gap * half_gap + a_[0][1] * a_[1][0]);
  fast_per_s_ = middle - spread;
  // The product form keeps the digits that cancel in middle + spread.
  slow_per_s_ = (a_[0][0] * a_[1][1] - a_[0][1] * a_[1][0]) / fast_per_s_;
  WG_EXPECT(fast_per_s_ < slow_per_s_ && slow_per_s_ < 0.0);
}

TwoElementModel::Decay TwoElementModel::decay(double seconds) const {
  const double gap = slow_per_s_ - fast_per_s_;
  const double slow = std::exp(slow_per_s_ * seconds) / gap;
  const double fast = std::exp(fast_per_s_ * seconds) / gap;
  return {{{(a_[0][0] - fast_per_s_) * slow - (a_[0][0] - slow_per_s_) * fast,
            a_[0][1] * (slow - fast)},
           {a_[1][0] * (slow - fast),
            (a_[1][1] - fast_per_s_) * slow - (a_[1][1] - slow_per_s_) * fast}}};
}

TwoElementModel::Decay TwoElementModel::mean_decay(double seconds) const {
  const double gap = slow_per_s_ - fast_per_s_;
  const double slow = std::expm1(slow_per_s_ * seconds) / (slow_per_s_ * seconds) / gap;
  const double fast = std::expm1(fast_per_s_ * seconds) / (fast_per_s_ * seconds) / gap;
  return {{{(a_[0][0] - fast_per_s_) * slow - (a_[0][0] - slow_per_s_) * fast,
            a_[0][1] * (slow - fast)},
           {a_[1][0] * (slow - fast),
            (a_[1][1] - fast_per_s_) * slow - (a_[1][1] - slow_per_s_) * fast}}};
}

TwoElementState TwoElementModel::equilibrium(const TwoElementInputs& inputs) const {
  const double input[3] = {inputs.outdoor_c, inputs.convective_w, inputs.radiative_w};
  double b[2] = {0.0, 0.0};
  for (int mass = 0; mass < 2; ++mass) {
    for (int k = 0; k < 3; ++k) {
      b[mass] += drive_per_input_[mass][k] * input[k];
    }
  }
  const double determinant = slow_per_s_ * fast_per_s_;
  return {(a_[0][1] * b[1] - a_[1][1] * b[0]) / determinant,
          (a_[1][0] * b[0] - a_[0][0] * b[1]) / determinant};
}

TwoElementState TwoElementModel::advance(const TwoElementState& state,
                                         const TwoElementInputs& inputs, double seconds) const {
  const TwoElementState limit = equilibrium(inputs);
  const TwoElementState rest =
      decay(seconds)({state.outer_c - limit.outer_c, state.inner_c - limit.inner_c});
  return {limit.outer_c + rest.outer_c, limit.inner_c + rest.inner_c};
}

TwoElementState TwoElementModel::mean(const TwoElementState& state, const TwoElementInputs& inputs,
                                      double seconds) const {
  const TwoElementState limit = equilibrium(inputs);
  const TwoElementState rest =
      mean_decay(seconds)({state.outer_c - limit.outer_c, state.inner_c - limit.inner_c});
  return {limit.outer_c + rest.outer_c, limit.inner_c + rest.inner_c};
}

double TwoElementModel::air_c(const TwoElementState& state, const TwoElementInputs& inputs) const {
  return air_per_mass_[0] * state.outer_c + air_per_mass_[1] * state.inner_c +
         air_per_input_[0] * inputs.outdoor_c + air_per_input_[1] * inputs.convective_w +
         air_per_input_[2] * inputs.radiative_w;
}

double TwoElementModel::heat_to_hold_w(const TwoElementState& state, const TwoElementInputs& inputs,
                                       double setpoint_c) const {
  return (setpoint_c - air_c(state, inputs)) / air_per_input_[1];
}

DeviationStep TwoElementModel::deviation_step(double seconds, double radiative_share,
                                              double loss_w_per_k) const {
  const TwoElementInputs missing{0.0, radiative_share - 1.0, -radiative_share};
  const TwoElementState limit = equilibrium(missing);
  const double scale = -1.0 / loss_w_per_k / air_c(limit, missing);
  const Decay of = decay(seconds);
  const TwoElementState rest = of({-limit.outer_c, -limit.inner_c});
  DeviationStep step;
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 2; ++j) {
      step.decay[i][j] = of.m[i][j];
    }
    step.air_per_mass[i] = air_per_mass_[i];
  }
  step.per_w[0] = scale * (limit.outer_c + rest.outer_c);
  step.per_w[1] = scale * (limit.inner_c + rest.inner_c);
  step.air_per_w = scale * air_c({0.0, 0.0}, missing);
  return step;
}

double TwoElementModel::slow_tau_hours() const {
  return -1.0 / slow_per_s_ / static_cast<double>(kSecondsPerHour);
}

double TwoElementModel::fast_tau_hours() const {
  return -1.0 / fast_per_s_ / static_cast<double>(kSecondsPerHour);
}

namespace {

/// Structure of a class: how its loss splits, and where its mass sits. Sources in the README.
struct Typology {
  double outer_area_m2;             ///< opaque envelope per household
  double inner_area_m2;             ///< both sides of slabs and walls within, per household
  double opaque_share;              ///< of the loss; the rest is windows and ventilation
  double outer_resistance_m2_k_w;   ///< from the surface to the mass of the outer wall
  double inner_resistance_m2_k_w;   ///< the same within
  double outer_capacity_per_inner;  ///< per m2, as a ratio: only the ratio matters, tau sets both
};

constexpr double kOutsideFilm = 25.0;  // W/m2 K, VDI 6007-1

constexpr Typology typology_of(BuildingClass building_class) {
  switch (building_class) {
    case BuildingClass::panel:
      return {26.0, 217.0, 0.39, 0.046, 0.045, 0.78};
    case BuildingClass::brick:
      return {30.0, 213.0, 0.42, 0.065, 0.055, 1.10};
    case BuildingClass::insulated:
      return {26.0, 217.0, 0.20, 0.046, 0.045, 0.78};
    case BuildingClass::house:
      break;
  }
  return {180.0, 250.0, 0.65, 0.060, 0.080, 0.90};
}

}  // namespace

TwoElementBuilding two_element_household(BuildingClass building_class, double loss_w_per_k,
                                         double tau_hours) {
  const Typology typology = typology_of(building_class);
  TwoElementBuilding building;
  building.outer_area_m2 = typology.outer_area_m2;
  building.inner_area_m2 = typology.inner_area_m2;
  building.air_to_outdoor_w_per_k = loss_w_per_k * (1.0 - typology.opaque_share);
  building.outer_resistance_k_per_w = typology.outer_resistance_m2_k_w / typology.outer_area_m2;
  building.inner_resistance_k_per_w = typology.inner_resistance_m2_k_w / typology.inner_area_m2;
  // At rest the inner surface has the temperature of its mass, and heat reaches the outer surface
  // from the air over both surfaces' films.
  const double g_r =
      building.radiation_w_per_m2_k * std::min(building.outer_area_m2, building.inner_area_m2);
  const double g_ci = building.inner_convection_w_per_m2_k * building.inner_area_m2;
  const double to_surface = building.outer_convection_w_per_m2_k * building.outer_area_m2 +
                            1.0 / (1.0 / g_ci + 1.0 / g_r);
  building.outer_rest_resistance_k_per_w =
      std::max(1.0 / (kOutsideFilm * building.outer_area_m2),
               1.0 / (loss_w_per_k * typology.opaque_share) - building.outer_resistance_k_per_w -
                   1.0 / to_surface);
  building.inner_capacity_j_per_k = building.inner_area_m2;
  building.outer_capacity_j_per_k = building.outer_area_m2 * typology.outer_capacity_per_inner;
  // All rates are inverse to the capacities: one scale gives the wanted time constant exactly.
  const double scale = tau_hours / TwoElementModel(building).slow_tau_hours();
  building.inner_capacity_j_per_k *= scale;
  building.outer_capacity_j_per_k *= scale;
  return building;
}

}  // namespace wintergrid::heat
