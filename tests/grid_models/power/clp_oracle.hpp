#pragma once
// Test-only: minimum weighted shedding as a linear programme in angles, solved by Clp.
//
//   columns  theta (within a wide bound), f (+- limit), g (0 to capacity),
//            s (0 to d, or d to 0 for a curtailable injection, which costs nothing)
//   rows     one per bus: balance; one per branch: f - b (theta_i - theta_j) = -b shift;
//            one for the weighted shed, free unless it is capped
//
// An outage changes bounds only: f = 0 and its row free.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <coin/ClpSimplex.hpp>
#include <coin/CoinPackedMatrix.hpp>

#include "grid_models/power/network.hpp"
#include "grid_models/power/shedding.hpp"
#include "tests/grid_models/power/moment.hpp"

namespace wintergrid::test {

class ClpOracle {
 public:
  /// `injects`: blocks whose demand may be negative (and then always is).
  ClpOracle(const power::Network& network, const power::LoadBlocks& blocks,
            const std::vector<bool>& injects)
      : network_(network), blocks_(blocks) {
    const std::size_t buses = network.bus_count;
    const std::size_t branches = network.branch_count();
    flow_column_ = buses;
    generator_column_ = flow_column_ + branches;
    shed_column_ = generator_column_ + network.generator_count();
    const std::size_t columns = shed_column_ + blocks.bus.size();
    std::vector<int> row;
    std::vector<int> column;
    std::vector<double> value;
    const auto add = [&](std::size_t r, std::size_t c, double v) {
      row.push_back(static_cast<int>(r));
      column.push_back(static_cast<int>(c));
      value.push_back(v);
    };
    for (std::size_t l = 0; l < branches; ++l) {
      const double b = network.branch_susceptance_pu[l] * network.base_mva;
      add(network.branch_from[l], flow_column_ + l, -1.0);
      add(network.branch_to[l], flow_column_ + l, 1.0);
      add(buses + l, flow_column_ + l, 1.0);
      add(buses + l, network.branch_from[l], -b);
      add(buses + l, network.branch_to[l], b);
    }
    for (std::size_t j = 0; j < network.generator_count(); ++j) {
      add(network.generator_bus[j], generator_column_ + j, 1.0);
    }
    for (std::size_t k = 0; k < blocks.bus.size(); ++k) {
      add(blocks.bus[k], shed_column_ + k, 1.0);
      if (!injects[k]) {  // curtailment is not shed
        add(buses + branches, shed_column_ + k, blocks.weight[k]);
      }
    }
    const CoinPackedMatrix matrix(true, row.data(), column.data(), value.data(),
                                  static_cast<int>(value.size()));
    CoinPackedMatrix full(matrix);
    full.setDimensions(static_cast<int>(buses + branches + 1), static_cast<int>(columns));
    model_.setLogLevel(0);
    model_.setPrimalTolerance(1e-9);
    model_.setDualTolerance(1e-9);
    model_.loadProblem(full, nullptr, nullptr, nullptr, nullptr, nullptr);
    for (std::size_t v = 0; v < buses; ++v) {
      model_.setColumnBounds(static_cast<int>(v), -kAngleBound, kAngleBound);
    }
  }

  ClpOracle(const power::Network& network, const power::LoadBlocks& blocks)
      : ClpOracle(network, blocks, std::vector<bool>(blocks.bus.size(), false)) {}

  /// Remembers the optimal basis of this moment; later calls of minimum_shed(moment, true) start
  /// from it.
  void remember(const Moment& moment) {
    set_bounds(moment);
    model_.dual();
    status_.assign(model_.statusArray(),
                   model_.statusArray() + model_.numberRows() + model_.numberColumns());
  }

  /// Weighted shed of blocks with positive demand; NaN if Clp fails.
  double minimum_shed(const Moment& moment, bool warm = false) {
    set_bounds(moment);
    if (warm) {
      model_.copyinStatus(status_.data());
    } else {
      model_.allSlackBasis(true);
    }
    return optimum();
  }

