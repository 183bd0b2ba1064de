// The linear equations of one iteration: pipes, demands and outlets into the matrix.
//
//   pipe     h = r q |q|^(n-1) + m q |q|  (headloss.cpp); a straight line below `least_gradient`
//   demand   h = (p_req - p_min) (d / D)^(1/n);  outlet   h = K e^m;  see solver.cpp

#include <algorithm>
#include <cmath>

#include "grid_models/hydraulics/limits.hpp"
#include "grid_models/hydraulics/solver.hpp"

namespace wintergrid::hydraulics {
Loss Solver::outlet_loss(std::size_t outlet) const {
  const Outlet& data = network_.outlets[outlet];
  const double flow = state_->outlet_m3s[outlet], q = std::abs(flow);
  Loss loss;
  loss.gradient = data.exponent * data.coefficient *
                  (data.exponent == 2.0 ? q : std::pow(q, data.exponent - 1.0));
  if (loss.gradient < options_->least_gradient) {
    loss.gradient = options_->least_gradient / data.exponent;
    loss.head_m = loss.gradient * flow;
  } else {
    loss.head_m = loss.gradient * flow / data.exponent;
  }
  if (!data.backflow && flow < 0.0) {
    loss.head_m += kBarrier * flow;
    loss.gradient += kBarrier;
  }
  return loss;
}

/// The demand at a node as a virtual pipe; beyond [0, D] a barrier.
Loss Solver::demand_loss(std::size_t node) const {
  const double full = demand_[node], d = state_->delivered_m3s[node];
  const double share = std::max(std::abs(d) / full, kLeastShare);
  const double power = inverse_exponent_ == 2.0 ? share : std::pow(share, inverse_exponent_ - 1.0);
  Loss loss;
  loss.gradient = pressure_span_m_ * power / full;
  loss.head_m = loss.gradient * d;
  if (share > kLeastShare) {
    loss.gradient *= inverse_exponent_;
  }
  if (d >= full) {
    loss.gradient += kBarrier;
    loss.head_m += kBarrier * (d - full);
  } else if (d <= 0.0) {
    loss.gradient += kBarrier;
    loss.head_m += kBarrier * d;
  }
  return loss;
}

Solver::Terms Solver::pipe_terms(std::size_t link) const {
  const double flow = state_->flow_m3s[link];
  if (is_closed(state_->status[link])) {
    return {kSmallConductance, flow};
  }
  const double r = network_.resistance[link], minor = network_.minor_loss[link];
  if (network_.law == HeadlossLaw::darcy_weisbach || network_.law == HeadlossLaw::colebrook) {
    const Loss loss = darcy_loss(network_.law, flow, r, minor, network_.relative_roughness[link],
                                 network_.viscosity_m2s * network_.diameter_m[link]);
    return {1.0 / loss.gradient, loss.head_m / loss.gradient};
  }
  const double q = std::abs(flow);
  const bool hazen = network_.law == HeadlossLaw::hazen_williams;
  const double exponent = hazen ? 1.852 : 2.0, inverse = hazen ? 1.0 / 1.852 : 0.5;
  double gradient = exponent * r * (hazen ? hazen_williams_power_(q) : q);
  double loss = gradient * q * inverse;
  const bool straight = gradient < options_->least_gradient;
  if (straight) {
    gradient = options_->least_gradient * inverse;
    loss = gradient * q;
  }
  if (minor == 0.0) {
    return {1.0 / gradient, straight ? flow : flow * inverse};
  }
  loss += minor * q * q;
  gradient += 2.0 * minor * q;
  return {1.0 / gradient, std::copysign(loss, flow) / gradient};
}

Solver::Terms Solver::terms(std::size_t link) const {
  const LinkKind kind = network_.kind[link];
  return kind == LinkKind::pipe || kind == LinkKind::check_valve ? pipe_terms(link)
         : kind == LinkKind::pump                                ? pump_terms(link)
         : is_forcing(link)                                      ? Terms{}
                                                                 : valve_terms(link);
}

void Solver::place(std::size_t link) {
  const double p = inverse_gradient_[link], y = correction_[link];
  const std::span<double> values = matrix_.values();
  const std::uint32_t a = network_.from[link], b = network_.to[link];
  const double change = y - state_->flow_m3s[link];
  if (pair_slot_[link] != kNone) {
    values[pair_slot_[link]] -= p;
    values[slot_from_[link]] += p;
    values[slot_to_[link]] += p;
    right_side_[row_[a]] += change;
    right_side_[row_[b]] -= change;
  } else if (row_[a] != kNone) {
    values[slot_from_[link]] += p;
    right_side_[row_[a]] += change + p * state_->head_m[b];
  } else if (row_[b] != kNone) {
    values[slot_to_[link]] += p;
    right_side_[row_[b]] += p * state_->head_m[a] - change;
  }
}

void Solver::assemble() {
  matrix_.clear();
  std::fill(right_side_.begin(), right_side_.end(), 0.0);
  // Terms first, places after: the laws of many pipes then overlap in the processor.
  for (const std::uint32_t k : live_) {
    const Terms law = terms(k);
    inverse_gradient_[k] = law.inverse_gradient;
    correction_[k] = law.correction;
  }
  for (const std::uint32_t k : live_) {
    if (inverse_gradient_[k] != 0.0) {  // else an active control valve: once all flows are known
      place(k);
    }
  }
  const std::span<double> values = matrix_.values();
  if (isolated_count_ > 0) {
    for (std::uint32_t row = 0; row < row_node_.size(); ++row) {
      if (state_->isolated[row_node_[row]] != 0) {
        values[matrix_.diagonal_slot(row)] = 1.0;
        right_side_[row] = network_.elevation_m[row_node_[row]];
      }
    }
  }
  for (std::uint32_t row = 0; row < row_node_.size(); ++row) {
    right_side_[row] -= state_->delivered_m3s[row_node_[row]];
  }
  for (const std::uint32_t o : live_outlets_) {
    const std::uint32_t node = network_.outlets[o].node, row = row_[node];
    if (row == kNone) {
      continue;
    }
    const Loss loss = outlet_loss(o);
    values[matrix_.diagonal_slot(row)] += 1.0 / loss.gradient;
    right_side_[row] +=
        (loss.head_m + network_.elevation_m[node]) / loss.gradient - state_->outlet_m3s[o];
  }
  for (const std::uint32_t node : consumers_) {
    const Loss loss = demand_loss(node);
    const std::uint32_t row = row_[node];
    const double inverse = 1.0 / loss.gradient;
    values[matrix_.diagonal_slot(row)] += inverse;
    right_side_[row] +=
        (loss.head_m + network_.elevation_m[node] + options_->minimum_pressure_m) * inverse;
  }
  assemble_valves();
}

}  // namespace wintergrid::hydraulics
