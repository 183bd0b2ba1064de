// Fitting the pace of draining: the closed form by hand, recovered from the heat room's own field
// work, what the counts do not tell, and wrong files.

#include "engine/calibrate/drain_fit.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/grid_models/heat/heat_system.hpp"

namespace wintergrid::calibrate {
namespace {

using testing::HasSubstr;

TEST(DrainPace, ByHand) {
  const DrainPace pace{0.1, 6.0, 0.8};
  EXPECT_EQ(drained_until(pace, 1000.0, 0.0), 0.0);
  EXPECT_EQ(drained_until(pace, 1000.0, 6.0 / 24.0), 0.0);
  EXPECT_NEAR(drained_until(pace, 1000.0, 8.0 / 24.0), 200.0, 1e-9);  // two hours at 10 %
  EXPECT_NEAR(drained_until(pace, 1000.0, 14.0 / 24.0), 800.0, 1e-9);
  EXPECT_EQ(drained_until(pace, 1000.0, 3.0), 800.0);
}

/// An outage of a zone as the heat room works it off, counted at the given hours.
std::vector<Count> counted(const heat::Parameters& parameters, double lost_hours, double crews,
                           const std::vector<double>& at_hours) {
  heat::test::OneZone zone(2000);
  zone.parameters = parameters;
  heat::Heat heat(zone.system.model);
  heat::State state;
  heat.reset(zone.parameters, state);
  const heat::test::ScriptedLuck luck;
  heat::Tallies tallies;
  std::vector<Count> counts;
  Seconds now = 0;
  zone.heat_on(false);
  for (const double hour : at_hours) {
    while (now < seconds_from_hours(hour)) {
      zone.heat_on(now >= seconds_from_hours(lost_hours));
      now = heat::test::step(heat, zone.system, zone.parameters, now, -10.0, kSecondsPerHour, luck,
                             state, tallies, crews);
    }
    const auto with_heat =
        now < seconds_from_hours(lost_hours)
            ? 0U
            : heat::test::buildings_in(zone.system.model, state, heat::BlockPhase::connected);
    counts.push_back({hour / 24.0, 2000.0 - static_cast<double>(with_heat),
                      static_cast<double>(tallies.buildings_drained)});
  }
  return counts;
}

heat::Parameters truth() {
  heat::Parameters parameters = heat::test::round_parameters();
  parameters.drain_decision_hours = 5.0;
  parameters.drain_buildings_per_hour_share = 0.12;
  parameters.refill_share_per_day = 0.4;
  parameters.refill_needs_crew_share = 0.3;
  parameters.freeze_hours_at_minus_10 = 1e6;  // nothing freezes before it is drained
  return parameters;
}

const std::vector<double> kHours{0,  3,  6,  8,   10,  12,  18,  24,  36, 48,
                                 60, 72, 96, 120, 144, 168, 192, 216, 240};

TEST(DrainFit, FindsTheParametersOfTheHeatRoom) {
  const std::vector<Count> counts = counted(truth(), 24.0, 60.0, kHours);
  const RecoveryFit recovery = fit_recovery(counts, 15);
  const DrainFit drain = fit_draining(counts, recovery.fitted);
  ASSERT_TRUE(drain.possible);
  EXPECT_EQ(drain.counted, kHours.size());
  EXPECT_EQ(drain.fitted, 15U);
  EXPECT_NEAR(drain.pace.share_per_hour, 0.12, 0.006);
  EXPECT_NEAR(drain.pace.decision_hours, 5.0, 0.3);
  EXPECT_NEAR(drain.pace.largest_share, 1.0, 0.01);
  EXPECT_TRUE(drain.told_share);
  EXPECT_TRUE(drain.told_decision);
  EXPECT_EQ(drain.unseen, 4U);
  EXPECT_EQ(drain.unseen_in_band, 4U);
  EXPECT_LT(drain.unseen_mean_error, 0.01);
  EXPECT_NEAR(recovery.pace.refill_share_per_day, 0.4, 0.03);
  EXPECT_NEAR(recovery.pace.needs_crew_share, 0.3, 0.05);
  EXPECT_NEAR(recovery.pace.repairs_per_day, 60.0, 10.0);
  EXPECT_NEAR(recovery.pace.heat_back_days, 1.0, 0.1);
  EXPECT_TRUE(recovery.told.refill && recovery.told.needs_crew && recovery.told.repairs &&
              recovery.told.heat_back);
  EXPECT_LT(recovery.unseen_mean_error, 0.03);
}

TEST(DrainFit, HeatThatComesBackEndsDraining) {
  const std::vector<Count> counts = counted(truth(), 9.0, 60.0, {0, 4, 6, 7, 8, 9, 10, 24, 48, 72});
  const DrainFit drain = fit_draining(counts, 8);
  ASSERT_TRUE(drain.possible);
  EXPECT_NEAR(drain.pace.share_per_hour, 0.12, 0.01);
  EXPECT_NEAR(drain.pace.largest_share, 0.48, 0.02);  // four hours of 12 %
}

TEST(DrainFit, SaysWhatTheCountsDoNotTell) {
  // When it began is between the loss and the first count, which may be any time.
  std::vector<Count> counts{{0.0, 1000, 0}, {2.0, 900, 900}, {3.0, 800, 900}, {4.0, 700, 900}};
  const DrainFit late = fit_draining(counts, 4);
  ASSERT_TRUE(late.possible);
  EXPECT_FALSE(late.told_share && late.told_decision);
  // Hour by hour both are seen.
  counts = {{0.0, 1000, 0},        {4.0 / 24, 1000, 0},    {6.0 / 24, 1000, 100},
            {8.0 / 24, 1000, 300}, {10.0 / 24, 1000, 500}, {14.0 / 24, 1000, 900},
            {20.0 / 24, 1000, 900}};
  const DrainFit hourly = fit_draining(counts, 7);
  EXPECT_TRUE(hourly.told_share);
  EXPECT_TRUE(hourly.told_decision);
  EXPECT_NEAR(hourly.pace.share_per_hour, 0.1, 0.002);
  EXPECT_NEAR(hourly.pace.decision_hours, 5.0, 0.1);
}

TEST(DrainFit, NeedsThreeCountsOfDrainingAmongTheFitted) {
  const double none = std::nan("");
  const std::vector<Count> counts{{0, 1000, 0},   {1, 900, 100}, {2, 800, none},
                                  {3, 700, none}, {4, 600, 900}, {5, 500, 900}};
  const DrainFit few = fit_draining(counts, 4);
  EXPECT_EQ(few.counted, 4U);
  EXPECT_EQ(few.fitted, 2U);
  EXPECT_FALSE(few.possible);
  EXPECT_TRUE(fit_draining(counts, 5).possible);
  const std::vector<Count> nobody{{0, 1000, 0}, {1, 900, 0}, {2, 800, 0}, {3, 700, 0}};
  EXPECT_FALSE(fit_draining(nobody, 4).possible);
}

std::string problem(const std::string& rows) {
  Diagnostics diagnostics;
  read_counts({"counts.csv", "day,without_heat,drained\n" + rows, 0}, diagnostics);
  return diagnostics.to_text();
}

TEST(DrainCounts, AreReadOrRefused) {
  Diagnostics diagnostics;
  const auto counts = read_counts(
      {"c.csv", "day;drained;without_heat\n0;0;900\n0,25;;900\n1;300;800\n2;300;100\n", 0},
      diagnostics);
  ASSERT_EQ(counts.size(), 4U) << diagnostics.to_text();
  EXPECT_EQ(counts[0].drained, 0.0);
  EXPECT_TRUE(std::isnan(counts[1].drained));
  EXPECT_EQ(counts[1].day, 0.25);
  EXPECT_EQ(counts[2].drained, 300.0);
  EXPECT_THAT(problem("0,900,0\n1,800,300\n2,700,200\n3,1,300\n"),
              HasSubstr("counts.csv:4:7: error: 'drained' is 200 after 300"));
  EXPECT_THAT(problem("0,900,0\n1,800,950\n2,700,950\n3,1,950\n"),
              HasSubstr("counts.csv:3:7: error: 'drained' is 950 of 900 without heat at first"));
  EXPECT_THAT(problem("0,900,0\n1,800,some\n2,700,1\n3,1,1\n"),
              HasSubstr("counts.csv:3:7: error: 'some' is not a number"));
  EXPECT_THAT(problem("0,900,0\n1,800\n2,700,1\n3,1,1\n"), HasSubstr("cells are missing"));
}

}  // namespace
}  // namespace wintergrid::calibrate
