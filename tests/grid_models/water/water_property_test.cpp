#include <algorithm>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "tests/grid_models/water/arbitrary_water.hpp"
#include "tests/support/allocation_counter.hpp"

namespace wintergrid::water {
namespace {

bool same(const State& a, const State& b) {
  return a.tank_level_m3 == b.tank_level_m3 && a.node_share == b.node_share &&
         a.node_pressurised_at == b.node_pressurised_at && a.settled_at == b.settled_at;
}

RC_GTEST_PROP(WaterProperty, SkippingGivesTheSameBitsAsAlwaysSolving, ()) {
  const Model model = arbitrary_model(arbitrary_fidelity());
  const Parameters parameters;
  Water remembers(model);
  State state = remembers.initial_state();
  State other = state;
  Circumstances circumstances(model);
  Seconds now = 0;
  for (int step = 0; step < 25; ++step) {
    circumstances.change(model);
    const Inputs inputs = circumstances.inputs(now);
    Water forgets(model);
    remembers.restore(inputs, parameters, state);
    forgets.restore(inputs, parameters, other);
    RC_ASSERT(same(state, other));
    remembers.settle(inputs, parameters, state);
    forgets = Water(model);
    forgets.settle(inputs, parameters, other);
    RC_ASSERT(same(state, other));
    RC_ASSERT(remembers.settled() == forgets.settled());
    forgets = Water(model);
    const Seconds duration = remembers.advance(inputs, parameters, kSecondsPerHour, state);
    RC_ASSERT(duration == forgets.advance(inputs, parameters, kSecondsPerHour, other));
    RC_ASSERT(same(state, other));
    now += duration;
  }
}

RC_GTEST_PROP(WaterProperty, StatesStayWithinBoundsAndLossesLatch, ()) {
  const Model model = arbitrary_model(arbitrary_fidelity());
  const Parameters parameters;
  Water water(model);
  State state = water.initial_state();
  Circumstances circumstances(model);
  Seconds now = 0;
  for (int step = 0; step < 25; ++step) {
    circumstances.change(model);
    water.restore(circumstances.inputs(now), parameters, state);
    water.settle(circumstances.inputs(now), parameters, state);
    circumstances.change(model);  // feedback within the moment
    const State before = state;
    water.settle(circumstances.inputs(now), parameters, state);
    for (std::size_t node = 0; node < model.node_count(); ++node) {
      RC_ASSERT(state.node_share[node] <= before.node_share[node]);
      RC_ASSERT(before.node_pressurised_at[node] != kNever ||
                state.node_pressurised_at[node] == kNever);
      const double share = static_cast<double>(state.node_share[node]);
      const bool serves = state.node_pressurised_at[node] == 0;
      RC_ASSERT(share <= 1.0 && (serves ? share >= parameters.minimum_share : share == 0.0));
    }
    const std::vector<double> levels = state.tank_level_m3;
    const Seconds duration =
        water.advance(circumstances.inputs(now), parameters, kSecondsPerHour, state);
    RC_ASSERT(duration >= 1 && duration <= kSecondsPerHour);
    bool stopped = false;
    for (std::size_t node = 0; node < model.node_count(); ++node) {
      const double level = state.tank_level_m3[node];
      const double volume = model.tank_volume_m3[node];
      RC_ASSERT(level >= 0.0 && level <= volume);
      if (model.fidelity == Fidelity::transport) {
        RC_ASSERT(level - levels[node] <=
                  parameters.refill_share * volume * hours_from_seconds(duration) + 1e-9);
        RC_ASSERT(levels[node] - level <=
                  model.node_capacity_m3_per_h[node] * hours_from_seconds(duration) + 1e-9);
      }
      stopped = stopped || (level == 0.0 && levels[node] > 0.0) ||
                (level == volume && levels[node] < volume);
    }
    RC_ASSERT(stopped || duration == kSecondsPerHour);
    now += duration;
  }
}

RC_GTEST_PROP(WaterProperty, NothingAllocatesInTheLoop, ()) {
  const Model model = arbitrary_model(arbitrary_fidelity());
  const Parameters parameters;
  Water water(model);
  State state = water.initial_state();
  Circumstances circumstances(model);
  Seconds now = 0;
  for (int step = 0; step < 15; ++step) {
    circumstances.change(model);
    const Inputs inputs = circumstances.inputs(now);
    const test::AllocationScope scope;
    water.restore(inputs, parameters, state);
    water.settle(inputs, parameters, state);
    now += water.advance(inputs, parameters, kSecondsPerHour, state);
    const std::uint64_t allocations = scope.count();  // before RC_ASSERT writes its message
    RC_ASSERT(allocations == 0U);
  }
}

RC_GTEST_PROP(WaterProperty, WhatIsSettledStaysAsItIs, ()) {
  const Model model = arbitrary_model(arbitrary_fidelity());
  const Parameters parameters;
  Water water(model);
  State state = water.initial_state();
  Circumstances circumstances(model);
  circumstances.change(model);
  water.restore(circumstances.inputs(0), parameters, state);
  water.settle(circumstances.inputs(0), parameters, state);
  const bool settled = water.settled();
  RC_CLASSIFY(settled, "settled");
  if (settled) {
    const State before = state;
    RC_ASSERT(water.advance(circumstances.inputs(0), parameters, kSecondsPerHour, state) ==
              kSecondsPerHour);
    water.restore(circumstances.inputs(kSecondsPerHour), parameters, state);
    water.settle(circumstances.inputs(kSecondsPerHour), parameters, state);
    state.settled_at = before.settled_at;
    RC_ASSERT(same(state, before));
  }
}

}  // namespace
}  // namespace wintergrid::water
