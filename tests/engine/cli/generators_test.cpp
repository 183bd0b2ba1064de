// `wintergrid generators` as a person runs it.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/cli/described.hpp"
#include "tests/engine/cli/program.hpp"
#include "tests/engine/cli/scenarios.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const std::string kStock = std::string(WINTERGRID_SOURCE_DIR) + "/data/generators/stock.csv";

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// The town with its eastern substations destroyed at 10:30: its boiler house is dark for 85.5 h.
std::string struck_town(const TempDir& folder) {
  fs::copy(fs::path(kTown).parent_path(), folder / "town");
  const fs::path file = folder / "town/scenario.yaml";
  replace_in(file, "initial_damage:\n  - component: heat_source/boilers\n    state: complete\n",
             "");
  replace_in(file, "  preset: none\n",
             "  preset: none\n  events:\n    - {at_hours: 10.5, class: substation_110, zone: east, "
             "hits: 3, state: complete}\n");
  replace_in(file, "    - type: substation\n      crews: 1\n",
             "    - type: substation\n      crews: 0\n");
  return file.string();
}

const json& row(const json& list, const std::string& key, const std::string& value) {
  const auto found = std::find_if(list.begin(), list.end(),
                                  [&](const json& item) { return item.at(key) == value; });
  EXPECT_NE(found, list.end()) << value;
  return *found;
}

TEST(Generators, TheStruckTownIsAsDerivedByHand) {
  const TempDir folder;
  const std::string town = struck_town(folder);
  const std::string out = (folder / "out").string();
  const Finished done =
      run_program({"generators", town, "-o", out, "-n", "4", "-q", "--json", "--set",
                   "backup.start_probability=1", "--set", "backup.daily_availability=1"});
  ASSERT_EQ(done.code, 0) << done.err;
  const json results = json::parse(done.out);
  EXPECT_EQ(results, json::parse(bytes_of(fs::path(out) / "generators.json")));
  const auto of_kind =
      std::find_if(results["needs"].begin(), results["needs"].end(), [](const json& item) {
        return item["by"] == "kind" && item["name"] == "boiler_house" && item["set_class"] == "all";
      });
  ASSERT_NE(of_kind, results["needs"].end());
  EXPECT_EQ((*of_kind)["sets_at_once"]["p80"]["value"], 1.0);
  EXPECT_EQ((*of_kind)["at_level"]["sets_at_once"], (*of_kind)["sets_at_once"]["p80"]);
  EXPECT_EQ((*of_kind)["run_hours"]["p50"]["value"], 85.5);
  EXPECT_NEAR((*of_kind)["litres"]["p95"]["value"].get<double>(), 85.5 * 17.695, 1e-9);
  // 800 households without heat for 85.5 h, but for the ten minutes until the set takes load
  const double saved = 800.0 * (85.5 - 1.0 / 6.0);
  const json& boilers = row(results["savings"], "variant", "boiler_house");
  EXPECT_EQ(boilers["units"], 1);
  EXPECT_NEAR(boilers["household_hours_saved"]["heat"]["mean"].get<double>(), saved, 1e-6);
  EXPECT_NEAR(boilers["household_hours_saved"]["heat"]["ci95_low"].get<double>(), saved, 1e-6);
  EXPECT_NEAR(boilers["household_hours_saved_per_1000_usd"]["heat"]["mean"].get<double>(),
              saved / 18.0, 1e-6);
  EXPECT_EQ(boilers["household_hours_saved"]["water"]["mean"], 0.0);
  EXPECT_FALSE(results.contains("allocation"));
  EXPECT_FALSE(fs::exists(fs::path(out) / "allocation.csv"));
  expect_described(out);
}

// One set of 200 kW: by saving it goes to the dark boiler house, by either rule to the works in the
// larger zone, which keep their supply.
TEST(Generators, OneSetGoesWhereItSavesMost) {
  const TempDir folder;
  const std::string town = struck_town(folder);
  const fs::path out = folder / "out", stock = folder / "stock.csv";
  write(stock, "rating_kw;count;cost\n200;1;1234,5\n");
  const Finished done = run_program(
      {"generators", town, "-o", out.string(), "-n", "4", "-q", "--stock", stock.string(), "--set",
       "backup.start_probability=1", "--set", "backup.daily_availability=1"});
  ASSERT_EQ(done.code, 0) << done.err;
  const auto rows = csv_rows(out / "allocation.csv");
  const std::vector<std::string> expected{"boilers-east", "boiler_house", "east",
                                          "77",           "200",          "household_hours"};
  EXPECT_EQ(rows.back(), expected);
  const json results = json::parse(bytes_of(out / "generators.json"));
  const json& rules = results["allocation"]["rules"];
  const double saved = 800.0 * (85.5 - 1.0 / 6.0);
  const json& best = row(rules, "rule", "by_saving");
  EXPECT_NEAR(best["household_hours_saved"]["all"]["mean"].get<double>(), saved, 1e-6);
  EXPECT_EQ(best["cost_usd"], 1234.5);
  for (const char* rule : {"by_population", "hospitals_first"}) {
    const json& other = row(rules, "rule", rule);
    EXPECT_EQ(other["household_hours_saved"]["all"]["mean"], 0.0) << rule;
    EXPECT_NEAR(other["by_saving_saves_more"]["ci95_low"].get<double>(), saved, 1e-6) << rule;
    EXPECT_EQ(other["share_of_winters_by_saving_saves_more"], 1.0) << rule;
  }
  expect_described(out);
}

