// The sampled national campaign of every winter against its published record, within the sampling
// error of that record: it is one winter, so each of its statistics must lie in the central 99 % of
// the same statistic over simulated winters of the same length, with central parameters.
// Published: own aggregates of "Massive Missile Attacks on Ukraine" (P. Ivaniuk, from Ukrainian Air
// Force reports), October to March; rounding is allowed for.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/random/campaign.hpp"
#include "tests/engine/random/world.hpp"

namespace wintergrid::random {
namespace {

using test::fixed_settings;
using test::make_world;

constexpr double kDays = 182.0;
constexpr double kCentral = 0.99;

/// A published number and half of the last digit that it is given to.
struct Published {
  std::string name;
  double value;
  double rounding;
};

/// Statistics of one winter by name, in order.
using Statistics = std::vector<std::pair<std::string, double>>;

double mean(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) {
    sum += value / static_cast<double>(values.size());
  }
  return sum;
}

double sd(const std::vector<double>& values) {
  const double centre = mean(values);
  double squares = 0.0;
  for (const double value : values) {
    squares += (value - centre) * (value - centre);
  }
  return std::sqrt(squares / (static_cast<double>(values.size()) - 1.0));
}

/// Linear between order statistics.
double quantile(std::vector<double> values, double probability) {
  std::sort(values.begin(), values.end());
  const double at = probability * (static_cast<double>(values.size()) - 1.0);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, values.size() - 1);
  return values[low] + (at - static_cast<double>(low)) * (values[high] - values[low]);
}

void add_quantiles(Statistics& statistics, const std::string& name,
                   const std::vector<double>& values) {
  for (const int percent : {10, 50, 90}) {
    statistics.emplace_back(name + " p" + std::to_string(percent),
                            values.empty() ? std::nan("") : quantile(values, 0.01 * percent));
  }
}

double missiles(const NationalAttack& attack) {
  return static_cast<double>(attack.national[1] + attack.national[2] + attack.national[3]);
}

/// What is launched at the nation.
Statistics launched(const std::vector<NationalAttack>& attacks) {
  std::vector<double> wave_missiles, wave_drones, night_drones, gaps;
  double drones = 0.0;
  std::int64_t last = -1;
  for (const NationalAttack& attack : attacks) {
    const auto here = static_cast<double>(attack.national[0]);
    drones += here;
    if (!attack.massive) {
      night_drones.push_back(here);
      continue;
    }
    wave_missiles.push_back(missiles(attack));
    wave_drones.push_back(here);
    if (last >= 0) {
      gaps.push_back(static_cast<double>(attack.night - last));
    }
    last = attack.night;
  }
  Statistics result;
  result.emplace_back("waves", static_cast<double>(wave_missiles.size()));
  add_quantiles(result, "missiles per wave", wave_missiles);
  add_quantiles(result, "drones per wave", wave_drones);
  add_quantiles(result, "gap days", gaps);
  result.emplace_back("gap days mean", gaps.empty() ? std::nan("") : mean(gaps));
  result.emplace_back("gap days cv", gaps.size() < 2 ? std::nan("") : sd(gaps) / mean(gaps));
  result.emplace_back("drones a day", drones / kDays);
  add_quantiles(result, "drones per routine night", night_drones);
  const double night = mean(night_drones);
  result.emplace_back("drones per routine night mean", night);
  const double excess = sd(night_drones) * sd(night_drones) - night;
  result.emplace_back("drones per routine night k", night * night / excess);
  return result;
}

