// Temperatures of a heat network.
//
//   pipe       T_out = T_amb + (T_in - T_amb) exp(-x) - Q / (m c),  x = U pi d_o L / (m c)
//   mean       T_amb + (T_in - T_amb) (1 - exp(-x)) / x
//   standing   T(t) = T_amb + (T_0 - T_amb) exp(-t / (R C))           (R, C of pipe_freezing.hpp)
//   node       T = sum of m T over water that comes in / sum of m     ideal mixing
//   consumer   T_out = T_in - Q / (m_wanted c), or its return temperature if T_in is above it
//   pump       T_out = T_set, or T_return + Q_limit / (m c) if that is less
//
// U W/(m2 K) on the outer diameter d_o; c J/(kg K); Q heat taken, W; x dimensionless. Nodes are
// visited in the order of flow, each when all water that comes to it is known; nodes on a loop of
// flow (a pump within a ring) are repeated until they no longer change. Water put into a node mixes
// with what flows through it.
// Source: the steady energy balance of a pipe element (e.g. Frederiksen and Werner, District
// Heating and Cooling, 2013, ch. 7); for standing water the balance of its heat capacity.

#include "grid_models/heat/thermal_temperature.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "grid_models/heat/pipe_freezing.hpp"
#include "grid_models/heat/transport_delay.hpp"

namespace wintergrid::heat {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr double kColdestOutlet = 293.15;  // a fixed temperature drop ends at room temperature
constexpr int kMaxSweeps = 10000;
constexpr double kSettled = 1e-10;  // K

double exponent(const ThermalPipe& pipe, double flow_kg_s, double heat_capacity) {
  return pipe.u_w_per_m2_k * std::numbers::pi * pipe.outer_diameter_m * pipe.length_m /
         (flow_kg_s * heat_capacity);
}

}  // namespace

double outlet_temperature_k(const ThermalPipe& pipe, double inlet_k, double flow_kg_s,
                            double heat_capacity_j_kg_k) {
  return pipe.ambient_k +
         (inlet_k - pipe.ambient_k) * std::exp(-exponent(pipe, flow_kg_s, heat_capacity_j_kg_k)) -
         pipe.heat_extracted_w / (flow_kg_s * heat_capacity_j_kg_k);
}

double mean_temperature_k(const ThermalPipe& pipe, double inlet_k, double flow_kg_s,
                          double heat_capacity_j_kg_k) {
  const double x = exponent(pipe, flow_kg_s, heat_capacity_j_kg_k);
  const double share = x < 1e-12 ? 1.0 : -std::expm1(-x) / x;
  return pipe.ambient_k + (inlet_k - pipe.ambient_k) * share;
}

double standing_temperature_k(const ThermalPipe& pipe, double start_k, double hours) {
  const double tau =
      standing_main(pipe.inner_diameter_m, pipe.outer_diameter_m, pipe.u_w_per_m2_k).tau_hours();
  return pipe.ambient_k + (start_k - pipe.ambient_k) * std::exp(-hours / tau);
}

ThermalMixing::ThermalMixing(const ThermalNetwork& network)
    : pipes_(network.pipes.size()), consumers_(network.consumers.size()) {
  const std::size_t nodes = network.node_count();
  const auto each_link = [&](auto&& take) {
    std::uint32_t link = 0;
    for (const auto& pipe : network.pipes) {
      take(link++, pipe.from, pipe.to);
    }
    for (const auto& consumer : network.consumers) {
      take(link++, consumer.from, consumer.to);
    }
    for (const auto& pump : network.pumps) {
      take(link++, pump.from, pump.to);
    }
  };
  offset_.assign(nodes + 1, 0);
  each_link([&](std::uint32_t, std::uint32_t from, std::uint32_t to) {
    ++offset_[from + 1];
    ++offset_[to + 1];
  });
  for (std::size_t i = 0; i < nodes; ++i) {
    offset_[i + 1] += offset_[i];
  }
  end_.resize(offset_[nodes]);
  std::vector<std::uint32_t> next(offset_.begin(), offset_.end() - 1);
  each_link([&](std::uint32_t link, std::uint32_t from, std::uint32_t to) {
    end_[next[from]++] = {link, true};
    end_[next[to]++] = {link, false};
  });
  waiting_.resize(nodes);
  order_.reserve(nodes);
  done_.resize(nodes);
  held_k_.resize(nodes);
  inflow_kg_s_.resize(nodes);
  inflow_k_.resize(nodes);
  previous_k_.resize(nodes);
}

