#pragma once
// What not knowing cells of the tables does to the spread of a result.

#include <cstddef>
#include <cstdint>

#include "engine/montecarlo/tally.hpp"

namespace wintergrid::montecarlo {

/// Winters that are simulated again, at most: with other draws of the unknown cells, all else
/// equal.
inline constexpr std::uint64_t kWintersFilledAgain = 512;

/// A share of a variance with its 95 % interval; not-a-numbers where it cannot be told.
struct VarianceShare {
  double share = 0, low = 0, high = 0;
};

struct UnknownEffect {
  std::size_t winters = 0;     ///< simulated twice, both times without failure
  std::size_t differing = 0;   ///< in how many of them the filling made a difference
  double mean_difference = 0;  ///< mean of |first - second|, reported unit
  /// Of the variance between winters: what would go on average if the cells were known.
  VarianceShare of_winters;
  /// Of the variance of the expected result (over parameters and cells): the same.
  VarianceShare of_expectation;
};

/// Of one metric, from two runs of the same winters with different fillings of the unknown cells,
/// drawn once per `group` replications. `seed` addresses the resampling for the intervals.
UnknownEffect unknown_effect(const Tally& first, const Tally& second, std::size_t metric,
                             double per_unit, std::uint64_t group, std::uint64_t seed);

}  // namespace wintergrid::montecarlo
