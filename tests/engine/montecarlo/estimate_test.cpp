// Means, quantiles, intervals and the spread over parameters from rows of results.

#include "engine/montecarlo/estimate.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "engine/random/draw.hpp"

namespace wintergrid::montecarlo {
namespace {

/// Values = parameter effect (shared by pairs) + noise: the decomposition finds both.
TEST(Estimate, ParameterSpreadIsToldFromChance) {
  const random::Draw draw(11, 0);
  std::vector<double> values;
  for (std::uint32_t pair = 0; pair < 5000; ++pair) {
    const double parameter =
        100.0 + 60.0 * (draw.uniform({1, Purpose::test, pair}) - 0.5);  // sd 17.3
    for (std::uint32_t i = 0; i < 2; ++i) {
      values.push_back(parameter +
                       100.0 * (draw.uniform({2, Purpose::test, 2 * pair + i}) - 0.5));  // sd 28.9
    }
  }
  const Estimate e = estimate(values, 2);
  EXPECT_NEAR(e.parameter_variance_share, 0.2647, 0.03);  // 300 / (300 + 833.3)
  // 5 % and 95 % of the parameter effect alone are 73 and 127; shrunk group means are nearly
  // normal, so a little wider
  EXPECT_NEAR(e.p05_parameters, 73.0, 4.0);
  EXPECT_NEAR(e.p95_parameters, 127.0, 4.0);
}

TEST(Estimate, NoParameterSpreadWhereThereIsNone) {
  const random::Draw draw(12, 0);
  std::vector<double> values;
  values.reserve(4000);
  for (std::uint32_t i = 0; i < 4000; ++i) {
    values.push_back(draw.uniform({3, Purpose::test, i}));
  }
  EXPECT_LT(estimate(values, 2).parameter_variance_share, 0.05);
  EXPECT_EQ(estimate(values, 1).p05_parameters, estimate(values, 1).mean);
}

TEST(Estimate, QuantilesAreOrderStatistics) {
  std::vector<double> values;
  for (int i = 100; i >= 1; --i) {
    values.push_back(i);
  }
  const Estimate e = estimate(values, 1);
  EXPECT_EQ(e.p05, 5.0);
  EXPECT_EQ(e.p50, 50.0);
  EXPECT_EQ(e.p95, 95.0);
  EXPECT_LE(e.p50_low, 40.0);
  EXPECT_GE(e.p50_high, 60.0);
}

Values all_of(const std::vector<double>& values) {
  Values all{values, std::vector<std::uint64_t>(values.size())};
  std::iota(all.replication.begin(), all.replication.end(), std::uint64_t{0});
  return all;
}

/// Pairs of values that share a parameter; without `missing` replications.
Values paired_values(std::initializer_list<std::uint64_t> missing) {
  const random::Draw draw(13, 0);
  Values values;
  for (std::uint64_t r = 0; r < 1000; ++r) {
    const double parameter =
        69.0 * draw.uniform({1, Purpose::test, static_cast<std::uint32_t>(r / 2)});  // sd 20
    const double chance = 17.0 * draw.uniform({2, Purpose::test, static_cast<std::uint32_t>(r)});
    if (std::find(missing.begin(), missing.end(), r) == missing.end()) {
      values.value.push_back(100.0 + parameter + chance);
      values.replication.push_back(r);
    }
  }
  return values;
}

TEST(Estimate, AFailedReplicationLeavesTheOthersInTheirPairs) {
  const Estimate all = estimate(paired_values({}), 2);
  const Estimate without = estimate(paired_values({0, 501}), 2);
  EXPECT_NEAR(without.ci95_high - without.mean, all.ci95_high - all.mean, 0.05);
  EXPECT_GT(all.parameter_variance_share, 0.9);
  EXPECT_NEAR(without.parameter_variance_share, all.parameter_variance_share, 0.01);
  EXPECT_NEAR(without.p05_parameters, all.p05_parameters, 0.5);
}

TEST(Estimate, DifferencesPairByReplication) {
  Values a = paired_values({0, 7}), b = paired_values({500});
  for (double& value : b.value) {
    value += 3.0;
  }
  const Paired difference = paired(a, b, 2);
  EXPECT_EQ(difference.winters, 997U);
  EXPECT_NEAR(difference.mean, -3.0, 1e-9);
  EXPECT_NEAR(difference.ci95_low, -3.0, 1e-9);
  EXPECT_EQ(difference.share_a_smaller, 1.0);
}

TEST(Estimate, NothingIsKnownWithoutAValue) {
  const Estimate nothing = estimate(Values{}, 2);
  EXPECT_TRUE(std::isnan(nothing.mean));
  EXPECT_TRUE(std::isnan(nothing.ci95_high));
  EXPECT_TRUE(std::isnan(nothing.p95_parameters));
}

TEST(Estimate, ParameterSpreadThatChanceHidesIsNotStatedAsZero) {
  // Within pairs the values differ more than pairs do between them.
  const Estimate hidden = estimate(std::vector<double>{0.0, 10.0, 10.0, 0.0, 0.0, 10.0}, 2);
  EXPECT_TRUE(std::isnan(hidden.p05_parameters));
  EXPECT_TRUE(std::isnan(hidden.p95_parameters));
  const Estimate none = estimate(std::vector<double>{5.0, 5.0, 5.0, 5.0}, 2);
  EXPECT_EQ(none.p05_parameters, 5.0);
}

TEST(Estimate, AFailureWithoutBoundLeavesTheHighEndOpen) {
  const Estimate open = widened(estimate(std::vector<double>{1.0, 2.0, 3.0}, 1), 1.0, 4,
                                std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isinf(open.ci95_high));
}

TEST(Estimate, PairedDifferenceUsesTheSameDraws) {
  std::vector<double> a, b;
  for (int i = 0; i < 200; ++i) {
    b.push_back(1000.0 * (i % 17));
    a.push_back(b.back() - 1.0 - (i % 3));  // a loses 2 less on average, drowned in the spread of b
  }
  const Paired p = paired(all_of(a), all_of(b), 1);
  EXPECT_NEAR(p.mean, -2.0, 0.02);
  EXPECT_LT(p.ci95_high, -1.8);
  EXPECT_EQ(p.share_a_smaller, 1.0);
}

}  // namespace
}  // namespace wintergrid::montecarlo
