// From leakers to hits
//   Leakers L of a kind (real drones; missiles) fall on N = 1 + Binomial(L - 1, 1 / c) locations,
//   at least one each and the rest at random. A location is an object of energy, heat or water with
//   probability a (the one calibrated link, see README), else something else. Then a re-strike of
//   an object struck in the last days, with probability rho; else a group by published shares and
//   an object of it in the region by size. No such object in the scenario: the location is lost.
// Shares: UN HRMMU, Attacks on Ukraine's energy infrastructure, Sept 2024; see data/parameters.

#include "engine/random/locations.hpp"

#include <algorithm>

#include "engine/random/damage.hpp"
#include "engine/random/inversion.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::random {
namespace {

constexpr std::uint64_t kEvent = name_hash("scenario event");
constexpr std::uint64_t kInitial = name_hash("initial damage");

}  // namespace

Locations::Locations(const TimelineSettings& settings, const AssetIndex& assets, const Draw& draw,
                     TimelineScratch& scratch, std::vector<Hit>& hits, CampaignCounts& counts)
    : settings_(settings),
      assets_(assets),
      draw_(draw),
      parameters_(scratch.parameters),
      strikes_(scratch.parameters.strikes),
      scratch_(scratch),
      hits_(hits),
      counts_(counts) {
  scratch_.regions.resize(assets_.region_count());
  for (TimelineScratch::Region& region : scratch_.regions) {
    region.strikes.clear();
  }
  set_group_weights();
}

void Locations::set_group_weights() {
  const auto at = [this](StrikeGroup group) -> double& {
    return group_weight_[static_cast<std::size_t>(group)];
  };
  const double networks = strikes_.weight_transmission_distribution;
  at(StrikeGroup::substation_330) = networks * strikes_.substation_330_share;
  at(StrikeGroup::substation_110) = networks * strikes_.substation_110_share;
  at(StrikeGroup::line) =
      networks * std::max(0.0, 1.0 - strikes_.substation_330_share - strikes_.substation_110_share);
  at(StrikeGroup::thermal) = strikes_.weight_thermal_plant;
  at(StrikeGroup::hydro) = strikes_.weight_hydro_plant;
  at(StrikeGroup::boiler_house) = strikes_.weight_heat * (1.0 - strikes_.heat_main_share);
  at(StrikeGroup::heat_main) = strikes_.weight_heat * strikes_.heat_main_share;
  at(StrikeGroup::water_works) = strikes_.weight_water * strikes_.water_works_share;
  at(StrikeGroup::water_main) = strikes_.weight_water * strikes_.water_main_share;
  at(StrikeGroup::pump_station) =
      strikes_.weight_water *
      std::max(0.0, 1.0 - strikes_.water_works_share - strikes_.water_main_share);
  for (const double weight : group_weight_) {
    total_weight_ += weight;
  }
}

void Locations::record(std::uint64_t event, std::uint32_t asset, Seconds time, DamageState state) {
  if (state == DamageState::none || time < 0 || time >= settings_.horizon) {
    return;
  }
  Hit hit;
  hit.time = time;
  hit.component = assets_[asset].component;
  hit.state = state;
  hit.work = draw_repair(parameters_.repair, draw_, event, assets_[asset], state);
  hits_.push_back(hit);
}

void Locations::given() {
  for (const InitialDamage& item : settings_.campaign.initial_damage) {
    const std::uint32_t asset = assets_.position(item.component);
    record(kInitial, asset, 0, item.state);
    if (item.state != DamageState::none) {
      scratch_.regions[assets_[asset].region].strikes.push_back({0, asset});
    }
  }
  for (std::size_t index = 0; index < settings_.campaign.events.size(); ++index) {
    const EventSpec& event = settings_.campaign.events[index];
    const std::uint64_t name = combine_hash(kEvent, index);
    const AssetIndex::Range range = assets_.everywhere(strike_group_of(event.asset_class));
    double previous =
        -1.0;  // key of the last object taken: the next one has the smallest larger key
    for (int hit = 0; hit < event.hits; ++hit) {
      std::uint32_t winner = range.end;
      double best = 0.0;
      for (int round = 0; round < 2 && winner == range.end; ++round) {
        for (std::uint32_t asset = range.begin; asset < range.end; ++asset) {
          if (assets_[asset].asset_class != event.asset_class ||
              (event.zone.valid() && assets_[asset].zone != event.zone)) {
            continue;
          }
          const double key = assets_.race_key(draw_, name, asset);
          if (key > previous && (winner == range.end || key < best)) {
            winner = asset;
            best = key;
          }
        }
        if (winner == range.end) {
          previous = -1.0;  // all objects taken: start again
        }
      }
      if (winner == range.end) {
        ++counts_.lost_locations;  // the scenario has no such object
        continue;
      }
      previous = best;
      const std::uint64_t place = combine_hash(name, static_cast<std::uint64_t>(hit) + 1);
      const DamageState state =
          event.state != DamageState::none
              ? event.state
              : draw_damage(parameters_.damage, draw_, place, assets_[winner], event.weapon, 1);
      record(place, winner, event.time, state);
      scratch_.regions[assets_[winner].region].strikes.push_back({event.time, winner});
    }
  }
}

