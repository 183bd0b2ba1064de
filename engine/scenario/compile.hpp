#pragma once
// From a Scenario (names, rows) to a Model (dense indices): resolves cross-references, checks
// reachability, fills typical values. All problems are reported at once.

#include <array>
#include <string>
#include <vector>

#include "engine/scenario/line_types.hpp"
#include "engine/scenario/scenario.hpp"
#include "grid_models/core/diagnostics.hpp"
#include "grid_models/system/model.hpp"

namespace wintergrid::scenario {

/// Values that a scenario does not state itself; from data/parameters.
struct CompileDefaults {
  DamageEffects damage_effects;
  std::array<double, power::kGeneratorKindCount> restart_hours{};
  std::vector<VoltageClass> voltage_classes;    ///< ascending
  std::array<double, 24> hour_profile{};        ///< share of the daily peak
  std::array<double, 24> water_hour_profile{};  ///< water use relative to its daily mean
  double heat_loss_share = 0.2;                 ///< of the heat sent out
  double heat_design_outdoor_c = -22.0;
  heat::Parameters heat;                     ///< what a household wants on the design day
  heat::NetworkDesign heat_network;          ///< but for household_w
  double heat_loss_pa_per_m = 80.0;          ///< at capacity, where a diameter is not given
  double water_velocity_m_per_s = 0.0;       ///< at capacity, where a diameter is not given
  double water_roughness_coefficient = 0.0;  ///< Hazen-Williams C
  double water_required_pressure_m = 0.0;
  double water_works_head_m = 0.0, water_station_head_m = 0.0;  ///< lift at capacity
  double water_tank_bottom_m = 0.0, water_tank_depth_m = 0.0;
  double above_pressure_share = 0.5;  ///< of high-rise households (domain #42)
  struct Spare {
    std::string name;
    double stock = 0.0, resupply_per_month = 0.0, lead_days = 0.0;
  };
  std::vector<Spare> spares;  ///< that repairs may ask for, in index order
};

/// The model is usable only if diagnostics.ok().
Model compile(const Scenario& scenario, const CompileDefaults& defaults, Diagnostics& diagnostics);

/// Prime kW of the generator set that an essential load with its largest motor needs.
double required_set_kw(double load_kw, double motor_kw, bool soft_start);

/// Component by "kind/name" or by bare name; invalid if there is none or several.
ComponentId find_component(const ComponentTable& components, const std::string& name);

}  // namespace wintergrid::scenario
