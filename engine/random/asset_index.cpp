// Exponential race: E_i = -ln(u_i) / s_i with independent u_i; P(i is smallest) = s_i / sum s.
// One race over a region's group is the same in distribution as choosing a zone by its total size
// and then an asset by its size, but unlike two races it moves no draw between old assets when one
// is added.

#include "engine/random/asset_index.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "grid_models/core/contract.hpp"

namespace wintergrid::random {

StrikeGroup strike_group_of(AssetClass asset_class) {
  switch (asset_class) {
    case AssetClass::substation_330:
      return StrikeGroup::substation_330;
    case AssetClass::substation_110:
      return StrikeGroup::substation_110;
    case AssetClass::line:
      return StrikeGroup::line;
    case AssetClass::chp_plant:
    case AssetClass::thermal_plant:
      return StrikeGroup::thermal;
    case AssetClass::hydro_plant:
      return StrikeGroup::hydro;
    case AssetClass::other_plant:
      return StrikeGroup::other_plant;
    case AssetClass::boiler_house:
      return StrikeGroup::boiler_house;
    case AssetClass::heat_main:
      return StrikeGroup::heat_main;
    case AssetClass::water_works:
      return StrikeGroup::water_works;
    case AssetClass::pump_station:
      return StrikeGroup::pump_station;
    case AssetClass::water_main:
      return StrikeGroup::water_main;
  }
  return StrikeGroup::other_plant;
}

AssetIndex::AssetIndex(const ComponentTable& components, const ZoneTable& zones) {
  for (const std::uint8_t region : zones.region) {
    region_count_ = std::max<std::size_t>(region_count_, region + std::size_t{1});
  }
  assets_.reserve(components.count());
  for (std::size_t index = 0; index < components.count(); ++index) {
    const ZoneId zone = components.zone[index];
    WG_CHECK(zone.valid() && zone.index() < zones.count(), "every component has a zone");
    WG_CHECK(components.size[index] > 0.0F, "sizes are positive");
    Asset asset;
    asset.size = static_cast<double>(components.size[index]);
    asset.name_hash = components.name_hash[index];
    asset.component = ComponentId{index};
    asset.zone = zone;
    asset.asset_class = components.asset_class[index];
    asset.protection = components.protection[index];
    asset.region = zones.region[zone.index()];
    assets_.push_back(asset);
  }
  const auto order = [](const Asset& asset) {
    return std::make_tuple(strike_group_of(asset.asset_class), asset.region, asset.zone,
                           asset.component);
  };
  std::sort(assets_.begin(), assets_.end(),
            [&order](const Asset& a, const Asset& b) { return order(a) < order(b); });
  position_.resize(assets_.size());
  start_.assign(kStrikeGroupCount * region_count_ + 1, 0);
  for (std::size_t index = 0; index < assets_.size(); ++index) {
    position_[assets_[index].component.index()] = static_cast<std::uint32_t>(index);
    const auto group = static_cast<std::size_t>(strike_group_of(assets_[index].asset_class));
    ++start_[group * region_count_ + assets_[index].region + 1];
  }
  for (std::size_t slot = 1; slot < start_.size(); ++slot) {
    start_[slot] += start_[slot - 1];
  }
}

AssetIndex::Range AssetIndex::in_region(StrikeGroup group, std::size_t region) const {
  const std::size_t slot = static_cast<std::size_t>(group) * region_count_ + region;
  return {start_[slot], start_[slot + 1]};
}

AssetIndex::Range AssetIndex::everywhere(StrikeGroup group) const {
  const std::size_t slot = static_cast<std::size_t>(group) * region_count_;
  return {start_[slot], start_[slot + region_count_]};
}

double AssetIndex::race_key(const Draw& draw, std::uint64_t event, std::uint32_t asset) const {
  const std::uint64_t entity = combine_hash(event, assets_[asset].name_hash);
  return -std::log(draw.uniform({entity, Purpose::asset_race, 0})) / assets_[asset].size;
}

std::uint32_t AssetIndex::race(const Draw& draw, std::uint64_t event, Range range) const {
  WG_EXPECT(!range.empty());
  std::uint32_t winner = range.begin;
  double best = race_key(draw, event, winner);
  for (std::uint32_t asset = range.begin + 1; asset < range.end; ++asset) {
    const std::uint64_t entity = combine_hash(event, assets_[asset].name_hash);
    const double u = draw.uniform({entity, Purpose::asset_race, 0});
    const double size = assets_[asset].size;
    if (1.0 - u >= best * size) {
      continue;  // -ln(u) >= 1 - u: no logarithm needed to know that it loses
    }
    const double key = -std::log(u) / size;
    if (key < best) {
      best = key;
      winner = asset;
    }
  }
  return winner;
}

}  // namespace wintergrid::random