std::int64_t Locations::fall(std::uint64_t attack, std::size_t region, Seconds start, Weapon lead,
                             std::uint32_t leakers) {
  if (leakers == 0) {
    return 0;
  }
  const std::uint32_t kind = lead == Weapon::drone ? 0 : 1;
  const double cluster =
      std::max(1.0, kind == 0 ? strikes_.drones_per_location : strikes_.missiles_per_location);
  const std::int64_t places = 1 + binomial_quantile(uniform(attack, Purpose::location_count, kind),
                                                    leakers - 1, 1.0 / cluster);
  std::vector<std::uint32_t>& here = scratch_.leakers_at;
  here.assign(static_cast<std::size_t>(places), 1);
  for (auto other = static_cast<std::uint32_t>(places); other < leakers; ++other) {
    const double u = uniform(attack, Purpose::location_count, 2 + 2 * other + kind);
    ++here[static_cast<std::size_t>(u * static_cast<double>(places))];
  }
  for (std::size_t place = 0; place < here.size(); ++place) {
    location(combine_hash(attack, 2 * place + kind + 1000), region, start, lead, here[place]);
  }
  return places;
}

void Locations::location(std::uint64_t place, std::size_t region, Seconds start, Weapon lead,
                         std::uint32_t hits_here) {
  const double aim =
      lead == Weapon::drone ? strikes_.energy_aim_drone : strikes_.energy_aim_missile;
  if (uniform(place, Purpose::location_class, 0) >= aim) {
    return;
  }
  ++counts_.object_strikes;
  std::uint32_t asset = 0;
  if (restrike(place, region, start, asset)) {
    ++counts_.restrikes;
  } else if (!new_object(place, region, asset)) {
    ++counts_.lost_locations;
    return;
  }
  if (is_withheld(place, asset, start, lead)) {
    ++counts_.withheld_locations;
    return;
  }
  scratch_.regions[region].strikes.push_back({start, asset});
  const Seconds time = start + seconds_from_hours(uniform(place, Purpose::location_class, 2) *
                                                  strikes_.wave_duration_hours);
  strike(place, asset, time, lead, hits_here);
  if (uniform(place, Purpose::double_tap, 0) < strikes_.double_tap_probability) {
    ++counts_.double_taps;
    const double delay =
        strikes_.double_tap_delay_low_hours +
        uniform(place, Purpose::double_tap, 1) *
            (strikes_.double_tap_delay_high_hours - strikes_.double_tap_delay_low_hours);
    strike(combine_hash(place, 1), asset, time + seconds_from_hours(delay), lead, 1);
  }
}

/// By a pause of the object's zone. A missile of any kind stands for all.
bool Locations::is_withheld(std::uint64_t place, std::uint32_t asset, Seconds time,
                            Weapon lead) const {
  for (std::size_t index = 0; index < settings_.campaign.pauses.size(); ++index) {
    const PauseSpec& pause = settings_.campaign.pauses[index];
    const bool covers = lead == Weapon::drone
                            ? pause.weapons[static_cast<std::size_t>(Weapon::drone)]
                            : std::any_of(pause.weapons.begin() + 1, pause.weapons.end(),
                                          [](bool is) { return is; });
    const ZoneId zone = assets_[asset].zone;
    if (covers && time >= pause.from && time < pause.to && zone.index() < pause.zones.size() &&
        pause.zones[zone.index()] != 0 &&
        uniform(place, Purpose::pause, static_cast<std::uint32_t>(index)) < pause.compliance) {
      return true;
    }
  }
  return false;
}

bool Locations::restrike(std::uint64_t place, std::size_t region, Seconds start,
                         std::uint32_t& asset) const {
  if (uniform(place, Purpose::restrike, 0) >= strikes_.restrike_probability) {
    return false;
  }
  const Seconds since = start - seconds_from_hours(24.0 * strikes_.restrike_days);
  double best = -1.0;
  for (const TimelineScratch::Strike& earlier : scratch_.regions[region].strikes) {
    if (earlier.time < since || earlier.time >= start ||
        assets_[earlier.asset].asset_class == AssetClass::other_plant) {
      continue;
    }
    // Every object struck recently is as likely as any other, however often it was struck: same
    // address, same number.
    const double u =
        uniform(combine_hash(place, assets_[earlier.asset].name_hash), Purpose::restrike, 1);
    if (u > best) {
      best = u;
      asset = earlier.asset;
    }
  }
  return best >= 0.0;
}

bool Locations::new_object(std::uint64_t place, std::size_t region, std::uint32_t& asset) const {
  double left = uniform(place, Purpose::location_class, 1) * total_weight_;
  std::size_t group = 0;
  while (group + 1 < kStrikeGroupCount && left >= group_weight_[group]) {
    left -= group_weight_[group++];
  }
  const AssetIndex::Range range = assets_.in_region(static_cast<StrikeGroup>(group), region);
  if (range.empty() || !(group_weight_[group] > 0.0)) {
    return false;
  }
  asset = assets_.race(draw_, place, range);
  return true;
}

void Locations::strike(std::uint64_t place, std::uint32_t asset, Seconds time, Weapon weapon,
                       std::uint32_t hits_here) {
  const DamageState state =
      draw_damage(parameters_.damage, draw_, place, assets_[asset], weapon, hits_here);
  counts_.damaging_hits += state != DamageState::none ? 1 : 0;
  record(place, asset, time, state);
}

}  // namespace wintergrid::random
