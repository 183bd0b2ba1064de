// One building: one heat capacity behind one resistance.
//
//   T_eq  = min(T_set, T_base + share (T_set - T_base)),  T_base = T_out + gain      equilibrium, C
//   T(t)  = T_eq + (T_0 - T_eq) exp(-t / tau)                                        indoor, C; tau
//   in h T_cold(t) = T_out + k (T(t) - T_out) = A + B exp(-t / tau)                       cold
//   spot, C
//     with A = T_out + k (T_eq - T_out), B = k (T_0 - T_eq)
//   progress += integral over T_cold < 0 of |T_cold| dt / (10 K h10)                 blocked at 1
//   P(burst within t) = 1 - (1 - p_day)^(t / 24 h)                                   while blocked
//   and below 0 C
//
// Sources: lumped-capacity cooling (Incropera et al., Fundamentals of Heat and Mass Transfer, ch.
// 5). Freezing time inverse to the temperature below 0 C: latent heat lost through a constant
// resistance (ASHRAE Handbook Fundamentals 2019, ch. 23; pipe_freezing.hpp has it per pipe), the
// quasi-steady Stefan problem. The factor k, h10 and p_day are assumptions.

#include "grid_models/heat/buildings.hpp"

#include <algorithm>
#include <cmath>

namespace wintergrid::heat {

double equilibrium_temperature_c(double outdoor_c, double gain_k, double setpoint_c,
                                 double delivered_share) {
  const double base_c = outdoor_c + gain_k;
  if (base_c >= setpoint_c) {
    return setpoint_c;
  }
  return base_c + delivered_share * (setpoint_c - base_c);
}

double indoor_temperature_c(double initial_c, double equilibrium_c, double hours,
                            double tau_hours) {
  return equilibrium_c + (initial_c - equilibrium_c) * std::exp(-hours / tau_hours);
}

double cold_spot_temperature_c(double outdoor_c, double indoor_c, double cold_spot_factor) {
  return outdoor_c + cold_spot_factor * (indoor_c - outdoor_c);
}

FreezeStep freeze_over_step(const CoolingPath& path, double progress, double hours_at_minus_10) {
  constexpr double kReferenceFrostK = 10.0;
  const double tau = path.tau_hours;
  const double limit_c =
      cold_spot_temperature_c(path.outdoor_c, path.equilibrium_c, path.cold_spot_factor);
  const double excess_k = path.cold_spot_factor * (path.initial_c - path.equilibrium_c);
  const double decay_at_end = std::exp(-path.hours / tau);
  const bool frost_at_start = limit_c + excess_k < 0.0;
  const bool frost_at_end = limit_c + excess_k * decay_at_end < 0.0;
  if (!frost_at_start && !frost_at_end) {
    return {.thawed = true};
  }
  // The path is monotone, so it is below 0 C over one interval; the crossing is where the
  // exponential equals -A / B.
  double begin = 0.0;
  double end = path.hours;
  double decay_at_begin = 1.0;
  double decay_at_stop = decay_at_end;
  if (frost_at_start != frost_at_end) {
    const double decay = std::clamp(-limit_c / excess_k, decay_at_end, 1.0);
    const double crossing = -tau * std::log(decay);
    (frost_at_start ? end : begin) = crossing;
    (frost_at_start ? decay_at_stop : decay_at_begin) = decay;
  }
  if (!frost_at_start) {
    progress = 0.0;
  }
  const auto degree_hours = [&](double until, double decay_until) {
    return -limit_c * (until - begin) - excess_k * tau * (decay_at_begin - decay_until);
  };
  const double rate = 1.0 / (kReferenceFrostK * hours_at_minus_10);
  FreezeStep step;
  step.thawed = !frost_at_end;
  step.blocked_until_hours = end;
  const double missing = (1.0 - progress) / rate;
  const double available = degree_hours(end, decay_at_stop);
  if (available < missing) {
    step.blocked_from_hours = end;
    step.progress = step.thawed ? 0.0 : progress + available * rate;
    return step;
  }
  double low = begin;
  double high = end;
  if (missing <= 0.0) {
    high = begin;
  }
  // Once per blockage; degree-hours grow monotonically, and 50 halvings of a step are far below a
  // second.
  for (int halving = 0; halving < 50 && low < high; ++halving) {
    const double middle = 0.5 * (low + high);
    (degree_hours(middle, std::exp(-middle / tau)) < missing ? low : high) = middle;
  }
  step.blocked_from_hours = high;
  step.progress = step.thawed ? 0.0 : 1.0;
  return step;
}

bool bursts(std::uint64_t name_hash, double since, double from, double until,
            double probability_per_day, const Luck& luck) {
  const double hour_s = static_cast<double>(kSecondsPerHour);
  const double day_s = static_cast<double>(kSecondsPerDay);
  for (double hour = std::floor(from / hour_s); hour * hour_s < until; hour += 1.0) {
    const double exposed_from = std::max(since, hour * hour_s);
    const double exposed_until = std::min(until, (hour + 1.0) * hour_s);
    const double chance =
        1.0 - std::pow(1.0 - probability_per_day, (exposed_until - exposed_from) / day_s);
    const auto k = static_cast<std::uint32_t>(hour);
    if (luck.uniform({name_hash, Purpose::riser_burst, k}) < chance) {
      return true;
    }
  }
  return false;
}

}  // namespace wintergrid::heat
