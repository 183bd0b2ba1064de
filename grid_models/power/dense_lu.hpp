#pragma once
// Dense L U with partial pivoting: what remains for a matrix on which the sparse L D L^T without
// pivoting fails.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace wintergrid::power {

/// Rows are stored one after another. Allocates: it serves the exception, not the loop.
class DenseLu {
 public:
  /// Factors the size x size matrix. False if it is singular to working precision.
  bool factor(std::size_t size, std::vector<double> matrix);
  /// Overwrites the right-hand side by the solution. Needs a factor() that returned true.
  void solve(std::span<double> x) const;

 private:
  std::size_t size_ = 0;
  std::vector<double> matrix_;
  std::vector<std::uint32_t> row_swap_;
};

}  // namespace wintergrid::power
