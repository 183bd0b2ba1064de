// Delivered shares of one moment, derived by hand. Demand at -20 C is 2,000 W per household
// (round_parameters()).

#include <gtest/gtest.h>

#include "tests/grid_models/heat/heat_system.hpp"

namespace wintergrid::heat::test {
namespace {

constexpr double kCold = -20.0;

TEST(HeatSettle, one_source_serves_one_node_in_proportion) {
  System system;
  const auto plant = system.node();
  system.source(plant, 1.5);
  system.block(plant, 1000);
  Heat heat(system.model);
  const Parameters parameters = round_parameters();
  State state = heat.initial_state(parameters);
  heat.settle(system.inputs(0, kCold), parameters, state);
  EXPECT_FLOAT_EQ(state.node_share[0], 0.75F);
  EXPECT_FLOAT_EQ(state.delivered_share[0], 0.75F);
  EXPECT_FALSE(heat.settled());
  heat.settle(system.inputs(0, -10.0), parameters, state);
  EXPECT_EQ(state.delivered_share[0], 1.0F);
}

TEST(HeatSettle, network_losses_are_taken_where_heat_is_sent_out) {
  System system;
  system.model.network_loss_share = 0.2;
  const auto plant = system.node();
  system.source(plant, 1.5);
  system.block(plant, 1000);
  Heat heat(system.model);
  const Parameters parameters = round_parameters();
  EXPECT_DOUBLE_EQ(heat.total_demand_mw(parameters, kCold), 2.5);
  State state = heat.initial_state(parameters);
  heat.settle(system.inputs(0, kCold), parameters, state);
  EXPECT_FLOAT_EQ(state.node_share[0], 0.6F);
}

TEST(HeatSettle, two_zones_share_a_shortage_and_a_narrow_pipe_hurts_one) {
  System system;
  const auto plant = system.node();
  const auto near = system.node();
  const auto far = system.node();
  system.source(plant, 6.0);
  system.pipe(plant, near, 100.0);
  const auto main = system.pipe(plant, far, 100.0);
  system.block(near, 1000);
  system.block(far, 3000);
  Heat heat(system.model);
  const Parameters parameters = round_parameters();
  State state = heat.initial_state(parameters);
  heat.settle(system.inputs(0, kCold), parameters, state);
  EXPECT_FLOAT_EQ(state.node_share[near], 0.75F);
  EXPECT_FLOAT_EQ(state.node_share[far], 0.75F);
  EXPECT_EQ(state.node_share[plant], 1.0F);  // it circulates, and nobody asks there
  system.pipe_factor[main] = 0.015;          // 1.5 of 100 MW
  heat.settle(system.inputs(0, kCold), parameters, state);
  EXPECT_FLOAT_EQ(state.node_share[near], 1.0F);
  EXPECT_FLOAT_EQ(state.node_share[far], 0.25F);
}

TEST(HeatSettle, hot_water_is_given_up_before_space_heating) {
  System system;
  system.model.design_outdoor_c = -20.0;
  const auto plant = system.node();
  const auto source = system.source(plant, 1.0);
  system.block(plant, 1000);
  Heat heat(system.model);
  Parameters parameters = round_parameters();
  parameters.hot_water_share = 0.15;  // 300 W, on top of 1,000 W of space heating at 0 C
  State state = heat.initial_state(parameters);
  EXPECT_NEAR(heat.total_demand_mw(parameters, 0.0), 1.3, 1e-12);
  heat.settle(system.inputs(0, 0.0), parameters, state);
  EXPECT_FLOAT_EQ(state.node_share[0], static_cast<float>(1.0 / 1.3));
  EXPECT_EQ(state.delivered_share[0], 1.0F);
  system.source_available_mw[source] = 0.6;
  heat.settle(system.inputs(0, 0.0), parameters, state);
  EXPECT_FLOAT_EQ(state.node_share[0], static_cast<float>(0.6 / 1.3));
  EXPECT_FLOAT_EQ(state.delivered_share[0], 0.6F);
}

TEST(HeatSettle, lost_source_lost_power_and_cut_pipe_leave_nothing) {
  System system;
  const auto plant = system.node();
  const auto zone = system.node();
  const auto source = system.source(plant, 10.0);
  const auto pipe = system.pipe(plant, zone, 10.0);
  system.block(zone, 1000);
  Heat heat(system.model);
  const Parameters parameters = round_parameters();
  State state = heat.initial_state(parameters);
  heat.settle(system.inputs(0, kCold), parameters, state);
  EXPECT_EQ(state.node_share[zone], 1.0F);
  EXPECT_TRUE(heat.settled());
  system.node_circulates[zone] = 0;
  heat.settle(system.inputs(0, kCold), parameters, state);
  EXPECT_EQ(state.node_share[zone], 0.0F);
  EXPECT_EQ(state.delivered_share[0], 0.0F);
  EXPECT_FALSE(heat.settled());
  system.node_circulates[zone] = 1;
  system.pipe_factor[pipe] = 0.0;
  heat.settle(system.inputs(0, kCold), parameters, state);
  EXPECT_EQ(state.delivered_share[0], 0.0F);
  system.pipe_factor[pipe] = 1.0;
  heat.settle(system.inputs(0, kCold), parameters, state);
  EXPECT_EQ(state.delivered_share[0], 1.0F);
  system.source_available_mw[source] = 0.0;
  heat.settle(system.inputs(0, kCold), parameters, state);
  EXPECT_EQ(state.node_share[plant], 0.0F);
  EXPECT_EQ(state.delivered_share[0], 0.0F);
}

TEST(HeatSettle, a_zone_without_power_leaves_its_heat_to_the_others) {
  System system;
  const auto plant = system.node();
  const auto near = system.node();
  const auto far = system.node();
  system.source(plant, 2.0);
  system.pipe(plant, near, 10.0);
  system.pipe(plant, far, 10.0);
  system.block(near, 1000);
  system.block(far, 1000);
  Heat heat(system.model);
  const Parameters parameters = round_parameters();
  State state = heat.initial_state(parameters);
  heat.settle(system.inputs(0, kCold), parameters, state);
  EXPECT_FLOAT_EQ(state.node_share[far], 0.5F);
  system.node_circulates[near] = 0;
  heat.settle(system.inputs(0, kCold), parameters, state);
  EXPECT_EQ(state.node_share[near], 0.0F);
  EXPECT_EQ(state.node_share[far], 1.0F);
}

TEST(HeatSettle, drained_blocks_take_no_heat) {
  System system;
  const auto plant = system.node();
  system.source(plant, 1.0);
  system.block(plant, 500);
  system.block(plant, 500);
  Heat heat(system.model);
  const Parameters parameters = round_parameters();
  State state = heat.initial_state(parameters);
  state.phase[1] = BlockPhase::drained;
  state.group_activity[0] = GroupActivity::general;
  heat.settle(system.inputs(0, kCold), parameters, state);
  EXPECT_EQ(state.delivered_share[0], 1.0F);
  EXPECT_EQ(state.delivered_share[1], 0.0F);
}

TEST(HeatSettle, mild_weather_asks_for_hot_water_only) {
  System system;
  const auto plant = system.node();
  const auto source = system.source(plant, 0.1);
  system.block(plant, 1000);
  Heat heat(system.model);
  Parameters parameters = round_parameters();
  parameters.hot_water_share = 0.15;
  State state = heat.initial_state(parameters);
  heat.settle(system.inputs(0, 22.0), parameters, state);
  EXPECT_LT(state.node_share[0], 1.0F);
  EXPECT_EQ(state.delivered_share[0], 1.0F);  // no space heating is wanted, and water circulates
  system.source_available_mw[source] = 0.0;
  heat.settle(system.inputs(0, 22.0), parameters, state);
  EXPECT_EQ(state.delivered_share[0], 0.0F);
}

TEST(HeatSettle, own_heating_follows_the_feeder_and_stoves_never_fail) {
  System system;
  constexpr std::uint32_t kNone = UINT32_MAX;
  system.block(kNone, 10, 1, BuildingClass::house, Heating::gas_boiler);
  system.block(kNone, 10, 1, BuildingClass::panel, Heating::electric);
  system.block(kNone, 10, 1, BuildingClass::house, Heating::stove);
  Heat heat(system.model);
  const Parameters parameters = round_parameters();
  State state = heat.initial_state(parameters);
  system.block_powered = {0, 1, 0};
  heat.settle(system.inputs(0, kCold), parameters, state);
  EXPECT_EQ(state.delivered_share, (std::vector<float>{0.0F, 1.0F, 1.0F}));
  system.block_powered = {1, 0, 1};
  heat.settle(system.inputs(0, kCold), parameters, state);
  EXPECT_EQ(state.delivered_share, (std::vector<float>{1.0F, 0.0F, 1.0F}));
  EXPECT_EQ(heat.total_demand_mw(parameters, kCold), 0.0);
}

}  // namespace
}  // namespace wintergrid::heat::test
