// Temperatures of circulating water in steady state, supply and return alike.
//
// All temperatures are an excess over the ground's, K. Along a pipe with flow q, in either line,
//     excess_out = excess_in exp(-U' L / (rho c q)),   U' = 2 pi k / ln((d + 2 s) / d)
// k, s: conductivity and thickness of the insulation. Where waters meet they mix by flow. Between a
// node and its buildings lie its service pipes: they keep exp(-a / phi), phi = flow / design flow.
// Buildings, with load x = heat wanted / heat on the design day (per household):
//     heat there may be  P = phi e(phi) rho c q_d (T_supply - T_indoor),
//     e(phi) = 1 - exp(-NTU / phi),   1 - exp(-NTU) = (supply - return) / (supply - indoor) at
//     design
// (radiators as a heat exchanger to the room at its setpoint, constant conductance). Valves mix so
// that nobody takes more than the wanted heat; what is not taken goes back with the return.
//     share = min(1, P / wanted),  return = supply - share x (supply - return)_design / phi
// Sources send water at the temperature that just serves the coldest building of the intact part at
// this load, or, at the limit of their heat, colder:
//     T = min(T(x), T_return + heat / (rho c q)).
// Sized once: `a` so that the intact part loses `loss_share` of what is sent out on the design day,
// or nothing more if the mains alone lose as much.
//
// The limit makes a fixed point, piecewise linear in the sources' temperatures: Newton's method
// with exact slopes ends after a few steps. It begins at T(x), never at an earlier answer. Slopes
// are near 1 where all buildings have enough and where none gets anything, and lower between: in
// mild weather Newton's steps may jump to and fro. Then substitution from T(x), which falls to the
// answer and always gets there: what comes back is colder by the losses.

#include "grid_models/heat/circulation_heat.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "grid_models/core/contract.hpp"

