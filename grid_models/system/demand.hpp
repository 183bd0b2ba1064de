#pragma once
// Electricity demand of the feeders at one moment.

#include <cstddef>
#include <cstdint>
#include <span>

#include "grid_models/system/model.hpp"
#include "grid_models/system/timeline.hpp"

namespace wintergrid {

/// Load by feeder, MW: peak of households and others (`ordinary_mw`) x hour profile x (1 + rise per
/// K of cold), plus facilities, plus electric heaters of `cold_households`. `hour`: local, 0..23.
void find_demand(const Model& model, const DemandParameters& parameters, std::size_t hour,
                 double outdoor_c, std::span<const double> ordinary_mw,
                 std::span<const std::int32_t> cold_households, std::span<double> demand_mw);

}  // namespace wintergrid
