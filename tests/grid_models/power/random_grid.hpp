#pragma once
// Test-only: seeded grids of any size, with islands, parallel branches, series capacitors and
// limits that bind.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "grid_models/power/network.hpp"
#include "grid_models/power/shedding.hpp"
#include "tests/grid_models/power/moment.hpp"

namespace wintergrid::test {

/// Numbers that are the same with every standard library (std distributions are not).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  double uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(engine_() >> 11U) * 0x1.0p-53;
  }
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(engine_() % count); }
  bool chance(double probability) { return uniform(0.0, 1.0) < probability; }

 private:
  std::mt19937_64 engine_;
};

struct RandomGrid {
  power::Network network;
  power::LoadBlocks blocks;
  std::vector<double> demand_mw;
  std::vector<bool> injects;  ///< blocks with negative demand
};

struct RandomGridOptions {
  std::size_t bus_count = 20;
  double chords_per_bus = 0.5;
  double parallel_share = 0.05;
  double capacitor_share =
      0.05;  ///< of branches split in two by a series capacitor, net reactance still positive
  double limit_factor = 1.2;  ///< of the flow at the copper plate; 0: no limits
  double limit_floor_mw = 2.0;
  double capacity_per_load = 1.5;
  bool two_weights = false;
  bool curtailable = false;
};

inline void add_branch(power::Network& network, std::size_t from, std::size_t to,
                       double reactance) {
  network.branch_from.push_back(static_cast<std::uint32_t>(from));
  network.branch_to.push_back(static_cast<std::uint32_t>(to));
  network.branch_susceptance_pu.push_back(1.0 / reactance);
  network.branch_shift_rad.push_back(0.0);
  network.branch_limit_mw.push_back(power::kNoLimit);
}

inline RandomGrid random_grid(Dice& dice, const RandomGridOptions& options) {
  RandomGrid grid;
  power::Network& network = grid.network;
  network.bus_count = options.bus_count;
  const auto connect = [&](std::size_t a, std::size_t b) {
    const double reactance = dice.uniform(0.01, 0.2);
    if (dice.chance(options.capacitor_share)) {
      const std::size_t middle = network.bus_count++;
      add_branch(network, a, middle, reactance);
      add_branch(network, middle, b, -dice.uniform(0.1, 0.6) * reactance);
    } else {
      add_branch(network, a, b, reactance);
    }
    if (dice.chance(options.parallel_share)) {
      add_branch(network, b, a, dice.uniform(0.01, 0.2));
    }
  };
  for (std::size_t v = 1; v < options.bus_count; ++v) {
    connect(
        v,
        v - 1 - dice.below(std::min<std::size_t>(v, 4)));  // near in number: long, like real grids
  }
  const auto chords =
      static_cast<std::size_t>(options.chords_per_bus * static_cast<double>(options.bus_count));
  for (std::size_t n = 0; n < chords; ++n) {
    const std::size_t a = dice.below(options.bus_count);
    const std::size_t b = dice.below(options.bus_count);
    if (a != b) {
      connect(a, b);
    }
  }
  double load = 0.0;
  for (std::uint32_t v = 0; v < options.bus_count; ++v) {
    const std::size_t count = options.two_weights ? 1 + dice.below(2) : 1;
    for (std::size_t n = 0; n < count; ++n) {
      const bool injects = options.curtailable && dice.chance(0.1);
      grid.blocks.bus.push_back(v);
      grid.blocks.weight.push_back(options.two_weights && dice.chance(0.3) ? 10.0 : 1.0);
      grid.injects.push_back(injects);
      grid.demand_mw.push_back(dice.chance(0.1) ? 0.0
                                                : dice.uniform(1.0, 20.0) * (injects ? -1.0 : 1.0));
      load += std::max(0.0, grid.demand_mw.back());
    }
  }
  const std::size_t generators = 1 + options.bus_count / 4;
  for (std::size_t j = 0; j < generators; ++j) {
    network.generator_bus.push_back(static_cast<std::uint32_t>(dice.below(options.bus_count)));
    network.generator_capacity_mw.push_back(dice.uniform(0.5, 1.5) * options.capacity_per_load *
                                            load / static_cast<double>(generators));
  }
  if (options.limit_factor > 0.0) {
    power::Shedding shedding(network, grid.blocks);
    Moment moment = moment_of(network, grid.demand_mw);
    solve(shedding, moment);
    for (std::size_t l = 0; l < network.branch_count(); ++l) {
      network.branch_limit_mw[l] =
          std::max(options.limit_floor_mw,
                   options.limit_factor * dice.uniform(0.7, 1.3) * std::abs(moment.flow_mw[l]));
    }
  }
  return grid;
}

/// Takes out up to `branches` branches, `buses` buses and `generators` generators.
inline void strike(Dice& dice, const power::Network& network, std::size_t branches,
                   std::size_t buses, std::size_t generators, Moment& moment) {
  for (std::size_t n = dice.below(branches + 1); n > 0; --n) {
    moment.branch_up[dice.below(network.branch_count())] = 0;
  }
  for (std::size_t n = dice.below(buses + 1); n > 0; --n) {
    moment.bus_up[dice.below(network.bus_count)] = 0;
  }
  for (std::size_t n = dice.below(generators + 1); n > 0; --n) {
    moment.capacity_mw[dice.below(network.generator_count())] = 0.0;
  }
}

}  // namespace wintergrid::test
