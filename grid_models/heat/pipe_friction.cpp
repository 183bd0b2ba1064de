// Darcy friction factor f of a round pipe; e roughness over diameter, Re Reynolds number.
//
//   laminar       f = 64 / Re                                                 Hagen-Poiseuille
//   Colebrook     1 / sqrt(f) = -2 log10(2.51 / (Re sqrt(f)) + e / 3.71)
//   Swamee-Jain   f = 0.25 / log10(e / 3.7 + 5.74 / Re^0.9)^2
//   Nikuradse     f = 64 / Re + 1 / (2 log10(3.71 / e))^2                     rough pipe plus
//   laminar
//
// The first two are used where they exceed the laminar factor, from Re of about 1,000: the loss is
// then continuous and grows with flow. The true factor drops between Re 2,300 and 1,000; losses
// there are too small to matter. 3.71, and the sum in Nikuradse's law, as in pandapipes, the
// reference of this room.
// Sources: C. F. Colebrook, J. Inst. Civ. Eng. 11 (1939) 133; P. K. Swamee, A. K. Jain, J. Hydraul.
// Div. ASCE 102 (1976) 657; pandapipes 0.14 documentation, pipe component.

#include "grid_models/heat/pipe_friction.hpp"

#include <cmath>
#include <numbers>

namespace wintergrid::heat {
namespace {

constexpr double kPerDecade = 2.0 / std::numbers::ln10;
constexpr double kAlwaysLaminar = 500.0;

/// x = 1 / sqrt(f), by Newton from the explicit approximation.
FrictionFactor colebrook(double reynolds, double relative_roughness) {
  const double a = relative_roughness / 3.71, b = 2.51 / reynolds;
  double x = -kPerDecade * std::log(relative_roughness / 3.7 + 5.74 / std::pow(reynolds, 0.9));
  for (int i = 0; i < 10; ++i) {
    const double inside = a + b * x;
    const double step = (x + kPerDecade * std::log(inside)) / (1.0 + kPerDecade * b / inside);
    x -= step;
    if (std::abs(step) < 1e-12 * x) {
      break;
    }
  }
  // x + k log(a + b x) = 0 with b = 2.51 / Re, differentiated by Re.
  const double pull = kPerDecade * b / (a + b * x);
  const double slope_of_x = pull * x / (1.0 + pull) / reynolds;
  return {1.0 / (x * x), -2.0 * slope_of_x / (x * x * x)};
}

FrictionFactor swamee_jain(double reynolds, double relative_roughness) {
  const double viscous = 5.74 / std::pow(reynolds, 0.9);
  const double inside = relative_roughness / 3.7 + viscous;
  const double x = -kPerDecade * std::log(inside);
  const double slope_of_x = kPerDecade * 0.9 * viscous / (inside * reynolds);
  return {1.0 / (x * x), -2.0 * slope_of_x / (x * x * x)};
}

}  // namespace

FrictionFactor friction_factor(FrictionLaw law, double reynolds, double relative_roughness) {
  const FrictionFactor laminar{64.0 / reynolds, -64.0 / (reynolds * reynolds)};
  if (law == FrictionLaw::nikuradse) {
    const double x =
        relative_roughness > 0.0 ? kPerDecade * std::log(3.71 / relative_roughness) : 1e9;
    return {laminar.value + 1.0 / (x * x), laminar.slope};
  }
  if (reynolds < kAlwaysLaminar) {
    return laminar;
  }
  const FrictionFactor turbulent = law == FrictionLaw::colebrook
                                       ? colebrook(reynolds, relative_roughness)
                                       : swamee_jain(reynolds, relative_roughness);
  return turbulent.value > laminar.value ? turbulent : laminar;
}

}  // namespace wintergrid::heat
