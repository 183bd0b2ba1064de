// Head loss of pipes.
//
//   Hazen-Williams   h = 4.727 L q^1.852 / (C^1.852 d^4.871)                 (ft, cfs)
//   Chezy-Manning    h = (4 n / (1.49 pi d^2))^2 (d / 4)^-1.333 L q^2        (ft, cfs)
//   Darcy-Weisbach   h = f L / (2 g d A^2) q^2
//     Re <= 2000     f = 64 / Re                                             Hagen-Poiseuille
//     2000..4000     cubic in Re, value and slope continuous at both ends    Dunlop 1991
//     Re >= 4000     f = 0.25 / log10(e / 3.7 d + 5.74 / Re^0.9)^2           Swamee-Jain 1976
//   Colebrook-White  1 / sqrt(f) = -2 log10(e / 3.7 d + 2.51 / (Re sqrt(f))) above Re = 4000,
//                    with the same cubic from 2000 to 4000
//   minor losses     h = 0.02517 K q^2 / d^4                                 (ft, cfs)
//
// L length, d diameter, A area, q flow, g gravity, e roughness, Re = 4 q / (pi d viscosity).
// US customary constants are scaled by 1 ft = 0.3048 m exactly, so that results equal EPANET's.
// Source: EPANET 2.2 Users Manual (EPA/600/R-20/133), chapter 12.1.

#include "grid_models/hydraulics/headloss.hpp"

#include <cmath>
#include <numbers>

namespace wintergrid::hydraulics {
namespace {

constexpr double kFt = 0.3048;
constexpr double kCfs = kFt * kFt * kFt;
constexpr double kPi = std::numbers::pi;

// Of w = Re pi / 4 = q / (viscosity d).
constexpr double kLaminarEnd = 500.0 * kPi;
constexpr double kTurbulentStart = 1000.0 * kPi;

/// Turbulent branches: factor and its slope d f / d w.
struct Turbulent {
  double f = 0.0, slope = 0.0;
};

Turbulent swamee_jain_turbulent(double w, double relative_roughness) {
  const double viscous = 5.74 * std::pow(kPi / 4.0, 0.9) / std::pow(w, 0.9);
  const double inside = relative_roughness / 3.7 + viscous;
  const double root = -2.0 / std::numbers::ln10 * std::log(inside);  // 1 / sqrt(f)
  Turbulent result;
  result.f = 1.0 / (root * root);
  result.slope = -1.8 * result.f * viscous * (2.0 / std::numbers::ln10) / (inside * root * w);
  return result;
}

Turbulent colebrook_turbulent(double w, double relative_roughness) {
  const double reynolds = 4.0 * w / kPi;
  const double a = relative_roughness / 3.7, b = 2.51 / reynolds;
  double x = 1.0 / std::sqrt(swamee_jain_turbulent(w, relative_roughness).f);  // 1 / sqrt(f)
  constexpr double kLog = 2.0 / std::numbers::ln10;
  for (int i = 0; i < 8; ++i) {  // Newton; the start is within 3 %
    const double inside = a + b * x;
    const double step = (x + kLog * std::log(inside)) / (1.0 + kLog * b / inside);
    x -= step;
    if (std::abs(step) < 1e-14 * x) {
      break;
    }
  }
  const double inside = a + b * x;
  // implicit differentiation: dx (1 + kLog b / inside) = kLog b x / inside dw / w
  const double dx = kLog * b * x / inside / (1.0 + kLog * b / inside) / w;
  return {1.0 / (x * x), -2.0 * dx / (x * x * x)};
}

template <class TurbulentFactor>
FrictionFactor factor(double flow, double relative_roughness, double scale,
                      TurbulentFactor turbulent) {
  const double w = flow / scale;
  if (w >= kTurbulentStart) {
    const Turbulent t = turbulent(w, relative_roughness);
    return {t.f, t.slope / scale};
  }
  // Cubic in r = Re / 2000 through f = 0.032 with slope -0.032 at r = 1 and through the turbulent
  // factor with its slope at r = 2.
  const Turbulent t = turbulent(kTurbulentStart, relative_roughness);
  const double f2 = t.f, s2 = t.slope * kLaminarEnd;
  const double f1 = 0.032, s1 = -0.032;
  const double r = w / kLaminarEnd, u = r - 1.0;
  const double c2 = 3.0 * (f2 - f1) - 2.0 * s1 - s2, c3 = 2.0 * (f1 - f2) + s1 + s2;
  return {f1 + u * (s1 + u * (c2 + u * c3)),
          (s1 + u * (2.0 * c2 + u * 3.0 * c3)) / (kLaminarEnd * scale)};
}

}  // namespace

double hazen_williams_resistance(double length_m, double diameter_m, double c) {
  const double in_ft =
      4.727 * (length_m / kFt) / std::pow(c, 1.852) / std::pow(diameter_m / kFt, 4.871);
  return in_ft * kFt / std::pow(kCfs, 1.852);
}

double chezy_manning_resistance(double length_m, double diameter_m, double n) {
  const double d = diameter_m / kFt;
  const double root = 4.0 * n / (1.49 * kPi * d * d);
  return root * root * std::pow(d / 4.0, -1.333) * (length_m / kFt) * kFt / (kCfs * kCfs);
}

double darcy_resistance(double length_m, double diameter_m, double gravity) {
  const double area = kPi * diameter_m * diameter_m / 4.0;
  return length_m / (2.0 * gravity * diameter_m * area * area);
}

double minor_loss(double coefficient, double diameter_m) {
  const double square = diameter_m * diameter_m;
  return 0.02517 / kFt * coefficient / (square * square);
}

double minor_loss(double coefficient, double diameter_m, double gravity) {
  const double area = kPi * diameter_m * diameter_m / 4.0;
  return coefficient / (2.0 * gravity * area * area);
}

FrictionFactor swamee_jain(double flow_m3s, double relative_roughness, double scale) {
  return factor(flow_m3s, relative_roughness, scale, swamee_jain_turbulent);
}

FrictionFactor colebrook(double flow_m3s, double relative_roughness, double scale) {
  return factor(flow_m3s, relative_roughness, scale, colebrook_turbulent);
}

Loss darcy_loss(HeadlossLaw law, double flow_m3s, double resistance, double minor,
                double relative_roughness, double scale) {
  const double q = std::abs(flow_m3s);
  if (q <= kLaminarEnd * scale) {
    const double r = 16.0 * kPi * scale * resistance;  // 64 / Re with Re = 4 q / (pi scale)
    return {flow_m3s * (r + minor * q), r + 2.0 * minor * q};
  }
  const FrictionFactor f = law == HeadlossLaw::colebrook
                               ? colebrook(q, relative_roughness, scale)
                               : swamee_jain(q, relative_roughness, scale);
  const double r = f.value * resistance + minor;
  return {r * q * flow_m3s, 2.0 * r * q + f.slope * resistance * q * q};
}

FastPower::FastPower(double exponent) : exponent_(exponent) {
  for (int s = 0; s < kSegments; ++s) {
    const double centre = 1.0 + (s + 0.5) / kSegments;
    double term = std::pow(centre, exponent);
    for (int k = 0; k < 6; ++k) {
      coefficient_[static_cast<std::size_t>(s)][static_cast<std::size_t>(k)] = term;
      term *= (exponent - k) / (k + 1) / centre;
    }
  }
  for (int e = kLeast; e <= kMost; ++e) {
    power_of_two_[static_cast<std::size_t>(e - kLeast)] = std::exp2(exponent * e);
  }
}

double FastPower::outside(double x) const { return std::pow(x, exponent_); }

}  // namespace wintergrid::hydraulics
