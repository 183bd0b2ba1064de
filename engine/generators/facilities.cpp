#include "engine/generators/facilities.hpp"

#include <algorithm>
#include <numeric>
#include <span>

#include "engine/scenario/compile.hpp"
#include "grid_models/core/contract.hpp"

namespace wintergrid::generators {
namespace {

/// Parts that links join, numbered by their lowest node.
std::vector<std::uint32_t> networks(std::size_t nodes, std::span<const std::uint32_t> from,
                                    std::span<const std::uint32_t> to, std::size_t& count) {
  std::vector<std::uint32_t> root(nodes);
  std::iota(root.begin(), root.end(), 0U);
  const auto find = [&root](std::uint32_t node) {
    while (root[node] != node) {
      node = root[node] = root[root[node]];
    }
    return node;
  };
  for (std::size_t link = 0; link < from.size(); ++link) {
    const std::uint32_t a = find(from[link]), b = find(to[link]);
    root[std::max(a, b)] = std::min(a, b);
  }
  std::vector<std::uint32_t> number(nodes, kNone);
  count = 0;
  for (std::uint32_t node = 0; node < nodes; ++node) {
    const std::uint32_t first = find(node);
    number[node] = first == node ? static_cast<std::uint32_t>(count++) : number[first];
  }
  return number;
}

}  // namespace

Facilities facilities_of(const scenario::Scenario& scenario, const Model& model) {
  WG_CHECK(scenario.facilities.size() == model.facilities.count(),
           "the model is not that of the scenario");
  Facilities result;
  result.kind_name.resize(power::kFacilityKindCount);
  for (std::size_t i = 0; i < scenario.facilities.size(); ++i) {
    const scenario::FacilityRow& row = scenario.facilities[i];
    result.required_kw.push_back(
        scenario::required_set_kw(row.load_kw, row.motor_kw, row.soft_start));
    const auto zone =
        std::find_if(scenario.zones.begin(), scenario.zones.end(),
                     [&row](const scenario::ZoneRow& other) { return other.zone == row.zone; });
    result.zone.push_back(static_cast<std::uint32_t>(zone - scenario.zones.begin()));
    const double own_kw = model.facilities.generator_kw[i];
    result.has_set.push_back(own_kw > 0.0 && own_kw >= model.facilities.load_kw[i] ? 1 : 0);
    result.set_class.push_back(model.facility_set_class[i]);
    result.kind.push_back(model.facilities.kind[i]);
    result.name.push_back(row.facility);
    result.kind_name[static_cast<std::size_t>(model.facilities.kind[i])] = row.kind;
  }
  result.zone_households.assign(model.zones.count(), 0);
  for (std::size_t u = 0; u < model.units.count(); ++u) {
    result.zone_households[model.units.zone[u]] += model.units.households[u];
  }
  return result;
}

Downstream downstream_of(const Model& model) {
  Downstream result;
  // Ties are shut in ordinary times: heating points beyond one are not behind this boiler house.
  std::vector<std::uint32_t> from, to;
  for (std::size_t pipe = 0; pipe < model.heat.pipe_from.size(); ++pipe) {
    if (!model.heat.is_tie(pipe)) {
      from.push_back(model.heat.pipe_from[pipe]);
      to.push_back(model.heat.pipe_to[pipe]);
    }
  }
  result.network_of_heat_node = networks(model.heat.node_count, from, to, result.heat_networks);
  result.network_of_water_node = networks(model.water.node_count(), model.water.link_from,
                                          model.water.link_to, result.water_networks);
  result.of_facility.resize(model.facilities.count());
  result.make_up_network.assign(model.facilities.count(), kNone);
  for (std::uint32_t node = 0; node < model.heat_node_facility.size(); ++node) {
    if (model.heat_node_facility[node] != kNone) {
      result.of_facility[model.heat_node_facility[node]].heat_node = node;
    }
  }
  for (std::size_t s = 0; s < model.heat_source_facility.size(); ++s) {
    const std::uint32_t facility = model.heat_source_facility[s];
    if (facility == kNone) {
      continue;
    }
    result.of_facility[facility].heat_network =
        result.network_of_heat_node[model.heat.source_node[s]];
    if (model.heat_source_water_node[s] != kNone) {
      result.make_up_network[facility] =
          result.network_of_water_node[model.heat_source_water_node[s]];
    }
  }
  for (std::size_t node = 0; node < model.water_node_facility.size(); ++node) {
    if (model.water_node_facility[node] != kNone) {
      result.of_facility[model.water_node_facility[node]].water_network =
          result.network_of_water_node[node];
    }
  }
  return result;
}

}  // namespace wintergrid::generators
