#pragma once
// Standing water in a pipe that cools, freezes and thaws: risers, cold spots and stagnant mains.
// Pure functions in closed form. buildings.* takes its frost from here.

namespace wintergrid::heat {

/// A steel pipe full of water, possibly insulated, in air.
struct WaterPipe {
  double inner_diameter_m = 0.0;
  double outer_diameter_m = 0.0;
  double insulation_thickness_m = 0.0;
  double insulation_w_per_m_k = 0.0;  ///< conductivity; read only if there is insulation
  double film_w_per_m2_k = 9.0;       ///< convection and radiation to the air
};

/// What decides how a metre of standing pipe cools and freezes.
struct StandingPipe {
  double resistance_m_k_per_w = 0.0;  ///< water to surroundings
  double capacity_j_per_m_k = 0.0;    ///< water and wall
  double latent_j_per_m = 0.0;        ///< to freeze all the water

  double tau_hours() const;
};

StandingPipe standing_pipe(const WaterPipe& pipe);
/// A main known by its loss coefficient on the outer diameter, as networks give it.
StandingPipe standing_main(double inner_diameter_m, double outer_diameter_m, double u_w_per_m2_k);

/// Resistance from water to air in m K / W: insulation and air film; the steel wall's is
/// negligible.
double resistance_m_k_per_w(const WaterPipe& pipe);

/// Hours until the water, from `initial_c` > 0, has cooled to 0 C in air at `air_c` < 0.
double hours_to_zero(const WaterPipe& pipe, double initial_c, double air_c);

/// Further hours until the share `ice_share` (0..1) of the water is ice; 1: frozen through.
double hours_of_freezing(const WaterPipe& pipe, double air_c, double ice_share = 1.0);

/// Temperature of the surroundings, C: limit_c + excess_k exp(-t / tau_hours). Monotone, so it is
/// below 0 C over at most one interval.
struct AirPath {
  double limit_c = 0.0;
  double excess_k = 0.0;
  double tau_hours = 1.0;  ///< > 0

  double at(double hours) const;
};

/// Interval of [0, hours] in which the surroundings are below 0 C; empty if begin == end.
struct Frost {
  double begin_hours = 0.0;
  double end_hours = 0.0;
};
Frost frost_within(const AirPath& air, double hours);

/// Integral of the surroundings' degrees below 0 C over [from, until], K h; negative above 0 C.
double degree_hours_below_zero(const AirPath& air, double from, double until);

/// When the degree-hours below 0 C counted from `from` reach `amount` > 0, within [from, until]
/// where the sign does not change; `until` if they do not.
double when_degree_hours_reach(const AirPath& air, double from, double until, double amount);

struct StandingWater {
  double water_c = 0.0;    ///< >= 0; 0 while there is ice
  double ice_share = 0.0;  ///< 0..1; 1: blocked
};

struct StandingStep {
  StandingWater end;
  /// Blocked and below 0 C from here to there, in hours of the step: when a closed pipe may burst.
  double blocked_from_hours = 0.0;
  double blocked_until_hours = 0.0;
};

/// Moves standing water through `hours` of a path: cooling to 0 C, freezing, thawing, warming;
/// exact but for when_degree_hours_reach(), which is exact to rounding.
StandingStep stand(const StandingPipe& pipe, const AirPath& air, const StandingWater& start,
                   double hours);

}  // namespace wintergrid::heat
