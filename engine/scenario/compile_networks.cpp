// Heat and water networks, and whether anything feeds what hangs on them.

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include <fmt/format.h>

#include "engine/scenario/compiler.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::scenario {
namespace {

std::uint32_t zone_or_first(std::uint32_t zone) { return zone == kNone ? 0U : zone; }

/// Of a pipe in which water moves at this speed when it carries its capacity.
double typical_diameter_m(double capacity_m3_per_h, double velocity_m_per_s) {
  return std::sqrt(4.0 / std::numbers::pi * capacity_m3_per_h / 3600.0 / velocity_m_per_s);
}

/// Marks everything that can be reached from the marked nodes over links usable in the given
/// direction.
void spread(std::vector<std::uint8_t>& reached, const std::vector<std::uint32_t>& from,
            const std::vector<std::uint32_t>& to, const std::vector<std::uint8_t>& two_way) {
  bool grew = true;
  while (grew) {
    grew = false;
    for (std::size_t i = 0; i < from.size(); ++i) {
      const bool forward = reached[from[i]] != 0 && reached[to[i]] == 0;
      const bool backward = two_way[i] != 0 && reached[to[i]] != 0 && reached[from[i]] == 0;
      if (forward || backward) {
        reached[forward ? to[i] : from[i]] = 1;
        grew = true;
      }
    }
  }
}

}  // namespace

void compile_heat(Compiler& compiler) {
  Model& model = compiler.model;
  Diagnostics& diagnostics = compiler.diagnostics;
  const CompileDefaults& defaults = compiler.defaults;
  model.heat.fidelity = compiler.scenario.fidelity == "hydraulic" ? heat::Fidelity::hydraulic
                                                                  : heat::Fidelity::transport;
  model.heat.network_loss_share = defaults.heat_loss_share;
  model.heat.design_outdoor_c = defaults.heat_design_outdoor_c;
  model.heat.design = defaults.heat_network;
  model.heat.design_indoor_c = defaults.heat.indoor_setpoint_c;
  model.heat.design_household_w =
      heat::household_w(model.heat, defaults.heat, model.heat.design_outdoor_c);
  std::vector<std::uint32_t> node_zone;
  for (const HeatNodeRow& row : compiler.scenario.heat_nodes) {
    compiler.heat_nodes.add(row.heat_node, row.place, diagnostics);
    const std::string what = fmt::format("heat node '{}'", row.heat_node);
    node_zone.push_back(compiler.zones.find(row.zone, row.place, what, diagnostics));
    model.heat_node_facility.push_back(
        compiler.facilities.find_optional(row.facility, row.place, what, diagnostics));
  }
  model.heat.node_count = compiler.scenario.heat_nodes.size();
  for (const HeatPipeRow& row : compiler.scenario.heat_pipes) {
    compiler.heat_pipes.add(row.heat_pipe, row.place, diagnostics);
    const std::string what = fmt::format("heat pipe '{}'", row.heat_pipe);
    const std::uint32_t from =
        compiler.heat_nodes.find(row.from_node, row.place, what, diagnostics);
    const std::uint32_t to = compiler.heat_nodes.find(row.to_node, row.place, what, diagnostics);
    if (from != kNone && from == to) {
      diagnostics.error(ErrorCode::network, row.place,
                        fmt::format("heat pipe '{}' connects node '{}' with itself", row.heat_pipe,
                                    row.from_node),
                        "a pipe needs two different ends");
    }
    model.heat.pipe_from.push_back(from);
    model.heat.pipe_to.push_back(to);
    model.heat.pipe_capacity_mw.push_back(row.capacity_mw);
    if (row.normally_closed) {
      model.heat.pipe_normally_closed.resize(compiler.scenario.heat_pipes.size(), 0);
      model.heat.pipe_normally_closed[model.heat.pipe_from.size() - 1] = 1;
    }
    model.heat_pipe_name_hash.push_back(name_hash("heat_pipe/" + row.heat_pipe));
    model.heat.pipe_length_m.push_back(1000.0 * row.length_km);
    model.heat.pipe_diameter_m.push_back(
        std::isnan(row.diameter_mm) ? heat::typical_diameter_m(model.heat.design, row.capacity_mw,
                                                               defaults.heat_loss_pa_per_m)
                                    : 0.001 * row.diameter_mm);
    model.heat_pipe_component.push_back(compiler.add_component(
        AssetClass::heat_main, from == kNone ? kNone : zone_or_first(node_zone[from]),
        row.length_km, "none", "heat_main/" + row.heat_pipe));
  }
  for (const HeatSourceRow& row : compiler.scenario.heat_sources) {
    compiler.heat_sources.add(row.heat_source, row.place, diagnostics);
    const std::string what = fmt::format("heat source '{}'", row.heat_source);
    const std::uint32_t node =
        compiler.heat_nodes.find(row.heat_node, row.place, what, diagnostics);
    const std::uint32_t generator =
        compiler.generators.find_optional(row.generator, row.place, what, diagnostics);
    model.heat.source_node.push_back(node);
    model.heat.source_capacity_mw.push_back(row.capacity_mw);
    model.heat_source_generator.push_back(generator);
    model.heat_source_facility.push_back(
        compiler.facilities.find_optional(row.facility, row.place, what, diagnostics));
    model.heat_source_gas_zone.push_back(row.gas && node != kNone ? zone_or_first(node_zone[node])
                                                                  : kNone);
    model.heat_source_water_node.push_back(kNone);  // water nodes are not known yet: compile_water
    if (row.kind == "chp" && row.generator.empty()) {
      diagnostics.error(
          ErrorCode::missing, row.place,
          fmt::format("heat source '{}' is a chp without a generator", row.heat_source),
          "name its generator, or make it a boiler_house");
    }
    model.heat_source_name_hash.push_back(name_hash("heat_source/" + row.heat_source));
    if (row.kind == "mobile") {
      model.heat_source_component.push_back(kNone);  // as those that come from stock
      continue;
    }
    // A CHP is one site: generator and heat source are hit and repaired together.
    const std::uint32_t site = generator == kNone ? kNone : model.generator_component[generator];
    model.heat_source_component.push_back(
        site != kNone
            ? site
            : compiler.add_component(
                  AssetClass::boiler_house, node == kNone ? kNone : zone_or_first(node_zone[node]),
                  row.capacity_mw, row.protection, "heat_source/" + row.heat_source));
  }
}

