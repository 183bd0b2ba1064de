#include "engine/report/report_parts.hpp"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wintergrid::report {
namespace {

using Json = nlohmann::ordered_json;

/// A kind of part: where it goes, and what of it. `shape` has the keys that the page reads, with a
/// value of their type; a key with "?" may be absent or null, a number may be null, an array's one
/// item is the shape of all of its items.
struct Kind {
  const char* format;
  const char* key;
  const char* shape;
};

constexpr const char* kPlanShape = R"({
  "moment": "", "horizon_hours": 0, "futures_judged": 0,
  "saved_against_first_come": {"mean": 0, "ci95_low": 0, "ci95_high": 0},
  "lower_bound": {"gap": 0},
  "jobs": [{
    "position": 0, "component": "", "zone": "", "crew_type": "",
    "?back": {"ends_hours": {"p10": 0, "p50": 0, "p90": 0}},
    "saves_loss": {"mean": 0, "ci95_low": 0, "ci95_high": 0},
    "households_returned": {"power": 0, "heat": 0, "water": 0},
    "?stays_among_first_three": 0, "?crews_for_all_at_once": true}],
  "visits": [{"crew_type": "", "crew": 0, "component": "",
    "sets_out_hours": 0, "begins_hours": 0, "ends_hours": 0}]})";

constexpr const char* kGeneratorsShape = R"({
  "level": "", "winters": 0,
  "needs": [{
    "by": "", "name": "", "set_class": "", "facilities": 0, "without_set": 0,
    "sets_at_once": {"p50": {"value": 0}, "p80": {"value": 0}, "p95": {"value": 0}},
    "run_hours": {"p50": {"value": 0}, "p80": {"value": 0}, "p95": {"value": 0}},
    "litres": {"p50": {"value": 0}, "p80": {"value": 0}, "p95": {"value": 0}}}],
  "savings": [{
    "variant": "", "meaning": "", "units": 0,
    "household_hours_saved": {
      "heat": {"mean": 0, "ci95_low": 0, "ci95_high": 0},
      "water": {"mean": 0, "ci95_low": 0, "ci95_high": 0},
      "all": {"mean": 0, "ci95_low": 0, "ci95_high": 0}},
    "household_hours_saved_per_unit": {"all": {"mean": 0, "ci95_low": 0, "ci95_high": 0}},
    "?household_hours_saved_per_1000_usd": {
      "all": {"mean": 0, "ci95_low": 0, "ci95_high": 0}}}]})";

constexpr const char* kSensitivityShape = R"({
  "winters": 0,
  "metrics": [{"metric": "", "factors": [{
    "name": "", "mu_star": 0, "ci95_low": 0, "ci95_high": 0, "?total_share": [0]}]}]})";

constexpr Kind kKinds[] = {{"wintergrid-plan", "plan", kPlanShape},
                           {"wintergrid-generators", "generator_plan", kGeneratorsShape},
                           {"wintergrid-sensitivity", "sensitivity", kSensitivityShape}};

/// Of `json` what `shape` has, and nothing else; throws if it is not of that shape.
Json shown(const Json& json, const Json& shape, const std::string& where) {
  const auto require = [&](bool holds, const char* what) {
    if (!holds) {
      throw std::runtime_error(fmt::format("{} is not {}", where, what));
    }
  };
  if (shape.is_array()) {
    require(json.is_array(), "a list");
    Json list = Json::array();
    for (std::size_t i = 0; i < json.size(); ++i) {
      list.push_back(shown(json[i], shape[0], fmt::format("{}[{}]", where, i)));
    }
    return list;
  }
  if (!shape.is_object()) {
    require(!shape.is_string() || json.is_string(), "a text");
    require(!shape.is_boolean() || json.is_boolean(), "true or false");
    require(!shape.is_number() || json.is_number() || json.is_null(), "a number");
    return json;
  }
  require(json.is_object(), "an object");
  Json some;
  for (const auto& [pattern, inner] : shape.items()) {
    const bool optional = pattern.starts_with('?');
    const std::string key = pattern.substr(optional ? 1 : 0);
    const auto found = json.find(key);
    const std::string place = where.empty() ? key : fmt::format("{}.{}", where, key);
    if (found == json.end() || (optional && found->is_null())) {
      if (!optional) {
        throw std::runtime_error(fmt::format("{} is missing", place));
      }
      some[key] = nullptr;
    } else {
      some[key] = shown(*found, inner, place);
    }
  }
  return some;
}

/// Needs by class and by kind of facility; those by zone and facility stay in the folder.
void leave_out_zones(Json& generators) {
  Json& needs = generators.at("needs");
  needs.erase(std::remove_if(needs.begin(), needs.end(),
                             [](const Json& need) {
                               return need.at("by") != "all" && need.at("by") != "kind";
                             }),
              needs.end());
}

constexpr int kVersion = 1;

/// Empty, or what is wrong.
std::string add(const Part& part, Json& report) {
  const Json json = Json::parse(part.text, nullptr, false);
  if (!json.is_object()) {
    return "is not JSON, or damaged";
  }
  for (const Kind& kind : kKinds) {
    if (json.value("format", Json()) != kind.format) {
      continue;
    }
    if (json.value("format_version", Json()) != kVersion) {
      return fmt::format("is of another version of the format than {}, which this program reads",
                         kVersion);
    }
    if (json.value("scenario_sha256", Json()) != report.at("facts").at("scenario_sha256")) {
      return "is of another scenario, or of the scenario before it was changed";
    }
    if (report.contains(kind.key)) {
      return fmt::format("is the second of the format {}", kind.format);
    }
    try {
      Json taken = shown(json, Json::parse(kind.shape), {});
      if (taken.contains("needs")) {
        leave_out_zones(taken);
      }
      report[kind.key] = std::move(taken);
    } catch (const std::exception& lacking) {
      return fmt::format("is damaged: {}", lacking.what());
    }
    return {};
  }
  return "is of no format that the page shows";
}

}  // namespace

std::string with_parts(std::string_view report_json, const std::vector<Part>& parts,
                       std::string& problem) {
  problem.clear();
  Json report = Json::parse(report_json);
  for (const Part& part : parts) {
    const std::string wrong = add(part, report);
    if (!wrong.empty()) {
      problem += fmt::format("{}'{}' {}", problem.empty() ? "" : "; ", part.path, wrong);
    }
  }
  return problem.empty() ? report.dump() + "\n" : std::string();
}

}  // namespace wintergrid::report
