// Rollout of a list schedule. With J the jobs of the future, h the households behind a job and C
// its completion under the base policy after a first choice j,
//
//   cost(j) = sum over i in J of h_i * (C_i - now) [household-seconds];   the least is taken.
//
// Source: D. Bertsekas, J. Tsitsiklis, C. Wu, Rollout algorithms for combinatorial optimization,
// Journal of Heuristics 3, 1997: where the base policy is a greedy rule and the future is as
// foreseen, the rollout is never worse than its base.

#include "grid_models/recovery/lookahead.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "grid_models/core/contract.hpp"

namespace wintergrid::recovery {
namespace {

struct FutureJob {
  std::uint32_t index = 0;  ///< into PolicyView::jobs
  double rate = 0.0;        ///< of the base policy, for the crew that chooses
  Seconds released = 0;
  Seconds work = 0;
  ZoneId zone;
  double households = 0.0;
  bool takeable = false;  ///< a candidate of the present decision
};

struct FutureCrew {
  ZoneId zone;
  Seconds free_at = 0;
};

/// The jobs and crews of the future, best and first first.
struct Future {
  std::array<FutureJob, Lookahead::kMostJobs> jobs{};
  std::size_t job_count = 0;
  std::array<FutureCrew, Lookahead::kMostCrews> crews{};
  std::size_t crew_count = 0;
};

/// Keeps the array sorted by `before` and drops what does not fit.
template <class Item, std::size_t Most, class Before>
void insert_sorted(std::array<Item, Most>& items, std::size_t& count, const Item& item,
                   Before before) {
  const auto end = items.begin() + static_cast<std::ptrdiff_t>(count);
  const auto place = std::upper_bound(items.begin(), end, item, before);
  if (place == items.end()) {
    return;
  }
  const auto last = count < Most ? end : end - 1;
  std::move_backward(place, last, last + 1);
  *place = item;
  count += count < Most ? 1 : 0;
}

void add_jobs(const PolicyView& view, std::span<const std::uint32_t> candidates, Future& future) {
  const CrewType type = view.jobs[candidates.front()].crew;
  for (std::uint32_t index = 0; index < view.jobs.size(); ++index) {
    const Job& job = view.jobs[index];
    if (job.crew != type || !is_waiting(job) || !restores_supply(job)) {
      continue;
    }
    const bool takeable = std::binary_search(candidates.begin(), candidates.end(), index);
    const bool waits_for_spare =
        job.stage == JobStage::waiting_permanent && job.work.spare_units > 0;
    if (!takeable && waits_for_spare) {
      continue;
    }
    const FutureJob item{
        .index = index,
        .rate = households_per_crew_second(view, job, view.crew_zone),
        .released = takeable ? view.now : std::max(view.now, job.not_before),
        .work = shared_work_seconds(job, view.duration_factor, 1),
        .zone = view.components->zone[job.component.index()],
        .households = static_cast<double>(view.model->component_households[job.component.index()]),
        .takeable = takeable};
    insert_sorted(future.jobs, future.job_count, item,
                  [](const FutureJob& one, const FutureJob& other) {
                    return one.takeable != other.takeable ? one.takeable : one.rate > other.rate;
                  });
  }
}

/// The first of view.crews that is free and stands in view.crew_zone chooses; which of several does
/// not matter.
void add_crews(const PolicyView& view, Future& future) {
  bool chooser_found = false;
  for (const CrewState& crew : view.crews) {
    const bool chooses = !chooser_found && crew.busy_until == 0 && crew.zone == view.crew_zone;
    chooser_found = chooser_found || chooses;
    if (!chooses) {
      insert_sorted(future.crews, future.crew_count,
                    FutureCrew{crew.zone, std::max(view.now, crew.busy_until)},
                    [](const FutureCrew& one, const FutureCrew& other) {
                      return one.free_at < other.free_at;
                    });
    }
  }
  // The chooser stands in front: it moves now.
  const std::size_t kept = std::min(future.crew_count, Lookahead::kMostCrews - 1);
  std::move_backward(future.crews.begin(), future.crews.begin() + static_cast<std::ptrdiff_t>(kept),
                     future.crews.begin() + static_cast<std::ptrdiff_t>(kept) + 1);
  future.crews[0] = {view.crew_zone, view.now};
  future.crew_count = kept + 1;
}

class Rollout {
 public:
  Rollout(const PolicyView& view, const Future& future) : view_(view), future_(future) {}

