#pragma once
// A made or imported scenario into a folder, ready to run.

#include <string>

#include "engine/cli/commands.hpp"
#include "engine/scenario/scenario.hpp"

namespace wintergrid::cli {

/// Writes scenario.yaml and its tables; prints what was made and the command that runs it. Returns
/// an exit code.
int write_scenario(const scenario::Scenario& scenario, const std::string& folder, bool force,
                   const CommonArguments& common);

}  // namespace wintergrid::cli
