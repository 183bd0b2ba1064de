// Flows of circulating water: supply and return folded into one line.
//
// Supply and return lie side by side and carry the same flow, so one head says it all: that of the
// supply above the return (m). A pipe takes h = 2 r q^2 of it, in both lines together, with
//     r = 8 lambda L / (pi^2 g d^5),   lambda = 0.11 (k / d)^0.25   (Shifrinson; rough turbulent)
// A household's valves want the flow that carries its heat on the design day, whatever the weather:
// heat follows the supply temperature (circulation.cpp). They hold it while the head is at least
// `required_head_m`; below that they are wide open and pass sqrt(head / required) of it.
// A source's pumps: one-point curve A (4/3 - (q / Q)^2 / 3) (EPANET 2 manual, 3.1.5), Q the flow
// that carries the source's capacity on the design day. Pumps out of service narrow Q.
//
// Sizing, once, on the intact part: everybody's design flow, all sources at one head as long as
// none exceeds its Q (a flat curve that falls steeply there); the head is the least that gives
// every node what it requires, for each network apart if only ties join them. Each A is then such
// that its pumps do just that at that flow.

#include "grid_models/heat/circulation_flow.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <utility>

#include "grid_models/core/contract.hpp"

namespace wintergrid::heat {
namespace {

constexpr double kGravity = 9.80665;
/// Shorter pipes would make the equations ill-conditioned.
constexpr double kLeastLengthM = 10.0;
constexpr double kLeastFlowM3s = 1e-6;
/// Any head serves for sizing: flows of fixed demands depend on differences only.
constexpr double kSizingHeadM = 100.0;
/// What sizing leaves of a source's capacity.
constexpr double kSizingReserve = 0.95;

double pipe_resistance(double length_m, double diameter_m, double roughness_m) {
  const double lambda = 0.11 * std::pow(roughness_m / diameter_m, 0.25);
  const double both_lines = 2.0;
  return both_lines * 8.0 * lambda * std::max(kLeastLengthM, length_m) /
         (std::numbers::pi * std::numbers::pi * kGravity * std::pow(diameter_m, 5.0));
}

/// Sums or extremes over the networks of a part: one where no tie is.
struct NetworkSizing {
  std::int64_t households = 0;
  double installed_m3s = 0.0;
  double least_m = std::numeric_limits<double>::infinity();
};

}  // namespace

void label_joined(std::span<const std::uint32_t> pipe_from, std::span<const std::uint32_t> pipe_to,
                  std::span<const double> pipe_factor, std::span<std::uint32_t> label) {
  std::iota(label.begin(), label.end(), 0U);
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t pipe = 0; pipe < pipe_from.size(); ++pipe) {
      std::uint32_t& from = label[pipe_from[pipe]];
      std::uint32_t& to = label[pipe_to[pipe]];
      if (pipe_factor[pipe] > 0.0 && from != to) {
        from = to = std::min(from, to);
        moved = true;
      }
    }
  }
}

/// Friction R = lambda rho v^2 / (2 d), solved for d.
double typical_diameter_m(const NetworkDesign& design, double capacity_mw, double loss_pa_per_m) {
  constexpr double kDensity = 965.0;  // kg/m3 at 90 C
  const double flow_m3s =
      1e6 * capacity_mw / (kHeatPerVolume * (design.supply_c - design.return_c));
  const double speed_at_1_m = 4.0 / std::numbers::pi * flow_m3s;
  return std::pow(0.11 * std::pow(design.roughness_m, 0.25) * 0.5 * kDensity * speed_at_1_m *
                      speed_at_1_m / loss_pa_per_m,
                  1.0 / 5.25);
}

CirculationFlow::CirculationFlow(const CirculationPart& part) : part_(part) {
  const NetworkDesign& design = part_.design;
  WG_CHECK(part_.household_w > 0.0 && design.supply_c > design.return_c &&
               design.return_c > part_.indoor_c,
           "a heat network needs heat per household and supply > return > indoor temperature");
  WG_CHECK(part_.pipe_usual.size() == part_.pipe_from.size(), "pipe_usual is by pipe");
  household_m3s_ = part_.household_w / (kHeatPerVolume * (design.supply_c - design.return_c));
  for (std::size_t source = 0; source < part_.source_node.size(); ++source) {
    const double delivered_w =
        part_.source_share[source] * part_.source_capacity_w[source] * (1.0 - part_.loss_share);
    capacity_m3s_.push_back(
        std::max(kLeastFlowM3s, delivered_w / part_.household_w * household_m3s_));
  }
  for (std::size_t pipe = 0; pipe < part_.pipe_from.size(); ++pipe) {
    resistance_.push_back(pipe_resistance(part_.pipe_length_m[pipe], part_.pipe_diameter_m[pipe],
                                          design.roughness_m));
  }
  options_.pressure_driven = true;
  options_.required_pressure_m = design.required_head_m;
  size_pumps();
  make_start();
}

