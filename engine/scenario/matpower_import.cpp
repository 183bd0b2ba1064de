// A MATPOWER case as a scenario. What the case says is kept (buses, branches, reactances, ratings,
// generators); what it does not say is synthetic: one zone per load bus on an abstract plane,
// households in proportion to load, feeders, and unless power_only one boiler house, heat node,
// water works and zone main per zone.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/scenario/matpower.hpp"

namespace wintergrid::scenario {
namespace {

constexpr double kHouseholdKw = 0.75;  ///< [A] diversified evening peak of a household
constexpr double kPeakKwPerHousehold =
    1.25;  ///< [D] 0.5 kW per person (Kyiv: 1,700 MW for 3.6 million) x 2.5 persons
constexpr double kHouseholdsPerFeeder = 1200.0;   ///< [A]
constexpr std::int64_t kMostFeedersPerZone = 24;  ///< a bound for very large loads
constexpr double kDistrictHeatingShare = 0.5;     ///< [D] about half of all households
constexpr double kHouseholdsPerBuilding = 123.0;  ///< [D] Kharkiv, February 2026
constexpr double kHeatKwPerHousehold =
    3.4;                          ///< [D] design demand with hot water and a fifth of network loss
constexpr double kWaterW = 12.0;  ///< [D] per person

double rounded(double value, int digits) {
  const double scale = std::pow(10.0, digits);
  return std::round(value * scale) / scale;
}

struct Importer {
  const MatpowerCase& source;
  const MatpowerNetwork& network;
  const MatpowerImportOptions& options;
  Scenario scenario;

  std::string bus_name(std::size_t i) const { return fmt::format("B{}", network.bus_number[i]); }

  /// Zones on a spiral: an abstract plane, about 4 km apart.
  void add_zone(const std::string& id, std::size_t ordinal) {
    const double angle = 2.399963 * static_cast<double>(ordinal);
    const double radius_km = 4.0 * std::sqrt(static_cast<double>(ordinal));
    ZoneRow row;
    row.zone = id;
    row.region = "region";
    row.x_km = rounded(radius_km * std::cos(angle), 2);
    row.y_km = rounded(radius_km * std::sin(angle), 2);
    scenario.zones.push_back(row);
  }

  void add_facility(const std::string& name, const std::string& kind, const std::string& zone,
                    double load_kw, bool set) {
    FacilityRow row;
    row.facility = name;
    row.kind = kind;
    row.zone = zone;
    row.feeder = zone + "-FX";
    row.load_kw = rounded(load_kw, 1);
    row.motor_kw = rounded(load_kw / 3.0, 1);
    row.generator_kw = set ? rounded(load_kw * 1.25 + 5.0, 0) : 0.0;
    row.fuel_hours = set ? 24.0 : 0.0;
    row.phase_in_minutes = set ? 15.0 : 0.0;
    scenario.facilities.push_back(row);
  }

