#pragma once
// Crews, spares, jobs and policies. Every damaged component becomes a job with a temporary and a
// permanent stage; crews of one type travel between zones; a policy chooses which waiting job a
// free crew takes.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "grid_models/core/id.hpp"
#include "grid_models/core/time.hpp"
#include "grid_models/network/components.hpp"
#include "grid_models/recovery/jobs.hpp"
#include "grid_models/recovery/policy.hpp"
#include "grid_models/recovery/shift_clock.hpp"

namespace wintergrid::recovery {

/// A repair event: the component is now temporarily or fully repaired.
struct Repaired {
  ComponentId component;
  bool permanent = false;

  friend bool operator==(const Repaired&, const Repaired&) = default;
};

/// Moves a State. Holds scratch for one thread, so `advance` is not const: one Recovery per thread,
/// any number of States. Nothing allocates after construction and initial_state(): a component has
/// at most one open job, and room for that many is reserved. (A copy-constructed State has no
/// reserve; copy-assign to one that has.)
class Recovery {
 public:
  /// The three must outlive this object. Vectors of unequal length, crews without a base zone, a
  /// travel speed or a resupply interval that is not positive, a shift that is empty or longer than
  /// a day, a team of nobody are programming errors (ContractViolation): the scenario is checked
  /// before.
  Recovery(const Model& model, const ComponentTable& components, const ZoneTable& zones);

  /// All crews free at their base (reinforcements too, who come later), full stock, first resupply
  /// one interval after time 0.
  State initial_state() const;

  /// A component was hit at `now` (not earlier than any hit before): opens a job, or worsens the
  /// open one. A re-hit interrupts work at the site: the crew leaves, spares under installation are
  /// lost, the job starts again from its first stage with the longer work of the two. Either way
  /// crews stay away for the hold-off. Hits come before the advance() of the same moment, so a
  /// stage that would end at this very second is still interrupted. The first hit of a wave in a
  /// region begins an alert there (Parameters::alert_hours): stages under way in it stand still.
  void hit(State& state, const Parameters& parameters, Seconds now, ComponentId component,
           const RepairWork& work) const;

  /// Receives spares, finishes stages that end at or before `now` (in order of end, then component)
  /// and appends them to `repaired`; then lets free crews choose, in crew order. Call at every
  /// moment that next_event() names and after hits; a call in between changes nothing, a call that
  /// comes late lets crews choose late. A policy with looks_into_network() needs a `network`; what
  /// it asks then is of the moment in which `repaired` holds.
  void advance(State& state, const Parameters& parameters, const Policy& policy, Seconds now,
               std::vector<Repaired>& repaired, NetworkView* network = nullptr);

  /// Sends a free crew of the type, the nearest (ties: lowest index), for work in the zone that is
  /// no repair; returns when it is done there and free, kNever if no crew is free or on shift. It
  /// is gone for its travel and the work, both as time elapsed; neither shifts nor alerts stop it.
  Seconds send_crew(State& state, CrewType type, ZoneId zone, Seconds now, Seconds work) const;

  /// The next moment at which a stage ends, at which a crew that was sent is free, or at which a
  /// waiting job becomes takeable while a crew of its type is free and on shift, or at which one
  /// comes for it; kNever if nothing is under way. After advance(now) it is later than now; after
  /// hit() it is at most the moment of the hit.
  Seconds next_event(const State& state) const { return state.next_event; }

 private:
  /// Those of a type that are there and have nothing to do.
  struct FreeCrews {
    std::size_t first = 0;  ///< index into State::crews, of the first
    std::uint16_t count = 0;
    std::size_t come = 0;           ///< of the type, busy ones too
    Seconds next_arrival = kNever;  ///< of reinforcements
  };

  template <class IsZone>
  void add_crews(CrewType type, IsZone is_zone);
  Seconds find_next_event(const State& state, Seconds now) const;
  static void free_sent_crews(State& state, Seconds now);
  static Seconds next_return(const State& state);
  FreeCrews free_crews(const State& state, std::size_t type, Seconds now) const;
  void sound_alert(State& state, Seconds now, ZoneId zone, Seconds lasts) const;
  void receive_spares(State& state, Seconds now) const;
  void finish_stages(State& state, Seconds now, std::vector<Repaired>& repaired);
  void order_spares(State& state, Seconds now) const;
  void assign_crews(State& state, const Parameters& parameters, const Policy& policy, Seconds now,
                    NetworkView* network);
  void start_stage(State& state, const Parameters& parameters, Seconds now, std::size_t job_index,
                   const FreeCrews& free) const;
  void gather_candidates(const State& state, CrewType type, Seconds now);
  Seconds stock_reaches(const State& state, std::uint8_t spare, std::uint32_t units) const;
  /// The first time from `from` on at which a crew may set out to it.
  Seconds takeable_at(const State& state, const Job& job, Seconds from) const;
  const ShiftClock& clock_of(const Job& job) const;
  std::uint8_t region_of(const Job& job) const;

  const Model* model_;
  const ComponentTable* components_;
  const ZoneTable* zones_;
  std::array<std::size_t, kCrewTypeCount + 1> first_crew_{};  ///< of each type, then the total
  std::vector<ZoneId> crew_zone_;                             ///< where each crew starts
  std::vector<Seconds> crew_from_;                            ///< and when it is there
  std::array<ShiftClock, kCrewTypeCount> clock_;
  std::size_t region_count_ = 1;
  std::vector<std::uint32_t> candidates_;  ///< scratch: indices of jobs
  std::vector<std::uint32_t> finished_;    ///< scratch: indices of jobs
};

}  // namespace wintergrid::recovery
