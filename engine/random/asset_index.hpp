#pragma once
// What may be struck, by group and region, and the draw of one object: an exponential race over
// (event, object), weighted by size only. It knows nothing of the networks: strikes are never
// chosen to hurt.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/random/draw.hpp"
#include "grid_models/network/components.hpp"

namespace wintergrid::random {

/// Classes that published counts of strikes do not separate share a group. `other_plant` is never
/// struck by a campaign.
enum class StrikeGroup : std::uint8_t {
  substation_330 = 0,
  substation_110,
  line,
  thermal /* thermal plants and CHPs */,
  hydro,
  boiler_house,
  heat_main,
  water_works,
  pump_station,
  water_main,
  other_plant
};
inline constexpr std::size_t kStrikeGroupCount = 11;
StrikeGroup strike_group_of(AssetClass asset_class);

struct Asset {
  double size = 1.0;
  std::uint64_t name_hash = 0;
  ComponentId component;
  ZoneId zone;
  AssetClass asset_class{};
  Protection protection{};
  std::uint8_t region = 0;
};

class AssetIndex {
 public:
  AssetIndex(const ComponentTable& components, const ZoneTable& zones);

  std::size_t region_count() const { return region_count_; }
  std::size_t count() const { return assets_.size(); }
  const Asset& operator[](std::size_t asset) const { return assets_[asset]; }
  /// Index of a component.
  std::uint32_t position(ComponentId component) const { return position_[component.index()]; }

  struct Range {
    std::uint32_t begin = 0, end = 0;
    bool empty() const { return begin == end; }
  };
  Range in_region(StrikeGroup group, std::size_t region) const;
  /// All of a group, in all regions.
  Range everywhere(StrikeGroup group) const;

  /// Key of one asset in an event's race: -ln(u) / size, u addressed by (event, name). Smallest key
  /// wins, so each asset wins with probability size / sum of sizes, and adding one changes no
  /// other's key.
  double race_key(const Draw& draw, std::uint64_t event, std::uint32_t asset) const;
  /// Winner of the race in a range that is not empty.
  std::uint32_t race(const Draw& draw, std::uint64_t event, Range range) const;

 private:
  std::vector<Asset> assets_;  ///< ordered by (group, region, zone, component)
  std::vector<std::uint32_t> position_;
  std::vector<std::uint32_t>
      start_;  ///< first asset of group * region_count + region; one more at the end
  std::size_t region_count_ = 1;
};

}  // namespace wintergrid::random
