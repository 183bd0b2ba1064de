#pragma once
// Rows of indices in compressed form. Items of a row keep ascending order, so that no result
// depends on a hash.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "grid_models/core/contract.hpp"

namespace wintergrid {

struct Csr {
  std::vector<std::uint32_t> offset{0};
  std::vector<std::uint32_t> item;

  std::size_t row_count() const { return offset.size() - 1; }
  std::span<const std::uint32_t> row(std::size_t index) const {
    return std::span<const std::uint32_t>(item).subspan(offset[index],
                                                        offset[index + 1] - offset[index]);
  }
};

/// Inverts item -> row: row r of the result holds every i with row_of_item[i] == r, ascending.
/// Entries of UINT32_MAX belong to no row.
inline Csr group_by(std::span<const std::uint32_t> row_of_item, std::size_t row_count) {
  Csr csr;
  csr.offset.assign(row_count + 1, 0);
  for (const std::uint32_t row : row_of_item) {
    if (row != UINT32_MAX) {
      WG_EXPECT(row < row_count);
      ++csr.offset[row + 1];
    }
  }
  for (std::size_t row = 0; row < row_count; ++row) {
    csr.offset[row + 1] += csr.offset[row];
  }
  csr.item.resize(csr.offset[row_count]);
  std::vector<std::uint32_t> next(csr.offset.begin(), csr.offset.end() - 1);
  for (std::size_t i = 0; i < row_of_item.size(); ++i) {
    if (row_of_item[i] != UINT32_MAX) {
      csr.item[next[row_of_item[i]]++] = static_cast<std::uint32_t>(i);
    }
  }
  return csr;
}

}  // namespace wintergrid
