// District heat: in each city a ring of trunk mains with two CHPs and peak boiler houses, the outer
// districts and the towns on boiler houses of their own.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/scenario/synthetic/builder.hpp"

namespace wintergrid::scenario::synthetic {
namespace {

constexpr double kHotWaterShare = 0.15;   ///< [A] of design demand
constexpr double kNetworkLoss = 0.20;     ///< [S] at least 20 % (Oleksandria)
constexpr double kAuxiliaryKwPerMw = 12;  ///< [A] pumps and fans of a boiler house

double design_mw(const Builder& builder, double households) {
  return households * builder.statistics.heat_kw_per_household_design / 1000.0 /
         (1.0 - kHotWaterShare) / (1.0 - kNetworkLoss);
}

void add_node(Builder& builder, const std::string& name, const Place& place, bool heating_point) {
  HeatNodeRow row;
  row.heat_node = name;
  row.zone = place.id;
  if (heating_point) {
    // [A] circulation pumps of the aggregated central heating points; one in ten has a set
    const double load_kw = 15.0;
    const double set_kw = builder.chance.uniform("set/HP-" + name) < 0.1 ? 30.0 : 0.0;
    row.facility =
        builder.add_facility(place, "HP-" + name, "heating_point", load_kw, 7.5, set_kw, 12.0);
  }
  builder.scenario.heat_nodes.push_back(row);
}

void add_pipe(Builder& builder, const std::string& from, const std::string& to, double capacity_mw,
              double length_km, bool normally_closed = false) {
  HeatPipeRow row;
  row.normally_closed = normally_closed;
  row.heat_pipe = fmt::format("M-{}-{}", from, to);
  row.from_node = from;
  row.to_node = to;
  row.capacity_mw = rounded(capacity_mw, 1);
  row.length_km = rounded(length_km, 1);
  builder.scenario.heat_pipes.push_back(row);
}

void add_boiler_house(Builder& builder, const std::string& name, const std::string& node,
                      const Place& place, double capacity_mw) {
  HeatSourceRow row;
  row.heat_source = name;
  row.heat_node = node;
  row.kind = "boiler_house";
  row.capacity_mw = rounded(capacity_mw, 1);
  const double load_kw = kAuxiliaryKwPerMw * capacity_mw;
  const bool set =
      builder.chance.uniform("set/" + name) < builder.statistics.boiler_house_generator_share;
  row.facility = builder.add_facility(place, "BH-" + name, "boiler_house", load_kw, load_kw / 4.0,
                                      set ? load_kw * 1.25 + 5.0 : 0.0, 24.0);
  row.water_node = place.id + "-W1";
  builder.scenario.heat_sources.push_back(row);
}

void add_chp(Builder& builder, const std::string& name, const std::string& node, const Place& place,
             double heat_mw) {
  GeneratorRow generator;
  generator.generator = name;
  generator.bus = place.bus;
  generator.kind = "chp";
  generator.capacity_mw = rounded(builder.statistics.chp_electricity_per_heat * heat_mw, 1);
  generator.water_node = place.id + "-W1";
  builder.scenario.generators.push_back(generator);
  HeatSourceRow row;
  row.heat_source = name;
  row.heat_node = node;
  row.kind = "chp";
  row.capacity_mw = rounded(heat_mw, 1);
  row.generator = name;
  row.water_node = place.id + "-W1";
  builder.scenario.heat_sources.push_back(row);
}

/// Heat nodes of a district with their share of its demand; returns the demand of one zone in MW.
double add_zone_nodes(Builder& builder, const Place& place) {
  for (std::size_t z = 0; z < place.heat_zones; ++z) {
    add_node(builder, fmt::format("{}-H{}", place.id, z + 1), place, true);
  }
  return design_mw(
      builder, static_cast<double>(place.district_heated) / static_cast<double>(place.heat_zones));
}

double distance_km(const Place& a, const Place& b) {
  return std::hypot(a.x_km - b.x_km, a.y_km - b.y_km);
}

void make_ring(Builder& builder, const std::vector<const Place*>& ring) {
  double demand_mw = 0.0;
  for (const Place* place : ring) {
    demand_mw += design_mw(builder, static_cast<double>(place->district_heated));
  }
  const auto trunk = [](const Place& place) { return place.id + "-HT"; };
  for (const Place* place : ring) {
    add_node(builder, trunk(*place), *place, false);
    const double zone_mw = add_zone_nodes(builder, *place);
    for (std::size_t z = 0; z < place->heat_zones; ++z) {
      add_pipe(builder, trunk(*place), fmt::format("{}-H{}", place->id, z + 1), 1.3 * zone_mw, 2.0);
    }
  }
  for (std::size_t i = 0; i < ring.size() && ring.size() > 1; ++i) {
    if (ring.size() == 2 && i == 1) {
      break;
    }
    const Place& a = *ring[i];
    const Place& b = *ring[(i + 1) % ring.size()];
    add_pipe(builder, trunk(a), trunk(b), 0.5 * demand_mw, distance_km(a, b) + 0.5);
  }
  const std::string city = fmt::format("C{}", ring.front()->city + 1);
  const std::vector<double>& chps = builder.statistics.chp_shares;
  for (std::size_t k = 0; k < chps.size(); ++k) {
    const Place& place = *ring[k * ring.size() / chps.size()];
    add_chp(builder, fmt::format("{}-CHP{}", city, k + 1), trunk(place), place,
            chps[k] * demand_mw);
  }
  const std::size_t boilers = std::max<std::size_t>(1, ring.size() / 3);
  for (std::size_t k = 0; k < boilers && builder.statistics.ring_boiler_share > 0.0; ++k) {
    const Place& place = *ring[std::min(ring.size() - 1, 3 * k + 1)];
    add_boiler_house(
        builder, place.id + "-PEAK", trunk(place), place,
        builder.statistics.ring_boiler_share * demand_mw / static_cast<double>(boilers));
  }
}

/// [A] A tie that could carry half of a district's heat, from the nearest district on the ring.
void add_tie(Builder& builder, const std::vector<const Place*>& ring, const Place& place) {
  if (ring.empty() || place.heat_zones == 0) {
    return;
  }
  const Place& nearest =
      **std::min_element(ring.begin(), ring.end(), [&](const Place* a, const Place* b) {
        return distance_km(*a, place) < distance_km(*b, place);
      });
  add_pipe(builder, nearest.id + "-HT", place.id + "-H1",
           0.5 * design_mw(builder, static_cast<double>(place.district_heated)),
           distance_km(nearest, place) + 0.5, true);
}

void make_local(Builder& builder, const Place& place) {
  const double zone_mw = add_zone_nodes(builder, place);
  for (std::size_t z = 0; z < place.heat_zones; ++z) {
    const std::string node = fmt::format("{}-H{}", place.id, z + 1);
    add_boiler_house(builder, fmt::format("{}-B{}", place.id, z + 1), node, place, 1.4 * zone_mw);
    if (z > 0) {  // [A] weak links by which a neighbour can be fed in part
      add_pipe(builder, fmt::format("{}-H{}", place.id, z), node, 0.3 * zone_mw, 1.5);
    }
  }
}

}  // namespace

void make_heat(Builder& builder) {
  for (std::size_t city = 0; city < builder.cities; ++city) {
    std::vector<const Place*> ring;
    std::size_t districts = 0;
    for (const Place& place : builder.places) {
      districts += place.kind == PlaceKind::city_district && place.city == city ? 1U : 0U;
    }
    const auto on_ring = static_cast<std::size_t>(
        std::ceil(builder.statistics.ring_district_share * static_cast<double>(districts)));
    for (const Place& place : builder.places) {
      if (place.kind == PlaceKind::city_district && place.city == city && place.ordinal < on_ring) {
        ring.push_back(&place);
      }
    }
    make_ring(builder, ring);
    for (const Place& place : builder.places) {
      if (place.kind == PlaceKind::city_district && place.city == city &&
          place.ordinal >= on_ring) {
        make_local(builder, place);
        add_tie(builder, ring, place);
      }
    }
  }
  for (const Place& place : builder.places) {
    if (place.kind == PlaceKind::town && place.district_heated > 0) {
      make_local(builder, place);
    }
  }
}

}  // namespace wintergrid::scenario::synthetic
