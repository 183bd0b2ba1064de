#include "tests/support/json_schema.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace wintergrid::test {
namespace {

using Json = nlohmann::json;

std::size_t problems(const char* schema, const char* document) {
  return schema_problems(Json::parse(schema), Json::parse(document)).size();
}

TEST(JsonSchema, EveryKeywordPassesAndFails) {
  EXPECT_EQ(problems(R"({"type": "integer", "minimum": 1, "maximum": 3})", "2"), 0U);
  EXPECT_EQ(problems(R"({"type": "integer", "minimum": 1, "maximum": 3})", "4"), 1U);
  EXPECT_EQ(problems(R"({"type": "integer", "minimum": 1, "maximum": 3})", "0"), 1U);
  EXPECT_EQ(problems(R"({"type": "integer"})", "2.5"), 1U);
  EXPECT_EQ(problems(R"({"type": ["number", "null"]})", "null"), 0U);
  EXPECT_EQ(problems(R"({"type": ["number", "null"]})", "\"x\""), 1U);
  EXPECT_EQ(problems(R"({"exclusiveMinimum": 0})", "0"), 1U);
  EXPECT_EQ(problems(R"({"const": "a"})", "\"b\""), 1U);
  EXPECT_EQ(problems(R"({"enum": ["a", "b"]})", "\"b\""), 0U);
  EXPECT_EQ(problems(R"({"enum": ["a", "b"]})", "\"c\""), 1U);
  EXPECT_EQ(problems(R"({"pattern": "^[0-9]+$"})", "\"12\""), 0U);
  EXPECT_EQ(problems(R"({"pattern": "^[0-9]+$"})", "\"1x\""), 1U);
  EXPECT_EQ(problems(R"({"minItems": 1})", "[]"), 1U);
  EXPECT_EQ(problems(R"({"items": {"type": "string"}})", R"(["a", 1, 2])"), 2U);
}

TEST(JsonSchema, ObjectsAndReferences) {
  const char* schema = R"({"required": ["a"], "properties": {"a": {"$ref": "#/definitions/n"}},
                          "additionalProperties": false, "definitions": {"n": {"type": "number"}}})";
  EXPECT_EQ(problems(schema, R"({"a": 1})"), 0U);
  EXPECT_EQ(problems(schema, R"({})"), 1U);
  EXPECT_EQ(problems(schema, R"({"a": "1", "b": 2})"), 2U);
  EXPECT_EQ(problems(R"({"additionalProperties": {"type": "number"}})", R"({"x": "1"})"), 1U);
}

TEST(JsonSchema, AnUnknownRuleIsNotPassedOver) {
  EXPECT_THAT(schema_problems(Json::parse(R"({"maxLength": 3})"), Json("abc")),
              ::testing::ElementsAre(::testing::HasSubstr("maxLength")));
}

}  // namespace
}  // namespace wintergrid::test
