#pragma once
// The junctions of an EPANET network in groups that a coarse water network can stand for.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/scenario/epanet.hpp"

namespace wintergrid::scenario {

struct EpanetGroups {
  std::vector<double> demand_m3s;    ///< mean by node, patterns averaged, inflows left out
  std::vector<std::uint32_t> group;  ///< by node
  std::uint32_t zone_count = 0;      ///< the first groups: those with demand
  std::uint32_t group_count = 0;     ///< then parts without demand, reservoirs and tanks, one each
  std::vector<std::uint32_t> zone_of;  ///< by group: itself or the zone next to it
};

/// Parts that pumps, closed links, reservoirs and tanks separate are never joined. Within a part
/// junctions go to the nearest of its demand centres along pipes; `zones` centres are wanted in
/// all. No zones if there is no demand.
EpanetGroups group_junctions(const EpanetFile& file, std::size_t zones);

/// Sum of mean demands, m3/s.
double mean_demand_m3s(const EpanetFile& file);

}  // namespace wintergrid::scenario