/// What comes through, summed over the regions: the default chance and share of a region send 1.2
/// waves per wave, so leakers and locations of a wave are counted per wave sent.
Statistics through(const std::vector<NationalAttack>& attacks) {
  std::array<double, kWeaponCount> sent{}, neutralised{};
  double night_sent = 0.0;
  double night_neutralised = 0.0;
  std::vector<double> wave_locations, night_locations, missile_leakers, drone_leakers;
  for (const NationalAttack& attack : attacks) {
    if (!attack.massive) {
      night_sent += static_cast<double>(attack.launched[0]);
      night_neutralised += static_cast<double>(attack.neutralised[0]);
      night_locations.push_back(static_cast<double>(attack.locations));
      continue;
    }
    double missiles_here = 0.0;
    double missiles_through = 0.0;
    for (std::size_t weapon = 0; weapon < kWeaponCount; ++weapon) {
      const auto here = static_cast<double>(attack.launched[weapon]);
      const auto stopped = static_cast<double>(attack.neutralised[weapon]);
      sent[weapon] += here;
      neutralised[weapon] += stopped;
      missiles_here += weapon == 0 ? 0.0 : here;
      missiles_through += weapon == 0 ? 0.0 : here - stopped;
    }
    const double waves =
        static_cast<double>(attack.launched[0]) / static_cast<double>(attack.national[0]);
    if (waves > 0.25) {  // fewer than two regions are too few to stand for the nation
      wave_locations.push_back(static_cast<double>(attack.locations) / waves);
      drone_leakers.push_back(static_cast<double>(attack.launched[0] - attack.neutralised[0]) /
                              waves);
      missile_leakers.push_back(missiles_through * missiles(attack) / missiles_here);
    }
  }
  Statistics result;
  const std::array<const char*, kWeaponCount> names{"drone", "cruise", "ballistic",
                                                    "aeroballistic"};
  for (std::size_t weapon = 0; weapon < kWeaponCount; ++weapon) {
    result.emplace_back(std::string("neutralised ") + names[weapon],
                        neutralised[weapon] / sent[weapon]);
  }
  result.emplace_back("neutralised drone, routine night", night_neutralised / night_sent);
  add_quantiles(result, "missile leakers per wave", missile_leakers);
  add_quantiles(result, "drone leakers per wave", drone_leakers);
  add_quantiles(result, "locations per wave", wave_locations);
  add_quantiles(result, "locations per routine night", night_locations);
  return result;
}

/// Every statistic's values over winters.
struct Ensemble {
  std::vector<std::string> names;
  std::vector<std::vector<double>> values;

  void add(const Statistics& winter) {
    names.resize(winter.size());
    values.resize(winter.size());
    for (std::size_t i = 0; i < winter.size(); ++i) {
      names[i] = winter[i].first;
      if (!std::isnan(winter[i].second)) {
        values[i].push_back(winter[i].second);
      }
    }
  }
  const std::vector<double>& of(const std::string& name) const {
    const auto found = std::find(names.begin(), names.end(), name);
    EXPECT_NE(found, names.end()) << name;
    return values[static_cast<std::size_t>(found - names.begin())];
  }
};

Ensemble simulate(CampaignPreset preset, std::size_t regions, std::size_t winters,
                  Statistics (*statistics)(const std::vector<NationalAttack>&)) {
  TimelineSettings settings = fixed_settings(kDays);
  settings.start = {2025, 10, 1, 0};
  settings.campaign.preset = preset;
  const test::World world = make_world(regions, 1, 1);
  const TimelineSampler sampler(settings, world.components, world.zones);
  TimelineScratch scratch;
  Timeline timeline;
  Ensemble ensemble;
  std::vector<NationalAttack> attacks;
  for (std::size_t winter = 0; winter < winters; ++winter) {
    attacks.clear();
    CampaignCounts counts;
    counts.attacks = &attacks;
    const Draw draw(2026, winter);
    sampler.sample(draw, draw, scratch, timeline, &counts);
    ensemble.add(statistics(attacks));
  }
  return ensemble;
}

/// Chance of a statistic at least as far out as the published one, both sides.
double chance(const std::vector<double>& simulated, const Published& published) {
  double below = 0.0;
  double above = 0.0;
  for (const double value : simulated) {
    below += value <= published.value + published.rounding ? 1.0 : 0.0;
    above += value >= published.value - published.rounding ? 1.0 : 0.0;
  }
  const auto n = static_cast<double>(simulated.size());
  return std::min(1.0, 2.0 * std::min(below, above) / n);
}

/// Names of the published numbers that lie outside the central 99 % of the ensemble.
std::vector<std::string> outside(const Ensemble& ensemble, const std::vector<Published>& published,
                                 bool print) {
  std::vector<std::string> names;
  for (const Published& each : published) {
    const std::vector<double>& simulated = ensemble.of(each.name);
    const double here = chance(simulated, each);
    if (print) {
      std::printf("  %-36s published %7.6g  simulated %7.5g (99 %%: %.4g to %.4g)  p = %.3f%s\n",
                  each.name.c_str(), each.value, quantile(simulated, 0.5),
                  quantile(simulated, 0.005), quantile(simulated, 0.995), here,
                  here < 1.0 - kCentral ? "  OUTSIDE" : "");
    }
    if (here < 1.0 - kCentral) {
      names.push_back(each.name);
    }
  }
  return names;
}

