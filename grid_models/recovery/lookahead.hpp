#pragma once
// Rollout: try each of the best candidates, go on as the base policy would, and take the one whose
// future costs the fewest household-hours.

#include <cstddef>
#include <cstdint>
#include <span>

#include "grid_models/recovery/policy.hpp"

namespace wintergrid::recovery {

/// Households behind the component per second of travel and work of one crew from `crew_zone`.
double households_per_crew_second(const PolicyView& view, const Job& job, ZoneId crew_zone);

/// Its future is one, and its own: nothing more is hit, work takes what is known of it, crews of
/// the type serve the jobs of the type that bring a component back, one crew a job, round the
/// clock; jobs that wait for a spare are left out. The base policy is households_per_crew_hour.
/// Where no candidate brings a component back, the base policy decides.
class Lookahead final : public Policy {
 public:
  static constexpr std::size_t kMostTried = 8;   ///< candidates that are rolled out
  static constexpr std::size_t kMostJobs = 64;   ///< jobs of a future: the best by the base policy
  static constexpr std::size_t kMostCrews = 64;  ///< crews of a future: the first to be free

  /// Ties go to the candidate that the base policy prefers.
  std::size_t choose(const PolicyView& view,
                     std::span<const std::uint32_t> candidates) const override;
};

}  // namespace wintergrid::recovery
