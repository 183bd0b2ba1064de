// The national clock of massive waves: with and without correlation with cold.

#include "engine/random/wave_clock.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>

#include "engine/random/inversion.hpp"
#include "engine/random/weather.hpp"
#include "tests/engine/random/world.hpp"

namespace wintergrid::random {
namespace {

using test::fixed_settings;

constexpr double kDays = 182.0;

TimelineSettings winter(double cold_correlation) {
  TimelineSettings settings = fixed_settings(kDays);
  settings.start = {2025, 10, 1, 0};
  settings.weather.preset = WeatherPreset::mild;  // its season offset is the same in every winter
  settings.campaign.cold_correlation = cold_correlation;
  return settings;
}

struct Sampled {
  std::vector<std::int64_t> nights;
  std::vector<float> outdoor_c;
};

Sampled sample_clock(const TimelineSettings& settings, std::uint64_t replication) {
  static TimelineScratch scratch;
  static std::vector<float> forecast;
  Sampled result;
  const Draw draw(11, replication);
  const auto hours = static_cast<std::size_t>(settings.horizon / kSecondsPerHour);
  scratch.parameters = central_parameters(settings.parameters);
  sample_weather(scratch.parameters.weather, settings.weather, settings.start, hours, draw,
                 scratch.window, result.outdoor_c, forecast);
  sample_wave_clock(settings, draw, result.outdoor_c, scratch);
  for (const TimelineScratch::Wave& wave : scratch.waves) {
    result.nights.push_back(wave.night);
  }
  return result;
}

double daily_mean(const std::vector<float>& outdoor_c, std::int64_t day) {
  double sum = 0.0;
  for (std::size_t hour = 0; hour < 24; ++hour) {
    sum += static_cast<double>(outdoor_c[24 * static_cast<std::size_t>(day) + hour]) / 24.0;
  }
  return sum;
}

/// The clock as it was before there was a correlation.
std::vector<std::int64_t> plain_clock(const StrikePreset& preset, std::uint64_t replication,
                                      double days_horizon) {
  const Draw draw(11, replication);
  const auto u = [&](std::uint32_t k) { return draw.uniform({kWaveClock, Purpose::wave_gap, k}); };
  const double scale = preset.gap_mean_days / preset.gap_shape;
  std::vector<std::int64_t> nights;
  double days = u(0) * gamma_quantile(u(1), preset.gap_shape + 1.0, scale);
  for (std::uint32_t index = 0; days < days_horizon; ++index) {
    nights.push_back(static_cast<std::int64_t>(days));
    days += gamma_quantile(u(index + 2), preset.gap_shape, scale);
  }
  return nights;
}

TEST(WaveClock, NoCorrelationIsThePlainClockToTheBit) {
  const TimelineSettings settings = winter(0.0);
  const StrikePreset preset = central_parameters(settings.parameters).strikes.preset[3];
  for (std::uint64_t replication = 0; replication < 200; ++replication) {
    EXPECT_EQ(sample_clock(settings, replication).nights, plain_clock(preset, replication, kDays));
  }
}

TEST(WaveClock, WeatherThatDoesNotVaryHasNoEffect) {
  TimelineSettings constant = winter(0.8);
  constant.weather.constant = true;
  constant.weather.constant_c = -12.0;
  TimelineSettings file = winter(0.8);
  file.weather.hourly_c.assign(24 * 200, -12.3F);
  for (std::uint64_t replication = 0; replication < 50; ++replication) {
    const auto plain = sample_clock(winter(0.0), replication).nights;
    EXPECT_EQ(sample_clock(constant, replication).nights, plain);
    EXPECT_EQ(sample_clock(file, replication).nights, plain);
  }
}

struct Effect {
  double waves = 0.0, waves_error = 0.0, waves_sd = 0.0;
  double cold = 0.0, cold_error = 0.0;  ///< mean of the days of waves, standard deviations
  double gap_cv = 0.0;
};

Effect effect_of(double correlation, std::size_t winters) {
  const TimelineSettings settings = winter(correlation);
  const ParameterSet parameters = central_parameters(settings.parameters);
  const Climate climate(parameters.weather, WeatherPreset::mild);
  const std::int64_t first = day_number(2025, 10, 1);
  double waves = 0.0, waves_squares = 0.0, gaps = 0.0, gap_sum = 0.0, gap_squares = 0.0;
  double cold = 0.0, ratio_squares = 0.0;
  std::vector<std::pair<double, double>> by_winter;
  for (std::size_t each = 0; each < winters; ++each) {
    const Sampled sampled = sample_clock(settings, each);
    double cold_here = 0.0;
    for (std::size_t i = 0; i < sampled.nights.size(); ++i) {
      const std::int64_t day = sampled.nights[i];
      const double usual =
          climate.mean_c(first + day) + parameters.weather.preset[0].season_offset_c;
      cold_here += (usual - daily_mean(sampled.outdoor_c, day)) / parameters.weather.daily_sd_c;
      if (i > 0) {
        const auto gap = static_cast<double>(day - sampled.nights[i - 1]);
        gaps += 1.0;
        gap_sum += gap;
        gap_squares += gap * gap;
      }
    }
    const auto n = static_cast<double>(sampled.nights.size());
    waves += n;
    waves_squares += n * n;
    cold += cold_here;
    by_winter.emplace_back(cold_here, n);
  }
  Effect effect;
  const auto n = static_cast<double>(winters);
  effect.waves = waves / n;
  effect.waves_sd = std::sqrt(waves_squares / n - effect.waves * effect.waves);
  effect.waves_error = effect.waves_sd / std::sqrt(n);
  effect.cold = cold / waves;
  for (const auto& [sum, count] : by_winter) {
    ratio_squares += (sum - effect.cold * count) * (sum - effect.cold * count);
  }
  effect.cold_error = std::sqrt(ratio_squares) / waves;
  const double gap_mean = gap_sum / gaps;
  effect.gap_cv = std::sqrt(gap_squares / gaps - gap_mean * gap_mean) / gap_mean;
  return effect;
}

TEST(WaveClock, CorrelationIsTheColdOfTheDaysOfWavesAndKeepsTheirNumber) {
  double colder = -1.0;
  for (const double correlation : {0.0, 0.25, 0.5, 1.0}) {
    const Effect effect = effect_of(correlation, 1500);
    std::printf(
        "correlation %.2f: mean cold of days of waves %.3f +- %.3f sd, waves a winter %.2f +- %.2f "
        "(28), sd %.2f, cv of gaps %.3f\n",
        correlation, effect.cold, effect.cold_error, effect.waves, effect.waves_error,
        effect.waves_sd, effect.gap_cv);
    EXPECT_NEAR(effect.cold, correlation, 3.5 * effect.cold_error);
    EXPECT_NEAR(effect.waves, kDays / 6.5, 3.5 * effect.waves_error);
    EXPECT_GT(effect.cold, colder + 0.1);
    colder = effect.cold;
  }
}

TEST(WaveClock, AWeatherFileIsFollowedToo) {
  TimelineSettings settings = winter(0.6);
  const Sampled model = sample_clock(winter(0.0), 5);
  settings.weather.hourly_c = model.outdoor_c;
  settings.start.hour = 7;
  std::vector<double> rate;
  const CivilStart start = settings.start;
  sample_wave_rate({}, settings.weather, start, 0.6, Draw(1, 0), model.outdoor_c, rate);
  ASSERT_EQ(rate.size(), 183U);  // the first and the last are parts of days
  double mean = 0.0;
  for (const double each : rate) {
    mean += each / static_cast<double>(rate.size());
  }
  EXPECT_NEAR(mean, 1.0, 1e-12);
  // exp(0.6 z) up to a factor, z the cold against the 31 days around over its own spread.
  std::vector<double> cold;
  for (std::int64_t day = 0; day < 183; ++day) {
    std::array<double, 2> sum{}, hours{};
    for (std::int64_t hour = 0; hour < 24 * 182; ++hour) {
      const std::int64_t apart = std::abs((hour + 7) / 24 - day);
      for (const std::size_t which : {0U, 1U}) {
        const bool counts = which == 0 ? apart == 0 : apart <= 15;
        sum[which] +=
            counts ? static_cast<double>(model.outdoor_c[static_cast<std::size_t>(hour)]) : 0.0;
        hours[which] += counts ? 1.0 : 0.0;
      }
    }
    cold.push_back(sum[1] / hours[1] - sum[0] / hours[0]);
  }
  double centre = 0.0;
  double squares = 0.0;
  for (const double each : cold) {
    centre += each / 183.0;
    squares += each * each / 183.0;
  }
  const double sd = std::sqrt(squares - centre * centre);
  for (std::size_t day = 1; day < rate.size(); ++day) {
    EXPECT_NEAR(std::log(rate[day] / rate[0]), 0.6 * (cold[day] - cold[0]) / sd, 1e-9) << day;
  }
  // A clock with that rate has its waves on a day in proportion to it.
  std::vector<double> waves(rate.size(), 0.0);
  constexpr std::size_t kWinters = 3000;
  double count = 0.0;
  for (std::size_t each = 0; each < kWinters; ++each) {
    for (const std::int64_t night : sample_clock(settings, each).nights) {
      waves[static_cast<std::size_t>(night)] += 1.0;
      count += 1.0;
    }
  }
  double of_fast = 0.0;
  double expected = 0.0;
  double days = 0.0;
  for (std::size_t day = 1; day + 1 < rate.size(); ++day) {
    if (rate[day] > 1.5) {
      of_fast += waves[day] / kWinters;
      expected += rate[day] / 6.5;
      days += 1.0;
    }
  }
  ASSERT_GT(days, 10.0);
  EXPECT_NEAR(of_fast / expected, 1.0, 0.03);
  EXPECT_NEAR(count / kWinters, kDays / 6.5, 0.25);  // the ends are parts of days
}

TEST(WaveClock, ALongerHorizonOnlyAddsWavesAlsoWithCold) {
  TimelineSettings shorter = winter(0.7);
  shorter.horizon = 60 * kSecondsPerDay;
  for (std::uint64_t replication = 0; replication < 50; ++replication) {
    const auto all = sample_clock(winter(0.7), replication).nights;
    const auto part = sample_clock(shorter, replication).nights;
    ASSERT_LE(part.size(), all.size());
    EXPECT_TRUE(std::equal(part.begin(), part.end(), all.begin()));
  }
}

/// Looking back from t = 0 the process is the same: the last wave before is as long ago as the
/// first is ahead, and the gaps before it have the same mean.
TEST(WaveClock, IsStationaryBeforeTheStart) {
  const StrikePreset preset = central_parameters(load_default_parameters()).strikes.preset[3];
  double last = 0.0;
  double gaps = 0.0;
  constexpr std::size_t kWinters = 4000;
  for (std::size_t each = 0; each < kWinters; ++each) {
    const Draw draw(3, each);
    WavesBefore before(preset, draw);
    const double first = before.next();
    last += first / kWinters;
    double at = first;
    for (int i = 0; i < 5; ++i) {
      at = before.next();
    }
    gaps += (at - first) / 5.0 / kWinters;
  }
  EXPECT_NEAR(last, 6.5 * (1.0 + 1.0 / 6.6) / 2.0, 0.15);
  EXPECT_NEAR(gaps, 6.5, 3.5 * 6.5 / std::sqrt(6.6 * 5.0 * kWinters));
}

}  // namespace
}  // namespace wintergrid::random
