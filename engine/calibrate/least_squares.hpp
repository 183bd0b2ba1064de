#pragma once
// What a fit by least squares leaves open.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "engine/calibrate/simplex.hpp"

namespace wintergrid::calibrate {

inline constexpr double kLogTwo = 0.6931471805599453;

/// Whether a point raises the squares by less than chance does at 95 % (3.84 sd^2: likelihood ratio
/// of one parameter).
template <class Function, std::size_t N>
bool fits_as_well(Function&& squares, const std::array<double, N>& best,
                  const std::array<double, N>& point, double sd) {
  constexpr double kChiSquare95 = 3.84;
  return squares(point) - squares(best) <= kChiSquare95 * sd * sd;
}

/// Half and double of parameter `d` (a step of log 2 either way), the others fitted anew, where
/// that fits as well. Empty: the data tell the parameter, unless all_near() knows better.
template <class Function, std::size_t N>
std::vector<std::array<double, N>> as_good(Function&& squares, const std::array<double, N>& best,
                                           std::size_t dimensions, std::size_t d, double sd) {
  std::vector<std::array<double, N>> points;
  for (const double step : {-kLogTwo, kLogTwo}) {
    const auto held = [&](std::array<double, N> point) {
      point[d] = best[d] + step;
      return squares(point);
    };
    std::array<double, N> point = minimise(held, best, dimensions);
    point[d] = best[d] + step;
    if (fits_as_well(squares, best, point, sd)) {
      points.push_back(point);
    }
  }
  return points;
}

/// Of every parameter in turn.
template <class Function, std::size_t N>
std::vector<std::array<double, N>> all_as_good(Function&& squares,
                                               const std::array<double, N>& best,
                                               std::size_t dimensions, double sd) {
  std::vector<std::array<double, N>> points;
  for (std::size_t d = 0; d < dimensions; ++d) {
    const auto more = as_good(squares, best, dimensions, d, sd);
    points.insert(points.end(), more.begin(), more.end());
  }
  return points;
}

/// Whether parameter `d` is less than half or double off at all of the points that fit as well:
/// also those found while another parameter was held, or a count left out.
template <std::size_t N>
bool all_near(const std::vector<std::array<double, N>>& points, const std::array<double, N>& best,
              std::size_t d) {
  return std::all_of(points.begin(), points.end(), [&](const std::array<double, N>& point) {
    return std::abs(point[d] - best[d]) < kLogTwo * (1.0 - 1e-9);
  });
}

}  // namespace wintergrid::calibrate
