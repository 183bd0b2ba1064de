#pragma once
// Paces of recovery from counts of buildings (or consumers) without heat.

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "engine/io/source_text.hpp"
#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::calibrate {

/// A count at a time since the loss.
struct Count {
  double day = 0.0;
  double without_heat = 0.0;
  double drained = std::numeric_limits<double>::quiet_NaN();  ///< until then; NaN: not counted
};

/// CSV with columns `day` (since the loss, ascending, parts of a day as well), `without_heat` and,
/// optionally, `drained`; others are left alone. Reports what is wrong.
std::vector<Count> read_counts(const io::SourceText& source, Diagnostics& diagnostics);

struct RecoveryPace {
  double heat_back_days = 0.0;        ///< from the loss until there is heat to refill with
  double refill_share_per_day = 0.0;  ///< of the drained
  double needs_crew_share = 0.0;      ///< of the refilled: they leak
  double repairs_per_day = 0.0;       ///< by all crews
};

/// Buildings without heat, of `drained`, at a time: refilled at a constant pace; those that leak
/// queue for the crews.
double without_heat(const RecoveryPace& pace, double drained, double day);

/// Which paces the counts tell: false where half or double of the fitted value fits as well.
struct RecoveryTold {
  bool heat_back = false, refill = false, needs_crew = false, repairs = false;
  std::size_t spare_counts = 0;  ///< beyond one for each parameter
};

struct RecoveryFit {
  RecoveryTold told;
  RecoveryPace pace;
  RecoveryPace lowest, highest;    ///< over fits that leave out one count, and as good ones
  std::size_t fitted = 0;          ///< counts used, from the first on
  std::vector<double> model;       ///< at every count
  std::vector<double> low, high;   ///< 80 % band at every count
  double residual_rms = 0.0;       ///< of the fitted, as a share of the first count
  double unseen_mean_error = 0.0;  ///< mean absolute error of the rest, likewise; 0 if none
  double unseen_crps = 0.0;        ///< likewise
  std::size_t unseen_in_band = 0;
};

/// Least squares over the first `fitted` counts (at least 4; more than there are: all but none).
/// The time until heat is back is fitted from 6 counts on, else 0.
RecoveryFit fit_recovery(const std::vector<Count>& counts, std::size_t fitted);

}  // namespace wintergrid::calibrate
