#include "grid_models/system/heat_supply.hpp"

#include <algorithm>

#include "grid_models/system/gas.hpp"

namespace wintergrid {

void find_heat_supply(const Model& model, const Availability& availability, const State& state,
                      double water_minimum_share, std::span<double> source_mw,
                      std::span<std::uint8_t> circulates) {
  const std::span<const double> mobile_mw = state.mobile_boilers.connected_mw;
  for (std::size_t s = 0; s < source_mw.size(); ++s) {
    const std::uint32_t generator = model.heat_source_generator[s];
    const std::uint32_t node = model.heat_source_water_node[s];
    const bool has_water =
        node == kNone || static_cast<double>(state.water.node_share[node]) >= water_minimum_share;
    const bool runs = (generator == kNone || state.power.generator_running[generator] != 0) &&
                      facility_powered(state, model.heat_source_facility[s]) &&
                      !gas_is_out(model, model.heat_source_gas_zone[s], state.now) && has_water;
    const double capacity_mw = model.heat.source_capacity_mw[s];
    const double own_mw = runs ? capacity_mw * availability.heat_source_factor[s] : 0.0;
    // Modular boilers have sets and fuel of their own; they feed the source's pipes and pumps.
    const double more_mw = has_water && !mobile_mw.empty() ? mobile_mw[s] : 0.0;
    source_mw[s] = std::min(capacity_mw, own_mw + more_mw);
  }
  for (std::size_t n = 0; n < circulates.size(); ++n) {
    circulates[n] = facility_powered(state, model.heat_node_facility[n]) ? 1 : 0;
  }
}

}  // namespace wintergrid