double ThermalMixing::flow_of(std::uint32_t link, const ThermalState& state) const {
  if (link < pipes_) {
    return state.pipe_flow_kg_s[link];
  }
  return link < pipes_ + consumers_ ? state.consumer_flow_kg_s[link - pipes_]
                                    : state.pump_flow_kg_s[link - pipes_ - consumers_];
}

/// Whether water enters the link at this end; not if it stands.
bool ThermalMixing::upstream(const End& end, const ThermalState& state) const {
  const double flow = flow_of(end.link, state);
  return end.is_from ? flow > kStandingFlow : flow < -kStandingFlow;
}

double ThermalMixing::outlet_of(std::uint32_t link, const ThermalState& state) const {
  if (link < pipes_) {
    return state.pipe_outlet_k[link];
  }
  return link < pipes_ + consumers_ ? state.consumer_outlet_k[link - pipes_]
                                    : state.pump_outlet_k[link - pipes_ - consumers_];
}

/// What comes out of a link that water enters at `inlet_k`.
void ThermalMixing::leave(const ThermalNetwork& network, std::uint32_t link, double inlet_k,
                          ThermalState& state) const {
  const double flow = std::abs(flow_of(link, state));
  if (link < pipes_) {
    const ThermalPipe& pipe = network.pipes[link];
    const double c = network.water.at(state.pipe_mean_k[link]).heat_capacity_j_kg_k;
    if (delay_ != nullptr) {
      state.pipe_outlet_k[link] =
          delay_->advance(link, state.pipe_flow_kg_s[link], inlet_k, pipe.ambient_k, delay_s_) -
          pipe.heat_extracted_w / (flow * c);
      state.pipe_mean_k[link] = delay_->pipe(link).mean_k();
      return;
    }
    state.pipe_outlet_k[link] = outlet_temperature_k(pipe, inlet_k, flow, c);
    state.pipe_mean_k[link] = mean_temperature_k(pipe, inlet_k, flow, c);
    return;
  }
  if (link >= pipes_ + consumers_) {
    return;  // pumps: once per solve
  }
  const std::size_t k = link - pipes_;
  const ThermalConsumer& consumer = network.consumers[k];
  const double c = network.water.at(inlet_k).heat_capacity_j_kg_k;
  double outlet_k = std::min(inlet_k, consumer.return_temperature_k);
  if (consumer.control == ConsumerControl::fixed_flow) {
    outlet_k = std::max(inlet_k - consumer.heat_w / (consumer.flow_kg_s * c),
                        std::min(inlet_k, kColdestOutlet));
  }
  state.consumer_outlet_k[k] = outlet_k;
  state.consumer_heat_w[k] = flow * c * (inlet_k - outlet_k);
}

double ThermalMixing::mixed(const ThermalNetwork& network, std::uint32_t node,
                            const ThermalState& state) const {
  double sum = inflow_kg_s_[node] * inflow_k_[node], mass = inflow_kg_s_[node];
  double ambient = 0.0, length = 0.0;
  for (std::uint32_t at = offset_[node]; at < offset_[node + 1]; ++at) {
    const End& end = end_[at];
    const double flow = std::abs(flow_of(end.link, state));
    if (flow > kStandingFlow && !upstream(end, state)) {
      sum += flow * outlet_of(end.link, state);
      mass += flow;
    }
    if (end.link < pipes_ && network.pipes[end.link].in_service) {
      ambient += network.pipes[end.link].length_m * network.pipes[end.link].ambient_k;
      length += network.pipes[end.link].length_m;
    }
  }
  if (mass > 0.0) {
    return sum / mass;
  }
  return length > 0.0 ? ambient / length : network.start_k;
}