TEST(Generators, UnknownCellsKeepTheirTypicalValuesAndThatIsSaid) {
  const TempDir folder;
  const std::string town = struck_town(folder);
  replace_in(folder / "town/households.csv", "e2,house,low,gas_boiler,,w-east,700,700",
             "e2,unknown,low,gas_boiler,,w-east,700,700");
  const Finished done =
      run_program({"generators", town, "-o", (folder / "out").string(), "-n", "4", "-q"});
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_TRUE(contains(done.out, "cells that are unknown keep their typical values")) << done.out;
}

TEST(Generators, SameFilesForAnyNumberOfThreadsAndNothingNamesAFacilityButTheAllocation) {
  const TempDir folder;
  const std::string oblast = small_oblast(folder);
  std::vector<fs::path> outs;
  for (const char* threads : {"1", "2"}) {
    outs.push_back(folder / (std::string("out") + threads));
    const Finished done = run_program({"generators", oblast, "-o", outs.back().string(), "-n", "20",
                                       "-q", "-t", threads, "--stock", kStock, "--level", "P90"});
    ASSERT_EQ(done.code, 0) << done.err;
    EXPECT_TRUE(contains(done.out, "level P90"));
    EXPECT_TRUE(contains(done.out, "which had no say in it"));
  }
  for (const char* name :
       {"generators.json", "needs.csv", "unmet_gap.csv", "savings.csv", "savings_zones.csv",
        "allocations.csv", "allocation_zones.csv", "allocation.csv"}) {
    EXPECT_GT(bytes_of(outs[0] / name).size(), 0U) << name;
    EXPECT_TRUE(bytes_of(outs[0] / name) == bytes_of(outs[1] / name)) << name;
  }
  std::set<std::string> facilities;
  for (const std::vector<std::string>& cells :
       csv_rows(fs::path(oblast).parent_path() / "facilities.csv")) {
    facilities.insert(cells.front());
  }
  ASSERT_FALSE(facilities.empty());
  std::size_t named = 0;
  for (const std::string& facility : facilities) {
    named += contains(bytes_of(outs[0] / "allocation.csv"), facility + ",") ? 1U : 0U;
    for (const char* name : {"generators.json", "needs.csv", "unmet_gap.csv", "savings.csv",
                             "savings_zones.csv", "allocations.csv", "allocation_zones.csv"}) {
      EXPECT_FALSE(contains(bytes_of(outs[0] / name), facility)) << name << ' ' << facility;
    }
  }
  EXPECT_GT(named, 0U);
  // The stock is enough for nobody to get a set that is too small, and no more than there are.
  std::size_t sets = 0;
  for (const std::vector<std::string>& cells : csv_rows(outs[0] / "allocation.csv")) {
    if (cells.size() < 6 || cells[0] == "facility") {
      continue;
    }
    EXPECT_LE(std::stod(cells[3]), std::stod(cells[4])) << cells[0];
    ++sets;
  }
  const json results = json::parse(bytes_of(outs[0] / "generators.json"));
  EXPECT_EQ(row(results["allocation"]["rules"], "rule", "by_saving")["sets"], sets);
  EXPECT_LE(sets, 52U);
  for (const json& rule : results["allocation"]["rules"]) {
    std::map<std::string, std::size_t> by;
    for (const json& part : rule["sets_by"]) {
      by[part["by"]] += part["sets"].get<std::size_t>();
    }
    EXPECT_EQ(by, (std::map<std::string, std::size_t>{
                      {"class", rule["sets"]}, {"kind", rule["sets"]}, {"zone", rule["sets"]}}));
  }
  // chosen on winters that are not among those it is estimated on
  EXPECT_EQ(results["allocation"]["chosen_on_winters"]["first"], 20);
  EXPECT_EQ(results["allocation"]["estimated_on_winters"]["count"], 20);
}

TEST(Generators, BadInputsAreSaidAndNothingIsWritten) {
  const TempDir folder;
  const std::string out = (folder / "out").string();
  const fs::path stock = folder / "stock.csv";
  const auto with_stock = [&](const std::string& text) {
    write(stock, text);
    return run_program({"generators", kTown, "-o", out, "-n", "4", "--stock", stock.string()});
  };
  const Finished wrong = with_stock("power,count\n10,2\n");
  EXPECT_EQ(wrong.code, 65);
  EXPECT_TRUE(contains(wrong.err, "stock.csv:1:1: error: column 'power' is not known"))
      << wrong.err;
  const Finished negative = with_stock("rating_kw,count\n10,-2\n");
  EXPECT_EQ(negative.code, 65);
  EXPECT_TRUE(contains(negative.err,
                       "stock.csv:2:4: error: 'count' is '-2' (must be a whole "
                       "number, 0 or more)"))
      << negative.err;
  EXPECT_EQ(with_stock("").code, 65);
  EXPECT_EQ(with_stock("rating_kw,count\nbig,2\n").code, 65);
  const Finished missing =
      run_program({"generators", kTown, "-o", out, "--stock", (folder / "none.csv").string()});
  EXPECT_EQ(missing.code, 66);
  const Finished level = run_program({"generators", kTown, "-o", out, "--level", "P20"});
  EXPECT_EQ(level.code, 64);
  EXPECT_TRUE(contains(level.err, "'P20' is not a level from P50 to P99")) << level.err;
  EXPECT_EQ(run_program({"generators", kTown, "-o", out, "-n", "1"}).code, 64);
  EXPECT_FALSE(fs::exists(out));
}

TEST(Generators, AStockThatServesNobodyIsLeftOver) {
  const TempDir folder;
  const fs::path stock = folder / "stock.csv";
  write(stock, "rating_kw,count\n1,3\n");
  const Finished done = run_program({"generators", kTown, "-o", (folder / "out").string(), "-n",
                                     "4", "-q", "--stock", stock.string()});
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_TRUE(contains(done.out, "3 left over")) << done.out;
}

}  // namespace
}  // namespace wintergrid::test
