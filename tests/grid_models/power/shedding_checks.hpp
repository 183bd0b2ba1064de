#pragma once
// Test-only: do the outputs of Shedding fit together?

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "grid_models/power/dc_flow.hpp"
#include "grid_models/power/network.hpp"
#include "grid_models/power/shedding.hpp"
#include "tests/grid_models/power/moment.hpp"

namespace wintergrid::test {

/// Bounds, balance of every bus (Kirchhoff on the flows given), and limits.
inline void expect_feasible(const power::Network& network, const power::LoadBlocks& blocks,
                            const power::Shedding& shedding, const Moment& moment,
                            double tolerance) {
  std::vector<double> net(network.bus_count, 0.0);
  double worst_bound = 0.0;
  for (std::size_t j = 0; j < moment.generation_mw.size(); ++j) {
    const double g = moment.generation_mw[j];
    worst_bound = std::max({worst_bound, -g, g - moment.capacity_mw[j]});
    net[network.generator_bus[j]] += g;
  }
  for (std::size_t k = 0; k < moment.shed_mw.size(); ++k) {
    const double s = moment.shed_mw[k];
    worst_bound = std::max({worst_bound, std::min(0.0, moment.demand_mw[k]) - s,
                            s - std::max(0.0, moment.demand_mw[k])});
    net[blocks.bus[k]] -= moment.demand_mw[k] - s;
  }
  double worst_limit = 0.0;
  for (std::size_t l = 0; l < network.branch_count(); ++l) {
    net[network.branch_from[l]] -= moment.flow_mw[l];
    net[network.branch_to[l]] += moment.flow_mw[l];
    worst_limit = std::max(worst_limit, std::abs(moment.flow_mw[l]) - network.branch_limit_mw[l]);
    if (shedding.flow().branch_in_service()[l] == 0) {
      EXPECT_EQ(moment.flow_mw[l], 0.0);
    }
  }
  double worst_balance = 0.0;
  for (const double value : net) {
    worst_balance = std::max(worst_balance, std::abs(value));
  }
  EXPECT_LE(worst_bound, 0.0);
  EXPECT_LE(worst_balance, tolerance);
  EXPECT_LE(worst_limit, tolerance);
}

}  // namespace wintergrid::test
