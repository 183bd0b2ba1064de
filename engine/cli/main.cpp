// The command line: the only file that sees CLI11.

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "engine/cli/commands.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/cli/generators_options.hpp"
#include "engine/cli/load.hpp"
#include "engine/cli/misspelt.hpp"
#include "engine/cli/plan_options.hpp"
#include "engine/cli/report_options.hpp"
#include "engine/cli/solve_options.hpp"

namespace wintergrid::cli {
namespace {

constexpr const char* kNoProgress = "no progress: results and errors only";

std::string joined(int count, char** words) {
  std::string text = "wintergrid";
  for (int i = 1; i < count; ++i) {
    text += fmt::format(" {}", words[i]);
  }
  return text;
}

/// "a,b,c" given once or several times.
CLI::Option* add_list(CLI::App* command, const std::string& name, std::vector<std::string>& values,
                      const std::string& text) {
  return command->add_option(name, values, text)->delimiter(',');
}

/// CLI11 lets a minus sign and too large a number wrap around or saturate.
std::string whole_number(const std::string& given, std::uint64_t largest) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), number);
  return error == std::errc{} && end == given.data() + given.size() && number <= largest
             ? std::string{}
             : fmt::format("'{}' is not a whole number from 0 to {}", given, largest);
}

std::string seed_number(const std::string& given) { return whole_number(given, UINT64_MAX); }

/// Part of the address of a draw, which has 32 bits for it.
std::string replication_number(const std::string& given) { return whole_number(given, UINT32_MAX); }

CLI::Option* add_count(CLI::App* command, const std::string& name,
                       std::optional<std::int64_t>& value, const std::string& text) {
  return command->add_option(name, value, text)->check([](const std::string& given) -> std::string {
    std::int64_t number = 0;
    if (!CLI::detail::lexical_cast(given, number) || number < 1 || number > 4'000'000'000) {
      return fmt::format("'{}' is not a whole number from 1 to 4,000,000,000", given);
    }
    return {};
  });
}

struct CommandLine {
  CLI::App app{
      "wintergrid: how many households lose power, heat and water when strikes hit in winter, and "
      "for how long",
      "wintergrid"};
  CommonArguments common;
  RunArguments run;
  CompareArguments compare;
  ReplayArguments replay;
  PlanArguments plan;
  std::string validate_scenario;
  WhatIf validate_what_if;
  bool schema_markdown = false;
  std::string explain_code;
  SolveArguments solve;
  ImportMatpowerArguments import_matpower;
  ImportEpanetArguments import_epanet;
  NewArguments new_scenario;
  CalibrateRecoveryArguments calibrate_recovery;
  CalibrateCampaignArguments calibrate_campaign;
  SensitivityArguments sensitivity;
  HindcastArguments hindcast;
  ReportArguments report;
  GeneratorsArguments generators;
  bool version = false;
  std::function<int()> chosen;

  void add_quiet(CLI::App* command, const char* what = "print errors only") {
    command->add_flag("-q,--quiet", common.quiet, what);
  }
  void add_json(CLI::App* command) {
    command->add_flag("--json", common.json, "results on standard output as JSON");
  }
  static void add_what_if(CLI::App* command, WhatIf& what_if) {
    command
        ->add_option("--overlay", what_if.overlays,
                     "overlay to lay on top (file, or name of a bundled one); may be repeated")
        ->expected(1)
        ->take_all();
    command
        ->add_option("--set", what_if.settings,
                     "key=value: a key of the scenario or a model parameter; may be repeated")
        ->expected(1)
        ->take_all();
  }
  void add_run();
  void add_compare();
  void add_replay();
  void add_sensitivity();
  void add_hindcast();
  void add_others();
};

void CommandLine::add_run() {
  CLI::App* command = app.add_subcommand("run", "simulate winters and write results");
  command->add_option("scenario", run.scenario, "scenario file (YAML)")->required();
  command->add_option("-o,--output", run.out, "folder for the results")->required();
  add_count(command, "-n,--replications", run.replications,
            "winters to simulate (the most, with --until-relative-ci)");
  command
      ->add_option("--until-relative-ci", run.until_relative_ci,
                   "stop when the 95 % interval of --metric is within this share of its mean")
      ->check(number_between(1e-6, 1.0));
  command->add_option("--metric", run.metric, "metric of the stop rule and the progress line")
      ->capture_default_str();
  command
      ->add_option("-t,--threads", run.threads,
                   "threads (0: all cores); results do not depend on it")
      ->check(CLI::Range(0, 4096));
  command->add_option("--seed", run.seed, "seed (default: the scenario's)")->check(seed_number);
  command->add_option("--policy", run.policy, "repair policy (default: the scenario's)");
  add_what_if(command, run.what_if);
  command->add_flag("--resume", run.resume, "go on where a stopped run in this folder ended");
  add_language(*command, common);
  add_quiet(command, kNoProgress);
  add_json(command);
  command->callback([this] { chosen = [this] { return run_command(run, common); }; });
}

