// Scores against their definition, closed forms and the laws that make them honest.

#include "engine/hindcast/score.hpp"

#include <cmath>
#include <numbers>
#include <vector>

#include <boost/math/distributions/normal.hpp>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace wintergrid::hindcast {
namespace {

TEST(Score, OneMemberIsItsAbsoluteError) {
  const Score one = score({0.7}, 0.4);
  EXPECT_DOUBLE_EQ(one.crps, 0.3);
  EXPECT_FALSE(one.in_band);
  EXPECT_EQ(score({0.4}, 0.4).crps, 0.0);
  EXPECT_TRUE(score({0.4}, 0.4).in_band);
}

TEST(Score, TwoMembersByHand) {
  // E|X - x| = (0.1 + 0.3) / 2; E|X - X'| / 2 = (2 * 0.4 / 4) / 2.
  EXPECT_NEAR(score({0.6, 0.2}, 0.5).crps, 0.2 - 0.1, 1e-15);
}

TEST(Score, NothingToCompareHasNoMembers) {
  EXPECT_EQ(score({}, 0.5).members, 0U);
  EXPECT_FALSE(score({}, 0.5).in_band);
}

// Gneiting and Raftery 2007, eq. 5: CRPS of a normal distribution.
TEST(Score, NormalEnsembleTendsToTheClosedForm) {
  const boost::math::normal standard;
  std::vector<double> members;
  constexpr int kMembers = 20000;
  for (int i = 0; i < kMembers; ++i) {
    members.push_back(boost::math::quantile(standard, (i + 0.5) / kMembers));
  }
  for (const double x : {-2.0, 0.0, 0.3, 1.5}) {
    const double exact = x * (2.0 * boost::math::cdf(standard, x) - 1.0) +
                         2.0 * boost::math::pdf(standard, x) - 1.0 / std::sqrt(std::numbers::pi);
    EXPECT_NEAR(score(members, x).crps, exact, 2e-4) << x;
  }
  const Score middle = score(members, 0.0);
  EXPECT_NEAR(middle.low, boost::math::quantile(standard, 0.1), 1e-3);
  EXPECT_NEAR(middle.high, boost::math::quantile(standard, 0.9), 1e-3);
  EXPECT_NEAR(middle.median, 0.0, 1e-3);
}

TEST(Score, QuantileIsThatOfTypeSeven) {
  const std::vector<double> sorted = {1.0, 2.0, 4.0, 8.0};
  EXPECT_DOUBLE_EQ(quantile(sorted, 0.0), 1.0);
  EXPECT_DOUBLE_EQ(quantile(sorted, 1.0), 8.0);
  EXPECT_DOUBLE_EQ(quantile(sorted, 0.5), 3.0);
  EXPECT_DOUBLE_EQ(quantile(sorted, 0.1), 1.3);
  EXPECT_DOUBLE_EQ(quantile({}, 0.5), 0.0);
}

RC_GTEST_PROP(Score, IsTheDoubleSumOfItsDefinition, ()) {
  const auto members = *rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(
      rc::gen::map(rc::gen::inRange(0, 1000), [](int v) { return v / 1000.0; })));
  const double observed = *rc::gen::inRange(0, 1000) / 1000.0;
  double to_observed = 0.0, to_each_other = 0.0;
  const auto n = static_cast<double>(members.size());
  for (const double a : members) {
    to_observed += std::abs(a - observed) / n;
    for (const double b : members) {
      to_each_other += std::abs(a - b) / (n * n);
    }
  }
  const Score result = score(members, observed);
  RC_ASSERT(std::abs(result.crps - (to_observed - 0.5 * to_each_other)) < 1e-12);
  RC_ASSERT(result.crps >= -1e-12);
  RC_ASSERT(result.low <= result.median && result.median <= result.high);
}

// A narrow band in the wrong place must not score better than a wide one around the truth; a wide
// one not better than a narrow one around it.
TEST(Score, RewardsSharpnessOnlyWhereItIsRight) {
  const auto around = [](double centre, double half_width) {
    std::vector<double> members;
    for (int i = -50; i <= 50; ++i) {
      members.push_back(centre + half_width * i / 50.0);
    }
    return members;
  };
  EXPECT_LT(score(around(0.5, 0.05), 0.5).crps, score(around(0.5, 0.4), 0.5).crps);
  EXPECT_LT(score(around(0.5, 0.4), 0.5).crps, score(around(0.9, 0.05), 0.5).crps);
}

}  // namespace
}  // namespace wintergrid::hindcast
