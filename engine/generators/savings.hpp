#pragma once
// What sets save: the same winters with and without them.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/generators/stock.hpp"
#include "engine/generators/winters.hpp"
#include "engine/montecarlo/estimate.hpp"
#include "engine/scenario/scenario.hpp"

namespace wintergrid::generators {

/// Household-hours that are no longer lost: difference of the same winters, with 95 % interval.
struct Saved {
  std::array<montecarlo::Paired, kServiceCount> service;
  montecarlo::Paired all;             ///< the three services added up
  montecarlo::Paired facility_hours;  ///< fewer without grid and set
  std::vector<std::array<montecarlo::Paired, kServiceCount>> zone;
};
Saved saved(std::span<const Winter> without, std::span<const Winter> with, std::uint64_t first,
            std::uint64_t group);

enum class VariantKind : std::uint8_t { single, bundle, alternative };

/// Something that could be bought.
struct Variant {
  std::string name;  ///< "heating_point"
  std::string what;  ///< in words
  VariantKind kind = VariantKind::single;
  Allocation allocation;
  std::vector<std::string> parts;  ///< of a bundle: names of variants
};

/// Sets at every facility without one of its own: by kind that households hang on; bundles that
/// work together (boiler houses and the heating points behind them; works and pumping stations of
/// a supply path; all); cogeneration at boiler houses as an alternative. Empty ones are left out.
std::vector<Variant> variants_of(const Winters& winters);

struct Saving {
  Variant variant;
  std::uint32_t units = 0;     ///< sets, or boilers
  std::optional<double> cost;  ///< of all of them, USD; none: no price is known
  Saved saved;
  /// Of a bundle: what it saves beyond the sum of its parts alone, household-hours.
  std::optional<montecarlo::Paired> beyond_parts;
};

/// Each variant on the winters `without`, numbered from `first`.
std::vector<Saving> savings_of(Winters& winters, std::uint64_t first,
                               std::span<const Winter> without, const Costs& costs);

/// Twice the scenario's stock of modular boilers, on the same winters; nothing if it has none.
std::optional<Saving> mobile_boilers_doubled(const scenario::Scenario& scenario,
                                             const Facilities& facilities, int threads,
                                             const std::atomic<bool>* stop, std::uint64_t seed,
                                             std::uint64_t first, std::span<const Winter> without);

}  // namespace wintergrid::generators
