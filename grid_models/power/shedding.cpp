// Minimum load shedding under limits, exact and unique, without a general linear programme.
//
// Per island, with generation g, injections u (negative demand), shed s, and demand d, all in MW:
//
//   (1) minimise sum_k w_k s_k, (2) among those sum_k s_k^2 / d_k
//   subject to  sum g + sum u + sum s = sum d
//               |f_l| <= limit_l,  f = H (G g + U u - D (d - s)) + f_shift
//               0 <= g <= capacity,  0 <= u <= -d (d < 0),  0 <= s <= d (d > 0)
//
// where H holds the power transfer distribution factors and G, U, D place things at buses.
//
// 1. Copper plate. Without limits the answer is closed: injections first, then generators in
//    proportion to capacity; in deficit everything runs and whole weights are shed from the lowest
//    up, the last one in proportion to demand. One DC flow checks the limits. If none is violated
//    this is the optimum, because limits only take feasible points away.
// 2. Otherwise, in islands with a violated limit, the programme
//
//      minimise (1/epsilon) sum_k (w_k / w_min) s_k + sum_k s_k^2 / (2 d_k)
//               + delta [ sum_j (g_j - g0_j)^2 / (2 capacity_j) + the same for u ]
//
//    is solved by LimitedDispatch, violated limits being added until none is left (a DC flow each
//    time). A small enough epsilon gives (1) then (2) exactly (Mangasarian); at any epsilon the
//    weighted shed exceeds the minimum by at most epsilon/2 of itself plus delta epsilon/2 of the
//    capacity moved, here 5e-9 of it. The delta term makes g unique; moving its centre g0 to the
//    solution and solving again (proximal point, Rockafellar) takes its influence on s away.
// 3. The result is verified: limits by a DC flow, and (1) by the duality gap at the prices found.
//    What fails is replaced by the copper plate scaled down until its flows fit, and reported as
//    bounded.
//
// Generators at one bus share one price and one fraction, as do blocks of one weight at one bus:
// they are one variable each.
// Sources: O. L. Mangasarian, SIAM J. Control Optim. 22, 1984; R. T. Rockafellar, SIAM J. Control
// Optim. 14, 1976; B. Stott, J. Jardim, O. Alsac, IEEE Trans. Power Systems 24(3), 2009.

#include "grid_models/power/shedding.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "grid_models/core/contract.hpp"
#include "grid_models/power/shedding_impl.hpp"

namespace wintergrid::power {
namespace {

constexpr std::size_t kRowCapacity = 128;

}  // namespace

LoadBlocks one_block_per_bus(std::size_t bus_count, double weight) {
  LoadBlocks blocks;
  blocks.bus.resize(bus_count);
  std::iota(blocks.bus.begin(), blocks.bus.end(), 0U);
  blocks.weight.assign(bus_count, weight);
  return blocks;
}

Shedding::Impl::Impl(const Network& given_network, const LoadBlocks& given_blocks)
    : network(given_network), blocks(given_blocks), flow(given_network), programme(0, 0) {
  const std::size_t buses = network.bus_count;
  WG_CHECK(blocks.weight.size() == blocks.bus.size(), "load block arrays differ in length");
  WG_CHECK(network.generator_capacity_mw.size() == network.generator_count(),
           "generator arrays differ in length");
  for (const std::uint32_t v : network.generator_bus) {
    WG_CHECK(v < buses, "generator at a bus that does not exist");
  }
  for (std::size_t k = 0; k < blocks.bus.size(); ++k) {
    WG_CHECK(blocks.bus[k] < buses, "load block at a bus that does not exist");
    WG_CHECK(blocks.weight[k] > 0.0, "weight of a load block must be positive");
  }
  for (std::uint32_t l = 0; l < network.branch_count(); ++l) {
    if (network.branch_limit_mw[l] < kNoLimit) {
      limited.push_back(l);
    }
  }
  by_weight.resize(blocks.bus.size());
  std::iota(by_weight.begin(), by_weight.end(), 0U);
  std::stable_sort(by_weight.begin(), by_weight.end(), [&](std::uint32_t a, std::uint32_t b) {
    return blocks.weight[a] < blocks.weight[b];
  });
  group_blocks();

  plate.resize(buses);
  injection_mw.assign(buses, 0.0);
  theta.assign(buses, 0.0);
  factors.assign(buses, 0.0);
  capacity_at.assign(buses, 0.0);
  injection_at.assign(buses, 0.0);
  load_of_group.assign(group_bus.size(), 0.0);
  fraction_generation.assign(buses, 0.0);
  fraction_injection.assign(buses, 0.0);
  fraction_group.assign(group_bus.size(), 0.0);
  plain_flow.assign(network.branch_count(), 0.0);
  row_of_branch.assign(network.branch_count(), 0);
  row_is_upper.assign(network.branch_count(), 0);
  const std::size_t variables = 2 * buses + group_bus.size();
  variable.reserve(variables);
  island_todo.assign(buses, 0);
  unsolved.assign(buses, 0);
  violation.reserve(limited.size());
  programme = LimitedDispatch(variables, std::min(limited.size(), kRowCapacity));
}

void Shedding::Impl::group_blocks() {
  std::vector<std::uint32_t> order(blocks.bus.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return blocks.bus[a] != blocks.bus[b] ? blocks.bus[a] < blocks.bus[b]
                                          : blocks.weight[a] < blocks.weight[b];
  });
  group_of_block.assign(blocks.bus.size(), 0);
  for (const std::uint32_t k : order) {
    if (group_bus.empty() || group_bus.back() != blocks.bus[k] ||
        group_weight.back() != blocks.weight[k]) {
      group_bus.push_back(blocks.bus[k]);
      group_weight.push_back(blocks.weight[k]);
    }
    group_of_block[k] = static_cast<std::uint32_t>(group_bus.size() - 1);
  }
}

