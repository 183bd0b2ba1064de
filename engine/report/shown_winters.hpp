#pragma once
// Two winters of a run, gone through again to be shown day by day: one like the median and one that
// only one in twenty exceeds.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/montecarlo/prepare.hpp"
#include "engine/montecarlo/tally.hpp"

namespace wintergrid::report {

struct ShownWinter {
  std::string kind;  ///< "median" or "severe"
  std::uint64_t replication = 0;
  /// Household-hours lost, by service: [zone * days + day].
  std::array<std::vector<std::uint32_t>, kServiceCount> zone_day_household_hours;
};

/// By household-hours lost over all modelled services: the lower median, and the first winter that
/// at least 95 % do not exceed; ties by replication. Winters that failed do not count; empty if all
/// did.
std::vector<ShownWinter> shown_winters(const montecarlo::Case& which, recovery::PolicyKind policy,
                                       const montecarlo::Tally& tally);

}  // namespace wintergrid::report
