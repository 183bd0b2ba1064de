#pragma once
// A plan as files and for people.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/plan/plan.hpp"
#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::plan {

/// What produced it.
struct Provenance {
  std::string program_version;
  std::string today_file;
  std::uint64_t futures = 0, budget = 0;
  bool cut_short = false;    ///< by the clock or by a person
  std::string moved_job;     ///< as given; empty: none
  std::size_t moved_to = 0;  ///< from 1
};

std::string plan_json(const Situation& situation, const Plan& plan, const Provenance& provenance);
/// One row per stage of the median future: crew, component, times and their bands over futures.
std::string timetable_csv(const Situation& situation, const Plan& plan);
/// One row per job, in the order of the list.
std::string jobs_csv(const Situation& situation, const Plan& plan);
std::string plan_text(const Situation& situation, const Plan& plan, const Provenance& provenance);

/// Crews that a plan (the text of plan.json) has sent out before `moment` and that are not back:
/// by its median future. An error if it is none.
std::vector<Pinned> dispatched_by(const std::string& path, const std::string& text,
                                  const std::string& moment, Diagnostics& diagnostics);

}  // namespace wintergrid::plan
