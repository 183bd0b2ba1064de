#pragma once
// What the heat network can draw on at one moment: its sources and the pumps of its heating points.

#include <cstdint>
#include <span>

#include "grid_models/system/availability.hpp"
#include "grid_models/system/model.hpp"
#include "grid_models/system/state.hpp"

namespace wintergrid {

/// By grid or own set; kNone: it needs none.
inline bool facility_powered(const State& state, std::uint32_t facility) {
  return facility == kNone || state.backup.powered[facility] != 0;
}

/// A heat source runs with its generator (CHP), its electricity, its gas and its make-up water;
/// modular boilers connected there need the water alone. `circulates` by heat node.
void find_heat_supply(const Model& model, const Availability& availability, const State& state,
                      double water_minimum_share, std::span<double> source_mw,
                      std::span<std::uint8_t> circulates);

}  // namespace wintergrid
