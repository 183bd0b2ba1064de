// The real program: neither threads nor an interruption change a byte of the results; compare,
// replay, new and import.

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/cli/described.hpp"
#include "tests/engine/cli/program.hpp"
#include "tests/engine/cli/scenarios.hpp"
#include "tests/support/reference_data.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid {
namespace {

namespace fs = std::filesystem;
using test::bytes_of;
using test::contains;
using test::expect_same_results;
using test::Finished;
using test::kOblast;
using test::kTown;
using test::Program;
using test::replace_in;
using test::run_program;
using test::small_oblast;
using test::TempDir;

/// Waits until `condition` holds or the program has ended.
template <class Condition>
void wait_until(Program& program, Condition condition) {
  while (program.running() && !condition()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

/// A checkpoint holds the folder's first batch: the run has begun and can be resumed.
bool has_checkpoint(const fs::path& out) {
  std::error_code error;
  const auto size = fs::file_size(out / "checkpoint.sqlite", error);
  return !error && size > 100000;
}

TEST(Run, ThreadsDoNotChangeAByte) {
  const TempDir folder;
  const std::string scenario = small_oblast(folder);
  for (const char* threads : {"1", "2", "3"}) {
    const Finished result = run_program(
        {"run", scenario, "-o", (folder / threads).string(), "-n", "40", "-t", threads, "-q"});
    ASSERT_EQ(result.code, 0) << result.err;
  }
  expect_same_results(folder / "1", folder / "2");
  expect_same_results(folder / "1", folder / "3");
  const Finished other = run_program(
      {"run", scenario, "-o", (folder / "4").string(), "-n", "40", "--seed", "2", "-q"});
  ASSERT_EQ(other.code, 0);
  EXPECT_NE(bytes_of(folder / "1/headline.csv"), bytes_of(folder / "4/headline.csv"));
}

TEST(Run, JsonOnStandardOutputIsRunJson) {
  const TempDir folder;
  const Finished result =
      run_program({"run", kTown, "-o", (folder / "out").string(), "--json", "-q"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, bytes_of(folder / "out/run.json"));
  EXPECT_EQ(nlohmann::json::parse(result.out).at("replications"), 4);
  EXPECT_EQ(result.err, "");
}

TEST(Run, InterruptedAndResumedIsTheUninterruptedRun) {
  const TempDir folder;
  const std::string scenario = small_oblast(folder);
  const std::vector<std::string> rest = {"-n", "600", "-t", "2", "-q"};
  const auto words = [&](const char* out, bool resume) {
    std::vector<std::string> all = {"run", scenario, "-o", (folder / out).string()};
    all.insert(all.end(), rest.begin(), rest.end());
    if (resume) {
      all.emplace_back("--resume");
    }
    return all;
  };
  ASSERT_EQ(run_program(words("whole", false)).code, 0);

  Program first(words("stopped", false));
  wait_until(first, [&] { return has_checkpoint(folder / "stopped"); });
  first.send(SIGINT);
  const Finished stopped = first.wait();
  EXPECT_EQ(stopped.code, 130) << stopped.err;
  EXPECT_TRUE(contains(stopped.err, "go on with: --resume")) << stopped.err;
  EXPECT_EQ(nlohmann::json::parse(bytes_of(folder / "stopped/run.json")).at("ended"),
            "interrupted");
  EXPECT_LT(
      nlohmann::json::parse(bytes_of(folder / "stopped/run.json")).at("replications").get<int>(),
      600);
  const Finished resumed = run_program(words("stopped", true));
  EXPECT_EQ(resumed.code, 0) << resumed.err;
  expect_same_results(folder / "whole", folder / "stopped");

  Program second(words("killed", false));
  wait_until(second, [&] { return has_checkpoint(folder / "killed"); });
  second.send(SIGKILL);
  EXPECT_EQ(second.wait().code, 128 + SIGKILL);
  EXPECT_FALSE(fs::exists(folder / "killed/run.json"));
  const Finished restored = run_program(words("killed", true));
  EXPECT_EQ(restored.code, 0) << restored.err;
  expect_same_results(folder / "whole", folder / "killed");
}

TEST(Run, InterruptedBeforeTheFirstWintersWritesNoNumbers) {
  const TempDir folder;
  test::Program program(
      {"run", kOblast, "-o", (folder / "out").string(), "-n", "500", "-t", "1", "-q"});
  while (program.running() && !fs::exists(folder / "out/checkpoint.sqlite")) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  program.send(SIGINT);
  const Finished result = program.wait();
  EXPECT_EQ(result.code, 130) << result.err;
  if (contains(result.err, "before the first")) {  // it may have been faster
    EXPECT_FALSE(fs::exists(folder / "out/run.json"));
  }
}

TEST(Run, ADamagedCheckpointDoesNotBlockTheFolder) {
  const TempDir folder;
  const std::string scenario = small_oblast(folder), out = (folder / "out").string();
  fs::create_directories(out);
  std::ofstream(out + "/checkpoint.sqlite") << "this is not a database, and long enough to be read";
  EXPECT_EQ(run_program({"run", scenario, "-o", out, "-n", "8", "-q", "--resume"}).code, 65);
  EXPECT_EQ(run_program({"run", scenario, "-o", out, "-n", "8", "-q"}).code, 0);
}

TEST(Run, ResumeStopsAtTheLookWhereItStoppedBefore) {
  const TempDir folder;
  const std::string scenario = small_oblast(folder), out = (folder / "out").string();
  const std::vector<std::string> words = {
      "run", scenario, "-o", out, "-n", "1024", "-q", "--until-relative-ci", "0.9"};
  ASSERT_EQ(run_program(words).code, 0);
  const std::string before = bytes_of(folder / "out/run.json");
  std::vector<std::string> again = words;
  again.emplace_back("--resume");
  ASSERT_EQ(run_program(again).code, 0);
  EXPECT_EQ(bytes_of(folder / "out/run.json"), before);
}

TEST(New, DoesNotReplaceAnEditedScenario) {
  const TempDir folder;
  const std::string scenario = small_oblast(folder), made = (folder / "oblast").string();
  const std::string before = bytes_of(scenario);
  const std::vector<std::string> words = {"new", "oblast", made, "--people", "1e5", "-q"};
  const Finished refused = run_program(words);
  EXPECT_EQ(refused.code, 73);
  EXPECT_TRUE(contains(refused.err, "--force")) << refused.err;
  EXPECT_EQ(bytes_of(scenario), before);
  std::vector<std::string> forced = words;
  forced.emplace_back("--force");
  EXPECT_EQ(run_program(forced).code, 0);
  EXPECT_NE(bytes_of(scenario), before);
  EXPECT_EQ(run_program(words).code, 0);  // the same again harms nobody
}

TEST(Run, ACheckpointOfAnotherRunIsRefused) {
  const TempDir folder;
  const std::string out = (folder / "out").string();
  ASSERT_EQ(run_program({"run", kTown, "-o", out, "-q"}).code, 0);
  const std::string before = bytes_of(folder / "out/run.json");
  const Finished other = run_program({"run", kTown, "-o", out, "-q", "--seed", "9", "--resume"});
  EXPECT_EQ(other.code, 65) << other.err;
  EXPECT_TRUE(contains(other.err, "seed")) << other.err;
  EXPECT_EQ(bytes_of(folder / "out/run.json"), before);
}

TEST(Run, TwoRunsDoNotShareAFolder) {
  const TempDir folder;
  const std::string scenario = small_oblast(folder), out = (folder / "out").string();
  Program first({"run", scenario, "-o", out, "-n", "100000", "-t", "1", "-q"});
  wait_until(first, [&] { return fs::exists(folder / "out/checkpoint.sqlite"); });
  const Finished second = run_program({"run", kTown, "-o", out, "-q"});
  EXPECT_EQ(second.code, 73);
  EXPECT_TRUE(contains(second.err, "another run is writing into this folder")) << second.err;
  first.send(SIGKILL);
  first.wait();
  EXPECT_EQ(run_program({"run", kTown, "-o", out, "-q"}).code,
            0);  // the lock dies with its process
}

TEST(Compare, PrintsAndWritesEveryPair) {
  const TempDir folder;
  const Finished result = run_program({"compare", small_oblast(folder), "--policies",
                                       "first_come,most_households,critical_first", "-o",
                                       (folder / "out").string(), "-n", "16", "-q"});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "same 16 winters")) << result.out;
  EXPECT_TRUE(contains(result.out, "first_come against most_households")) << result.out;
  const auto rows = test::csv_rows(folder / "out/compare.csv");
  EXPECT_EQ(rows.size(), 9U);  // three pairs, three services
  for (const auto& row : rows) {
    ASSERT_EQ(row.size(), 12U);
    EXPECT_EQ(row[3], "16");
    EXPECT_NEAR(std::stod(row[9]) + std::stod(row[10]) + std::stod(row[11]), 1.0, 1e-12);
    EXPECT_NEAR(std::stod(row[4]) - std::stod(row[5]), std::stod(row[6]),
                1e-6 * (1.0 + std::stod(row[4])));
  }
  EXPECT_EQ(nlohmann::json::parse(bytes_of(folder / "out/compare.json")).at("replications"), 16);
  test::expect_described(folder / "out");
}

TEST(Compare, LaysEachOverlayOnTheScenarioAsItIs) {
  const TempDir folder;
  const Finished result = run_program(
      {"compare", small_oblast(folder), "--overlays", "twice_the_crews,no_draining", "--set",
       "weather.preset=hard", "-o", (folder / "out").string(), "-n", "16", "-q"});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "as it is against no_draining")) << result.out;
  EXPECT_FALSE(contains(result.out, "twice_the_crews against")) << result.out;
  const auto rows = test::csv_rows(folder / "out/compare.csv");
  EXPECT_EQ(rows.size(), 6U);
  EXPECT_TRUE(contains(bytes_of(folder / "out/compare.json"), "\"overlay_b\": \"no_draining\""));
  EXPECT_EQ(run_program({"compare", kTown, "--overlays", "no_draining", "--policies",
                         "first_come,most_households", "-o", (folder / "x").string()})
                .code,
            64);
  EXPECT_EQ(run_program({"compare", kTown, "-o", (folder / "x").string()}).code, 64);
}

