#pragma once
// What leaks through becomes hits on objects: locations, groups, objects, damage, repair work. Also
// what the scenario states.

#include <array>
#include <cstdint>
#include <vector>

#include "engine/random/timeline_sampler.hpp"

namespace wintergrid::random {

/// For one replication; uses scratch.parameters and each region's list of strikes, which it clears
/// first.
class Locations {
 public:
  Locations(const TimelineSettings& settings, const AssetIndex& assets, const Draw& draw,
            TimelineScratch& scratch, std::vector<Hit>& hits, CampaignCounts& counts);

  /// Initial damage and the scenario's events.
  void given();
  /// Leakers of one kind (lead: drone, or any missile) of one attack on a region; returns the
  /// number of locations.
  std::int64_t fall(std::uint64_t attack, std::size_t region, Seconds start, Weapon lead,
                    std::uint32_t leakers);

 private:
  double uniform(std::uint64_t entity, Purpose purpose, std::uint32_t k) const {
    return draw_.uniform({entity, purpose, k});
  }
  void set_group_weights();
  void location(std::uint64_t place, std::size_t region, Seconds start, Weapon lead,
                std::uint32_t hits_here);
  bool restrike(std::uint64_t place, std::size_t region, Seconds start, std::uint32_t& asset) const;
  bool new_object(std::uint64_t place, std::size_t region, std::uint32_t& asset) const;
  bool is_withheld(std::uint64_t place, std::uint32_t asset, Seconds time, Weapon lead) const;
  void strike(std::uint64_t place, std::uint32_t asset, Seconds time, Weapon weapon,
              std::uint32_t hits_here);
  void record(std::uint64_t event, std::uint32_t asset, Seconds time, DamageState state);

  const TimelineSettings& settings_;
  const AssetIndex& assets_;
  const Draw& draw_;
  const ParameterSet& parameters_;
  const StrikeParameters& strikes_;
  TimelineScratch& scratch_;
  std::vector<Hit>& hits_;
  CampaignCounts& counts_;
  std::array<double, kStrikeGroupCount> group_weight_{};
  double total_weight_ = 0.0;
};

}  // namespace wintergrid::random
