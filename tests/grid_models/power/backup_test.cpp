// Exact timelines of backup sets.

#include "grid_models/power/backup.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "grid_models/core/contract.hpp"
#include "tests/grid_models/power/backup_timeline.hpp"
#include "tests/support/allocation_counter.hpp"

namespace wintergrid::power {
namespace {

using test::HashedLuck;
using test::Site;
using test::Timeline;
using testing::ElementsAre;

constexpr Seconds kHour = kSecondsPerHour;

TEST(Backup, TakesLoadAfterPhaseInAndStandsByWhenTheGridReturns) {
  Timeline t({Site{}});
  EXPECT_EQ(next_backup_event(t.model, t.parameters, t.state), kNever);
  t.move_to(kHour);
  t.grid(0);
  EXPECT_EQ(t.state.phase[0], BackupPhase::starting);
  EXPECT_EQ(next_backup_event(t.model, t.parameters, t.state), kHour + 10);
  t.move_to(5 * kHour + 10);
  EXPECT_EQ(t.state.phase[0], BackupPhase::running);
  EXPECT_EQ(t.state.changed_at[0], kHour + 10);
  t.grid(1);
  EXPECT_EQ(t.state.phase[0], BackupPhase::standby);
  t.move_to(9 * kHour);
  EXPECT_THAT(t.switches,
              ElementsAre(std::pair{0, 1}, std::pair{kHour, 0}, std::pair{kHour + 10, 1}));
  EXPECT_NEAR(t.state.fuel_hours_left[0], 116.0, 1e-12);
  EXPECT_NEAR(t.litres, 4.0 * (0.035 * 100.0 + 0.25 * 60.0), 1e-9);
  EXPECT_EQ(t.state.next_delivery[0], kNever);
  EXPECT_EQ(t.state.starts[0], 1U);
}

TEST(Backup, ASetWithoutPhaseInKeepsItsLoadSupplied) {
  Timeline t({Site{60.0, 100.0, 120.0, 0}});
  t.move_to(kHour);
  t.grid(0);
  EXPECT_EQ(t.state.phase[0], BackupPhase::running);
  t.move_to(2 * kHour);
  EXPECT_THAT(t.switches, ElementsAre(std::pair{0, 1}));
}

TEST(Backup, NoSetAndTooSmallASetLeaveTheFacilityDark) {
  Timeline t({Site{60.0, 0.0, 0.0, 10}, Site{60.0, 59.9, 24.0, 10}, Site{60.0, 60.0, 24.0, 10}});
  t.grid(0);
  t.move_to(kHour);
  EXPECT_THAT(t.state.powered, ElementsAre(0, 0, 1));
  EXPECT_THAT(t.state.phase,
              ElementsAre(BackupPhase::standby, BackupPhase::standby, BackupPhase::running));
  EXPECT_THAT(t.state.starts, ElementsAre(0, 0, 1));
  t.grid(1);
  EXPECT_THAT(t.state.powered, ElementsAre(1, 1, 1));
}

TEST(Backup, AStartThatFailsIsTriedAgainAfterADayAndAtTheNextLossOfSupply) {
  Timeline t({Site{}});
  t.parameters.common_cause_share = 0.0;
  t.scripted.draws = {{{Purpose::backup_start, 0}, 0.95}, {{Purpose::backup_start, 1}, 0.951}};
  t.move_to(kHour);
  t.grid(0);  // u = p fails: success is u < p
  EXPECT_EQ(t.state.phase[0], BackupPhase::failed);
  EXPECT_EQ(next_backup_event(t.model, t.parameters, t.state), 25 * kHour);
  t.move_to(26 * kHour);
  EXPECT_EQ(t.state.phase[0], BackupPhase::failed);
  EXPECT_EQ(t.state.changed_at[0], 25 * kHour);
  t.grid(1);
  t.move_to(27 * kHour);
  t.grid(0);  // third draw: 0.5
  t.move_to(28 * kHour);
  EXPECT_THAT(t.switches,
              ElementsAre(std::pair{0, 1}, std::pair{kHour, 0}, std::pair{26 * kHour, 1},
                          std::pair{27 * kHour, 0}, std::pair{27 * kHour + 10, 1}));
  EXPECT_EQ(t.state.starts[0], 3U);
}

TEST(Backup, RunsDryAndComesBackWithTheDelivery) {
  Timeline t({Site{60.0, 100.0, 6.0, 0}});
  t.grid(0);
  EXPECT_EQ(next_backup_event(t.model, t.parameters, t.state), 6 * kHour);
  t.move_to(40 * kHour);
  // Half at 3 h, so fuel at 27 h; dry from 6 h; then half again at 30 h, dry at 33 h, fuel at 54 h.
  EXPECT_THAT(t.switches, ElementsAre(std::pair{0, 1}, std::pair{6 * kHour, 0},
                                      std::pair{27 * kHour, 1}, std::pair{33 * kHour, 0}));
  EXPECT_EQ(t.state.phase[0], BackupPhase::out_of_fuel);
  EXPECT_EQ(t.state.changed_at[0], 33 * kHour);
  EXPECT_EQ(t.state.next_delivery[0], 54 * kHour);
  EXPECT_EQ(t.state.fuel_hours_left[0], 0.0);
  EXPECT_NEAR(t.litres, 12.0 * 18.5, 1e-9);
  EXPECT_EQ(t.state.starts[0], 2U);
}

TEST(Backup, AShareOfTheTankIsDeliveredAndOrderedAgainWhileLow) {
  Timeline t({Site{60.0, 100.0, 8.0, 0}});
  t.parameters.delivery_share = 0.25;  // 2 h
  t.parameters.delivery_hours = 1.0;
  t.grid(0);
  t.move_to(4 * kHour);
  EXPECT_EQ(t.state.next_delivery[0], 5 * kHour);
  t.move_to(5 * kHour);
  EXPECT_NEAR(t.state.fuel_hours_left[0], 5.0, 1e-12);
  EXPECT_EQ(t.state.next_delivery[0], kNever);
  t.move_to(6 * kHour);
  EXPECT_EQ(t.state.next_delivery[0], 7 * kHour);
  t.move_to(100 * kHour);
  EXPECT_THAT(t.switches, ElementsAre(std::pair{0, 1}));  // 2 h of fuel every 2 h
}

TEST(Backup, WithoutDeliveriesADrySetStaysDry) {
  Timeline t({Site{60.0, 100.0, 6.0, 0}});
  t.parameters.delivery_share = 0.0;
  t.grid(0);
  t.move_to(200 * kHour);
  EXPECT_THAT(t.switches, ElementsAre(std::pair{0, 1}, std::pair{6 * kHour, 0}));
  EXPECT_EQ(next_backup_event(t.model, t.parameters, t.state), kNever);
}

TEST(Backup, AHospitalWithFiveDaysOfFuelNeverRunsDryOnDailyDeliveries) {
  Timeline t({Site{60.0, 100.0, 120.0, 0}});
  t.grid(0);
  EXPECT_EQ(next_backup_event(t.model, t.parameters, t.state), 84 * kHour);  // half at 60 h
  t.move_to(60 * kSecondsPerDay);
  EXPECT_THAT(t.switches, ElementsAre(std::pair{0, 1}));
  EXPECT_NEAR(t.litres, 1440.0 * 18.5, 1e-6);
}

TEST(Backup, DeliveriesReachASetThatStandsByAgainWithoutAStop) {
  Timeline t({Site{60.0, 100.0, 6.0, 0}});
  t.grid(0);
  t.move_to(4 * kHour);
  t.grid(1);
  EXPECT_EQ(next_backup_event(t.model, t.parameters, t.state), kNever);
  t.move_to(26 * kHour);
  EXPECT_NEAR(t.state.fuel_hours_left[0], 2.0, 1e-12);
  t.move_to(28 * kHour);
  EXPECT_EQ(t.state.fuel_hours_left[0], 6.0);
  EXPECT_EQ(t.state.next_delivery[0], kNever);
}

TEST(Backup, ASetThatStartsLowOrdersFuel) {
  Timeline t({Site{60.0, 100.0, 6.0, 0}});
  t.state.fuel_hours_left[0] = 2.0;
  t.grid(0);
  EXPECT_EQ(t.state.next_delivery[0], 24 * kHour);
  EXPECT_EQ(next_backup_event(t.model, t.parameters, t.state), 2 * kHour);
}

TEST(Backup, FuelAndTimesDoNotDependOnTheSteps) {
  const std::vector<Site> sites = {Site{60.0, 100.0, 7.3, 17}};
  Timeline coarse(sites);
  Timeline fine(sites);
  fine.step = 613;
  for (Timeline* t : {&coarse, &fine}) {
    t->parameters.delivery_hours = 3.7;
    t->parameters.delivery_share = 0.4;
    t->parameters.daily_availability = 1.0;
    for (const Seconds hours : {3, 50, 52, 120}) {
      t->move_to(hours * kHour + 11);
      t->grid(hours == 50 ? 1 : 0);
    }
  }
  EXPECT_EQ(coarse.switches, fine.switches);
  EXPECT_NEAR(coarse.litres, fine.litres, 1e-6);
  EXPECT_NEAR(coarse.state.fuel_hours_left[0], fine.state.fuel_hours_left[0], 1e-6);
  EXPECT_EQ(coarse.state.next_delivery, fine.state.next_delivery);
}

TEST(Backup, ABreakdownComesAtItsMomentOfTheDayIfTheSetIsRunningThen) {
  for (const bool running_at_noon : {true, false}) {
    Timeline t({Site{60.0, 100.0, 120.0, 0}});
    t.scripted.draws = {
        {{Purpose::backup_running, 0}, 0.95}};  // (0.95 - 0.9) / 0.1: 12:00 of day 0
    t.step = kHour;
    t.move_to(running_at_noon ? 6 * kHour : 13 * kHour);
    t.grid(0);
    t.move_to(20 * kHour);
    EXPECT_EQ(t.state.phase[0], running_at_noon ? BackupPhase::failed : BackupPhase::running);
    if (running_at_noon) {
      EXPECT_NEAR(static_cast<double>(t.state.changed_at[0]), 12.5 * 3600.0,
                  1801.0);  // next step: 12:00 or 13:00
      t.move_to(37 * kHour);
      EXPECT_EQ(t.state.phase[0], BackupPhase::running);  // tried again a day later
    }
  }
}

TEST(Backup, OneTenthOfSetsBreakDownInADayAndOneTwentiethDoNotStart) {
  constexpr int kSets = 20000;
  Timeline t(std::vector<Site>(kSets, Site{}));
  const HashedLuck hashed;
  t.luck = &hashed;
  t.step = 6 * kHour;
  t.parameters.retry_hours = 1000.0;
  t.grid(0);
  const auto failed = [&] {
    return static_cast<double>(
        std::count(t.state.phase.begin(), t.state.phase.end(), BackupPhase::failed));
  };
  const double not_started = failed();
  EXPECT_NEAR(not_started / kSets, 0.05, 4.0 * std::sqrt(0.05 * 0.95 / kSets));
  t.move_to(6 * kHour);
  const double started = kSets - not_started;
  EXPECT_NEAR((failed() - not_started) / started, 0.1 / 4,
              4.0 * std::sqrt(0.025 * 0.975 / started));
  t.move_to(24 * kHour);
  EXPECT_NEAR((failed() - not_started) / started, 0.1, 4.0 * std::sqrt(0.1 * 0.9 / started));
}

TEST(Backup, ARepeatedCallAtOneMomentChangesNothingAndFewerFeedersStartMoreSets) {
  Timeline t({Site{}, Site{}});
  t.move_to(kHour);
  t.feeder_on = {0, 1};
  t.settle();
  const BackupState before = t.state;
  t.settle();
  EXPECT_EQ(t.state.phase, before.phase);
  EXPECT_EQ(t.state.powered, before.powered);
  EXPECT_EQ(t.state.starts, before.starts);
  EXPECT_EQ(t.state.changed_at, before.changed_at);
  t.feeder_on = {0, 0};
  t.settle();
  EXPECT_THAT(t.state.starts, ElementsAre(1, 1));
  EXPECT_THAT(t.state.powered, ElementsAre(0, 0));
}

TEST(Backup, LitresAgreeWithTheConsumptionChart) {
  // Litres per hour at 25, 50, 75 and 100 % of load, of the usual chart (hardydiesel.com,
  // bigrentz.com).
  const std::vector<std::pair<double, std::array<double, 4>>> chart = {
      {20, {2.3, 3.4, 4.9, 6.1}},       {60, {6.8, 11.0, 14.4, 18.2}},
      {100, {9.8, 15.5, 22.0, 28.0}},   {200, {17.8, 29.1, 41.6, 54.5}},
      {500, {41.6, 70.0, 99.9, 135.1}}, {1000, {81.8, 137.8, 197.2, 269.1}},
      {2000, {162, 273, 392, 537}}};
  for (const auto& [rated_kw, litres] : chart) {
    for (std::size_t quarter = 0; quarter < 4; ++quarter) {
      const double load_kw = rated_kw * 0.25 * static_cast<double>(quarter + 1);
      EXPECT_NEAR(fuel_litres_per_hour(rated_kw, load_kw) / litres.at(quarter), 1.0, 0.10)
          << rated_kw << " kW at " << load_kw;
    }
  }
  Timeline t({Site{250.0, 500.0, 48.0, 0}});
  t.grid(0);
  t.move_to(10 * kHour);
  EXPECT_NEAR(t.litres, 10.0 * 70.0, 0.1 * 700.0);
}

TEST(Backup, NothingAllocatesAndAModelWithGapsIsRefused) {
  Timeline t({Site{}, Site{60.0, 100.0, 3.0, 0}});
  t.outdoor_c = -25.0;
  t.grid(0);
  const wintergrid::test::AllocationScope scope;
  for (int hour = 1; hour < 200; ++hour) {
    t.litres += run_backup(t.model, t.parameters, t.now, kHour, t.state);
    t.now += kHour;
    settle_backup(t.model, t.parameters, t.now, t.outdoor_c, t.feeder_on, *t.luck, t.state);
  }
  EXPECT_EQ(scope.count(), 0U);
  t.model.group_hash.pop_back();
  EXPECT_THROW(initial_backup_state(t.model), ContractViolation);
  t.model.group_hash.push_back(0);
  t.model.load_kw.pop_back();
  EXPECT_THROW(initial_backup_state(t.model), ContractViolation);
}

}  // namespace
}  // namespace wintergrid::power
