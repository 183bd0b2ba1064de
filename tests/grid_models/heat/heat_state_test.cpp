// Promises about the whole: a result is a pure function of state and inputs, copies continue alike,
// households are conserved, nothing allocates.

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "tests/grid_models/heat/heat_system.hpp"
#include "tests/support/allocation_counter.hpp"

namespace wintergrid::heat::test {
namespace {

/// Two plants, a ring of zones, a boiler house apart, and blocks of every kind.
System mixed_system() {
  System system;
  system.model.network_loss_share = 0.2;
  const auto plant = system.node();
  const auto other_plant = system.node();
  std::vector<std::uint32_t> zones;
  for (int zone = 0; zone < 5; ++zone) {
    zones.push_back(system.node());
  }
  const auto boiler_zone = system.node();
  system.source(plant, 9.0);
  system.source(other_plant, 6.0);
  system.source(boiler_zone, 3.0);
  system.pipe(plant, zones[0], 20.0);
  system.pipe(other_plant, zones[2], 20.0);
  for (std::size_t zone = 0; zone < zones.size(); ++zone) {
    system.pipe(zones[zone], zones[(zone + 1) % zones.size()], 5.0);
  }
  zones.push_back(boiler_zone);
  for (std::uint32_t block = 0; block < 42; ++block) {
    system.block(zones[block % zones.size()], 80 + block, 1 + block % 3,
                 static_cast<BuildingClass>(block % kBuildingClassCount));
  }
  for (std::uint32_t block = 0; block < 6; ++block) {
    system.block(UINT32_MAX, 50, 5, BuildingClass::house,
                 block % 3 == 0   ? Heating::gas_boiler
                 : block % 3 == 1 ? Heating::electric
                                  : Heating::stove);
  }
  return system;
}

/// A week-scale script of losses and returns; draws its choices from rapidcheck.
struct RandomWinter {
  System system = mixed_system();
  Parameters parameters;
  Seconds now = 0;
  double outdoor_c = -8.0;

