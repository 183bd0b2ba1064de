// The reader of MATPOWER cases applies what it understands and refuses the rest by line; every
// published case that is at hand becomes a scenario that compiles.

#include "engine/scenario/matpower.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/montecarlo/prepare.hpp"
#include "engine/scenario/write.hpp"
#include "tests/support/reference_data.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid::scenario {
namespace {

using ::testing::HasSubstr;

const std::string kHead = "function mpc = tiny\nmpc.version = '2';\nmpc.baseMVA = 100;\n";
const std::string kBus =
    "mpc.bus = [\n"
    " 1 3 0    0  0 0 1 1 0  110 1 1.1 0.9;\n"
    " 2 1 5000 20 0 0 1 1 -5 110 1 1.1 0.9;\n"
    "];\n";
const std::string kGen = "mpc.gen = [1 60 0 99 -99 1 100 1 80 0];\n";
const std::string kBranch = "mpc.branch = [1 2 0.01 0.1 0 70 70 70 0 0 1];\n";

/// Line of the first statement that stands after the matrices.
constexpr std::size_t kNextLine = 10;

struct Read {
  MatpowerCase result;
  Diagnostics diagnostics;
};

Read read(const std::string& text) {
  const test::TempDir folder;
  Read read;
  read.result = read_matpower(folder.write("tiny.m", text).string(), read.diagnostics);
  return read;
}

Read read_good(const std::string& text) {
  Read result = read(text);
  EXPECT_TRUE(result.diagnostics.ok()) << result.diagnostics.to_text();
  return result;
}

const std::string kMatrices = kHead + kBus + kGen + kBranch;

TEST(Matpower, ReadsTheMatrices) {
  const Read good = read_good(kMatrices);
  EXPECT_EQ(good.result.name, "tiny");
  EXPECT_EQ(good.result.base_mva, 100.0);
  ASSERT_EQ(good.result.bus.rows(), 2U);
  EXPECT_EQ(good.result.bus.at(1, matpower::kLoadMw), 5000.0);
  EXPECT_EQ(good.result.bus.at(1, matpower::kAngleDeg), -5.0);
  EXPECT_EQ(good.result.bus.lines[1], 6U);
  EXPECT_EQ(good.result.gen.at(0, matpower::kGenMaxMw), 80.0);
  EXPECT_EQ(good.result.branch.at(0, matpower::kReactance), 0.1);
}

TEST(Matpower, CommentsContinuationsCommasNamesAndCells) {
  const Read good = read_good(
      "%% a comment; with [brackets] and 'quotes'\n"
      "function mpc = tiny\n"
      "%{\nmpc.baseMVA = 7;\n  %{\nmpc.baseMVA = 8;\n  %}\nmpc.baseMVA = 9;\n%}\n"
      "mpc.version = '2';\n"
      "mpc.baseMVA = 100; %{ not a block comment: other text stands in the line\n"
      "mpc.bus_name = {\n 'North; 50% of load';\n 'it''s [here'; \n};\n"
      "mpc.bus = [\n"
      "% between rows\n"
      "\t1,3,0,0,0,0,1,1,0,110,1,1.1,0.9 % no semicolon\n"
      " 2 1 5000 20 0 0 ... continued\n"
      "   1 1 -5 110 1 1.1 0.9;\n\n"
      "];\n"
      "mpc.gen = [ 1 60 0 99 -99 1 100 1 80 0 ]; mpc.branch = [1 2 .01 1e-1 0 7E1 70 70 0 0 1]\n"
      "mpc.gencost = [2 0 0 3 0.1 5 0];\n"
      "mpc.gentype = {'ST'};\n"
      "end\n");
  EXPECT_EQ(good.result.base_mva, 100.0);
  ASSERT_EQ(good.result.bus.rows(), 2U);
  EXPECT_EQ(good.result.bus.at(1, matpower::kLoadMw), 5000.0);
  EXPECT_EQ(good.result.bus.at(1, matpower::kBaseKv), 110.0);
  EXPECT_EQ(good.result.branch.at(0, matpower::kRateA), 70.0);
}

TEST(Matpower, WindowsLineEndsAndByteOrderMark) {
  std::string text = "\xEF\xBB\xBF" + kMatrices;
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2)) {
    text.insert(at, "\r");
  }
  EXPECT_EQ(read_good(text).result.bus.at(1, matpower::kLoadMw), 5000.0);
}

