// Crews, spares, priority list.

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "engine/io/suggest.hpp"
#include "engine/scenario/compiler.hpp"
#include "engine/scenario/fields.hpp"

namespace wintergrid::scenario {
namespace {

constexpr double kDaysPerMonth = 30.4375;

/// Bare names are everything after the first '/'.
bool names_component(std::string_view full, std::string_view name) {
  return full == name || full.substr(full.find('/') + 1) == name;
}

/// As find_component(), but says what is wrong.
std::uint32_t check_component(Compiler& compiler, const std::string& name,
                              const SourcePlace& place) {
  const ComponentTable& components = compiler.model.components;
  const ComponentId found = find_component(components, name);
  if (found.valid()) {
    return found.value();
  }
  std::vector<std::string> bare, matching;
  for (const std::string& full : components.name) {
    bare.push_back(full.substr(full.find('/') + 1));
    if (names_component(full, name)) {
      matching.push_back(full);
    }
  }
  if (matching.size() > 1) {
    compiler.diagnostics.error(
        ErrorCode::twice, place,
        fmt::format("component '{}' is ambiguous: '{}' or '{}'", name, matching[0], matching[1]),
        "write the kind before the name, as shown");
  } else {
    compiler.diagnostics.error(
        ErrorCode::reference, place, fmt::format("component '{}' does not exist", name),
        io::did_you_mean(name, name.find('/') == std::string::npos ? bare : components.name));
  }
  return kNone;
}

}  // namespace

ComponentId find_component(const ComponentTable& components, const std::string& name) {
  ComponentId found;
  for (std::size_t i = 0; i < components.count(); ++i) {
    if (components.name[i] == name) {
      return ComponentId{i};
    }
    if (names_component(components.name[i], name)) {
      if (found.valid()) {
        return ComponentId{};
      }
      found = ComponentId{i};
    }
  }
  return found;
}

namespace {

/// The first of several.
std::size_t zone_with_most_households(const Compiler& compiler) {
  const Units& units = compiler.model.units;
  std::vector<std::uint64_t> households(std::max<std::size_t>(1, compiler.model.zones.count()), 0);
  for (std::size_t unit = 0; unit < units.count(); ++unit) {
    households[units.zone[unit]] += units.households[unit];
  }
  return static_cast<std::size_t>(std::max_element(households.begin(), households.end()) -
                                  households.begin());
}

void compile_spares(Compiler& compiler) {
  recovery::Model& recovery = compiler.model.recovery;
  std::vector<CompileDefaults::Spare> spares = compiler.defaults.spares;
  for (const SpareItem& item : compiler.scenario.spares) {
    const auto found = std::find_if(spares.begin(), spares.end(),
                                    [&](const auto& spare) { return spare.name == item.spare; });
    if (found == spares.end()) {
      std::vector<std::string> names;
      for (const CompileDefaults::Spare& spare : spares) {
        names.push_back(spare.name);
      }
      const std::string hint = io::did_you_mean(item.spare, names);
      compiler.diagnostics.error(ErrorCode::reference, item.place,
                                 fmt::format("spare '{}' is not known", item.spare),
                                 hint.empty() ? "see data/parameters/repair.yaml" : hint);
      continue;
    }
    found->stock = item.stock;
    if (!std::isnan(item.resupply_per_month)) {
      found->resupply_per_month = item.resupply_per_month;
    }
    if (!std::isnan(item.lead_days)) {
      found->lead_days = item.lead_days;
    }
  }
  for (const CompileDefaults::Spare& spare : spares) {
    recovery.spare_stock.push_back(static_cast<std::uint32_t>(spare.stock));
    recovery.spare_resupply_seconds.push_back(
        spare.resupply_per_month > 0.0
            ? seconds_from_hours(kDaysPerMonth * 24.0 / spare.resupply_per_month)
            : kNever);
    recovery.spare_lead_seconds.push_back(seconds_from_hours(spare.lead_days * 24.0));
  }
}

constexpr int kMostCrews = 60000;  // crews have indices of 16 bits

constexpr std::array<CrewType, kCrewTypeCount> kTypes = {CrewType::lines,         //
                                                         CrewType::substation,    //
                                                         CrewType::plant,         //
                                                         CrewType::heat_network,  //
                                                         CrewType::water,         //
                                                         CrewType::plumbing};

ZoneId base_zone(Compiler& compiler, const std::string& name, const std::string& type,
                 const SourcePlace& place) {
  const std::uint32_t zone =
      compiler.zones.find(name, place, fmt::format("crews '{}'", type), compiler.diagnostics);
  return ZoneId{zone == kNone ? 0U : zone};
}

void compile_reinforcements(Compiler& compiler) {
  recovery::Model& recovery = compiler.model.recovery;
  for (const ReinforcementItem& item : compiler.scenario.reinforcements) {
    const auto type = std::find_if(kTypes.begin(), kTypes.end(),
                                   [&](CrewType t) { return to_text(t) == item.type; });
    if (type == kTypes.end()) {
      continue;  // the reader has checked the type
    }
    recovery.reinforcements.push_back(
        {*type, static_cast<std::uint16_t>(item.crews), seconds_from_hours(item.from_hours),
         item.base_zone.empty() ? recovery.base_zone[static_cast<std::size_t>(*type)]
                                : base_zone(compiler, item.base_zone, item.type, item.place)});
  }
}

/// A type whose jobs need more crews than there will ever be repairs nothing.
void check_teams(Compiler& compiler) {
  int all = 0;
  for (const CrewItem& item : compiler.scenario.crews) {
    all += item.crews;
  }
  for (const ReinforcementItem& item : compiler.scenario.reinforcements) {
    all += item.crews;
    if (all > kMostCrews) {
      compiler.diagnostics.error(ErrorCode::range, place_of(item, "crews"),
                                 fmt::format("there are {} crews (at most {})", all, kMostCrews),
                                 "lower the number of crews");
      return;
    }
  }
  for (const CrewItem& item : compiler.scenario.crews) {
    int crews = item.crews;
    for (const ReinforcementItem& more : compiler.scenario.reinforcements) {
      crews += more.type == item.type ? more.crews : 0;
    }
    if (crews > 0 && crews < item.crews_per_job_minimum) {
      compiler.diagnostics.error(ErrorCode::contradiction, place_of(item, "crews_per_job_minimum"),
                                 fmt::format("a job needs {} crews '{}' but there are {}",
                                             item.crews_per_job_minimum, item.type, crews),
                                 "lower crews_per_job_minimum, or give more crews");
    }
  }
}

}  // namespace

void compile_recovery(Compiler& compiler) {
  recovery::Model& recovery = compiler.model.recovery;
  recovery.base_zone.fill(ZoneId{zone_with_most_households(compiler)});
  recovery.local_time_at_start = compiler.scenario.start_hour * kSecondsPerHour;
  for (const CrewItem& item : compiler.scenario.crews) {
    const auto type = std::find_if(kTypes.begin(), kTypes.end(),
                                   [&](CrewType t) { return to_text(t) == item.type; });
    if (type == kTypes.end()) {
      continue;  // the reader has checked the type
    }
    const auto index = static_cast<std::size_t>(*type);
    recovery.crews[index] = static_cast<std::uint16_t>(recovery.crews[index] + item.crews);
    if (!item.base_zone.empty()) {
      recovery.base_zone[index] = base_zone(compiler, item.base_zone, item.type, item.place);
    }
    recovery.shift[index] = {.starts = item.shift_start_hour * kSecondsPerHour,
                             .lasts = std::max<Seconds>(1, seconds_from_hours(item.shift_hours))};
    recovery.team[index] = {.minimum = static_cast<std::uint16_t>(item.crews_per_job_minimum),
                            .maximum = static_cast<std::uint16_t>(item.crews_per_job_maximum)};
  }
  compile_reinforcements(compiler);
  check_teams(compiler);
  compile_spares(compiler);
  for (const MobileBoilerItem& item : compiler.scenario.mobile_boilers) {
    compiler.model.mobile_boiler_units.push_back(static_cast<std::uint32_t>(item.units));
    compiler.model.mobile_boiler_mw.push_back(item.capacity_mw);
  }
  recovery.priority_rank.assign(compiler.model.components.count(), UINT32_MAX);
  std::uint32_t rank = 0;
  for (const std::string& name : compiler.scenario.priority_list) {
    const std::uint32_t component = check_component(compiler, name, {compiler.scenario.file, 0, 0});
    if (component != kNone && recovery.priority_rank[component] == UINT32_MAX) {
      recovery.priority_rank[component] = rank++;
    }
  }
  if (compiler.scenario.policy == "priority_list" && compiler.scenario.priority_list.empty()) {
    compiler.diagnostics.error(ErrorCode::missing, {compiler.scenario.file, 0, 0},
                               "policy 'priority_list' needs recovery.priority_list",
                               "list components in the order of repair");
  }
  for (const InitialDamageItem& item : compiler.scenario.initial_damage) {
    check_component(compiler, item.component, item.place);
  }
}

}  // namespace wintergrid::scenario
