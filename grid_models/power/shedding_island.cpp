// The exact optimum of one island whose copper-plate flows break a limit, its verification, and the
// stated bound where it fails. Equations and sources: shedding.cpp, steps 2 and 3.

#include <algorithm>
#include <cmath>
#include <limits>

#include "grid_models/core/contract.hpp"
#include "grid_models/power/shedding_impl.hpp"

namespace wintergrid::power {
namespace {

constexpr double kEpsilon = 1e-8;  // weight of (2) against (1)
constexpr double kDelta = 1e-3;    // weight of the generators' centring against (2)
// A centre that moves by less than this share of its capacity, times delta, has settled.
constexpr double kSettledShare = 1e-7;
constexpr std::uint32_t kProximalSteps = 20;
constexpr std::uint32_t kRowsPerRound = 8;
// Accepted duality gap, as a share of the island's weighted demand.
constexpr double kGapShare = 4.0 * kEpsilon;

}  // namespace

void Shedding::Impl::begin_island(std::uint32_t island) {
  const std::span<const std::uint32_t> island_of = flow.island_of_bus();
  const Plate& p = plate[island];
  std::fill(capacity_at.begin(), capacity_at.end(), 0.0);
  std::fill(injection_at.begin(), injection_at.end(), 0.0);
  std::fill(load_of_group.begin(), load_of_group.end(), 0.0);
  for (std::size_t j = 0; j < capacity.size(); ++j) {
    capacity_at[network.generator_bus[j]] += capacity[j];
  }
  for (std::size_t k = 0; k < demand.size(); ++k) {
    if (demand[k] < 0.0) {
      injection_at[blocks.bus[k]] -= demand[k];
    } else {
      load_of_group[group_of_block[k]] += demand[k];
    }
  }
  lowest_weight = std::numeric_limits<double>::infinity();
  weighted_load = 0.0;
  for (std::size_t n = 0; n < group_bus.size(); ++n) {
    if (island_of[group_bus[n]] == island && load_of_group[n] > 0.0) {
      lowest_weight = std::min(lowest_weight, group_weight[n]);
      weighted_load += group_weight[n] * load_of_group[n];
    }
  }
  programme.clear();
  variable.clear();
  for (std::uint32_t v = 0; v < network.bus_count; ++v) {
    if (island_of[v] != island) {
      continue;
    }
    if (capacity_at[v] > 0.0) {
      variable.push_back({VariableKind::generation, v, v});
      programme.add_variable(capacity_at[v], 0.0, capacity_at[v] / kDelta,
                             p.generation_share * capacity_at[v]);
    }
    if (injection_at[v] > 0.0) {
      variable.push_back({VariableKind::injection, v, v});
      programme.add_variable(injection_at[v], 0.0, injection_at[v] / kDelta,
                             p.injection_share * injection_at[v]);
    }
  }
  for (std::uint32_t n = 0; n < group_bus.size(); ++n) {
    if (island_of[group_bus[n]] == island && load_of_group[n] > 0.0) {
      variable.push_back({VariableKind::load, n, group_bus[n]});
      programme.add_variable(load_of_group[n], price_of(group_weight[n]), load_of_group[n], 0.0);
    }
  }
  programme.start(p.load, p.marginal_weight > 0.0 ? price_of(p.marginal_weight) : 0.0,
                  p.marginal_share);
  for (const std::uint32_t l : limited) {
    row_of_branch[l] = 0;
  }
}

bool Shedding::Impl::add_violated_limits(std::uint32_t island) {
  const std::span<const std::uint8_t> in_service = flow.branch_in_service();
  const std::span<const std::uint32_t> island_of = flow.island_of_bus();
  violation.clear();
  for (const std::uint32_t l : limited) {
    if (in_service[l] != 0 && island_of[network.branch_from[l]] == island &&
        has_violation(l, island_of)) {
      violation.push_back({std::abs(flows[l]) - network.branch_limit_mw[l], l});
    }
  }
  const std::size_t taken = std::min<std::size_t>(kRowsPerRound, violation.size());
  std::partial_sort(violation.begin(), violation.begin() + static_cast<std::ptrdiff_t>(taken),
                    violation.end(), [](const Violation& a, const Violation& b) {
                      return a.excess != b.excess ? a.excess > b.excess : a.branch < b.branch;
                    });
  for (std::size_t n = 0; n < taken; ++n) {
    add_limit(violation[n]);
  }
  return taken > 0;
}

void Shedding::Impl::add_limit(const Violation& violated) {
  const std::uint32_t l = violated.branch;
  const bool upper = flows[l] > 0.0;
  if (row_of_branch[l] == 0) {
    if (!flow.transfer_factors(l, factors)) {
      return;  // cannot be solved: verification will tell
    }
    row_of_branch[l] = programme.add_row();
    row_is_upper[l] = upper ? 1 : 0;
    const std::span<double> row = programme.coefficients(row_of_branch[l]);
    for (std::size_t n = 0; n < row.size(); ++n) {
      row[n] = upper ? -factors[variable[n].bus] : factors[variable[n].bus];
    }
  } else if ((row_is_upper[l] != 0) != upper) {
    if (programme.working(row_of_branch[l])) {
      return;  // contradiction between row and flow: verification will tell
    }
    programme.reverse(row_of_branch[l]);
    row_is_upper[l] = upper ? 1 : 0;
  }
  programme.activate(row_of_branch[l], violated.excess);
}

bool Shedding::Impl::recentre() {
  bool sheds = false;
  double largest_move = 0.0;
  for (std::size_t n = 0; n < variable.size(); ++n) {
    const double value = programme.value(n);
    switch (variable[n].kind) {
      case VariableKind::generation:
        largest_move = std::max(
            largest_move, std::abs(value - programme.centre(n)) / capacity_at[variable[n].index]);
        break;
      case VariableKind::injection:
        largest_move = std::max(
            largest_move, std::abs(value - programme.centre(n)) / injection_at[variable[n].index]);
        break;
      case VariableKind::load:
        sheds = sheds || value > 0.0;
        break;
    }
  }
  if (!sheds || kDelta * largest_move < kSettledShare) {
    return false;
  }
  for (std::size_t n = 0; n < variable.size(); ++n) {
    if (variable[n].kind != VariableKind::load) {
      programme.recentre(n);
    }
  }
  return true;
}

bool Shedding::Impl::solve_island(std::uint32_t island) {
  begin_island(island);
  const Plate& p = plate[island];
  const double tolerance = 0.1 * kFlowTolerance * std::min(p.load, p.injection + p.capacity);
  const std::size_t rounds = 50 + 4 * limited.size();
  std::uint32_t proximal_steps = 0;
  for (std::size_t round = 0; round < rounds; ++round) {
    if (!add_violated_limits(island)) {
      if (proximal_steps == kProximalSteps || !recentre()) {
        result.iterations += programme.iterations();
        return verify(island);
      }
      ++proximal_steps;
    }
    if (programme.maximise(tolerance) != LimitedDispatch::Outcome::converged || !evaluate(island)) {
      break;
    }
  }
  result.iterations += programme.iterations();
  return false;
}

bool Shedding::Impl::evaluate(std::uint32_t island) {
  read_island(island);
  sum_injections();
  flow.solve(injection_mw, theta, flows);
  return flow.island_solved(island);
}

bool Shedding::Impl::verify(std::uint32_t island) {
  const auto gap_closes = [&] {
    return programme.linear_gap() * kEpsilon * lowest_weight <= kGapShare * weighted_load;
  };
  if (gap_closes()) {
    return true;
  }
  // Steep prices make the residuals that are left count; take them down to rounding.
  programme.polish();
  if (!evaluate(island) || !gap_closes()) {
    return false;
  }
  for (const std::uint32_t l : limited) {
    if (flow.branch_in_service()[l] != 0 &&
        flow.island_of_bus()[network.branch_from[l]] == island &&
        has_violation(l, flow.island_of_bus())) {
      return false;
    }
  }
  return true;
}

void Shedding::Impl::scale_island(std::uint32_t island, double share) {
  const std::span<const std::uint32_t> island_of = flow.island_of_bus();
  for (std::size_t j = 0; j < generation.size(); ++j) {
    if (island_of[network.generator_bus[j]] == island) {
      generation[j] *= share;
    }
  }
  for (std::size_t k = 0; k < demand.size(); ++k) {
    if (island_of[blocks.bus[k]] == island) {
      shed[k] = demand[k] - share * (demand[k] - shed[k]);
    }
  }
}

void Shedding::Impl::bound_island(std::uint32_t island) {
  const std::span<const std::uint32_t> island_of = flow.island_of_bus();
  const auto limited_here = [&](std::uint32_t l) {
    return flow.branch_in_service()[l] != 0 && island_of[network.branch_from[l]] == island;
  };
  restore_copper_plate(island);
  sum_injections();
  flow.solve(injection_mw, theta, flows);
  double share = flow.island_solved(island) ? 1.0 : 0.0;
  for (std::size_t v = 0; v < network.bus_count; ++v) {
    injection_mw[v] = island_of[v] == island ? 0.0 : injection_mw[v];
  }
  flow.solve(injection_mw, theta, plain_flow);
  for (const std::uint32_t l : limited) {
    const double change = flows[l] - plain_flow[l];
    if (limited_here(l) && change != 0.0) {
      const double room =
          network.branch_limit_mw[l] - (change > 0.0 ? plain_flow[l] : -plain_flow[l]);
      share = std::clamp(room / std::abs(change), 0.0, share);
    }
  }
  scale_island(island, share);
  sum_injections();
  flow.solve(injection_mw, theta, flows);
}

void Shedding::Impl::restore_copper_plate(std::uint32_t island) {
  const std::span<const std::uint32_t> island_of = flow.island_of_bus();
  const Plate& p = plate[island];
  for (std::size_t j = 0; j < generation.size(); ++j) {
    if (island_of[network.generator_bus[j]] == island) {
      generation[j] = p.generation_share * capacity[j];
    }
  }
  for (std::size_t k = 0; k < demand.size(); ++k) {
    if (island_of[blocks.bus[k]] == island) {
      const double weight = blocks.weight[k];
      const double share = demand[k] < 0.0               ? 1.0 - p.injection_share
                           : weight < p.marginal_weight  ? 1.0
                           : weight == p.marginal_weight ? p.marginal_share
                                                         : 0.0;
      shed[k] = share * demand[k];
    }
  }
}

double Shedding::Impl::price_of(double weight) const { return weight / lowest_weight / kEpsilon; }

// Writes the programme's solution to the outputs of its island.
void Shedding::Impl::read_island(std::uint32_t island) {
  for (std::size_t n = 0; n < variable.size(); ++n) {
    const std::uint32_t index = variable[n].index;
    const double value = programme.value(n);
    switch (variable[n].kind) {
      case VariableKind::generation:
        fraction_generation[index] = value / capacity_at[index];
        break;
      case VariableKind::injection:
        fraction_injection[index] = value / injection_at[index];
        break;
      case VariableKind::load:
        fraction_group[index] = value / load_of_group[index];
        break;
    }
  }
  const std::span<const std::uint32_t> island_of = flow.island_of_bus();
  for (std::size_t j = 0; j < capacity.size(); ++j) {
    if (island_of[network.generator_bus[j]] == island && capacity[j] > 0.0) {
      generation[j] = fraction_generation[network.generator_bus[j]] * capacity[j];
    }
  }
  for (std::size_t k = 0; k < demand.size(); ++k) {
    if (island_of[blocks.bus[k]] == island) {
      shed[k] = demand[k] < 0.0   ? demand[k] * (1.0 - fraction_injection[blocks.bus[k]])
                : demand[k] > 0.0 ? demand[k] * fraction_group[group_of_block[k]]
                                  : 0.0;
    }
  }
}

}  // namespace wintergrid::power
