#include "engine/scenario/schema.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <type_traits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/scenario/fields.hpp"

namespace wintergrid::scenario {
namespace {

using Json = nlohmann::json;

Json schema() { return Json::parse(json_schema()); }

/// The schema of a dotted key: "power.import_limit.mean" is
/// properties/power/properties/import_limit/properties/mean.
const Json& at(const Json& root, const std::string& dotted) {
  const Json* node = &root;
  std::istringstream parts(dotted);
  for (std::string part; std::getline(parts, part, '.');) {
    node = &node->at("properties").at(part);
  }
  return *node;
}

template <class Owner>
void expect_listed(const Json& object, const std::string& where) {
  EXPECT_EQ(object.at("additionalProperties"), false) << where;
  std::set<std::string> needed;
  for (const Field<Owner>& field : fields<Owner>()) {
    const Json& property = object.at("properties").at(field.key);
    EXPECT_NE(property.at("description").get<std::string>().find(field.doc), std::string::npos)
        << where << field.key;
    if (field.required) {
      needed.insert(field.key);
    }
  }
  EXPECT_EQ(object.at("properties").size(), fields<Owner>().size()) << where;
  EXPECT_EQ(object.at("required").get<std::set<std::string>>(), needed) << where;
}

template <class Item>
const Item& item_type(const std::vector<Item>&);

TEST(Schema, IsDraft07AndClosed) {
  const Json root = schema();
  EXPECT_EQ(root.at("$schema"), "http://json-schema.org/draft-07/schema#");
  EXPECT_EQ(root.at("additionalProperties"), false);
  EXPECT_EQ(root.at("required"), (Json{"wintergrid", "tables"}));
  EXPECT_EQ(at(root, "tables").at("required"),
            (Json{"zones", "buses", "branches", "generators", "feeders", "households"}));
}

TEST(Schema, ListsEveryKeyListAndColumn) {
  const Json root = schema();
  for (const Field<Scenario>& field : fields<Scenario>()) {
    EXPECT_TRUE(at(root, field.key).contains("type")) << field.key;
  }
  for_each_list([&](std::size_t index, auto member) {
    using Item = std::decay_t<decltype(item_type(Scenario{}.*member))>;
    expect_listed<Item>(at(root, lists()[index].key).at("items"), lists()[index].key);
  });
  for_each_table([&](std::size_t index, auto member) {
    using Row = std::decay_t<decltype(item_type(Scenario{}.*member))>;
    EXPECT_EQ(at(root, "tables." + tables()[index].key).at("type"), "string");
    expect_listed<Row>(root.at("definitions").at(tables()[index].key + "_row"),
                       tables()[index].key);
  });
  EXPECT_EQ(at(root, "set").at("additionalProperties").at("type"), "number");
}

TEST(Schema, TypesRangesChoicesAndDefaults) {
  const Json root = schema();
  EXPECT_EQ(at(root, "step_minutes").at("type"), "integer");
  EXPECT_EQ(at(root, "step_minutes").at("default"), 60);
  EXPECT_EQ(at(root, "horizon_days").at("exclusiveMinimum"), 0);
  EXPECT_EQ(at(root, "horizon_days").at("maximum"), 400);
  EXPECT_EQ(at(root, "seed").at("maximum"), UINT64_MAX);
  EXPECT_EQ(at(root, "power.household_kw").at("default"), 0.6);
  EXPECT_EQ(at(root, "parameters").at("enum"), (Json{"fixed", "sampled"}));
  EXPECT_EQ(at(root, "parameters").at("default"), "sampled");
  EXPECT_EQ(at(root, "power.hour_profile").at("minItems"), 24);
  EXPECT_EQ(at(root, "power.import_limit.mean").at("maximum"), 1);
  const Json& rise = root.at("definitions").at("households_row").at("properties").at("rise");
  EXPECT_EQ(rise.at("anyOf")[0].at("enum"), (Json{"low", "high"}));
  EXPECT_EQ(rise.at("anyOf")[1].at("const"), "unknown");
  EXPECT_EQ(root.at("definitions").at("branches_row").at("properties").at("in_service").at("type"),
            "boolean");
}

TEST(FieldTable, DocsEndAsSentencesAndChoicesHoldTheDefaults) {
  const auto check = [](const auto& all) {
    for (const auto& field : all) {
      EXPECT_FALSE(field.doc.empty()) << field.key;
      EXPECT_TRUE(field.doc.ends_with('.')) << field.key;
      const std::string value = default_text(field);
      if (!field.choices.empty() && !value.empty()) {
        EXPECT_NE(std::find(field.choices.begin(), field.choices.end(), value), field.choices.end())
            << field.key;
      }
    }
  };
  check(fields<Scenario>());
  for_each_list([&](std::size_t, auto member) {
    check(fields<std::decay_t<decltype(item_type(Scenario{}.*member))>>());
  });
  for_each_table([&](std::size_t, auto member) {
    check(fields<std::decay_t<decltype(item_type(Scenario{}.*member))>>());
  });
}

// data/reference.md is generated: run with WINTERGRID_UPDATE=1 after a change of the field table.
TEST(Reference, CommittedPageIsTheGeneratedOne) {
  const std::string path = std::string(WINTERGRID_SOURCE_DIR) + "/data/reference.md";
  if (std::getenv("WINTERGRID_UPDATE") != nullptr) {
    std::ofstream(path, std::ios::binary) << reference_markdown();
  }
  std::ifstream in(path, std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), reference_markdown());
}

}  // namespace
}  // namespace wintergrid::scenario
