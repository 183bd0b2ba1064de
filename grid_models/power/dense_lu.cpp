// P A = L U by Gaussian elimination with partial pivoting.
// Source: G. H. Golub, C. F. Van Loan, Matrix Computations, 4th edition, 2013, algorithm 3.4.1.

#include "grid_models/power/dense_lu.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "grid_models/core/contract.hpp"

namespace wintergrid::power {
namespace {

// A pivot this small against the matrix's largest entry leaves no correct digit.
constexpr double kSingularShare = 1e-14;

}  // namespace

bool DenseLu::factor(std::size_t size, std::vector<double> matrix) {
  WG_CHECK(matrix.size() == size * size, "matrix is not square");
  size_ = size;
  matrix_ = std::move(matrix);
  row_swap_.assign(size, 0);
  double largest = 0.0;
  for (const double value : matrix_) {
    largest = std::max(largest, std::abs(value));
  }
  for (std::size_t k = 0; k < size; ++k) {
    std::size_t pivot_row = k;
    for (std::size_t i = k + 1; i < size; ++i) {
      if (std::abs(matrix_[i * size + k]) > std::abs(matrix_[pivot_row * size + k])) {
        pivot_row = i;
      }
    }
    if (!(std::abs(matrix_[pivot_row * size + k]) > kSingularShare * largest)) {
      return false;
    }
    row_swap_[k] = static_cast<std::uint32_t>(pivot_row);
    for (std::size_t j = 0; pivot_row != k && j < size; ++j) {
      std::swap(matrix_[k * size + j], matrix_[pivot_row * size + j]);
    }
    for (std::size_t i = k + 1; i < size; ++i) {
      const double multiplier = matrix_[i * size + k] / matrix_[k * size + k];
      matrix_[i * size + k] = multiplier;
      for (std::size_t j = k + 1; multiplier != 0.0 && j < size; ++j) {
        matrix_[i * size + j] -= multiplier * matrix_[k * size + j];
      }
    }
  }
  return true;
}

void DenseLu::solve(std::span<double> x) const {
  WG_EXPECT(x.size() == size_);
  for (std::size_t k = 0; k < size_; ++k) {
    std::swap(x[k], x[row_swap_[k]]);
  }
  for (std::size_t k = 0; k < size_; ++k) {
    for (std::size_t j = 0; j < k; ++j) {
      x[k] -= matrix_[k * size_ + j] * x[j];
    }
  }
  for (std::size_t k = size_; k-- > 0;) {
    for (std::size_t j = k + 1; j < size_; ++j) {
      x[k] -= matrix_[k * size_ + j] * x[j];
    }
    x[k] /= matrix_[k * size_ + k];
  }
}

}  // namespace wintergrid::power
