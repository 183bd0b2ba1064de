#include "tests/support/json_schema.hpp"

#include <algorithm>
#include <regex>
#include <set>

#include <nlohmann/json.hpp>

namespace wintergrid::test {
namespace {

using Json = nlohmann::json;

bool has_type(const Json& value, const std::string& type) {
  return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
         (type == "string" && value.is_string()) || (type == "number" && value.is_number()) ||
         (type == "integer" && value.is_number_integer()) ||
         (type == "boolean" && value.is_boolean()) || (type == "null" && value.is_null());
}

class Checker {
 public:
  explicit Checker(const Json& root) : root_(root) {}

  void check(const Json& rules, const Json& value, const std::string& at) {
    for (const auto& [keyword, rule] : rules.items()) {
      if (keyword == "$ref") {
        check(root_.at(Json::json_pointer(rule.get<std::string>().substr(1))), value, at);
      } else if (keyword == "type") {
        const Json types = rule.is_array() ? rule : Json::array({rule});
        expect(std::any_of(types.begin(), types.end(),
                           [&](const Json& type) { return has_type(value, type); }),
               at, "is not of type " + rule.dump());
      } else if (keyword == "const") {
        expect(value == rule, at, "is not " + rule.dump());
      } else if (keyword == "enum") {
        expect(std::find(rule.begin(), rule.end(), value) != rule.end(), at,
               "is none of " + rule.dump());
      } else if (keyword == "properties" || keyword == "required" ||
                 keyword == "additionalProperties") {
        if (value.is_object()) {
          check_object(keyword, rule, rules, value, at);
        }
      } else if (keyword == "items") {
        for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
          check(rule, value[i], at + "/" + std::to_string(i));
        }
      } else if (keyword == "minItems") {
        expect(!value.is_array() || value.size() >= rule.get<std::size_t>(), at, "has too few");
      } else if (keyword == "minimum") {
        expect(!value.is_number() || value.get<double>() >= rule.get<double>(), at, "is too small");
      } else if (keyword == "exclusiveMinimum") {
        expect(!value.is_number() || value.get<double>() > rule.get<double>(), at, "is too small");
      } else if (keyword == "maximum") {
        expect(!value.is_number() || value.get<double>() <= rule.get<double>(), at, "is too large");
      } else if (keyword == "pattern") {
        expect(!value.is_string() ||
                   std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>())),
               at, "does not match " + rule.dump());
      } else if (static const std::set<std::string> kNoRules = {"$schema", "title", "description",
                                                                "definitions"};
                 !kNoRules.contains(keyword)) {
        problems.push_back("the schema's keyword '" + keyword + "' is not checked");
      }
    }
  }

  std::vector<std::string> problems;

 private:
  void check_object(const std::string& keyword, const Json& rule, const Json& rules,
                    const Json& value, const std::string& at) {
    if (keyword == "required") {
      for (const Json& name : rule) {
        expect(value.contains(name.get<std::string>()), at, "lacks " + name.dump());
      }
      return;
    }
    for (const auto& [name, part] : value.items()) {
      const bool listed = rules.contains("properties") && rules.at("properties").contains(name);
      if (keyword == "properties" && listed) {
        check(rule.at(name), part, at + "/" + name);
      } else if (keyword == "additionalProperties" && !listed) {
        if (rule.is_object()) {
          check(rule, part, at + "/" + name);
        } else {
          expect(rule.get<bool>(), at, "has '" + name + "', which the schema does not know");
        }
      }
    }
  }

  void expect(bool fine, const std::string& at, const std::string& what) {
    if (!fine) {
      problems.push_back((at.empty() ? "/" : at) + " " + what);
    }
  }

  const Json& root_;
};

}  // namespace

std::vector<std::string> schema_problems(const Json& schema, const Json& document) {
  Checker checker(schema);
  checker.check(schema, document, "");
  return checker.problems;
}

}  // namespace wintergrid::test
