#pragma once
// How long a pipe full of standing water takes to freeze in cold air. Pure functions; a yardstick
// for the risers' latent-heat time in Parameters, not called in a simulation.

namespace wintergrid::heat {

/// A steel pipe full of water, possibly insulated.
struct WaterPipe {
  double inner_diameter_m = 0.0;
  double outer_diameter_m = 0.0;
  double insulation_thickness_m = 0.0;
  double insulation_w_per_m_k = 0.0;  ///< conductivity; read only if there is insulation
  double film_w_per_m2_k = 9.0;       ///< convection and radiation to the air
};

/// Resistance from water to air in m K / W: insulation and air film; the steel wall's is
/// negligible.
double resistance_m_k_per_w(const WaterPipe& pipe);

/// Hours until the water, from `initial_c` > 0, has cooled to 0 C in air at `air_c` < 0.
double hours_to_zero(const WaterPipe& pipe, double initial_c, double air_c);

/// Further hours until the share `ice_share` (0..1) of the water is ice; 1: frozen through.
double hours_of_freezing(const WaterPipe& pipe, double air_c, double ice_share = 1.0);

}  // namespace wintergrid::heat
