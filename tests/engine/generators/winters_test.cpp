// The same winters with sets: against scenarios that have them, by hand, and properties.

#include "engine/generators/winters.hpp"

#include <gtest/gtest.h>
// gtest first
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "engine/generators/savings.hpp"
#include "tests/engine/generators/systems.hpp"

namespace wintergrid::generators {
namespace {

using testing::System;

constexpr std::int64_t kHour = 3600;
constexpr std::size_t kHeat = 1;

Allocation at(const System& system, const std::vector<std::uint32_t>& served) {
  Allocation allocation(system.facilities.count(), Added::none);
  for (const std::uint32_t i : served) {
    allocation[i] = Added::diesel;
  }
  return allocation;
}

// The east is in the dark from 10:30 on, for 85.5 h: the boiler house stands still, and the 800
// households of h-east have no heat; nor have 700 with gas boilers of their own, which need
// electricity. A set at the boiler house carries its load after ten minutes; less than two hours
// without circulation need no restart of buildings.
TEST(Downstream, NetworksEndAtTies) {
  scenario::Scenario scenario = testing::quiet_town();
  const System apart(scenario);
  scenario::HeatPipeRow pipe;
  pipe.heat_pipe = "to-the-east";
  pipe.from_node = "h-centre";
  pipe.to_node = "h-east";
  pipe.capacity_mw = 8.0;
  pipe.length_km = 1.0;
  scenario.heat_pipes.push_back(pipe);
  EXPECT_EQ(System(scenario).winters->downstream().heat_networks, 1U);
  scenario.heat_pipes.back().normally_closed = true;
  const System tied(scenario);
  EXPECT_EQ(tied.winters->downstream().network_of_heat_node,
            apart.winters->downstream().network_of_heat_node);
  EXPECT_EQ(tied.winters->downstream().heat_networks, 2U);
}

TEST(Winters, ASetAtTheBoilerHouseSavesWhatIsDerivedByHand) {
  scenario::Scenario scenario = testing::quiet_town();
  testing::strike_on_the_east(scenario, 10.5);
  testing::reliable(scenario);
  System system(scenario);
  const Winter without = system.winter();
  constexpr std::int64_t kDark = 85 * kHour + kHour / 2;
  EXPECT_EQ(without.lost_seconds[kHeat], (800 + 700) * kDark);
  EXPECT_EQ(without.gap_seconds, 85 * kHour + kHour / 2);
  EXPECT_EQ(without.grid_off[testing::kBoilersEast], 1);
  EXPECT_EQ(without.grid_off[testing::kWorks], 0);
  const Allocation allocation = at(system, {testing::kBoilersEast});
  const Winter with = system.winter(&allocation);
  EXPECT_EQ(with.lost_seconds[kHeat], 800 * kAddedPhaseIn + 700 * kDark);
  EXPECT_EQ(with.gap_seconds, kAddedPhaseIn);
}

// Fuel for 72 of the 85.5 h, and nobody delivers; cogeneration does not run dry.
TEST(Winters, DieselRunsDryWhereCogenerationDoesNot) {
  scenario::Scenario scenario = testing::quiet_town();
  testing::strike_on_the_east(scenario, 10.5);
  testing::reliable(scenario);
  testing::set_parameter(scenario, "backup.delivery_share", 0.0);
  System system(scenario);
  Allocation allocation = at(system, {testing::kBoilersEast});
  EXPECT_EQ(system.winter(&allocation).gap_seconds, 85 * kHour + kHour / 2 - 72 * kHour);
  allocation[testing::kBoilersEast] = Added::cogeneration;
  EXPECT_EQ(system.winter(&allocation).gap_seconds, kAddedPhaseIn);
}

// north-110 is out, and with it hospital, pump and works, all of the centre. A set that is sent to
// the works starts as those that are there: with the others of its zone.
TEST(Winters, SetsThatAreSentShareCommonCausesWithTheirZone) {
  scenario::Scenario scenario = testing::quiet_town();
  testing::without_bus(scenario, "north-110");
  testing::reliable(scenario);
  testing::set_parameter(scenario, "backup.start_probability", 0.5);
  testing::set_parameter(scenario, "backup.common_cause_share", 1.0);
  testing::set_parameter(scenario, "backup.retry_hours", 200.0);
  testing::set_parameter(scenario, "backup.cold_factor_per_10_k", 1.0);
  scenario.facilities[testing::kPump].fuel_hours = 200.0;  // else it runs dry and starts anew
  System system(scenario);
  const Allocation allocation = at(system, {testing::kWorks});
  constexpr auto kFailed = static_cast<std::size_t>(Gap::failed);
  int failed = 0;
  constexpr std::uint64_t kWinters = 40;
  for (std::uint64_t number = 0; number < kWinters; ++number) {
    WinterNeeds needs;
    system.winters->run(std::vector<Job>{{number, &allocation, &needs, nullptr}});
    const std::int64_t works = needs.facility_seconds[kFailed][testing::kWorks];
    EXPECT_TRUE(works == 0 || works == 96 * kHour) << works;
    EXPECT_EQ(works, needs.facility_seconds[kFailed][testing::kPump]);
    EXPECT_EQ(works, needs.facility_seconds[kFailed][testing::kHospital]);
    failed += works > 0 ? 1 : 0;
  }
  EXPECT_GT(failed, 8);  // of 40 at one half: both outcomes, four sigma wide
  EXPECT_LT(failed, 32);
}

TEST(Winters, ColdKeepsSetsThatAreSentFromStarting) {
  for (const bool cold : {false, true}) {
    scenario::Scenario scenario = testing::quiet_town();
    testing::strike_on_the_east(scenario, 10.5);
    testing::reliable(scenario);
    testing::set_parameter(scenario, "backup.start_probability", 1.0 - 1e-9);
    testing::set_parameter(scenario, "backup.cold_threshold_c", cold ? 100.0 : -100.0);
    testing::set_parameter(scenario, "backup.cold_factor_per_10_k", 100.0);
    System system(scenario);
    const Allocation allocation = at(system, {testing::kBoilersEast});
    EXPECT_EQ(system.winter(&allocation).gap_seconds,
              cold ? system.winter().gap_seconds : kAddedPhaseIn);
  }
}

/// The scenario with these sets in its table: nothing of this room takes part.
scenario::Scenario with_sets(scenario::Scenario scenario, const Facilities& facilities,
                             const Allocation& allocation) {
  for (std::size_t i = 0; i < allocation.size(); ++i) {
    if (allocation[i] == Added::diesel && facilities.has_set[i] == 0) {
      scenario.facilities[i].generator_kw = facilities.required_kw[i];
      scenario.facilities[i].fuel_hours = kAddedFuelHours;
      scenario.facilities[i].phase_in_minutes = static_cast<double>(kAddedPhaseIn) / 60.0;
    }
  }
  return scenario;
}

TEST(Winters, AnAddedSetIsThatOfAScenarioWithIt) {
  System system(montecarlo::testing::small_oblast(10.0));
  Allocation allocation(system.facilities.count(), Added::none);
  for (std::size_t i = 0; i < allocation.size(); i += 2) {
    allocation[i] = Added::diesel;
  }
  const auto which = testing::prepared(with_sets(system.scenario, system.facilities, allocation));
  montecarlo::Simulation simulation(*which, which->policy);
  for (std::uint64_t number = 0; number < 4; ++number) {
    system.winter();  // what was there before must not matter
    const Winter winter = system.winter(&allocation, number);
    const Outcome& expected = simulation.run_one(number);
    for (std::size_t s = 0; s < kServiceCount; ++s) {
      EXPECT_EQ(winter.lost_seconds[s], expected.service[s].household_seconds_lost);
      EXPECT_EQ(winter.zone_lost_seconds[s], expected.zone_household_seconds[s]);
    }
  }
}

TEST(Winters, SkippingWintersThatStayTheSameChangesNoBit) {
  scenario::Scenario scenario = montecarlo::testing::small_oblast(10.0);
  scenario.grid_failures.clear();  // which would leave nobody with supply
  System system(std::move(scenario), 2);
  constexpr std::uint64_t kFirst = 6, kCount = 12;
  const std::vector<Winter> without = system.winters->as_they_are(kFirst, kCount);
  std::size_t same = 0;
  for (std::uint32_t i = 0; i < system.facilities.count(); i += 7) {
    const Allocation allocation = at(system, {i});
    const std::uint64_t before = system.winters->simulated();
    const std::vector<Winter> with = system.winters->with(allocation, kFirst, without);
    same += kCount - (system.winters->simulated() - before);
    for (std::uint64_t w = 0; w < kCount; ++w) {
      const Winter full = system.winter(&allocation, kFirst + w);
      ASSERT_EQ(with[w].lost_seconds, full.lost_seconds);
      ASSERT_EQ(with[w].zone_lost_seconds, full.zone_lost_seconds);
      ASSERT_EQ(with[w].gap_seconds, full.gap_seconds);
    }
  }
  EXPECT_GT(same, 0U);  // else nothing was skipped and nothing was tested
}

/// Substations out at random, two nested allocations.
RC_GTEST_PROP(WintersProperty, MoreSetsNeverRaiseTheUnmetGap, ()) {
  scenario::Scenario scenario = testing::quiet_town();
  for (scenario::FacilityRow& row : scenario.facilities) {
    row.generator_kw = 0.0;
  }
  testing::strike_anywhere(scenario, *rc::gen::inRange(0, 60), *rc::gen::inRange(1, 6));
  System system(scenario);
  Allocation fewer(system.facilities.count(), Added::none), more = fewer;
  for (std::size_t i = 0; i < fewer.size(); ++i) {
    const int draw = *rc::gen::inRange(0, 3);
    fewer[i] = draw == 0 ? Added::diesel : Added::none;
    more[i] = draw <= 1 ? Added::diesel : Added::none;
  }
  const auto number = *rc::gen::inRange<std::uint64_t>(0, 1000);
  const Winter none = system.winter(nullptr, number);
  const Winter a = system.winter(&fewer, number), b = system.winter(&more, number);
  RC_ASSERT(a.gap_seconds <= none.gap_seconds);
  RC_ASSERT(b.gap_seconds <= a.gap_seconds);
}

// h-east gets a heating point on e1, the boiler house hangs on ex; both are dark. Either set alone
// saves nothing, both together all but ten minutes.
TEST(Savings, ABoilerHouseAndItsHeatingPointSaveOnlyTogether) {
  scenario::Scenario scenario = testing::quiet_town();
  scenario::FacilityRow point;
  point.facility = "point-east";
  point.kind = "heating_point";
  point.zone = "east";
  point.feeder = "e1";
  point.load_kw = 5;
  scenario.facilities.push_back(point);
  for (scenario::HeatNodeRow& node : scenario.heat_nodes) {
    node.facility = node.heat_node == "h-east" ? "point-east" : node.facility;
  }
  testing::strike_on_the_east(scenario, 10.5);
  testing::reliable(scenario);
  System system(scenario);
  const std::vector<Winter> without = system.winters->as_they_are(0, 2);
  const std::vector<Saving> savings = savings_of(*system.winters, 0, without, bundled_costs());
  const auto find = [&](const std::string& name) -> const Saving& {
    for (const Saving& saving : savings) {
      if (saving.variant.name == name) {
        return saving;
      }
    }
    ADD_FAILURE() << name;
    return savings.front();
  };
  const double lost = 800 * 85.5, minutes = 800.0 / 6.0;
  EXPECT_DOUBLE_EQ(find("heating_point").saved.service[kHeat].mean, 0.0);
  EXPECT_DOUBLE_EQ(find("boiler_house").saved.service[kHeat].mean, 0.0);
  const Saving& bundle = find("heat_bundle");
  EXPECT_EQ(bundle.units, 2U);
  EXPECT_EQ(bundle.variant.kind, VariantKind::bundle);
  EXPECT_DOUBLE_EQ(bundle.saved.service[kHeat].mean, lost - minutes);
  ASSERT_TRUE(bundle.beyond_parts.has_value());
  EXPECT_DOUBLE_EQ(bundle.beyond_parts->mean, lost - minutes);
  EXPECT_DOUBLE_EQ(bundle.saved.zone[1][kHeat].mean, lost - minutes);  // east
  EXPECT_DOUBLE_EQ(bundle.saved.zone[0][kHeat].mean, 0.0);
  // a set of up to 10 kW and one of 30-100 kW
  EXPECT_DOUBLE_EQ(bundle.cost.value(),
                   bundled_costs().diesel[0].typical + bundled_costs().diesel[2].typical);
  EXPECT_EQ(find("cogeneration").units, 1U);
}

TEST(Savings, ModularBoilersAreComparedOnlyWhereThereAreSome) {
  System system(testing::quiet_town());
  const std::vector<Winter> without = system.winters->as_they_are(0, 2);
  EXPECT_FALSE(mobile_boilers_doubled(system.scenario, system.facilities, 1, nullptr, 1, 0, without)
                   .has_value());
  // The town as it stands: its eastern boiler house is destroyed. 800 households want about 1.6 MW
  // at -10 C: a unit of 0.5 MW gives less than half of that, two give more.
  scenario::Scenario scenario = montecarlo::testing::town();
  scenario.horizon_days = 20;
  scenario.crews.push_back({"heat_network", 2, "centre", {}});
  scenario.mobile_boilers.push_back({1, 0.5, {}});
  System stocked(scenario);
  const std::vector<Winter> one = stocked.winters->as_they_are(0, 2);
  const std::optional<Saving> two =
      mobile_boilers_doubled(scenario, stocked.facilities, 1, nullptr, 1, 0, one);
  ASSERT_TRUE(two.has_value());
  EXPECT_EQ(two->units, 1U);
  EXPECT_GT(two->saved.service[kHeat].mean, 0.0);
  EXPECT_DOUBLE_EQ(two->saved.service[0].mean, 0.0);
  EXPECT_FALSE(two->cost.has_value());
}

}  // namespace
}  // namespace wintergrid::generators
