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
  Json& schema = resource["schema"];
  schema["fields"] = Json::array();
  for (const CsvColumn& column : table.columns) {
    schema["fields"].push_back(field_json(column, language));
  }
  schema["primaryKey"] = table.key;
  schema["missingValues"] = {""};
  return resource;
}

}  // namespace

std::string data_package_json(std::string_view report_json, const std::vector<CsvTable>& tables,
                              Language language) {
  const Json facts = Json::parse(report_json).at("facts");
  Json json;
  json["profile"] = "tabular-data-package";
  json["name"] = "wintergrid-results";
  json["title"] = fmt::format("wintergrid: {}", facts.at("scenario").get<std::string>());
  const Label description{
      "Simulated winters of strikes: households without power, heat and water. Not a forecast.",
      "Змодельовані зими ударів: домогосподарства без електрики, тепла й води. Не прогноз."};
  json["description"] = description.in(language);
  json["languages"] = {language == Language::ukrainian ? "uk" : "en"};
  json["wintergrid"] = {{"program_version", facts.at("program_version")},
                        {"scenario_sha256", facts.at("scenario_sha256")},
                        {"seed", facts.at("seed")},
                        {"replications", facts.at("replications")},
                        {"policy", facts.at("policy")}};
  json["resources"] = Json::array();
  for (const CsvTable& table : tables) {
    json["resources"].push_back(resource_json(table, language));
  }
  return json.dump(2) + "\n";
}

}  // namespace wintergrid::report
