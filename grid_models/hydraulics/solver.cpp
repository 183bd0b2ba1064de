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
#include <numbers>
#include <utility>

#include "grid_models/core/contract.hpp"
#include "grid_models/hydraulics/limits.hpp"

namespace wintergrid::hydraulics {
namespace {

constexpr double kZeroFlow = 1e-6 * 0.028316846592;
// Demands step at most by this share of the full demand, outside their range they cost this much.
constexpr double kLargestDemandStep = 0.4;
// Below this share demand grows in a straight line with pressure: its slope stays finite.
constexpr double kLeastShare = 1e-4;
constexpr double kBarrier = 1e9 / kConductance;
// Flow changes below this are rounding: the largest P (1 / least gradient) x 2e-16 x 100 m of head.
constexpr double kRoundedFlow = 5e-7;
constexpr double kStillFlow = 2e-8;  // the same where only a few pipes carry anything
// Closed links count 1e-8 cfs/ft beside 1e6 of open valves: only what is rounding is nothing.
constexpr double kWeakPivot = 1e-15;
constexpr double kDemandFit = 1e-4 * 0.028316846592;  // EPANET's QTOL of pressure-driven demand

std::vector<std::pair<std::uint32_t, std::uint32_t>> pattern(
    const Network& network, const std::vector<std::uint32_t>& row) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (std::size_t k = 0; k < network.link_count(); ++k) {
    const std::uint32_t a = row[network.from[k]], b = row[network.to[k]];
    if (a != kNone && b != kNone) {
      pairs.emplace_back(a, b);
    }
  }
  return pairs;
}

std::vector<std::uint32_t> number_rows(const Network& network) {
  std::vector<std::uint32_t> row(network.node_count(), kNone);
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (network.fixed_head[i] == 0) {
      row[i] = next++;
    }
  }
  return row;
}

std::size_t count_free(const Network& network) {
  return static_cast<std::size_t>(
      std::count(network.fixed_head.begin(), network.fixed_head.end(), std::uint8_t{0}));
}

}  // namespace

Solver::Solver(Network network)
    : network_(std::move(network)),
      row_(number_rows(network_)),
      matrix_(count_free(network_), pattern(network_, row_)),
      hazen_williams_power_(0.852) {
  const std::size_t nodes = network_.node_count(), links = network_.link_count();
  row_node_.resize(matrix_.size());
  for (std::uint32_t i = 0; i < nodes; ++i) {
    if (row_[i] != kNone) {
      row_node_[row_[i]] = i;
    }
  }
  for (const Pump& pump : network_.pumps) {
    pump_power_.emplace_back(pump.exponent - 1.0);
  }
  std::size_t pair = 0;
  link_offset_.assign(nodes + 1, 0);
  for (std::size_t k = 0; k < links; ++k) {
    const std::uint32_t a = network_.from[k], b = network_.to[k];
    WG_CHECK(a < nodes && b < nodes && a != b, "link between nodes that do not exist");
    const bool inner = row_[a] != kNone && row_[b] != kNone;
    pair_slot_.push_back(inner ? matrix_.pair_slots()[pair++] : kNone);
    slot_from_.push_back(row_[a] == kNone ? kNone : matrix_.diagonal_slot(row_[a]));
    slot_to_.push_back(row_[b] == kNone ? kNone : matrix_.diagonal_slot(row_[b]));
    const LinkKind kind = network_.kind[k];
    if (kind == LinkKind::pressure_reducing_valve || kind == LinkKind::pressure_sustaining_valve ||
        kind == LinkKind::flow_control_valve) {
      control_valves_.push_back(static_cast<std::uint32_t>(k));
    }
    if (kind == LinkKind::check_valve || kind == LinkKind::pump ||
        kind == LinkKind::flow_control_valve || row_[a] == kNone || row_[b] == kNone) {
      watched_.push_back(static_cast<std::uint32_t>(k));
    }
    ++link_offset_[a + 1];
    ++link_offset_[b + 1];
  }
  for (std::size_t i = 0; i < nodes; ++i) {
    link_offset_[i + 1] += link_offset_[i];
  }
  link_at_node_.resize(2 * links);
  std::vector<std::uint32_t> next(link_offset_.begin(), link_offset_.end() - 1);
  for (std::uint32_t k = 0; k < links; ++k) {
    link_at_node_[next[network_.from[k]]++] = k;
    link_at_node_[next[network_.to[k]]++] = k;
  }
  may_open_.assign(links, 0);
  inverse_gradient_.assign(links, 0.0);
  correction_.assign(links, 0.0);
  right_side_.assign(matrix_.size(), 0.0);
  live_.reserve(links);
  is_live_.assign(links, 0);
  consumers_.reserve(nodes);
  live_outlets_.reserve(network_.outlets.size());
  parent_.assign(nodes, 0);
  grounded_.assign(nodes, 0);
}

