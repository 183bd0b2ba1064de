// Whether water reaches everybody when nothing is damaged: pressure-driven flow depends on heads,
// lengths and diameters that are easily mistyped.

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/scenario/compiler.hpp"
#include "grid_models/system/outcome.hpp"
#include "grid_models/water/water.hpp"

namespace wintergrid::scenario {
namespace {

/// Shares of the undamaged network with everything in power.
struct Intact {
  std::vector<float> share;
  bool bounded = false;
};

Intact intact_shares(const water::Model& model, double demand_factor, bool with_tanks) {
  const std::vector<double> nodes_whole(model.node_count(), 1.0);
  const std::vector<double> links_whole(model.link_from.size(), 1.0);
  const std::vector<std::uint8_t> powered(model.node_count(), 1);
  water::Inputs inputs;
  inputs.demand_factor = demand_factor;
  inputs.node_factor = nodes_whole;
  inputs.node_powered = powered;
  inputs.link_factor = links_whole;
  water::Water water(model);
  water::State state = water.initial_state();
  if (!with_tanks) {
    std::fill(state.tank_level_m3.begin(), state.tank_level_m3.end(), 0.0);
  }
  water::Parameters parameters;
  parameters.minimum_share = 0.0;
  water.settle(inputs, parameters, state);
  return {state.node_share, water.bounded()};
}

/// Warns of nodes that somebody needs and that get less than they want.
void warn_of_short_nodes(Compiler& compiler, const std::vector<std::uint8_t>& needed,
                         const std::vector<float>& share, const std::string& when) {
  constexpr std::size_t kNamed = 3;
  std::size_t short_nodes = 0, first = 0;
  std::string named;
  for (std::size_t n = 0; n < share.size(); ++n) {
    if (needed[n] != 0 && share[n] < 0.995F) {
      first = short_nodes == 0 ? n : first;
      if (short_nodes++ < kNamed) {
        named += fmt::format("{}'{}' {:.0f} %", named.empty() ? "" : ", ",
                             compiler.scenario.water_nodes[n].water_node,
                             std::floor(100.0 * static_cast<double>(share[n])));
      }
    }
  }
  if (short_nodes == 0) {
    return;
  }
  compiler.diagnostics.warning(
      ErrorCode::doubtful, compiler.scenario.water_nodes[first].place,
      fmt::format("with nothing damaged {}, {} of the water nodes get less than they want: {}{}",
                  when, short_nodes, named, short_nodes > kNamed ? ", ..." : ""),
      compiler.model.water.fidelity == water::Fidelity::hydraulic
          ? "check head_m, elevation_m, capacity_m3_per_h, length_km and diameter_mm on their way"
          : "check capacity_m3_per_h on their way");
}

}  // namespace

void check_intact_water(Compiler& compiler) {
  const Model& model = compiler.model;
  if (model.water.node_count() == 0 ||
      !model.has_service(static_cast<std::size_t>(Service::water))) {
    return;
  }
  std::vector<std::uint8_t> needed(model.water.node_count(), 0);
  for (std::size_t n = 0; n < needed.size(); ++n) {
    needed[n] = model.water.node_demand_m3_per_h[n] > 0.0 ? 1 : 0;
  }
  for (const auto* nodes : {&model.generator_water_node, &model.heat_source_water_node}) {
    for (const std::uint32_t node : *nodes) {
      if (node != kNone) {
        needed[node] = 1;
      }
    }
  }
  const double peak =
      *std::max_element(model.water_hour_factor.begin(), model.water_hour_factor.end());
  const double mean =
      std::accumulate(model.water_hour_factor.begin(), model.water_hour_factor.end(), 0.0) /
      static_cast<double>(model.water_hour_factor.size());
  const Intact at_peak = intact_shares(model.water, peak, true);
  const Intact without_tanks = intact_shares(model.water, mean, false);
  warn_of_short_nodes(compiler, needed, at_peak.share,
                      "and all tanks full, in the hour of most use");
  if (at_peak.share != without_tanks.share) {
    warn_of_short_nodes(compiler, needed, without_tanks.share,
                        "and all tanks empty, at average use");
  }
  if (at_peak.bounded || without_tanks.bounded) {
    compiler.diagnostics.warning(ErrorCode::doubtful, compiler.scenario.water_nodes.front().place,
                                 "the flows of the undamaged water network could not be solved",
                                 "check head_m, elevation_m and capacity_m3_per_h");
  }
}

}  // namespace wintergrid::scenario
