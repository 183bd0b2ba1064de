// P = 1 / h'(q) and Y = h(q) / h'(q) of every kind of link.
//
//   pump           h = -w^2 h0 + c w^(2-n) q^n;  -c / q at constant power;  piecewise linear
//   valves         h = m q |q|, or 1e-6 ft/cfs where open without losses
//   reducing       active: head at `to` = z + setting, q = what the node needs
//   sustaining     active: head at `from` = z + setting, q = what the node can give
//   flow control   active: q = setting
//   breaker        active: h = setting
//   curve valve    h = curve(|q|) with the sign of q
//
// w speed, m minor loss, z elevation. Below `least_gradient` laws are straight lines, so that P
// stays finite at q = 0. Source: EPANET 2.2 Users Manual, chapter 12.

#include <algorithm>
#include <cmath>

#include "grid_models/hydraulics/limits.hpp"
#include "grid_models/hydraulics/solver.hpp"

namespace wintergrid::hydraulics {
namespace {

struct Line {
  double intercept = 0.0, slope = 0.0;
};

/// The straight piece of a curve at x, or the outer one beyond its ends.
Line piece_at(const Curve& curve, double x) {
  const std::size_t last = curve.x.size() - 1;
  std::size_t upper = 1;
  while (upper < last && curve.x[upper] < x) {
    ++upper;
  }
  const double slope =
      (curve.y[upper] - curve.y[upper - 1]) / (curve.x[upper] - curve.x[upper - 1]);
  return {curve.y[upper - 1] - slope * curve.x[upper - 1], slope};
}

}  // namespace

Solver::Terms Solver::pump_terms(std::size_t link) const {
  const double flow = state_->flow_m3s[link], q = std::abs(flow);
  const double speed = state_->setting[link];
  if (is_closed(state_->status[link]) || speed == 0.0) {
    return {kSmallConductance, flow};
  }
  const Pump& pump = network_.pumps[network_.attachment[link]];
  double gradient = 0.0, loss = 0.0;
  switch (pump.kind) {
    case PumpKind::piecewise: {
      // Backwards flow, which only iterations have, goes on along the first piece: the law stays
      // monotonic.
      const Line line = piece_at(network_.curves[pump.curve], std::max(flow, 0.0) / speed);
      gradient = -line.slope * speed;
      loss = -line.intercept * speed * speed + gradient * flow;
      break;
    }
    case PumpKind::constant_power:
      gradient = pump.coefficient * speed * speed * speed / q / q;
      if (gradient > 1.0 / kSmallConductance) {
        return {kSmallConductance, flow};
      }
      if (gradient < 1.0 / kFreeConductance) {
        return {kFreeConductance, flow};
      }
      loss = -pump.coefficient * speed * speed * speed / flow;
      break;
    case PumpKind::power_function: {
      const double h0 = -speed * speed * pump.shutoff_head_m, n = pump.exponent;
      const double r = pump.coefficient * (speed == 1.0 ? 1.0 : std::pow(speed, 2.0 - n));
      if (n == 1.0) {
        gradient = r;
        loss = h0 + gradient * flow;
      } else {
        gradient = n * r * pump_power_[network_.attachment[link]](q);
        if (gradient < options_->least_gradient) {
          gradient = options_->least_gradient;
          loss = h0 + gradient * flow;
        } else {
          loss = h0 + gradient * flow / n;
        }
      }
      break;
    }
  }
  return {1.0 / gradient, loss / gradient};
}

Solver::Terms Solver::open_valve_terms(std::size_t link, double minor) const {
  const double flow = state_->flow_m3s[link];
  if (is_closed(state_->status[link])) {
    return {kSmallConductance, flow};
  }
  if (minor <= 0.0) {
    return {kFreeConductance, flow};
  }
  const double gradient = 2.0 * minor * std::abs(flow);
  if (gradient < options_->least_gradient) {
    return {2.0 / options_->least_gradient, flow};
  }
  return {1.0 / gradient, flow / 2.0};
}

/// Loss of a partly open valve: that of the open one over the square of its relative Kv.
double Solver::positional_loss(std::size_t link) const {
  constexpr double kLargest = 1e8 / (kConductance * 0.028316846592);
  const double open_percent = state_->setting[link], minor = network_.minor_loss[link];
  if (open_percent >= 100.0 || minor <= 0.0) {
    return minor;
  }
  if (open_percent <= 0.0) {
    return kLargest;
  }
  double kv_percent = open_percent;
  if (network_.attachment[link] != kNone) {
    const Curve& curve = network_.curves[network_.attachment[link]];
    if (open_percent < curve.x.front()) {
      kv_percent = open_percent / curve.x.front() * curve.y.front();
    } else if (open_percent > curve.x.back()) {
      kv_percent = curve.y.back() + (open_percent - curve.x.back()) / (100.0 - curve.x.back()) *
                                        (100.0 - curve.y.back());
    } else if (curve.x.size() > 1) {
      const Line line = piece_at(curve, open_percent);
      kv_percent = line.intercept + line.slope * open_percent;
    }
  }
  const double share = std::clamp(kv_percent / 100.0, 1e-6, 1.0);
  return std::min(minor / (share * share), kLargest);
}

Solver::Terms Solver::valve_terms(std::size_t link) const {
  const double setting = state_->setting[link], flow = state_->flow_m3s[link];
  const double minor = network_.minor_loss[link];
  switch (network_.kind[link]) {
    case LinkKind::positional_valve:
      return open_valve_terms(link, setting == kNoSetting ? minor : positional_loss(link));
    case LinkKind::throttle_valve:
      return open_valve_terms(
          link, setting == kNoSetting ? minor : minor_loss(setting, network_.diameter_m[link]));
    case LinkKind::pressure_breaker_valve:
      if (setting == kNoSetting || setting == 0.0 || minor * flow * flow > setting) {
        return open_valve_terms(link, minor);
      }
      return {kLargeConductance, setting * kLargeConductance};
    case LinkKind::curve_valve: {
      if (is_closed(state_->status[link])) {
        return open_valve_terms(link, minor);
      }
      const double q = std::max(std::abs(flow), 2.8e-8);
      const Line line = piece_at(network_.curves[network_.attachment[link]], q);
      const double slope = std::max(line.slope, 1.0 / kFreeConductance);
      return {1.0 / slope, std::copysign(line.intercept / slope + q, flow)};
    }
    default:
      return open_valve_terms(link, minor);
  }
}

/// An active control valve: it sets a head or a flow instead of obeying a law.
bool Solver::is_forcing(std::size_t link) const {
  const LinkKind kind = network_.kind[link];
  return state_->status[link] == LinkStatus::active && state_->setting[link] != kNoSetting &&
         (kind == LinkKind::pressure_reducing_valve ||
          kind == LinkKind::pressure_sustaining_valve || kind == LinkKind::flow_control_valve);
}

/// Net inflow of a node, without the link `except`.
double Solver::excess(std::size_t node, std::size_t except) const {
  double inflow = -state_->delivered_m3s[node];
  for (std::uint32_t at = link_offset_[node]; at < link_offset_[node + 1]; ++at) {
    const std::uint32_t k = link_at_node_[at];
    if (k == except || is_live_[k] == 0) {
      continue;
    }
    const bool flow_valve = network_.kind[k] == LinkKind::flow_control_valve && is_forcing(k);
    const double flow = flow_valve ? state_->setting[k] : state_->flow_m3s[k];
    inflow += network_.to[k] == node ? flow : -flow;
  }
  for (const std::uint32_t o : live_outlets_) {
    inflow -= network_.outlets[o].node == node ? state_->outlet_m3s[o] : 0.0;
  }
  return inflow;
}

void Solver::assemble_valves() {
  const std::span<double> values = matrix_.values();
  for (const std::uint32_t k : control_valves_) {
    if (is_live_[k] == 0 || !is_forcing(k)) {
      continue;
    }
    const std::uint32_t a = network_.from[k], b = network_.to[k];
    const std::uint32_t row_a = row_[a], row_b = row_[b];
    const double flow = state_->flow_m3s[k], setting = state_->setting[k];
    switch (network_.kind[k]) {
      case LinkKind::pressure_reducing_valve: {
        const double missing = excess(b, k);
        inverse_gradient_[k] = 0.0;
        correction_[k] = flow + missing;
        values[slot_to_[k]] += kLargeConductance;
        right_side_[row_b] += (network_.elevation_m[b] + setting) * kLargeConductance;
        right_side_[row_a] += std::min(missing, 0.0);
        break;
      }
      case LinkKind::pressure_sustaining_valve: {
        const double left = excess(a, k);
        inverse_gradient_[k] = 0.0;
        correction_[k] = flow - left;
        values[slot_from_[k]] += kLargeConductance;
        right_side_[row_a] += (network_.elevation_m[a] + setting) * kLargeConductance;
        right_side_[row_b] += std::max(left, 0.0);
        values[pair_slot_[k]] -= kSmallConductance;  // keeps the network in one piece
        values[slot_to_[k]] += kSmallConductance;
        break;
      }
      default:
        inverse_gradient_[k] = kSmallConductance;
        correction_[k] = flow - setting;
        right_side_[row_a] -= setting;
        right_side_[row_b] += setting;
        values[pair_slot_[k]] -= kSmallConductance;
        values[slot_from_[k]] += kSmallConductance;
        values[slot_to_[k]] += kSmallConductance;
    }
  }
}

}  // namespace wintergrid::hydraulics