/// Nodes of the part; then one reservoir per source. Pipes; then one pump per source.
hydraulics::Network CirculationFlow::make_network(bool sizing) const {
  hydraulics::Network network;
  network.law = hydraulics::HeadlossLaw::chezy_manning;  // resistance x q^2
  for (std::size_t node = 0; node < part_.node_count; ++node) {
    network.add_node(0.0, false);
  }
  for (std::size_t pipe = 0; pipe < part_.pipe_from.size(); ++pipe) {
    const std::uint32_t link = network.add_link(hydraulics::LinkKind::pipe, part_.pipe_from[pipe],
                                                part_.pipe_to[pipe], part_.pipe_diameter_m[pipe]);
    network.resistance[link] = resistance_[pipe];
  }
  for (std::size_t source = 0; source < part_.source_node.size(); ++source) {
    const std::uint32_t reservoir = network.add_node(0.0, true);
    const std::uint32_t link =
        network.add_link(hydraulics::LinkKind::pump, reservoir, part_.source_node[source], 1.0);
    network.attachment[link] = static_cast<std::uint32_t>(network.pumps.size());
    hydraulics::Pump pump;
    const double flow_m3s = capacity_m3s_[source];
    pump.start_flow_m3s = 0.5 * flow_m3s;
    if (sizing) {
      pump.kind = hydraulics::PumpKind::piecewise;
      pump.shutoff_head_m = 1.05 * kSizingHeadM;
      pump.curve = static_cast<std::uint32_t>(network.curves.size());
      network.curves.push_back({{0.0, kSizingReserve * flow_m3s, flow_m3s},
                                {1.05 * kSizingHeadM, kSizingHeadM, -20.0 * kSizingHeadM}});
    } else {
      pump.kind = hydraulics::PumpKind::power_function;
      pump.shutoff_head_m = 4.0 * pump_coefficient_[source] * flow_m3s * flow_m3s;
      pump.coefficient = pump_coefficient_[source];
      pump.exponent = 2.0;
    }
    network.pumps.push_back(pump);
  }
  return network;
}

void CirculationFlow::size_pumps() {
  const std::size_t sources = part_.source_node.size();
  std::vector<std::uint32_t> label(part_.node_count);
  label_joined(part_.pipe_from, part_.pipe_to, part_.pipe_usual, label);
  std::vector<NetworkSizing> sizing(part_.node_count);  // by label
  for (std::size_t node = 0; node < part_.node_count; ++node) {
    sizing[label[node]].households += part_.node_households[node];
  }
  for (std::size_t source = 0; source < sources; ++source) {
    sizing[label[part_.source_node[source]]].installed_m3s += capacity_m3s_[source];
  }
  // Too little heat for the design day: water still has to reach everybody, only colder.
  for (std::size_t source = 0; source < sources; ++source) {
    const NetworkSizing& network = sizing[label[part_.source_node[source]]];
    const double wanted_m3s = household_m3s_ * static_cast<double>(network.households);
    const double installed_m3s = kSizingReserve * network.installed_m3s;
    capacity_m3s_[source] *=
        std::max(1.0, wanted_m3s / std::max(0.98 * installed_m3s, kLeastFlowM3s));
  }
  lift_m_.assign(sources, 0.0);
  pump_coefficient_.assign(sources, 0.0);
  hydraulics::Solver solver(make_network(true));
  hydraulics::State state = solver.make_state();
  solver.reset_flows(state);
  shut_ties(state);
  std::vector<double> demand(solver.network().node_count(), 0.0);
  for (std::size_t node = 0; node < part_.node_count; ++node) {
    demand[node] = household_m3s_ * static_cast<double>(part_.node_households[node]);
  }
  solver.solve(demand, state);
  for (std::size_t node = 0; node < part_.node_count; ++node) {
    if (part_.node_households[node] > 0 && state.isolated[node] == 0) {
      NetworkSizing& network = sizing[label[node]];
      network.least_m = std::min(network.least_m, state.head_m[node]);
    }
  }
  for (std::size_t source = 0; source < sources; ++source) {
    const double least_m = sizing[label[part_.source_node[source]]].least_m;
    const double rise_m =
        std::isfinite(least_m) ? part_.design.required_head_m - least_m : -kSizingHeadM;
    const double flow_m3s = std::max(0.0, state.flow_m3s[part_.pipe_from.size() + source]);
    const double share = std::min(1.0, flow_m3s / capacity_m3s_[source]);
    // Without anybody to feed any lift will do.
    lift_m_[source] =
        std::max(part_.design.required_head_m, state.head_m[part_.source_node[source]] + rise_m);
    pump_coefficient_[source] =
        lift_m_[source] / (4.0 - share * share) / (capacity_m3s_[source] * capacity_m3s_[source]);
  }
}

