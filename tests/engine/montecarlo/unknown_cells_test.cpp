// Winters with unknown cells: their effect where it is known, the same bits in any order, failures,
// and nothing changed where nothing is unknown.

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/montecarlo/metrics.hpp"
#include "engine/montecarlo/unknown_effect.hpp"
#include "engine/scenario/overlay.hpp"
#include "engine/scenario/unknown.hpp"
#include "engine/scenario/write.hpp"
#include "grid_models/core/name_hash.hpp"
#include "tests/engine/montecarlo/cases.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid::montecarlo {
namespace {

using testing::prepared;
using testing::small_oblast;

/// One metric, whole numbers.
Tally tally_of(const std::vector<double>& values) {
  Shape shape;
  shape.metrics = 1;
  Tally tally(shape);
  Record record;
  for (const double value : values) {
    prepare(record, shape);
    record.row[0] = std::llround(value);
    tally.add(record);
  }
  return tally;
}

/// Nearly normal.
double noise(std::uint64_t seed, std::uint64_t index, std::uint32_t what) {
  const random::Draw draw(seed, index);
  double sum = -6.0;
  for (std::uint32_t k = 0; k < 12; ++k) {
    sum += draw.uniform({name_hash("noise"), Purpose::test, what * 16 + k});
  }
  return sum;
}

struct Parts {
  double winter = 0, parameters = 0, cells = 0;  ///< standard deviations
};

/// Two runs of which the shares are known: of the winters c^2 / (w^2 + p^2 + c^2), of the
/// expectation c^2 / (p^2 + c^2).
UnknownEffect effect_of(const Parts& parts, std::uint64_t winters, std::uint64_t seed,
                        std::uint64_t group = 2) {
  std::vector<double> first, second;
  for (std::uint64_t r = 0; r < winters; ++r) {
    const double common = 1e6 + 1e5 * (parts.winter * noise(seed, r, 0) +
                                       parts.parameters * noise(seed, r / group, 1));
    first.push_back(common + 1e5 * parts.cells * noise(seed, r / group, 2));
    second.push_back(common + 1e5 * parts.cells * noise(seed, r / group, 3));
  }
  return unknown_effect(tally_of(first), tally_of(second), 0, 1.0, group, seed);
}

TEST(UnknownEffect, HalfOfTheVarianceIsHalf) {
  const UnknownEffect effect = effect_of({1.0, 1.0, std::sqrt(2.0)}, 4000, 1);
  EXPECT_NEAR(effect.of_winters.share, 0.5, 0.03);
  EXPECT_NEAR(effect.of_expectation.share, 2.0 / 3.0, 0.06);
  EXPECT_EQ(effect.winters, 4000U);
  EXPECT_EQ(effect.differing, 4000U);
}

TEST(UnknownEffect, AllAndNothing) {
  const UnknownEffect all = effect_of({0.0, 0.0, 1.0}, 2000, 2);
  EXPECT_NEAR(all.of_winters.share, 1.0, 0.05);
  EXPECT_NEAR(all.of_expectation.share, 1.0, 0.05);
  const UnknownEffect nothing = effect_of({1.0, 1.0, 0.0}, 2000, 2);
  EXPECT_EQ(nothing.of_winters.share, 0.0);
  EXPECT_EQ(nothing.of_winters.high, 0.0);
  EXPECT_EQ(nothing.differing, 0U);
}

TEST(UnknownEffect, IntervalsCoverTheTruthAsOftenAsTheySay) {
  int winters = 0, expectation = 0;
  constexpr int kRuns = 200;
  for (int run = 0; run < kRuns; ++run) {
    const UnknownEffect effect =
        effect_of({1.0, 1.0, 1.0}, 256, 100 + static_cast<std::uint64_t>(run));
    const auto covers = [](const VarianceShare& share, double truth) {
      return share.low <= truth && truth <= share.high;
    };
    winters += covers(effect.of_winters, 1.0 / 3.0) ? 1 : 0;
    expectation += covers(effect.of_expectation, 0.5) ? 1 : 0;
  }
  EXPECT_GE(winters, 0.90 * kRuns);
  EXPECT_LE(winters, 0.99 * kRuns);
  EXPECT_GE(expectation, 0.88 * kRuns);
}

TEST(UnknownEffect, WithFixedParametersThereIsNoSpreadOfTheExpectation) {
  const UnknownEffect effect = effect_of({1.0, 0.0, 1.0}, 2000, 3, 1);
  EXPECT_NEAR(effect.of_winters.share, 0.5, 0.05);
  EXPECT_TRUE(std::isnan(effect.of_expectation.share));
}

// --- whole winters -----------------------------------------------------------------------------

/// Files of a scenario, changed line by line.
class Files {
 public:
  explicit Files(const scenario::Scenario& scenario) {
    for (const scenario::NamedText& file : scenario::to_files(scenario)) {
      folder_.write(file.name, file.text);
    }
  }
  /// In every `every`-th line the cell of a column becomes `unknown`; how many did.
  int make_unknown(const std::string& table, const std::string& column, int every = 1) {
    std::ifstream in(folder_ / (table + ".csv"));
    std::string line, text;
    std::size_t at = 0;
    int rows = 0, changed = 0;
    while (std::getline(in, line)) {
      std::vector<std::string> cells = split(line);
      if (text.empty()) {
        at =
            static_cast<std::size_t>(std::find(cells.begin(), cells.end(), column) - cells.begin());
      } else if (++rows % every == 0) {
        cells.at(at) = "unknown";
        ++changed;
      }
      for (std::size_t i = 0; i < cells.size(); ++i) {
        text += (i == 0 ? "" : ",") + cells[i];
      }
      text += "\n";
    }
    folder_.write(table + ".csv", text);
    return changed;
  }
  void append(const std::string& table, const std::string& lines) {
    std::ofstream(folder_ / (table + ".csv"), std::ios::app) << lines;
  }
  scenario::Scenario read(const std::string& overlay = {}) const {
    std::vector<scenario::OverlaySource> overlays;
    if (!overlay.empty()) {
      overlays.push_back({"on_top.yaml", "wintergrid_overlay: 1\n" + overlay});
    }
    Diagnostics diagnostics;
    scenario::Scenario scenario =
        scenario::read_scenario((folder_ / "scenario.yaml").string(), overlays, diagnostics);
    EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
    return scenario;
  }

