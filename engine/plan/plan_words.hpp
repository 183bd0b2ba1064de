#pragma once
// Words and figures that the files and the terminal share.

#include <string>
#include <vector>

#include "engine/plan/plan.hpp"

namespace wintergrid::plan {

/// "restore" (its end brings the component back) or "permanent" (behind a temporary fix).
std::string stage_word(const Dispatch& dispatch);
/// Share of the plan's loss that lies above the lower bound.
double gap_of(const Plan& plan);
/// What was assumed, in sentences.
std::vector<std::string> assumptions_of(const Situation& situation, const Plan& plan);

}  // namespace wintergrid::plan
