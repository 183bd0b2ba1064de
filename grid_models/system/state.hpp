#pragma once
// The moving part of the system: a copyable value. Copying it and going on gives the same result as
// never stopping.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "grid_models/system/ledger.hpp"
#include "grid_models/system/model.hpp"

namespace wintergrid {

/// What Relays keep; empty where the model has no cascade.
struct RelayState {
  // the last dispatch: an event is what damage takes from it
  std::vector<std::uint8_t> branch_up, bus_up;
  std::vector<double> generator_factor;  ///< share of capacity that damage had left
  std::vector<double> generation_mw;
  std::vector<double> feeder_load_mw;  ///< 0: off
  // held open by relays until then; 0: closed
  std::vector<Seconds> branch_open_until, feeder_open_until;
  Seconds next_return = kNever;  ///< the earliest of them
};

/// What Feeding keeps; empty where no feeder has a backup bus.
struct FeedingState {
  std::vector<std::uint32_t> feeder_bus;  ///< where each hangs
  std::vector<Seconds> switched_at;       ///< when switching under way is done; kNever: none is
  std::vector<std::uint32_t> switchings;  ///< begun so far: k of the next draw
  std::uint32_t away = 0;                 ///< feeders on their backup bus
  std::uint32_t under_way = 0;            ///< being switched, or waiting for room
  Seconds next_switching = kNever;        ///< the earliest that lies ahead
};

/// What MobileBoilers keep; empty where the model has none.
struct MobileBoilerState {
  std::vector<std::uint32_t> stock;       ///< units by kind
  std::vector<std::uint32_t> units_at;    ///< [source * kinds + kind]: there or on the way
  std::vector<double> connected_mw;       ///< by source
  std::vector<double> arriving_mw;        ///< by source
  std::vector<Seconds> ready_at;          ///< by source: what arrives is connected; kNever: none
  std::vector<std::uint32_t> times_sent;  ///< by source: k of the next draw
  std::uint32_t units_out = 0;            ///< not in stock
  Seconds next_ready = kNever;            ///< the earliest of ready_at
};

struct State {
  Seconds now = 0;
  std::size_t next_hit = 0;         ///< index into the timeline
  std::vector<DamageState> damage;  ///< by component
  std::vector<std::uint8_t> temporarily_repaired;
  power::OperationState power;
  RelayState relays;
  FeedingState feeding;
  power::BackupState backup;
  heat::State heat;
  heat::Tallies heat_tallies;
  water::State water;
  recovery::State recovery;
  MobileBoilerState mobile_boilers;
  Ledger ledger;
};

/// Room for the lists that grow; everything else has its size from the start.
inline void make_room(const Model& model, State& state) {
  state.backup.busy.reserve(model.facilities.count());
  state.backup.settled_feeder_on.reserve(model.power.feeder_count());
  state.recovery.jobs.reserve(model.components.count());  // an open job per component at most
}

}  // namespace wintergrid
