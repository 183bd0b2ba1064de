// What other tools rely on: datapackage.json against the tables, run.json against its schema, the
// GeoPackage's layers, and names in both languages.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include "engine/report/csv_columns.hpp"
#include "engine/report/data_package.hpp"
#include "engine/report/geopackage.hpp"
#include "engine/report/results_json.hpp"
#include "engine/report/start_day.hpp"
#include "engine/report/write_results.hpp"
#include "tests/engine/report/simulated.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid::report {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using testing::dark;

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// RFC 4180, quoted cells without line breaks.
std::vector<std::vector<std::string>> csv_of(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, {""});
  bool quoted = false;
  for (const char letter : text) {
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

bool is_of_type(const std::string& cell, const std::string& type) {
  static const std::regex kInteger("-?[0-9]+");
  static const std::regex kNumber("-?[0-9]+(\\.[0-9]+)?(e[-+]?[0-9]+)?");
  return type == "string" || cell.empty() ||
         std::regex_match(cell, type == "integer" ? kInteger : kNumber);
}

void check_resource(const Json& resource, const fs::path& folder) {
  const auto rows = csv_of(bytes_of(folder / resource.at("path").get<std::string>()));
  const Json& fields = resource.at("schema").at("fields");
  ASSERT_GT(rows.size(), 1U) << resource.at("path");
  ASSERT_EQ(rows[0].size(), fields.size()) << resource.at("path");
  std::set<std::string> names, keys;
  for (std::size_t c = 0; c < fields.size(); ++c) {
    EXPECT_EQ(rows[0][c], fields[c].at("name").get<std::string>()) << resource.at("path");
    EXPECT_FALSE(fields[c].at("title").get<std::string>().empty());
    names.insert(rows[0][c]);
    for (std::size_t r = 1; r < rows.size(); ++r) {
      ASSERT_EQ(rows[r].size(), fields.size()) << resource.at("path") << " row " << r;
      EXPECT_TRUE(is_of_type(rows[r][c], fields[c].at("type"))) << rows[0][c] << " " << rows[r][c];
    }
  }
  EXPECT_EQ(names.size(), fields.size());
  for (std::size_t r = 1; r < rows.size(); ++r) {
    std::string key;
    for (const Json& part : resource.at("schema").at("primaryKey")) {
      for (std::size_t c = 0; c < fields.size(); ++c) {
        key += rows[0][c] == part.get<std::string>() ? rows[r][c] + "|" : "";
      }
    }
    EXPECT_FALSE(key.empty());
    EXPECT_TRUE(keys.insert(key).second) << resource.at("path") << ": " << key << " twice";
  }
}

TEST(DataPackage, SaysWhatStandsInEveryTableOfARun) {
  const test::TempDir folder;
  ASSERT_EQ(write_results(folder.path().string(), dark().summary, *dark().which,
                          dark().which->policy, *dark().tally, {}),
            "");
  const Json package = Json::parse(bytes_of(folder / "datapackage.json"));
  EXPECT_EQ(package.at("profile"), "tabular-data-package");
  std::set<std::string> paths;
  for (const Json& resource : package.at("resources")) {
    check_resource(resource, folder.path());
    paths.insert(resource.at("path").get<std::string>());
  }
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    if (entry.path().extension() == ".csv") {
      EXPECT_EQ(paths.count(entry.path().filename().string()), 1U) << entry.path();
    }
  }
  EXPECT_EQ(paths.size(), 5U);
}

TEST(DataPackage, TitlesAreInTheReadersLanguageAndNamesInEnglish) {
  const std::vector<CsvTable> tables = {run_tables()[2], compare_table("policy")};
  const Json english = Json::parse(data_package_json(dark().data(), tables, Language::english));
  const Json ukrainian = Json::parse(data_package_json(dark().data(), tables, Language::ukrainian));
  EXPECT_EQ(english.at("languages"), Json::array({"en"}));
  EXPECT_EQ(ukrainian.at("languages"), Json::array({"uk"}));
  const auto field = [](const Json& package, std::size_t resource, std::size_t column) {
    return package.at("resources").at(resource).at("schema").at("fields").at(column);
  };
  EXPECT_EQ(field(english, 0, 2).at("title"), "Households");
  EXPECT_EQ(field(ukrainian, 0, 2).at("title"), "Домогосподарства");
  EXPECT_EQ(field(ukrainian, 0, 2).at("name"), "households");
  EXPECT_EQ(field(ukrainian, 0, 2).at("unit"), "households");
  EXPECT_EQ(field(english, 1, 1).at("name"), "policy_a");
  EXPECT_EQ(field(ukrainian, 1, 1).at("title"), "Черговість А");
}

