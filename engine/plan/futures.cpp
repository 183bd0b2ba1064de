// Draws are addressed by (component or zone, purpose) in the replication of the future, so that two
// plans, and a plan and its bound, meet the same futures.
//
//   T(h) = forecast(h) within the forecast; climate(h) + d a^((h - h_f) / 24) after its last hour
//   h_f, d = forecast(h_f) - climate(h_f), a: the climate's day-to-day autocorrelation

#include "engine/plan/futures.hpp"

#include <algorithm>
#include <cmath>

#include "engine/plan/observed.hpp"
#include "engine/random/damage.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::plan {
namespace {

constexpr std::uint64_t kToday = name_hash("plan.today");
constexpr std::uint64_t kSuspected = name_hash("plan.suspected");
constexpr std::uint64_t kState = name_hash("plan.state");

/// A state by the weights of damage by drones (most of what hits, by number).
DamageState draw_state(const random::DamageParameters& parameters, const random::Draw& draw,
                       const random::Asset& asset) {
  const random::DamageFamily family = random::damage_family_of(asset.asset_class);
  const std::size_t row =
      family == random::DamageFamily::plant || family == random::DamageFamily::boiler_house ? 1 : 0;
  const auto& weight = parameters.state_weight[row][0];
  double left =
      draw.uniform({random::combine_hash(kState, asset.name_hash), Purpose::damage_state, 0}) *
      (weight[0] + weight[1] + weight[2] + weight[3]);
  std::size_t state = 0;
  while (state + 1 < random::kDamagedStateCount && left >= weight[state]) {
    left -= weight[state++];
  }
  return static_cast<DamageState>(state + 1);
}

}  // namespace

FutureMaker::FutureMaker(const Situation& situation, const Model& model,
                         const std::vector<CountCauses>& causes)
    : situation_(&situation), model_(&model), causes_(&causes), workspace_(model) {}

void FutureMaker::make(std::uint64_t replication, Future& future) {
  future.replication = replication;
  draw_weather(replication, future);
  draw_hits(replication, draw_causes(replication, future), future);
  simulate_until_now(future);
  set_observed(future);
}

void FutureMaker::draw_weather(std::uint64_t replication, Future& future) {
  const random::Draw draw(situation_->which->seed, replication);
  Timeline& timeline = future.timeline;
  situation_->which->sampler->sample(draw, draw, scratch_, timeline);
  const Seconds now = situation_->now;
  std::erase_if(timeline.hits, [now](const Hit& hit) { return hit.time <= now; });
  const std::vector<float>& forecast = situation_->forecast_c;
  if (forecast.empty()) {
    return;
  }
  const auto first = static_cast<std::size_t>(now / kSecondsPerHour);
  const std::size_t hours = timeline.outdoor_c.size();
  for (std::size_t h = 0; h < first; ++h) {
    // The hours since the damage: as the forecast says of the same local hours.
    const std::size_t back = (first - h) % 24;
    const std::size_t same = back == 0 ? 0 : 24 - back;
    timeline.outdoor_c[h] = forecast[std::min(same, forecast.size() - 1)];
  }
  const std::size_t last = std::min(first + forecast.size(), hours);
  const double surplus = last > first ? static_cast<double>(forecast[last - 1 - first]) -
                                            static_cast<double>(timeline.outdoor_c[last - 1])
                                      : 0.0;
  for (std::size_t h = first; h < last; ++h) {
    timeline.outdoor_c[h] = forecast[h - first];
  }
  for (std::size_t h = last; h < hours; ++h) {
    const double days = static_cast<double>(h - last + 1) / 24.0;
    timeline.outdoor_c[h] += static_cast<float>(
        surplus * std::pow(std::max(0.0, scratch_.parameters.weather.daily_ar1), days));
  }
  for (std::size_t h = 0; h < hours; ++h) {
    const auto begin = timeline.outdoor_c.begin() + static_cast<std::ptrdiff_t>(h);
    timeline.forecast_min_c[h] = *std::min_element(
        begin, begin + static_cast<std::ptrdiff_t>(std::min<std::size_t>(24, hours - h)));
  }
}

