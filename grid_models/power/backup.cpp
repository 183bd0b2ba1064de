// Backup generator sets.
//
// Phases:  standby -> starting -> running -> (failed | out_of_fuel);  grid back: standby, from any
// phase.
//
// Fuel F in hours at essential load, so that a running set burns 1 h per hour. Litres = duration x
// (a rated + 0.25 load), see fuel_litres_per_hour(). Events inside an interval (half a tank, dry,
// delivery) are taken in order of time, at whole seconds, a fractional second rounded up.
//
// Breakdown: availability A per day of running. One draw u per set and calendar day gives whether
// (u >= A) and when
// ((u - A) / (1 - A) of the day, uniform given a breakdown): the chance is proportional to the
// hours run on that day and does not depend on how often settle_backup() is called.
//
// Start: q = 1 - p at or above the threshold temperature T0, where p is start_probability; below it
//
//   q(T) = min(1, q r^((T0 - T) / 10 K))     r: cold_factor_per_10_k, T: outdoors at the start
//
// Beta-factor model (Fleming 1975; US NRC, NUREG/CR-5485): with a share beta of q(T) the cause is
// common to a group of sets on a day, one draw u_c per group and day; else the set fails for itself
// with q_i, draw u. q_i is such that a set's own chance of failing stays q(T) exactly, whatever
// beta:
//
//   fails if u_c < beta q  or  u >= 1 - q_i,    1 - q_i = (1 - q) / (1 - beta q)
//   both of two sets of a group:  beta q + (1 - beta q) q_i^2;  of two groups: q^2
//
// The common draw holds for the day, so that what starts in a colder hour of it fails whenever what
// starts in a warmer one does; a set that failed for a common cause fails again on that day.
// beta = 0 and r = 1 give u >= p, to the bit.
//
// Defaults and their sources: data/parameters/backup.yaml. Retry after 24 h, delivery 24 h after
// half a tank and all-or-nothing load are assumptions.
// Hospitals' 5 days of fuel: Ministry of Health, January 2023.

#include "grid_models/power/backup.hpp"

#include <algorithm>
#include <cmath>

#include "grid_models/core/contract.hpp"

