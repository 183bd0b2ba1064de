#pragma once
// L D L^T of a sparse symmetric matrix whose pattern never changes: ordering and fill are found
// once, values many times.

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace wintergrid {

class SparseLdlt {
 public:
  /// Pattern of a size x size matrix: its diagonal and the given off-diagonal pairs (either order,
  /// repetitions allowed).
  SparseLdlt(std::size_t size, std::span<const std::pair<std::uint32_t, std::uint32_t>> pairs);

  /// Places for values: add into values()[diagonal_slot(i)] and values()[slots()[pair]] after
  /// clear().
  void clear();
  std::span<double> values() { return value_; }
  std::uint32_t diagonal_slot(std::size_t row) const { return diagonal_slot_[row]; }
  std::span<const std::uint32_t> pair_slots() const { return pair_slot_; }

  /// Factors without pivoting. A pivot that has cancelled to nothing (`weak_share` of its terms) is
  /// replaced by 1 and its row is reported; rows not connected to such a row are still correct.
  /// `weak_share`: how far a pivot may cancel before it counts as nothing.
  void factor(double weak_share = 1e-11);
  std::span<const std::uint32_t> weak_rows() const { return {weak_row_.data(), weak_count_}; }

  /// Overwrites `x` (in the caller's numbering) by the solution.
  void solve(std::span<double> x);

  /// The same for kLanes right-hand sides at once: entry (row, lane) at kLanes * row + lane. Each
  /// gets the bits that solve() would give it.
  static constexpr std::size_t kLanes = 4;
  void solve_lanes(std::span<double> x);

  std::size_t size() const { return order_.size(); }
  std::size_t nonzeros_of_l() const { return row_of_l_.size(); }

 private:
  friend class SparseLdltBatch;  // shares the pattern
  void find_order(std::span<const std::pair<std::uint32_t, std::uint32_t>> pairs);

  std::vector<std::uint32_t> order_;     // position -> row
  std::vector<std::uint32_t> position_;  // row -> position
  // Strictly upper part of the permuted matrix by columns: rows of column k in matrix_row_,
  // ascending.
  std::vector<std::uint32_t> matrix_offset_;
  std::vector<std::uint32_t> matrix_row_;
  std::vector<std::uint32_t> diagonal_slot_;
  std::vector<std::uint32_t> pair_slot_;
  std::vector<double> value_;  // off-diagonals, then diagonals
  // L by columns, and by rows as places in the columns.
  std::vector<std::uint32_t> column_offset_;
  std::vector<std::uint32_t> row_of_l_;
  std::vector<double> value_of_l_;
  std::vector<std::uint32_t> row_offset_;
  std::vector<std::uint32_t> row_column_;
  std::vector<std::uint32_t> row_place_;
  std::vector<double> inverse_pivot_;
  std::vector<double> work_;
  std::vector<double> lane_work_;
  std::vector<std::uint32_t> weak_row_;
  std::size_t weak_count_ = 0;
};

}  // namespace wintergrid
