// Mass flows and pressures: the global gradient method in pressures and mass flows.
//
//   balance    sum of flows out of node i - sum of flows into it = injection_i
//   links      h_k(m) = p_from - p_to + b_k
//     pipe     h = (f L / d + zeta) m |m| / (2 rho A^2),  b = rho g (z_from - z_to)
//     consumer h = (m / k_v)^2 up to the flow its valve wants, then as steep as a wall: the flow is
//              the smaller of what it wants and what the pressure difference drives through the
//              open valve; the same wall stops flow backwards
//     pump     h = r m (r small; a wall backwards),  b = lift
//   iteration  m' = m - (h - p_from + p_to - b) / h'(m);  inserted in the balances this is a
//              symmetric system in p, solved by L D L^T with a pattern found once
//
// p absolute pressure (gauge plus barometric, which falls with height), bar; m mass flow, kg/s; f
// Darcy factor at the pipe's mean temperature; z height, m; k_v kg/(s sqrt(bar)).
//
// Why not the solver of grid_models/hydraulics: it has one density and viscosity for the whole
// network, while here 90 C supply and 50 C return differ by 2.5 % and a factor of 1.7, pipes carry
// the weight of their own water, and consumers saturate, which there is a search over valve states
// and here one increasing law per link.
//
// Sources: E. Todini, S. Pilati, A gradient algorithm for the analysis of pipe networks, 1988;
// pandapipes 0.14 documentation (pressure loss with heights and barometric pressure).

#include "grid_models/heat/thermal_flow.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "grid_models/core/contract.hpp"
#include "grid_models/network/sparse_ldlt.hpp"

namespace wintergrid::heat {
namespace {

constexpr double kPascalPerBar = 1e5;
constexpr double kWall = 1e9;              // bar s/kg
constexpr double kLeastSlope = 1e-8;       // bar s/kg
constexpr double kDefaultValveDrop = 0.5;  // bar
constexpr int kMaxIterations = 100, kDampAfter = 25;
// Of the sum of flows, and in kg/s for each link. Convergence is quadratic, so the step that meets
// them leaves rounding only.
constexpr double kAccuracy = 1e-9, kAccuracyOfLink = 1e-9;
// Late steps are shortened by turns, which ends cycles between the two sides of a wall.
constexpr double kLateStep[] = {0.7, 0.4, 0.25, 1.0};

struct Law {
  double drop_bar, slope;
};

double area_m2(double diameter_m) { return 0.25 * std::numbers::pi * diameter_m * diameter_m; }

Law pipe_law(const ThermalPipe& pipe, FrictionLaw friction, const WaterProperties& water,
             double flow) {
  const double area = area_m2(pipe.inner_diameter_m);
  const double scale = 1.0 / (2.0 * water.density_kg_m3 * area * area * kPascalPerBar);
  const double size = std::abs(flow);
  const double per_diameter = pipe.length_m / pipe.inner_diameter_m;
  // Re = reynolds_per_flow * size; 64 / Re * size stays finite at rest.
  const double reynolds_per_flow = pipe.inner_diameter_m / (area * water.viscosity_pa_s);
  const double reynolds = reynolds_per_flow * size;
  double linear = 64.0 / reynolds_per_flow * per_diameter, square = pipe.loss_coefficient;
  double slope_of_factor = 0.0;  // d f / d flow, of the part in `square`
  if (friction == FrictionLaw::nikuradse) {
    square +=
        (friction_factor(friction, 1.0, pipe.roughness_m / pipe.inner_diameter_m).value - 64.0) *
        per_diameter;
  } else if (reynolds > 1.0) {
    const FrictionFactor factor =
        friction_factor(friction, reynolds, pipe.roughness_m / pipe.inner_diameter_m);
    if (factor.value > 64.0 / reynolds) {
      linear = 0.0;
      square += factor.value * per_diameter;
      slope_of_factor = factor.slope * reynolds_per_flow * per_diameter;
    }
  }
  Law law;
  law.drop_bar = scale * (linear + square * size) * flow + kLeastSlope * flow;
  law.slope = scale * (linear + 2.0 * square * size + slope_of_factor * size * size) + kLeastSlope;
  return law;
}

Law consumer_law(double valve, double wanted, double flow) {
  const double inverse = 1.0 / (valve * valve);
  const double inside = std::clamp(flow, 0.0, wanted);
  const double rest = 1e-6 * wanted * inverse;  // a slope at rest
  Law law{inverse * inside * inside + rest * inside + kWall * (flow - inside),
          2.0 * inverse * inside + rest};
  if (inside != flow) {
    law.slope = kWall;
  }
  return law;
}

Law pump_law(double flow) {
  constexpr double kResistance = 1e-6;  // bar s/kg
  return flow < 0.0 ? Law{kWall * flow, kWall} : Law{kResistance * flow, kResistance};
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs_of(const ThermalNetwork& network) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (const auto& pipe : network.pipes) {
    pairs.emplace_back(pipe.from, pipe.to);
  }
  for (const auto& consumer : network.consumers) {
    pairs.emplace_back(consumer.from, consumer.to);
  }
  for (const auto& pump : network.pumps) {
    pairs.emplace_back(pump.from, pump.to);
  }
  return pairs;
}

}  // namespace

double air_pressure_bar(double height_m) {
  return 1.01325 * std::pow(1.0 - height_m * 0.0065 / 288.15, 5.255);
}

struct ThermalFlow::Impl {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  SparseLdlt matrix;
  std::vector<std::uint32_t> parent;
  std::vector<std::uint8_t> pinned, anchored, holds;  // by node, by root, by pump
  std::vector<double> pressure, right_side, injection;
  std::vector<std::uint8_t> active;  // by link
  std::vector<double> flow, push, valve, predicted, conductance;
  std::vector<WaterProperties> water;  // by pipe

