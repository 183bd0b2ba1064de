#pragma once
// TODAY.yaml as read: what is damaged or suspected, who is where, what is left, and what weather is
// forecast. Names are checked later, against the compiled scenario (situation.hpp).

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "engine/io/source_text.hpp"
#include "engine/scenario/scenario.hpp"
#include "grid_models/core/diagnostics.hpp"
#include "grid_models/core/time.hpp"

namespace wintergrid::plan {

using scenario::kNotGiven;
using scenario::Place;

struct DamagedItem {
  std::string component;
  std::string state = "unknown";  ///< slight .. complete, or unknown: drawn per future
  double probability = 1.0;       ///< below 1: suspected
  std::string since;              ///< empty: kHoursSince before the moment
  double temporary_hours = kNotGiven, permanent_hours = kNotGiven;  ///< crew time, if known
  bool temporarily_fixed = false;
  Place place;
};
/// Crew time to find that a suspected component is whole [A].
inline constexpr double kInspectionHours = 2.0;
/// Damage without a time happened so long before the moment [A]: a night before a morning's list.
inline constexpr int kHoursSince = 6;

struct CountItem {
  std::string zone, service = "heat", counted = "buildings";
  std::int64_t off = 0, of = 0;
  Place place;
};
struct UnderWayItem {
  std::string component, returns;
  int crews = 1;
  Place place;
};
struct AwayItem {
  std::string type, returns;
  int crews = 1;
  Place place;
};
struct IndoorItem {
  std::string zone;
  double mean_c = kNotGiven;
  Place place;
};
struct DrainedItem {
  std::string zone;
  std::int64_t buildings = 0;
  Place place;
};
struct TankItem {
  std::string tank;
  double share = 1.0;
  Place place;
};
struct FuelItem {
  std::string facility;
  double hours = 0.0;
  Place place;
};
struct CrewsNow {
  std::string type;
  int crews = 0;
  Place place;
};
struct SpareNow {
  std::string spare;
  int stock = 0;
  Place place;
};
struct ForecastDay {
  double minimum_c = kNotGiven, maximum_c = kNotGiven;
  Place place;
};

/// Single values. The weights are assumptions; see the README.
struct TodayValues {
  int format = 0;  ///< key `wintergrid_today`
  std::string moment;
  int horizon_days = 14;
  std::string strikes = "none";  ///< none; scenario: as its campaign draws them
  std::vector<double> hourly_c;
  double weight_power = 1.0, weight_heat = 1.0, weight_water = 1.0;
  double weight_beyond_24h = 1.0;     ///< of an hour beyond 24, on top of its own
  double weight_degree_hours = 0.25;  ///< of a household-degree-hour below 16 C
  Place place;
};

struct Today {
  std::string file;
  TodayValues values;
  std::vector<DamagedItem> damaged;
  std::vector<CountItem> counts;
  std::vector<UnderWayItem> under_way;
  std::vector<AwayItem> crews_away;
  std::vector<IndoorItem> indoor;
  std::vector<DrainedItem> drained;
  std::vector<TankItem> tanks;
  std::vector<FuelItem> fuel;
  std::vector<CrewsNow> crews;
  std::vector<SpareNow> spares;
  std::vector<ForecastDay> forecast_days;
  std::string sha256;
};

/// Reads the file; reports everything that is wrong in it alone.
Today read_today(const io::SourceText& source, Diagnostics& diagnostics);

/// The JSON Schema (draft-07) of TODAY.yaml.
std::string today_schema();

/// Hours from one moment to another ("2026-01-20T08:00+02:00"), local clocks; both valid.
std::int64_t hours_between(const std::string& from, const std::string& to);

}  // namespace wintergrid::plan
