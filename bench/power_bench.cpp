// DC flow, minimum shedding and the cascade per contingency, with Clp's warm-started linear
// programme as opponent.
//
// Grid: case118 under WINTERGRID_REFERENCE/power, else a synthetic grid of 118 buses; for the large
// sets case1354pegase and case2869pegase, which only the reference folder has. Branches without a
// limit get 1.2 times their flow at proportional dispatch, at least 20 MW; minimum output is 0,
// phase shifts are left out and reactances taken positive, so that both sides solve the same.
// Sets of seeded random outages: N-2; N-k: 1 to 8 branches and 0 to 4 generators (large grids: 1 to
// 40 and 0 to 30); heavy: a tenth of both. Clp starts each contingency from the basis of the intact
// grid; an outage changes bounds. Times are thread CPU time of each contingency, of the last pass.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "grid_models/power/cascade.hpp"
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
  std::vector<std::uint8_t> branch_up;
};

void limit_by_base_flow(Grid& grid, double factor, double floor_mw) {
  Network unlimited = grid.network;
  std::fill(unlimited.branch_limit_mw.begin(), unlimited.branch_limit_mw.end(), kNoLimit);
  Shedding shedding(unlimited, grid.blocks);
  test::Moment moment = test::moment_of(unlimited, grid.demand_mw);
  moment.branch_up = grid.branch_up;
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
  return {made.network, made.blocks, made.demand_mw,
          std::vector<std::uint8_t>(made.network.branch_count(), 1)};
}

/// Empty (no buses) if there is no such file.
Grid reference_grid(const std::string& name) {
  const char* root = std::getenv("WINTERGRID_REFERENCE");
  const auto file = std::filesystem::path(root != nullptr ? root : "") / "power" / (name + ".m");
  if (root == nullptr || !std::filesystem::exists(file)) {
    return {};
  }
  test::MatpowerCase read = test::read_matpower_case(file);
  for (double& shift : read.network.branch_shift_rad) {
    shift = 0.0;
  }
  for (double& susceptance : read.network.branch_susceptance_pu) {
    susceptance = std::abs(susceptance);
  }
  for (std::size_t j = 0; j < read.generator_up.size(); ++j) {
    read.network.generator_capacity_mw[j] *= read.generator_up[j] != 0 ? 1.0 : 0.0;
  }
  Grid made{read.network, one_block_per_bus(read.network.bus_count), read.demand_mw,
            read.branch_up};
  limit_by_base_flow(made, 1.2, 20.0);
  return made;
}

const Grid& limited_grid() {
  static const Grid grid = [] {
    Grid made = reference_grid("case118");
    if (made.network.bus_count == 0) {
      made = synthetic_grid(118);
      limit_by_base_flow(made, 1.2, 20.0);
    }
    return made;
  }();
  return grid;
}

