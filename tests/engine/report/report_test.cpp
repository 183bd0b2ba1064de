// Result files: their keys, their quoting, what is in the database, and that a failed write is
// reported and leaves nothing half.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include "engine/report/geopackage.hpp"
#include "engine/report/report_page.hpp"
#include "engine/report/results_json.hpp"
#include "engine/report/tables.hpp"
#include "engine/report/terminal.hpp"
#include "engine/report/write_results.hpp"
#include "tests/engine/montecarlo/cases.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid::report {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::uint64_t kWinters = 6;

RunFacts facts_of(const scenario::Scenario& scenario) {
  RunFacts facts;
  facts.program_version = "0.0.1";
  facts.scenario_name = scenario.name;
  facts.scenario_file = scenario.file;
  facts.scenario_sha256 = std::string(64, 'a');
  facts.start = scenario.start;
  facts.policy = "first_come";
  facts.campaign = scenario.campaign;
  facts.weather = scenario.weather;
  facts.seed = 42;
  facts.replications_wanted = kWinters;
  facts.horizon_days = scenario.horizon_days;
  return facts;
}

struct Finished {
  std::unique_ptr<montecarlo::Case> which;
  std::unique_ptr<montecarlo::Tally> tally;
  Summary summary;
};

Finished finished(const scenario::Scenario& scenario, bool with_failure = false) {
  Finished result;
  result.which = montecarlo::testing::prepared(scenario);
  result.tally = std::make_unique<montecarlo::Tally>(montecarlo::shape_of(result.which->model));
  montecarlo::Simulation simulation(*result.which, result.which->policy);
  for (std::uint64_t replication = 0; replication < kWinters; ++replication) {
    montecarlo::Record record;
    montecarlo::prepare(record, result.tally->shape());
    simulation.run(replication, record);
    if (with_failure && replication == 2) {
      record.failure = "made to \"fail\", here";
    }
    result.tally->add(record);
  }
  result.summary = summarise(*result.which, *result.tally, facts_of(scenario));
  return result;
}

/// The town with names that need quoting, every source of power gone and nobody to repair:
/// everything is off for four days.
scenario::Scenario dark_town() {
  scenario::Scenario scenario = montecarlo::testing::quiet_town();
  scenario.zones[0].name = "Centre, \"old\"";
  for (const char* component : {"bus/gate-330", "bus/gate-110", "plant/chp", "plant/dam"}) {
    scenario.initial_damage.push_back({component, "complete", {}});
  }
  return scenario;
}

const Finished& dark() {
  static const Finished result = finished(dark_town());
  return result;
}

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> keys_of(const Json& json) {
  std::vector<std::string> keys;
  for (const auto& item : json.items()) {
    keys.push_back(item.key());
  }
  return keys;
}

TEST(RunJson, HasExactlyThePromisedHeadline) {
  const Json json = Json::parse(run_json(dark().summary));
  EXPECT_EQ(json.at("replications"), kWinters);
  EXPECT_EQ(json.at("seed"), 42);
  EXPECT_EQ(json.at("scenario_sha256"), std::string(64, 'a'));
  EXPECT_EQ(json.at("failed_replications"), 0);
  EXPECT_EQ(json.at("households"), 6000);
  const Json& headline = json.at("headline");
  EXPECT_THAT(keys_of(headline), ::testing::UnorderedElementsAre(
                                     "power", "heat", "water", "households_below_12c_over_24h",
                                     "households_without_two_services_over_24h",
                                     "buildings_drained", "buildings_burst"));
  const auto check_estimate = [](const Json& estimate, const std::string& where) {
    EXPECT_THAT(keys_of(estimate),
                ::testing::UnorderedElementsAre("mean", "ci95_low", "ci95_high", "p05", "p50",
                                                "p95", "p05_parameters", "p95_parameters"))
        << where;
    for (const auto& item : estimate.items()) {
      EXPECT_TRUE(item.value().is_number()) << where << " " << item.key();
    }
    EXPECT_LE(estimate.at("p05"), estimate.at("p50")) << where;
    EXPECT_LE(estimate.at("p50"), estimate.at("p95")) << where;
    EXPECT_LE(estimate.at("ci95_low"), estimate.at("mean")) << where;
    EXPECT_LE(estimate.at("mean"), estimate.at("ci95_high")) << where;
  };
  for (const char* service : {"power", "heat", "water"}) {
    EXPECT_THAT(keys_of(headline.at(service)),
                ::testing::UnorderedElementsAre("household_hours_lost", "peak_households",
                                                "households_over_24h", "households_over_72h",
                                                "households_over_168h", "longest_outage_hours"));
    for (const auto& item : headline.at(service).items()) {
      check_estimate(item.value(), std::string(service) + "." + item.key());
    }
  }
  for (const char* name :
       {"households_below_12c_over_24h", "households_without_two_services_over_24h",
        "buildings_drained", "buildings_burst"}) {
    check_estimate(headline.at(name), name);
  }
}

