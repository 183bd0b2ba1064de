// Liquid water.
//
//   rho = (999.83952 + 16.945176 t - 7.9870401e-3 t^2 - 46.170461e-6 t^3 + 105.56302e-9 t^4
//          - 280.54253e-12 t^5) / (1 + 16.879850e-3 t)                         kg/m3, t in C
//   mu  = 2.414e-5 * 10^(247.8 / (T - 140))                                    Pa s, T in K
//   cp  = 4217.4 - 3.720283 t + 0.1412855 t^2 - 2.654387e-3 t^3 + 2.093236e-5 t^4   J/(kg K), <= 40
//   C
//         and a parabola through 4178.6 (40 C), 4196.5 (80 C) and 4309.6 (150 C) above it
//
// Sources: G. S. Kell, J. Chem. Eng. Data 20 (1975) 97 (density at 1 atm); Vogel's equation with
// the usual constants for water (Al-Shemmeri, Engineering Fluid Mechanics, 2012); A. E. Gill,
// Atmosphere-Ocean Dynamics, 1982, appendix 3 (heat capacity to 40 C); VDI Heat Atlas, D2.1 (the
// values above it). Pressure changes density by 0.005 % per bar, which is left out.

#include "grid_models/heat/water_properties.hpp"

#include <algorithm>
#include <cmath>

namespace wintergrid::heat {

WaterProperties water_at(double kelvin) {
  const double bounded = std::clamp(kelvin, 273.15, 423.15);
  const double t = bounded - 273.15;
  WaterProperties water;
  water.density_kg_m3 =
      (999.83952 +
       t * (16.945176 +
            t * (-7.9870401e-3 + t * (-46.170461e-6 + t * (105.56302e-9 - 280.54253e-12 * t))))) /
      (1.0 + 16.879850e-3 * t);
  water.viscosity_pa_s = 2.414e-5 * std::pow(10.0, 247.8 / (bounded - 140.0));
  if (t <= 40.0) {
    water.heat_capacity_j_kg_k =
        4217.4 + t * (-3.720283 + t * (0.1412855 + t * (-2.654387e-3 + 2.093236e-5 * t)));
  } else {
    // Newton's divided differences through the three values.
    const double first = (4196.5 - 4178.6) / 40.0, second = (4309.6 - 4196.5) / 70.0;
    water.heat_capacity_j_kg_k =
        4178.6 + (t - 40.0) * (first + (t - 80.0) * (second - first) / 110.0);
  }
  return water;
}

}  // namespace wintergrid::heat
