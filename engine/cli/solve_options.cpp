#include "engine/cli/solve_options.hpp"

#include <cctype>
#include <cmath>
#include <cstdint>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace wintergrid::cli {
namespace {

void add_output(CLI::App* command, CommonArguments& common) {
  command->add_flag("-q,--quiet", common.quiet, "print errors only");
  command->add_flag("--json", common.json, "what was written on standard output as JSON");
}

/// "4h", "30min", "2d", "4" (hours): seconds.
std::optional<std::int64_t> seconds_of(const std::string& text) {
  double value = 0.0;
  std::size_t used = 0;
  while (used < text.size() &&
         (std::isdigit(static_cast<unsigned char>(text[used])) != 0 || text[used] == '.')) {
    ++used;
  }
  if (used == 0 || !CLI::detail::lexical_cast(text.substr(0, used), value) || value > 1e5) {
    return std::nullopt;
  }
  const std::string unit = text.substr(used);
  const double seconds = unit.empty() || unit == "h"    ? 3600.0
                         : unit == "min" || unit == "m" ? 60.0
                         : unit == "s"                  ? 1.0
                         : unit == "d"                  ? 86400.0
                                                        : -1.0;
  if (seconds < 0.0) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(std::llround(value * seconds));
}

void add_water(CLI::App* solve, SolveArguments& arguments, CommonArguments& common,
               std::function<int()>& chosen) {
  SolveWaterArguments& solve_water = arguments.water;
  std::string& pumps_off_at = arguments.pumps_off_at;
  CLI::App* water = solve->add_subcommand(
      "water", "heads and flows of an EPANET input file, pressure-driven if wanted");
  water->add_option("file", solve_water.file, "EPANET input file (.inp)")->required();
  CLI::Option* pda =
      water->add_flag("--pda", solve_water.pressure_driven,
                      "demand depends on pressure (default: as the file says, else it does not)");
  water
      ->add_option("--required-pressure", solve_water.required_pressure_m,
                   "metres of water at which the full demand is met")
      ->capture_default_str()
      ->needs(pda);
  water
      ->add_option("--minimum-pressure", solve_water.minimum_pressure_m,
                   "metres of water at and below which nothing is delivered")
      ->capture_default_str()
      ->needs(pda);
  water->add_option("--exponent", solve_water.exponent, "of demand over pressure between the two")
      ->capture_default_str()
      ->needs(pda);
  CLI::Option* hours =
      water->add_option("--hours", solve_water.hours, "so many hours instead of the start only")
          ->check(number_between(0.0, 1e5));
  water->add_option("--closed", solve_water.closed, "links closed for good, separated by commas")
      ->delimiter(',');
  water
      ->add_option("--closed-file", solve_water.closed_file,
                   "CSV of cases (case, closed_links separated by ;); writes cases.csv")
      ->excludes(hours);
  water->add_option("--pumps-off-at", pumps_off_at, "all pumps stop for good: 4h, 90min, 2d")
      ->check([](const std::string& given) -> std::string {
        return seconds_of(given) ? ""
                                 : fmt::format("'{}' is not a time such as 4h or 90min", given);
      });
  water->add_option("-o,--output", solve_water.out, "folder for the results")->required();
  add_output(water, common);
  water->callback([&] {
    solve_water.pumps_off_at_s = seconds_of(pumps_off_at);
    chosen = [&] { return solve_water_command(solve_water, common); };
  });
}

}  // namespace

std::function<std::string(const std::string&)> number_between(double low, double high) {
  return [low, high](const std::string& given) -> std::string {
    double number = 0.0;
    if (!CLI::detail::lexical_cast(given, number) || !(number >= low && number <= high)) {
      return fmt::format("'{}' is not a number from {} to {}", given, low, high);
    }
    return {};
  };
}

void add_solve(CLI::App& app, SolveArguments& arguments, CommonArguments& common,
               std::function<int()>& chosen) {
  CLI::App* solve = app.add_subcommand("solve", "solve one network alone");
  solve->require_subcommand(1);
  CLI::App* power = solve->add_subcommand(
      "power", "DC power flow of a MATPOWER case, or least load shedding for outages");
  power->add_option("file", arguments.power.file, "MATPOWER case (.m)")->required();
  power->add_option("--outages", arguments.power.outages,
                    "CSV of outages (case, branches out, generators out); writes minshed.csv");
  power->add_option("-o,--output", arguments.power.out, "folder for the results")->required();
  add_output(power, common);
  power->callback([&] { chosen = [&] { return solve_power_command(arguments.power, common); }; });
  CLI::App* heat = solve->add_subcommand(
      "heat", "pressures, flows and temperatures of a district-heating network");
  heat->add_option("file", arguments.heat.file, "network (.json), or a folder of tables")
      ->required();
  heat->add_option("--case", arguments.heat.case_name,
                   "a case of the file, or NAME of the tables NAME_junction.csv ...");
  heat->add_option("-o,--output", arguments.heat.out, "folder for the results")->required();
  add_output(heat, common);
  heat->callback([&] { chosen = [&] { return solve_heat_command(arguments.heat, common); }; });
  add_water(solve, arguments, common, chosen);
}

}  // namespace wintergrid::cli
