// Pressure-driven hydraulics of EPANET's example network 3: a cold solution per random outage of 1
// to 3 links, and 24 hours with its controls.
//
// Network: Net3 under WINTERGRID_REFERENCE/water, else a synthetic town of 96 junctions (a grid
// with two reservoirs). Required pressure 20 m, minimum 0, exponent 0.5. Argument 0: the accuracy
// of `solve water` (1e-5 of the flow); 1: EPANET's default (1e-3).

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <random>

#include <benchmark/benchmark.h>

#include "engine/scenario/epanet.hpp"
#include "grid_models/hydraulics/batch_solver.hpp"
#include "grid_models/hydraulics/simulation.hpp"

namespace wintergrid::hydraulics {
namespace {

WaterModel synthetic_town() {
  constexpr std::uint32_t kColumns = 12, kRows = 8;
  WaterModel model;
  Network& network = model.network;
  for (std::uint32_t i = 0; i < kColumns * kRows; ++i) {
    network.add_node(10.0 + i % 7, false);
    model.demands.push_back({i, 0.004, kNone});
  }
  const auto pipe = [&network](std::uint32_t a, std::uint32_t b, double diameter) {
    const std::uint32_t k = network.add_link(LinkKind::pipe, a, b, diameter);
    network.resistance[k] = hazen_williams_resistance(300.0, diameter, 120.0);
  };
  for (std::uint32_t i = 0; i < kColumns * kRows; ++i) {
    if (i % kColumns + 1 < kColumns && (i / kColumns % 2 == 0 || i % 3 == 0)) {
      pipe(i, i + 1, 0.2);
    }
    if (i + kColumns < kColumns * kRows) {
      pipe(i, i + kColumns, 0.3);
    }
  }
  pipe(network.add_node(60.0, true), 0, 0.6);
  pipe(network.add_node(55.0, true), kColumns * kRows - 1, 0.6);
  model.start_status.assign(network.link_count(), LinkStatus::open);
  model.start_setting.assign(network.link_count(), kNoSetting);
  return model;
}

WaterModel network_3(bool loose) {
  const char* root = std::getenv("WINTERGRID_REFERENCE");
  const std::string path = std::string(root == nullptr ? "" : root) + "/water/Net3.inp";
  Diagnostics diagnostics;
  WaterModel model = root != nullptr && std::filesystem::exists(path)
                         ? scenario::read_epanet(path, diagnostics).model
                         : synthetic_town();
  model.options.accuracy = loose ? 1e-3 : 1e-5;
  model.options.pressure_driven = true;
  model.options.required_pressure_m = 20.0;
  model.options.minimum_pressure_m = 0.0;
  return model;
}

std::vector<std::vector<std::uint32_t>> random_outages(const Network& network) {
  std::mt19937 generator(1);
  std::uniform_int_distribution<std::uint32_t> link(
      0, static_cast<std::uint32_t>(network.link_count()) - 1);
  std::uniform_int_distribution<int> count(1, 3);
  std::vector<std::vector<std::uint32_t>> cases(1000);
  for (auto& closed : cases) {
    for (int i = count(generator); i > 0; --i) {
      closed.push_back(link(generator));
    }
  }
  return cases;
}

/// Time per outage.
void outage(benchmark::State& bench) {
  WaterModel model = network_3(bench.range(0) == 1);
  model.controls.clear();
  Simulation simulation(model);
  const auto cases = random_outages(model.network);
  double iterations = 0.0, failed = 0.0;
  std::size_t at = 0;
  for (auto _ : bench) {
    simulation.reset();
    for (const std::uint32_t k : cases[at % cases.size()]) {
      simulation.take_out(k);
    }
    const SolveResult result = simulation.solve();
    benchmark::DoNotOptimize(result.delivered_m3s);
    iterations += result.iterations;
    failed += result.status == SolveStatus::converged ? 0.0 : 1.0;
    ++at;
  }
  bench.counters["iterations"] = benchmark::Counter(iterations, benchmark::Counter::kAvgIterations);
  bench.counters["failed"] = benchmark::Counter(failed);
}
BENCHMARK(outage)->Arg(0)->Arg(1);

/// The same outages, eight side by side: time of 1,000 (ms of it are us per outage). Second
/// argument: what is used of the processor at most (0 base, 1 AVX2, 2 AVX-512).
void outages_in_batch(benchmark::State& bench) {
  WaterModel model = network_3(bench.range(0) == 1);
  model.controls.clear();
  Simulation simulation(model);
  simulation.begin_moment();
  BatchSolver batch(simulation.solver(),
                    std::min(static_cast<Processor>(bench.range(1)), best_processor()));
  const auto cases = random_outages(model.network);
  double delivered_m3s = 0.0, iterations = 0.0;
  const BatchSolver::Done done = [&](std::size_t, const SolveResult& result, const State&) {
    delivered_m3s += result.delivered_m3s;
    iterations += result.iterations;
  };
  BatchSolver::Count count;
  for (auto _ : bench) {
    count =
        batch.solve(simulation.full_demand_m3s(), simulation.state(), cases, model.options, done);
    benchmark::DoNotOptimize(delivered_m3s);
  }
  bench.counters["iterations"] =
      benchmark::Counter(iterations / 1000.0, benchmark::Counter::kAvgIterations);
  bench.counters["one_by_one"] = benchmark::Counter(static_cast<double>(count.one_by_one));
}
BENCHMARK(outages_in_batch)
    ->Args({0, 2})
    ->Args({0, 1})
    ->Args({0, 0})
    ->Args({1, 2})
    ->Unit(benchmark::kMillisecond);

/// Time of 24 hours.
void day(benchmark::State& bench) {
  const WaterModel model = network_3(bench.range(0) == 1);
  Simulation simulation(model);
  double moments = 0.0;
  for (auto _ : bench) {
    simulation.reset();
    do {
      benchmark::DoNotOptimize(simulation.solve().delivered_m3s);
      moments += 1.0;
    } while (simulation.next(86400) > 0);
  }
  bench.counters["moments"] = benchmark::Counter(moments, benchmark::Counter::kAvgIterations);
}
BENCHMARK(day)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace wintergrid::hydraulics

BENCHMARK_MAIN();
