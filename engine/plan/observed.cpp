// A building is two masses around the air of its rooms (heat/two_element_building.hpp), kept as
// deviations x <= 0 from those of a building at its setpoint, in K:
//
//   T_air = T_set + a_1 x_1 + a_2 x_2 + b m      m: heat that is missing, W per household
//
// An observed T_air fixes one number; x_1 = x_2 is assumed, as after a long slow cooling.

#include "engine/plan/observed.hpp"

#include <algorithm>

#include "grid_models/heat/two_element_building.hpp"

namespace wintergrid::plan {
namespace {

constexpr double kRadiativeShare = 0.4;  // as in the simulation of buildings
constexpr float kHeatMinimumShare = 0.5F;

std::size_t first_crew(const Model& model, std::size_t type) {
  std::size_t first = 0;
  for (std::size_t t = 0; t < type; ++t) {
    first += model.recovery.crews[t];
    for (const recovery::Reinforcement& more : model.recovery.reinforcements) {
      first += static_cast<std::size_t>(more.type) == t ? more.crews : 0U;
    }
  }
  return first;
}

recovery::Job* job_of(ComponentId component, State& state) {
  const auto found =
      std::find_if(state.recovery.jobs.begin(), state.recovery.jobs.end(),
                   [&](const recovery::Job& job) { return job.component == component; });
  return found == state.recovery.jobs.end() ? nullptr : &*found;
}

std::size_t group_of(const Model& model, std::size_t block) {
  const std::uint32_t node = model.heat.block_node[block];
  return node == kNone ? model.heat.node_count : node;
}

}  // namespace

void set_temporarily_fixed(ComponentId component, State& state) {
  recovery::Job* job = job_of(component, state);
  if (job == nullptr || job->stage != recovery::JobStage::waiting_temporary) {
    return;  // whole after all, or there is no temporary fix at that damage
  }
  if (job->work.permanent_seconds == 0) {
    state.damage[component.index()] = DamageState::none;
    state.recovery.jobs.erase(state.recovery.jobs.begin() + (job - state.recovery.jobs.data()));
    return;
  }
  state.temporarily_repaired[component.index()] = 1;
  job->stage = recovery::JobStage::waiting_permanent;
}

void set_under_way(const Model& model, const UnderWay& work,
                   std::array<std::size_t, kCrewTypeCount>& next, State& state) {
  recovery::Job* job = job_of(work.component, state);
  if (job == nullptr) {
    return;
  }
  const auto type = static_cast<std::size_t>(job->crew);
  const std::size_t first = first_crew(model, type) + next[type];
  next[type] += work.crews;
  const recovery::ShiftClock clock(model.recovery.shift[type], model.recovery.local_time_at_start);
  job->stage = job->stage == recovery::JobStage::waiting_temporary ? recovery::JobStage::temporary
                                                                   : recovery::JobStage::permanent;
  job->crew_index = static_cast<std::uint16_t>(first);
  job->crews = work.crews;
  job->stage_began = state.now;
  job->stage_ends = work.returns;
  job->counted_from = state.now;
  job->seconds_left = std::max<Seconds>(1, clock.worked_between(state.now, work.returns));
  job->stage_seconds = job->seconds_left;
  job->spare_reserved = 0;
  job->spare_arrives = kNever;
  for (std::size_t crew = first; crew < first + work.crews; ++crew) {
    recovery::CrewState& at_work = state.recovery.crews[crew];
    at_work.zone = model.components.zone[work.component.index()];
    at_work.busy_until = work.returns;
    at_work.component = work.component;
  }
}

void set_away(const Model& model, const Away& away, std::array<std::size_t, kCrewTypeCount>& next,
              State& state) {
  const auto type = static_cast<std::size_t>(away.type);
  const std::size_t first = first_crew(model, type) + next[type];
  next[type] += away.crews;
  for (std::size_t crew = first; crew < first + away.crews; ++crew) {
    state.recovery.crews[crew].busy_until = away.returns;
  }
}

void cool_homes(const Model& model, const Timeline& timeline,
                const std::vector<std::uint32_t>& block_zone, const ZoneValue& zone, State& state) {
  const heat::Parameters& parameters = timeline.parameters.heat;
  const auto hour = std::min(static_cast<std::size_t>(state.now / kSecondsPerHour),
                             timeline.outdoor_c.size() - 1);
  const double space_w =
      parameters.loss_w_per_k_per_household *
      std::max(0.0, parameters.indoor_setpoint_c - static_cast<double>(timeline.outdoor_c[hour]) -
                        parameters.gain_k);
  const auto here = [&](std::size_t block) {
    return block_zone[block] == zone.zone &&
           model.heat.block_heating[block] != heat::Heating::stove;
  };
  bool some_cold = false;
  for (std::size_t block = 0; block < block_zone.size(); ++block) {
    some_cold = some_cold || (here(block) && state.heat.delivered_share[block] < kHeatMinimumShare);
  }
  for (std::size_t block = 0; block < block_zone.size(); ++block) {
    if (!here(block) || (some_cold && state.heat.delivered_share[block] >= kHeatMinimumShare)) {
      continue;
    }
    const heat::BuildingClass building = model.heat.block_class[block];
    const heat::TwoElementModel model_of(
        heat::two_element_household(building, parameters.loss_w_per_k_per_household,
                                    parameters.tau_hours[static_cast<std::size_t>(building)]));
    const heat::DeviationStep step =
        model_of.deviation_step(static_cast<double>(kSecondsPerHour), kRadiativeShare,
                                parameters.loss_w_per_k_per_household);
    const double missing_w =
        (1.0 - static_cast<double>(state.heat.delivered_share[block])) * space_w;
    const double deviation_k =
        (zone.value - parameters.indoor_setpoint_c - step.air_per_w * missing_w) /
        (step.air_per_mass[0] + step.air_per_mass[1]);
    const auto mass_k = static_cast<float>(std::min(0.0, deviation_k));
    state.heat.outer_mass_k[block] = mass_k;
    state.heat.inner_mass_k[block] = mass_k;
    state.heat.indoor_c[block] = static_cast<float>(zone.value);
    heat::GroupActivity& activity = state.heat.group_activity[group_of(model, block)];
    activity = std::max(activity, heat::GroupActivity::thermal);
  }
}

void drain_homes(const Model& model, const Luck& luck, const std::vector<std::uint32_t>& block_zone,
                 const ZoneValue& zone, State& state) {
  struct Candidate {
    bool heated;
    double key;
    std::size_t block;
  };
  std::vector<Candidate> candidates;
  double left = zone.value;
  for (std::size_t block = 0; block < block_zone.size(); ++block) {
    if (block_zone[block] != zone.zone ||
        model.heat.block_heating[block] != heat::Heating::district) {
      continue;
    }
    if (state.heat.phase[block] == heat::BlockPhase::drained) {
      left -= model.heat.block_buildings[block];
    } else {
      candidates.push_back(
          {state.heat.delivered_share[block] >= kHeatMinimumShare,
           luck.uniform({model.heat.block_name_hash[block], Purpose::drain_order, 0}), block});
    }
  }
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return a.heated != b.heated ? !a.heated : (a.key != b.key ? a.key < b.key : a.block < b.block);
  });
  for (const Candidate& candidate : candidates) {
    const std::uint32_t buildings = model.heat.block_buildings[candidate.block];
    if (left < 0.5 * buildings) {
      break;  // blocks are whole: closer without it
    }
    left -= buildings;
    const std::uint32_t node = model.heat.block_node[candidate.block];
    state.heat.phase[candidate.block] = heat::BlockPhase::drained;
    state.heat.phase_since[candidate.block] = state.now;
    state.heat.phase_until[candidate.block] = kNever;
    state.heat.delivered_share[candidate.block] = 0.0F;
    if (state.heat.node_lost_at[node] == kNever) {
      state.heat.node_refill_base[node] += buildings;  // heat is there: refilling may begin
    }
    state.heat.group_activity[node] = heat::GroupActivity::general;
  }
}

}  // namespace wintergrid::plan