void Shedding::Impl::sum_injections() {
  std::fill(injection_mw.begin(), injection_mw.end(), 0.0);
  for (std::size_t j = 0; j < generation.size(); ++j) {
    injection_mw[network.generator_bus[j]] += generation[j];
  }
  for (std::size_t k = 0; k < shed.size(); ++k) {
    injection_mw[blocks.bus[k]] -= demand[k] - shed[k];
  }
}

void Shedding::Impl::copper_plate() {
  const std::span<const std::uint32_t> island_of = flow.island_of_bus();
  const std::uint32_t islands = flow.island_count();
  std::fill(plate.begin(), plate.begin() + islands, Plate{});
  for (std::size_t j = 0; j < capacity.size(); ++j) {
    WG_EXPECT(capacity[j] >= 0.0);
    if (const std::uint32_t i = island_of[network.generator_bus[j]]; i != kNoIsland) {
      plate[i].capacity += capacity[j];
    }
  }
  for (std::size_t k = 0; k < demand.size(); ++k) {
    if (const std::uint32_t i = island_of[blocks.bus[k]]; i != kNoIsland) {
      (demand[k] >= 0.0 ? plate[i].load : plate[i].injection) += std::abs(demand[k]);
    }
  }
  bool any_deficit = false;
  for (std::uint32_t i = 0; i < islands; ++i) {
    Plate& p = plate[i];
    const double from_generators = p.load - p.injection;
    if (from_generators < 0.0) {
      p.injection_share = p.load / p.injection;
    } else {
      p.injection_share = 1.0;
      p.to_shed = std::max(0.0, from_generators - p.capacity);
      p.generation_share = p.to_shed > 0.0    ? 1.0
                           : p.capacity > 0.0 ? from_generators / p.capacity
                                              : 0.0;
      any_deficit = any_deficit || p.to_shed > 0.0;
      result.energy_deficit_mw += p.to_shed;
    }
  }
  for (std::size_t j = 0; j < capacity.size(); ++j) {
    const std::uint32_t i = island_of[network.generator_bus[j]];
    generation[j] = i == kNoIsland ? 0.0 : plate[i].generation_share * capacity[j];
  }
  for (std::size_t k = 0; k < demand.size(); ++k) {
    const std::uint32_t i = island_of[blocks.bus[k]];
    shed[k] = i == kNoIsland    ? demand[k]
              : demand[k] < 0.0 ? demand[k] * (1.0 - plate[i].injection_share)
                                : 0.0;
  }
  if (any_deficit) {
    shed_by_weight();
  }
}

