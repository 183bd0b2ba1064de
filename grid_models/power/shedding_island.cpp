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
// The split of shed has settled when a proximal step moves no load by more than this share of it,
// or cannot, because no centre moves by more than this share of its capacity over delta.
constexpr double kSettledShare = 1e-7;
// Continuation: where it begins, the factor of the costs from one level to the next, and the Newton
// steps of a level up to which the factor is squared and beyond which its root is taken.
constexpr double kFirstEpsilon = 1.0;
constexpr double kFirstDelta = 1.0;
constexpr double kFirstFactor = 3.0;
constexpr double kSmallestFactor = 1.5;
constexpr double kLargestFactor = 1e4;
constexpr std::uint32_t kFewSteps = 4;
constexpr std::uint32_t kManySteps = 30;
// Violated limits times buses up to which the direct way is faster (measured on case118,
// case1354pegase and case2869pegase).
constexpr std::size_t kDirectSize = 6000;
constexpr std::uint32_t kProximalSteps = 20;
// Limits added at once; few where few are violated, because most of the others then hold by
// themselves.
constexpr std::size_t kFewViolated = 24;
constexpr std::size_t kRowsIfFew = 4;
constexpr std::size_t kRowsPerRound = 8;
// Accepted duality gap, as a share of the island's weighted demand.
constexpr double kGapShare = 4.0 * kEpsilon;

}  // namespace

void Shedding::Impl::begin_island(std::uint32_t island, double epsilon, double delta) {
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
      programme.add_variable(capacity_at[v], 0.0, capacity_at[v] / delta,
                             p.generation_share * capacity_at[v]);
    }
    if (injection_at[v] > 0.0) {
      variable.push_back({VariableKind::injection, v, v});
      programme.add_variable(injection_at[v], 0.0, injection_at[v] / delta,
                             p.injection_share * injection_at[v]);
    }
  }
  for (std::uint32_t n = 0; n < group_bus.size(); ++n) {
    if (island_of[group_bus[n]] == island && load_of_group[n] > 0.0) {
      variable.push_back({VariableKind::load, n, group_bus[n]});
      programme.add_variable(load_of_group[n], price_of(group_weight[n], epsilon), load_of_group[n],
                             0.0);
    }
  }
  programme.start(p.load, p.marginal_weight > 0.0 ? price_of(p.marginal_weight, epsilon) : 0.0,
                  p.marginal_share);
  limited_here.clear();
  for (const std::uint32_t l : limited) {
    row_of_branch[l] = 0;
    if (flow.branch_in_service()[l] != 0 && island_of[network.branch_from[l]] == island) {
      limited_here.push_back(l);
    }
  }
  // Other islands keep the injections they have; here everything that is not a variable is load.
  std::copy(injection_mw.begin(), injection_mw.end(), base_injection_mw.begin());
  for (std::size_t v = 0; v < network.bus_count; ++v) {
    base_injection_mw[v] = island_of[v] == island ? 0.0 : base_injection_mw[v];
  }
  for (const Variable& v : variable) {
    if (v.kind == VariableKind::load) {
      base_injection_mw[v.bus] -= load_of_group[v.index];
    }
  }
}

double Shedding::Impl::price_of(double weight, double epsilon) const {
  return weight / lowest_weight / epsilon;
}

bool Shedding::Impl::add_violated_limits(std::uint32_t island) {
  violation.clear();
  for (const std::uint32_t l : limited_here) {
    if (const double over = excess(l); over > plate[island].tolerance) {
      violation.push_back({over / network.branch_limit_mw[l], over, l});
    }
  }
  const std::size_t taken =
      std::min(violation.size() <= kFewViolated ? kRowsIfFew : kRowsPerRound, violation.size());
  std::partial_sort(violation.begin(), violation.begin() + static_cast<std::ptrdiff_t>(taken),
                    violation.end(), [](const Violation& a, const Violation& b) {
                      return a.share != b.share ? a.share > b.share : a.branch < b.branch;
                    });
  const std::span<const Violation> worst{violation.data(), taken};
  add_rows(worst);
  for (const Violation& violated : worst) {
    activate_limit(violated);
  }
  return taken > 0;
}

