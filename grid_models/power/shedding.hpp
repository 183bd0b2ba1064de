#pragma once
// Exact minimum load shedding under generator and branch limits, with a unique optimum.
//
//   minimise   sum_k w_k s_k       first: equal to the linear programme
//   then       sum_k s_k^2 / d_k   among those optima, over all blocks: the shed is then unique
//                                  (proportional to demand within a weight where no limit binds)
//   subject to B theta = G g - (D - s) per island, 0 <= g <= g_max, 0 <= s <= d, |flow| <= limit
//
// Loads may be negative: an injection of -d that may be curtailed at no cost; then d <= s <= 0 and
// -d + s is injected.
//
// Generation is not unique. Where no limit binds it is proportional to capacity, after all
// injections are used; else it is what the method reaches from there. No general LP: see
// shedding.cpp.

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
  /// Cost per MW shed: > 0, and at most about 1e4 times the smallest in its island.
  std::vector<double> weight;
};

/// One block of this weight at every bus.
LoadBlocks one_block_per_bus(std::size_t bus_count, double weight = 1.0);

enum class SheddingStatus : std::uint8_t {
  balanced,  ///< nothing shed, no limit binds at the chosen dispatch
  optimal,   ///< exact optimum, verified: feasible, and its duality gap closes
  bounded,   ///< not verified in some island: there the proportional dispatch is scaled down until
             ///< it respects all limits, so the result is feasible and its shed an upper bound (but
             ///< phase shifters may break limits by themselves)
};

struct SheddingResult {
  SheddingStatus status = SheddingStatus::balanced;
  double shed_mw = 0.0;            ///< sum over blocks with positive demand
  double energy_deficit_mw = 0.0;  ///< what no island's supply covers, limits or not
  std::uint32_t iterations = 0;
};

/// One per thread; the network and blocks must outlive it. A pure function of its arguments: no
/// warm start changes a bit. Nothing allocates after construction, unless more than 128 limits of
/// one island come into play in one solve (storage then grows once) or an island needs DcFlow's
/// dense fallback.
class Shedding {
 public:
  Shedding(const Network& network, const LoadBlocks& blocks);
  ~Shedding();
  Shedding(Shedding&&) noexcept;
  Shedding& operator=(Shedding&&) noexcept;

  /// branch_up, bus_up as in DcFlow::set_topology. capacity_mw[generator_count] >= 0 available now.
  /// demand_mw[block count] (>= 0, or < 0 for a curtailable injection).
  /// Outputs: shed_mw[block count], generation_mw[generator_count], flow_mw[branch_count]. Blocks
  /// at a bus out of service or in an island without capacity are shed whole.
  SheddingResult solve(std::span<const std::uint8_t> branch_up,
                       std::span<const std::uint8_t> bus_up, std::span<const double> capacity_mw,
                       std::span<const double> demand_mw, std::span<double> shed_mw,
                       std::span<double> generation_mw, std::span<double> flow_mw);

  const DcFlow& flow() const;  ///< topology and islands of the last solve

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wintergrid::power
