// Outdoor temperature
//   T(h) = c(d) + s + a(d) - (r(d) / 2) cos(2 pi (h - h0) / 24)
//   c(d)  climatological daily mean, C; s ~ N(season offset, sd) once per season, K; r(d) diurnal
//   range, K; h0 coldest hour a(d) = phi a(d - 1) + sd sqrt(1 - phi^2) z(d),  stationary, started
//   on 1 July before the season
// Monthly statistics, phi and sd: Kyiv 1991-2020, GHCN-Daily station UPM00033345. The sinusoid is
// an assumption. Hourly values step at midnight with a(d): interpolation would reduce the daily
// variance that the table states.
//
// Rate of massive waves by cold, relative: exp(c z(d) - c^2 / 2), z(d) = -a(d) / sd: neither the
// time of year nor a cold season counts, so the mean over winters is 1. Weather of the user's: z is
// the daily mean against the mean of the 31 days around it, standardised over the horizon.
//
// National deficit, share of import capacity: f = cut(m - (1 - m) y(h) + sd x(d), 0, 1), x(d) = phi
// x(d - 1) + sqrt(1 - phi^2) z(d), y the surplus over the mean deficit that national_deficit.cpp
// gives.

#include "engine/random/weather.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

#include "engine/random/inversion.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::random {
namespace {

constexpr std::uint64_t kWeather = name_hash("weather");
constexpr std::uint64_t kImport = name_hash("national deficit");
constexpr int kSeasonFirstMonth = 7;  ///< July: no winter is cut in two

std::int64_t season_year(const CivilDay& day) {
  return day.month >= kSeasonFirstMonth ? day.year : day.year - 1;
}

double standard_normal(const Draw& draw, std::uint64_t entity, Purpose purpose, std::int64_t k) {
  return normal_quantile(draw.uniform({entity, purpose, static_cast<std::uint32_t>(k)}));
}

/// Stationary AR(1) with unit variance, addressed by day, from the season's first day.
class DailyNoise {
 public:
  DailyNoise(const Draw& draw, std::uint64_t entity, double ar1, std::int64_t first_day)
      : draw_(draw), entity_(entity), ar1_(ar1), innovation_(std::sqrt(1.0 - ar1 * ar1)) {
    const std::int64_t origin =
        day_number(static_cast<int>(season_year(civil_day(first_day))), kSeasonFirstMonth, 1);
    value_ = standard_normal(draw_, entity_, Purpose::weather_day, origin);
    for (std::int64_t day = origin + 1; day <= first_day; ++day) {
      next(day);
    }
  }
  double next(std::int64_t day) {
    value_ =
        ar1_ * value_ + innovation_ * standard_normal(draw_, entity_, Purpose::weather_day, day);
    return value_;
  }
  double value() const { return value_; }

 private:
  const Draw& draw_;
  std::uint64_t entity_;
  double ar1_;
  double innovation_;
  double value_ = 0.0;
};

/// Piecewise linear between mid-months.
double between_mid_months(const std::array<double, 12>& node, std::int64_t number) {
  const CivilDay day = civil_day(number);
  const double position =
      (day.day - 0.5) / day.days_in_month - 0.5;  // -0.5 .. 0.5 within the month
  const auto month = static_cast<std::size_t>(day.month - 1);
  const std::size_t neighbour = position < 0.0 ? (month + 11) % 12 : (month + 1) % 12;
  const double weight = std::abs(position);
  return (1.0 - weight) * node[month] + weight * node[neighbour];
}

/// out[i] = min(in[i .. i + 23]) by doubling windows; in has 23 more values than out.
void minimum_over_next_day(std::vector<float>& values, std::vector<float>& out) {
  const auto fold = [&values](std::size_t shift, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      values[i] = std::min(values[i], values[i + shift]);
    }
  };
  const std::size_t hours = out.size();
  fold(1, hours + 22);  // windows of 2
  fold(2, hours + 20);  // 4
  fold(4, hours + 16);  // 8
  for (std::size_t i = 0; i < hours; ++i) {
    out[i] = std::min(values[i], std::min(values[i + 8], values[i + 16]));
  }
}