// Rows for those that have none yet, in the direction of the violation.
void Shedding::Impl::add_rows(std::span<const Violation> violated) {
  constexpr std::size_t kLanes = DcFlow::kBranchesAtOnce;
  std::uint32_t wanted[kLanes];
  std::size_t count = 0;
  const auto fill = [&](std::uint32_t l, std::size_t stride, std::size_t lane) {
    const bool upper = flows[l] > 0.0;
    row_of_branch[l] = programme.add_row();
    row_is_upper[l] = upper ? 1 : 0;
    const std::span<double> row = programme.coefficients(row_of_branch[l]);
    for (std::size_t n = 0; n < row.size(); ++n) {
      const double factor = factors[stride * variable[n].bus + lane];
      row[n] = upper ? -factor : factor;
    }
  };
  for (std::size_t n = 0; n < violated.size(); ++n) {
    if (row_of_branch[violated[n].branch] == 0) {
      wanted[count++] = violated[n].branch;
    }
    if (count == kLanes || (n + 1 == violated.size() && count > 0)) {
      if (flow.transfer_factors(std::span<const std::uint32_t>{wanted, count}, factors)) {
        for (std::size_t lane = 0; lane < count; ++lane) {
          fill(wanted[lane], kLanes, lane);
        }
      } else {
        for (std::size_t lane = 0; lane < count; ++lane) {
          if (flow.transfer_factors(wanted[lane],
                                    std::span<double>{factors.data(), network.bus_count})) {
            fill(wanted[lane], 1, 0);
          }
        }
      }
      count = 0;
    }
  }
}

void Shedding::Impl::activate_limit(const Violation& violated) {
  const std::uint32_t l = violated.branch;
  const std::uint32_t row = row_of_branch[l];
  const bool upper = flows[l] > 0.0;
  if (row == 0) {
    return;  // cannot be solved: verification will tell
  }
  if ((row_is_upper[l] != 0) != upper) {
    if (programme.working(row)) {
      return;  // contradiction between row and flow: verification will tell
    }
    programme.reverse(row);
    row_is_upper[l] = upper ? 1 : 0;
  }
  programme.activate(row, violated.excess);
}

bool Shedding::Impl::nothing_shed() const {
  for (std::size_t n = 0; n < variable.size(); ++n) {
    if (variable[n].kind == VariableKind::load && programme.value(n) > 0.0) {
      return false;
    }
  }
  return true;
}

double Shedding::Impl::size_of(const Variable& v) const {
  return v.kind == VariableKind::generation  ? capacity_at[v.index]
         : v.kind == VariableKind::injection ? injection_at[v.index]
                                             : load_of_group[v.index];
}

bool Shedding::Impl::recentre() {
  double centre_move = 0.0;
  double load_move = 0.0;
  for (std::size_t n = 0; n < variable.size(); ++n) {
    const double value = programme.value(n);
    const double size = size_of(variable[n]);
    if (variable[n].kind != VariableKind::load) {
      centre_move = std::max(centre_move, std::abs(value - programme.centre(n)) / size);
    } else {
      load_move = std::max(load_move, std::abs(value - value_before[n]) / size);
    }
    value_before[n] = value;
  }
  if (kDelta * centre_move < kSettledShare || load_move < kSettledShare) {
    return false;
  }
  for (std::size_t n = 0; n < variable.size(); ++n) {
    if (variable[n].kind != VariableKind::load) {
      programme.recentre(n);
    }
  }
  return true;
}