void Shedding::Impl::shed_by_weight() {
  const std::span<const std::uint32_t> island_of = flow.island_of_bus();
  for (std::size_t begin = 0; begin < by_weight.size();) {
    const double weight = blocks.weight[by_weight[begin]];
    std::size_t end = begin;
    for (; end < by_weight.size() && blocks.weight[by_weight[end]] == weight; ++end) {
      const std::uint32_t k = by_weight[end];
      if (const std::uint32_t i = island_of[blocks.bus[k]]; i != kNoIsland && demand[k] > 0.0) {
        plate[i].class_load += demand[k];
      }
    }
    for (std::uint32_t i = 0; i < flow.island_count(); ++i) {
      Plate& p = plate[i];
      if (p.to_shed > 0.0 && p.class_load > 0.0) {
        p.marginal_weight = weight;
        p.marginal_share = std::min(1.0, p.to_shed / p.class_load);
      }
    }
    for (std::size_t n = begin; n < end; ++n) {
      const std::uint32_t k = by_weight[n];
      if (const std::uint32_t i = island_of[blocks.bus[k]];
          i != kNoIsland && demand[k] > 0.0 && plate[i].to_shed > 0.0) {
        shed[k] = plate[i].marginal_share * demand[k];
      }
    }
    for (std::uint32_t i = 0; i < flow.island_count(); ++i) {
      Plate& p = plate[i];
      p.to_shed = p.to_shed > p.class_load ? p.to_shed - p.class_load : 0.0;
      p.class_load = 0.0;
    }
    begin = end;
  }
}

void Shedding::Impl::solve() {
  result = SheddingResult{};
  copper_plate();
  sum_injections();
  const bool solved = flow.solve(injection_mw, theta, flows);
  bool limits_bind = false;
  if (!solved) {
    mark_unsolved();
    limits_bind = true;
  }
  const std::span<const std::uint8_t> in_service = flow.branch_in_service();
  const std::span<const std::uint32_t> island_of = flow.island_of_bus();
  // Islands by number, so that what is done never depends on the order of branches.
  for (const std::uint32_t l : limited) {
    if (in_service[l] != 0 && has_violation(l, island_of)) {
      limits_bind = true;
      island_todo[island_of[network.branch_from[l]]] = 1;
    }
  }
  bool bounded = false;
  if (limits_bind) {
    for (std::uint32_t i = 0; i < flow.island_count(); ++i) {
      if (island_todo[i] != 0) {
        island_todo[i] = 0;
        if (unsolved[i] != 0 || !solve_island(i)) {
          bound_island(i);
          bounded = true;
        }
        unsolved[i] = 0;
      }
    }
  }
  for (std::size_t k = 0; k < demand.size(); ++k) {
    result.shed_mw += demand[k] > 0.0 ? shed[k] : 0.0;
  }
  result.status = bounded                               ? SheddingStatus::bounded
                  : limits_bind || result.shed_mw > 0.0 ? SheddingStatus::optimal
                                                        : SheddingStatus::balanced;
}

void Shedding::Impl::mark_unsolved() {
  for (std::uint32_t i = 0; i < flow.island_count(); ++i) {
    if (!flow.island_solved(i)) {
      island_todo[i] = 1;
      unsolved[i] = 1;
    }
  }
}

Shedding::Shedding(const Network& network, const LoadBlocks& blocks)
    : impl_(std::make_unique<Impl>(network, blocks)) {}
Shedding::~Shedding() = default;
Shedding::Shedding(Shedding&&) noexcept = default;
Shedding& Shedding::operator=(Shedding&&) noexcept = default;

SheddingResult Shedding::solve(std::span<const std::uint8_t> branch_up,
                               std::span<const std::uint8_t> bus_up,
                               std::span<const double> capacity_mw,
                               std::span<const double> demand_mw, std::span<double> shed_mw,
                               std::span<double> generation_mw, std::span<double> flow_mw) {
  Impl& m = *impl_;
  WG_EXPECT(capacity_mw.size() == m.network.generator_count());
  WG_EXPECT(generation_mw.size() == m.network.generator_count());
  WG_EXPECT(demand_mw.size() == m.blocks.bus.size() && shed_mw.size() == m.blocks.bus.size());
  WG_EXPECT(flow_mw.size() == m.network.branch_count());
  m.flow.set_topology(branch_up, bus_up);
  m.capacity = capacity_mw;
  m.demand = demand_mw;
  m.shed = shed_mw;
  m.generation = generation_mw;
  m.flows = flow_mw;
  m.solve();
  return m.result;
}

const DcFlow& Shedding::flow() const { return impl_->flow; }

}  // namespace wintergrid::power
