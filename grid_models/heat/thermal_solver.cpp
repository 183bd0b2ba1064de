// Flow and temperature of a heat network in turn, until they fit.
//
//   wanted flow   fixed, or Q / (c (T_supply - T_return)) with T_supply as it arrives
//   flow          at densities and viscosities of the pipes' mean temperatures (thermal_flow.cpp)
//   temperature   at these flows (thermal_temperature.cpp)
//
// A plant at its heat limit sends colder water, consumers open further, the return flow grows and
// the water gets colder still, until valves are open: each round multiplies the supply's excess
// over the return by (limit / wanted), so rounds converge geometrically; late rounds are damped.

#include "grid_models/heat/thermal_solver.hpp"

#include <algorithm>
#include <cmath>

namespace wintergrid::heat {
namespace {

constexpr int kMaxRounds = 400, kDampAfter = 60;
constexpr double kSettled = 1e-7;   // K
constexpr double kLeastDrop = 1.0;  // K; a consumer's valve is open long before

}  // namespace

ThermalSolver::ThermalSolver(const ThermalNetwork& network)
    : flow_(network),
      mixing_(network),
      wanted_kg_s_(network.consumers.size()),
      previous_k_(network.node_count()) {}

ThermalState ThermalSolver::make_state(const ThermalNetwork& network) const {
  const std::size_t nodes = network.node_count(), pipes = network.pipes.size();
  const std::size_t consumers = network.consumers.size(), pumps = network.pumps.size();
  double start_k = network.start_k;
  for (const CirculationPump& pump : network.pumps) {
    start_k = pump.in_service ? std::max(start_k, pump.temperature_k) : start_k;
  }
  ThermalState state;
  state.node_state.assign(nodes, NodeState::no_source);
  state.pressure_bar.assign(nodes, 0.0);
  state.temperature_k.assign(nodes, start_k);
  state.pipe_flow_kg_s.assign(pipes, 0.0);
  state.pipe_outlet_k.assign(pipes, start_k);
  state.pipe_mean_k.assign(pipes, start_k);
  state.pipe_velocity_m_s.assign(pipes, 0.0);
  state.consumer_flow_kg_s.assign(consumers, 0.0);
  state.consumer_heat_w.assign(consumers, 0.0);
  state.consumer_outlet_k.assign(consumers, start_k);
  state.pump_flow_kg_s.assign(pumps, 0.0);
  state.pump_outlet_k.assign(pumps, start_k);
  state.pump_heat_w.assign(pumps, 0.0);
  return state;
}

void ThermalSolver::set_wanted(const ThermalNetwork& network, const ThermalState& state) {
  for (std::size_t k = 0; k < wanted_kg_s_.size(); ++k) {
    const ThermalConsumer& consumer = network.consumers[k];
    if (!consumer.in_service) {
      wanted_kg_s_[k] = 0.0;
    } else if (consumer.control == ConsumerControl::fixed_flow) {
      wanted_kg_s_[k] = consumer.flow_kg_s;
    } else {
      const double supply_k = state.temperature_k[consumer.from];
      const double c = network.water.at(supply_k).heat_capacity_j_kg_k;
      wanted_kg_s_[k] =
          consumer.heat_w / (c * std::max(kLeastDrop, supply_k - consumer.return_temperature_k));
    }
  }
}

ThermalResult ThermalSolver::solve(const ThermalNetwork& network, ThermalState& state) {
  ThermalResult result;
  bool flow_converged = false;
  for (result.rounds = 1; result.rounds <= kMaxRounds; ++result.rounds) {
    set_wanted(network, state);
    flow_converged = flow_.solve(network, wanted_kg_s_, state).converged;
    std::copy(state.temperature_k.begin(), state.temperature_k.end(), previous_k_.begin());
    result.largest_change_k = mixing_.solve(network, state);
    if (result.largest_change_k <= kSettled) {
      break;
    }
    if (result.rounds > kDampAfter) {
      for (std::size_t i = 0; i < previous_k_.size(); ++i) {
        state.temperature_k[i] = 0.5 * (state.temperature_k[i] + previous_k_[i]);
      }
    }
  }
  if (!flow_converged) {
    result.status = ThermalStatus::flow_not_converged;
  } else if (result.largest_change_k > kSettled) {
    result.status = ThermalStatus::temperature_not_converged;
  }
  for (const NodeState node : state.node_state) {
    result.nodes_without_source += node == NodeState::no_source ? 1 : 0;
  }
  for (std::size_t k = 0; k < network.consumers.size(); ++k) {
    if (network.consumers[k].in_service) {
      result.wanted_w += network.consumers[k].heat_w;
      result.delivered_w += state.consumer_heat_w[k];
    }
  }
  return result;
}

double ThermalSolver::imbalance_w(const ThermalNetwork& network, const ThermalState& state) {
  double balance = 0.0;
  for (std::size_t k = 0; k < network.pumps.size(); ++k) {
    balance += state.pump_heat_w[k];
  }
  for (std::size_t k = 0; k < network.consumers.size(); ++k) {
    balance -= state.consumer_heat_w[k];
  }
  for (std::size_t k = 0; k < network.pipes.size(); ++k) {
    const double flow = state.pipe_flow_kg_s[k];
    if (std::abs(flow) > kStandingFlow) {
      const double inlet_k =
          state.temperature_k[flow > 0.0 ? network.pipes[k].from : network.pipes[k].to];
      const double c = network.water.at(state.pipe_mean_k[k]).heat_capacity_j_kg_k;
      balance -= std::abs(flow) * c * (inlet_k - state.pipe_outlet_k[k]);
    }
  }
  return balance;
}

}  // namespace wintergrid::heat
