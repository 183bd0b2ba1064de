// The simplex on functions with known minima, and what a fit leaves open on a straight line.

#include "engine/calibrate/simplex.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include <gtest/gtest.h>

#include "engine/calibrate/least_squares.hpp"

namespace wintergrid::calibrate {
namespace {

TEST(Simplex, FindsTheMinimumOfFourParametersThatHangTogether) {
  const auto function = [](const std::array<double, 4>& x) {
    const double a = x[0] - 1.0, b = x[1] + 2.0 + a, c = x[2] - 30.0 - b, d = x[3] - 0.01 * c;
    return 3.0 + a * a + 10.0 * b * b + 0.1 * c * c + d * d;
  };
  const auto found = minimise(function, std::array<double, 4>{0.0, 0.0, 0.0, 0.0}, 4);
  EXPECT_NEAR(function(found), 3.0, 1e-9);
  EXPECT_NEAR(found[2], 30.0, 1e-3);
}

TEST(Simplex, FollowsACurvedValley) {
  const auto rosenbrock = [](const std::array<double, 2>& x) {
    return std::pow(1.0 - x[0], 2) + 100.0 * std::pow(x[1] - x[0] * x[0], 2);
  };
  const auto found = minimise(rosenbrock, std::array<double, 2>{-1.2, 1.0}, 2);
  EXPECT_NEAR(found[0], 1.0, 1e-6);
  EXPECT_NEAR(found[1], 1.0, 1e-6);
}

TEST(Simplex, LeavesTheParametersBeyondItsDimensionsAlone) {
  const auto function = [](const std::array<double, 2>& x) { return x[0] * x[0] + x[1] * x[1]; };
  const auto found = minimise(function, std::array<double, 2>{4.0, 5.0}, 1);
  EXPECT_NEAR(found[0], 0.0, 1e-9);
  EXPECT_EQ(found[1], 5.0);
}

/// Where the function is not a number it is no minimum, and nothing is sorted by it.
TEST(Simplex, WhereThereIsNoNumberThereIsNoMinimum) {
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    const auto function = [bad](const std::array<double, 2>& x) {
      return x[0] > 1.0 ? bad : std::pow(x[0] - 0.9, 2) + x[1] * x[1];
    };
    for (const double start : {0.0, 0.6, 0.95}) {
      const auto found = minimise(function, std::array<double, 2>{start, 1.0}, 2);
      EXPECT_NEAR(found[0], 0.9, 1e-5) << start;
      EXPECT_NEAR(found[1], 0.0, 1e-5) << start;
    }
  }
}

TEST(Simplex, BeginsWhereThereIsNoNumber) {
  const auto function = [](const std::array<double, 2>& x) {
    return x[0] < 1.0 ? std::numeric_limits<double>::quiet_NaN()
                      : std::pow(x[0] - 1.2, 2) + x[1] * x[1];
  };
  const auto found = minimise(function, std::array<double, 2>{0.7, 1.0}, 2);
  EXPECT_NEAR(found[0], 1.2, 1e-5);
  EXPECT_NEAR(found[1], 0.0, 1e-5);
}

/// y = exp(a) + exp(b) t at t = 0: nothing is said of b, and a is told unless the error is larger
/// than its half.
TEST(LeastSquares, KnowsWhatTheDataTell) {
  const auto squares = [](const std::array<double, 2>& x) {
    return std::pow(std::exp(x[0]) - 10.0, 2);
  };
  const std::array<double, 2> best{std::log(10.0), 0.0};
  EXPECT_TRUE(as_good(squares, best, 2, 0, 1.0).empty());
  EXPECT_EQ(as_good(squares, best, 2, 1, 1.0).size(), 2U);
  // Half is 5 off: as good where 25 <= 3.84 sd^2; double is 10 off.
  EXPECT_EQ(as_good(squares, best, 2, 0, 2.54).size(), 0U);
  EXPECT_EQ(as_good(squares, best, 2, 0, 2.56).size(), 1U);
  EXPECT_EQ(as_good(squares, best, 2, 0, 5.2).size(), 2U);
  const auto others = all_as_good(squares, best, 2, 1.0);
  EXPECT_TRUE(all_near(others, best, 0));
  EXPECT_FALSE(all_near(others, best, 1));
}

}  // namespace
}  // namespace wintergrid::calibrate
