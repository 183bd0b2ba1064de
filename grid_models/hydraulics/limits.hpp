#pragma once
// Very large and very small slopes that EPANET's equations use, in SI units.

namespace wintergrid::hydraulics {

inline constexpr double kConductance = 0.09290304;  ///< 1 cfs/ft in m2/s
inline constexpr double kLargeConductance = 1e8 * kConductance;
inline constexpr double kSmallConductance = 1e-8 * kConductance;
inline constexpr double kFreeConductance = 1e6 * kConductance;  ///< an open valve without losses

}  // namespace wintergrid::hydraulics
