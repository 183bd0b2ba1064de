// The global gradient method.
//
//   balance      sum of inflows at node i = demand_i + outlets_i
//   links        H_from - H_to = h(q),  P = 1 / h'(q),  Y = P h(q)
//   heads        A H = F:  A_ii = sum P + sum 1 / g_i,  A_ij = -P
//                F_i = sum of (Y - q) out of i minus (Y - q) into i + P H of fixed neighbours
//                      - demand_i - outlets_i + (g + offset_i) / g'
//   flows        q <- q - (Y - P (H_from - H_to))
//   demand       H_i - z_i - p_min = (p_req - p_min) (d / D)^(1 / n) for 0 < d < D (Wagner), a
//                steep straight line beyond
//   outlets      H_i - z_i = K e^m
//
// H head, q flow, z elevation, d delivered, D full demand, g loss of a demand or outlet seen as a
// virtual pipe, P and Y as in EPANET. A does not change its pattern: closed links get P = 1e-8
// cfs/ft where they may open again, and are left out where they may not.
//
// Sources: E. Todini, S. Pilati, A gradient algorithm for the analysis of pipe networks, 1988;
// E. Todini, L. A. Rossman, Unified framework for deriving simultaneous equation algorithms for
// water distribution networks, J. Hydraul. Eng. 139 (2013) 511-526; J. M. Wagner, U. Shamir, D. H.
// Marks, Water distribution reliability: simulation methods, J. Water Resour. Plann. Manage. 114
// (1988) 276-294; EPANET 2.2 Users Manual (EPA/600/R-20/133), chapter 12.

#include "grid_models/hydraulics/solver.hpp"

#include <algorithm>
#include <cmath>

#include "grid_models/core/contract.hpp"
#include "grid_models/hydraulics/limits.hpp"

