// 330 kV ring of hubs with autotransformers, meshed 110 kV between the substations of places,
// plants, imports, feeders.

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "engine/scenario/synthetic/builder.hpp"

namespace wintergrid::scenario::synthetic {
namespace {

struct Node {
  std::string bus;
  double x_km, y_km;
  bool strong;  ///< hub or city: lines of two circuits
};

double distance(const Node& a, const Node& b) {
  return std::hypot(a.x_km - b.x_km, a.y_km - b.y_km);
}

void add_line(Builder& builder, const Node& a, const Node& b, double voltage_kv, int circuits) {
  BranchRow row;
  row.branch = fmt::format("L-{}-{}", a.bus, b.bus);
  row.from_bus = a.bus;
  row.to_bus = b.bus;
  row.kind = "overhead_line";
  row.voltage_kv = voltage_kv;
  row.length_km = rounded(std::max(1.0, 1.2 * distance(a, b)),
                          1);  // [A] routes are a fifth longer than straight lines
  row.circuits = circuits;
  builder.scenario.branches.push_back(row);
}

/// A spanning tree (Prim, nearest first, ties to the lower index) plus a line from every node to
/// its nearest node that it has no line to yet: no substation hangs on a single line.
void mesh(Builder& builder, const std::vector<Node>& nodes) {
  std::set<std::pair<std::size_t, std::size_t>> edges;
  const auto join = [&](std::size_t a, std::size_t b) {
    edges.insert({std::min(a, b), std::max(a, b)});
  };
  std::vector<std::size_t> nearest(nodes.size(), 0);
  std::vector<bool> in_tree(nodes.size(), false);
  in_tree[0] = true;
  for (std::size_t step = 1; step < nodes.size(); ++step) {
    std::size_t best = nodes.size();
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (!in_tree[i] &&
          (best == nodes.size() ||
           distance(nodes[i], nodes[nearest[i]]) < distance(nodes[best], nodes[nearest[best]]))) {
        best = i;
      }
    }
    in_tree[best] = true;
    join(best, nearest[best]);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (!in_tree[i] && distance(nodes[i], nodes[best]) < distance(nodes[i], nodes[nearest[i]])) {
        nearest[i] = best;
      }
    }
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    std::size_t best = nodes.size();
    for (std::size_t j = 0; j < nodes.size(); ++j) {
      const bool joined = edges.contains({std::min(i, j), std::max(i, j)});
      if (j != i && !joined &&
          (best == nodes.size() ||
           distance(nodes[i], nodes[j]) < distance(nodes[i], nodes[best]))) {
        best = j;
      }
    }
    if (best < nodes.size()) {
      join(i, best);
    }
  }
  for (const auto& [a, b] : edges) {
    add_line(builder, nodes[a], nodes[b], 110.0, nodes[a].strong || nodes[b].strong ? 2 : 1);
  }
}

void add_bus(Builder& builder, const std::string& bus, const std::string& zone, double voltage_kv,
             const std::string& protection) {
  BusRow row;
  row.bus = bus;
  row.zone = zone;
  row.voltage_kv = voltage_kv;
  row.protection = protection;
  builder.scenario.buses.push_back(row);
}

void add_generator(Builder& builder, const std::string& name, const std::string& bus,
                   const std::string& kind, double capacity_mw, bool black_start) {
  GeneratorRow row;
  row.generator = name;
  row.bus = bus;
  row.kind = kind;
  row.capacity_mw = rounded(capacity_mw, 1);
  row.black_start = black_start;
  builder.scenario.generators.push_back(row);
}

