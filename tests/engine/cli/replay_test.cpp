// `wintergrid replay`: what it leaves for the map agrees with its tables, and goes onto the page.

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/cli/program.hpp"
#include "tests/engine/cli/scenarios.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// The last event of a component at or before an hour; null if there is none.
const json* last_event(const json& component, double hour) {
  const json* last = nullptr;
  for (const json& event : component["events"]) {
    last = event["hour"].get<double>() <= hour + 0.005 ? &event : last;  // hours are rounded
  }
  return last;
}

TEST(Replay, TheMapsEventsAgreeWithTheTables) {
  const TempDir folder;
  std::size_t repaired = 0, fixed_first = 0, of_zones = 0;
  for (const int replication : {3, 12}) {
    const fs::path out = folder / ("winter" + std::to_string(replication));
    const Finished done = run_program(
        {"replay", kOblast, "--replication", std::to_string(replication), "-o", out.string()});
    ASSERT_EQ(done.code, 0) << done.err;
    const json record = json::parse(bytes_of(out / "replay.json"));
    const auto hours = csv_rows(out / "hours.csv");
    ASSERT_EQ(record["hours"], hours.size());
    // Hit by hit as in events.csv.
    std::map<std::string, std::vector<std::pair<std::string, std::string>>> hits, shown;
    for (const auto& cells : csv_rows(out / "events.csv")) {
      hits[cells[1]].emplace_back(cells[0], cells[4]);
    }
    for (const json& component : record["components"]) {
      for (const json& event : component["events"]) {
        if (event.contains("damage_state")) {
          shown[component["component"]].emplace_back(
              fmt::format("{:.2f}", event["hour"].get<double>()), event["damage_state"]);
        }
        repaired += event["status"] == "restored" ? 1U : 0U;
        fixed_first += event["status"] == "temporarily_fixed" ? 1U : 0U;
      }
    }
    EXPECT_EQ(shown, hits);
    EXPECT_EQ(shown.size(), record["components"].size()) << "nothing of what was never damaged";
    // Hour by hour as in hours.csv: open jobs, and households without.
    for (std::size_t hour = 0; hour < hours.size(); ++hour) {
      std::size_t open = 0;
      for (const json& component : record["components"]) {
        const json* event = last_event(component, static_cast<double>(hour + 1));
        open += event != nullptr && (*event)["status"] != "restored" ? 1U : 0U;
      }
      ASSERT_EQ(std::to_string(open), hours[hour][5]) << replication << " hour " << hour;
      for (const auto& [service, column] :
           {std::pair<const char*, std::size_t>{"power", 2}, {"heat", 3}, {"water", 4}}) {
        ASSERT_EQ(record["households_without_by_hour"][service][hour].dump(), hours[hour][column]);
      }
    }
    // Zones: per cent by hour, which must add up to the households without.
    for (const char* service : {"power", "heat", "water"}) {
      std::vector<double> without(hours.size(), 0.0), half_a_percent(hours.size(), 0.0);
      for (const json& zone : record["zones"]) {
        const json& runs = zone["runs_of_hours_and_percent_without"][service];
        std::size_t at = 0;
        for (std::size_t i = 0; i + 1 < runs.size(); i += 2) {
          for (std::size_t end = at + runs[i].get<std::size_t>(); at < end; ++at) {
            ASSERT_LT(at, hours.size());
            without[at] += runs[i + 1].get<double>() / 100.0 * zone["households"].get<double>();
            half_a_percent[at] += 0.005 * zone["households"].get<double>();
          }
        }
        EXPECT_EQ(at, hours.size());
      }
      for (std::size_t hour = 0; hour < hours.size(); ++hour) {
        const auto expected = record["households_without_by_hour"][service][hour].get<double>();
        ASSERT_NEAR(without[hour], expected, half_a_percent[hour] + 1e-6) << service << hour;
        of_zones += expected > 0.0 ? 1U : 0U;
      }
    }
    EXPECT_LT(fs::file_size(out / "replay.json"), 400000U) << "compact";
  }
  EXPECT_GT(repaired, 0U);
  EXPECT_GT(fixed_first, 0U);
  EXPECT_GT(of_zones, 0U);
}

TEST(Replay, GoesOntoThePageOfItsScenarioOnly) {
  const TempDir folder;
  const std::string run = (folder / "run").string(), winter = (folder / "winter").string();
  ASSERT_EQ(run_program({"run", kOblast, "-o", run, "-n", "2", "-q"}).code, 0);
  ASSERT_EQ(run_program({"replay", kOblast, "--replication", "3", "-o", winter, "-q"}).code, 0);
  const std::string page = (folder / "page.html").string();
  const Finished made = run_program({"report", run, "--with", winter, "-o", page});
  ASSERT_TRUE(made.code == 0 || made.code == 69) << made.err;  // 69: built without the page
  if (made.code == 0) {
    EXPECT_TRUE(contains(bytes_of(page), "\"replay\":{\"policy\":"));
    EXPECT_FALSE(contains(bytes_of(fs::path(run) / "report.html"), "\"replay\":{"));
  }
  fs::remove(page);
  const fs::path file = fs::path(winter) / "replay.json";
  replace_in(file, "\"status\":\"damaged\"", "\"status\":7");
  const Finished damaged = run_program({"report", run, "--with", winter, "-o", page});
  EXPECT_EQ(damaged.code, 65);
  EXPECT_TRUE(contains(damaged.err, "events[0].status is not a text")) << damaged.err;
  EXPECT_FALSE(fs::exists(page));
  ASSERT_EQ(run_program({"replay", kTown, "--replication", "0", "-o", winter, "-q"}).code, 0);
  const Finished other = run_program({"report", run, "--with", winter, "-o", page});
  EXPECT_EQ(other.code, 65);
  EXPECT_TRUE(contains(other.err, "is of another scenario")) << other.err;
  EXPECT_FALSE(fs::exists(page));
}

}  // namespace
}  // namespace wintergrid::test
