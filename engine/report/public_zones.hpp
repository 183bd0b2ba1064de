#pragma once
// Zones as they may be shown to everybody: none of fewer than 1,000 households.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/montecarlo/tally.hpp"
#include "grid_models/system/model.hpp"

namespace wintergrid::report {

inline constexpr std::uint64_t kSmallestPublicZone = 1000;  ///< households

struct PublicZone {
  std::vector<std::size_t> zones;  ///< indices of the model's; more than one where merged
  std::uint64_t households = 0;
  bool merged = false;  ///< "others": small zones together, without name and place
  std::array<double, kServiceCount> household_hours_mean{};
  /// Households without for so long on end.
  std::array<std::array<double, kZoneThresholdCount>, kServiceCount> over_mean{};
};

/// Zones of at least 1,000 households one by one, in the model's order; the smaller ones together
/// at the end. Where those have fewer than 1,000 households together, the smallest other zone goes
/// with them, since otherwise the total less the zones shown would give them away. Empty if all
/// together have fewer than 1,000. Means over the replications that did not fail.
std::vector<PublicZone> public_zones(const Model& model, const montecarlo::Tally& tally);

}  // namespace wintergrid::report