  /// The smallest sum of (s_k / d_k) s'_k over all feasible s' whose weighted shed is no more than
  /// that of moment.shed_mw (plus `slack`). moment.shed_mw = s has the smallest sum of s^2 / d
  /// among them exactly if the result is the sum at s' = s: the first-order condition of a convex
  /// programme, which is sufficient.
  double smallest_along_gradient(const Moment& moment, double slack) {
    set_bounds(moment);
    double weighted = slack;
    for (std::size_t k = 0; k < blocks_.bus.size(); ++k) {
      if (moment.demand_mw[k] > 0.0) {
        weighted += blocks_.weight[k] * moment.shed_mw[k];
        model_.setObjectiveCoefficient(static_cast<int>(shed_column_ + k),
                                       moment.shed_mw[k] / moment.demand_mw[k]);
      }
    }
    const int cap = static_cast<int>(network_.bus_count + network_.branch_count());
    model_.setRowBounds(cap, -COIN_DBL_MAX, weighted);
    model_.allSlackBasis(true);
    const double result = optimum();
    model_.setRowBounds(cap, -COIN_DBL_MAX, COIN_DBL_MAX);
    return result;
  }

 private:
  double optimum() {
    model_.dual();
    if (model_.status() != 0) {
      model_.allSlackBasis(true);
      model_.primal();
    }
    return model_.status() == 0 ? model_.objectiveValue() : std::nan("");
  }

  // Angles are free up to a shift per island. Unbounded, Clp puts them at 1e10 and their
  // differences lose all digits that count (1e-3 MW seen); no island of the tests spans anything
  // near this.
  static constexpr double kAngleBound = 100.0;

  void set_bounds(const Moment& moment) {
    const std::size_t buses = network_.bus_count;
    std::vector<double> need(buses, 0.0);
    for (std::size_t k = 0; k < blocks_.bus.size(); ++k) {
      need[blocks_.bus[k]] += moment.demand_mw[k];
      const double d = moment.demand_mw[k];
      const int c = static_cast<int>(shed_column_ + k);
      const bool dead = moment.bus_up[blocks_.bus[k]] == 0;
      model_.setColumnBounds(c, dead ? d : std::min(0.0, d), dead ? d : std::max(0.0, d));
      model_.setObjectiveCoefficient(c, d > 0.0 ? blocks_.weight[k] : 0.0);
    }
    for (std::size_t v = 0; v < buses; ++v) {
      model_.setRowBounds(static_cast<int>(v), need[v], need[v]);
    }
    for (std::size_t l = 0; l < network_.branch_count(); ++l) {
      const int c = static_cast<int>(flow_column_ + l);
      const int r = static_cast<int>(buses + l);
      const bool up = moment.branch_up[l] != 0 && moment.bus_up[network_.branch_from[l]] != 0 &&
                      moment.bus_up[network_.branch_to[l]] != 0;
      const double limit = up ? std::min(network_.branch_limit_mw[l], COIN_DBL_MAX) : 0.0;
      const double right =
          -network_.branch_susceptance_pu[l] * network_.base_mva * network_.branch_shift_rad[l];
      model_.setColumnBounds(c, -limit, limit);
      model_.setRowBounds(r, up ? right : -COIN_DBL_MAX, up ? right : COIN_DBL_MAX);
    }
    for (std::size_t j = 0; j < network_.generator_count(); ++j) {
      const bool up = moment.bus_up[network_.generator_bus[j]] != 0;
      model_.setColumnBounds(static_cast<int>(generator_column_ + j), 0.0,
                             up ? moment.capacity_mw[j] : 0.0);
    }
  }

  const power::Network& network_;
  const power::LoadBlocks& blocks_;
  std::size_t flow_column_ = 0;
  std::size_t generator_column_ = 0;
  std::size_t shed_column_ = 0;
  ClpSimplex model_;
  std::vector<unsigned char> status_;
};

}  // namespace wintergrid::test
