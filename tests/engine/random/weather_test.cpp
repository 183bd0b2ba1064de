#include "engine/random/weather.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "engine/random/inversion.hpp"

namespace wintergrid::random {
namespace {

struct Series {
  std::vector<float> window, outdoor, forecast;
};
Series weather(const WeatherSettings& settings, const CivilStart& start, std::size_t hours,
               std::uint64_t replication, const WeatherParameters& parameters = {}) {
  Series series;
  sample_weather(parameters, settings, start, hours, Draw(3, replication), series.window,
                 series.outdoor, series.forecast);
  return series;
}

double daily_mean(const Series& series, std::size_t day) {
  double sum = 0.0;
  for (std::size_t hour = 0; hour < 24; ++hour) {
    sum += static_cast<double>(series.outdoor[24 * day + hour]);
  }
  return sum / 24.0;
}

TEST(Calendar, CivilDays) {
  EXPECT_EQ(day_number(1970, 1, 1), 0);
  EXPECT_EQ(day_number(2026, 1, 9), 20462);
  const CivilDay leap = civil_day(day_number(2024, 2, 29));
  EXPECT_EQ(leap.month, 2);
  EXPECT_EQ(leap.day, 29);
  EXPECT_EQ(leap.days_in_month, 29);
  EXPECT_EQ(civil_day(day_number(2025, 12, 31) + 1).year, 2026);
}

TEST(Climate, MonthlyAveragesAreTheTable) {
  const WeatherParameters parameters;
  const Climate climate(parameters, WeatherPreset::normal);
  for (int month = 1; month <= 12; ++month) {
    const CivilDay first = civil_day(day_number(2025, month, 1));
    double sum = 0.0;
    for (int day = 1; day <= first.days_in_month; ++day) {
      sum += climate.mean_c(day_number(2025, month, day));
    }
    EXPECT_NEAR(sum / first.days_in_month, parameters.mean_c[static_cast<std::size_t>(month - 1)],
                0.02)
        << month;
  }
}

TEST(Climate, IsContinuousOverTheYear) {
  const Climate climate(WeatherParameters{}, WeatherPreset::hard);
  for (std::int64_t day = day_number(2025, 1, 1); day < day_number(2026, 3, 1); ++day) {
    EXPECT_LT(std::abs(climate.mean_c(day + 1) - climate.mean_c(day)), 0.6);
  }
}

TEST(Climate, HardPresetHasItsOwnMonths) {
  const Climate climate(WeatherParameters{}, WeatherPreset::hard);
  double january = 0.0;
  for (int day = 1; day <= 31; ++day) {
    january += climate.mean_c(day_number(2026, 1, day)) / 31.0;
  }
  EXPECT_NEAR(january, -7.6,
              0.02);  // published mean of January 2026: 4.4 K below norm, rounded with the norm
}

/// January of 3,000 winters against the table: mean -3.4, sd of daily means sqrt(5^2 + 1.9^2),
/// autocorrelation.
TEST(Weather, MomentsOfTheNormalPreset) {
  const CivilStart start{2026, 1, 1, 0};
  const Climate climate(WeatherParameters{}, WeatherPreset::normal);
  constexpr std::size_t kWinters = 3000;
  double offsets = 0.0;
  double squares = 0.0;
  double products = 0.0;
  double minimum = 0.0;
  for (std::size_t winter = 0; winter < kWinters; ++winter) {
    const Series series = weather({}, start, 24 * 20, winter);
    const std::int64_t first = day_number(2026, 1, 1);
    const double a = daily_mean(series, 9) - climate.mean_c(first + 9);
    const double b = daily_mean(series, 10) - climate.mean_c(first + 10);
    offsets += a;
    squares += a * a;
    products += a * b;
    minimum += *std::min_element(series.outdoor.begin() + 216, series.outdoor.begin() + 240) -
               daily_mean(series, 9);
  }
  const double n = kWinters;
  const double variance = 25.0 + 1.9 * 1.9;
  EXPECT_NEAR(offsets / n, 0.0, 3.0 * std::sqrt(variance / n));
  EXPECT_NEAR(squares / n, variance, 3.0 * variance * std::sqrt(2.0 / n));
  const double covariance = 25.0 * 0.85 + 1.9 * 1.9;
  EXPECT_NEAR(products / n, covariance,
              3.0 * std::sqrt((variance * variance + covariance * covariance) / n));
  EXPECT_NEAR(minimum / n, -0.5 * climate.diurnal_range_c(day_number(2026, 1, 10)), 1e-4);
}

/// Without the season offset the anomalies of successive days are AR(1).
TEST(Weather, DailyAnomaliesAreAutoregressive) {
  WeatherParameters parameters;
  parameters.preset[1].season_offset_sd_c = 0.0;
  const Climate climate(parameters, WeatherPreset::normal);
  constexpr std::size_t kWinters = 100;
  constexpr std::size_t kDays = 180;
  double squares = 0.0;
  double lag1 = 0.0;
  double lag3 = 0.0;
  for (std::size_t winter = 0; winter < kWinters; ++winter) {
    const Series series = weather({}, {2025, 10, 1, 0}, 24 * kDays, winter, parameters);
    std::vector<double> anomaly(kDays);
    for (std::size_t day = 0; day < kDays; ++day) {
      anomaly[day] = daily_mean(series, day) -
                     climate.mean_c(day_number(2025, 10, 1) + static_cast<std::int64_t>(day));
    }
    for (std::size_t day = 0; day + 3 < kDays; ++day) {
      squares += anomaly[day] * anomaly[day];
      lag1 += anomaly[day] * anomaly[day + 1];
      lag3 += anomaly[day] * anomaly[day + 3];
    }
  }
  EXPECT_NEAR(lag1 / squares, 0.85,
              0.012);  // standard error about sqrt((1 - 0.85^2) / 17700) = 0.004
  EXPECT_NEAR(lag3 / squares, 0.85 * 0.85 * 0.85, 0.03);
}

TEST(Weather, ADayDoesNotDependOnHorizonOrStart) {
  const Series full = weather({}, {2025, 10, 1, 0}, 24 * 150, 5);
  const Series part = weather({}, {2025, 10, 1, 0}, 24 * 20, 5);
  EXPECT_TRUE(std::equal(part.outdoor.begin(), part.outdoor.end(), full.outdoor.begin()));
  EXPECT_TRUE(std::equal(part.forecast.begin(), part.forecast.end(), full.forecast.begin()));
  const Series later = weather({}, {2026, 1, 9, 13}, 24 * 10, 5);
  const auto offset = 24 * (day_number(2026, 1, 9) - day_number(2025, 10, 1)) + 13;
  EXPECT_TRUE(
      std::equal(later.outdoor.begin(), later.outdoor.end(), full.outdoor.begin() + offset));
  EXPECT_NE(weather({}, {2026, 1, 9, 13}, 24, 6).outdoor,
            weather({}, {2026, 1, 9, 13}, 24, 5).outdoor);
}

TEST(Weather, ForecastIsTheMinimumOfTheNextDay) {
  const Series series = weather({}, {2026, 1, 1, 0}, 240, 1);
  for (std::size_t hour = 0; hour + 24 <= series.outdoor.size(); ++hour) {
    const auto first = series.outdoor.begin() + static_cast<std::ptrdiff_t>(hour);
    EXPECT_EQ(series.forecast[hour], *std::min_element(first, first + 24)) << hour;
  }
  for (std::size_t hour = 0; hour < series.outdoor.size(); ++hour) {
    EXPECT_LE(series.forecast[hour], series.outdoor[hour]);
  }
}

TEST(Weather, ColdestAtSixAndConstantWhenAsked) {
  const Series series = weather({}, {2026, 1, 1, 0}, 48, 1);
  EXPECT_EQ(std::min_element(series.outdoor.begin(), series.outdoor.begin() + 24) -
                series.outdoor.begin(),
            6);
  WeatherSettings constant;
  constant.constant = true;
  constant.constant_c = -12.5;
  const Series flat = weather(constant, {2026, 1, 1, 0}, 48, 1);
  EXPECT_EQ(flat.outdoor, std::vector<float>(48, -12.5F));
  EXPECT_EQ(flat.forecast, std::vector<float>(48, -12.5F));
}

TEST(Weather, PresetsAreOrdered) {
  double mean[3] = {0.0, 0.0, 0.0};
  for (std::size_t winter = 0; winter < 200; ++winter) {
    for (std::size_t preset = 0; preset < 3; ++preset) {
      WeatherSettings settings;
      settings.preset = static_cast<WeatherPreset>(preset);
      const Series series = weather(settings, {2026, 1, 1, 0}, 24 * 50, winter);
      for (const float t : series.outdoor) {
        mean[preset] += static_cast<double>(t) / 1200.0 / 200.0;
      }
    }
  }
  EXPECT_GT(mean[0], mean[1] + 1.0);
  EXPECT_GT(mean[1], mean[2] + 2.0);
}

TEST(ImportFactor, ProcessHasItsMomentsAndIsConstantWithinADay) {
  ImportSettings settings;
  settings.mean = 0.5;
  settings.sd = 0.1;
  std::vector<float> factor;
  double sum = 0.0;
  double squares = 0.0;
  constexpr std::size_t kWinters = 2000;
  for (std::size_t winter = 0; winter < kWinters; ++winter) {
    sample_import_factor(settings, 0.85, {2026, 1, 1, 6}, 48, Draw(1, winter), factor);
    ASSERT_EQ(factor.size(), 48U);
    EXPECT_EQ(factor[0], factor[17]);
    EXPECT_EQ(factor[18], factor[41]);
    const double x = static_cast<double>(factor[20]);
    sum += x;
    squares += (x - 0.5) * (x - 0.5);
  }
  EXPECT_NEAR(sum / kWinters, 0.5, 3.0 * 0.1 / std::sqrt(static_cast<double>(kWinters)));
  EXPECT_NEAR(squares / kWinters, 0.01,
              3.0 * 0.01 * std::sqrt(2.0 / static_cast<double>(kWinters)));
}

TEST(ImportFactor, IsCutToTheUnitIntervalAndFollowsASchedule) {
  ImportSettings wild;
  wild.mean = 0.9;
  wild.sd = 2.0;
  std::vector<float> factor;
  sample_import_factor(wild, 0.85, {2026, 1, 1, 0}, 24 * 100, Draw(1, 1), factor);
  EXPECT_EQ(*std::max_element(factor.begin(), factor.end()), 1.0F);
  EXPECT_EQ(*std::min_element(factor.begin(), factor.end()), 0.0F);
  ImportSettings schedule;
  schedule.schedule = {{2 * kSecondsPerHour, 0.25}, {4 * kSecondsPerHour, 0.75}};
  sample_import_factor(schedule, 0.85, {2026, 1, 1, 0}, 6, Draw(1, 1), factor);
  EXPECT_EQ(factor, (std::vector<float>{1.0F, 1.0F, 0.25F, 0.25F, 0.75F, 0.75F}));
}

}  // namespace
}  // namespace wintergrid::random
