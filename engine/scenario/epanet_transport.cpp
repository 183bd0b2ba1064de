// An EPANET network as a coarse one: every group of junctions is a water node, pipes between groups
// are added up, pumps between groups are stations. Heights do not matter.

#include <algorithm>
#include <map>
#include <numbers>
#include <tuple>

#include <fmt/format.h>

#include "engine/scenario/epanet_town.hpp"

namespace wintergrid::scenario::epanet {
namespace {

using hydraulics::kNone;
using hydraulics::LinkKind;

class Grouped {
 public:
  explicit Grouped(Town& town) : town_(town), network_(town.network()), groups_(town.groups) {}

  void add() {
    std::vector<double> outlet(groups_.group_count, 0.0);  // of reservoirs and tanks
    struct Crossing {
      double capacity = 0.0, length = 0.0;
      int count = 0;
    };
    std::map<std::tuple<std::uint32_t, std::uint32_t, bool>, Crossing> crossings;
    for (std::uint32_t k = 0; k < network_.link_count(); ++k) {
      std::uint32_t a = groups_.group[network_.from[k]], b = groups_.group[network_.to[k]];
      outlet[a] += capacity_m3_per_h(k);
      outlet[b] += capacity_m3_per_h(k);
      if (a == b || is_pump(k) || town_.start.is_open[k] == 0) {
        continue;  // what is closed stays out: the capacity model has no valves to open
      }
      const bool two_way = network_.kind[k] == LinkKind::pipe ||
                           network_.kind[k] == LinkKind::throttle_valve ||
                           network_.kind[k] == LinkKind::curve_valve;
      if (two_way && a > b) {
        std::swap(a, b);
      }
      Crossing& crossing = crossings[{a, b, two_way}];
      crossing.capacity += capacity_m3_per_h(k);
      crossing.length += town_.file.length_m[k];
      ++crossing.count;
    }
    add_nodes(outlet);
    for (const auto& [ends, crossing] : crossings) {
      const auto& [a, b, two_way] = ends;
      add_link(node_name(a), node_name(b), crossing.capacity, crossing.length / crossing.count,
               two_way);
    }
    add_pumps();
    add_dwellings();
  }

 private:
  bool is_pump(std::size_t k) const { return network_.kind[k] == LinkKind::pump; }

  std::string node_name(std::uint32_t group) const {
    return group < groups_.zone_count ? Town::zone_name(group) + "-W"
                                      : fmt::format("N{}", group + 1);
  }

  double capacity_m3_per_h(std::uint32_t k) const {
    const double d = network_.diameter_m[k];
    return kSecondsPerHour * (is_pump(k) ? half_head_flow_m3s(town_.file, k)
                                         : kVelocityMps * std::numbers::pi * d * d / 4.0);
  }

  void add_link(const std::string& from, const std::string& to, double capacity, double length_m,
                bool two_way) {
    WaterLinkRow row;
    row.water_link = fmt::format("P{}", town_.scenario.water_links.size() + 1);
    row.from_node = from;
    row.to_node = to;
    row.capacity_m3_per_h = rounded(std::max(capacity, 0.1), 1);
    row.length_km = rounded(std::max(length_m, 50.0) / 1000.0, 2);
    row.two_way = two_way;
    town_.scenario.water_links.push_back(row);
  }

  void add_nodes(const std::vector<double>& outlet) {
    std::vector<std::uint32_t> storage(groups_.group_count, kNone);
    for (std::uint32_t i = 0; i < groups_.group.size(); ++i) {
      if (network_.fixed_head[i] != 0) {
        storage[groups_.group[i]] = i;
      }
    }
    const auto& tanks = town_.file.model.tanks;
    const std::size_t works = static_cast<std::size_t>(std::count_if(
        storage.begin(), storage.end(), [&](std::uint32_t node) { return is_works(node); }));
    for (std::uint32_t g = 0; g < groups_.group_count; ++g) {
      WaterNodeRow row;
      row.water_node = node_name(g);
      row.zone = Town::zone_name(town_.zone_of_group(g));
      row.kind = "junction";
      if (is_works(storage[g])) {
        row.kind = "works";
        row.facility = row.water_node + "-F";
        town_.add_facility(row.facility, "water_works", row.zone, town_.works_kw(works));
      } else if (storage[g] != kNone) {
        const auto tank =
            std::find_if(tanks.begin(), tanks.end(),
                         [&](const hydraulics::Tank& other) { return other.node == storage[g]; });
        row.kind = "tank";
        row.volume_m3 = rounded(std::max(tank->most_m3 - tank->least_m3, 0.1), 1);
      }
      if (storage[g] != kNone) {
        row.capacity_m3_per_h = rounded(std::max(outlet[g], 0.1), 1);
      }
      town_.scenario.water_nodes.push_back(row);
    }
  }

  bool is_works(std::uint32_t node) const {
    return node != kNone && (town_.file.node_kinds[node] == EpanetNodeKind::reservoir ||
                             town_.start.endless_tanks[node] != 0);
  }

  /// Every pump between two groups is a station with a load on a feeder. A pump within one group
  /// has a way around it and changes nothing here.
  void add_pumps() {
    for (std::uint32_t k = 0; k < network_.link_count(); ++k) {
      const std::uint32_t a = groups_.group[network_.from[k]], b = groups_.group[network_.to[k]];
      if (!is_pump(k) || a == b) {
        continue;
      }
      WaterNodeRow row;
      row.water_node = fmt::format("PS{}", town_.scenario.facilities.size() + 1);
      row.zone = Town::zone_name(town_.zone_of_group(b));
      row.kind = "pump_station";
      row.capacity_m3_per_h = rounded(std::max(capacity_m3_per_h(k), 0.1), 1);
      row.facility = row.water_node + "-F";
      town_.add_facility(row.facility, "pump_station", row.zone,
                         fit_pump(town_.file, town_.start, k).shaft_kw);
      town_.scenario.water_nodes.push_back(row);
      add_link(node_name(a), row.water_node, row.capacity_m3_per_h, 0.0, false);
      add_link(row.water_node, node_name(b), row.capacity_m3_per_h, 0.0, false);
    }
  }

  void add_dwellings() {
    std::vector<double> demand_m3s(groups_.zone_count, 0.0);
    for (std::size_t i = 0; i < groups_.group.size(); ++i) {
      if (town_.start.demand_m3s[i] > 0.0) {
        demand_m3s[groups_.group[i]] += town_.start.demand_m3s[i];
      }
    }
    for (std::uint32_t zone = 0; zone < groups_.zone_count; ++zone) {
      town_.dwellings.push_back({node_name(zone), zone, demand_m3s[zone], 0});
    }
  }

  Town& town_;
  const hydraulics::Network& network_;
  const EpanetGroups& groups_;
};

}  // namespace

void add_grouped_water(Town& town) { Grouped(town).add(); }

}  // namespace wintergrid::scenario::epanet
