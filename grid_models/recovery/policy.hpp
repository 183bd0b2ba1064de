#pragma once
// A policy chooses which waiting job a free crew takes. Decisions are pure functions of what the
// policy is shown.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "grid_models/core/time.hpp"
#include "grid_models/network/components.hpp"
#include "grid_models/recovery/jobs.hpp"

namespace wintergrid::recovery {

/// All five take stages that bring a component back before permanent repairs behind a temporary
/// fix; within each of the two groups the policy's own key decides, then first come (opened_at,
/// then component).
enum class PolicyKind : std::uint8_t {
  first_come = 0,   ///< opened first
  shortest_job,     ///< least crew time at the site in the next stage (travel is not looked at)
  most_households,  ///< most households behind the component
  critical_first,   ///< critical components, then most households
  priority_list     ///< lowest rank; components not listed come last
};
inline constexpr std::size_t kPolicyCount = 5;
std::string_view to_text(PolicyKind kind);

/// What a policy sees: open jobs in order of opening, and the model. It never sees the timeline.
struct PolicyView {
  const Model* model = nullptr;
  const ComponentTable* components = nullptr;
  std::span<const Job> jobs;
  Seconds now = 0;
};

/// A small object with a pure decision function.
class Policy {
 public:
  Policy() = default;
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;
  virtual ~Policy() = default;

  /// Which job to take: an index into view.jobs, one of `candidates`. Those are indices into
  /// view.jobs, ascending, at least one, all takeable now by the free crew. Ties go to the lowest
  /// index, which is the job that came first.
  virtual std::size_t choose(const PolicyView& view,
                             std::span<const std::uint32_t> candidates) const = 0;
};

/// The one instance of each policy; it has no state.
const Policy& policy(PolicyKind kind);

}  // namespace wintergrid::recovery
