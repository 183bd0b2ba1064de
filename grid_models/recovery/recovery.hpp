#pragma once
// Crews, spares, jobs and policies. Every damaged component becomes a job with a temporary and a permanent stage; crews of
// one type travel between zones; a policy chooses which waiting job a free crew takes. Decisions are pure functions.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "grid_models/core/luck.hpp"
#include "grid_models/core/time.hpp"
#include "grid_models/network/components.hpp"

namespace wintergrid::recovery {

inline constexpr std::uint8_t kNoSpare = 255;

/// What one hit requires; drawn by the engine per (replication, component, hit).
struct RepairWork {
  Seconds temporary_seconds = 0;   ///< crew time at site until the temporary fix holds; 0: no temporary fix
  Seconds permanent_seconds = 0;   ///< crew time at site for the permanent repair (after the temporary one, if any)
  std::uint8_t spare = kNoSpare;   ///< spare type that the permanent stage consumes
  std::uint8_t spare_units = 0;
};

/// Const part.
struct Model {
  std::array<std::uint16_t, kCrewTypeCount> crews{};          ///< number of crews by type
  std::array<ZoneId, kCrewTypeCount> base_zone{};             ///< where they start
  double travel_km_per_h = 40.0;                              ///< assumption: winter roads
  std::vector<std::uint32_t> spare_stock;                     ///< by spare type
  std::vector<Seconds> spare_resupply_seconds;                ///< one unit per this time; kNever: none
  std::vector<Seconds> spare_lead_seconds;                    ///< delivery of an ordered unit when stock is out
  // what hangs on a component, for policies
  std::vector<std::uint32_t> component_households;            ///< households behind it (a stated approximation)
  std::vector<std::uint8_t> component_critical;               ///< 1: feeds a hospital, pumping station or heat source
  std::vector<std::uint32_t> priority_rank;                   ///< priority_list: rank by component, UINT32_MAX if not listed
};

struct Parameters {
  double hold_off_hours = 2.0;       ///< crews stay away from a fresh hit (domain 2.3, assumption)
  double duration_factor = 1.0;      ///< multiplies crew times
};

enum class PolicyKind : std::uint8_t {
  first_come = 0, shortest_job, most_households, critical_first, priority_list
};
inline constexpr std::size_t kPolicyCount = 5;
std::string_view to_text(PolicyKind kind);

enum class JobStage : std::uint8_t { waiting_temporary = 0, temporary, waiting_permanent, permanent, done };

struct Job {
  ComponentId component;
  CrewType crew = CrewType::lines;
  JobStage stage = JobStage::waiting_temporary;
  Seconds opened_at = 0;      ///< when damaged (first_come orders by it)
  Seconds not_before = 0;     ///< hold-off, or arrival of a spare
  Seconds stage_ends = kNever;
  RepairWork work;
  std::uint16_t crew_index = UINT16_MAX;  ///< the crew at work
  std::uint8_t spare_reserved = 0;
};

struct CrewState {
  ZoneId zone;                 ///< where the crew is, or where it works
  Seconds busy_until = 0;      ///< 0: free
};

/// What a policy sees: open jobs in order of opening, and the model. It never sees the timeline.
struct PolicyView {
  const Model* model = nullptr;
  const ComponentTable* components = nullptr;
  std::span<const Job> jobs;
  Seconds now = 0;
};

/// A small object with a pure decision function: which of the candidate jobs (indices into view.jobs, all takeable now by the
/// free crew) to take. Ties go to the lowest index.
class Policy {
 public:
  Policy() = default;
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;
  virtual ~Policy() = default;
  virtual std::size_t choose(const PolicyView& view, std::span<const std::uint32_t> candidates) const = 0;
};
/// The one instance of each policy; it has no state.
const Policy& policy(PolicyKind kind);

/// A repair event: the component is now temporarily or fully repaired.
struct Repaired {
  ComponentId component;
  bool permanent = false;
};

struct State {
  std::vector<Job> jobs;                 ///< open jobs, in order of opening; finished ones are removed
  std::vector<CrewState> crews;          ///< by type, then index
  std::vector<std::uint32_t> spare_stock;
  std::vector<Seconds> spare_next;       ///< next resupply
  std::uint64_t jobs_done = 0;
  Seconds crew_seconds_worked = 0;
};

/// Scratch for one thread; nothing allocates after construction except jobs beyond the reserved number.
class Recovery {
 public:
  Recovery(const Model& model, const ComponentTable& components, const ZoneTable& zones);

  State initial_state() const;

  /// A component was hit at `now`: opens a job, or worsens the open one (a re-hit interrupts work at the site: the crew
  /// leaves, the stage starts again with the longer work of the two).
  void hit(State& state, const Parameters& parameters, Seconds now, ComponentId component, const RepairWork& work) const;

  /// Finishes stages that end at or before `now` (in order of end, then component) and appends them to `repaired`; then
  /// lets free crews choose. Call at every moment.
  void advance(State& state, const Parameters& parameters, const Policy& policy, Seconds now,
               std::vector<Repaired>& repaired) const;

  /// The next moment at which something finishes or becomes takeable; kNever if nothing is under way.
  Seconds next_event(const State& state) const;

 private:
  const Model* model_;
  const ComponentTable* components_;
  const ZoneTable* zones_;
  std::vector<std::size_t> first_crew_;  ///< of each type
};

}  // namespace wintergrid::recovery
