// Kernels of a replication on the oblast of 1.2 million people: a draw, a timeline, a quiet and a
// full replication.

#include <memory>

#include <benchmark/benchmark.h>

#include "engine/montecarlo/prepare.hpp"
#include "engine/random/draw.hpp"
#include "engine/scenario/synthetic/oblast.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::montecarlo {
namespace {

std::unique_ptr<Case> oblast(bool campaign) {
  scenario::Scenario scenario = scenario::make_oblast({1.2e6, 1});
  if (!campaign) {
    scenario.campaign = "none";
    scenario.import_limit_mean = 1.0;
    scenario.import_limit_sd = 0.0;
  }
  Diagnostics diagnostics;
  return prepare_case(scenario, diagnostics);
}

void uniform_draw(benchmark::State& state) {
  const random::Draw draw(1, 0);
  std::uint32_t k = 0;
  for ([[maybe_unused]] const auto iteration : state) {
    benchmark::DoNotOptimize(draw.uniform({name_hash("bench"), Purpose::test, k++}));
  }
}
BENCHMARK(uniform_draw);

void sample_timeline(benchmark::State& state) {
  const std::unique_ptr<Case> which = oblast(true);
  random::TimelineScratch scratch;
  Timeline timeline;
  std::uint64_t replication = 0;
  for ([[maybe_unused]] const auto iteration : state) {
    const random::Draw draw(1, replication++);
    which->sampler->sample(draw, draw, scratch, timeline);
    benchmark::DoNotOptimize(timeline.hits.size());
  }
}
BENCHMARK(sample_timeline)->Unit(benchmark::kMicrosecond);

/// 60 days of 24 steps; one_step is the mean cost of a step.
void replication(benchmark::State& state) {
  const std::unique_ptr<Case> which = oblast(state.range(0) != 0);
  Simulation simulation(*which, which->policy);
  std::uint64_t number = 0;
  for ([[maybe_unused]] const auto iteration : state) {
    benchmark::DoNotOptimize(simulation.run_one(number++ % 64).service[0].household_seconds_lost);
  }
  state.counters["one_step"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * 1440.0,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(replication)->ArgName("campaign")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace wintergrid::montecarlo

BENCHMARK_MAIN();
