#include "engine/plan/situation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include <fmt/format.h>

#include "engine/io/suggest.hpp"
#include "engine/plan/futures.hpp"
#include "engine/plan/moment.hpp"
#include "engine/plan/today_fields.hpp"
#include "engine/random/parameters.hpp"
#include "engine/scenario/compile.hpp"

namespace wintergrid::plan {
namespace {

constexpr double kHoursPerDay = 24.0;
/// The beginning lies so many hours, or a multiple, before the moment: the search's steps end
/// there.
constexpr std::int64_t kWholeHours = 3;

/// Resolves names; every error with its place.
class Names {
 public:
  Names(const Situation& situation, Diagnostics& diagnostics)
      : scenario_(situation.scenario), model_(situation.model()), diagnostics_(diagnostics) {}

  template <class Item>
  ComponentId component(const Item& item) {
    const ComponentTable& table = model_.components;
    const ComponentId found = scenario::find_component(table, item.component);
    if (found.valid()) {
      return found;
    }
    std::vector<std::string> bare;
    std::size_t same = 0;
    for (const std::string& full : table.name) {
      bare.push_back(full.substr(full.find('/') + 1));
      same += bare.back() == item.component ? 1 : 0;
    }
    const bool with_kind = item.component.find('/') != std::string::npos;
    diagnostics_.error(same > 1 ? ErrorCode::twice : ErrorCode::reference,
                       place_in(item, "component"),
                       fmt::format("component '{}' {}", item.component,
                                   same > 1 ? "is ambiguous" : "does not exist"),
                       same > 1 ? "write its kind before the name, as in bus/NAME"
                                : io::did_you_mean(item.component, with_kind ? table.name : bare));
    return {};
  }

  template <class Item>
  std::uint32_t zone(const Item& item) {
    return among(item, "zone", item.zone, model_.zones.id);
  }

  template <class Item>
  std::uint32_t among(const Item& item, const char* key, const std::string& name,
                      const std::vector<std::string>& names) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      diagnostics_.error(ErrorCode::reference, place_in(item, key),
                         fmt::format("{} '{}' does not exist", key, name),
                         io::did_you_mean(name, names));
      return kNone;
    }
    return static_cast<std::uint32_t>(found - names.begin());
  }

  std::vector<std::string> water_nodes() const {
    std::vector<std::string> names;
    for (const scenario::WaterNodeRow& row : scenario_.water_nodes) {
      names.push_back(row.water_node);
    }
    return names;
  }

 private:
  const scenario::Scenario& scenario_;
  const Model& model_;
  Diagnostics& diagnostics_;
};

std::vector<std::uint32_t> zones_of_blocks(const Model& model) {
  std::vector<std::uint32_t> zone(model.heat.block_count(), kNone);
  for (std::size_t unit = 0; unit < model.units.count(); ++unit) {
    zone[model.units.block[unit]] = model.units.zone[unit];
  }
  return zone;
}

std::int64_t all_of(const Situation& situation, const Count& count) {
  const Model& model = situation.model();
  std::vector<std::uint8_t> all(model.units.count(), 0);
  for (std::size_t unit = 0; unit < all.size(); ++unit) {
    all[unit] = may_be_counted(model, count, unit) ? 1 : 0;
  }
  return counted(model, count, all);
}

class Resolver {
 public:
  Resolver(const Today& today, std::int64_t hours_before, Situation& situation,
           Diagnostics& diagnostics)
      : today_(today),
        before_(hours_before),
        situation_(situation),
        diagnostics_(diagnostics),
        names_(situation, diagnostics) {}

  void run(const std::vector<Pinned>& pinned) {
    damaged();
    crews();
    pin(pinned);
    counts();
    state();
    forecast();
  }

 private:
  Seconds at(const std::string& time) const {
    return (before_ + hours_between(today_.values.moment, time)) * kSecondsPerHour;
  }

