// Water: in each city three works with lift stations on a ring of district mains, tanks and booster
// stations; towns and communities on well fields of their own. Sewage lifts are loads.

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "engine/scenario/synthetic/builder.hpp"

namespace wintergrid::scenario::synthetic {
namespace {

// [A] heads: works reach the lift station, which lifts for the whole ring of mains
constexpr double kToLiftStationM = 15.0, kCityLiftM = 45.0, kHighZoneM = 25.0;

double demand_m3_per_h(const Builder& builder, double households) {
  const Statistics& s = builder.statistics;
  return households * s.people_per_household * s.litres_per_person_day / 1000.0 / 24.0 /
         (1.0 - s.leakage_share);
}

struct NodeSpec {
  std::string name, kind;
  double capacity_m3_per_h = kNotGiven;
  double volume_m3 = 0.0;
  double load_kw = 0.0;  ///< 0: needs no power
  double head_m = kNotGiven, elevation_m = 0.0;
};

void add_node(Builder& builder, const Place& place, const NodeSpec& spec) {
  WaterNodeRow row;
  row.water_node = spec.name;
  row.zone = place.id;
  row.kind = spec.kind;
  row.capacity_m3_per_h =
      std::isnan(spec.capacity_m3_per_h) ? kNotGiven : rounded(spec.capacity_m3_per_h, 1);
  row.volume_m3 = rounded(spec.volume_m3, 0);
  row.head_m = spec.head_m;
  row.elevation_m = spec.elevation_m;
  if (spec.load_kw > 0.0) {
    const bool set = builder.chance.uniform("set/" + spec.name) <
                     builder.statistics.pump_station_generator_share;
    row.facility = builder.add_facility(
        place, "WF-" + spec.name, spec.kind == "works" ? "water_works" : "pump_station",
        spec.load_kw, spec.load_kw / 2.0, set ? spec.load_kw * 1.25 : 0.0, 24.0);
  }
  builder.scenario.water_nodes.push_back(row);
}

void add_link(Builder& builder, const std::string& from, const std::string& to,
              double capacity_m3_per_h, double length_km, bool two_way) {
  WaterLinkRow row;
  row.water_link = fmt::format("P-{}-{}", from, to);
  row.from_node = from;
  row.to_node = to;
  row.capacity_m3_per_h = rounded(capacity_m3_per_h, 1);
  row.length_km = rounded(length_km, 1);
  row.two_way = two_way;
  builder.scenario.water_links.push_back(row);
}

void make_city(Builder& builder, const std::vector<const Place*>& districts) {
  double households = 0.0;
  for (const Place* place : districts) {
    households += static_cast<double>(place->households);
  }
  const double demand = demand_m3_per_h(builder, households);
  const double power_kw = households * builder.statistics.people_per_household *
                          builder.statistics.water_w_per_person / 1000.0;
  const auto junction = [](const Place& place) { return place.id + "-WJ"; };
  const std::string city = fmt::format("C{}", districts.front()->city + 1);
  for (std::size_t i = 0; i < districts.size(); ++i) {
    const Place& place = *districts[i];
    const double zone = demand_m3_per_h(builder, static_cast<double>(place.households)) /
                        static_cast<double>(place.water_zones);
    add_node(builder, place, {junction(place), "junction"});
    for (std::size_t z = 0; z < place.water_zones; ++z) {
      const std::string node = fmt::format("{}-W{}", place.id, z + 1);
      const bool high = z == 1 && i % 4 == 3;  // [A] in every fourth district one zone lies high
      add_node(builder, place,
               {node, "junction", kNotGiven, 0.0, 0.0, kNotGiven, high ? kHighZoneM : 0.0});
      if (high) {
        const std::string booster = place.id + "-WB";
        add_node(builder, place,
                 {booster, "pump_station", 2.0 * zone, 0.0, std::max(5.0, 0.02 * power_kw)});
        add_link(builder, junction(place), booster, 2.0 * zone, 0.5, false);
        add_link(builder, booster, node, 2.0 * zone, 0.5, false);
      } else {
        add_link(builder, junction(place), node, 2.0 * zone, 1.0, false);
      }
    }
  }
  const std::size_t ring = districts.size();
  for (std::size_t i = 0; i < ring && ring > 1 && !(ring == 2 && i == 1); ++i) {
    const Place& a = *districts[i];
    const Place& b = *districts[(i + 1) % ring];
    add_link(builder, junction(a), junction(b), 0.75 * demand,
             std::hypot(a.x_km - b.x_km, a.y_km - b.y_km) + 0.5, true);
  }
  for (std::size_t w = 0; w < 3; ++w) {
    const Place& place = *districts[(w * ring / 3 + ring / 6) % ring];
    const std::string works = fmt::format("{}-WW{}", city, w + 1);
    const std::string lift = fmt::format("{}-WL{}", city, w + 1);
    add_node(builder, place,
             {works, "works", 1.6 / 3.0 * demand, 0.0, 0.45 / 3.0 * power_kw, kToLiftStationM});
    add_node(builder, place,
             {lift, "pump_station", 1.6 / 3.0 * demand, 0.0, 0.35 / 3.0 * power_kw, kCityLiftM});
    add_link(builder, works, lift, 1.6 / 3.0 * demand, 3.0, false);
    add_link(builder, lift, junction(place), 1.6 / 3.0 * demand, 1.0, false);
  }
  const std::size_t tanks = std::max<std::size_t>(2, ring / 5);
  for (std::size_t k = 0; k < tanks; ++k) {  // [A] four hours of demand in tanks
    const Place& place = *districts[k * ring / tanks];
    const std::string tank = fmt::format("{}-WT{}", city, k + 1);
    const auto share = static_cast<double>(tanks);
    add_node(builder, place, {tank, "tank", 1.2 * demand / share, 4.0 * demand / share});
    add_link(builder, tank, junction(place), 1.2 * demand / share, 0.5, true);
  }
}

void make_small_system(Builder& builder, const Place& place) {
  const double households = static_cast<double>(place.households);
  // [A] in communities two fifths of households have piped water, the others a well of their own
  const double served = place.kind == PlaceKind::rural ? 0.4 * households : households;
  const double demand = demand_m3_per_h(builder, served);
  const double power_kw = served * builder.statistics.people_per_household *
                          builder.statistics.water_w_per_person / 1000.0;
  const std::string works = place.id + "-WW";
  add_node(builder, place, {works, "works", 1.5 * demand, 0.0, std::max(5.0, power_kw)});
  for (std::size_t z = 0; z < place.water_zones; ++z) {
    const std::string node = fmt::format("{}-W{}", place.id, z + 1);
    add_node(builder, place, {node, "junction"});
    add_link(builder, works, node, 1.5 * demand, 1.5, false);
  }
  if (place.kind == PlaceKind::town) {
    const std::string tank = place.id + "-WT";
    add_node(builder, place, {tank, "tank", 1.5 * demand, 6.0 * demand});
    add_link(builder, tank, place.id + "-W1", 1.5 * demand, 0.5, true);
    add_link(builder, tank, place.id + "-W2", 1.5 * demand, 0.5, true);
  }
}

}  // namespace

void make_water(Builder& builder) {
  for (std::size_t city = 0; city < builder.cities; ++city) {
    std::vector<const Place*> districts;
    for (const Place& place : builder.places) {
      if (place.kind == PlaceKind::city_district && place.city == city) {
        districts.push_back(&place);
      }
    }
    make_city(builder, districts);
  }
  for (const Place& place : builder.places) {
    if (place.kind != PlaceKind::city_district) {
      make_small_system(builder, place);
    }
  }
}

void make_other_facilities(Builder& builder) {
  const Statistics& s = builder.statistics;
  // Facilities are dealt out to places in proportion to people: place by place, one for each full
  // number of people passed.
  const auto deal = [&](double people_per_item,
                        const std::function<void(const Place&, std::size_t)>& add) {
    double people = 0.0;
    std::size_t made = 0;
    for (const Place& place : builder.places) {
      people += static_cast<double>(place.households) * s.people_per_household;
      while (static_cast<double>(made + 1) * people_per_item <= people + 0.5 * people_per_item) {
        add(place, ++made);
      }
    }
  };
  deal(s.people_per_hospital, [&](const Place& place, std::size_t i) {
    const std::string name = fmt::format("HOSPITAL-{:03}", i);
    const double load_kw =
        builder.chance.between(60.0, 300.0, "load/" + name);  // [S] sets delivered: 9-264 kW
    builder.add_facility(place, name, "hospital", load_kw, 0.2 * load_kw, 1.2 * load_kw,
                         s.hospital_fuel_hours);
  });
  deal(s.people_per_shelter_point, [&](const Place& place, std::size_t i) {
    builder.add_facility(place, fmt::format("POINT-{:04}", i), "shelter_point", 6.0, 0.0,
                         builder.chance.uniform(fmt::format("set/POINT-{}", i)) < 0.8 ? 8.0 : 0.0,
                         12.0);  // [A]
  });
  deal(s.people_per_telecom_node, [&](const Place& place, std::size_t i) {
    builder.add_facility(
        place, fmt::format("TELECOM-{:04}", i), "telecom", 8.0, 0.0,
        builder.chance.uniform(fmt::format("set/TELECOM-{}", i)) < 0.7 ? 10.0 : 0.0, 8.0);  // [A]
  });
  deal(s.people_per_sewage_lift, [&](const Place& place, std::size_t i) {
    const std::string name = fmt::format("SEWAGE-{:03}", i);
    const bool set = builder.chance.uniform("set/" + name) < s.pump_station_generator_share;
    builder.add_facility(place, name, "sewage_lift", 160.0, 80.0, set ? 300.0 : 0.0,
                         24.0);  // [S] UNICEF Kharkiv: 300 kW sets
  });
}

}  // namespace wintergrid::scenario::synthetic
