#pragma once
// What the bad-input cases are checked with: all the stages that look at a scenario before anything
// runs.

#include <string>

#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::bad_inputs {

/// Everything that is wrong with the scenario at `path`.
Diagnostics check(const std::string& path);

}  // namespace wintergrid::bad_inputs
