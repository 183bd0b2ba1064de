// Flow and temperature of a heat network in turn, until they fit.
//
//   wanted flow   fixed, or Q / (c (T_supply - T_return)) with T_supply as it arrives
//   flow          at densities and viscosities of the pipes' mean temperatures (thermal_flow.cpp)
//   temperature   at these flows (thermal_temperature.cpp)
//
// A plant at its heat limit sends colder water, consumers open further, the return flow grows and
// the water gets colder still, until valves are open: each round multiplies the supply's excess
// over the return by (limit / wanted), so rounds converge geometrically; temperatures that swing
// are damped.

#include "grid_models/heat/thermal_solver.hpp"

#include <algorithm>
#include <cmath>

namespace wintergrid::heat {
namespace {

constexpr int kMaxRounds = 400, kDampAfter = 15;
constexpr double kSettled = 1e-6;   // K
constexpr double kLeastDrop = 1.0;  // K; a consumer's valve is open long before

}  // namespace

ThermalSolver::ThermalSolver(const ThermalNetwork& network)
    : flow_(network),
      mixing_(network),
      wanted_kg_s_(network.consumers.size()),
      previous_k_(network.node_count()),
      last_change_k_(network.node_count()),
      share_(network.node_count()),
      start_k_(network.pipes.size()) {}

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

/// Temperatures that swing go half as far, those that creep go the whole way.
void ThermalSolver::relax(ThermalState& state) {
  for (std::size_t i = 0; i < previous_k_.size(); ++i) {
    const double change = state.temperature_k[i] - previous_k_[i];
    share_[i] = change * last_change_k_[i] < 0.0 ? 0.5 * share_[i] : std::min(1.0, 1.2 * share_[i]);
    last_change_k_[i] = change;
    state.temperature_k[i] = previous_k_[i] + share_[i] * change;
  }
}

void ThermalSolver::count(const ThermalNetwork& network, const ThermalState& state,
                          ThermalResult& result) const {
  for (const NodeState node : state.node_state) {
    result.nodes_without_source += node == NodeState::no_source ? 1 : 0;
  }
  for (std::size_t k = 0; k < network.consumers.size(); ++k) {
    if (network.consumers[k].in_service) {
      result.wanted_w += network.consumers[k].heat_w;
      result.delivered_w += state.consumer_heat_w[k];
    }
  }
}

ThermalResult ThermalSolver::advance(const ThermalNetwork& network, TransportDelay& delay,
                                     double seconds, ThermalState& state) {
  ThermalResult result;
  result.rounds = 1;
  set_wanted(network, state);
  if (!flow_.solve(network, wanted_kg_s_, state).converged) {
    result.status = ThermalStatus::flow_not_converged;
  }
  mixing_.advance(network, state, delay, seconds);
  count(network, state, result);
  return result;
}

ThermalResult ThermalSolver::solve(const ThermalNetwork& network, ThermalState& state,
                                   double standing_hours) {
  ThermalResult result;
  std::copy(state.pipe_mean_k.begin(), state.pipe_mean_k.end(), start_k_.begin());
  std::fill(last_change_k_.begin(), last_change_k_.end(), 0.0);
  std::fill(share_.begin(), share_.end(), 1.0);
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
      relax(state);
    }
  }
  if (!flow_converged) {
    result.status = ThermalStatus::flow_not_converged;
  } else if (result.largest_change_k > kSettled) {
    result.status = ThermalStatus::temperature_not_converged;
  }
  mixing_.cool_standing(network, start_k_, standing_hours, state);
  count(network, state, result);
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
