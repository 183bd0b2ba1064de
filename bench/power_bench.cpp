// DC flow and minimum shedding per contingency, with Clp's warm-started linear programme as
// opponent.
//
// Grid: case118 under WINTERGRID_REFERENCE/power, else a synthetic grid of 118 buses. Branches
// without a limit get 1.2 times their flow at proportional dispatch, at least 20 MW. Sets of seeded
// random outages: N-2; N-k: 1 to 8 branches and 0 to 4 generators; heavy: a tenth of both. Clp
// starts each contingency from the basis of the intact grid; an outage changes bounds.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include <benchmark/benchmark.h>

#include "grid_models/power/dc_flow.hpp"
#include "grid_models/power/shedding.hpp"
#include "tests/grid_models/power/clp_oracle.hpp"
#include "tests/grid_models/power/matpower_fixture.hpp"
#include "tests/grid_models/power/moment.hpp"
#include "tests/grid_models/power/random_grid.hpp"

namespace wintergrid::power {
namespace {

enum class OutageSet : std::int64_t { n_minus_2, n_minus_k, heavy };

struct Grid {
  Network network;
  LoadBlocks blocks;
  std::vector<double> demand_mw;
};

void limit_by_base_flow(Grid& grid, double factor, double floor_mw) {
  Network unlimited = grid.network;
  std::fill(unlimited.branch_limit_mw.begin(), unlimited.branch_limit_mw.end(), kNoLimit);
  Shedding shedding(unlimited, grid.blocks);
  test::Moment moment = test::moment_of(unlimited, grid.demand_mw);
  test::solve(shedding, moment);
  for (std::size_t l = 0; l < grid.network.branch_count(); ++l) {
    double& limit = grid.network.branch_limit_mw[l];
    limit = limit < kNoLimit ? limit : std::max(factor * std::abs(moment.flow_mw[l]), floor_mw);
  }
}

Grid synthetic_grid(std::size_t buses) {
  test::Dice dice(1);
  test::RandomGridOptions options;
  options.bus_count = buses;
  options.capacitor_share = 0.0;
  options.limit_factor = 0.0;
  const test::RandomGrid made = test::random_grid(dice, options);
  return {made.network, made.blocks, made.demand_mw};
}

const Grid& limited_grid() {
  static const Grid grid = [] {
    const char* root = std::getenv("WINTERGRID_REFERENCE");
    const auto file = std::filesystem::path(root != nullptr ? root : "") / "power" / "case118.m";
    Grid made;
    if (root != nullptr && std::filesystem::exists(file)) {
      const test::MatpowerCase read = test::read_matpower_case(file);
      made = {read.network, one_block_per_bus(read.network.bus_count), read.demand_mw};
    } else {
      made = synthetic_grid(118);
    }
    limit_by_base_flow(made, 1.2, 20.0);
    return made;
  }();
  return grid;
}

std::vector<test::Moment> outages(const Grid& grid, OutageSet set, std::size_t count) {
  test::Dice dice(static_cast<std::uint64_t>(set) + 100);
  std::vector<test::Moment> moments;
  for (std::size_t n = 0; n < count; ++n) {
    moments.push_back(test::moment_of(grid.network, grid.demand_mw));
    std::size_t branches = 2;
    std::size_t generators = 0;
    if (set == OutageSet::n_minus_k) {
      branches = 1 + dice.below(8);
      generators = dice.below(5);
    } else if (set == OutageSet::heavy) {
      branches = grid.network.branch_count() / 10;
      generators = grid.network.generator_count() / 10;
    }
    for (; branches > 0; --branches) {
      moments.back().branch_up[dice.below(grid.network.branch_count())] = 0;
    }
    for (; generators > 0; --generators) {
      moments.back().capacity_mw[dice.below(grid.network.generator_count())] = 0.0;
    }
  }
  return moments;
}

constexpr std::size_t kMoments = 200;

void dc_flow(benchmark::State& state) {
  const Grid& grid = limited_grid();
  const bool change = state.range(0) != 0;
  const auto moments = outages(grid, OutageSet::n_minus_k, kMoments);
  std::vector<double> injection(grid.network.bus_count, 0.0);
  for (std::size_t v = 0; v < injection.size(); ++v) {
    injection[v] = -grid.demand_mw[v];
  }
  std::vector<double> theta(injection.size());
  std::vector<double> flow(grid.network.branch_count());
  DcFlow solver(grid.network);
  std::size_t n = 0;
  for (auto _ : state) {
    const test::Moment& m = moments[change ? n++ % kMoments : 0];
    solver.set_topology(m.branch_up, m.bus_up);
    benchmark::DoNotOptimize(solver.solve(injection, theta, flow));
  }
}
BENCHMARK(dc_flow)->ArgName("topology_changes")->Arg(0)->Arg(1);

void shedding_copper_plate(benchmark::State& state) {
  const Grid grid =
      synthetic_grid(static_cast<std::size_t>(state.range(0)));  // no limits: one flow decides
  const bool change = state.range(1) != 0;
  auto moments = outages(grid, OutageSet::n_minus_2, kMoments);
  Shedding shedding(grid.network, grid.blocks);
  std::size_t n = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(test::solve(shedding, moments[change ? n++ % kMoments : 0]));
  }
}
BENCHMARK(shedding_copper_plate)
    ->ArgNames({"buses", "topology_changes"})
    ->Args({50, 0})
    ->Args({50, 1})
    ->Args({118, 0})
    ->Args({118, 1});

void shedding(benchmark::State& state) {
  const Grid& grid = limited_grid();
  auto moments = outages(grid, static_cast<OutageSet>(state.range(0)), kMoments);
  Shedding solver(grid.network, grid.blocks);
  double shed_mw = 0.0;
  std::size_t bounded = 0;
  for (auto _ : state) {
    shed_mw = 0.0;
    bounded = 0;
    for (test::Moment& m : moments) {
      const SheddingResult result = test::solve(solver, m);
      shed_mw += result.shed_mw;
      bounded += result.status == SheddingStatus::bounded ? 1 : 0;
    }
  }
  state.counters["s_per_contingency"] = benchmark::Counter(
      static_cast<double>(kMoments),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["mean_shed_mw"] = shed_mw / static_cast<double>(kMoments);
  state.counters["bounded"] = static_cast<double>(bounded);
}
BENCHMARK(shedding)->ArgName("set")->DenseRange(0, 2)->Unit(benchmark::kMillisecond);

void clp_warm(benchmark::State& state) {
  const Grid& grid = limited_grid();
  const auto moments = outages(grid, static_cast<OutageSet>(state.range(0)), kMoments);
  test::ClpOracle oracle(grid.network, grid.blocks);
  oracle.remember(test::moment_of(grid.network, grid.demand_mw));
  double shed_mw = 0.0;
  for (auto _ : state) {
    shed_mw = 0.0;
    for (const test::Moment& m : moments) {
      shed_mw += oracle.minimum_shed(m, true);
    }
  }
  state.counters["s_per_contingency"] = benchmark::Counter(
      static_cast<double>(kMoments),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["mean_shed_mw"] = shed_mw / static_cast<double>(kMoments);
}
BENCHMARK(clp_warm)->ArgName("set")->DenseRange(0, 2)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace wintergrid::power

BENCHMARK_MAIN();
