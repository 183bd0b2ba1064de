// Screening and variance shares of functions whose answers are known.

#include "engine/sensitivity/indices.hpp"

#include <cmath>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

namespace wintergrid::sensitivity {
namespace {

TEST(Screen, OfALinearFunctionIsExactAndWithoutSpread) {
  const Function function = [](std::span<const double> x) {
    return std::vector<double>{3.0 * x[0] - 2.0 * x[1] + 7.0, x[2]};
  };
  const auto effects = screen(function, 3, 5, 1);
  ASSERT_EQ(effects.size(), 2U);
  EXPECT_NEAR(effects[0][0].mean, 3.0, 1e-12);
  EXPECT_NEAR(effects[0][1].mean, -2.0, 1e-12);
  EXPECT_NEAR(effects[0][1].mean_absolute, 2.0, 1e-12);
  EXPECT_NEAR(effects[0][1].ci95_high - effects[0][1].ci95_low, 0.0, 1e-12);
  EXPECT_NEAR(effects[0][2].mean_absolute, 0.0, 1e-12);
  EXPECT_NEAR(effects[0][0].standard_deviation, 0.0, 1e-12);
  EXPECT_NEAR(effects[1][2].mean, 1.0, 1e-12);
}

TEST(Screen, StaysInTheCubeAndSeesWhatDependsOnOthers) {
  std::size_t calls = 0;
  const Function function = [&](std::span<const double> x) {
    ++calls;
    for (const double value : x) {
      EXPECT_GE(value, -1e-12);
      EXPECT_LE(value, 1.0 + 1e-12);
    }
    return std::vector<double>{x[0] * x[1]};
  };
  const auto effects = screen(function, 4, 40, 3);
  EXPECT_EQ(calls, 40U * 5U);
  EXPECT_GT(effects[0][0].standard_deviation, 0.1);
  EXPECT_NEAR(effects[0][0].mean_absolute, 0.5, 0.15);
  EXPECT_EQ(effects[0][3].mean_absolute, 0.0);
}

TEST(Decompose, OfTheIshigamiFunctionIsAsDerived) {
  // f = sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 on (-pi, pi)^3 (Ishigami, Homma 1990).
  constexpr double kA = 7.0, kB = 0.1, kPi = std::numbers::pi;
  const Function function = [](std::span<const double> u) {
    const auto x = [&](std::size_t i) { return kPi * (2.0 * u[i] - 1.0); };
    return std::vector<double>{std::sin(x(0)) + kA * std::pow(std::sin(x(1)), 2.0) +
                               kB * std::pow(x(2), 4.0) * std::sin(x(0))};
  };
  const double v1 = 0.5 * std::pow(1.0 + kB * std::pow(kPi, 4.0) / 5.0, 2.0);
  const double v2 = kA * kA / 8.0;
  const double v13 = kB * kB * std::pow(kPi, 8.0) * (1.0 / 18.0 - 1.0 / 50.0);
  const double v = v1 + v2 + v13;
  const auto shares = decompose(function, 3, 6000, 1);
  EXPECT_NEAR(shares[0][0].first, v1 / v, 0.06);
  EXPECT_NEAR(shares[0][1].first, v2 / v, 0.06);
  EXPECT_NEAR(shares[0][2].first, 0.0, 0.06);
  EXPECT_NEAR(shares[0][0].total, (v1 + v13) / v, 0.03);
  EXPECT_NEAR(shares[0][1].total, v2 / v, 0.03);
  EXPECT_NEAR(shares[0][2].total, v13 / v, 0.03);
}

TEST(Decompose, IntervalsHoldTheTruthAboutAsOftenAsTheySay) {
  // Of f = x1 + 2 x2 the first share is 0.2.
  const Function function = [](std::span<const double> x) {
    return std::vector<double>{x[0] + 2.0 * x[1]};
  };
  int held = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const VarianceShare share = decompose(function, 2, 64, seed)[0][0];
    EXPECT_LE(share.total_low, share.total);
    EXPECT_GE(share.total_high, share.total);
    held += share.total_low <= 0.2 && 0.2 <= share.total_high ? 1 : 0;
  }
  EXPECT_GE(held, 86);
}

TEST(Decompose, AConstantHasNoShares) {
  const auto shares =
      decompose([](std::span<const double>) { return std::vector<double>{4.0}; }, 2, 8, 1);
  EXPECT_EQ(shares[0][0].first, 0.0);
  EXPECT_EQ(shares[0][1].total, 0.0);
}

}  // namespace
}  // namespace wintergrid::sensitivity
