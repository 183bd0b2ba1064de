#pragma once
// A scenario as read: named things with units, validated on their own, before cross-references are
// resolved by compile(). Member names are the keys and column names of the files (see the field
// table in fields.cpp); `place` is for messages.

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "grid_models/core/diagnostics.hpp"
#include "grid_models/core/time.hpp"

namespace wintergrid::scenario {

/// Where a row or item begins, and where each of its values stands (by position in its field table;
/// line 0: not given). place_of(row, "bus") in fields.hpp gives the place of one value.
struct Place : SourcePlace {
  struct Position {
    std::uint32_t line = 0, column = 0;
  };
  std::vector<Position> values;
  std::vector<std::uint16_t> unknown;  ///< fields whose cell says `unknown`, ascending
};

inline constexpr double kNotGiven =
    std::numeric_limits<double>::quiet_NaN();  ///< optional number left empty

// --- tables (CSV)
// ---------------------------------------------------------------------------------------------------
struct ZoneRow {
  std::string zone, name, region;
  double x_km = 0, y_km = 0;
  Place place;
};
struct BusRow {
  std::string bus, zone;
  double voltage_kv = 110;
  std::string protection = "none";
  Place place;
};
struct BranchRow {
  std::string branch, from_bus, to_bus,
      kind = "overhead_line";  ///< overhead_line, cable, transformer
  double voltage_kv = kNotGiven,
         length_km = kNotGiven;  ///< needed where reactance_pu or rating_mw is empty
  int circuits = 1;
  double reactance_pu = kNotGiven, rating_mw = kNotGiven;  ///< rating_mw 0: no limit
  double tap = 1.0, shift_deg = 0.0;
  bool in_service = true;
  Place place;
};
struct GeneratorRow {
  std::string generator, bus, kind;  ///< import nuclear thermal chp hydro gas solar wind other
  double capacity_mw = 0;
  bool black_start = false;
  double restart_hours = kNotGiven;  ///< empty: by kind, from data/parameters
  std::string water_node;  ///< cooling or make-up water it cannot run without; empty: none
  std::string protection = "none";
  Place place;
};
struct FeederRow {
  std::string feeder, bus, zone, queue;
  double other_kw = 0;
  Place place;
  std::string backup_bus;  ///< substation it can be switched to; empty: none
};  ///< queue "1.1".."6.2" or "exempt"
struct HouseholdRow {
  std::string zone, feeder, building_class, rise,
      heating;  ///< panel brick insulated house; low high; district gas_boiler electric stove
  std::string heat_node,
      water_node;  ///< heat_node empty unless district; water_node empty: own well
  std::int64_t buildings = 0, households = 0;
  Place place;
};
struct FacilityRow {
  std::string facility, kind, zone,
      feeder;  ///< hospital school pump_station water_works sewage_lift boiler_house heating_point
               ///< shelter_point telecom chp_auxiliary other
  double load_kw = 0, motor_kw = 0;
  bool soft_start = false;
  double generator_kw = 0, fuel_hours = 0, phase_in_minutes = 0;
  Place place;
};
struct HeatNodeRow {
  std::string heat_node, zone, facility;
  Place place;
};  ///< facility: heating point whose power it needs
struct HeatPipeRow {
  std::string heat_pipe, from_node, to_node;
  double capacity_mw = 0, length_km = 0;
  double diameter_mm = kNotGiven;  ///< empty: typical for the capacity
  Place place;
};
struct HeatSourceRow {
  std::string heat_source, heat_node, kind;  ///< chp boiler_house mobile
  double capacity_mw = 0;
  std::string generator;   ///< chp: the generator it shares a site with
  std::string facility;    ///< electricity of pumps and fans; empty for a chp that feeds itself
  std::string water_node;  ///< make-up water
  bool gas = true;
  std::string protection = "none";
  Place place;
};
struct WaterNodeRow {
  std::string water_node, zone, kind;  ///< junction works tank pump_station
  double capacity_m3_per_h = kNotGiven, volume_m3 = 0;
  double elevation_m = 0;
  double head_m = kNotGiven;  ///< lift of works and stations, bottom of a tank; empty: typical
  std::string facility;       ///< works and pump_station: the load that must have power
  std::string protection = "none";
  Place place;
};
struct WaterLinkRow {
  std::string water_link, from_node, to_node;
  double capacity_m3_per_h = 0, length_km = 0;
  double diameter_mm = kNotGiven;  ///< empty: typical for the capacity
  bool two_way = false;
  Place place;
};

// --- the YAML file
// --------------------------------------------------------------------------------------------------
struct EventItem {  ///< a strike by class and zone at a time, never by name
  double at_hours = 0;
  std::string asset_class, zone;  ///< AssetClass text; zone empty: anywhere in the scenario
  std::string weapon = "drone";   ///< drone cruise ballistic aeroballistic
  int hits = 1;
  std::string state;  ///< damage state if known (slight..complete); empty: drawn
  Place place;
};
struct InitialDamageItem {
  std::string component, state;
  Place place;
};  ///< what is already broken, by name
struct PauseItem {
  double from_hours = 0, to_hours = 0;
  std::vector<std::string> regions;  ///< empty: all
  std::vector<std::string> zones;    ///< names, * for any letters; empty: whole regions
  std::vector<std::string> weapons;  ///< empty: all
  double compliance = 1.0, carry_over = 0.7;
  Place place;
};
struct GasOutageItem {
  std::string zone;  ///< empty: everywhere
  double from_hours = 0, to_hours = 0;
  Place place;
};  ///< no network gas: boiler houses that burn it and gas boilers of homes stand still
struct GridFailureItem {
  double from_hours = 0, to_hours = 0;
  Place place;
};  ///< the national grid fails and takes the scenario's units with it
struct SpareItem {
  std::string spare;
  int stock = 0;
  double resupply_per_month = kNotGiven, lead_days = kNotGiven;
  Place place;
};
struct CrewItem {
  std::string type;
  int crews = 0;
  std::string base_zone;
  Place place;
  double shift_hours = 24.0;
  int shift_start_hour = 8;
  int crews_per_job_minimum = 1, crews_per_job_maximum = 1;
};  ///< lines substation plant heat_network water plumbing
struct MobileBoilerItem {
  int units = 0;
  double capacity_mw = 0;
  Place place;
};  ///< modular boilers in the region's stock at the start
struct ReinforcementItem {
  std::string type;
  int crews = 0;
  double from_hours = 0;
  std::string base_zone;
  Place place;
};  ///< crews that come later, to stay; with the shifts of their type
struct OverrideItem {
  std::string parameter;
  double value = 0;
  Place place;
};
struct HourValue {
  double from_hours = 0, value = 0;
  Place place;
};
struct RegionItem {
  std::string region;
  double strike_share = 0;
  Place place;
};  ///< share of the national campaign aimed here when the region is attacked; see strikes.yaml

/// A change of rows by an overlay; see overlay.hpp.
struct RowChange {
  struct Where {
    std::string column;
    std::vector<std::string> any_of;
    SourcePlace place;
  };
  struct Value {
    std::string column, text;  ///< copy: text is another column
    double number = 0.0;       ///< multiply, add
    SourcePlace place;
  };
  std::string table;
  std::vector<Where> where;
  double share = 1.0;
  std::vector<Value> copy, set, multiply, add;
  SourcePlace place;
};
struct OverlayInfo {
  std::string file, name, description;
};

class Unknowns;

struct Scenario {
  std::string file;    ///< path as given
  std::string folder;  ///< folder that tables are relative to
  int format = 1;      ///< key `wintergrid`
  std::string name, description;
  std::string start = "2026-01-01T00:00+02:00";
  int start_month = 1, start_day = 1, start_hour = 0,
      start_year = 2026;  ///< derived from start (local, fixed offset)
  double horizon_days = 60;
  int step_minutes = 60;
  std::uint64_t seed = 1;
  std::int64_t replications = 1000;
  bool sample_parameters = true;      ///< parameters: sampled | fixed
  std::vector<std::string> services;  ///< that are modelled; empty: all
  double people_per_household = 2.5;
  double base_mva = 100;

