#pragma once
// Where the sets at hand save most household-hours, by simulating the same winters again.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/generators/stock.hpp"
#include "engine/generators/winters.hpp"

namespace wintergrid::generators {

struct SearchLimits {
  std::size_t singles = 160;           ///< facilities looked at by simulation, most promising first
  std::size_t bundles = 60;            ///< likewise, of facilities that need each other
  std::size_t swap_facilities = 10;    ///< on either side of the swap pass
  std::uint64_t simulations = 15'000;  ///< winters, after which the search takes what it has
};

struct Chosen {
  std::vector<std::uint32_t> served;  ///< facilities, in the order of choice
  std::size_t for_households = 0;  ///< of them, by household-hours; the rest by hours in the dark
  std::int64_t saved_seconds = 0;  ///< household-seconds in the winters that chose; flattering
  std::size_t swaps = 0;
  std::uint64_t simulations = 0;  ///< winters simulated for it
  bool out_of_budget = false;
};

/// Chooses on the winters first .. first + count - 1. Objective: household-hours without power,
/// heat or water, added up. Lazy greedy over facilities and bundles, by saving per set; then swaps
/// of one for one; what is left of the stock goes where facilities are longest without supply.
Chosen choose_by_saving(Winters& winters, std::span<const StockItem> stock, std::uint64_t first,
                        std::uint64_t count, const SearchLimits& limits = {});

/// Zones in turn, the one with the most households per set it has next (D'Hondt); within a zone the
/// largest requirement that a set is left for.
std::vector<std::uint32_t> choose_by_population(const Facilities& facilities,
                                                std::span<const StockItem> stock);

/// Hospitals, then water works, pumping stations, sewage lifts, boiler houses, heating points,
/// shelters, schools, the rest; within a kind the zone with the most households first.
std::vector<std::uint32_t> choose_hospitals_first(const Facilities& facilities,
                                                  std::span<const StockItem> stock);

Allocation allocation_of(const Facilities& facilities, std::span<const std::uint32_t> served);

}  // namespace wintergrid::generators