/// The nearest other substation of a place: within its city for a district, anywhere for a town.
/// Districts have two, of which chance chooses.
std::string neighbour_bus(const Builder& builder, const Place& place, const std::string& feeder) {
  std::vector<std::pair<double, const Place*>> near;
  for (const Place& other : builder.places) {
    const bool same_city = other.kind == PlaceKind::city_district && other.city == place.city;
    if (other.id != place.id && (same_city || place.kind != PlaceKind::city_district)) {
      near.emplace_back(std::hypot(other.x_km - place.x_km, other.y_km - place.y_km), &other);
    }
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  const bool second =
      place.kind == PlaceKind::city_district && builder.chance.uniform("neighbour/" + feeder) < 0.5;
  return near[second ? 1 : 0].second->bus;
}

void make_feeders(Builder& builder) {
  std::size_t next_queue = 0;
  for (Place& place : builder.places) {
    const double people =
        static_cast<double>(place.households) * builder.statistics.people_per_household;
    const std::size_t ordinary = std::max<std::size_t>(
        2, static_cast<std::size_t>(std::lround(people / builder.statistics.people_per_feeder)));
    const double households =
        static_cast<double>(place.households) / static_cast<double>(ordinary + 1);
    // What is not households: shops, offices, street light, small industry.
    const double other_kw =
        households *
        (builder.statistics.peak_kw_per_person * builder.statistics.people_per_household -
         builder.statistics.household_kw) *
        0.85;  // 0.85: facilities are counted apart
    for (std::size_t i = 0; i <= ordinary; ++i) {
      FeederRow row;
      row.feeder = i < ordinary ? fmt::format("{}-F{:02}", place.id, i + 1) : place.id + "-FX";
      row.bus = place.bus;
      row.zone = place.id;
      row.other_kw = rounded(other_kw, 1);
      const bool exempt = i == ordinary || builder.chance.uniform("exempt/" + row.feeder) <
                                               builder.statistics.exempt_share;
      row.queue = exempt ? "exempt" : fmt::format("{}.{}", next_queue / 2 + 1, next_queue % 2 + 1);
      if (!exempt) {
        next_queue = (next_queue + 1) % 12;
      }
      const double backup_share =
          place.kind == PlaceKind::city_district ? builder.statistics.backup_share_city
          : place.kind == PlaceKind::town        ? builder.statistics.backup_share_town
                                                 : 0.0;
      if (builder.chance.uniform("backup/" + row.feeder) < backup_share) {
        row.backup_bus = neighbour_bus(builder, place, row.feeder);
      }
      builder.scenario.feeders.push_back(row);
      place.feeders.push_back(row.feeder);
    }
    place.critical_feeder = place.feeders.back();
  }
}

}  // namespace

void make_power(Builder& builder) {
  const Statistics& s = builder.statistics;
  const double people_mw = builder.request.people / 1000.0;  // MW of one kW per person
  const std::size_t hubs = builder.count(builder.statistics.people_per_330_hub, 3);
  std::vector<Node> high, low;
  for (Place& place : builder.places) {
    place.bus = "S-" + place.id;
    add_bus(builder, place.bus, place.id, 110.0, "none");
    low.push_back({place.bus, place.x_km, place.y_km, place.kind == PlaceKind::city_district});
  }
  for (std::size_t h = 0; h < hubs; ++h) {
    const Place& place = builder.places[h * builder.places.size() / hubs];
    // [S] 42 % of large transformers stand under concrete (more than 70 of 160-180, November 2025)
    const std::string protection =
        builder.chance.uniform(fmt::format("concrete/hub{}", h)) < 0.42 ? "concrete" : "gabions";
    const std::string name = fmt::format("H{}", h + 1);
    add_bus(builder, name + "-330", place.id, 330.0, protection);
    add_bus(builder, name + "-110", place.id, 110.0, protection);
    high.push_back({name + "-330", place.x_km, place.y_km, true});
    low.push_back({name + "-110", place.x_km + 0.5, place.y_km + 0.5, true});
    BranchRow transformer;
    transformer.branch = "AT-" + name;
    transformer.from_bus = name + "-330";
    transformer.to_bus = name + "-110";
    transformer.kind = "transformer";
    transformer.voltage_kv = 330.0;
    transformer.circuits = 2;
    builder.scenario.branches.push_back(transformer);
  }
  for (std::size_t h = 0; h < hubs; ++h) {
    add_line(builder, high[h], high[(h + 1) % hubs], 330.0, 1);
  }
  if (hubs > 4) {
    add_line(builder, high[0], high[hubs / 2], 330.0, 1);
  }
  mesh(builder, low);

  // [A] plants: 300 MW thermal, 60 MW hydro with black start, 400 MW imports per 1.2 million; CHP
  // with the heat part
  for (std::size_t u = 0; u < 2 && s.thermal_kw_per_person > 0.0; ++u) {
    add_generator(builder, fmt::format("TPP-{}", u + 1), high[1 % hubs].bus, "thermal",
                  s.thermal_kw_per_person / 2.0 * people_mw, false);
  }
  if (s.hydro_kw_per_person > 0.0) {
    add_generator(builder, "HPP-1", low[builder.places.size() + hubs - 1].bus, "hydro",
                  s.hydro_kw_per_person * people_mw, true);
  }
  for (std::size_t i = 0; i < 3; ++i) {
    add_generator(builder, fmt::format("IMPORT-{}", i + 1), high[i * hubs / 3].bus, "import",
                  s.import_kw_per_person / 3.0 * people_mw, true);
  }
  make_feeders(builder);
}

}  // namespace wintergrid::scenario::synthetic