 private:
  static std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> cells(1);
    for (const char character : line) {
      if (character == ',') {
        cells.emplace_back();
      } else {
        cells.back() += character;
      }
    }
    return cells;
  }
  test::TempDir folder_;
};

std::vector<std::int64_t> row_of(const Outcome& outcome) {
  std::vector<std::int64_t> row(metrics().size());
  fill_row(outcome, row);
  return row;
}

TEST(UnknownCells, NoneTakesTheUsualPath) {
  const auto which = prepared(small_oblast(5));
  EXPECT_EQ(which->unknown, nullptr);
  Simulation simulation(*which, which->policy);
  simulation.run_one(0);
  EXPECT_EQ(&simulation.model(), &which->model);
}

TEST(UnknownCells, AWinterIsAPureFunctionOfItsNumber) {
  Files files(small_oblast(8));
  files.make_unknown("households", "building_class", 3);
  files.make_unknown("households", "rise", 3);
  files.make_unknown("facilities", "generator_kw", 2);
  files.make_unknown("generators", "capacity_mw", 4);
  files.make_unknown("feeders", "queue", 2);
  const auto which = prepared(files.read());
  ASSERT_NE(which->unknown, nullptr);
  EXPECT_EQ(which->group, 2U);
  Simulation a(*which, which->policy), b(*which, which->policy);
  std::vector<std::vector<std::int64_t>> forward;
  std::vector<double> generator_kw;
  for (std::uint64_t r = 0; r < 8; ++r) {
    forward.push_back(row_of(a.run_one(r)));
    double sum = 0.0;
    for (const double kw : a.model().facilities.generator_kw) {
      sum += kw;
    }
    generator_kw.push_back(sum);
    EXPECT_EQ(a.model().total_households, which->model.total_households);
  }
  for (std::uint64_t r = 8; r-- > 0;) {
    EXPECT_EQ(row_of(b.run_one(r)), forward[r]) << r;
  }
  EXPECT_EQ(generator_kw[2], generator_kw[3]);  // one filling for a parameter draw
  EXPECT_NE(generator_kw[2], generator_kw[4]);
}