  void damaged() {
    for (const DamagedItem& item : today_.damaged) {
      Damage damage;
      damage.component = names_.component(item);
      random::damage_state_from_text(item.state, damage.state);
      damage.probability = item.probability;
      damage.at = item.since.empty() ? (before_ - kHoursSince) * kSecondsPerHour : at(item.since);
      damage.temporary_hours = item.temporary_hours;
      damage.permanent_hours = item.permanent_hours;
      damage.temporarily_fixed = item.temporarily_fixed;
      if (!damage.component.valid()) {
        continue;
      }
      const bool twice =
          std::any_of(situation_.damage.begin(), situation_.damage.end(),
                      [&](const Damage& other) { return other.component == damage.component; });
      if (twice) {
        diagnostics_.error(ErrorCode::twice, place_in(item, "component"),
                           fmt::format("component '{}' is listed twice", item.component),
                           "keep one of them");
      }
      situation_.damage.push_back(damage);
    }
  }

  void crews() {
    const recovery::Model& recovery = situation_.model().recovery;
    const auto check = [&](const auto& item, std::size_t type) {
      busy_[type] += item.crews;
      if (busy_[type] > recovery.crews[type]) {
        diagnostics_.error(ErrorCode::contradiction, place_in(item, "crews"),
                           fmt::format("{} crews '{}' are busy, but there are {}", busy_[type],
                                       to_text(static_cast<CrewType>(type)), recovery.crews[type]),
                           "raise crews, which counts the busy ones too");
      }
    };
    for (const UnderWayItem& item : today_.under_way) {
      const ComponentId component = names_.component(item);
      if (!component.valid()) {
        continue;
      }
      if (!listed(component)) {
        diagnostics_.error(
            ErrorCode::contradiction, place_in(item, "component"),
            fmt::format("'{}' is under repair, but not listed as damaged", item.component),
            "list it under damaged as well");
        continue;
      }
      if (under_repair(component)) {
        diagnostics_.error(ErrorCode::twice, place_in(item, "component"),
                           fmt::format("'{}' is under repair a second time", item.component),
                           "keep one of them, with all its crews");
        continue;
      }
      const CrewType type =
          crew_type_of(situation_.model().components.asset_class[component.index()]);
      check(item, static_cast<std::size_t>(type));
      situation_.under_way.push_back(
          {component, at(item.returns), static_cast<std::uint16_t>(item.crews)});
    }
    for (const AwayItem& item : today_.crews_away) {
      for (std::size_t type = 0; type < kCrewTypeCount; ++type) {
        if (to_text(static_cast<CrewType>(type)) == item.type) {
          check(item, type);
          situation_.away.push_back({static_cast<CrewType>(type), at(item.returns),
                                     static_cast<std::uint16_t>(item.crews)});
        }
      }
    }
  }

  bool listed(ComponentId component) const {
    return std::any_of(situation_.damage.begin(), situation_.damage.end(),
                       [&](const Damage& damage) { return damage.component == component; });
  }

  bool under_repair(ComponentId component) const {
    return std::any_of(situation_.under_way.begin(), situation_.under_way.end(),
                       [&](const UnderWay& work) { return work.component == component; });
  }

  void pin(const std::vector<Pinned>& pinned) {
    for (const Pinned& crew : pinned) {
      const ComponentId component =
          scenario::find_component(situation_.model().components, crew.component);
      if (!component.valid() || under_repair(component)) {
        continue;
      }
      const CrewType crew_type =
          crew_type_of(situation_.model().components.asset_class[component.index()]);
      const auto type = static_cast<std::size_t>(crew_type);
      if (!listed(component)) {
        situation_.assumptions.push_back(fmt::format(
            "{}: under repair in the previous plan, but not damaged any more: its crew is free",
            crew.component));
      } else if (busy_[type] + crew.crews > situation_.model().recovery.crews[type]) {
        situation_.assumptions.push_back(fmt::format(
            "{}: the previous plan had sent a crew, but there are only {} crews '{}' now: not "
            "pinned",
            crew.component, situation_.model().recovery.crews[type], to_text(crew_type)));
      } else {
        busy_[type] += crew.crews;
        situation_.under_way.push_back(
            {component,
             situation_.now + std::max<Seconds>(1, seconds_from_hours(crew.returns_hours)),
             crew.crews});
        situation_.assumptions.push_back(fmt::format(
            "{}: pinned, its crew was sent out by the previous plan and is back in {:.1f} h",
            crew.component, crew.returns_hours));
      }
    }
  }

