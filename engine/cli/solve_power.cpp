// `wintergrid solve power`: DC flow of a MATPOWER case, or least load shedding for a list of
// outages.

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <numbers>
#include <sstream>
#include <system_error>

#include <fmt/format.h>

#include "engine/cli/commands.hpp"
#include "engine/cli/console.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/cli/solved.hpp"
#include "engine/io/atomic_file.hpp"
#include "engine/io/diagnostics_text.hpp"
#include "engine/io/source_text.hpp"
#include "engine/scenario/matpower.hpp"
#include "grid_models/power/dc_flow.hpp"
#include "grid_models/power/shedding.hpp"

namespace wintergrid::cli {
namespace {

struct OutageCase {
  std::string name;
  std::vector<std::size_t> branches, generators;  ///< rows from 0
};

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::string part;
  std::istringstream stream(text);
  while (std::getline(stream, part, separator)) {
    parts.push_back(part);
  }
  return parts;
}

/// "3 17": 1-based rows separated by spaces.
std::vector<std::size_t> rows(const std::string& text, std::size_t count, const SourcePlace& place,
                              const char* what, Diagnostics& diagnostics) {
  std::vector<std::size_t> result;
  std::istringstream stream(text);
  std::string word;
  while (stream >> word) {
    std::size_t row = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), row);
    if (error != std::errc{} || end != word.data() + word.size() || row < 1 || row > count) {
      diagnostics.error(ErrorCode::reference, place,
                        fmt::format("'{}' is not a {} row (1 to {})", word, what, count));
    } else {
      result.push_back(row - 1);
    }
  }
  return result;
}

/// Columns: case, branches out, generators out; further columns are ignored. The first line is the
/// header.
std::vector<OutageCase> read_outages(const std::string& path,
                                     const scenario::MatpowerNetwork& network,
                                     Diagnostics& diagnostics) {
  std::vector<OutageCase> cases;
  const auto source = io::read_source(path, 64 * io::kMebibyte, {path, 0, 0}, diagnostics);
  if (!source) {
    return cases;
  }
  std::istringstream stream{std::string(source->text())};
  std::string line;
  for (std::size_t number = 1; std::getline(stream, line); ++number) {
    if (!line.empty() && line.back() == '\r') {
      line.pop_back();
    }
    if (number == 1 || line.empty() || line[0] == '#') {
      continue;
    }
    std::vector<std::string> fields = split(line, ',');
    if (fields.size() < 2) {
      diagnostics.error(ErrorCode::syntax, {path, number, 0},
                        fmt::format("'{}' has {} column (needs case, branches out, generators out)",
                                    line, fields.size()),
                        "separate columns by commas and rows within one by spaces");
      continue;
    }
    fields.resize(std::max<std::size_t>(fields.size(), 3));
    OutageCase outage;
    outage.name = fields[0];
    outage.branches =
        rows(fields[1], network.network.branch_count(), {path, number, 0}, "branch", diagnostics);
    outage.generators = rows(fields[2], network.network.generator_count(), {path, number, 0},
                             "generator", diagnostics);
    cases.push_back(std::move(outage));
  }
  if (cases.empty() && diagnostics.ok()) {
    diagnostics.error(ErrorCode::missing, {path, 1, 0}, "there are no cases",
                      "write: case,branches,generators and lines such as 1,4 7,2");
  }
  return cases;
}

int write(const std::string& folder, const std::string& name, const std::string& text) {
  const std::string error =
      io::write_file_atomically(io::system_file_ops(), folder + "/" + name, text);
  if (!error.empty()) {
    fmt::print(stderr, "error: {}\n", error);
    return kInputOutput;
  }
  return kOk;
}

/// MATPOWER's conventions: generators as scheduled, shunts at 1 pu, phase shifts, the reference bus
/// takes the slack and keeps its angle.
int solve_flow(const scenario::MatpowerNetwork& network, const SolvePowerArguments& arguments) {
  const std::size_t buses = network.network.bus_count;
  std::vector<double> injection_mw(buses), theta_rad(buses),
      flow_mw(network.network.branch_count());
  for (std::size_t i = 0; i < buses; ++i) {
    injection_mw[i] = -network.load_mw[i] - network.shunt_mw[i];
  }
  for (std::size_t g = 0; g < network.generator_mw.size(); ++g) {
    injection_mw[network.network.generator_bus[g]] += network.generator_mw[g];
  }
  power::DcFlow flow(network.network);
  flow.set_topology(network.branch_up, network.bus_up);
  if (!flow.solve(injection_mw, theta_rad, flow_mw,
                  static_cast<std::uint32_t>(network.reference_bus))) {
    fmt::print(stderr,
               "error: {} of {} islands have no solution (singular: reactances that cancel)\n",
               flow.failed_islands(), flow.island_count());
    return kBadData;
  }
  const double reference_rad =
      network.angle_rad[network.reference_bus] - theta_rad[network.reference_bus];
  const std::uint32_t reference_island = flow.island_of_bus()[network.reference_bus];
  std::string bus_text = "bus,theta_deg\n", branch_text = "row,from_bus,to_bus,p_from_mw\n";
  for (std::size_t i = 0; i < buses; ++i) {
    const bool with_reference = flow.island_of_bus()[i] == reference_island;
    const double theta = theta_rad[i] + (with_reference ? reference_rad : 0.0);
    fmt::format_to(std::back_inserter(bus_text), "{},{:.9f}\n", network.bus_number[i],
                   theta * 180.0 / std::numbers::pi);
  }
  for (std::size_t i = 0; i < flow_mw.size(); ++i) {
    fmt::format_to(std::back_inserter(branch_text), "{},{},{},{:.9f}\n", i + 1,
                   network.bus_number[network.network.branch_from[i]],
                   network.bus_number[network.network.branch_to[i]], flow_mw[i]);
  }
  const int status = write(arguments.out, "buses.csv", bus_text);
  return status != kOk ? status : write(arguments.out, "branches.csv", branch_text);
}

