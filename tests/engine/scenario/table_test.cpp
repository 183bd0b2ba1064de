// Tables to rows; wrong tables are cases of tests/bad_inputs.
#include "engine/scenario/table.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/engine/scenario/text_source.hpp"

namespace wintergrid::scenario {
namespace {

template <class Row>
std::vector<Row> read(const std::string& text, const std::string& key) {
  Diagnostics diagnostics;
  for (const TableInfo& table : tables()) {
    if (table.key == key) {
      std::vector<Row> rows = read_table<Row>(source_of(text), table, diagnostics);
      EXPECT_EQ(diagnostics.to_text(), "");
      return rows;
    }
  }
  ADD_FAILURE() << "no table " << key;
  return {};
}

TEST(Table, ColumnsInAnyOrderAndDefaultsForTheOthers) {
  const auto rows =
      read<GeneratorRow>("capacity_mw,generator,kind,bus\n80.5,G-1,thermal,B-1\n", "generators");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].generator, "G-1");
  EXPECT_EQ(rows[0].bus, "B-1");
  EXPECT_EQ(rows[0].kind, "thermal");
  EXPECT_EQ(rows[0].capacity_mw, 80.5);
  EXPECT_FALSE(rows[0].black_start);
  EXPECT_TRUE(std::isnan(rows[0].restart_hours));
  EXPECT_EQ(rows[0].water_node, "");
  EXPECT_EQ(rows[0].protection, "none");
}

TEST(Table, EmptyCellsAreDefaults) {
  const auto rows = read<HeatSourceRow>(
      "heat_source;heat_node;kind;capacity_mw;gas;protection\nS;H;mobile;2;;\nT;H;chp;2;false;"
      "bunker\n",
      "heat_sources");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_TRUE(rows[0].gas);
  EXPECT_EQ(rows[0].protection, "none");
  EXPECT_FALSE(rows[1].gas);
  EXPECT_EQ(rows[1].protection, "bunker");
}

TEST(Table, AsASpreadsheetInUkrainianSavesIt) {
  const auto rows = read<ZoneRow>(
      "\xEF\xBB\xBFzone;name;x_km;y_km;region\r\nZ1;\"Мала "
      "\"\"Київська\"\"\";0,5;-3,25;Північ\r\nZ2;Поділ; 1 ;2;\r\n;;;;\r\n",
      "zones");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].name, "Мала \"Київська\"");
  EXPECT_EQ(rows[0].x_km, 0.5);
  EXPECT_EQ(rows[0].y_km, -3.25);
  EXPECT_EQ(rows[1].x_km, 1.0);
  EXPECT_EQ(rows[1].region, "");
}

TEST(Table, EmptyCellsBeyondTheHeaderAreAccepted) {
  EXPECT_EQ(read<BusRow>("bus,zone\nB-1,Z-1,,\n", "buses").size(), 1U);
}

TEST(Table, PlacesOfRowsAndValues) {
  const auto rows =
      read<BusRow>("# buses\nbus,zone,protection\nШина-1,Z-1,\nB-2,Z-2,bunker\n", "buses");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].place.file, "table.csv");
  EXPECT_EQ(rows[0].place.line, 3U);
  EXPECT_EQ(place_of(rows[0], "zone").column, 8U);
  EXPECT_EQ(place_of(rows[0], "protection").column, 1U);  // not given: the row's
  EXPECT_EQ(place_of(rows[1], "protection").line, 4U);
  EXPECT_EQ(place_of(rows[1], "protection").column, 9U);
}

TEST(Table, WritesWhatItReads) {
  ZoneRow zone;
  zone.zone = "Z-1";
  zone.name = "Поділ, \"Нижній\"";
  zone.x_km = 0.1;
  zone.y_km = -1e-7;
  EXPECT_EQ(to_csv(std::vector<ZoneRow>{zone}),
            "zone,name,region,x_km,y_km\nZ-1,\"Поділ, \"\"Нижній\"\"\",,0.1,-1e-07\n");
  BranchRow branch;
  branch.branch = "#1";
  branch.from_bus = "B-1";
  branch.to_bus = " B-2";
  EXPECT_EQ(to_csv(std::vector<BranchRow>{branch}),
            "branch,from_bus,to_bus,kind,voltage_kv,length_km,circuits,reactance_pu,rating_mw,tap,"
            "shift_deg,in_service\n"
            "\"#1\",B-1,\" B-2\",overhead_line,,,1,,,1,0,true\n");
}

TEST(Table, ManyRows) {
  constexpr int kRows = 16000;  // an oblast of four million
  std::string text =
      "zone,feeder,building_class,rise,heating,heat_node,water_node,buildings,households\n";
  for (int i = 0; i < kRows; ++i) {
    text += fmt::format("Z-{},F-{},panel,high,district,H-{},W-{},3,{}\n", i % 100, i, i % 700,
                        i % 900, i % 400);
  }
  const auto rows = read<HouseholdRow>(text, "households");
  ASSERT_EQ(rows.size(), static_cast<std::size_t>(kRows));
  std::int64_t households = 0;
  for (const HouseholdRow& row : rows) {
    households += row.households;
  }
  EXPECT_EQ(households, std::int64_t{kRows} / 400 * (399 * 400 / 2));
}

}  // namespace
}  // namespace wintergrid::scenario
