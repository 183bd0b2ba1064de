#pragma once
// Reads the published building cases (VDI 6007-1 in IBPSA's form, an ISO 13790 cool-down) and runs
// our models on them.

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "grid_models/heat/five_resistance_building.hpp"
#include "grid_models/heat/two_element_building.hpp"

namespace wintergrid::heat::test {

inline constexpr double kHourSeconds = 3600.0;
inline constexpr double kZeroCelsiusK = 273.15;

inline nlohmann::json read_json(const std::filesystem::path& path) {
  std::ifstream stream(path);
  return nlohmann::json::parse(stream);
}

inline TwoElementBuilding two_element_of(const nlohmann::json& test) {
  const auto& p = test.at("params");
  TwoElementBuilding building;
  building.outer_area_m2 = p.at("AExt").at(0);
  building.inner_area_m2 = p.at("AInt");
  building.outer_convection_w_per_m2_k = p.at("hConExt");
  building.inner_convection_w_per_m2_k = p.at("hConInt");
  building.radiation_w_per_m2_k = p.at("hRad");
  building.outer_resistance_k_per_w = p.at("RExt").at(0);
  const double film = test.at("convection").at("hConWall").get<double>() * building.outer_area_m2;
  building.outer_rest_resistance_k_per_w = p.at("RExtRem").get<double>() + 1.0 / film;
  building.outer_capacity_j_per_k = p.at("CExt").at(0);
  building.inner_resistance_k_per_w = p.at("RInt").at(0);
  building.inner_capacity_j_per_k = p.at("CInt").at(0);
  return building;
}

inline FiveResistanceBuilding five_resistance_of(const nlohmann::json& given) {
  const auto& derived = given.at("derived");
  FiveResistanceBuilding building;
  building.ventilation_w_per_k = derived.at("H_ve");
  building.windows_w_per_k = derived.at("H_w");
  building.mass_to_outdoor_w_per_k = derived.at("H_tr_em");
  building.capacity_j_per_k = derived.at("C_m_J_K");
  building.air_to_surface_w_per_k =
      3.45 * given.at("params").at("total_internal_area").get<double>();
  building.surface_to_mass_w_per_k = 9.1 * 2.5 * given.at("params").at("floor_area").get<double>();
  return building;
}

/// Gains of an hour of the day, W: the table has two rows where it steps, the later one rules.
inline double gain_at(const nlohmann::json& table, double second_of_day) {
  double gain = 0.0;
  for (const auto& row : table) {
    if (row.at(0).get<double>() <= second_of_day) {
      gain = row.at(1);
    }
  }
  return gain;
}

struct HourlyMean {
  int hour = 0;  ///< at its end
  double ours_c = 0.0, reference_c = 0.0;
};

/// Air temperature of a case by hour, where the reference has it. Odd cases heat the air, even ones
/// the surfaces (`radiative`).
inline std::vector<HourlyMean> vdi6007_hours(const nlohmann::json& test, bool radiative) {
  const TwoElementModel model(two_element_of(test));
  const double outdoor_c = std::stod(test.at("tout").at(0).get<std::string>()) - kZeroCelsiusK;
  const double start_c = test.at("params").at("T_start").get<double>() - kZeroCelsiusK;
  TwoElementState state{start_c, start_c};
  std::vector<HourlyMean> hours;
  int hour = 0;
  for (const auto& row : test.at("tables").at("reference")) {
    const int until = static_cast<int>(std::lround(row.at(0).get<double>() / kHourSeconds));
    double mean_c = start_c;
    for (; hour < until; ++hour) {
      const double gain = gain_at(test.at("tables").at("intGai"), (hour % 24) * kHourSeconds);
      const TwoElementInputs inputs{outdoor_c, radiative ? 0.0 : gain, radiative ? gain : 0.0};
      mean_c = model.air_c(model.mean(state, inputs, kHourSeconds), inputs);
      state = model.advance(state, inputs, kHourSeconds);
    }
    hours.push_back({until, mean_c, row.at(1).get<double>()});
  }
  return hours;
}

}  // namespace wintergrid::heat::test
