// Ice in the risers of buildings that were not drained: freezing, bursting, thawing, and the long
// way back.

#include <cmath>

#include <gtest/gtest.h>

#include "grid_models/heat/two_element_building.hpp"
#include "tests/grid_models/heat/heat_system.hpp"

namespace wintergrid::heat::test {
namespace {

constexpr Seconds kHour = kSecondsPerHour;
constexpr double kCold = -20.0;

/// Indoors and masses at a temperature, as after a long time at that temperature outdoors.
void cool_through(const OneZone& zone, double indoor_c, State& state) {
  const TwoElementModel model(two_element_household(
      BuildingClass::panel, zone.parameters.loss_w_per_k_per_household,
      zone.parameters.tau_hours[static_cast<std::size_t>(BuildingClass::panel)]));
  const double long_s = 1e9;
  const DeviationStep after =
      model.deviation_step(long_s, 0.4, zone.parameters.loss_w_per_k_per_household);
  const double missing_w =
      zone.parameters.loss_w_per_k_per_household * (zone.parameters.indoor_setpoint_c - indoor_c);
  state.outer_mass_k.assign(state.indoor_c.size(), static_cast<float>(after.per_w[0] * missing_w));
  state.inner_mass_k.assign(state.indoor_c.size(), static_cast<float>(after.per_w[1] * missing_w));
  state.indoor_c.assign(state.indoor_c.size(), static_cast<float>(indoor_c));
}

/// Indoors as cold as outdoors and no gains: the cold spot stays at the outdoor temperature.
State frozen_through(const Heat& heat, const OneZone& zone, double outdoor_c) {
  State state = heat.initial_state(zone.parameters);
  cool_through(zone, outdoor_c, state);
  state.group_activity[0] = GroupActivity::thermal;
  return state;
}

TEST(HeatFreezing, an_undrained_riser_freezes_in_the_stated_time_then_bursts_by_the_hours_draw) {
  OneZone zone(1, 3);
  zone.parameters.drain_threshold_c = -99.0;
  zone.heat_on(false);
  Heat heat(zone.system.model);
  State state = frozen_through(heat, zone, -10.0);
  const double hourly = 1.0 - std::pow(0.5, 1.0 / 24.0);
  const ScriptedLuck luck([&](LuckAddress address) {
    EXPECT_EQ(address.purpose, Purpose::riser_burst);
    EXPECT_EQ(address.entity, block_hash(0));
    return address.k == 11 ? 0.99 * hourly : 1.01 * hourly;
  });
  Tallies tallies;
  Seconds now = 0;
  for (int hour = 1; hour <= 12; ++hour) {
    now = step(heat, zone.system, zone.parameters, now, -10.0, kHour, luck, state, tallies);
    if (hour <= 8) {
      EXPECT_NEAR(state.freeze_progress[0], hour / 8.0, 1e-6);
    }
    if (hour >= 8 && hour < 12) {
      EXPECT_NEAR(state.freeze_progress[0], 1.0, 1e-5);
      EXPECT_NEAR(state.frozen_hours[0], hour - 8.0, 1e-4);
    }
    EXPECT_EQ(tallies.buildings_burst, hour < 12 ? 0u : 3u) << hour;
  }
  EXPECT_EQ(state.phase[0], BlockPhase::burst);
  EXPECT_EQ(state.phase_since[0], 12 * kHour);
}

TEST(HeatFreezing, a_drained_building_does_not_freeze_and_a_frozen_one_cannot_be_drained) {
  OneZone zone(2);
  zone.parameters.drain_decision_hours = 0.0;
  zone.parameters.drain_buildings_per_hour_share = 0.5;
  zone.parameters.freeze_hours_at_minus_10 = 0.5;
  zone.parameters.burst_probability_per_day = 0.0;
  zone.heat_on(false);
  Heat heat(zone.system.model);
  Tallies tallies;
  State state = frozen_through(heat, zone, -10.0);
  step(heat, zone.system, zone.parameters, 0, -10.0, kHour, ScriptedLuck(), state, tallies);
  EXPECT_EQ(tallies.buildings_drained, 0u);
  EXPECT_EQ(state.freeze_progress[0], 1.0F);

  zone.parameters.freeze_hours_at_minus_10 = 4.0;
  zone.parameters.drain_buildings_per_hour_share = 1.0;
  state = frozen_through(heat, zone, -10.0);
  Seconds now =
      step(heat, zone.system, zone.parameters, 0, -10.0, kHour, ScriptedLuck(), state, tallies);
  EXPECT_EQ(tallies.buildings_drained, 2u);
  zone.parameters.burst_probability_per_day = 1.0;
  step(heat, zone.system, zone.parameters, now, -10.0, 100 * kHour, ScriptedLuck(), state, tallies);
  EXPECT_EQ(tallies.buildings_burst, 0u);
  EXPECT_EQ(state.freeze_progress[0], 0.0F);
}

TEST(HeatFreezing, heat_thaws_what_has_not_burst) {
  OneZone zone(1);
  zone.parameters.drain_threshold_c = -99.0;
  zone.heat_on(false);
  Heat heat(zone.system.model);
  State state = frozen_through(heat, zone, -10.0);
  Tallies tallies;
  const ScriptedLuck luck([](LuckAddress) { return 0.999; });
  Seconds now =
      step(heat, zone.system, zone.parameters, 0, -10.0, 10 * kHour, luck, state, tallies);
  ASSERT_EQ(state.freeze_progress[0], 1.0F);
  zone.heat_on(true);
  // Its restart takes the whole 24 hours; until then it stays blocked and may burst.
  now = step(heat, zone.system, zone.parameters, now, -10.0, 23 * kHour, luck, state, tallies);
  EXPECT_EQ(state.phase[0], BlockPhase::restarting);
  EXPECT_NEAR(state.frozen_hours[0], 25.0, 1e-5);
  step(heat, zone.system, zone.parameters, now, -10.0, kHour, luck, state, tallies);
  EXPECT_EQ(state.phase[0], BlockPhase::connected);
  EXPECT_EQ(state.freeze_progress[0], 0.0F);
  EXPECT_EQ(state.frozen_hours[0], 0.0F);
}

TEST(HeatFreezing, water_that_moves_again_after_a_short_loss_thaws_at_once) {
  OneZone zone(1);
  zone.parameters.freeze_hours_at_minus_10 = 0.5;
  zone.parameters.burst_probability_per_day = 0.0;
  zone.heat_on(false);
  Heat heat(zone.system.model);
  State state = frozen_through(heat, zone, -10.0);
  Tallies tallies;
  const ScriptedLuck luck;
  const Seconds now =
      step(heat, zone.system, zone.parameters, 0, -10.0, kHour, luck, state, tallies);
  ASSERT_EQ(state.freeze_progress[0], 1.0F);
  zone.heat_on(true);
  step(heat, zone.system, zone.parameters, now, -10.0, kHour, luck, state, tallies);
  EXPECT_EQ(state.phase[0], BlockPhase::connected);
  EXPECT_EQ(state.freeze_progress[0], 0.0F);
  EXPECT_EQ(state.frozen_hours[0], 0.0F);
}

TEST(HeatFreezing, ice_that_thawed_earlier_in_a_step_leaves_no_exposure_behind) {
  OneZone zone(1);
  zone.parameters.drain_threshold_c = -99.0;
  zone.parameters.cold_spot_factor = 0.75;
  zone.heat_on(false);
  Heat heat(zone.system.model);
  State state = frozen_through(heat, zone, 4.0);
  Tallies tallies;
  const ScriptedLuck luck([](LuckAddress) { return 0.999; });
  // Outdoors at -40 C the cold spot is at -7 C and falls: blocked within hours ...
  const Seconds now =
      step(heat, zone.system, zone.parameters, 0, -40.0, 10 * kHour, luck, state, tallies);
  ASSERT_GT(state.frozen_hours[0], 0.0F);
  // ... and later warms to +1 C before it freezes again, for too short a time to be blocked.
  cool_through(zone, 4.0, state);
  step(heat, zone.system, zone.parameters, now, -8.0, 20 * kHour, luck, state, tallies);
  ASSERT_GT(state.freeze_progress[0], 0.0F);
  ASSERT_LT(state.freeze_progress[0], 1.0F);
  EXPECT_EQ(state.frozen_hours[0], 0.0F);
}

TEST(HeatFreezing, a_burst_building_waits_for_heat_and_a_crew) {
  OneZone zone(1);
  zone.parameters.drain_threshold_c = -99.0;
  zone.parameters.burst_probability_per_day = 1.0;
  zone.heat_on(false);
  Heat heat(zone.system.model);
  State state = frozen_through(heat, zone, -10.0);
  Tallies tallies;
  const ScriptedLuck luck;
  Seconds now =
      step(heat, zone.system, zone.parameters, 0, -10.0, 10 * kHour, luck, state, tallies, 5.0);
  ASSERT_EQ(state.phase[0], BlockPhase::burst);
  now = step(heat, zone.system, zone.parameters, now, -10.0, kSecondsPerDay, luck, state, tallies,
             5.0);
  EXPECT_EQ(state.phase[0], BlockPhase::burst);
  zone.heat_on(true);
  for (int hour = 0; hour < 23; ++hour) {
    now = step(heat, zone.system, zone.parameters, now, -10.0, kHour, luck, state, tallies, 1.0);
    EXPECT_EQ(state.phase[0], BlockPhase::burst);
    EXPECT_EQ(state.delivered_share[0], 0.0F);
  }
  step(heat, zone.system, zone.parameters, now, -10.0, kHour, luck, state, tallies, 1.0);
  EXPECT_EQ(state.phase[0], BlockPhase::connected);
  EXPECT_EQ(tallies.crew_repairs, 1u);
}

TEST(HeatFreezing, temperature_and_ice_do_not_depend_on_how_time_is_cut) {
  OneZone zone(1);
  zone.parameters.drain_threshold_c = -99.0;
  zone.parameters.freeze_hours_at_minus_10 = 50.0;
  zone.heat_on(false);
  Heat heat(zone.system.model);
  const ScriptedLuck luck;
  State whole = heat.initial_state(zone.parameters);
  State cut = whole;
  Tallies tallies;
  step(heat, zone.system, zone.parameters, 0, kCold, 60 * kHour, luck, whole, tallies);
  Seconds now = 0;
  while (now < 60 * kHour) {
    now = step(heat, zone.system, zone.parameters, now, kCold, kHour / 4, luck, cut, tallies);
  }
  EXPECT_NEAR(whole.indoor_c[0], cut.indoor_c[0], 1e-3);
  // A step of 60 h follows the slow exponential between its ends; its fast part lasts an hour.
  EXPECT_NEAR(whole.freeze_progress[0], cut.freeze_progress[0], 1e-3);
  EXPECT_GT(whole.freeze_progress[0], 0.1F);
  EXPECT_LT(whole.freeze_progress[0], 0.9F);
}

}  // namespace
}  // namespace wintergrid::heat::test
