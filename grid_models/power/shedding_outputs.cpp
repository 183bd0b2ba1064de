// The outputs of one island: from the programme's solution, from the copper plate, and the stated
// bound where the exact method fails. Equations and sources: shedding.cpp, steps 1 to 3.

#include <algorithm>
#include <cmath>

#include "grid_models/power/shedding_impl.hpp"

namespace wintergrid::power {

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
  const auto is_here = [&](std::uint32_t l) {
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
    if (is_here(l) && change != 0.0) {
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
