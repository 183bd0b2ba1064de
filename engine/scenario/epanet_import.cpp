// A town around the water network of an EPANET file.
//
// What the file says is kept: the network pipe by pipe with its heights (or, for `transport`, as
// groups of junctions), where demand is, the day it follows. What it does not say is synthetic:
// households in proportion to demand, feeders, a star of 110 kV lines from one import. Names and
// coordinates are not taken over: junctions, pipes and so on are numbered as in the file.

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "engine/scenario/epanet.hpp"
#include "engine/scenario/epanet_town.hpp"

namespace wintergrid::scenario {
namespace epanet {

using hydraulics::kNone;

double rounded(double value, int digits) {
  const double scale = std::pow(10.0, digits);
  return std::round(value * scale) / scale;
}

std::string Town::zone_name(std::uint32_t zone) { return fmt::format("Z{:02}", zone + 1); }

std::uint32_t Town::zone_of_group(std::uint32_t group) const {
  return groups.zone_of[group] == kNone ? 0 : groups.zone_of[group];
}

void Town::add_facility(const std::string& name, const std::string& kind, const std::string& zone,
                        double load_kw) {
  FacilityRow row;
  row.facility = name;
  row.kind = kind;
  row.zone = zone;
  row.feeder = zone + "-FX";
  row.load_kw = rounded(std::max(load_kw, 1.0), 1);
  row.motor_kw = rounded(row.load_kw / 3.0, 1);
  scenario.facilities.push_back(row);
}

double Town::works_kw(std::size_t count) const {
  constexpr double kWaterW = 12.0;  // [D] works, per person
  return people * kWaterW / 1000.0 / static_cast<double>(std::max<std::size_t>(count, 1));
}

namespace {

constexpr double kHouseholdsPerZone = 4000.0;  ///< [A]
constexpr double kMostZones = 24.0;
constexpr double kPeakKwPerHousehold = 1.25;     ///< [D] as the MATPOWER import
constexpr double kHouseholdKw = 0.75;            ///< [A]
constexpr double kHouseholdsPerFeeder = 1200.0;  ///< [A]
constexpr double kLargestImportMw = 20000.0;     ///< of the format
constexpr double kLitresPerDay = 1000.0 * 86400.0;

/// Zones, households, feeders and power lines.
class Settlement {
 public:
  explicit Settlement(Town& town) : town_(town), scenario_(town.scenario) {}

  /// On a spiral, an abstract plane.
  void add_zones() {
    for (std::uint32_t z = 0; z < town_.groups.zone_count; ++z) {
      const double angle = 2.399963 * z, radius_km = 3.0 * std::sqrt(static_cast<double>(z));
      ZoneRow row;
      row.zone = Town::zone_name(z);
      row.region = "region";
      row.x_km = rounded(radius_km * std::cos(angle), 2);
      row.y_km = rounded(radius_km * std::sin(angle), 2);
      scenario_.zones.push_back(row);
    }
  }