/// Daily means against the mean of the 31 days around each, colder positive, over their standard
/// deviation; empty if they do not vary. Only `cold` may allocate.
void cold_of_days(const std::vector<float>& outdoor_c, std::size_t first_hour, std::size_t days,
                  std::vector<double>& cold) {
  constexpr std::size_t kAround = 15;
  struct Sum {
    double kelvin = 0.0, hours = 0.0;
    void add(const Sum& other, double sign) {
      kelvin += sign * other.kelvin;
      hours += sign * other.hours;
    }
  };
  const auto of_day = [&](std::size_t day) {
    const std::size_t from = 24 * day < first_hour ? 0 : 24 * day - first_hour;
    const std::size_t to = std::min(outdoor_c.size(), 24 * (day + 1) - first_hour);
    Sum sum;
    for (std::size_t hour = from; hour < to; ++hour) {
      sum.add({static_cast<double>(outdoor_c[hour]), 1.0}, 1.0);
    }
    return sum;
  };
  Sum around;
  for (std::size_t day = 0; day < std::min(days, kAround); ++day) {
    around.add(of_day(day), 1.0);
  }
  double sum = 0.0;
  double squares = 0.0;
  cold.resize(days);
  for (std::size_t day = 0; day < days; ++day) {
    if (day + kAround < days) {
      around.add(of_day(day + kAround), 1.0);
    }
    if (day > kAround) {
      around.add(of_day(day - kAround - 1), -1.0);
    }
    const Sum here = of_day(day);
    cold[day] = around.kelvin / around.hours - here.kelvin / here.hours;
    sum += cold[day];
    squares += cold[day] * cold[day];
  }
  const auto n = static_cast<double>(days);
  const double variance = squares / n - sum * sum / n / n;
  constexpr double kLeastVariance = 1e-6;  // K^2: floats of a constant file
  if (variance < kLeastVariance) {
    cold.clear();
    return;
  }
  for (double& day : cold) {
    day = (day - sum / n) / std::sqrt(variance);
  }
}

}  // namespace

std::int64_t day_number(int year, int month, int day) {
  const std::chrono::sys_days date{std::chrono::year{year} / month / day};
  return date.time_since_epoch().count();
}

CivilDay civil_day(std::int64_t number) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{number}}};
  const std::chrono::year_month_day_last last{date.year(),
                                              std::chrono::month_day_last{date.month()}};
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(static_cast<unsigned>(last.day()))};
}

Climate::Climate(const WeatherParameters& parameters, WeatherPreset preset)
    : range_c_(parameters.diurnal_range_c) {
  const WeatherPresetParameters& anomaly = parameters.preset[static_cast<std::size_t>(preset)];
  std::array<double, 12> mean = parameters.mean_c;
  mean[11] += anomaly.december_anomaly_c;
  mean[0] += anomaly.january_anomaly_c;
  mean[1] += anomaly.february_anomaly_c;
  // The average of the broken line over a month is x[m-1]/8 + 3 x[m]/4 + x[m+1]/8. Jacobi converges
  // by 1/3 a step.
  node_c_ = mean;
  for (int iteration = 0; iteration < 32; ++iteration) {
    std::array<double, 12> next{};
    for (std::size_t month = 0; month < 12; ++month) {
      next[month] =
          (mean[month] - 0.125 * (node_c_[(month + 11) % 12] + node_c_[(month + 1) % 12])) / 0.75;
    }
    node_c_ = next;
  }
}

double Climate::mean_c(std::int64_t number) const { return between_mid_months(node_c_, number); }
double Climate::diurnal_range_c(std::int64_t number) const {
  return between_mid_months(range_c_, number);
}

