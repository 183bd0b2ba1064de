// A campaign preset from a record of attacks: answers by hand, parameters recovered from records
// that our own campaign writes, and wrong files. All rows here are synthetic.

#include "engine/calibrate/campaign_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/random/inversion.hpp"
#include "engine/random/timeline_sampler.hpp"
#include "engine/random/weather.hpp"

namespace wintergrid::calibrate {
namespace {

using random::Weapon;
using testing::HasSubstr;

AttackRecord read(const std::string& text, std::string* problems = nullptr) {
  Diagnostics diagnostics;
  const AttackRecord record = read_attacks({"record.csv", text, 0}, diagnostics);
  if (problems != nullptr) {
    *problems = diagnostics.to_text();
  } else {
    EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  }
  return record;
}

const Estimate& of(const CampaignFit& fit, const std::string& name) {
  const auto found = std::find_if(fit.estimates.begin(), fit.estimates.end(),
                                  [&](const Estimate& each) { return each.parameter == name; });
  EXPECT_NE(found, fit.estimates.end()) << name;
  return *found;
}

// --- names and days -------------------------------------------------------------------------

TEST(AttackRecord, ModelsHaveTheirClasses) {
  const auto weapon = [](const char* model) {
    bool known = false;
    const std::optional<Weapon> result = class_of_model(model, known);
    return result ? std::string(random::to_text(*result)) : known ? "left out" : "unknown";
  };
  EXPECT_EQ(weapon("Shahed-136/131"), "drone");
  EXPECT_EQ(weapon("X-101/X-555 and Kalibr"), "cruise");
  EXPECT_EQ(weapon("Х-101"), "cruise");  // Cyrillic
  EXPECT_EQ(weapon("Kh-55SM"), "cruise");
  EXPECT_EQ(weapon("Iskander-K"), "cruise");
  EXPECT_EQ(weapon("Iskander-M/KN-23"), "ballistic");
  EXPECT_EQ(weapon("C-300/C-400 and Iskander-M"), "ballistic");
  EXPECT_EQ(weapon("X-47 Kinzhal"), "aeroballistic");
  EXPECT_EQ(weapon("X-22/X-32"), "aeroballistic");
  EXPECT_EQ(weapon("3M22 Zircon"), "aeroballistic");
  EXPECT_EQ(weapon("C-300"), "left out");
  EXPECT_EQ(weapon("С-300"), "left out");  // Cyrillic
  EXPECT_EQ(weapon("X-59/X-69"), "left out");
  EXPECT_EQ(weapon("Orlan-10"), "left out");
  EXPECT_EQ(weapon("Flying carpet"), "unknown");
}

TEST(AttackRecord, ANightIsTheDayOnWhichItEnds) {
  const AttackRecord record = read(
      "model,launched,destroyed,time_end,time_start\n"
      "Shahed,10,9,2025-10-05 08:00,2025-10-04 20:00\n"
      "Shahed,10,9,2025-10-05 00:00,2025-10-04 20:00\n"  // ends at midnight
      "Shahed,10,9,2025-10-05,2025-10-05\n"
      "Shahed,10,9,,2025-10-05 20:30:00\n"
      "Shahed,10,9,,2025-10-05T04:00\n");
  const std::int64_t fifth = random::day_number(2025, 10, 5);
  std::vector<std::int64_t> days;
  for (const AttackRow& row : record.rows) {
    days.push_back(row.day - fifth);
  }
  EXPECT_EQ(days, (std::vector<std::int64_t>{0, -1, 0, 1, 0}));
}

TEST(AttackRecord, NeutralisedIsDestroyedAndNotReached) {
  std::string warnings;
  const AttackRecord record = read(
      "time_start;model;launched;destroyed;not_reach_goal;is_shahed;num_hit_location;colour\n"
      "2025-02-01;Shahed;100;60;30;70;5;red\n"
      "2025-09-01;Shahed;100;90;;True;;\n"
      "2025-09-02;Kalibr;10.0;;;;2;\n"
      "2025-09-03;Kalibr;;4;;;;\n"
      "2025-09-04;Kalibr;10;8;4;;;\n"
      "2025-09-05;Orlan-10;1;1;;;;\n2025-09-06;Orlan-10;1;0;;;;\n",
      &warnings);
  ASSERT_EQ(record.rows.size(), 4U);
  EXPECT_EQ(record.rows[0].neutralised, 90);
  EXPECT_EQ(record.rows[0].real, 70);
  EXPECT_EQ(record.rows[0].locations, 5);
  EXPECT_EQ(record.rows[1].neutralised, 90);
  EXPECT_EQ(record.rows[1].real, std::nullopt);
  EXPECT_EQ(record.rows[2].neutralised, std::nullopt);
  EXPECT_EQ(record.rows[2].launched, 10);
  EXPECT_EQ(record.rows[3].neutralised, 10);
  EXPECT_THAT(warnings, HasSubstr("record.csv:5:12: warning: a row of 'Kalibr' has no 'launched'"));
  EXPECT_THAT(warnings, HasSubstr("12 of 10 launched 'Kalibr' were neutralised"));
  ASSERT_EQ(record.left_out.size(), 1U);
  EXPECT_EQ(record.left_out[0].rows, 2U);
  EXPECT_TRUE(record.left_out[0].known);
}

TEST(AttackRecord, SaysAllThatIsWrongAtOnce) {
  std::string problems;
  read("model,launched\nShahed,1\n", &problems);
  EXPECT_THAT(problems, HasSubstr("record.csv:1:1: error: no column 'time_start', 'destroyed'"));
  read("", &problems);
  EXPECT_THAT(problems, HasSubstr("record.csv:1:1: error: the file is empty\n"));
  read("a\n", &problems);
  EXPECT_THAT(problems, HasSubstr("no column 'time_start', 'model', 'launched', 'destroyed'"));
  read(
      "time_start,time_end,model,launched,destroyed\n"
      "2025-13-01,,Shahed,1,1\n"
      "01.02.2025,,Shahed,1,1\n"
      "2025-02-01 25:00,,Shahed,1,1\n"
      ",,Shahed,1,1\n"
      "2025-02-02,2025-02-01,Shahed,1,1\n"
      "2025-02-02 05:00,2025-02-02 04:00,Shahed,1,1\n"
      "2025-02-01,,Shahed,many,1\n"
      "2025-02-01,,Shahed,1.5,-1\n"
      "2025-02-01,,,1,1\n"
      "2025-02-01,,\"Shahed,1,1\n",
      &problems);
  for (const char* expected :
       {":2:1: error: 'time_start' is '2025-13-01' (must be a date)",
        ":3:1: error: 'time_start' is '01.02.2025'", ":4:1: error: 'time_start' is '2025-02-01 25:",
        ":5:1: error: 'time_start' is missing", ":6:12: error: 'time_end' is 2025-02-01, before",
        ":7:18: error: 'time_end' is 2025-02-02 04:00, before",
        ":8:20: error: 'launched' is 'many' (must be a whole number",
        ":9:20: error: 'launched' is '1.5'", ":9:24: error: 'destroyed' is '-1'",
        ":10:1: error: 'model' is missing", "error: the quote that begins here is never closed"}) {
    EXPECT_THAT(problems, HasSubstr(expected));
  }
}

// --- by hand --------------------------------------------------------------------------------

TEST(CampaignFit, SmallRecordByHand) {
  // Four waves on days 3, 9, 15, 21 of October, of 40, 20, 80 and 40 missiles in one or two rows.
  std::string text =
      "time_start,time_end,model,launched,destroyed,not_reach_goal,num_hit_location\n";
  const std::array<int, 4> days{3, 9, 15, 21};
  const std::array<int, 4> cruise{30, 20, 60, 10};
  const std::array<int, 4> kinzhal{10, 0, 20, 30};
  for (std::size_t i = 0; i < 4; ++i) {
    text += fmt::format("2025-10-{:02} 01:00,2025-10-{:02} 05:00,Kalibr,{},{},5,\n", days[i],
                        days[i], cruise[i], cruise[i] / 2);
    text += fmt::format("2025-10-{:02} 01:00,2025-10-{:02} 05:00,X-47 Kinzhal,{},0,0,\n", days[i],
                        days[i], kinzhal[i]);
    text += fmt::format("2025-10-{:02} 22:00,2025-10-{:02} 08:00,Shahed,100,80,10,{}\n",
                        days[i] - 1, days[i], 10 + i);
  }
  text += "2025-10-05 20:00,2025-10-06 04:00,Shahed,50,40,0,7\n";
  text += "2025-10-06 20:00,2025-10-07 04:00,Kalibr,19,0,0,\n";  // no massive wave
  text += "2025-11-20,,Kalibr,99,0,0,\n";                        // outside the period
  Diagnostics diagnostics;
  const CampaignFit fit = fit_campaign(read(text), random::day_number(2025, 10, 1),
                                       random::day_number(2025, 10, 24), diagnostics);
  ASSERT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  EXPECT_EQ(fit.waves, 4U);
  EXPECT_EQ(fit.nights, 20U);
  // Geometric mean of 40, 20, 80, 40; sd of logarithms sqrt(2/3) ln 2; 3.182 = t(0.975, 3).
  EXPECT_NEAR(of(fit, "missiles_median").value, 40.0, 1e-9);
  const double sd = std::sqrt(2.0 / 3.0) * std::log(2.0);
  EXPECT_NEAR(of(fit, "missiles_log_sd").value, sd, 1e-12);
  EXPECT_NEAR(of(fit, "missiles_median").high, 40.0 * std::exp(3.18245 * sd / 2.0), 1e-3);
  EXPECT_NEAR(of(fit, "missiles_log_sd").low, sd * std::sqrt(3.0 / 9.34840), 1e-5);
  EXPECT_NEAR(of(fit, "drones_median").value, 100.0, 1e-9);
  EXPECT_EQ(of(fit, "drones_log_sd").value, 0.0);
  EXPECT_NEAR(of(fit, "routine_drones_mean").value, 50.0 / 20.0, 1e-12);
  // 120 cruise missiles, 60 + 20 neutralised; Wilson's interval of 80 of 120.
  const Estimate& neutralised = of(fit, "neutralised_cruise");
  EXPECT_NEAR(neutralised.value, 80.0 / 120.0, 1e-12);
  EXPECT_NEAR(neutralised.low, 0.578311, 1e-6);
  EXPECT_NEAR(neutralised.high, 0.744683, 1e-6);
  EXPECT_EQ(neutralised.count, 120U);
  EXPECT_NEAR(of(fit, "cruise_weight").value, 120.0 / 180.0, 1e-12);
  EXPECT_NEAR(of(fit, "aeroballistic_weight").value, 60.0 / 180.0, 1e-12);
  EXPECT_EQ(of(fit, "neutralised_aeroballistic").value, 0.0);
  EXPECT_FALSE(of(fit, "neutralised_ballistic").fitted);
  EXPECT_FALSE(of(fit, "real_drone_share").fitted);
  EXPECT_NEAR(of(fit, "neutralised_drone").value, 0.9, 1e-12);
  EXPECT_NEAR(of(fit, "neutralised_drone_routine").value, 0.8, 1e-12);
  // Gaps of exactly six days: as regular as days can tell.
  EXPECT_NEAR(of(fit, "gap_mean_days").value, 6.0, 0.1);
  EXPECT_GT(of(fit, "gap_shape").value, 100.0);
  EXPECT_EQ(fit.gap_days.p50, 6.0);
  EXPECT_EQ(fit.wave_locations.count, 4U);
  EXPECT_NEAR(fit.wave_locations.p50, 11.5, 1e-12);
  EXPECT_EQ(fit.night_locations.count, 1U);
}

TEST(CampaignFit, ARecordOfMissilesAloneSaysNothingOfDrones) {
  std::string text = "time_start,model,launched,destroyed\n";
  for (int wave = 1; wave <= 5; ++wave) {
    text += fmt::format("2025-10-{:02},Kalibr,30,{}\n", 5 * wave, wave % 2 == 0 ? 30 : 29);
  }
  const std::string with_drones = text + "2025-10-03,Shahed,50,40\n";
  const auto fitted = [](const std::string& rows) {
    Diagnostics diagnostics;
    const CampaignFit fit = fit_campaign(read(rows), random::day_number(2025, 10, 1),
                                         random::day_number(2025, 10, 31), diagnostics);
    EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
    return fit;
  };
  const CampaignFit fit = fitted(text);
  EXPECT_FALSE(of(fit, "drones_median").fitted);
  EXPECT_FALSE(of(fit, "drones_log_sd").fitted);
  EXPECT_FALSE(of(fit, "routine_drones_mean").fitted);
  EXPECT_TRUE(of(fitted(with_drones), "drones_median").fitted);  // waves without drones
  // Equal counts have no spread, and none of nothing is at least nothing: to the last bit.
  EXPECT_EQ(of(fit, "missiles_log_sd").value, 0.0);
  EXPECT_EQ(of(fit, "ballistic_weight").low, 0.0);
  EXPECT_EQ(of(fit, "cruise_weight").high, 1.0);
}

TEST(CampaignFit, TooFewWavesAreRefused) {
  Diagnostics diagnostics;
  const std::string text =
      "time_start,model,launched,destroyed\n2025-10-01,Kalibr,30,1\n2025-10-09,Kalibr,30,1\n"
      "2025-10-12,Kalibr,19,1\n2025-10-15,Kalibr,30,1\n";
  fit_campaign(read(text), random::day_number(2025, 10, 1), random::day_number(2025, 10, 31),
               diagnostics);
  EXPECT_THAT(diagnostics.to_text(),
              HasSubstr("record.csv: error: 3 massive waves are too few to fit a campaign"));
}

/// Poisson waves are geometric gaps of days: the likelihood has a closed form to compare with.
TEST(CampaignFit, MeanGapOfManyWavesIsTimeOverWaves) {
  std::vector<std::int64_t> days;
  for (std::int64_t day = 4; day < 1000; day += day % 3 == 0 ? 5 : 10) {
    days.push_back(day);
  }
  Estimate mean, shape;
  fit_gaps(days, 1000, mean, shape);
  const double gap =
      static_cast<double>(days.back() - days.front()) / static_cast<double>(days.size() - 1);
  EXPECT_NEAR(mean.value, gap, 0.01 * gap);
}

// --- parameters recovered -------------------------------------------------------------------

/// A synthetic record: the nation as one region without end of interceptors, in the record's own
/// columns, out of order.
std::string record_of(const random::TimelineSampler& sampler, std::uint64_t seed,
                      std::int64_t first_day) {
  random::TimelineScratch scratch;
  Timeline timeline;
  std::vector<random::NationalAttack> attacks;
  random::CampaignCounts counts;
  counts.attacks = &attacks;
  const random::Draw draw(77, seed);
  sampler.sample(draw, draw, scratch, timeline, &counts);
  std::string text =
      "model,affected region,time_end,launched,not_reach_goal,destroyed,time_start\n";
  constexpr std::array<const char*, 4> kModels{"Shahed-136/131", "X-101/X-555", "Iskander-M/KN-23",
                                               "X-47 Kinzhal"};
  for (const random::NationalAttack& attack : attacks) {
    const random::CivilDay day = random::civil_day(first_day + attack.night);
    const random::CivilDay before = random::civil_day(first_day + attack.night - 1);
    for (std::size_t weapon = 0; weapon < random::kWeaponCount; ++weapon) {
      if (attack.launched[weapon] > 0) {
        text +=
            fmt::format("{},\"a, b\",{:04}-{:02}-{:02} 07:30,{},{},{},{:04}-{:02}-{:02} 21:00\n",
                        kModels[weapon], day.year, day.month, day.day, attack.launched[weapon],
                        attack.neutralised[weapon] / 3,
                        attack.neutralised[weapon] - attack.neutralised[weapon] / 3, before.year,
                        before.month, before.day);
      }
    }
  }
  return text;
}

/// The 95 % intervals of parameters cover what the records were made with in 95 % of winters.
TEST(CampaignFit, RecoversTheParametersOfSyntheticRecords) {
  random::TimelineSettings settings;
  settings.sample_parameters = false;
  settings.start = {2025, 10, 1, 0};
  settings.horizon = 182 * kSecondsPerDay;
  Diagnostics diagnostics;
  const std::string prefix = "strikes.winter_2025_26.";
  const std::vector<std::pair<std::string, double>> given{
      {prefix + "missiles_median", 60.0},  // practically never fewer than 20: see README
      {"strikes.region_attacked_probability", 1.0},
      {"strikes.region_share", 1.0},
      {"strikes.routine_share", 1.0},
      {"strikes.interceptors_drone", 1e6},
      {"strikes.interceptors_cruise", 1e6},
      {"strikes.interceptors_ballistic", 1e6}};
  for (const auto& [name, value] : given) {
    ASSERT_TRUE(random::override_parameter(settings.parameters, name, value, {}, diagnostics));
  }
  ZoneTable zones;
  zones.name = {"nation"};
  zones.x_km = {0.0F};
  zones.y_km = {0.0F};
  zones.region = {0};
  const random::TimelineSampler sampler(settings, ComponentTable{}, zones);
  const std::int64_t first = random::day_number(2025, 10, 1);

  constexpr std::size_t kWinters = 150;
  std::map<std::string, std::size_t> covered;
  std::map<std::string, double> mean, squares;
  for (std::size_t winter = 0; winter < kWinters; ++winter) {
    const AttackRecord record = read(record_of(sampler, winter, first));
    Diagnostics problems;
    const CampaignFit fit = fit_campaign(record, first, first + 181, problems);
    ASSERT_TRUE(problems.ok()) << problems.to_text();
    for (const Estimate& estimate : fit.estimates) {
      const random::ParameterEntry* const entry =
          settings.parameters.find(prefix + estimate.parameter);
      ASSERT_NE(entry, nullptr) << estimate.parameter;
      if (estimate.parameter == "real_drone_share") {
        EXPECT_FALSE(estimate.fitted);
        continue;
      }
      ASSERT_TRUE(estimate.fitted && estimate.bounded) << estimate.parameter;
      covered[estimate.parameter] +=
          estimate.low <= entry->value && entry->value <= estimate.high ? 1U : 0U;
      mean[estimate.parameter] += estimate.value / kWinters;
      squares[estimate.parameter] += estimate.value * estimate.value / kWinters;
    }
  }
  EXPECT_EQ(covered.size(), 16U);
  for (const auto& [name, count] : covered) {
    const double truth = settings.parameters.find(prefix + name)->value;
    const double share = static_cast<double>(count) / kWinters;
    std::printf("%-27s true %7.4g, mean estimate %7.4g, covered %.3f\n", name.c_str(), truth,
                mean[name], share);
    // 3 standard errors of 150 winters at 95 % are 0.054.
    EXPECT_GT(share, 0.95 - 0.054) << name;
    EXPECT_LT(share, 0.95 + 0.054) << name;
    // Maximum likelihood of a shape is too high by about 3 / n of it: 28 waves, 154 nights.
    const double bias = name == "gap_shape"                   ? 0.15
                        : name == "routine_drones_dispersion" ? 0.02
                                                              : 0.005;
    const double error = std::sqrt((squares[name] - mean[name] * mean[name]) / kWinters);
    EXPECT_NEAR(mean[name], truth, 3.0 * error + bias * truth) << name;
  }
}

TEST(CampaignFit, NightsNoMoreSpreadThanPoissonHaveNoEnd) {
  Estimate mean, dispersion;
  fit_nights({10, 11, 9, 10, 12, 8, 10, 10}, mean, dispersion);
  EXPECT_EQ(mean.value, 10.0);
  EXPECT_TRUE(dispersion.fitted);
  EXPECT_FALSE(dispersion.bounded);
  EXPECT_GT(dispersion.value, 1000.0);
  Estimate none, k;
  fit_nights({0, 0, 0}, none, k);
  EXPECT_FALSE(none.fitted);
  EXPECT_FALSE(k.fitted);
}

}  // namespace
}  // namespace wintergrid::calibrate
