#include "engine/random/inversion.hpp"

#include <cmath>
#include <functional>
#include <vector>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/negative_binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/distributions/triangular.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/random/draw.hpp"

namespace wintergrid::random {
namespace {

const std::vector<double> kQuantiles{
    0x1.0p-53, 1e-12, 1e-6, 0.001, 0.02425, 0.024251, 0.1,      0.25,           0.4999999,
    0.5,       0.51,  0.75, 0.9,   0.97575, 0.999,    0.999999, 1.0 - 0x1.0p-53};

TEST(Inversion, NormalAgreesWithBoost) {
  const boost::math::normal normal;
  for (const double u : kQuantiles) {
    const double expected = u <= 0.5 ? boost::math::quantile(normal, u)
                                     : boost::math::quantile(complement(normal, 1.0 - u));
    EXPECT_NEAR(normal_quantile(u), expected, 1e-14 + 1e-14 * std::abs(expected)) << u;
  }
}

TEST(Inversion, NormalKnownValues) {
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-14);
  EXPECT_NEAR(normal_quantile(0.995), 2.5758293035489004, 1e-14);
  EXPECT_EQ(normal_quantile(0.5), 0.0);
}

TEST(Inversion, GammaAndStudentAgreeWithBoost) {
  for (const double shape : {0.5, 3.0, 6.6}) {
    const boost::math::gamma_distribution<> gamma(shape, 2.0);
    for (const double x : {0.01, 1.0, 7.0, 40.0}) {
      EXPECT_NEAR(gamma_cdf(x, shape, 2.0), boost::math::cdf(gamma, x), 1e-14);
    }
    EXPECT_EQ(gamma_cdf(-1.0, shape, 2.0), 0.0);
  }
  for (const double degrees : {1.0, 6.0, 27.0, 153.0}) {
    const boost::math::students_t student(degrees);
    for (const double u : {0.025, 0.3, 0.5, 0.9, 0.975}) {
      EXPECT_NEAR(student_t_quantile(u, degrees), boost::math::quantile(student, u), 1e-9);
    }
  }
}

TEST(Inversion, ContinuousAgreeWithBoost) {
  for (const double u : kQuantiles) {
    EXPECT_NEAR(exponential_quantile(u, 3.0), -3.0 * std::log1p(-u), 1e-14);
    const double lognormal = boost::math::quantile(boost::math::lognormal(std::log(35.0), 0.33), u);
    EXPECT_NEAR(lognormal_quantile(u, 35.0, 0.33), lognormal, 1e-10 * lognormal) << u;
    for (const double shape : {0.9, 1.0, 6.6, 80.0}) {
      const double gamma = boost::math::quantile(boost::math::gamma_distribution<>(shape, 1.7), u);
      EXPECT_NEAR(gamma_quantile(u, shape, 1.7), gamma, 1e-10 * gamma) << u << " " << shape;
    }
    const double triangular = boost::math::quantile(boost::math::triangular(2.0, 3.0, 7.0), u);
    EXPECT_NEAR(triangular_quantile(u, 2.0, 3.0, 7.0), triangular, 1e-12) << u;
  }
}

/// Exact answers: smallest x with F(x) >= u, F from Boost.
TEST(Inversion, DiscreteAreExactQuantiles) {
  for (const double u : {1e-6, 0.001, 0.05, 0.1, 0.3, 0.5, 0.77, 0.9, 0.99, 0.9999, 1.0 - 1e-9}) {
    const auto check = [u](std::int64_t x, const std::function<double(std::int64_t)>& cdf,
                           const char* what) {
      EXPECT_GE(cdf(x), u * (1.0 - 1e-12)) << what << " " << u << " " << x;
      if (x > 0) {
        EXPECT_LT(cdf(x - 1), u * (1.0 + 1e-12)) << what << " " << u << " " << x;
      }
    };
    for (const double mean : {0.3, 4.0, 88.0, 650.0, 720.0, 5000.0}) {
      const boost::math::poisson poisson(mean);
      check(
          poisson_quantile(u, mean),
          [&poisson](std::int64_t x) { return cdf(poisson, static_cast<double>(x)); }, "poisson");
    }
    for (const auto& [count, p] : std::vector<std::pair<std::int64_t, double>>{
             {1, 0.3}, {12, 0.5}, {440, 0.2}, {440, 0.91}, {5000, 0.6}, {100000, 0.02}}) {
      const boost::math::binomial binomial(static_cast<double>(count), p);
      check(
          binomial_quantile(u, count, p),
          [&binomial](std::int64_t x) { return cdf(binomial, static_cast<double>(x)); },
          "binomial");
    }
    for (const auto& [mean, k] : std::vector<std::pair<double, double>>{
             {2.8, 1.0}, {125.0, 5.4}, {3000.0, 2.0}, {4000.0, 900.0}}) {
      const boost::math::negative_binomial negative(k, k / (k + mean));
      check(
          negative_binomial_quantile(u, mean, k),
          [&negative](std::int64_t x) { return cdf(negative, static_cast<double>(x)); },
          "negative binomial");
    }
  }
}

TEST(Inversion, DiscreteEdges) {
  EXPECT_EQ(poisson_quantile(0.999, 0.0), 0);
  EXPECT_EQ(binomial_quantile(0.999, 0, 0.5), 0);
  EXPECT_EQ(binomial_quantile(0.999, 9, 0.0), 0);
  EXPECT_EQ(binomial_quantile(0.001, 9, 1.0), 9);
  EXPECT_EQ(binomial_quantile(1.0 - 0x1.0p-53, 9, 0.5), 9);
  EXPECT_LT(poisson_quantile(1.0 - 0x1.0p-53, 4.0), 40);  // the sum stalls below u: it still ends
  EXPECT_LT(negative_binomial_quantile(1.0 - 0x1.0p-53, 125.0, 5.4), 2000);
}

RC_GTEST_PROP(Inversion, LargerUniformNeverGivesLess, (std::uint32_t a, std::uint32_t b)) {
  const double low = (std::min(a, b) + 0.5) / 4294967296.0;
  const double high = (std::max(a, b) + 0.5) / 4294967296.0;
  RC_ASSERT(normal_quantile(low) <= normal_quantile(high));
  RC_ASSERT(gamma_quantile(low, 6.6, 1.0) <= gamma_quantile(high, 6.6, 1.0) * (1.0 + 1e-12));
  RC_ASSERT(poisson_quantile(low, 12.0) <= poisson_quantile(high, 12.0));
  RC_ASSERT(binomial_quantile(low, 440, 0.2) <= binomial_quantile(high, 440, 0.2));
  RC_ASSERT(negative_binomial_quantile(low, 125.0, 5.4) <=
            negative_binomial_quantile(high, 125.0, 5.4));
  RC_ASSERT(triangular_quantile(low, 1, 2, 9) <= triangular_quantile(high, 1, 2, 9));
  RC_ASSERT(split_uniform_quantile(low, 1, 2, 9) <= split_uniform_quantile(high, 1, 2, 9));
}

struct Moments {
  double mean = 0.0, variance = 0.0, count = 0.0;
};
Moments moments(std::size_t count, const std::function<double(double)>& quantile) {
  const Draw draw(11, 0);
  double sum = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = quantile(draw.uniform({1, Purpose::test, static_cast<std::uint32_t>(i)}));
    sum += x;
    squares += x * x;
  }
  const auto n = static_cast<double>(count);
  return {sum / n, squares / n - sum / n * sum / n, n};
}

