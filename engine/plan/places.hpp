#pragma once
// Where components stand on the abstract plane: at their zones; lines and mains at two of them.

#include <vector>

#include "engine/scenario/scenario.hpp"
#include "grid_models/core/id.hpp"
#include "grid_models/system/model.hpp"

namespace wintergrid::plan {

/// For each component of the model the zone where it ends: of branches, heat and water mains that
/// of their far end, of all others their own. `model` is compiled from `scenario`.
std::vector<ZoneId> far_zones(const scenario::Scenario& scenario, const Model& model);

}  // namespace wintergrid::plan
