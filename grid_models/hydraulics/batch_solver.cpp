// The iteration of solver.cpp for eight cases side by side. Laws of pipes and demands, the
// equations and their solution are vectors over the cases (batch_kernels.cpp, SparseLdltBatch);
// pumps, valves, outlets, statuses and criteria are each case's own Solver, on its own state. A
// link that a case lacks has conductance 0 and flow 0, an isolated node the equation H = z: adding
// nothing leaves all other numbers as Solver has them.
//
// Left to Solver, as a case alone: networks with control valves or controls on pressure; cases that
// need more than kPatience iterations, Solver's second try, or meet what is no number.

#include "grid_models/hydraulics/batch_solver.hpp"

#include <algorithm>
#include <cmath>

#include "grid_models/core/contract.hpp"
#include "grid_models/hydraulics/limits.hpp"

namespace wintergrid::hydraulics {
namespace {

constexpr int kPatience = 60;
constexpr double kAbsurdFlow = 1e9;  // the vectors' powers end there

}  // namespace

BatchSolver::BatchSolver(const Solver& solver, Processor processor)
    : matrix_(solver.matrix_, processor),
      kernels_(&batch::kernels(processor)),
      hazen_williams_power_(solver.hazen_williams_power_) {
  const Network& network = solver.network_;
  const std::size_t nodes = network.node_count(), links = network.link_count();
  possible_ = solver.control_valves_.empty() && solver.pressure_controls_.empty();
  const bool power_law =
      network.law == HeadlossLaw::hazen_williams || network.law == HeadlossLaw::chezy_manning;
  for (std::uint32_t k = 0; k < links; ++k) {
    const LinkKind kind = network.kind[k];
    batch::Link link;
    link.from = network.from[k];
    link.to = network.to[k];
    link.row_from = solver.row_[link.from];
    link.row_to = solver.row_[link.to];
    const auto place = [this](std::uint32_t slot) {
      return slot == kNone ? kNone : matrix_.place_of(slot);
    };
    link.slot_from = place(solver.slot_from_[k]);
    link.slot_to = place(solver.slot_to_[k]);
    link.pair_slot = place(solver.pair_slot_[k]);
    link.by_power_law = power_law && (kind == LinkKind::pipe || kind == LinkKind::check_valve);
    link.constant_power = kind == LinkKind::pump &&
                          network.pumps[network.attachment[k]].kind == PumpKind::constant_power;
    link.resistance = network.resistance[k];
    link.minor_loss = network.minor_loss[k];
    links_.push_back(link);
    if (!link.by_power_law) {
      other_links_.push_back(k);
    }
  }
  lanes_.reserve(kLanes);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    lanes_.push_back({solver, solver.make_state(), false, 0, {}, 0});
    Solver& own = lanes_.back().solver;  // a copy has not the room that its original reserved
    own.live_.reserve(links);
    own.consumers_.reserve(nodes);
    own.live_outlets_.reserve(network.outlets.size());
  }
  consumers_.reserve(nodes);
  for (std::vector<LaneValues>* by_link :
       {&flow_, &open_, &conductance_, &inverse_gradient_, &correction_}) {
    by_link->resize(links);
  }
  for (std::vector<LaneValues>* by_node :
       {&head_, &delivered_, &drawing_, &loss_, &gradient_, &isolated_}) {
    by_node->resize(nodes);
  }
  right_side_.resize(solver.matrix_.size());
  for (std::uint32_t row = 0; row < solver.matrix_.size(); ++row) {
    diagonal_.push_back(matrix_.place_of(solver.matrix_.diagonal_slot(row)));
  }
}

BatchSolver::Count BatchSolver::solve(std::span<const double> demand_m3s, const State& start,
                                      std::span<const std::vector<std::uint32_t>> out_of_service,
                                      const SolverOptions& options, const Done& done) {
  WG_EXPECT(demand_m3s.size() == lanes_[0].solver.network_.node_count());
  Job job{demand_m3s, &start, out_of_service, &options, &done, 0, {}};
  if (!possible_) {
    for (; job.next < out_of_service.size(); ++job.next) {
      lanes_[0].index = job.next;
      solve_alone(job, 0);
    }
    return job.count;
  }
  begin(job);
  const auto busy = [](const Lane& lane) { return lane.busy; };
  while (std::any_of(lanes_.begin(), lanes_.end(), busy)) {
    iterate();
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      if (lanes_[lane].busy) {
        judge(job, lane);
        if (!lanes_[lane].busy) {
          take(job, lane);
        }
      }
    }
  }
  return job.count;
}

void BatchSolver::begin(Job& job) {
  const SolverOptions& options = *job.options;
  const Network& network = lanes_[0].solver.network_;
  laws_.hazen_williams =
      network.law == HeadlossLaw::hazen_williams ? &hazen_williams_power_ : nullptr;
  laws_.least_gradient = options.least_gradient;
  laws_.pressure_span_m = options.required_pressure_m - options.minimum_pressure_m;
  laws_.minimum_pressure_m = options.minimum_pressure_m;
  laws_.inverse_exponent = 1.0 / options.pressure_exponent;
  consumers_.clear();
  for (std::uint32_t node = 0; node < network.node_count(); ++node) {
    const std::uint32_t row = lanes_[0].solver.row_[node];
    if (options.pressure_driven && job.demand_m3s[node] > 0.0 && row != kNone) {
      consumers_.push_back(
          {node, row, diagonal_[row], job.demand_m3s[node], network.elevation_m[node]});
    }
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    take(job, lane);
  }
}

