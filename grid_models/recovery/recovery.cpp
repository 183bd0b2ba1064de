// Dispatch of crews to jobs: list scheduling with release times, travel and spares, driven by
// events.
//
//   travel       = 3600 * road_km(crew zone, component zone) / travel_km_per_h [s], rounded; of the
//                  crew that has farthest to go
//   stage_ends   = now + max(1, travel + duration_factor * work of the stage / crews) [s], rounded,
//                  on the clock of the crews' shift (shift_clock.hpp), which an alert stops
//   stock_reaches(n) = 0 if stock >= n, else spare_next + (n - stock - 1) * resupply interval [s]
//   takeable_at  = on shift from max(a given time, not_before, end of the alert,
//   min(stock_reaches(n),
//                  max(spare_arrives, stock_reaches(n - reserved))))
//
// n are the spare units that the stage needs (0 for a temporary stage). A stage takes at least a
// second, so that time passes in every loop over events. The scheme (agents of one trade with a
// home base, straight-line travel at a speed, temporary before permanent fixes, priorities) follows
// the restoration model of REWET (snaeimi/REWET, restoration plan files).

#include "grid_models/recovery/recovery.hpp"

#include <algorithm>
#include <iterator>
#include <span>

#include "grid_models/core/contract.hpp"

namespace wintergrid::recovery {

namespace {

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

/// Of the crews of one type: calls function(crew) for those at the job.
template <class Function>
void for_each_crew_at(State& state, const Job& job, Function function) {
  std::uint16_t found = 0;
  for (std::size_t crew = job.crew_index; found < job.crews; ++crew) {
    if (state.crews[crew].component == job.component) {
      function(state.crews[crew]);
      ++found;
    }
  }
}

/// Working time that the stage still needs at `time`.
Seconds seconds_left(const Job& job, const ShiftClock& clock, Seconds time) {
  return time <= job.counted_from ? job.seconds_left
                                  : job.seconds_left - clock.worked_between(job.counted_from, time);
}

void release_crews(State& state, Job& job, const ShiftClock& clock, Seconds left_at) {
  const Seconds worked = job.stage_seconds - seconds_left(job, clock, left_at);
  state.crew_seconds_worked += job.crews * worked;
  for_each_crew_at(state, job, [](CrewState& crew) {
    crew.busy_until = 0;
    crew.component = ComponentId{};
  });
  job.crew_index = UINT16_MAX;
  job.crews = 0;
  job.stage_began = kNever;
  job.stage_ends = kNever;
  job.stage_seconds = 0;
  job.counted_from = 0;
  job.seconds_left = 0;
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
  WG_CHECK(model.local_time_at_start >= 0 && model.local_time_at_start < kSecondsPerDay,
           "local time at the start");
  const auto is_zone = [&](ZoneId zone) { return zone.valid() && zone.index() < zones.count(); };
  for (std::size_t type = 0; type < kCrewTypeCount; ++type) {
    WG_CHECK(model.crews[type] == 0 || is_zone(model.base_zone[type]), "crews need a base zone");
    const Shift& shift = model.shift[type];
    WG_CHECK(shift.starts >= 0 && shift.starts < kSecondsPerDay && shift.lasts > 0 &&
                 shift.lasts <= kSecondsPerDay,
             "a shift starts within a day and lasts at most one");
    clock_[type] = ShiftClock(shift, model.local_time_at_start);
    const Team& team = model.team[type];
    WG_CHECK(team.minimum >= 1 && team.minimum <= team.maximum, "crews of a job");
    add_crews(static_cast<CrewType>(type), is_zone);
  }
  WG_CHECK(first_crew_.back() < UINT16_MAX, "number of crews");
  for (const std::uint8_t region : zones.region) {
    region_count_ = std::max(region_count_, std::size_t{region} + 1);
  }
  candidates_.reserve(components.count());
  finished_.reserve(components.count());
}

template <class IsZone>
void Recovery::add_crews(CrewType type, IsZone is_zone) {
  const auto index = static_cast<std::size_t>(type);
  crew_zone_.insert(crew_zone_.end(), model_->crews[index], model_->base_zone[index]);
  crew_from_.resize(crew_zone_.size(), 0);
  std::vector<Reinforcement> later;
  std::copy_if(model_->reinforcements.begin(), model_->reinforcements.end(),
               std::back_inserter(later), [&](const Reinforcement& r) { return r.type == type; });
  std::stable_sort(
      later.begin(), later.end(),
      [](const Reinforcement& one, const Reinforcement& other) { return one.from < other.from; });
  for (const Reinforcement& crews : later) {
    WG_CHECK(is_zone(crews.zone) && crews.from >= 0, "reinforcements need a zone and a time");
    crew_zone_.insert(crew_zone_.end(), crews.crews, crews.zone);
    crew_from_.resize(crew_zone_.size(), crews.from);
  }
  first_crew_[index + 1] = crew_zone_.size();
}

State Recovery::initial_state() const {
  State state;
  state.jobs.reserve(components_->count());
  state.crews.reserve(crew_zone_.size());
  for (const ZoneId zone : crew_zone_) {
    state.crews.push_back({.zone = zone, .busy_until = 0, .component = ComponentId{}});
  }
  state.alert_until.assign(region_count_, 0);
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
  if (parameters.alert_hours > 0.0) {
    sound_alert(state, now, components_->zone[component.index()],
                seconds_from_hours(parameters.alert_hours));
  }

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
    release_crews(state, *open, clock_of(*open), std::min(now, open->stage_ends));
  }
  open->work = longer_work(open->work, work);
  open->stage = first_stage(open->work);
  open->not_before = not_before;
}

// An alert that is on is not prolonged: it began with the first hit of the wave. What was left of a
// stage when it began is left when it ends.
void Recovery::sound_alert(State& state, Seconds now, ZoneId zone, Seconds lasts) const {
  const std::uint8_t region = zones_->region[zone.index()];
  if (state.alert_until[region] > now) {
    return;
  }
  state.alert_until[region] = now + lasts;
  for (Job& job : state.jobs) {
    if (is_waiting(job) || job.stage_ends <= now || region_of(job) != region) {
      continue;
    }
    const ShiftClock& clock = clock_of(job);
    job.seconds_left = seconds_left(job, clock, now);
    job.counted_from = state.alert_until[region];
    job.stage_ends = clock.end_of_work(job.counted_from, job.seconds_left);
    for_each_crew_at(state, job, [&](CrewState& crew) { crew.busy_until = job.stage_ends; });
  }
}

void Recovery::advance(State& state, const Parameters& parameters, const Policy& policy,
                       Seconds now, std::vector<Repaired>& repaired, NetworkView* network) {
  receive_spares(state, now);
  // Before the next event no stage has ended and nothing has become takeable (stock is part of it).
  if (now < state.next_event) {
    return;
  }
  free_sent_crews(state, now);
  finish_stages(state, now, repaired);
  order_spares(state, now);
  assign_crews(state, parameters, policy, now, network);
  state.next_event = find_next_event(state, now);
}

Seconds Recovery::find_next_event(const State& state, Seconds now) const {
  std::array<bool, kCrewTypeCount> enough_free{};
  std::array<Seconds, kCrewTypeCount> next_arrival{};
  for (std::size_t type = 0; type < kCrewTypeCount; ++type) {
    const FreeCrews free = free_crews(state, type, now);
    enough_free[type] = free.count >= model_->team[type].minimum;
    next_arrival[type] = free.next_arrival;
  }
  Seconds next = next_return(state);
  for (const Job& job : state.jobs) {
    const auto type = static_cast<std::size_t>(job.crew);
    if (!is_waiting(job)) {
      next = std::min(next, job.stage_ends);
    } else if (enough_free[type]) {
      next = std::min(next, takeable_at(state, job, now));
    } else if (next_arrival[type] < kNever) {
      // Until crews are free nothing can start, and the end of a stage is an event anyway.
      next = std::min(next, takeable_at(state, job, next_arrival[type]));
    }
  }
  return next;
}

Recovery::FreeCrews Recovery::free_crews(const State& state, std::size_t type, Seconds now) const {
  FreeCrews free;
  for (std::size_t crew = first_crew_[type]; crew < first_crew_[type + 1]; ++crew) {
    if (crew_from_[crew] > now) {
      free.next_arrival = crew_from_[crew];
      break;  // later crews come in order of arrival
    }
    ++free.come;
    if (state.crews[crew].busy_until == 0) {
      free.first = free.count == 0 ? crew : free.first;
      ++free.count;
    }
  }
  return free;
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
    release_crews(state, job, clock_of(job), job.stage_ends);
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
// crew takes. The first free crew chooses; further free ones join it where a job can use them.
void Recovery::assign_crews(State& state, const Parameters& parameters, const Policy& policy,
                            Seconds now, NetworkView* network) {
  PolicyView view;
  view.model = model_;
  view.components = components_;
  view.zones = zones_;
  view.jobs = state.jobs;
  view.now = now;
  view.duration_factor = parameters.duration_factor;
  view.network = network;
  for (std::size_t type = 0; type < kCrewTypeCount; ++type) {
    while (true) {
      const FreeCrews free = free_crews(state, type, now);
      if (free.count < model_->team[type].minimum) {
        break;
      }
      gather_candidates(state, static_cast<CrewType>(type), now);
      if (candidates_.empty()) {
        break;
      }
      view.crew_zone = state.crews[free.first].zone;
      view.crews = std::span(state.crews).subspan(first_crew_[type], free.come);
      const std::size_t chosen = policy.choose(view, candidates_);
      WG_EXPECT(std::find(candidates_.begin(), candidates_.end(), chosen) != candidates_.end());
      start_stage(state, parameters, now, chosen, free);
    }
  }
}

void Recovery::start_stage(State& state, const Parameters& parameters, Seconds now,
                           std::size_t job_index, const FreeCrews& free) const {
  Job& job = state.jobs[job_index];
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

  job.crews = std::min(free.count, model_->team[static_cast<std::size_t>(job.crew)].maximum);
  job.crew_index = static_cast<std::uint16_t>(free.first);
  const ZoneId site = components_->zone[job.component.index()];
  Seconds travel = 0;
  std::uint16_t sent = 0;
  for (std::size_t index = free.first; sent < job.crews; ++index) {
    CrewState& crew = state.crews[index];
    if (crew.busy_until == 0) {
      travel = std::max(travel, travel_seconds(*model_, *zones_, crew.zone, site));
      crew.zone = site;
      crew.component = job.component;
      ++sent;
    }
  }
  const Seconds work = shared_work_seconds(job, parameters.duration_factor, job.crews);
  job.stage = job.stage == JobStage::waiting_temporary ? JobStage::temporary : JobStage::permanent;
  job.stage_began = now;
  job.stage_seconds = std::max<Seconds>(1, travel + work);
  job.counted_from = now;
  job.seconds_left = job.stage_seconds;
  job.stage_ends = clock_of(job).end_of_work(now, job.stage_seconds);
  for_each_crew_at(state, job, [&](CrewState& crew) { crew.busy_until = job.stage_ends; });
  if (needed > 0) {
    order_spares(state, now);  // the unit taken may have been the last
  }
}

void Recovery::gather_candidates(const State& state, CrewType type, Seconds now) {
  candidates_.clear();
  for (std::size_t index = 0; index < state.jobs.size(); ++index) {
    const Job& job = state.jobs[index];
    if (job.crew == type && is_waiting(job) && takeable_at(state, job, now) <= now) {
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

Seconds Recovery::takeable_at(const State& state, const Job& job, Seconds from) const {
  const std::uint32_t needed = units_needed(job);
  const Seconds reachable = std::max({from, job.not_before, state.alert_until[region_of(job)]});
  if (needed == 0) {
    return clock_of(job).on_shift(reachable);
  }
  const Seconds from_stock = stock_reaches(state, job.work.spare, needed);
  const std::uint32_t not_ordered = needed - std::min<std::uint32_t>(needed, job.spare_reserved);
  const Seconds with_order =
      std::max(job.spare_arrives, stock_reaches(state, job.work.spare, not_ordered));
  return clock_of(job).on_shift(std::max(reachable, std::min(from_stock, with_order)));
}

const ShiftClock& Recovery::clock_of(const Job& job) const {
  return clock_[static_cast<std::size_t>(job.crew)];
}

std::uint8_t Recovery::region_of(const Job& job) const {
  return zones_->region[components_->zone[job.component.index()].index()];
}

}  // namespace wintergrid::recovery
