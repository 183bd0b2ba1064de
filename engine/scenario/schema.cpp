// The JSON Schema. Draft-07, because that is what editors' YAML language servers read.
#include "engine/scenario/schema.hpp"

#include <cmath>
#include <string>
#include <type_traits>

#include <nlohmann/json.hpp>

#include "engine/scenario/fields.hpp"
#include "engine/scenario/unknown.hpp"

namespace wintergrid::scenario {
namespace {

using Json = nlohmann::ordered_json;

std::string described(const FieldInfo& field) {
  std::string text = field.doc;
  if (!field.unit.empty()) {
    text += " Unit: " + field.unit + ".";
  }
  if (!field.refers_to.empty()) {
    text += " Refers to table " + field.refers_to + ".";
  }
  return text;
}

/// Whole limits are written as whole numbers.
Json json_number(double value) {
  constexpr double kExactlyWhole = 9007199254740992.0;  // 2^53
  constexpr double kTwoTo64 = 18446744073709551615.0;
  if (value == kTwoTo64) {
    return UINT64_MAX;
  }
  if (value == std::floor(value) && std::abs(value) <= kExactlyWhole) {
    return static_cast<std::int64_t>(value);
  }
  return value;
}

Json type_of(const FieldInfo& field) {
  Json type;
  switch (field.kind) {
    case FieldKind::number:
    case FieldKind::integer:
      type["type"] = field.kind == FieldKind::number ? "number" : "integer";
      if (std::isfinite(field.minimum)) {
        type[field.minimum_excluded ? "exclusiveMinimum" : "minimum"] = json_number(field.minimum);
      }
      if (std::isfinite(field.maximum)) {
        type["maximum"] = json_number(field.maximum);
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
      if (field.choices.empty()) {
        type["minLength"] = 1;
      } else {
        type["enum"] = field.choices;
      }
  }
  return type;
}

template <class Owner>
Json default_of(const Field<Owner>& field) {
  const Owner owner{};
  if (field.kind == FieldKind::choice) {
    return default_text(field);
  }
  return std::visit(
      [&](auto member) -> Json {
        const auto& value = owner.*member;
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, double>) {
          return json_number(value);
        } else {
          return value;
        }
      },
      field.member);
}

template <class Owner>
Json property_of(const Field<Owner>& field) {
  Json property;
  if (field.list) {
    property["type"] = "array";
    property["items"] = type_of(field);
    if (field.list_length > 0) {
      property["minItems"] = field.list_length;
      property["maxItems"] = field.list_length;
    }
  } else {
    property = type_of(field);
  }
  property["description"] = described(field);
  if (!field.list && !default_text(field).empty()) {
    property["default"] = default_of(field);
  }
  return property;
}

Json section(std::string_view doc) {
  Json made;
  made["type"] = "object";
  if (!doc.empty()) {
    made["description"] = doc;
  }
  made["additionalProperties"] = false;
  made["properties"] = Json::object();
  return made;
}

/// The place of a dotted key in the tree of sections, which are made as they are first needed.
Json& property_at(Json& root, const std::string& dotted) {
  Json* at = &root;
  std::size_t start = 0;
  for (std::size_t dot = dotted.find('.'); dot != std::string::npos;
       dot = dotted.find('.', start)) {
    Json& properties = (*at)["properties"];
    const std::string key = dotted.substr(start, dot - start);
    if (!properties.contains(key)) {
      properties[key] = section(section_doc(dotted.substr(0, dot)));
    }
    at = &properties[key];
    start = dot + 1;
  }
  return (*at)["properties"][dotted.substr(start)];
}

/// A column that admits the word `unknown` beside its values.
Json or_unknown(Json property, const FieldInfo& field) {
  Json either;
  either["anyOf"] = {type_of(field), {{"const", kUnknown}}};
  either["description"] = property["description"];
  if (property.contains("default")) {
    either["default"] = property["default"];
  }
  return either;
}

/// `table`: key of the table whose rows the objects are; empty: they are none.
template <class Owner>
Json object_of(std::string_view doc, std::string_view table) {
  Json made = section(doc);
  Json needed = Json::array();
  for (const Field<Owner>& field : fields<Owner>()) {
    made["properties"][field.key] = may_be_unknown(table, field.key)
                                        ? or_unknown(property_of(field), field)
                                        : property_of(field);
    if (field.required) {
      needed.push_back(field.key);
    }
  }
  made["required"] = needed;
  return made;
}

template <class Pointer>
struct ItemOf;
template <class Item>
struct ItemOf<std::vector<Item> Scenario::*> {
  using Type = Item;
};

}  // namespace

std::string json_schema() {
  Json root;
  root["$schema"] = "http://json-schema.org/draft-07/schema#";
  root["title"] = "wintergrid scenario";
  root["type"] = "object";
  root["additionalProperties"] = false;
  Json needed = Json::array();
  for (const Field<Scenario>& field : fields<Scenario>()) {
    property_at(root, field.key) = property_of(field);
    if (field.required) {
      needed.push_back(field.key);
    }
  }
  needed.push_back("tables");
  root["required"] = needed;
  for_each_list([&](std::size_t index, auto member) {
    Json& list = property_at(root, lists()[index].key);
    list["type"] = "array";
    list["description"] = lists()[index].doc;
    list["items"] = object_of<typename ItemOf<decltype(member)>::Type>({}, {});
  });
  root["properties"]["set"] = {
      {"type", "object"}, {"description", kSetDoc}, {"additionalProperties", {{"type", "number"}}}};
  Json needed_tables = Json::array();
  for_each_table([&](std::size_t index, auto member) {
    const TableInfo& table = tables()[index];
    property_at(root, "tables." + table.key) = {
        {"type", "string"}, {"minLength", 1}, {"description", table.doc}};
    root["definitions"][table.key + "_row"] =
        object_of<typename ItemOf<decltype(member)>::Type>(table.doc, table.key);
    if (table.required) {
      needed_tables.push_back(table.key);
    }
  });
  root["properties"]["tables"]["required"] = needed_tables;
  return root.dump(2) + "\n";
}

}  // namespace wintergrid::scenario