void add_published(std::vector<Published>& all, const std::string& name,
                   const std::array<double, 3>& quantiles) {
  all.push_back({name + " p10", quantiles[0], 0.5});
  all.push_back({name + " p50", quantiles[1], 0.5});
  all.push_back({name + " p90", quantiles[2], 0.5});
}

struct Record {
  CampaignPreset preset;
  double waves;
  std::array<double, 3> missiles, drones, gap_days;
  double drones_a_day, drones_a_day_rounding;
  std::array<double, kWeaponCount> neutralised;  ///< negative: not published
  std::vector<std::string> cannot_meet;          ///< see README
};

std::vector<Published> launched_of(const Record& record) {
  std::vector<Published> all{{"waves", record.waves, 0.0},
                             {"drones a day", record.drones_a_day, record.drones_a_day_rounding}};
  add_published(all, "missiles per wave", record.missiles);
  add_published(all, "drones per wave", record.drones);
  add_published(all, "gap days", record.gap_days);
  if (record.preset == CampaignPreset::winter_2025_26) {
    all.push_back({"gap days mean", 6.4, 0.05});
    all.push_back({"gap days cv", 0.39, 0.005});
    add_published(all, "drones per routine night", {69, 122, 175});
    all.push_back({"drones per routine night mean", 125, 0.5});
    all.push_back({"drones per routine night k", 5.4, 0.05});
  }
  return all;
}

std::vector<Published> through_of(const Record& record) {
  const std::array<const char*, kWeaponCount> names{"drone", "cruise", "ballistic",
                                                    "aeroballistic"};
  std::vector<Published> all;
  for (std::size_t weapon = 0; weapon < kWeaponCount; ++weapon) {
    if (record.neutralised[weapon] >= 0.0) {
      all.push_back(
          {std::string("neutralised ") + names[weapon], record.neutralised[weapon], 0.005});
    }
  }
  if (record.preset == CampaignPreset::winter_2025_26) {
    all.push_back({"neutralised drone, routine night", 0.82, 0.005});
    add_published(all, "missile leakers per wave", {5, 12, 20});
    add_published(all, "drone leakers per wave", {19, 36, 60});
    add_published(all, "locations per wave", {13, 19, 28});
    add_published(all, "locations per routine night", {6, 11, 16});
  }
  return all;
}

const std::vector<Record>& records() {
  static const std::vector<Record> all{
      {CampaignPreset::winter_2022_23,
       14,
       {30, 62, 80},
       {0, 4, 26},
       {6, 12, 16},
       3.5,
       0.05,
       {0.93, 0.79, -1.0, 0.0},
       {}},
      {CampaignPreset::winter_2023_24,
       11,
       {25, 35, 95},
       {0, 20, 60},
       {2, 6, 17},
       14,
       0.5,
       {0.88, 0.86, 0.12, 0.29},
       {"drones per wave p10"}},
      {CampaignPreset::winter_2024_25,
       7,
       {34, 64, 101},
       {84, 106, 193},
       {12, 16, 28},
       93,
       0.5,
       {0.97, 0.84, 0.08, 0.58},
       {}},
      {CampaignPreset::winter_2025_26,
       28,
       {23, 34, 52},
       {296, 440, 640},
       {4, 6, 10},
       176,
       0.5,
       {0.91, 0.77, 0.47, 0.24},
       {}},
  };
  return all;
}

class CampaignRecord : public ::testing::TestWithParam<std::size_t> {};

TEST_P(CampaignRecord, WhatIsLaunched) {
  const Record& record = records()[GetParam()];
  std::printf("%s\n", std::string(to_text(record.preset)).c_str());
  const std::vector<Published> published = launched_of(record);
  const std::vector<std::string> found =
      outside(simulate(record.preset, 1, 1000, launched), published, true);
  EXPECT_THAT(found, ::testing::ElementsAreArray(record.cannot_meet));
  // Another winter's preset is told apart.
  for (const Record& other : records()) {
    if (other.preset != record.preset) {
      EXPECT_GE(outside(simulate(other.preset, 1, 200, launched), published, false).size(), 3U)
          << to_text(other.preset);
    }
  }
}

TEST_P(CampaignRecord, WhatComesThrough) {
  const Record& record = records()[GetParam()];
  std::printf("%s\n", std::string(to_text(record.preset)).c_str());
  EXPECT_THAT(outside(simulate(record.preset, 24, 300, through), through_of(record), true),
              ::testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Winters, CampaignRecord, ::testing::Range<std::size_t>(0, 4));

}  // namespace
}  // namespace wintergrid::random