TEST(Sensitivity, WritesATableAndAPicture) {
  const TempDir folder;
  const Finished result =
      run_program({"sensitivity", small_oblast(folder), "-o", (folder / "out").string(), "-n", "8",
                   "--trajectories", "2", "--factors", "2", "--rows", "8", "-q"});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "hazard (strikes and damage)")) << result.out;
  const auto rows = test::csv_rows(folder / "out/sensitivity.csv");
  EXPECT_GT(rows.size(), 60U);
  for (const auto& row : rows) {
    ASSERT_GE(row.size(), 15U);  // the last cell may be empty
    EXPECT_LE(std::stod(row[6]), std::stod(row[5]));
    EXPECT_LE(std::stod(row[5]), std::stod(row[7]));
  }
  const std::string picture = bytes_of(folder / "out/sensitivity.svg");
  EXPECT_TRUE(contains(picture, "What moves heat.household_hours_lost"));
  EXPECT_FALSE(contains(picture, "<script"));
  test::expect_described(folder / "out");
  const Finished none = run_program({"sensitivity", kTown, "-o", (folder / "none").string()});
  EXPECT_EQ(none.code, 65);
  EXPECT_TRUE(contains(none.err, "nothing is uncertain here")) << none.err;
}

TEST(Run, WhatIsLaidOnTopIsNamedAndDoesNotMixWithWhatWasRunWithout) {
  const TempDir folder;
  const std::string scenario = small_oblast(folder), out = (folder / "out").string();
  ASSERT_EQ(run_program({"run", scenario, "-o", out, "-n", "8", "-q", "--overlay",
                         "twice_the_crews", "--set", "heat.gain_k=3", "--set", "seed=4"})
                .code,
            0);
  const auto json = nlohmann::json::parse(bytes_of(folder / "out/run.json"));
  EXPECT_EQ(json.at("seed"), 4);
  EXPECT_EQ(json.at("overlays"),
            (nlohmann::json{"twice_the_crews.yaml", "--set heat.gain_k=3", "--set seed=4"}));
  const Finished resumed = run_program({"run", scenario, "-o", out, "-n", "16", "--resume"});
  EXPECT_NE(resumed.code, 0) << resumed.out;
  EXPECT_EQ(run_program({"run", scenario, "-o", out, "-n", "8", "--overlay", "none_such"}).code,
            65);
}

