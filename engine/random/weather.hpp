#pragma once
// Outdoor temperature by hour, its 24 h minimum ahead, and the national deficit by day.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/random/draw.hpp"
#include "engine/random/parameters.hpp"
#include "engine/random/timeline_sampler.hpp"

namespace wintergrid::random {

/// Days since 1970-01-01 of a civil date (proleptic Gregorian).
std::int64_t day_number(int year, int month, int day);
/// Month 1..12, day 1..31 and days in that month, of a day number.
struct CivilDay {
  int year = 1970, month = 1, day = 1, days_in_month = 31;
};
CivilDay civil_day(std::int64_t day_number);

/// Climatological daily mean by day, C: piecewise linear between mid-months, its averages over
/// months (as if of equal length) equal to the table plus the preset's anomalies.
class Climate {
 public:
  Climate(const WeatherParameters& parameters, WeatherPreset preset);
  double mean_c(std::int64_t day_number) const;
  double diurnal_range_c(std::int64_t day_number) const;

 private:
  std::array<double, 12> node_c_{};
  std::array<double, 12> range_c_{};
};

/// Fills outdoor_c and forecast_min_c with `hours` values. The temperature of a calendar day does
/// not depend on the horizon, and neither on the start within the same season (July to June).
/// `window` is scratch.
void sample_weather(const WeatherParameters& parameters, const WeatherSettings& settings,
                    const CivilStart& start, std::size_t hours, const Draw& draw,
                    std::vector<float>& window, std::vector<float>& outdoor_c,
                    std::vector<float>& forecast_min_c);

/// Fills `rate` with the relative rate of massive waves by local day, day 0 that of t = 0, until
/// the end of `outdoor_c` (by hour, of sample_weather with the same draw). With z(d) the cold of a
/// day against what is usual, mean 0 and variance 1, it is exp(c z - c^2 / 2) for sampled weather
/// (mean 1 over winters), and exp(c z) over its mean for the user's hours (mean 1 over the days).
/// Empty if c = 0 or the temperature does not vary.
void sample_wave_rate(const WeatherParameters& parameters, const WeatherSettings& settings,
                      const CivilStart& start, double cold_correlation, const Draw& draw,
                      const std::vector<float>& outdoor_c, std::vector<double>& rate);

/// Fills import_factor with `hours` values in [0, 1]: mean - (1 - mean) surplus(h) + sd x(day), x
/// constant within a local day; or the schedule. `deficit_surplus`: by hour, relative to the mean
/// deficit (sample_deficit_surplus); empty: 0.
void sample_import_factor(const ImportSettings& settings, double ar1, const CivilStart& start,
                          std::size_t hours, const Draw& draw, std::vector<float>& import_factor,
                          std::span<const double> deficit_surplus = {});

}  // namespace wintergrid::random
