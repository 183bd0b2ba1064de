// The cold spot of a building over a step in which its air follows one exponential.
//
//   T(t)  = T_eq + (T_0 - T_eq) exp(-t / tau)                               indoor, C; tau in h
//   T_cold(t) = T_out + k (T(t) - T_out) = A + B exp(-t / tau)              cold spot, C
//     with A = T_out + k (T_eq - T_out), B = k (T_0 - T_eq)
//   progress += integral over T_cold < 0 of |T_cold| dt / (10 K h10)        blocked at 1
//   P(burst within t) = 1 - (1 - p_day)^(t / 24 h)             while blocked and below 0 C
//
// Freezing: the ice of pipe_freezing.hpp; 10 K h10 is R L of the riser in degree-hours, and its
// water follows the cold spot without lag. The factor k, h10 and p_day are assumptions.

#include "grid_models/heat/buildings.hpp"

#include <algorithm>
#include <cmath>

#include "grid_models/heat/pipe_freezing.hpp"

namespace wintergrid::heat {

double cold_spot_temperature_c(double outdoor_c, double indoor_c, double cold_spot_factor) {
  return outdoor_c + cold_spot_factor * (indoor_c - outdoor_c);
}

FreezeStep freeze_over_step(const CoolingPath& path, double progress, double hours_at_minus_10) {
  constexpr double kReferenceFrostK = 10.0;
  const AirPath cold_spot{
      cold_spot_temperature_c(path.outdoor_c, path.equilibrium_c, path.cold_spot_factor),
      path.cold_spot_factor * (path.initial_c - path.equilibrium_c), path.tau_hours};
  const Frost frost = frost_within(cold_spot, path.hours);
  if (frost.begin_hours == frost.end_hours) {
    return {.began_clear = true, .thawed = true};
  }
  FreezeStep step;
  step.began_clear = frost.begin_hours > 0.0;
  if (step.began_clear) {
    progress = 0.0;
  }
  const double whole = kReferenceFrostK * hours_at_minus_10;
  step.thawed = frost.end_hours < path.hours;
  step.blocked_until_hours = frost.end_hours;
  const double missing = (1.0 - progress) * whole;
  const double available = degree_hours_below_zero(cold_spot, frost.begin_hours, frost.end_hours);
  if (available < missing) {
    step.blocked_from_hours = frost.end_hours;
    step.progress = step.thawed ? 0.0 : progress + available / whole;
    return step;
  }
  step.blocked_from_hours =
      when_degree_hours_reach(cold_spot, frost.begin_hours, frost.end_hours, missing);
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
