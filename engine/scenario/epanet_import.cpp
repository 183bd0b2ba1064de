// An EPANET network as the water network of a scenario.
//
// What the file says is kept where the capacity-limited model can use it: which parts hang
// together, how much pipes, pumps, reservoirs and tanks can give, where demand is. Junctions are
// grouped: first into the parts that pumps separate, then by the nearest of some demand centres
// along pipes. Each group is a water node, those with demand are zones. What the file does not say
// is synthetic: households in proportion to demand, feeders, a star of 110 kV lines from one
// import. Names, coordinates and heights are not taken over.

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <tuple>

#include <fmt/format.h>

#include "engine/scenario/epanet.hpp"
#include "engine/scenario/epanet_groups.hpp"

namespace wintergrid::scenario {
namespace {

using hydraulics::kNone;
using hydraulics::LinkKind;

constexpr double kLitresPerPersonDay = 150.0;  ///< [S] normal use
constexpr double kPersonsPerHousehold = 2.5;   ///< [D]
constexpr double kVelocityMps = 1.5;           ///< [A] what a main carries when it must
constexpr double kHouseholdsPerZone = 4000.0;  ///< [A]
constexpr double kMostZones = 24.0;
constexpr double kPeakKwPerHousehold = 1.25;     ///< [D] as the MATPOWER import
constexpr double kHouseholdKw = 0.75;            ///< [A]
constexpr double kHouseholdsPerFeeder = 1200.0;  ///< [A]
constexpr double kWaterW = 12.0;                 ///< [D] works, per person
constexpr double kPumpEfficiency = 0.75;         ///< EPANET's default
constexpr double kConstantPowerHeadM = 30.0;     ///< [A] lift of a pump known by its power only

double rounded(double value, int digits) {
  const double scale = std::pow(10.0, digits);
  return std::round(value * scale) / scale;
}

class EpanetImporter {
 public:
  explicit EpanetImporter(const EpanetFile& file) : file_(file), network_(file.model.network) {}

  Scenario make(Diagnostics& diagnostics) {
    people_ = mean_demand_m3s(file_) * kLitresPerM3 * 86400.0 / kLitresPerPersonDay;
    if (people_ < 1.0) {
      diagnostics.error({file_.file, 0, 0}, "no junction has a demand",
                        "there is nobody to supply");
      return {};
    }
    const double zones = people_ / kPersonsPerHousehold / kHouseholdsPerZone;
    groups_ = group_junctions(
        file_, static_cast<std::size_t>(std::clamp<double>(std::round(zones), 1.0, kMostZones)));
    add_zones();
    add_water();
    add_power();
    return std::move(scenario_);
  }

 private:
  bool is_pump(std::size_t k) const { return network_.kind[k] == LinkKind::pump; }

  static std::string zone_name(std::uint32_t zone) { return fmt::format("Z{:02}", zone + 1); }
  std::string zone_of_group(std::uint32_t group) const {
    return zone_name(groups_.zone_of[group] == kNone ? 0 : groups_.zone_of[group]);
  }
  std::string node_name(std::uint32_t group) const {
    return group < groups_.zone_count ? zone_name(group) + "-W" : fmt::format("N{}", group + 1);
  }

  /// Zones on a spiral, an abstract plane; households by largest remainder.
  void add_zones() {
    std::vector<double> share(groups_.zone_count, 0.0);
    for (std::uint32_t i = 0; i < groups_.demand_m3s.size(); ++i) {
      if (groups_.group[i] < groups_.zone_count) {
        share[groups_.group[i]] += groups_.demand_m3s[i] * kLitresPerM3 * 86400.0 /
                                   kLitresPerPersonDay / kPersonsPerHousehold;
      }
    }
    const auto total = static_cast<std::int64_t>(std::max<long long>(
        static_cast<long long>(share.size()), std::llround(people_ / kPersonsPerHousehold)));
    households_.assign(share.size(), 0);
    std::vector<std::size_t> order(share.size());
    std::int64_t given = 0;
    for (std::size_t z = 0; z < share.size(); ++z) {
      order[z] = z;
      households_[z] = std::max<std::int64_t>(1, static_cast<std::int64_t>(share[z]));
      given += households_[z];
    }
    std::stable_sort(order.begin(), order.end(), [&share](std::size_t a, std::size_t b) {
      return share[a] - std::floor(share[a]) > share[b] - std::floor(share[b]);
    });
    for (std::size_t i = 0; given < total && i < order.size(); ++i, ++given) {
      ++households_[order[i]];
    }
    for (std::uint32_t z = 0; z < groups_.zone_count; ++z) {
      const double angle = 2.399963 * z, radius_km = 3.0 * std::sqrt(static_cast<double>(z));
      ZoneRow row;
      row.zone = zone_name(z);
      row.region = "region";
      row.x_km = rounded(radius_km * std::cos(angle), 2);
      row.y_km = rounded(radius_km * std::sin(angle), 2);
      scenario_.zones.push_back(row);
    }
  }