  void counts() {
    for (const CountItem& item : today_.counts) {
      Count count;
      count.zone = names_.zone(item);
      count.buildings = item.counted == "buildings";
      for (std::size_t s = 0; s < kServiceCount; ++s) {
        count.service = kServiceNames[s] == item.service ? s : count.service;
      }
      if (count.zone == kNone) {
        continue;
      }
      count.of = all_of(situation_, count);
      count.off = item.off;
      const std::string what =
          fmt::format("{}, {}: {} of {} {} off", item.zone, item.service, item.off,
                      item.of > 0 ? item.of : count.of, item.counted);
      if (item.of > 0 && item.of != count.of) {
        count.off = std::llround(static_cast<double>(item.off) * static_cast<double>(count.of) /
                                 static_cast<double>(item.of));
        situation_.assumptions.push_back(
            fmt::format("{}: the scenario has {} there, so {} were taken to be off (same share)",
                        what, count.of, count.off));
      }
      if (count.off > count.of) {
        diagnostics_.error(ErrorCode::contradiction, place_in(item, "off"),
                           fmt::format("{} {} are off, but zone '{}' has {}", item.off,
                                       item.counted, item.zone, count.of),
                           "give `of` as well if the scenario counts otherwise: the share is kept");
      }
      situation_.counts.push_back(count);
    }
  }

  void state() {
    for (const IndoorItem& item : today_.indoor) {
      situation_.indoor_c.push_back({names_.zone(item), item.mean_c});
    }
    for (const DrainedItem& item : today_.drained) {
      const std::uint32_t zone = names_.zone(item);
      const std::int64_t there = zone == kNone ? item.buildings : on_district_heating(zone);
      if (item.buildings > there) {
        diagnostics_.error(ErrorCode::contradiction, place_in(item, "buildings"),
                           fmt::format("{} buildings are drained, but zone '{}' has {} on "
                                       "district heating",
                                       item.buildings, item.zone, there),
                           "no more than there are");
      }
      situation_.drained_buildings.push_back({zone, static_cast<double>(item.buildings)});
    }
    const std::vector<std::string> nodes = names_.water_nodes();
    for (const TankItem& item : today_.tanks) {
      const std::uint32_t node = names_.among(item, "tank", item.tank, nodes);
      if (node != kNone && situation_.model().water.node_kind[node] != water::NodeKind::tank) {
        diagnostics_.error(ErrorCode::reference, place_in(item, "tank"),
                           fmt::format("'{}' is not a tank", item.tank),
                           "name a water node of kind tank");
      }
      situation_.tank_share.push_back({node, item.share});
    }
    for (const FuelItem& item : today_.fuel) {
      const std::uint32_t facility =
          names_.among(item, "facility", item.facility, situation_.model().facility_name);
      if (facility != kNone) {
        check_tank(item, facility);
      }
      situation_.fuel_hours.push_back({facility, item.hours});
    }
  }

  std::int64_t on_district_heating(std::uint32_t zone) const {
    const heat::Model& heat = situation_.model().heat;
    std::int64_t buildings = 0;
    for (std::size_t block = 0; block < heat.block_count(); ++block) {
      const bool here = situation_.block_zone[block] == zone &&
                        heat.block_heating[block] == heat::Heating::district;
      buildings += here ? heat.block_buildings[block] : 0;
    }
    return buildings;
  }

