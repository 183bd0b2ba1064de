#include "engine/hindcast/score.hpp"

#include <algorithm>
#include <cmath>

namespace wintergrid::hindcast {

double quantile(const std::vector<double>& sorted, double probability) {
  if (sorted.empty()) {
    return 0.0;
  }
  const double place = probability * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - std::floor(place)) * (sorted[above] - sorted[below]);
}

Score score(std::vector<double> ensemble, double observed) {
  Score result;
  result.members = ensemble.size();
  if (ensemble.empty()) {
    return result;
  }
  std::sort(ensemble.begin(), ensemble.end());
  result.median = quantile(ensemble, 0.5);
  result.low = quantile(ensemble, 0.1);
  result.high = quantile(ensemble, 0.9);
  result.in_band = observed >= result.low && observed <= result.high;
  // Of sorted members, the sum of |x_i - x_j| over all pairs is 2 sum_i (2 i + 1 - n) x_i.
  const auto n = static_cast<double>(ensemble.size());
  double to_observed = 0.0, to_each_other = 0.0;
  for (std::size_t i = 0; i < ensemble.size(); ++i) {
    to_observed += std::abs(ensemble[i] - observed);
    to_each_other += (2.0 * static_cast<double>(i) + 1.0 - n) * ensemble[i];
  }
  result.crps = to_observed / n - to_each_other / (n * n);
  return result;
}

}  // namespace wintergrid::hindcast