/// The hand-checked town, in which the boiler house of the east is destroyed, at constant cold:
/// what is left to chance does not touch the temperature of homes.
scenario::Scenario certain_town() {
  scenario::Scenario scenario = testing::town();
  scenario.sample_parameters = false;
  return scenario;
}

struct Measured {
  UnknownEffect effect;
  double rate_of_failures = 0;
};

Measured measure(const scenario::Scenario& scenario, std::uint64_t winters,
                 const char* name = "household_hours_below_12c") {
  const auto which = prepared(scenario);
  std::vector<Tally> runs;
  for (const std::uint32_t filling : {0U, 1U}) {
    runs.emplace_back(shape_of(which->model));
    RunOptions options;
    options.replications = winters;
    options.group = which->group;
    options.failure_budget_share = 1.0;
    options.threads = 2;
    run(
        runs.back(), [&] { return std::make_unique<Simulation>(*which, which->policy, filling); },
        options);
  }
  const std::size_t metric = metric_index(name);
  return {unknown_effect(runs[0], runs[1], metric, metrics()[metric].per_unit, which->group, 1),
          static_cast<double>(runs[0].failures().size()) / static_cast<double>(winters)};
}

TEST(UnknownCells, WhatAloneDecidesHasAllOfTheVariance) {
  Files files(certain_town());
  // The fifth row: 800 homes of the east; panel, brick or insulated as in the centre.
  ASSERT_EQ(files.make_unknown("households", "building_class", 5), 2);
  ASSERT_EQ(files.make_unknown("households", "rise", 5), 2);
  const Measured measured = measure(files.read(), 300);
  EXPECT_EQ(measured.rate_of_failures, 0.0);
  // Weights 1,000, 1,200 and 1,000 of 3,200: two fillings differ with chance 1 - sum of squares.
  EXPECT_NEAR(static_cast<double>(measured.effect.differing) / 300.0, 0.664, 0.11);
  EXPECT_NEAR(measured.effect.of_winters.share, 1.0, 0.1);
}

TEST(UnknownCells, WhatDoesNotMatterHasNone) {
  Files files(certain_town());
  ASSERT_GT(files.make_unknown("branches", "length_km", 2), 0);  // travel of crews, if at all
  const Measured measured = measure(files.read(), 40);
  EXPECT_EQ(measured.effect.winters, 40U);
  EXPECT_EQ(measured.effect.differing, 0U);
}

/// A change on top takes the set, but not its fuel, from the facility if 20 kW are drawn for it:
/// that is one draw of three.
TEST(UnknownCells, ValuesThatContradictEachOtherAreFailedReplications) {
  Files files(certain_town());
  const std::string end = ",other,centre,cx,";
  files.append("facilities", "A" + end + "30,5,false,40,24,10\nB" + end + "30,5,false,40,24,10\nC" +
                                 end + "20,5,false,40,24,10\nX" + end +
                                 "unknown,5,false,40,24,10\n");
  const Measured measured =
      measure(files.read("change:\n  - {table: facilities, where: {facility: X, load_kw: 20}, set: "
                         "{generator_kw: 0}}\n"),
              300);
  EXPECT_NEAR(measured.rate_of_failures, 1.0 / 3.0, 0.11);
  EXPECT_NEAR(static_cast<double>(measured.effect.winters), 300 * 4.0 / 9.0, 35);
}

}  // namespace
}  // namespace wintergrid::montecarlo