int solve_outages(const scenario::MatpowerNetwork& network, const std::vector<OutageCase>& cases,
                  const SolvePowerArguments& arguments) {
  power::LoadBlocks blocks;
  std::vector<double> demand_mw;
  for (std::size_t i = 0; i < network.network.bus_count; ++i) {
    if (network.load_mw[i] != 0.0) {
      blocks.bus.push_back(static_cast<std::uint32_t>(i));
      blocks.weight.push_back(1.0);
      demand_mw.push_back(network.load_mw[i]);
    }
  }
  power::Shedding shedding(network.network, blocks);
  std::vector<double> shed(demand_mw.size()), generation(network.network.generator_count()),
      flow(network.network.branch_count());
  std::string text = "case,min_shed_mw\n";
  std::size_t bounded = 0;
  for (const OutageCase& outage : cases) {
    std::vector<std::uint8_t> branch_up = network.branch_up;
    std::vector<double> capacity = network.network.generator_capacity_mw;
    for (std::size_t g = 0; g < capacity.size(); ++g) {
      capacity[g] = network.generator_up[g] != 0 ? capacity[g] : 0.0;
    }
    for (const std::size_t branch : outage.branches) {
      branch_up[branch] = 0;
    }
    for (const std::size_t generator : outage.generators) {
      capacity[generator] = 0.0;
    }
    const power::SheddingResult result =
        shedding.solve(branch_up, network.bus_up, capacity, demand_mw, shed, generation, flow);
    if (result.status == power::SheddingStatus::bounded) {
      ++bounded;
      fmt::print(stderr,
                 "warning: case {}: not solved to optimality; the value is an upper bound\n",
                 outage.name);
    }
    fmt::format_to(std::back_inserter(text), "{},{:.6f}\n", outage.name, result.shed_mw);
  }
  const int status = write(arguments.out, "minshed.csv", text);
  return status != kOk ? status
         : bounded > 0 ? static_cast<int>(kCheckFailed)
                       : static_cast<int>(kOk);
}

}  // namespace

int solve_power_command(const SolvePowerArguments& arguments, const CommonArguments& common) {
  for (const std::string& file : {arguments.file, arguments.outages}) {
    std::error_code error;
    if (!file.empty() && !std::filesystem::exists(file, error)) {
      fmt::print(stderr, "error: {}: no such file\n", file);
      return kNoInput;
    }
  }
  Diagnostics diagnostics;
  const scenario::MatpowerCase read = scenario::read_matpower(arguments.file, diagnostics);
  scenario::MatpowerNetwork network;
  std::vector<OutageCase> cases;
  if (diagnostics.ok()) {
    network = scenario::to_network(read, diagnostics);
  }
  if (diagnostics.ok() && !arguments.outages.empty()) {
    cases = read_outages(arguments.outages, network, diagnostics);
  }
  fmt::print(stderr, "{}", io::diagnostics_text(diagnostics));
  if (!diagnostics.ok()) {
    return kBadData;
  }
  const std::string problem = make_folders(arguments.out);
  if (!problem.empty()) {
    fmt::print(stderr, "error: {}\n", problem);
    return kCannotCreate;
  }
  const int status = arguments.outages.empty() ? solve_flow(network, arguments)
                                               : solve_outages(network, cases, arguments);
  const bool flow = arguments.outages.empty();
  if (common.json && (status == kOk || status == kCheckFailed)) {
    print_solved("power", status == kOk, arguments.out,
                 flow ? std::vector<std::string>{"buses.csv", "branches.csv"}
                      : std::vector<std::string>{"minshed.csv"},
                 {{"buses", static_cast<double>(network.network.bus_count)},
                  {"branches", static_cast<double>(network.network.branch_count())},
                  {"cases", static_cast<double>(cases.size())}});
  } else if (status == kOk && !common.quiet) {
    fmt::print("{}\n",
               flow ? fmt::format("wrote {0}/buses.csv and {0}/branches.csv", arguments.out)
                    : fmt::format("wrote {}/minshed.csv: {} cases", arguments.out, cases.size()));
  }
  return status;
}

}  // namespace wintergrid::cli
