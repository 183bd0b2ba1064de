#pragma once
// One replication's Timeline from chance: parameters, weather, national deficit, strikes, damage,
// repair work.

#include <array>
#include <cstdint>
#include <vector>

#include "engine/random/asset_index.hpp"
#include "engine/random/draw.hpp"
#include "engine/random/parameters.hpp"
#include "grid_models/core/time.hpp"
#include "grid_models/network/components.hpp"
#include "grid_models/system/timeline.hpp"

namespace wintergrid::random {

/// Local civil time (fixed offset) of t = 0.
struct CivilStart {
  int year = 2026, month = 1, day = 1, hour = 0;
};

struct WeatherSettings {
  bool constant = false;
  double constant_c = 0.0;
  WeatherPreset preset = WeatherPreset::normal;
  std::vector<float> hourly_c;  ///< not empty: used as it is, in every replication; the last stays
};

/// A strike that the scenario states: by class and zone, never by name. `hits` objects are struck,
/// chosen by size within class and zone without replacement (more hits than objects: in the same
/// order again).
struct EventSpec {
  Seconds time = 0;
  AssetClass asset_class = AssetClass::substation_330;
  ZoneId zone;  ///< invalid: anywhere
  Weapon weapon = Weapon::drone;
  int hits = 1;
  DamageState state = DamageState::none;  ///< none: drawn, with P(damage | hit); otherwise certain
};

struct InitialDamage {
  ComponentId component;
  DamageState state = DamageState::extensive;
};

/// From `from` until before `to`, attacks on the listed regions with the listed weapons are
/// withheld, each with chance `compliance`; `carry_over` of withheld missiles joins the region's
/// first attacked wave afterwards. Drones are not carried.
struct PauseSpec {
  Seconds from = 0, to = 0;
  std::vector<std::uint8_t> regions;  ///< empty: all
  /// By zone, 1: covered. Not empty: what falls on objects there is withheld, each location with
  /// chance `compliance`, and never fired later; regions do not matter.
  std::vector<std::uint8_t> zones;
  std::array<bool, kWeaponCount> weapons{true, true, true, true};
  double compliance = 1.0;
  double carry_over = 0.7;
};

struct RegionSettings {
  /// Central share of a wave when the region is attacked; negative: the parameter
  /// strikes.region_share. Sampled shares and routine drones scale with it.
  double strike_share = -1.0;
};

struct CampaignSettings {
  bool active = true;  ///< false: only events and initial damage
  CampaignPreset preset = CampaignPreset::winter_2025_26;
  /// Log ratio of the rate of massive waves per standard deviation of daily cold; see
  /// wave_clock.hpp. 0: waves do not know the weather.
  double cold_correlation = 0.0;
  std::vector<RegionSettings>
      regions;  ///< by region index of the zone table; missing ones have defaults
  std::vector<PauseSpec> pauses;
  std::vector<EventSpec> events;
  std::vector<InitialDamage> initial_damage;
};

struct ImportStep {
  Seconds from = 0;
  double factor = 1.0;
};

/// National deficit: share of import capacity, per day AR(1) around mean, moved by the massive
/// waves (national_deficit.hpp), cut to [0, 1]; or a schedule, which nothing moves.
struct ImportSettings {
  double mean = 1.0, sd = 0.0;
  std::vector<ImportStep>
      schedule;  ///< not empty: used instead, in order of time; before the first step 1
};

struct TimelineSettings {
  CivilStart start;
  Seconds horizon = 60 * kSecondsPerDay;
  bool sample_parameters = true;
  ParameterTable parameters = load_default_parameters();
  WeatherSettings weather;
  CampaignSettings campaign;
  ImportSettings import;
};

/// One attack on the nation: a massive wave or a routine night.
struct NationalAttack {
  std::int64_t night = 0;  ///< local days since the day of the start
  bool massive = false;
  std::array<std::int64_t, kWeaponCount> national{};  ///< launched
  std::array<std::int64_t, kWeaponCount> launched{};  ///< of these at the scenario's regions
  std::array<std::int64_t, kWeaponCount> neutralised{};
  std::int64_t locations = 0;
};

/// What the campaign did, for calibration, tests and provenance; never by asset.
struct CampaignCounts {
  std::int64_t waves = 0;                             ///< national
  std::int64_t waves_on_regions = 0;                  ///< summed over regions
  std::array<std::int64_t, kWeaponCount> national{};  ///< launched in massive waves, nation
  std::array<std::int64_t, kWeaponCount> launched{};  ///< at the scenario's regions, massive waves
  std::array<std::int64_t, kWeaponCount> neutralised{};
  std::int64_t routine_national = 0, routine_launched = 0, routine_neutralised = 0;
  std::array<std::int64_t, kWeaponCount> withheld{};  ///< by pauses of regions
  std::int64_t withheld_locations = 0;                ///< by pauses of zones
  std::array<std::int64_t, kWeaponCount> carried_over{};
  std::int64_t wave_locations = 0, routine_locations = 0;
  /// locations that are objects of energy, heat or water, represented or not
  std::int64_t object_strikes = 0;
  std::int64_t lost_locations = 0;  ///< of these: the scenario has no such object in the region
  std::int64_t restrikes = 0, double_taps = 0;
  std::int64_t damaging_hits = 0;                  ///< by the campaign
  std::vector<NationalAttack>* attacks = nullptr;  ///< if given, every attack is appended
};

/// Scratch for one thread. Nothing allocates once its vectors have grown (a few replications).
struct TimelineScratch {
  struct Strike {
    Seconds time = 0;  ///< start of its attack
    std::uint32_t asset = 0;
  };
  struct Wave {
    std::int64_t night = 0;  ///< local days since the day of the start
    std::uint32_t index = 0;
    Seconds start = 0;  ///< of its attack
  };
  struct Region {
    std::vector<Strike> strikes;           ///< in order of drawing
    std::array<double, 3> interceptors{};  ///< drone, cruise, ballistic
    Seconds interceptors_at = 0;
    std::array<double, kWeaponCount> withheld{};  ///< missiles to carry over
  };
  ParameterSet parameters;
  std::vector<Region> regions;
  std::vector<Wave> waves;
  std::vector<std::uint32_t> leakers_at;  ///< by location of one attack
  std::vector<float> window;
  std::vector<double> wave_rate;        ///< by local day, relative to the mean; empty: 1 throughout
  std::vector<double> deficit_surplus;  ///< by hour: see national_deficit.hpp; empty: 0
};

/// Const after construction and shared by all threads; keeps its own copy of what it needs of the
/// tables.
class TimelineSampler {
 public:
  /// The component and zone tables must be the model's. Throws ContractViolation if the settings
  /// name a component, zone or region that is not there, or an import schedule out of order.
  TimelineSampler(TimelineSettings settings, const ComponentTable& components,
                  const ZoneTable& zones);

  /// Everything about replication draw.replication(); parameters come from parameter_draw (the same
  /// draw, or one that several replications share so that the spread over parameters can be told
  /// from the rest). `out` is cleared first and keeps its capacity; `counts` are added to.
  void sample(const Draw& draw, const Draw& parameter_draw, TimelineScratch& scratch, Timeline& out,
              CampaignCounts* counts = nullptr) const;

  const TimelineSettings& settings() const { return settings_; }
  const AssetIndex& assets() const { return assets_; }
  /// Central values with overrides: what is never sampled (capacity factors, build defaults) is
  /// read from here.
  const ParameterSet& central() const { return central_; }
  std::size_t hour_count() const { return hour_count_; }

 private:
  TimelineSettings settings_;
  AssetIndex assets_;
  ParameterSet central_;
  ParameterTable drawn_;
  std::size_t hour_count_ = 0;
};

}  // namespace wintergrid::random
