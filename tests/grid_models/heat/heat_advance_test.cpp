// What happens to buildings between moments: exact temperatures, paced work, freezing, bursting,
// repair.

#include <cmath>

#include <gtest/gtest.h>

#include "tests/grid_models/heat/heat_system.hpp"
#include "tests/grid_models/heat/held_building.hpp"

namespace wintergrid::heat::test {
namespace {

constexpr Seconds kHour = kSecondsPerHour;
constexpr double kCold = -20.0;

TEST(HeatAdvance, temperature_falls_by_the_closed_form_of_each_class) {
  OneZone zone(0);
  for (const auto building_class : {BuildingClass::panel, BuildingClass::brick,
                                    BuildingClass::insulated, BuildingClass::house}) {
    zone.system.block(zone.zone, 100, 1, building_class);
  }
  zone.parameters.gain_k = 2.5;
  zone.heat_on(false);
  Heat heat(zone.system.model);
  State state = heat.initial_state(zone.parameters);
  Tallies tallies;
  const ScriptedLuck luck;
  step(heat, zone.system, zone.parameters, 0, -10.0, 5 * kHour, luck, state, tallies);
  for (std::size_t block = 0; block < 4; ++block) {
    HeldBuilding held(zone.system.model.block_class[block], zone.parameters, -10.0);
    EXPECT_NEAR(state.indoor_c[block], held.air_c(0.0, 5.0), 2e-5);
  }
}

TEST(HeatAdvance, half_the_heat_holds_half_the_difference) {
  OneZone zone(1);
  zone.system.source_available_mw[zone.source] = 0.1;  // of 0.2 MW
  Heat heat(zone.system.model);
  State state = heat.initial_state(zone.parameters);
  Tallies tallies;
  step(heat, zone.system, zone.parameters, 0, kCold, 10 * kHour, ScriptedLuck(), state, tallies);
  HeldBuilding held(BuildingClass::panel, zone.parameters, kCold);
  EXPECT_NEAR(state.indoor_c[0], held.air_c(0.5, 10.0), 2e-5);
  step(heat, zone.system, zone.parameters, 10 * kHour, kCold, 4000 * kHour, ScriptedLuck(), state,
       tallies);
  EXPECT_NEAR(state.indoor_c[0], 0.0, 2e-5);
  EXPECT_EQ(state.phase[0], BlockPhase::connected);
  EXPECT_EQ(state.node_lost_at[0], kNever);
}

TEST(HeatAdvance, recovers_and_rests_again) {
  OneZone zone(1);
  Heat heat(zone.system.model);
  State state = heat.initial_state(zone.parameters);
  Tallies tallies;
  const ScriptedLuck luck;
  zone.heat_on(false);
  Seconds now = step(heat, zone.system, zone.parameters, 0, kCold, kHour, luck, state, tallies);
  EXPECT_FALSE(heat.settled());
  zone.heat_on(true);
  HeldBuilding held(BuildingClass::panel, zone.parameters, kCold);
  EXPECT_NEAR(state.indoor_c[0], held.air_c(0.0, 1.0), 2e-5);
  now = step(heat, zone.system, zone.parameters, now, kCold, kHour, luck, state, tallies);
  EXPECT_NEAR(state.indoor_c[0], held.air_c(1.0, 1.0), 2e-5);
  // Its masses are some 1 K down; the slow ones take 40 h for every factor of e.
  int hours = 1;
  while (!heat.settled() && hours < 400) {
    now = step(heat, zone.system, zone.parameters, now, kCold, kHour, luck, state, tallies);
    ++hours;
  }
  EXPECT_GT(hours, 3 * 40);
  EXPECT_LT(hours, 5 * 40);
  EXPECT_EQ(state.indoor_c[0], 20.0F);
  EXPECT_TRUE(same_state(state, [&] {
    State next = state;
    step(heat, zone.system, zone.parameters, now, kCold, kHour, luck, next, tallies);
    return next;
  }()));
}

TEST(HeatAdvance, drains_eight_percent_an_hour_eight_hours_after_the_loss) {
  OneZone zone(100);
  zone.heat_on(false);
  Heat heat(zone.system.model);
  State state = heat.initial_state(zone.parameters);
  Tallies tallies;
  const ScriptedLuck luck;
  Seconds now = 1000 * kHour;
  for (std::uint64_t hour = 1; hour <= 8 + 13 + 2; ++hour) {
    now = step(heat, zone.system, zone.parameters, now, -5.0, kHour, luck, state, tallies);
    const std::uint64_t expected = hour <= 8 ? 0 : std::min<std::uint64_t>(100, 8 * (hour - 8));
    EXPECT_EQ(tallies.buildings_drained, expected) << hour;
    EXPECT_EQ(buildings_in(zone.system.model, state, BlockPhase::drained), expected) << hour;
  }
  EXPECT_EQ(state.node_drain_quota[0], 0.0);
}

TEST(HeatAdvance, a_block_missed_by_its_draw_is_never_drained) {
  OneZone zone(100);
  zone.parameters.drain_missed_share = 0.3;
  zone.parameters.drain_decision_hours = 0.0;
  zone.heat_on(false);
  Heat heat(zone.system.model);
  State state = heat.initial_state(zone.parameters);
  Tallies tallies;
  const ScriptedLuck luck([](LuckAddress address) {
    const bool missed = address.purpose == Purpose::drain_missed && address.entity == block_hash(7);
    return missed ? 0.29 : 0.31;
  });
  step(heat, zone.system, zone.parameters, 0, -4.0, 24 * kHour, luck, state, tallies);
  EXPECT_EQ(tallies.buildings_drained, 99u);
  EXPECT_EQ(state.phase[7], BlockPhase::connected);
}

TEST(HeatAdvance, draining_starts_within_a_step_and_does_not_depend_on_the_cut) {
  OneZone zone(100);
  zone.heat_on(false);
  Heat heat(zone.system.model);
  const ScriptedLuck luck;
  State whole = heat.initial_state(zone.parameters);
  State cut = whole;
  Tallies whole_tallies;
  Tallies cut_tallies;
  step(heat, zone.system, zone.parameters, 0, -5.0, 12 * kHour, luck, whole, whole_tallies);
  Seconds now = 0;
  for (const Seconds part : {5 * kHour, 4 * kHour + 700, kHour - 700, 2 * kHour}) {
    now = step(heat, zone.system, zone.parameters, now, -5.0, part, luck, cut, cut_tallies);
  }
  EXPECT_EQ(whole_tallies.buildings_drained, 32u);
  EXPECT_EQ(cut_tallies.buildings_drained, 32u);
  EXPECT_EQ(whole.phase, cut.phase);
}

TEST(HeatAdvance, drains_only_in_frost_or_if_frost_is_forecast) {
  OneZone zone(10);
  zone.heat_on(false);
  Heat heat(zone.system.model);
  State state = heat.initial_state(zone.parameters);
  Tallies tallies;
  const ScriptedLuck luck;
  Seconds now = 0;
  for (int hour = 0; hour < 30; ++hour) {
    now = step(heat, zone.system, zone.parameters, now, -2.9, kHour, luck, state, tallies);
  }
  EXPECT_EQ(tallies.buildings_drained, 0u);
  Inputs inputs = zone.system.inputs(now, 1.0);
  inputs.forecast_min_c = -3.0;
  heat.settle(inputs, zone.parameters, state);
  heat.advance(inputs, zone.parameters, 5 * kHour, luck, state, tallies);
  EXPECT_EQ(tallies.buildings_drained, 4u);  // 10 buildings * 0.08 * 5 h
}

TEST(HeatAdvance, drains_in_the_order_of_the_draws_ties_by_index) {
  OneZone zone(4);
  zone.parameters.drain_buildings_per_hour_share = 0.25;
  zone.parameters.drain_decision_hours = 0.0;
  zone.heat_on(false);
  Heat heat(zone.system.model);
  State state = heat.initial_state(zone.parameters);
  Tallies tallies;
  const double order[] = {0.5, 0.9, 0.1, 0.5};
  const ScriptedLuck luck([&](LuckAddress address) {
    EXPECT_EQ(address.k, 0u);
    for (std::size_t block = 0; block < 4; ++block) {
      if (address.entity == block_hash(block)) {
        return order[block];
      }
    }
    return 0.999;
  });
  Seconds now = 0;
  for (const std::size_t expected : {2u, 0u, 3u, 1u}) {
    now = step(heat, zone.system, zone.parameters, now, -5.0, kHour, luck, state, tallies);
    EXPECT_EQ(state.phase[expected], BlockPhase::drained);
    EXPECT_EQ(state.phase_since[expected], now);
  }
}

TEST(HeatAdvance, a_large_block_waits_until_the_people_have_done_all_its_buildings) {
  OneZone zone(2, 25);
  zone.parameters.drain_decision_hours = 0.0;
  zone.heat_on(false);
  Heat heat(zone.system.model);
  State state = heat.initial_state(zone.parameters);
  Tallies tallies;
  const ScriptedLuck luck;
  Seconds now = 0;
  std::vector<std::uint64_t> drained;
  for (int hour = 0; hour < 13; ++hour) {  // 4 buildings an hour
    now = step(heat, zone.system, zone.parameters, now, -5.0, kHour, luck, state, tallies);
    drained.push_back(tallies.buildings_drained);
  }
  EXPECT_EQ(drained, (std::vector<std::uint64_t>{0, 0, 0, 0, 0, 0, 25, 25, 25, 25, 25, 25, 50}));
}

TEST(HeatAdvance, work_begun_on_a_block_is_void_when_heat_returns) {
  OneZone zone(2, 25);
  zone.parameters.drain_decision_hours = 0.0;
  Heat heat(zone.system.model);
  State state = heat.initial_state(zone.parameters);
  Tallies tallies;
  const ScriptedLuck luck;
  zone.heat_on(false);
  Seconds now = step(heat, zone.system, zone.parameters, 0, -5.0, 5 * kHour, luck, state, tallies);
  EXPECT_NEAR(state.node_drain_quota[0], 20.0, 1e-9);  // of the 25 that the first block needs
  zone.heat_on(true);
  now = step(heat, zone.system, zone.parameters, now, -5.0, kHour, luck, state, tallies);
  EXPECT_EQ(state.node_drain_quota[0], 0.0);
  zone.heat_on(false);
  step(heat, zone.system, zone.parameters, now, -5.0, 6 * kHour, luck, state, tallies);
  EXPECT_EQ(tallies.buildings_drained, 0u);
}

TEST(HeatAdvance, a_short_loss_needs_no_restart_and_a_longer_one_does) {
  for (const Seconds lost : {2 * kHour - 1, 2 * kHour}) {
    OneZone zone(24);
    Heat heat(zone.system.model);
    State state = heat.initial_state(zone.parameters);
    Tallies tallies;
    const ScriptedLuck luck;
    zone.heat_on(false);
    Seconds now = step(heat, zone.system, zone.parameters, 0, -5.0, lost, luck, state, tallies);
    zone.heat_on(true);
    heat.settle(zone.system.inputs(now, -5.0), zone.parameters, state);
    // Already at the moment of return the buildings that need a restart are without heat.
    EXPECT_EQ(state.delivered_share[0], lost < 2 * kHour ? 1.0F : 0.0F);
    for (std::uint64_t hour = 1; hour <= 24; ++hour) {
      now = step(heat, zone.system, zone.parameters, now, -5.0, kHour, luck, state, tallies);
      EXPECT_EQ(buildings_in(zone.system.model, state, BlockPhase::restarting),
                lost < 2 * kHour ? 0 : 24 - hour);
    }
    EXPECT_EQ(state.node_lost_at[0], kNever);
  }
}

TEST(HeatAdvance, lost_again_during_the_restart_all_start_over) {
  OneZone zone(24);
  Heat heat(zone.system.model);
  State state = heat.initial_state(zone.parameters);
  Tallies tallies;
  const ScriptedLuck luck;
  zone.heat_on(false);
  Seconds now = step(heat, zone.system, zone.parameters, 0, 5.0, 3 * kHour, luck, state, tallies);
  zone.heat_on(true);
  now = step(heat, zone.system, zone.parameters, now, 5.0, 10 * kHour, luck, state, tallies);
  EXPECT_EQ(buildings_in(zone.system.model, state, BlockPhase::restarting), 14u);
  zone.heat_on(false);
  now = step(heat, zone.system, zone.parameters, now, 5.0, 3 * kHour, luck, state, tallies);
  EXPECT_EQ(buildings_in(zone.system.model, state, BlockPhase::restarting), 14u);
  zone.heat_on(true);
  now = step(heat, zone.system, zone.parameters, now, 5.0, kHour, luck, state, tallies);
  EXPECT_EQ(buildings_in(zone.system.model, state, BlockPhase::restarting), 23u);
  step(heat, zone.system, zone.parameters, now, 5.0, 23 * kHour, luck, state, tallies);
  EXPECT_EQ(buildings_in(zone.system.model, state, BlockPhase::connected), 24u);
}

TEST(HeatAdvance, refill_bulk_and_crew_tail_count_by_day) {
  // 100 drained; 35 refilled a day; one in ten leaks; 2 crews repair 2 a day, starting the step
  // after they turn up.
  OneZone zone(100);
  zone.parameters.drain_decision_hours = 0.0;
  zone.parameters.drain_buildings_per_hour_share = 1.0;
  zone.parameters.refill_needs_crew_share = 0.1;
  const ScriptedLuck luck([](LuckAddress address) {
    for (std::size_t block = 0; block < 100; ++block) {
      if (address.entity == block_hash(block)) {
        const double rank = (static_cast<double>(block) + 0.5) / 100.0;
        if (address.purpose == Purpose::drain_order) {
          return rank;  // in the order of the blocks
        }
        if (address.purpose == Purpose::drain_missed) {
          return 0.5;
        }
        EXPECT_EQ(address.purpose, Purpose::refill_needs_crew);
        EXPECT_EQ(address.k, 0u);
        return block % 10 == 0 ? 0.0999 : 0.1001;
      }
    }
    return 0.5;
  });
  zone.parameters.refill_share_per_day = 0.35;
  Heat heat(zone.system.model);
  State state = heat.initial_state(zone.parameters);
  Tallies tallies;
  zone.heat_on(false);
  Seconds now = step(heat, zone.system, zone.parameters, 0, -5.0, kHour, luck, state, tallies);
  ASSERT_EQ(tallies.buildings_drained, 100u);
  now = step(heat, zone.system, zone.parameters, now, -5.0, kHour, luck, state, tallies);
  zone.heat_on(true);
  std::vector<std::uint64_t> drained;
  std::vector<std::uint64_t> repaired;
  for (int day = 0; day < 7; ++day) {
    for (int hour = 0; hour < 24; ++hour) {
      now = step(heat, zone.system, zone.parameters, now, -5.0, kHour, luck, state, tallies, 2.0);
    }
    drained.push_back(buildings_in(zone.system.model, state, BlockPhase::drained));
    repaired.push_back(tallies.crew_repairs);
  }
  EXPECT_EQ(drained, (std::vector<std::uint64_t>{65, 30, 0, 0, 0, 0, 0}));
  // Block 0 turns up leaking in the first hour, work begins with the second: 23 h * 2 / 24 h = 1.9
  // by the end of day 1.
  EXPECT_EQ(repaired, (std::vector<std::uint64_t>{1, 3, 5, 7, 9, 10, 10}));
  EXPECT_EQ(buildings_in(zone.system.model, state, BlockPhase::connected), 100u);
  EXPECT_EQ(state.crew_quota, 0.0);
  EXPECT_EQ(state.node_refill_base[0], 0.0);
  EXPECT_EQ(state.refill_count[0], 1u);
}

TEST(HeatAdvance, a_short_loss_interrupts_refilling_but_keeps_its_pace) {
  OneZone zone(96);
  zone.parameters.drain_decision_hours = 0.0;
  zone.parameters.drain_buildings_per_hour_share = 1.0;
  zone.parameters.refill_share_per_day = 0.25;  // one building an hour
  zone.parameters.refill_needs_crew_share = 0.0;
  Heat heat(zone.system.model);
  State state = heat.initial_state(zone.parameters);
  Tallies tallies;
  const ScriptedLuck luck;
  zone.heat_on(false);
  Seconds now = step(heat, zone.system, zone.parameters, 0, 1.0, kHour, luck, state, tallies);
  now = step(heat, zone.system, zone.parameters, now, -5.0, kHour, luck, state, tallies);
  ASSERT_EQ(tallies.buildings_drained, 96u);
  zone.heat_on(true);
  const auto drained = [&] { return buildings_in(zone.system.model, state, BlockPhase::drained); };
  now = step(heat, zone.system, zone.parameters, now, 1.0, 48 * kHour, luck, state, tallies);
  EXPECT_EQ(drained(), 48u);
  zone.heat_on(false);
  now = step(heat, zone.system, zone.parameters, now, 1.0, kHour, luck, state, tallies);
  EXPECT_EQ(drained(), 48u);
  zone.heat_on(true);
  now = step(heat, zone.system, zone.parameters, now, 1.0, 24 * kHour, luck, state, tallies);
  EXPECT_EQ(drained(), 24u);
  // A long loss sets a new pace: a quarter of the 24 that are left.
  zone.heat_on(false);
  now = step(heat, zone.system, zone.parameters, now, 1.0, 3 * kHour, luck, state, tallies);
  zone.heat_on(true);
  step(heat, zone.system, zone.parameters, now, 1.0, 24 * kHour, luck, state, tallies);
  EXPECT_EQ(drained(), 18u);
}

TEST(HeatAdvance, a_second_drain_draws_anew_for_the_same_building) {
  OneZone zone(1);
  zone.parameters.drain_decision_hours = 0.0;
  zone.parameters.drain_buildings_per_hour_share = 1.0;
  zone.parameters.refill_share_per_day = 24.0;
  const ScriptedLuck luck([](LuckAddress address) {
    return address.purpose == Purpose::refill_needs_crew && address.k == 1 ? 0.01 : 0.9;
  });
  Heat heat(zone.system.model);
  State state = heat.initial_state(zone.parameters);
  Tallies tallies;
  Seconds now = 0;
  for (const BlockPhase expected : {BlockPhase::connected, BlockPhase::waiting_crew}) {
    zone.heat_on(false);
    now = step(heat, zone.system, zone.parameters, now, -5.0, 3 * kHour, luck, state, tallies);
    ASSERT_EQ(state.phase[0], BlockPhase::drained);
    zone.heat_on(true);
    now = step(heat, zone.system, zone.parameters, now, -5.0, kHour, luck, state, tallies);
    EXPECT_EQ(state.phase[0], expected);
  }
  EXPECT_EQ(tallies.buildings_drained, 2u);
}

TEST(HeatAdvance, crews_go_by_waiting_time_then_index_and_only_where_there_is_heat) {
  System system;
  const auto first = system.node();
  const auto second = system.node();
  system.source(first, 1e3);
  const auto source = system.source(second, 1e3);
  system.block(first, 100);
  system.block(first, 100);
  system.block(first, 200, 2);
  system.block(second, 100);
  const Parameters parameters = round_parameters();
  Heat heat(system.model);
  State state = heat.initial_state(parameters);
  state.phase = {BlockPhase::waiting_crew, BlockPhase::burst, BlockPhase::burst,
                 BlockPhase::waiting_crew};
  state.phase_since = {50, 50, 20, 10};
  state.group_activity[first] = GroupActivity::general;
  state.group_activity[second] = GroupActivity::general;
  system.source_available_mw[source] = 0.0;
  Tallies tallies;
  const ScriptedLuck luck;
  Seconds now = kHour;
  std::vector<std::uint64_t> repaired;
  for (int day = 0; day < 6; ++day) {
    now = step(heat, system, parameters, now, 1.0, kSecondsPerDay, luck, state, tallies, 1.0);
    repaired.push_back(tallies.crew_repairs);
    if (day == 2) {
      EXPECT_EQ(state.phase[0], BlockPhase::connected);
      EXPECT_EQ(state.phase[1], BlockPhase::burst);
    }
    if (day == 4) {
      EXPECT_EQ(state.phase[3],
                BlockPhase::waiting_crew);  // first in line, but no heat to test with
      system.source_available_mw[source] = 1e3;
    }
  }
  // Two days for the block of two, then one each; the fifth day is idle and saves nothing up.
  EXPECT_EQ(repaired, (std::vector<std::uint64_t>{0, 2, 3, 4, 4, 5}));
}

TEST(HeatAdvance, gas_boilers_without_power_cool_and_others_do_not) {
  System system;
  constexpr std::uint32_t kNone = UINT32_MAX;
  system.block(kNone, 10, 1, BuildingClass::house, Heating::gas_boiler);
  system.block(kNone, 10, 1, BuildingClass::panel, Heating::electric);
  system.block(kNone, 10, 1, BuildingClass::house, Heating::stove);
  const Parameters parameters = round_parameters();
  Heat heat(system.model);
  State state = heat.initial_state(parameters);
  Tallies tallies;
  system.block_powered = {0, 1, 0};
  step(heat, system, parameters, 0, kCold, 6 * kHour, ScriptedLuck(), state, tallies);
  HeldBuilding held(BuildingClass::house, parameters, kCold);
  EXPECT_NEAR(state.indoor_c[0], held.air_c(0.0, 6.0), 2e-5);
  EXPECT_EQ(state.indoor_c[1], 20.0F);
  EXPECT_EQ(state.indoor_c[2], 20.0F);
  EXPECT_FALSE(heat.settled());
}

TEST(HeatAdvance, warm_weather_keeps_the_setpoint_without_heat) {
  OneZone zone(1);
  zone.parameters.gain_k = 2.5;
  zone.heat_on(false);
  Heat heat(zone.system.model);
  State state = heat.initial_state(zone.parameters);
  Tallies tallies;
  step(heat, zone.system, zone.parameters, 0, 18.0, 100 * kHour, ScriptedLuck(), state, tallies);
  EXPECT_EQ(state.indoor_c[0], 20.0F);
}

}  // namespace
}  // namespace wintergrid::heat::test
