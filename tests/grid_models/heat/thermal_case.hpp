#pragma once
// Heat networks for tests: a supply side, and the same again for the return.

#include <cmath>
#include <cstdint>
#include <numbers>

#include "grid_models/heat/pipe_friction.hpp"
#include "grid_models/heat/thermal_solver.hpp"

namespace wintergrid::heat::test {

inline const WaterProperties kFixedWater{971.8, 4196.0, 3.54e-4};

inline ThermalPipe pipe(std::uint32_t from, std::uint32_t to, double length_m, double inner_m) {
  ThermalPipe result;
  result.from = from;
  result.to = to;
  result.length_m = length_m;
  result.inner_diameter_m = inner_m;
  result.outer_diameter_m = inner_m * 1.1;
  result.roughness_m = 1e-4;
  result.u_w_per_m2_k = 0.6;
  result.ambient_k = 275.15;
  return result;
}

/// Nodes 0 .. count-1 supply, count .. 2 count - 1 return; add_main() adds both pipes.
struct ClosedNetwork {
  ThermalNetwork network;
  std::uint32_t count;

  explicit ClosedNetwork(std::uint32_t nodes) : count(nodes) {
    network.height_m.assign(2 * nodes, 0.0);
    network.water = Water(kFixedWater);
    network.start_k = 275.15;
  }
  void add_main(std::uint32_t from, std::uint32_t to, double length_m, double inner_m) {
    network.pipes.push_back(pipe(from, to, length_m, inner_m));
    network.pipes.push_back(pipe(count + to, count + from, length_m, inner_m));
  }
  CirculationPump& add_plant(std::uint32_t node, double pressure_bar, double lift_bar) {
    CirculationPump pump;
    pump.from = count + node;
    pump.to = node;
    pump.pressure_bar = pressure_bar;
    pump.lift_bar = lift_bar;
    pump.temperature_k = 363.15;
    network.pumps.push_back(pump);
    return network.pumps.back();
  }
  /// Wants `heat_w` with a return of 50 C; design flow at 40 K.
  ThermalConsumer& add_consumer(std::uint32_t node, double heat_w) {
    ThermalConsumer consumer;
    consumer.from = node;
    consumer.to = count + node;
    consumer.control = ConsumerControl::return_temperature;
    consumer.heat_w = heat_w;
    consumer.return_temperature_k = 323.15;
    consumer.flow_kg_s = heat_w / (kFixedWater.heat_capacity_j_kg_k * 40.0);
    network.consumers.push_back(consumer);
    return network.consumers.back();
  }
};

/// Friction of the pipe at kFixedWater by Colebrook, of a flow in kg/s.
inline double drop_bar(const ThermalPipe& pipe, double flow) {
  const double area = 0.25 * std::numbers::pi * pipe.inner_diameter_m * pipe.inner_diameter_m;
  const double velocity = flow / (971.8 * area);
  const double reynolds = std::abs(velocity) * pipe.inner_diameter_m * 971.8 / 3.54e-4;
  const double factor =
      friction_factor(FrictionLaw::colebrook, reynolds, pipe.roughness_m / pipe.inner_diameter_m)
          .value;
  return (factor * pipe.length_m / pipe.inner_diameter_m + pipe.loss_coefficient) * 0.5 * 971.8 *
         velocity * std::abs(velocity) / 1e5;
}

struct Solved {
  ThermalState state;
  ThermalResult result;
};

inline Solved solve(const ThermalNetwork& network) {
  ThermalSolver solver(network);
  Solved solved{solver.make_state(network), {}};
  solved.result = solver.solve(network, solved.state);
  return solved;
}

}  // namespace wintergrid::heat::test
