// Standing water in a pipe, cooled by air at T_air < 0 C.
//
//   R  = ln(D_ins / D_out) / (2 pi k) + 1 / (h pi D_ins)                      m K / W
//   C  = rho c (water) pi D_in^2 / 4 + rho c (steel) pi (D_out^2 - D_in^2) / 4    J / (m K)
//   t0 = R C ln((T_initial - T_air) / (0 - T_air))                            s, to 0 C
//   t1 = R rho L pi D_in^2 / 4 * ice / (0 - T_air)                            s, of latent heat
//
// D_in, D_out, D_ins: inner, outer, insulated diameter, m; k: conductivity of the insulation; h:
// film coefficient. Source: ASHRAE Handbook Fundamentals 2019, ch. 23 (time to cool standing
// water), with the film and the wall's heat added. The resistance of growing ice is left out: t1 is
// a lower bound for thick, a good value for insulated and small pipes.

#include "grid_models/heat/pipe_freezing.hpp"

#include <cmath>
#include <numbers>

#include "grid_models/core/time.hpp"

namespace wintergrid::heat {
namespace {

constexpr double kWaterHeatJPerM3K = 1000.0 * 4186.0;
constexpr double kSteelHeatJPerM3K = 7850.0 * 480.0;
constexpr double kLatentHeatJPerM3 = 1000.0 * 334.0e3;

double disc_area_m2(double diameter_m) { return 0.25 * std::numbers::pi * diameter_m * diameter_m; }

}  // namespace

double resistance_m_k_per_w(const WaterPipe& pipe) {
  const double surface_diameter_m = pipe.outer_diameter_m + 2.0 * pipe.insulation_thickness_m;
  const double film = 1.0 / (pipe.film_w_per_m2_k * std::numbers::pi * surface_diameter_m);
  if (pipe.insulation_thickness_m <= 0.0) {
    return film;
  }
  return film + std::log(surface_diameter_m / pipe.outer_diameter_m) /
                    (2.0 * std::numbers::pi * pipe.insulation_w_per_m_k);
}

double hours_to_zero(const WaterPipe& pipe, double initial_c, double air_c) {
  const double water_m2 = disc_area_m2(pipe.inner_diameter_m);
  const double steel_m2 = disc_area_m2(pipe.outer_diameter_m) - water_m2;
  const double capacity = kWaterHeatJPerM3K * water_m2 + kSteelHeatJPerM3K * steel_m2;
  return resistance_m_k_per_w(pipe) * capacity * std::log((initial_c - air_c) / -air_c) /
         static_cast<double>(kSecondsPerHour);
}

double hours_of_freezing(const WaterPipe& pipe, double air_c, double ice_share) {
  return resistance_m_k_per_w(pipe) * kLatentHeatJPerM3 * disc_area_m2(pipe.inner_diameter_m) *
         ice_share / -air_c / static_cast<double>(kSecondsPerHour);
}

}  // namespace wintergrid::heat
