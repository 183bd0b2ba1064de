#pragma once
// The options of `wintergrid solve`.

#include <functional>
#include <string>

#include "engine/cli/commands.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): the name is the library's
class App;
}

namespace wintergrid::cli {

/// For options of real numbers; the library's own range lets `nan` through. Empty, or what is
/// wrong.
std::function<std::string(const std::string&)> number_between(double low, double high);

struct SolveArguments {
  SolvePowerArguments power;
  SolveHeatArguments heat;
  SolveWaterArguments water;
  std::string pumps_off_at;  ///< as typed
};

/// Adds the subcommand; what it is told goes to `arguments`, what is to be done to `chosen`. All
/// three must outlive `app`.
void add_solve(CLI::App& app, SolveArguments& arguments, CommonArguments& common,
               std::function<int()>& chosen);

}  // namespace wintergrid::cli