  RandomWinter() {
    parameters.freeze_hours_at_minus_10 =
        4.0;  // so that freezing and bursting happen in a short script
    parameters.tau_hours[0] = 6.0;
    parameters.tau_hours[1] = 12.0;
  }
  void next_event() {
    const auto chance = [](int one_in) { return *rc::gen::inRange(0, one_in) == 0; };
    for (std::size_t source = 0; source < system.source_available_mw.size(); ++source) {
      if (chance(3)) {
        system.source_available_mw[source] =
            system.model.source_capacity_mw[source] * *rc::gen::element(0.0, 0.4, 1.0, 1.0);
      }
    }
    for (auto& factor : system.pipe_factor) {
      factor = chance(8) ? *rc::gen::element(0.0, 0.3, 1.0) : factor;
    }
    for (auto& circulates : system.node_circulates) {
      circulates = chance(8) ? static_cast<std::uint8_t>(1 - circulates) : circulates;
    }
    for (auto& powered : system.block_powered) {
      powered = chance(8) ? static_cast<std::uint8_t>(1 - powered) : powered;
    }
    outdoor_c = *rc::gen::element(-25.0, -15.0, -8.0, -3.0, 1.0, 19.0);
  }
  Inputs inputs() const { return system.inputs(now, outdoor_c, 3.0); }
};

RC_GTEST_PROP(HeatProperty, skipping_solves_never_changes_a_bit_and_households_are_conserved, ()) {
  RandomWinter winter;
  const ScriptedLuck luck;
  Heat kept(winter.system.model);
  State state = kept.initial_state(winter.parameters);
  Tallies tallies;
  const auto steps = *rc::gen::inRange(1, 12);
  for (int index = 0; index < steps; ++index) {
    winter.next_event();
    const Seconds duration = *rc::gen::element<Seconds>(600, 3600, 6 * 3600, 30 * 3600);
    State other = state;
    Tallies other_tallies = tallies;
    Heat fresh(winter.system.model);
    fresh.settle(winter.inputs(), winter.parameters, other);
    fresh.advance(winter.inputs(), winter.parameters, duration, luck, other, other_tallies);

    kept.settle(winter.inputs(), winter.parameters, state);
    kept.settle(winter.inputs(), winter.parameters, state);  // once more changes nothing
    kept.advance(winter.inputs(), winter.parameters, duration, luck, state, tallies);
    winter.now += duration;

    RC_ASSERT(same_state(state, other));
    RC_ASSERT(kept.settled() == fresh.settled());
    RC_ASSERT(tallies.buildings_drained == other_tallies.buildings_drained);
    RC_ASSERT(tallies.buildings_burst == other_tallies.buildings_burst);
    RC_ASSERT(tallies.crew_repairs == other_tallies.crew_repairs);

    const Model& model = winter.system.model;
    std::uint64_t buildings = 0;
    for (const auto phase : {BlockPhase::connected, BlockPhase::restarting, BlockPhase::drained,
                             BlockPhase::waiting_crew, BlockPhase::burst}) {
      buildings += buildings_in(model, state, phase);
    }
    std::uint64_t all_buildings = 0;
    for (std::size_t block = 0; block < model.block_count(); ++block) {
      all_buildings += model.block_buildings[block];
      RC_ASSERT(state.delivered_share[block] >= 0.0F && state.delivered_share[block] <= 1.0F);
      RC_ASSERT(static_cast<double>(state.indoor_c[block]) <= 20.0);
      RC_ASSERT(static_cast<double>(state.indoor_c[block]) >= -25.0);
      RC_ASSERT(state.freeze_progress[block] >= 0.0F && state.freeze_progress[block] <= 1.0F);
      RC_ASSERT(state.frozen_hours[block] == 0.0F || state.freeze_progress[block] == 1.0F);
    }
    RC_ASSERT(buildings == all_buildings);
    RC_ASSERT(buildings_in(model, state, BlockPhase::burst) <= tallies.buildings_burst);
  }
}

RC_GTEST_PROP(HeatProperty, phases_change_only_along_the_allowed_ways, ()) {
  RandomWinter winter;
  const ScriptedLuck luck;
  Heat heat(winter.system.model);
  State state = heat.initial_state(winter.parameters);
  Tallies tallies;
  for (int index = 0; index < 10; ++index) {
    winter.next_event();
    const State before = state;
    heat.settle(winter.inputs(), winter.parameters, state);
    RC_ASSERT(state.phase == before.phase);
    for (std::size_t block = 0; block < state.phase.size(); ++block) {
      RC_ASSERT(state.delivered_share[block] == 0.0F ||
                state.phase[block] == BlockPhase::connected);
    }
    heat.advance(winter.inputs(), winter.parameters, 3600, luck, state, tallies);
    winter.now += 3600;
    for (std::size_t block = 0; block < state.phase.size(); ++block) {
      const BlockPhase from = before.phase[block];
      const BlockPhase to = state.phase[block];
      const bool filled = from == BlockPhase::connected || from == BlockPhase::restarting;
      const bool allowed = from == to || (filled && to != BlockPhase::waiting_crew) ||
                           (from == BlockPhase::drained &&
                            (to == BlockPhase::connected || to == BlockPhase::waiting_crew)) ||
                           (from == BlockPhase::waiting_crew && to == BlockPhase::connected) ||
                           (from == BlockPhase::burst && to == BlockPhase::connected);
      RC_ASSERT(allowed);
      RC_ASSERT(to == BlockPhase::connected ||
                winter.system.model.block_heating[block] == Heating::district);
    }
  }
}

TEST(HeatState, the_script_reaches_every_phase) {
  // Without this the properties above might never meet a burst or a crew.
  System system = mixed_system();
  Parameters parameters;
  parameters.tau_hours[0] = 6.0;
  Heat heat(system.model);
  State state = heat.initial_state(parameters);
  Tallies tallies;
  const ScriptedLuck luck;
  Seconds now = 0;
  bool seen[5] = {};
  for (int hour = 0; hour < 120; ++hour) {
    const bool off = hour < 24;
    for (std::size_t source = 0; source < system.source_available_mw.size(); ++source) {
      system.source_available_mw[source] = off ? 0.0 : system.model.source_capacity_mw[source];
    }
    now = step(heat, system, parameters, now, -18.0, kSecondsPerHour, luck, state, tallies, 3.0);
    for (const auto phase : state.phase) {
      seen[static_cast<std::size_t>(phase)] = true;
    }
  }
  for (const bool phase_seen : seen) {
    EXPECT_TRUE(phase_seen);
  }
  EXPECT_GT(tallies.buildings_drained, 0u);
  EXPECT_GT(tallies.buildings_burst, 0u);
  EXPECT_GT(tallies.crew_repairs, 0u);
}

TEST(HeatState, a_copy_continues_like_the_original) {
  System system = mixed_system();
  const Parameters parameters;
  Heat heat(system.model);
  State state = heat.initial_state(parameters);
  Tallies tallies;
  const ScriptedLuck luck;
  system.source_available_mw = {0.0, 2.0, 0.0};
  Seconds now = 0;
  for (int hour = 0; hour < 14; ++hour) {
    now = step(heat, system, parameters, now, -12.0, kSecondsPerHour, luck, state, tallies, 3.0);
  }
  State copy = state;
  Tallies copy_tallies = tallies;
  Heat elsewhere(system.model);
  system.source_available_mw = system.model.source_capacity_mw;
  for (int hour = 0; hour < 100; ++hour) {
    step(elsewhere, system, parameters, now, -12.0, kSecondsPerHour, luck, copy, copy_tallies, 3.0);
    now = step(heat, system, parameters, now, -12.0, kSecondsPerHour, luck, state, tallies, 3.0);
  }
  EXPECT_TRUE(same_state(state, copy));
  EXPECT_EQ(tallies.crew_repairs, copy_tallies.crew_repairs);
}

TEST(HeatState, nothing_allocates_after_construction) {
  System system = mixed_system();
  Parameters parameters;
  parameters.tau_hours[0] = 6.0;
  Heat heat(system.model);
  State state = heat.initial_state(parameters);
  Tallies tallies;
  const ScriptedLuck luck;
  Seconds now = 0;
  const wintergrid::test::AllocationScope scope;
  for (int hour = 0; hour < 120; ++hour) {
    for (std::size_t source = 0; source < system.source_available_mw.size(); ++source) {
      const double capacity_mw = system.model.source_capacity_mw[source];
      system.source_available_mw[source] = hour < 24   ? 0.0
                                           : hour < 48 ? 0.1 * static_cast<double>(source)
                                                       : capacity_mw;
    }
    now = step(heat, system, parameters, now, -18.0 + 0.1 * hour, kSecondsPerHour, luck, state,
               tallies, 3.0);
  }
  EXPECT_EQ(scope.count(), 0u);
  EXPECT_GT(tallies.buildings_drained, 0u);
}

TEST(HeatState, a_model_that_contradicts_itself_is_refused) {
  System system;
  system.block(3, 100);
  EXPECT_ANY_THROW(Heat{system.model});
}

}  // namespace
}  // namespace wintergrid::heat::test