void Solver::set_pressure_controls(std::vector<PressureControl> controls) {
  pressure_controls_ = std::move(controls);
  std::fill(may_open_.begin(), may_open_.end(), std::uint8_t{0});
  for (const PressureControl& control : pressure_controls_) {
    may_open_[control.link] = 1;
  }
}

State Solver::make_state() const {
  State state;
  const std::size_t nodes = network_.node_count(), links = network_.link_count();
  state.head_m = network_.elevation_m;
  state.delivered_m3s.assign(nodes, 0.0);
  state.outflow_m3s.assign(nodes, 0.0);
  state.gives_nothing.assign(nodes, 0);
  state.takes_nothing.assign(nodes, 0);
  state.isolated.assign(nodes, 0);
  state.out_of_service.assign(links, 0);
  state.outlet_m3s.assign(network_.outlets.size(), 0.0);
  state.flow_m3s.assign(links, 0.0);
  state.setting.assign(links, kNoSetting);
  state.status.assign(links, LinkStatus::open);
  for (std::size_t k = 0; k < links; ++k) {
    if (network_.kind[k] == LinkKind::pump) {
      state.setting[k] = 1.0;
    }
  }
  reset_flows(state);
  return state;
}

void Solver::reset_flow(State& state, std::size_t link) const {
  if (is_closed(state.status[link])) {
    state.flow_m3s[link] = kZeroFlow;
  } else if (network_.kind[link] == LinkKind::pump) {
    state.flow_m3s[link] =
        state.setting[link] * network_.pumps[network_.attachment[link]].start_flow_m3s;
  } else {
    const double d = network_.diameter_m[link];
    state.flow_m3s[link] = 0.3048 * std::numbers::pi * d * d / 4.0;
  }
}

void Solver::reset_flows(State& state) const {
  for (std::size_t k = 0; k < network_.link_count(); ++k) {
    reset_flow(state, k);
  }
  for (std::size_t o = 0; o < network_.outlets.size(); ++o) {
    state.outlet_m3s[o] = network_.outlets[o].backflow ? 0.028 : 2.8e-5;
  }
}

/// Whether water may come through the link in this solve: not closed for good.
bool Solver::may_carry(std::size_t link) const {
  if (state_->out_of_service[link] != 0) {
    return false;
  }
  if (may_open_[link] != 0) {
    return true;
  }
  const LinkStatus status = state_->status[link];
  switch (network_.kind[link]) {
    case LinkKind::pump:
      return status != LinkStatus::closed && state_->setting[link] != 0.0;
    case LinkKind::check_valve:
      return true;
    case LinkKind::pressure_reducing_valve:
    case LinkKind::pressure_sustaining_valve:
    case LinkKind::flow_control_valve:
      return state_->setting[link] != kNoSetting || status != LinkStatus::closed;
    default:
      return status != LinkStatus::closed;
  }
}

std::uint32_t Solver::root(std::uint32_t node) {
  while (parent_[node] != node) {
    parent_[node] = parent_[parent_[node]];
    node = parent_[node];
  }
  return node;
}

