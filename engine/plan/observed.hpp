#pragma once
// Sets a simulated state to what was observed.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/plan/situation.hpp"
#include "grid_models/core/luck.hpp"
#include "grid_models/system/state.hpp"
#include "grid_models/system/timeline.hpp"

namespace wintergrid::plan {

/// The job's temporary stage is done; without a permanent one the component is whole.
void set_temporarily_fixed(ComponentId component, State& state);

/// Crews of the component's type are at its next stage until they return. `next`: by crew type, the
/// first that is not yet placed; moved on. Spares are there already.
void set_under_way(const Model& model, const UnderWay& work,
                   std::array<std::size_t, kCrewTypeCount>& next, State& state);
/// Crews at other work, free at their base when they return.
void set_away(const Model& model, const Away& away, std::array<std::size_t, kCrewTypeCount>& next,
              State& state);

/// The air of the zone's homes without heat (of all that are heated, if none is without) is at the
/// given mean: both masses of a building are put as far below those of a heated one as that takes.
void cool_homes(const Model& model, const Timeline& timeline,
                const std::vector<std::uint32_t>& block_zone, const ZoneValue& zone, State& state);

/// So many buildings of the zone on district heating are drained: first those without heat, in the
/// order in which people would drain them.
void drain_homes(const Model& model, const Luck& luck, const std::vector<std::uint32_t>& block_zone,
                 const ZoneValue& zone, State& state);

}  // namespace wintergrid::plan