void CommandLine::add_compare() {
  CLI::App* command = app.add_subcommand(
      "compare", "run policies or overlays on the same winters and compare them");
  command->add_option("scenario", compare.scenario, "scenario file (YAML)")->required();
  CLI::Option* overlays =
      add_list(command, "--overlays", compare.overlays,
               "overlays, separated by commas, each against the scenario as it is");
  add_list(command, "--policies", compare.policies, "policies, separated by commas")
      ->excludes(overlays);
  add_what_if(command, compare.what_if);
  command->add_option("-o,--output", compare.out, "folder for the results")->required();
  add_count(command, "-n,--replications", compare.replications, "winters to simulate");
  command->add_option("-t,--threads", compare.threads, "threads (0: all cores)")
      ->check(CLI::Range(0, 4096));
  command->add_option("--seed", compare.seed, "seed (default: the scenario's)")->check(seed_number);
  add_quiet(command, kNoProgress);
  add_json(command);
  add_language(*command, common);
  command->callback([this] { chosen = [this] { return compare_command(compare, common); }; });
}

void CommandLine::add_sensitivity() {
  CLI::App* command = app.add_subcommand(
      "sensitivity", "which uncertain parameters move the results: screening and variance shares");
  command->add_option("scenario", sensitivity.scenario, "scenario file (YAML)")->required();
  command->add_option("-o,--output", sensitivity.out, "folder for the results")->required();
  command->add_option("-n,--replications", sensitivity.replications, "winters at each point")
      ->capture_default_str()
      ->check(CLI::Range(8, 1000000));
  command->add_option("--trajectories", sensitivity.trajectories, "of the screening")
      ->capture_default_str()
      ->check(CLI::Range(2, 1000));
  command
      ->add_option("--factors", sensitivity.factors,
                   "parameters that get shares of the variance (0: none)")
      ->capture_default_str()
      ->check(CLI::Range(0, 50));
  command->add_option("--rows", sensitivity.rows, "of the matrices behind the shares")
      ->capture_default_str()
      ->check(CLI::Range(8, 100000));
  command->add_option("-t,--threads", sensitivity.threads, "threads (0: all cores)")
      ->check(CLI::Range(0, 4096));
  command->add_option("--seed", sensitivity.seed, "seed (default: the scenario's)")
      ->check(seed_number);
  add_what_if(command, sensitivity.what_if);
  add_language_of_titles(*command, common);
  add_quiet(command, kNoProgress);
  command->callback(
      [this] { chosen = [this] { return sensitivity_command(sensitivity, common); }; });
}

void CommandLine::add_hindcast() {
  CLI::App* command =
      app.add_subcommand("hindcast", "a past event simulated again, against what was recorded");
  command
      ->add_option("scenario", hindcast.scenario, "scenario with the strikes as they were (YAML)")
      ->required();
  command
      ->add_option("observed", hindcast.observed,
                   "CSV: time, service, without_share, of, use, source")
      ->required();
  command->add_option("-o,--output", hindcast.out, "folder for the results")->required();
  command->add_option("-n,--replications", hindcast.replications, "winters to simulate")
      ->capture_default_str()
      ->check(CLI::Range(10, 100000));
  command->add_option("-t,--threads", hindcast.threads, "threads (0: all cores)")
      ->check(CLI::Range(0, 4096));
  command->add_option("--seed", hindcast.seed, "seed (default: the scenario's)")
      ->check(seed_number);
  add_what_if(command, hindcast.what_if);
  add_language_of_titles(*command, common);
  add_quiet(command, kNoProgress);
  command->callback([this] { chosen = [this] { return hindcast_command(hindcast, common); }; });
}

