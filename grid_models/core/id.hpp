#pragma once
// Strong indices: an Id<Bus> cannot be used where an Id<Feeder> is wanted. Invalid unless given a
// value.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace wintergrid {

template <class Tag>
class Id {
 public:
  static constexpr std::uint32_t kInvalid = UINT32_MAX;

  constexpr Id() = default;
  constexpr explicit Id(std::size_t index) : value_(static_cast<std::uint32_t>(index)) {}

  constexpr bool valid() const { return value_ != kInvalid; }
  constexpr std::size_t index() const { return value_; }
  constexpr std::uint32_t value() const { return value_; }
  friend constexpr auto operator<=>(Id, Id) = default;

 private:
  std::uint32_t value_ = kInvalid;
};

using ZoneId = Id<struct ZoneTag>;            ///< district of a city or a small town
using ComponentId = Id<struct ComponentTag>;  ///< anything that can be damaged and repaired
using BusId = Id<struct BusTag>;
using BranchId = Id<struct BranchTag>;
using GeneratorId = Id<struct GeneratorTag>;
using FeederId = Id<struct FeederTag>;
using FacilityId = Id<struct FacilityTag>;
using HeatNodeId = Id<struct HeatNodeTag>;
using HeatPipeId = Id<struct HeatPipeTag>;
using HeatSourceId = Id<struct HeatSourceTag>;
using BlockId = Id<struct BlockTag>;  ///< a block of like buildings that shares its fate
using WaterNodeId = Id<struct WaterNodeTag>;
using WaterLinkId = Id<struct WaterLinkTag>;

}  // namespace wintergrid

template <class Tag>
struct std::hash<wintergrid::Id<Tag>> {
  std::size_t operator()(wintergrid::Id<Tag> id) const noexcept { return id.value(); }
};
