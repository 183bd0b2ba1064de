// Properties of settle() on random systems: small islands, some with branch limits that bind.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "grid_models/power/dc_flow.hpp"
#include "grid_models/power/operation.hpp"
#include "tests/grid_models/power/grid_case.hpp"

namespace wintergrid::power::test {
namespace {

/// Quarters of a MW: sums are exact in any order.
double quarters(int low, int high) { return 0.25 * *rc::gen::inRange(low, high); }

bool chance(int percent) { return *rc::gen::inRange(0, 100) < percent; }

GridCase any_grid(bool limits) {
  GridCase grid;
  const auto buses = *rc::gen::inRange<std::uint32_t>(1, 6);
  for (std::uint32_t bus = 0; bus < buses; ++bus) {
    grid.bus();
    const auto feeders = *rc::gen::inRange(0, 5);
    for (int i = 0; i < feeders; ++i) {
      const auto subqueue =
          chance(30) ? kExempt : *rc::gen::inRange<std::uint8_t>(0, kSubqueueCount);
      grid.feeder(bus, quarters(0, 40), subqueue, *rc::gen::inRange<std::uint64_t>(0, 1000000));
    }
    if (bus > 0) {
      grid.line(*rc::gen::inRange<std::uint32_t>(0, bus), bus, limits ? quarters(4, 60) : kNoLimit,
                quarters(4, 80));
    }
  }
  for (int extra = *rc::gen::inRange(0, 3); extra > 0 && buses > 1; --extra) {
    const auto from = *rc::gen::inRange<std::uint32_t>(0, buses);
    grid.line(from, (from + *rc::gen::inRange<std::uint32_t>(1, buses)) % buses,
              limits ? quarters(4, 60) : kNoLimit, quarters(4, 80));
  }
  for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
    grid.generator(*rc::gen::inRange<std::uint32_t>(0, buses), quarters(1, 200),
                   Seconds{1800} * (i % 3), chance(50));
  }
  return grid;
}

/// Anything may be lost, come back or change its load.
void disturb(GridCase& grid) {
  for (auto& up : grid.branch_up) {
    up = chance(85) ? 1 : 0;
  }
  for (auto& up : grid.bus_up) {
    up = chance(93) ? 1 : 0;
  }
  for (auto& available : grid.feeder_available) {
    available = chance(95) ? 1 : 0;
  }
  for (std::size_t g = 0; g < grid.available_mw.size(); ++g) {
    grid.available_mw[g] =
        chance(80) ? grid.model.network.generator_capacity_mw[g] * quarters(0, 5) : 0.0;
  }
  for (auto& mw : grid.demand_mw) {
    mw = chance(30) ? quarters(0, 40) : mw;
  }
}

bool same_result(const OperationResult& a, const OperationResult& b) {
  return a.demand_mw == b.demand_mw && a.unserved_mw == b.unserved_mw &&
         a.deficit_mw == b.deficit_mw && a.emergency_mw == b.emergency_mw &&
         a.energised_islands == b.energised_islands;
}

/// Calls visit(grid, operation, state) after each of some moments of a random history.
template <class Visit>
void along_a_history(GridCase& grid, Visit visit) {
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  const int moments = *rc::gen::inRange(1, 6);
  for (int i = 0; i < moments; ++i) {
    grid.now += *rc::gen::inRange<Seconds>(1, 6 * kHour);
    disturb(grid);
    operation.restore(grid.inputs(), state);
    const OperationResult result = operation.settle(grid.inputs(), state, grid.parameters);
    visit(operation, state, result);
  }
}

RC_GTEST_PROP(OperationProperty, RepeatWithTheSameInputsChangesNothing, ()) {
  GridCase grid = any_grid(chance(60));
  grid.parameters = Parameters{0.25 * *rc::gen::inRange(4, 13), 3.0};
  along_a_history(
      grid, [&](Operation& operation, OperationState& state, const OperationResult& first) {
        const OperationState before = state;
        const OperationResult second = operation.settle(grid.inputs(), state, grid.parameters);
        RC_ASSERT(same_state(before, state));
        RC_ASSERT(same_result(first, second));
      });
}

RC_GTEST_PROP(OperationProperty, RepeatWithOtherInputsOnlyRemoves, ()) {
  GridCase grid = any_grid(chance(60));
  grid.parameters.cold_load_pickup_factor = 2.0;
  along_a_history(grid, [&](Operation& operation, OperationState& state, const OperationResult&) {
    const OperationState before = state;
    GridCase other = grid;
    disturb(other);
    operation.settle(other.inputs(), state, other.parameters);
    for (std::size_t f = 0; f < state.feeder_on.size(); ++f) {
      RC_ASSERT(state.feeder_on[f] <= before.feeder_on[f]);
    }
    for (std::size_t g = 0; g < state.generator_running.size(); ++g) {
      RC_ASSERT(state.generator_running[g] <= before.generator_running[g]);
    }
  });
}

RC_GTEST_PROP(OperationProperty, AUsedScratchGivesTheSameBitsAsAFreshOne, ()) {
  GridCase grid = any_grid(chance(60));
  along_a_history(grid, [&](Operation& operation, OperationState& state, const OperationResult&) {
    OperationState copy = state;
    grid.now += kHour;
    disturb(grid);
    Operation fresh(grid.model);
    const OperationResult used = moment(operation, grid, state);
    const std::vector<double> generation(used.generation_mw.begin(), used.generation_mw.end());
    const OperationResult anew = moment(fresh, grid, copy);
    RC_ASSERT(same_state(state, copy));
    RC_ASSERT(same_result(used, anew));
    RC_ASSERT(std::equal(generation.begin(), generation.end(), anew.generation_mw.begin()));
  });
}

RC_GTEST_PROP(OperationProperty, TheBooksBalanceAndEveryLimitHolds, ()) {
  GridCase grid = any_grid(chance(70));
  along_a_history(
      grid, [&](Operation& operation, OperationState& state, const OperationResult& result) {
        const Network& network = grid.model.network;
        std::vector<double> injection(network.bus_count, 0.0);
        double served = 0.0;
        double unserved = 0.0;
        double emergency = 0.0;
        for (std::size_t f = 0; f < state.feeder_on.size(); ++f) {
          RC_ASSERT((state.feeder_on[f] != 0) == (state.feeder_cause[f] == FeederCause::on));
          (state.feeder_on[f] != 0 ? served : unserved) += grid.demand_mw[f];
          if (state.feeder_on[f] != 0) {
            RC_ASSERT(grid.feeder_available[f] != 0);
            RC_ASSERT(operation.bus_energised()[grid.model.feeder_bus[f]] != 0);
            injection[grid.model.feeder_bus[f]] -= grid.demand_mw[f];
          }
          emergency += state.feeder_cause[f] == FeederCause::emergency ? grid.demand_mw[f] : 0.0;
        }
        RC_ASSERT(result.unserved_mw == unserved);
        RC_ASSERT(result.emergency_mw == emergency);
        RC_ASSERT(result.demand_mw == served + unserved);
        RC_ASSERT(!result.solver_bounded);
        double generated = 0.0;
        for (std::size_t g = 0; g < result.generation_mw.size(); ++g) {
          RC_ASSERT(result.generation_mw[g] >= -1e-9);
          RC_ASSERT(result.generation_mw[g] <=
                    (state.generator_running[g] != 0 ? grid.available_mw[g] : 0.0) + 1e-6);
          injection[network.generator_bus[g]] += result.generation_mw[g];
          generated += result.generation_mw[g];
        }
        // The solver's own shed below the tolerance of a cut (1e-4 MW at a bus) is the difference.
        RC_ASSERT(std::abs(generated - served) < 1e-3);
        DcFlow flow(network);
        flow.set_topology(grid.branch_up, grid.bus_up);
        // Without that difference every island balances.
        std::vector<double> load_mw(state.feeder_on.size(), -1.0);
        operation.feeder_load_mw(load_mw);
        std::vector<double> imbalance(network.bus_count, 0.0);
        for (std::size_t f = 0; f < load_mw.size(); ++f) {
          RC_ASSERT(load_mw[f] >= 0.0 && load_mw[f] <= grid.demand_mw[f]);
          if (state.feeder_on[f] != 0) {
            imbalance[flow.island_of_bus()[grid.model.feeder_bus[f]]] -= load_mw[f];
          } else {
            RC_ASSERT(load_mw[f] == 0.0);
          }
        }
        for (std::size_t g = 0; g < result.generation_mw.size(); ++g) {
          if (const std::uint32_t island = flow.island_of_bus()[network.generator_bus[g]];
              island != kNoIsland) {
            imbalance[island] += result.generation_mw[g];
          }
        }
        for (const double mw : imbalance) {
          RC_ASSERT(std::abs(mw) <= 1e-9 * served);
        }
        std::vector<double> theta(network.bus_count);
        std::vector<double> flow_mw(network.branch_count());
        RC_ASSERT(flow.solve(injection, theta, flow_mw));
        for (std::size_t branch = 0; branch < flow_mw.size(); ++branch) {
          RC_ASSERT(std::abs(flow_mw[branch]) <= network.branch_limit_mw[branch] + 1e-3);
        }
      });
}

// Holds in one island without branch limits. With limits it does not (more capacity at one bus may
// load a branch), and in several islands it holds for each of them.
RC_GTEST_PROP(OperationProperty, MoreCapacityNeverMeansFewerFeedersOnWithoutLimits, ()) {
  GridCase grid = any_grid(false);
  grid.now = *rc::gen::inRange<Seconds>(0, 30 * kSecondsPerDay);
  const auto feeders_on = [&] {
    Operation operation(grid.model);
    OperationState state = operation.initial_state();
    moment(operation, grid, state);
    return std::accumulate(state.feeder_on.begin(), state.feeder_on.end(), 0);
  };
  int before = feeders_on();
  for (int i = 0; i < 4; ++i) {
    grid.available_mw[0] += quarters(0, 40);
    const int after = feeders_on();
    RC_ASSERT(after >= before);
    before = after;
  }
}

RC_GTEST_PROP(OperationProperty, OrderOfFeedersWithinABusDoesNotMatter, ()) {
  GridCase grid = any_grid(chance(70));
  const std::size_t feeders = grid.demand_mw.size();
  for (std::size_t f = 0; f < feeders; ++f) {
    grid.model.feeder_name_hash[f] = grid.model.feeder_name_hash[f] * 1000 + f;  // distinct
  }
  grid.available_mw[0] *= 0.5;
  std::vector<std::size_t> order(feeders);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::vector<std::uint32_t> key =
      *rc::gen::container<std::vector<std::uint32_t>>(feeders, rc::gen::arbitrary<std::uint32_t>());
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair{grid.model.feeder_bus[a], key[a]} <
           std::pair{grid.model.feeder_bus[b], key[b]};
  });
  GridCase shuffled = grid;
  for (std::size_t f = 0; f < feeders; ++f) {
    shuffled.model.feeder_subqueue[f] = grid.model.feeder_subqueue[order[f]];
    shuffled.model.feeder_name_hash[f] = grid.model.feeder_name_hash[order[f]];
    shuffled.demand_mw[f] = grid.demand_mw[order[f]];
  }
  Operation operation(grid.model);
  Operation other(shuffled.model);
  OperationState state = operation.initial_state();
  OperationState other_state = other.initial_state();
  moment(operation, grid, state);
  moment(other, shuffled, other_state);
  for (std::size_t f = 0; f < feeders; ++f) {
    RC_ASSERT(other_state.feeder_cause[f] == state.feeder_cause[order[f]]);
  }
}

