#include "engine/cli/write_scenario.hpp"

#include <cstdint>
#include <cstdio>

#include <fmt/format.h>

#include "engine/cli/console.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/io/atomic_file.hpp"
#include "engine/report/terminal.hpp"
#include "engine/scenario/write.hpp"

namespace wintergrid::cli {

int write_scenario(const scenario::Scenario& scenario, const std::string& folder,
                   const CommonArguments& common) {
  const std::string problem = make_folders(folder);
  if (!problem.empty()) {
    fmt::print(stderr, "error: {}\n", problem);
    return kCannotCreate;
  }
  for (const scenario::NamedText& file : scenario::to_files(scenario)) {
    const std::string error =
        io::write_file_atomically(io::system_file_ops(), folder + "/" + file.name, file.text);
    if (!error.empty()) {
      fmt::print(stderr, "error: {}\n", error);
      return kInputOutput;
    }
  }
  if (!common.quiet) {
    std::int64_t households = 0;
    for (const scenario::HouseholdRow& row : scenario.households) {
      households += row.households;
    }
    fmt::print(
        "{}: {} households, {} buses, {} feeders, {} heat nodes, {} water nodes, {} facilities\n",
        folder, report::grouped(static_cast<double>(households)), scenario.buses.size(),
        scenario.feeders.size(), scenario.heat_nodes.size(), scenario.water_nodes.size(),
        scenario.facilities.size());
    fmt::print("run it with: wintergrid run {}/scenario.yaml -o OUT\n", folder);
  }
  return kOk;
}

}  // namespace wintergrid::cli