namespace wintergrid::heat {
namespace {

/// Less than this of the part's flow is rounding of the solver.
constexpr double kLeastFlowShare = 1e-6;
constexpr double kPrecisionK = 1e-6;
constexpr double kLeastPivot = 1e-9;
constexpr int kNewtonRounds = 30;
constexpr int kMostRounds = 2000;
/// Water that moves but warms nobody is still circulation.
constexpr double kLeastShare = 1e-6;
constexpr int kBisections = 50;
constexpr double kLeastServiceKept = 0.5;
/// Of the excess, from sources to the building that sets the supply temperature: 155 C sent out for
/// 110 C at the buildings. What keeps less is colder; nobody overheats a network for one far
/// branch.
constexpr double kLeastKept = 0.7;

double insulation_w_per_m_k(const NetworkDesign& design, double diameter_m) {
  return 2.0 * std::numbers::pi * design.insulation_w_per_m_k /
         std::log1p(2.0 * design.insulation_m / diameter_m);
}

}  // namespace

CirculationHeat::CirculationHeat(const CirculationPart& part, CirculationFlow& flow) : part_(part) {
  const NetworkDesign& design = part_.design;
  heat_per_household_m3s_ = flow.household_m3s();
  effectiveness_ = (design.supply_c - design.return_c) / (design.supply_c - part_.indoor_c);
  transfer_units_ = -std::log1p(-effectiveness_);
  for (std::size_t pipe = 0; pipe < part_.pipe_from.size(); ++pipe) {
    pipe_loss_m3s_.push_back(insulation_w_per_m_k(design, part_.pipe_diameter_m[pipe]) *
                             part_.pipe_length_m[pipe] / kHeatPerVolume);
  }
  source_k_.assign(part_.source_node.size(), 0.0);
  supply_k_.assign(part_.node_count, 0.0);
  return_k_.assign(part_.node_count, 0.0);
  const std::size_t sources = part_.source_node.size();
  target_k_.assign(sources, 0.0);
  limited_.reserve(sources);
  supply_slope_.assign(part_.node_count * sources, 0.0);
  return_slope_.assign(part_.node_count * sources, 0.0);
  matrix_.assign(sources * sources, 0.0);
  right_.assign(sources, 0.0);
  supply_m3s_.assign(part_.node_count, 0.0);
  return_m3s_.assign(part_.node_count, 0.0);
  sorted_.reserve(part_.pipe_from.size());

  const std::vector<double> all_pumps(part_.source_node.size(), 1.0);
  CirculationFlows flows = flow.make_flows();
  flow.solve(all_pumps, part_.pipe_usual, part_.node_households, flows);
  CirculationOrder order = make_order();
  sort(flows, part_.node_households, order);
  design_loss_share_ = intact_loss_share(order);
  if (design_loss_share_ < part_.loss_share) {
    double low = kLeastServiceKept, high = 1.0;
    for (int i = 0; i < kBisections; ++i) {
      service_kept_ = 0.5 * (low + high);
      sort(flows, part_.node_households, order);
      (intact_loss_share(order) > part_.loss_share ? low : high) = service_kept_;
    }
    design_loss_share_ = intact_loss_share(order);
  }
}

CirculationOrder CirculationHeat::make_order() const {
  CirculationOrder order;
  order.steps.reserve(part_.pipe_from.size());
  order.source_weight.assign(part_.source_node.size(), 0.0);
  order.source_m3s.assign(part_.source_node.size(), 0.0);
  order.wanted_m3s.assign(part_.node_count, 0.0);
  order.served.assign(part_.node_count, 0.0);
  order.return_weight.assign(part_.node_count, 0.0);
  order.service_kept.assign(part_.node_count, 1.0);
  order.radiator.assign(part_.node_count, 0.0);
  return order;
}

void CirculationHeat::sort(const CirculationFlows& flows,
                           std::span<const std::int64_t> taking_households,
                           CirculationOrder& order) {
  const NetworkDesign& design = part_.design;
  double total_m3s = 0.0;
  for (const double flow : flows.source_m3s) {
    total_m3s += flow;
  }
  const double least_m3s = kLeastFlowShare * total_m3s;
  sorted_.clear();
  std::fill(supply_m3s_.begin(), supply_m3s_.end(), 0.0);
  std::fill(return_m3s_.begin(), return_m3s_.end(), 0.0);
  for (std::uint32_t pipe = 0; pipe < flows.pipe_m3s.size(); ++pipe) {
    const double flow = flows.pipe_m3s[pipe];
    if (std::abs(flow) > least_m3s) {
      sorted_.push_back(pipe);
      const bool forward = flow > 0.0;
      supply_m3s_[forward ? part_.pipe_to[pipe] : part_.pipe_from[pipe]] += std::abs(flow);
      return_m3s_[forward ? part_.pipe_from[pipe] : part_.pipe_to[pipe]] += std::abs(flow);
    }
  }
  for (std::size_t source = 0; source < flows.source_m3s.size(); ++source) {
    order.source_m3s[source] =
        flows.source_m3s[source] > least_m3s ? flows.source_m3s[source] : 0.0;
    supply_m3s_[part_.source_node[source]] += order.source_m3s[source];
  }
  for (std::size_t node = 0; node < part_.node_count; ++node) {
    order.wanted_m3s[node] = heat_per_household_m3s_ * static_cast<double>(taking_households[node]);
    order.served[node] = flows.served[node];
    return_m3s_[node] += order.served[node] * order.wanted_m3s[node];
  }
  const auto upstream = [&](std::uint32_t pipe) {
    return flows.pipe_m3s[pipe] > 0.0 ? part_.pipe_from[pipe] : part_.pipe_to[pipe];
  };
  // Water only flows down: upstream heads are an order of dependence.
  std::sort(sorted_.begin(), sorted_.end(), [&](std::uint32_t left, std::uint32_t right) {
    const double a = flows.head_m[upstream(left)], b = flows.head_m[upstream(right)];
    return a != b ? a > b : left < right;
  });
  order.steps.clear();
  for (const std::uint32_t pipe : sorted_) {
    const std::uint32_t from = upstream(pipe);
    const std::uint32_t to = part_.pipe_from[pipe] + part_.pipe_to[pipe] - from;
    const double flow = std::abs(flows.pipe_m3s[pipe]);
    order.steps.push_back({from, to, std::exp(-pipe_loss_m3s_[pipe] / flow), flow / supply_m3s_[to],
                           flow / return_m3s_[from]});
  }
  for (std::size_t source = 0; source < order.source_m3s.size(); ++source) {
    const double flow = order.source_m3s[source];
    order.source_weight[source] = flow > 0.0 ? flow / supply_m3s_[part_.source_node[source]] : 0.0;
  }
  for (std::size_t node = 0; node < part_.node_count; ++node) {
    const double served = order.served[node];
    const double flow = served * order.wanted_m3s[node];
    order.return_weight[node] = flow > 0.0 ? flow / return_m3s_[node] : 0.0;
    order.service_kept[node] = served > 0.0 ? std::pow(service_kept_, 1.0 / served) : 0.0;
    order.radiator[node] = served > 0.0 ? served * -std::expm1(-transfer_units_ / served) /
                                              effectiveness_ / (design.supply_c - part_.indoor_c)
                                        : 0.0;
  }
}

/// Supply, buildings, return, for the temperatures in source_k_.
void CirculationHeat::pass(const CirculationOrder& order, double load, std::span<double> share) {
  const NetworkDesign& design = part_.design;
  const double indoor_k = part_.indoor_c - design.ground_c;
  const double drop_k = design.supply_c - design.return_c;
  std::fill(supply_k_.begin(), supply_k_.end(), 0.0);
  std::fill(return_k_.begin(), return_k_.end(), 0.0);
  for (std::size_t source = 0; source < source_k_.size(); ++source) {
    supply_k_[part_.source_node[source]] += order.source_weight[source] * source_k_[source];
  }
  for (const CirculationOrder::Step& step : order.steps) {
    supply_k_[step.to] += step.supply_weight * step.kept * supply_k_[step.from];
  }
  for (std::size_t node = 0; node < part_.node_count; ++node) {
    if (order.return_weight[node] <= 0.0) {
      share[node] = order.wanted_m3s[node] > 0.0 ? 0.0 : 1.0;  // no flow, or nobody asks
      continue;
    }
    const double building_k = order.service_kept[node] * supply_k_[node];
    const double most = order.radiator[node] * (building_k - indoor_k) / load;
    const double taken = std::clamp(most, 0.0, 1.0);
    share[node] = std::max(taken, kLeastShare);
    const double back_k = building_k - taken * load * drop_k / order.served[node];
    return_k_[node] = order.return_weight[node] * order.service_kept[node] * back_k;
  }
  for (std::size_t i = order.steps.size(); i-- > 0;) {
    const CirculationOrder::Step& step = order.steps[i];
    return_k_[step.from] += step.return_weight * step.kept * return_k_[step.to];
  }
}

double CirculationHeat::supply_c(double load) const {
  const NetworkDesign& design = part_.design;
  const double building_c = part_.indoor_c + load * (design.supply_c - part_.indoor_c);
  return design.ground_c + (building_c - design.ground_c) / farthest_kept_;
}

/// How supply_k_ and return_k_ answer to each limited source, with the buildings as the last pass
/// left them.
void CirculationHeat::pass_slopes(const CirculationOrder& order, double load) {
  const NetworkDesign& design = part_.design;
  const double indoor_k = part_.indoor_c - design.ground_c;
  const double drop_k = design.supply_c - design.return_c;
  const std::size_t columns = limited_.size();
  std::fill_n(supply_slope_.begin(), part_.node_count * columns, 0.0);
  std::fill_n(return_slope_.begin(), part_.node_count * columns, 0.0);
  for (std::size_t j = 0; j < columns; ++j) {
    const std::uint32_t source = limited_[j];
    supply_slope_[part_.source_node[source] * columns + j] += order.source_weight[source];
  }
  const auto add = [columns](std::vector<double>& slope, std::size_t to, std::size_t from,
                             double weight) {
    for (std::size_t j = 0; j < columns; ++j) {
      slope[to * columns + j] += weight * slope[from * columns + j];
    }
  };
  for (const CirculationOrder::Step& step : order.steps) {
    add(supply_slope_, step.to, step.from, step.supply_weight * step.kept);
  }
  for (std::size_t node = 0; node < part_.node_count; ++node) {
    if (order.return_weight[node] <= 0.0) {
      continue;
    }
    const double most =
        order.radiator[node] * (order.service_kept[node] * supply_k_[node] - indoor_k) / load;
    const bool follows = most > 0.0 && most < 1.0;
    const double back = 1.0 - (follows ? order.radiator[node] * drop_k / order.served[node] : 0.0);
    const double weight =
        order.return_weight[node] * order.service_kept[node] * order.service_kept[node] * back;
    for (std::size_t j = 0; j < columns; ++j) {
      return_slope_[node * columns + j] = weight * supply_slope_[node * columns + j];
    }
  }
  for (std::size_t i = order.steps.size(); i-- > 0;) {
    const CirculationOrder::Step& step = order.steps[i];
    add(return_slope_, step.from, step.to, step.return_weight * step.kept);
  }
}

/// Newton's step for the sources that have too little heat; the others send what is wanted. A step
/// does not fall below half: beyond, slopes may say nothing.
void CirculationHeat::lower_limited(const CirculationOrder& order, double load, double wanted_k) {
  limited_.clear();
  for (std::uint32_t source = 0; source < source_k_.size(); ++source) {
    if (target_k_[source] < wanted_k) {
      limited_.push_back(source);
    } else {
      source_k_[source] = wanted_k;
    }
  }
  pass_slopes(order, load);
  const std::size_t n = limited_.size();
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t source = limited_[i];
    const std::size_t node = part_.source_node[source];
    for (std::size_t j = 0; j < n; ++j) {
      matrix_[i * n + j] = (i == j ? 1.0 : 0.0) - return_slope_[node * n + j];
    }
    right_[i] = target_k_[source] - source_k_[source];
  }
  // I - slopes has a dominant diagonal (no water comes back warmer than it left): no pivoting.
  for (std::size_t pivot = 0; pivot < n; ++pivot) {
    const double diagonal = std::max(matrix_[pivot * n + pivot], kLeastPivot);
    for (std::size_t i = pivot + 1; i < n; ++i) {
      const double factor = matrix_[i * n + pivot] / diagonal;
      for (std::size_t j = pivot; j < n; ++j) {
        matrix_[i * n + j] -= factor * matrix_[pivot * n + j];
      }
      right_[i] -= factor * right_[pivot];
    }
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = i + 1; j < n; ++j) {
      right_[i] -= matrix_[i * n + j] * right_[j];
    }
    right_[i] /= std::max(matrix_[i * n + i], kLeastPivot);
    double& at_k = source_k_[limited_[i]];
    at_k = std::clamp(at_k + right_[i], 0.5 * at_k, wanted_k);
  }
}