  explicit Impl(const ThermalNetwork& network)
      : pairs(pairs_of(network)), matrix(network.node_count(), pairs) {
    const std::size_t nodes = network.node_count(), links = pairs.size();
    for (const auto& [from, to] : pairs) {
      WG_CHECK(from < nodes && to < nodes && from != to, "link between nodes that do not exist");
    }
    parent.resize(nodes);
    pinned.resize(nodes);
    anchored.resize(nodes);
    holds.resize(network.pumps.size());
    pressure.assign(nodes, 0.0);
    right_side.resize(nodes);
    injection.resize(nodes);
    active.resize(links);
    flow.assign(links, 0.0);
    push.resize(links);
    valve.resize(network.consumers.size());
    predicted.resize(links);
    conductance.resize(links);
    water.resize(network.pipes.size());
  }

  std::uint32_t root(std::uint32_t node) {
    while (parent[node] != node) {
      parent[node] = parent[parent[node]];
      node = parent[node];
    }
    return node;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = root(a);
    b = root(b);
    if (a != b) {
      parent[std::max(a, b)] = std::min(a, b);
    }
  }
  void pin(std::uint32_t node, double absolute_bar) {
    anchored[root(node)] = 1;
    if (pinned[node] == 0) {
      pinned[node] = 1;
      pressure[node] = absolute_bar;
    }
  }

  /// Who holds pressure where, and which parts have any.
  void find_anchors(const ThermalNetwork& network) {
    for (std::uint32_t i = 0; i < parent.size(); ++i) {
      parent[i] = i;
    }
    std::fill(pinned.begin(), pinned.end(), std::uint8_t{0});
    std::fill(anchored.begin(), anchored.end(), std::uint8_t{0});
    std::fill(holds.begin(), holds.end(), std::uint8_t{0});
    for (const auto& pipe : network.pipes) {
      if (pipe.in_service) {
        join(pipe.from, pipe.to);
      }
    }
    for (const auto& pump : network.pumps) {
      if (pump.in_service) {
        join(pump.from, pump.to);
      }
    }
    const auto air = [&](std::uint32_t node) { return air_pressure_bar(network.height_m[node]); };
    for (const auto& fixed : network.fixed) {
      if (fixed.in_service && fixed.holds_pressure) {
        pin(fixed.node, fixed.pressure_bar + air(fixed.node));
      }
    }
    for (std::size_t k = 0; k < network.pumps.size(); ++k) {
      const CirculationPump& pump = network.pumps[k];
      if (pump.in_service && anchored[root(pump.to)] == 0) {
        pin(pump.to, pump.pressure_bar + air(pump.to));
        pin(pump.from, pump.pressure_bar - pump.lift_bar + air(pump.from));
        holds[k] = 1;
      }
    }
  }

