// Dispatch of crews to jobs: list scheduling with release times, travel and spares, driven by
// events.
//
//   travel       = 3600 * road_km(crew zone, component zone) / travel_km_per_h [s], rounded
//   stage_ends   = now + max(1, travel + duration_factor * work of the stage) [s], rounded
//   stock_reaches(n) = 0 if stock >= n, else spare_next + (n - stock - 1) * resupply interval [s]
//   takeable_at  = max(not_before, min(stock_reaches(n), max(spare_arrives, stock_reaches(n -
//   reserved))))
//
// n are the spare units that the stage needs (0 for a temporary stage). A stage takes at least a
// second, so that time passes in every loop over events. The scheme (agents of one trade with a
// home base, straight-line travel at a speed, temporary before permanent fixes, priorities) follows
// the restoration model of REWET (snaeimi/REWET, restoration plan files).

#include "grid_models/recovery/recovery.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "grid_models/core/contract.hpp"

namespace wintergrid::recovery {

namespace {

Seconds scaled(Seconds work_seconds, double duration_factor) {
  const double product = static_cast<double>(work_seconds) * duration_factor;
  // Capped: work that never ends must not overflow the conversion.
  return product < static_cast<double>(kNever) ? std::llround(product) : kNever;
}

JobStage first_stage(const RepairWork& work) {
  return work.temporary_seconds > 0 ? JobStage::waiting_temporary : JobStage::waiting_permanent;
}

std::uint8_t units_needed(const Job& job) {
  const bool permanent =
      job.stage == JobStage::waiting_permanent || job.stage == JobStage::permanent;
  return permanent && job.work.spare != kNoSpare ? job.work.spare_units : std::uint8_t{0};
}

/// The longer work of two hits on one component. Work without a temporary fix means that there can
/// be none at that damage: if that is the worse hit (the longer permanent work), there is none for
/// both.
RepairWork longer_work(const RepairWork& one, const RepairWork& other) {
  const auto rules_out_temporary = [](const RepairWork& work, const RepairWork& against) {
    return work.temporary_seconds == 0 && work.permanent_seconds >= against.permanent_seconds;
  };
  RepairWork result;
  if (!rules_out_temporary(one, other) && !rules_out_temporary(other, one)) {
    result.temporary_seconds = std::max(one.temporary_seconds, other.temporary_seconds);
  }
  result.permanent_seconds = std::max(one.permanent_seconds, other.permanent_seconds);
  WG_EXPECT(one.spare == kNoSpare || other.spare == kNoSpare || one.spare == other.spare);
  result.spare = one.spare != kNoSpare ? one.spare : other.spare;
  result.spare_units = std::max(one.spare_units, other.spare_units);
  return result;
}

void release_crew(State& state, Job& job, Seconds left_at) {
  state.crew_seconds_worked += left_at - job.stage_began;
  state.crews[job.crew_index].busy_until = 0;
  job.crew_index = UINT16_MAX;
  job.stage_began = kNever;
  job.stage_ends = kNever;
}

}  // namespace

Recovery::Recovery(const Model& model, const ComponentTable& components, const ZoneTable& zones)
    : model_(&model), components_(&components), zones_(&zones) {
  WG_CHECK(model.travel_km_per_h > 0.0, "travel speed");
  const std::size_t spare_types = model.spare_stock.size();
  WG_CHECK(spare_types < kNoSpare && model.spare_resupply_seconds.size() == spare_types &&
               model.spare_lead_seconds.size() == spare_types,
           "stock, resupply and lead time have one entry per spare type");
  for (std::size_t spare = 0; spare < spare_types; ++spare) {
    WG_CHECK(model.spare_resupply_seconds[spare] > 0 && model.spare_lead_seconds[spare] >= 0,
             "resupply interval and lead time");
  }
  WG_CHECK(model.component_households.size() == components.count() &&
               model.component_critical.size() == components.count() &&
               model.priority_rank.size() == components.count(),
           "households, critical and rank have one entry per component");
  for (std::size_t type = 0; type < kCrewTypeCount; ++type) {
    WG_CHECK(model.crews[type] == 0 ||
                 (model.base_zone[type].valid() && model.base_zone[type].index() < zones.count()),
             "crews need a base zone");
    first_crew_[type + 1] = first_crew_[type] + model.crews[type];
  }
  WG_CHECK(first_crew_.back() < UINT16_MAX, "number of crews");
  candidates_.reserve(components.count());
  finished_.reserve(components.count());
}

State Recovery::initial_state() const {
  State state;
  state.jobs.reserve(components_->count());
  state.crews.reserve(first_crew_.back());
  for (std::size_t type = 0; type < kCrewTypeCount; ++type) {
    const CrewState at_base{.zone = model_->base_zone[type], .busy_until = 0};
    state.crews.insert(state.crews.end(), model_->crews[type], at_base);
  }
  state.spare_stock = model_->spare_stock;
  state.spare_next = model_->spare_resupply_seconds;
  return state;
}

void Recovery::hit(State& state, const Parameters& parameters, Seconds now, ComponentId component,
                   const RepairWork& work) const {
  WG_EXPECT(component.valid() && component.index() < components_->count());
  WG_EXPECT(work.temporary_seconds >= 0 && work.permanent_seconds >= 0 &&
            work.temporary_seconds + work.permanent_seconds > 0);
  WG_EXPECT(work.spare_units == 0 || work.spare < model_->spare_stock.size());
  WG_EXPECT(state.jobs.empty() || state.jobs.back().opened_at <= now);
  const Seconds not_before = now + seconds_from_hours(parameters.hold_off_hours);
  state.next_event = std::min(state.next_event, now);

  const auto open = std::find_if(state.jobs.begin(), state.jobs.end(),
                                 [&](const Job& job) { return job.component == component; });
  if (open == state.jobs.end()) {
    Job job;
    job.component = component;
    job.crew = crew_type_of(components_->asset_class[component.index()]);
    job.stage = first_stage(work);
    job.opened_at = now;
    job.not_before = not_before;
    job.work = work;
    // Kept in order of component within a moment, so that the order of calls does not matter.
    auto place = state.jobs.end();
    while (place != state.jobs.begin() && std::prev(place)->opened_at == now &&
           component < std::prev(place)->component) {
      --place;
    }
    state.jobs.insert(place, job);
    return;
  }

  if (!is_waiting(*open)) {
    release_crew(state, *open, std::min(now, open->stage_ends));
  }
  open->work = longer_work(open->work, work);
  open->stage = first_stage(open->work);
  open->not_before = not_before;
}

void Recovery::advance(State& state, const Parameters& parameters, const Policy& policy,
                       Seconds now, std::vector<Repaired>& repaired) {
  receive_spares(state, now);
  // Before the next event no stage has ended and nothing has become takeable (stock is part of it).
  if (now < state.next_event) {
    return;
  }
  finish_stages(state, now, repaired);
  order_spares(state, now);
  assign_crews(state, parameters, policy, now);
  state.next_event = find_next_event(state);
}

Seconds Recovery::find_next_event(const State& state) const {
  std::array<bool, kCrewTypeCount> has_free_crew{};
  for (std::size_t type = 0; type < kCrewTypeCount; ++type) {
    for (std::size_t crew = first_crew_[type]; crew < first_crew_[type + 1]; ++crew) {
      has_free_crew[type] = has_free_crew[type] || state.crews[crew].busy_until == 0;
    }
  }
  Seconds next = kNever;
  for (const Job& job : state.jobs) {
    if (!is_waiting(job)) {
      next = std::min(next, job.stage_ends);
    } else if (has_free_crew[static_cast<std::size_t>(job.crew)]) {
      // While all crews of the type are busy nothing can start, and the end of a stage is the next
      // event anyway.
      next = std::min(next, takeable_at(state, job));
    }
  }
  return next;
}

void Recovery::receive_spares(State& state, Seconds now) const {
  for (std::size_t spare = 0; spare < state.spare_stock.size(); ++spare) {
    if (state.spare_next[spare] > now) {
      continue;
    }
    const Seconds interval = model_->spare_resupply_seconds[spare];
    const Seconds units = 1 + (now - state.spare_next[spare]) / interval;
    state.spare_stock[spare] += static_cast<std::uint32_t>(units);
    state.spare_next[spare] += units * interval;
  }
}

void Recovery::finish_stages(State& state, Seconds now, std::vector<Repaired>& repaired) {
  finished_.clear();
  for (std::size_t index = 0; index < state.jobs.size(); ++index) {
    if (state.jobs[index].stage_ends <= now) {
      finished_.push_back(static_cast<std::uint32_t>(index));
    }
  }
  if (finished_.empty()) {
    return;
  }
  std::sort(finished_.begin(), finished_.end(), [&](std::uint32_t left, std::uint32_t right) {
    const Job& one = state.jobs[left];
    const Job& other = state.jobs[right];
    return one.stage_ends != other.stage_ends ? one.stage_ends < other.stage_ends
                                              : one.component < other.component;
  });
  for (const std::uint32_t index : finished_) {
    Job& job = state.jobs[index];
    const bool fix_holds = job.stage == JobStage::temporary && job.work.permanent_seconds > 0;
    release_crew(state, job, job.stage_ends);
    job.stage = fix_holds ? JobStage::waiting_permanent : JobStage::done;
    state.jobs_done += fix_holds ? 0 : 1;
    repaired.push_back({.component = job.component, .permanent = !fix_holds});
  }
  std::erase_if(state.jobs, [](const Job& job) { return job.stage == JobStage::done; });
}

// The order goes out as soon as the permanent stage is next and stock cannot supply it: a desk
// needs no access to the site, so the hold-off does not delay it. Stock that is enough for each of
// several jobs but not for all is not foreseen: the later ones order when it is gone.
void Recovery::order_spares(State& state, Seconds now) const {
  for (Job& job : state.jobs) {
    if (job.stage != JobStage::waiting_permanent) {
      continue;
    }
    const std::uint8_t needed = units_needed(job);
    if (needed > 0 && state.spare_stock[job.work.spare] + job.spare_reserved < needed) {
      const Seconds lead = model_->spare_lead_seconds[job.work.spare];
      job.spare_reserved = needed;
      job.spare_arrives = lead >= kNever ? kNever : now + lead;
    }
  }
}

// One pass is enough: what an earlier crew could not take does not become takeable by what a later
// crew takes.
void Recovery::assign_crews(State& state, const Parameters& parameters, const Policy& policy,
                            Seconds now) {
  const PolicyView view{.model = model_, .components = components_, .jobs = state.jobs, .now = now};
  for (std::size_t type = 0; type < kCrewTypeCount; ++type) {
    for (std::size_t crew = first_crew_[type]; crew < first_crew_[type + 1]; ++crew) {
      if (state.crews[crew].busy_until != 0) {
        continue;
      }
      gather_candidates(state, static_cast<CrewType>(type), now);
      if (candidates_.empty()) {
        break;
      }
      const std::size_t chosen = policy.choose(view, candidates_);
      WG_EXPECT(std::find(candidates_.begin(), candidates_.end(), chosen) != candidates_.end());
      start_stage(state, parameters, now, chosen, crew);
    }
  }
}

void Recovery::start_stage(State& state, const Parameters& parameters, Seconds now,
                           std::size_t job_index, std::size_t crew_index) const {
  Job& job = state.jobs[job_index];
  CrewState& crew = state.crews[crew_index];
  const std::uint8_t needed = units_needed(job);
  if (needed > 0) {
    // Units that were ordered for this job go first. An order still under way is cancelled: stock
    // was there before it.
    const std::uint8_t delivered = job.spare_arrives <= now ? job.spare_reserved : std::uint8_t{0};
    WG_EXPECT(delivered <= needed);
    state.spare_stock[job.work.spare] -= static_cast<std::uint32_t>(needed - delivered);
    job.spare_reserved = 0;
    job.spare_arrives = kNever;
  }

  const ZoneId site = components_->zone[job.component.index()];
  const Seconds travel =
      seconds_from_hours(zones_->road_km(crew.zone, site) / model_->travel_km_per_h);
  const Seconds busy = travel + scaled(stage_work_seconds(job), parameters.duration_factor);
  job.stage = job.stage == JobStage::waiting_temporary ? JobStage::temporary : JobStage::permanent;
  job.stage_began = now;
  job.stage_ends = now + std::max<Seconds>(1, busy);
  job.crew_index = static_cast<std::uint16_t>(crew_index);
  crew.zone = site;
  crew.busy_until = job.stage_ends;
  if (needed > 0) {
    order_spares(state, now);  // the unit taken may have been the last
  }
}

void Recovery::gather_candidates(const State& state, CrewType type, Seconds now) {
  candidates_.clear();
  for (std::size_t index = 0; index < state.jobs.size(); ++index) {
    const Job& job = state.jobs[index];
    if (job.crew == type && is_waiting(job) && takeable_at(state, job) <= now) {
      candidates_.push_back(static_cast<std::uint32_t>(index));
    }
  }
}

Seconds Recovery::stock_reaches(const State& state, std::uint8_t spare, std::uint32_t units) const {
  const std::uint32_t stock = state.spare_stock[spare];
  if (stock >= units) {
    return 0;
  }
  const Seconds interval = model_->spare_resupply_seconds[spare];
  if (interval >= kNever) {
    return kNever;
  }
  return state.spare_next[spare] + static_cast<Seconds>(units - stock - 1) * interval;
}

Seconds Recovery::takeable_at(const State& state, const Job& job) const {
  const std::uint32_t needed = units_needed(job);
  if (needed == 0) {
    return job.not_before;
  }
  const Seconds from_stock = stock_reaches(state, job.work.spare, needed);
  const std::uint32_t not_ordered = needed - std::min<std::uint32_t>(needed, job.spare_reserved);
  const Seconds with_order =
      std::max(job.spare_arrives, stock_reaches(state, job.work.spare, not_ordered));
  return std::max(job.not_before, std::min(from_stock, with_order));
}

}  // namespace wintergrid::recovery
