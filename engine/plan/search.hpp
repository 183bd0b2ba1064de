#pragma once
// The order that loses least: the best of all policies, then local search on a priority list with
// the simulator in the loop.

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/plan/evaluator.hpp"
#include "grid_models/recovery/policy.hpp"

namespace wintergrid::plan {

using Order = std::vector<ComponentId>;

struct SearchOptions {
  std::uint64_t budget = 6000;  ///< simulated futures, those of the policies included
  /// Asked between rounds with the futures simulated so far; true: end with the best so far.
  std::function<bool(std::uint64_t simulated)> stop;
};

/// A policy, with estimated durations, on the search's futures, and the list of jobs in the order
/// in which it began them.
struct PolicyResult {
  recovery::PolicyKind kind{};
  double loss = 0.0;  ///< mean
  Order order;
  double order_loss = 0.0;  ///< of that list as a fixed order
};

/// A list that was simulated in every future of the search.
struct Candidate {
  Order order;
  std::vector<double> loss;  ///< by future
  double mean = 0.0;
};

struct SearchResult {
  std::vector<PolicyResult> policies;
  std::vector<Candidate> candidates;  ///< best first, at most kMostKept
  std::uint64_t simulated = 0;
  std::uint64_t moves_tried = 0, moves_taken = 0;
  bool stopped = false;  ///< told to stop
  /// By crew type: more jobs than crews in some future, so that their order matters.
  std::array<bool, kCrewTypeCount> contested{};
  bool local_best = false;  ///< no insertion or swap of the final list is better: all were tried
};
inline constexpr std::size_t kMostKept = 200;

/// What can be known of each component's work beforehand: medians over the futures, by component.
std::vector<recovery::RepairWork> estimated_work(const Evaluator& evaluator);

/// Every component that has a job in some future, by component.
std::vector<ComponentId> jobs_of(const Evaluator& evaluator);

/// Deterministic for a budget that is not cut short. Moves: one job is inserted elsewhere among
/// those of its crew type, or two are swapped. All moves are tried in random order; a candidate
/// meets futures in blocks and drops out as soon as the paired difference to the best is clearly
/// for the worse (racing); it replaces the best if it is better in the mean over all futures.
SearchResult search(Evaluator& evaluator, const SearchOptions& options);

/// `job` at position (from 0) of the list, the others in their order.
Order moved(const Order& order, ComponentId job, std::size_t position);

}  // namespace wintergrid::plan