void ThermalMixing::leave_all(const ThermalNetwork& network, std::uint32_t node,
                              ThermalState& state) const {
  for (std::uint32_t at = offset_[node]; at < offset_[node + 1]; ++at) {
    if (upstream(end_[at], state)) {
      leave(network, end_[at].link, state.temperature_k[node], state);
    }
  }
}

void ThermalMixing::mix_all(const ThermalNetwork& network, ThermalState& state) {
  const auto nodes = static_cast<std::uint32_t>(network.node_count());
  std::fill(held_k_.begin(), held_k_.end(), 0.0);
  std::fill(inflow_kg_s_.begin(), inflow_kg_s_.end(), 0.0);
  std::fill(inflow_k_.begin(), inflow_k_.end(), 0.0);
  std::copy(state.temperature_k.begin(), state.temperature_k.end(), previous_k_.begin());
  for (const FixedNode& fixed : network.fixed) {
    if (fixed.in_service && fixed.holds_temperature && held_k_[fixed.node] == 0.0) {
      held_k_[fixed.node] = fixed.temperature_k;
    }
  }
  for (const Injection& source : network.injections) {
    if (source.in_service && source.flow_kg_s > 0.0) {
      const double mass = inflow_kg_s_[source.node] + source.flow_kg_s;
      inflow_k_[source.node] +=
          (source.temperature_k - inflow_k_[source.node]) * source.flow_kg_s / mass;
      inflow_kg_s_[source.node] = mass;
    }
  }
  for (std::size_t k = 0; k < network.pumps.size(); ++k) {
    const CirculationPump& pump = network.pumps[k];
    const double flow = state.pump_flow_kg_s[k];
    const double back_k = previous_k_[pump.from];
    const double c = network.water.at(back_k).heat_capacity_j_kg_k;
    state.pump_outlet_k[k] =
        flow > kStandingFlow ? std::min(pump.temperature_k, back_k + pump.heat_limit_w / (flow * c))
                             : pump.temperature_k;
    state.pump_heat_w[k] = std::max(0.0, flow * c * (state.pump_outlet_k[k] - back_k));
  }

  order_.clear();
  std::fill(done_.begin(), done_.end(), std::uint8_t{0});
  for (std::uint32_t i = 0; i < nodes; ++i) {
    waiting_[i] = 0;
    for (std::uint32_t at = offset_[i]; at < offset_[i + 1]; ++at) {
      const End& end = end_[at];
      const bool comes =
          std::abs(flow_of(end.link, state)) > kStandingFlow && !upstream(end, state);
      waiting_[i] += comes && end.link < pipes_ + consumers_ ? 1 : 0;
    }
    if (waiting_[i] == 0 || held_k_[i] != 0.0) {
      order_.push_back(i);
      done_[i] = 1;
    }
  }
  const auto visit = [&](std::uint32_t node) {
    state.temperature_k[node] = held_k_[node] != 0.0 ? held_k_[node] : mixed(network, node, state);
    leave_all(network, node, state);
  };
  for (std::size_t head = 0; head < order_.size(); ++head) {
    const std::uint32_t node = order_[head];
    visit(node);
    for (std::uint32_t at = offset_[node]; at < offset_[node + 1]; ++at) {
      const End& end = end_[at];
      if (end.link >= pipes_ + consumers_ || !upstream(end, state)) {
        continue;
      }
      const auto& [from, to] =
          end.link < pipes_ ? std::pair{network.pipes[end.link].from, network.pipes[end.link].to}
                            : std::pair{network.consumers[end.link - pipes_].from,
                                        network.consumers[end.link - pipes_].to};
      const std::uint32_t other = end.is_from ? to : from;
      if (done_[other] == 0 && --waiting_[other] == 0) {
        order_.push_back(other);
        done_[other] = 1;
      }
    }
  }
  if (order_.size() == nodes) {
    return;
  }
  if (delay_ != nullptr) {  // water moves once
    for (std::uint32_t i = 0; i < nodes; ++i) {
      if (done_[i] == 0) {
        visit(i);
      }
    }
    return;
  }
  for (std::uint32_t i = 0; i < nodes; ++i) {
    if (done_[i] == 0) {
      leave_all(network, i, state);
    }
  }
  double change = 1.0;
  for (int sweep = 0; sweep < kMaxSweeps && change > kSettled; ++sweep) {
    change = 0.0;
    for (std::uint32_t i = 0; i < nodes; ++i) {
      if (done_[i] == 0) {
        const double before = state.temperature_k[i];
        visit(i);
        change = std::max(change, std::abs(state.temperature_k[i] - before));
      }
    }
  }
}

