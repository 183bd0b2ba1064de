#pragma once
// Every number that has a source and a range: the set of values that one replication uses, and the
// table (from data/parameters/*.yaml, embedded in the program) that says what they are and how
// uncertain.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/random/draw.hpp"
#include "grid_models/core/damage.hpp"
#include "grid_models/core/diagnostics.hpp"
#include "grid_models/network/components.hpp"
#include "grid_models/system/timeline.hpp"

namespace wintergrid::random {

// --- the values
// -----------------------------------------------------------------------------------------------------
// Members' initial values are the central values; a test holds them equal to the files.

enum class Weapon : std::uint8_t { drone = 0, cruise, ballistic, aeroballistic };
inline constexpr std::size_t kWeaponCount = 4;
std::string_view to_text(Weapon weapon);
/// False if the text names no weapon class.
bool weapon_from_text(std::string_view text, Weapon& weapon);

/// One winter of the national campaign.
struct StrikePreset {
  double gap_mean_days = 6.5;  ///< between massive waves, gamma
  double gap_shape = 6.6;
  double missiles_median = 34.8;  ///< per massive wave, nation, lognormal
  double missiles_log_sd = 0.33;
  double drones_median = 433.0;
  double drones_log_sd = 0.30;
  /// per night without a massive wave, nation, negative binomial
  double routine_drones_mean = 125.0;
  double routine_drones_dispersion = 5.4;
  double cruise_weight = 0.61;  ///< of missiles; the three are normalised
  double ballistic_weight = 0.33;
  double aeroballistic_weight = 0.06;
  double neutralised_drone = 0.91;          ///< massive waves, decoys included
  double neutralised_drone_routine = 0.82;  ///< other nights
  double neutralised_cruise = 0.77;
  double neutralised_ballistic = 0.47;
  double neutralised_aeroballistic = 0.24;
  double real_drone_share = 0.62;  ///< not decoys
};

enum class CampaignPreset : std::uint8_t {
  winter_2022_23 = 0,
  winter_2023_24,
  winter_2024_25,
  winter_2025_26
};
inline constexpr std::size_t kCampaignPresetCount = 4;
std::string_view to_text(CampaignPreset preset);
bool campaign_preset_from_text(std::string_view text, CampaignPreset& preset);

/// What all winters share: from the nation to a region, an object, a second strike.
struct StrikeParameters {
  std::array<StrikePreset, kCampaignPresetCount> preset;
  StrikeParameters();
  double region_attacked_probability = 0.25;  ///< in a massive wave
  double region_share = 0.20;                 ///< of a wave that goes to an attacked region
  double routine_share = 0.042;  ///< of a routine night's drones that goes to an average region
  double wave_start_latest_hour = 3.0;  ///< local clock; waves start between midnight and this
  double wave_duration_hours = 5.0;
  double interceptors_drone = 400.0;  ///< engagements in stock per region, full
  double interceptors_cruise = 40.0;
  double interceptors_ballistic = 20.0;  ///< ballistic and aeroballistic
  double resupply_drone_per_day = 100.0;
  double resupply_cruise_per_day = 3.0;
  double resupply_ballistic_per_day = 1.0;
  double unengaged_factor = 0.3;     ///< neutralised share without an interceptor, relative (decoy,
                                     ///< electronic warfare, faults)
  double drones_per_location = 4.4;  ///< see campaign.cpp
  double missiles_per_location = 2.0;
  /// chance that a location is an object of energy, heat or water: the calibrated link
  double energy_aim_drone = 0.33;
  double energy_aim_missile = 0.60;
  double weight_transmission_distribution = 0.72;  ///< of objects struck; weights are normalised
  double weight_thermal_plant = 0.18;              ///< thermal power plants and CHPs
  double weight_hydro_plant = 0.05;
  double weight_heat = 0.05;
  double weight_water = 0.03;
  double substation_330_share = 0.35;  ///< of transmission and distribution
  double substation_110_share = 0.45;  ///< the rest: 35 kV and below, carried by lines
  double heat_main_share = 0.10;       ///< of heat; the rest: boiler houses
  double water_works_share = 0.40;     ///< of water
  double water_main_share = 0.10;      ///< of water; the rest: pumping stations
  double restrike_probability = 0.35;
  double restrike_days = 14.0;
  double double_tap_probability = 0.05;
  double double_tap_delay_low_hours = 0.6;
  double double_tap_delay_high_hours = 6.0;
};

/// Classes that share a row of the damage tables.
enum class DamageFamily : std::uint8_t {
  substation = 0,
  line,
  plant,
  boiler_house,
  heat_main,
  water_works,
  pump_station,
  water_main
};
inline constexpr std::size_t kDamageFamilyCount = 8;
DamageFamily damage_family_of(AssetClass asset_class);
std::string_view to_text(DamageFamily family);
std::string_view to_text(DamageState state);
bool damage_state_from_text(std::string_view text, DamageState& state);

inline constexpr std::size_t kDamagedStateCount = 4;  ///< slight, moderate, extensive, complete

struct DamageParameters {
  /// P(damage | hit) [protection][0 drone, 1 missile].
  std::array<std::array<double, 2>, kProtectionCount> probability{
      {{0.60, 0.85}, {0.45, 0.80}, {0.10, 0.60}, {0.03, 0.20}}};
  /// Weights of the states given damage [0 networks, 1 plants and boiler houses][0 drone, 1
  /// missile][state - 1]; normalised.
  std::array<std::array<std::array<double, kDamagedStateCount>, 2>, 2> state_weight{
      {{{{0.30, 0.40, 0.25, 0.05}, {0.10, 0.30, 0.40, 0.20}}},
       {{{0.30, 0.45, 0.20, 0.05}, {0.10, 0.35, 0.40, 0.15}}}}};
  /// Share of capacity left [family][state - 1], before and after the temporary fix. Never sampled.
  std::array<std::array<double, kDamagedStateCount>, kDamageFamilyCount> capacity_left{
      {{{0.95, 0.50, 0.0, 0.0}},
       {{1.0, 0.0, 0.0, 0.0}},
       {{0.90, 0.0, 0.0, 0.0}},
       {{0.90, 0.0, 0.0, 0.0}},
       {{0.90, 0.0, 0.0, 0.0}},
       {{0.95, 0.50, 0.0, 0.0}},
       {{0.95, 0.0, 0.0, 0.0}},
       {{0.90, 0.0, 0.0, 0.0}}}};
  std::array<std::array<double, kDamagedStateCount>, kDamageFamilyCount> capacity_left_temporary{
      {{{1.0, 0.80, 0.50, 0.30}},
       {{1.0, 1.0, 0.80, 0.50}},
       {{1.0, 0.80, 0.25, 0.15}},
       {{1.0, 0.80, 0.50, 0.50}},
       {{1.0, 1.0, 0.80, 0.50}},
       {{1.0, 0.80, 0.50, 0.20}},
       {{1.0, 0.90, 0.70, 0.50}},
       {{1.0, 1.0, 0.80, 0.50}}}};

