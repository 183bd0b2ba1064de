#pragma once
// Small water systems for tests, with what happens to them.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "grid_models/water/water.hpp"

namespace wintergrid::water {

inline constexpr double kUnlimited = std::numeric_limits<double>::infinity();
inline constexpr Seconds kHour = kSecondsPerHour;

/// A model with what happens to it.
struct System {
  Model model;
  Parameters parameters;
  std::vector<double> node_factor, link_factor, extra;
  std::vector<std::uint8_t> powered;
  double demand_factor = 1.0;
  Seconds now = 0;

  std::uint32_t node(NodeKind kind, double capacity, double demand = 0.0, double volume = 0.0) {
    model.node_kind.push_back(kind);
    model.node_capacity_m3_per_h.push_back(capacity);
    model.node_demand_m3_per_h.push_back(demand);
    model.tank_volume_m3.push_back(volume);
    model.node_elevation_m.push_back(0.0);
    model.node_head_m.push_back(kind == NodeKind::tank ? 30.0 : 45.0);
    node_factor.push_back(1.0);
    powered.push_back(1);
    return static_cast<std::uint32_t>(model.node_count() - 1);
  }
  std::uint32_t zone(double demand) { return node(NodeKind::junction, kUnlimited, demand); }
  void link(std::uint32_t from, std::uint32_t to, double capacity = kUnlimited,
            bool two_way = false) {
    model.link_from.push_back(from);
    model.link_to.push_back(to);
    model.link_capacity_m3_per_h.push_back(capacity);
    model.link_two_way.push_back(two_way ? 1 : 0);
    model.link_length_m.push_back(1000.0);
    model.link_diameter_m.push_back(0.2);
    link_factor.push_back(1.0);
  }
  Inputs inputs() const { return {now, demand_factor, node_factor, powered, link_factor, extra}; }
};

/// One moment as the system runs it: coming up, then loss.
inline void moment(Water& water, const System& system, State& state) {
  water.restore(system.inputs(), system.parameters, state);
  water.settle(system.inputs(), system.parameters, state);
}

/// Moves through `hours` hour by hour and at every stop in between.
inline void live(Water& water, System& system, State& state, int hours) {
  const Seconds end = system.now + hours * kHour;
  while (system.now < end) {
    moment(water, system, state);
    const Seconds next = std::min(end, (system.now / kHour + 1) * kHour);
    system.now += water.advance(system.inputs(), system.parameters, next - system.now, state);
  }
  moment(water, system, state);
}

/// works 0 (yield 100) -> pump 1 (throughput 80) -> zone 2 (demand 60)
inline System works_pump_zone() {
  System system;
  const auto works = system.node(NodeKind::works, 100.0);
  const auto pump = system.node(NodeKind::pump_station, 80.0);
  const auto zone = system.zone(60.0);
  system.link(works, pump);
  system.link(pump, zone, 90.0);
  return system;
}

/// The same with tank 3 (240 m3, outflow up to 100, full) that feeds the zone and is filled from
/// the pump.
inline System with_tank(double inlet = kUnlimited) {
  System system = works_pump_zone();
  const auto tank = system.node(NodeKind::tank, 100.0, 0.0, 240.0);
  system.link(tank, 2);
  system.link(1, tank, inlet);
  return system;
}

}  // namespace wintergrid::water