void CommandLine::add_replay() {
  CLI::App* command = app.add_subcommand("replay", "one winter hour by hour");
  command->add_option("scenario", replay.scenario, "scenario file (YAML)")->required();
  command->add_option("--replication", replay.replication, "which winter, from 0")
      ->required()
      ->check(replication_number);
  command->add_option("-o,--output", replay.out, "folder for the results")->required();
  command->add_option("--seed", replay.seed, "seed (default: the scenario's)")->check(seed_number);
  command->add_option("--policy", replay.policy, "repair policy (default: the scenario's)");
  add_what_if(command, replay.what_if);
  add_language_of_titles(*command, common);
  add_quiet(command);
  command->callback([this] { chosen = [this] { return replay_command(replay, common); }; });
}

void CommandLine::add_others() {
  CLI::App* validate = app.add_subcommand("validate", "check a scenario: all errors at once");
  validate->add_option("scenario", validate_scenario, "scenario file (YAML)")->required();
  add_what_if(validate, validate_what_if);
  add_json(validate);
  validate->callback([this] {
    chosen = [this] { return validate_command(validate_scenario, validate_what_if, common); };
  });

  add_report(app, report, common, chosen);
  add_generators(app, generators, common, chosen, add_what_if, seed_number);
  add_solve(app, solve, common, chosen);

  CLI::App* import = app.add_subcommand("import", "make a scenario from another program's file");
  import->require_subcommand(1);
  CLI::App* matpower = import->add_subcommand(
      "matpower", "a MATPOWER case with synthetic households, heat and water");
  matpower->add_option("file", import_matpower.file, "MATPOWER case (.m)")->required();
  matpower->add_option("-o,--output", import_matpower.out, "folder for the scenario")->required();
  matpower->add_flag("--force", import_matpower.force, "replace a scenario that is already there");
  matpower->add_flag("--power-only", import_matpower.power_only, "no heat and water systems");
  add_quiet(matpower);
  matpower->callback(
      [this] { chosen = [this] { return import_matpower_command(import_matpower, common); }; });
  CLI::App* epanet = import->add_subcommand(
      "epanet", "an EPANET network as the water network of a synthetic town");
  epanet->add_option("file", import_epanet.file, "EPANET input file (.inp)")->required();
  epanet->add_option("-o,--output", import_epanet.out, "folder for the scenario")->required();
  epanet
      ->add_option("--fidelity", import_epanet.fidelity,
                   "hydraulic: pipe by pipe, by pressure; transport: groups of junctions, by "
                   "capacity, which runs faster")
      ->capture_default_str()
      ->check(CLI::IsMember({"hydraulic", "transport"}));
  epanet->add_flag("--force", import_epanet.force, "replace a scenario that is already there");
  add_quiet(epanet);
  epanet->callback(
      [this] { chosen = [this] { return import_epanet_command(import_epanet, common); }; });

  CLI::App* calibrate = app.add_subcommand("calibrate", "fit parameters to your own records");
  calibrate->require_subcommand(1);
  CLI::App* recovery = calibrate->add_subcommand(
      "recovery", "paces of draining, refilling and repair from counts of buildings");
  recovery
      ->add_option(
          "file", calibrate_recovery.file,
          "CSV: day (since the loss, parts of days as well), without_heat, and for draining "
          "drained (all until then)")
      ->required();
  recovery->add_option("-o,--output", calibrate_recovery.out, "overlay to write (YAML)");
  add_count(recovery, "--fit", calibrate_recovery.fit,
            "counts to fit, from the first on (default: 60 %); the rest tests the fit");
  recovery
      ->add_option("--crews", calibrate_recovery.crews,
                   "plumbing crews that worked, for their pace")
      ->check(number_between(1.0, 1e5));
  recovery->callback(
      [this] { chosen = [this] { return calibrate_recovery_command(calibrate_recovery); }; });
  CLI::App* campaign = calibrate->add_subcommand(
      "campaign", "a preset of the strike campaign from a public record of attacks");
  campaign
      ->add_option("file", calibrate_campaign.file,
                   "CSV: time_start, time_end, model, launched, destroyed, not_reach_goal")
      ->required();
  campaign->add_option("-o,--output", calibrate_campaign.out, "overlay to write (YAML)");
  campaign->add_option("--from", calibrate_campaign.from, "first day, like 2025-10-01");
  campaign->add_option("--to", calibrate_campaign.to, "last day");
  campaign
      ->add_option("--preset", calibrate_campaign.preset,
                   "preset that the overlay replaces: that of your scenario")
      ->capture_default_str();
  campaign->callback(
      [this] { chosen = [this] { return calibrate_campaign_command(calibrate_campaign); }; });

  CLI::App* make = app.add_subcommand("new", "make a scenario to start from");
  make->add_option("template", new_scenario.template_name, "oblast or city")->required();
  make->add_option("folder", new_scenario.folder, "folder for the scenario")->required();
  make->add_option("--seed", new_scenario.seed, "seed of the generator")
      ->capture_default_str()
      ->check(seed_number);
  make->add_flag("--force", new_scenario.force, "replace a scenario that is already there");
  make->add_option("--people", new_scenario.people, "people in it, 100000 to 10 million")
      ->capture_default_str();
  add_quiet(make);
  make->callback([this] { chosen = [this] { return new_command(new_scenario, common); }; });

  CLI::App* schema = app.add_subcommand("schema", "the JSON Schema (draft-07) of scenario files");
  schema->add_flag("--markdown", schema_markdown, "the reference page instead");

  schema->callback([this] { chosen = [this] { return schema_command(schema_markdown, common); }; });

  CLI::App* explain = app.add_subcommand("explain", "what the code of an error means: WG0104");
  explain->add_option("code", explain_code, "code (default: list all)");
  explain->callback([this] { chosen = [this] { return explain_command(explain_code, common); }; });

  CLI::App* doctor =
      app.add_subcommand("doctor", "whether this program is well here, with a self-check");
  add_json(doctor);
  doctor->callback([this] { chosen = [this] { return doctor_command(common); }; });
}

