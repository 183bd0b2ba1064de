// Needs of sets: cases derived by hand, and properties.

#include "engine/generators/needs.hpp"

#include <algorithm>

#include <gtest/gtest.h>
// gtest first
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "engine/scenario/compile.hpp"
#include "tests/engine/generators/systems.hpp"

namespace wintergrid::generators {
namespace {

using testing::System;

constexpr std::int64_t kHour = 3600;
constexpr std::size_t kNoSet = 0, kFailed = 1, kFuel = 2, kStarting = 3;

const GroupNeeds& group(const Needs& needs, Scope scope, std::uint32_t index, std::size_t c) {
  const auto found =
      std::find_if(needs.groups.begin(), needs.groups.end(), [&](const GroupNeeds& item) {
        return item.group.scope == scope && item.group.index == index && item.group.set_class == c;
      });
  EXPECT_NE(found, needs.groups.end());
  return *found;
}

Needs summary_of(System& system, const std::vector<WinterNeeds>& winters, double level = 0.8) {
  std::vector<std::uint64_t> replication(winters.size());
  for (std::size_t w = 0; w < winters.size(); ++w) {
    replication[w] = w;
  }
  return summarise_needs(system.which->model, system.facilities, system.winters->grouping(),
                         winters, replication, 1, level);
}

TEST(Rating, RunningLoadAndTheStartOfTheLargestMotorWithTenPerCent) {
  // direct: 40 - 20 + 3 x 20 = 80; soft start: 40 - 20 + 1.5 x 20 = 50
  EXPECT_DOUBLE_EQ(scenario::required_set_kw(40, 20, false), 88.0);
  EXPECT_DOUBLE_EQ(scenario::required_set_kw(40, 20, true), 55.0);
  EXPECT_DOUBLE_EQ(scenario::required_set_kw(6, 0, false), 6.6);
}

TEST(Quantile, IsTheOrderStatisticOfAnEstimate) {
  std::vector<double> values;
  for (int i = 0; i < 100; ++i) {
    values.push_back(static_cast<double>((i * 37) % 100));  // 0 to 99, shuffled
  }
  EXPECT_DOUBLE_EQ(montecarlo::quantile(values, 0.80).value, 79.0);
  const montecarlo::Estimate estimate = montecarlo::estimate(values, 1);
  const montecarlo::Quantile p95 = montecarlo::quantile(values, 0.95);
  EXPECT_DOUBLE_EQ(p95.value, estimate.p95);
  EXPECT_DOUBLE_EQ(p95.low, estimate.p95_low);
  EXPECT_DOUBLE_EQ(p95.high, estimate.p95_high);
}

// The east loses all substations at 10:30 of the first of four days: 85.5 h. Its boiler house (60
// kW with a soft-started motor of 20 kW: 60 - 20 + 30 = 70, with 10 % 77 kW) has no set. Litres an
// hour: 0.035 x 77 + 0.25 x 60 = 17.695.
TEST(Needs, OneBoilerHouseInTheDarkIsAsDerivedByHand) {
  scenario::Scenario scenario = testing::quiet_town();
  testing::strike_on_the_east(scenario, 10.5);
  System system(scenario);
  const WinterNeeds winter = system.needs();
  EXPECT_EQ(winter.facility_seconds[kNoSet][testing::kBoilersEast], 85 * kHour + kHour / 2);
  EXPECT_EQ(winter.facility_seconds[kNoSet][testing::kWorks], 0);

  const Needs needs = summary_of(system, {winter});
  const std::size_t c = system.facilities.set_class[testing::kBoilersEast];
  ASSERT_EQ(c, 2U);  // 30-100 kW
  const std::uint32_t east = 1;
  for (const GroupNeeds* item :
       {&group(needs, Scope::all, 0, c), &group(needs, Scope::all, 0, kAllClasses),
        &group(needs, Scope::zone, east, c),
        &group(needs, Scope::kind, static_cast<std::uint32_t>(power::FacilityKind::boiler_house),
               kAllClasses)}) {
    EXPECT_EQ(item->group.without_set, 1U + (item->group.facilities == 5 ? 1U : 0U));
    for (std::size_t level = 0; level < kLevelCount; ++level) {
      EXPECT_DOUBLE_EQ(item->sets_at_once[level].value, 1.0);
      EXPECT_DOUBLE_EQ(item->run_hours[level].value, 85.5);
      EXPECT_NEAR(item->litres[level].value, 85.5 * 17.695, 1e-9);
      EXPECT_DOUBLE_EQ(item->start_failures_at_once[level].value, 0.0);
    }
    EXPECT_EQ(item->prime_rated, 0U);
  }
  EXPECT_DOUBLE_EQ(group(needs, Scope::kind,
                         static_cast<std::uint32_t>(power::FacilityKind::hospital), kAllClasses)
                       .sets_at_once[0]
                       .value,
                   0.0);
  const auto gap = std::find_if(needs.gaps.begin(), needs.gaps.end(),
                                [c](const UnmetGap& item) { return item.set_class == c; });
  ASSERT_NE(gap, needs.gaps.end());
  EXPECT_EQ(gap->sets, 1U);
  EXPECT_DOUBLE_EQ(gap->no_set_hours.mean, 85.5);
  EXPECT_DOUBLE_EQ(gap->remaining_hours.mean, 0.0);
}

// Ten days without the east: 240 h, more than the 200 h of a standby set.
TEST(Needs, MoreThanTwoHundredHoursAskForAPrimeRating) {
  scenario::Scenario scenario = testing::quiet_town();
  scenario.horizon_days = 10;
  testing::without_bus(scenario, "mill-110");
  System system(scenario);
  const Needs needs = summary_of(system, {system.needs()});
  EXPECT_EQ(group(needs, Scope::all, 0, 2).prime_rated, 1U);
  EXPECT_DOUBLE_EQ(group(needs, Scope::all, 0, 2).share_of_winters_over_200_hours, 1.0);
  EXPECT_EQ(group(needs, Scope::all, 0, 3).prime_rated, 0U);  // the works: on the grid
}

// north-110 is out for four days, and with it hospital, works and pump. Sets that are there are
// not needed again, but said apart when they do not start.
TEST(Needs, OwnSetsAreSubtractedAndStartFailuresSaidApart) {
  scenario::Scenario scenario = testing::quiet_town();
  testing::without_bus(scenario, "north-110");
  testing::set_parameter(scenario, "backup.start_probability", 0.0);
  System system(scenario);
  const WinterNeeds winter = system.needs();
  EXPECT_EQ(winter.facility_seconds[kNoSet][testing::kWorks], 96 * kHour);
  EXPECT_EQ(winter.facility_seconds[kFailed][testing::kHospital], 96 * kHour);
  EXPECT_EQ(winter.facility_seconds[kFailed][testing::kPump], 96 * kHour);
  EXPECT_EQ(winter.facility_seconds[kNoSet][testing::kHospital], 0);
  const Needs needs = summary_of(system, {winter});
  const GroupNeeds& all = group(needs, Scope::all, 0, kAllClasses);
  EXPECT_DOUBLE_EQ(all.sets_at_once[0].value, 1.0);
  EXPECT_DOUBLE_EQ(all.start_failures_at_once[0].value, 2.0);
  EXPECT_DOUBLE_EQ(all.fuel_gaps_at_once[0].value, 0.0);
}

// The pump's set takes load after 15 minutes and has fuel for 24 h; nobody delivers.
TEST(Needs, AnEmptyTankIsAFuelGap) {
  scenario::Scenario scenario = testing::quiet_town();
  testing::without_bus(scenario, "north-110");
  testing::reliable(scenario);
  testing::set_parameter(scenario, "backup.delivery_share", 0.0);
  System system(scenario);
  const WinterNeeds winter = system.needs();
  EXPECT_EQ(winter.facility_seconds[kStarting][testing::kPump], kHour / 4);
  EXPECT_EQ(winter.facility_seconds[kFuel][testing::kPump], 96 * kHour - 24 * kHour - kHour / 4);
  EXPECT_EQ(winter.facility_seconds[kFuel][testing::kHospital], 0);  // fuel for 120 h
  const Needs needs = summary_of(system, {winter});
  EXPECT_DOUBLE_EQ(group(needs, Scope::all, 0, kAllClasses).fuel_gaps_at_once[0].value, 1.0);
}

/// Facilities of random classes, zones and kinds, and what winters with random counts would leave.
RC_GTEST_PROP(NeedsProperty, RiseWithTheLevelAndTheGapFalls, ()) {
  static System system(testing::quiet_town());
  const Facilities& facilities = system.facilities;
  const Grouping& grouping = system.winters->grouping();
  const auto count = *rc::gen::inRange<std::size_t>(1, 40);
  std::vector<WinterNeeds> winters(count);
  for (WinterNeeds& winter : winters) {
    for (std::size_t gap = 0; gap < kGapCount; ++gap) {
      winter.at_once[gap].resize(grouping.groups.size());
      for (std::uint32_t& most : winter.at_once[gap]) {
        most = *rc::gen::inRange<std::uint32_t>(0, 3);
      }
      winter.facility_seconds[gap].resize(facilities.count());
      for (std::int64_t& seconds : winter.facility_seconds[gap]) {
        seconds = *rc::gen::inRange<std::int64_t>(0, 400 * kHour);
      }
    }
    for (std::vector<std::int64_t>& seconds : winter.seconds_at_count) {
      seconds.resize(4);
      for (std::int64_t& value : seconds) {
        value = *rc::gen::inRange<std::int64_t>(0, 100 * kHour);
      }
    }
  }
  const int low = *rc::gen::inRange(50, 99), high = *rc::gen::inRange(low, 100);
  const Needs a = summary_of(system, winters, low / 100.0);
  const Needs b = summary_of(system, winters, high / 100.0);
  for (std::size_t g = 0; g < a.groups.size(); ++g) {
    const auto risen = [](const Levels& x, const Levels& y) {
      return x[0].value <= x[1].value && x[1].value <= x[2].value && x[3].value <= y[3].value &&
             x[3].low <= x[3].value && x[3].value <= x[3].high;
    };
    RC_ASSERT(risen(a.groups[g].sets_at_once, b.groups[g].sets_at_once));
    RC_ASSERT(risen(a.groups[g].run_hours, b.groups[g].run_hours));
    RC_ASSERT(risen(a.groups[g].litres, b.groups[g].litres));
    RC_ASSERT(a.groups[g].prime_rated <= b.groups[g].prime_rated);
  }
  for (std::size_t c = 0; c < a.gaps.size(); ++c) {
    RC_ASSERT(a.gaps[c].sets <= b.gaps[c].sets);
    RC_ASSERT(b.gaps[c].remaining_hours.mean <= a.gaps[c].remaining_hours.mean);
    RC_ASSERT(a.gaps[c].remaining_hours.mean <= a.gaps[c].no_set_hours.mean);
  }
}

}  // namespace
}  // namespace wintergrid::generators