  /// By largest remainder, so that the sum is right to one household.
  void add_households() {
    std::vector<Dwelling>& dwellings = town_.dwellings;
    double demand_m3s = 0.0;
    for (const Dwelling& dwelling : dwellings) {
      demand_m3s += dwelling.demand_m3s;
    }
    const double households = town_.people / kPersonsPerHousehold;
    std::vector<double> rest(dwellings.size());
    std::vector<std::size_t> order(dwellings.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    auto left = std::max<std::int64_t>(1, std::llround(households));
    for (std::size_t i = 0; i < dwellings.size(); ++i) {
      const double share = households * dwellings[i].demand_m3s / demand_m3s;
      dwellings[i].households = static_cast<std::int64_t>(share);
      rest[i] = share - std::floor(share);
      left -= dwellings[i].households;
    }
    std::stable_sort(order.begin(), order.end(),
                     [&rest](std::size_t a, std::size_t b) { return rest[a] > rest[b]; });
    for (std::size_t i = 0; left > 0; i = (i + 1) % order.size(), --left) {
      ++dwellings[order[i]].households;
    }
    households_.assign(town_.groups.zone_count, 0);
    for (const Dwelling& dwelling : dwellings) {
      households_[dwelling.zone] += dwelling.households;
    }
  }

  void add_power() {
    scenario_.buses.push_back({"GATE", Town::zone_name(0), 330.0, "none", {}});
    std::size_t next_queue = 0;
    double total_mw = 0.0;
    for (std::uint32_t z = 0; z < town_.groups.zone_count; ++z) {
      const std::string zone = Town::zone_name(z), bus = zone + "-110";
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
    add_imports(2.0 * total_mw + 10.0);
  }

 private:
  void add_imports(double capacity_mw) {
    const double count = std::ceil(capacity_mw / kLargestImportMw);
    for (int i = 0; i < static_cast<int>(count); ++i) {
      GeneratorRow import;
      import.generator = i == 0 ? "IMPORT" : fmt::format("IMPORT{}", i + 1);
      import.bus = "GATE";
      import.kind = "import";
      import.capacity_mw = rounded(capacity_mw / count, 0);
      import.black_start = true;
      scenario_.generators.push_back(import);
    }
  }

  /// Feeders of equal size, filled from one water node after the other.
  void add_people(std::uint32_t z, std::size_t& next_queue) {
    const std::string zone = Town::zone_name(z);
    const std::int64_t ordinary = std::clamp<std::int64_t>(
        std::llround(static_cast<double>(households_[z]) / kHouseholdsPerFeeder), 2, 24);
    auto dwelling = town_.dwellings.begin();
    std::int64_t taken = 0;  // of this dwelling
    for (std::int64_t f = 0; f <= ordinary; ++f) {
      FeederRow feeder;
      const bool exempt = f == ordinary;  // with the facilities
      feeder.feeder = exempt ? zone + "-FX" : fmt::format("{}-F{:02}", zone, f + 1);
      feeder.bus = zone + "-110";
      feeder.zone = zone;
      feeder.queue =
          exempt ? "exempt" : fmt::format("{}.{}", next_queue / 2 + 1, next_queue % 2 + 1);
      next_queue = exempt ? next_queue : (next_queue + 1) % 12;
      const std::int64_t size =
          households_[z] / (ordinary + 1) + (f < households_[z] % (ordinary + 1) ? 1 : 0);
      feeder.other_kw =
          rounded(static_cast<double>(size) * (kPeakKwPerHousehold - kHouseholdKw), 1);
      scenario_.feeders.push_back(feeder);
      for (std::int64_t left = size; left > 0;) {
        const std::int64_t here = dwelling->zone == z ? dwelling->households - taken : 0;
        if (here == 0) {
          ++dwelling;
          taken = 0;
          continue;
        }
        const std::int64_t some = std::min(left, here);
        add_row(feeder, dwelling->water_node, some);
        taken += some;
        left -= some;
      }
    }
  }

  void add_row(const FeederRow& feeder, const std::string& water_node, std::int64_t households) {
    HouseholdRow row;
    row.zone = feeder.zone;
    row.feeder = feeder.feeder;
    row.building_class = "house";
    row.rise = "low";
    row.heating = "gas_boiler";
    row.water_node = water_node;
    row.households = households;
    row.buildings = households;
    scenario_.households.push_back(row);
  }

  Town& town_;
  Scenario& scenario_;
  std::vector<std::int64_t> households_;  // by zone
};

void add_region_and_crews(Scenario& scenario) {
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
}

Scenario make_scenario(const EpanetFile& file, const Start& start, double people,
                       EpanetFidelity fidelity, Diagnostics& diagnostics) {
  const double zones = people / kPersonsPerHousehold / kHouseholdsPerZone;
  const auto zone_count = static_cast<std::size_t>(std::clamp(std::round(zones), 1.0, kMostZones));
  Town town{file, start, group_junctions(file, start, zone_count), people, {}, {}};
  Scenario& scenario = town.scenario;
  scenario.name = "imported water network";
  scenario.description =
      "Water network imported from an EPANET file; households, power and everything else "
      "SYNTHETIC.";
  scenario.household_kw = kHouseholdKw;
  scenario.start = "2025-12-15T00:00+02:00";
  scenario.litres_per_person_day = kLitresPerPersonDay;
  scenario.people_per_household = kPersonsPerHousehold;
  const double leaked_m3s = start.leaked_m3s;
  const double used_m3s = people * kLitresPerPersonDay / kLitresPerDay;
  scenario.water_leakage_share = rounded(leaked_m3s / (leaked_m3s + used_m3s), 6);
  for (const double factor : start.hour_profile) {
    scenario.water_hour_profile.push_back(rounded(factor, 4));
  }
  Settlement settlement(town);
  settlement.add_zones();
  if (fidelity == EpanetFidelity::hydraulic) {
    scenario.fidelity = "hydraulic";
    add_piped_water(town);
    warn_of_changes(file, start, diagnostics);
  } else {
    scenario.fidelity = "transport";  // groups of junctions have no one height or pipe
    add_grouped_water(town);
  }
  settlement.add_households();
  settlement.add_power();
  add_region_and_crews(scenario);
  return std::move(town.scenario);
}

}  // namespace
}  // namespace epanet

Scenario to_scenario(const EpanetFile& file, EpanetFidelity fidelity, Diagnostics& diagnostics) {
  const epanet::Start start = epanet::read_start(file);
  const double drawn_m3s = std::accumulate(start.demand_m3s.begin(), start.demand_m3s.end(), 0.0);
  const double people =
      (drawn_m3s - start.leaked_m3s) * epanet::kLitresPerDay / epanet::kLitresPerPersonDay;
  if (people < 1.0) {
    const bool unfed = start.unfed_m3s > 0.0;
    diagnostics.error(
        ErrorCode::network, {file.file, 0, 0},
        unfed ? "no junction with a demand is reached from a reservoir or tank over open links"
              : "no junction has a demand",
        unfed ? "open the links on the way: [PIPES], [STATUS], [CONTROLS]"
              : "there is nobody to supply");
    return {};
  }
  return epanet::make_scenario(file, start, people, fidelity, diagnostics);
}

}  // namespace wintergrid::scenario
