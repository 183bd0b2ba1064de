// Draft-07, because that is what editors' YAML language servers read.

#include <cmath>
#include <string>

#include <nlohmann/json.hpp>

#include "engine/plan/today_fields.hpp"

namespace wintergrid::plan {
namespace {

using Json = nlohmann::ordered_json;
using scenario::FieldInfo;
using scenario::FieldKind;

Json property_of(const FieldInfo& field) {
  Json type;
  switch (field.kind) {
    case FieldKind::number:
    case FieldKind::integer:
      type["type"] = field.kind == FieldKind::number ? "number" : "integer";
      if (std::isfinite(field.minimum)) {
        type[field.minimum_excluded ? "exclusiveMinimum" : "minimum"] = field.minimum;
      }
      if (std::isfinite(field.maximum)) {
        type["maximum"] = field.maximum;
      }
      break;
    case FieldKind::boolean:
      type["type"] = "boolean";
      break;
    case FieldKind::timestamp:
      type["type"] = "string";
      type["pattern"] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:00(:00)?(Z|[+-][0-9]{2}:[0-9]{2})$";
      break;
    default:
      type["type"] = "string";
      if (!field.choices.empty()) {
        type["enum"] = field.choices;
      }
  }
  Json property = field.list ? Json{{"type", "array"}, {"items", type}} : type;
  property["description"] =
      field.unit.empty() ? field.doc : field.doc + " Unit: " + field.unit + ".";
  return property;
}

Json section() {
  Json made;
  made["type"] = "object";
  made["additionalProperties"] = false;
  made["properties"] = Json::object();
  return made;
}

/// The section that holds the last part of a dotted path, made if it is not there.
Json& holder_of(Json& root, const std::string& dotted) {
  const std::size_t dot = dotted.find('.');
  if (dot == std::string::npos) {
    return root["properties"];
  }
  Json& child = root["properties"][dotted.substr(0, dot)];
  if (child.is_null()) {
    child = section();
  }
  return child["properties"];
}

std::string last_part(const std::string& dotted) {
  const std::size_t dot = dotted.find('.');
  return dot == std::string::npos ? dotted : dotted.substr(dot + 1);
}

template <class Item>
Json items_of(const std::vector<Item>& /*type only*/) {
  Json item = section();
  Json required = Json::array();
  for (const scenario::Field<Item>& field : today_fields<Item>()) {
    item["properties"][field.key] = property_of(field);
    if (field.required) {
      required.push_back(field.key);
    }
  }
  if (!required.empty()) {
    item["required"] = std::move(required);
  }
  return item;
}

}  // namespace

std::string today_schema() {
  Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                 {"title", "wintergrid TODAY.yaml: the moment from which repairs are planned"}};
  schema.update(section());
  schema["required"] = Json::array();
  for (const scenario::Field<TodayValues>& field : today_fields<TodayValues>()) {
    holder_of(schema, field.key)[last_part(field.key)] = property_of(field);
    if (field.required) {
      schema["required"].push_back(field.key);
    }
  }
  const Today types;
  for_each_today_list([&](std::size_t index, auto member) {
    const TodayList& list = today_lists()[index];
    holder_of(schema, list.key)[last_part(list.key)] = {
        {"type", "array"}, {"description", list.doc}, {"items", items_of(types.*member)}};
  });
  return schema.dump(2) + "\n";
}

}  // namespace wintergrid::plan
