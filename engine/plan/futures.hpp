#pragma once
// The ensemble of futures that a plan is judged by. A future is a draw of what is not known today
// (states, durations, causes of counts, parameters, weather after the forecast), simulated from the
// first damage to the moment while nobody repairs, and then set to what was observed.

#include <cstdint>
#include <vector>

#include "engine/plan/situation.hpp"
#include "engine/random/timeline_sampler.hpp"
#include "grid_models/system/advance.hpp"

namespace wintergrid::plan {

/// One component that may explain a count, and whom it alone would leave without.
struct Cause {
  ComponentId component;
  std::vector<std::uint8_t> off;  ///< by unit
};
struct CountCauses {
  std::vector<Cause> causes;
  std::vector<std::uint8_t> off_already;  ///< by unit, from damage that is known
};

struct Future {
  std::uint64_t replication = 0;
  Timeline timeline;
  State start;                        ///< at the moment, before its repairs
  std::vector<std::int64_t> counted;  ///< by count: who is off in it
  std::vector<std::int64_t> inside;   ///< by count: of them by faults inside buildings
};

/// Const after construction, but for scratch: one per thread. `model` is the situation's, or one
/// that differs in crews, travel and spares only.
class FutureMaker {
 public:
  FutureMaker(const Situation& situation, const Model& model,
              const std::vector<CountCauses>& causes);

  void make(std::uint64_t replication, Future& future);

  /// Whom each possible cause of the counts would leave without, in the first future.
  static std::vector<CountCauses> find_causes(const Situation& situation);

 private:
  struct Extra {
    ComponentId component;
    DamageState state;
  };
  void draw_weather(std::uint64_t replication, Future& future);
  void draw_hits(std::uint64_t replication, const std::vector<Extra>& extra, Future& future);
  void add_hit(std::uint64_t replication, ComponentId component, DamageState state, Seconds at,
               double temporary_hours, double permanent_hours, Timeline& timeline);
  std::vector<Extra> draw_causes(std::uint64_t replication, Future& future) const;
  void simulate_until_now(Future& future);
  void put_crews_to_work(State& state) const;
  void set_observed(Future& future) const;
  void set_indoor(const Timeline& timeline, State& state) const;
  void set_drained(std::uint64_t replication, State& state) const;
  void fault_inside(Future& future) const;
  std::vector<CountCauses> causes_of_counts();

  const Situation* situation_;
  const Model* model_;
  const std::vector<CountCauses>* causes_;
  Workspace workspace_;
  random::TimelineScratch scratch_;
};

/// Whether a count is about the unit.
bool may_be_counted(const Model& model, const Count& count, std::size_t unit);
/// Units of a count that lack its service, by unit.
std::vector<std::uint8_t> units_off(const Model& model, const Count& count, const State& state);
/// Buildings or households of these units.
std::int64_t counted(const Model& model, const Count& count,
                     const std::vector<std::uint8_t>& unit_off);

}  // namespace wintergrid::plan
