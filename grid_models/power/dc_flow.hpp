#pragma once
// DC power flow on a fixed sparsity pattern, islands first-class.
//
//   B theta = P,   p_ij = b_ij (theta_i - theta_j - shift_ij) base_mva
//
// One bus per island is grounded; out-of-service branches keep their place in the pattern with
// value 0, so one symbolic factorisation (minimum degree) serves every topology. Own L D L^T.
// Negative susceptances are handled: pivots are checked and the residual is verified; a dense
// fallback solves an island whose factorisation fails.
//
// Sources: Stott, Jardim, Alsac, "DC Power Flow Revisited", IEEE Trans. Power Systems 24(3), 2009;
// MATPOWER manual 3.7.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "grid_models/power/network.hpp"

namespace wintergrid::power {

inline constexpr std::uint32_t kNoIsland = UINT32_MAX;

/// Scratch and factors for one thread; sized once from the network, which must outlive it. Nothing
/// allocates after construction, unless an island needs the dense fallback (near-singular matrices
/// only).
class DcFlow {
 public:
  explicit DcFlow(const Network& network);
  ~DcFlow();
  DcFlow(DcFlow&&) noexcept;
  DcFlow& operator=(DcFlow&&) noexcept;

  /// branch_up[branch_count], bus_up[bus_count]: 1 in service. Finds islands and refactors; does
  /// nothing if unchanged since the last call. A branch with an end at a bus out of service is out
  /// of service.
  void set_topology(std::span<const std::uint8_t> branch_up, std::span<const std::uint8_t> bus_up);

  /// Island of each bus: numbered 0.. in order of their lowest bus; kNoIsland for a bus out of
  /// service.
  std::span<const std::uint32_t> island_of_bus() const;
  std::uint32_t island_count() const;

  /// Solves for bus angles (radians; grounded bus of each island 0 unless reference_bus lies in it)
  /// and branch flows (MW at the from end; 0 out of service). injection_mw[bus_count] should
  /// balance within each island; an imbalance is taken by the grounded bus. False if an island
  /// could not be solved (singular); its flows are then 0 and it is reported by failed_islands().
  bool solve(std::span<const double> injection_mw, std::span<double> theta_rad,
             std::span<double> flow_mw, std::uint32_t reference_bus = UINT32_MAX);
  std::uint32_t failed_islands() const;
  /// Was this island solved by the last solve() or transfer_factors()?
  bool island_solved(std::uint32_t island) const;

  /// For each bus the flow on `branch` (MW at the from end) per MW injected there and withdrawn at
  /// the grounded bus of its island: a row of the matrix of power transfer distribution factors.
  /// False (and all 0) if the branch is out of service or its island could not be solved.
  bool transfer_factors(std::uint32_t branch, std::span<double> factor_of_bus);

  /// The same for up to kBranchesAtOnce branches: that of branches[n] for a bus at kBranchesAtOnce
  /// * bus + n. False if any of them needs more than the plain factorisation (out of service,
  /// series capacitors): then ask for each alone.
  static constexpr std::size_t kBranchesAtOnce = 4;
  bool transfer_factors(std::span<const std::uint32_t> branches, std::span<double> factor_of_bus);

  /// branch_count: 1 if the branch and both its ends are in service.
  std::span<const std::uint8_t> branch_in_service() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wintergrid::power