/// All 6,000 households without power for 96 hours, in every winter: known to the digit.
TEST(RunJson, ValuesOfATownInTheDark) {
  const Json headline = Json::parse(run_json(dark().summary)).at("headline");
  const Json& power = headline.at("power");
  EXPECT_EQ(power.at("household_hours_lost").at("mean"), 6000.0 * 96.0);
  EXPECT_EQ(power.at("household_hours_lost").at("p95"), 6000.0 * 96.0);
  EXPECT_EQ(power.at("peak_households").at("p50"), 6000.0);
  EXPECT_EQ(power.at("households_over_72h").at("mean"), 6000.0);
  EXPECT_EQ(power.at("households_over_168h").at("mean"), 0.0);
  EXPECT_EQ(power.at("longest_outage_hours").at("mean"), 96.0);
  EXPECT_GT(headline.at("households_without_two_services_over_24h").at("mean"), 3000.0);
}

TEST(RunJson, AnIntervalThatCannotBeStatedIsNull) {
  Summary summary = dark().summary;
  summary.estimates[montecarlo::metric_index("power.household_hours_lost")].ci95_high =
      std::numeric_limits<double>::infinity();
  const Json json = Json::parse(run_json(summary));
  EXPECT_TRUE(json.at("headline").at("power").at("household_hours_lost").at("ci95_high").is_null());
}

TEST(RunJson, FailedReplicationsAreCountedAndSpanTheBounds) {
  const Finished result = finished(dark_town(), true);
  const Json json = Json::parse(run_json(result.summary));
  EXPECT_EQ(json.at("failed_replications"), 1);
  const Json& lost = json.at("headline").at("power").at("household_hours_lost");
  EXPECT_NEAR(lost.at("ci95_low").get<double>(), 6000.0 * 96.0 * 5.0 / 6.0,
              1e-6);  // the failed one as nothing lost
  EXPECT_NEAR(lost.at("ci95_high").get<double>(), 6000.0 * 96.0, 1e-6);  // and as everything
  EXPECT_NE(terminal_summary(result.summary).find("1 replication FAILED"), std::string::npos);
  EXPECT_NE(replications_csv(*result.tally).find("\n2,1,,"), std::string::npos);
}

TEST(RunJson, HoldsNothingOfClockHostThreadsOrPaths) {
  const Finished again = finished(dark_town());
  EXPECT_EQ(run_json(again.summary), run_json(dark().summary));
  EXPECT_EQ(run_json(again.summary).find(std::string(WINTERGRID_SOURCE_DIR)), std::string::npos);
}

TEST(Tables, CsvFieldFollowsRfc4180) {
  EXPECT_EQ(csv_field("plain text"), "plain text");
  EXPECT_EQ(csv_field(""), "");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("say \"so\""), "\"say \"\"so\"\"\"");
  EXPECT_EQ(csv_field("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(csv_field("carriage\rreturn"), "\"carriage\rreturn\"");
  EXPECT_EQ(csv_field("Лівий берег"), "Лівий берег");
}

