#pragma once
// What a fit by least squares leaves open.

#include <array>
#include <cstddef>
#include <vector>

#include "engine/calibrate/simplex.hpp"

namespace wintergrid::calibrate {

/// Half and double of parameter `d` (a step of log 2 either way), the others fitted anew, where
/// that raises the squares by less than chance does at 95 % (3.84 sd^2: likelihood ratio of one
/// parameter). Empty: the data tell the parameter.
template <class Function, std::size_t N>
std::vector<std::array<double, N>> as_good(Function&& squares, const std::array<double, N>& best,
                                           std::size_t dimensions, std::size_t d, double sd) {
  constexpr double kLogTwo = 0.6931471805599453, kChiSquare95 = 3.84;
  const double least = squares(best);
  std::vector<std::array<double, N>> points;
  for (const double step : {-kLogTwo, kLogTwo}) {
    const auto held = [&](std::array<double, N> point) {
      point[d] = best[d] + step;
      return squares(point);
    };
    std::array<double, N> point = minimise(held, best, dimensions);
    point[d] = best[d] + step;
    if (squares(point) - least <= kChiSquare95 * sd * sd) {
      points.push_back(point);
    }
  }
  return points;
}

}  // namespace wintergrid::calibrate
