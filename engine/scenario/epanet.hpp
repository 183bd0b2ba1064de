#pragma once
// EPANET input files (.inp, versions 2.0 to 2.3) as a water model, and as the water network of a
// scenario.

#include <string>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "grid_models/core/diagnostics.hpp"
#include "grid_models/hydraulics/water_model.hpp"

namespace wintergrid::scenario {

enum class EpanetNodeKind : std::uint8_t { junction, reservoir, tank };

/// 28.317 L/s are one cubic foot per second, as EPANET rounds; its own unit is the cubic foot.
inline constexpr double kLitresPerM3 = 28.317 / 0.028316846592;

struct EpanetFile {
  std::string file, title;
  hydraulics::WaterModel model;  ///< SI units; junctions first, then reservoirs and tanks
  std::vector<std::string> node_ids, link_ids;
  std::vector<EpanetNodeKind> node_kinds;
  std::vector<double> length_m;  ///< by link; 0 of pumps and valves
};

/// Reads the file. Errors: unknown sections and keywords, references to what does not exist,
/// duplicate names, values out of range, pumps without a curve, pressure valves at reservoirs or in
/// impossible rows, no reservoir or tank. Quality, energy, reports and map sections are read over.
EpanetFile read_epanet(const std::string& path, Diagnostics& diagnostics);

/// A scenario of the capacity-limited water model: zones are groups of junctions around demand
/// centres, pipes carry 1.5 m/s, pumps are facilities on feeders, 150 litres a day make a person.
/// Power and households are synthetic; names and coordinates of the source are not taken over.
Scenario to_scenario(const EpanetFile& file, Diagnostics& diagnostics);

}  // namespace wintergrid::scenario
