#include "engine/montecarlo/prepare.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "engine/montecarlo/estimate.hpp"
#include "engine/scenario/compile.hpp"
#include "engine/scenario/overlay.hpp"
#include "grid_models/core/contract.hpp"

namespace wintergrid::montecarlo {
namespace {

scenario::CompileDefaults compile_defaults(const random::ParameterSet& set) {
  scenario::CompileDefaults defaults;
  for (std::size_t c = 0; c < kAssetClassCount; ++c) {
    for (std::size_t s = 0; s < kDamageStateCount; ++s) {
      const auto asset_class = static_cast<AssetClass>(c);
      const auto state = static_cast<DamageState>(s);
      defaults.damage_effects.damaged[c][s] =
          static_cast<float>(set.damage.capacity_factor(asset_class, state, false));
      defaults.damage_effects.temporary[c][s] =
          static_cast<float>(set.damage.capacity_factor(asset_class, state, true));
    }
  }
  defaults.restart_hours = set.build.restart_hours;
  defaults.hour_profile = set.build.hour_profile;
  defaults.water_hour_profile = set.build.water_hour_profile;
  defaults.heat_loss_share = set.build.network_loss_share;
  defaults.heat_design_outdoor_c = set.build.design_outdoor_c;
  defaults.heat = set.model.heat;
  defaults.heat_network = set.build.heat_network;
  defaults.heat_loss_pa_per_m = set.build.heat_network_loss_pa_per_m;
  defaults.water_velocity_m_per_s = set.build.water_velocity_m_per_s;
  defaults.water_roughness_coefficient = set.build.water_roughness_coefficient;
  defaults.water_required_pressure_m = set.build.water_required_pressure_m;
  defaults.water_works_head_m = set.build.water_works_head_m;
  defaults.water_station_head_m = set.build.water_station_head_m;
  defaults.water_tank_bottom_m = set.build.water_tank_bottom_m;
  defaults.water_tank_depth_m = set.build.water_tank_depth_m;
  for (std::size_t i = 0; i < random::kVoltageClassesKv.size(); ++i) {
    const random::BranchType& type = set.build.branch_types[i];
    defaults.voltage_classes.push_back(
        {random::kVoltageClassesKv[i],
         {type.overhead_line_reactance_ohm_per_km, type.overhead_line_rating_mw, 0.0},
         {type.cable_reactance_ohm_per_km, type.cable_rating_mw, 0.0},
         {0.0, type.transformer_rating_mw, type.transformer_reactance}});
  }
  for (std::size_t i = 0; i < random::kSpareTypeCount; ++i) {
    defaults.spares.push_back({std::string(random::to_text(static_cast<random::SpareType>(i))),
                               set.build.spare_stock[i], set.build.spare_resupply_per_month[i],
                               set.build.spare_lead_days[i]});
  }
  return defaults;
}

/// What the scenario leaves to the parameters.
void apply_build_defaults(const random::BuildDefaults& build, Model& model) {
  model.power.exempt_weight = build.exempt_weight;
  model.power.rotation_block_seconds = seconds_from_hours(build.rotation_block_hours);
  model.recovery.travel_km_per_h = build.travel_km_per_h;
}

ZoneId zone_of(const scenario::Scenario& scenario, const std::string& name) {
  for (std::size_t i = 0; i < scenario.zones.size(); ++i) {
    if (scenario.zones[i].zone == name) {
      return ZoneId{i};
    }
  }
  return ZoneId{};
}

random::CampaignSettings campaign_settings(const scenario::Scenario& scenario, const Model& model,
                                           Diagnostics& diagnostics) {
  random::CampaignSettings settings;
  if (scenario.campaign == "none") {
    settings.active = false;
  } else if (!random::campaign_preset_from_text(scenario.campaign, settings.preset)) {
    diagnostics.error(
        ErrorCode::reference, {scenario.file, 0, 0},
        fmt::format("campaign preset '{}' is not known", scenario.campaign),
        "choose winter_2022_23, winter_2023_24, winter_2024_25, winter_2025_26 or none");
  }
  for (const scenario::RegionItem& region : scenario.regions) {
    settings.regions.push_back({region.strike_share});
  }
  for (const scenario::PauseItem& item : scenario.pauses) {
    random::PauseSpec pause;
    pause.from = seconds_from_hours(item.from_hours);
    pause.to = seconds_from_hours(item.to_hours);
    pause.compliance = item.compliance;
    pause.carry_over = item.carry_over;
    for (const std::string& name : item.regions) {
      const auto found =
          std::find_if(scenario.regions.begin(), scenario.regions.end(),
                       [&](const scenario::RegionItem& region) { return region.region == name; });
      if (found == scenario.regions.end()) {
        diagnostics.error(
            ErrorCode::reference, item.place,
            fmt::format("a pause names region '{}', which campaign.regions does not list", name),
            "list the region under campaign.regions");
      } else {
        pause.regions.push_back(static_cast<std::uint8_t>(found - scenario.regions.begin()));
      }
    }
    for (const std::string& pattern : item.zones) {
      pause.zones.resize(scenario.zones.size(), 0);
      bool any = false;
      for (std::size_t zone = 0; zone < scenario.zones.size(); ++zone) {
        if (scenario::fits(scenario.zones[zone].zone, pattern)) {
          pause.zones[zone] = 1;
          any = true;
        }
      }
      if (!any) {
        diagnostics.error(ErrorCode::reference, item.place,
                          fmt::format("a pause names zones '{}', but there is none", pattern),
                          "zones.csv has the names; * stands for any letters");
      }
    }
    if (!item.weapons.empty()) {
      pause.weapons.fill(false);
      for (const std::string& name : item.weapons) {
        random::Weapon weapon{};
        if (random::weapon_from_text(name, weapon)) {
          pause.weapons[static_cast<std::size_t>(weapon)] = true;
        }
      }
    }
    settings.pauses.push_back(std::move(pause));
  }
  for (const scenario::EventItem& item : scenario.events) {
    random::EventSpec event;
    event.time = seconds_from_hours(item.at_hours);
    event.hits = item.hits;
    bool known = false;
    for (std::size_t c = 0; c < kAssetClassCount; ++c) {
      if (to_text(static_cast<AssetClass>(c)) == item.asset_class) {
        event.asset_class = static_cast<AssetClass>(c);
        known = true;
      }
    }
    if (!known) {
      diagnostics.error(ErrorCode::reference, item.place,
                        fmt::format("asset class '{}' is not known", item.asset_class),
                        "see data/reference.md");
    }
    random::weapon_from_text(item.weapon, event.weapon);
    if (!item.state.empty()) {
      random::damage_state_from_text(item.state, event.state);
    }
    if (!item.zone.empty()) {
      event.zone = zone_of(scenario, item.zone);
      if (!event.zone.valid()) {
        diagnostics.error(ErrorCode::reference, item.place,
                          fmt::format("an event names zone '{}', which does not exist", item.zone));
      }
    }
    const bool exists =
        std::any_of(model.components.asset_class.begin(), model.components.asset_class.end(),
                    [&](AssetClass c) { return c == event.asset_class; });
    if (known && !exists) {
      diagnostics.error(ErrorCode::reference, item.place,
                        fmt::format("an event strikes class '{}', of which the scenario has none",
                                    item.asset_class));
    }
    settings.events.push_back(event);
  }
  for (const scenario::InitialDamageItem& item : scenario.initial_damage) {
    random::InitialDamage damage;
    damage.component = scenario::find_component(model.components, item.component);
    random::damage_state_from_text(item.state, damage.state);
    if (damage.component.valid()) {
      settings.initial_damage.push_back(damage);
    }
  }
  return settings;
}

/// What the range of a single parameter cannot tell.
void check_cascade(const scenario::Scenario& scenario, const power::CascadeParameters& parameters,
                   Diagnostics& diagnostics) {
  const auto require = [&](bool holds, ErrorCode code, std::string_view name,
                           std::string_view message) {
    if (holds) {
      return;
    }
    SourcePlace place{scenario.file, 0, 0};
    for (const scenario::OverrideItem& item : scenario.parameters) {
      if (item.parameter == name) {
        place = item.place;
      }
    }
    diagnostics.error(code, place, fmt::format("'{}' {}", name, message));
  };
  const power::FrequencyParameters& frequency = parameters.frequency;
  require(parameters.stage_count >= 1.0 &&
              parameters.stage_count <= static_cast<double>(power::kMostStages) &&
              parameters.stage_count == std::floor(parameters.stage_count),
          ErrorCode::range, "cascade.stage_count",
          fmt::format("must be a whole number from 1 to {}", power::kMostStages));
  require(frequency.reserve_full_seconds > 0.0, ErrorCode::range, "cascade.reserve_full_seconds",
          "must be > 0");
  require(frequency.first_stage_hz < frequency.nominal_hz, ErrorCode::contradiction,
          "cascade.first_stage_hz", "must lie below cascade.nominal_hz");
  require(frequency.last_stage_hz <= frequency.first_stage_hz, ErrorCode::contradiction,
          "cascade.last_stage_hz", "must not lie above cascade.first_stage_hz");
  require(frequency.collapse_hz < frequency.last_stage_hz, ErrorCode::contradiction,
          "cascade.collapse_hz", "must lie below cascade.last_stage_hz");
}

}  // namespace

std::string missing_crews(const Model& model) {
  std::array<bool, kCrewTypeCount> needed{};
  for (const AssetClass asset_class : model.components.asset_class) {
    needed[static_cast<std::size_t>(crew_type_of(asset_class))] = true;
  }
  for (const recovery::Reinforcement& crews : model.recovery.reinforcements) {
    needed[static_cast<std::size_t>(crews.type)] =
        needed[static_cast<std::size_t>(crews.type)] && crews.crews == 0;
  }
  std::string missing;
  for (std::size_t type = 0; type < kCrewTypeCount; ++type) {
    if (needed[type] && model.recovery.crews[type] == 0) {
      missing += (missing.empty() ? "" : ", ") + std::string(to_text(static_cast<CrewType>(type)));
    }
  }
  return missing;
}

bool policy_from_text(std::string_view text, recovery::PolicyKind& kind) {
  for (std::size_t i = 0; i < recovery::kPolicyCount; ++i) {
    if (recovery::to_text(static_cast<recovery::PolicyKind>(i)) == text) {
      kind = static_cast<recovery::PolicyKind>(i);
      return true;
    }
  }
  return false;
}

/// `air_defence.CLASS.interception` is the neutralised share of the scenario's own campaign preset.
static std::string parameter_name(const std::string& given, const scenario::Scenario& scenario) {
  constexpr std::string_view kBegin = "air_defence.", kEnd = ".interception";
  if (!given.starts_with(kBegin) || !given.ends_with(kEnd) ||
      given.size() <= kBegin.size() + kEnd.size()) {
    return given;
  }
  return fmt::format("strikes.{}.neutralised_{}", scenario.campaign,
                     given.substr(kBegin.size(), given.size() - kBegin.size() - kEnd.size()));
}

/// Modular boilers from stock are what the temporary stage of destroyed heat sources stands for
/// where no stock is given: counted once.
static void drop_implied_boilers(random::ParameterTable& table) {
  for (const AssetClass asset_class : {AssetClass::boiler_house, AssetClass::chp_plant}) {
    const std::string name =
        fmt::format("repair.{}.complete.temporary_hours", to_text(asset_class));
    for (random::ParameterEntry& entry : table.entries) {
      if (entry.name == name && !entry.overridden) {
        entry.value = entry.low = entry.high = 0.0;
        entry.distribution = random::Distribution::fixed;
      }
    }
  }
}

std::unique_ptr<Case> prepare_case(const scenario::Scenario& scenario, Diagnostics& diagnostics) {
  auto result = std::make_unique<Case>();
  random::TimelineSettings settings;
  for (const scenario::OverrideItem& item : scenario.parameters) {
    random::override_parameter(settings.parameters, parameter_name(item.parameter, scenario),
                               item.value, item.place, diagnostics);
  }
  if (!scenario.mobile_boilers.empty()) {
    drop_implied_boilers(settings.parameters);
  }
  const random::ParameterSet central = random::central_parameters(settings.parameters);
  if (scenario.cascade) {
    check_cascade(scenario, central.model.cascade, diagnostics);
  }
  scenario::CompileDefaults defaults = compile_defaults(central);
  result->model = scenario::compile(scenario, defaults, diagnostics);
  if (!diagnostics.ok()) {
    return result;
  }
  apply_build_defaults(central.build, result->model);
  if (scenario.unknowns) {
    result->unknown = std::make_unique<const UnknownCells>(
        UnknownCells{scenario.unknowns, std::move(defaults), central.build});
  }
  settings.start = {scenario.start_year, scenario.start_month, scenario.start_day,
                    scenario.start_hour};
  settings.horizon = result->model.horizon;
  settings.sample_parameters = scenario.sample_parameters;
  settings.weather.hourly_c = scenario.weather_c;
  if (scenario.weather == "constant") {
    settings.weather.constant = true;
    settings.weather.constant_c = scenario.constant_c;
  } else {
    random::weather_preset_from_text(scenario.weather, settings.weather.preset);
  }
  settings.campaign = campaign_settings(scenario, result->model, diagnostics);
  settings.campaign.cold_correlation = scenario.cold_correlation;
  settings.import.mean = scenario.import_limit_mean;
  settings.import.sd = scenario.import_limit_sd;
  for (const scenario::HourValue& step : scenario.import_limit) {
    settings.import.schedule.push_back({seconds_from_hours(step.from_hours), step.value});
  }
  if (!policy_from_text(scenario.policy, result->policy)) {
    diagnostics.error(ErrorCode::reference, {scenario.file, 0, 0},
                      fmt::format("policy '{}' is not known", scenario.policy));
  }
  result->seed = scenario.seed;
  result->group = scenario.sample_parameters ? kReplicationsPerParameterDraw : 1;
  if (diagnostics.ok()) {
    result->sampler = std::make_unique<random::TimelineSampler>(
        std::move(settings), result->model.components, result->model.zones);
  }
  return result;
}

Simulation::Simulation(const Case& which, recovery::PolicyKind policy, std::uint32_t filling)
    : case_(&which), filling_(filling), policy_(policy), workspace_(which.model) {
  prepare(outcome_, which.model);
}

Simulation::~Simulation() = default;

void Simulation::sample(std::uint64_t replication) {
  const random::Draw draw(case_->seed, replication);
  const random::Draw parameter_draw(case_->seed, replication / case_->group);
  if (case_->unknown) {
    fill_unknown(replication / case_->group);
  }
  (sampler_ ? *sampler_ : *case_->sampler).sample(draw, parameter_draw, scratch_, timeline_);
}

void Simulation::fill_unknown(std::uint64_t parameter_draw) {
  if (filled_for_ == parameter_draw) {
    return;
  }
  filled_for_ = UINT64_MAX;  // until it is done: the next replication of a failed one fails as well
  const UnknownCells& unknown = *case_->unknown;
  Diagnostics diagnostics;
  unknown.cells->draw(random::Draw(case_->seed, parameter_draw), filling_, tables_, diagnostics);
  std::unique_ptr<Model> model;
  if (diagnostics.ok()) {
    model = std::make_unique<Model>(scenario::compile(tables_, unknown.defaults, diagnostics));
  }
  for (const Diagnostic& item : diagnostics.items()) {
    if (item.severity == Severity::error) {
      throw std::runtime_error(fmt::format("drawn for unknown cells: {}:{}: {}", item.place.file,
                                           item.place.line, item.problem));
    }
  }
  apply_build_defaults(unknown.build, *model);
  WG_CHECK(model->components.name == case_->model.components.name,
           "a value of a cell made or removed a component");
  // The timeline is drawn from components, whose sizes and protection may be among the cells.
  auto sampler = std::make_unique<random::TimelineSampler>(case_->sampler->settings(),
                                                           model->components, model->zones);
  workspace_ = Workspace(*model);
  model_ = std::move(model);  // the old one goes last
  sampler_ = std::move(sampler);
  state_ = State{};
  prepare(outcome_, *model_);
  filled_for_ = parameter_draw;
}

const Outcome& Simulation::run_one(std::uint64_t replication, bool solve_every_hour) {
  sample(replication);
  const random::Draw draw(case_->seed, replication);
  AdvanceOptions options;
  options.policy = &recovery::policy(policy_);
  options.solve_every_hour = solve_every_hour;
  simulate(workspace_, state_, timeline_, draw, options, outcome_);
  return outcome_;
}

void Simulation::run(std::uint64_t replication, Record& record) {
  fill(record, run_one(replication));
}

void Simulation::replay(std::uint64_t replication, const std::function<void(const State&)>& look) {
  sample(replication);
  const random::Draw draw(case_->seed, replication);
  AdvanceOptions options;
  options.policy = &recovery::policy(policy_);
  workspace_.reset(state_, timeline_);
  const Model& model = workspace_.model();
  while (state_.now < model.horizon) {
    workspace_.advance(state_, timeline_, draw, std::min(model.horizon, state_.now + model.step),
                       options);
    look(state_);
  }
}

}  // namespace wintergrid::montecarlo
