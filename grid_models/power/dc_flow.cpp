// DC power flow by islands.
//
//   p_l     = b_l (theta_i - theta_j - shift_l)    flow of branch l from bus i to bus j, pu
//   B theta = P - P_shift                          balance of every bus, pu
//   B       = A^T diag(b) A                        A: branches x buses, +1 at from, -1 at to
//   P_shift = -A^T (b shift)                       what phase shifters inject
//
// Per island theta(ground) = 0: row and column of the grounded bus are those of the identity, so
// that the pattern of B is the same for every topology. Branches out of service contribute 0; buses
// out of service are grounded.
//
// With series capacitors (b < 0) B may be indefinite. L D L^T without pivoting is then not backward
// stable, so every solve checks its residual, refines once, and else solves the island densely with
// pivoting.
//
// Sources: B. Stott, J. Jardim, O. Alsac, DC Power Flow Revisited, IEEE Trans. Power Systems 24(3),
// 2009; MATPOWER manual, section 3.7.

#include "grid_models/power/dc_flow.hpp"

#include <algorithm>
#include <utility>

#include "grid_models/core/contract.hpp"
#include "grid_models/power/dc_flow_impl.hpp"

namespace wintergrid::power {
namespace {

std::vector<std::pair<std::uint32_t, std::uint32_t>> branch_pairs(const Network& network) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  pairs.reserve(network.branch_count());
  for (std::size_t l = 0; l < network.branch_count(); ++l) {
    pairs.emplace_back(network.branch_from[l], network.branch_to[l]);
  }
  return pairs;
}

}  // namespace

DcFlow::Impl::Impl(const Network& given)
    : network(given), ldlt(given.bus_count, branch_pairs(given)) {
  const std::size_t buses = network.bus_count;
  const std::size_t branches = network.branch_count();
  WG_CHECK(
      network.branch_to.size() == branches && network.branch_susceptance_pu.size() == branches &&
          network.branch_shift_rad.size() == branches && network.branch_limit_mw.size() == branches,
      "branch arrays differ in length");
  WG_CHECK(network.base_mva > 0.0, "base_mva must be positive");
  last_branch_up.assign(branches, 0);
  last_bus_up.assign(buses, 0);
  in_service.assign(branches, 0);
  live.reserve(branches);
  root.assign(buses, 0);
  island_of_bus.assign(buses, kNoIsland);
  ground.assign(buses, 0);
  grounded.assign(buses, 1);
  weak_island.assign(buses, 0);
  failed.assign(buses, 0);
  right_side.assign(buses, 0.0);
  angle.assign(buses, 0.0);
  residual.assign(buses, 0.0);
  lane_angle.assign(SparseLdlt::kLanes * buses, 0.0);
  lane_residual.assign(SparseLdlt::kLanes * buses, 0.0);
  for (std::size_t l = 0; l < branches; ++l) {
    has_shift = has_shift || network.branch_shift_rad[l] != 0.0;
  }
}

std::uint32_t DcFlow::Impl::find(std::uint32_t bus) {
  while (root[bus] != bus) {
    root[bus] = root[root[bus]];
    bus = root[bus];
  }
  return bus;
}

void DcFlow::Impl::find_islands() {
  const auto buses = static_cast<std::uint32_t>(network.bus_count);
  for (std::uint32_t v = 0; v < buses; ++v) {
    root[v] = v;
  }
  live.clear();
  for (std::uint32_t l = 0; l < network.branch_count(); ++l) {
    const std::uint32_t from = network.branch_from[l];
    const std::uint32_t to = network.branch_to[l];
    const bool up =
        last_branch_up[l] != 0 && last_bus_up[from] != 0 && last_bus_up[to] != 0 && from != to;
    in_service[l] = up ? 1 : 0;
    if (!up) {
      continue;
    }
    live.push_back(LiveBranch{l, from, to, network.branch_susceptance_pu[l]});
    const std::uint32_t a = find(from);
    const std::uint32_t b = find(to);
    // The lower root wins: a root is then the lowest bus of its island, whatever the order of
    // branches.
    root[std::max(a, b)] = std::min(a, b);
  }
  island_count = 0;
  for (std::uint32_t v = 0; v < buses; ++v) {
    grounded[v] = 1;
    if (last_bus_up[v] == 0) {
      island_of_bus[v] = kNoIsland;
    } else if (const std::uint32_t r = find(v); r == v) {
      ground[island_count] = v;
      island_of_bus[v] = island_count++;
    } else {
      island_of_bus[v] = island_of_bus[r];  // r < v has its number already
      grounded[v] = 0;
    }
  }
}