bool Shedding::Impl::solve_to_limits(std::uint32_t island) {
  const Plate& p = plate[island];
  const double tolerance = 0.1 * kFlowTolerance * std::min(p.load, p.injection + p.capacity);
  const std::size_t rounds = 50 + 4 * limited.size();
  for (std::size_t round = 0; round < rounds; ++round) {
    if (programme.maximise(tolerance) != LimitedDispatch::Outcome::converged || !evaluate(island)) {
      return false;
    }
    if (!add_violated_limits(island)) {
      return true;
    }
  }
  return false;
}

bool Shedding::Impl::solve_by_continuation(std::uint32_t island) {
  double epsilon = kFirstEpsilon;
  double factor = kFirstFactor;
  begin_island(island, epsilon, kFirstDelta);
  std::uint32_t steps_before = 0;
  while (solve_to_limits(island)) {
    if (nothing_shed() || epsilon == kEpsilon) {
      return settle_split(island, kFirstDelta / kDelta);
    }
    const std::uint32_t steps = programme.iterations() - steps_before;
    steps_before = programme.iterations();
    factor = steps <= kFewSteps    ? std::min(factor * factor, kLargestFactor)
             : steps <= kManySteps ? factor
                                   : std::max(std::sqrt(factor), kSmallestFactor);
    const double next = std::max(kEpsilon, epsilon / factor);
    programme.raise_costs(epsilon / next);
    epsilon = next;
  }
  return false;
}

bool Shedding::Impl::solve_directly(std::uint32_t island) {
  begin_island(island, kEpsilon, kDelta);
  if (!evaluate(island)) {
    return false;
  }
  add_violated_limits(island);
  return solve_to_limits(island) && settle_split(island, 1.0);
}

// Proximal steps until the split of shed no longer depends on the generators' centres, which are
// softened first.
bool Shedding::Impl::settle_split(std::uint32_t island, double softer) {
  if (nothing_shed()) {
    return true;
  }
  value_before.assign(variable.size(), std::numeric_limits<double>::infinity());
  for (std::uint32_t step = 0; step < kProximalSteps && recentre(); ++step) {
    for (std::size_t n = 0; step == 0 && softer > 1.0 && n < variable.size(); ++n) {
      if (variable[n].kind != VariableKind::load) {
        programme.soften(n, softer);
      }
    }
    if (!solve_to_limits(island)) {
      return false;
    }
  }
  return true;
}

bool Shedding::Impl::solve_island(std::uint32_t island) {
  const std::span<const std::uint32_t> island_of = flow.island_of_bus();
  const auto buses =
      static_cast<std::size_t>(std::count(island_of.begin(), island_of.end(), island));
  const auto violated =
      static_cast<std::size_t>(std::count_if(limited.begin(), limited.end(), [&](std::uint32_t l) {
        return flow.branch_in_service()[l] != 0 && island_of[network.branch_from[l]] == island &&
               excess(l) > plate[island].tolerance;
      }));
  bool solved = false;
  if (violated * buses > kDirectSize) {
    solved = solve_by_continuation(island) && verify(island);
    result.iterations += programme.iterations();
  }
  if (!solved) {
    solved = solve_directly(island) && verify(island);
    result.iterations += programme.iterations();
  }
  if (solved) {
    read_island(island);
  }
  return solved;
}

bool Shedding::Impl::evaluate(std::uint32_t island) {
  std::copy(base_injection_mw.begin(), base_injection_mw.end(), injection_mw.begin());
  for (std::size_t n = 0; n < variable.size(); ++n) {
    injection_mw[variable[n].bus] += programme.value(n);
  }
  flow.solve(injection_mw, theta, flows);
  return flow.island_solved(island);
}

bool Shedding::Impl::verify(std::uint32_t island) {
  if (nothing_shed()) {
    return true;
  }
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
  return std::none_of(limited_here.begin(), limited_here.end(),
                      [&](std::uint32_t l) { return excess(l) > plate[island].tolerance; });
}

}  // namespace wintergrid::power
