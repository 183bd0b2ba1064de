#include "grid_models/system/repair_view.hpp"

#include <algorithm>

#include "grid_models/core/contract.hpp"

namespace wintergrid {
namespace {

constexpr std::int64_t kUnknown = INT64_MIN;

}  // namespace

void apply(const recovery::Repaired& repair, State& state) {
  const std::size_t component = repair.component.index();
  state.temporarily_repaired[component] = repair.permanent ? 0 : 1;
  if (repair.permanent) {
    state.damage[component] = DamageState::none;
  }
}

RepairView::RepairView(const Model& model)
    : model_(&model), indoor_(model), regained_(model.components.count(), kUnknown) {}

void RepairView::begin(const State& state, const std::vector<recovery::Repaired>& repaired,
                       const Timeline& timeline, const Luck& luck) {
  state_ = &state;
  repaired_ = &repaired;
  timeline_ = &timeline;
  luck_ = &luck;
  indoor_noted_ = false;
  base_solved_ = false;
}

double RepairView::indoor_c(ComponentId component) {
  if (!indoor_noted_) {
    indoor_.note(*model_, state_->heat.indoor_c);
    indoor_noted_ = true;
  }
  return indoor_.mean_c(*model_, component);
}

/// The present state with what was repaired at this moment, and with every timer of coming back
/// expired (restarts of generators and buildings, switching, refilling, pressure): a repair is
/// judged by what it brings back in the end, not by what it brings back within the second.
void RepairView::solve_base() {
  base_ = *state_;
  for (const recovery::Repaired& repair : *repaired_) {
    apply(repair, base_);
  }
  const Seconds now = base_.now;
  base_.power.settled_at = -kNever;
  for (std::size_t g = 0; g < base_.power.generator_running.size(); ++g) {
    if (base_.power.generator_running[g] == 0) {
      base_.power.generator_ready_at[g] = now;
    }
  }
  for (Seconds& at : base_.feeding.switched_at) {
    at = std::min(at, at == kNever ? kNever : now);
  }
  base_.water.settled_at = -1;
  for (Seconds& at : base_.water.node_pressurised_at) {
    at = at == kNever ? kNever : std::min(at, now);
  }
  for (heat::BlockPhase& phase : base_.heat.phase) {
    const bool comes_back =
        phase == heat::BlockPhase::restarting || phase == heat::BlockPhase::drained;
    phase = comes_back ? heat::BlockPhase::connected : phase;
  }
  std::fill(base_.heat.node_lost_at.begin(), base_.heat.node_lost_at.end(), kNever);
  parameters_ = timeline_->parameters;
  parameters_.water.repressurisation_hours = 0.0;
  parameters_.switching.shortest_hours = 0.0;
  parameters_.switching.longest_hours = 0.0;
  std::fill(regained_.begin(), regained_.end(), kUnknown);
  changed_ = base_;
  base_off_ = trials_->households_off(changed_, *timeline_, parameters_, *luck_);
  base_solved_ = true;
}

std::int64_t RepairView::households_regained(const recovery::Job& job) {
  WG_CHECK(trials_ != nullptr, "the policy looks into the network");
  if (!base_solved_) {
    solve_base();
  }
  std::int64_t& regained = regained_[job.component.index()];
  if (regained == kUnknown) {
    changed_ = base_;
    const bool permanent =
        job.stage == recovery::JobStage::waiting_permanent || job.work.permanent_seconds == 0;
    apply({.component = job.component, .permanent = permanent}, changed_);
    regained = base_off_ - trials_->households_off(changed_, *timeline_, parameters_, *luck_);
  }
  return regained;
}

}  // namespace wintergrid
