// The national deficit rises with every massive wave and recovers; its mean is the scenario's.

#include "engine/random/national_deficit.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include <gtest/gtest.h>

#include "engine/random/weather.hpp"
#include "tests/engine/random/world.hpp"

namespace wintergrid::random {
namespace {

using test::fixed_settings;
using test::make_world;
using test::set_parameter;

constexpr double kMean = 0.65;
constexpr double kRise = 0.8;
constexpr double kRecovery = 4.0;
constexpr double kGap = 6.5;
/// The share of imports long after the last wave.
constexpr double kUndisturbed = kMean + (1.0 - kMean) * kRise * kRecovery / kGap;

TimelineSettings settings_of(double sd = 0.0) {
  TimelineSettings settings = fixed_settings(120.0);
  settings.import.mean = kMean;
  settings.import.sd = sd;
  return settings;
}

struct Winter {
  std::vector<float> factor;
  std::vector<Seconds> waves;
};

Winter sample_winter(const TimelineSettings& settings, std::uint64_t replication,
                     std::size_t regions = 1) {
  const test::World world = make_world(regions, 1, 1);
  const TimelineSampler sampler(settings, world.components, world.zones);
  TimelineScratch scratch;
  Timeline timeline;
  const Draw draw(8, replication);
  sampler.sample(draw, draw, scratch, timeline);
  Winter winter{timeline.import_factor, {}};
  for (const TimelineScratch::Wave& wave : scratch.waves) {
    winter.waves.push_back(wave.start);
  }
  return winter;
}

/// Total size of the waves that begin in the hour before `hour`, each as it is left then.
double jump(const Winter& winter, std::size_t hour, double size = 1.0) {
  double sum = 0.0;
  for (const Seconds start : winter.waves) {
    const Seconds age = static_cast<Seconds>(hour) * kSecondsPerHour - start;
    if (age >= 0 && age < kSecondsPerHour) {
      sum += size * std::exp(-static_cast<double>(age) / kSecondsPerDay / kRecovery);
    }
  }
  return (1.0 - kMean) * kRise * sum;
}

TEST(NationalDeficit, RisesWithAWaveAndRecovers) {
  const double hour_left = std::exp(-1.0 / 24.0 / kRecovery);
  std::size_t dips = 0;
  for (std::uint64_t replication = 0; replication < 5; ++replication) {
    const Winter winter = sample_winter(settings_of(), replication);
    for (std::size_t hour = 1; hour < winter.factor.size(); ++hour) {
      const double before = kUndisturbed - static_cast<double>(winter.factor[hour - 1]);
      const double now = kUndisturbed - static_cast<double>(winter.factor[hour]);
      const double risen = jump(winter, hour);
      EXPECT_NEAR(now, before * hour_left + risen, 1e-6) << hour;
      dips += risen > 0.25 ? 1U : 0U;  // 0.28, less what has recovered within the hour
    }
  }
  EXPECT_GT(dips, 60U);
}

TEST(NationalDeficit, KeepsTheMeanFromTheFirstHourToTheLast) {
  for (const bool sampled : {false, true}) {
    TimelineSettings settings = settings_of(0.05);
    settings.sample_parameters = sampled;
    const test::World world = make_world(1, 1, 1);
    const TimelineSampler sampler(settings, world.components, world.zones);
    TimelineScratch scratch;
    Timeline timeline;
    constexpr std::size_t kWinters = 1500;
    double sum = 0.0, squares = 0.0, first_day = 0.0, last_day = 0.0;
    for (std::uint64_t replication = 0; replication < kWinters; ++replication) {
      const Draw draw(9, replication);
      sampler.sample(draw, draw, scratch, timeline);
      double mean = 0.0;
      for (const float factor : timeline.import_factor) {
        mean += static_cast<double>(factor) / static_cast<double>(timeline.import_factor.size());
      }
      sum += mean / kWinters;
      squares += mean * mean / kWinters;
      first_day += static_cast<double>(timeline.import_factor[12]) / kWinters;
      last_day += static_cast<double>(timeline.import_factor.end()[-12]) / kWinters;
    }
    const double error = std::sqrt((squares - sum * sum) / kWinters);
    std::printf("mean share of imports %.4f +- %.4f (0.65), first day %.3f, last day %.3f\n", sum,
                error, first_day, last_day);
    // The cut at 0 and the spread of gaps between parameter draws: below 0.002.
    EXPECT_NEAR(sum, kMean, 3.5 * error + 0.002);
    EXPECT_NEAR(first_day, kMean, 0.015);
    EXPECT_NEAR(last_day, kMean, 0.015);
  }
}

/// Looking back over twelve times an endless recovery would never end.
TEST(NationalDeficit, WavesOfAllTimesAreAConstant) {
  TimelineSettings settings = settings_of();
  set_parameter(settings, "outage.wave_deficit_recovery_days", 1e5);
  for (const float factor : sample_winter(settings, 1).factor) {
    EXPECT_NEAR(factor, kMean, 0.01);
  }
}

TEST(NationalDeficit, NothingMovesItWhereNothingShould) {
  const std::size_t hours = 120 * 24;
  std::vector<float> plain;
  sample_import_factor({kMean, 0.1, {}}, 0.85, {}, hours, Draw(8, 3), plain);
  TimelineSettings settings = settings_of(0.1);
  EXPECT_NE(sample_winter(settings, 3).factor, plain);
  TimelineSettings none = settings;
  none.campaign.active = false;
  EXPECT_EQ(sample_winter(none, 3).factor, plain);
  TimelineSettings off = settings;
  set_parameter(off, "outage.wave_deficit_rise", 0.0);
  EXPECT_EQ(sample_winter(off, 3).factor, plain);

  TimelineSettings schedule = settings;
  schedule.import.schedule = {{0, 0.5}, {48 * kSecondsPerHour, 0.9}};
  const std::vector<float> given = sample_winter(schedule, 3).factor;
  EXPECT_EQ(given[47], 0.5F);
  EXPECT_TRUE(std::all_of(given.begin() + 48, given.end(), [](float f) { return f == 0.9F; }));

  TimelineSettings plenty = settings;  // no deficit: none to rise
  plenty.import = {1.0, 0.0, {}};
  EXPECT_EQ(sample_winter(plenty, 3).factor, std::vector<float>(hours, 1.0F));
}

TEST(NationalDeficit, WavesAreAtMostAllOfIt) {
  TimelineSettings settings = settings_of();
  set_parameter(settings, "outage.wave_deficit_rise", 1.2);
  set_parameter(settings, "outage.wave_deficit_recovery_days", 10.0);
  double sum = 0.0;
  for (std::uint64_t replication = 0; replication < 200; ++replication) {
    for (const float factor : sample_winter(settings, replication).factor) {
      EXPECT_LE(factor, 1.0F);
      sum += static_cast<double>(factor);
    }
  }
  EXPECT_NEAR(sum / 200.0 / (120.0 * 24.0), kMean, 0.01);
}

TEST(NationalDeficit, APauseOfAllRegionsWithholdsItAndCarriesItOver) {
  TimelineSettings settings = settings_of();
  PauseSpec pause;
  pause.from = 30 * kSecondsPerDay;
  pause.to = 60 * kSecondsPerDay;
  pause.compliance = 0.5;
  pause.carry_over = 0.6;
  settings.campaign.pauses = {pause};
  const double hour_left = std::exp(-1.0 / 24.0 / kRecovery);
  const Winter winter = sample_winter(settings, 1);
  double stored = 0.0;
  std::size_t within = 0;
  std::size_t afterwards = 0;
  for (std::size_t hour = 1; hour < winter.factor.size(); ++hour) {
    const double expected =
        (kUndisturbed - static_cast<double>(winter.factor[hour - 1])) * hour_left;
    const double risen = kUndisturbed - static_cast<double>(winter.factor[hour]) - expected;
    const double whole = jump(winter, hour);
    const auto now = static_cast<Seconds>(hour) * kSecondsPerHour;
    if (whole == 0.0 || now < pause.from) {
      EXPECT_NEAR(risen, whole, 1e-6);
    } else if (now < pause.to) {
      EXPECT_NEAR(risen, 0.5 * whole, 1e-6);
      stored += 0.5 * 0.6;
      ++within;
    } else {
      EXPECT_NEAR(risen, (1.0 + stored) * whole, 1e-6);
      stored = 0.0;
      ++afterwards;
    }
  }
  EXPECT_GE(within, 2U);
  EXPECT_GE(afterwards, 2U);

  // Elsewhere strikes go on: neither a pause of one of two regions nor one of zones counts, nor
  // one of drones.
  TimelineSettings open = settings_of();
  const std::vector<float> without = sample_winter(open, 1, 2).factor;
  for (int kind = 0; kind < 3; ++kind) {
    TimelineSettings partial = settings;
    PauseSpec& changed = partial.campaign.pauses[0];
    if (kind == 0) {
      changed.regions = {1};
    } else if (kind == 1) {
      changed.zones = {1, 1};
    } else {
      changed.weapons = {true, false, false, false};
    }
    EXPECT_EQ(sample_winter(partial, 1, 2).factor, without) << kind;
  }
  TimelineSettings both = settings;
  both.campaign.pauses[0].regions = {0, 1};
  EXPECT_EQ(sample_winter(both, 1, 2).factor, sample_winter(settings, 1, 2).factor);
}

}  // namespace
}  // namespace wintergrid::random
