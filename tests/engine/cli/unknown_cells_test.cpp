// The real program with tables that are not fully known: what it says, and that neither threads nor
// an interruption change a byte.

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/cli/program.hpp"
#include "tests/engine/cli/scenarios.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::bytes_of;
using test::contains;
using test::expect_same_results;
using test::Finished;
using test::Program;
using test::run_program;
using test::TempDir;

/// Every third cell of a column says `unknown`.
void make_unknown(const fs::path& table, std::size_t column) {
  std::ifstream in(table);
  std::string line, text;
  int row = 0;
  while (std::getline(in, line)) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < column; ++i) {
      begin = line.find(',', begin) + 1;
    }
    if (row++ % 3 == 2) {
      line.replace(begin, std::min(line.find(',', begin), line.size()) - begin, "unknown");
    }
    text += line + "\n";
  }
  in.close();
  std::ofstream(table) << text;
}

std::string partly_known_oblast(const TempDir& folder) {
  const std::string scenario = test::small_oblast(folder);
  make_unknown(folder / "oblast/households.csv", 2);  // building_class
  make_unknown(folder / "oblast/households.csv", 3);  // rise
  make_unknown(folder / "oblast/facilities.csv", 7);  // generator_kw
  return scenario;
}

TEST(UnknownCells, RunSaysWhatIsUnknownAndWhatItDoes) {
  const TempDir folder;
  const std::string scenario = partly_known_oblast(folder);
  const Finished result =
      run_program({"run", scenario, "-o", (folder / "out").string(), "-n", "40", "-q"});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(contains(result.err, "note: households.building_class: ")) << result.err;
  EXPECT_TRUE(contains(result.err, "drawn from rows alike in kind")) << result.err;
  EXPECT_TRUE(contains(result.out, "Cells that are unknown, drawn anew for every parameter draw"));
  EXPECT_TRUE(contains(result.out, "(40 winters again,")) << result.out;
  EXPECT_TRUE(contains(result.out, "What is not known about parameters and unknown cells moves"));
  const json run = json::parse(bytes_of(folder / "out/run.json"));
  const json& unknown = run.at("unknown");
  ASSERT_EQ(unknown.at("columns").size(), 3U);
  EXPECT_EQ(unknown.at("columns")[2].at("table"), "facilities");
  EXPECT_NEAR(unknown.at("columns")[2].at("share").get<double>(), 1.0 / 3.0, 0.05);
  const json& effect = unknown.at("effect_on_household_hours_lost");
  for (const char* service : {"power", "heat", "water"}) {
    EXPECT_EQ(effect.at(service).at("winters_again"), 40) << service;
    const json& share = effect.at(service).at("of_variance_between_winters");
    EXPECT_LE(share.at("ci95_low"), share.at("share")) << service;
    EXPECT_GE(share.at("ci95_high"), share.at("share")) << service;
  }
  EXPECT_GT(effect.at("water").at("winters_differing").get<int>(), 0);
}

TEST(UnknownCells, NeitherThreadsNorAnInterruptionChangeAByte) {
  const TempDir folder;
  const std::string scenario = partly_known_oblast(folder);
  const auto words = [&](const char* out, const char* threads) {
    return std::vector<std::string>{"run", scenario, "-o", (folder / out).string(), "-n", "300",
                                    "-t",  threads,  "-q"};
  };
  ASSERT_EQ(run_program(words("one", "1")).code, 0);
  ASSERT_EQ(run_program(words("three", "3")).code, 0);
  expect_same_results(folder / "one", folder / "three");
  const json schema =
      json::parse(bytes_of(std::string(WINTERGRID_SOURCE_DIR) + "/data/run.schema.json"));
  EXPECT_THAT(test::schema_problems(schema, json::parse(bytes_of(folder / "one/run.json"))),
              ::testing::IsEmpty());

  Program stopped(words("stopped", "2"));
  std::error_code error;
  while (stopped.running() &&
         (!fs::exists(folder / "stopped/checkpoint.sqlite") ||
          fs::file_size(folder / "stopped/checkpoint.sqlite", error) < 100000)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  stopped.send(SIGINT);
  const Finished end = stopped.wait();
  ASSERT_EQ(end.code, 130) << end.err;
  EXPECT_TRUE(json::parse(bytes_of(folder / "stopped/run.json"))
                  .at("unknown")
                  .at("effect_on_household_hours_lost")
                  .is_null());
  EXPECT_TRUE(contains(end.out, "not computed: interrupted")) << end.out;
  std::vector<std::string> again = words("stopped", "2");
  again.emplace_back("--resume");
  ASSERT_EQ(run_program(again).code, 0);
  expect_same_results(folder / "one", folder / "stopped");
}

TEST(UnknownCells, OtherCommandsWorkWithThem) {
  const TempDir folder;
  const std::string scenario = partly_known_oblast(folder);
  const Finished valid = run_program({"validate", scenario});
  EXPECT_EQ(valid.code, 0) << valid.err;
  EXPECT_TRUE(contains(valid.err, "note: facilities.generator_kw: ")) << valid.err;
  const json listed = json::parse(run_program({"validate", scenario, "--json"}).out);
  EXPECT_EQ(listed.at("unknown").size(), 3U);

  const Finished winter =
      run_program({"replay", scenario, "--replication", "3", "-o", (folder / "replay").string()});
  EXPECT_EQ(winter.code, 0) << winter.err;

  const Finished compared = run_program({"compare", scenario, "--overlays", "generators_at_pumps",
                                         "-n", "20", "-o", (folder / "compare").string(), "-q"});
  EXPECT_EQ(compared.code, 0) << compared.err;
  const Finished policies = run_program({"compare", scenario, "--policies", "first_come,nearest",
                                         "-n", "8", "-o", (folder / "policies").string(), "-q"});
  EXPECT_EQ(policies.code, 0) << policies.err;
  const Finished sensitivity =
      run_program({"sensitivity", scenario, "-o", (folder / "sensitivity").string(), "-n", "8",
                   "--trajectories", "2", "--factors", "0", "-q"});
  EXPECT_EQ(sensitivity.code, 0) << sensitivity.err;
}

}  // namespace
}  // namespace wintergrid
