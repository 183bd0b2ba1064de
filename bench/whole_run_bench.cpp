// Whole runs: winters a second and memory, by threads and by size of the oblast, with the hazard
// per asset held fixed (the generator scales the share of strikes with the people). Scaling
// protocol: same seed, same 60 days, results not written.

#include <map>
#include <memory>

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include "engine/montecarlo/prepare.hpp"
#include "engine/montecarlo/runner.hpp"
#include "engine/scenario/synthetic/oblast.hpp"

namespace wintergrid::montecarlo {
namespace {

/// Compiled once per size: making it is not what is measured.
const Case& oblast_of(std::int64_t people) {
  static std::map<std::int64_t, std::unique_ptr<Case>> cases;
  std::unique_ptr<Case>& which = cases[people];
  if (!which) {
    Diagnostics diagnostics;
    which = prepare_case(scenario::make_oblast({static_cast<double>(people), 1}), diagnostics);
  }
  return *which;
}

double peak_memory_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

void whole_run(benchmark::State& state) {
  const Case& which = oblast_of(state.range(0));
  RunOptions options;
  options.threads = static_cast<int>(state.range(1));
  options.replications = static_cast<std::uint64_t>(state.range(2));
  options.group = which.group;
  for ([[maybe_unused]] const auto iteration : state) {
    Tally tally(shape_of(which.model));
    run(tally, [&] { return std::make_unique<Simulation>(which, which.policy); }, options);
    benchmark::DoNotOptimize(tally.count());
  }
  state.counters["winters_per_second"] = benchmark::Counter(
      static_cast<double>(state.iterations() * state.range(2)), benchmark::Counter::kIsRate);
  state.counters["peak_memory_mib"] = peak_memory_mib();
}

// smallest first: peak memory only grows within a process
BENCHMARK(whole_run)
    ->ArgNames({"people", "threads", "winters"})
    ->Args({100'000, 1, 512})
    ->Args({100'000, 2, 512})
    ->Args({1'200'000, 1, 256})
    ->Args({1'200'000, 2, 256})
    ->Args({1'200'000, 4, 256})
    ->Args({1'200'000, 2, 10'000})
    ->Args({10'000'000, 1, 16})
    ->Args({10'000'000, 2, 16})
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kSecond);

}  // namespace
}  // namespace wintergrid::montecarlo

BENCHMARK_MAIN();
