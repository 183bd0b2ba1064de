// Supply, restarts and repeated calls on hand-derived small systems.

#include "grid_models/power/operation.hpp"

#include <cstdint>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "grid_models/core/contract.hpp"
#include "tests/grid_models/power/grid_case.hpp"
#include "tests/support/allocation_counter.hpp"

namespace wintergrid::power::test {
namespace {

using testing::ElementsAre;

// --- supply

TEST(Operation, WholeSystemServesEverybody) {
  GridCase grid;
  const auto a = grid.bus();
  const auto b = grid.bus();
  grid.line(a, b, 50.0);
  grid.generator(a, 100.0);
  grid.feeder(a, 20.0, 0);
  grid.feeder(b, 30.0);
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  const OperationResult result = moment(operation, grid, state);
  EXPECT_THAT(state.feeder_on, ElementsAre(1, 1));
  EXPECT_THAT(state.feeder_changed_at, ElementsAre(0, 0));
  EXPECT_DOUBLE_EQ(result.demand_mw, 50.0);
  EXPECT_DOUBLE_EQ(result.unserved_mw, 0.0);
  EXPECT_DOUBLE_EQ(result.deficit_mw, 0.0);
  EXPECT_EQ(result.energised_islands, 1U);
  EXPECT_FALSE(result.solver_bounded);
  ASSERT_EQ(result.generation_mw.size(), 1U);
  EXPECT_NEAR(result.generation_mw[0], 50.0, 1e-9);
  EXPECT_THAT(
      std::vector<std::uint8_t>(operation.bus_energised().begin(), operation.bus_energised().end()),
      ElementsAre(1, 1));
  EXPECT_EQ(next_operation_event(state), kNever);
}

TEST(Operation, ADamagedFeederAndADeadBusAreOffForTheirOwnReasons) {
  GridCase grid;
  const auto a = grid.bus();
  const auto b = grid.bus();
  const auto line = grid.line(a, b);
  grid.generator(a, 100.0);
  grid.feeder(a, 20.0, 0);
  grid.feeder(a, 10.0, 1);
  grid.feeder(b, 30.0);
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  moment(operation, grid, state);
  grid.now = 600;
  grid.feeder_available[1] = 0;
  grid.branch_up[line] = 0;
  const OperationResult result = moment(operation, grid, state);
  EXPECT_THAT(state.feeder_cause,
              ElementsAre(FeederCause::on, FeederCause::damaged, FeederCause::dead_bus));
  EXPECT_THAT(state.feeder_changed_at, ElementsAre(0, 600, 600));
  EXPECT_DOUBLE_EQ(result.demand_mw, 60.0);
  EXPECT_DOUBLE_EQ(result.unserved_mw, 40.0);
  EXPECT_DOUBLE_EQ(result.deficit_mw, 0.0);
  EXPECT_EQ(result.energised_islands, 1U);
  EXPECT_THAT(
      std::vector<std::uint8_t>(operation.bus_energised().begin(), operation.bus_energised().end()),
      ElementsAre(1, 0));
}

TEST(Operation, ABusOutOfServiceStopsItsGeneratorAndItsFeeders) {
  GridCase grid;
  const auto a = grid.bus();
  const auto b = grid.bus();
  grid.line(a, b);
  grid.generator(a, 10.0, 0);
  grid.generator(b, 10.0, 0);
  grid.feeder(a, 4.0);
  grid.feeder(b, 4.0);
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  grid.bus_up[b] = 0;
  moment(operation, grid, state);
  EXPECT_THAT(state.generator_running, ElementsAre(1, 0));
  EXPECT_THAT(state.feeder_cause, ElementsAre(FeederCause::on, FeederCause::dead_bus));
}

// --- coming up

TEST(Operation, ADeadChpBusStaysDeadWithoutBlackStartUntilItIsReconnected) {
  GridCase grid;
  const auto city = grid.bus();
  const auto rest = grid.bus();
  const auto line = grid.line(city, rest);
  grid.generator(city, 50.0, 2 * kHour, false, GeneratorKind::chp);
  grid.generator(rest, 100.0, 0, false, GeneratorKind::import);
  grid.feeder(city, 30.0, 0);
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  moment(operation, grid, state);

  grid.now = kHour;  // the line is cut and the CHP trips
  grid.branch_up[line] = 0;
  grid.available_mw[0] = 0.0;
  moment(operation, grid, state);
  EXPECT_THAT(state.generator_running, ElementsAre(0, 1));

  grid.available_mw[0] =
      50.0;  // repaired, but nothing to start from: feeder and plant do not revive each other
  for (grid.now = 2 * kHour; grid.now < 48 * kHour; grid.now += kHour) {
    moment(operation, grid, state);
    ASSERT_THAT(state.generator_running, ElementsAre(0, 1));
    ASSERT_THAT(state.feeder_cause, ElementsAre(FeederCause::dead_bus));
    ASSERT_EQ(state.generator_ready_at[0], kNever);
  }

  grid.now = 48 * kHour;
  grid.branch_up[line] = 1;
  moment(operation, grid, state);
  EXPECT_THAT(state.feeder_on, ElementsAre(1));  // at once, from the import
  EXPECT_THAT(state.generator_running, ElementsAre(0, 1));
  EXPECT_EQ(next_operation_event(state), 50 * kHour);
  grid.now = 50 * kHour - 1;
  moment(operation, grid, state);
  EXPECT_THAT(state.generator_running, ElementsAre(0, 1));
  grid.now = 50 * kHour;
  moment(operation, grid, state);
  EXPECT_THAT(state.generator_running, ElementsAre(1, 1));
  EXPECT_EQ(state.generator_ready_at[0], kNever);
}

struct BlackStartCase : GridCase {
  std::uint32_t hydro, chp, import_line;
  BlackStartCase() {
    const auto a = bus();
    const auto b = bus();
    line(a, b);
    // The units that wait come before the one they wait for, so that order of index cannot help.
    chp = generator(b, 100.0, 7200, false, GeneratorKind::chp);
    import_line = generator(b, 80.0, 600, false, GeneratorKind::import);
    hydro = generator(a, 20.0, 1800, true, GeneratorKind::hydro);
    feeder(a, 5.0);
  }
};

TEST(Operation, HydroBlackStartBringsTheOthersBackToTheSecond) {
  BlackStartCase grid;
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  moment(operation, grid, state);

  grid.now = 3600;
  grid.available_mw = {0.0, 0.0, 0.0};
  const OperationResult dead = moment(operation, grid, state);
  EXPECT_EQ(dead.energised_islands, 0U);
  EXPECT_THAT(state.feeder_cause, ElementsAre(FeederCause::dead_bus));
  EXPECT_EQ(next_operation_event(state), kNever);

  grid.now = 7200;
  grid.available_mw = {100.0, 80.0, 20.0};
  moment(operation, grid, state);
  EXPECT_THAT(state.generator_ready_at, ElementsAre(kNever, kNever, 9000));
  EXPECT_THAT(state.feeder_on, ElementsAre(0));

  grid.now = 9000;
  moment(operation, grid, state);
  EXPECT_THAT(state.generator_running, ElementsAre(0, 0, 1));
  EXPECT_THAT(state.generator_ready_at, ElementsAre(9000 + 7200, 9000 + 600, kNever));
  EXPECT_THAT(state.feeder_on, ElementsAre(1));
  EXPECT_EQ(next_operation_event(state), 9600);

  grid.now = 9600;
  moment(operation, grid, state);
  EXPECT_THAT(state.generator_running, ElementsAre(0, 1, 1));
  grid.now = 16200;
  moment(operation, grid, state);
  EXPECT_THAT(state.generator_running, ElementsAre(1, 1, 1));
  EXPECT_EQ(next_operation_event(state), kNever);
}

TEST(Operation, ATimerIsCancelledWhenItsConditionLapses) {
  BlackStartCase grid;
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  grid.available_mw = {0.0, 0.0, 0.0};
  moment(operation, grid, state);
  grid.now = 1000;
  grid.available_mw = {100.0, 80.0, 20.0};
  moment(operation, grid, state);
  grid.now = 2800;
  moment(operation, grid, state);
  ASSERT_EQ(state.generator_ready_at[grid.chp], 2800 + 7200);

  grid.now = 3000;  // the only running unit is lost: the timers of those that lived on its bus stop
                    // with it
  grid.available_mw[grid.hydro] = 0.0;
  moment(operation, grid, state);
  EXPECT_THAT(state.generator_ready_at, ElementsAre(kNever, kNever, kNever));
  EXPECT_EQ(next_operation_event(state), kNever);

  grid.now = 3100;  // and begin anew
  grid.available_mw[grid.hydro] = 20.0;
  moment(operation, grid, state);
  EXPECT_EQ(state.generator_ready_at[grid.hydro], 3100 + 1800);
  grid.now = 4900;
  moment(operation, grid, state);
  EXPECT_EQ(state.generator_ready_at[grid.chp], 4900 + 7200);
}

TEST(Operation, AnImportFlaggedForBlackStartEnergisesADeadIsland) {
  for (const bool flagged : {false, true}) {
    GridCase grid;
    grid.generator(grid.bus(), 80.0, 600, flagged, GeneratorKind::import);
    Operation operation(grid.model);
    OperationState state = operation.initial_state();
    grid.available_mw = {0.0};
    moment(operation, grid, state);
    grid.available_mw = {80.0};
    grid.now = 100;
    moment(operation, grid, state);
    grid.now = 700;
    moment(operation, grid, state);
    EXPECT_EQ(state.generator_running[0] != 0, flagged);
  }
}

TEST(Operation, RestartsOfNoDurationChainWithinOneMoment) {
  GridCase grid;
  const auto a = grid.bus();
  const auto b = grid.bus();
  grid.line(a, b);
  grid.generator(b, 10.0, 0, false);
  grid.generator(a, 10.0, 0, true);
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  grid.available_mw = {0.0, 0.0};
  moment(operation, grid, state);
  grid.now = 60;
  grid.available_mw = {10.0, 10.0};
  moment(operation, grid, state);
  EXPECT_THAT(state.generator_running, ElementsAre(1, 1));
}

TEST(Operation, SettleAloneNeverStartsAGenerator) {
  BlackStartCase grid;
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  grid.available_mw = {0.0, 0.0, 0.0};
  operation.settle(grid.inputs(), state, grid.parameters);
  grid.available_mw = {100.0, 80.0, 20.0};
  for (grid.now = kHour; grid.now < 24 * kHour; grid.now += kHour) {
    operation.settle(grid.inputs(), state, grid.parameters);
    ASSERT_THAT(state.generator_running, ElementsAre(0, 0, 0));
  }
}

// --- one moment, several calls

TEST(Operation, WhatIsOffStaysOffInTheSameMomentAndComesBackInTheNext) {
  DeficitCase grid;
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  grid.available_mw[1] = 45.0;
  moment(operation, grid, state);
  ASSERT_THAT(off_feeders(state, FeederCause::schedule), ElementsAre(0, 1));
  grid.now = kHour;
  moment(operation, grid, state);
  grid.demand_mw.assign(13, 1.0);  // another network lost its pumps: no deficit any more
  operation.settle(grid.inputs(), state, grid.parameters);
  EXPECT_THAT(off_feeders(state, FeederCause::schedule), ElementsAre(0, 1));
  EXPECT_EQ(state.feeder_changed_at[0], 0);

  OperationState what_if = state;  // unless the caller forgets the moment
  what_if.settled_at = -kNever;
  operation.settle(grid.inputs(), what_if, grid.parameters);
  EXPECT_THAT(off_feeders(what_if, FeederCause::schedule), ElementsAre());

  grid.now = 2 * kHour;
  operation.settle(grid.inputs(), state, grid.parameters);
  EXPECT_THAT(off_feeders(state, FeederCause::schedule), ElementsAre());
}

TEST(Operation, AGeneratorLostWithinTheMomentTakesItsIslandWithIt) {
  GridCase grid;
  const auto a = grid.bus();
  grid.generator(a, 10.0, 0, true);
  grid.feeder(a, 5.0, 0);
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  moment(operation, grid, state);
  grid.available_mw[0] = 0.0;  // its cooling water went
  operation.settle(grid.inputs(), state, grid.parameters);
  EXPECT_THAT(state.feeder_cause, ElementsAre(FeederCause::dead_bus));
  grid.available_mw[0] = 10.0;
  operation.settle(grid.inputs(), state, grid.parameters);
  EXPECT_THAT(state.generator_running, ElementsAre(0));
  EXPECT_THAT(state.feeder_on, ElementsAre(0));
}

// --- contracts

TEST(Operation, RefusesAModelThatContradictsItself) {
  LimitCase grid;
  std::swap(grid.model.feeder_bus[0], grid.model.feeder_bus[1]);
  EXPECT_THROW(Operation{grid.model}, ContractViolation);
  LimitCase subqueue;
  subqueue.model.feeder_subqueue[0] = 12;
  EXPECT_THROW(Operation{subqueue.model}, ContractViolation);
}

TEST(Operation, NothingAllocatesAfterConstruction) {
  LimitCase limited;
  limited.parameters = Parameters{2.0, 3.0};
  limited.generator(1, 5.0, 1800, true);
  Operation operation(limited.model);
  OperationState state = operation.initial_state();
  const wintergrid::test::AllocationScope scope;
  for (int hour = 0; hour < 200; ++hour) {
    limited.now = hour * kHour;
    limited.branch_up[0] = hour % 7 == 3 ? 0 : 1;
    limited.bus_up[1] = hour % 11 == 5 ? 0 : 1;
    limited.available_mw[0] = hour % 5 == 0 ? 14.0 : 100.0;
    limited.available_mw[1] = hour % 3 == 0 ? 0.0 : 5.0;
    operation.restore(limited.inputs(), state);
    operation.settle(limited.inputs(), state, limited.parameters);
    operation.settle(limited.inputs(), state, limited.parameters);
  }
  EXPECT_EQ(scope.count(), 0U);
}

}  // namespace
}  // namespace wintergrid::power::test