TEST(Tables, HeadlineHasEveryMetricOnce) {
  const std::vector<std::string> lines = lines_of(headline_csv(dark().summary));
  ASSERT_EQ(lines.size(), montecarlo::metrics().size() + 1);
  for (std::size_t m = 0; m < montecarlo::metrics().size(); ++m) {
    EXPECT_EQ(lines[m + 1].rfind(
                  montecarlo::metrics()[m].name + "," + montecarlo::metrics()[m].unit + ",", 0),
              0U)
        << lines[m + 1];
  }
  EXPECT_NE(
      headline_csv(dark().summary).find("\npower.household_hours_lost,household-hours,576000,"),
      std::string::npos);
}

TEST(Tables, RowsOfTheOthers) {
  const Finished& run = dark();
  const std::vector<std::string> replications = lines_of(replications_csv(*run.tally));
  ASSERT_EQ(replications.size(), kWinters + 1);
  const auto columns = std::count(replications[0].begin(), replications[0].end(), ',');
  EXPECT_EQ(static_cast<std::size_t>(columns), montecarlo::metrics().size() + 1);
  for (const std::string& line : replications) {
    EXPECT_EQ(std::count(line.begin(), line.end(), ','), columns);
  }
  const std::vector<std::string> zones = lines_of(zones_csv(run.which->model, *run.tally));
  ASSERT_EQ(zones.size(), 3U * 3U + 1U);
  EXPECT_EQ(zones[1], "centre,\"Centre, \"\"old\"\"\",3200,power,307200,3200,3200,0");
  const std::vector<std::string> hourly = lines_of(hourly_csv(run.summary));
  EXPECT_EQ(hourly.size(), 3U * 96U + 1U);
  EXPECT_EQ(hourly[50], "49,power,6000,6000,6000");
}

TEST(Generators, EverySetOfADarkTownIsNeededAllTheTime) {
  const Finished& run = dark();
  std::uint64_t facilities = 0;
  double load_kw = 0.0;
  std::set<std::string> classes;
  for (const GeneratorNeed& need : run.summary.generators) {
    facilities += need.facilities;
    load_kw += need.mean_load_kw * static_cast<double>(need.facilities);
    const auto sets = static_cast<double>(need.facilities);
    EXPECT_EQ(need.sets_p50, sets) << need.set_class;
    EXPECT_EQ(need.sets_p95, sets) << need.set_class;
    EXPECT_NEAR(need.set_hours_mean, 96.0 * sets, 1e-9) << need.set_class;
    // between 0.25 l/kWh (no idling) and twice that, day and night
    EXPECT_GT(need.litres_day_p50, 24.0 * 0.25 * need.mean_load_kw * sets) << need.set_class;
    EXPECT_LT(need.litres_day_p95, 24.0 * 0.50 * need.mean_load_kw * sets) << need.set_class;
    EXPECT_TRUE(classes.insert(need.set_class).second);
  }
  EXPECT_EQ(facilities, 5U);
  EXPECT_NEAR(load_kw, 120.0 + 60.0 + 60.0 + 40.0 + 6.0, 1e-9);
  EXPECT_EQ(lines_of(generators_csv(run.summary)).size(), run.summary.generators.size() + 1);
}

TEST(Generators, OrderOfQuantiles) {
  const Finished run = finished(montecarlo::testing::small_oblast(6.0));
  ASSERT_GT(run.summary.generators.size(), 3U);
  for (const GeneratorNeed& need : run.summary.generators) {
    EXPECT_LE(need.sets_p50, need.sets_p80);
    EXPECT_LE(need.sets_p80, need.sets_p95);
    EXPECT_LE(need.sets_p95, static_cast<double>(need.facilities)) << need.set_class;
    EXPECT_LE(need.litres_day_p50, need.litres_day_p80);
    EXPECT_LE(need.litres_day_p80, need.litres_day_p95);
  }
}

