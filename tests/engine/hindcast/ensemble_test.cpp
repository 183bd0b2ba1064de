// The hours of winters, and the bundled hindcasts as data: each compiles, its record can be read,
// its city is what the generator makes.

#include "engine/hindcast/ensemble.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/io/source_text.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/scenario/synthetic/oblast.hpp"
#include "engine/scenario/write.hpp"

namespace wintergrid::hindcast {
namespace {

namespace fs = std::filesystem;
const fs::path kFolder = fs::path(WINTERGRID_SOURCE_DIR) / "data/hindcast";
const std::vector<std::string> kCases = {"kharkiv_2024", "kyiv_2022", "kyiv_2026", "odesa_2025"};

struct Prepared {
  scenario::Scenario scenario;
  std::unique_ptr<montecarlo::Case> which;
  std::vector<Observation> observations;
};

Prepared prepare(const std::string& name) {
  Prepared result;
  Diagnostics diagnostics;
  result.scenario = scenario::read_scenario((kFolder / (name + ".yaml")).string(), diagnostics);
  EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  result.which = montecarlo::prepare_case(result.scenario, diagnostics);
  const std::optional<io::SourceText> source = io::read_source(
      (kFolder / (name + "_observed.csv")).string(), 1U << 20U, SourcePlace{}, diagnostics);
  const scenario::Scenario& s = result.scenario;
  result.observations =
      read_observed(*source, {s.start_year, s.start_month, s.start_day, s.start_hour},
                    result.which->model.hours(), diagnostics);
  EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  return result;
}

Ensemble ensemble_of(const Prepared& prepared, std::uint64_t winters, int threads) {
  montecarlo::RunOptions options;
  options.replications = winters;
  options.threads = threads;
  options.group = prepared.which->group;
  Ensemble ensemble;
  EXPECT_EQ(simulate(*prepared.which, options, ensemble), montecarlo::StopReason::finished);
  return ensemble;
}

TEST(Hindcasts, EveryBundledCaseIsComplete) {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".yaml") {
      found.push_back(entry.path().stem().string());
    }
  }
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, kCases);
  for (const std::string& name : kCases) {
    const Prepared prepared = prepare(name);
    EXPECT_TRUE(std::any_of(
        prepared.observations.begin(), prepared.observations.end(),
        [](const Observation& row) { return row.use == Use::unseen || row.use == Use::in_sample; }))
        << name;
    for (const Observation& row : prepared.observations) {
      EXPECT_FALSE(row.source.empty()) << name << " " << row.time;
    }
  }
}

TEST(Hindcasts, CitiesAreWhatTheGeneratorMakes) {
  for (const auto& [name, people] : {std::pair{"city", 3.6e6}, std::pair{"small_city", 1.2e6}}) {
    for (const scenario::NamedText& file : scenario::to_files(scenario::make_city({people, 1}))) {
      std::ifstream in(kFolder / name / file.name, std::ios::binary);
      const std::string there{std::istreambuf_iterator<char>(in), {}};
      EXPECT_TRUE(there == file.text)
          << "data/hindcast/" << name << "/" << file.name
          << " differs: run `wintergrid new city` and review the difference";
    }
  }
}

TEST(Hindcasts, ThreadsDoNotChangeAnHour) {
  const Prepared prepared = prepare("odesa_2025");
  const Ensemble one = ensemble_of(prepared, 20, 1), three = ensemble_of(prepared, 20, 3);
  ASSERT_EQ(one.replications.size(), 20U);
  for (std::size_t service = 0; service < kServiceCount; ++service) {
    EXPECT_EQ(one.without[service], three.without[service]);
  }
  // Something happens, and not the same in every winter.
  const std::vector<double> values = simulated(one, prepared.observations, 0);
  EXPECT_GT(*std::min_element(values.begin(), values.end()), 0.0);
  EXPECT_GT(*std::max_element(values.begin(), values.end()),
            *std::min_element(values.begin(), values.end()));
}

TEST(Hindcasts, RelativeSharesLeaveOutWintersInWhichNobodyWasWithout) {
  Ensemble ensemble;
  ensemble.hours = 2;
  ensemble.households = 100;
  ensemble.without[1] = {50, 20, 0, 10, 40, 40};
  ensemble.replications = {0, 1, 2};
  std::vector<Observation> rows(2);
  rows[0].service = rows[1].service = 1;
  rows[0].share = 0.4;
  rows[1].share = 0.1;
  rows[1].hour = 1;
  EXPECT_EQ(simulated(ensemble, rows, 1), (std::vector<double>{0.2, 0.1, 0.4}));
  EXPECT_DOUBLE_EQ(recorded(rows, 1), 0.1);
  rows[1].of = 0;
  EXPECT_EQ(simulated(ensemble, rows, 1), (std::vector<double>{0.4, 1.0}));
  EXPECT_DOUBLE_EQ(recorded(rows, 1), 0.25);
  ensemble.replications = {2};  // failed winters are not looked at
  EXPECT_EQ(simulated(ensemble, rows, 1), (std::vector<double>{1.0}));
}

}  // namespace
}  // namespace wintergrid::hindcast