/// A feeder that hangs on its backup bus is as one that was built there.
RC_GTEST_PROP(OperationProperty, AGuestIsAsOneOfTheBusItHangsOn, ()) {
  GridCase grid = any_grid(chance(70));
  const std::size_t feeders = grid.demand_mw.size();
  const auto buses = static_cast<std::uint32_t>(grid.bus_up.size());
  std::vector<std::uint32_t> hangs_on = grid.model.feeder_bus;
  grid.model.feeder_backup_bus.assign(feeders, kNoBackupBus);
  for (std::size_t f = 0; f < feeders; ++f) {
    grid.model.feeder_name_hash[f] = grid.model.feeder_name_hash[f] * 1000 + f;  // distinct
    if (chance(60)) {
      grid.model.feeder_backup_bus[f] = *rc::gen::inRange<std::uint32_t>(0, buses);
      hangs_on[f] = chance(50) ? grid.model.feeder_backup_bus[f] : hangs_on[f];
    }
  }
  grid.available_mw[0] *= 0.5;
  std::vector<std::size_t> order(feeders);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return hangs_on[a] < hangs_on[b]; });
  GridCase built = grid;
  built.model.feeder_backup_bus.clear();
  for (std::size_t f = 0; f < feeders; ++f) {
    built.model.feeder_bus[f] = hangs_on[order[f]];
    built.model.feeder_subqueue[f] = grid.model.feeder_subqueue[order[f]];
    built.model.feeder_name_hash[f] = grid.model.feeder_name_hash[order[f]];
    built.demand_mw[f] = grid.demand_mw[order[f]];
  }
  Operation operation(grid.model);
  Operation other(built.model);
  OperationState state = operation.initial_state();
  OperationState other_state = other.initial_state();
  moment(operation, grid, state);  // everyone at home: must leave nothing behind
  for (const Seconds now : {kHour, 2 * kHour}) {
    grid.now = built.now = now;
    disturb(grid);
    built.bus_up = grid.bus_up;
    built.branch_up = grid.branch_up;
    built.available_mw = grid.available_mw;
    for (std::size_t f = 0; f < feeders; ++f) {
      built.demand_mw[f] = grid.demand_mw[order[f]];
      built.feeder_available[f] = grid.feeder_available[order[f]];
    }
    if (now == kHour) {
      state = operation.initial_state();
    }
    OperationInputs inputs = grid.inputs();
    inputs.feeder_bus = hangs_on;
    operation.restore(inputs, state);
    const OperationResult result = operation.settle(inputs, state, grid.parameters);
    const OperationResult expected = moment(other, built, other_state);
    for (std::size_t f = 0; f < feeders; ++f) {
      RC_ASSERT(state.feeder_cause[order[f]] == other_state.feeder_cause[f]);
    }
    RC_ASSERT(result.unserved_mw == expected.unserved_mw);
    RC_ASSERT(std::equal(result.generation_mw.begin(), result.generation_mw.end(),
                         expected.generation_mw.begin()));
  }
}

}  // namespace
}  // namespace wintergrid::power::test
