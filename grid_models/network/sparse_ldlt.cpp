// L D L^T on a fixed pattern.
//
//   P A P^T = L D L^T                                L unit lower triangular, D diagonal
//   row k of L:  L(0..k-1, 0..k-1) D y = A(0..k-1, k),  L(k, i) = y_i
//   D(k) = A(k, k) - sum_i L(k, i)^2 D(i)
//
// P is a minimum-degree order by explicit elimination (ties to the lowest index): the graphs are
// planar-like and the order is found once per network. The numeric part is up-looking.
//
// Source: T. A. Davis, Direct Methods for Sparse Linear Systems, SIAM 2006, chapters 4 and 7.

#include "grid_models/network/sparse_ldlt.hpp"

#include <algorithm>
#include <cmath>

#include "grid_models/core/contract.hpp"

namespace wintergrid {
namespace {

using Neighbours = std::vector<std::vector<std::uint32_t>>;

Neighbours neighbours_of(std::size_t size,
                         std::span<const std::pair<std::uint32_t, std::uint32_t>> pairs) {
  Neighbours neighbours(size);
  for (const auto& [a, b] : pairs) {
    WG_CHECK(a < size && b < size, "matrix index out of range");
    if (a != b) {
      neighbours[a].push_back(b);
      neighbours[b].push_back(a);
    }
  }
  for (auto& list : neighbours) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
  return neighbours;
}

}  // namespace

SparseLdlt::SparseLdlt(std::size_t size,
                       std::span<const std::pair<std::uint32_t, std::uint32_t>> pairs)
    : order_(size), position_(size) {
  find_order(pairs);

  // Pattern of the permuted matrix; each pair learns its place so that assembly is one addition.
  std::vector<std::vector<std::uint32_t>> columns(size);
  for (const auto& [a, b] : pairs) {
    if (a != b) {
      columns[std::max(position_[a], position_[b])].push_back(std::min(position_[a], position_[b]));
    }
  }
  matrix_offset_.assign(1, 0);
  for (auto& column : columns) {
    std::sort(column.begin(), column.end());
    column.erase(std::unique(column.begin(), column.end()), column.end());
    matrix_row_.insert(matrix_row_.end(), column.begin(), column.end());
    matrix_offset_.push_back(static_cast<std::uint32_t>(matrix_row_.size()));
  }
  const auto off_diagonals = static_cast<std::uint32_t>(matrix_row_.size());
  diagonal_slot_.resize(size);
  for (std::size_t row = 0; row < size; ++row) {
    diagonal_slot_[row] = off_diagonals + position_[row];
  }
  for (const auto& [a, b] : pairs) {
    if (a == b) {
      pair_slot_.push_back(diagonal_slot_[a]);
      continue;
    }
    const std::uint32_t column = std::max(position_[a], position_[b]);
    const std::uint32_t row = std::min(position_[a], position_[b]);
    const auto place = std::lower_bound(matrix_row_.begin() + matrix_offset_[column],
                                        matrix_row_.begin() + matrix_offset_[column + 1], row);
    pair_slot_.push_back(static_cast<std::uint32_t>(place - matrix_row_.begin()));
  }
  value_.assign(off_diagonals + size, 0.0);

  // Row patterns of L: from each nonzero of column k climb the elimination tree until a row already
  // seen (Davis, 4.2).
  constexpr std::uint32_t kNone = UINT32_MAX;
  std::vector<std::uint32_t> parent(size, kNone);
  std::vector<std::uint32_t> seen_in(size, kNone);
  std::vector<std::vector<std::uint32_t>> row_pattern(size);
  std::vector<std::uint32_t> column_count(size, 0);
  for (std::uint32_t k = 0; k < size; ++k) {
    seen_in[k] = k;
    for (std::uint32_t p = matrix_offset_[k]; p < matrix_offset_[k + 1]; ++p) {
      for (std::uint32_t i = matrix_row_[p]; seen_in[i] != k; i = parent[i]) {
        seen_in[i] = k;
        row_pattern[k].push_back(i);
        ++column_count[i];
        if (parent[i] == kNone) {
          parent[i] = k;
        }
      }
    }
    std::sort(row_pattern[k].begin(), row_pattern[k].end());
  }
  column_offset_.assign(size + 1, 0);
  for (std::size_t i = 0; i < size; ++i) {
    column_offset_[i + 1] = column_offset_[i] + column_count[i];
  }
  row_of_l_.resize(column_offset_[size]);
  value_of_l_.assign(column_offset_[size], 0.0);
  row_offset_.assign(1, 0);
  std::vector<std::uint32_t> next(column_offset_.begin(), column_offset_.end() - 1);
  for (std::uint32_t k = 0; k < size; ++k) {
    for (const std::uint32_t i : row_pattern[k]) {
      row_of_l_[next[i]] = k;
      row_column_.push_back(i);
      row_place_.push_back(next[i]++);
    }
    row_offset_.push_back(static_cast<std::uint32_t>(row_column_.size()));
  }
  inverse_pivot_.assign(size, 1.0);
  work_.assign(size, 0.0);
  lane_work_.assign(kLanes * size, 0.0);
  weak_row_.assign(size, 0);
}

void SparseLdlt::find_order(std::span<const std::pair<std::uint32_t, std::uint32_t>> pairs) {
  const std::size_t size = order_.size();
  Neighbours neighbours = neighbours_of(size, pairs);
  std::vector<char> eliminated(size, 0);
  std::vector<std::uint32_t> merged;
  for (std::uint32_t step = 0; step < size; ++step) {
    std::uint32_t chosen = UINT32_MAX;
    for (std::uint32_t v = 0; v < size; ++v) {
      if (!eliminated[v] &&
          (chosen == UINT32_MAX || neighbours[v].size() < neighbours[chosen].size())) {
        chosen = v;
      }
    }
    order_[step] = chosen;
    position_[chosen] = step;
    eliminated[chosen] = 1;
    for (const std::uint32_t u : neighbours[chosen]) {
      merged.clear();
      std::set_union(neighbours[u].begin(), neighbours[u].end(), neighbours[chosen].begin(),
                     neighbours[chosen].end(), std::back_inserter(merged));
      neighbours[u].clear();
      for (const std::uint32_t other : merged) {
        if (other != u && other != chosen) {
          neighbours[u].push_back(other);
        }
      }
    }
    neighbours[chosen].clear();
  }
}

void SparseLdlt::clear() { std::fill(value_.begin(), value_.end(), 0.0); }

void SparseLdlt::factor(double weak_share) {
  const std::size_t size = order_.size();
  const double* const diagonal = value_.data() + matrix_row_.size();
  weak_count_ = 0;
  for (std::size_t k = 0; k < size; ++k) {
    for (std::uint32_t p = matrix_offset_[k]; p < matrix_offset_[k + 1]; ++p) {
      work_[matrix_row_[p]] = value_[p];
    }
    double pivot = diagonal[k];
    double largest = std::abs(pivot);
    for (std::uint32_t q = row_offset_[k]; q < row_offset_[k + 1]; ++q) {
      const std::uint32_t i = row_column_[q];
      const std::uint32_t place = row_place_[q];
      const double y = work_[i];
      work_[i] = 0.0;
      for (std::uint32_t p = column_offset_[i]; p < place; ++p) {
        work_[row_of_l_[p]] -= value_of_l_[p] * y;
      }
      const double l = y * inverse_pivot_[i];
      const double term = l * y;
      largest = std::max(largest, std::abs(term));
      pivot -= term;
      value_of_l_[place] = l;
    }
    if (!(std::abs(pivot) > weak_share * largest)) {
      weak_row_[weak_count_++] = order_[k];
      pivot = 1.0;
    }
    inverse_pivot_[k] = 1.0 / pivot;
  }
}

void SparseLdlt::solve(std::span<double> x) {
  const std::size_t size = order_.size();
  WG_EXPECT(x.size() == size);
  double* const y = work_.data();
  for (std::size_t k = 0; k < size; ++k) {
    y[k] = x[order_[k]];
  }
  for (std::size_t k = 0; k < size; ++k) {
    const double value = y[k];
    for (std::uint32_t p = column_offset_[k]; p < column_offset_[k + 1]; ++p) {
      y[row_of_l_[p]] -= value_of_l_[p] * value;
    }
  }
  for (std::size_t k = size; k-- > 0;) {
    double value = y[k] * inverse_pivot_[k];
    for (std::uint32_t p = column_offset_[k]; p < column_offset_[k + 1]; ++p) {
      value -= value_of_l_[p] * y[row_of_l_[p]];
    }
    y[k] = value;
  }
  for (std::size_t k = 0; k < size; ++k) {
    x[order_[k]] = y[k];
    y[k] = 0.0;  // factor() relies on a clean work vector
  }
}

void SparseLdlt::solve_lanes(std::span<double> x) {
  const std::size_t size = order_.size();
  WG_EXPECT(x.size() == kLanes * size);
  double* const work = lane_work_.data();
  for (std::size_t k = 0; k < size; ++k) {
    std::copy_n(x.data() + kLanes * order_[k], kLanes, work + kLanes * k);
  }
  for (std::size_t k = 0; k < size; ++k) {
    const double* const value = work + kLanes * k;
    for (std::uint32_t p = column_offset_[k]; p < column_offset_[k + 1]; ++p) {
      double* const target = work + kLanes * row_of_l_[p];
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        target[lane] -= value_of_l_[p] * value[lane];
      }
    }
  }
  for (std::size_t k = size; k-- > 0;) {
    double value[kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      value[lane] = work[kLanes * k + lane] * inverse_pivot_[k];
    }
    for (std::uint32_t p = column_offset_[k]; p < column_offset_[k + 1]; ++p) {
      const double* const source = work + kLanes * row_of_l_[p];
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        value[lane] -= value_of_l_[p] * source[lane];
      }
    }
    std::copy_n(value, kLanes, work + kLanes * k);
    std::copy_n(value, kLanes, x.data() + kLanes * order_[k]);
  }
}

}  // namespace wintergrid
