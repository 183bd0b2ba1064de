#pragma once
// How well an ensemble of winters fits a recorded number.

#include <cstddef>
#include <vector>

namespace wintergrid::hindcast {

struct Score {
  double median = 0.0;
  double low = 0.0, high = 0.0;  ///< 80 % band: 10th and 90th percentile
  double crps = 0.0;             ///< continuous ranked probability score, in the unit of the values
  bool in_band = false;
  std::size_t members = 0;  ///< 0: nothing to compare
};

/// Quantile of sorted values, linear between order statistics (Hyndman and Fan, type 7).
double quantile(const std::vector<double>& sorted, double probability);

/// CRPS of an ensemble: E|X - x| - E|X - X'| / 2 over its members (Gneiting and Raftery, Journal of
/// the American Statistical Association 102, 2007, 359, eq. 20).
Score score(std::vector<double> ensemble, double observed);

}  // namespace wintergrid::hindcast
