// Fitting paces of recovery: the closed form, recovered parameters, what is said about days not
// seen, and wrong files.

#include "engine/calibrate/recovery_fit.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace wintergrid::calibrate {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<Count> counts_of(const RecoveryPace& pace, double drained, int days) {
  std::vector<Count> counts;
  for (int day = 0; day <= days; ++day) {
    counts.push_back({static_cast<double>(day), without_heat(pace, drained, day)});
  }
  return counts;
}

RC_GTEST_PROP(RecoveryPace, ClosedFormEqualsSmallSteps, ()) {
  const RecoveryPace pace{*rc::gen::element(0.0, 0.5), *rc::gen::element(0.1, 0.35, 1.5),
                          *rc::gen::element(0.0, 0.1, 0.6), *rc::gen::element(20.0, 150.0, 900.0)};
  const double drained = 3000.0, until = *rc::gen::element(0.3, 1.0, 4.0, 9.0), step = 1e-4;
  double refilled = 0.0, waiting = 0.0;
  for (double t = pace.heat_back_days; t < until; t += step) {
    const double now = std::min(pace.refill_share_per_day * drained * step, drained - refilled);
    refilled += now;
    waiting = std::max(0.0, waiting + pace.needs_crew_share * now - pace.repairs_per_day * step);
  }
  RC_ASSERT(std::abs(without_heat(pace, drained, until) - (drained - refilled + waiting)) < 1.0);
}

TEST(RecoveryFit, FindsWhatTheCountsWereMadeWith) {
  const RecoveryPace truth{0.0, 0.3, 0.25, 180.0};
  const RecoveryFit fit = fit_recovery(counts_of(truth, 6000.0, 8), 7);
  EXPECT_EQ(fit.fitted, 7U);
  EXPECT_NEAR(fit.pace.refill_share_per_day, 0.3, 0.003);
  EXPECT_NEAR(fit.pace.needs_crew_share, 0.25, 0.02);
  EXPECT_NEAR(fit.pace.repairs_per_day, 180.0, 10.0);
  EXPECT_LT(fit.unseen_mean_error, 0.01);
  EXPECT_EQ(fit.unseen_in_band, 2U);
  EXPECT_GT(fit.unseen_crps, 0.0);
  EXPECT_LT(fit.unseen_crps, 0.01);
}

TEST(RecoveryFit, FindsWhenHeatCameBackFromEnoughCounts) {
  const RecoveryPace truth{1.5, 0.5, 0.1, 400.0};
  const RecoveryFit fit = fit_recovery(counts_of(truth, 4000.0, 8), 9);
  EXPECT_NEAR(fit.pace.heat_back_days, 1.5, 0.1);
  EXPECT_EQ(fit.unseen_mean_error, 0.0);
  EXPECT_EQ(fit_recovery(counts_of(truth, 4000.0, 4), 5).pace.heat_back_days, 0.0);
}

TEST(RecoveryFit, SaysWhatTheCountsDoNotTell) {
  // Until the last count everything is still being refilled: nothing says how fast crews are.
  std::vector<Count> counts;
  for (int i = 0; i <= 5; ++i) {
    counts.push_back({0.1 * i, without_heat({0.0, 0.3, 0.08, 100.0}, 6000.0, 0.1 * i)});
  }
  const RecoveryFit early = fit_recovery(counts, 6);
  EXPECT_FALSE(early.told.repairs);
  EXPECT_LE(early.lowest.repairs_per_day, 0.5 * early.pace.repairs_per_day * (1.0 + 1e-9));
  EXPECT_GE(early.highest.repairs_per_day, 2.0 * early.pace.repairs_per_day * (1.0 - 1e-9));
  EXPECT_EQ(early.told.spare_counts, 2U);
  const RecoveryFit whole = fit_recovery(counts_of({0.0, 0.3, 0.25, 180.0}, 6000.0, 9), 10);
  EXPECT_TRUE(whole.told.refill && whole.told.needs_crew && whole.told.repairs);
  EXPECT_EQ(whole.told.spare_counts, 6U);
  EXPECT_EQ(fit_recovery(counts_of({0.0, 0.3, 0.25, 180.0}, 6000.0, 3), 4).told.spare_counts, 1U);
}

