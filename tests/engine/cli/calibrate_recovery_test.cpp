// calibrate recovery as a person runs it: what is fitted, what the counts do not tell, and an
// overlay that says no more than that.

#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/engine/cli/program.hpp"
#include "tests/engine/cli/scenarios.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid {
namespace {

using test::bytes_of;
using test::contains;
using test::Finished;
using test::run_program;
using test::TempDir;

// 6,000 buildings: drained from hour 6 on at 500 (8.3 %) an hour until hour 18, heat back after a
// day, refilled at 1,800 (30 %) a day; 25 % leak, crews repair 120 a day.
constexpr const char* kCounts =
    "day,without_heat,drained\n0,6000,0\n0.25,6000,0\n0.375,6000,1500\n0.5,6000,3000\n"
    "0.625,6000,4500\n0.75,6000,6000\n1,6000,6000\n1.5,5265,6000\n2,4530,6000\n3,3060,6000\n"
    "4,1590,6000\n5,1020,6000\n6,900,6000\n7,780,6000\n8,660,6000\n9,540,6000\n10,420,6000\n";

TEST(CalibrateRecovery, FitsDrainingRefillAndCrewsAndWritesWhatTheCountsTell) {
  const TempDir folder;
  const std::string counts = folder.write("counts.csv", kCounts).string();
  const std::string overlay = (folder / "fitted.yaml").string();
  const Finished result = run_program(
      {"calibrate", "recovery", counts, "--fit", "15", "--crews", "120", "-o", overlay});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "drained an hour, of all           8.3")) << result.out;
  EXPECT_TRUE(contains(result.out, "begun after                       6")) << result.out;
  EXPECT_TRUE(contains(result.out, "  2 counts not seen: mean error 0.")) << result.out;
  const std::string text = bytes_of(overlay);
  for (const char* key : {"heat.drain_buildings_per_hour_share: 0.08",
                          "heat.drain_decision_hours: 6", "heat.refill_share_per_day: 0.3",
                          "heat.refill_needs_crew_share: 0.2", "heat.crew_buildings_per_day: "}) {
    EXPECT_TRUE(contains(text, key)) << key << "\n" << text;
  }
  EXPECT_EQ(run_program({"validate", test::kTown, "--overlay", overlay}).code, 0);
}

TEST(CalibrateRecovery, SaysWhatIsNotFittedAndWhatTheCountsDoNotTell) {
  const TempDir folder;
  const std::string counts =
      folder.write("counts.csv", "day,without_heat\n0,6000\n0.2,5700\n0.4,5390\n0.6,5090\n")
          .string();
  const std::string overlay = (folder / "fitted.yaml").string();
  const Finished result =
      run_program({"calibrate", "recovery", counts, "--fit", "4", "--crews", "120", "-o", overlay});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "Draining is not fitted: there is no column 'drained'"));
  EXPECT_TRUE(contains(result.out, "the counts do not tell: half or double fits as well"));
  EXPECT_TRUE(contains(result.out, "counts beyond the number of parameters: 1;")) << result.out;
  EXPECT_FALSE(contains(bytes_of(overlay), "heat.crew_buildings_per_day")) << bytes_of(overlay);
  EXPECT_FALSE(contains(bytes_of(overlay), "heat.drain")) << bytes_of(overlay);
  EXPECT_EQ(run_program({"validate", test::kTown, "--overlay", overlay}).code, 0);
}

TEST(CalibrateRecovery, ReplacesNeitherTheCountsNorADevice) {
  const TempDir folder;
  const std::string counts = folder.write("counts.csv", kCounts).string();
  const Finished same = run_program({"calibrate", "recovery", counts, "-o", counts});
  EXPECT_EQ(same.code, 64);
  EXPECT_TRUE(contains(same.err, "is the file that is read")) << same.err;
  EXPECT_EQ(bytes_of(counts), kCounts);
  const std::string pipe = (folder / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const Finished to_pipe = run_program({"calibrate", "recovery", counts, "-o", pipe});
  EXPECT_EQ(to_pipe.code, 74);
  EXPECT_TRUE(contains(to_pipe.err, "pipe: is no ordinary file")) << to_pipe.err;
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
}

TEST(CalibrateRecovery, ANumberOfCrewsIsANumber) {
  const TempDir folder;
  const std::string counts = folder.write("counts.csv", kCounts).string();
  for (const char* crews : {"nan", "inf", "0", "many"}) {
    const Finished result = run_program({"calibrate", "recovery", counts, "--crews", crews});
    EXPECT_EQ(result.code, 64) << crews;
    EXPECT_TRUE(contains(result.err, "is not a number from 1 to 100000")) << result.err;
  }
}

}  // namespace
}  // namespace wintergrid
