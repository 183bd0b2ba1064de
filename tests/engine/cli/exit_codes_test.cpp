// The real program: exit codes, and what it says and leaves behind when something is wrong.

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/cli/program.hpp"
#include "tests/engine/cli/scenarios.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid {
namespace {

namespace fs = std::filesystem;
using test::bytes_of;
using test::contains;
using test::files_in;
using test::Finished;
using test::kTown;
using test::replace_in;
using test::run_program;
using test::small_oblast;
using test::StartOptions;
using test::TempDir;

TEST(ExitCodes, UsageWithSuggestions) {
  const Finished command = run_program({"rnu"});
  EXPECT_EQ(command.code, 64);
  EXPECT_TRUE(contains(command.err, "error: 'rnu' is not a command")) << command.err;
  EXPECT_TRUE(contains(command.err, "did you mean 'run'?")) << command.err;
  const Finished option = run_program({"run", kTown, "--outptu", "x"});
  EXPECT_EQ(option.code, 64);
  EXPECT_TRUE(contains(option.err, "did you mean '--output'?")) << option.err;
  const Finished policy = run_program({"run", kTown, "-o", "x", "--policy", "most_household"});
  EXPECT_EQ(policy.code, 64);
  EXPECT_TRUE(contains(policy.err, "did you mean 'most_households'?")) << policy.err;
  const Finished metric = run_program({"run", kTown, "-o", "x", "--until-relative-ci", "0.1",
                                       "--metric", "heat.household_hour_lost"});
  EXPECT_EQ(metric.code, 64);
  EXPECT_TRUE(contains(metric.err, "did you mean 'heat.household_hours_lost'?")) << metric.err;
  const Finished kind = run_program({"new", "oblasst", "x"});
  EXPECT_EQ(kind.code, 64);
  EXPECT_TRUE(contains(kind.err, "did you mean 'oblast'?")) << kind.err;
  EXPECT_FALSE(fs::exists("x"));
}

TEST(ExitCodes, UsageOfValues) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {},
           {"run"},
           {"run", kTown},
           {"run", kTown, "-o", "x", "-n", "0"},
           {"run", kTown, "-o", "x", "-n", "-5"},
           {"run", kTown, "-o", "x", "-n", "1.5"},
           {"run", kTown, "-o", "x", "-n", "99999999999999999999"},
           {"run", kTown, "-o", "x", "-t", "-1"},
           {"run", kTown, "-o", "x", "--until-relative-ci", "0"},
           {"run", kTown, "-o", "x", "--until-relative-ci", "nan"},
           {"solve", "water", "net.inp", "-o", "x", "--hours", "nan"},
           {"run", kTown, "-o", "x", "--seed", "-1"},
           {"run", kTown, "-o", "x", "--seed", "18446744073709551616"},
           {"run", kTown, "-o", "x", "--metric", "power.nonsense"},
           {"run", kTown, "-o", "x", "surplus"},
           {"compare", kTown, "-o", "x", "--policies", "first_come"},
           {"compare", kTown, "-o", "x", "--policies", "first_come,none"},
           {"replay", kTown, "-o", "x"},
           {"replay", kTown, "-o", "x", "--replication", "1", "--policy", "none"},
           {"replay", kTown, "-o", "x", "--replication", "99999999999"},
           {"solve"},
           {"new", "oblast", "x", "--people", "5"},
           {"new", "oblast", "x", "--people", "nan"},
           {"new", "oblast", "x", "--people", "1e9"}}) {
    const Finished result = run_program(words);
    EXPECT_EQ(result.code, 64) << (words.empty() ? "nothing" : words.back()) << "\n" << result.err;
    EXPECT_TRUE(words.empty() || contains(result.err, "error: ")) << result.err;
  }
  EXPECT_FALSE(fs::exists("x"));
}

TEST(ExitCodes, HelpVersionAndSchema) {
  EXPECT_EQ(run_program({"--help"}).code, 0);
  EXPECT_TRUE(contains(run_program({"run", "--help"}).out, "--until-relative-ci"));
  EXPECT_TRUE(
      contains(run_program({"solve", "water", "--help"}).out, "Usage: wintergrid solve water ["));
  EXPECT_TRUE(contains(run_program({"--version"}).out, "wintergrid "));
  const Finished schema = run_program({"schema"});
  EXPECT_EQ(schema.code, 0);
  EXPECT_TRUE(nlohmann::json::parse(schema.out).contains("$schema"));
  EXPECT_EQ(run_program({"schema", "--markdown"}).out,
            bytes_of(fs::path(WINTERGRID_SOURCE_DIR) / "data/reference.md"));
}

