#pragma once
// The junctions of an EPANET network in groups: zones of a scenario, and the nodes of a coarse
// water network. Private to the import.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/scenario/epanet_start.hpp"

namespace wintergrid::scenario {

struct EpanetGroups {
  std::vector<std::uint32_t> group;  ///< by node
  std::uint32_t zone_count = 0;      ///< the first groups: those with demand
  std::uint32_t group_count = 0;     ///< then parts without demand, reservoirs and tanks, one each
  std::vector<std::uint32_t> zone_of;  ///< by group: itself or the zone next to it
};

/// Parts that pumps, closed links, reservoirs and tanks separate are never joined. Within a part
/// junctions go to the nearest of its demand centres along pipes; `zones` centres are wanted in
/// all. No zones if there is no demand.
EpanetGroups group_junctions(const EpanetFile& file, const epanet::Start& start, std::size_t zones);

}  // namespace wintergrid::scenario
