#pragma once
// From traces to what people read: times, gains, robustness.

#include <vector>

#include "engine/plan/plan.hpp"

namespace wintergrid::plan {

/// The same order where it matters (within each crew type), types merged by when crews get to a
/// job: place within the type over crews of the type; then more households behind first.
Order canonical(const Evaluator& evaluator, const Order& order);

std::array<std::vector<Band>, kServiceCount> bands_by_hour(const std::vector<Trace>& traces);

/// Futures in which what a job brings back is simulated: the first of those that judge.
std::size_t gain_futures(const Evaluator& judges);

/// Fills jobs, visits and the median future. Simulates, for each job, that nobody ever does it.
void describe_jobs(Evaluator& judges, const std::vector<Trace>& traces,
                   const std::vector<Trial>& trials, const recovery::Policy& policy, Plan& plan);

/// Resamples the futures of the search (bootstrap, Efron 1979), takes the best of the lists that
/// were simulated in all of them each time, and counts how often each of the plan's first three of
/// a crew type is among that list's first three of the type.
void robustness(const Situation& situation, Plan& plan);

void describe_counts(const Evaluator& judges, const std::vector<CountCauses>& causes, Plan& plan);

}  // namespace wintergrid::plan
