#include "grid_models/network/components.hpp"

#include <cmath>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "grid_models/core/name_hash.hpp"

namespace wintergrid {
namespace {

TEST(ComponentTable, GivesDenseIdsInOrder) {
  ComponentTable table;
  const ComponentId first =
      table.add(AssetClass::line, ZoneId(std::size_t{2}), 1.5F, Protection::none, "branch/a");
  const ComponentId second = table.add(AssetClass::chp_plant, ZoneId(std::size_t{0}), 300.0F,
                                       Protection::concrete, "plant/b");
  EXPECT_EQ(first.index(), 0U);
  EXPECT_EQ(second.index(), 1U);
  ASSERT_EQ(table.count(), 2U);
  EXPECT_EQ(table.asset_class[1], AssetClass::chp_plant);
  EXPECT_EQ(table.zone[0].index(), 2U);
  EXPECT_EQ(table.size[0], 1.5F);
  EXPECT_EQ(table.protection[1], Protection::concrete);
  EXPECT_EQ(table.name[0], "branch/a");
  EXPECT_EQ(table.name_hash[0], name_hash("branch/a"));
}

TEST(AssetClass, EveryOneHasItsOwnName) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < kAssetClassCount; ++i) {
    names.insert(std::string(to_text(static_cast<AssetClass>(i))));
  }
  EXPECT_EQ(names.size(), kAssetClassCount);
  EXPECT_EQ(names.count("unknown"), 0U);
}

TEST(CrewType, EveryOneHasItsOwnName) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < kCrewTypeCount; ++i) {
    names.insert(std::string(to_text(static_cast<CrewType>(i))));
  }
  EXPECT_EQ(names.size(), kCrewTypeCount);
  EXPECT_EQ(names.count("unknown"), 0U);
}

TEST(CrewType, FollowsTheAssetClass) {
  EXPECT_EQ(crew_type_of(AssetClass::substation_330), CrewType::substation);
  EXPECT_EQ(crew_type_of(AssetClass::substation_110), CrewType::substation);
  EXPECT_EQ(crew_type_of(AssetClass::line), CrewType::lines);
  EXPECT_EQ(crew_type_of(AssetClass::hydro_plant), CrewType::plant);
  EXPECT_EQ(crew_type_of(AssetClass::boiler_house), CrewType::heat_network);
  EXPECT_EQ(crew_type_of(AssetClass::heat_main), CrewType::heat_network);
  EXPECT_EQ(crew_type_of(AssetClass::water_works), CrewType::water);
  EXPECT_EQ(crew_type_of(AssetClass::pump_station), CrewType::water);
  EXPECT_EQ(crew_type_of(AssetClass::water_main), CrewType::water);
}

TEST(ZoneTable, RoadsWindByThreeTenths) {
  ZoneTable zones;
  zones.x_km = {0.0F, 3.0F};
  zones.y_km = {0.0F, 4.0F};
  zones.region = {0, 0};
  zones.name = {"a", "b"};
  EXPECT_DOUBLE_EQ(zones.road_km(ZoneId(std::size_t{0}), ZoneId(std::size_t{1})), 6.5);
  EXPECT_DOUBLE_EQ(zones.road_km(ZoneId(std::size_t{1}), ZoneId(std::size_t{0})), 6.5);
  EXPECT_DOUBLE_EQ(zones.road_km(ZoneId(std::size_t{1}), ZoneId(std::size_t{1})), 0.0);
}

}  // namespace
}  // namespace wintergrid
