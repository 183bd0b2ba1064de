// Households into blocks and units, demands that follow from them, and what repair policies are
// told.

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "engine/scenario/compiler.hpp"
#include "engine/scenario/unknown.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::scenario {
namespace {

/// Buildings of one row are simulated in at most this many blocks that share their fate: a bound on
/// memory for large rows.
constexpr std::int64_t kMaxBlocksPerRow = 12;
constexpr std::array<std::string_view, heat::kBuildingClassCount> kBuildingClasses = {
    "panel", "brick", "insulated", "house"};
constexpr std::array<std::string_view, 4> kHeatings = {"district", "gas_boiler", "electric",
                                                       "stove"};

template <std::size_t N>
std::size_t index_of(const std::array<std::string_view, N>& names, std::string_view name) {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

/// Part `index` of `total` split into `parts` whole numbers, the larger ones first.
std::int64_t split(std::int64_t total, std::int64_t parts, std::int64_t index) {
  return total / parts + (index < total % parts ? 1 : 0);
}

struct RowIndices {
  std::uint32_t zone, feeder, heat_node, water_node;
};

struct PlacedRow {
  const HouseholdRow* row;
  RowIndices at;
  std::string address;

  /// Heat node (none last), then stoves apart from what needs electricity, then building class.
  std::tuple<std::uint32_t, bool, std::size_t> cooling_key() const {
    return {at.heat_node, row->heating == "stove", index_of(kBuildingClasses, row->building_class)};
  }
};

void add_unit(Model& model, const RowIndices& at, std::uint32_t block, bool above_pressure,
              std::int64_t households) {
  if (households == 0) {
    return;
  }
  Units& units = model.units;
  units.block.push_back(block);
  units.feeder.push_back(at.feeder);
  units.water_node.push_back(at.water_node);
  units.zone.push_back(at.zone);
  units.above_pressure.push_back(above_pressure ? 1 : 0);
  units.households.push_back(static_cast<std::uint32_t>(households));
}

/// What the draws of a row's blocks are addressed by; `twins` counts rows that name the same homes,
/// so that each has draws of its own. What is unknown is so named, whatever was drawn for it: the
/// homes' luck is the same.
std::string address_of(const HouseholdRow& row, std::map<std::string, int>& twins) {
  const auto known = [&row](const char* column, const std::string& value) {
    return is_unknown(row, column) ? std::string(kUnknown) : value;
  };
  std::string address =
      fmt::format("block/{}/{}/{}/{}/{}/{}/{}", row.zone, row.feeder,
                  known("building_class", row.building_class), known("rise", row.rise),
                  known("heating", row.heating), row.heat_node, row.water_node);
  const int before = twins[address]++;
  return before == 0 ? address : fmt::format("{}/twin {}", address, before);
}

void add_row(Compiler& compiler, const HouseholdRow& row, const RowIndices& at,
             const std::string& address) {
  Model& model = compiler.model;
  const auto heating = static_cast<heat::Heating>(index_of(kHeatings, row.heating));
  const std::int64_t blocks =
      heating == heat::Heating::district ? std::min(row.buildings, kMaxBlocksPerRow) : 1;
  for (std::int64_t i = 0; i < blocks; ++i) {
    const auto block = static_cast<std::uint32_t>(model.heat.block_count());
    const std::int64_t households = split(row.households, blocks, i);
    model.heat.block_node.push_back(at.heat_node);
    model.heat.block_class.push_back(
        static_cast<heat::BuildingClass>(index_of(kBuildingClasses, row.building_class)));
    model.heat.block_heating.push_back(heating);
    model.heat.block_buildings.push_back(
        static_cast<std::uint32_t>(split(row.buildings, blocks, i)));
    model.heat.block_households.push_back(static_cast<std::uint32_t>(households));
    model.heat.block_name_hash.push_back(name_hash(fmt::format("{}/{}", address, i)));
    model.block_feeder.push_back(at.feeder);
    model.block_gas_zone.push_back(heating == heat::Heating::gas_boiler ? at.zone : kNone);
    const std::int64_t above =
        row.rise == "high"
            ? std::llround(static_cast<double>(households) * compiler.defaults.above_pressure_share)
            : 0;
    add_unit(model, at, block, false, households - above);
    add_unit(model, at, block, true, above);
  }
  model.total_households += static_cast<std::uint64_t>(row.households);
}

/// Households behind every component, for `most_households` and the like. Assumptions: a bus stands
/// for its feeders, a branch for the smaller of its ends, a plant for its share of installed
/// capacity, a heat or water part for the zone it lies in.
void fill_policy_facts(Compiler& compiler, const std::vector<double>& feeder_households) {
  Model& model = compiler.model;
  recovery::Model& recovery = model.recovery;
  const std::size_t components = model.components.count();
  recovery.component_households.assign(components, 0);
  recovery.component_critical.assign(components, 0);
  model.component_behind.assign(components, {});
  std::vector<double> at_bus(model.power.network.bus_count, 0.0);
  std::vector<std::uint8_t> critical_bus(at_bus.size(), 0);
  for (std::size_t f = 0; f < feeder_households.size(); ++f) {
    at_bus[model.power.feeder_bus[f]] += feeder_households[f];
  }
  for (std::size_t i = 0; i < model.facilities.count(); ++i) {
    const power::FacilityKind kind = model.facilities.kind[i];
    const bool critical =
        kind == power::FacilityKind::hospital || kind == power::FacilityKind::pump_station ||
        kind == power::FacilityKind::water_works || kind == power::FacilityKind::boiler_house ||
        kind == power::FacilityKind::chp_auxiliary;
    if (critical) {
      critical_bus[model.power.feeder_bus[model.facilities.feeder[i]]] = 1;
    }
  }
  const auto set = [&](std::uint32_t component, double households, bool critical,
                       HouseholdsBehind behind) {
    if (component != kNone) {
      const auto whole = static_cast<std::uint32_t>(households);
      if (whole > recovery.component_households[component]) {
        recovery.component_households[component] = whole;
        model.component_behind[component] = behind;
      }
      recovery.component_critical[component] |= critical ? 1 : 0;
    }
  };
  using Behind = HouseholdsBehind::Kind;
  for (std::size_t b = 0; b < at_bus.size(); ++b) {
    set(model.bus_component[b], at_bus[b], critical_bus[b] != 0,
        {Behind::bus, static_cast<std::uint32_t>(b)});
  }
  for (std::size_t i = 0; i < model.branch_component.size(); ++i) {
    const std::uint32_t from = model.power.network.branch_from[i];
    const std::uint32_t to = model.power.network.branch_to[i];
    if (from != kNone && to != kNone) {
      set(model.branch_component[i], std::min(at_bus[from], at_bus[to]),
          critical_bus[from] != 0 || critical_bus[to] != 0,
          {Behind::bus, at_bus[to] < at_bus[from] ? to : from});
    }
  }
  double capacity_mw = 0.0;
  for (const double capacity : model.power.network.generator_capacity_mw) {
    capacity_mw += capacity;
  }
  const auto total = static_cast<double>(model.total_households);
  for (std::size_t g = 0; g < model.generator_component.size(); ++g) {
    set(model.generator_component[g],
        total * model.power.network.generator_capacity_mw[g] / std::max(capacity_mw, 1e-9), true,
        {Behind::everyone, 0});
  }
  std::vector<double> in_zone(model.zones.count(), 0.0);
  for (std::size_t u = 0; u < model.units.count(); ++u) {
    in_zone[model.units.zone[u]] += model.units.households[u];
  }
  const auto set_by_zone = [&](const std::vector<std::uint32_t>& list, bool critical) {
    for (const std::uint32_t component : list) {
      if (component != kNone) {
        const std::size_t zone = model.components.zone[component].index();
        set(component, in_zone[zone], critical, {Behind::zone, static_cast<std::uint32_t>(zone)});
      }
    }
  };
  set_by_zone(model.heat_source_component, true);
  set_by_zone(model.heat_pipe_component, false);
  set_by_zone(model.water_node_component, true);
  set_by_zone(model.water_link_component, false);
}

}  // namespace

void compile_population(Compiler& compiler) {
  Model& model = compiler.model;
  Diagnostics& diagnostics = compiler.diagnostics;
  std::vector<double> feeder_households(model.power.feeder_count(), 0.0);
  const double litres_to_m3_per_h = compiler.scenario.litres_per_person_day *
                                    compiler.scenario.people_per_household / 1000.0 / 24.0;
  std::vector<PlacedRow> placed;
  std::map<std::string, int> twins;
  for (const HouseholdRow& row : compiler.scenario.households) {
    const std::string what = "a row of households";
    RowIndices at{};
    at.zone = compiler.zones.find(row.zone, row.place, what, diagnostics);
    const std::uint32_t feeder_row =
        compiler.feeders.find(row.feeder, row.place, what, diagnostics);
    at.heat_node = compiler.heat_nodes.find_optional(row.heat_node, row.place, what, diagnostics);
    at.water_node =
        compiler.water_nodes.find_optional(row.water_node, row.place, what, diagnostics);
    if (row.heating == "district" && row.heat_node.empty()) {
      diagnostics.error(ErrorCode::missing, row.place,
                        "'heat_node' is missing for households on district heating",
                        "name the heat node, or choose another heating");
    }
    if (row.heating != "district" && !row.heat_node.empty()) {
      diagnostics.error(
          ErrorCode::contradiction, row.place,
          fmt::format("'heat_node' is '{}' but 'heating' is '{}'", row.heat_node, row.heating),
          "only district heating has a heat node: leave it empty");
    }
    if (row.buildings > row.households && row.households > 0) {
      diagnostics.error(ErrorCode::contradiction, row.place,
                        fmt::format("'buildings' is {} but there are only {} households",
                                    row.buildings, row.households),
                        "a building has at least one household");
    }
    if (row.buildings == 0 && row.households > 0) {
      diagnostics.error(ErrorCode::contradiction, row.place,
                        fmt::format("'buildings' is 0 but there are {} households", row.households),
                        "count at least one building");
    }
    if (row.households == 0 || !diagnostics.ok()) {
      continue;
    }
    at.feeder = compiler.feeder_index[feeder_row];
    placed.push_back({&row, at, address_of(row, twins)});
    feeder_households[at.feeder] += static_cast<double>(row.households);
    if (at.water_node != kNone) {
      model.water.node_demand_m3_per_h[at.water_node] +=
          static_cast<double>(row.households) * litres_to_m3_per_h /
          (1.0 - compiler.scenario.water_leakage_share);
    }
  }
  if (!diagnostics.ok()) {
    return;
  }
  // Buildings that cool alike lie side by side: the loops over them then vectorise.
  std::stable_sort(placed.begin(), placed.end(), [](const PlacedRow& a, const PlacedRow& b) {
    return a.cooling_key() < b.cooling_key();
  });
  for (const PlacedRow& row : placed) {
    add_row(compiler, *row.row, row.at, row.address);
  }
  if (model.total_households == 0) {
    diagnostics.error(ErrorCode::missing, {compiler.scenario.file, 0, 0}, "there are no households",
                      "fill the households table");
    return;
  }
  for (std::size_t f = 0; f < feeder_households.size(); ++f) {
    model.feeder_household_mw[f] = feeder_households[f] * compiler.scenario.household_kw / 1000.0;
  }
  model.units_of_feeder = group_by(model.units.feeder, model.power.feeder_count());
  model.units_of_block = group_by(model.units.block, model.heat.block_count());
  model.units_of_water_node = group_by(model.units.water_node, model.water.node_count());
  fill_policy_facts(compiler, feeder_households);
}

}  // namespace wintergrid::scenario
