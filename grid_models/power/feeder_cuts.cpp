// Schedule and emergency cuts.
//
// Symbols
//   i island, f feeder                         t time (s), now
//   D_f demand before pickup (MW)              u_f demand the feeder would draw if it is on (MW)
//   G_i running capacity of an island (MW)     K pickup factor, h pickup time (s)
//
// Cold-load pickup: u_f = D_f (1 + (K - 1) max(0, 1 - (t - t_on) / h)), t_on the last time the
// feeder came on; a feeder that is off would draw K D_f. Linear, so that it is over after h and
// costs nothing then. Source of K: O. Kharchenko (Energy Research Center), January 2026: a building
// that used 100 kW draws about 300 kW after re-energisation; default 2.0 over a feeder's mix of
// loads, decaying over 2 to 4 h (assumption). Outages of any length count alike (assumption:
// pessimistic for short ones).
//
// Energy deficit: E_i = max(0, sum u_f - G_i) over the feeders of the island that could be on. The
// schedule switches off the smallest number n_i of consecutive sub-queues (rotation.hpp) that
// leaves sum u_f <= G_i; whole sub-queues, so it over-sheds by less than one. Where all 12 are not
// enough, exempt feeders are cut in the fixed order of their name hash.
//
// Network limits: what is left goes to Shedding (exact minimum of priority-weighted shed under
// branch limits). Where it sheds at a bus, whole feeders of that bus are cut, ordinary before
// exempt, and the rest is solved again until nothing is shed, because whole feeders change the
// flows and less demand at one bus may load a branch elsewhere. To keep the overshoot of whole
// feeders small:
//   (1) first everywhere the feeders that fit into their bus's shed, in hash order;
//   (2) then, in each island, the bus with most shed first, the smallest feeder that covers what is
//   left there, until as
//       much is cut as the island shed; the next solve tells what that leaves.
// Emergency cuts free energy, so the schedule is made shallower afterwards where it can be, keeping
// the cuts, until neither changes: the depth only falls, so this ends.
//
// Practice: schedules rotate a regional quota over queues; where the network is the limit,
// schedules are suspended and operators cut by hand, unevenly, without rotation (Ukrenergo, DTEK
// statements, December 2025 and January 2026).

#include "grid_models/power/feeder_cuts.hpp"

#include <algorithm>
#include <numeric>