void DcFlow::Impl::factor() {
  ldlt.clear();
  const std::span<double> value = ldlt.values();
  const std::span<const std::uint32_t> slot = ldlt.pair_slots();
  for (const LiveBranch& l : live) {
    value[ldlt.diagonal_slot(l.from)] += l.susceptance_pu;
    value[ldlt.diagonal_slot(l.to)] += l.susceptance_pu;
    if (grounded[l.from] == 0 && grounded[l.to] == 0) {
      value[slot[l.branch]] -= l.susceptance_pu;
    }
  }
  for (std::uint32_t v = 0; v < network.bus_count; ++v) {
    if (grounded[v] != 0) {
      value[ldlt.diagonal_slot(v)] = 1.0;
    }
  }
  ldlt.factor();
  dense.clear();
  has_weak_island = false;
  if (!ldlt.weak_rows().empty()) {
    has_weak_island = true;
    std::fill(weak_island.begin(), weak_island.end(), std::uint8_t{0});
    for (const std::uint32_t v : ldlt.weak_rows()) {
      weak_island[island_of_bus[v]] = 1;
    }
  }
}

DcFlow::DcFlow(const Network& network) : impl_(std::make_unique<Impl>(network)) {}
DcFlow::~DcFlow() = default;
DcFlow::DcFlow(DcFlow&&) noexcept = default;
DcFlow& DcFlow::operator=(DcFlow&&) noexcept = default;

void DcFlow::set_topology(std::span<const std::uint8_t> branch_up,
                          std::span<const std::uint8_t> bus_up) {
  Impl& m = *impl_;
  WG_EXPECT(branch_up.size() == m.network.branch_count());
  WG_EXPECT(bus_up.size() == m.network.bus_count);
  if (m.has_topology && std::equal(branch_up.begin(), branch_up.end(), m.last_branch_up.begin()) &&
      std::equal(bus_up.begin(), bus_up.end(), m.last_bus_up.begin())) {
    return;
  }
  std::copy(branch_up.begin(), branch_up.end(), m.last_branch_up.begin());
  std::copy(bus_up.begin(), bus_up.end(), m.last_bus_up.begin());
  m.has_topology = true;
  m.find_islands();
  m.factor();
}

std::span<const std::uint32_t> DcFlow::island_of_bus() const { return impl_->island_of_bus; }
std::uint32_t DcFlow::island_count() const { return impl_->island_count; }
std::uint32_t DcFlow::failed_islands() const { return impl_->failed_count; }
bool DcFlow::island_solved(std::uint32_t island) const { return impl_->failed[island] == 0; }
std::span<const std::uint8_t> DcFlow::branch_in_service() const { return impl_->in_service; }