  /// Share of capacity left, 0..1; 1 for DamageState::none.
  double capacity_factor(AssetClass asset_class, DamageState state, bool temporary_fix_holds) const;
};

/// Spare types that repairs consume; index into recovery::Model::spare_stock.
enum class SpareType : std::uint8_t { autotransformer_330 = 0, transformer_110 };
inline constexpr std::size_t kSpareTypeCount = 2;
std::string_view to_text(SpareType spare);
bool spare_type_from_text(std::string_view text, SpareType& spare);

struct RepairParameters {
  /// Medians of lognormal crew times at site, hours [class][state - 1]; 0: no such stage.
  std::array<std::array<double, kDamagedStateCount>, kAssetClassCount> temporary_hours{};
  std::array<std::array<double, kDamagedStateCount>, kAssetClassCount> permanent_hours{};
  std::array<double, kAssetClassCount> geometric_sd{};
  /// an extensively damaged substation needs one transformer
  double extensive_spare_probability = 0.5;
  double complete_second_spare_probability = 0.5;  ///< a destroyed one needs two instead of one
  RepairParameters();
};

enum class WeatherPreset : std::uint8_t { mild = 0, normal, hard };
inline constexpr std::size_t kWeatherPresetCount = 3;
std::string_view to_text(WeatherPreset preset);
bool weather_preset_from_text(std::string_view text, WeatherPreset& preset);

struct WeatherPresetParameters {
  double season_offset_c = 0.0;
  double season_offset_sd_c = 0.0;
  double december_anomaly_c = 0.0;
  double january_anomaly_c = 0.0;
  double february_anomaly_c = 0.0;
};

struct WeatherParameters {
  std::array<double, 12> mean_c{-3.4, -2.5, 2.2, 9.5, 15.8, 19.5, 21.3, 20.5, 14.8, 8.2, 2.5, -1.9};
  std::array<double, 12> diurnal_range_c{4.8,  5.9,  7.1, 9.5, 10.5, 10.5,
                                         10.5, 10.5, 9.5, 7.7, 5.0,  4.6};
  double daily_sd_c = 5.0;
  double daily_ar1 = 0.85;
  double coldest_hour = 6.0;
  std::array<WeatherPresetParameters, kWeatherPresetCount> preset{
      {{1.9, 0.0, 0.0, 0.0, 0.0}, {0.0, 1.9, 0.0, 0.0, 0.0}, {0.0, 0.0, 1.9, -4.2, -2.8}}};
};

/// Typical values of one circuit or unit, by voltage class; see branch_types.yaml.
struct BranchType {
  double overhead_line_reactance_ohm_per_km = 0.0, overhead_line_rating_mw = 0.0;
  double cable_reactance_ohm_per_km = 0.0, cable_rating_mw = 0.0;
  double transformer_rating_mw = 0.0;
  double transformer_reactance = 0.0;  ///< on its own rating
};
inline constexpr std::array<double, 6> kVoltageClassesKv{20.0, 35.0, 110.0, 220.0, 330.0, 750.0};

/// Numbers that building a model needs where the scenario is silent. Never sampled.
struct BuildDefaults {
  std::array<double, 24> hour_profile{};  ///< electricity, share of the evening peak by local hour
  std::array<double, 24> water_hour_profile{};  ///< water use relative to its daily mean
  double water_velocity_m_per_s = 1.0;
  double water_roughness_coefficient = 110.0;
  double water_required_pressure_m = 20.0;
  double water_works_head_m = 45.0;
  double water_station_head_m = 30.0;
  double water_tank_bottom_m = 30.0;
  double water_tank_depth_m = 5.0;
  std::array<double, power::kGeneratorKindCount> restart_hours{};
  std::array<BranchType, kVoltageClassesKv.size()> branch_types{};
  double exempt_weight = 10.0;
  double rotation_block_hours = 4.0;
  double network_loss_share = 0.20;
  double design_outdoor_c = -22.0;
  heat::NetworkDesign heat_network;
  double heat_network_loss_pa_per_m = 80.0;
  double travel_km_per_h = 40.0;
  std::array<double, kSpareTypeCount> spare_stock{1.0, 4.0};
  std::array<double, kSpareTypeCount> spare_resupply_per_month{0.3, 0.3};
  std::array<double, kSpareTypeCount> spare_lead_days{21.0, 21.0};
  double import_factor_ar1 = 0.85;  ///< of the daily national deficit
  BuildDefaults();
};

/// How a massive wave moves the national deficit; see national_deficit.cpp.
struct DeficitParameters {
  double wave_rise = 0.8;  ///< right after a wave, relative to the mean deficit
  double wave_recovery_days = 4.0;
};

/// All of it. `model` goes into Timeline::parameters.
struct ParameterSet {
  Parameters model;
  StrikeParameters strikes;
  DamageParameters damage;
  RepairParameters repair;
  WeatherParameters weather;
  DeficitParameters deficit;
  BuildDefaults build;
};

// --- the table
// ------------------------------------------------------------------------------------------------------

/// How a parameter is drawn per replication from value and [low, high]; see README.
enum class Distribution : std::uint8_t {
  fixed = 0,      ///< never drawn
  uniform,        ///< on [low, high]
  triangular,     ///< mode = value
  split_uniform,  ///< two uniforms with mean = value
  lognormal,  ///< median = value, log-sd = ln(high / low) / 3.29 (90 % between), cut to [low, high]
};
std::string_view to_text(Distribution distribution);

struct ParameterEntry {
  std::string name;
  double value = 0, low = 0, high = 0;
  std::string
      unit;  ///< "share" lies in [0, 1]; "C" and "K" may be negative; everything else is >= 0
  Distribution distribution = Distribution::fixed;
  char confidence = 'A';  ///< S found in a source, D derived from sources, A assumption, U
                          ///< unsourced: to be checked
  std::string source;
  std::string meaning;
  SourcePlace place;
  std::uint64_t name_hash = 0;
  bool overridden = false;  ///< by `set` of a scenario: no longer drawn
};

/// In the order of the binding (parameter_names()): entry i belongs to bound member i.
struct ParameterTable {
  std::vector<ParameterEntry> entries;
  const ParameterEntry* find(std::string_view name) const;
};

/// A file that was embedded at build time.
struct EmbeddedFile {
  std::string_view name;  ///< "heat.yaml"
  std::string_view text;
};
std::vector<EmbeddedFile> embedded_parameter_files();

/// Names of all bound members, in order.
std::vector<std::string> parameter_names();

/// Strict: unknown or duplicate names and keys, missing members, values out of their range are
/// diagnostics with a place.
ParameterTable parse_parameters(const std::vector<EmbeddedFile>& files, Diagnostics& diagnostics);

/// The embedded files. Throws ContractViolation if they do not parse (a bug: a test reads them).
ParameterTable load_default_parameters();

/// Replaces a central value; it is no longer drawn. Unknown name: error with the nearest names;
/// value not finite or against the unit's sign: error; outside [low, high]: warning. Returns
/// whether it was applied.
bool override_parameter(ParameterTable& table, std::string_view name, double value,
                        const SourcePlace& place, Diagnostics& diagnostics);

/// Value of a parameter at a probability in (0, 1); its value if it is fixed.
double value_at(const ParameterEntry& entry, double probability);

/// Central values.
ParameterSet central_parameters(const ParameterTable& table);

/// Draws every parameter that is neither fixed nor overridden, each by its own name
/// (Purpose::parameter), into `set`; the others are left as they are, so start from
/// central_parameters(). Does not allocate.
void draw_parameters(const ParameterTable& table, const Draw& draw, ParameterSet& set);

}  // namespace wintergrid::random
