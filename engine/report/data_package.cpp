#include "engine/report/data_package.hpp"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wintergrid::report {
namespace {

using Json = nlohmann::ordered_json;

Json field_json(const CsvColumn& column, Language language) {
  Json field;
  field["name"] = column.name;
  field["type"] = column.type;
  field["title"] = column.title.in(language);
  if (!column.description.empty()) {
    field["description"] = column.description;
  }
  if (!column.unit.empty()) {
    field["unit"] = column.unit;
  }
  return field;
}

Json resource_json(const CsvTable& table, Language language) {
  Json resource;
  resource["name"] = table.name;
  resource["path"] = table.name + ".csv";
  resource["profile"] = "tabular-data-resource";
  resource["title"] = table.title.in(language);
  resource["format"] = "csv";
  resource["mediatype"] = "text/csv";
  resource["encoding"] = "utf-8";
  resource["dialect"] = {{"delimiter", ","},
                         {"lineTerminator", "\n"},
                         {"quoteChar", "\""},
                         {"doubleQuote", true},
                         {"header", true}};
  if (table.comment) {
    resource["dialect"]["commentChar"] = "#";
  }
  Json& schema = resource["schema"];
  schema["fields"] = Json::array();
  for (const CsvColumn& column : table.columns) {
    schema["fields"].push_back(field_json(column, language));
  }
  if (!table.key.empty()) {
    schema["primaryKey"] = table.key;
  }
  schema["missingValues"] = {""};
  return resource;
}

std::string package_text(const std::string& scenario, const Label& description, Json about,
                         const std::vector<CsvTable>& tables, Language language) {
  Json json;
  json["profile"] = "tabular-data-package";
  json["name"] = "wintergrid-results";
  json["title"] = fmt::format("wintergrid: {}", scenario);
  json["description"] = description.in(language);
  json["languages"] = {language == Language::ukrainian ? "uk" : "en"};
  json["wintergrid"] = std::move(about);
  json["resources"] = Json::array();
  for (const CsvTable& table : tables) {
    json["resources"].push_back(resource_json(table, language));
  }
  return json.dump(2) + "\n";
}

}  // namespace

std::string data_package_json(std::string_view report_json, const std::vector<CsvTable>& tables,
                              Language language) {
  const Json facts = Json::parse(report_json).at("facts");
  Json about;
  for (const char* key : {"program_version", "scenario_sha256", "seed", "replications", "policy"}) {
    about[key] = facts.at(key);
  }
  return package_text(
      facts.at("scenario").get<std::string>(),
      {"Simulated winters of strikes: households without power, heat and water. Not a forecast.",
       "Змодельовані зими ударів: домогосподарства без електрики, тепла й води. Не прогноз."},
      std::move(about), tables, language);
}

std::string data_package_json(const RunFacts& facts, const Label& description,
                              const std::vector<CsvTable>& tables, Language language) {
  Json about = {{"program_version", facts.program_version},
                {"scenario_sha256", facts.scenario_sha256},
                {"seed", std::to_string(facts.seed)}};
  if (facts.replications_wanted > 0) {
    about["replications"] = facts.replications_wanted;
  }
  about["policy"] = facts.policy;
  return package_text(facts.scenario_name, description, std::move(about), tables, language);
}

}  // namespace wintergrid::report