void CirculationFlow::shut_ties(hydraulics::State& state) const {
  for (std::size_t pipe = 0; pipe < part_.pipe_usual.size(); ++pipe) {
    state.out_of_service[pipe] = part_.pipe_usual[pipe] > 0.0 ? 0 : 1;
  }
}

/// The flows every solve starts from: those of the intact part.
void CirculationFlow::make_start() {
  solver_ = std::make_unique<hydraulics::Solver>(make_network(false));
  start_ = solver_->make_state();
  solver_->reset_flows(start_);
  shut_ties(start_);
  demand_m3s_.assign(solver_->network().node_count(), 0.0);
  for (std::size_t node = 0; node < part_.node_count; ++node) {
    demand_m3s_[node] = household_m3s_ * static_cast<double>(part_.node_households[node]);
  }
  state_ = start_;
  if (solver_->solve(demand_m3s_, state_, options_).status == hydraulics::SolveStatus::converged) {
    start_.flow_m3s = state_.flow_m3s;
    start_.head_m = state_.head_m;
    start_.delivered_m3s = state_.delivered_m3s;
    start_.outflow_m3s = state_.outflow_m3s;
  }
}

CirculationFlows CirculationFlow::make_flows() const {
  CirculationFlows flows;
  flows.head_m.assign(part_.node_count, 0.0);
  flows.pipe_m3s.assign(part_.pipe_from.size(), 0.0);
  flows.source_m3s.assign(part_.source_node.size(), 0.0);
  flows.served.assign(part_.node_count, 0.0);
  return flows;
}

void CirculationFlow::solve(std::span<const double> pump_share, std::span<const double> pipe_factor,
                            std::span<const std::int64_t> taking_households,
                            CirculationFlows& flows) {
  const std::size_t pipes = part_.pipe_from.size(), sources = part_.source_node.size();
  hydraulics::Network& network = solver_->coefficients();
  state_ = start_;  // equal sizes: copies without allocating
  for (std::size_t pipe = 0; pipe < pipes; ++pipe) {
    const double factor = pipe_factor[pipe];
    state_.out_of_service[pipe] = factor > 0.0 ? 0 : 1;
    network.resistance[pipe] = resistance_[pipe] / (factor > 0.0 ? factor * factor : 1.0);
  }
  for (std::size_t source = 0; source < sources; ++source) {
    const double share = pump_share[source];
    state_.out_of_service[pipes + source] = share > 0.0 ? 0 : 1;
    network.pumps[source].coefficient =
        pump_coefficient_[source] / (share > 0.0 ? share * share : 1.0);
  }
  for (std::size_t node = 0; node < part_.node_count; ++node) {
    demand_m3s_[node] = household_m3s_ * static_cast<double>(taking_households[node]);
  }
  flows.solved =
      solver_->solve(demand_m3s_, state_, options_).status == hydraulics::SolveStatus::converged;
  for (std::size_t pipe = 0; pipe < pipes; ++pipe) {
    flows.pipe_m3s[pipe] = state_.out_of_service[pipe] != 0 ? 0.0 : state_.flow_m3s[pipe];
  }
  for (std::size_t source = 0; source < sources; ++source) {
    flows.source_m3s[source] = state_.out_of_service[pipes + source] != 0
                                   ? 0.0
                                   : std::max(0.0, state_.flow_m3s[pipes + source]);
  }
  for (std::size_t node = 0; node < part_.node_count; ++node) {
    flows.head_m[node] = state_.head_m[node];
    const bool fed = state_.isolated[node] == 0;
    flows.served[node] = fed && demand_m3s_[node] > 0.0
                             ? std::clamp(state_.delivered_m3s[node] / demand_m3s_[node], 0.0, 1.0)
                             : 0.0;
  }
}

}  // namespace wintergrid::heat
