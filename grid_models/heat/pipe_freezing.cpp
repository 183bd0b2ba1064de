// Standing water in a pipe, in surroundings at T_air.
//
//   R  = ln(D_ins / D_out) / (2 pi k) + 1 / (h pi D_ins)                      m K / W
//        or 1 / (U pi D_out) for a main known by its loss coefficient
//   C  = rho c (water) pi D_in^2 / 4 + rho c (steel) pi (D_out^2 - D_in^2) / 4    J / (m K)
//   L  = rho l pi D_in^2 / 4                                                  J / m, latent heat
//   water above 0 C:   R C T' = T_air - T
//   ice share s:       R L s' = 0 - T_air,  0 <= s <= 1,  T = 0
//   constant T_air:    t0 = R C ln((T_initial - T_air) / (0 - T_air))         s, to 0 C
//                      t1 = R L s / (0 - T_air)                               s, of latent heat
//   T_air = A + B exp(-t / tau):  T = A + B' exp(-t / tau) + (T_0 - A - B') exp(-t / (R C)),
//                                 B' = B / (1 - R C / tau);  s by degree-hours, integrated exactly
//
// D_in, D_out, D_ins: inner, outer, insulated diameter, m; k: conductivity of the insulation; h:
// film coefficient. Source: ASHRAE Handbook Fundamentals 2019, ch. 23 (time to cool standing
// water), with the film and the wall's heat added; latent heat lost through the same constant
// resistance (quasi-steady Stefan problem). The resistance of growing ice is left out: t1 is a
// lower bound for thick, a good value for insulated and small pipes. A closed pipe bursts only once
// ice blocks it (Gordon 1996, University of Illinois): blocked means all of the water, s = 1.

#include "grid_models/heat/pipe_freezing.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "grid_models/core/time.hpp"

namespace wintergrid::heat {
namespace {

constexpr double kWaterHeatJPerM3K = 1000.0 * 4186.0;
constexpr double kSteelHeatJPerM3K = 7850.0 * 480.0;
constexpr double kLatentHeatJPerM3 = 1000.0 * 334.0e3;
constexpr double kHour = static_cast<double>(kSecondsPerHour);

double disc_area_m2(double diameter_m) { return 0.25 * std::numbers::pi * diameter_m * diameter_m; }

StandingPipe standing(double inner_diameter_m, double outer_diameter_m, double resistance) {
  const double water_m2 = disc_area_m2(inner_diameter_m);
  const double steel_m2 = disc_area_m2(outer_diameter_m) - water_m2;
  return {resistance, kWaterHeatJPerM3K * water_m2 + kSteelHeatJPerM3K * steel_m2,
          kLatentHeatJPerM3 * water_m2};
}

/// Water above 0 C through a path that begins at `air`: two exponentials.
struct SensiblePath {
  double limit_c, air_part_k, own_part_k, air_tau, own_tau;

  SensiblePath(const StandingPipe& pipe, const AirPath& air, double water_c) {
    air_tau = air.tau_hours;
    own_tau = pipe.tau_hours();
    double lag = 1.0 - own_tau / air_tau;
    if (std::abs(lag) < 1e-7) {  // equal time constants: the limit, to eight digits
      lag = 1e-7;
      own_tau = air_tau * (1.0 - lag);
    }
    limit_c = air.limit_c;
    air_part_k = air.excess_k / lag;
    own_part_k = water_c - limit_c - air_part_k;
  }
  double at(double hours) const {
    return limit_c + air_part_k * std::exp(-hours / air_tau) +
           own_part_k * std::exp(-hours / own_tau);
  }
};

AirPath later(const AirPath& air, double hours) {
  return {air.limit_c, air.excess_k * std::exp(-hours / air.tau_hours), air.tau_hours};
}

/// One interval in which the surroundings stay on one side of 0 C. Times count from its begin.
struct Stage {
  const StandingPipe& pipe;
  StandingWater water;
  double blocked_from = 0.0, blocked_until = 0.0;

  void cool(const AirPath& air, double hours) {
    water.water_c = std::max(0.0, SensiblePath(pipe, air, water.water_c).at(hours));
  }

  void in_frost(const AirPath& air, double hours) {
    double begin = 0.0;
    if (water.ice_share <= 0.0 && water.water_c > 0.0) {
      const SensiblePath path(pipe, air, water.water_c);
      if (path.at(hours) > 0.0) {
        water.water_c = path.at(hours);
        return;
      }
      // Below 0 C the surroundings pull water of 0 C down only: it crosses once.
      double end = hours;
      for (int halving = 0; halving < 60 && begin < end; ++halving) {
        const double middle = 0.5 * (begin + end);
        (path.at(middle) > 0.0 ? begin : end) = middle;
      }
      begin = end;
    }
    water.water_c = 0.0;
    const double whole = pipe.latent_j_per_m * pipe.resistance_m_k_per_w / kHour;
    const double missing = (1.0 - water.ice_share) * whole;
    const double available = degree_hours_below_zero(air, begin, hours);
    if (available < missing) {
      water.ice_share += available / whole;
      return;
    }
    water.ice_share = 1.0;
    blocked_from = when_degree_hours_reach(air, begin, hours, missing);
    blocked_until = hours;
  }

