// Work in the buildings, paced by people. All counts are buildings.
//
//   drained by t    share_per_hour * (buildings of the node) * (hours since the decision, while
//   frost is there or forecast) restart of the building that is i-th of n    t_return +
//   restart_hours * i / n refilled by t   share_per_day * (drained when heat returned) * (days of
//   heat since) repaired by t   crews * buildings_per_crew_day * days, first come first served
//
// Sources: drain at <= -3 C, KMDA rule of 2022; restart of undrained buildings about 1 day, refill
// about 35 % of the affected buildings a day, 8 % of the drained ones needing a crew, about one
// building per crew-day: fitted to the published counts of Kyiv, January and February 2026. The
// rate of draining and the two hours without restart are assumptions.

#include "grid_models/heat/field_work.hpp"

#include <algorithm>
#include <cmath>

#include "grid_models/core/contract.hpp"

namespace wintergrid::heat {
namespace {

// Quotas are sums of fractions: a day of 24 hourly thirds must count as the whole it is.
constexpr double kQuotaSlack = 1e-9;

bool take_from_quota(double& quota, double buildings) {
  if (quota + kQuotaSlack < buildings) {
    return false;
  }
  quota = std::max(0.0, quota - buildings);
  return true;
}

void enter_phase(State& state, std::uint32_t block, BlockPhase phase, Seconds since,
                 Seconds until = kNever) {
  state.phase[block] = phase;
  state.phase_since[block] = since;
  state.phase_until[block] = until;
}

void forget_ice(State& state, std::uint32_t block) {
  state.freeze_progress[block] = 0.0F;
  state.frozen_hours[block] = 0.0F;
}

}  // namespace

BlockGroups::BlockGroups(const Model& model) : first(model.node_count + 2, 0) {
  const std::size_t electric = model.node_count;
  WG_CHECK(model.block_class.size() == model.block_count() &&
               model.block_heating.size() == model.block_count() &&
               model.block_buildings.size() == model.block_count() &&
               model.block_households.size() == model.block_count() &&
               model.block_name_hash.size() == model.block_count(),
           "block columns differ in length");
  const auto group_of = [&](std::size_t index) {
    return model.block_heating[index] == Heating::district ? std::size_t{model.block_node[index]}
                                                           : electric;
  };
  std::size_t member_count = 0;
  for (std::size_t index = 0; index < model.block_count(); ++index) {
    WG_CHECK(static_cast<std::size_t>(model.block_class[index]) < kBuildingClassCount,
             "unknown building class");
    WG_CHECK(model.block_buildings[index] > 0, "a block without buildings");
    if (model.block_heating[index] == Heating::stove) {
      continue;
    }
    WG_CHECK(model.block_heating[index] != Heating::district ||
                 model.block_node[index] < model.node_count,
             "district block at an unknown heat node");
    ++first[group_of(index) + 1];
    ++member_count;
  }
  for (std::size_t group = 0; group <= electric; ++group) {
    first[group + 1] += first[group];
  }
  block.resize(member_count);
  buildings.assign(electric + 1, 0);
  households.assign(electric + 1, 0);
  std::vector<std::uint32_t> next(first.begin(), first.end() - 1);
  for (std::size_t index = 0; index < model.block_count(); ++index) {
    if (model.block_heating[index] == Heating::stove) {
      continue;
    }
    const std::size_t group = group_of(index);
    block[next[group]++] = static_cast<std::uint32_t>(index);
    buildings[group] += model.block_buildings[index];
    households[group] += model.block_households[index];
  }
  first_run.assign(1, 0);
  for (std::size_t group = 0; group <= electric; ++group) {
    for (const std::uint32_t index : of(group)) {
      const bool continues = run.size() > first_run.back() && run.back().end == index &&
                             run.back().building_class == model.block_class[index];
      if (continues) {
        ++run.back().end;
      } else {
        run.push_back({index, index + 1, model.block_class[index]});
      }
    }
    first_run.push_back(static_cast<std::uint32_t>(run.size()));
  }
}

FieldWork::FieldWork(const Model& model, const BlockGroups& groups)
    : model_(&model), groups_(&groups) {
  candidates_.reserve(model.block_count());
}

template <class Eligible>
void FieldWork::list_in_drain_order(std::size_t node, const Luck& luck, Eligible eligible) {
  candidates_.clear();
  for (const std::uint32_t block : groups_->of(node)) {
    if (eligible(block)) {
      candidates_.push_back(
          {luck.uniform({model_->block_name_hash[block], Purpose::drain_order, 0}), block});
    }
  }
  sort_candidates();
}

void FieldWork::sort_candidates() {
  std::sort(candidates_.begin(), candidates_.end(),
            [](const Candidate& left, const Candidate& right) {
              return left.key != right.key ? left.key < right.key : left.block < right.block;
            });
}

void FieldWork::heat_returned(std::size_t node, Seconds now, const Parameters& parameters,
                              const Luck& luck, State& state) {
  const Seconds lost_for = now - state.node_lost_at[node];
  const bool restart = lost_for >= seconds_from_hours(parameters.restart_free_hours);
  state.node_lost_at[node] = kNever;
  state.node_drain_quota[node] = 0.0;
  std::int64_t drained = 0;
  for (const std::uint32_t block : groups_->of(node)) {
    drained += state.phase[block] == BlockPhase::drained ? model_->block_buildings[block] : 0;
  }
  if (restart || state.node_refill_base[node] == 0.0) {
    state.node_refill_base[node] = static_cast<double>(drained);
    state.node_refill_quota[node] = 0.0;
  }
  if (!restart) {
    return;
  }
  list_in_drain_order(node, luck, [&](std::uint32_t block) {
    return state.phase[block] == BlockPhase::connected ||
           state.phase[block] == BlockPhase::restarting;
  });
  double total = 0.0;
  for (const Candidate& candidate : candidates_) {
    total += model_->block_buildings[candidate.block];
  }
  double done = 0.0;
  for (const Candidate& candidate : candidates_) {
    done += model_->block_buildings[candidate.block];
    enter_phase(state, candidate.block, BlockPhase::restarting, now,
                now + seconds_from_hours(parameters.undrained_restart_hours * done / total));
  }
}

std::uint64_t FieldWork::drain(std::size_t node, Span span, const Parameters& parameters,
                               const Luck& luck, State& state) {
  const Seconds decided =
      state.node_lost_at[node] + seconds_from_hours(parameters.drain_decision_hours);
  const Seconds begin = std::max(span.begin, decided);
  if (begin >= span.end) {
    return 0;
  }
  // A riser blocked by ice cannot be emptied; nor are the buildings that nobody gets into in time.
  const auto eligible = [&](std::uint32_t block) {
    return (state.phase[block] == BlockPhase::connected ||
            state.phase[block] == BlockPhase::restarting) &&
           state.freeze_progress[block] < 1.0F &&
           luck.uniform({model_->block_name_hash[block], Purpose::drain_missed, 0}) >=
               parameters.drain_missed_share;
  };
  double& quota = state.node_drain_quota[node];
  quota += parameters.drain_buildings_per_hour_share *
           static_cast<double>(groups_->buildings[node]) * hours_from_seconds(span.end - begin);
  std::uint32_t smallest = UINT32_MAX;
  for (const std::uint32_t block : groups_->of(node)) {
    if (eligible(block)) {
      smallest = std::min(smallest, model_->block_buildings[block]);
    }
  }
  if (smallest == UINT32_MAX) {
    quota = 0.0;  // nobody left: effort is not saved up
    return 0;
  }
  if (quota + kQuotaSlack < smallest) {
    return 0;
  }
  list_in_drain_order(node, luck, eligible);
  std::uint64_t drained = 0;
  for (const Candidate& candidate : candidates_) {
    const std::uint32_t buildings = model_->block_buildings[candidate.block];
    if (!take_from_quota(quota, buildings)) {
      return drained;
    }
    enter_phase(state, candidate.block, BlockPhase::drained, span.end);
    forget_ice(state, candidate.block);
    drained += buildings;
  }
  quota = 0.0;
  return drained;
}

void FieldWork::refill(std::size_t node, Span span, const Parameters& parameters, const Luck& luck,
                       State& state) {
  if (state.node_refill_base[node] == 0.0) {
    return;
  }
  double& quota = state.node_refill_quota[node];
  quota += parameters.refill_share_per_day * state.node_refill_base[node] * span.days();
  if (quota + kQuotaSlack < 1.0) {
    return;  // no block has less than one building
  }
  list_in_drain_order(
      node, luck, [&](std::uint32_t block) { return state.phase[block] == BlockPhase::drained; });
  for (const Candidate& candidate : candidates_) {
    const std::uint32_t block = candidate.block;
    if (!take_from_quota(quota, model_->block_buildings[block])) {
      return;
    }
    const double draw = luck.uniform(
        {model_->block_name_hash[block], Purpose::refill_needs_crew, state.refill_count[block]++});
    enter_phase(state, block,
                draw < parameters.refill_needs_crew_share ? BlockPhase::waiting_crew
                                                          : BlockPhase::connected,
                span.end);
  }
  quota = 0.0;
  state.node_refill_base[node] = 0.0;
}

void FieldWork::finish_restarts(std::span<const std::uint32_t> blocks, Seconds end, State& state) {
  for (const std::uint32_t block : blocks) {
    if (state.phase[block] == BlockPhase::restarting && state.phase_until[block] <= end) {
      enter_phase(state, block, BlockPhase::connected, end);
      forget_ice(state, block);
    }
  }
}

std::uint64_t FieldWork::repair(Span span, double crews, const Parameters& parameters,
                                State& state) {
  candidates_.clear();
  for (std::size_t node = 0; node < model_->node_count; ++node) {
    if (state.group_activity[node] != GroupActivity::general || state.node_share[node] <= 0.0F) {
      continue;
    }
    for (const std::uint32_t block : groups_->of(node)) {
      // Work of this span goes to those who waited when it began.
      if ((state.phase[block] == BlockPhase::waiting_crew ||
           state.phase[block] == BlockPhase::burst) &&
          state.phase_since[block] <= span.begin) {
        candidates_.push_back({static_cast<double>(state.phase_since[block]), block});
      }
    }
  }
  sort_candidates();
  state.crew_quota += crews * parameters.crew_buildings_per_day * span.days();
  std::uint64_t repaired = 0;
  for (const Candidate& candidate : candidates_) {
    const std::uint32_t buildings = model_->block_buildings[candidate.block];
    if (!take_from_quota(state.crew_quota, buildings)) {
      return repaired;
    }
    enter_phase(state, candidate.block, BlockPhase::connected, span.end);
    repaired += buildings;
  }
  state.crew_quota = 0.0;  // idle crews save nothing up
  return repaired;
}

}  // namespace wintergrid::heat
