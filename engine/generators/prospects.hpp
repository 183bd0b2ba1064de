#pragma once
// Which facilities, alone or together, are worth simulating with a set.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/generators/stock.hpp"
#include "engine/generators/winters.hpp"

namespace wintergrid::generators {

/// Facilities, ascending.
using Members = std::vector<std::uint32_t>;

/// What winters as they are tell.
struct Prospects {
  std::vector<Winter> without;
  Potential potential;                      ///< summed over the winters, by facility
  std::vector<std::uint32_t> dark_winters;  ///< in which it lost its grid supply, by facility
};
Prospects look_for_prospects(Winters& winters, std::uint64_t first, std::uint64_t count);

/// Has it no set, lost it grid supply, and is there a set large enough?
bool is_candidate(const Prospects& prospects, const Facilities& facilities,
                  std::span<const StockItem> stock, std::size_t facility);

/// Single facilities with households downstream who were without heat or water in the meantime,
/// most first, at most `singles`; then at most `bundles` pairs and half as many larger groups that
/// share a network and lose grid supply in the same winters.
std::vector<Members> promising(const Winters& winters, const Prospects& prospects,
                               std::span<const StockItem> stock, std::size_t singles,
                               std::size_t bundles);

}  // namespace wintergrid::generators
