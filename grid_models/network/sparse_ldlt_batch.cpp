// The numeric part (sparse_ldlt_lanes.inc) for several processors.

#include "grid_models/network/sparse_ldlt_batch.hpp"

#include <algorithm>
#include <utility>

#include "grid_models/core/contract.hpp"

namespace wintergrid {
namespace {

struct Pattern {
  std::size_t size = 0;
  const std::uint32_t *order = nullptr, *row_offset = nullptr, *row_column = nullptr,
                      *row_place = nullptr, *column_offset = nullptr, *row_of_l = nullptr,
                      *target = nullptr;
};

#if defined(__x86_64__)
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif
#define WINTERGRID_VECTOR_BYTES 32
namespace avx2 {
#include "grid_models/network/sparse_ldlt_lanes.inc"  // NOLINT(readability-duplicate-include)
}  // namespace avx2
#undef WINTERGRID_VECTOR_BYTES
#if defined(__clang__)
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#else
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f")
#endif
#define WINTERGRID_VECTOR_BYTES 64
namespace avx512 {
#include "grid_models/network/sparse_ldlt_lanes.inc"  // NOLINT(readability-duplicate-include)
}  // namespace avx512
#undef WINTERGRID_VECTOR_BYTES
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
#define WINTERGRID_VECTOR_BYTES 16
namespace base {
#include "grid_models/network/sparse_ldlt_lanes.inc"  // NOLINT(readability-duplicate-include)
}  // namespace base
#undef WINTERGRID_VECTOR_BYTES

}  // namespace

SparseLdltBatch::SparseLdltBatch(SparseLdlt pattern, Processor processor)
    : processor_(processor),
      pattern_(std::move(pattern)),
      value_(pattern_.row_of_l_.size() + pattern_.size()),
      work_(pattern_.size()) {
  const SparseLdlt& p = pattern_;
  const auto place = [&p](std::uint32_t row, std::uint32_t column) {
    const auto begin = p.row_of_l_.begin() + p.column_offset_[column];
    const auto end = p.row_of_l_.begin() + p.column_offset_[column + 1];
    return static_cast<std::uint32_t>(std::lower_bound(begin, end, row) - p.row_of_l_.begin());
  };
  for (std::uint32_t k = 0; k < p.size(); ++k) {
    for (std::uint32_t i = p.matrix_offset_[k]; i < p.matrix_offset_[k + 1]; ++i) {
      place_in_l_.push_back(place(k, p.matrix_row_[i]));
    }
    for (std::uint32_t i = p.column_offset_[k]; i < p.column_offset_[k + 1]; ++i) {
      for (std::uint32_t j = i + 1; j < p.column_offset_[k + 1]; ++j) {
        target_.push_back(place(p.row_of_l_[j], p.row_of_l_[i]));
      }
    }
  }
}

std::uint32_t SparseLdltBatch::place_of(std::uint32_t slot) const {
  const auto off_diagonals = static_cast<std::uint32_t>(place_in_l_.size());
  return slot < off_diagonals
             ? place_in_l_[slot]
             : static_cast<std::uint32_t>(pattern_.row_of_l_.size()) + slot - off_diagonals;
}

void SparseLdltBatch::factor(double weak_share) {
  const SparseLdlt& p = pattern_;
  Pattern at;
  at.size = p.size();
  at.column_offset = p.column_offset_.data();
  at.row_of_l = p.row_of_l_.data();
  at.target = target_.data();
  LaneValues* const l = value_.data();
  LaneValues* const inverse = l + p.row_of_l_.size();
  LaneValues* const work = work_.data();
  switch (processor_) {
#if defined(__x86_64__)
    case Processor::avx512:
      avx512::factor_all(at, weak_share, l, inverse, work);
      break;
    case Processor::avx2:
      avx2::factor_all(at, weak_share, l, inverse, work);
      break;
#endif
    default:
      base::factor_all(at, weak_share, l, inverse, work);
  }
}

void SparseLdltBatch::solve(std::span<LaneValues> x) {
  WG_EXPECT(x.size() == pattern_.size());
  const SparseLdlt& p = pattern_;
  Pattern at;
  at.size = p.size();
  at.order = p.order_.data();
  at.row_offset = p.row_offset_.data();
  at.row_column = p.row_column_.data();
  at.row_place = p.row_place_.data();
  at.column_offset = p.column_offset_.data();
  at.row_of_l = p.row_of_l_.data();
  const LaneValues* const l = value_.data();
  const LaneValues* const inverse = l + p.row_of_l_.size();
  LaneValues* const work = work_.data();
  LaneValues* const row = x.data();
  switch (processor_) {
#if defined(__x86_64__)
    case Processor::avx512:
      avx512::solve_all(at, l, inverse, work, row);
      break;
    case Processor::avx2:
      avx2::solve_all(at, l, inverse, work, row);
      break;
#endif
    default:
      base::solve_all(at, l, inverse, work, row);
  }
}

}  // namespace wintergrid
