#pragma once
// What replay.json holds: what happened to the components that were damaged in one winter, and how
// many households were without, hour by hour. Nothing of a component that was never damaged.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/report/summary.hpp"
#include "engine/scenario/scenario.hpp"
#include "grid_models/core/damage.hpp"
#include "grid_models/recovery/jobs.hpp"
#include "grid_models/system/model.hpp"
#include "grid_models/system/state.hpp"
#include "grid_models/system/timeline.hpp"

namespace wintergrid::cli {

class ReplayRecord {
 public:
  /// The model must outlive it.
  explicit ReplayRecord(const Model& model);

  /// After every whole step, in order.
  void look(const Timeline& timeline, const State& state);

  /// replay.json. `model` is of the zones' names and places; `scenario` is what it was compiled
  /// from.
  std::string json(const scenario::Scenario& scenario, const report::RunFacts& facts,
                   std::uint64_t replication) const;

 private:
  enum class Status : std::uint8_t { damaged, under_way, temporarily_fixed, restored };
  struct Event {
    Seconds time = 0;
    Status status = Status::damaged;
    DamageState damage = DamageState::none;  ///< of a hit; none: by something else
  };
  struct Seen {
    Status status = Status::restored;
    Seconds opened_at = 0;
    Seconds ends = kNever;  ///< of the stage at work when last looked
  };
  using Runs = std::vector<std::uint32_t>;  ///< hours, per cent, hours, per cent, ...

  static Status status_of(const recovery::Job& job);
  void note(std::uint32_t component, Seconds time, Status status,
            DamageState damage = DamageState::none);

  const Model* model_;
  std::vector<std::uint64_t> zone_households_;
  std::size_t hits_seen_ = 0;
  std::map<std::uint32_t, std::vector<Event>> events_;  ///< by component
  std::map<std::uint32_t, Seen> seen_;                  ///< damaged and not yet restored
  std::array<std::vector<std::int64_t>, kServiceCount> households_off_;
  std::array<std::vector<Runs>, kServiceCount> zone_percent_;
};

}  // namespace wintergrid::cli