  double capacity_m3_per_h(std::size_t k) const {
    const double d = network_.diameter_m[k];
    if (!is_pump(k)) {
      return kVelocityMps * std::numbers::pi * d * d / 4.0 * 3600.0;
    }
    const hydraulics::Pump& pump = network_.pumps[network_.attachment[k]];
    switch (pump.kind) {
      case hydraulics::PumpKind::constant_power:
        return pump.coefficient / kConstantPowerHeadM * 3600.0;
      case hydraulics::PumpKind::piecewise:
        return network_.curves[pump.curve].x.back() * 3600.0;
      case hydraulics::PumpKind::power_function:
        break;
    }
    // where half of the shut-off head is left
    return std::pow(pump.shutoff_head_m / 2.0 / pump.coefficient, 1.0 / pump.exponent) * 3600.0;
  }

  double pump_kw(std::size_t k) const {
    const hydraulics::Pump& pump = network_.pumps[network_.attachment[k]];
    const double head_m = pump.kind == hydraulics::PumpKind::constant_power
                              ? kConstantPowerHeadM
                              : pump.shutoff_head_m / 2.0;
    return capacity_m3_per_h(k) / 3600.0 * 9.81 * head_m / kPumpEfficiency;
  }

  void add_facility(const std::string& name, const std::string& kind, const std::string& zone,
                    double load_kw) {
    FacilityRow row;
    row.facility = name;
    row.kind = kind;
    row.zone = zone;
    row.feeder = zone + "-FX";
    row.load_kw = rounded(std::max(load_kw, 1.0), 1);
    row.motor_kw = rounded(row.load_kw / 3.0, 1);
    scenario_.facilities.push_back(row);
  }

  void add_water_link(const std::string& from, const std::string& to, double capacity,
                      double length_m, bool two_way) {
    WaterLinkRow row;
    row.water_link = fmt::format("P{}", scenario_.water_links.size() + 1);
    row.from_node = from;
    row.to_node = to;
    row.capacity_m3_per_h = rounded(std::max(capacity, 0.1), 1);
    row.length_km = rounded(std::max(length_m, 50.0) / 1000.0, 2);
    row.two_way = two_way;
    scenario_.water_links.push_back(row);
  }

  void add_water() {
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
      if (a == b || is_pump(k) || file_.model.start_status[k] == hydraulics::LinkStatus::closed) {
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
      crossing.length += file_.length_m[k];
      ++crossing.count;
    }
    add_water_nodes(outlet);
    for (const auto& [ends, crossing] : crossings) {
      const auto& [a, b, two_way] = ends;
      add_water_link(node_name(a), node_name(b), crossing.capacity,
                     crossing.length / crossing.count, two_way);
    }
    add_pumps();
  }

  void add_water_nodes(const std::vector<double>& outlet) {
    std::vector<std::uint32_t> storage(groups_.group_count, kNone);
    for (std::uint32_t i = 0; i < groups_.group.size(); ++i) {
      if (network_.fixed_head[i] != 0) {
        storage[groups_.group[i]] = i;
      }
    }
    for (std::uint32_t g = 0; g < groups_.group_count; ++g) {
      WaterNodeRow row;
      row.water_node = node_name(g);
      row.zone = zone_of_group(g);
      row.kind = "junction";
      if (storage[g] != kNone) {
        row.capacity_m3_per_h = rounded(std::max(outlet[g], 0.1), 1);
        const auto tank =
            std::find_if(file_.model.tanks.begin(), file_.model.tanks.end(),
                         [&](const hydraulics::Tank& other) { return other.node == storage[g]; });
        const double volume =
            tank == file_.model.tanks.end() ? 0.0 : tank->most_m3 - tank->least_m3;
        row.kind = tank == file_.model.tanks.end() ? "works" : "tank";
        row.volume_m3 = row.kind == "tank" ? rounded(std::max(volume, 0.1), 1) : 0.0;
        if (row.kind == "works") {
          row.facility = row.water_node + "-F";
          add_facility(row.facility, "water_works", row.zone,
                       people_ * kWaterW / 1000.0 / static_cast<double>(reservoirs()));
        }
      }
      scenario_.water_nodes.push_back(row);
    }
  }

  std::size_t reservoirs() const {
    return static_cast<std::size_t>(
        std::count(file_.node_kinds.begin(), file_.node_kinds.end(), EpanetNodeKind::reservoir));
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
      row.water_node = fmt::format("PS{}", scenario_.facilities.size() + 1);
      row.zone = zone_of_group(b);
      row.kind = "pump_station";
      row.capacity_m3_per_h = rounded(std::max(capacity_m3_per_h(k), 0.1), 1);
      row.facility = row.water_node + "-F";
      add_facility(row.facility, "pump_station", row.zone, pump_kw(k));
      scenario_.water_nodes.push_back(row);
      add_water_link(node_name(a), row.water_node, row.capacity_m3_per_h, 0.0, false);
      add_water_link(row.water_node, node_name(b), row.capacity_m3_per_h, 0.0, false);
    }
  }

