// EPANET networks as scenarios: what is taken over, what is changed, and that this is said.

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include "engine/scenario/epanet.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid::scenario {
namespace {

struct Read {
  EpanetFile file;
  Diagnostics diagnostics;
};

Read read_text(const std::string& text) {
  const test::TempDir folder;
  const auto path = folder.write("net.inp", text);
  Read read;
  read.file = read_epanet(path.string(), read.diagnostics);
  return read;
}

TEST(EpanetImport, PumpsAreFacilitiesAndPeopleFollowDemand) {
  // 12 L/s on the average are 12 x 86,400 / 150 = 6,912 people
  const Read read = read_text(R"([JUNCTIONS]
Low 5
Kyivska 20 8 p
Lisova 25 8
[RESERVOIRS]
River 10
[TANKS]
Tower 50 3 1 5 10 0
[PIPES]
P1 River Low 100 600 130
P2 Kyivska Lisova 900 300 130
P3 Lisova Tower 100 300 130
P4 Low Kyivska 100 300 130 0 Closed
[PUMPS]
U Low Kyivska HEAD c
[CURVES]
c 30 60
[PATTERNS]
p 0.25 0.75
[COORDINATES]
Low 30.52 50.45
[OPTIONS]
UNITS LPS
)");
  ASSERT_TRUE(read.diagnostics.ok()) << read.diagnostics.to_text();
  Diagnostics diagnostics;
  const Scenario made = to_scenario(read.file, EpanetFidelity::transport, diagnostics);
  ASSERT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  std::int64_t households = 0;
  for (const HouseholdRow& row : made.households) {
    households += row.households;
  }
  EXPECT_NEAR(static_cast<double>(households), 6912.0 / 2.5, 1.0);
  const auto count = [&made](const std::string& kind) {
    return std::count_if(made.water_nodes.begin(), made.water_nodes.end(),
                         [&kind](const WaterNodeRow& row) { return row.kind == kind; });
  };
  EXPECT_EQ(count("works"), 1);
  EXPECT_EQ(count("tank"), 1);
  EXPECT_EQ(count("pump_station"), 1) << "the closed way around it does not count";
  const auto station =
      std::find_if(made.facilities.begin(), made.facilities.end(),
                   [](const FacilityRow& row) { return row.kind == "pump_station"; });
  ASSERT_NE(station, made.facilities.end());
  EXPECT_FALSE(station->feeder.empty());
  for (const WaterNodeRow& row : made.water_nodes) {
    for (const char* name : {"Low", "Kyivska", "Lisova", "River", "Tower"}) {
      EXPECT_EQ(row.water_node.find(name), std::string::npos);
    }
    if (row.kind == "tank") {
      EXPECT_NEAR(row.volume_m3, 4.0 * 3.14159 * 25.0, 0.1);
    }
  }
  for (const WaterLinkRow& row : made.water_links) {
    EXPECT_GT(row.capacity_m3_per_h, 0.0);
  }
}

TEST(EpanetImport, NobodyToSupply) {
  const Read read = read_text("[JUNCTIONS]\nA 1\n[RESERVOIRS]\nR 9\n[PIPES]\nP R A 9 9 9\n");
  Diagnostics diagnostics;
  to_scenario(read.file, EpanetFidelity::transport, diagnostics);
  EXPECT_NE(diagnostics.to_text().find("no junction has a demand"), std::string::npos);
}

}  // namespace
}  // namespace wintergrid::scenario
