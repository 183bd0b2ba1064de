#pragma once
// Exact minimum load shedding under generator and branch limits, with a unique optimum.
//
//   minimise   sum_k w_k s_k                      (first; equal to the linear programme)
//   then       sum_k s_k^2 / d_k  per weight      (among those optima: unique shed, proportional where nothing binds)
//   subject to B theta = G g - (D - s) per island, 0 <= g <= g_max, 0 <= s <= d, |flow| <= limit
//
// Loads may be negative (injections that may be curtailed at no cost, w = 0). No general LP: see shedding.cpp.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "grid_models/power/dc_flow.hpp"
#include "grid_models/power/network.hpp"

namespace wintergrid::power {

/// Loads as blocks: a bus may have several, of different weight (ordinary, critical).
struct LoadBlocks {
  std::vector<std::uint32_t> bus;
  std::vector<double> weight;  ///< > 0; cost per MW shed
};

enum class SheddingStatus : std::uint8_t {
  balanced,   ///< nothing shed, no limit binds at the chosen dispatch
  optimal,    ///< exact optimum by the active-set method
  bounded,    ///< did not converge: the result is feasible and its shed is an upper bound
};

struct SheddingResult {
  SheddingStatus status = SheddingStatus::balanced;
  double shed_mw = 0.0;           ///< sum over blocks with positive demand
  double energy_deficit_mw = 0.0; ///< part that would remain without branch limits, summed over islands
  std::uint32_t iterations = 0;
};

/// One per thread. Nothing allocates after construction. A pure function of its arguments: no warm start changes a bit.
class Shedding {
 public:
  Shedding(const Network& network, const LoadBlocks& blocks);
  ~Shedding();
  Shedding(Shedding&&) noexcept;
  Shedding& operator=(Shedding&&) noexcept;

  /// branch_up, bus_up as in DcFlow::set_topology. capacity_mw[generator_count] >= 0 available now.
  /// demand_mw[block count] (>= 0, or < 0 for a curtailable injection).
  /// Outputs: shed_mw[block count], generation_mw[generator_count], flow_mw[branch_count]. Blocks at a bus out of service
  /// or in an island without capacity are shed whole.
  SheddingResult solve(std::span<const std::uint8_t> branch_up, std::span<const std::uint8_t> bus_up,
                       std::span<const double> capacity_mw, std::span<const double> demand_mw,
                       std::span<double> shed_mw, std::span<double> generation_mw,
                       std::span<double> flow_mw);

  const DcFlow& flow() const;  ///< islands of the last solve

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wintergrid::power
