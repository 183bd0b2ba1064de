// The campaign with central parameters against the published aggregates that it was set from
// ("Massive Missile Attacks on Ukraine", from Ukrainian Air Force reports), and the calibrated
// link.

#include <cmath>
#include <cstdio>
#include <vector>

#include <gtest/gtest.h>

#include "engine/random/campaign.hpp"
#include "tests/engine/random/world.hpp"

namespace wintergrid::random {
namespace {

using test::fixed_settings;
using test::make_world;

constexpr double kDaysPerMonth = 30.4;

CampaignCounts simulate(const TimelineSettings& settings, const test::World& world,
                        std::size_t replications) {
  const TimelineSampler sampler(settings, world.components, world.zones);
  TimelineScratch scratch;
  Timeline timeline;
  CampaignCounts counts;
  for (std::size_t replication = 0; replication < replications; ++replication) {
    const Draw draw(2026, replication);
    sampler.sample(draw, draw, scratch, timeline, &counts);
  }
  return counts;
}

struct Published {
  CampaignPreset preset;
  double waves_per_month, missiles_median, drones_median, drone, cruise;
};

class Winter : public ::testing::TestWithParam<Published> {};

TEST_P(Winter, ReproducesThePublishedAggregates) {
  const Published& published = GetParam();
  TimelineSettings settings = fixed_settings(182.0);
  settings.campaign.preset = published.preset;
  const test::World world = make_world(1);
  constexpr std::size_t kWinters = 400;
  const CampaignCounts counts = simulate(settings, world, kWinters);
  const double months = kWinters * 182.0 / kDaysPerMonth;
  const StrikePreset preset = central_parameters(settings.parameters)
                                  .strikes.preset[static_cast<std::size_t>(published.preset)];

  // Waves: rounding of the published rate (one digit) and, of a renewal process, sqrt(n / shape).
  const double expected_waves = published.waves_per_month * months;
  EXPECT_NEAR(static_cast<double>(counts.waves), expected_waves,
              3.0 * std::sqrt(expected_waves / preset.gap_shape) + 0.05 * months);
  // Lognormal means follow from the published medians and spreads.
  const auto waves = static_cast<double>(counts.waves);
  const auto missiles =
      static_cast<double>(counts.national[1] + counts.national[2] + counts.national[3]);
  const auto lognormal_check = [waves](double total, double median, double log_sd,
                                       const char* what) {
    const double mean = median * std::exp(0.5 * log_sd * log_sd);
    const double sd = mean * std::sqrt(std::exp(log_sd * log_sd) - 1.0);
    EXPECT_NEAR(total / waves, mean, 3.5 * sd / std::sqrt(waves) + 0.03 * mean) << what;
  };
  lognormal_check(missiles, published.missiles_median, preset.missiles_log_sd, "missiles");
  lognormal_check(static_cast<double>(counts.national[0]), published.drones_median,
                  preset.drones_log_sd, "drones");
  // Neutralised shares; interceptors in stock bind in the tail only, so a little less than
  // published.
  const auto share = [&counts](std::size_t weapon) {
    return static_cast<double>(counts.neutralised[weapon]) /
           static_cast<double>(counts.launched[weapon]);
  };
  const auto standard_error = [&counts](std::size_t weapon, double p) {
    return std::sqrt(p * (1.0 - p) / static_cast<double>(counts.launched[weapon]));
  };
  EXPECT_NEAR(share(0), published.drone, 3.0 * standard_error(0, published.drone) + 0.01);
  EXPECT_NEAR(share(1), published.cruise, 3.0 * standard_error(1, published.cruise) + 0.01);
}

INSTANTIATE_TEST_SUITE_P(
    Presets, Winter,
    ::testing::Values(Published{CampaignPreset::winter_2022_23, 2.3, 62, 4, 0.93, 0.79},
                      Published{CampaignPreset::winter_2023_24, 1.8, 35, 20, 0.88, 0.86},
                      Published{CampaignPreset::winter_2024_25, 1.2, 64, 106, 0.97, 0.84},
                      Published{CampaignPreset::winter_2025_26, 4.7, 34, 440, 0.91, 0.77}));

/// Winter 2025/26, whole nation: 24 average regions. Published: 19 locations per massive wave
/// (p10-p90 13-28), 11 per routine night (6-16); 176 drones a day. The assumed chance and share of
/// a region add up to 24 * 0.25 * 0.20 = 1.2 waves per wave, so locations are counted per wave
/// sent.
TEST(Campaign, NationalLocationsAndDrones) {
  const TimelineSettings settings = fixed_settings(182.0);
  const test::World world = make_world(24, 1, 1);
  constexpr std::size_t kWinters = 60;
  const CampaignCounts counts = simulate(settings, world, kWinters);
  const double waves_sent = static_cast<double>(counts.waves) *
                            static_cast<double>(counts.launched[0]) /
                            static_cast<double>(counts.national[0]);
  EXPECT_NEAR(waves_sent / static_cast<double>(counts.waves), 1.2, 0.05);
  const double per_wave = static_cast<double>(counts.wave_locations) / waves_sent;
  const double nights = kWinters * 182.0 - static_cast<double>(counts.waves);
  const double per_night = static_cast<double>(counts.routine_locations) / nights;
  const double drones_per_day =
      static_cast<double>(counts.national[0] + counts.routine_national) / (kWinters * 182.0);
  std::printf(
      "locations per massive wave %.1f (published median 19), per routine night %.1f (11), drones "
      "a day %.0f (176)\n",
      per_wave, per_night, drones_per_day);
  EXPECT_NEAR(per_wave, 19.0, 2.5);
  EXPECT_NEAR(per_night, 11.0, 1.5);
  EXPECT_NEAR(drones_per_day, 176.0, 6.0);
}

/// Gaps of the wave clock: mean and coefficient of variation, read from hits' national clock
/// through the scratch.
TEST(Campaign, GapsAreGamma) {
  const TimelineSettings settings = fixed_settings(182.0);
  const test::World world = make_world(1, 1, 1);
  const TimelineSampler sampler(settings, world.components, world.zones);
  TimelineScratch scratch;
  Timeline timeline;
  double sum = 0.0;
  double squares = 0.0;
  double count = 0.0;
  double first = 0.0;
  constexpr std::size_t kWinters = 400;
  for (std::size_t winter = 0; winter < kWinters; ++winter) {
    const Draw draw(5, winter);
    sampler.sample(draw, draw, scratch, timeline);
    ASSERT_FALSE(scratch.waves.empty());
    first += static_cast<double>(scratch.waves[0].night) + 0.5;
    // A fixed number of gaps, so that long ones are not cut off by the end of the horizon.
    for (std::size_t wave = 1; wave < std::min<std::size_t>(scratch.waves.size(), 16); ++wave) {
      const auto gap =
          static_cast<double>(scratch.waves[wave].night - scratch.waves[wave - 1].night);
      sum += gap;
      squares += gap * gap;
      count += 1.0;
    }
  }
  const double mean = sum / count;
  const double cv = std::sqrt(squares / count - mean * mean) / mean;
  EXPECT_NEAR(mean, 6.5, 0.1);
  // Published: mean 6.4 d, cv 0.39. Counted in whole nights: variance grows by 1/6 of a day
  // squared.
  EXPECT_NEAR(cv, std::sqrt(1.0 / 6.6 + 1.0 / 6.0 / 6.5 / 6.5), 0.012);
  // Stationary at t = 0: the mean wait is mean (1 + cv^2) / 2.
  EXPECT_NEAR(first / kWinters, 6.5 * (1.0 + 1.0 / 6.6) / 2.0, 0.35);
}

/// The one calibrated link: 6 objects struck per oblast and month in winter 2025/26, with
/// everything on (interceptors, re-strikes, double taps) and parameters central or drawn: within
/// the sampling error of the winters simulated.
TEST(Campaign, ObjectsStruckPerOblastMonth) {
  const test::World world = make_world(1, 5, 8);
  constexpr std::size_t kWinters = 1000;
  for (const bool sampled : {false, true}) {
    TimelineSettings settings = fixed_settings(91.2);
    settings.sample_parameters = sampled;
    const TimelineSampler sampler(settings, world.components, world.zones);
    TimelineScratch scratch;
    Timeline timeline;
    double sum = 0.0;
    double squares = 0.0;
    double damaging = 0.0;
    for (std::size_t winter = 0; winter < kWinters; ++winter) {
      CampaignCounts counts;
      const Draw draw(2026, winter);
      sampler.sample(draw, draw, scratch, timeline, &counts);
      const double per_month = static_cast<double>(counts.object_strikes) / 3.0;
      sum += per_month / kWinters;
      squares += per_month * per_month / kWinters;
      damaging += static_cast<double>(counts.damaging_hits) / 3.0 / kWinters;
      EXPECT_EQ(counts.lost_locations, 0);
    }
    const double sd = std::sqrt(squares - sum * sum);
    const double error = sd / std::sqrt(static_cast<double>(kWinters));
    std::printf(
        "objects struck per oblast-month, %s parameters: %.2f +- %.2f (target 6), sd between "
        "winters %.1f; damaging hits %.2f\n",
        sampled ? "drawn" : "central", sum, error, sd, damaging);
    EXPECT_NEAR(sum, 6.0, 3.0 * error);
    EXPECT_LT(error, sampled ? 0.3 : 0.1);
  }
}

/// Of all strikes on objects, restrike_probability go to one of the last 14 days whenever there is
/// one.
TEST(Campaign, RestrikeRate) {
  const test::World world = make_world(1, 5, 8);
  const CampaignCounts counts = simulate(fixed_settings(182.0), world, 300);
  const double rate =
      static_cast<double>(counts.restrikes) / static_cast<double>(counts.object_strikes);
  std::printf("re-strikes: %.3f of strikes on objects\n", rate);
  EXPECT_GT(rate, 0.29);
  EXPECT_LT(rate, 0.35);  // below the parameter: at first, and after two quiet weeks, there is
                          // nothing to strike again
  const double taps =
      static_cast<double>(counts.double_taps) / static_cast<double>(counts.object_strikes);
  EXPECT_NEAR(taps, 0.05, 0.005);
}

/// Classes follow the published shares where the scenario has them all.
TEST(Campaign, SharesOfClasses) {
  TimelineSettings settings = fixed_settings(182.0);
  test::set_parameter(settings, "strikes.restrike_probability", 0.0);
  test::set_parameter(settings, "strikes.double_tap_probability", 0.0);
  test::set_parameter(settings, "damage.probability.none.drone", 1.0);
  test::set_parameter(settings, "damage.probability.none.missile", 1.0);
  const test::World world = make_world(1, 2, 4);
  const TimelineSampler sampler(settings, world.components, world.zones);
  std::array<double, kStrikeGroupCount> group{};
  double total = 0.0;
  double big = 0.0;
  for (std::size_t winter = 0; winter < 500; ++winter) {
    for (const Hit& hit : test::sample(sampler, winter).hits) {
      const AssetClass which = world.components.asset_class[hit.component.index()];
      group[static_cast<std::size_t>(strike_group_of(which))] += 1.0;
      big += world.components.size[hit.component.index()] == 4.0F ? 1.0 : 0.0;
      total += 1.0;
    }
  }
  const auto near = [total](double count, double share, const char* what) {
    EXPECT_NEAR(count / total, share, 3.5 * std::sqrt(share * (1.0 - share) / total)) << what;
  };
  const auto of = [&group](StrikeGroup which) { return group[static_cast<std::size_t>(which)]; };
  near(of(StrikeGroup::substation_330), 0.72 * 0.35 / 1.03, "330 kV");
  near(of(StrikeGroup::substation_110), 0.72 * 0.45 / 1.03, "110 kV");
  near(of(StrikeGroup::line), 0.72 * 0.20 / 1.03, "lines");
  near(of(StrikeGroup::thermal), 0.18 / 1.03, "thermal plants and CHPs");
  near(of(StrikeGroup::hydro), 0.05 / 1.03, "hydro");
  near(of(StrikeGroup::boiler_house) + of(StrikeGroup::heat_main), 0.05 / 1.03, "heat");
  near(of(StrikeGroup::water_works) + of(StrikeGroup::pump_station) + of(StrikeGroup::water_main),
       0.03 / 1.03, "water");
  EXPECT_EQ(of(StrikeGroup::other_plant), 0.0);
  near(big, 0.4, "size 4 of 1 + 2 + 3 + 4");  // weighted by size, nothing else
}

}  // namespace
}  // namespace wintergrid::random