void CirculationHeat::solve(const CirculationOrder& order, std::span<const double> available_w,
                            double load, std::span<double> share, std::span<double> sent_w) {
  const double wanted_k = supply_c(load) - part_.design.ground_c;
  std::fill(source_k_.begin(), source_k_.end(), wanted_k);
  for (int round = 0; round < kMostRounds; ++round) {
    pass(order, load, share);
    double change_k = 0.0;
    for (std::size_t source = 0; source < source_k_.size(); ++source) {
      const double flow_w_per_k = kHeatPerVolume * order.source_m3s[source];
      const double back_k = return_k_[part_.source_node[source]];
      sent_w[source] = flow_w_per_k * (source_k_[source] - back_k);
      target_k_[source] = flow_w_per_k > 0.0
                              ? std::min(wanted_k, back_k + available_w[source] / flow_w_per_k)
                              : wanted_k;
      change_k = std::max(change_k, std::abs(target_k_[source] - source_k_[source]));
    }
    if (change_k <= kPrecisionK) {
      break;
    }
    if (round < kNewtonRounds) {
      lower_limited(order, load, wanted_k);
    } else if (round == kNewtonRounds) {
      std::fill(source_k_.begin(), source_k_.end(), wanted_k);
    } else {
      std::copy(target_k_.begin(), target_k_.end(), source_k_.begin());
    }
  }
}

