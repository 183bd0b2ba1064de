#pragma once
// The options of `wintergrid plan`.

#include <functional>

#include "engine/cli/commands.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): the name is the library's
class App;
}

namespace wintergrid::cli {

/// Adds the subcommand; what it is told goes to `arguments`, what is to be done to `chosen`. All
/// three must outlive `app`.
void add_plan(CLI::App& app, PlanArguments& arguments, CommonArguments& common,
              std::function<int()>& chosen);

}  // namespace wintergrid::cli
