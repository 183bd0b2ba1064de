#pragma once
// The pace of draining from counts of drained buildings.

#include <cstddef>
#include <vector>

#include "engine/calibrate/recovery_fit.hpp"

namespace wintergrid::calibrate {

struct DrainPace {
  double share_per_hour = 0.0;  ///< of the buildings without heat
  double decision_hours = 0.0;  ///< from the loss until draining begins
  double largest_share = 1.0;   ///< that is drained in the end: heat came back, or nobody got in
};

/// Drained of `buildings` at a time since the loss: none until the decision, then at a constant
/// pace.
double drained_until(const DrainPace& pace, double buildings, double day);

struct DrainFit {
  std::size_t counted = 0;  ///< rows with a count
  std::size_t fitted = 0;   ///< of these, used
  bool possible = false;    ///< at least 3 used, the last of them above 0; else nothing below holds
  DrainPace pace, lowest, highest;                 ///< ranges: fits that leave out one count each
  bool told_share = false, told_decision = false;  ///< as in RecoveryTold
  std::vector<double> model, low, high;            ///< at every row; 80 % band
  double residual_rms = 0.0;                       ///< share of the first count without heat
  double unseen_mean_error = 0.0, unseen_crps = 0.0;
  std::size_t unseen = 0, unseen_in_band = 0;
};

/// Least squares over the counts of `drained` among the first `rows` rows; scored on the later
/// ones.
DrainFit fit_draining(const std::vector<Count>& counts, std::size_t rows);

}  // namespace wintergrid::calibrate
