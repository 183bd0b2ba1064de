#include "engine/scenario/compile.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "engine/io/suggest.hpp"
#include "engine/scenario/compiler.hpp"
#include "grid_models/system/outcome.hpp"

namespace wintergrid::scenario {

namespace {

std::string plural(const std::string& kind) {
  if (kind == "facility") {
    return "facilities";
  }
  return kind + (kind == "bus" || kind == "branch" ? "es" : "s");
}

}  // namespace

std::uint32_t NameIndex::add(const std::string& name, const SourcePlace& place,
                             Diagnostics& diagnostics) {
  const auto index = static_cast<std::uint32_t>(names_.size());
  names_.push_back(name);
  const auto [position, inserted] = index_.emplace(name, index);
  if (!inserted) {
    diagnostics.error(
        ErrorCode::twice, place,
        fmt::format("{} '{}' is defined twice (first in line {})", kind_, name, first_line_[name]),
        "give each a name of its own");
  } else {
    first_line_[name] = place.line;
  }
  return index;
}

std::uint32_t NameIndex::find(const std::string& name, const SourcePlace& place,
                              std::string_view what, Diagnostics& diagnostics) const {
  const auto position = index_.find(name);
  if (position != index_.end()) {
    return position->second;
  }
  if (names_.empty()) {
    diagnostics.error(
        ErrorCode::reference, place,
        fmt::format("{} refers to {} '{}', but there is none at all", what, kind_, name),
        fmt::format("add a table of {} or leave the reference out", plural(kind_)));
    return kNone;
  }
  const std::string hint = io::did_you_mean(name, names_);
  diagnostics.error(ErrorCode::reference, place,
                    fmt::format("{} refers to {} '{}', which does not exist (known: {})", what,
                                kind_, name, names_.size()),
                    hint);
  return kNone;
}

std::uint32_t NameIndex::find_optional(const std::string& name, const SourcePlace& place,
                                       std::string_view what, Diagnostics& diagnostics) const {
  return name.empty() ? kNone : find(name, place, what, diagnostics);
}

std::uint32_t Compiler::add_component(AssetClass asset_class, std::uint32_t zone, double size,
                                      const std::string& protection, const std::string& name) {
  constexpr std::array<std::string_view, kProtectionCount> kNames = {"none", "gabions", "concrete",
                                                                     "bunker"};
  const auto found = std::find(kNames.begin(), kNames.end(), protection);
  const auto level =
      found == kNames.end() ? Protection::none : static_cast<Protection>(found - kNames.begin());
  const ZoneId zone_id{zone == kNone ? 0U : zone};  // kNone only after an error was reported
  return model.components
      .add(asset_class, zone_id, static_cast<float>(std::max(size, 1e-3)), level, name)
      .value();
}

void compile_zones(Compiler& compiler) {
  const Scenario& scenario = compiler.scenario;
  ZoneTable& zones = compiler.model.zones;
  std::vector<std::string> regions;
  regions.reserve(scenario.regions.size());
  for (const RegionItem& item : scenario.regions) {
    regions.push_back(item.region);
  }
  for (const ZoneRow& row : scenario.zones) {
    compiler.zones.add(row.zone, row.place, compiler.diagnostics);
    zones.x_km.push_back(static_cast<float>(row.x_km));
    zones.y_km.push_back(static_cast<float>(row.y_km));
    zones.id.push_back(row.zone);
    zones.name.push_back(row.name.empty() ? row.zone : row.name);
    std::size_t region = 0;
    if (!row.region.empty()) {
      const auto found = std::find(regions.begin(), regions.end(), row.region);
      if (found != regions.end()) {
        region = static_cast<std::size_t>(found - regions.begin());
      } else if (scenario.regions.empty()) {
        regions.push_back(row.region);
        region = regions.size() - 1;
      } else {
        const std::string hint = io::did_you_mean(row.region, regions);
        compiler.diagnostics.error(
            ErrorCode::reference, row.place,
            fmt::format("zone '{}' is in region '{}', which campaign.regions does not list",
                        row.zone, row.region),
            hint.empty() ? "add the region to campaign.regions" : hint);
      }
    }
    if (region > 255) {
      compiler.diagnostics.error(ErrorCode::range, row.place, "more than 256 regions",
                                 "merge regions: air defence and pauses act by region");
      region = 0;
    }
    zones.region.push_back(static_cast<std::uint8_t>(region));
  }
}

namespace {

/// Bits by Service.
std::uint8_t services_of(const Scenario& scenario) {
  unsigned services = 0;
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    const bool modelled =
        scenario.services.empty() || std::find(scenario.services.begin(), scenario.services.end(),
                                               kServiceNames[s]) != scenario.services.end();
    services |= modelled ? 1U << s : 0U;
  }
  return static_cast<std::uint8_t>(services);
}

void compile_gas(Compiler& compiler) {
  for (const GasOutageItem& item : compiler.scenario.gas_outages) {
    compiler.model.gas_outages.push_back(
        {compiler.zones.find_optional(item.zone, item.place, "a gas outage", compiler.diagnostics),
         seconds_from_hours(item.from_hours), seconds_from_hours(item.to_hours)});
  }
}

void compile_grid_failures(Compiler& compiler) {
  for (const GridFailureItem& item : compiler.scenario.grid_failures) {
    compiler.model.grid_failures.push_back(
        {seconds_from_hours(item.from_hours), seconds_from_hours(item.to_hours)});
  }
}

}  // namespace