TEST(Terminal, Numbers) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(grouped(-1234567), "-1,234,567");
  EXPECT_EQ(grouped(-0.2), "0");
  EXPECT_EQ(rounded(0.0), "0");
  EXPECT_EQ(rounded(7.14), "7.1");
  EXPECT_EQ(rounded(42.0), "42");
  EXPECT_EQ(rounded(99.96), "100");
  EXPECT_EQ(rounded(4564.0), "4,560");
  EXPECT_EQ(rounded(-4564.0), "-4,560");
  EXPECT_EQ(rounded(123456.0), "123,000");
  EXPECT_EQ(rounded(999999.0), "1 million");
  EXPECT_EQ(rounded(12345678.0), "12.3 million");
  EXPECT_EQ(rounded(123456789.0), "123 million");
  EXPECT_EQ(rounded(999.9e6), "1 billion");
  EXPECT_EQ(rounded(2.5e9), "2.5 billion");
  EXPECT_EQ(rounded(std::numeric_limits<double>::infinity()), "unknown");
  EXPECT_EQ(rounded(std::nan("")), "unknown");
}

TEST(Terminal, SaysWhatWasRunAndHowItEnded) {
  Summary summary = dark().summary;
  const std::string text = terminal_summary(summary);
  EXPECT_NE(
      text.find("6,000 households, 4 days from 2026-01-09T00:00+02:00; 6 winters simulated\n"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("household-hours"), std::string::npos);
  EXPECT_NE(text.find("576,000"), std::string::npos);
  summary.facts.stop_reason = montecarlo::StopReason::interrupted;
  summary.facts.replications_wanted = 100;
  EXPECT_NE(terminal_summary(summary).find("INTERRUPTED (100 wanted)"), std::string::npos);
}

class Database {
 public:
  explicit Database(const fs::path& path) {
    EXPECT_EQ(sqlite3_open_v2(path.c_str(), &handle_, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  }
  ~Database() { sqlite3_close(handle_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// First column of every row.
  std::vector<std::string> column(const std::string& sql) {
    std::vector<std::string> values;
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle_);
    while (sqlite3_step(statement) == SQLITE_ROW) {
      const unsigned char* text = sqlite3_column_text(statement, 0);
      std::string value;
      for (int i = 0; text != nullptr && text[i] != 0; ++i) {
        value += static_cast<char>(text[i]);
      }
      values.push_back(value);
    }
    sqlite3_finalize(statement);
    return values;
  }
  std::string one(const std::string& sql) {
    const std::vector<std::string> values = column(sql);
    return values.size() == 1 ? values[0] : "not one row";
  }

 private:
  sqlite3* handle_ = nullptr;
};

TEST(GeoPackage, OpensAndHoldsTheRun) {
  const test::TempDir folder;
  const Finished run = finished(dark_town(), true);
  ASSERT_EQ(write_geopackage((folder / "results.gpkg").string(), run.summary, run.which->model,
                             *run.tally),
            "");
  Database database(folder / "results.gpkg");
  EXPECT_EQ(database.one("PRAGMA application_id"), std::to_string(0x47504B47));  // "GPKG"
  EXPECT_EQ(database.one("PRAGMA user_version"), "10300");
  EXPECT_EQ(database.one("PRAGMA integrity_check"), "ok");
  EXPECT_THAT(
      database.column("SELECT table_name FROM gpkg_contents WHERE data_type = 'attributes'"),
      ::testing::UnorderedElementsAre("run", "metrics", "replications", "zones", "zone_daily",
                                      "hourly", "generators", "failures"));
  EXPECT_EQ(database.one("SELECT count(*) FROM gpkg_contents WHERE length(description) < 5"), "0");
  EXPECT_EQ(database.one("SELECT value FROM run WHERE key = 'scenario_description'"),
            run.summary.facts.scenario_description);
  EXPECT_EQ(database.one("SELECT count(*) FROM gpkg_spatial_ref_sys WHERE srs_id IN (-1, 0, 4326)"),
            "3");
  EXPECT_EQ(database.one("SELECT count(*) FROM metrics"),
            std::to_string(montecarlo::metrics().size()));
  EXPECT_EQ(database.one("SELECT count(*) FROM replications"), std::to_string(kWinters));
  EXPECT_EQ(database.one("SELECT count(*) FROM zones"), "9");
  EXPECT_EQ(database.one("SELECT count(*) FROM zone_daily"), std::to_string(3 * 3 * 4));
  EXPECT_EQ(database.one("SELECT count(*) FROM hourly"), std::to_string(3 * 96));
  EXPECT_EQ(database.one("SELECT sum(facilities) FROM generators"), "5");
  EXPECT_EQ(database.one("SELECT value FROM run WHERE key = 'seed'"), "42");
  EXPECT_EQ(database.one("SELECT what FROM failures WHERE replication = 2"),
            "made to \"fail\", here");
  EXPECT_EQ(
      database.one("SELECT power_household_hours_lost FROM replications WHERE replication = 0"),
      "576000.0");
  EXPECT_EQ(
      database.one(
          "SELECT power_household_hours_lost IS NULL FROM replications WHERE replication = 2"),
      "1");
  EXPECT_EQ(database.one("SELECT household_hours_lost_mean FROM zones WHERE name = 'Centre, "
                         "\"old\"' AND zone = 'centre' AND service = 'power'"),
            "307200.0");
}

TEST(GeoPackage, SameRunSameBytes) {
  const test::TempDir folder;
  const Finished again = finished(dark_town());
  ASSERT_EQ(write_geopackage((folder / "a.gpkg").string(), dark().summary, dark().which->model,
                             *dark().tally),
            "");
  ASSERT_EQ(write_geopackage((folder / "it's b.gpkg").string(), again.summary, again.which->model,
                             *again.tally),
            "");
  EXPECT_GT(bytes_of(folder / "a.gpkg").size(), 10000U);
  EXPECT_EQ(bytes_of(folder / "a.gpkg") == bytes_of(folder / "it's b.gpkg"), true);
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

std::string write_to(const fs::path& folder) {
  return write_results(folder.string(), dark().summary, *dark().which, dark().which->policy,
                       *dark().tally, {});
}

TEST(WriteResults, AllFilesAndNothingElse) {
  const test::TempDir folder;
  ASSERT_EQ(write_to(folder.path()), "");
  std::vector<std::string> expected = {"run.json",         "results.gpkg",    "headline.csv",
                                       "replications.csv", "zones.csv",       "hourly.csv",
                                       "generators.csv",   "report.json",     "manifest.json",
                                       "summary.xlsx",     "datapackage.json"};
  if (has_page_template()) {
    expected.emplace_back("report.html");
  }
  EXPECT_THAT(names_in(folder.path()), ::testing::UnorderedElementsAreArray(expected));
  EXPECT_EQ(bytes_of(folder / "run.json"), run_json(dark().summary));
  const Json manifest = Json::parse(bytes_of(folder / "manifest.json"));
  EXPECT_TRUE(manifest.contains("wall_seconds"));
  EXPECT_EQ(manifest.at("report_html") == "written", has_page_template());
}

TEST(WriteResults, OverwritesWithTheSameBytes) {
  const test::TempDir folder;
  ASSERT_EQ(write_to(folder.path()), "");
  const std::string json = bytes_of(folder / "run.json"),
                    database = bytes_of(folder / "results.gpkg");
  ASSERT_EQ(write_to(folder.path()), "");
  EXPECT_EQ(bytes_of(folder / "run.json"), json);
  EXPECT_EQ(bytes_of(folder / "results.gpkg") == database, true);
}

TEST(WriteResults, AMissingFolderIsReported) {
  const test::TempDir folder;
  const std::string error = write_to(folder / "not there");
  EXPECT_THAT(error, ::testing::HasSubstr("not there"));
  EXPECT_TRUE(names_in(folder.path()).empty());
}

TEST(WriteResults, AFailureIsReportedAndRunJsonIsNotWritten) {
  const test::TempDir folder;
  folder.write("results.gpkg/in the way", "a folder where the database should be");
  EXPECT_THAT(write_to(folder.path()), ::testing::HasSubstr("results.gpkg"));
  for (const std::string& name : names_in(folder.path())) {
    EXPECT_NE(name, "run.json");
    EXPECT_EQ(name.find(".partial"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace wintergrid::report
