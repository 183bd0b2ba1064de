// Buses, branches, generators, feeders and facilities.

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

#include <fmt/format.h>

#include "engine/scenario/compiler.hpp"
#include "engine/scenario/fields.hpp"
#include "engine/scenario/line_types.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::scenario {
namespace {

constexpr std::array<std::string_view, power::kGeneratorKindCount> kGeneratorKinds = {
    "import", "nuclear", "thermal", "chp", "hydro", "gas", "solar", "wind", "other"};
constexpr std::array<std::string_view, power::kFacilityKindCount> kFacilityKinds = {
    "hospital",    "school",        "pump_station",  "water_works",
    "sewage_lift", "boiler_house",  "heating_point", "shelter_point",
    "telecom",     "chp_auxiliary", "other"};
constexpr double kHighVoltageKv = 220.0;  ///< at and above: an AssetClass::substation_330

template <std::size_t N>
std::size_t index_of(const std::array<std::string_view, N>& names, std::string_view name) {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

AssetClass plant_class(power::GeneratorKind kind) {
  switch (kind) {
    case power::GeneratorKind::chp:
      return AssetClass::chp_plant;
    case power::GeneratorKind::thermal:
    case power::GeneratorKind::nuclear:
    case power::GeneratorKind::gas:
      return AssetClass::thermal_plant;
    case power::GeneratorKind::hydro:
      return AssetClass::hydro_plant;
    default:
      return AssetClass::other_plant;
  }
}

struct BranchValues {
  double reactance_pu;
  double limit_mw;
};

/// Given values win; otherwise typical ones by kind, voltage and length. x_pu = x_ohm base_mva /
/// kV^2; n circuits divide the reactance and multiply the rating.
BranchValues branch_values(Compiler& compiler, const BranchRow& row) {
  BranchValues values{row.reactance_pu, row.rating_mw};
  if (!std::isnan(values.reactance_pu) && !std::isnan(values.limit_mw)) {
    return values;
  }
  const bool transformer = row.kind == "transformer";
  if (std::isnan(row.voltage_kv) || (!transformer && std::isnan(row.length_km))) {
    compiler.diagnostics.error(
        ErrorCode::missing, row.place,
        fmt::format("branch '{}' gives neither its reactance and rating nor what they follow from",
                    row.branch),
        transformer ? "give reactance_pu and rating_mw, or voltage_kv (upper side)"
                    : "give reactance_pu and rating_mw, or voltage_kv and length_km");
    return {1.0, 0.0};
  }
  const auto type = typical_line(compiler.defaults.voltage_classes, row.kind, row.voltage_kv);
  if (!type) {
    compiler.diagnostics.error(
        ErrorCode::missing, row.place,
        fmt::format("no typical values for a {} of {} kV", row.kind, row.voltage_kv),
        "give reactance_pu and rating_mw");
    return {1.0, 0.0};
  }
  if (std::isnan(values.limit_mw)) {
    values.limit_mw = type->rating_mw * row.circuits;
  }
  if (std::isnan(values.reactance_pu)) {
    const double base_mva = compiler.scenario.base_mva;
    values.reactance_pu =
        transformer ? type->reactance_on_rating_pu * base_mva / (type->rating_mw * row.circuits)
                    : type->reactance_ohm_per_km * row.length_km * base_mva /
                          (row.voltage_kv * row.voltage_kv) / row.circuits;
  }
  return values;
}

void compile_buses(Compiler& compiler) {
  for (const BusRow& row : compiler.scenario.buses) {
    compiler.buses.add(row.bus, row.place, compiler.diagnostics);
    const std::uint32_t zone = compiler.zones.find(
        row.zone, row.place, fmt::format("bus '{}'", row.bus), compiler.diagnostics);
    const auto asset_class =
        row.voltage_kv >= kHighVoltageKv ? AssetClass::substation_330 : AssetClass::substation_110;
    compiler.model.bus_component.push_back(
        compiler.add_component(asset_class, zone, 1.0, row.protection, "bus/" + row.bus));
    compiler.model.bus_name.push_back(row.bus);
  }
  compiler.model.power.network.bus_count = compiler.scenario.buses.size();
  compiler.model.power.network.base_mva = compiler.scenario.base_mva;
}

void compile_branches(Compiler& compiler) {
  power::Network& network = compiler.model.power.network;
  for (const BranchRow& row : compiler.scenario.branches) {
    compiler.branches.add(row.branch, row.place, compiler.diagnostics);
    const std::string what = fmt::format("branch '{}'", row.branch);
    const std::uint32_t from =
        compiler.buses.find(row.from_bus, row.place, what, compiler.diagnostics);
    const std::uint32_t to = compiler.buses.find(row.to_bus, row.place, what, compiler.diagnostics);
    if (from != kNone && from == to) {
      compiler.diagnostics.error(
          ErrorCode::network, row.place,
          fmt::format("branch '{}' connects bus '{}' with itself", row.branch, row.from_bus),
          "a branch needs two different ends");
    }
    const BranchValues values = branch_values(compiler, row);
    if (values.reactance_pu == 0.0) {
      compiler.diagnostics.error(
          ErrorCode::range, row.place,
          fmt::format("'reactance_pu' of branch '{}' is 0 (must not be 0)", row.branch),
          "merge the two buses, or give a small reactance such as 0.0001");
    }
    network.branch_from.push_back(from);
    network.branch_to.push_back(to);
    network.branch_susceptance_pu.push_back(1.0 / (values.reactance_pu * row.tap));
    network.branch_shift_rad.push_back(row.shift_deg * std::numbers::pi / 180.0);
    network.branch_limit_mw.push_back(values.limit_mw > 0.0 ? values.limit_mw : power::kNoLimit);
    compiler.model.branch_in_service.push_back(row.in_service ? 1 : 0);
    const std::uint32_t zone =
        from == kNone ? 0U
                      : compiler.model.components.zone[compiler.model.bus_component[from]].value();
    const double length_km = std::isnan(row.length_km) ? 1.0 : row.length_km;
    compiler.model.branch_component.push_back(
        compiler.add_component(AssetClass::line, zone, length_km, "none", "branch/" + row.branch));
  }
}

void compile_generators(Compiler& compiler) {
  power::OperationModel& power_model = compiler.model.power;
  for (const GeneratorRow& row : compiler.scenario.generators) {
    compiler.generators.add(row.generator, row.place, compiler.diagnostics);
    const std::uint32_t bus = compiler.buses.find(
        row.bus, row.place, fmt::format("generator '{}'", row.generator), compiler.diagnostics);
    const auto kind = static_cast<power::GeneratorKind>(index_of(kGeneratorKinds, row.kind));
    power_model.network.generator_bus.push_back(bus);
    power_model.network.generator_capacity_mw.push_back(row.capacity_mw);
    power_model.generator_kind.push_back(kind);
    power_model.generator_black_start.push_back(row.black_start ? 1 : 0);
    const double hours = std::isnan(row.restart_hours)
                             ? compiler.defaults.restart_hours[static_cast<std::size_t>(kind)]
                             : row.restart_hours;
    power_model.generator_restart_seconds.push_back(seconds_from_hours(hours));
    compiler.model.generator_name.push_back(row.generator);
    const AssetClass asset_class = plant_class(kind);
    if (asset_class == AssetClass::other_plant) {
      compiler.model.generator_component.push_back(
          kNone);  // imports, solar and wind are never struck
      continue;
    }
    const std::uint32_t zone =
        bus == kNone ? 0U
                     : compiler.model.components.zone[compiler.model.bus_component[bus]].value();
    compiler.model.generator_component.push_back(compiler.add_component(
        asset_class, zone, row.capacity_mw, row.protection, "plant/" + row.generator));
  }
}

/// "1.1".."6.2" to 0..11; "exempt".
std::uint8_t subqueue(const std::string& queue) {
  if (queue == "exempt") {
    return power::kExempt;
  }
  return static_cast<std::uint8_t>((queue[0] - '1') * 2 + (queue[2] - '1'));
}

/// What a bus takes is a share of its own feeders' peak: without any, nothing (once per bus).
void warn_of_hosts_without_feeders(Compiler& compiler, const std::vector<std::uint32_t>& own,
                                   const std::vector<std::uint32_t>& backup) {
  std::vector<std::uint8_t> silent(compiler.model.power.network.bus_count, 0);
  for (const std::uint32_t bus : own) {
    if (bus < silent.size()) {
      silent[bus] = 1;
    }
  }
  for (std::size_t i = 0; i < backup.size(); ++i) {
    if (backup[i] < silent.size() && silent[backup[i]] == 0) {
      silent[backup[i]] = 1;
      const FeederRow& row = compiler.scenario.feeders[i];
      compiler.diagnostics.warning(
          ErrorCode::doubtful, place_of(row, "backup_bus"),
          fmt::format("backup_bus '{}' has no feeders of its own and takes none", row.backup_bus),
          "it takes a share of its own feeders' peak: name a substation that feeds somebody");
    }
  }
}

/// By row; empty if no feeder has one.
std::vector<std::uint32_t> backup_buses(Compiler& compiler, const std::vector<std::uint32_t>& own) {
  const auto& rows = compiler.scenario.feeders;
  std::vector<std::uint32_t> backup(rows.size(), power::kNoBackupBus);
  bool any = false;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const FeederRow& row = rows[i];
    const std::uint32_t bus =
        compiler.buses.find_optional(row.backup_bus, place_of(row, "backup_bus"),
                                     fmt::format("feeder '{}'", row.feeder), compiler.diagnostics);
    if (bus != kNone && bus == own[i]) {
      compiler.diagnostics.error(
          ErrorCode::network, place_of(row, "backup_bus"),
          fmt::format("feeder '{}' has its own bus '{}' as backup_bus", row.feeder, row.bus),
          "name another substation, or leave it empty");
    }
    backup[i] = bus;
    any = any || bus != kNone;
  }
  warn_of_hosts_without_feeders(compiler, own, backup);
  static_assert(kNone == power::kNoBackupBus);
  return any ? backup : std::vector<std::uint32_t>{};
}

void compile_feeders(Compiler& compiler) {
  const auto& rows = compiler.scenario.feeders;
  std::vector<std::uint32_t> bus(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    compiler.feeders.add(rows[i].feeder, rows[i].place, compiler.diagnostics);
    const std::string what = fmt::format("feeder '{}'", rows[i].feeder);
    bus[i] = compiler.buses.find(rows[i].bus, rows[i].place, what, compiler.diagnostics);
    compiler.zones.find(rows[i].zone, rows[i].place, what, compiler.diagnostics);
  }
  const std::vector<std::uint32_t> backup = backup_buses(compiler, bus);
  // The operation room wants feeders sorted by bus; rows of one bus keep their order.
  std::vector<std::uint32_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return bus[a] < bus[b]; });
  compiler.feeder_index.assign(rows.size(), kNone);
  std::vector<std::size_t> feeders_of_bus(compiler.model.power.network.bus_count + 1, 0);
  for (const std::uint32_t b : bus) {
    ++feeders_of_bus[std::min<std::size_t>(b, feeders_of_bus.size() - 1)];
  }
  std::size_t ordinal = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const FeederRow& row = rows[order[k]];
    ordinal = k > 0 && bus[order[k]] == bus[order[k - 1]] ? ordinal + 1 : 0;
    compiler.feeder_index[order[k]] = static_cast<std::uint32_t>(k);
    compiler.model.power.feeder_bus.push_back(bus[order[k]]);
    if (!backup.empty()) {
      compiler.model.power.feeder_backup_bus.push_back(backup[order[k]]);
    }
    compiler.model.power.feeder_subqueue.push_back(subqueue(row.queue));
    compiler.model.power.feeder_name_hash.push_back(name_hash("feeder/" + row.feeder));
    compiler.model.feeder_other_mw.push_back(row.other_kw / 1000.0);
    const std::size_t total =
        feeders_of_bus[std::min<std::size_t>(bus[order[k]], feeders_of_bus.size() - 1)];
    compiler.model.feeder_rank.push_back((static_cast<float>(ordinal) + 0.5F) /
                                         static_cast<float>(total));
    compiler.model.feeder_name.push_back(row.feeder);
  }
  compiler.model.feeder_household_mw.assign(rows.size(), 0.0);
  compiler.model.feeder_facility_mw.assign(rows.size(), 0.0);
}

}  // namespace