void compile_water(Compiler& compiler) {
  Model& model = compiler.model;
  Diagnostics& diagnostics = compiler.diagnostics;
  model.water.fidelity = compiler.scenario.fidelity == "hydraulic" ? water::Fidelity::hydraulic
                                                                   : water::Fidelity::transport;
  model.water.tank_depth_m = compiler.defaults.water_tank_depth_m;
  model.water.roughness_coefficient = compiler.defaults.water_roughness_coefficient;
  model.water.required_pressure_m = compiler.defaults.water_required_pressure_m;
  std::vector<std::uint32_t> node_zone;
  for (const WaterNodeRow& row : compiler.scenario.water_nodes) {
    compiler.water_nodes.add(row.water_node, row.place, diagnostics);
    const std::string what = fmt::format("water node '{}'", row.water_node);
    const std::uint32_t zone = compiler.zones.find(row.zone, row.place, what, diagnostics);
    node_zone.push_back(zone);
    model.water_node_facility.push_back(
        compiler.facilities.find_optional(row.facility, row.place, what, diagnostics));
    const auto kind = row.kind == "works"          ? water::NodeKind::works
                      : row.kind == "tank"         ? water::NodeKind::tank
                      : row.kind == "pump_station" ? water::NodeKind::pump_station
                                                   : water::NodeKind::junction;
    const bool needs_capacity = kind == water::NodeKind::works || kind == water::NodeKind::tank;
    if (needs_capacity && std::isnan(row.capacity_m3_per_h)) {
      diagnostics.error(
          ErrorCode::missing, row.place,
          fmt::format("'capacity_m3_per_h' of water node '{}' is missing (a {} needs it)",
                      row.water_node, row.kind),
          kind == water::NodeKind::tank ? "give its largest outflow" : "give its yield");
    }
    if (kind == water::NodeKind::tank && !(row.volume_m3 > 0.0)) {
      diagnostics.error(ErrorCode::range, row.place,
                        fmt::format("'volume_m3' of tank '{}' is {} (must be > 0)", row.water_node,
                                    row.volume_m3),
                        "give the usable volume");
    }
    model.water.node_kind.push_back(kind);
    model.water.node_capacity_m3_per_h.push_back(std::isnan(row.capacity_m3_per_h)
                                                     ? std::numeric_limits<double>::infinity()
                                                     : row.capacity_m3_per_h);
    model.water.node_demand_m3_per_h.push_back(0.0);
    model.water.node_elevation_m.push_back(row.elevation_m);
    const CompileDefaults& defaults = compiler.defaults;
    const double typical_head_m = kind == water::NodeKind::works  ? defaults.water_works_head_m
                                  : kind == water::NodeKind::tank ? defaults.water_tank_bottom_m
                                                                  : defaults.water_station_head_m;
    model.water.node_head_m.push_back(std::isnan(row.head_m) ? typical_head_m : row.head_m);
    model.water.tank_volume_m3.push_back(kind == water::NodeKind::tank ? row.volume_m3 : 0.0);
    std::uint32_t component = kNone;
    if (kind == water::NodeKind::works || kind == water::NodeKind::pump_station) {
      const double size = std::isnan(row.capacity_m3_per_h) ? 1.0 : row.capacity_m3_per_h;
      component = compiler.add_component(
          kind == water::NodeKind::works ? AssetClass::water_works : AssetClass::pump_station, zone,
          size, row.protection, "water_node/" + row.water_node);
    }
    model.water_node_component.push_back(component);
  }
  for (const WaterLinkRow& row : compiler.scenario.water_links) {
    compiler.water_links.add(row.water_link, row.place, diagnostics);
    const std::string what = fmt::format("water link '{}'", row.water_link);
    const std::uint32_t from =
        compiler.water_nodes.find(row.from_node, row.place, what, diagnostics);
    const std::uint32_t to = compiler.water_nodes.find(row.to_node, row.place, what, diagnostics);
    if (from != kNone && from == to) {
      diagnostics.error(ErrorCode::network, row.place,
                        fmt::format("water link '{}' connects node '{}' with itself",
                                    row.water_link, row.from_node),
                        "a link needs two different ends");
    }
    model.water.link_from.push_back(from);
    model.water.link_to.push_back(to);
    model.water.link_capacity_m3_per_h.push_back(row.capacity_m3_per_h);
    model.water.link_two_way.push_back(row.two_way ? 1 : 0);
    model.water.link_length_m.push_back(1000.0 * row.length_km);
    model.water.link_diameter_m.push_back(
        std::isnan(row.diameter_mm)
            ? typical_diameter_m(row.capacity_m3_per_h, compiler.defaults.water_velocity_m_per_s)
            : 0.001 * row.diameter_mm);
    model.water_link_component.push_back(
        compiler.add_component(AssetClass::water_main, from == kNone ? kNone : node_zone[from],
                               row.length_km, "none", "water_main/" + row.water_link));
  }
  for (std::size_t i = 0; i < compiler.scenario.heat_sources.size(); ++i) {
    const HeatSourceRow& row = compiler.scenario.heat_sources[i];
    model.heat_source_water_node[i] = compiler.water_nodes.find_optional(
        row.water_node, row.place, fmt::format("heat source '{}'", row.heat_source), diagnostics);
  }
  for (const GeneratorRow& row : compiler.scenario.generators) {
    model.generator_water_node.push_back(compiler.water_nodes.find_optional(
        row.water_node, row.place, fmt::format("generator '{}'", row.generator), diagnostics));
  }
}