double CirculationHeat::least_kept(const CirculationOrder& order) {
  std::fill(source_k_.begin(), source_k_.end(), 1.0);
  std::vector<double> share(part_.node_count, 0.0);
  pass(order, 1.0, share);
  double least = 1.0;
  for (std::size_t node = 0; node < part_.node_count; ++node) {
    if (order.return_weight[node] > 0.0) {
      least = std::min(least, order.service_kept[node] * supply_k_[node]);
    }
  }
  return least;
}

double CirculationHeat::intact_loss_share(CirculationOrder& order) {
  farthest_kept_ = std::max(kLeastKept, least_kept(order));
  const std::size_t sources = part_.source_node.size();
  const std::vector<double> no_limit(sources, std::numeric_limits<double>::infinity());
  std::vector<double> share(part_.node_count, 0.0);
  design_sent_w_.assign(sources, 0.0);
  solve(order, no_limit, 1.0, share, design_sent_w_);
  double sent = 0.0, wanted = 0.0;
  for (const double watts : design_sent_w_) {
    sent += watts;
  }
  for (std::size_t node = 0; node < part_.node_count; ++node) {
    if (order.return_weight[node] > 0.0) {
      wanted += share[node] * order.wanted_m3s[node] / heat_per_household_m3s_ * part_.household_w;
    }
  }
  return sent > 0.0 ? 1.0 - wanted / sent : 0.0;
}

}  // namespace wintergrid::heat
