#pragma once
// L D L^T of eight matrices of the same pattern at once. Each lane gets the bits that SparseLdlt
// would give it.

#include <span>
#include <vector>

#include "grid_models/network/lanes.hpp"
#include "grid_models/network/sparse_ldlt.hpp"

namespace wintergrid {

class SparseLdltBatch {
 public:
  explicit SparseLdltBatch(SparseLdlt pattern, Processor processor = best_processor());

  /// Values to set anew before every factor(), which overwrites them. Fill-in is 0 among them.
  std::span<LaneValues> values() { return value_; }
  /// Where in values() stands what is at `slot` in those of SparseLdlt.
  std::uint32_t place_of(std::uint32_t slot) const;
  void factor(double weak_share = 1e-11);
  /// Overwrites `x`, by row in the caller's numbering.
  void solve(std::span<LaneValues> x);

 private:
  Processor processor_;
  SparseLdlt pattern_;
  std::vector<std::uint32_t> place_in_l_;  // by off-diagonal
  std::vector<std::uint32_t> target_;      // of each product of two entries of a column
  std::vector<LaneValues> value_;          // L by columns, then the diagonal
  std::vector<LaneValues> work_;
};

}  // namespace wintergrid
