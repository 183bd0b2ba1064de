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
  /// Spread of the expected result over parameters alone; not a number where it cannot be told
  /// from chance: too few winters, or chance outweighs it.
  double p05_parameters = 0, p95_parameters = 0;
  double parameter_variance_share = 0;  ///< of the variance between replications, 0..1
};

/// Results of the replications that succeeded.
struct Values {
  std::vector<double> value;
  std::vector<std::uint64_t> replication;  ///< whose value it is; ascending
};

/// Replications r with equal r / `group` share parameters (1: none do). The interval of the mean
/// comes from the group means. The parameter spread is that of the means of complete groups, shrunk
/// towards the mean by sqrt(vB / (vB + vW / group)), where vB is the variance between and vW within
/// parameter draws (one-way random effects, Searle, Casella, McCulloch 1992). No value gives
/// nothing but not-a-numbers; a single one has ci95 = [0, infinity).
Estimate estimate(const Values& values, std::uint64_t group);
/// The same for replications 0, 1, 2 ... without a gap.
Estimate estimate(std::span<const double> values, std::uint64_t group);

/// Smallest value with at least a share `p` of the values at or below it, and the order statistics
/// between which the true quantile lies with 95 % (David and Nagaraja 2003).
struct Quantile {
  double value = 0, low = 0, high = 0;
};
/// Of at least one value.
Quantile quantile(std::span<const double> values, double p);

/// The metric's values in its reported unit.
Values values_of(const Tally& tally, std::size_t metric, double per_unit);

/// The interval of the mean of `count` replications of which `failed` have no result.
Estimate widened(Estimate result, double failed, std::uint64_t count, double failed_bound);

/// Of one metric of a tally. Failed replications widen the interval of the mean: they are counted
/// as 0 in its lower end and as `failed_bound` (reported unit; infinite if there is none) in its
/// upper end.
Estimate estimate(const Tally& tally, std::size_t metric, double per_unit, std::uint64_t group,
                  double failed_bound);

/// Difference A - B of paired replications.
struct Paired {
  std::size_t winters = 0;  ///< that could be paired
  double mean = 0, ci95_low = 0, ci95_high = 0;
  double share_a_smaller =
      0;  ///< of replications in which A is less than B (A wins, since metrics are losses)
  double share_equal = 0;
};
/// Of the replications that are in both.
Paired paired(const Values& a, const Values& b, std::uint64_t group);

/// Quantile of a histogram as the upper edge of its bin, in units of the full scale: bins of
/// 1/bins, bin 0 exact zero.
double histogram_quantile(std::span<const std::uint64_t> counts, double probability);

}  // namespace wintergrid::montecarlo