  void check_tank(const FuelItem& item, std::uint32_t facility) {
    const power::BackupModel& facilities = situation_.model().facilities;
    if (!(facilities.generator_kw[facility] > 0.0)) {
      diagnostics_.error(ErrorCode::contradiction, place_in(item, "facility"),
                         fmt::format("facility '{}' has no set that could burn it", item.facility),
                         "give it one in the scenario's table facilities (generator_kw)");
    } else if (item.hours > facilities.fuel_hours[facility]) {
      situation_.assumptions.push_back(
          fmt::format("{}: fuel for {:g} h is more than its tank holds in the scenario; {:g} h are "
                      "taken",
                      item.facility, item.hours, facilities.fuel_hours[facility]));
    }
  }

  /// By day: a cosine with its minimum at 6 and its maximum at 18 o'clock, from the hour of the
  /// moment on.
  void forecast() {
    for (const double value : today_.values.hourly_c) {
      situation_.forecast_c.push_back(static_cast<float>(value));
    }
    const auto hour = static_cast<std::size_t>(situation_.scenario.start_hour + before_) % 24U;
    for (std::size_t day = 0; day < today_.forecast_days.size(); ++day) {
      const ForecastDay& item = today_.forecast_days[day];
      for (std::size_t h = day == 0 ? hour : 0; h < 24; ++h) {
        const double wave =
            std::cos(2.0 * std::numbers::pi * (static_cast<double>(h) - 6.0) / kHoursPerDay);
        situation_.forecast_c.push_back(
            static_cast<float>(0.5 * (item.minimum_c + item.maximum_c) -
                               0.5 * (item.maximum_c - item.minimum_c) * wave));
      }
    }
  }

  const Today& today_;
  std::int64_t before_;
  std::array<int, kCrewTypeCount> busy_{};
  Situation& situation_;
  Diagnostics& diagnostics_;
  Names names_;
};

}  // namespace

Situation make_situation(scenario::Scenario scenario, const Today& today,
                         const std::vector<Pinned>& pinned, Diagnostics& diagnostics) {
  Situation situation;
  std::int64_t before = kHoursSince;
  for (const DamagedItem& item : today.damaged) {
    if (!item.since.empty()) {
      before = std::max(before, hours_between(item.since, today.values.moment));
    }
  }
  before = (before + kWholeHours - 1) / kWholeHours * kWholeHours;
  const std::int64_t moved = hours_between(scenario.start, today.values.moment) - before;
  const double days = static_cast<double>(moved + before) / kHoursPerDay;
  if (days < 0.0 || days >= scenario.horizon_days) {
    situation.assumptions.push_back(fmt::format(
        "the moment lies outside the scenario's {:g} days from {}: check the year; the climate is "
        "that of the date, what the scenario schedules is over or not yet begun",
        scenario.horizon_days, scenario.start));
  }
  move_start(scenario, today.file, moved, diagnostics);
  set_start(scenario, today.values.moment, before);
  scenario.horizon_days = today.values.horizon_days + static_cast<double>(before) / kHoursPerDay;
  scenario.initial_damage.clear();
  if (today.values.strikes == "none") {
    scenario.campaign = "none";
    scenario.events.clear();
    scenario.pauses.clear();
  }
  scenario.policy = "first_come";  // a plan's order is its own
  set_crews_and_spares(today, scenario);
  situation.scenario = std::move(scenario);
  situation.now = before * kSecondsPerHour;
  situation.moment = today.values.moment;
  situation.today_sha256 = today.sha256;
  const TodayValues& values = today.values;
  situation.weights = {{values.weight_power, values.weight_heat, values.weight_water},
                       values.weight_beyond_24h,
                       values.weight_degree_hours};
  if (diagnostics.ok()) {
    situation.which = montecarlo::prepare_case(situation.scenario, diagnostics);
  }
  if (diagnostics.ok()) {
    situation.block_zone = zones_of_blocks(situation.model());
    Resolver(today, before, situation, diagnostics).run(pinned);
  }
  return situation;
}

}  // namespace wintergrid::plan
