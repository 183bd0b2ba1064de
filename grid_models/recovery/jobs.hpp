#pragma once
// What recovery works with: the const Model, the damaged components as jobs, crews, spares, and the
// copyable State.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "grid_models/core/id.hpp"
#include "grid_models/core/time.hpp"
#include "grid_models/network/components.hpp"

namespace wintergrid::recovery {

inline constexpr std::uint8_t kNoSpare = 255;

/// What one hit requires; drawn by the engine per (replication, component, hit). At least one of
/// the two times is > 0.
struct RepairWork {
  /// Crew time at site until the temporary fix holds; 0: no temporary fix is possible.
  Seconds temporary_seconds = 0;
  /// Crew time at site for the permanent repair; 0: the temporary fix is all there is to do.
  Seconds permanent_seconds = 0;
  /// Spare type that the permanent stage consumes. A component uses one type.
  std::uint8_t spare = kNoSpare;
  std::uint8_t spare_units = 0;  ///< 0 with kNoSpare

  friend bool operator==(const RepairWork&, const RepairWork&) = default;
};

/// When the crews of a type work each day. Outside it they neither set out nor continue: time there
/// does not count.
struct Shift {
  Seconds starts = 0;              ///< of the local day, 0..86399
  Seconds lasts = kSecondsPerDay;  ///< 1..86400; a whole day: round the clock

  friend bool operator==(const Shift&, const Shift&) = default;
};

/// How many crews share one job: a stage starts with at least `minimum` of them and takes as many
/// free ones as it can use, up to `maximum`.
struct Team {
  std::uint16_t minimum = 1;
  std::uint16_t maximum = 1;
};

/// Crews that come later, to stay.
struct Reinforcement {
  CrewType type = CrewType::lines;
  std::uint16_t crews = 0;
  Seconds from = 0;  ///< when they are ready at their zone
  ZoneId zone;
};

/// Const part. The spare vectors have one entry per spare type, the component vectors one per
/// component.
struct Model {
  std::array<std::uint16_t, kCrewTypeCount> crews{};  ///< number of crews by type
  std::array<ZoneId, kCrewTypeCount> base_zone{};     ///< where they start
  std::vector<Reinforcement> reinforcements;          ///< in addition to `crews`
  std::array<Shift, kCrewTypeCount> shift{};
  std::array<Team, kCrewTypeCount> team{};
  Seconds local_time_at_start = 0;              ///< of the local day at time 0; shifts go by it
  double travel_km_per_h = 40.0;                ///< assumption: winter roads; > 0
  std::vector<std::uint32_t> spare_stock;       ///< units at the start
  std::vector<Seconds> spare_resupply_seconds;  ///< one unit per this (> 0); kNever: none
  /// Delivery of an order placed when stock is out; kNever: cannot be ordered.
  std::vector<Seconds> spare_lead_seconds;
  // What hangs on a component, for policies.
  std::vector<std::uint32_t> component_households;  ///< behind it (a stated approximation)
  /// 1: feeds a hospital, pumping station or heat source.
  std::vector<std::uint8_t> component_critical;
  /// For priority_list: lower goes first, UINT32_MAX if not listed.
  std::vector<std::uint32_t> priority_rank;
};

/// Crews of a type that have come by then, busy or not.
inline std::uint32_t crews_at(const Model& model, CrewType type, Seconds time) {
  std::uint32_t crews = model.crews[static_cast<std::size_t>(type)];
  for (const Reinforcement& more : model.reinforcements) {
    crews += more.type == type && more.from <= time ? more.crews : 0U;
  }
  return crews;
}

struct Parameters {
  /// Crews stay away from a fresh hit. Assumption, inside the documented intervals between a first
  /// and a second strike on responders (37 minutes to 6 hours; see the README).
  double hold_off_hours = 2.0;
  double duration_factor = 1.0;  ///< multiplies crew time at the site, not travel
  /// Nobody works in a region for so long after the first hit of a wave there; 0: no alerts.
  double alert_hours = 0.0;
};

enum class JobStage : std::uint8_t {
  waiting_temporary = 0,
  temporary,
  waiting_permanent,
  permanent,
  done
};

/// One damaged component. There is at most one open job per component; a finished job is removed.
struct Job {
  ComponentId component;
  CrewType crew = CrewType::lines;
  JobStage stage = JobStage::waiting_temporary;
  Seconds opened_at = 0;         ///< when first damaged (first_come orders by it)
  Seconds not_before = 0;        ///< end of the hold-off
  Seconds stage_began = kNever;  ///< when the crew set out; kNever while waiting
  Seconds stage_ends = kNever;   ///< kNever while waiting
  /// When the units ordered for this job arrive; kNever: none ordered.
  Seconds spare_arrives = kNever;
  RepairWork work;
  /// The first of the crews on their way or at work: index into State::crews.
  std::uint16_t crew_index = UINT16_MAX;
  std::uint16_t crews = 0;  ///< how many; 0 while waiting
  // The clock of a stage: at `counted_from`, which may lie ahead (the end of an alert), this much
  // of the working time stage_seconds was left.
  Seconds stage_seconds = 0;
  Seconds counted_from = 0;
  Seconds seconds_left = 0;
  std::uint8_t spare_reserved = 0;  ///< units ordered for this job alone

  friend bool operator==(const Job&, const Job&) = default;
};

constexpr bool is_waiting(const Job& job) {
  return job.stage == JobStage::waiting_temporary || job.stage == JobStage::waiting_permanent;
}
/// Whether finishing the next (or present) stage brings the component back: a temporary stage, or a
/// permanent one that has no temporary stage before it.
constexpr bool restores_supply(const Job& job) {
  return job.stage == JobStage::waiting_temporary || job.stage == JobStage::temporary ||
         job.work.temporary_seconds == 0;
}
/// Crew time at the site of the next (or present) stage, before Parameters::duration_factor.
constexpr Seconds stage_work_seconds(const Job& job) {
  return job.stage == JobStage::waiting_temporary || job.stage == JobStage::temporary
             ? job.work.temporary_seconds
             : job.work.permanent_seconds;
}

struct CrewState {
  ZoneId zone;             ///< where the crew is, or where it goes to work
  Seconds busy_until = 0;  ///< 0: free
  ComponentId component;   ///< of the job it is at; invalid while free, or sent for other work

  friend bool operator==(const CrewState&, const CrewState&) = default;
};

/// The varying part: a value. A copy continues exactly as the original does.
struct State {
  std::vector<Job> jobs;  ///< open jobs, by (opened_at, component)
  /// By type; within it those of the start, then reinforcements in order of arrival.
  std::vector<CrewState> crews;
  std::vector<std::uint32_t> spare_stock;
  std::vector<Seconds> spare_next;   ///< next resupply; kNever: none
  std::vector<Seconds> alert_until;  ///< by region; an alert is on until then
  /// What Recovery::next_event() says; kept, so that the many moments in between cost nothing.
  Seconds next_event = kNever;
  std::uint64_t jobs_done = 0;
  /// Travel and work of all finished and interrupted stages, by every crew at them; not the time
  /// off shift or under alert.
  Seconds crew_seconds_worked = 0;

  friend bool operator==(const State&, const State&) = default;
};

}  // namespace wintergrid::recovery
