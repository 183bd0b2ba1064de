#pragma once
// The electrical network as the solvers see it: structure of arrays, per-unit susceptance,
// megawatts.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace wintergrid::power {

inline constexpr double kNoLimit = std::numeric_limits<double>::infinity();

/// Indices are dense: bus 0..bus_count-1, branch and generator by position. Pattern is fixed; what
/// is in service changes.
struct Network {
  std::size_t bus_count = 0;
  double base_mva = 100.0;
  // branches
  std::vector<std::uint32_t> branch_from;
  std::vector<std::uint32_t> branch_to;
  std::vector<double> branch_susceptance_pu;  ///< 1 / (x * tap); negative for series capacitors
  std::vector<double> branch_shift_rad;       ///< phase shift, 0 for lines
  std::vector<double> branch_limit_mw;        ///< thermal limit, kNoLimit if none
  // generators
  std::vector<std::uint32_t> generator_bus;
  std::vector<double> generator_capacity_mw;

  std::size_t branch_count() const { return branch_from.size(); }
  std::size_t generator_count() const { return generator_bus.size(); }
};

}  // namespace wintergrid::power