TEST(Matpower, ArithmeticInMatrices) {
  const Read good =
      read_good(kHead + kBus + kGen +
                "mpc.branch = [1 2 0.01 (1+2)*0.1/3 0 7*10 -2^2+74 sqrt(4900) 0 pi*0 1];\n");
  EXPECT_NEAR(good.result.branch.at(0, matpower::kReactance), 0.1, 1e-15);
  EXPECT_EQ(good.result.branch.at(0, matpower::kRateA), 70.0);
  EXPECT_EQ(good.result.branch.at(0, 6), 70.0);
  EXPECT_EQ(good.result.branch.at(0, 7), 70.0);
}

/// As in the distribution cases of MATPOWER: loads in kW, impedances in ohms.
TEST(Matpower, ExecutedStatementsAreApplied) {
  const Read good =
      read_good(kMatrices +
                "[PQ, PV, REF, NONE, BUS_I, BUS_TYPE, PD, QD, GS, BS, BUS_AREA, VM, ...\n"
                "    VA, BASE_KV, ZONE, VMAX, VMIN, LAM_P, LAM_Q, MU_VMAX, MU_VMIN] = idx_bus;\n"
                "[F_BUS, T_BUS, BR_R, BR_X, BR_B, RATE_A, RATE_B, RATE_C, ...\n"
                "    TAP, SHIFT, BR_STATUS, PF, QF, PT, QT, MU_SF, MU_ST, ...\n"
                "    ANGMIN, ANGMAX, MU_ANGMIN, MU_ANGMAX] = idx_brch;\n"
                "Vbase = mpc.bus(1, BASE_KV) * 1e3;      %% in Volts\n"
                "Sbase = mpc.baseMVA * 1e6;              %% in VA\n"
                "mpc.branch(:, [BR_R BR_X]) = mpc.branch(:, [BR_R BR_X]) / (Vbase^2 / Sbase);\n"
                "mpc.bus(:, [PD, QD]) = mpc.bus(:, [PD, QD]) / 1e3;\n");
  EXPECT_DOUBLE_EQ(good.result.branch.at(0, matpower::kReactance), 0.1 / 121.0);
  EXPECT_DOUBLE_EQ(good.result.branch.at(0, 2), 0.01 / 121.0);
  EXPECT_DOUBLE_EQ(good.result.bus.at(1, matpower::kLoadMw), 5.0);
  EXPECT_DOUBLE_EQ(good.result.bus.at(1, 3), 0.02);
  EXPECT_EQ(good.result.branch.at(0, matpower::kRateA), 70.0);
}

TEST(Matpower, MoreStatements) {
  const Read good =
      read_good(kMatrices +
                "define_constants;\n"
                "pf = 0.8;\n"
                "mpc.bus(:, QD) = mpc.bus(:, PD) * sin(acos(pf));\n"
                "mpc.bus(:, PD) = mpc.bus(:, PD) * pf;\n"
                "mpc.gen(:, 9) = 55;\n"
                "mpc.branch(:, RATE_A) = mpc.branch(:, RATE_A) .* mpc.branch(:, BR_X) + 1;\n");
  EXPECT_NEAR(good.result.bus.at(1, 3), 5000.0 * 0.6, 1e-9);
  EXPECT_NEAR(good.result.bus.at(1, matpower::kLoadMw), 4000.0, 1e-9);
  EXPECT_EQ(good.result.gen.at(0, matpower::kGenMaxMw), 55.0);
  EXPECT_NEAR(good.result.branch.at(0, matpower::kRateA), 8.0, 1e-12);
}

class RefusedStatement : public ::testing::TestWithParam<const char*> {};

TEST_P(RefusedStatement, IsAnErrorWithItsLine) {
  const Read bad = read(kMatrices + GetParam() + "\n");
  ASSERT_FALSE(bad.diagnostics.ok()) << GetParam();
  const Diagnostic& first = bad.diagnostics.items().front();
  EXPECT_EQ(first.place.line, kNextLine) << bad.diagnostics.to_text();
  EXPECT_THAT(first.problem, HasSubstr("cannot be applied safely"));
  EXPECT_THAT(first.hint, HasSubstr("savecase"));
}