/// A lane without a case: every node isolated, so that its numbers stay small and whole.
void BatchSolver::leave_idle(std::size_t lane) {
  lanes_[lane].busy = false;
  const auto set = [lane](std::vector<LaneValues>& rows, double value) {
    for (LaneValues& row : rows) {
      row.at[lane] = value;
    }
  };
  for (std::vector<LaneValues>* rows : {&flow_, &open_, &conductance_, &inverse_gradient_,
                                        &correction_, &head_, &delivered_, &drawing_}) {
    set(*rows, 0.0);
  }
  set(isolated_, 1.0);
  steps_.relaxation.at[lane] = 1.0;
}

/// The next case into the lane, if there is one.
void BatchSolver::take(Job& job, std::size_t lane) {
  Lane& at = lanes_[lane];
  if (job.next == job.out_of_service.size()) {
    leave_idle(lane);
    return;
  }
  at.index = job.next++;
  at.busy = true;
  at.state = *job.start;  // equal sizes: copies without allocating
  for (const std::uint32_t link : job.out_of_service[at.index]) {
    at.state.out_of_service[link] = 1;
  }
  at.solver.demand_ = job.demand_m3s;
  at.solver.state_ = &at.state;
  at.solver.options_ = job.options;
  at.solver.prepare();
  at.result = SolveResult{};
  at.next_check = job.options->check_every;
  // those of pipes are written in every iteration
  for (const std::uint32_t k : other_links_) {
    inverse_gradient_[k].at[lane] = 0.0;
    correction_[k].at[lane] = 0.0;
  }
  const State& state = at.state;
  const std::uint8_t* const live = at.solver.is_live_.data();
  for (std::size_t k = 0; k < links_.size(); ++k) {
    const bool closed = is_closed(state.status[k]);
    flow_[k].at[lane] = state.flow_m3s[k];
    open_[k].at[lane] = live[k] != 0 && !closed ? 1.0 : 0.0;
    conductance_[k].at[lane] = live[k] != 0 ? kSmallConductance : 0.0;
  }
  for (std::size_t node = 0; node < head_.size(); ++node) {
    head_[node].at[lane] = state.head_m[node];
    delivered_[node].at[lane] = state.delivered_m3s[node];
    isolated_[node].at[lane] = state.isolated[node] != 0 ? 1.0 : 0.0;
  }
  for (std::size_t c = 0; c < consumers_.size(); ++c) {
    drawing_[c].at[lane] = 1.0 - isolated_[consumers_[c].node].at[lane];
  }
  steps_.relaxation.at[lane] = 1.0;
}

/// Heads from the flows, then flows from the heads, in all lanes.
void BatchSolver::iterate() {
  const Network& network = lanes_[0].solver.network_;
  const std::vector<std::uint32_t>& row_node = lanes_[0].solver.row_node_;
  const std::span<LaneValues> values = matrix_.values();
  std::fill_n(values.begin(), values.size() - row_node.size(), LaneValues{});
  for (std::uint32_t row = 0; row < row_node.size(); ++row) {
    const std::uint32_t node = row_node[row];
    values[diagonal_[row]] = isolated_[node];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      right_side_[row].at[lane] = isolated_[node].at[lane] * network.elevation_m[node];
    }
  }
  const LaneValues* const head = head_.data();
  const batch::Links links{links_.data(),     links_.size(),       flow_.data(),
                           open_.data(),      conductance_.data(), inverse_gradient_.data(),
                           correction_.data()};
  const batch::Consumers consumers{consumers_.data(), consumers_.size(), drawing_.data(),
                                   delivered_.data(), loss_.data(),      gradient_.data()};
  const batch::Equations equations{head, values.data(), right_side_.data()};
  kernels_->set_terms(laws_, links);
  set_other_terms();
  kernels_->place_links(links, equations);
  for (std::uint32_t row = 0; row < row_node.size(); ++row) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      right_side_[row].at[lane] -= delivered_[row_node[row]].at[lane];
    }
  }
  place_outlets();
  kernels_->place_consumers(laws_, consumers, equations);
  matrix_.factor(kWeakPivot);
  matrix_.solve(right_side_);
  for (std::uint32_t row = 0; row < row_node.size(); ++row) {
    head_[row_node[row]] = right_side_[row];
  }
  steps_.total = steps_.change = steps_.largest = LaneValues{};
  kernels_->move_flows(links, head, steps_);
  move_outlets();
  kernels_->move_demands(laws_, consumers, head, steps_);
}