void sample_weather(const WeatherParameters& parameters, const WeatherSettings& settings,
                    const CivilStart& start, std::size_t hours, const Draw& draw,
                    std::vector<float>& window, std::vector<float>& outdoor_c,
                    std::vector<float>& forecast_min_c) {
  outdoor_c.resize(hours);
  forecast_min_c.resize(hours);
  if (settings.constant) {
    std::fill(outdoor_c.begin(), outdoor_c.end(), static_cast<float>(settings.constant_c));
    std::fill(forecast_min_c.begin(), forecast_min_c.end(),
              static_cast<float>(settings.constant_c));
    return;
  }
  if (!settings.hourly_c.empty()) {
    window.resize(hours + 23);
    for (std::size_t hour = 0; hour < window.size(); ++hour) {
      window[hour] = settings.hourly_c[std::min(hour, settings.hourly_c.size() - 1)];
    }
    std::copy_n(window.begin(), hours, outdoor_c.begin());
    minimum_over_next_day(window, forecast_min_c);
    return;
  }
  const WeatherPresetParameters& preset =
      parameters.preset[static_cast<std::size_t>(settings.preset)];
  const Climate climate(parameters, settings.preset);
  std::int64_t day = day_number(start.year, start.month, start.day);
  const double season =
      preset.season_offset_c +
      preset.season_offset_sd_c *
          standard_normal(draw, kWeather, Purpose::weather_season, season_year(civil_day(day)));
  std::array<double, 24> wave{};
  for (std::size_t hour = 0; hour < 24; ++hour) {
    wave[hour] = 0.5 * std::cos(2.0 * std::numbers::pi *
                                (static_cast<double>(hour) - parameters.coldest_hour) / 24.0);
  }

  DailyNoise noise(draw, kWeather, parameters.daily_ar1, day);
  window.resize(hours + 23);
  auto hour_of_day = static_cast<std::size_t>(start.hour);
  std::size_t hour = 0;
  while (hour < window.size()) {
    const double mean = climate.mean_c(day) + season + parameters.daily_sd_c * noise.value();
    const double range = climate.diurnal_range_c(day);
    for (; hour_of_day < 24 && hour < window.size(); ++hour_of_day, ++hour) {
      window[hour] = static_cast<float>(mean - range * wave[hour_of_day]);
    }
    hour_of_day = 0;
    noise.next(++day);
  }
  std::copy_n(window.begin(), hours, outdoor_c.begin());
  minimum_over_next_day(window, forecast_min_c);
}

void sample_wave_rate(const WeatherParameters& parameters, const WeatherSettings& settings,
                      const CivilStart& start, double cold_correlation, const Draw& draw,
                      const std::vector<float>& outdoor_c, std::vector<double>& rate) {
  rate.clear();
  if (cold_correlation == 0.0 || settings.constant) {
    return;
  }
  const auto first_hour = static_cast<std::size_t>(start.hour);
  const std::size_t days = (outdoor_c.size() + first_hour + 23) / 24;
  if (!settings.hourly_c.empty()) {
    cold_of_days(outdoor_c, first_hour, days, rate);
    double mean = 0.0;
    for (double& day : rate) {
      day = std::exp(cold_correlation * day);
      mean += day / static_cast<double>(days);
    }
    for (double& day : rate) {
      day /= mean;
    }
    return;
  }
  std::int64_t day = day_number(start.year, start.month, start.day);
  DailyNoise noise(draw, kWeather, parameters.daily_ar1, day);
  rate.resize(days);
  for (double& of_day : rate) {
    of_day =
        std::exp(-cold_correlation * noise.value() - 0.5 * cold_correlation * cold_correlation);
    noise.next(++day);
  }
}

void sample_import_factor(const ImportSettings& settings, double ar1, const CivilStart& start,
                          std::size_t hours, const Draw& draw, std::vector<float>& import_factor,
                          std::span<const double> deficit_surplus) {
  import_factor.resize(hours);
  if (!settings.schedule.empty()) {
    std::size_t step = 0;
    double factor = 1.0;
    for (std::size_t hour = 0; hour < hours; ++hour) {
      const Seconds now = static_cast<Seconds>(hour) * kSecondsPerHour;
      for (; step < settings.schedule.size() && settings.schedule[step].from <= now; ++step) {
        factor = settings.schedule[step].factor;
      }
      import_factor[hour] = static_cast<float>(std::clamp(factor, 0.0, 1.0));
    }
    return;
  }
  const auto factor_at = [&](std::size_t hour, double of_day) {
    const double surplus = deficit_surplus.empty() ? 0.0 : deficit_surplus[hour];
    return static_cast<float>(std::clamp(of_day - (1.0 - settings.mean) * surplus, 0.0, 1.0));
  };
  if (!(settings.sd > 0.0)) {
    for (std::size_t hour = 0; hour < hours; ++hour) {
      import_factor[hour] = factor_at(hour, settings.mean);
    }
    return;
  }
  std::int64_t day = day_number(start.year, start.month, start.day);
  DailyNoise noise(draw, kImport, ar1, day);
  auto hour_of_day = static_cast<std::size_t>(start.hour);
  for (std::size_t hour = 0; hour < hours;) {
    const double of_day = settings.mean + settings.sd * noise.value();
    for (; hour_of_day < 24 && hour < hours; ++hour_of_day, ++hour) {
      import_factor[hour] = factor_at(hour, of_day);
    }
    hour_of_day = 0;
    noise.next(++day);
  }
}

}  // namespace wintergrid::random