INSTANTIATE_TEST_SUITE_P(
    Statements, RefusedStatement,
    ::testing::Values(
        "for i = 1:2, mpc.bus(i, 3) = 0; end", "if mpc.baseMVA == 100", "if mpc.baseMVA ~= 100",
        "while 1", "mpc = scale_load(2, mpc);", "mpc = loadcase('case9');", "scale_load(2, mpc);",
        "mpc.gen(1, :) = [];", "mpc.gen(mpc.gen(:, 8) == 0, :) = [];", "mpc.bus(:, 3) = [];",
        "mpc.bus(2, 3) = 5;", "mpc.bus(:, [3 4]) = mpc.bus(:, [3 4]) * mpc.bus(:, [3 4]);",
        "mpc.bus(:, 3) = 1 / mpc.bus(:, 3);", "mpc.bus(:, 3) = mpc.bus(:, [3 4]);",
        "mpc.bus(:, 99) = 1;", "mpc.bus(:, 0) = 1;", "mpc.bus(:, 1.5) = 1;",
        "mpc.bus(:, 1e300) = 1;", "x = mpc.bus(7, 3);", "x = mpc.bus(1.5, 3);", "x = unknown * 2;",
        "mpc.bus = mpc.bus * 2;", "mpc.gen = [1 2 3] * 2;", "mpc.gen = [1 2 3]';",
        "mpc.gen = [mpc.gen; 1 2 3];", "mpc.gen = [1 2; 3];", "mpc.gen = [1 2",
        "mpc.gen = [1 x 3];", "mpc.gen = [1 0/0 3];", "mpc.nothing(:, 1) = 2;",
        "[PD, QD] = deal(3, 4);", "mpc.x =", "= 5", "x = (1 + 2", "x = 2 ^ mpc.bus(:, 3);",
        "mpc.version = '1';", "results = runpf(mpc);", "x = 1 2;"));

TEST(Matpower, DeepNestingIsRefused) {
  const Read bad = read(kMatrices + "x = " + std::string(200000, '(') + "1" +
                        std::string(200000, ')') + ";\ny = " + std::string(200000, '-') + "1;\n");
  EXPECT_EQ(bad.diagnostics.error_count(), 2U);
  EXPECT_THAT(bad.diagnostics.to_text(), HasSubstr("nested too deeply"));
}

TEST(Matpower, MissingOrImpossibleParts) {
  EXPECT_THAT(read("").diagnostics.to_text(), HasSubstr("the file is empty"));
  EXPECT_THAT(read("% nothing\n").diagnostics.to_text(), HasSubstr("mpc.baseMVA is missing"));
  EXPECT_THAT(read(kHead + kBus + kGen).diagnostics.to_text(), HasSubstr("mpc.branch is missing"));
  EXPECT_THAT(read(kHead + "mpc.bus = [1 2 3];\n" + kGen + kBranch).diagnostics.to_text(),
              HasSubstr("mpc.bus has 1 rows and 3 columns"));
  EXPECT_THAT(read(kMatrices + "mpc.baseMVA = 0;\n").diagnostics.to_text(),
              HasSubstr("mpc.baseMVA is 0"));
  EXPECT_THAT(read("function [baseMVA, bus] = old\n").diagnostics.to_text(),
              HasSubstr("only version 2 cases"));
  const Read infinite = read(kMatrices + "mpc.bus(:, 3) = Inf;\n");
  EXPECT_EQ(infinite.diagnostics.error_count(), 2U);
  EXPECT_EQ(infinite.diagnostics.items().front().place.line, 5U);
}

TEST(Matpower, NetworkRefusesWhatCannotBeSolved) {
  const auto complaint = [](const std::string& bus, const std::string& gen,
                            const std::string& branch) {
    Read good = read_good(kHead + bus + gen + branch);
    to_network(good.result, good.diagnostics);
    return good.diagnostics.to_text();
  };
  EXPECT_EQ(complaint(kBus, kGen, kBranch), "");
  EXPECT_THAT(complaint(kBus, kGen, "mpc.branch = [1 3 0.01 0.1 0 70 70 70 0 0 1];\n"),
              HasSubstr("tiny.m:9: error: a branch refers to bus 3, which does not exist"));
  EXPECT_THAT(complaint(kBus, "mpc.gen = [9 60 0 99 -99 1 100 1 80 0];\n", kBranch),
              HasSubstr("a generator refers to bus 9"));
  EXPECT_THAT(complaint(kBus, kGen, "mpc.branch = [1 2 0.01 0 0 70 70 70 0 0 1];\n"),
              HasSubstr("a branch has reactance 0"));
  std::string twice = kBus;
  twice.replace(twice.find(" 2 1"), 4, " 1 1");
  EXPECT_THAT(complaint(twice, kGen, kBranch), HasSubstr("bus 1 is defined twice"));
}

