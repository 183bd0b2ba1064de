#pragma once
// Windows without network gas: the scenario says when and where; gas is not simulated.

#include <cstdint>

#include "grid_models/core/time.hpp"
#include "grid_models/system/model.hpp"

namespace wintergrid {

/// Whether what burns network gas in the zone has none; kNone: it burns none.
bool gas_is_out(const Model& model, std::uint32_t zone, Seconds now);

/// The next begin or end of a window; kNever if none lies ahead.
Seconds next_gas_event(const Model& model, Seconds now);

}  // namespace wintergrid