TEST(Replay, IsTheSameWinterAsInTheRun) {
  const TempDir folder;
  const std::string scenario = small_oblast(folder);
  ASSERT_EQ(run_program({"run", scenario, "-o", (folder / "run").string(), "-n", "4", "-q"}).code,
            0);
  const Finished result =
      run_program({"replay", scenario, "--replication", "3", "-o", (folder / "out").string()});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "replication 3 of seed 1")) << result.out;
  const auto hours = test::csv_rows(folder / "out/hours.csv");
  ASSERT_EQ(hours.size(), 240U);
  double most = 0.0;
  for (const auto& row : hours) {
    most = std::max(most, std::stod(row[2]));
  }
  // hours.csv looks at full hours, the metric at every moment
  const auto replications = test::csv_rows(folder / "run/replications.csv");
  std::ifstream in(folder / "run/replications.csv");
  std::string header;
  std::getline(in, header);
  std::size_t column = 0;
  for (std::size_t at = 0; at < header.find("power.peak_households"); ++at) {
    column += header[at] == ',' ? 1U : 0U;
  }
  EXPECT_LE(most, std::stod(replications.at(3).at(column)));
  EXPECT_TRUE(fs::exists(folder / "out/events.csv"));
  test::expect_described(folder / "out");
}

TEST(ImportMatpower, SmallCasesImportValidateAndRun) {
  const auto root = test::reference_data("power");
  if (!root) {
    return;
  }
  for (const char* name : {"case9", "case14", "case24_ieee_rts"}) {
    if (!fs::exists(*root / (std::string(name) + ".m"))) {
      continue;
    }
    for (const bool power_only : {false, true}) {
      SCOPED_TRACE(std::string(name) + (power_only ? " power only" : ""));
      const TempDir folder;
      std::vector<std::string> words = {"import", "matpower",
                                        (*root / (std::string(name) + ".m")).string(), "-o",
                                        (folder / "case").string()};
      if (power_only) {
        words.emplace_back("--power-only");
      }
      const Finished imported = run_program(words);
      ASSERT_EQ(imported.code, 0) << imported.err;
      replace_in(folder / "case/scenario.yaml", "tables:\n", "horizon_days: 5\ntables:\n");
      const std::string scenario = (folder / "case/scenario.yaml").string();
      ASSERT_EQ(run_program({"validate", scenario}).code, 0);
      const Finished ran = run_program(
          {"run", scenario, "-o", (folder / "out").string(), "--replications", "8", "-q"});
      ASSERT_EQ(ran.code, 0) << ran.err;
      const auto json = nlohmann::json::parse(bytes_of(folder / "out/run.json"));
      EXPECT_EQ(json.at("failed_replications"), 0);
      EXPECT_EQ(json.at("replications"), 8);
    }
  }
}

}  // namespace
}  // namespace wintergrid
