// hindcast as a person would call it.

#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/engine/cli/described.hpp"
#include "tests/engine/cli/program.hpp"
#include "tests/engine/cli/scenarios.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid {
namespace {

using test::bytes_of;
using test::contains;
using test::Finished;
using test::run_program;
using test::small_oblast;
using test::StartOptions;
using test::TempDir;

std::string record(const TempDir& folder, const std::string& rows) {
  const std::string path = (folder / "observed.csv").string();
  std::ofstream(path) << "time,service,without_share,of,use,source\n" << rows;
  return path;
}

const std::string kRows =
    "2025-12-20T08:00,power,0.3,,onset,\"a newspaper, page 1\"\n"
    "2025-12-21T08:00,power,0.1,2025-12-20T08:00,in_sample,another\n"
    "2025-12-22T08:00,heat,0.05,,unseen,<third> & last\n";

TEST(Hindcast, ComparesAndDoesNotDependOnThreads) {
  const TempDir folder;
  const std::string scenario = small_oblast(folder), observed = record(folder, kRows);
  for (const char* threads : {"1", "3"}) {
    const Finished result = run_program({"hindcast", scenario, observed, "-o",
                                         (folder / threads).string(), "-n", "20", "-t", threads});
    ASSERT_EQ(result.code, 0) << result.err;
    EXPECT_TRUE(contains(result.out, "against those without at 2025-12-20T08:00")) << result.out;
    EXPECT_TRUE(contains(result.out, "unseen    heat")) << result.out;
  }
  EXPECT_EQ(bytes_of(folder / "1/hindcast.csv"), bytes_of(folder / "3/hindcast.csv"));
  EXPECT_EQ(bytes_of(folder / "1/hindcast.svg"), bytes_of(folder / "3/hindcast.svg"));
  const std::string csv = bytes_of(folder / "1/hindcast.csv");
  EXPECT_TRUE(contains(csv, "2025-12-21T08:00,power,2025-12-20T08:00,in_sample,0.3333,")) << csv;
  EXPECT_TRUE(contains(csv, "\"a newspaper, page 1\"")) << csv;
  EXPECT_TRUE(contains(csv, "# SYNTHETIC network; 20 winters, seed 1, wintergrid ")) << csv;
  const std::string svg = bytes_of(folder / "1/hindcast.svg");
  EXPECT_TRUE(contains(svg, "households without power"));
  EXPECT_TRUE(contains(svg, "households without heat"));
  EXPECT_FALSE(contains(svg, "households without water"));  // nothing was recorded
  test::expect_described(folder / "1");
}

TEST(Hindcast, BadInputIsToldWithItsExitCode) {
  const TempDir folder;
  const std::string scenario = small_oblast(folder);
  const std::string out = (folder / "out").string();
  EXPECT_EQ(run_program({"hindcast", scenario, (folder / "none.csv").string(), "-o", out}).code,
            66);
  const Finished bad = run_program(
      {"hindcast", scenario, record(folder, "2025-12-20T08:00,power,30,,unseen,x\n"), "-o", out});
  EXPECT_EQ(bad.code, 65);
  EXPECT_TRUE(contains(bad.err, "observed.csv:2:24")) << bad.err;
  const Finished service = run_program({"hindcast", scenario, record(folder, kRows), "-o", out,
                                        "-n", "10", "--set", "services=[power]"});
  EXPECT_EQ(service.code, 65) << service.err;
  EXPECT_TRUE(contains(service.err, "does not model heat")) << service.err;
  EXPECT_EQ(run_program({"hindcast", scenario}).code, 64);
  EXPECT_EQ(test::files_in(out).size(), 0U);
}

TEST(Hindcast, AFullDiskLosesNothingOfWhatIsPrinted) {
  const TempDir folder;
  StartOptions options;
  options.largest_file_bytes = 4096;
  options.standard_output = (folder / "printed.txt").string();
  const std::string scenario = small_oblast(folder), observed = record(folder, kRows);
  const Finished result = run_program(
      {"hindcast", scenario, observed, "-o", (folder / "out").string(), "-n", "10", "-q"}, options);
  EXPECT_EQ(result.code, 74) << result.err;
  EXPECT_TRUE(contains(bytes_of(options.standard_output), "unseen    heat"));
}

}  // namespace
}  // namespace wintergrid