double ThermalMixing::solve(const ThermalNetwork& network, ThermalState& state) {
  mix_all(network, state);
  const auto nodes = static_cast<std::uint32_t>(network.node_count());
  double largest = 0.0;
  for (std::uint32_t i = 0; i < nodes; ++i) {
    if (state.node_state[i] != NodeState::solved) {
      state.temperature_k[i] = network.start_k;
    } else {
      largest = std::max(largest, std::abs(state.temperature_k[i] - previous_k_[i]));
    }
  }
  for (std::size_t k = 0; k < pipes_; ++k) {
    if (std::abs(state.pipe_flow_kg_s[k]) <= kStandingFlow) {
      state.pipe_mean_k[k] = network.pipes[k].ambient_k;
      state.pipe_outlet_k[k] = network.pipes[k].in_service ? network.pipes[k].ambient_k : kUnknown;
    }
  }
  for (std::size_t k = 0; k < consumers_; ++k) {
    if (state.consumer_flow_kg_s[k] <= kStandingFlow) {
      state.consumer_heat_w[k] = 0.0;
      state.consumer_outlet_k[k] = kUnknown;
    }
  }
  return largest;
}

void ThermalMixing::advance(const ThermalNetwork& network, ThermalState& state,
                            TransportDelay& delay, double seconds) {
  delay_ = &delay;
  delay_s_ = seconds;
  for (std::size_t k = 0; k < pipes_; ++k) {
    if (std::abs(state.pipe_flow_kg_s[k]) <= kStandingFlow) {
      const double ambient_k = network.pipes[k].ambient_k;
      state.pipe_outlet_k[k] = delay.advance(k, 0.0, ambient_k, ambient_k, seconds);
      state.pipe_mean_k[k] = delay.pipe(k).mean_k();
    }
  }
  mix_all(network, state);
  stand(network, state);
  delay_ = nullptr;
}

/// Nodes that no water passes have the mean temperature of the standing water around them.
void ThermalMixing::stand(const ThermalNetwork& network, ThermalState& state) const {
  for (std::uint32_t i = 0; i + 1 < offset_.size(); ++i) {
    double sum = 0.0, length = 0.0;
    bool moving = held_k_[i] != 0.0 || inflow_kg_s_[i] > 0.0;
    for (std::uint32_t at = offset_[i]; at < offset_[i + 1]; ++at) {
      const std::uint32_t link = end_[at].link;
      moving = moving || std::abs(flow_of(link, state)) > kStandingFlow;
      if (link < pipes_) {
        sum += network.pipes[link].length_m * state.pipe_mean_k[link];
        length += network.pipes[link].length_m;
      }
    }
    if (!moving && length > 0.0) {
      state.temperature_k[i] = sum / length;
    }
  }
}

void ThermalMixing::cool_standing(const ThermalNetwork& network, std::span<const double> start_k,
                                  double hours, ThermalState& state) const {
  for (std::size_t k = 0; k < pipes_; ++k) {
    if (std::abs(state.pipe_flow_kg_s[k]) <= kStandingFlow) {
      state.pipe_mean_k[k] = standing_temperature_k(network.pipes[k], start_k[k], hours);
      if (network.pipes[k].in_service) {
        state.pipe_outlet_k[k] = state.pipe_mean_k[k];
      }
    }
  }
  stand(network, state);
}

}  // namespace wintergrid::heat