  void add_power() {
    for (std::size_t i = 0; i < source.bus.rows(); ++i) {
      BusRow row;
      row.bus = bus_name(i);
      row.zone = zone_of_bus[i];
      row.voltage_kv =
          source.bus.at(i, matpower::kBaseKv) > 0.0 ? source.bus.at(i, matpower::kBaseKv) : 110.0;
      scenario.buses.push_back(row);
    }
    for (std::size_t i = 0; i < source.branch.rows(); ++i) {
      BranchRow row;
      row.branch = fmt::format("BR{}", i + 1);
      row.from_bus = bus_name(network.network.branch_from[i]);
      row.to_bus = bus_name(network.network.branch_to[i]);
      const double tap = source.branch.at(i, matpower::kTap);
      row.kind = tap != 0.0 ? "transformer" : "overhead_line";
      row.reactance_pu = source.branch.at(i, matpower::kReactance);
      row.rating_mw = std::max(0.0, source.branch.at(i, matpower::kRateA));
      row.tap = tap == 0.0 ? 1.0 : tap;
      row.shift_deg = source.branch.at(i, matpower::kShiftDeg);
      row.in_service = network.branch_up[i] != 0 &&
                       network.bus_up[network.network.branch_from[i]] != 0 &&
                       network.bus_up[network.network.branch_to[i]] != 0;
      scenario.branches.push_back(row);
    }
    for (std::size_t i = 0; i < source.gen.rows(); ++i) {
      const double capacity_mw = network.network.generator_capacity_mw[i];
      if (network.generator_up[i] == 0 || capacity_mw <= 0.0) {
        continue;  // condensers and units out of service give no active power
      }
      GeneratorRow row;
      row.generator = fmt::format("G{}", i + 1);
      row.bus = bus_name(network.network.generator_bus[i]);
      row.kind = "thermal";  // the case does not say; see README
      row.capacity_mw = capacity_mw;
      row.black_start = network.network.generator_bus[i] == network.reference_bus;
      scenario.generators.push_back(row);
    }
    if (std::none_of(scenario.generators.begin(), scenario.generators.end(),
                     [](const GeneratorRow& row) { return row.black_start; })) {
      const auto largest = std::max_element(scenario.generators.begin(), scenario.generators.end(),
                                            [](const GeneratorRow& a, const GeneratorRow& b) {
                                              return a.capacity_mw < b.capacity_mw;
                                            });
      if (largest != scenario.generators.end()) {
        largest->black_start = true;
      }
    }
  }

  void add_people(std::size_t bus, const std::string& zone) {
    const std::int64_t households = std::max<std::int64_t>(
        1, std::llround(network.load_mw[bus] * 1000.0 / kPeakKwPerHousehold));
    const std::int64_t ordinary = std::clamp<std::int64_t>(
        std::llround(static_cast<double>(households) / kHouseholdsPerFeeder), 2,
        kMostFeedersPerZone);
    const double per_feeder = static_cast<double>(households) / static_cast<double>(ordinary + 1);
    for (std::int64_t f = 0; f <= ordinary; ++f) {
      FeederRow feeder;
      feeder.feeder = f < ordinary ? fmt::format("{}-F{:02}", zone, f + 1) : zone + "-FX";
      feeder.bus = bus_name(bus);
      feeder.zone = zone;
      feeder.other_kw = rounded(per_feeder * (kPeakKwPerHousehold - kHouseholdKw), 1);
      // a quarter of ordinary feeders is exempt besides the one with the facilities
      const bool exempt = f == ordinary || f % 4 == 3;
      feeder.queue =
          exempt ? "exempt" : fmt::format("{}.{}", next_queue / 2 + 1, next_queue % 2 + 1);
      next_queue = exempt ? next_queue : (next_queue + 1) % 12;
      scenario.feeders.push_back(feeder);
      const std::int64_t on_feeder =
          households / (ordinary + 1) + (f < households % (ordinary + 1) ? 1 : 0);
      add_households(zone, feeder.feeder, on_feeder);
    }
    if (!options.power_only) {
      add_heat_and_water(zone, static_cast<double>(households));
    }
  }

  void add_households(const std::string& zone, const std::string& feeder, std::int64_t households) {
    HouseholdRow row;
    row.zone = zone;
    row.feeder = feeder;
    row.rise = "low";
    if (!options.power_only) {
      row.water_node = zone + "-W";
    }
    const std::int64_t flats =
        options.power_only
            ? 0
            : static_cast<std::int64_t>(kDistrictHeatingShare * static_cast<double>(households));
    if (flats > 0) {
      row.building_class = "panel";
      row.heating = "district";
      row.heat_node = zone + "-H";
      row.households = flats;
      row.buildings = std::max<std::int64_t>(
          1, std::llround(static_cast<double>(flats) / kHouseholdsPerBuilding));
      scenario.households.push_back(row);
    }
    if (households > flats) {
      row.building_class = "house";
      // without heat and water systems every home is taken to heat itself with a stove: only power
      // is studied
      row.heating = options.power_only ? "stove" : "gas_boiler";
      row.heat_node.clear();
      row.households = households - flats;
      row.buildings = row.households;
      scenario.households.push_back(row);
    }
  }