/// Running load plus the start of the largest motor (direct on line 3 x running kW above it, soft
/// start 1.5 x; commercial sizing guides: 6 kVA/HP direct, 3 kVA/HP soft, running about 1 kVA/HP
/// with a 25 % dip allowed) plus 10 % margin.
double required_set_kw(double load_kw, double motor_kw, bool soft_start) {
  const double start_kw = motor_kw * (soft_start ? 1.5 : 3.0);
  return std::max(load_kw, load_kw - motor_kw + start_kw) * 1.1;
}

std::uint8_t set_class(double load_kw, double motor_kw, bool soft_start) {
  const double needed_kw = required_set_kw(load_kw, motor_kw, soft_start);
  std::size_t c = 0;
  while (c < kSetClassUpperKw.size() && needed_kw > kSetClassUpperKw[c]) {
    ++c;
  }
  return static_cast<std::uint8_t>(c);
}

void compile_power(Compiler& compiler) {
  compile_buses(compiler);
  compile_branches(compiler);
  compile_generators(compiler);
  compile_feeders(compiler);
}

void compile_facilities(Compiler& compiler) {
  power::BackupModel& facilities = compiler.model.facilities;
  for (const FacilityRow& row : compiler.scenario.facilities) {
    compiler.facilities.add(row.facility, row.place, compiler.diagnostics);
    const std::string what = fmt::format("facility '{}'", row.facility);
    compiler.zones.find(row.zone, row.place, what, compiler.diagnostics);
    const std::uint32_t feeder_row =
        compiler.feeders.find(row.feeder, row.place, what, compiler.diagnostics);
    const std::uint32_t feeder = feeder_row == kNone ? 0U : compiler.feeder_index[feeder_row];
    facilities.feeder.push_back(feeder);
    facilities.kind.push_back(static_cast<power::FacilityKind>(index_of(kFacilityKinds, row.kind)));
    facilities.load_kw.push_back(row.load_kw);
    facilities.generator_kw.push_back(row.generator_kw);
    facilities.fuel_hours.push_back(row.fuel_hours);
    facilities.phase_in_seconds.push_back(seconds_from_hours(row.phase_in_minutes / 60.0));
    facilities.name_hash.push_back(name_hash("facility/" + row.facility));
    // One zone: one fuel depot, one crew that keeps the sets, one cold night.
    facilities.group_hash.push_back(name_hash("sets/" + row.zone));
    compiler.model.facility_set_class.push_back(
        set_class(row.load_kw, row.motor_kw, row.soft_start));
    compiler.model.facility_name.push_back(row.facility);
    if (feeder_row != kNone) {
      compiler.model.feeder_facility_mw[feeder] += row.load_kw / 1000.0;
    }
  }
}

}  // namespace wintergrid::scenario
