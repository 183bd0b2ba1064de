// Effects of damage (assumptions unless the table's source says otherwise):
//  - a substation keeps a share of its transformers: feeders beyond that share lose supply; below
//    DamageEffects::substation_out_below its busbars are out and no power flows through;
//  - a branch works or not (at least half left counts as working);
//  - plants, boiler houses, mains, works and pumping stations keep a share of their capacity.

#include "grid_models/system/availability.hpp"

#include <algorithm>

namespace wintergrid {

Availability whole(const Model& model) {
  Availability availability;
  availability.bus_up.assign(model.power.network.bus_count, 1);
  availability.branch_up = model.branch_in_service;
  availability.feeder_available.assign(model.power.feeder_count(), 1);
  availability.bus_takes_guests = availability.bus_up;
  availability.generator_factor.assign(model.power.network.generator_count(), 1.0);
  availability.heat_source_factor.assign(model.heat.source_node.size(), 1.0);
  availability.heat_pipe_factor.assign(model.heat.pipe_from.size(), 1.0);
  availability.water_node_factor.assign(model.water.node_count(), 1.0);
  availability.water_link_factor.assign(model.water.link_from.size(), 1.0);
  return availability;
}

float capacity_left(const Model& model, const State& state, std::uint32_t component) {
  if (component == kNone || state.damage[component] == DamageState::none) {
    return 1.0F;
  }
  const auto asset_class = static_cast<std::size_t>(model.components.asset_class[component]);
  const auto damage = static_cast<std::size_t>(state.damage[component]);
  return state.temporarily_repaired[component] != 0
             ? model.damage_effects.temporary[asset_class][damage]
             : model.damage_effects.damaged[asset_class][damage];
}

void update_availability(const Model& model, const State& state, Availability& availability) {
  const auto left = [&](std::uint32_t component) { return capacity_left(model, state, component); };
  const std::size_t buses = model.power.network.bus_count;
  for (std::size_t bus = 0; bus < buses; ++bus) {
    availability.bus_up[bus] =
        left(model.bus_component[bus]) >= model.damage_effects.substation_out_below ? 1 : 0;
  }
  std::copy(availability.bus_up.begin(), availability.bus_up.end(),
            availability.bus_takes_guests.begin());
  availability.feeders_lost = false;
  for (std::size_t feeder = 0; feeder < model.power.feeder_count(); ++feeder) {
    const std::uint32_t bus = model.power.feeder_bus[feeder];
    const bool available = model.feeder_rank[feeder] <= left(model.bus_component[bus]);
    availability.feeder_available[feeder] = available ? 1 : 0;
    if (!available) {
      availability.bus_takes_guests[bus] = 0;
      availability.feeders_lost = true;
    }
  }
  for (std::size_t branch = 0; branch < model.branch_component.size(); ++branch) {
    availability.branch_up[branch] =
        model.branch_in_service[branch] != 0 && left(model.branch_component[branch]) >= 0.5F ? 1
                                                                                             : 0;
  }
  const auto fill = [&](const std::vector<std::uint32_t>& components,
                        std::vector<double>& factors) {
    for (std::size_t i = 0; i < components.size(); ++i) {
      factors[i] = static_cast<double>(left(components[i]));
    }
  };
  fill(model.generator_component, availability.generator_factor);
  fill(model.heat_source_component, availability.heat_source_factor);
  availability.heat_sources_lost =
      std::any_of(availability.heat_source_factor.begin(), availability.heat_source_factor.end(),
                  [](double factor) { return factor < 1.0; });
  fill(model.heat_pipe_component, availability.heat_pipe_factor);
  fill(model.water_node_component, availability.water_node_factor);
  fill(model.water_link_component, availability.water_link_factor);
}

}  // namespace wintergrid
