#include "engine/cli/write_scenario.hpp"

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/cli/console.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/io/atomic_file.hpp"
#include "engine/report/terminal.hpp"
#include "engine/scenario/write.hpp"

namespace wintergrid::cli {
namespace {

/// A file that is there with other content than what would be written: somebody's work.
std::string first_other_file(const std::vector<scenario::NamedText>& files,
                             const std::string& folder) {
  for (const scenario::NamedText& file : files) {
    const std::string path = folder + "/" + file.name;
    std::ifstream stream(path, std::ios::binary);
    if (stream && std::string(std::istreambuf_iterator<char>(stream), {}) != file.text) {
      return path;
    }
  }
  return {};
}

}  // namespace

int write_scenario(const scenario::Scenario& scenario, const std::string& folder, bool force,
                   const CommonArguments& common) {
  const std::vector<scenario::NamedText> files = scenario::to_files(scenario);
  const std::string edited = force ? std::string() : first_other_file(files, folder);
  if (!edited.empty()) {
    fmt::print(
        stderr,
        "error: {}: is there already and differs\n   hint: choose another folder, or replace "
        "the scenario with --force\n",
        edited);
    return kCannotCreate;
  }
  const std::string problem = make_folders(folder);
  if (!problem.empty()) {
    fmt::print(stderr, "error: {}\n", problem);
    return kCannotCreate;
  }
  for (const scenario::NamedText& file : files) {
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