Model compile(const Scenario& scenario, const CompileDefaults& defaults, Diagnostics& diagnostics) {
  Compiler compiler(scenario, defaults, diagnostics);
  Model& model = compiler.model;
  model.damage_effects = defaults.damage_effects;
  model.horizon = seconds_from_hours(scenario.horizon_days * 24.0);
  model.step = scenario.step_minutes * kSecondsPerMinute;
  model.start_hour = scenario.start_hour;
  if (scenario.hour_profile.size() == model.hour_profile.size()) {
    std::copy(scenario.hour_profile.begin(), scenario.hour_profile.end(),
              model.hour_profile.begin());
  } else {
    model.hour_profile = defaults.hour_profile;
  }
  for (std::size_t hour = 0; hour < model.water_hour_factor.size(); ++hour) {
    const double use = scenario.water_hour_profile.size() == model.water_hour_factor.size()
                           ? scenario.water_hour_profile[hour]
                           : defaults.water_hour_profile[hour];
    model.water_hour_factor[hour] =
        scenario.water_leakage_share + (1.0 - scenario.water_leakage_share) * use;
  }
  if (!scenario.water_hour_profile.empty()) {
    const double mean = std::accumulate(scenario.water_hour_profile.begin(),
                                        scenario.water_hour_profile.end(), 0.0) /
                        static_cast<double>(scenario.water_hour_profile.size());
    if (std::abs(mean - 1.0) > 0.05) {
      const auto given = scenario.places.find("water.hour_profile");
      diagnostics.warning(
          ErrorCode::doubtful,
          given == scenario.places.end() ? SourcePlace{scenario.file, 0, 0} : given->second,
          fmt::format("the mean of water.hour_profile is {:.3g}: use is scaled by it", mean),
          "give shares of the mean, or change water.litres_per_person_day");
    }
  }
  model.services = services_of(scenario);
  model.cascade = scenario.cascade;
  compile_zones(compiler);
  compile_gas(compiler);
  compile_grid_failures(compiler);
  compile_power(compiler);
  compile_facilities(compiler);
  compile_heat(compiler);
  compile_water(compiler);
  compile_population(compiler);
  compile_recovery(compiler);
  if (diagnostics.ok()) {
    check_reachability(compiler);
  }
  if (diagnostics.ok()) {
    check_intact_heat(compiler);
    check_intact_water(compiler);
  }
  return std::move(compiler.model);
}

}  // namespace wintergrid::scenario
