// Names of the enumerations and the central values that are tables. Sources stand in
// data/parameters.

#include <algorithm>

#include "engine/random/parameters.hpp"
#include "grid_models/core/contract.hpp"

namespace wintergrid::random {
namespace {

template <class Enum, std::size_t Count>
bool from_text(std::string_view text, Enum& value, std::size_t first = 0) {
  for (std::size_t index = first; index < Count; ++index) {
    if (to_text(static_cast<Enum>(index)) == text) {
      value = static_cast<Enum>(index);
      return true;
    }
  }
  return false;
}

}  // namespace

std::string_view to_text(Weapon weapon) {
  switch (weapon) {
    case Weapon::drone:
      return "drone";
    case Weapon::cruise:
      return "cruise";
    case Weapon::ballistic:
      return "ballistic";
    case Weapon::aeroballistic:
      return "aeroballistic";
  }
  return "unknown";
}
bool weapon_from_text(std::string_view text, Weapon& weapon) {
  return from_text<Weapon, kWeaponCount>(text, weapon);
}

std::string_view to_text(CampaignPreset preset) {
  switch (preset) {
    case CampaignPreset::winter_2022_23:
      return "winter_2022_23";
    case CampaignPreset::winter_2023_24:
      return "winter_2023_24";
    case CampaignPreset::winter_2024_25:
      return "winter_2024_25";
    case CampaignPreset::winter_2025_26:
      return "winter_2025_26";
  }
  return "unknown";
}
bool campaign_preset_from_text(std::string_view text, CampaignPreset& preset) {
  return from_text<CampaignPreset, kCampaignPresetCount>(text, preset);
}

DamageFamily damage_family_of(AssetClass asset_class) {
  switch (asset_class) {
    case AssetClass::substation_330:
    case AssetClass::substation_110:
      return DamageFamily::substation;
    case AssetClass::line:
      return DamageFamily::line;
    case AssetClass::chp_plant:
    case AssetClass::thermal_plant:
    case AssetClass::hydro_plant:
    case AssetClass::other_plant:
      return DamageFamily::plant;
    case AssetClass::boiler_house:
      return DamageFamily::boiler_house;
    case AssetClass::heat_main:
      return DamageFamily::heat_main;
    case AssetClass::water_works:
      return DamageFamily::water_works;
    case AssetClass::pump_station:
      return DamageFamily::pump_station;
    case AssetClass::water_main:
      return DamageFamily::water_main;
  }
  return DamageFamily::substation;
}

std::string_view to_text(DamageFamily family) {
  switch (family) {
    case DamageFamily::substation:
      return "substation";
    case DamageFamily::line:
      return "line";
    case DamageFamily::plant:
      return "plant";
    case DamageFamily::boiler_house:
      return "boiler_house";
    case DamageFamily::heat_main:
      return "heat_main";
    case DamageFamily::water_works:
      return "water_works";
    case DamageFamily::pump_station:
      return "pump_station";
    case DamageFamily::water_main:
      return "water_main";
  }
  return "unknown";
}

std::string_view to_text(DamageState state) {
  switch (state) {
    case DamageState::none:
      return "none";
    case DamageState::slight:
      return "slight";
    case DamageState::moderate:
      return "moderate";
    case DamageState::extensive:
      return "extensive";
    case DamageState::complete:
      return "complete";
  }
  return "unknown";
}
bool damage_state_from_text(std::string_view text, DamageState& state) {
  return from_text<DamageState, kDamageStateCount>(text, state, 1);
}

double DamageParameters::capacity_factor(AssetClass asset_class, DamageState state,
                                         bool temporary_fix_holds) const {
  if (state == DamageState::none) {
    return 1.0;
  }
  const auto row = static_cast<std::size_t>(damage_family_of(asset_class));
  const std::size_t column = static_cast<std::size_t>(state) - 1;
  return temporary_fix_holds ? capacity_left_temporary[row][column] : capacity_left[row][column];
}

std::string_view to_text(SpareType spare) {
  switch (spare) {
    case SpareType::autotransformer_330:
      return "autotransformer_330";
    case SpareType::transformer_110:
      return "transformer_110";
  }
  return "unknown";
}
bool spare_type_from_text(std::string_view text, SpareType& spare) {
  return from_text<SpareType, kSpareTypeCount>(text, spare);
}

std::string_view to_text(WeatherPreset preset) {
  switch (preset) {
    case WeatherPreset::mild:
      return "mild";
    case WeatherPreset::normal:
      return "normal";
    case WeatherPreset::hard:
      return "hard";
  }
  return "unknown";
}
bool weather_preset_from_text(std::string_view text, WeatherPreset& preset) {
  return from_text<WeatherPreset, kWeatherPresetCount>(text, preset);
}

std::string_view to_text(Distribution distribution) {
  switch (distribution) {
    case Distribution::fixed:
      return "fixed";
    case Distribution::uniform:
      return "uniform";
    case Distribution::triangular:
      return "triangular";
    case Distribution::split_uniform:
      return "split_uniform";
    case Distribution::lognormal:
      return "lognormal";
  }
  return "unknown";
}

StrikeParameters::StrikeParameters() {
  const auto at = [this](CampaignPreset which) -> StrikePreset& {
    return preset[static_cast<std::size_t>(which)];
  };
  at(CampaignPreset::winter_2022_23) = {13.0, 8.0,  62.0, 0.38, 4.0,  1.46, 2.8, 1.0, 0.83,
                                        0.11, 0.06, 0.93, 0.90, 0.79, 0.20, 0.0, 0.95};
  at(CampaignPreset::winter_2023_24) = {16.5, 0.9,  35.0, 0.52, 20.0, 0.86, 13.1, 2.0, 0.72,
                                        0.20, 0.08, 0.88, 0.86, 0.86, 0.12, 0.29, 0.90};
  at(CampaignPreset::winter_2024_25) = {26.0, 6.0,  64.0, 0.42, 106.0, 0.32, 92.0, 4.0, 0.66,
                                        0.27, 0.07, 0.97, 0.93, 0.84,  0.08, 0.58, 0.62};
  at(CampaignPreset::winter_2025_26) = StrikePreset{};
}

RepairParameters::RepairParameters() {
  const auto row = [this](AssetClass which, std::array<double, kDamagedStateCount> temporary,
                          std::array<double, kDamagedStateCount> permanent, double gsd) {
    const auto index = static_cast<std::size_t>(which);
    temporary_hours[index] = temporary;
    permanent_hours[index] = permanent;
    geometric_sd[index] = gsd;
  };
  row(AssetClass::substation_330, {0, 24, 96, 240}, {24, 120, 312, 840}, 1.7);
  row(AssetClass::substation_110, {0, 12, 48, 120}, {12, 72, 240, 720}, 1.8);
  row(AssetClass::line, {0, 8, 24, 48}, {8, 24, 72, 168}, 1.8);
  row(AssetClass::chp_plant, {0, 34, 240, 528}, {12, 168, 1800, 4800}, 1.5);
  row(AssetClass::thermal_plant, {0, 48, 0, 0}, {12, 168, 1800, 4800}, 1.8);
  row(AssetClass::hydro_plant, {0, 48, 240, 0}, {12, 168, 1440, 4800}, 1.8);
  row(AssetClass::other_plant, {0, 24, 48, 0}, {6, 72, 240, 720}, 1.8);
  row(AssetClass::boiler_house, {0, 24, 72, 120}, {8, 168, 720, 1440}, 1.8);
  row(AssetClass::heat_main, {0, 12, 24, 36}, {12, 48, 72, 120}, 1.6);
  row(AssetClass::water_works, {0, 12, 72, 168}, {22, 46, 768, 2280}, 1.9);
  row(AssetClass::pump_station, {0, 6, 24, 72}, {6, 72, 324, 840}, 1.8);
  row(AssetClass::water_main, {0, 0, 8, 12}, {8, 12, 24, 48}, 1.6);
}

BuildDefaults::BuildDefaults()
    : hour_profile{0.62, 0.57, 0.54, 0.53, 0.54, 0.58, 0.68, 0.80, 0.87, 0.88, 0.87, 0.86,
                   0.85, 0.84, 0.84, 0.86, 0.91, 0.98, 1.00, 0.99, 0.96, 0.90, 0.81, 0.71},
      water_hour_profile{0.35, 0.25, 0.22, 0.22, 0.28, 0.55, 1.15, 1.65, 1.60, 1.35, 1.20, 1.10,
                         1.05, 1.00, 0.95, 1.00, 1.10, 1.30, 1.50, 1.60, 1.55, 1.35, 1.00, 0.68},
      restart_hours{0.5, 72.0, 12.0, 6.0, 0.5, 1.0, 0.0, 0.0, 2.0},
      branch_types{{{0.36, 10.0, 0.119, 9.8, 10.0, 0.08},
                    {0.41, 23.0, 0.12, 30.0, 16.0, 0.08},
                    {0.39, 123.0, 0.144, 112.0, 40.0, 0.105},
                    {0.42, 314.0, 0.14, 350.0, 200.0, 0.12},
                    {0.32, 943.0, 0.15, 700.0, 200.0, 0.12},
                    {0.28, 4000.0, 0.18, 1500.0, 1000.0, 0.12}}} {}

}  // namespace wintergrid::random