  void above_zero(const AirPath& air, double hours) {
    double begin = 0.0;
    if (water.ice_share > 0.0) {
      const double whole = pipe.latent_j_per_m * pipe.resistance_m_k_per_w / kHour;
      const AirPath mirrored{-air.limit_c, -air.excess_k, air.tau_hours};
      const double available = degree_hours_below_zero(mirrored, 0.0, hours);
      if (available < water.ice_share * whole) {
        water.ice_share -= available / whole;
        return;
      }
      begin = when_degree_hours_reach(mirrored, 0.0, hours, water.ice_share * whole);
      water = {0.0, 0.0};
    }
    cool(later(air, begin), hours - begin);
  }
};

}  // namespace

double StandingPipe::tau_hours() const { return resistance_m_k_per_w * capacity_j_per_m_k / kHour; }

double AirPath::at(double hours) const { return limit_c + excess_k * std::exp(-hours / tau_hours); }

double resistance_m_k_per_w(const WaterPipe& pipe) {
  const double surface_diameter_m = pipe.outer_diameter_m + 2.0 * pipe.insulation_thickness_m;
  const double film = 1.0 / (pipe.film_w_per_m2_k * std::numbers::pi * surface_diameter_m);
  if (pipe.insulation_thickness_m <= 0.0) {
    return film;
  }
  return film + std::log(surface_diameter_m / pipe.outer_diameter_m) /
                    (2.0 * std::numbers::pi * pipe.insulation_w_per_m_k);
}

StandingPipe standing_pipe(const WaterPipe& pipe) {
  return standing(pipe.inner_diameter_m, pipe.outer_diameter_m, resistance_m_k_per_w(pipe));
}

StandingPipe standing_main(double inner_diameter_m, double outer_diameter_m, double u_w_per_m2_k) {
  return standing(inner_diameter_m, outer_diameter_m,
                  1.0 / (u_w_per_m2_k * std::numbers::pi * outer_diameter_m));
}

double hours_to_zero(const WaterPipe& pipe, double initial_c, double air_c) {
  return standing_pipe(pipe).tau_hours() * std::log((initial_c - air_c) / -air_c);
}

double hours_of_freezing(const WaterPipe& pipe, double air_c, double ice_share) {
  const StandingPipe metre = standing_pipe(pipe);
  return metre.resistance_m_k_per_w * metre.latent_j_per_m * ice_share / -air_c / kHour;
}

Frost frost_within(const AirPath& air, double hours) {
  const double decay_at_end = std::exp(-hours / air.tau_hours);
  const bool at_start = air.limit_c + air.excess_k < 0.0;
  const bool at_end = air.limit_c + air.excess_k * decay_at_end < 0.0;
  if (at_start == at_end) {
    return at_start ? Frost{0.0, hours} : Frost{hours, hours};
  }
  // The crossing is where the exponential equals -A / B.
  const double decay = std::clamp(-air.limit_c / air.excess_k, decay_at_end, 1.0);
  const double crossing = std::min(hours, -air.tau_hours * std::log(decay));
  return at_start ? Frost{0.0, crossing} : Frost{crossing, hours};
}

double degree_hours_below_zero(const AirPath& air, double from, double until) {
  return -air.limit_c * (until - from) -
         air.excess_k * air.tau_hours *
             (std::exp(-from / air.tau_hours) - std::exp(-until / air.tau_hours));
}

double when_degree_hours_reach(const AirPath& air, double from, double until, double amount) {
  double low = from;
  double high = until;
  if (amount <= 0.0) {
    high = from;
  }
  // Once per blockage; degree-hours grow monotonically, and 50 halvings of a step are far below a
  // second.
  for (int halving = 0; halving < 50 && low < high; ++halving) {
    const double middle = 0.5 * (low + high);
    (degree_hours_below_zero(air, from, middle) < amount ? low : high) = middle;
  }
  return high;
}

StandingStep stand(const StandingPipe& pipe, const AirPath& air, const StandingWater& start,
                   double hours) {
  const Frost frost = frost_within(air, hours);
  Stage stage{pipe, start};
  StandingStep step;
  if (frost.begin_hours > 0.0) {
    stage.above_zero(air, frost.begin_hours);
  }
  if (frost.end_hours > frost.begin_hours) {
    stage.in_frost(later(air, frost.begin_hours), frost.end_hours - frost.begin_hours);
    step.blocked_from_hours = frost.begin_hours + stage.blocked_from;
    step.blocked_until_hours = frost.begin_hours + stage.blocked_until;
  }
  if (frost.end_hours < hours) {
    stage.above_zero(later(air, frost.end_hours), hours - frost.end_hours);
  }
  step.end = stage.water;
  return step;
}

}  // namespace wintergrid::heat
