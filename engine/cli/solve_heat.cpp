// `wintergrid solve heat`: pressures, flows and temperatures of a heat network at rest.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <optional>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/cli/commands.hpp"
#include "engine/cli/console.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/cli/solved.hpp"
#include "engine/io/atomic_file.hpp"
#include "engine/io/diagnostics_text.hpp"
#include "engine/scenario/heat_network.hpp"
#include "grid_models/heat/thermal_solver.hpp"

namespace wintergrid::cli {
namespace {

int write(const std::string& folder, const std::string& name, const std::string& text) {
  const std::string error =
      io::write_file_atomically(io::system_file_ops(), folder + "/" + name, text);
  if (!error.empty()) {
    fmt::print(stderr, "error: {}\n", error);
    return kInputOutput;
  }
  return kOk;
}

std::string cell(double value) {
  return std::isnan(value) ? std::string("nan") : fmt::format("{:.9g}", value);
}

std::optional<scenario::NamedHeatNetwork> read(const SolveHeatArguments& arguments,
                                               Diagnostics& diagnostics) {
  std::error_code error;
  if (!std::filesystem::is_directory(arguments.file, error)) {
    return scenario::read_heat_network_json(arguments.file, arguments.case_name, diagnostics);
  }
  const std::vector<std::string> sets = scenario::heat_table_sets(arguments.file);
  std::string set = arguments.case_name;
  if (set.empty() && sets.size() == 1) {
    set = sets.front();
  }
  if (std::find(sets.begin(), sets.end(), set) == sets.end()) {
    diagnostics.error(
        ErrorCode::missing, {arguments.file, 0, 0},
        sets.empty() ? std::string("no table NAME_junction.csv in this folder")
        : set.empty()
            ? fmt::format("{} sets of tables are here: {}", sets.size(), fmt::join(sets, ", "))
            : fmt::format("no table {}_junction.csv in this folder", set),
        sets.empty() ? "a set is NAME_junction.csv, NAME_pipe.csv and others"
                     : fmt::format("choose one with --case (known: {})", fmt::join(sets, ", ")));
    return std::nullopt;
  }
  return scenario::read_heat_network_tables(arguments.file, set, diagnostics);
}

int write_results(const scenario::NamedHeatNetwork& named, const heat::ThermalState& state,
                  const std::string& folder) {
  std::string nodes = "id,p_bar,t_k\n", pipes = "id,v_m_per_s,mdot_kg_per_s,t_outlet_k\n";
  for (std::size_t i = 0; i < named.node_names.size(); ++i) {
    const bool known = state.node_state[i] == heat::NodeState::solved;
    fmt::format_to(std::back_inserter(nodes), "{},{},{}\n", named.node_names[i],
                   cell(state.pressure_bar[i]), cell(known ? state.temperature_k[i] : NAN));
  }
  for (std::size_t k = 0; k < named.pipe_names.size(); ++k) {
    const heat::ThermalPipe& pipe = named.network.pipes[k];
    const bool known = pipe.in_service && state.node_state[pipe.from] == heat::NodeState::solved;
    fmt::format_to(std::back_inserter(pipes), "{},{},{},{}\n", named.pipe_names[k],
                   cell(known ? state.pipe_velocity_m_s[k] : NAN),
                   cell(known ? state.pipe_flow_kg_s[k] : NAN),
                   cell(known ? state.pipe_outlet_k[k] : NAN));
  }
  int status = write(folder, "nodes.csv", nodes);
  status = status != kOk ? status : write(folder, "pipes.csv", pipes);
  if (status != kOk || named.consumer_names.empty()) {
    return status;
  }
  std::string consumers = "id,mdot_kg_per_s,heat_w,delivered_w,t_outlet_k\n";
  for (std::size_t k = 0; k < named.consumer_names.size(); ++k) {
    fmt::format_to(std::back_inserter(consumers), "{},{},{},{},{}\n", named.consumer_names[k],
                   cell(state.consumer_flow_kg_s[k]), cell(named.network.consumers[k].heat_w),
                   cell(state.consumer_heat_w[k]), cell(state.consumer_outlet_k[k]));
  }
  return write(folder, "consumers.csv", consumers);
}

/// Nodes that nothing feeds, named: their rows hold no numbers.
void warn_of_islands(const scenario::NamedHeatNetwork& named, const heat::ThermalState& state) {
  std::vector<std::string> lost;
  for (std::size_t i = 0; i < named.node_names.size(); ++i) {
    if (state.node_state[i] != heat::NodeState::solved) {
      lost.push_back(named.node_names[i]);
    }
  }
  if (!lost.empty()) {
    fmt::print(stderr, "warning: {} nodes have no source of pressure and are not solved: {}\n",
               lost.size(), fmt::join(lost, ", "));
  }
}

}  // namespace

int solve_heat_command(const SolveHeatArguments& arguments, const CommonArguments& common) {
  std::error_code error;
  if (!std::filesystem::exists(arguments.file, error)) {
    fmt::print(stderr, "error: {}: no such file or folder\n", arguments.file);
    return kNoInput;
  }
  Diagnostics diagnostics;
  std::optional<scenario::NamedHeatNetwork> named = read(arguments, diagnostics);
  fmt::print(stderr, "{}", io::diagnostics_text(diagnostics));
  if (!named || !diagnostics.ok()) {
    return kBadData;
  }
  const std::string problem = make_folders(arguments.out);
  if (!problem.empty()) {
    fmt::print(stderr, "error: {}\n", problem);
    return kCannotCreate;
  }
  heat::ThermalSolver solver(named->network);
  heat::ThermalState state = solver.make_state(named->network);
  const heat::ThermalResult result = solver.solve(named->network, state);
  warn_of_islands(*named, state);
  if (result.status != heat::ThermalStatus::solved) {
    fmt::print(stderr, "error: no solution found ({}); the tables hold the last iteration\n",
               result.status == heat::ThermalStatus::flow_not_converged
                   ? "flows do not converge"
                   : fmt::format("temperatures still move by {:.3g} K", result.largest_change_k));
  }
  const int status = write_results(*named, state, arguments.out);
  if (status != kOk) {
    return status;
  }
  if (common.json) {
    std::vector<std::string> files = {"nodes.csv", "pipes.csv"};
    if (!named->consumer_names.empty()) {
      files.emplace_back("consumers.csv");
    }
    print_solved("heat", result.status == heat::ThermalStatus::solved, arguments.out, files,
                 {{"nodes", static_cast<double>(named->node_names.size())},
                  {"pipes", static_cast<double>(named->pipe_names.size())},
                  {"wanted_mw", result.wanted_w / 1e6},
                  {"delivered_mw", result.delivered_w / 1e6}});
  } else if (!common.quiet) {
    fmt::print("wrote {0}/nodes.csv and {0}/pipes.csv: {1} nodes, {2} pipes\n", arguments.out,
               named->node_names.size(), named->pipe_names.size());
    if (result.wanted_w > 0.0) {
      fmt::print("consumers get {:.4g} of {:.4g} MW\n", result.delivered_w / 1e6,
                 result.wanted_w / 1e6);
    }
  }
  return result.status == heat::ThermalStatus::solved ? static_cast<int>(kOk)
                                                      : static_cast<int>(kCheckFailed);
}

}  // namespace wintergrid::cli