TEST(Matpower, LoadThatNothingFeedsIsLeftOutWithAWarning) {
  const std::string island =
      "mpc.bus = [\n 1 3 0 0 0 0 1 1 0 110 1 1.1 0.9;\n 2 1 50 20 0 0 1 1 0 110 1 1.1 0.9;\n 3 1 7 "
      "0 0 0 1 1 0 110 1 1.1 0.9;\n];\n";
  Read good = read_good(kHead + island + kGen + kBranch);
  const Scenario scenario = to_scenario(good.result, {}, good.diagnostics);
  EXPECT_TRUE(good.diagnostics.ok());
  EXPECT_THAT(good.diagnostics.to_text(),
              HasSubstr("7.0 MW of load cannot be reached by any generator"));
  ASSERT_EQ(scenario.zones.size(), 1U);
  EXPECT_EQ(scenario.zones[0].zone, "Z2");
}

std::vector<std::filesystem::path> published_cases() {
  std::vector<std::filesystem::path> files;
  const auto root = test::reference_data("power");
  if (root) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(*root)) {
      if (entry.path().extension() == ".m") {
        files.push_back(entry.path());
      }
    }
    std::sort(files.begin(), files.end());
    EXPECT_GE(files.size(), 5U);
  }
  return files;
}

/// Households stand for the case's load; the scenario as files reads back and prepares like the one
/// in memory.
void check_import(const std::filesystem::path& file, bool power_only) {
  SCOPED_TRACE(file.filename().string() + (power_only ? " power only" : ""));
  Diagnostics diagnostics;
  const MatpowerCase source = read_matpower(file.string(), diagnostics);
  ASSERT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  MatpowerImportOptions options;
  options.power_only = power_only;
  const Scenario scenario = to_scenario(source, options, diagnostics);
  ASSERT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  EXPECT_EQ(scenario.buses.size(), source.bus.rows());
  EXPECT_EQ(scenario.branches.size(), source.branch.rows());
  EXPECT_EQ(scenario.heat_nodes.empty(), power_only);
  EXPECT_EQ(scenario.water_nodes.empty(), power_only);
  double load_mw = 0.0;
  for (std::size_t i = 0; i < source.bus.rows(); ++i) {
    load_mw += std::max(0.0, source.bus.at(i, matpower::kLoadMw));
  }
  double households = 0.0;
  for (const HouseholdRow& row : scenario.households) {
    households += static_cast<double>(row.households);
  }
  // Bus loads are rounded to whole households: 0.5 of 1.25 kW per bus, or one household where there
  // is less.
  EXPECT_NEAR(households * 1.25 / 1000.0, load_mw,
              0.00125 * static_cast<double>(source.bus.rows()));

  const test::TempDir folder;
  for (const NamedText& text : to_files(scenario)) {
    folder.write(text.name, text.text);
  }
  const Scenario back = read_scenario((folder / "scenario.yaml").string(), diagnostics);
  ASSERT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  const auto prepared = montecarlo::prepare_case(back, diagnostics);
  ASSERT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  EXPECT_EQ(static_cast<double>(prepared->model.total_households), households);
  EXPECT_EQ(prepared->model.power.network.branch_count(), source.branch.rows());
}

TEST(MatpowerReference, EveryPublishedCaseCompiles) {
  for (const std::filesystem::path& file : published_cases()) {
    check_import(file, false);
  }
}

TEST(MatpowerReference, EveryPublishedCaseCompilesWithPowerOnly) {
  for (const std::filesystem::path& file : published_cases()) {
    check_import(file, true);
  }
}

}  // namespace
}  // namespace wintergrid::scenario
