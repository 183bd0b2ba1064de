// Crews, spares, priority list.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/io/suggest.hpp"
#include "engine/scenario/compiler.hpp"

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
        place,
        fmt::format("component '{}' is ambiguous: '{}' or '{}'", name, matching[0], matching[1]),
        "write the kind before the name, as shown");
  } else {
    compiler.diagnostics.error(
        place, fmt::format("component '{}' does not exist", name),
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

void compile_recovery(Compiler& compiler) {
  constexpr std::array<CrewType, kCrewTypeCount> kTypes = {CrewType::lines, CrewType::substation,
                                                           CrewType::plant, CrewType::heat_network,
                                                           CrewType::water, CrewType::plumbing};
  recovery::Model& recovery = compiler.model.recovery;
  recovery.base_zone.fill(ZoneId{0});
  for (const CrewItem& item : compiler.scenario.crews) {
    const auto type = std::find_if(kTypes.begin(), kTypes.end(),
                                   [&](CrewType t) { return to_text(t) == item.type; });
    if (type == kTypes.end()) {
      continue;  // the reader has checked the type
    }
    const auto index = static_cast<std::size_t>(*type);
    recovery.crews[index] = static_cast<std::uint16_t>(recovery.crews[index] + item.crews);
    if (!item.base_zone.empty()) {
      const std::uint32_t zone = compiler.zones.find(
          item.base_zone, item.place, fmt::format("crews '{}'", item.type), compiler.diagnostics);
      recovery.base_zone[index] = ZoneId{zone == kNone ? 0U : zone};
    }
  }
  const std::vector<std::string>& spare_names = compiler.defaults.spare_names;
  recovery.spare_stock.assign(spare_names.size(), 0);
  recovery.spare_resupply_seconds.assign(spare_names.size(), kNever);
  recovery.spare_lead_seconds.assign(spare_names.size(), kNever);
  for (const SpareItem& item : compiler.scenario.spares) {
    const auto found = std::find(spare_names.begin(), spare_names.end(), item.spare);
    if (found == spare_names.end()) {
      const std::string hint = io::did_you_mean(item.spare, spare_names);
      compiler.diagnostics.error(item.place, fmt::format("spare '{}' is not known", item.spare),
                                 hint.empty() ? "see data/parameters/repair.yaml" : hint);
      continue;
    }
    const auto index = static_cast<std::size_t>(found - spare_names.begin());
    recovery.spare_stock[index] = static_cast<std::uint32_t>(item.stock);
    recovery.spare_resupply_seconds[index] =
        item.resupply_per_month > 0.0
            ? seconds_from_hours(kDaysPerMonth * 24.0 / item.resupply_per_month)
            : kNever;
    recovery.spare_lead_seconds[index] =
        item.lead_days > 0.0 ? seconds_from_hours(item.lead_days * 24.0) : kNever;
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
    compiler.diagnostics.error({compiler.scenario.file, 0, 0},
                               "policy 'priority_list' needs recovery.priority_list",
                               "list components in the order of repair");
  }
  for (const InitialDamageItem& item : compiler.scenario.initial_damage) {
    check_component(compiler, item.component, item.place);
  }
}

}  // namespace wintergrid::scenario
