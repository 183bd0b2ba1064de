#pragma once
// A district-heating network with pressures and temperatures: nodes, pipes, sources and consumers.
// Arrays by element, SI units; pressures in bar (gauge) where people read them.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "grid_models/heat/pipe_friction.hpp"
#include "grid_models/heat/water_properties.hpp"

namespace wintergrid::heat {

struct ThermalPipe {
  std::uint32_t from = 0, to = 0;
  double length_m = 0.0;
  double inner_diameter_m = 0.0;
  double outer_diameter_m = 0.0;  ///< the loss coefficient refers to it
  double roughness_m = 0.0;
  double loss_coefficient = 0.0;  ///< of velocity head: bends, fittings
  double u_w_per_m2_k = 0.0;
  double ambient_k = 293.15;
  double heat_extracted_w = 0.0;  ///< taken at its end
  bool in_service = true;
};

/// A connection to an outside network: holds pressure, temperature or both.
struct FixedNode {
  std::uint32_t node = 0;
  double pressure_bar = 0.0;
  double temperature_k = 0.0;
  bool holds_pressure = true;
  bool holds_temperature = true;
  bool in_service = true;
};

/// Water put into (or, negative, taken from) a node.
struct Injection {
  std::uint32_t node = 0;
  double flow_kg_s = 0.0;
  double temperature_k = 0.0;  ///< of water put in
  bool in_service = true;
};

/// A plant of a closed network: takes water at `from` (return), heats and lifts it, gives it at
/// `to`. The first one in service in every island holds that island's pressure: exactly at `to`,
/// less the lift at `from`. Others lift the water that returns to them.
struct CirculationPump {
  std::uint32_t from = 0, to = 0;
  double pressure_bar = 0.0;  ///< at `to`
  double lift_bar = 0.0;      ///< > 0
  double temperature_k = 0.0;
  double heat_limit_w = 1e18;  ///< colder water if it does not suffice
  bool in_service = true;
};

enum class ConsumerControl : std::uint8_t {
  fixed_flow = 0,      ///< `flow_kg_s` and the heat that comes with it: a fixed temperature drop
  return_temperature,  ///< as much flow as the heat needs at the supply temperature
};

/// A substation between a supply and a return node. Its valve holds the flow it wants; fully open,
/// flow follows the pressure difference: flow = valve_kg_s_per_sqrt_bar sqrt(difference).
struct ThermalConsumer {
  std::uint32_t from = 0, to = 0;
  ConsumerControl control = ConsumerControl::fixed_flow;
  double heat_w = 0.0;
  double flow_kg_s = 0.0;             ///< fixed_flow; else the design flow, which sizes the valve
  double return_temperature_k = 0.0;  ///< return_temperature
  double valve_kg_s_per_sqrt_bar = 0.0;  ///< 0: 0.5 bar at the design flow (or what it wants)
  bool in_service = true;
};

struct ThermalNetwork {
  std::vector<double> height_m;  ///< by node
  std::vector<ThermalPipe> pipes;
  std::vector<FixedNode> fixed;
  std::vector<Injection> injections;
  std::vector<CirculationPump> pumps;
  std::vector<ThermalConsumer> consumers;
  Water water;
  FrictionLaw friction = FrictionLaw::colebrook;
  double gravity_m_s2 = 9.81;
  double start_k = 293.15;  ///< where temperatures begin

  std::size_t node_count() const { return height_m.size(); }
  std::size_t link_count() const { return pipes.size() + consumers.size() + pumps.size(); }
};

enum class NodeState : std::uint8_t {
  solved = 0,
  no_source,  ///< no pressure reaches the node: nothing is known about it
};

/// Results by element. Pressures of unsolved nodes and outlets of pipes out of service are NaN,
/// their flows 0; temperatures of unsolved nodes mean nothing.
struct ThermalState {
  std::vector<NodeState> node_state;
  std::vector<double> pressure_bar;   ///< gauge, by node
  std::vector<double> temperature_k;  ///< by node
  std::vector<double> pipe_flow_kg_s;
  std::vector<double> pipe_outlet_k;  ///< where the water leaves, before mixing
  std::vector<double> pipe_mean_k;    ///< along the pipe
  std::vector<double> pipe_velocity_m_s;
  std::vector<double> consumer_flow_kg_s;
  std::vector<double> consumer_heat_w;  ///< delivered
  std::vector<double> consumer_outlet_k;
  std::vector<double> pump_flow_kg_s;
  std::vector<double> pump_outlet_k;
  std::vector<double> pump_heat_w;
};

}  // namespace wintergrid::heat