void FutureMaker::add_hit(std::uint64_t replication, ComponentId component, DamageState state,
                          Seconds at, double temporary_hours, double permanent_hours,
                          Timeline& timeline) {
  const random::Draw draw(situation_->which->seed, replication);
  const random::AssetIndex& assets = situation_->which->sampler->assets();
  const random::Asset& asset = assets[assets.position(component)];
  Hit hit;
  hit.time = at;
  hit.component = component;
  hit.state = state;
  if (state == DamageState::none) {
    hit.work.permanent_seconds = seconds_from_hours(kInspectionHours);
  } else {
    hit.work = random::draw_repair(scratch_.parameters.repair, draw, kToday, asset, state);
    if (!std::isnan(temporary_hours)) {
      hit.work.temporary_seconds = seconds_from_hours(temporary_hours);
    }
    if (!std::isnan(permanent_hours)) {
      hit.work.permanent_seconds = seconds_from_hours(permanent_hours);
    }
    if (hit.work.temporary_seconds + hit.work.permanent_seconds == 0) {
      hit.work.permanent_seconds = 1;  // only one time was given, and that was 0
    }
  }
  timeline.hits.push_back(hit);
}

void FutureMaker::draw_hits(std::uint64_t replication, const std::vector<Extra>& extra,
                            Future& future) {
  const random::Draw draw(situation_->which->seed, replication);
  const random::AssetIndex& assets = situation_->which->sampler->assets();
  for (const Damage& damage : situation_->damage) {
    const random::Asset& asset = assets[assets.position(damage.component)];
    const bool damaged = draw.uniform({random::combine_hash(kSuspected, asset.name_hash),
                                       Purpose::damage_state, 0}) < damage.probability;
    const DamageState state = !damaged ? DamageState::none
                              : damage.state == DamageState::none
                                  ? draw_state(scratch_.parameters.damage, draw, asset)
                                  : damage.state;
    add_hit(replication, damage.component, state, damage.at, damage.temporary_hours,
            damage.permanent_hours, future.timeline);
  }
  const Seconds default_at = situation_->now - kHoursSince * kSecondsPerHour;
  for (const Extra& item : extra) {
    const bool listed =
        std::any_of(situation_->damage.begin(), situation_->damage.end(),
                    [&](const Damage& damage) { return damage.component == item.component; });
    if (!listed) {
      add_hit(replication, item.component, item.state, default_at, kNotGiven, kNotGiven,
              future.timeline);
    }
  }
  std::sort(future.timeline.hits.begin(), future.timeline.hits.end(),
            [](const Hit& a, const Hit& b) {
              return a.time != b.time ? a.time < b.time : a.component < b.component;
            });
}

void FutureMaker::simulate_until_now(Future& future) {
  State& state = future.start;
  workspace_.reset(state, future.timeline);
  // Nobody repairs before the moment: all are at other work until then.
  for (recovery::CrewState& crew : state.recovery.crews) {
    crew.busy_until = situation_->now;
  }
  state.recovery.next_event = 0;
  AdvanceOptions options;
  options.policy = &recovery::policy(recovery::PolicyKind::first_come);
  const random::Draw draw(situation_->which->seed, future.replication);
  workspace_.advance(state, future.timeline, draw, situation_->now, options);
}

void FutureMaker::set_observed(Future& future) const {
  State& state = future.start;
  put_crews_to_work(state);
  set_indoor(future.timeline, state);
  set_drained(future.replication, state);
  for (const IndexValue& tank : situation_->tank_share) {
    state.water.tank_level_m3[tank.index] = tank.value * model_->water.tank_volume_m3[tank.index];
  }
  for (const IndexValue& fuel : situation_->fuel_hours) {
    state.backup.fuel_hours_left[fuel.index] =
        std::min(fuel.value, model_->facilities.fuel_hours[fuel.index]);
  }
  fault_inside(future);
  state.recovery.next_event = state.now;
}

void FutureMaker::put_crews_to_work(State& state) const {
  const std::vector<Damage>& damages = situation_->damage;
  for (const Damage& damage : damages) {
    if (damage.temporarily_fixed) {
      set_temporarily_fixed(damage.component, state);
    }
  }
  std::array<std::size_t, kCrewTypeCount> next{};  // free crews are taken from the first on
  for (const UnderWay& work : situation_->under_way) {
    set_under_way(*model_, work, next, state);
  }
  for (const Away& away : situation_->away) {
    set_away(*model_, away, next, state);
  }
}

void FutureMaker::set_indoor(const Timeline& timeline, State& state) const {
  for (const ZoneValue& zone : situation_->indoor_c) {
    cool_homes(*model_, timeline, situation_->block_zone, zone, state);
  }
}

void FutureMaker::set_drained(std::uint64_t replication, State& state) const {
  const random::Draw draw(situation_->which->seed, replication);
  for (const ZoneValue& zone : situation_->drained_buildings) {
    drain_homes(*model_, draw, situation_->block_zone, zone, state);
  }
}

}  // namespace wintergrid::plan