TEST(Inversion, MomentsWithinThreeStandardErrors) {
  const auto check = [](const char* what, double mean, double variance, double kurtosis_excess,
                        const std::function<double(double)>& quantile) {
    const Moments got = moments(100000, quantile);
    EXPECT_NEAR(got.mean, mean, 3.0 * std::sqrt(variance / got.count)) << what;
    EXPECT_NEAR(got.variance, variance,
                3.0 * variance * std::sqrt((2.0 + kurtosis_excess) / got.count))
        << what;
  };
  check("normal", 0.0, 1.0, 0.0, [](double u) { return normal_quantile(u); });
  check("exponential", 3.0, 9.0, 6.0, [](double u) { return exponential_quantile(u, 3.0); });
  check("gamma", 6.6 * 2.0, 6.6 * 4.0, 6.0 / 6.6,
        [](double u) { return gamma_quantile(u, 6.6, 2.0); });
  check("poisson", 12.0, 12.0, 1.0 / 12.0,
        [](double u) { return static_cast<double>(poisson_quantile(u, 12.0)); });
  check("binomial", 88.0, 70.4, 0.0,
        [](double u) { return static_cast<double>(binomial_quantile(u, 440, 0.2)); });
  check("negative binomial", 125.0, 125.0 + 125.0 * 125.0 / 5.4, 6.0 / 5.4 + 0.01,
        [](double u) { return static_cast<double>(negative_binomial_quantile(u, 125.0, 5.4)); });
  check("triangular", (1.0 + 2.0 + 9.0) / 3.0, (1.0 + 4.0 + 81.0 - 2.0 - 9.0 - 18.0) / 18.0, -0.6,
        [](double u) { return triangular_quantile(u, 1.0, 2.0, 9.0); });
}

TEST(Inversion, SplitUniformHasItsValueAsMean) {
  const Moments got =
      moments(100000, [](double u) { return split_uniform_quantile(u, 0.05, 0.25, 0.6); });
  EXPECT_NEAR(got.mean, 0.25, 3.0 * std::sqrt(got.variance / got.count));
  EXPECT_EQ(split_uniform_quantile(0.5, 2.0, 2.0, 2.0), 2.0);
  // Continuous at the split: u = (high - value) / (high - low).
  EXPECT_NEAR(split_uniform_quantile(0.35 / 0.55, 0.05, 0.25, 0.6), 0.25, 1e-12);
}

}  // namespace
}  // namespace wintergrid::random