/// Parts that no fixed head reaches. With pressure-driven demand or outlets, a part with an inflow
/// of its own has a solution and stays.
void Solver::find_isolated() {
  const auto nodes = static_cast<std::uint32_t>(network_.node_count());
  for (std::uint32_t i = 0; i < nodes; ++i) {
    parent_[i] = i;
  }
  for (std::size_t k = 0; k < network_.link_count(); ++k) {
    is_live_[k] = may_carry(k) ? 1 : 0;
    if (is_live_[k] != 0) {
      const std::uint32_t a = root(network_.from[k]), b = root(network_.to[k]);
      if (a != b) {
        parent_[std::max(a, b)] = std::min(a, b);
      }
    }
  }
  constexpr std::uint8_t kSource = 1, kSink = 2, kInflow = 4;
  std::fill(grounded_.begin(), grounded_.end(), std::uint8_t{0});
  for (std::uint32_t i = 0; i < nodes; ++i) {
    const std::uint32_t r = root(i);
    if (network_.fixed_head[i] != 0) {
      grounded_[r] |= kSource;
    } else if (demand_[i] < 0.0) {
      grounded_[r] |= kInflow;
    } else if (demand_[i] > 0.0 && options_->pressure_driven) {
      grounded_[r] |= kSink;
    }
  }
  for (const Outlet& outlet : network_.outlets) {
    grounded_[root(outlet.node)] |= kSink;
  }
  isolated_count_ = 0;
  for (std::uint32_t i = 0; i < nodes; ++i) {
    const std::uint8_t part = grounded_[root(i)];
    const bool fed = (part & kSource) != 0 || part == (kSink | kInflow);
    state_->isolated[i] = fed ? 0 : 1;
    isolated_count_ += fed ? 0 : 1;
  }
}

void Solver::prepare() {
  find_isolated();
  live_.clear();
  for (std::uint32_t k = 0; k < network_.link_count(); ++k) {
    if (is_live_[k] != 0 && state_->isolated[network_.from[k]] != 0) {
      is_live_[k] = 0;
    }
    if (is_live_[k] != 0) {
      live_.push_back(k);
      if (state_->flow_m3s[k] == 0.0) {
        state_->flow_m3s[k] = kZeroFlow;  // some pump curves have no slope at 0
      }
    } else {
      state_->flow_m3s[k] = 0.0;
    }
  }
  consumers_.clear();
  for (std::uint32_t i = 0; i < network_.node_count(); ++i) {
    if (network_.fixed_head[i] != 0) {
      state_->delivered_m3s[i] = 0.0;
      continue;
    }
    if (state_->isolated[i] != 0) {
      state_->delivered_m3s[i] = 0.0;
      state_->head_m[i] = network_.elevation_m[i];
      continue;
    }
    state_->delivered_m3s[i] = demand_[i];
    if (options_->pressure_driven && demand_[i] > 0.0) {
      consumers_.push_back(i);
    }
  }
  live_outlets_.clear();
  for (std::uint32_t o = 0; o < network_.outlets.size(); ++o) {
    if (state_->isolated[network_.outlets[o].node] == 0) {
      live_outlets_.push_back(o);
    } else {
      state_->outlet_m3s[o] = 0.0;
    }
  }
  pressure_span_m_ = options_->required_pressure_m - options_->minimum_pressure_m;
  inverse_exponent_ = 1.0 / options_->pressure_exponent;
}

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

void Solver::assemble() {
  matrix_.clear();
  std::fill(right_side_.begin(), right_side_.end(), 0.0);
  for (const std::uint32_t k : live_) {
    Terms terms;
    switch (network_.kind[k]) {
      case LinkKind::pipe:
      case LinkKind::check_valve:
        terms = pipe_terms(k);
        break;
      case LinkKind::pump:
        terms = pump_terms(k);
        break;
      default:
        if (is_forcing(k)) {
          inverse_gradient_[k] = 0.0;
          continue;  // once all other flows are known
        }
        terms = valve_terms(k);
    }
    place(k, terms.inverse_gradient, terms.correction);
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

void Solver::place(std::size_t link, double p, double y) {
  inverse_gradient_[link] = p;
  correction_[link] = y;
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
    const LinkKind kind = network_.kind[k];
    const Terms terms = kind == LinkKind::pipe || kind == LinkKind::check_valve ? pipe_terms(k)
                        : kind == LinkKind::pump                                ? pump_terms(k)
                                                                                : valve_terms(k);
    const double drop = state_->head_m[network_.from[k]] - state_->head_m[network_.to[k]];
    largest = std::max(largest, std::abs(drop - terms.correction / terms.inverse_gradient));
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

bool Solver::balanced(const Step& step) const {
  const double relative = step.total > options_->accuracy ? step.change / step.total : step.change;
  if (relative > options_->accuracy && step.largest > kStillFlow) {
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
    const int before = result.iterations;
    result = iterate(0.6);
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
  const int most = options.max_iterations + std::max(0, options.extra_iterations);
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
    result.relative_change = step.total > options.accuracy ? step.change / step.total : step.change;
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
      if (i > options.max_iterations) {
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
    } else if (i <= options.last_check && i == next_check) {
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
