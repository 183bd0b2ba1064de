// The real program: calibrate campaign, from a synthetic record to a run with the overlay.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/engine/cli/program.hpp"
#include "tests/engine/cli/scenarios.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid {
namespace {

namespace fs = std::filesystem;
using test::bytes_of;
using test::contains;
using test::Finished;
using test::kTown;
using test::run_program;
using test::TempDir;

/// Made up: a wave every five or six days of November, drones in between.
std::string record() {
  std::string text = "time_start,time_end,model,launched,destroyed,not_reach_goal,source\n";
  for (int day = 2; day <= 30; ++day) {
    char line[160];
    const bool wave = day % 11 == 4 || day % 11 == 9;
    std::snprintf(line, sizeof line,
                  "2025-11-%02d 20:00,2025-11-%02d 07:00,Shahed-136/131,%d,%d,%d,\"a, b\"\n",
                  day - 1, day, wave ? 300 + 20 * day : 60 + 5 * day, wave ? 250 : 40, 10);
    text += line;
    if (wave) {
      std::snprintf(line, sizeof line,
                    "2025-11-%02d 02:00,2025-11-%02d 06:00,X-101/X-555,%d,20,0,c\n"
                    "2025-11-%02d 02:00,2025-11-%02d 06:00,C-300,4,0,0,c\n",
                    day, day, 25 + day, day, day);
      text += line;
    }
  }
  return text + "2025-11-30 20:00,,Broomstick,3,0,0,c\n";
}

TEST(CalibrateCampaign, WritesAnOverlayThatRuns) {
  const TempDir folder;
  const std::string file = (folder / "record.csv").string();
  const std::string overlay = (folder / "fit.yaml").string();
  std::ofstream(file) << record();
  const Finished made =
      run_program({"calibrate", "campaign", file, "-o", overlay, "--from", "2025-11-01"});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_TRUE(contains(made.out, "2025-11-01 to 2025-11-30: 5 massive waves")) << made.out;
  EXPECT_TRUE(contains(made.out, "gap_mean_days")) << made.out;
  EXPECT_TRUE(contains(made.out, "6.5 (5.6 to 7.5)")) << made.out;  // the shipped one beside it
  EXPECT_TRUE(contains(made.out, "C-300 (5)")) << made.out;
  EXPECT_TRUE(contains(made.out, "NOT RECOGNISED and left out (rows): Broomstick (1)")) << made.out;
  const std::string text = bytes_of(overlay);
  EXPECT_TRUE(contains(text, "  strikes.winter_2025_26.missiles_median: ")) << text;
  EXPECT_TRUE(contains(text, "  strikes.winter_2025_26.neutralised_cruise: ")) << text;
  EXPECT_FALSE(contains(text, "neutralised_ballistic")) << text;  // the record has none

  const Finished run = run_program(
      {"run", kTown, "--overlay", overlay, "-n", "2", "-o", (folder / "out").string(), "-q"});
  EXPECT_EQ(run.code, 0) << run.err;

  const Finished other =
      run_program({"calibrate", "campaign", file, "-o", overlay, "--preset", "winter_2024_25"});
  EXPECT_EQ(other.code, 0) << other.err;
  EXPECT_TRUE(contains(bytes_of(overlay), "strikes.winter_2024_25.gap_shape: "));
}

TEST(CalibrateCampaign, SaysWhatIsWrongAndWritesNothing) {
  const TempDir folder;
  const std::string file = (folder / "record.csv").string();
  const std::string overlay = (folder / "fit.yaml").string();
  std::ofstream(file) << "time_start,model,launched,destroyed\n2025-11-31,Kalibr,3,1\n"
                         "2025-11-30,Kalibr,x,1\n";
  const Finished wrong = run_program({"calibrate", "campaign", file, "-o", overlay});
  EXPECT_EQ(wrong.code, 65);
  EXPECT_TRUE(contains(wrong.err, "record.csv:2:1: error: 'time_start' is '2025-11-31'"))
      << wrong.err;
  EXPECT_TRUE(contains(wrong.err, "record.csv:3:19: error: 'launched' is 'x'")) << wrong.err;
  std::ofstream(file) << record();
  const Finished few =
      run_program({"calibrate", "campaign", file, "-o", overlay, "--to", "2025-11-10"});
  EXPECT_EQ(few.code, 65);
  EXPECT_TRUE(contains(few.err, "2 massive waves are too few")) << few.err;
  const Finished empty = run_program({"calibrate", "campaign", file, "--from", "2026-11-10"});
  EXPECT_EQ(empty.code, 65);
  EXPECT_TRUE(contains(empty.err, "the record goes from 2025-11-02 to 2025-11-30")) << empty.err;
  EXPECT_EQ(run_program({"calibrate", "campaign", (folder / "no.csv").string()}).code, 66);
  EXPECT_EQ(run_program({"calibrate", "campaign", file, "--from", "1.11.2025"}).code, 64);
  EXPECT_EQ(run_program({"calibrate", "campaign", file, "--preset", "winter"}).code, 64);
  EXPECT_FALSE(fs::exists(overlay));
}

}  // namespace
}  // namespace wintergrid
