#pragma once
// The plan: what the search found, judged on futures it has not seen, with its bound, timetable,
// what each job brings back, and how robust its beginning is.

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/montecarlo/estimate.hpp"
#include "engine/plan/search.hpp"

namespace wintergrid::plan {

struct PlanOptions {
  std::uint64_t futures = 16;   ///< of the search; the plan is judged on twice as many others
  std::uint64_t budget = 1500;  ///< simulated futures of the search
  int threads = 0;
  /// Whether the search ends: asked with the futures that it simulated and those still to simulate
  /// afterwards.
  std::function<bool(std::uint64_t simulated, std::uint64_t afterwards)> stop;
  /// Once it is set, make_plan throws Interrupted within a step of a future: no plan. Null: never.
  const std::atomic<bool>* interrupt = nullptr;
  std::optional<std::pair<ComponentId, std::size_t>> move;  ///< a job, and its place from 0
};

struct Band {
  double p10 = 0, p50 = 0, p90 = 0;  ///< over futures
};

/// Loss of one order on the futures that judge.
struct Judged {
  std::string name;
  montecarlo::Estimate total;                               ///< J
  std::array<double, kServiceCount> hours{}, beyond_24h{};  ///< means
  double degree_hours = 0.0;
  std::vector<double> loss;  ///< J by future
};

struct StageTimes {
  double share = 0.0;  ///< of futures in which it is begun before the horizon
  Band begins, ends;   ///< hours from the moment; of those futures
};

struct PlannedJob {
  ComponentId component;
  std::size_t position = 0;  ///< in the list, from 1
  double probability = 1.0;  ///< share of futures in which there is a job
  double damaged = 1.0;      ///< share in which it is damaged, not only inspected
  bool under_way = false;
  StageTimes restoring, permanent;  ///< permanent: behind a temporary fix
  /// Paired with the same futures in which nobody ever does it: what is lost more then.
  montecarlo::Paired saves;  ///< J; below 0 where its crew is missed elsewhere
  std::array<double, kServiceCount> saves_hours{};  ///< household-hours
  /// Households with the service thanks to it, mean over the 24 h after it is done.
  std::array<double, kServiceCount> returned{};
  bool first_three = false;        ///< of its crew type
  double stays_first_three = 0.0;  ///< share of resampled ensembles
};

/// A stage in the median future.
struct Visit {
  Dispatch dispatch;
  ComponentId component;
};

struct Plan {
  Order order;                   ///< every possible job
  std::string rule;              ///< "list", or the policy that is better than any list found
  std::vector<PlannedJob> jobs;  ///< in the order of the list
  std::vector<Visit> visits;     ///< by type, crew, time; in the median future
  SearchResult search;
  std::vector<Judged> judged;         ///< plan, first_come, best policy, lower bound
  montecarlo::Paired saving;          ///< first_come less plan
  montecarlo::Paired policy_saving;   ///< best policy less plan
  std::uint64_t bound_undercut = 0;   ///< futures in which the plan lost less than the bound
  double bound_undercut_share = 0.0;  ///< largest, of the bound
  std::uint64_t median_future = 0;
  std::optional<Judged> moved;
  montecarlo::Paired move_cost;  ///< moved less plan
  std::array<montecarlo::Paired, kServiceCount> move_cost_hours;
  /// Median households off by hour from the moment: plan, first_come.
  std::array<std::vector<Band>, kServiceCount> off_plan, off_first_come;
  std::vector<Band> counted, inside;  ///< by count
  std::vector<std::vector<std::pair<ComponentId, double>>>
      explained;  ///< by count: share of futures
  std::uint64_t futures_judged = 0, simulated = 0;

  const Judged& of(std::string_view name) const;
};

/// Throws Interrupted.
Plan make_plan(const Situation& situation, const PlanOptions& options);

}  // namespace wintergrid::plan
