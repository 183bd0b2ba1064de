#pragma once
// Very large and very small slopes that EPANET's equations use, in SI units.

namespace wintergrid::hydraulics {

inline constexpr double kConductance = 0.09290304;  ///< 1 cfs/ft in m2/s
inline constexpr double kLargeConductance = 1e8 * kConductance;
inline constexpr double kSmallConductance = 1e-8 * kConductance;
inline constexpr double kFreeConductance = 1e6 * kConductance;  ///< an open valve without losses

/// Outside their range demands and outlets cost this much, m per m3/s.
inline constexpr double kBarrier = 1e9 / kConductance;
/// Below this share demand grows in a straight line with pressure: its slope stays finite.
inline constexpr double kLeastShare = 1e-4;
/// Demands step at most by this share of the full demand.
inline constexpr double kLargestDemandStep = 0.4;
/// Closed links count 1e-8 cfs/ft beside 1e6 of open valves: only what is rounding is nothing.
inline constexpr double kWeakPivot = 1e-15;

}  // namespace wintergrid::hydraulics