/// A straight line: slow refilling, or fast refilling of buildings that nearly all leak.
TEST(RecoveryFit, WhatItsOwnRangeContradictsIsNotTold) {
  std::vector<Count> counts;
  for (int row = 0; row < 30; ++row) {
    counts.push_back({10.0 * row, 6000.0 - 89.0 * row, std::nan("")});
  }
  const RecoveryFit fit = fit_recovery(counts, 18);
  EXPECT_FALSE(fit.told.refill);
  EXPECT_FALSE(fit.told.needs_crew);
  EXPECT_FALSE(fit.told.repairs) << fit.lowest.repairs_per_day << " to "
                                 << fit.highest.repairs_per_day;
}

TEST(RecoveryFit, ADayUnlikeTheOthersIsAnErrorOutsideTheBand) {
  std::vector<Count> counts = counts_of({0.0, 0.3, 0.1, 200.0}, 6000.0, 6);
  counts.back().without_heat = 3000.0;  // struck again
  const RecoveryFit fit = fit_recovery(counts, 5);
  EXPECT_EQ(fit.unseen_in_band, 1U);
  EXPECT_GT(fit.unseen_mean_error, 0.2);
  EXPECT_GT(fit.unseen_crps, 0.2);
}

TEST(RecoveryFit, UsesAtLeastFourCountsAndAtMostAll) {
  const std::vector<Count> counts = counts_of({0.0, 0.3, 0.1, 200.0}, 6000.0, 6);
  EXPECT_EQ(fit_recovery(counts, 0).fitted, 4U);
  EXPECT_EQ(fit_recovery(counts, 99).fitted, 7U);
}

std::string problem(const std::string& text) {
  Diagnostics diagnostics;
  read_counts({"counts.csv", text, 0}, diagnostics);
  return diagnostics.to_text();
}

TEST(Counts, AreReadOrRefused) {
  Diagnostics diagnostics;
  const auto counts =
      read_counts({"c.csv", "source;day;without_heat\na;0;6000\nb;2,5;1000\nc;3;900\nd;4;800\n", 0},
                  diagnostics);
  ASSERT_EQ(counts.size(), 4U) << diagnostics.to_text();
  EXPECT_EQ(counts[1].day, 2.5);
  EXPECT_THAT(problem("day,count\n0,1\n"),
              HasSubstr("columns 'day' and 'without_heat' are needed"));
  EXPECT_THAT(problem(""), HasSubstr("the file is empty\n   hint: day: days since"));
  EXPECT_THAT(problem("day,without_heat\n0,5\n1,4\n2,3\n"), HasSubstr("3 counts are too few"));
  EXPECT_THAT(problem("day,without_heat\n0,5\n2,4\n1,3\n3,1\n"),
              HasSubstr("counts.csv:4:1: error: day 1 does not come after day 2"));
  EXPECT_THAT(problem("day,without_heat\n0,many\n1,4\n2,3\n3,1\n"),
              HasSubstr("'many' is not a number"));
  EXPECT_THAT(problem("day,without_heat\n0,0\n1,4\n2,3\n3,1\n"), HasSubstr("the first count is 0"));
  EXPECT_THAT(problem("day,without_heat\n0,0.9\n1,0.4\n2,0.3\n3,0.1\n"),
              HasSubstr("the first count is 0.9"));
  EXPECT_THAT(problem("day,without_heat\n0,1e300\n1,4\n2,3\n3,1\n"),
              HasSubstr("'1e300' is not a number from 0 to 1,000,000,000"));
  // One wrong day is one error: the next row is not compared with it.
  EXPECT_THAT(problem("day,without_heat\n0,5\n5,4\nsix,3\n7,1\n"), Not(HasSubstr("come after")));
}

}  // namespace
}  // namespace wintergrid::calibrate