  // demand
  double household_kw =
      0.6;  ///< diversified evening-peak demand per household at the reference temperature
  std::vector<double>
      hour_profile;      ///< 24 factors of the peak; empty: built-in (data/parameters/demand.yaml)
  bool cascade = false;  ///< overload trips and under-frequency shedding right after a strike
  double litres_per_person_day = 150;
  double water_leakage_share = 0.25;
  std::vector<double>
      water_hour_profile;  ///< 24 factors of the mean; empty: built-in (data/parameters/water.yaml)
  std::string fidelity = "hydraulic";  ///< hydraulic transport

  std::string weather = "normal";           ///< preset: mild normal hard, or "constant"
  double constant_c = kNotGiven;            ///< weather: constant
  std::string weather_file;                 ///< instead of a preset; relative to the folder
  std::vector<float> weather_c;             ///< by hour, of that file
  std::string campaign = "winter_2025_26";  ///< preset name or "none"
  double cold_correlation = 0.0;            ///< of massive waves with cold days
  std::vector<RegionItem> regions;
  std::vector<EventItem> events;
  std::vector<InitialDamageItem> initial_damage;
  std::vector<PauseItem> pauses;
  std::vector<GasOutageItem> gas_outages;
  double import_limit_mean =
      1.0;  ///< national deficit: mean and sd of the daily factor on imports (AR(1)), see README
  double import_limit_sd = 0.0;
  std::vector<HourValue> import_limit;  ///< explicit schedule instead of the process
  std::vector<GridFailureItem> grid_failures;

