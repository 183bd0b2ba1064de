#pragma once
// The least value of a function of a few parameters.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

namespace wintergrid::calibrate {

/// Downhill simplex over the first `dimensions` parameters (Nelder and Mead, Computer Journal 7
/// (1965) 308); the others stay as they start, and the steps are enough for four. Where the
/// function is not a number is no minimum.
template <class Function, std::size_t N>
std::array<double, N> minimise(Function&& function, std::array<double, N> start,
                               std::size_t dimensions, int steps = 600) {
  using Point = std::array<double, N>;
  constexpr double kFirstStep = 0.5;
  const auto value_at = [&](const Point& point) {
    const double value = function(point);
    return std::isnan(value) ? std::numeric_limits<double>::infinity() : value;
  };
  std::vector<std::pair<double, Point>> simplex;
  simplex.emplace_back(value_at(start), start);
  for (std::size_t i = 0; i < dimensions; ++i) {
    Point moved = start;
    moved[i] += kFirstStep;
    simplex.emplace_back(value_at(moved), moved);
  }
  const auto by_value = [](const auto& a, const auto& b) { return a.first < b.first; };
  for (int step = 0; step < steps; ++step) {
    std::stable_sort(simplex.begin(), simplex.end(), by_value);
    Point middle = start;
    std::fill_n(middle.begin(), dimensions, 0.0);
    for (std::size_t i = 0; i < dimensions; ++i) {
      for (std::size_t d = 0; d < dimensions; ++d) {
        middle[d] += simplex[i].second[d] / static_cast<double>(dimensions);
      }
    }
    const auto towards = [&](double factor) {
      Point point = start;
      for (std::size_t d = 0; d < dimensions; ++d) {
        point[d] = middle[d] + factor * (simplex.back().second[d] - middle[d]);
      }
      return std::pair(value_at(point), point);
    };
    auto reflected = towards(-1.0);
    if (reflected.first < simplex.front().first) {
      const auto expanded = towards(-2.0);
      simplex.back() = expanded.first < reflected.first ? expanded : reflected;
    } else if (reflected.first < simplex[dimensions - 1].first) {
      simplex.back() = reflected;
    } else if (const auto contracted = towards(0.5); contracted.first < simplex.back().first) {
      simplex.back() = contracted;
    } else {
      for (std::size_t i = 1; i <= dimensions; ++i) {
        for (std::size_t d = 0; d < dimensions; ++d) {
          simplex[i].second[d] = 0.5 * (simplex[i].second[d] + simplex.front().second[d]);
        }
        simplex[i].first = value_at(simplex[i].second);
      }
    }
  }
  return std::min_element(simplex.begin(), simplex.end(), by_value)->second;
}

}  // namespace wintergrid::calibrate