void check_reachability(Compiler& compiler) {
  const Scenario& scenario = compiler.scenario;
  const Model& model = compiler.model;
  // power: every bus with a feeder must reach a generator over branches in service
  const power::Network& network = model.power.network;
  std::vector<std::uint8_t> reached(network.bus_count, 0);
  for (const std::uint32_t bus : network.generator_bus) {
    reached[bus] = 1;
  }
  std::vector<std::uint32_t> from, to;
  for (std::size_t i = 0; i < network.branch_count(); ++i) {
    if (model.branch_in_service[i] != 0) {
      from.push_back(network.branch_from[i]);
      to.push_back(network.branch_to[i]);
    }
  }
  spread(reached, from, to, std::vector<std::uint8_t>(from.size(), 1));
  for (std::size_t i = 0; i < scenario.feeders.size(); ++i) {
    const std::uint32_t bus = model.power.feeder_bus[compiler.feeder_index[i]];
    if (reached[bus] == 0) {
      compiler.diagnostics.error(
          ErrorCode::network, scenario.feeders[i].place,
          fmt::format("feeder '{}' hangs on bus '{}', which no generator or import can reach",
                      scenario.feeders[i].feeder, scenario.feeders[i].bus),
          "connect the bus by a branch that is in service, or add a generator or import");
    }
  }
  // heat: every node with households must reach a source
  reached.assign(model.heat.node_count, 0);
  for (const std::uint32_t node : model.heat.source_node) {
    reached[node] = 1;
  }
  from.clear();
  to.clear();
  for (std::size_t i = 0; i < model.heat.pipe_from.size(); ++i) {
    if (!model.heat.is_tie(i)) {
      from.push_back(model.heat.pipe_from[i]);
      to.push_back(model.heat.pipe_to[i]);
    }
  }
  spread(reached, from, to, std::vector<std::uint8_t>(from.size(), 1));
  // water: every node with households must be fed by a works or a tank
  std::vector<std::uint8_t> wet(model.water.node_count(), 0);
  for (std::size_t n = 0; n < wet.size(); ++n) {
    wet[n] = model.water.node_kind[n] == water::NodeKind::works ? 1 : 0;
  }
  spread(wet, model.water.link_from, model.water.link_to, model.water.link_two_way);
  std::vector<std::uint8_t> told_heat(reached.size(), 0), told_water(wet.size(), 0);
  for (const HouseholdRow& row : scenario.households) {
    if (!row.heat_node.empty()) {
      const std::uint32_t node =
          compiler.heat_nodes.find(row.heat_node, row.place, "households", compiler.diagnostics);
      if (reached[node] == 0 && told_heat[node]++ == 0) {
        compiler.diagnostics.error(
            ErrorCode::network, row.place,
            fmt::format("heat node '{}' has households but no pipe leads there from a heat source",
                        row.heat_node),
            "connect it by heat_pipes, or put a heat source at the node");
      }
    }
    if (!row.water_node.empty()) {
      const std::uint32_t node =
          compiler.water_nodes.find(row.water_node, row.place, "households", compiler.diagnostics);
      if (wet[node] == 0 && told_water[node]++ == 0) {
        compiler.diagnostics.error(
            ErrorCode::network, row.place,
            fmt::format("water node '{}' has households but no water works can reach it",
                        row.water_node),
            "connect it by water_links (mind their direction)");
      }
    }
  }
}

}  // namespace wintergrid::scenario
