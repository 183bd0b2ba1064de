#pragma once
// Head loss of pipes: coefficients, friction factors, and fast powers.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "grid_models/hydraulics/network.hpp"

namespace wintergrid::hydraulics {

/// 32.2 ft/s2, which EPANET uses.
inline constexpr double kEpanetGravity = 32.2 * 0.3048;
inline constexpr double kStandardGravity = 9.80665;

/// h = resistance x q^1.852 (m, m3/s).
double hazen_williams_resistance(double length_m, double diameter_m, double c);
/// h = resistance x q^2.
double chezy_manning_resistance(double length_m, double diameter_m, double n);
/// h = friction factor x resistance x q^2: darcy_weisbach and colebrook.
double darcy_resistance(double length_m, double diameter_m, double gravity = kEpanetGravity);
/// h = minor loss x q^2 for a loss coefficient on v^2 / 2g.
double minor_loss(double coefficient, double diameter_m);
double minor_loss(double coefficient, double diameter_m, double gravity);

struct FrictionFactor {
  double value = 0.0;
  double slope = 0.0;  ///< d value / d flow
};
/// Darcy friction factor above Re = 2000; `scale` = viscosity x diameter.
FrictionFactor swamee_jain(double flow_m3s, double relative_roughness, double scale);
FrictionFactor colebrook(double flow_m3s, double relative_roughness, double scale);

struct Loss {
  double head_m = 0.0;    ///< sign of the flow
  double gradient = 0.0;  ///< dh/dq > 0
};
/// Loss of a pipe under Darcy-Weisbach or Colebrook: laminar below Re = 2000.
Loss darcy_loss(HeadlossLaw law, double flow_m3s, double resistance, double minor,
                double relative_roughness, double scale);

/// x^exponent to 1e-14 for x >= 0: 64 segments of the mantissa, Taylor to degree 5.
class FastPower {
 public:
  explicit FastPower(double exponent);
  double operator()(double x) const {
    const int e = static_cast<int>(std::bit_cast<std::uint64_t>(x) >> 52) - 1023;
    return e < kLeast || e > kMost ? outside(x) : within(x);
  }
  /// The same for kSmallest <= x <= kLargest, without a branch.
  double within(double x) const {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const auto segment = static_cast<std::size_t>((bits >> 46) & 63U);
    const double mantissa =
        std::bit_cast<double>((bits & 0x000F'FFFF'FFFF'FFFFULL) | 0x3FF0'0000'0000'0000ULL);
    const double u = mantissa - (1.0 + (static_cast<double>(segment) + 0.5) / kSegments);
    const auto& c = coefficient_[segment];
    const double value = c[0] + u * (c[1] + u * (c[2] + u * (c[3] + u * (c[4] + u * c[5]))));
    return value * power_of_two_[static_cast<std::size_t>(bits >> 52) - (1023 + kLeast)];
  }
  /// Its tables, for whoever takes many powers at once: six coefficients per segment, and 2^(e p)
  /// by e from -96.
  const double* coefficients() const { return coefficient_.front().data(); }
  const double* powers_of_two() const { return power_of_two_.data(); }
  static constexpr double kSmallest = 0x1p-96, kLargest = 0x1p32;

 private:
  double outside(double x) const;

  static constexpr int kSegments = 64;
  static constexpr int kLeast = -96, kMost = 32;  ///< binary exponents in the table
  double exponent_;
  std::array<std::array<double, 6>, kSegments> coefficient_{};
  std::array<double, kMost - kLeast + 1> power_of_two_{};
};

}  // namespace wintergrid::hydraulics
