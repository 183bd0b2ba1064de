// The outage schedule, cold-load pickup and emergency cuts on hand-derived small systems; all
// numbers follow from the definitions in rotation.hpp and feeder_cuts.cpp.

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "grid_models/power/operation.hpp"
#include "tests/grid_models/power/grid_case.hpp"

namespace wintergrid::power::test {
namespace {

using testing::ElementsAre;

// --- the order of rotation

TEST(Rotation, EveryStartOccursOnceInTwelveBlocks) {
  for (Seconds first = 0; first < Seconds{20} * kSubqueueCount; first += kSubqueueCount) {
    std::array<int, kSubqueueCount> seen{};
    for (Seconds block = first; block < first + kSubqueueCount; ++block) {
      ++seen.at(rotation_start(block * kBlock, kBlock));
    }
    EXPECT_THAT(seen, testing::Each(1)) << "from block " << first;
  }
}

TEST(Rotation, EveryStartMeetsEveryBlockOfTheDayOnceInTwelveDays) {
  for (Seconds block_of_day = 0; block_of_day < 6; ++block_of_day) {
    std::array<int, kSubqueueCount> seen{};
    for (Seconds day = 0; day < 12; ++day) {
      ++seen.at(rotation_start(day * kSecondsPerDay + block_of_day * kBlock, kBlock));
    }
    EXPECT_THAT(seen, testing::Each(1)) << "block of day " << block_of_day;
  }
}

TEST(Rotation, ConstantWithinABlockAndPlacesAreAPermutation) {
  EXPECT_EQ(rotation_start(0, kBlock), 0U);
  EXPECT_EQ(rotation_start(kBlock - 1, kBlock), 0U);
  EXPECT_EQ(rotation_start(kBlock, kBlock), 7U);
  EXPECT_EQ(rotation_start(12 * kBlock, kBlock), 1U);
  EXPECT_EQ(rotation_place(7, 7), 0U);
  EXPECT_EQ(rotation_place(6, 7), 11U);
  EXPECT_EQ(rotation_place(0, 7), 5U);
}

TEST(Rotation, NobodyIsOffForMoreThanTwoBlocksInARowAtHalfDepthBetweenShifts) {
  for (std::uint32_t q = 0; q < kSubqueueCount; ++q) {
    int run = 0;
    for (Seconds block = 0; block < kSubqueueCount; ++block) {
      run = rotation_place(q, rotation_start(block * kBlock, kBlock)) < 6 ? run + 1 : 0;
      EXPECT_LE(run, 2);
    }
  }
}

// --- the schedule

TEST(Schedule, LossOfImportsRotatesExactlyTheSubqueuesNeeded) {
  DeficitCase grid;
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  EXPECT_DOUBLE_EQ(moment(operation, grid, state).unserved_mw, 0.0);

  grid.now = kHour;
  grid.available_mw[1] = 45.0;  // 135 of 150 MW: two of 10 MW each
  OperationResult result = moment(operation, grid, state);
  EXPECT_DOUBLE_EQ(result.deficit_mw, 15.0);
  EXPECT_DOUBLE_EQ(result.unserved_mw, 20.0);
  EXPECT_DOUBLE_EQ(result.emergency_mw, 0.0);
  EXPECT_THAT(off_feeders(state, FeederCause::schedule), ElementsAre(0, 1));
  EXPECT_EQ(state.feeder_changed_at[0], kHour);

  grid.now = 3 * kHour;  // the same block: the same ones, and no new switching
  moment(operation, grid, state);
  EXPECT_THAT(off_feeders(state, FeederCause::schedule), ElementsAre(0, 1));
  EXPECT_EQ(state.feeder_changed_at[0], kHour);

  grid.now = 4 * kHour;
  moment(operation, grid, state);
  EXPECT_THAT(off_feeders(state, FeederCause::schedule), ElementsAre(7, 8));
  EXPECT_EQ(state.feeder_energised_at[0], 4 * kHour);
  grid.now = 8 * kHour;
  moment(operation, grid, state);
  EXPECT_THAT(off_feeders(state, FeederCause::schedule), ElementsAre(2, 3));

  grid.now = 9 * kHour;  // deeper within the block: the same and more
  grid.available_mw[1] = 0.0;
  result = moment(operation, grid, state);
  EXPECT_DOUBLE_EQ(result.deficit_mw, 60.0);
  EXPECT_THAT(off_feeders(state, FeederCause::schedule), ElementsAre(2, 3, 4, 5, 6, 7));

  grid.now = 10 * kHour;
  grid.available_mw[1] = 60.0;
  EXPECT_DOUBLE_EQ(moment(operation, grid, state).unserved_mw, 0.0);
}

TEST(Schedule, EachIslandHasItsOwnDepth) {
  GridCase grid;
  const auto a = grid.bus();
  const auto b = grid.bus();
  grid.generator(a, 110.0);
  grid.generator(b, 60.0);
  grid.feeder_in_every_subqueue(a, 10.0);
  grid.feeder_in_every_subqueue(b, 10.0);
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  const OperationResult result = moment(operation, grid, state);
  EXPECT_DOUBLE_EQ(result.deficit_mw, 10.0 + 60.0);
  EXPECT_EQ(result.energised_islands, 2U);
  EXPECT_THAT(off_feeders(state, FeederCause::schedule), ElementsAre(0, 12, 13, 14, 15, 16, 17));
}

TEST(Schedule, ExemptFeedersStayOnUntilAllTwelveSubqueuesAreOff) {
  DeficitCase grid;
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  grid.available_mw = {30.0, 1e-9};
  const OperationResult result = moment(operation, grid, state);
  EXPECT_EQ(off_feeders(state, FeederCause::schedule).size(), 12U);
  EXPECT_EQ(state.feeder_on[12], 1);
  EXPECT_DOUBLE_EQ(result.emergency_mw, 0.0);
}

TEST(Schedule, WhereTheScheduleIsNotEnoughExemptFeedersAreCutInEmergencyMode) {
  GridCase grid;
  const auto a = grid.bus();
  const auto b = grid.bus();
  grid.line(a, b);
  grid.generator(a, 13.0);
  grid.feeder(a, 2.0, 5);
  grid.feeder(a, 8.0, kExempt, 30);
  grid.feeder(b, 4.0, kExempt, 10);
  grid.feeder(b, 6.0, kExempt, 20);
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  // 18 MW exempt, 13 MW to give: 5 must go; the smallest feeder that covers 5 is the one of 6.
  OperationResult result = moment(operation, grid, state);
  EXPECT_THAT(state.feeder_cause, ElementsAre(FeederCause::schedule, FeederCause::on,
                                              FeederCause::on, FeederCause::emergency));
  EXPECT_DOUBLE_EQ(result.deficit_mw, 7.0);
  EXPECT_DOUBLE_EQ(result.unserved_mw, 8.0);
  EXPECT_DOUBLE_EQ(result.emergency_mw, 6.0);

  // 11 must go: none covers it alone, so first in order of the hash (4), then the smallest that
  // covers 7.
  grid.now = kHour;
  grid.available_mw = {7.0};
  result = moment(operation, grid, state);
  EXPECT_THAT(state.feeder_cause, ElementsAre(FeederCause::schedule, FeederCause::emergency,
                                              FeederCause::emergency, FeederCause::on));
}

TEST(Schedule, OverSixDaysSubqueuesAreOffEquallyLong) {
  for (int depth = 1; depth < 12; ++depth) {
    GridCase grid;
    const auto a = grid.bus();
    grid.generator(a, 24.0 - 2.0 * depth + 0.5);
    grid.feeder_in_every_subqueue(a, 1.0);
    grid.feeder_in_every_subqueue(a, 1.0);
    Operation operation(grid.model);
    OperationState state = operation.initial_state();
    std::array<int, kSubqueueCount> off_hours{};
    for (grid.now = 0; grid.now < 6 * kSecondsPerDay; grid.now += kHour) {
      moment(operation, grid, state);
      for (std::size_t f = 0; f < 24; ++f) {
        off_hours.at(f % 12) += state.feeder_on[f] == 0 ? 1 : 0;
      }
    }
    // 36 blocks = 3 x 12: exactly equal, depth x 3 blocks x 4 h, for each of the two feeders
    EXPECT_THAT(off_hours, testing::Each(depth * 3 * 4 * 2)) << "depth " << depth;
  }
}

TEST(Schedule, ADeficitOfTheEveningOnlyFallsOnEverybodyInTwelveDays) {
  GridCase grid;
  const auto a = grid.bus();
  grid.generator(a, 12.0);
  grid.feeder_in_every_subqueue(a, 1.0);
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  std::array<int, kSubqueueCount> off_hours{};
  for (grid.now = 0; grid.now < 12 * kSecondsPerDay; grid.now += kHour) {
    const Seconds hour = grid.now / kHour % 24;
    grid.available_mw[0] = hour >= 16 && hour < 22 ? 9.0 : 12.0;
    moment(operation, grid, state);
    for (std::size_t f = 0; f < 12; ++f) {
      off_hours.at(f) += state.feeder_on[f] == 0 ? 1 : 0;
    }
  }
  EXPECT_THAT(off_hours, testing::Each(3 * 6));  // 3 of 12 x 6 h x 12 days
}

// --- pickup

TEST(Pickup, PickupDecaysLinearlyFromReEnergisationAndNotFromTheStart) {
  GridCase grid;
  grid.parameters = Parameters{2.0, 3.0};
  const auto a = grid.bus();
  grid.generator(a, 100.0);
  grid.feeder(a, 12.0);
  grid.feeder(a, 1.0);
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  EXPECT_DOUBLE_EQ(moment(operation, grid, state).demand_mw, 13.0);  // on from the start: no pickup

  grid.now = kHour;
  grid.feeder_available[0] = 0;
  EXPECT_DOUBLE_EQ(moment(operation, grid, state).demand_mw, 13.0);  // off: counted without pickup
  grid.feeder_available[0] = 1;
  const std::vector<std::pair<Seconds, double>> expected = {{6 * kHour, 2.0},
                                                            {7 * kHour, 1.0 + 2.0 / 3.0},
                                                            {7 * kHour + 1800, 1.5},
                                                            {8 * kHour, 1.0 + 1.0 / 3.0},
                                                            {9 * kHour - 1, 1.0 + 1.0 / 10800.0},
                                                            {9 * kHour, 1.0},
                                                            {90 * kHour, 1.0}};
  for (const auto& [now, factor] : expected) {
    grid.now = now;
    EXPECT_NEAR(moment(operation, grid, state).demand_mw, 1.0 + 12.0 * factor, 1e-12) << now;
  }
}

TEST(Pickup, PickupHoldsBackFeedersUntilItHasDecayed) {
  GridCase grid;
  grid.parameters = Parameters{2.0, 3.0};
  const auto a = grid.bus();
  grid.generator(a, 18.0, 0, true);
  grid.feeder_in_every_subqueue(a, 1.0);
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  grid.available_mw[0] = 0.0;
  moment(operation, grid, state);
  grid.available_mw[0] = 18.0;
  grid.now = kHour;
  OperationResult result = moment(operation, grid, state);
  EXPECT_DOUBLE_EQ(result.deficit_mw, 24.0 - 18.0);
  EXPECT_THAT(off_feeders(state, FeederCause::schedule), ElementsAre(0, 1, 2));  // 9 on at 2 MW
  EXPECT_DOUBLE_EQ(result.demand_mw, 18.0 + 3.0);
  EXPECT_DOUBLE_EQ(result.unserved_mw, 3.0);
  grid.now = 2 * kHour;  // 9 x 5/3 = 15: room for one more at 2 MW
  moment(operation, grid, state);
  EXPECT_THAT(off_feeders(state, FeederCause::schedule), ElementsAre(0, 1));
  grid.now = 3 * kHour;  // 9 x 4/3 + 5/3 = 13.67: room for both
  moment(operation, grid, state);
  EXPECT_THAT(off_feeders(state, FeederCause::schedule), ElementsAre());
}

TEST(Pickup, AFeederThatCameOnInThisMomentMayBeCutInItAndCountsTheSameAgain) {
  GridCase grid;
  grid.parameters = Parameters{2.0, 3.0};
  const auto a = grid.bus();
  grid.generator(a, 100.0);
  grid.generator(a, 4.0);
  grid.feeder_in_every_subqueue(a, 1.0);
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  grid.feeder_available[0] = 0;
  moment(operation, grid, state);
  grid.now = kHour;
  grid.feeder_available[0] = 1;
  EXPECT_DOUBLE_EQ(moment(operation, grid, state).demand_mw, 13.0);
  grid.available_mw[0] = 7.0;  // 13 of 11: sub-queue 0 with its pickup is enough
  OperationResult result = operation.settle(grid.inputs(), state, grid.parameters);
  EXPECT_THAT(off_feeders(state, FeederCause::schedule), ElementsAre(0));
  EXPECT_DOUBLE_EQ(result.deficit_mw, 2.0);
  result = operation.settle(grid.inputs(), state, grid.parameters);
  EXPECT_THAT(off_feeders(state, FeederCause::schedule), ElementsAre(0));
  EXPECT_DOUBLE_EQ(result.deficit_mw, 2.0);
}

// --- emergency

TEST(Emergency, ABranchLimitCutsWholeFeedersUnrotated) {
  LimitCase grid;
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  // 18 MW over 12: 6 must go. 5 (first by hash) fits; of the 1 left, 3 is the smallest feeder that
  // covers it.
  const OperationResult result = moment(operation, grid, state);
  EXPECT_THAT(off_feeders(state, FeederCause::emergency), ElementsAre(2, 4));
  EXPECT_THAT(off_feeders(state, FeederCause::schedule), ElementsAre());
  EXPECT_DOUBLE_EQ(result.emergency_mw, 8.0);
  EXPECT_DOUBLE_EQ(result.unserved_mw, 8.0);
  EXPECT_DOUBLE_EQ(result.deficit_mw, 0.0);
  for (grid.now = kHour; grid.now < kSecondsPerDay; grid.now += kHour) {
    moment(operation, grid, state);
    ASSERT_THAT(off_feeders(state, FeederCause::emergency), ElementsAre(2, 4));
    ASSERT_EQ(state.feeder_changed_at[2], 0);
  }
}

TEST(Emergency, EmergencyTakesExemptFeedersOnlyWhenNoOtherIsLeft) {
  LimitCase grid;
  grid.model.network.branch_limit_mw[0] = 6.0;
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  moment(operation, grid, state);
  EXPECT_THAT(off_feeders(state, FeederCause::emergency), ElementsAre(2, 3, 4));
  grid.model.network.branch_limit_mw[0] = 5.0;
  Operation tighter(grid.model);
  state = tighter.initial_state();
  moment(tighter, grid, state);
  EXPECT_THAT(off_feeders(state, FeederCause::emergency), ElementsAre(1, 2, 3, 4));
}

TEST(Emergency, ExemptLoadElsewhereIsPreferredToOrdinaryLoad) {
  GridCase grid;
  const auto a = grid.bus();
  const auto b = grid.bus();
  const auto c = grid.bus();
  grid.line(a, b, 10.0);
  grid.line(b, c);
  grid.generator(a, 100.0);
  grid.feeder(b, 6.0);     // exempt
  grid.feeder(c, 6.0, 4);  // ordinary
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  moment(operation, grid, state);
  EXPECT_THAT(state.feeder_cause, ElementsAre(FeederCause::on, FeederCause::emergency));
}

TEST(Emergency, OverSheddingStaysWithinOneFeederBehindOneLimit) {
  for (const double limit_mw : {158.0, 150.0, 120.0, 60.0}) {
    GridCase grid;
    grid.generator(grid.bus(), 1000.0);
    double load_mw = 0.0;
    for (std::uint32_t b = 1; b <= 10; ++b) {
      grid.bus();
      grid.line(b - 1, b, b == 1 ? limit_mw : kNoLimit);
      for (std::uint32_t i = 0; i < 8; ++i) {
        const double mw = 1.0 + 0.25 * ((b * 5 + i * 3) % 9);  // 1 to 3 MW
        load_mw += mw;
        grid.feeder(b, mw, i % 3 == 0 ? kExempt : static_cast<std::uint8_t>(i));
      }
    }
    ASSERT_GT(load_mw, limit_mw);
    Operation operation(grid.model);
    OperationState state = operation.initial_state();
    const OperationResult result = moment(operation, grid, state);
    EXPECT_GE(result.emergency_mw, load_mw - limit_mw - 1e-3) << limit_mw;
    EXPECT_LT(result.emergency_mw, load_mw - limit_mw + 3.0) << limit_mw;
  }
}

TEST(Emergency, EnergyThatEmergencyCutsFreeIsNotCutAgainByTheSchedule) {
  GridCase grid;
  const auto a = grid.bus();
  const auto b = grid.bus();
  grid.line(a, b, 10.0);
  grid.generator(a, 100.0);
  grid.feeder_in_every_subqueue(a, 5.0);
  grid.feeder_in_every_subqueue(b, 5.0);
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  const OperationResult result = moment(operation, grid, state);
  // 20 MW short, but the line lets only 10 of 60 MW through, which frees 50: nobody need be off by
  // schedule.
  EXPECT_DOUBLE_EQ(result.deficit_mw, 20.0);
  EXPECT_THAT(off_feeders(state, FeederCause::schedule), ElementsAre());
  EXPECT_EQ(off_feeders(state, FeederCause::emergency).size(), 10U);
  EXPECT_DOUBLE_EQ(result.emergency_mw, 50.0);
  EXPECT_THAT(std::vector<std::uint8_t>(state.feeder_on.begin(), state.feeder_on.begin() + 12),
              testing::Each(1));
}

TEST(Emergency, ScheduleAndEmergencyShareADeficitBeyondTheLimit) {
  GridCase grid;
  const auto a = grid.bus();
  const auto b = grid.bus();
  grid.line(a, b, 40.0);
  grid.generator(a, 80.0);
  grid.feeder_in_every_subqueue(a, 5.0);
  grid.feeder_in_every_subqueue(b, 5.0);
  Operation operation(grid.model);
  OperationState state = operation.initial_state();
  // 40 MW short: sub-queues 0..3, 10 MW each, leave 40 MW at b, which the line carries.
  const OperationResult result = moment(operation, grid, state);
  EXPECT_THAT(off_feeders(state, FeederCause::schedule), ElementsAre(0, 1, 2, 3, 12, 13, 14, 15));
  EXPECT_DOUBLE_EQ(result.emergency_mw, 0.0);
}

}  // namespace
}  // namespace wintergrid::power::test
