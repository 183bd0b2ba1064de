// The real program: exit codes, what it says, and that neither threads nor an interruption change a
// byte of the results.

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include "tests/engine/cli/program.hpp"
#include "tests/support/reference_data.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid {
namespace {

namespace fs = std::filesystem;
using test::bytes_of;
using test::Finished;
using test::Program;
using test::run_program;
using test::StartOptions;
using test::TempDir;

const std::string kTown = std::string(WINTERGRID_SOURCE_DIR) + "/data/town/scenario.yaml";
const std::string kOblast = std::string(WINTERGRID_SOURCE_DIR) + "/data/oblast/scenario.yaml";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A change of one line of a file.
void replace_in(const fs::path& file, const std::string& before, const std::string& after) {
  std::string text = bytes_of(file);
  const std::size_t at = text.find(before);
  ASSERT_NE(at, std::string::npos) << before;
  text.replace(at, before.size(), after);
  std::ofstream(file, std::ios::binary) << text;
}

/// The smallest oblast, ten days long, under the full campaign.
std::string small_oblast(const TempDir& folder) {
  const Finished made =
      run_program({"new", "oblast", (folder / "oblast").string(), "--people", "1e5", "-q"});
  EXPECT_EQ(made.code, 0) << made.err;
  const fs::path file = folder / "oblast/scenario.yaml";
  replace_in(file, "tables:\n", "horizon_days: 10\ntables:\n");
  return file.string();
}

void expect_same_results(const fs::path& a, const fs::path& b) {
  for (const char* name : {"run.json", "results.gpkg", "headline.csv", "replications.csv",
                           "zones.csv", "hourly.csv", "generators.csv"}) {
    EXPECT_GT(bytes_of(a / name).size(), 0U) << name;
    EXPECT_TRUE(bytes_of(a / name) == bytes_of(b / name)) << name;
  }
}

std::vector<std::string> files_in(const fs::path& folder) {
  std::vector<std::string> names;
  if (fs::exists(folder)) {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      names.push_back(entry.path().filename().string());
    }
  }
  return names;
}

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
