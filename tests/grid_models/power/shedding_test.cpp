// Minimum shedding: closed forms, second objective, books, and the properties it promises.

#include "grid_models/power/shedding.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "tests/grid_models/power/moment.hpp"
#include "tests/grid_models/power/random_grid.hpp"
#include "tests/grid_models/power/shedding_checks.hpp"
#include "tests/support/allocation_counter.hpp"

namespace wintergrid::power {
namespace {

using test::Dice;
using test::Moment;
using test::moment_of;
using test::solve;

struct Small {
  Network network;
  LoadBlocks blocks;
  std::vector<double> demand_mw;

  void branch(std::size_t from, std::size_t to, double limit_mw = kNoLimit,
              double reactance = 0.1) {
    test::add_branch(network, from, to, reactance);
    network.branch_limit_mw.back() = limit_mw;
  }
  void generator(std::uint32_t bus, double mw) {
    network.generator_bus.push_back(bus);
    network.generator_capacity_mw.push_back(mw);
  }
  void load(std::uint32_t bus, double mw, double weight = 1.0) {
    blocks.bus.push_back(bus);
    blocks.weight.push_back(weight);
    demand_mw.push_back(mw);
  }
};

TEST(Shedding, EnoughOfEverythingIsDispatchedInProportionToCapacity) {
  Small g;
  g.network.bus_count = 3;
  g.branch(0, 1, 100.0);
  g.branch(1, 2, 100.0);
  g.generator(0, 60.0);
  g.generator(0, 20.0);
  g.generator(2, 40.0);
  g.load(1, 30.0);
  g.load(2, 30.0);
  Shedding shedding(g.network, g.blocks);
  Moment m = moment_of(g.network, g.demand_mw);
  const SheddingResult result = solve(shedding, m);
  EXPECT_EQ(result.status, SheddingStatus::balanced);
  EXPECT_EQ(result.shed_mw, 0.0);
  EXPECT_EQ(result.energy_deficit_mw, 0.0);
  EXPECT_NEAR(m.generation_mw[0], 30.0, 1e-12);
  EXPECT_NEAR(m.generation_mw[1], 10.0, 1e-12);
  EXPECT_NEAR(m.generation_mw[2], 20.0, 1e-12);
  EXPECT_NEAR(m.flow_mw[0], 40.0, 1e-12);
  test::expect_feasible(g.network, g.blocks, shedding, m, 1e-9);
}

TEST(Shedding, ADeficitIsSharedInProportionFromTheLowestWeightUp) {
  Small g;
  g.network.bus_count = 2;
  g.branch(0, 1);
  g.generator(0, 50.0);
  g.load(0, 10.0, 10.0);
  g.load(0, 20.0);
  g.load(1, 40.0);
  g.load(1, 30.0, 10.0);
  Shedding shedding(g.network, g.blocks);
  Moment m = moment_of(g.network, g.demand_mw);
  SheddingResult result = solve(shedding, m);  // 100 MW of load, 50 MW short, 60 MW of weight 1
  EXPECT_EQ(result.status, SheddingStatus::optimal);
  EXPECT_NEAR(result.shed_mw, 50.0, 1e-12);
  EXPECT_NEAR(result.energy_deficit_mw, 50.0, 1e-12);
  EXPECT_EQ(m.shed_mw[0], 0.0);
  EXPECT_NEAR(m.shed_mw[1], 20.0 * 50.0 / 60.0, 1e-12);
  EXPECT_NEAR(m.shed_mw[2], 40.0 * 50.0 / 60.0, 1e-12);
  EXPECT_EQ(m.shed_mw[3], 0.0);

  m.capacity_mw[0] = 20.0;  // 80 MW short: all 60 MW of weight 1, and half of the rest
  result = solve(shedding, m);
  EXPECT_NEAR(result.shed_mw, 80.0, 1e-12);
  EXPECT_EQ(m.shed_mw[1], 20.0);
  EXPECT_EQ(m.shed_mw[2], 40.0);
  EXPECT_NEAR(m.shed_mw[0], 5.0, 1e-12);
  EXPECT_NEAR(m.shed_mw[3], 15.0, 1e-12);
}

TEST(Shedding, ALimitShedsWhatItCutsOffAndSharesItInProportion) {
  Small g;
  g.network.bus_count = 3;
  g.branch(0, 1, 12.0);
  g.branch(1, 2);
  g.generator(0, 100.0);
  g.load(0, 50.0);
  g.load(1, 10.0);
  g.load(2, 20.0);
  Shedding shedding(g.network, g.blocks);
  Moment m = moment_of(g.network, g.demand_mw);
  const SheddingResult result = solve(shedding, m);
  EXPECT_EQ(result.status, SheddingStatus::optimal);
  EXPECT_NEAR(result.shed_mw, 18.0, 1e-7);
  EXPECT_EQ(result.energy_deficit_mw, 0.0);  // all of it is due to the limit
  EXPECT_NEAR(m.shed_mw[0], 0.0, 1e-7);
  EXPECT_NEAR(m.shed_mw[1], 6.0, 1e-6);
  EXPECT_NEAR(m.shed_mw[2], 12.0, 1e-6);
  EXPECT_NEAR(m.flow_mw[0], 12.0, 1e-7);
}

TEST(Shedding, ASecondGeneratorBehindTheLimitIsUsedBeforeAnythingIsShed) {
  Small g;
  g.network.bus_count = 2;
  g.branch(0, 1, 10.0);
  g.generator(0, 100.0);
  g.generator(1, 15.0);
  g.load(1, 25.0);
  Shedding shedding(g.network, g.blocks);
  Moment m = moment_of(g.network, g.demand_mw);
  const SheddingResult result = solve(shedding, m);
  EXPECT_NEAR(result.shed_mw, 0.0, 1e-9);
  EXPECT_NEAR(m.generation_mw[0], 10.0, 1e-6);
  EXPECT_NEAR(m.generation_mw[1], 15.0, 1e-6);
  EXPECT_GT(result.iterations, 0u);
}

TEST(Shedding, ALoopIsLimitedByItsShortWay) {
  // Triangle of equal reactances: of each MW from 0 to 2, 2/3 flows directly. With a limit of 20 MW
  // there, 30 MW arrive; a generator at 1 pushes 1/3 of its output through 0-2 the other way round
  // (1 -> 0 -> 2 carries 1/3).
  Small g;
  g.network.bus_count = 3;
  g.branch(0, 1);
  g.branch(1, 2);
  g.branch(0, 2, 20.0);
  g.generator(0, 100.0);
  g.load(2, 50.0);
  Shedding alone(g.network, g.blocks);
  Moment m = moment_of(g.network, g.demand_mw);
  EXPECT_NEAR(solve(alone, m).shed_mw, 20.0, 1e-6);

  g.generator(1, 12.0);  // 2/3 (x) + 1/3 (12) = 20 => x = 24: 14 MW are missing
  Shedding both(g.network, g.blocks);
  m = moment_of(g.network, g.demand_mw);
  EXPECT_NEAR(solve(both, m).shed_mw, 14.0, 1e-6);
  EXPECT_NEAR(m.flow_mw[2], 20.0, 1e-7);
}

TEST(Shedding, LoadsInTheSamePlaceOfASymmetricGridAreShedAlike) {
  // A star: four equal limited arms, each feeding two buses in a row of which the far one has twice
  // the demand.
  Small g;
  g.network.bus_count = 9;
  g.generator(0, 1000.0);
  for (std::uint32_t arm = 0; arm < 4; ++arm) {
    g.branch(0, 1 + 2 * arm, 9.0);
    g.branch(1 + 2 * arm, 2 + 2 * arm);
    g.load(1 + 2 * arm, 10.0);
    g.load(2 + 2 * arm, 20.0);
  }
  Shedding shedding(g.network, g.blocks);
  Moment m = moment_of(g.network, g.demand_mw);
  EXPECT_NEAR(solve(shedding, m).shed_mw, 84.0, 1e-6);
  for (std::size_t arm = 0; arm < 4; ++arm) {
    EXPECT_NEAR(m.shed_mw[2 * arm], 7.0, 1e-5);
    EXPECT_NEAR(m.shed_mw[2 * arm + 1], 14.0, 1e-5);
  }
}

TEST(Shedding, HeavierBlocksBehindALimitAreServedFirst) {
  Small g;
  g.network.bus_count = 2;
  g.branch(0, 1, 12.0);
  g.generator(0, 100.0);
  g.load(1, 10.0, 10.0);
  g.load(1, 10.0);
  g.load(1, 5.0);
  Shedding shedding(g.network, g.blocks);
  Moment m = moment_of(g.network, g.demand_mw);
  EXPECT_NEAR(solve(shedding, m).shed_mw, 13.0, 1e-7);
  EXPECT_NEAR(m.shed_mw[0], 0.0, 1e-9);
  EXPECT_NEAR(m.shed_mw[1], 13.0 * 2.0 / 3.0, 1e-6);
  EXPECT_NEAR(m.shed_mw[2], 13.0 / 3.0, 1e-6);
}

TEST(Shedding, DeadBusesAndIslandsWithoutCapacityAreShedWhole) {
  Small g;
  g.network.bus_count = 4;
  g.branch(0, 1);
  g.branch(2, 3);
  g.generator(0, 10.0);
  g.generator(3, 99.0);
  g.load(0, 4.0);
  g.load(1, 5.0);
  g.load(2, 6.0);
  g.load(3, 7.0);
  Shedding shedding(g.network, g.blocks);
  Moment m = moment_of(g.network, g.demand_mw);
  m.bus_up = {1, 0, 1, 1};
  m.capacity_mw[1] = 0.0;
  const SheddingResult result = solve(shedding, m);
  EXPECT_EQ(m.shed_mw, (std::vector<double>{0.0, 5.0, 6.0, 7.0}));
  EXPECT_EQ(result.shed_mw, 18.0);
  EXPECT_EQ(result.energy_deficit_mw, 13.0);  // of the island 2-3; a dead bus belongs to no island
  EXPECT_EQ(shedding.flow().island_count(), 2u);
  EXPECT_EQ(m.flow_mw, (std::vector<double>{0.0, 0.0}));
}

TEST(Shedding, InjectionsComeFirstAndAreCurtailedFreely) {
  Small g;
  g.network.bus_count = 2;
  g.branch(0, 1, 8.0);
  g.generator(0, 100.0);
  g.load(0, -20.0);
  g.load(1, 6.0);
  Shedding shedding(g.network, g.blocks);
  Moment m = moment_of(g.network, g.demand_mw);
  SheddingResult result = solve(shedding, m);  // 6 of 20 MW are used
  EXPECT_EQ(result.status, SheddingStatus::balanced);
  EXPECT_EQ(m.generation_mw[0], 0.0);
  EXPECT_NEAR(m.shed_mw[0], -14.0, 1e-12);
  EXPECT_EQ(m.shed_mw[1], 0.0);

  m.demand_mw[1] = 30.0;  // the limit lets 8 MW through
  result = solve(shedding, m);
  EXPECT_NEAR(result.shed_mw, 22.0, 1e-7);
  EXPECT_NEAR(m.generation_mw[0] + 20.0 + m.shed_mw[0], 8.0, 1e-7);
  test::expect_feasible(g.network, g.blocks, shedding, m, 1e-7);
}

TEST(Shedding, WhatNoDispatchCanMendIsReportedAsBounded) {
  // A phase shifter drives 100 * 0.1 / (0.1 + 0.1) = 50 MW around two parallel branches whatever is
  // dispatched.
  Small g;
  g.network.bus_count = 2;
  g.branch(0, 1, 20.0);
  g.branch(0, 1, 20.0);
  g.network.branch_shift_rad[0] = 0.1;
  g.generator(0, 10.0);
  g.load(1, 10.0);
  Shedding shedding(g.network, g.blocks);
  Moment m = moment_of(g.network, g.demand_mw);
  const SheddingResult result = solve(shedding, m);
  EXPECT_EQ(result.status, SheddingStatus::bounded);
  EXPECT_NEAR(result.shed_mw, 10.0, 1e-9);
  EXPECT_NEAR(m.flow_mw[0], -50.0, 1e-9);
  EXPECT_NEAR(m.flow_mw[1], 50.0, 1e-9);
}

TEST(Shedding, AnIslandWhoseAnglesCannotBeSolvedIsShedAndReported) {
  Small g;
  g.network.bus_count = 4;
  g.branch(0, 1, 20.0, 0.1);
  g.branch(0, 1, 20.0, -0.1);
  g.branch(2, 3, 20.0);
  g.generator(0, 10.0);
  g.generator(2, 10.0);
  g.load(1, 5.0);
  g.load(3, 6.0);
  Shedding shedding(g.network, g.blocks);
  Moment m = moment_of(g.network, g.demand_mw);
  const SheddingResult result = solve(shedding, m);
  EXPECT_EQ(result.status, SheddingStatus::bounded);
  EXPECT_EQ(m.shed_mw, (std::vector<double>{5.0, 0.0}));
  EXPECT_EQ(m.generation_mw[0], 0.0);
  EXPECT_NEAR(m.flow_mw[2], 6.0, 1e-12);
}

/// Grids on which limits bind, each with a few struck moments.
template <class Visit>
void for_random_moments(std::uint64_t seed, int grids, int moments, Visit visit) {
  Dice dice(seed);
  for (int n = 0; n < grids; ++n) {
    test::RandomGridOptions options;
    options.bus_count = 6 + dice.below(30);
    options.two_weights = n % 2 == 0;
    options.curtailable = n % 3 == 0;
    options.limit_factor = 1.0;
    const test::RandomGrid grid = test::random_grid(dice, options);
    for (int k = 0; k < moments; ++k) {
      SCOPED_TRACE("grid " + std::to_string(n) + ", moment " + std::to_string(k));
      Moment moment = moment_of(grid.network, grid.demand_mw);
      test::strike(dice, grid.network, 4, 1, 2, moment);
      visit(dice, grid, moment);
    }
  }
}

TEST(Shedding, PermutingEverythingPermutesTheShed) {
  for_random_moments(11, 15, 3, [](Dice& dice, const test::RandomGrid& grid, Moment& m) {
    const auto shuffled = [&](std::size_t count) {
      std::vector<std::uint32_t> to(count);
      std::iota(to.begin(), to.end(), 0U);
      for (std::size_t i = count; i > 1; --i) {
        std::swap(to[i - 1], to[dice.below(i)]);
      }
      return to;
    };
    const Network& a = grid.network;
    const auto bus_to = shuffled(a.bus_count);
    const auto branch_to = shuffled(a.branch_count());
    const auto block_to = shuffled(grid.blocks.bus.size());
    const auto generator_to = shuffled(a.generator_count());
    Network b = a;
    LoadBlocks blocks = grid.blocks;
    Moment n = m;
    for (std::size_t l = 0; l < a.branch_count(); ++l) {
      // Turned around as well: from and to are only a convention of sign.
      b.branch_from[branch_to[l]] = bus_to[a.branch_to[l]];
      b.branch_to[branch_to[l]] = bus_to[a.branch_from[l]];
      b.branch_susceptance_pu[branch_to[l]] = a.branch_susceptance_pu[l];
      b.branch_limit_mw[branch_to[l]] = a.branch_limit_mw[l];
      n.branch_up[branch_to[l]] = m.branch_up[l];
    }
    for (std::size_t v = 0; v < a.bus_count; ++v) {
      n.bus_up[bus_to[v]] = m.bus_up[v];
    }
    for (std::size_t k = 0; k < block_to.size(); ++k) {
      blocks.bus[block_to[k]] = bus_to[grid.blocks.bus[k]];
      blocks.weight[block_to[k]] = grid.blocks.weight[k];
      n.demand_mw[block_to[k]] = m.demand_mw[k];
    }
    for (std::size_t j = 0; j < generator_to.size(); ++j) {
      b.generator_bus[generator_to[j]] = bus_to[a.generator_bus[j]];
      b.generator_capacity_mw[generator_to[j]] = a.generator_capacity_mw[j];
      n.capacity_mw[generator_to[j]] = m.capacity_mw[j];
    }
    Shedding one(a, grid.blocks);
    Shedding other(b, blocks);
    EXPECT_EQ(solve(one, m).status, solve(other, n).status);
    for (std::size_t k = 0; k < block_to.size(); ++k) {
      if (m.demand_mw[k] >= 0.0) {  // curtailment, like generation, is not unique
        EXPECT_NEAR(m.shed_mw[k], n.shed_mw[block_to[k]],
                    1e-4);  // the split is met to about 1e-5 MW
      }
    }
  });
}

TEST(Shedding, ScalingEveryMegawattScalesTheResult) {
  for_random_moments(12, 15, 3, [](Dice&, const test::RandomGrid& grid, Moment& m) {
    constexpr double kScale = 1000.0;
    Network scaled = grid.network;
    scaled.base_mva *= kScale;
    Moment n = m;
    for (auto* list : {&scaled.branch_limit_mw, &n.demand_mw, &n.capacity_mw}) {
      for (double& value : *list) {
        value *= kScale;
      }
    }
    Shedding one(grid.network, grid.blocks);
    Shedding other(scaled, grid.blocks);
    const SheddingResult a = solve(one, m);
    const SheddingResult b = solve(other, n);
    EXPECT_EQ(a.status, b.status);
    for (std::size_t k = 0; k < m.shed_mw.size(); ++k) {
      if (m.demand_mw[k] >= 0.0) {
        EXPECT_NEAR(kScale * m.shed_mw[k], n.shed_mw[k], kScale * 1e-5);
      }
    }
  });
}

void expect_no_allocation_and_no_memory(std::size_t buses, std::size_t least_limited) {
  Dice dice(13);
  test::RandomGridOptions options;
  options.bus_count = buses;
  options.two_weights = true;
  options.limit_factor = 1.0;
  const test::RandomGrid grid = test::random_grid(dice, options);
  std::vector<Moment> moments;
  std::size_t limited = 0;
  for (int n = 0; n < 30; ++n) {
    moments.push_back(moment_of(grid.network, grid.demand_mw));
    test::strike(dice, grid.network, 6, 1, 2, moments.back());
    Shedding fresh(grid.network, grid.blocks);
    limited += solve(fresh, moments.back()).iterations > 0 ? 1 : 0;
  }
  EXPECT_GE(limited, least_limited);
  std::vector<Moment> again = moments;
  Shedding shedding(grid.network, grid.blocks);
  const test::AllocationScope scope;
  for (std::size_t n = again.size(); n-- > 0;) {
    solve(shedding, again[n]);
  }
  EXPECT_EQ(scope.count(), 0u);
  for (std::size_t n = 0; n < moments.size(); ++n) {
    EXPECT_EQ(moments[n].shed_mw, again[n].shed_mw);  // to the last bit
    EXPECT_EQ(moments[n].generation_mw, again[n].generation_mw);
    EXPECT_EQ(moments[n].flow_mw, again[n].flow_mw);
  }
}

TEST(Shedding, NothingAllocatesAndNothingIsRemembered) {
  expect_no_allocation_and_no_memory(40, 15);
}

// Large enough for continuation: more than 6,000 violated limits times buses in many moments.
TEST(Shedding, NothingAllocatesAndNothingIsRememberedInLargeIslands) {
  expect_no_allocation_and_no_memory(120, 25);
}

}  // namespace
}  // namespace wintergrid::power
