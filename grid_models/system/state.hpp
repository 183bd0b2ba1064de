#pragma once
// The moving part of the system: a copyable value. Copying it and going on gives the same result as
// never stopping.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "grid_models/system/ledger.hpp"
#include "grid_models/system/model.hpp"

namespace wintergrid {

struct State {
  Seconds now = 0;
  std::size_t next_hit = 0;         ///< index into the timeline
  std::vector<DamageState> damage;  ///< by component
  std::vector<std::uint8_t> temporarily_repaired;
  power::OperationState power;
  power::BackupState backup;
  heat::State heat;
  heat::Tallies heat_tallies;
  water::State water;
  recovery::State recovery;
  Ledger ledger;
};

}  // namespace wintergrid