  void add_power() {
    scenario_.buses.push_back({"GATE", zone_name(0), 330.0, "none", {}});
    std::size_t next_queue = 0;
    double total_mw = 0.0;
    for (std::uint32_t z = 0; z < groups_.zone_count; ++z) {
      const std::string zone = zone_name(z), bus = zone + "-110";
      double facilities_kw = 0.0;
      for (const FacilityRow& facility : scenario_.facilities) {
        facilities_kw += facility.zone == zone ? facility.load_kw : 0.0;
      }
      const double mw =
          (static_cast<double>(households_[z]) * kPeakKwPerHousehold + facilities_kw) / 1000.0;
      total_mw += mw;
      scenario_.buses.push_back({bus, zone, 110.0, "none", {}});
      BranchRow line;
      line.branch = "L-" + zone;
      line.from_bus = "GATE";
      line.to_bus = bus;
      line.reactance_pu = 0.05;
      line.rating_mw = rounded(2.0 * mw + 10.0, 0);
      scenario_.branches.push_back(line);
      add_people(z, next_queue);
    }
    GeneratorRow import;
    import.generator = "IMPORT";
    import.bus = "GATE";
    import.kind = "import";
    import.capacity_mw = rounded(2.0 * total_mw + 10.0, 0);
    import.black_start = true;
    scenario_.generators.push_back(import);
  }

  void add_people(std::uint32_t z, std::size_t& next_queue) {
    const std::string zone = zone_name(z);
    const std::int64_t ordinary = std::clamp<std::int64_t>(
        std::llround(static_cast<double>(households_[z]) / kHouseholdsPerFeeder), 2, 24);
    for (std::int64_t f = 0; f <= ordinary; ++f) {
      FeederRow feeder;
      const bool exempt = f == ordinary;  // with the facilities
      feeder.feeder = exempt ? zone + "-FX" : fmt::format("{}-F{:02}", zone, f + 1);
      feeder.bus = zone + "-110";
      feeder.zone = zone;
      feeder.queue =
          exempt ? "exempt" : fmt::format("{}.{}", next_queue / 2 + 1, next_queue % 2 + 1);
      next_queue = exempt ? next_queue : (next_queue + 1) % 12;
      HouseholdRow row;
      row.zone = zone;
      row.feeder = feeder.feeder;
      row.building_class = "house";
      row.rise = "low";
      row.heating = "gas_boiler";
      row.water_node = zone + "-W";
      row.households =
          households_[z] / (ordinary + 1) + (f < households_[z] % (ordinary + 1) ? 1 : 0);
      row.buildings = row.households;
      feeder.other_kw =
          rounded(static_cast<double>(row.households) * (kPeakKwPerHousehold - kHouseholdKw), 1);
      scenario_.feeders.push_back(feeder);
      if (row.households > 0) {
        scenario_.households.push_back(row);
      }
    }
  }

  const EpanetFile& file_;
  const hydraulics::Network& network_;
  Scenario scenario_;
  double people_ = 0.0;
  EpanetGroups groups_;
  std::vector<std::int64_t> households_;
};

}  // namespace

Scenario to_scenario(const EpanetFile& file, Diagnostics& diagnostics) {
  Scenario scenario = EpanetImporter(file).make(diagnostics);
  if (!diagnostics.ok()) {
    return {};
  }
  scenario.name = "imported water network";
  scenario.fidelity = "transport";  // groups of junctions have no one height or pipe
  scenario.description =
      "Water network imported from an EPANET file; households, power and everything else "
      "SYNTHETIC.";
  scenario.household_kw = kHouseholdKw;
  scenario.start = "2025-12-15T00:00+02:00";
  std::int64_t households = 0;
  for (const HouseholdRow& row : scenario.households) {
    households += row.households;
  }
  const double scale =
      static_cast<double>(households) / 480000.0;  // an oblast of 1.2 million people
  scenario.regions.push_back({"region", std::clamp(rounded(0.20 * scale, 4), 0.0001, 1.0), {}});
  const auto crews = [scale](double per_oblast) {
    return std::clamp(static_cast<int>(std::lround(per_oblast * scale)), 1, 5000);
  };
  const std::string base = scenario.zones.front().zone;
  scenario.crews = {{"lines", crews(15), base, {}}, {"substation", crews(10), base, {}},
                    {"plant", crews(6), base, {}},  {"heat_network", crews(20), base, {}},
                    {"water", crews(12), base, {}}, {"plumbing", crews(60), base, {}}};
  return scenario;
}

}  // namespace wintergrid::scenario
