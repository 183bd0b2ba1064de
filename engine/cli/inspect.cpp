// validate, schema, --version: commands that only look.

#include <cstdio>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/cli/commands.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/cli/load.hpp"
#include "engine/cli/provenance.hpp"
#include "engine/io/error_kinds.hpp"
#include "engine/report/terminal.hpp"
#include "engine/scenario/schema.hpp"
#include "engine/scenario/unknown.hpp"

namespace wintergrid::cli {

namespace {

std::string diagnostics_json(const Diagnostics& diagnostics, const scenario::Unknowns* unknowns) {
  nlohmann::ordered_json json;
  json["ok"] = diagnostics.ok();
  json["errors"] = diagnostics.error_count();
  json["warnings"] = diagnostics.warning_count();
  json["diagnostics"] = nlohmann::ordered_json::array();
  for (const Diagnostic& item : diagnostics.items()) {
    json["diagnostics"].push_back(
        {{"severity", item.severity == Severity::error ? "error" : "warning"},
         {"file", item.place.file},
         {"line", item.place.line},
         {"column", item.place.column},
         {"code", io::kind_of(item).code},
         {"problem", item.problem},
         {"path", item.path},
         {"hint", item.hint}});
  }
  if (unknowns != nullptr) {
    for (const scenario::UnknownColumn& column : unknowns->columns()) {
      json["unknown"].push_back({{"table", column.table},
                                 {"column", column.column},
                                 {"cells", column.rows},
                                 {"unknown", column.unknown},
                                 {"from", scenario::to_text(column)}});
    }
  }
  return json.dump(2) + "\n";
}

}  // namespace

int validate_command(const std::string& scenario, const WhatIf& what_if,
                     const CommonArguments& common) {
  const Loaded loaded = load(scenario, what_if);
  if (common.json) {
    fmt::print("{}", diagnostics_json(loaded.diagnostics, loaded.scenario.unknowns.get()));
    return loaded.exit_code;
  }
  if (loaded.exit_code != kOk) {
    return loaded.exit_code;
  }
  const Model& model = loaded.which->model;
  fmt::print("{}: fine\n", scenario);
  fmt::print("  {} households in {} zones, {} buses, {} branches, {} generators, {} feeders\n",
             report::grouped(static_cast<double>(model.total_households)), model.zones.count(),
             model.power.network.bus_count, model.power.network.branch_count(),
             model.power.network.generator_count(), model.power.feeder_count());
  fmt::print(
      "  {} heat nodes, {} heat sources, {} water nodes, {} facilities, {} blocks of buildings, {} "
      "components\n",
      model.heat.node_count, model.heat.source_node.size(), model.water.node_count(),
      model.facilities.count(), model.heat.block_count(), model.components.count());
  if (const std::string missing = montecarlo::missing_crews(model); !missing.empty()) {
    fmt::print("  no crews of type {}: what they would repair stays broken (recovery.crews)\n",
               missing);
  }
  return kOk;
}

int schema_command(bool markdown, const CommonArguments&) {
  fmt::print("{}", markdown ? scenario::reference_markdown() : scenario::json_schema());
  return kOk;
}

int version_command(const CommonArguments& common) {
  const Provenance& facts = provenance();
  if (common.json) {
    nlohmann::ordered_json json;
    json["program"] = "wintergrid";
    json["version"] = facts.version;
    json["source"] = facts.source;
    json["compiler"] = facts.compiler;
    json["build_type"] = facts.build_type;
    json["sanitizer"] = facts.sanitizer;
    for (const auto& [name, version] : facts.dependencies) {
      json["dependencies"][name] = version;
    }
    fmt::print("{}\n", json.dump(2));
    return kOk;
  }
  fmt::print("wintergrid {}\nsource {}\ncompiler {}, build type {}{}\n", facts.version,
             facts.source, facts.compiler, facts.build_type,
             facts.sanitizer.empty() ? "" : fmt::format(", {} sanitizer", facts.sanitizer));
  std::string with;
  for (const auto& [name, version] : facts.dependencies) {
    with += fmt::format("{}{} {}", with.empty() ? "" : ", ", name, version);
  }
  fmt::print("with {}\n", with);
  return kOk;
}

}  // namespace wintergrid::cli
