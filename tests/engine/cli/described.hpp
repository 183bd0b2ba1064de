#pragma once
// datapackage.json of a folder against its CSV files: every file, every column, every cell's type.

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/cli/program.hpp"

namespace wintergrid::test {

/// RFC 4180 without line breaks in cells; a first line of comment is left out.
inline std::vector<std::vector<std::string>> csv_table(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, {""});
  bool quoted = false;
  for (const char letter : text.starts_with('#') ? text.substr(text.find('\n') + 1) : text) {
    if (letter == '"') {
      quoted = !quoted;
    } else if (letter == ',' && !quoted) {
      rows.back().emplace_back();
    } else if (letter == '\n' && !quoted) {
      rows.push_back({""});
    } else {
      rows.back().back() += letter;
    }
  }
  rows.pop_back();
  return rows;
}

inline bool has_type(const std::string& cell, const std::string& type) {
  static const std::regex kInteger("-?[0-9]+");
  static const std::regex kNumber("-?[0-9]+(\\.[0-9]+)?(e[-+]?[0-9]+)?");
  static const std::regex kBoolean("true|false");
  return type == "string" || cell.empty() ||
         std::regex_match(cell, type == "integer"   ? kInteger
                                : type == "boolean" ? kBoolean
                                                    : kNumber);
}

inline void expect_described(const std::filesystem::path& folder) {
  const auto package = nlohmann::json::parse(bytes_of(folder / "datapackage.json"));
  EXPECT_EQ(package.at("profile"), "tabular-data-package");
  EXPECT_FALSE(package.at("description").get<std::string>().empty());
  EXPECT_EQ(package.at("wintergrid").at("scenario_sha256").get<std::string>().size(), 64U);
  std::set<std::string> described;
  for (const nlohmann::json& resource : package.at("resources")) {
    const auto path = resource.at("path").get<std::string>();
    described.insert(path);
    const std::string bytes = bytes_of(folder / path);
    const auto rows = csv_table(bytes);
    const nlohmann::json& fields = resource.at("schema").at("fields");
    ASSERT_FALSE(rows.empty()) << path;
    ASSERT_EQ(rows[0].size(), fields.size()) << path;
    EXPECT_EQ(resource.at("dialect").contains("commentChar"), bytes.starts_with('#')) << path;
    for (std::size_t c = 0; c < fields.size(); ++c) {
      const auto name = fields[c].at("name").get<std::string>();
      EXPECT_EQ(rows[0][c], name) << path;
      EXPECT_FALSE(fields[c].at("title").get<std::string>().empty()) << path << " " << name;
      for (std::size_t r = 1; r < rows.size(); ++r) {
        ASSERT_EQ(rows[r].size(), fields.size()) << path << " row " << r;
        EXPECT_TRUE(has_type(rows[r][c], fields[c].at("type")))
            << path << " " << name << ": " << rows[r][c];
      }
    }
    std::set<std::string> keys;
    for (std::size_t r = 1; r < rows.size() && resource.at("schema").contains("primaryKey"); ++r) {
      std::string key;
      for (const nlohmann::json& part : resource.at("schema").at("primaryKey")) {
        const auto column = std::find(rows[0].begin(), rows[0].end(), part.get<std::string>());
        ASSERT_NE(column, rows[0].end()) << path << " " << part;
        key += rows[r][static_cast<std::size_t>(column - rows[0].begin())] + "|";
      }
      EXPECT_TRUE(keys.insert(key).second) << path << ": " << key << " twice";
    }
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".csv") {
      EXPECT_EQ(described.count(entry.path().filename().string()), 1U) << entry.path();
    }
  }
}

}  // namespace wintergrid::test
