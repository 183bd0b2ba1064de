#pragma once
// From damage states to what each network can still use.

#include <cstdint>
#include <vector>

#include "grid_models/system/model.hpp"
#include "grid_models/system/state.hpp"

namespace wintergrid {

/// What is left of the networks after damage; recomputed only when damage changes.
struct Availability {
  std::vector<std::uint8_t> bus_up, branch_up, feeder_available;
  std::vector<double> generator_factor, heat_source_factor, heat_pipe_factor, water_node_factor,
      water_link_factor;
  // damage alone, whatever hangs where now
  std::vector<std::uint8_t> bus_takes_guests;  ///< up, and has lost none of its own feeders
  bool feeders_lost = false;                   ///< some feeder is not available
  bool heat_sources_lost = false;              ///< some heat source is not whole
};

/// Sized by the model, everything whole.
Availability whole(const Model& model);

/// Share of its capacity a component has now, 0..1.
float capacity_left(const Model& model, const State& state, std::uint32_t component);

void update_availability(const Model& model, const State& state, Availability& availability);

}  // namespace wintergrid
