// The synthetic oblast: compiles at every size, has what a study of services needs, and is the same
// for the same seed.

#include "engine/scenario/synthetic/oblast.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/montecarlo/prepare.hpp"
#include "engine/scenario/write.hpp"

namespace wintergrid::scenario {
namespace {

std::size_t generators_of(const Scenario& scenario, const std::string& kind) {
  return static_cast<std::size_t>(
      std::count_if(scenario.generators.begin(), scenario.generators.end(),
                    [&](const GeneratorRow& row) { return row.kind == kind; }));
}

std::size_t facilities_of(const Scenario& scenario, const std::string& kind) {
  return static_cast<std::size_t>(
      std::count_if(scenario.facilities.begin(), scenario.facilities.end(),
                    [&](const FacilityRow& row) { return row.kind == kind; }));
}

std::size_t water_nodes_of(const Scenario& scenario, const std::string& kind) {
  return static_cast<std::size_t>(
      std::count_if(scenario.water_nodes.begin(), scenario.water_nodes.end(),
                    [&](const WaterNodeRow& row) { return row.kind == kind; }));
}

std::int64_t households_of(const Scenario& scenario) {
  std::int64_t sum = 0;
  for (const HouseholdRow& row : scenario.households) {
    sum += row.households;
  }
  return sum;
}

std::string all_text(const Scenario& scenario) {
  std::string text;
  for (const NamedText& file : to_files(scenario)) {
    text += file.name + "\n" + file.text;
  }
  return text;
}

class OblastOfSize : public ::testing::TestWithParam<double> {};

TEST_P(OblastOfSize, CompilesWithoutComplaintAndHousesEverybody) {
  for (const std::uint64_t seed : {1U, 2U, 77U}) {
    const Scenario scenario = make_oblast({GetParam(), seed});
    Diagnostics diagnostics;
    const auto prepared = montecarlo::prepare_case(scenario, diagnostics);
    ASSERT_EQ(diagnostics.to_text(), "") << "seed " << seed;
    EXPECT_EQ(static_cast<double>(prepared->model.total_households), GetParam() / 2.5);
    if (GetParam() > 2e6) {
      break;  // one seed of the largest is enough
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, OblastOfSize, ::testing::Values(1e5, 3e5, 1.2e6, 1e7));

TEST(Oblast, HasWhatAnOblastHas) {
  const Scenario scenario = make_oblast({});
  EXPECT_EQ(households_of(scenario), 480000);
  EXPECT_GE(scenario.buses.size(), 45U);
  EXPECT_GE(std::count_if(scenario.buses.begin(), scenario.buses.end(),
                          [](const BusRow& row) { return row.voltage_kv >= 330.0; }),
            4);
  EXPECT_GE(scenario.feeders.size(), 400U);
  std::set<std::string> queues;
  std::size_t exempt = 0;
  for (const FeederRow& row : scenario.feeders) {
    queues.insert(row.queue);
    exempt += row.queue == "exempt" ? 1U : 0U;
  }
  EXPECT_EQ(queues.size(), 13U);  // twelve subqueues and exempt
  EXPECT_GT(exempt, scenario.feeders.size() / 10);
  EXPECT_LT(exempt, scenario.feeders.size() / 2);
  EXPECT_EQ(generators_of(scenario, "chp"), 2U);
  EXPECT_GE(generators_of(scenario, "thermal"), 1U);
  EXPECT_GE(generators_of(scenario, "hydro"), 1U);
  EXPECT_GE(generators_of(scenario, "import"), 1U);
  std::set<std::string> heated;
  for (const HouseholdRow& row : scenario.households) {
    if (!row.heat_node.empty() && row.households > 0) {
      heated.insert(row.heat_node);
    }
  }
  EXPECT_GE(heated.size(), 60U);
  EXPECT_GE(scenario.water_nodes.size(), 100U);
  EXPECT_GE(water_nodes_of(scenario, "works"), 2U);
  EXPECT_GE(water_nodes_of(scenario, "tank"), 10U);
  EXPECT_GE(water_nodes_of(scenario, "pump_station"), 5U);
  EXPECT_EQ(facilities_of(scenario, "hospital"), 40U);
  EXPECT_EQ(facilities_of(scenario, "shelter_point"), 300U);
  EXPECT_GE(facilities_of(scenario, "telecom"), 100U);
  EXPECT_GE(facilities_of(scenario, "sewage_lift"), 20U);
  EXPECT_GE(facilities_of(scenario, "boiler_house"), 10U);
  const auto with_set =
      std::count_if(scenario.facilities.begin(), scenario.facilities.end(),
                    [](const FacilityRow& row) { return row.generator_kw > 0.0; });
  EXPECT_GT(with_set, 100);
  EXPECT_LT(with_set, static_cast<std::ptrdiff_t>(scenario.facilities.size()));
  for (const FacilityRow& row : scenario.facilities) {
    EXPECT_TRUE(row.generator_kw == 0.0 || row.generator_kw >= row.load_kw)
        << row.facility << ": a set that cannot carry its load";
  }
  EXPECT_NE(scenario.description.find("SYNTHETIC"), std::string::npos);
}

/// Power that is there when everything is whole: generation and imports exceed the evening peak,
/// heat sources the design load.
TEST(Oblast, FeedersOfCitiesAndTownsHaveANeighbour) {
  const Scenario scenario = make_oblast({1.2e6, 1});
  double with_backup[2] = {}, feeders[2] = {};
  for (const FeederRow& row : scenario.feeders) {
    const char kind = row.zone.front();
    EXPECT_TRUE(row.backup_bus.empty() || (kind != 'R' && row.backup_bus != row.bus));
    if (kind == 'C' && !row.backup_bus.empty()) {
      EXPECT_EQ(row.backup_bus.substr(0, 5), row.bus.substr(0, 5)) << "another city";
    }
    if (kind != 'R') {
      with_backup[kind == 'T'] += row.backup_bus.empty() ? 0.0 : 1.0;
      feeders[kind == 'T'] += 1.0;
    }
  }
  EXPECT_NEAR(with_backup[0] / feeders[0], 0.6, 0.08);
  EXPECT_NEAR(with_backup[1] / feeders[1], 0.3, 0.12);
}

TEST(Oblast, SparesAndModularBoilersAreFewAndNewTransformersFar) {
  Diagnostics diagnostics;
  const auto which = montecarlo::prepare_case(make_oblast({1.2e6, 1}), diagnostics);
  ASSERT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  const Model& model = which->model;
  EXPECT_EQ(model.recovery.spare_stock, (std::vector<std::uint32_t>{1, 4}));
  EXPECT_EQ(model.recovery.spare_lead_seconds,
            (std::vector<Seconds>{270 * kSecondsPerDay, 30 * kSecondsPerDay}));
  EXPECT_EQ(model.mobile_boiler_units, std::vector<std::uint32_t>{4});
  EXPECT_EQ(model.mobile_boiler_mw, std::vector<double>{3.0});
}

TEST(Oblast, IsAdequateWhenWhole) {
  const Scenario scenario = make_oblast({});
  double capacity_mw = 0.0, heat_mw = 0.0, district = 0.0;
  for (const GeneratorRow& row : scenario.generators) {
    capacity_mw += row.capacity_mw;
  }
  for (const HeatSourceRow& row : scenario.heat_sources) {
    heat_mw += row.capacity_mw;
  }
  for (const HouseholdRow& row : scenario.households) {
    district += row.heating == "district" ? static_cast<double>(row.households) : 0.0;
  }
  EXPECT_GT(capacity_mw, 1.2e6 * 0.5 / 1000.0);
  EXPECT_GT(heat_mw, district * 2.3 / 1000.0);
  EXPECT_GT(district, 0.35 * 480000.0);
  EXPECT_LT(district, 0.65 * 480000.0);
}

TEST(Oblast, SameSeedSameBytesOtherSeedOthers) {
  const std::string one = all_text(make_oblast({1e5, 1}));
  EXPECT_EQ(one, all_text(make_oblast({1e5, 1})));
  EXPECT_NE(one, all_text(make_oblast({1e5, 2})));
  EXPECT_NE(one, all_text(make_oblast({1.5e5, 1})));
}

class CityOfSize : public ::testing::TestWithParam<double> {};

TEST_P(CityOfSize, CompilesWithoutComplaintAndHeatsEverybody) {
  const Scenario scenario = make_city({GetParam(), 3});
  Diagnostics diagnostics;
  montecarlo::prepare_case(scenario, diagnostics);
  EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  EXPECT_EQ(households_of(scenario), std::llround(GetParam() / 2.5));
  EXPECT_TRUE(std::all_of(scenario.households.begin(), scenario.households.end(),
                          [](const HouseholdRow& row) { return row.heating == "district"; }));
  EXPECT_EQ(generators_of(scenario, "chp"), 3U);
  EXPECT_EQ(generators_of(scenario, "thermal"), 0U);
  // A plant's node has no other source of heat; districts off its ring have boiler houses.
  for (const HeatSourceRow& chp : scenario.heat_sources) {
    EXPECT_EQ(
        std::count_if(scenario.heat_sources.begin(), scenario.heat_sources.end(),
                      [&](const HeatSourceRow& row) { return row.heat_node == chp.heat_node; }),
        1)
        << chp.heat_node;
  }
  // One region, no towns.
  std::set<std::string> regions;
  for (const ZoneRow& row : scenario.zones) {
    regions.insert(row.region);
    EXPECT_EQ(row.zone.front(), 'C') << row.zone;
  }
  EXPECT_EQ(regions, (std::set<std::string>{"city"}));
}

INSTANTIATE_TEST_SUITE_P(Sizes, CityOfSize, ::testing::Values(1e5, 1.2e6, 3.6e6, 1e7));

TEST(Oblast, BundledFilesAreWhatTheGeneratorMakes) {
  const std::filesystem::path folder = std::filesystem::path(WINTERGRID_SOURCE_DIR) / "data/oblast";
  std::size_t files = 0;
  for (const NamedText& file : to_files(make_oblast({1.2e6, 1}))) {
    std::ifstream in(folder / file.name, std::ios::binary);
    const std::string there{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(there == file.text, true)
        << "data/oblast/" << file.name
        << " differs: run `wintergrid new oblast data/oblast` and review the difference";
    ++files;
  }
  EXPECT_EQ(files, 13U);
}

}  // namespace
}  // namespace wintergrid::scenario