  bool fed(std::uint32_t node) { return anchored[root(node)] != 0; }

  /// Which links take part, what pushes them besides pressure, and where iteration starts.
  void prepare(const ThermalNetwork& network, std::span<const double> wanted,
               const ThermalState& state) {
    const std::size_t pipes = network.pipes.size(), consumers = network.consumers.size();
    std::fill(injection.begin(), injection.end(), 0.0);
    for (const auto& source : network.injections) {
      injection[source.node] += source.in_service ? source.flow_kg_s : 0.0;
    }
    for (std::size_t k = 0; k < pipes; ++k) {
      const ThermalPipe& pipe = network.pipes[k];
      active[k] = pipe.in_service && fed(pipe.from) ? 1 : 0;
      water[k] = network.water.at(state.pipe_mean_k[k]);
      push[k] = water[k].density_kg_m3 * network.gravity_m_s2 *
                (network.height_m[pipe.from] - network.height_m[pipe.to]) / kPascalPerBar;
      flow[k] = state.pipe_flow_kg_s[k];
      if (flow[k] == 0.0) {
        flow[k] = 0.5 * water[k].density_kg_m3 * area_m2(pipe.inner_diameter_m);
      }
    }
    double total = 0.0;
    for (std::size_t c = 0; c < consumers; ++c) {
      const ThermalConsumer& consumer = network.consumers[c];
      const std::size_t k = pipes + c;
      active[k] =
          consumer.in_service && wanted[c] > 0.0 && fed(consumer.from) && fed(consumer.to) ? 1 : 0;
      push[k] = 0.0;
      const double design = consumer.flow_kg_s > 0.0 ? consumer.flow_kg_s : wanted[c];
      valve[c] = consumer.valve_kg_s_per_sqrt_bar > 0.0 ? consumer.valve_kg_s_per_sqrt_bar
                                                        : design / std::sqrt(kDefaultValveDrop);
      flow[k] = wanted[c];
      total += active[k] != 0 ? wanted[c] : 0.0;
    }
    for (std::size_t u = 0; u < network.pumps.size(); ++u) {
      const CirculationPump& pump = network.pumps[u];
      const std::size_t k = pipes + consumers + u;
      active[k] = pump.in_service && holds[u] == 0 && fed(pump.from) ? 1 : 0;
      push[k] = pump.lift_bar + air_pressure_bar(network.height_m[pump.to]) -
                air_pressure_bar(network.height_m[pump.from]);
      flow[k] = total / static_cast<double>(network.pumps.size());
    }
    for (std::size_t k = 0; k < flow.size(); ++k) {
      flow[k] = active[k] != 0 ? flow[k] : 0.0;
    }
  }

  Law law(const ThermalNetwork& network, std::span<const double> wanted, std::size_t k) const {
    const std::size_t pipes = network.pipes.size(), consumers = network.consumers.size();
    if (k < pipes) {
      return pipe_law(network.pipes[k], network.friction, water[k], flow[k]);
    }
    return k < pipes + consumers ? consumer_law(valve[k - pipes], wanted[k - pipes], flow[k])
                                 : pump_law(flow[k]);
  }