bool is_ukrainian(const std::string& text) {
  return !text.empty() && text.find("{}") == std::string::npos &&
         !std::regex_search(text, std::regex("[A-Za-z]{2,}"));
}

TEST(Labels, EverythingHasAUkrainianName) {
  for (const montecarlo::Metric& metric : montecarlo::metrics()) {
    EXPECT_TRUE(is_ukrainian(metric_label(metric.name).uk)) << metric.name;
    EXPECT_TRUE(is_ukrainian(unit_label(metric.unit).uk)) << metric.unit;
    EXPECT_FALSE(metric_label(metric.name).en.empty()) << metric.name;
  }
  for (std::size_t i = 0; i < recovery::kPolicyCount; ++i) {
    const std::string policy{recovery::to_text(static_cast<recovery::PolicyKind>(i))};
    EXPECT_TRUE(is_ukrainian(policy_label(policy).uk)) << policy;
  }
  for (const std::string_view service : kServiceNames) {
    EXPECT_TRUE(is_ukrainian(service_label(service).uk)) << service;
    EXPECT_TRUE(is_ukrainian(without_label(service).uk)) << service;
  }
  std::vector<CsvTable> tables = run_tables();
  tables.push_back(compare_table("policy"));
  tables.push_back(compare_table("overlay"));
  for (const CsvTable& table : tables) {
    EXPECT_TRUE(is_ukrainian(table.title.uk)) << table.name;
    for (const CsvColumn& column : table.columns) {
      EXPECT_TRUE(is_ukrainian(column.title.uk)) << table.name << " " << column.name;
    }
  }
  EXPECT_EQ(set_class_label("up to 10 kW").uk, "до 10 кВт");
  EXPECT_EQ(metric_label("heat.households_over_72h").uk,
            "Домогосподарства без тепла 72 год і довше поспіль");
}

TEST(RunSchema, DescribesRunJsonAndNothingElse) {
  const Json schema =
      Json::parse(bytes_of(std::string(WINTERGRID_SOURCE_DIR) + "/data/run.schema.json"));
  Json run = Json::parse(run_json(dark().summary));
  run["scenario_sha256"] = std::string(64, 'a');  // the fixture reads no file
  for (const char* text : {"policy", "campaign"}) {
    run[text] = "x";
  }
  EXPECT_THAT(test::schema_problems(schema, run), ::testing::IsEmpty());
  for (const auto& item : run.items()) {
    Json lacking = run;
    lacking.erase(item.key());
    EXPECT_EQ(test::schema_problems(schema, lacking).size(), item.key() == "overlays" ? 0U : 1U)
        << item.key();
  }
  run["surprise"] = 1;
  run["headline"]["power"]["household_hours_lost"]["mean"] = "many";
  run["generators"][0].erase("facilities");
  EXPECT_EQ(test::schema_problems(schema, run).size(), 3U);
}

TEST(StartDay, CalendarAndOffset) {
  const LocalHour day = local_hour("2025-12-15T06:00+02:00", 24 * 17 + 3);
  EXPECT_EQ(day.year, 2026);
  EXPECT_EQ(day.month, 1);
  EXPECT_EQ(day.day, 1);
  EXPECT_EQ(day.hour, 9);
  EXPECT_EQ(utc_text("2025-12-15T00:00+02:00", 0), "2025-12-14T22:00:00.000Z");
  EXPECT_EQ(utc_text("2025-12-15T00:00:00Z", 24), "2025-12-16T00:00:00.000Z");
  EXPECT_EQ(utc_text("2024-02-28T20:00-05:30", 0), "2024-02-29T01:30:00.000Z");
  EXPECT_THROW(utc_text("2025-12-15", 0), std::invalid_argument);
}