namespace wintergrid::power {

namespace {

/// Below this nobody is cut: 100 W, less than one household, and the tolerance of the shedding
/// solver.
constexpr double kToleranceMw = 1e-4;

}  // namespace

FeederCuts::FeederCuts(const OperationModel& model, const Islands& islands)
    : model_(&model),
      islands_(&islands),
      blocks_(model),
      bus_of_feeder_(model.feeder_bus),
      block_of_feeder_(blocks_.of_feeder),
      order_(model),
      shedding_(model.network, blocks_.loads),
      cause_(model.feeder_count(), FeederCause::on),
      would_draw_mw_(model.feeder_count(), 0.0),
      candidate_(model.feeder_count(), 0),
      island_(model.network.bus_count),
      island_subqueue_mw_(model.network.bus_count * kSubqueueCount, 0.0),
      block_mw_(blocks_.loads.bus.size(), 0.0),
      block_shed_mw_(blocks_.loads.bus.size(), 0.0),
      bus_shed_mw_(model.network.bus_count, 0.0),
      bus_by_shed_(model.network.bus_count),
      generation_mw_(model.network.generator_count(), 0.0),
      flow_mw_(model.network.branch_count(), 0.0) {
  std::iota(bus_by_shed_.begin(), bus_by_shed_.end(), 0U);
}

void FeederCuts::decide(const OperationInputs& inputs, const OperationState& state,
                        const Parameters& parameters, const Supply& supply,
                        OperationResult& result) {
  hang(inputs);
  const bool anybody_held = add_up_demand(inputs, state, parameters, supply);
  find_needs(supply);
  result.deficit_mw = deficit_mw(supply);
  if (anybody_held) {
    add_up_blocks();
    find_needs(supply);
  }
  const bool scheduled = any_need(supply);
  const std::uint32_t start = rotation_start(inputs.now, model_->rotation_block_seconds);
  if (scheduled) {
    find_depths(start, false);
    apply_schedule(start);
    cut_exempt_for_energy(supply);
    add_up_blocks();
  }
  while (cut_to_limits(inputs, supply, result) && scheduled && find_depths(start, true)) {
    apply_schedule(start);
    add_up_blocks();
  }
  result.generation_mw = generation_mw_;
}

/// Where feeders hang now: buses and blocks follow from it alone.
void FeederCuts::hang(const OperationInputs& inputs) {
  const std::span<const std::uint32_t> now =
      inputs.feeder_bus.empty() ? model_->feeder_bus : inputs.feeder_bus;
  if (std::equal(now.begin(), now.end(), bus_of_feeder_.begin())) {
    return;
  }
  for (std::size_t f = 0; f < now.size(); ++f) {
    bus_of_feeder_[f] = now[f];
    block_of_feeder_[f] =
        now[f] == model_->feeder_bus[f] ? blocks_.of_feeder[f] : blocks_.of_feeder_at_backup[f];
  }
}

// --- demand

/// Who could be on, and what they would draw; block_mw_ counts those held off as well, so that the
/// deficit of a repeat has the same bits. Returns whether anybody is held off.
bool FeederCuts::add_up_demand(const OperationInputs& inputs, const OperationState& state,
                               const Parameters& parameters, const Supply& supply) {
  const bool repeat = state.settled_at == inputs.now;
  const Seconds pickup_seconds = seconds_from_hours(parameters.cold_load_pickup_hours);
  const double excess_per_second = pickup_seconds > 0
                                       ? std::max(0.0, parameters.cold_load_pickup_factor - 1.0) /
                                             static_cast<double>(pickup_seconds)
                                       : 0.0;
  // Spans on the stack, and selections instead of branches: flags are bytes, which might alias the
  // vectors, and who is off follows no pattern that a processor could predict.
  const std::span<const std::uint8_t> on = state.feeder_on;
  const std::span<const Seconds> energised_at = state.feeder_energised_at;
  const std::span<const Seconds> changed_at = state.feeder_changed_at;
  const std::span<const double> demand_mw = inputs.feeder_demand_mw;
  const std::span<double> would_draw_mw = would_draw_mw_;
  const Seconds now = inputs.now;
  const auto draw = [&](std::size_t f, Seconds drawing) {
    const Seconds since = (now - energised_at[f]) & -drawing;
    const Seconds left = std::max<Seconds>(0, pickup_seconds - since);
    would_draw_mw[f] = demand_mw[f] * (1.0 + excess_per_second * static_cast<double>(left));
  };
  if (repeat) {
    // A feeder cut earlier in this moment counts as it did before it was cut: the deficit stays the
    // same.
    for (std::size_t f = 0; f < on.size(); ++f) {
      draw(f, on[f] != 0 || changed_at[f] == now ? 1 : 0);
    }
  } else {
    for (std::size_t f = 0; f < on.size(); ++f) {
      draw(f, Seconds{on[f]});
    }
  }
  find_candidates(inputs, supply);
  add_up_blocks();
  return repeat && hold_off(state);
}

/// Causes before any cut, and who may be on.
void FeederCuts::find_candidates(const OperationInputs& inputs, const Supply& supply) {
  const std::span<const std::uint32_t> bus_of = bus_of_feeder_;
  const std::span<const std::uint8_t> available = inputs.feeder_available;
  const std::span<const std::uint8_t> energised = supply.bus_energised;
  const std::span<FeederCause> cause = cause_;
  for (std::size_t f = 0; f < cause.size(); ++f) {
    const FeederCause live = energised[bus_of[f]] != 0 ? FeederCause::on : FeederCause::dead_bus;
    cause[f] = available[f] != 0 ? live : FeederCause::damaged;
  }
  for (std::size_t f = 0; f < cause.size(); ++f) {
    candidate_[f] = cause[f] == FeederCause::on ? 1 : 0;
  }
}

/// Who was cut earlier in this moment stays off. Returns whether there is anybody.
bool FeederCuts::hold_off(const OperationState& state) {
  bool anybody = false;
  for (std::size_t f = 0; f < cause_.size(); ++f) {
    if (candidate_[f] != 0 && state.feeder_on[f] == 0) {
      candidate_[f] = 0;
      cause_[f] = state.feeder_cause[f];
      anybody = true;
    }
  }
  return anybody;
}

/// Demand of the feeders that are on, by block.
void FeederCuts::add_up_blocks() {
  const std::span<const std::uint32_t> block_of = block_of_feeder_;
  const std::span<const FeederCause> cause = cause_;
  const std::span<const double> would_draw_mw = would_draw_mw_;
  const std::span<double> block_mw = block_mw_;
  std::fill(block_mw.begin(), block_mw.end(), 0.0);
  for (std::size_t f = 0; f < cause.size(); ++f) {
    block_mw[block_of[f]] += cause[f] == FeederCause::on ? would_draw_mw[f] : 0.0;
  }
}

double FeederCuts::served_mw() const {
  return std::accumulate(block_mw_.begin(), block_mw_.end(), 0.0);
}

void FeederCuts::feeder_load_mw(std::span<double> load_mw) const {
  for (std::size_t f = 0; f < cause_.size(); ++f) {
    const std::uint32_t block = block_of_feeder_[f];
    load_mw[f] = cause_[f] == FeederCause::on && block_mw_[block] > 0.0
                     ? would_draw_mw_[f] * (1.0 - block_shed_mw_[block] / block_mw_[block])
                     : 0.0;
  }
}

/// Forgets earlier cuts of this moment and compares block_mw_ with capacity.
void FeederCuts::find_needs(const Supply& supply) {
  for (std::size_t i = 0; i < islands_->count(); ++i) {
    island_[i] = Island{.need_mw = -supply.island_capacity_mw[i]};
  }
  for (std::size_t block = 0; block < block_mw_.size(); ++block) {
    const std::uint32_t island = islands_->island_of_node()[blocks_.loads.bus[block]];
    if (island != Islands::kNoIsland) {
      island_[island].need_mw += block_mw_[block];
    }
  }
}

double FeederCuts::deficit_mw(const Supply& supply) const {
  double deficit = 0.0;
  for (std::size_t i = 0; i < islands_->count(); ++i) {
    deficit += supply.island_energised[i] != 0 ? std::max(0.0, island_[i].need_mw) : 0.0;
  }
  return deficit;
}

bool FeederCuts::any_need(const Supply& supply) const {
  for (std::size_t i = 0; i < islands_->count(); ++i) {
    if (supply.island_energised[i] != 0 && island_[i].need_mw > kToleranceMw) {
      return true;
    }
  }
  return false;
}

// --- the schedule

/// The smallest depth per island that covers its need, less what emergency cuts already take.
/// `only_limited`: only where network limits cut; there the depth can only fall, because the
/// feeders cut were none of those scheduled off. Returns whether any depth changed.
bool FeederCuts::find_depths(std::uint32_t start, bool only_limited) {
  std::fill_n(island_subqueue_mw_.begin(), islands_->count() * kSubqueueCount, 0.0);
  for (std::size_t f = 0; f < cause_.size(); ++f) {
    if (in_schedule(f)) {
      island_subqueue_mw_[std::size_t{island_of(f)} * kSubqueueCount +
                          model_->feeder_subqueue[f]] += would_draw_mw_[f];
    }
  }
  bool changed = false;
  for (std::size_t i = 0; i < islands_->count(); ++i) {
    Island& island = island_[i];
    if (only_limited && (!island.limited || island.depth == kSubqueueCount)) {
      continue;
    }
    const double need = island.need_mw - island.emergency_mw;
    double off = 0.0;
    std::uint32_t depth = 0;
    // Half the tolerance here, the whole in any_need(): rounding cannot make a repeat find a need
    // again.
    for (; depth < kSubqueueCount && off < need - 0.5 * kToleranceMw; ++depth) {
      off += island_subqueue_mw_[i * kSubqueueCount + (start + depth) % kSubqueueCount];
    }
    changed = changed || depth != island.depth;
    island.depth = depth;
  }
  return changed;
}

/// `schedule` or `on` by the islands' depths; emergency cuts stay as they are.
void FeederCuts::apply_schedule(std::uint32_t start) {
  for (std::size_t f = 0; f < cause_.size(); ++f) {
    if (in_schedule(f)) {
      const bool off =
          rotation_place(model_->feeder_subqueue[f], start) < island_[island_of(f)].depth;
      cause_[f] = off ? FeederCause::schedule : FeederCause::on;
    }
  }
}

/// Where the whole schedule is not enough even for the exempt feeders, some of these are cut.
void FeederCuts::cut_exempt_for_energy(const Supply& supply) {
  for (std::uint32_t i = 0; i < islands_->count(); ++i) {
    if (supply.island_energised[i] == 0 || island_[i].depth < kSubqueueCount) {
      continue;
    }
    double drawn = 0.0;
    for (const std::uint32_t f : order_.exempt()) {
      drawn += candidate_[f] != 0 && island_of(f) == i ? would_draw_mw_[f] : 0.0;
    }
    const auto in_island = [&](std::uint32_t f) { return island_of(f) == i; };
    cut_feeders(order_.exempt(), in_island, i, drawn - supply.island_capacity_mw[i], true);
  }
}

// --- emergency cuts

/// Solves and cuts until the demand that is left is served within all limits. True if anything was
/// cut.
bool FeederCuts::cut_to_limits(const OperationInputs& inputs, const Supply& supply,
                               OperationResult& result) {
  bool any = false;
  for (std::uint32_t round = 0;; ++round) {
    const SheddingResult solved =
        shedding_.solve(inputs.branch_up, inputs.bus_up, supply.generator_capacity_mw, block_mw_,
                        block_shed_mw_, generation_mw_, flow_mw_);
    result.solver_bounded = result.solver_bounded || solved.status == SheddingStatus::bounded;
    if (solved.status == SheddingStatus::balanced) {
      return any;
    }
    std::fill(bus_shed_mw_.begin(), bus_shed_mw_.end(), 0.0);
    for (std::size_t block = 0; block < block_mw_.size(); ++block) {
      bus_shed_mw_[blocks_.loads.bus[block]] += std::max(0.0, block_shed_mw_[block]);
    }
    if (!(*std::max_element(bus_shed_mw_.begin(), bus_shed_mw_.end()) > kToleranceMw)) {
      return any;
    }
    double cut_mw = round == 0 ? cut_what_fits() : 0.0;
    if (cut_mw <= 0.0) {
      cut_mw = cut_most_shed_first();
    }
    if (cut_mw <= 0.0) {
      // Everybody there is off already: only a solver that stopped at its bound sheds what nobody
      // draws.
      result.solver_bounded = true;
      return any;
    }
    any = true;
    add_up_blocks();
  }
}

/// Everywhere the feeders that fit into their bus's shed.
double FeederCuts::cut_what_fits() {
  double cut_mw = 0.0;
  for (std::size_t bus = 0; bus < bus_shed_mw_.size(); ++bus) {
    if (bus_shed_mw_[bus] > kToleranceMw) {
      cut_mw += cut_at_bus(bus, bus_shed_mw_[bus], false);
    }
  }
  return cut_mw;
}

/// Covers the shed bus by bus, most shed first, until as much is cut in the island as was shed in
/// it.
double FeederCuts::cut_most_shed_first() {
  for (std::size_t i = 0; i < islands_->count(); ++i) {
    island_[i].to_cut_mw = 0.0;
  }
  for (std::size_t bus = 0; bus < bus_shed_mw_.size(); ++bus) {
    if (bus_shed_mw_[bus] > kToleranceMw) {
      island_[islands_->island_of_node()[bus]].to_cut_mw += bus_shed_mw_[bus];
    }
  }
  std::sort(bus_by_shed_.begin(), bus_by_shed_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return bus_shed_mw_[a] != bus_shed_mw_[b] ? bus_shed_mw_[a] > bus_shed_mw_[b] : a < b;
  });
  double cut_mw = 0.0;
  for (const std::uint32_t bus : bus_by_shed_) {
    if (!(bus_shed_mw_[bus] > kToleranceMw)) {
      break;
    }
    Island& island = island_[islands_->island_of_node()[bus]];
    if (island.to_cut_mw > kToleranceMw) {
      const double mw = cut_at_bus(bus, bus_shed_mw_[bus], true);
      island.to_cut_mw -= mw;
      cut_mw += mw;
    }
  }
  return cut_mw;
}