  void add_heat_and_water(const std::string& zone, double households) {
    const double heat_mw =
        std::max(0.01, kDistrictHeatingShare * households * kHeatKwPerHousehold / 1000.0);
    HeatNodeRow node;
    node.heat_node = zone + "-H";
    node.zone = zone;
    scenario.heat_nodes.push_back(node);
    HeatSourceRow boiler;
    boiler.heat_source = zone + "-B";
    boiler.heat_node = node.heat_node;
    boiler.kind = "boiler_house";
    boiler.capacity_mw = rounded(1.4 * heat_mw, 2);
    boiler.facility = zone + "-BH";
    boiler.water_node = zone + "-W";
    scenario.heat_sources.push_back(boiler);
    add_facility(boiler.facility, "boiler_house", zone, std::max(1.0, 12.0 * 1.4 * heat_mw),
                 scenario.zones.size() % 5 < 3);
    const double m3_per_h = std::max(0.1, households * 2.5 * 0.150 / 24.0 / 0.75);
    for (const char* kind : {"works", "tank", "junction"}) {
      WaterNodeRow row;
      row.kind = kind;
      row.water_node = zone + (row.kind == "works" ? "-WW" : row.kind == "tank" ? "-WT" : "-W");
      row.zone = zone;
      row.capacity_m3_per_h = row.kind == "junction" ? kNotGiven : rounded(1.5 * m3_per_h, 2);
      row.volume_m3 = row.kind == "tank" ? rounded(4.0 * m3_per_h, 1) : 0.0;
      row.facility = row.kind == "works" ? zone + "-WWF" : "";
      scenario.water_nodes.push_back(row);
    }
    add_facility(zone + "-WWF", "water_works", zone,
                 std::max(1.0, households * 2.5 * kWaterW / 1000.0), scenario.zones.size() % 5 < 3);
    WaterLinkRow link;
    link.water_link = zone + "-P1";
    link.from_node = zone + "-WW";
    link.to_node = zone + "-W";
    link.capacity_m3_per_h = rounded(1.5 * m3_per_h, 2);
    link.length_km = 1.5;
    scenario.water_links.push_back(link);
    link.water_link = zone + "-P2";
    link.from_node = zone + "-WT";
    link.length_km = 0.5;
    link.two_way = true;
    scenario.water_links.push_back(link);
  }

  /// Every bus lies in the zone of its nearest load bus along branches (breadth first, ties to the
  /// lower bus).
  void assign_zones() {
    zone_of_bus.assign(network.bus_number.size(), {});
    std::vector<std::size_t> frontier;
    for (std::size_t i = 0; i < network.bus_number.size(); ++i) {
      if (network.load_mw[i] > 0.0 && network.bus_up[i] != 0 && fed[i] != 0) {
        zone_of_bus[i] = fmt::format("Z{}", network.bus_number[i]);
        add_zone(zone_of_bus[i], scenario.zones.size());
        frontier.push_back(i);
      }
    }
    if (frontier.empty()) {
      return;
    }
    for (std::size_t at = 0; at < frontier.size(); ++at) {
      for (std::size_t b = 0; b < network.network.branch_count(); ++b) {
        const std::size_t from = network.network.branch_from[b];
        const std::size_t to = network.network.branch_to[b];
        const std::size_t other = from == frontier[at] ? to
                                  : to == frontier[at] ? from
                                                       : frontier[at];
        if (zone_of_bus[other].empty()) {
          zone_of_bus[other] = zone_of_bus[frontier[at]];
          frontier.push_back(other);
        }
      }
    }
    for (std::string& zone : zone_of_bus) {
      if (zone.empty()) {
        zone = zone_of_bus[frontier.front()];  // isolated buses
      }
    }
  }

