// CRPS = E|X - y| - E|X - X'| / 2, with the mean of |normal| in closed form; quantiles by
// bisection.

#include "engine/calibrate/mixture.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace wintergrid::calibrate {
namespace {

double normal_density(double z) {
  return std::exp(-0.5 * z * z) / std::sqrt(2.0 * std::numbers::pi);
}
double normal_distribution(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

/// Mean of |X| for a normal X.
double mean_absolute(double mean, double sd) {
  const double z = mean / sd;
  return 2.0 * sd * normal_density(z) + mean * (2.0 * normal_distribution(z) - 1.0);
}

}  // namespace

double crps(const std::vector<double>& centres, double sd, double observed) {
  const auto n = static_cast<double>(centres.size());
  double to_observed = 0.0, to_each_other = 0.0;
  for (const double a : centres) {
    to_observed += mean_absolute(observed - a, sd) / n;
    for (const double b : centres) {
      to_each_other += mean_absolute(a - b, std::numbers::sqrt2 * sd) / (n * n);
    }
  }
  return to_observed - 0.5 * to_each_other;
}

/// Of a mixture of normals, by bisection.
double quantile(const std::vector<double>& centres, double sd, double probability) {
  double low = *std::min_element(centres.begin(), centres.end()) - 8.0 * sd;
  double high = *std::max_element(centres.begin(), centres.end()) + 8.0 * sd;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    double below = 0.0;
    for (const double centre : centres) {
      below += normal_distribution((middle - centre) / sd) / static_cast<double>(centres.size());
    }
    (below < probability ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace wintergrid::calibrate
