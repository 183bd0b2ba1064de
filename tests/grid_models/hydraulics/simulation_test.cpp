// Tanks, patterns, controls and rules over time.

#include "grid_models/hydraulics/simulation.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/grid_models/hydraulics/networks.hpp"
#include "tests/support/allocation_counter.hpp"

namespace wintergrid::hydraulics {
namespace {

/// Tank (node 0, 100 m2, 1 to 5 m above 50 m, at 3 m) -- pipe 0 -- junction 1; reservoir 2 (100 m)
/// -- pipe 1 -- junction 1.
WaterModel tank_and_reservoir() {
  WaterModel model;
  Network& network = model.network;
  network.add_node(50.0, true);
  network.add_node(0.0, false);
  network.add_node(100.0, true);
  test::add_pipe(network, 0, 1);
  test::add_pipe(network, 2, 1);
  model.options = test::tight();
  model.tanks.push_back({0, 53.0, 51.0, 55.0, 100.0, 300.0, 100.0, 500.0, kNone, false});
  model.start_status.assign(2, LinkStatus::open);
  model.start_setting.assign(2, kNoSetting);
  model.duration_s = 36000;
  return model;
}

constexpr std::int64_t kHours10 = 36000;

TEST(Simulation, ATankFallsByWhatFlowsOutAndAnEmptyOneGivesNothing) {
  WaterModel model = tank_and_reservoir();
  model.start_status[1] = LinkStatus::closed;
  model.demands.push_back({1, 0.05, kNone});
  model.options.pressure_driven = true;
  Simulation simulation(model);
  EXPECT_EQ(simulation.solve().status, SolveStatus::converged);
  EXPECT_NEAR(simulation.state().outflow_m3s[0], -0.05, 1e-8);
  EXPECT_EQ(simulation.next(kHours10), 3600);
  EXPECT_NEAR(simulation.state().head_m[0], 53.0 - 0.05 * 3600.0 / 100.0, 1e-6);
  simulation.solve();
  EXPECT_EQ(simulation.next(kHours10), 400) << "20 m3 are left";
  EXPECT_NEAR(simulation.state().head_m[0], 51.0, 1e-3);
  const SolveResult empty = simulation.solve();
  EXPECT_EQ(empty.status, SolveStatus::converged);
  EXPECT_NEAR(empty.delivered_m3s, 0.0, 1e-6);
  simulation.next(kHours10);
  EXPECT_NEAR(simulation.state().head_m[0], 51.0, 1e-3);
}

TEST(Simulation, AFullTankTakesNothingUnlessItOverflows) {
  for (const bool overflow : {false, true}) {
    WaterModel model = tank_and_reservoir();
    model.tanks[0].may_overflow = overflow;
    Simulation simulation(model);
    simulation.solve();
    const double inflow = simulation.state().outflow_m3s[0];
    EXPECT_GT(inflow, 0.05);
    const auto seconds = simulation.next(kHours10);
    EXPECT_EQ(seconds, std::llround(200.0 / inflow));
    EXPECT_NEAR(simulation.state().head_m[0], 55.0, 1e-9);
    simulation.solve();
    EXPECT_EQ(simulation.state().status[0],
              overflow ? LinkStatus::open : LinkStatus::temporarily_closed);
    EXPECT_NEAR(simulation.state().outflow_m3s[0] > 0.01 ? 1.0 : 0.0, overflow ? 1.0 : 0.0, 0.0);
    simulation.next(kHours10);
    EXPECT_NEAR(simulation.state().head_m[0], 55.0, 1e-9);
  }
}

TEST(Simulation, AVolumeCurveGivesTheLevel) {
  WaterModel model = tank_and_reservoir();
  model.network.curves.push_back({{0.0, 2.0, 6.0}, {0.0, 100.0, 1100.0}});
  model.tanks[0].volume_curve = 0;
  model.tanks[0].least_m3 = 50.0;
  model.tanks[0].start_m3 = 350.0;
  model.tanks[0].most_m3 = 850.0;
  model.start_status[1] = LinkStatus::closed;
  model.demands.push_back({1, 0.05, kNone});
  Simulation simulation(model);
  simulation.solve();
  simulation.next(kHours10);
  EXPECT_NEAR(simulation.state().head_m[0], 50.0 + 2.0 + 4.0 * (350.0 - 180.0 - 100.0) / 1000.0,
              1e-5);
}

TEST(Simulation, DemandAndHeadFollowTheirPatterns) {
  WaterModel model = tank_and_reservoir();
  model.start_status[0] = LinkStatus::closed;
  model.patterns = {{1.0, 0.5}, {1.0, 0.9}};
  model.pattern_step_s = 1800;
  model.hydraulic_step_s = 1800;
  model.demand_multiplier = 2.0;
  model.demands = {{1, 0.02, 0}, {1, 0.01, kNone}};
  model.head_patterns = {{2, 1}};
  Simulation simulation(model);
  simulation.solve();
  EXPECT_NEAR(simulation.full_demand_m3s()[1], 0.06, 1e-12);
  EXPECT_EQ(simulation.next(kHours10), 1800);
  simulation.solve();
  EXPECT_NEAR(simulation.full_demand_m3s()[1], 0.04, 1e-12);
  EXPECT_NEAR(simulation.state().head_m[2], 90.0, 1e-12);
}

TEST(Simulation, ControlsActAtTheirTimeAndLevel) {
  WaterModel model = tank_and_reservoir();
  model.demands.push_back({1, 0.15, kNone});
  model.controls.push_back(
      {ControlKind::at_time, 1, kNone, LinkStatus::closed, kNoSetting, 0.0, 600});
  model.controls.push_back({ControlKind::below, 1, 0, LinkStatus::open, kNoSetting, 52.0, 0});
  Simulation simulation(model);
  simulation.solve();
  EXPECT_EQ(simulation.next(kHours10), 600);
  const double level = simulation.state().head_m[0];
  simulation.solve();
  EXPECT_EQ(simulation.state().status[1], LinkStatus::closed);
  EXPECT_EQ(simulation.next(kHours10), std::llround((level - 52.0) * 100.0 / 0.15));
  simulation.solve();
  EXPECT_EQ(simulation.state().status[1], LinkStatus::open);
}

TEST(Simulation, RulesActByPriorityWithinTheRuleStep) {
  WaterModel model = tank_and_reservoir();
  model.demands.push_back({1, 0.05, kNone});
  model.tanks[0] = {0, 53.0, 51.0, 55.0, 1e4, 3e4, 1e4, 5e4, kNone, false};
  model.rule_step_s = 360;
  Rule late;
  late.premises.push_back(
      {false, Quantity::time, 0, Comparison::at_least, LinkStatus::open, 1000.0, 0.0});
  late.then_actions.push_back({1, true, LinkStatus::closed, kNoSetting});
  late.priority = 1.0;
  Rule always;
  always.premises.push_back(
      {false, Quantity::pressure, 0, Comparison::above, LinkStatus::open, 0.5, 1e-3});
  always.then_actions.push_back({1, true, LinkStatus::open, kNoSetting});
  model.rules = {always, late};
  Simulation simulation(model);
  simulation.solve();
  EXPECT_EQ(simulation.next(kHours10), 1080) << "the first rule step at or after 1,000 s";
  EXPECT_EQ(simulation.state().status[1], LinkStatus::closed);
  model.rules[1].priority = 0.0;
  Simulation equal(model);
  equal.solve();
  EXPECT_EQ(equal.next(kHours10), 3600) << "of equal priorities the first rule counts";
}

TEST(Simulation, RulePremisesJoinInOrder) {
  WaterModel model = tank_and_reservoir();
  const auto closes = [&model](std::vector<Premise> premises) {
    Rule rule;
    rule.premises = std::move(premises);
    rule.then_actions.push_back({1, true, LinkStatus::closed, kNoSetting});
    model.rules = {rule};
    Simulation simulation(model);
    simulation.solve();
    simulation.next(kHours10);
    return simulation.state().status[1] == LinkStatus::closed;
  };
  const Premise yes{false, Quantity::head, 2, Comparison::above, LinkStatus::open, 99.0, 1e-3};
  const Premise no{false, Quantity::head, 2, Comparison::below, LinkStatus::open, 99.0, 1e-3};
  Premise or_yes = yes;
  or_yes.or_previous = true;
  const Premise open{false, Quantity::status, 1, Comparison::equal, LinkStatus::open, 0.0, 0.0};
  EXPECT_TRUE(closes({yes, open}));
  EXPECT_FALSE(closes({no}));
  EXPECT_TRUE(closes({no, or_yes}));
  EXPECT_FALSE(closes({yes, no}));
  EXPECT_FALSE(closes({no, yes, or_yes})) << "AND ends the rule at the first that fails";
}

TEST(Simulation, NothingTakenOutComesBackBeforeAReset) {
  WaterModel model = tank_and_reservoir();
  model.demands.push_back({1, 0.05, kNone});
  model.controls.push_back(
      {ControlKind::at_time, 1, kNone, LinkStatus::open, kNoSetting, 0.0, 600});
  Simulation simulation(model);
  simulation.take_out(1);
  simulation.solve();
  EXPECT_EQ(simulation.state().flow_m3s[1], 0.0);
  simulation.next(kHours10, 600);
  simulation.solve();
  EXPECT_EQ(simulation.time_s(), 600);
  EXPECT_EQ(simulation.state().flow_m3s[1], 0.0);
  simulation.reset();
  simulation.solve();
  EXPECT_GT(simulation.state().flow_m3s[1], 0.01);
}

TEST(Simulation, NothingAllocatesOverTime) {
  WaterModel model = tank_and_reservoir();
  model.demands.push_back({1, 0.05, kNone});
  Rule rule;
  rule.premises.push_back(
      {false, Quantity::pressure, 0, Comparison::below, LinkStatus::open, 2.0, 1e-3});
  rule.then_actions.push_back({1, true, LinkStatus::closed, kNoSetting});
  model.rules.push_back(rule);
  Simulation simulation(model);
  const wintergrid::test::AllocationScope scope;
  simulation.reset();
  do {
    simulation.solve();
  } while (simulation.next(kHours10) > 0);
  EXPECT_EQ(scope.count(), 0U);
}

}  // namespace
}  // namespace wintergrid::hydraulics