int parse_and_run(int count, char** words) {
  CommandLine line;
  line.common.command_line = joined(count, words);
  line.app.add_flag("--version", line.version, "version and how it was built");
  line.app.add_flag("--json", line.common.json, "with --version: as JSON");
  line.add_run();
  line.add_compare();
  line.add_replay();
  add_plan(line.app, line.plan, line.common, line.chosen);
  line.add_sensitivity();
  line.add_hindcast();
  line.add_others();
  if (count == 1) {
    fmt::print("{}", line.app.help());
    return kUsage;
  }
  const std::string no_command = unknown_command(line.app, count, words);
  if (!no_command.empty()) {
    fmt::print(stderr, "{}", no_command);
    return kUsage;
  }
  const std::string unknown = unknown_option(line.app, count, words);
  if (!unknown.empty()) {
    fmt::print(stderr, "{}", unknown);
    return kUsage;
  }
  try {
    line.app.parse(count, words);
  } catch (const CLI::CallForHelp&) {
    // Help of the innermost command that was named.
    const CLI::App* at = &line.app;
    std::string above;
    while (!at->get_subcommands().empty()) {
      above += (above.empty() ? "" : " ") + at->get_name();
      at = at->get_subcommands().front();
    }
    fmt::print("{}", at->help(above));
    return kOk;
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "error: {}\n   hint: see wintergrid{} --help\n", error.what(),
               count > 1 && words[1][0] != '-' ? std::string(" ") + words[1] : "");
    return kUsage;
  }
  if (line.version) {
    return version_command(line.common);
  }
  if (!line.chosen) {
    fmt::print(stderr, "error: no command is given\n   hint: see wintergrid --help\n");
    return kUsage;
  }
  return line.chosen();
}

}  // namespace
}  // namespace wintergrid::cli

int main(int count, char** words) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file over the size limit (ulimit -f) is a failed write, to be
                                  // reported like a full disk
  try {
    const int code = wintergrid::cli::parse_and_run(count, words);
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      fmt::print(stderr, "error: standard output cannot be written: is the disk full?\n");
      return wintergrid::cli::kInputOutput;
    }
    return code;
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "error: out of memory; use a smaller scenario or fewer --replications\n");
    return wintergrid::cli::kBug;
  } catch (const std::system_error& error) {  // fmt: standard output cannot be written
    fmt::print(stderr, "error: {}\n", error.what());
    return wintergrid::cli::kInputOutput;
  } catch (const std::exception& error) {
    fmt::print(
        stderr,
        "error: this is a bug in wintergrid: {}\n   hint: please report it with the command line\n",
        error.what());
    return wintergrid::cli::kBug;
  }
}
