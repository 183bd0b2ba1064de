#include "engine/plan/order.hpp"

#include <algorithm>
#include <tuple>

namespace wintergrid::plan {

ListOrder::ListOrder(const std::vector<ComponentId>& list, std::size_t components)
    : rank_(components, UINT32_MAX) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    rank_[list[i].index()] = static_cast<std::uint32_t>(i);
  }
}

std::size_t ListOrder::choose(const recovery::PolicyView& view,
                              std::span<const std::uint32_t> candidates) const {
  const auto key = [&](std::uint32_t index) {
    const recovery::Job& job = view.jobs[index];
    return std::make_tuple(!recovery::restores_supply(job), rank_[job.component.index()], index);
  };
  return *std::min_element(candidates.begin(), candidates.end(),
                           [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
}

std::size_t EstimatedOrder::choose(const recovery::PolicyView& view,
                                   std::span<const std::uint32_t> candidates) const {
  std::vector<recovery::Job> jobs(view.jobs.begin(), view.jobs.end());
  for (recovery::Job& job : jobs) {
    const recovery::RepairWork& estimate = (*work_)[job.component.index()];
    if (job.work.temporary_seconds > 0 && estimate.temporary_seconds > 0) {
      job.work.temporary_seconds = estimate.temporary_seconds;
    }
    if (job.work.permanent_seconds > 0 && estimate.permanent_seconds > 0) {
      job.work.permanent_seconds = estimate.permanent_seconds;
    }
  }
  recovery::PolicyView known = view;
  known.jobs = jobs;
  return policy_->choose(known, candidates);
}

// Times as Recovery will find them: recovery.cpp.
std::size_t NotedOrder::choose(const recovery::PolicyView& view,
                               std::span<const std::uint32_t> candidates) const {
  const std::size_t chosen = policy_->choose(view, candidates);
  const recovery::Job& job = view.jobs[chosen];
  const auto type = static_cast<std::size_t>(job.crew);
  const recovery::Model& model = *view.model;
  const ZoneId site = view.components->zone[job.component.index()];
  Dispatch note;
  note.component = job.component;
  note.type = job.crew;
  note.restores = recovery::restores_supply(job);
  note.crews = 0;
  Seconds travel = 0;
  for (std::size_t crew = 0; crew < view.crews.size() && note.crews < model.team[type].maximum;
       ++crew) {
    if (view.crews[crew].busy_until != 0) {
      continue;
    }
    note.crew = note.crews == 0 ? static_cast<std::uint16_t>(crew) : note.crew;
    ++note.crews;
    travel =
        std::max(travel, recovery::travel_seconds(model, *view.zones, view.crews[crew].zone, site));
  }
  const Seconds work = recovery::shared_work_seconds(job, view.duration_factor, note.crews);
  const recovery::ShiftClock clock(model.shift[type], model.local_time_at_start);
  note.sets_out = view.now;
  note.begins = clock.end_of_work(view.now, travel);
  note.ends = clock.end_of_work(view.now, std::max<Seconds>(1, travel + work));
  notes_->push_back(note);
  return chosen;
}

}  // namespace wintergrid::plan
