// `solve power` against published networks: every DC flow and every least load shedding that is at
// hand.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/cli/program.hpp"
#include "tests/support/reference_data.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid {
namespace {

namespace fs = std::filesystem;
using test::run_program;

std::vector<fs::path> files_ending(const fs::path& folder, const std::string& ending) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.size() > ending.size() &&
        name.compare(name.size() - ending.size(), ending.size(), ending) == 0) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

fs::path case_of(const fs::path& reference, const std::string& ending) {
  const std::string name = reference.filename().string();
  return reference.parent_path() / (name.substr(0, name.size() - ending.size()) + ".m");
}

/// Same rows, same names in the columns before the last, values in the last within `tolerance`.
void expect_same(const fs::path& ours, const fs::path& theirs, double tolerance) {
  const auto a = test::csv_rows(ours), b = test::csv_rows(theirs);
  ASSERT_EQ(a.size(), b.size());
  double worst = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(a[i].size(), b[i].size());
    for (std::size_t k = 0; k + 1 < a[i].size(); ++k) {
      ASSERT_EQ(a[i][k], b[i][k]) << "row " << i + 1;
    }
    worst = std::max(worst, std::abs(std::stod(a[i].back()) - std::stod(b[i].back())));
  }
  EXPECT_LE(worst, tolerance);
}

TEST(SolvePower, DcFlowsOfPublishedCases) {
  const auto root = test::reference_data("power");
  if (!root) {
    return;
  }
  const auto references = files_ending(*root, "_dcpf_buses.csv");
  EXPECT_GE(references.size(), 5U);
  for (const fs::path& reference : references) {
    SCOPED_TRACE(reference.filename().string());
    const test::TempDir folder;
    const auto result =
        run_program({"solve", "power", case_of(reference, "_dcpf_buses.csv").string(), "-o",
                     (folder / "out").string()});
    ASSERT_EQ(result.code, 0) << result.err;
    expect_same(folder / "out/buses.csv", reference, 1e-6);
    const std::string name = reference.filename().string();
    expect_same(
        folder / "out/branches.csv",
        reference.parent_path() /
            (name.substr(0, name.size() - std::string("buses.csv").size()) + "branches.csv"),
        1e-6);
  }
}

TEST(SolvePower, LeastSheddingOfPublishedOutages) {
  const auto root = test::reference_data("power");
  if (!root) {
    return;
  }
  const auto references = files_ending(*root, "_minshed.csv");
  EXPECT_GE(references.size(), 2U);
  for (const fs::path& reference : references) {
    SCOPED_TRACE(reference.filename().string());
    const test::TempDir folder;
    const auto result =
        run_program({"solve", "power", case_of(reference, "_minshed.csv").string(), "--outages",
                     reference.string(), "-o", (folder / "out").string()});
    ASSERT_EQ(result.code, 0) << result.err;
    const auto ours = test::csv_rows(folder / "out/minshed.csv"),
               theirs = test::csv_rows(reference);
    ASSERT_EQ(ours.size(), theirs.size());
    double worst = 0.0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
      ASSERT_EQ(ours[i].front(), theirs[i].front());
      worst = std::max(worst, std::abs(std::stod(ours[i].back()) - std::stod(theirs[i].back())));
    }
    EXPECT_LE(worst, 1e-4);
  }
}

const std::string kCase =
    "function mpc = tiny\nmpc.version = '2';\nmpc.baseMVA = 100;\n"
    "mpc.bus = [1 3 0 0 0 0 1 1 0 110 1 1.1 0.9; 2 1 50 0 0 0 1 1 0 110 1 1.1 0.9];\n"
    "mpc.gen = [1 50 0 99 -99 1 100 1 80 0];\n"
    "mpc.branch = [1 2 0.01 0.1 0 30 0 0 0 0 1; 1 2 0.01 0.1 0 30 0 0 0 0 1];\n";

/// Two lines of 30 MW to a load of 50 MW: one lost leaves 30, both leave nothing; the plant lost
/// leaves nothing either.
TEST(SolvePower, SheddingByHand) {
  const test::TempDir folder;
  const std::string file = folder.write("tiny.m", kCase).string();
  const std::string outages =
      folder
          .write("outages.csv",
                 "case,branches out,generators out\nnone,,\none,1,\nboth,1 2,\nplant,,1\n")
          .string();
  const auto result =
      run_program({"solve", "power", file, "--outages", outages, "-o", (folder / "out").string()});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(test::bytes_of(folder / "out/minshed.csv"),
            "case,min_shed_mw\nnone,0.000000\none,20.000000\nboth,50.000000\nplant,50.000000\n");
}

TEST(SolvePower, WrongInputIsRefusedByLineAndNothingIsWritten) {
  const test::TempDir folder;
  const std::string out = (folder / "out").string();
  const std::string file = folder.write("tiny.m", kCase).string();
  const std::string outages =
      folder.write("outages.csv", "case,branches out,generators out\na,3,\nb,x,\nc\n").string();
  const auto wrong_rows = run_program({"solve", "power", file, "--outages", outages, "-o", out});
  EXPECT_EQ(wrong_rows.code, 65);
  EXPECT_NE(wrong_rows.err.find("outages.csv:2: error: '3' is not a branch row (1 to 2)"),
            std::string::npos)
      << wrong_rows.err;
  EXPECT_NE(wrong_rows.err.find("outages.csv:3: error: 'x' is not a branch row"), std::string::npos)
      << wrong_rows.err;
  EXPECT_NE(wrong_rows.err.find("outages.csv:4: error"), std::string::npos) << wrong_rows.err;

  const std::string script =
      folder.write("script.m", kCase + "mpc = scale_load(2, mpc);\n").string();
  const auto refused = run_program({"solve", "power", script, "-o", out});
  EXPECT_EQ(refused.code, 65);
  EXPECT_NE(refused.err.find("script.m:7: error: statement 'mpc = scale_load(2, mpc)'"),
            std::string::npos)
      << refused.err;

  EXPECT_EQ(run_program({"solve", "power", (folder / "no.m").string(), "-o", out}).code, 66);
  EXPECT_FALSE(fs::exists(out));
  EXPECT_EQ(run_program({"solve", "power", file, "-o", file + "/out"}).code, 73);
}

}  // namespace
}  // namespace wintergrid