namespace wintergrid::hydraulics {
namespace {

// Flow changes below this are rounding: the largest P (1 / least gradient) x 2e-16 x 100 m of head.
constexpr double kRoundedFlow = 5e-7;
constexpr int kSecondTryFactor = 5;  // of the iterations
constexpr double kStillFlow = 2e-8;  // the same where only a few pipes carry anything
constexpr double kDemandFit = 1e-4 * 0.028316846592;  // EPANET's QTOL of pressure-driven demand

}  // namespace

Solver::Step Solver::update_flows(double relaxation) {
  Step step;
  const auto count = [&step](double flow, double change) {
    step.total += std::abs(flow);
    step.change += std::abs(change);
    step.largest = std::max(step.largest, std::abs(change));
  };
  const double* const head = state_->head_m.data();
  for (const std::uint32_t k : live_) {
    const double drop = head[network_.from[k]] - head[network_.to[k]];
    double change = relaxation * (correction_[k] - inverse_gradient_[k] * drop);
    double& flow = state_->flow_m3s[k];
    if (network_.kind[k] == LinkKind::pump && change > flow &&
        network_.pumps[network_.attachment[k]].kind == PumpKind::constant_power) {
      change = flow / 2.0;  // power needs a positive flow
    }
    flow -= change;
    count(flow, change);
  }
  for (const std::uint32_t o : live_outlets_) {
    const std::uint32_t node = network_.outlets[o].node;
    const Loss loss = outlet_loss(o);
    const double change =
        relaxation * (loss.head_m - (head[node] - network_.elevation_m[node])) / loss.gradient;
    state_->outlet_m3s[o] -= change;
    count(state_->outlet_m3s[o], change);
  }
  for (const std::uint32_t node : consumers_) {
    const Loss loss = demand_loss(node);
    const double pressure = head[node] - network_.elevation_m[node] - options_->minimum_pressure_m;
    const double most = kLargestDemandStep * demand_[node];
    const double change =
        std::clamp(relaxation * (loss.head_m - pressure) / loss.gradient, -most, most);
    state_->delivered_m3s[node] -= change;
    count(state_->delivered_m3s[node], change);
  }
  return step;
}

double Solver::largest_head_error() const {
  double largest = 0.0;
  for (const std::uint32_t k : live_) {
    if (is_closed(state_->status[k]) || is_forcing(k)) {
      continue;
    }
    const Terms law = terms(k);
    const double drop = state_->head_m[network_.from[k]] - state_->head_m[network_.to[k]];
    largest = std::max(largest, std::abs(drop - law.correction / law.inverse_gradient));
  }
  return largest;
}

bool Solver::demands_fit() const {
  for (const std::uint32_t node : consumers_) {
    const double pressure =
        state_->head_m[node] - network_.elevation_m[node] - options_->minimum_pressure_m;
    const double share = pressure <= 0.0                ? 0.0
                         : pressure >= pressure_span_m_ ? 1.0
                         : inverse_exponent_ == 2.0
                             ? std::sqrt(pressure / pressure_span_m_)
                             : std::pow(pressure / pressure_span_m_, options_->pressure_exponent);
    if (std::abs(share * demand_[node] - state_->delivered_m3s[node]) > kDemandFit) {
      return false;
    }
  }
  return true;
}

bool Solver::flows_balance(const Step& step) const {
  return step.change <= options_->accuracy * step.total || step.largest <= kStillFlow;
}

bool Solver::balanced(const Step& step) const {
  if (!flows_balance(step)) {
    return false;
  }
  if (options_->largest_flow_change_m3s > 0.0 &&
      step.largest > std::max(options_->largest_flow_change_m3s, kRoundedFlow)) {
    return false;
  }
  if (options_->largest_head_error_m > 0.0 &&
      largest_head_error() > options_->largest_head_error_m) {
    return false;
  }
  return demands_fit();
}

/// Links that closed by themselves, which the first try may have got wrong.
void Solver::reopen(State& state) const {
  for (const std::uint32_t k : watched_) {
    LinkStatus& status = state.status[k];
    if (status == LinkStatus::cannot_lift || status == LinkStatus::temporarily_closed ||
        network_.kind[k] == LinkKind::check_valve) {
      status = LinkStatus::open;
    }
  }
}

SolveResult Solver::solve(std::span<const double> demand_m3s, State& state,
                          const SolverOptions& options) {
  WG_EXPECT(demand_m3s.size() == network_.node_count());
  demand_ = demand_m3s;
  state_ = &state;
  options_ = &options;
  SolveResult result = iterate(1.0);
  if (result.status !=
      SolveStatus::converged) {  // once more, damped, not from where the last one led
    reset_flows(state);
    reopen(state);
    const int before = result.iterations;
    one_at_a_time_ = true;
    result = iterate(0.6);
    one_at_a_time_ = false;
    result.iterations += before;
  }
  finish(result);
  return result;
}

/// `damping`: share of every change of flow that is made.
SolveResult Solver::iterate(double damping) {
  prepare();
  State& state = *state_;
  const SolverOptions& options = *options_;
  SolveResult result;
  result.status = SolveStatus::not_converged;
  int next_check = options.check_every;
  double relaxation = damping;
  const int most = (one_at_a_time_ ? kSecondTryFactor : 1) * options.max_iterations +
                   std::max(0, options.extra_iterations);
  std::size_t released = 0;
  for (int i = 1; i <= most; ++i) {
    result.iterations = i;
    assemble();
    matrix_.factor(kWeakPivot);
    if (!matrix_.weak_rows().empty() && released < control_valves_.size() && release_valve()) {
      ++released;
      --i;
      continue;
    }
    matrix_.solve(right_side_);
    for (std::uint32_t row = 0; row < row_node_.size(); ++row) {
      state.head_m[row_node_[row]] = right_side_[row];
    }
    const Step step = update_flows(relaxation);
    result.relative_change = step.total > 0.0 ? step.change / step.total : step.change;
    if (!(result.relative_change < 1e30)) {  // not a number, or overflow
      result.status = SolveStatus::singular;
      break;
    }
    relaxation = damping;
    bool changed = false;
    if (options.damping_below <= 0.0) {
      changed = update_control_valves();
    } else if (result.relative_change <= options.damping_below) {
      relaxation = 0.6;
      changed = update_control_valves();
    }
    if (balanced(step)) {
      if (i > options.max_iterations && !one_at_a_time_) {
        result.status = SolveStatus::converged;
        break;
      }
      changed = update_links() || changed;
      changed = apply_pressure_controls() || changed;
      if (!changed) {
        result.status = SolveStatus::converged;
        break;
      }
      next_check = i + options.check_every;
    } else if (!one_at_a_time_ && i <= options.last_check && i == next_check) {
      update_links();
      next_check += options.check_every;
    }
  }
  return result;
}

/// Sums and bounds. A demand never exceeds its full value: the barrier lets it by 1e-9 of it.
void Solver::finish(SolveResult& result) {
  State& state = *state_;
  result.isolated_nodes = isolated_count_;
  if (result.status != SolveStatus::converged) {
    for (const std::uint32_t node : consumers_) {
      state.delivered_m3s[node] = demand_[node];
    }
  }
  if (result.status == SolveStatus::singular) {  // nothing of it may reach the next solve
    reset_flows(state);
    for (const std::uint32_t node : row_node_) {
      state.head_m[node] = network_.elevation_m[node];
    }
  }
  for (std::uint32_t i = 0; i < network_.node_count(); ++i) {
    double& delivered = state.delivered_m3s[i];
    if (demand_[i] > 0.0 && network_.fixed_head[i] == 0) {
      delivered = std::clamp(delivered, 0.0, demand_[i]);
      result.full_demand_m3s += demand_[i];
      result.delivered_m3s += delivered;
    }
    state.outflow_m3s[i] = delivered;
  }
  for (const std::uint32_t o : live_outlets_) {
    state.outflow_m3s[network_.outlets[o].node] += state.outlet_m3s[o];
  }
  for (const std::uint32_t k : watched_) {
    if (is_live_[k] == 0 || is_closed(state.status[k]) || result.status == SolveStatus::singular) {
      continue;  // tanks keep their level where nothing is known
    }
    const std::uint32_t a = network_.from[k], b = network_.to[k];
    if (network_.fixed_head[a] != 0) {
      state.outflow_m3s[a] -= state.flow_m3s[k];
    }
    if (network_.fixed_head[b] != 0) {
      state.outflow_m3s[b] += state.flow_m3s[k];
    }
  }
}

}  // namespace wintergrid::hydraulics