  /// Buses that a generator in service can reach: load elsewhere cannot be supplied even when
  /// everything is whole.
  void find_fed_buses() {
    fed.assign(network.bus_number.size(), 0);
    for (std::size_t g = 0; g < network.generator_up.size(); ++g) {
      if (network.generator_up[g] != 0 && network.network.generator_capacity_mw[g] > 0.0) {
        fed[network.network.generator_bus[g]] = network.bus_up[network.network.generator_bus[g]];
      }
    }
    for (bool grew = true; grew;) {
      grew = false;
      for (std::size_t b = 0; b < network.network.branch_count(); ++b) {
        const std::size_t from = network.network.branch_from[b];
        const std::size_t to = network.network.branch_to[b];
        if (network.branch_up[b] != 0 && network.bus_up[from] != 0 && network.bus_up[to] != 0 &&
            fed[from] != fed[to]) {
          fed[from] = fed[to] = 1;
          grew = true;
        }
      }
    }
  }

  std::vector<std::string> zone_of_bus;
  std::vector<std::uint8_t> fed;
  std::size_t next_queue = 0;
};

}  // namespace

Scenario to_scenario(const MatpowerCase& matpower_case, const MatpowerImportOptions& options,
                     Diagnostics& diagnostics) {
  const MatpowerNetwork network = to_network(matpower_case, diagnostics);
  if (!diagnostics.ok()) {
    return {};
  }
  Importer importer{matpower_case, network, options, {}, {}, {}, 0};
  importer.find_fed_buses();
  importer.assign_zones();
  Scenario& scenario = importer.scenario;
  if (scenario.zones.empty()) {
    diagnostics.error(ErrorCode::network, {matpower_case.file, 0, 0},
                      "no bus has a load that a generator can reach", "there is nobody to supply");
    return {};
  }
  double unfed_mw = 0.0;
  for (std::size_t i = 0; i < importer.fed.size(); ++i) {
    unfed_mw += importer.fed[i] == 0 ? std::max(0.0, network.load_mw[i]) : 0.0;
  }
  if (unfed_mw > 0.0) {
    diagnostics.warning(
        ErrorCode::simplified, {matpower_case.file, 0, 0},
        fmt::format("{:.1f} MW of load cannot be reached by any generator and is left out",
                    unfed_mw));
  }
  importer.add_power();
  for (std::size_t i = 0; i < network.bus_number.size(); ++i) {
    if (network.load_mw[i] > 0.0 && network.bus_up[i] != 0 && importer.fed[i] != 0) {
      importer.add_people(i, importer.zone_of_bus[i]);
    }
  }
  scenario.name = matpower_case.name.empty() ? "imported case" : matpower_case.name;
  scenario.description = "Imported from a MATPOWER case; households, heat and water are SYNTHETIC.";
  scenario.base_mva = matpower_case.base_mva;
  scenario.household_kw = kHouseholdKw;
  scenario.start = "2025-12-15T00:00+02:00";
  if (options.power_only) {
    scenario.services = {"power"};
  }
  std::int64_t households = 0;
  for (const HouseholdRow& row : scenario.households) {
    households += row.households;
  }
  const double scale = static_cast<double>(households) /
                       480000.0;  // crews and hazard of an oblast of 1.2 million people
  scenario.regions.push_back({"region", std::clamp(rounded(0.20 * scale, 4), 0.0001, 1.0), {}});
  const auto crews = [scale](double per_oblast) {
    return std::clamp(static_cast<int>(std::lround(per_oblast * scale)), 1, 5000);
  };
  const std::string base = scenario.zones.front().zone;
  scenario.crews = {{"lines", crews(15), base, {}}, {"substation", crews(10), base, {}},
                    {"plant", crews(6), base, {}},  {"heat_network", crews(20), base, {}},
                    {"water", crews(12), base, {}}, {"plumbing", crews(60), base, {}}};
  return std::move(importer.scenario);
}

}  // namespace wintergrid::scenario