namespace wintergrid::power {

namespace {

/// Hours below this are rounding left over from subtracting seconds: a millisecond, and events are
/// at whole seconds.
constexpr double kRoundingHours = 1e-3 / 3600.0;

/// Whole seconds until `hours` of fuel are burnt, rounded up.
Seconds seconds_to_burn(double hours) {
  const double seconds =
      std::max(0.0, hours - kRoundingHours) * static_cast<double>(kSecondsPerHour);
  return seconds < static_cast<double>(kNever) ? static_cast<Seconds>(std::ceil(seconds)) : kNever;
}

Seconds delivery_delay(const BackupParameters& parameters) {
  return std::max<Seconds>(1, seconds_from_hours(parameters.delivery_hours));
}

Seconds retry_delay(const BackupParameters& parameters) {
  return std::max<Seconds>(1, seconds_from_hours(parameters.retry_hours));
}

bool is_low(const BackupModel& model, const BackupState& state, std::size_t facility) {
  return state.fuel_hours_left[facility] <= 0.5 * model.fuel_hours[facility] + kRoundingHours;
}

bool may_deliver(const BackupModel& model, const BackupParameters& parameters,
                 std::size_t facility) {
  return parameters.delivery_share > 0.0 && model.fuel_hours[facility] > 0.0;
}

void order_if_low(const BackupModel& model, const BackupParameters& parameters,
                  std::size_t facility, Seconds now, BackupState& state) {
  if (state.next_delivery[facility] == kNever && may_deliver(model, parameters, facility) &&
      is_low(model, state, facility)) {
    state.next_delivery[facility] = now + delivery_delay(parameters);
  }
}

void enter(BackupState& state, std::size_t facility, BackupPhase phase, Seconds at) {
  state.phase[facility] = phase;
  state.changed_at[facility] = at;
  state.powered[facility] = phase == BackupPhase::running ? 1 : 0;
}

/// Chance that one start succeeds, of all causes. Written as what cold takes from
/// start_probability, so that this is what remains, to the bit, where it takes nothing.
double start_chance(const BackupParameters& parameters, double outdoor_c) {
  const double chance = parameters.start_probability;
  const double kelvin_below = parameters.cold_threshold_c - outdoor_c;
  if (!(kelvin_below > 0.0) || chance >= 1.0) {  // 0 times infinity is nothing here
    return chance;
  }
  const double factor = std::pow(parameters.cold_factor_per_10_k, 0.1 * kelvin_below);
  return std::max(0.0, chance - (1.0 - chance) * (factor - 1.0));
}

bool starts(const BackupModel& model, const BackupParameters& parameters, std::size_t facility,
            Seconds now, double outdoor_c, const Luck& luck, BackupState& state) {
  const double chance = start_chance(parameters, outdoor_c);
  const double common = parameters.common_cause_share * (1.0 - chance);
  const auto day = static_cast<std::uint32_t>(now / kSecondsPerDay);
  const double u =
      luck.uniform({model.name_hash[facility], Purpose::backup_start, state.starts[facility]++});
  if (common > 0.0 &&
      luck.uniform({model.group_hash[facility], Purpose::backup_common_cause, day}) < common) {
    return false;
  }
  return u < chance / (1.0 - common);
}

void try_to_start(const BackupModel& model, const BackupParameters& parameters,
                  std::size_t facility, Seconds now, double outdoor_c, const Luck& luck,
                  BackupState& state) {
  order_if_low(model, parameters, facility, now, state);
  if (state.fuel_hours_left[facility] <= 0.0) {
    enter(state, facility, BackupPhase::out_of_fuel, now);
    return;
  }
  if (!starts(model, parameters, facility, now, outdoor_c, luck, state)) {
    enter(state, facility, BackupPhase::failed, now);
  } else {
    enter(state, facility,
          model.phase_in_seconds[facility] > 0 ? BackupPhase::starting : BackupPhase::running, now);
  }
}

/// Does the set break down in (from, to]?
bool breaks_down(const BackupParameters& parameters, std::uint64_t name_hash, Seconds from,
                 Seconds to, const Luck& luck) {
  const double availability = parameters.daily_availability;
  if (availability >= 1.0) {
    return false;
  }
  for (Seconds day = from / kSecondsPerDay; day <= to / kSecondsPerDay; ++day) {
    const double u =
        luck.uniform({name_hash, Purpose::backup_running, static_cast<std::uint32_t>(day)});
    if (u < availability) {
      continue;
    }
    const double share_of_day = (u - availability) / (1.0 - availability);
    const Seconds at = day * kSecondsPerDay +
                       static_cast<Seconds>(share_of_day * static_cast<double>(kSecondsPerDay));
    if (from < at && at <= to) {
      return true;
    }
  }
  return false;
}

/// Burns the fuel of one running set from `from` to at most `to`, where nothing is delivered in
/// between; returns hours run.
double burn(const BackupModel& model, const BackupParameters& parameters, std::size_t facility,
            Seconds from, Seconds to, BackupState& state) {
  double& fuel = state.fuel_hours_left[facility];
  const Seconds dry_at = from + seconds_to_burn(fuel);
  const double hours = dry_at <= to ? fuel : hours_from_seconds(to - from);
  fuel = dry_at <= to ? 0.0 : fuel - hours;
  if (dry_at <= to) {
    enter(state, facility, BackupPhase::out_of_fuel, dry_at);
  }
  order_if_low(model, parameters, facility, std::min(dry_at, to), state);
  return hours;
}

void settle_facility(const BackupModel& model, const BackupParameters& parameters, std::size_t i,
                     Seconds now, double outdoor_c, bool grid_supply, const Luck& luck,
                     BackupState& state) {
  if (grid_supply) {
    if (state.phase[i] != BackupPhase::standby) {
      enter(state, i, BackupPhase::standby, now);
    }
    state.powered[i] = 1;
    return;
  }
  switch (state.phase[i]) {
    case BackupPhase::standby:
      state.powered[i] = 0;
      if (model.generator_kw[i] > 0.0 && model.generator_kw[i] >= model.load_kw[i]) {
        try_to_start(model, parameters, i, now, outdoor_c, luck, state);
      }
      break;
    case BackupPhase::starting:
      if (now >= state.changed_at[i] + model.phase_in_seconds[i]) {
        enter(state, i, BackupPhase::running, now);
      }
      break;
    case BackupPhase::running:
      if (breaks_down(parameters, model.name_hash[i],
                      std::max(state.changed_at[i], state.settled_at), now, luck)) {
        enter(state, i, BackupPhase::failed, now);
      }
      break;
    case BackupPhase::failed:
      if (now >= state.changed_at[i] + retry_delay(parameters)) {
        try_to_start(model, parameters, i, now, outdoor_c, luck, state);
      }
      break;
    case BackupPhase::out_of_fuel:
      if (state.fuel_hours_left[i] > 0.0) {
        try_to_start(model, parameters, i, now, outdoor_c, luck, state);
      }
      break;
  }
}

}  // namespace

double start_failure_probability(const BackupParameters& parameters, double outdoor_c) {
  return 1.0 - start_chance(parameters, outdoor_c);
}

double fuel_litres_per_hour(double rated_kw, double load_kw) {
  const double idle_litres_per_kw = rated_kw <= 60.0 ? 0.05 : rated_kw <= 250.0 ? 0.035 : 0.02;
  return idle_litres_per_kw * rated_kw + 0.25 * load_kw;
}

BackupState initial_backup_state(const BackupModel& model) {
  WG_CHECK(model.kind.size() == model.count() && model.load_kw.size() == model.count() &&
               model.generator_kw.size() == model.count() &&
               model.fuel_hours.size() == model.count() &&
               model.phase_in_seconds.size() == model.count() &&
               model.name_hash.size() == model.count() && model.group_hash.size() == model.count(),
           "every facility needs kind, load, set, fuel, phase-in time, name hash and group");
  BackupState state;
  state.phase.assign(model.count(), BackupPhase::standby);
  state.changed_at.assign(model.count(), 0);
  state.fuel_hours_left = model.fuel_hours;
  state.next_delivery.assign(model.count(), kNever);
  state.starts.assign(model.count(), 0);
  state.powered.assign(model.count(), 1);
  return state;
}

void settle_backup(const BackupModel& model, const BackupParameters& parameters, Seconds now,
                   double outdoor_c, std::span<const std::uint8_t> feeder_on, const Luck& luck,
                   BackupState& state) {
  if (std::equal(feeder_on.begin(), feeder_on.end(), state.settled_feeder_on.begin(),
                 state.settled_feeder_on.end())) {
    for (const std::uint32_t i : state.busy) {
      settle_facility(model, parameters, i, now, outdoor_c, feeder_on[model.feeder[i]] != 0, luck,
                      state);
    }
  } else {
    state.settled_feeder_on.assign(feeder_on.begin(), feeder_on.end());
    state.busy.clear();
    for (std::uint32_t i = 0; i < model.count(); ++i) {
      settle_facility(model, parameters, i, now, outdoor_c, feeder_on[model.feeder[i]] != 0, luck,
                      state);
      if (state.phase[i] != BackupPhase::standby || state.next_delivery[i] != kNever) {
        state.busy.push_back(i);
      }
    }
  }
  state.settled_at = now;
  state.fuel_at = now;
}

double run_backup(const BackupModel& model, const BackupParameters& parameters, Seconds now,
                  Seconds duration, BackupState& state) {
  WG_EXPECT(duration >= 0);
  const Seconds end = now + duration;
  double litres = 0.0;
  for (const std::uint32_t i : state.busy) {
    if (state.phase[i] != BackupPhase::running && state.next_delivery[i] > end) {
      continue;
    }
    double hours_run = 0.0;
    Seconds t = now;
    while (t < end || state.next_delivery[i] <= t) {
      if (state.next_delivery[i] <= t) {
        double& fuel = state.fuel_hours_left[i];
        fuel =
            std::min(model.fuel_hours[i], fuel + parameters.delivery_share * model.fuel_hours[i]);
        state.next_delivery[i] = kNever;
        order_if_low(model, parameters, i, t, state);
        continue;
      }
      // To the next event: a delivery, or half a tank, which may order one that arrives before the
      // end.
      Seconds to = std::min(end, state.next_delivery[i]);
      if (state.phase[i] == BackupPhase::running) {
        const double above_half = state.fuel_hours_left[i] - 0.5 * model.fuel_hours[i];
        if (state.next_delivery[i] == kNever && above_half > kRoundingHours) {
          to = std::min(to, t + seconds_to_burn(above_half));
        }
        hours_run += burn(model, parameters, i, t, to, state);
      }
      t = to;
    }
    litres += hours_run * fuel_litres_per_hour(model.generator_kw[i], model.load_kw[i]);
  }
  state.fuel_at = end;
  return litres;
}

Seconds next_backup_event(const BackupModel& model, const BackupParameters& parameters,
                          const BackupState& state) {
  Seconds next = kNever;
  for (const std::uint32_t i : state.busy) {
    switch (state.phase[i]) {
      case BackupPhase::standby:
        break;
      case BackupPhase::starting:
        next = std::min(next, state.changed_at[i] + model.phase_in_seconds[i]);
        break;
      case BackupPhase::running: {
        const Seconds dry_at = state.fuel_at + seconds_to_burn(state.fuel_hours_left[i]);
        Seconds delivery = state.next_delivery[i];
        if (delivery == kNever && may_deliver(model, parameters, i)) {
          const double above_half = state.fuel_hours_left[i] - 0.5 * model.fuel_hours[i];
          delivery = state.fuel_at + seconds_to_burn(above_half) + delivery_delay(parameters);
        }
        next = std::min({next, dry_at, delivery});
        break;
      }
      case BackupPhase::failed:
        next = std::min(next, state.changed_at[i] + retry_delay(parameters));
        break;
      case BackupPhase::out_of_fuel:
        next = std::min(next, state.next_delivery[i]);
        break;
    }
  }
  return next;
}

}  // namespace wintergrid::power
