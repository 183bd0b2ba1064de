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

TEST(ExitCodes, MisspeltNamesGetTheClosest) {
  const TempDir folder;
  const std::string out = (folder / "out").string();
  for (const auto& [words, hint] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"rnu"}, "did you mean 'run'?"},
           {{"solve", "pwer", "x.m"}, "did you mean 'power'?"},
           {{"import", "matpwer", "x.m"}, "did you mean 'matpower'?"},
           {{"calibrate", "campain", "x"}, "did you mean 'campaign'?"},
           {{"run", kTown, "-o", out, "--replicatons", "8"}, "did you mean '--replications'?"},
           {{"run", kTown, "-o", out, "--policy", "most_housholds"},
            "did you mean 'most_households'?"},
           {{"compare", kTown, "-o", out, "--policies", "first_come,nearst"},
            "did you mean 'nearest'?"},
           {{"compare", kTown, "-o", out, "--overlays", "pause_3_day"},
            "did you mean 'pause_3_days'?"},
           {{"run", kTown, "-o", out, "--overlay", "twice_the_crew"},
            "did you mean 'twice_the_crews'?"},
           {{"run", kTown, "-o", out, "--metric", "power.household_hours_los"},
            "did you mean 'power.household_hours_lost'?"},
           {{"run", kTown, "-o", out, "--set", "heat.tau_panel_hour=50"},
            "did you mean 'heat.tau_panel_hours'"},
           {{"new", "oblats", out}, "did you mean 'oblast'?"},
           {{"explain", "WG104"}, "did you mean 'WG0104'?"}}) {
    const Finished result = run_program(words);
    EXPECT_TRUE(result.code == 64 || result.code == 65) << words[0] << " " << result.code;
    EXPECT_TRUE(contains(result.err, hint)) << hint << "\n" << result.err;
    EXPECT_TRUE(result.out.empty()) << result.out;
  }
  EXPECT_FALSE(fs::exists(out));
  // A zone that a table misspells.
  fs::copy(fs::path(kTown).parent_path(), folder / "town", fs::copy_options::recursive);
  test::replace_in(folder / "town/feeders.csv", ",centre,", ",center,");
  const Finished zone = run_program({"validate", (folder / "town/scenario.yaml").string()});
  EXPECT_EQ(zone.code, 65);
  EXPECT_TRUE(contains(zone.err, "did you mean 'centre'?")) << zone.err;
}

TEST(ExitCodes, AMistakeIsShownWithItsLineAndExplained) {
  const TempDir folder;
  fs::copy(fs::path(kTown).parent_path(), folder / "town", fs::copy_options::recursive);
  test::replace_in(folder / "town/scenario.yaml", "horizon_days:", "horizon_dais:");
  const std::string file = (folder / "town/scenario.yaml").string();
  const Finished result = run_program({"validate", file});
  EXPECT_EQ(result.code, 65);
  EXPECT_TRUE(contains(result.err, "error: unknown key 'horizon_dais' [WG0104]\n")) << result.err;
  EXPECT_TRUE(contains(result.err, " | horizon_dais: ")) << result.err;
  EXPECT_TRUE(contains(result.err, " | ^^^^^^^^^^^^\n")) << result.err;
  EXPECT_TRUE(contains(result.err, "   hint: did you mean 'horizon_days'?\n")) << result.err;
  const auto json = nlohmann::json::parse(run_program({"validate", file, "--json"}).out);
  EXPECT_EQ(json.at("diagnostics").at(0).at("code"), "WG0104");
  const Finished explained = run_program({"explain", "wg0104"});
  EXPECT_EQ(explained.code, 0);
  EXPECT_TRUE(contains(explained.out, "WG0104: a key, column, table or section that is not known"));
  EXPECT_TRUE(contains(run_program({"explain"}).out, "\nWG0202  "));
  EXPECT_EQ(run_program({"explain", "E404"}).code, 64);
}

TEST(ExitCodes, JsonIsAloneOnStandardOutput) {
  const TempDir folder;
  const std::string out = (folder / "out").string();
  folder.write(
      "two.m",
      "function mpc = two\nmpc.version = '2';\nmpc.baseMVA = 100;\nmpc.bus = [\n1 3 0 0 0 0 "
      "1 1 0 110 1 1.1 0.9;\n2 1 50 0 0 0 1 1 0 110 1 1.1 0.9;\n];\nmpc.gen = [\n1 50 0 0 0 "
      "1 100 1 100 0;\n];\nmpc.branch = [\n1 2 0 0.1 0 100 0 0 0 0 1 -360 360;\n];\n");
  folder.write("one.inp",
               "[JUNCTIONS]\n J1 10 1\n[RESERVOIRS]\n R1 50\n[PIPES]\n P1 R1 J1 100 200 100\n"
               "[OPTIONS]\n Units LPS\n Headloss H-W\n[END]\n");
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"run", kTown, "-o", out, "-n", "8", "--json"},
           {"compare", kTown, "-o", out, "-n", "8", "--policies", "first_come,nearest", "--json"},
           {"validate", kTown, "--json"},
           {"solve", "power", (folder / "two.m").string(), "-o", out, "--json"},
           {"solve", "water", (folder / "one.inp").string(), "-o", out, "--json"},
           {"doctor", "--json"},
           {"--version", "--json"}}) {
    const Finished result = run_program(words);
    EXPECT_EQ(result.code, 0) << words[0] << "\n" << result.err;
    const auto json = nlohmann::json::parse(result.out, nullptr, false);
    EXPECT_TRUE(json.is_object()) << words[0] << "\n" << result.out;
  }
  const auto power = nlohmann::json::parse(
      run_program({"solve", "power", (folder / "two.m").string(), "-o", out, "--json", "-q"}).out);
  EXPECT_EQ(power.at("network"), "power");
  EXPECT_EQ(power.at("buses"), 2);
  EXPECT_EQ(power.at("solved"), true);
  for (const auto& file : power.at("files")) {
    EXPECT_TRUE(fs::exists(file.get<std::string>())) << file;
  }
  const Finished bad =
      run_program({"run", (folder / "nothing.yaml").string(), "-o", out, "--json"});
  EXPECT_EQ(bad.code, 66);
  EXPECT_EQ(bad.out, "");
}