TEST(ExitCodes, BadScenarioIsRefusedAndNothingIsWritten) {
  const TempDir folder;
  for (const char* name : {"buses.csv", "zones.csv"}) {
    fs::copy(fs::path(WINTERGRID_SOURCE_DIR) / "data/town" / name, folder / name);
  }
  for (const auto& entry : fs::directory_iterator(fs::path(WINTERGRID_SOURCE_DIR) / "data/town")) {
    fs::copy(entry.path(), folder / entry.path().filename().string(),
             fs::copy_options::overwrite_existing);
  }
  replace_in(folder / "feeders.csv", "c1,centre-110", "c1,center-110");
  replace_in(folder / "branches.csv", "gate-110,centre-110", "gate-110,centre-11O");
  const std::string scenario = (folder / "scenario.yaml").string(), out = (folder / "out").string();
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"validate", scenario},
           {"run", scenario, "-o", out},
           {"compare", scenario, "-o", out, "--policies", "first_come,most_households"},
           {"replay", scenario, "-o", out, "--replication", "0"}}) {
    const Finished result = run_program(words);
    EXPECT_EQ(result.code, 65) << words[0];
    EXPECT_TRUE(contains(result.err, "feeders.csv:2:")) << result.err;
    EXPECT_TRUE(contains(result.err, "did you mean 'centre-110'?")) << result.err;
    EXPECT_TRUE(contains(result.err, "2 errors. Nothing was run.")) << result.err;
    EXPECT_FALSE(fs::exists(out)) << words[0];
  }
}

TEST(ExitCodes, EmptyAndHugeScenarios) {
  const TempDir folder;
  const std::string file = folder.write("scenario.yaml", "").string(),
                    out = (folder / "out").string();
  EXPECT_EQ(run_program({"run", file, "-o", out}).code, 65);
  fs::resize_file(file, std::uintmax_t{17} << 20);
  const Finished huge = run_program({"run", file, "-o", out});
  EXPECT_EQ(huge.code, 65);
  EXPECT_TRUE(contains(huge.err, "is too large")) << huge.err;
  EXPECT_EQ(run_program({"solve", "power", folder.write("empty.m", "").string(), "-o", out}).code,
            65);
  EXPECT_FALSE(fs::exists(out));
}

TEST(ExitCodes, MissingInputAndImpossibleOutput) {
  const TempDir folder;
  const std::string file = folder.write("a file", "text").string();
  const Finished missing =
      run_program({"run", (folder / "no.yaml").string(), "-o", (folder / "out").string()});
  EXPECT_EQ(missing.code, 66);
  EXPECT_TRUE(contains(missing.err, "no.yaml")) << missing.err;
  EXPECT_EQ(run_program(
                {"import", "matpower", (folder / "no.m").string(), "-o", (folder / "out").string()})
                .code,
            66);
  EXPECT_FALSE(fs::exists(folder / "out"));
  EXPECT_EQ(run_program({"run", kTown, "-o", file + "/out"}).code, 73);
  EXPECT_EQ(run_program({"run", kTown, "-o", file}).code, 73);
  EXPECT_EQ(run_program({"new", "oblast", file + "/x", "--people", "1e5"}).code, 73);
  EXPECT_EQ(bytes_of(file), "text");
}

TEST(ExitCodes, NotPreciseEnoughIsACheckThatFailed) {
  const TempDir folder;
  const Finished result = run_program({"run", small_oblast(folder), "-o", (folder / "out").string(),
                                       "-n", "8", "--until-relative-ci", "1e-6", "-q"});
  EXPECT_EQ(result.code, 1) << result.err;
  EXPECT_TRUE(contains(result.err, "not precise enough after 8 winters")) << result.err;
  EXPECT_TRUE(fs::exists(folder / "out/run.json"));
}

TEST(FullDisk, StandardOutput) {
  StartOptions options;
  options.standard_output = "/dev/full";
  const Finished schema = run_program({"schema"}, options);
  EXPECT_EQ(schema.code, 74) << schema.err;
  EXPECT_FALSE(contains(schema.err, "bug")) << schema.err;
  EXPECT_EQ(run_program({"--version"}, options).code, 74);
}

/// No file may grow beyond a few bytes: at first the checkpoint fails, with more room a table, then
/// the database.
TEST(FullDisk, RunReportsItAndLeavesNothingHalf) {
  const TempDir folder;
  for (const std::uint64_t bytes : {std::uint64_t{5000}, std::uint64_t{60000}}) {
    const fs::path out = folder / ("out" + std::to_string(bytes));
    StartOptions options;
    options.largest_file_bytes = bytes;
    const Finished result =
        run_program({"run", kTown, "-o", out.string(), "-n", "4", "-q"}, options);
    EXPECT_EQ(result.code, 74) << bytes << "\n" << result.err;
    EXPECT_TRUE(contains(result.err, "error: ")) << result.err;
    for (const std::string& name : files_in(out)) {
      EXPECT_NE(name, "run.json");
      EXPECT_FALSE(contains(name, ".partial")) << name;
    }
  }
  StartOptions options;
  options.largest_file_bytes = 3000;
  const Finished made =
      run_program({"new", "oblast", (folder / "oblast").string(), "--people", "1e5"}, options);
  EXPECT_EQ(made.code, 74) << made.err;
  for (const std::string& name : files_in(folder / "oblast")) {
    EXPECT_FALSE(contains(name, ".partial")) << name;
  }
}

}  // namespace
}  // namespace wintergrid
