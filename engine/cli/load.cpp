#include "engine/cli/load.hpp"

#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/cli/exit_codes.hpp"
#include "engine/io/diagnostics_text.hpp"
#include "engine/io/suggest.hpp"
#include "engine/scenario/overlay.hpp"
#include "engine/scenario/unknown.hpp"

namespace wintergrid::cli {

std::string program_version() { return WINTERGRID_VERSION; }

Loaded load(const std::string& path, const WhatIf& what_if) {
  Loaded result;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    fmt::print(stderr,
               "error: {}: no such file\n   hint: 'wintergrid new oblast DIR' makes a scenario to "
               "start from\n",
               path);
    result.exit_code = kNoInput;
    return result;
  }
  Diagnostics diagnostics;
  std::vector<scenario::OverlaySource> overlays;
  for (const std::string& given : what_if.overlays) {
    if (std::optional<scenario::OverlaySource> found = scenario::find_overlay(given, diagnostics)) {
      overlays.push_back(std::move(*found));
    }
  }
  for (const std::string& setting : what_if.settings) {
    if (std::optional<scenario::OverlaySource> made = scenario::overlay_of_setting(setting)) {
      overlays.push_back(std::move(*made));
    } else {
      diagnostics.error(ErrorCode::syntax, {}, fmt::format("--set '{}' is not key=value", setting),
                        "write --set heat.tau_panel_hours=50");
    }
  }
  result.scenario = scenario::read_scenario(path, overlays, diagnostics);
  if (diagnostics.ok()) {
    result.which = montecarlo::prepare_case(result.scenario, diagnostics);
  }
  if (!diagnostics.items().empty()) {
    fmt::print(stderr, "{}", io::diagnostics_text(diagnostics));
  }
  if (!diagnostics.ok()) {
    result.exit_code = kBadData;
  } else if (result.scenario.unknowns) {
    for (const scenario::UnknownColumn& column : result.scenario.unknowns->columns()) {
      fmt::print(stderr, "note: {}\n", scenario::to_text(column));
    }
  }
  result.diagnostics = std::move(diagnostics);
  return result;
}

std::string policy_without_list(recovery::PolicyKind policy, const scenario::Scenario& scenario) {
  return policy == recovery::PolicyKind::priority_list && scenario.priority_list.empty()
             ? fmt::format(
                   "{}: error: policy 'priority_list' needs recovery.priority_list\n   hint: list "
                   "components in the order of repair\n",
                   scenario.file)
             : std::string();
}

std::string policy_problem(const std::string& given) {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < recovery::kPolicyCount; ++i) {
    known.emplace_back(recovery::to_text(static_cast<recovery::PolicyKind>(i)));
  }
  std::string text =
      fmt::format("error: policy '{}' is not known (known: {})\n", given, fmt::join(known, ", "));
  const std::string hint = io::did_you_mean(given, known);
  return hint.empty() ? text : text + fmt::format("   hint: {}\n", hint);
}

report::RunFacts run_facts(const scenario::Scenario& scenario, recovery::PolicyKind policy,
                           std::uint64_t seed) {
  report::RunFacts facts;
  facts.program_version = program_version();
  facts.scenario_name = scenario.name;
  facts.scenario_description = scenario.description;
  facts.scenario_file = scenario.file;
  facts.scenario_sha256 = scenario.sha256;
  facts.start = scenario.start;
  facts.policy = recovery::to_text(policy);
  facts.campaign = scenario.campaign;
  for (const scenario::OverlayInfo& overlay : scenario.overlays) {
    facts.overlays.push_back(overlay.file);
  }
  facts.weather = !scenario.weather_file.empty() ? fmt::format("file {}", scenario.weather_file)
                  : scenario.weather == "constant"
                      ? fmt::format("constant {} C", scenario.constant_c)
                      : scenario.weather;
  facts.seed = seed;
  facts.parameters_sampled = scenario.sample_parameters;
  facts.horizon_days = scenario.horizon_days;
  facts.people_per_household = scenario.people_per_household;
  return facts;
}

}  // namespace wintergrid::cli
