#pragma once
// Which uncertain inputs matter: screening and variance shares of a function of the unit cube.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace wintergrid::sensitivity {

/// Several outputs of one point of the unit cube; the same point gives the same outputs.
using Function = std::function<std::vector<double>(std::span<const double>)>;

/// Elementary effects of one factor on one output, over the whole range of the factor.
struct Effect {
  double mean_absolute = 0.0;              ///< mu*
  double ci95_low = 0.0, ci95_high = 0.0;  ///< of mu*, normal approximation over trajectories
  double mean = 0.0;                       ///< mu: with sign
  double standard_deviation = 0.0;         ///< sigma: not linear, or with other factors
};

/// [output][factor]. `trajectories` >= 2 walks through a grid of four levels, each with factors + 1
/// evaluations.
std::vector<std::vector<Effect>> screen(const Function& function, std::size_t factors,
                                        std::size_t trajectories, std::uint64_t seed);

/// Shares of an output's variance.
struct VarianceShare {
  double first = 0.0, first_low = 0.0, first_high = 0.0;  ///< by the factor alone, 95 % bootstrap
  double total = 0.0, total_low = 0.0, total_high = 0.0;  ///< with everything it takes part in
};

/// [output][factor] from `rows` >= 8 rows, rows (factors + 2) evaluations.
std::vector<std::vector<VarianceShare>> decompose(const Function& function, std::size_t factors,
                                                  std::size_t rows, std::uint64_t seed);

}  // namespace wintergrid::sensitivity
