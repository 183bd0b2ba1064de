#pragma once
// Sets at hand and what sets cost; who can be served with a stock.

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "engine/generators/facilities.hpp"
#include "engine/io/source_text.hpp"
#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::generators {

/// Sets of one prime rating.
struct StockItem {
  double rating_kw = 0.0;
  std::uint32_t count = 0;
  double cost = std::numeric_limits<double>::quiet_NaN();  ///< of one, USD; not a number: not given
};

/// CSV with the columns class_kw (upper bound of a size class: 10, 30, 100, 250, 500 or 1000) or
/// rating_kw (prime kW), count, and optionally cost (USD of one set). Largest rating first; reports
/// what is wrong, all of it.
std::vector<StockItem> read_stock(const io::SourceText& source, Diagnostics& diagnostics);

/// USD by size class, from data/generators/set_costs.csv.
struct ClassCost {
  double typical = 0.0, low = 0.0, high = 0.0;
  std::string source, confidence;
};
struct Costs {
  std::array<ClassCost, kSetClassCount> diesel{};
  std::array<ClassCost, kSetClassCount> cogeneration{};
};
/// The bundled table.
const Costs& bundled_costs();
/// Reads such a table: technology, class_kw ("over_1000" for the last), typical_usd, low_usd,
/// high_usd, confidence, source.
Costs read_costs(const io::SourceText& source, Diagnostics& diagnostics);

/// Can each of these facilities have a set of its own that is large enough? A set may be larger
/// than required, never smaller.
bool can_serve(std::span<const StockItem> stock, const Facilities& facilities,
               std::span<const std::uint32_t> served);

/// By facility of `served`: index into the stock of the smallest set that is left for it, the
/// largest requirements first (ties: lowest index). All must fit.
std::vector<std::uint32_t> hand_out(std::span<const StockItem> stock, const Facilities& facilities,
                                    std::span<const std::uint32_t> served);

}  // namespace wintergrid::generators
