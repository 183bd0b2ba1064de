#include "engine/cli/generators_options.hpp"

#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "engine/cli/report_options.hpp"

namespace wintergrid::cli {
namespace {

/// "P80" or "80" to 80; 0 if it is no level.
int percent_of(const std::string& given) {
  const std::string digits =
      !given.empty() && (given[0] == 'P' || given[0] == 'p') ? given.substr(1) : given;
  if (digits.size() != 2 || digits.find_first_not_of("0123456789") != std::string::npos ||
      digits < "50") {
    return 0;
  }
  return std::stoi(digits);
}

}  // namespace

void add_generators(CLI::App& app, GeneratorsArguments& arguments, CommonArguments& common,
                    std::function<int()>& chosen,
                    const std::function<void(CLI::App*, WhatIf&)>& add_what_if,
                    const std::function<std::string(const std::string&)>& seed) {
  CLI::App* command = app.add_subcommand(
      "generators",
      "generator sets: how many are needed, what they save, where a stock saves most");
  command->add_option("scenario", arguments.scenario, "scenario file (YAML)")->required();
  command->add_option("-o,--output", arguments.out, "folder for the results")->required();
  command->add_option(
      "--stock", arguments.stock,
      "sets at hand (CSV: rating_kw, or class_kw, taken as the rating; count, cost), to "
      "be allocated");
  command
      ->add_option_function<std::string>(
          "--level",
          [&arguments](const std::string& given) { arguments.level_percent = percent_of(given); },
          "share of winters that the recommended number covers, P50 to P99 (default: P80)")
      ->check([](const std::string& given) {
        return percent_of(given) > 0 ? std::string()
                                     : fmt::format("'{}' is not a level from P50 to P99", given);
      });
  command->add_option("-n,--replications", arguments.replications, "winters to simulate")
      ->capture_default_str()
      ->check(CLI::Range(2, 1000000));
  command->add_option("-t,--threads", arguments.threads, "threads (0: all cores)")
      ->check(CLI::Range(0, 4096));
  command->add_option("--seed", arguments.seed, "seed (default: the scenario's)")->check(seed);
  add_what_if(command, arguments.what_if);
  add_language_of_titles(*command, common);
  command->add_flag("-q,--quiet", common.quiet, "no progress: results and errors only");
  command->add_flag("--json", common.json, "results on standard output as JSON");
  command->callback([&] { chosen = [&] { return generators_command(arguments, common); }; });
}

}  // namespace wintergrid::cli
