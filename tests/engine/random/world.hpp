#pragma once
// A synthetic oblast for tests: every asset class in several zones, regions of equal make.

#include <cstddef>
#include <string>

#include "engine/random/timeline_sampler.hpp"
#include "grid_models/network/components.hpp"

namespace wintergrid::random::test {

struct World {
  ComponentTable components;
  ZoneTable zones;
};

inline void add_zone(World& world, std::size_t region) {
  world.zones.name.push_back("zone " + std::to_string(world.zones.count()));
  world.zones.x_km.push_back(0.0F);
  world.zones.y_km.push_back(0.0F);
  world.zones.region.push_back(static_cast<std::uint8_t>(region));
}

/// `per_class` assets of every class in each of `zone_count` zones of each region; sizes 1 to 4.
inline World make_world(std::size_t region_count = 1, std::size_t zone_count = 4,
                        std::size_t per_class = 5, Protection protection = Protection::none) {
  World world;
  for (std::size_t region = 0; region < region_count; ++region) {
    for (std::size_t zone = 0; zone < zone_count; ++zone) {
      add_zone(world, region);
    }
  }
  for (std::size_t zone = 0; zone < world.zones.count(); ++zone) {
    for (std::size_t which = 0; which < kAssetClassCount; ++which) {
      for (std::size_t each = 0; each < per_class; ++each) {
        const auto asset_class = static_cast<AssetClass>(which);
        world.components.add(asset_class, ZoneId{zone}, static_cast<float>(1 + each % 4),
                             protection,
                             std::string(to_text(asset_class)) + " " + std::to_string(zone) + "." +
                                 std::to_string(each));
      }
    }
  }
  return world;
}

inline TimelineSettings fixed_settings(double days = 60.0) {
  TimelineSettings settings;
  settings.horizon = seconds_from_hours(24.0 * days);
  settings.sample_parameters = false;
  return settings;
}

inline void set_parameter(TimelineSettings& settings, const std::string& name, double value) {
  Diagnostics diagnostics;
  override_parameter(settings.parameters, name, value, {}, diagnostics);
}

inline Timeline sample(const TimelineSampler& sampler, std::uint64_t replication,
                       std::uint64_t seed = 1, CampaignCounts* counts = nullptr) {
  const Draw draw(seed, replication);
  TimelineScratch scratch;
  Timeline timeline;
  sampler.sample(draw, draw, scratch, timeline, counts);
  return timeline;
}

inline bool same_hit(const Hit& a, const Hit& b) {
  return a.time == b.time && a.component == b.component && a.state == b.state &&
         a.work.temporary_seconds == b.work.temporary_seconds &&
         a.work.permanent_seconds == b.work.permanent_seconds && a.work.spare == b.work.spare &&
         a.work.spare_units == b.work.spare_units;
}

}  // namespace wintergrid::random::test