TEST(ExitCodes, DoctorFindsTheProgramWell) {
  const Finished result = run_program({"doctor"});
  EXPECT_EQ(result.code, 0) << result.out;
  for (const char* part : {"build ", "processor ", "threads ", "page ", "temporary files", "disk ",
                           "76,800 household-hours without heat, as derived by hand",
                           "the same with one thread and with several", "All is well."}) {
    EXPECT_TRUE(contains(result.out, part)) << part << "\n" << result.out;
  }
  const auto json = nlohmann::json::parse(run_program({"doctor", "--json"}).out);
  EXPECT_EQ(json.at("ok"), true);
  EXPECT_GE(json.at("checks").size(), 9U);
  StartOptions nowhere;
  nowhere.temporary_folder = "/nonexistent";
  const Finished ill = run_program({"doctor"}, nowhere);
  EXPECT_EQ(ill.code, 1);
  EXPECT_TRUE(contains(ill.out, "FAILED  temporary files")) << ill.out;
}

TEST(ExitCodes, VersionSaysWhereItComesFrom) {
  const Finished text = run_program({"--version"});
  for (const char* part : {"wintergrid 0.", "\nsource ", "\ncompiler ", "build type ",
                           "\nwith Boost 1.", "SQLite 3.", "yaml-cpp 0.", "libxlsxwriter "}) {
    EXPECT_TRUE(contains(text.out, part)) << part << "\n" << text.out;
  }
  const auto json = nlohmann::json::parse(run_program({"--version", "--json"}).out);
  EXPECT_EQ(text.out.rfind("wintergrid " + json.at("version").get<std::string>() + "\n", 0), 0U);
  EXPECT_EQ(json.at("dependencies").size(), 8U);
  for (const auto& item : json.at("dependencies").items()) {
    EXPECT_FALSE(item.value().get<std::string>().empty()) << item.key();
  }
}

TEST(ExitCodes, EveryTemplateRunsUnedited) {
  for (const char* name : {"oblast", "city"}) {
    const TempDir folder;
    ASSERT_EQ(run_program({"new", name, (folder / "made").string(), "--people", "1e5", "-q"}).code,
              0);
    const std::string scenario = (folder / "made/scenario.yaml").string();
    const Finished valid = run_program({"validate", scenario});
    EXPECT_EQ(valid.code, 0) << valid.err;
    EXPECT_EQ(valid.err, "") << name;
    const Finished result =
        run_program({"run", scenario, "-o", (folder / "out").string(), "-n", "4", "-q"});
    EXPECT_EQ(result.code, 0) << result.err;
  }
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

// Each says how its own kind of file begins.
TEST(ExitCodes, AnEmptyFileIsOneErrorWithTheHintOfItsFormat) {
  const TempDir folder;
  const std::string out = (folder / "out").string(),
                    comments = folder.write("comments.yaml", "# nothing\n").string(),
                    empty = folder.write("empty", "").string();
  struct Command {
    std::vector<std::string> words;
    std::string hint;
  };
  for (const std::string& yaml : {empty, comments}) {
    for (const Command& one :
         std::vector<Command>{{{"validate", yaml}, "a scenario begins with 'wintergrid: 1'"},
                              {{"validate", kTown, "--overlay", yaml},
                               "an overlay begins with 'wintergrid_overlay: 1'"},
                              {{"plan", kTown, "--today", yaml, "-o", out},
                               "the file begins with 'wintergrid_today: 1'"}}) {
      const Finished result = run_program(one.words);
      EXPECT_EQ(result.code, 65);
      EXPECT_TRUE(contains(result.err, "error: the file is empty [WG0101]\n")) << result.err;
      EXPECT_TRUE(contains(result.err, "   hint: " + one.hint + "\n1 error.")) << result.err;
    }
  }
  for (const Command& one : std::vector<Command>{
           {{"generators", kTown, "--stock", empty, "-o", out}, "columns: class_kw, rating_kw"},
           {{"hindcast", kTown, empty, "-o", out}, "columns: time, service, without_share"},
           {{"calibrate", "recovery", empty}, "day: days since the loss"},
           {{"calibrate", "campaign", empty}, "the record has time_start"},
           {{"solve", "heat", empty, "-o", out}, "a network is one JSON object {...}"},
           {{"solve", "power", empty, "-o", out}, "give a MATPOWER case"},
           {{"import", "matpower", empty, "-o", out}, "give a MATPOWER case"}}) {
    const Finished result = run_program(one.words);
    EXPECT_EQ(result.code, 65) << one.words[0];
    EXPECT_TRUE(contains(result.err, "error: the file is empty [WG0101]\n   hint: " + one.hint))
        << result.err;
    EXPECT_TRUE(contains(result.err, "\n1 error. ")) << result.err;
  }
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
