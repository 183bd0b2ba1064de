#pragma once
// Makes a scenario begin at another moment, with today's crews and spares.

#include <cstdint>
#include <string>

#include "engine/plan/today.hpp"
#include "engine/scenario/scenario.hpp"
#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::plan {

/// The scenario begins `hours` later (or earlier): what it says of times moves along. An error (of
/// the file `today`) if its weather file does not reach there.
void move_start(scenario::Scenario& scenario, const std::string& today, std::int64_t hours,
                Diagnostics& diagnostics);
/// Its start: the local civil time of `moment`, `hours` earlier.
void set_start(scenario::Scenario& scenario, const std::string& moment, std::int64_t hours);
void set_crews_and_spares(const Today& today, scenario::Scenario& scenario);

}  // namespace wintergrid::plan
