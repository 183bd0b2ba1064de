// The command `plan`: its example runs, a budget decides alone, and what is wrong is said.

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/cli/described.hpp"
#include "tests/engine/cli/scenarios.hpp"

namespace wintergrid::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

const std::string kTodayOblast = std::string(WINTERGRID_SOURCE_DIR) + "/data/oblast/today.yaml";

std::vector<std::string> town_plan(const TempDir& folder, const std::string& out,
                                   const std::vector<std::string>& more = {}) {
  const auto today = folder.write("today.yaml",
                                  "wintergrid_today: 1\nmoment: 2026-01-09T06:00+02:00\n"
                                  "horizon_days: 3\ndamaged:\n"
                                  "  - {component: bus/north-110, state: extensive}\n"
                                  "  - {component: bus/west-110, state: moderate}\n"
                                  "  - {component: bus/east-110, state: unknown}\n");
  std::vector<std::string> words = {
      "plan", kTown, "--today",       today.string(), "-o", (folder / out).string(),
      "-n",   "4",   "--evaluations", "400"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST(PlanCommand, TheExampleOfTheOblastRunsUnedited) {
  const TempDir folder;
  const Finished done =
      run_program({"plan", kOblast, "--today", kTodayOblast, "-o", (folder / "plan").string(), "-n",
                   "4", "--evaluations", "1", "--set", "fidelity=transport"});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("against first come, first served"));
  EXPECT_THAT(done.out, HasSubstr("30 of 84 buildings without heat, cause unknown"));
  const json plan = json::parse(bytes_of(folder / "plan/plan.json"));
  // The 23 components of the file, and whatever may explain the count in some future.
  EXPECT_GE(plan["jobs"].size(), 23U);
  EXPECT_GT(csv_rows(folder / "plan/timetable.csv").size(), 10U);
  EXPECT_EQ(csv_rows(folder / "plan/jobs.csv").size(), plan["jobs"].size());
}

TEST(PlanCommand, TheBudgetDecidesNotThreadsNorTheClock) {
  const TempDir folder;
  const Finished one = run_program(town_plan(folder, "one", {"--threads", "1"}));
  const Finished two = run_program(town_plan(folder, "two", {"--threads", "2", "--json"}));
  EXPECT_EQ(one.code, 0) << one.err;
  EXPECT_EQ(two.code, 0) << two.err;
  EXPECT_EQ(bytes_of(folder / "one/plan.json"), bytes_of(folder / "two/plan.json"));
  EXPECT_EQ(two.out, bytes_of(folder / "two/plan.json"));
  EXPECT_FALSE(json::parse(two.out)["search"]["cut_short"].get<bool>());
  expect_described(folder / "one");
}

// No plan is better than one that nobody has judged: an interruption leaves nothing, at once.
TEST(PlanCommand, AnInterruptionWritesNothingAndSaysSo) {
  const TempDir folder;
  Program program({"plan", kOblast, "--today", kTodayOblast, "-o", (folder / "plan").string(),
                   "--evaluations", "100000", "--seconds", "600"});
  while (program.running() && !std::filesystem::exists(folder / "plan/.lock")) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  program.send(SIGINT);
  const Finished done = program.wait();
  EXPECT_EQ(done.code, 130) << done.err;
  EXPECT_THAT(done.err, HasSubstr("interrupted: nothing was written\n   hint: --seconds"));
  EXPECT_THAT(files_in(folder / "plan"), ::testing::Each(".lock"));
}

TEST(PlanCommand, MovesAJobAndPinsDispatchedCrews) {
  const TempDir folder;
  const Finished moved = run_program(town_plan(folder, "moved", {"--move", "bus/west-110:3"}));
  EXPECT_EQ(moved.code, 0) << moved.err;
  EXPECT_THAT(moved.out, HasSubstr("Moving bus/west-110 to place 3 costs"));
  const std::vector<std::string> again =
      town_plan(folder, "again", {"--previous", (folder / "moved/plan.json").string()});
  folder.write("today.yaml",
               "wintergrid_today: 1\nmoment: 2026-01-09T08:00+02:00\nhorizon_days: 3\ndamaged:\n"
               "  - {component: bus/north-110, state: extensive}\n"
               "  - {component: bus/west-110, state: moderate}\n"
               "  - {component: bus/east-110, state: unknown}\n");
  const Finished replanned = run_program(again);
  EXPECT_EQ(replanned.code, 0) << replanned.err;
  EXPECT_THAT(replanned.out, HasSubstr("pinned, its crew was sent out by the previous plan"));
}

TEST(PlanCommand, SaysWhatIsWrong) {
  const TempDir folder;
  const Finished nothing = run_program({"plan", kTown, "-o", "x"});
  EXPECT_NE(nothing.code, 0);
  EXPECT_THAT(nothing.err, HasSubstr("--today"));
  const Finished missing =
      run_program({"plan", kTown, "--today", (folder / "none.yaml").string(), "-o", "x"});
  EXPECT_EQ(missing.code, 66);
  EXPECT_THAT(missing.err, HasSubstr("none.yaml"));
  for (const char* move : {"bus/west-110", "bus/west-110:0", "bus/wst-110:1", "bus/mill-110:1"}) {
    const Finished bad = run_program(town_plan(folder, "bad", {"--move", move, "-q"}));
    EXPECT_EQ(bad.code, 64) << move;
    EXPECT_THAT(bad.err, HasSubstr("--move"));
  }
  const Finished schema = run_program({"plan", "--schema"});
  EXPECT_EQ(schema.code, 0);
  EXPECT_EQ(json::parse(schema.out)["required"][0], "wintergrid_today");
}

}  // namespace
}  // namespace wintergrid::test