  void assemble(const ThermalNetwork& network, std::span<const double> wanted) {
    matrix.clear();
    const std::span<double> values = matrix.values();
    const std::span<const std::uint32_t> slot = matrix.pair_slots();
    for (std::uint32_t i = 0; i < pressure.size(); ++i) {
      right_side[i] = injection[i];
      if (pinned[i] != 0 || !fed(i)) {
        values[matrix.diagonal_slot(i)] = 1.0;
        right_side[i] = pressure[i];
      }
    }
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      if (active[k] == 0) {
        continue;
      }
      const auto [from, to] = pairs[k];
      const Law at = law(network, wanted, k);
      const double p = conductance[k] = 1.0 / at.slope;
      const double base = predicted[k] = flow[k] + p * (push[k] - at.drop_bar);
      if (pinned[from] == 0) {
        values[matrix.diagonal_slot(from)] += p;
        right_side[from] += (pinned[to] != 0 ? p * pressure[to] : 0.0) - base;
      }
      if (pinned[to] == 0) {
        values[matrix.diagonal_slot(to)] += p;
        right_side[to] += (pinned[from] != 0 ? p * pressure[from] : 0.0) + base;
      }
      if (pinned[from] == 0 && pinned[to] == 0) {
        values[slot[k]] -= p;
      }
    }
  }

  FlowResult iterate(const ThermalNetwork& network, std::span<const double> wanted) {
    FlowResult result;
    for (result.iterations = 1; result.iterations <= kMaxIterations; ++result.iterations) {
      assemble(network, wanted);
      matrix.factor();
      matrix.solve(right_side);
      std::swap(pressure, right_side);
      const double step = result.iterations > kDampAfter ? kLateStep[result.iterations % 4] : 1.0;
      double change = 0.0, total = 1e-12;
      for (std::size_t k = 0; k < pairs.size(); ++k) {
        if (active[k] == 0) {
          continue;
        }
        const auto [from, to] = pairs[k];
        const double next = predicted[k] + conductance[k] * (pressure[from] - pressure[to]);
        change += std::abs(next - flow[k]);
        flow[k] += step * (next - flow[k]);
        total += std::abs(flow[k]);
      }
      if (change <= kAccuracy * total + kAccuracyOfLink * static_cast<double>(pairs.size())) {
        result.converged = true;
        break;
      }
    }
    return result;
  }

  void write(const ThermalNetwork& network, ThermalState& state) {
    constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
    for (std::uint32_t i = 0; i < pressure.size(); ++i) {
      const bool known = fed(i);
      state.node_state[i] = known ? NodeState::solved : NodeState::no_source;
      state.pressure_bar[i] =
          known ? pressure[i] - air_pressure_bar(network.height_m[i]) : kUnknown;
    }
    const std::size_t pipes = network.pipes.size(), consumers = network.consumers.size();
    for (std::size_t k = 0; k < pipes; ++k) {
      state.pipe_flow_kg_s[k] = flow[k];
      state.pipe_velocity_m_s[k] =
          flow[k] / (water[k].density_kg_m3 * area_m2(network.pipes[k].inner_diameter_m));
    }
    for (std::size_t c = 0; c < consumers; ++c) {
      state.consumer_flow_kg_s[c] = std::max(0.0, flow[pipes + c]);
    }
    for (std::size_t u = 0; u < network.pumps.size(); ++u) {
      double given = std::max(0.0, flow[pipes + consumers + u]);
      if (holds[u] != 0) {  // what its node gives to the network
        const std::uint32_t node = network.pumps[u].to;
        given = -injection[node];
        for (std::size_t k = 0; k < pairs.size(); ++k) {
          given += pairs[k].first == node ? flow[k] : pairs[k].second == node ? -flow[k] : 0.0;
        }
      }
      state.pump_flow_kg_s[u] = given;
    }
  }
};

ThermalFlow::ThermalFlow(const ThermalNetwork& network) : impl_(std::make_unique<Impl>(network)) {}
ThermalFlow::~ThermalFlow() = default;
ThermalFlow::ThermalFlow(ThermalFlow&&) noexcept = default;
ThermalFlow& ThermalFlow::operator=(ThermalFlow&&) noexcept = default;

FlowResult ThermalFlow::solve(const ThermalNetwork& network, std::span<const double> wanted_kg_s,
                              ThermalState& state) {
  impl_->find_anchors(network);
  impl_->prepare(network, wanted_kg_s, state);
  const FlowResult result = impl_->iterate(network, wanted_kg_s);
  impl_->write(network, state);
  return result;
}

}  // namespace wintergrid::heat
