// Whether water reaches everybody when nothing is damaged: pressure-driven flow depends on heads,
// lengths and diameters that are easily mistyped.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/scenario/compiler.hpp"
#include "grid_models/water/water.hpp"

namespace wintergrid::scenario {

void check_intact_water(Compiler& compiler) {
  constexpr std::size_t kNamed = 3;
  const water::Model& model = compiler.model.water;
  if (model.node_count() == 0) {
    return;
  }
  const std::vector<double> nodes_whole(model.node_count(), 1.0);
  const std::vector<double> links_whole(model.link_from.size(), 1.0);
  const std::vector<std::uint8_t> powered(model.node_count(), 1);
  water::Inputs inputs;
  inputs.demand_factor = *std::max_element(compiler.model.water_hour_factor.begin(),
                                           compiler.model.water_hour_factor.end());
  inputs.node_factor = nodes_whole;
  inputs.node_powered = powered;
  inputs.link_factor = links_whole;
  water::Water water(model);
  water::State state = water.initial_state();
  water::Parameters parameters;
  parameters.minimum_share = 0.0;
  water.settle(inputs, parameters, state);

  std::size_t short_nodes = 0;
  std::string named;
  for (std::size_t n = 0; n < model.node_count(); ++n) {
    if (model.node_demand_m3_per_h[n] > 0.0 && state.node_share[n] < 0.995F) {
      if (short_nodes++ < kNamed) {
        named += fmt::format("{}'{}' {:.0f} %", named.empty() ? "" : ", ",
                             compiler.scenario.water_nodes[n].water_node,
                             std::floor(100.0 * static_cast<double>(state.node_share[n])));
      }
    }
  }
  if (short_nodes > 0) {
    compiler.diagnostics.warning(
        compiler.scenario.water_nodes.front().place,
        fmt::format("with nothing damaged and all tanks full, {} of the water nodes get less than "
                    "they want in the hour of most use: {}{}",
                    short_nodes, named, short_nodes > kNamed ? ", ..." : ""),
        model.fidelity == water::Fidelity::hydraulic
            ? "check head_m, elevation_m, capacity_m3_per_h, length_km and diameter_mm on their way"
            : "check capacity_m3_per_h on their way");
  } else if (water.bounded()) {
    compiler.diagnostics.warning(compiler.scenario.water_nodes.front().place,
                                 "the flows of the undamaged water network could not be solved",
                                 "check head_m, elevation_m and capacity_m3_per_h");
  }
}

}  // namespace wintergrid::scenario