double FeederCuts::cut_at_bus(std::size_t bus, double need, bool may_exceed) {
  const std::uint32_t island = islands_->island_of_node()[bus];
  const auto at_bus = [&](std::uint32_t f) { return bus_of_feeder_[f] == bus; };
  const Cut ordinary = cut_feeders(order_.ordinary_of(bus), at_bus, island, need, may_exceed);
  double cut_mw = ordinary.mw;
  if (ordinary.exhausted) {
    cut_mw += cut_feeders(order_.exempt_of(bus), at_bus, island, need - cut_mw, may_exceed).mw;
  }
  island_[island].limited = island_[island].limited || cut_mw > 0.0;
  return cut_mw;
}

/// Cuts feeders of the list that hang here, which is in the island, until `need` is covered: the
/// next in the list while none of those left covers the rest alone, then the smallest that does,
/// unless nothing may be cut beyond the need.
template <class Where>
FeederCuts::Cut FeederCuts::cut_feeders(std::span<const std::uint32_t> feeders, Where hangs_here,
                                        std::uint32_t island, double need, bool may_exceed) {
  constexpr std::uint32_t kNobody = UINT32_MAX;
  Cut done;
  while (need - done.mw > kToleranceMw) {
    std::uint32_t next = kNobody;
    std::uint32_t covering = kNobody;
    for (const std::uint32_t f : feeders) {
      if (cause_[f] != FeederCause::on || !(would_draw_mw_[f] > 0.0) || !hangs_here(f)) {
        continue;
      }
      next = next == kNobody ? f : next;
      if (would_draw_mw_[f] >= need - done.mw - kToleranceMw &&
          (covering == kNobody || would_draw_mw_[f] < would_draw_mw_[covering])) {
        covering = f;
      }
    }
    if (next == kNobody) {
      done.exhausted = true;
      break;
    }
    if (!may_exceed && covering != kNobody &&
        would_draw_mw_[covering] > need - done.mw + kToleranceMw) {
      break;
    }
    const std::uint32_t chosen = covering != kNobody ? covering : next;
    cause_[chosen] = FeederCause::emergency;
    island_[island].emergency_mw += would_draw_mw_[chosen];
    done.mw += would_draw_mw_[chosen];
  }
  return done;
}

}  // namespace wintergrid::power
