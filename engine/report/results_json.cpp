#include "engine/report/results_json.hpp"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/report/report_page.hpp"

namespace wintergrid::report {
namespace {

using Json = nlohmann::ordered_json;

/// JSON has no infinity: an interval that cannot be stated is null.
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json estimate_json(const montecarlo::Estimate& estimate) {
  Json json;
  json["mean"] = number(estimate.mean);
  json["ci95_low"] = number(estimate.ci95_low);
  json["ci95_high"] = number(estimate.ci95_high);
  json["p05"] = number(estimate.p05);
  json["p50"] = number(estimate.p50);
  json["p95"] = number(estimate.p95);
  json["p05_parameters"] = number(estimate.p05_parameters);
  json["p95_parameters"] = number(estimate.p95_parameters);
  return json;
}

const montecarlo::Estimate& estimate_of(const Summary& summary, const std::string& name) {
  return summary.estimates.at(montecarlo::metric_index(name));
}

Json headline(const Summary& summary) {
  Json json;
  for (const std::string_view service : kServiceNames) {
    Json& part = json[std::string(service)];
    for (const char* name :
         {"household_hours_lost", "peak_households", "households_over_24h", "households_over_72h",
          "households_over_168h", "longest_outage_hours"}) {
      part[name] = estimate_json(estimate_of(summary, fmt::format("{}.{}", service, name)));
    }
  }
  for (const char* name :
       {"households_below_12c_over_24h", "households_without_two_services_over_24h",
        "buildings_drained", "buildings_burst"}) {
    json[name] = estimate_json(estimate_of(summary, name));
  }
  return json;
}

Json share_json(const montecarlo::VarianceShare& share) {
  Json json;
  json["share"] = number(share.share);
  json["ci95_low"] = number(share.low);
  json["ci95_high"] = number(share.high);
  return json;
}

Json unknown_json(const Summary& summary) {
  Json json;
  json["columns"] = Json::array();
  for (const scenario::UnknownColumn& column : summary.unknown) {
    Json part;
    part["table"] = column.table;
    part["column"] = column.column;
    part["cells"] = column.rows;
    part["unknown"] = column.unknown;
    part["share"] = static_cast<double>(column.unknown) / static_cast<double>(column.rows);
    part["from_class"] = column.from_class;
    part["from_table"] = column.from_table;
    part["from_default"] = column.from_default;
    json["columns"].push_back(std::move(part));
  }
  Json& effects = json["effect_on_household_hours_lost"];
  effects = nullptr;
  for (const UnknownEffectOn& on : summary.unknown_effects) {
    Json part;
    part["winters_again"] = on.effect.winters;
    part["winters_differing"] = on.effect.differing;
    part["mean_absolute_difference"] = number(on.effect.mean_difference);
    part["of_variance_between_winters"] = share_json(on.effect.of_winters);
    part["of_variance_of_expectation"] = share_json(on.effect.of_expectation);
    effects[on.service] = std::move(part);
  }
  return json;
}

}  // namespace

std::string run_json(const Summary& summary) {
  Json json;
  json["format"] = "wintergrid-run";
  json["format_version"] = 1;
  json["program_version"] = summary.facts.program_version;
  json["scenario"] = summary.facts.scenario_name;
  json["scenario_sha256"] = summary.facts.scenario_sha256;
  json["start"] = summary.facts.start;
  json["horizon_days"] = summary.facts.horizon_days;
  json["households"] = summary.households;
  if (!summary.facts.overlays.empty()) {
    json["overlays"] = summary.facts.overlays;
  }
  json["policy"] = summary.facts.policy;
  json["campaign"] = summary.facts.campaign;
  json["weather"] = summary.facts.weather;
  json["parameters"] = summary.facts.parameters_sampled ? "sampled" : "fixed";
  json["seed"] = summary.facts.seed;
  json["replications"] = summary.replications;
  json["failed_replications"] = summary.failed;
  json["ended"] = to_text(summary.facts.stop_reason);
  json["headline"] = headline(summary);
  Json& all = json["metrics"];
  const std::vector<montecarlo::Metric>& metrics = montecarlo::metrics();
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    Json part = estimate_json(summary.estimates[m]);
    part["unit"] = metrics[m].unit;
    part["parameter_variance_share"] = number(summary.estimates[m].parameter_variance_share);
    all[metrics[m].name] = std::move(part);
  }
  Json generators = Json::array();
  for (const GeneratorNeed& need : summary.generators) {
    Json part;
    part["set_class"] = need.set_class;
    part["facilities"] = need.facilities;
    part["mean_load_kw"] = need.mean_load_kw;
    part["sets_at_once"] = {{"p50", need.sets_p50}, {"p80", need.sets_p80}, {"p95", need.sets_p95}};
    part["litres_worst_day"] = {
        {"p50", need.litres_day_p50}, {"p80", need.litres_day_p80}, {"p95", need.litres_day_p95}};
    part["set_hours_mean"] = need.set_hours_mean;
    generators.push_back(std::move(part));
  }
  json["generators"] = std::move(generators);
  if (!summary.unknown.empty()) {
    json["unknown"] = unknown_json(summary);
  }
  return json.dump(2) + "\n";
}

std::string manifest_json(const Summary& summary, const ManifestFacts& facts) {
  Json json;
  json["program_version"] = summary.facts.program_version;
  json["program_source"] = facts.source;
  json["scenario_file"] = summary.facts.scenario_file;
  json["command_line"] = facts.command_line;
  json["compiler"] = facts.compiler;
  json["build_type"] = facts.build_type;
  json["host"] = facts.host;
  json["started_utc"] = facts.started_utc;
  json["threads"] = facts.threads;
  json["report_html"] =
      has_page_template() ? "written" : "not written: wintergrid report DIR says why";
  json["resumed_after"] = facts.resumed_after;
  json["wall_seconds"] = facts.wall_seconds;
  json["replications_per_second"] =
      facts.wall_seconds > 0.0
          ? static_cast<double>(summary.replications - facts.resumed_after) / facts.wall_seconds
          : 0.0;
  return json.dump(2) + "\n";
}

}  // namespace wintergrid::report