  /// Household-seconds until all jobs are done if the first crew takes job `first`; stops beyond
  /// `bound`.
  double cost(std::size_t first, double bound) {
    done_.fill(false);
    crews_ = future_.crews;
    double sum = serve(0, first);
    for (std::size_t served = 1; served < future_.job_count && sum < bound; ++served) {
      const std::size_t crew = next_crew();
      sum += serve(crew, base_choice(crews_[crew]));
    }
    return sum;
  }

 private:
  std::size_t next_crew() const {
    std::size_t next = 0;
    for (std::size_t crew = 1; crew < future_.crew_count; ++crew) {
      next = crews_[crew].free_at < crews_[next].free_at ? crew : next;
    }
    return next;
  }

  /// Of the jobs that the crew may take when it is free, or else of those released first.
  std::size_t base_choice(const FutureCrew& crew) const {
    std::size_t best = future_.job_count;
    Seconds best_from = kNever;
    double best_rate = 0.0;
    for (std::size_t i = 0; i < future_.job_count; ++i) {
      if (done_[i]) {
        continue;
      }
      const FutureJob& job = future_.jobs[i];
      const Seconds from = std::max(crew.free_at, job.released);
      if (best < future_.job_count && from > best_from) {
        continue;
      }
      const double rate = households_per_crew_second(view_, view_.jobs[job.index], crew.zone);
      const bool better = best == future_.job_count || from < best_from || rate > best_rate ||
                          (rate == best_rate && job.index < future_.jobs[best].index);
      if (better) {
        best = i;
        best_from = from;
        best_rate = rate;
      }
    }
    return best;
  }

  double serve(std::size_t crew, std::size_t job) {
    const FutureJob& item = future_.jobs[job];
    FutureCrew& server = crews_[crew];
    const Seconds travel = travel_seconds(*view_.model, *view_.zones, server.zone, item.zone);
    const Seconds begun = std::max(server.free_at, item.released);
    server.free_at = std::min(kNever, begun + std::max<Seconds>(1, travel + item.work));
    server.zone = item.zone;
    done_[job] = true;
    return item.households * static_cast<double>(server.free_at - view_.now);
  }

  const PolicyView& view_;
  const Future& future_;
  std::array<bool, Lookahead::kMostJobs> done_{};
  std::array<FutureCrew, Lookahead::kMostCrews> crews_{};
};

}  // namespace

std::size_t Lookahead::choose(const PolicyView& view,
                              std::span<const std::uint32_t> candidates) const {
  WG_EXPECT(!candidates.empty());
  Future future;
  add_jobs(view, candidates, future);
  if (future.job_count == 0 || !future.jobs[0].takeable) {
    return policy(PolicyKind::households_per_crew_hour).choose(view, candidates);
  }
  add_crews(view, future);
  Rollout rollout(view, future);
  std::size_t best = 0;
  double best_cost = rollout.cost(0, std::numeric_limits<double>::infinity());
  const std::size_t tried = std::min(kMostTried, future.job_count);
  for (std::size_t i = 1; i < tried && future.jobs[i].takeable; ++i) {
    const double cost = rollout.cost(i, best_cost);
    if (cost < best_cost) {
      best = i;
      best_cost = cost;
    }
  }
  return future.jobs[best].index;
}

}  // namespace wintergrid::recovery
