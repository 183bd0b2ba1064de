// The one list that ties names to members. Order of the list is the order of
// ParameterTable::entries.

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "engine/random/inversion.hpp"
#include "engine/random/parameters.hpp"
#include "grid_models/core/contract.hpp"

namespace wintergrid::random {
namespace {

std::string operator+(const std::string& text, std::string_view more) {
  return std::string(text).append(more);
}

constexpr std::array<std::string_view, 12> kMonths{"january",   "february", "march",    "april",
                                                   "may",       "june",     "july",     "august",
                                                   "september", "october",  "november", "december"};
constexpr std::array<std::string_view, kProtectionCount> kProtections{"none", "gabions", "concrete",
                                                                      "bunker"};
constexpr std::array<std::string_view, 2> kWeaponGroups{"drone", "missile"};
constexpr std::array<std::string_view, 2> kStateRows{"network", "plant"};
constexpr std::array<std::string_view, power::kGeneratorKindCount> kGeneratorKinds{
    "import", "nuclear", "thermal", "chp", "hydro", "gas", "solar", "wind", "other"};

std::string two_digits(std::size_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

/// visit(member, name): `name` is a callable that makes the text, so that drawing makes none.
template <class Visit>
void visit_model(Parameters& model, Visit visit) {
  const auto fixed_name = [&visit](double& member, const char* name) {
    visit(member, [name] { return std::string(name); });
  };
  fixed_name(model.demand.reference_c, "demand.reference_c");
  fixed_name(model.demand.rise_per_k, "demand.rise_per_k");
  fixed_name(model.demand.cold_flat_electric_kw, "demand.cold_flat_electric_kw");
  fixed_name(model.demand.cold_flat_share, "demand.cold_flat_share");
  fixed_name(model.power.cold_load_pickup_factor, "power.cold_load_pickup_factor");
  fixed_name(model.power.cold_load_pickup_hours, "power.cold_load_pickup_hours");
  const auto by_kind = [&visit](power::ByKind& values, const char* quantity) {
    for (std::size_t kind = 0; kind < values.size(); ++kind) {
      visit(values[kind], [kind, quantity] {
        return std::string("cascade.") + quantity + "." + kGeneratorKinds[kind];
      });
    }
  };
  fixed_name(model.cascade.frequency.nominal_hz, "cascade.nominal_hz");
  fixed_name(model.cascade.frequency.reserve_full_seconds, "cascade.reserve_full_seconds");
  fixed_name(model.cascade.frequency.first_stage_hz, "cascade.first_stage_hz");
  fixed_name(model.cascade.frequency.last_stage_hz, "cascade.last_stage_hz");
  fixed_name(model.cascade.frequency.stage_delay_seconds, "cascade.stage_delay_seconds");
  fixed_name(model.cascade.frequency.collapse_hz, "cascade.collapse_hz");
  by_kind(model.cascade.inertia_seconds, "inertia_seconds");
  by_kind(model.cascade.reserve_share, "reserve_share");
  fixed_name(model.cascade.stage_count, "cascade.stage_count");
  fixed_name(model.cascade.stage_total_share, "cascade.stage_total_share");
  fixed_name(model.cascade.emergency_multiple, "cascade.emergency_multiple");
  fixed_name(model.cascade.branch_return_hours, "cascade.branch_return_hours");
  fixed_name(model.cascade.load_return_hours, "cascade.load_return_hours");
  fixed_name(model.backup.start_probability, "backup.start_probability");
  fixed_name(model.backup.daily_availability, "backup.daily_availability");
  fixed_name(model.backup.delivery_hours, "backup.delivery_hours");
  fixed_name(model.backup.delivery_share, "backup.delivery_share");
  fixed_name(model.backup.retry_hours, "backup.retry_hours");
  fixed_name(model.backup.common_cause_share, "backup.common_cause_share");
  fixed_name(model.backup.cold_threshold_c, "backup.cold_threshold_c");
  fixed_name(model.backup.cold_factor_per_10_k, "backup.cold_factor_per_10_k");
  fixed_name(model.heat.indoor_setpoint_c, "heat.indoor_setpoint_c");
  fixed_name(model.heat.loss_w_per_k_per_household, "heat.loss_w_per_k_per_household");
  fixed_name(model.heat.tau_hours[0], "heat.tau_panel_hours");
  fixed_name(model.heat.tau_hours[1], "heat.tau_brick_hours");
  fixed_name(model.heat.tau_hours[2], "heat.tau_insulated_hours");
  fixed_name(model.heat.tau_hours[3], "heat.tau_house_hours");
  fixed_name(model.heat.gain_k, "heat.gain_k");
  fixed_name(model.heat.drain_threshold_c, "heat.drain_threshold_c");
  fixed_name(model.heat.drain_decision_hours, "heat.drain_decision_hours");
  fixed_name(model.heat.drain_buildings_per_hour_share, "heat.drain_buildings_per_hour_share");
  fixed_name(model.heat.drain_missed_share, "heat.drain_missed_share");
  fixed_name(model.heat.refill_share_per_day, "heat.refill_share_per_day");
  fixed_name(model.heat.refill_needs_crew_share, "heat.refill_needs_crew_share");
  fixed_name(model.heat.undrained_restart_hours, "heat.undrained_restart_hours");
  fixed_name(model.heat.crew_buildings_per_day, "heat.crew_buildings_per_day");
  fixed_name(model.heat.cold_spot_factor, "heat.cold_spot_factor");
  fixed_name(model.heat.freeze_hours_at_minus_10, "heat.freeze_hours_at_minus_10");
  fixed_name(model.heat.burst_probability_per_day, "heat.burst_probability_per_day");
  fixed_name(model.heat.hot_water_share, "heat.hot_water_share");
  fixed_name(model.heat.restart_free_hours, "heat.restart_free_hours");
  fixed_name(model.water.repressurisation_hours, "water.repressurisation_hours");
  fixed_name(model.water.minimum_share, "water.minimum_share");
  fixed_name(model.water.refill_share, "water.refill_share");
  fixed_name(model.recovery.hold_off_hours, "recovery.hold_off_hours");
  fixed_name(model.recovery.duration_factor, "recovery.duration_factor");
  fixed_name(model.recovery.alert_hours, "recovery.alert_hours");
  fixed_name(model.switching.share_within_2_hours, "recovery.switching_share_within_2_hours");
  fixed_name(model.switching.share_within_4_hours, "recovery.switching_share_within_4_hours");
  fixed_name(model.switching.shortest_hours, "recovery.switching_shortest_hours");
  fixed_name(model.switching.longest_hours, "recovery.switching_longest_hours");
  fixed_name(model.switching.guest_share, "recovery.switching_guest_share");
  fixed_name(model.heat_ties.shortest_hours, "recovery.heat_tie_shortest_hours");
  fixed_name(model.heat_ties.longest_hours, "recovery.heat_tie_longest_hours");
  fixed_name(model.heat_ties.least_cover, "recovery.heat_tie_least_cover");
  fixed_name(model.mobile_boilers.shortest_days, "recovery.mobile_boiler_shortest_days");
  fixed_name(model.mobile_boilers.longest_days, "recovery.mobile_boiler_longest_days");
  fixed_name(model.mobile_boilers.chp_shortest_days, "recovery.mobile_boiler_chp_shortest_days");
  fixed_name(model.mobile_boilers.chp_longest_days, "recovery.mobile_boiler_chp_longest_days");
  fixed_name(model.mobile_boilers.chp_share, "recovery.mobile_boiler_chp_share");
}

template <class Visit>
void visit_strikes(StrikeParameters& strikes, Visit visit) {
  for (std::size_t index = 0; index < kCampaignPresetCount; ++index) {
    StrikePreset& preset = strikes.preset[index];
    const auto named = [&visit, index](double& member, const char* name) {
      visit(member, [index, name] {
        return std::string("strikes.") + to_text(static_cast<CampaignPreset>(index)) + "." + name;
      });
    };
    named(preset.gap_mean_days, "gap_mean_days");
    named(preset.gap_shape, "gap_shape");
    named(preset.missiles_median, "missiles_median");
    named(preset.missiles_log_sd, "missiles_log_sd");
    named(preset.drones_median, "drones_median");
    named(preset.drones_log_sd, "drones_log_sd");
    named(preset.routine_drones_mean, "routine_drones_mean");
    named(preset.routine_drones_dispersion, "routine_drones_dispersion");
    named(preset.cruise_weight, "cruise_weight");
    named(preset.ballistic_weight, "ballistic_weight");
    named(preset.aeroballistic_weight, "aeroballistic_weight");
    named(preset.neutralised_drone, "neutralised_drone");
    named(preset.neutralised_drone_routine, "neutralised_drone_routine");
    named(preset.neutralised_cruise, "neutralised_cruise");
    named(preset.neutralised_ballistic, "neutralised_ballistic");
    named(preset.neutralised_aeroballistic, "neutralised_aeroballistic");
    named(preset.real_drone_share, "real_drone_share");
  }
  const auto named = [&visit](double& member, const char* name) {
    visit(member, [name] { return std::string("strikes.") + name; });
  };
  named(strikes.region_attacked_probability, "region_attacked_probability");
  named(strikes.region_share, "region_share");
  named(strikes.routine_share, "routine_share");
  named(strikes.wave_start_latest_hour, "wave_start_latest_hour");
  named(strikes.wave_duration_hours, "wave_duration_hours");
  named(strikes.interceptors_drone, "interceptors_drone");
  named(strikes.interceptors_cruise, "interceptors_cruise");
  named(strikes.interceptors_ballistic, "interceptors_ballistic");
  named(strikes.resupply_drone_per_day, "resupply_drone_per_day");
  named(strikes.resupply_cruise_per_day, "resupply_cruise_per_day");
  named(strikes.resupply_ballistic_per_day, "resupply_ballistic_per_day");
  named(strikes.unengaged_factor, "unengaged_factor");
  named(strikes.drones_per_location, "drones_per_location");
  named(strikes.missiles_per_location, "missiles_per_location");
  named(strikes.energy_aim_drone, "energy_aim_drone");
  named(strikes.energy_aim_missile, "energy_aim_missile");
  named(strikes.weight_transmission_distribution, "weight_transmission_distribution");
  named(strikes.weight_thermal_plant, "weight_thermal_plant");
  named(strikes.weight_hydro_plant, "weight_hydro_plant");
  named(strikes.weight_heat, "weight_heat");
  named(strikes.weight_water, "weight_water");
  named(strikes.substation_330_share, "substation_330_share");
  named(strikes.substation_110_share, "substation_110_share");
  named(strikes.heat_main_share, "heat_main_share");
  named(strikes.water_works_share, "water_works_share");
  named(strikes.water_main_share, "water_main_share");
  named(strikes.restrike_probability, "restrike_probability");
  named(strikes.restrike_days, "restrike_days");
  named(strikes.double_tap_probability, "double_tap_probability");
  named(strikes.double_tap_delay_low_hours, "double_tap_delay_low_hours");
  named(strikes.double_tap_delay_high_hours, "double_tap_delay_high_hours");
}

template <class Visit>
void visit_damage(DamageParameters& damage, Visit visit) {
  const auto state_text = [](std::size_t column) {
    return to_text(static_cast<DamageState>(column + 1));
  };
  for (std::size_t row = 0; row < kProtectionCount; ++row) {
    for (std::size_t column = 0; column < 2; ++column) {
      visit(damage.probability[row][column], [row, column] {
        return std::string("damage.probability.") + kProtections[row] + "." + kWeaponGroups[column];
      });
    }
  }
  for (std::size_t kind = 0; kind < 2; ++kind) {
    for (std::size_t row = 0; row < 2; ++row) {
      for (std::size_t column = 0; column < kDamagedStateCount; ++column) {
        visit(damage.state_weight[kind][row][column], [kind, row, column, state_text] {
          return std::string("damage.state_weight.") + kStateRows[kind] + "." + kWeaponGroups[row] +
                 "." + state_text(column);
        });
      }
    }
  }
  for (std::size_t row = 0; row < kDamageFamilyCount; ++row) {
    for (std::size_t column = 0; column < kDamagedStateCount; ++column) {
      const auto prefix = [row](const char* what) {
        return std::string("damage.") + what + "." + to_text(static_cast<DamageFamily>(row)) + ".";
      };
      visit(damage.capacity_left[row][column],
            [column, prefix, state_text] { return prefix("capacity_left") + state_text(column); });
      visit(damage.capacity_left_temporary[row][column], [column, prefix, state_text] {
        return prefix("capacity_left_temporary") + state_text(column);
      });
    }
  }
}

template <class Visit>
void visit_repair(RepairParameters& repair, Visit visit) {
  for (std::size_t row = 0; row < kAssetClassCount; ++row) {
    const auto prefix = [row] {
      return std::string("repair.") + wintergrid::to_text(static_cast<AssetClass>(row)) + ".";
    };
    for (std::size_t column = 0; column < kDamagedStateCount; ++column) {
      const auto state = [prefix, column] {
        return prefix() + to_text(static_cast<DamageState>(column + 1));
      };
      visit(repair.temporary_hours[row][column], [state] { return state() + ".temporary_hours"; });
      visit(repair.permanent_hours[row][column], [state] { return state() + ".permanent_hours"; });
    }
    visit(repair.geometric_sd[row], [prefix] { return prefix() + "geometric_sd"; });
  }
  visit(repair.extensive_spare_probability,
        [] { return std::string("repair.extensive_spare_probability"); });
  visit(repair.complete_second_spare_probability,
        [] { return std::string("repair.complete_second_spare_probability"); });
}

template <class Visit>
void visit_weather(WeatherParameters& weather, Visit visit) {
  for (std::size_t month = 0; month < kMonths.size(); ++month) {
    visit(weather.mean_c[month],
          [month] { return std::string("weather.mean_c.") + kMonths[month]; });
    visit(weather.diurnal_range_c[month],
          [month] { return std::string("weather.diurnal_range_c.") + kMonths[month]; });
  }
  visit(weather.daily_sd_c, [] { return std::string("weather.daily_sd_c"); });
  visit(weather.daily_ar1, [] { return std::string("weather.daily_ar1"); });
  visit(weather.coldest_hour, [] { return std::string("weather.coldest_hour"); });
  for (std::size_t index = 0; index < kWeatherPresetCount; ++index) {
    WeatherPresetParameters& preset = weather.preset[index];
    const auto named = [&visit, index](double& member, const char* name) {
      visit(member, [index, name] {
        return std::string("weather.") + to_text(static_cast<WeatherPreset>(index)) + "." + name;
      });
    };
    named(preset.season_offset_c, "season_offset_c");
    named(preset.season_offset_sd_c, "season_offset_sd_c");
    named(preset.december_anomaly_c, "december_anomaly_c");
    named(preset.january_anomaly_c, "january_anomaly_c");
    named(preset.february_anomaly_c, "february_anomaly_c");
  }
}

template <class Visit>
void visit_build(BuildDefaults& build, Visit visit) {
  for (std::size_t hour = 0; hour < 24; ++hour) {
    visit(build.hour_profile[hour], [hour] { return "demand.hour_profile." + two_digits(hour); });
    visit(build.water_hour_profile[hour],
          [hour] { return "water.hour_profile." + two_digits(hour); });
  }
  for (std::size_t kind = 0; kind < kGeneratorKinds.size(); ++kind) {
    visit(build.restart_hours[kind],
          [kind] { return std::string("power.restart_hours.") + kGeneratorKinds[kind]; });
  }
  for (std::size_t i = 0; i < kVoltageClassesKv.size(); ++i) {
    const auto of_class = [&visit, i](double& member, const char* kind, const char* quantity) {
      visit(member, [i, kind, quantity] {
        return std::string("power.") + kind + "." +
               std::to_string(static_cast<int>(kVoltageClassesKv[i])) + "_kv." + quantity;
      });
    };
    BranchType& type = build.branch_types[i];
    of_class(type.overhead_line_reactance_ohm_per_km, "overhead_line", "reactance");
    of_class(type.overhead_line_rating_mw, "overhead_line", "rating");
    of_class(type.cable_reactance_ohm_per_km, "cable", "reactance");
    of_class(type.cable_rating_mw, "cable", "rating");
    of_class(type.transformer_rating_mw, "transformer", "rating");
    of_class(type.transformer_reactance, "transformer", "reactance");
  }
  for (std::size_t spare = 0; spare < kSpareTypeCount; ++spare) {
    const auto named = [&visit, spare](double& member, const char* name) {
      visit(member, [spare, name] {
        return std::string("recovery.spare.") + to_text(static_cast<SpareType>(spare)) + "." + name;
      });
    };
    named(build.spare_stock[spare], "stock");
    named(build.spare_resupply_per_month[spare], "resupply_per_month");
    named(build.spare_lead_days[spare], "lead_days");
  }
  const auto named = [&visit](double& member, const char* name) {
    visit(member, [name] { return std::string(name); });
  };
  named(build.water_velocity_m_per_s, "water.velocity_m_per_s");
  named(build.water_roughness_coefficient, "water.roughness_coefficient");
  named(build.water_required_pressure_m, "water.required_pressure_m");
  named(build.water_works_head_m, "water.works_head_m");
  named(build.water_station_head_m, "water.station_head_m");
  named(build.water_tank_bottom_m, "water.tank_bottom_m");
  named(build.water_tank_depth_m, "water.tank_depth_m");
  named(build.exempt_weight, "outage.exempt_weight");
  named(build.rotation_block_hours, "outage.rotation_block_hours");
  named(build.import_factor_ar1, "outage.import_factor_ar1");
  named(build.network_loss_share, "heat.network_loss_share");
  named(build.design_outdoor_c, "heat.design_outdoor_c");
  heat::NetworkDesign& network = build.heat_network;
  named(network.supply_c, "heat_network.supply_c");
  named(network.return_c, "heat_network.return_c");
  named(network.ground_c, "heat_network.ground_c");
  named(network.required_head_m, "heat_network.required_head_m");
  named(network.roughness_m, "heat_network.roughness_m");
  named(network.insulation_m, "heat_network.insulation_m");
  named(network.insulation_w_per_m_k, "heat_network.insulation_w_per_m_k");
  named(build.heat_network_loss_pa_per_m, "heat_network.loss_pa_per_m");
  named(build.travel_km_per_h, "recovery.travel_km_per_h");
}

template <class Visit>
void visit_parameters(ParameterSet& set, Visit visit) {
  visit_model(set.model, visit);
  visit_strikes(set.strikes, visit);
  visit_damage(set.damage, visit);
  visit_repair(set.repair, visit);
  visit_weather(set.weather, visit);
  visit(set.deficit.wave_rise, [] { return std::string("outage.wave_deficit_rise"); });
  visit(set.deficit.wave_recovery_days,
        [] { return std::string("outage.wave_deficit_recovery_days"); });
  visit_build(set.build, visit);
}

double quantile(const ParameterEntry& entry, double u) {
  switch (entry.distribution) {
    case Distribution::fixed:
      return entry.value;
    case Distribution::uniform:
      return entry.low + u * (entry.high - entry.low);
    case Distribution::triangular:
      return triangular_quantile(u, entry.low, entry.value, entry.high);
    case Distribution::split_uniform:
      return split_uniform_quantile(u, entry.low, entry.value, entry.high);
    case Distribution::lognormal: {
      constexpr double kNinetyPercent = 3.2897072539029435;  // 2 * 1.6448536: 5 % to 95 %
      const double log_sd = std::log(entry.high / entry.low) / kNinetyPercent;
      if (!(log_sd > 0.0)) {
        return entry.value;
      }
      const double from = normal_cdf(std::log(entry.low / entry.value) / log_sd);
      const double to = normal_cdf(std::log(entry.high / entry.value) / log_sd);
      return std::clamp(lognormal_quantile(from + u * (to - from), entry.value, log_sd), entry.low,
                        entry.high);
    }
  }
  return entry.value;
}

}  // namespace

std::vector<std::string> parameter_names() {
  std::vector<std::string> names;
  ParameterSet set;
  visit_parameters(set, [&names](double&, auto name) { names.push_back(name()); });
  return names;
}

ParameterSet central_parameters(const ParameterTable& table) {
  ParameterSet set;
  std::size_t index = 0;
  visit_parameters(set, [&table, &index](double& member, auto) {
    WG_CHECK(index < table.entries.size(), "the table has an entry for every bound member");
    member = table.entries[index++].value;
  });
  WG_CHECK(index == table.entries.size(), "every entry is bound");
  return set;
}

double value_at(const ParameterEntry& entry, double probability) {
  return quantile(entry, probability);
}

void draw_parameters(const ParameterTable& table, const Draw& draw, ParameterSet& set) {
  std::size_t index = 0;
  visit_parameters(set, [&table, &draw, &index](double& member, auto) {
    const ParameterEntry& entry = table.entries[index++];
    if (entry.distribution != Distribution::fixed && !entry.overridden) {
      member = quantile(entry, draw.uniform({entry.name_hash, Purpose::parameter, 0}));
    }
  });
}

}  // namespace wintergrid::random