/// Pumps, valves and pipes of other laws.
void BatchSolver::set_other_terms() {
  for (const std::uint32_t k : other_links_) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      Lane& at = lanes_[lane];
      if (!at.busy || at.solver.is_live_[k] == 0) {
        continue;
      }
      at.state.flow_m3s[k] = flow_[k].at[lane];
      const Solver::Terms terms = at.solver.terms(k);
      inverse_gradient_[k].at[lane] = terms.inverse_gradient;
      correction_[k].at[lane] = terms.correction;
    }
  }
}

void BatchSolver::place_outlets() {
  const std::span<LaneValues> values = matrix_.values();
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const Lane& at = lanes_[lane];
    if (!at.busy) {
      continue;
    }
    for (const std::uint32_t o : at.solver.live_outlets_) {
      const std::uint32_t node = at.solver.network_.outlets[o].node, row = at.solver.row_[node];
      if (row == kNone) {
        continue;
      }
      const Loss loss = at.solver.outlet_loss(o);
      values[diagonal_[row]].at[lane] += 1.0 / loss.gradient;
      right_side_[row].at[lane] +=
          (loss.head_m + at.solver.network_.elevation_m[node]) / loss.gradient -
          at.state.outlet_m3s[o];
    }
  }
}

void BatchSolver::move_outlets() {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    Lane& at = lanes_[lane];
    if (!at.busy) {
      continue;
    }
    for (const std::uint32_t o : at.solver.live_outlets_) {
      const std::uint32_t node = at.solver.network_.outlets[o].node;
      const Loss loss = at.solver.outlet_loss(o);
      const double pressure = head_[node].at[lane] - at.solver.network_.elevation_m[node];
      const double change = steps_.relaxation.at[lane] * (loss.head_m - pressure) / loss.gradient;
      double& flow = at.state.outlet_m3s[o];
      flow -= change;
      steps_.total.at[lane] += std::abs(flow);
      steps_.change.at[lane] += std::abs(change);
      steps_.largest.at[lane] = std::max(steps_.largest.at[lane], std::abs(change));
    }
  }
}

/// What Solver does at the end of an iteration: done, or with other statuses on to the next.
void BatchSolver::judge(Job& job, std::size_t lane) {
  Lane& at = lanes_[lane];
  const SolverOptions& options = *job.options;
  const Solver::Step step{steps_.change.at[lane], steps_.total.at[lane], steps_.largest.at[lane]};
  const int i = ++at.result.iterations;
  at.result.relative_change = step.total > 0.0 ? step.change / step.total : step.change;
  const int most = std::min(kPatience, options.max_iterations);
  if (!(step.largest < kAbsurdFlow && step.change < kAbsurdFlow)) {
    solve_alone(job, lane);
    return;
  }
  const bool slow =
      options.damping_below > 0.0 && at.result.relative_change <= options.damping_below;
  steps_.relaxation.at[lane] = slow ? 0.6 : 1.0;
  bool changed = false, balanced = false;
  if (at.solver.flows_balance(step)) {  // only then the dearer criteria
    store(lane);
    balanced = at.solver.balanced(step);
  }
  if (balanced) {
    changed = at.solver.update_links();
    if (!changed) {
      at.result.status = SolveStatus::converged;
      at.solver.finish(at.result);
      ++job.count.side_by_side;
      (*job.done)(at.index, at.result, at.state);
      at.busy = false;
      return;
    }
    at.next_check = i + options.check_every;
  } else if (i <= options.last_check && i == at.next_check) {
    store_watched(lane);
    changed = at.solver.update_links();
    at.next_check += options.check_every;
  }
  if (changed) {
    for (const std::uint32_t k : at.solver.watched_) {
      const bool open = at.solver.is_live_[k] != 0 && !is_closed(at.state.status[k]);
      open_[k].at[lane] = open ? 1.0 : 0.0;
    }
  }
  if (i == most) {
    solve_alone(job, lane);
  }
}

/// What a look at statuses needs.
void BatchSolver::store_watched(std::size_t lane) {
  Lane& at = lanes_[lane];
  for (const std::uint32_t k : at.solver.watched_) {
    at.state.flow_m3s[k] = flow_[k].at[lane];
    at.state.head_m[links_[k].from] = head_[links_[k].from].at[lane];
    at.state.head_m[links_[k].to] = head_[links_[k].to].at[lane];
  }
}

void BatchSolver::store(std::size_t lane) {
  State& state = lanes_[lane].state;
  for (std::size_t k = 0; k < flow_.size(); ++k) {
    state.flow_m3s[k] = flow_[k].at[lane];
  }
  for (std::size_t node = 0; node < head_.size(); ++node) {
    state.head_m[node] = head_[node].at[lane];
    state.delivered_m3s[node] = delivered_[node].at[lane];
  }
}

void BatchSolver::solve_alone(Job& job, std::size_t lane) {
  Lane& at = lanes_[lane];
  at.state = *job.start;
  for (const std::uint32_t link : job.out_of_service[at.index]) {
    at.state.out_of_service[link] = 1;
  }
  const SolveResult result = at.solver.solve(job.demand_m3s, at.state, *job.options);
  ++job.count.one_by_one;
  (*job.done)(at.index, result, at.state);
  at.busy = false;
}

}  // namespace wintergrid::hydraulics
