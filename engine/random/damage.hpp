#pragma once
// What a hit does to an object, and the work that it takes to repair it.

#include <cstdint>

#include "engine/random/asset_index.hpp"
#include "engine/random/draw.hpp"
#include "engine/random/parameters.hpp"
#include "grid_models/recovery/recovery.hpp"

namespace wintergrid::random {

/// Worst of `hits` hits at one object in one attack; each damages with P(damage | hit) of the
/// protection and weapon, and then to a drawn state. `event` addresses the draws.
DamageState draw_damage(const DamageParameters& parameters, const Draw& draw, std::uint64_t event,
                        const Asset& asset, Weapon weapon, std::uint32_t hits);

/// Crew times and spares for a state other than none; addressed by (event, component).
recovery::RepairWork draw_repair(const RepairParameters& parameters, const Draw& draw,
                                 std::uint64_t event, const Asset& asset, DamageState state);

}  // namespace wintergrid::random