class Database {
 public:
  explicit Database(const fs::path& path) {
    EXPECT_EQ(sqlite3_open_v2(path.c_str(), &handle_, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  }
  ~Database() { sqlite3_close(handle_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// First column of the only row.
  std::string one(const std::string& sql) {
    std::string value = "not one row";
    int rows = 0;
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle_);
    while (sqlite3_step(statement) == SQLITE_ROW) {
      const unsigned char* text = sqlite3_column_text(statement, 0);
      value.clear();
      for (int i = 0; text != nullptr && text[i] != 0; ++i) {
        value += static_cast<char>(text[i]);
      }
      ++rows;
    }
    sqlite3_finalize(statement);
    return rows == 1 ? value : "not one row";
  }

 private:
  sqlite3* handle_ = nullptr;
};

std::string with_layers(const fs::path& path) {
  return write_geopackage(path.string(), dark().summary, dark().which->model, *dark().tally);
}

TEST(GeoPackageLayers, ZonesLieWhereTheScenarioPutsThem) {
  const test::TempDir folder;
  ASSERT_EQ(with_layers(folder / "results.gpkg"), "");
  Database database(folder / "results.gpkg");
  EXPECT_EQ(database.one("SELECT count(*) FROM gpkg_contents WHERE data_type = 'features' AND "
                         "srs_id = -1 AND min_x < max_x AND min_y <= max_y"),
            "2");
  EXPECT_EQ(database.one("SELECT count(*) FROM gpkg_geometry_columns WHERE geometry_type_name = "
                         "'POINT' AND column_name = 'geom' AND srs_id = -1"),
            "2");
  EXPECT_EQ(database.one("SELECT count(*) FROM zone_map"), "3");
  EXPECT_EQ(database.one("SELECT power_hours_per_household_mean FROM zone_map WHERE zone = "
                         "'centre' AND name = 'Centre' AND households = 3200"),
            "96.0");
  // "GP", version, little endian, SRS -1, little-endian WKB of a point.
  EXPECT_EQ(database.one("SELECT DISTINCT hex(substr(geom, 1, 13)) FROM zone_map_daily"),
            "47500001FFFFFFFF0101000000");
  EXPECT_EQ(database.one("SELECT DISTINCT length(geom) FROM zone_map"), "29");
  EXPECT_EQ(database.one("SELECT count(*) FROM zone_map_daily"), "12");
  EXPECT_EQ(database.one("SELECT power_share_lost_p05 FROM zone_map_daily WHERE zone = 'centre' "
                         "AND day = 3 AND day_start = '2026-01-11T22:00:00.000Z' AND day_end = "
                         "'2026-01-12T22:00:00.000Z'"),
            "1.0");
  const montecarlo::Case& which = *dark().which;
  EXPECT_EQ(
      database.one("SELECT min_x FROM gpkg_contents WHERE table_name = 'zone_map'"),
      std::to_string(static_cast<int>(1000.0F * *std::min_element(which.model.zones.x_km.begin(),
                                                                  which.model.zones.x_km.end()))) +
          ".0");
}

TEST(GeoPackageLayers, SmallZonesHaveNoPlace) {
  scenario::Scenario scenario = montecarlo::testing::quiet_town();
  for (scenario::HouseholdRow& row : scenario.households) {
    if (row.zone != "centre") {
      row.households = std::min<std::int64_t>(row.households, 150);
      row.buildings = std::min<std::int64_t>(row.buildings, 8);
    }
  }
  const testing::Simulated run = testing::run_of(scenario, 2);
  const test::TempDir folder;
  ASSERT_EQ(
      write_geopackage((folder / "r.gpkg").string(), run.summary, run.which->model, *run.tally),
      "");
  Database database(folder / "r.gpkg");
  EXPECT_EQ(database.one("SELECT name FROM zone_map WHERE geom IS NULL AND zones_in_it = 3"),
            "others");
  EXPECT_EQ(database.one("SELECT count(*) FROM zone_map"), "1");
  EXPECT_EQ(database.one("SELECT count(*) FROM zone_map_daily"), "0");
}

TEST(GeoPackageLayers, GdalReadsThem) {
  if (std::system("ogrinfo --version > /dev/null 2>&1") != 0) {  // NOLINT: no user input
    std::cout << "SKIPPED: ogrinfo (Debian's gdal-bin) is not here: results.gpkg was not opened "
                 "by GDAL\n";
    return;
  }
  const test::TempDir folder;
  ASSERT_EQ(with_layers(folder / "results.gpkg"), "");
  const std::string out = (folder / "ogrinfo.txt").string();
  const std::string command =
      "ogrinfo -ro -al " + (folder / "results.gpkg").string() + " > " + out + " 2>&1";
  ASSERT_EQ(std::system(command.c_str()), 0);  // NOLINT: no user input
  const std::string text = bytes_of(out);
  for (const char* part :
       {"Layer name: zone_map\n", "Layer name: zone_map_daily\n", "Geometry: Point",
        "Feature Count: 12", "ENGCRS[\"Undefined Cartesian SRS\"", "day_start: DateTime",
        "day_start (DateTime) = 2026/01/08 22:00:00+00", "POINT (", "Layer name: metrics\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text.substr(0, 3000);
  }
  for (const char* complaint : {"ERROR", "Warning"}) {
    EXPECT_EQ(text.find(complaint), std::string::npos) << text.substr(0, 3000);
  }
}

}  // namespace
}  // namespace wintergrid::report
