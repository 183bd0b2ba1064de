// Whether heat reaches everybody when nothing is damaged on the design day: a network that is short
// by itself makes every result look like damage.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/scenario/compiler.hpp"
#include "grid_models/heat/heat.hpp"
#include "grid_models/system/outcome.hpp"

namespace wintergrid::scenario {

void check_intact_heat(Compiler& compiler) {
  constexpr std::size_t kNamed = 3;
  constexpr float kEnough = 0.995F;
  const heat::Model& model = compiler.model.heat;
  if (model.node_count == 0 ||
      !compiler.model.has_service(static_cast<std::size_t>(Service::heat))) {
    return;
  }
  const std::vector<double> usual = model.usual_pipe_factor();
  const std::vector<std::uint8_t> circulates(model.node_count, 1), powered(model.block_count(), 1);
  heat::Inputs inputs;
  inputs.outdoor_c = inputs.forecast_min_c = model.design_outdoor_c;
  inputs.source_available_mw = model.source_capacity_mw;
  inputs.pipe_factor = usual;
  inputs.node_circulates = circulates;
  inputs.block_powered = powered;
  heat::Heat heat(model);
  heat::State state = heat.initial_state(compiler.defaults.heat);
  heat.settle(inputs, compiler.defaults.heat, state);

  std::vector<std::uint8_t> asks(model.node_count, 0);
  for (const std::uint32_t node : model.block_node) {
    if (node < model.node_count) {
      asks[node] = 1;
    }
  }
  std::size_t short_nodes = 0, first = 0;
  std::string named;
  for (std::size_t node = 0; node < model.node_count; ++node) {
    if (asks[node] != 0 && state.node_share[node] < kEnough) {
      first = short_nodes == 0 ? node : first;
      if (short_nodes++ < kNamed) {
        named += fmt::format("{}'{}' {:.0f} %", named.empty() ? "" : ", ",
                             compiler.scenario.heat_nodes[node].heat_node,
                             std::floor(100.0 * static_cast<double>(state.node_share[node])));
      }
    }
  }
  if (short_nodes > 0) {
    compiler.diagnostics.warning(
        ErrorCode::doubtful, compiler.scenario.heat_nodes[first].place,
        fmt::format("with nothing damaged, at {:g} C outdoors, {} of the heat nodes get less than "
                    "they want: {}{}",
                    model.design_outdoor_c, short_nodes, named,
                    short_nodes > kNamed ? ", ..." : ""),
        model.fidelity == heat::Fidelity::hydraulic
            ? "check capacity_mw of heat sources, and length_km and diameter_mm of heat pipes"
            : "check capacity_mw of heat sources and heat pipes");
  }
  constexpr double kHighestLiftM = 300.0;  // 30 bar: beyond any network (assumption)
  for (std::size_t source = 0; source < heat.source_lift_m().size(); ++source) {
    if (heat.source_lift_m()[source] > kHighestLiftM) {
      compiler.diagnostics.warning(
          ErrorCode::doubtful, compiler.scenario.heat_sources[source].place,
          fmt::format("heat source '{}' would have to lift water by {:.0f} m to reach everybody",
                      compiler.scenario.heat_sources[source].heat_source,
                      heat.source_lift_m()[source]),
          "a pipe on the way is too thin or too long: check diameter_mm, capacity_mw and "
          "length_km");
      break;  // one pipe makes it of every source
    }
  }
  if (heat.bounded()) {
    compiler.diagnostics.warning(ErrorCode::doubtful, compiler.scenario.heat_nodes.front().place,
                                 "the flows of the undamaged heat network could not be solved",
                                 "check length_km, diameter_mm and capacity_mw of heat pipes");
  }
}

}  // namespace wintergrid::scenario