std::vector<test::Moment> outages(const Grid& grid, OutageSet set, std::size_t count) {
  test::Dice dice(static_cast<std::uint64_t>(set) + 100);
  std::vector<test::Moment> moments;
  for (std::size_t n = 0; n < count; ++n) {
    moments.push_back(test::moment_of(grid.network, grid.demand_mw));
    moments.back().branch_up = grid.branch_up;
    const bool large = grid.network.bus_count > 1000;
    std::size_t branches = 2;
    std::size_t generators = 0;
    if (set == OutageSet::n_minus_k) {
      branches = 1 + dice.below(large ? 40 : 8);
      generators = dice.below(large ? 31 : 5);
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

double thread_cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void report(benchmark::State& state, std::vector<double> seconds, double shed_mw) {
  std::sort(seconds.begin(), seconds.end());
  double sum = 0.0;
  for (const double value : seconds) {
    sum += value;
  }
  const auto count = static_cast<double>(seconds.size());
  state.counters["median_us"] = 1e6 * seconds[seconds.size() / 2];
  state.counters["mean_us"] = 1e6 * sum / count;
  state.counters["p95_us"] = 1e6 * seconds[seconds.size() * 95 / 100];
  state.counters["mean_shed_mw"] = shed_mw / count;
}

void run_shedding(benchmark::State& state, const Grid& grid, OutageSet set, std::size_t count) {
  auto moments = outages(grid, set, count);
  Shedding solver(grid.network, grid.blocks);
  std::vector<double> seconds(count);
  double shed_mw = 0.0;
  std::size_t bounded = 0;
  for (auto _ : state) {
    shed_mw = 0.0;
    bounded = 0;
    for (std::size_t n = 0; n < count; ++n) {
      const double before = thread_cpu_seconds();
      const SheddingResult result = test::solve(solver, moments[n]);
      seconds[n] = thread_cpu_seconds() - before;
      shed_mw += result.shed_mw;
      bounded += result.status == SheddingStatus::bounded ? 1 : 0;
    }
  }
  report(state, seconds, shed_mw);
  state.counters["bounded"] = static_cast<double>(bounded);
}

void run_clp(benchmark::State& state, const Grid& grid, OutageSet set, std::size_t count) {
  const auto moments = outages(grid, set, count);
  test::ClpOracle oracle(grid.network, grid.blocks);
  test::Moment intact = test::moment_of(grid.network, grid.demand_mw);
  intact.branch_up = grid.branch_up;
  oracle.remember(intact);
  std::vector<double> seconds(count);
  double shed_mw = 0.0;
  for (auto _ : state) {
    shed_mw = 0.0;
    for (std::size_t n = 0; n < count; ++n) {
      const double before = thread_cpu_seconds();
      shed_mw += oracle.minimum_shed(moments[n], true);
      seconds[n] = thread_cpu_seconds() - before;
    }
  }
  report(state, seconds, shed_mw);
}

void shedding(benchmark::State& state) {
  run_shedding(state, limited_grid(), static_cast<OutageSet>(state.range(0)), kMoments);
}
BENCHMARK(shedding)->ArgName("set")->DenseRange(0, 2)->Unit(benchmark::kMillisecond);

void clp_warm(benchmark::State& state) {
  run_clp(state, limited_grid(), static_cast<OutageSet>(state.range(0)), kMoments);
}
BENCHMARK(clp_warm)->ArgName("set")->DenseRange(0, 2)->Unit(benchmark::kMillisecond);

// Large grids: one pass of ten contingencies.
void large(benchmark::State& state,
           void (*run)(benchmark::State&, const Grid&, OutageSet, std::size_t)) {
  const Grid grid = reference_grid("case" + std::to_string(state.range(0)) + "pegase");
  if (grid.network.bus_count == 0) {
    state.SkipWithError("reference data not found");
    return;
  }
  run(state, grid, OutageSet::n_minus_k, 10);
}
void shedding_large(benchmark::State& state) { large(state, run_shedding); }
void clp_warm_large(benchmark::State& state) { large(state, run_clp); }
BENCHMARK(shedding_large)
    ->ArgName("buses")
    ->Arg(1354)
    ->Arg(2869)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(clp_warm_large)
    ->ArgName("buses")
    ->Arg(1354)
    ->Arg(2869)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

void cascade(benchmark::State& state) {
  const Grid& grid = limited_grid();
  auto moments = outages(grid, OutageSet::n_minus_k, kMoments);
  Network unlimited = grid.network;
  std::fill(unlimited.branch_limit_mw.begin(), unlimited.branch_limit_mw.end(), kNoLimit);
  Shedding dispatch(unlimited, grid.blocks);
  test::Moment intact = test::moment_of(grid.network, grid.demand_mw);
  test::solve(dispatch, intact);
  const std::vector<GeneratorKind> kind(grid.network.generator_count(), GeneratorKind::thermal);
  std::vector<std::vector<std::uint8_t>> running;
  for (const test::Moment& m : moments) {
    running.emplace_back();
    for (const double capacity : m.capacity_mw) {
      running.back().push_back(capacity > 0.0 ? 1 : 0);
    }
  }
  std::vector<double> load(grid.network.bus_count, 0.0);
  for (std::size_t k = 0; k < grid.blocks.bus.size(); ++k) {
    load[grid.blocks.bus[k]] += grid.demand_mw[k];
  }
  Cascade solver(grid.network, kind);
  std::size_t n = 0;
  double trips = 0.0;
  double runs = 0.0;
  for (auto _ : state) {
    const test::Moment& m = moments[n];
    trips +=
        solver
            .run({m.branch_up, m.bus_up, running[n], intact.generation_mw, m.capacity_mw, load}, {})
            .trips;
    runs += 1.0;
    n = (n + 1) % kMoments;
  }
  state.counters["mean_trips"] = trips / runs;
}
BENCHMARK(cascade);

}  // namespace
}  // namespace wintergrid::power

BENCHMARK_MAIN();
