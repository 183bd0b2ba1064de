#include "engine/plan/places.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace wintergrid::plan {
namespace {

/// Zones of the nodes that a table of mains names. The model keeps no zones of its nodes.
template <typename Node>
std::map<std::string, ZoneId> zones_of(const std::vector<Node>& nodes, std::string Node::* name,
                                       const Model& model) {
  std::map<std::string, ZoneId> zones;
  for (const Node& node : nodes) {
    const auto found = std::find(model.zones.id.begin(), model.zones.id.end(), node.zone);
    if (found != model.zones.id.end()) {
      zones[node.*name] =
          ZoneId(static_cast<std::uint32_t>(std::distance(model.zones.id.begin(), found)));
    }
  }
  return zones;
}

template <typename Main>
void note_ends(const std::vector<Main>& mains, const std::map<std::string, ZoneId>& zones,
               const std::vector<std::uint32_t>& components, std::vector<ZoneId>& far) {
  for (std::size_t i = 0; i < std::min(mains.size(), components.size()); ++i) {
    if (const auto found = zones.find(mains[i].to_node); found != zones.end()) {
      far[components[i]] = found->second;
    }
  }
}

}  // namespace

std::vector<ZoneId> far_zones(const scenario::Scenario& scenario, const Model& model) {
  std::vector<ZoneId> far = model.components.zone;
  for (std::size_t i = 0; i < model.branch_component.size(); ++i) {
    far[model.branch_component[i]] =
        model.components.zone[model.bus_component[model.power.network.branch_to[i]]];
  }
  note_ends(scenario.heat_pipes,
            zones_of(scenario.heat_nodes, &scenario::HeatNodeRow::heat_node, model),
            model.heat_pipe_component, far);
  note_ends(scenario.water_links,
            zones_of(scenario.water_nodes, &scenario::WaterNodeRow::water_node, model),
            model.water_link_component, far);
  return far;
}

}  // namespace wintergrid::plan