bool DcFlow::solve(std::span<const double> injection_mw, std::span<double> theta_rad,
                   std::span<double> flow_mw, std::uint32_t reference_bus) {
  Impl& m = *impl_;
  const Network& network = m.network;
  WG_EXPECT(m.has_topology);
  WG_EXPECT(injection_mw.size() == network.bus_count && theta_rad.size() == network.bus_count);
  WG_EXPECT(flow_mw.size() == network.branch_count());
  const double per_base = 1.0 / network.base_mva;

  const std::uint32_t reference_island =
      reference_bus < network.bus_count ? m.island_of_bus[reference_bus] : kNoIsland;
  double reference_imbalance = 0.0;
  for (std::size_t v = 0; v < network.bus_count; ++v) {
    m.right_side[v] = injection_mw[v] * per_base;
    if (reference_island != kNoIsland && m.island_of_bus[v] == reference_island) {
      reference_imbalance += m.right_side[v];
    }
  }
  if (reference_island != kNoIsland) {
    m.right_side[reference_bus] -= reference_imbalance;
  }
  if (m.has_shift) {
    for (const LiveBranch& l : m.live) {
      const double shifted = l.susceptance_pu * network.branch_shift_rad[l.branch];
      m.right_side[l.from] += shifted;
      m.right_side[l.to] -= shifted;
    }
  }
  for (std::size_t v = 0; v < network.bus_count; ++v) {
    m.right_side[v] = m.grounded[v] != 0 ? 0.0 : m.right_side[v];
  }
  m.solve_checked();

  const double reference_angle = reference_island != kNoIsland ? m.angle[reference_bus] : 0.0;
  for (std::size_t v = 0; v < network.bus_count; ++v) {
    theta_rad[v] = m.angle[v];
    if (reference_island != kNoIsland && m.island_of_bus[v] == reference_island) {
      theta_rad[v] -= reference_angle;
    }
  }
  if (m.live.size() < network.branch_count()) {
    std::fill(flow_mw.begin(), flow_mw.end(), 0.0);
  }
  for (const LiveBranch& l : m.live) {
    flow_mw[l.branch] = l.susceptance_pu * network.base_mva *
                        (m.angle[l.from] - m.angle[l.to] - network.branch_shift_rad[l.branch]);
  }
  if (m.failed_count > 0) {
    for (const LiveBranch& l : m.live) {
      if (m.failed[m.island_of_bus[l.from]] != 0) {
        flow_mw[l.branch] = 0.0;
      }
    }
  }
  return m.failed_count == 0;
}

void DcFlow::Impl::set_exchange(std::uint32_t branch) {
  const std::uint32_t from = network.branch_from[branch];
  const std::uint32_t to = network.branch_to[branch];
  const double susceptance = network.branch_susceptance_pu[branch];
  std::fill(right_side.begin(), right_side.end(), 0.0);
  right_side[from] = grounded[from] != 0 ? 0.0 : susceptance;
  right_side[to] = grounded[to] != 0 ? 0.0 : -susceptance;
}

bool DcFlow::transfer_factors(std::uint32_t branch, std::span<double> factor_of_bus) {
  Impl& m = *impl_;
  WG_EXPECT(m.has_topology && branch < m.network.branch_count());
  WG_EXPECT(factor_of_bus.size() == m.network.bus_count);
  std::fill(factor_of_bus.begin(), factor_of_bus.end(), 0.0);
  if (m.in_service[branch] == 0) {
    return false;
  }
  // B is symmetric: the row b (e_i - e_j)^T B^-1 is the angles of a unit exchange over the branch.
  m.set_exchange(branch);
  m.solve_checked();
  if (m.failed[m.island_of_bus[m.network.branch_from[branch]]] != 0) {
    return false;
  }
  std::copy(m.angle.begin(), m.angle.end(), factor_of_bus.begin());
  return true;
}

bool DcFlow::transfer_factors(std::span<const std::uint32_t> branches,
                              std::span<double> factor_of_bus) {
  constexpr std::size_t kLanes = SparseLdlt::kLanes;
  static_assert(kLanes == kBranchesAtOnce);
  Impl& m = *impl_;
  WG_EXPECT(m.has_topology && branches.size() <= kLanes);
  WG_EXPECT(factor_of_bus.size() == kLanes * m.network.bus_count);
  bool regular = !m.has_weak_island;
  std::fill(m.lane_angle.begin(), m.lane_angle.end(), 0.0);
  for (std::size_t lane = 0; regular && lane < branches.size(); ++lane) {
    const std::uint32_t l = branches[lane];
    regular = m.in_service[l] != 0;
    const std::uint32_t from = m.network.branch_from[l];
    const std::uint32_t to = m.network.branch_to[l];
    const double susceptance = m.network.branch_susceptance_pu[l];
    m.lane_angle[kLanes * from + lane] = m.grounded[from] != 0 ? 0.0 : susceptance;
    m.lane_angle[kLanes * to + lane] = m.grounded[to] != 0 ? 0.0 : -susceptance;
  }
  if (!regular || !m.solve_lanes()) {
    return false;
  }
  std::copy(m.lane_angle.begin(), m.lane_angle.end(), factor_of_bus.begin());
  return true;
}

}  // namespace wintergrid::power
