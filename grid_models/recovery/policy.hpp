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

/// All take stages that bring a component back before permanent repairs behind a temporary fix;
/// within each of the two groups the policy's own key decides, then first come (opened_at, then
/// component).
enum class PolicyKind : std::uint8_t {
  first_come = 0,   ///< opened first
  shortest_job,     ///< least crew time at the site in the next stage (travel is not looked at)
  most_households,  ///< most households behind the component
  critical_first,   ///< critical components, then most households
  priority_list,    ///< lowest rank; components not listed come last
  nearest,          ///< shortest road from where the crew is
  households_per_crew_hour,  ///< most households per hour of travel and work of the next stage
  coldest_first,             ///< lowest mean indoor temperature behind the component
  marginal_benefit,  ///< most households that regain a service if it alone came back now, as solved
                     ///< in the networks; then most households
  lookahead          ///< least household-hours in a future of its own; see lookahead.hpp
};
inline constexpr std::size_t kPolicyCount = 10;
std::string_view to_text(PolicyKind kind);

/// What policies may ask about the networks, answered by whoever holds them, for the present
/// moment. The answers are functions of the present state only.
class NetworkView {
 public:
  NetworkView() = default;
  NetworkView(const NetworkView&) = delete;
  NetworkView& operator=(const NetworkView&) = delete;
  virtual ~NetworkView() = default;

  /// Mean over the households behind the component, C; +infinity where there are none.
  virtual double indoor_c(ComponentId component) = 0;
  /// Household-services (a household counts once for each of its services) that would come back if
  /// the next stage of this job alone were done now. May be negative.
  virtual std::int64_t households_regained(const Job& job) = 0;
};

/// What a policy sees: open jobs in order of opening, the crew, and the model. It never sees the
/// timeline.
struct PolicyView {
  const Model* model = nullptr;
  const ComponentTable* components = nullptr;
  const ZoneTable* zones = nullptr;
  std::span<const Job> jobs;
  Seconds now = 0;
  double duration_factor = 1.0;  ///< as in Parameters
  ZoneId crew_zone;              ///< where the free crew is
  /// All crews of its type that have come, it among them.
  std::span<const CrewState> crews;
  NetworkView* network = nullptr;  ///< not null for a policy with looks_into_network()
};

/// Road time, rounded to whole seconds.
Seconds travel_seconds(const Model& model, const ZoneTable& zones, ZoneId from, ZoneId to);

/// Crew time at the site of the next (or present) stage when `crews` share it, rounded.
Seconds shared_work_seconds(const Job& job, double duration_factor, std::uint16_t crews);

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

  /// Whether it asks households_regained(), for which the caller must be ready.
  virtual bool looks_into_network() const { return false; }
};

/// The one instance of each policy; it has no state.
const Policy& policy(PolicyKind kind);

}  // namespace wintergrid::recovery