  std::string policy = "first_come";
  std::vector<CrewItem> crews;
  std::vector<ReinforcementItem> reinforcements;
  std::vector<SpareItem> spares;
  std::vector<MobileBoilerItem> mobile_boilers;
  std::vector<std::string> priority_list;
  std::vector<OverrideItem> parameters;  ///< key `set`: central value replaced, no longer sampled

  std::vector<OverlayInfo> overlays;  ///< in the order in which they were laid on top

  std::vector<ZoneRow> zones;
  std::vector<BusRow> buses;
  std::vector<BranchRow> branches;
  std::vector<GeneratorRow> generators;
  std::vector<FeederRow> feeders;
  std::vector<HouseholdRow> households;
  std::vector<FacilityRow> facilities;
  std::vector<HeatNodeRow> heat_nodes;
  std::vector<HeatPipeRow> heat_pipes;
  std::vector<HeatSourceRow> heat_sources;
  std::vector<WaterNodeRow> water_nodes;
  std::vector<WaterLinkRow> water_links;

  /// Null if no cell is unknown. Else the tables above hold the typical filling; this has what they
  /// were read as, and draws others (unknown.hpp).
  std::shared_ptr<const Unknowns> unknowns;

  /// Of the YAML and all tables as read: the digest of one line "KEY DIGEST" per file (key
  /// `scenario`, then the tables' keys in the order of the field table), each ended by a line feed.
  std::string sha256;
  std::map<std::string, SourcePlace>
      places;  ///< of every key that was given, by dotted path: "weather.preset"
};

struct OverlaySource;
/// Reads FILE.yaml and the tables it names. Appends everything that is wrong; the result is usable
/// only if diagnostics.ok(). Never throws on bad input.
Scenario read_scenario(const std::string& path, Diagnostics& diagnostics);
/// The same with overlays on top, in order.
Scenario read_scenario(const std::string& path, const std::vector<OverlaySource>& overlays,
                       Diagnostics& diagnostics);

/// Larger files are refused; only tests change these.
struct ReadLimits {
  std::uint64_t yaml_bytes = std::uint64_t{16} << 20;
  std::uint64_t table_bytes = std::uint64_t{512} << 20;
};
Scenario read_scenario(const std::string& path, const ReadLimits& limits, Diagnostics& diagnostics);

}  // namespace wintergrid::scenario
