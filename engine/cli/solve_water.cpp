// `wintergrid solve water`: heads and flows of an EPANET input file at its start, over hours, or
// for a list of closed links.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <map>
#include <numbers>
#include <span>
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
#include "engine/io/suggest.hpp"
#include "engine/scenario/epanet.hpp"
#include "grid_models/hydraulics/batch_solver.hpp"
#include "grid_models/hydraulics/simulation.hpp"

namespace wintergrid::cli {
namespace {

using hydraulics::LinkKind;
using hydraulics::SolveStatus;
using scenario::kLitresPerM3;

/// Files often ask for a balance of 0.001 of the flow; results are to be good to 0.0001.
constexpr double kAccuracy = 1e-5;
constexpr int kTrials = 200;

struct ClosureCase {
  std::string name;
  std::vector<std::uint32_t> links;
};

using LinkNames = std::map<std::string, std::uint32_t, std::less<>>;

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::string part;
  std::istringstream stream(text);
  while (std::getline(stream, part, separator)) {
    parts.push_back(part);
  }
  return parts;
}

LinkNames link_names(const scenario::EpanetFile& file) {
  LinkNames names;
  for (std::uint32_t k = 0; k < file.link_ids.size(); ++k) {
    names.emplace(file.link_ids[k], k);
  }
  return names;
}

std::vector<std::uint32_t> find_links(const std::vector<std::string>& ids, const LinkNames& names,
                                      const SourcePlace& place, Diagnostics& diagnostics) {
  std::vector<std::uint32_t> links;
  for (const std::string& id : ids) {
    const auto found = names.find(id);
    if (id.empty()) {
      continue;
    }
    if (found == names.end()) {
      std::vector<std::string> known;
      for (const auto& [name, index] : names) {
        known.push_back(name);
      }
      diagnostics.error(ErrorCode::reference, place, fmt::format("there is no link '{}'", id),
                        io::did_you_mean(id, known));
    } else {
      links.push_back(found->second);
    }
  }
  return links;
}

/// Columns `case` and `closed_links` (names separated by semicolons); others are ignored.
std::vector<ClosureCase> read_cases(const std::string& path, const LinkNames& names,
                                    Diagnostics& diagnostics) {
  std::vector<ClosureCase> cases;
  const auto source = io::read_source(path, 256 * io::kMebibyte, {path, 0, 0}, diagnostics);
  if (!source) {
    return cases;
  }
  std::istringstream stream{std::string(source->text())};
  std::string line;
  std::size_t name_column = SIZE_MAX, links_column = SIZE_MAX;
  for (std::size_t number = 1; std::getline(stream, line); ++number) {
    if (!line.empty() && line.back() == '\r') {
      line.pop_back();
    }
    const std::vector<std::string> fields = split(line, ',');
    if (number == 1) {
      for (std::size_t i = 0; i < fields.size(); ++i) {
        name_column = fields[i] == "case" ? i : name_column;
        links_column = fields[i] == "closed_links" ? i : links_column;
      }
      if (name_column == SIZE_MAX || links_column == SIZE_MAX) {
        diagnostics.error(ErrorCode::missing, {path, 1, 0},
                          "the header lacks 'case' or 'closed_links'",
                          "write: case,closed_links and lines such as 0,191;281;60");
        return cases;
      }
      continue;
    }
    if (line.empty()) {
      continue;
    }
    if (fields.size() <= name_column) {
      diagnostics.error(ErrorCode::syntax, {path, number, 0},
                        fmt::format("'{}' has too few columns", line));
      continue;
    }
    const std::string closed = links_column < fields.size() ? fields[links_column] : "";
    cases.push_back({fields[name_column],
                     find_links(split(closed, ';'), names, {path, number, 0}, diagnostics)});
  }
  if (cases.empty() && diagnostics.ok()) {
    diagnostics.error(ErrorCode::missing, {path, 1, 0}, "there are no cases",
                      "write: case,closed_links and lines such as 0,191;281;60");
  }
  return cases;
}

const char* word_for(SolveStatus status) {
  return status == SolveStatus::converged       ? "converged"
         : status == SolveStatus::not_converged ? "not_converged"
                                                : "singular";
}

/// Demand and what leaves the network at junctions, emitters and leaks included.
struct Totals {
  double full = 0.0, delivered = 0.0;
};
Totals totals(const scenario::EpanetFile& file, std::span<const double> full_demand_m3s,
              const hydraulics::State& state) {
  Totals sum;
  for (std::size_t i = 0; i < file.node_ids.size(); ++i) {
    if (file.node_kinds[i] == scenario::EpanetNodeKind::junction) {
      sum.full += full_demand_m3s[i];
      sum.delivered += state.outflow_m3s[i];
    }
  }
  return sum;
}

struct Output {
  std::string nodes, links, summary;
  std::string time_column;  ///< "time_s," when there is more than one moment
};

void add_moment(const scenario::EpanetFile& file, const hydraulics::Simulation& simulation,
                SolveStatus status, bool with_time, Output& out) {
  const hydraulics::Network& network = file.model.network;
  const hydraulics::State& state = simulation.state();
  const std::string time = with_time ? fmt::format("{},", simulation.time_s()) : std::string{};
  for (std::size_t i = 0; i < file.node_ids.size(); ++i) {
    fmt::format_to(std::back_inserter(out.nodes), "{}{},{:.8f},{:.8f},{:.8f},{:.8f}\n", time,
                   file.node_ids[i], state.head_m[i], state.head_m[i] - network.elevation_m[i],
                   simulation.full_demand_m3s()[i] * kLitresPerM3,
                   state.outflow_m3s[i] * kLitresPerM3);
  }
  for (std::size_t k = 0; k < file.link_ids.size(); ++k) {
    const bool shut = is_closed(state.status[k]) || state.out_of_service[k] != 0;
    const double flow = shut ? 0.0 : state.flow_m3s[k];
    const double d = network.diameter_m[k];
    const bool pump = network.kind[k] == LinkKind::pump;
    const double velocity =
        pump || d <= 0.0 ? 0.0 : std::abs(flow) / (std::numbers::pi * d * d / 4.0);
    const double drop = state.head_m[network.from[k]] - state.head_m[network.to[k]];
    fmt::format_to(std::back_inserter(out.links), "{}{},{:.8f},{:.8f},{:.8f}\n", time,
                   file.link_ids[k], flow * kLitresPerM3, velocity,
                   shut   ? 0.0
                   : pump ? drop
                          : std::abs(drop));
  }
  const Totals sum = totals(file, simulation.full_demand_m3s(), state);
  fmt::format_to(std::back_inserter(out.summary), "{},{:.6f},{:.6f},", simulation.time_s(),
                 sum.full * kLitresPerM3, sum.delivered * kLitresPerM3);
  for (const hydraulics::Tank& tank : file.model.tanks) {
    fmt::format_to(std::back_inserter(out.summary), "{}={:.6f};", file.node_ids[tank.node],
                   state.head_m[tank.node] - network.elevation_m[tank.node]);
  }
  fmt::format_to(std::back_inserter(out.summary), ",{}\n", word_for(status));
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

int report(std::size_t failed, std::size_t count, const char* what) {
  if (failed == 0) {
    return kOk;
  }
  fmt::print(
      stderr,
      "warning: {} of {} {} found no balance; delivered is there an upper bound (full demand "
      "where water can come)\n",
      failed, count, what);
  return kCheckFailed;
}

void take_out(hydraulics::Simulation& simulation, const std::vector<std::uint32_t>& links) {
  for (const std::uint32_t link : links) {
    simulation.take_out(link);
  }
}

/// Eight cases at a time: each gets the bits that it would get alone.
int solve_cases(const scenario::EpanetFile& file, hydraulics::Simulation& simulation,
                const std::vector<std::uint32_t>& closed, const std::vector<ClosureCase>& cases,
                const std::string& folder) {
  take_out(simulation, closed);
  simulation.begin_moment();
  std::vector<std::vector<std::uint32_t>> closures;
  for (const ClosureCase& closure : cases) {
    closures.push_back(closure.links);
  }
  std::vector<double> delivered_m3s(cases.size(), 0.0);
  std::size_t failed = 0;
  hydraulics::BatchSolver batch(simulation.solver());
  batch.solve(simulation.full_demand_m3s(), simulation.state(), closures, file.model.options,
              [&](std::size_t index, const hydraulics::SolveResult& result,
                  const hydraulics::State& state) {
                failed += result.status == SolveStatus::converged ? 0 : 1;
                delivered_m3s[index] = totals(file, simulation.full_demand_m3s(), state).delivered;
              });
  std::string text = "case,delivered_Lps\n";
  for (std::size_t i = 0; i < cases.size(); ++i) {
    fmt::format_to(std::back_inserter(text), "{},{:.6f}\n", cases[i].name,
                   delivered_m3s[i] * kLitresPerM3);
  }
  const int status = write(folder, "cases.csv", text);
  return status != kOk ? status : report(failed, cases.size(), "cases");
}

int solve_moments(const scenario::EpanetFile& file, hydraulics::Simulation& simulation,
                  const std::vector<std::uint32_t>& closed, const SolveWaterArguments& arguments) {
  const bool with_time = arguments.hours.has_value();
  const auto end = static_cast<std::int64_t>(std::llround(3600.0 * arguments.hours.value_or(0.0)));
  const auto pumps_off_s = arguments.pumps_off_at_s;
  Output out;
  const char* const time = with_time ? "time_s," : "";
  out.nodes = fmt::format("{}id,head_m,pressure_m,full_demand_Lps,delivered_Lps\n", time);
  out.links = fmt::format("{}id,flow_Lps,velocity_mps,headloss_m\n", time);
  out.summary = "time_s,full_demand_Lps,delivered_Lps,tank_levels_m,status\n";
  take_out(simulation, closed);
  std::size_t failed = 0, moments = 0;
  do {
    const std::int64_t now = simulation.time_s();
    if (pumps_off_s && now >= *pumps_off_s) {
      for (std::uint32_t k = 0; k < file.link_ids.size(); ++k) {
        if (file.model.network.kind[k] == LinkKind::pump) {
          simulation.take_out(k);
        }
      }
    }
    const auto result = simulation.solve();
    ++moments;
    failed += result.status == SolveStatus::converged ? 0 : 1;
    add_moment(file, simulation, result.status, with_time, out);
    std::int64_t limit = end - now;
    if (pumps_off_s && now < *pumps_off_s) {
      limit = std::min(limit, *pumps_off_s - now);
    }
    if (simulation.next(end, limit) == 0) {
      break;
    }
  } while (true);
  for (const auto& [name, text] :
       {std::pair<const char*, const std::string*>{"nodes.csv", &out.nodes},
        {"links.csv", &out.links},
        {"summary.csv", &out.summary}}) {
    const int status = write(arguments.out, name, *text);
    if (status != kOk) {
      return status;
    }
  }
  return report(failed, moments, "moments");
}

/// Demands below zero, required below minimum pressure: settings of the command line.
bool settings_ok(const SolveWaterArguments& arguments) {
  if (arguments.required_pressure_m <= arguments.minimum_pressure_m || arguments.exponent <= 0.0) {
    fmt::print(stderr,
               "error: --required-pressure {} must be above --minimum-pressure {}, and --exponent "
               "{} above 0\n",
               arguments.required_pressure_m, arguments.minimum_pressure_m, arguments.exponent);
    return false;
  }
  return true;
}

}  // namespace

int solve_water_command(const SolveWaterArguments& arguments, const CommonArguments& common) {
  for (const std::string& path : {arguments.file, arguments.closed_file}) {
    std::error_code error;
    if (!path.empty() && !std::filesystem::exists(path, error)) {
      fmt::print(stderr, "error: {}: no such file\n", path);
      return kNoInput;
    }
  }
  if (arguments.pressure_driven && !settings_ok(arguments)) {
    return kUsage;
  }
  Diagnostics diagnostics;
  scenario::EpanetFile file = scenario::read_epanet(arguments.file, diagnostics);
  std::vector<ClosureCase> cases;
  std::vector<std::uint32_t> closed;
  if (diagnostics.ok()) {
    const LinkNames names = link_names(file);
    closed = find_links(arguments.closed, names, {"--closed", 0, 0}, diagnostics);
    if (!arguments.closed_file.empty()) {
      cases = read_cases(arguments.closed_file, names, diagnostics);
    }
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
  hydraulics::SolverOptions& options = file.model.options;
  options.accuracy = std::min(options.accuracy, kAccuracy);
  options.max_iterations = std::max(options.max_iterations, kTrials);
  if (arguments.pressure_driven) {
    options.pressure_driven = true;
    options.minimum_pressure_m = arguments.minimum_pressure_m;
    options.required_pressure_m = arguments.required_pressure_m;
    options.pressure_exponent = arguments.exponent;
  }
  hydraulics::Simulation simulation(file.model);
  const bool batch = !arguments.closed_file.empty();
  const int status = batch ? solve_cases(file, simulation, closed, cases, arguments.out)
                           : solve_moments(file, simulation, closed, arguments);
  const bool written = status == kOk || status == kCheckFailed;
  if (written && common.json) {
    print_solved("water", status == kOk, arguments.out,
                 batch ? std::vector<std::string>{"cases.csv"}
                       : std::vector<std::string>{"nodes.csv", "links.csv", "summary.csv"},
                 {{"nodes", static_cast<double>(file.node_ids.size())},
                  {"links", static_cast<double>(file.link_ids.size())},
                  {"cases", static_cast<double>(cases.size())}});
  } else if (written && !common.quiet) {
    fmt::print("{}\n",
               batch ? fmt::format("wrote {}/cases.csv: {} cases", arguments.out, cases.size())
                     : fmt::format("wrote {0}/nodes.csv, {0}/links.csv and {0}/summary.csv",
                                   arguments.out));
  }
  return status;
}

}  // namespace wintergrid::cli
