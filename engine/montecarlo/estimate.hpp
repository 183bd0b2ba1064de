#pragma once
// From rows of integers to means, quantiles and their intervals.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/montecarlo/tally.hpp"

namespace wintergrid::montecarlo {

/// Replications 2i and 2i + 1 share their parameter draw, so that the spread over parameters can be
/// told from the spread over chance (nested design with the smallest possible group, which costs
/// the mean least).
inline constexpr std::uint64_t kReplicationsPerParameterDraw = 2;

struct Estimate {
  double mean = 0;
  double ci95_low = 0, ci95_high = 0;  ///< of the mean: Student t on the means of parameter groups
  double p05 = 0, p50 = 0, p95 = 0;    ///< over replications: order statistics
  double p05_low = 0, p05_high = 0, p50_low = 0, p50_high = 0, p95_low = 0,
         p95_high = 0;  ///< 95 % order-statistic intervals
  double p05_parameters = 0,
         p95_parameters = 0;            ///< spread of the expected result over parameters alone
  double parameter_variance_share = 0;  ///< of the variance between replications, 0..1
};

/// `values` in replication order, failed ones left out; `group` replications in a row share
/// parameters (1: none do). The parameter spread is that of the group means, shrunk towards the
/// mean by sqrt(vB / (vB + vW / group)), where vB is the variance between and vW within parameter
/// draws (one-way random effects, Searle, Casella, McCulloch 1992). An empty list gives zeros; a
/// single value has an interval of zero width only in name: ci95 = [0, infinity).
Estimate estimate(std::span<const double> values, std::uint64_t group);

/// The metric's values in its reported unit, failed replications left out.
std::vector<double> values_of(const Tally& tally, std::size_t metric, double per_unit);

/// Of one metric of a tally. Failed replications widen the interval of the mean: they are counted
/// as 0 in its lower end and as `failed_bound` (reported unit) in its upper end.
Estimate estimate(const Tally& tally, std::size_t metric, double per_unit, std::uint64_t group,
                  double failed_bound);

/// Difference A - B of paired replications.
struct Paired {
  double mean = 0, ci95_low = 0, ci95_high = 0;
  double share_a_smaller =
      0;  ///< of replications in which A is less than B (A wins, since metrics are losses)
  double share_equal = 0;
};
Paired paired(std::span<const double> a, std::span<const double> b, std::uint64_t group);

/// Quantile of a histogram as the upper edge of its bin, in units of the full scale: bins of
/// 1/bins, bin 0 exact zero.
double histogram_quantile(std::span<const std::uint64_t> counts, double probability);

}  // namespace wintergrid::montecarlo
