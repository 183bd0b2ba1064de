#pragma once
// EPANET input files (.inp, versions 2.0 to 2.3) as a water model, and as the water network of a
// scenario.

#include <cstdint>
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

enum class EpanetFidelity : std::uint8_t {
  hydraulic,  ///< pipe by pipe, with heights
  transport,  ///< groups of junctions, limited by capacity
};

/// A scenario with the file's water network and a synthetic town around it: zones are groups of
/// junctions around demand centres, 150 litres a day make a person, works and pumps are facilities
/// on feeders. Names and coordinates of the source are not taken over. Warns of what is left out or
/// changed, once for each kind. Error: nobody to supply.
Scenario to_scenario(const EpanetFile& file, EpanetFidelity fidelity, Diagnostics& diagnostics);

}  // namespace wintergrid::scenario
