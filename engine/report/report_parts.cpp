#include "engine/report/report_parts.hpp"

#include <exception>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wintergrid::report {
namespace {

using Json = nlohmann::ordered_json;

/// A kind of part: where it goes, and what of it.
struct Kind {
  const char* format;
  const char* key;
  Json (*shown)(const Json&);
};

Json some_of(const Json& json, std::initializer_list<const char*> keys) {
  Json some;
  for (const char* key : keys) {
    some[key] = json.at(key);
  }
  return some;
}

Json shown_plan(const Json& json) {
  return some_of(json, {"moment", "horizon_hours", "futures_judged", "saved_against_first_come",
                        "lower_bound", "jobs", "visits"});
}

/// By class and by kind of facility; zones stay in the folder.
Json shown_generators(const Json& json) {
  Json shown = some_of(json, {"level", "winters", "unmet_gap", "savings"});
  Json& needs = shown["needs"] = Json::array();
  for (const Json& need : json.at("needs")) {
    if (need.at("by") == "all" || need.at("by") == "kind") {
      needs.push_back(need);
    }
  }
  return shown;
}

Json shown_sensitivity(const Json& json) { return some_of(json, {"winters", "metrics"}); }

constexpr Kind kKinds[] = {{"wintergrid-plan", "plan", shown_plan},
                           {"wintergrid-generators", "generator_plan", shown_generators},
                           {"wintergrid-sensitivity", "sensitivity", shown_sensitivity}};
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
      report[kind.key] = kind.shown(json);
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
