#include "engine/report/report_parts.hpp"

#include <algorithm>
#include <exception>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
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
  "?households_without_by_hour": {"plan": {
    "?power": {"p50": [0]}, "?heat": {"p50": [0]}, "?water": {"p50": [0]}}},
  "saved_against_first_come": {"mean": 0, "ci95_low": 0, "ci95_high": 0},
  "lower_bound": {"gap": 0},
  "jobs": [{
    "position": 0, "component": "", "zone": "", "crew_type": "",
    "?place": {"x_km": 0, "y_km": 0}, "?far_end": {"x_km": 0, "y_km": 0},
    "?share_of_futures_with_a_job": 0, "?share_of_futures_damaged": 0, "?temporarily_fixed": true,
    "?back": {"?share_of_futures": 0, "?begins_hours": {"p50": 0},
              "ends_hours": {"p10": 0, "p50": 0, "p90": 0}},
    "?permanent_repair": {"?share_of_futures": 0, "ends_hours": {"p50": 0}},
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
    "litres": {"p50": {"value": 0}, "p80": {"value": 0}, "p95": {"value": 0}},
    "?at_level": {"sets_at_once": {"value": 0, "ci95_low": 0, "ci95_high": 0}}}],
  "?unmet_gap": [{
    "set_class": "", "sets": 0,
    "no_set_facility_hours": {"mean": 0, "ci95_low": 0, "ci95_high": 0},
    "remaining_facility_hours": {"mean": 0, "ci95_low": 0, "ci95_high": 0},
    "start_failure_facility_hours": {"mean": 0},
    "out_of_fuel_facility_hours": {"mean": 0}}],
  "?allocation": {
    "chosen_on_winters": {"count": 0},
    "stock": [{"rating_kw": 0, "count": 0}],
    "rules": [{
      "rule": "", "meaning": "", "sets": 0,
      "sets_by": [{"by": "", "name": "", "sets": 0}],
      "household_hours_saved": {
        "heat": {"mean": 0, "ci95_low": 0, "ci95_high": 0},
        "water": {"mean": 0, "ci95_low": 0, "ci95_high": 0},
        "all": {"mean": 0, "ci95_low": 0, "ci95_high": 0}},
      "facility_hours_saved": {"mean": 0, "ci95_low": 0, "ci95_high": 0},
      "?by_saving_saves_more": {"mean": 0, "ci95_low": 0, "ci95_high": 0}}]},
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

constexpr const char* kReplayShape = R"({
  "policy": "", "seed": "", "replication": 0, "hours": 0,
  "components": [{
    "component": "", "zone": "", "crew_type": "",
    "place": {"x_km": 0, "y_km": 0}, "?far_end": {"x_km": 0, "y_km": 0},
    "events": [{"hour": 0, "status": "", "?damage_state": ""}]}],
  "households_without_by_hour": {"?power": [0], "?heat": [0], "?water": [0]},
  "zones": [{
    "zone": "",
    "runs_of_hours_and_percent_without": {"?power": [0], "?heat": [0], "?water": [0]}}]})";

constexpr Kind kKinds[] = {{"wintergrid-plan", "plan", kPlanShape},
                           {"wintergrid-generators", "generator_plan", kGeneratorsShape},
                           {"wintergrid-sensitivity", "sensitivity", kSensitivityShape},
                           {"wintergrid-replay", "replay", kReplayShape}};

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

constexpr double kMostHours = 1e5;  // eleven years; the page walks through them

void require(bool holds, std::string_view what) {
  if (!holds) {
    throw std::runtime_error(std::string(what));
  }
}

bool within(const Json& number, double low, double high) {
  return number.is_number() && number.get<double>() >= low && number.get<double>() <= high;
}

/// What the page counts on beyond types; throws if it does not hold.
void check_plan(const Json& plan) {
  require(within(plan.at("horizon_hours"), 1.0, kMostHours),
          "horizon_hours is not between 1 and 100,000");
  for (const Json& job : plan.at("jobs")) {
    require(job.at("position").is_number(), "a job is without position");
  }
}

void check_winter(const Json& winter) {
  require(winter.at("hours").is_number_integer() && within(winter.at("hours"), 1.0, kMostHours),
          "hours is not a whole number from 1 to 100,000");
  const auto hours = winter.at("hours").get<std::size_t>();
  for (const Json& series : winter.at("households_without_by_hour")) {
    require(series.is_null() || series.size() == hours,
            "households_without_by_hour is not a number for each hour");
  }
  for (const Json& component : winter.at("components")) {
    for (const Json& event : component.at("events")) {
      require(within(event.at("hour"), 0.0, static_cast<double>(hours)),
              "an event is not within the hours");
    }
  }
  for (const Json& zone : winter.at("zones")) {
    for (const Json& runs : zone.at("runs_of_hours_and_percent_without")) {
      double sum = 0.0;
      bool holds = runs.is_null() || runs.size() % 2 == 0;
      for (std::size_t i = 0; holds && i < runs.size(); i += 2) {
        holds = within(runs[i], 1.0, kMostHours) && within(runs[i + 1], 0.0, 100.0);
        sum += holds ? runs[i].get<double>() : 0.0;
      }
      require(holds && (runs.is_null() || sum == static_cast<double>(hours)),
              "runs_of_hours_and_percent_without do not add up to the hours, or are not per cent");
    }
  }
}

/// Names of the zones that the report shows on their own, by their identifiers.
std::map<std::string, std::string> shown_zones(const Json& report) {
  std::map<std::string, std::string> zones;
  for (const Json& zone : report.value("zones", Json::array())) {
    if (zone.contains("zone")) {  // those that are merged have none
      zones[zone.at("zone").get<std::string>()] = zone.at("name").get<std::string>();
    }
  }
  return zones;
}

void remove_if(Json& list, const std::function<bool(const Json&)>& unwanted) {
  list.erase(std::remove_if(list.begin(), list.end(), unwanted), list.end());
}

/// Of needs those by class and kind; of an allocation's zones those that the report shows, by
/// their names, and the others together (without name).
void leave_out_zones(Json& generators, const std::map<std::string, std::string>& zones) {
  remove_if(generators.at("needs"),
            [](const Json& need) { return need.at("by") != "all" && need.at("by") != "kind"; });
  if (generators.at("allocation").is_null()) {
    return;
  }
  for (Json& rule : generators.at("allocation").at("rules")) {
    double others = 0.0;
    for (Json& part : rule.at("sets_by")) {
      if (part.at("by") != "zone") {
        continue;
      }
      const auto found = zones.find(part.at("name").get<std::string>());
      if (found == zones.end()) {
        others += part.at("sets").is_number() ? part.at("sets").get<double>() : 0.0;
        part["by"] = nullptr;
      } else {
        part["name"] = found->second;
      }
    }
    remove_if(rule.at("sets_by"), [](const Json& part) { return part.at("by").is_null(); });
    if (others > 0.0 && !zones.empty()) {
      rule.at("sets_by").push_back({{"by", "zone"}, {"name", ""}, {"sets", others}});
    }
  }
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
      const std::map<std::string, std::string> zones = shown_zones(report);
      if (taken.contains("needs")) {
        leave_out_zones(taken, zones);
      } else if (taken.contains("visits")) {
        check_plan(taken);
      } else if (taken.contains("zones")) {
        check_winter(taken);
        remove_if(taken.at("zones"),
                  [&](const Json& zone) { return !zones.contains(zone.at("zone")); });
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
