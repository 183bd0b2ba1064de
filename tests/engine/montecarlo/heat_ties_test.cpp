// Heat of a neighbour through ties that people open: the town by hand.

#include "grid_models/system/heat_ties.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/montecarlo/metrics.hpp"
#include "tests/engine/montecarlo/cases.hpp"

namespace wintergrid::montecarlo {
namespace {

using testing::outcome_of;
using testing::prepared;
using testing::quiet_town;

constexpr std::int64_t kHour = 3600;
constexpr std::size_t kHeat = 1;

void set(scenario::Scenario& scenario, const std::string& parameter, double value) {
  scenario.parameters.push_back({parameter, value, {}});
}

void destroy(scenario::Scenario& scenario, const std::string& component) {
  scenario::InitialDamageItem item;
  item.component = component;
  item.state = "complete";
  scenario.initial_damage.push_back(item);
}

void add_tie(scenario::Scenario& scenario, const std::string& name, const std::string& from,
             const std::string& to) {
  scenario::HeatPipeRow tie;
  tie.heat_pipe = name;
  tie.from_node = from;
  tie.to_node = to;
  tie.capacity_mw = 8.0;
  tie.length_km = 1.0;
  tie.normally_closed = true;
  scenario.heat_pipes.push_back(tie);
}

/// The eastern boiler house (4 MW, 800 households) is destroyed at hour 0; the centre's plant has
/// 16 MW. At -2 C nothing is drained, and buildings restart at once. Ties open in six hours.
scenario::Scenario town_with_tie() {
  scenario::Scenario scenario = quiet_town();
  scenario.constant_c = -2.0;
  set(scenario, "heat.undrained_restart_hours", 0.0);
  set(scenario, "recovery.heat_tie_shortest_hours", 6.0);
  set(scenario, "recovery.heat_tie_longest_hours", 6.0);
  add_tie(scenario, "tie", "h-centre", "h-east");
  destroy(scenario, "heat_source/boilers");
  return scenario;
}

void add_crew(scenario::Scenario& scenario, double repair_hours) {
  scenario::CrewItem item;
  item.type = "heat_network";
  item.crews = 1;
  item.base_zone = "east";
  scenario.crews.push_back(item);
  set(scenario, "repair.boiler_house.complete.temporary_hours", 0.0);
  set(scenario, "repair.boiler_house.complete.permanent_hours", repair_hours);
  set(scenario, "repair.boiler_house.geometric_sd", 1.0);
}

std::int64_t hours_lost(const scenario::Scenario& scenario) {
  return outcome_of(scenario).service[kHeat].household_seconds_lost / kHour / 800;
}

/// At the end of the hour.
HeatTieState ties_at(const scenario::Scenario& scenario, Seconds hour) {
  const auto which = prepared(scenario);
  Simulation simulation(*which, which->policy);
  HeatTieState found;
  simulation.replay(
      0, [&](const State& state) { found = state.now <= hour * kHour ? state.heat_ties : found; });
  return found;
}

TEST(HeatTies, ANetworkWithoutSourcesIsFedByItsNeighbour) {
  // The buildings restart in the step after the tie is open.
  for (const std::string fidelity : {"transport", "hydraulic"}) {
    scenario::Scenario scenario = town_with_tie();
    scenario.fidelity = fidelity;
    EXPECT_EQ(hours_lost(scenario), 6 + 1) << fidelity;
    scenario.heat_pipes.pop_back();
    EXPECT_EQ(hours_lost(scenario), 96) << fidelity;
  }
}

TEST(HeatTies, NotThroughADamagedTieNorFromANeighbourWithoutHeat) {
  scenario::Scenario damaged = town_with_tie();
  destroy(damaged, "heat_main/tie");
  EXPECT_EQ(hours_lost(damaged), 96);
  scenario::Scenario cold = town_with_tie();
  destroy(cold, "plant/chp");
  EXPECT_EQ(ties_at(cold, 90).openings, (std::vector<std::uint32_t>{0, 0}));
}

TEST(HeatTies, NotWhereBothSidesWouldBeCold) {
  // 16 MW for 4,000 households: at -2 C 58 W/K x 19.5 K and hot water of 358 W, 20 % lost, make
  // 7.4 MW. With 4.4 MW of it the cover is 0.59.
  scenario::Scenario scenario = town_with_tie();
  scenario.heat_sources[0].capacity_mw = 4.4;
  set(scenario, "recovery.heat_tie_least_cover", 0.62);
  EXPECT_EQ(ties_at(scenario, 90).openings, (std::vector<std::uint32_t>{0, 0}));
  scenario.parameters.back().value = 0.57;
  EXPECT_EQ(ties_at(scenario, 90).open, (std::vector<std::uint8_t>{0, 1}));
  scenario.parameters.back().value = 1.01;
  EXPECT_EQ(hours_lost(scenario), 96) << "nobody opens any";
}

TEST(HeatTies, AreShutWhenTheGivingSideWouldBeWithoutHeatToo) {
  scenario::Scenario scenario = town_with_tie();
  scenario::EventItem strike;
  strike.at_hours = 30.0;
  strike.asset_class = "chp_plant";
  strike.state = "moderate";  // half of 7 MW
  scenario.heat_sources[0].capacity_mw = 7.0;
  scenario.events = {strike};
  EXPECT_EQ(ties_at(scenario, 29).open, (std::vector<std::uint8_t>{0, 1}));
  EXPECT_EQ(ties_at(scenario, 31).open, (std::vector<std::uint8_t>{0, 0}));
}

TEST(HeatTies, AreShutWhenBothHaveHeatAgain) {
  scenario::Scenario scenario = town_with_tie();
  add_crew(scenario, 30.0);
  EXPECT_EQ(ties_at(scenario, 5).open, (std::vector<std::uint8_t>{0, 0}));
  EXPECT_EQ(ties_at(scenario, 5).in_use, 1U);
  EXPECT_EQ(ties_at(scenario, 7).open, (std::vector<std::uint8_t>{0, 1}));
  const HeatTieState later = ties_at(scenario, 80);
  EXPECT_EQ(later.open, (std::vector<std::uint8_t>{0, 0}));
  EXPECT_EQ(later.in_use, 0U);
  EXPECT_EQ(hours_lost(scenario), 7);
}

TEST(HeatTies, OpeningIsGivenUpWhenTheSourceIsBackFirst) {
  scenario::Scenario scenario = town_with_tie();
  set(scenario, "recovery.heat_tie_shortest_hours", 40.0);
  set(scenario, "recovery.heat_tie_longest_hours", 40.0);
  add_crew(scenario, 10.0);
  scenario::EventItem again;
  again.at_hours = 50.0;
  again.asset_class = "boiler_house";
  again.state = "complete";
  scenario.events = {again};
  const HeatTieState between = ties_at(scenario, 45);
  EXPECT_EQ(between.openings, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(between.opens_at[1], kNever);
  EXPECT_EQ(ties_at(scenario, 95).openings, (std::vector<std::uint32_t>{0, 2}));
}

TEST(HeatTies, ReachThroughANetworkThatIsFedItself) {
  // A third network without any source of its own, beyond the east. Ties act in order of name
  // hash: whichever of the two is first, both stay open.
  for (const std::string second : {"tie-west", "a", "b", "c", "d", "e", "f", "g"}) {
    scenario::Scenario scenario = town_with_tie();
    scenario.heat_nodes.push_back({"h-west", "west", "", {}});
    scenario::HeatSourceRow house = scenario.heat_sources[1];
    house.heat_source = "western";
    house.heat_node = "h-west";
    house.facility.clear();
    house.water_node.clear();
    scenario.heat_sources.push_back(house);
    destroy(scenario, "heat_source/western");
    add_tie(scenario, second, "h-east", "h-west");
    const HeatTieState open = ties_at(scenario, 20);
    EXPECT_EQ(open.open, (std::vector<std::uint8_t>{0, 1, 1})) << second;
    EXPECT_EQ(open.opens_at[1], 6 * kHour) << second;
    EXPECT_GE(open.opens_at[2], 12 * kHour) << second << ": begun when the east was fed";
    EXPECT_LE(open.opens_at[2], 13 * kHour) << second << ": or seen to be at the next moment";
    EXPECT_EQ(ties_at(scenario, 90).openings, (std::vector<std::uint32_t>{0, 1, 1})) << second;
  }
}

TEST(HeatTies, OpenForABoilerHouseWithoutElectricityToo) {
  scenario::Scenario scenario = town_with_tie();
  scenario.initial_damage.clear();
  for (auto& facility : scenario.facilities) {
    facility.generator_kw = 0.0;
  }
  for (auto& row : scenario.heat_sources) {
    row.gas = true;
  }
  scenario::GasOutageItem outage;
  outage.zone = "east";
  outage.from_hours = 10.0;
  outage.to_hours = 60.0;
  scenario.gas_outages = {outage};
  const HeatTieState open = ties_at(scenario, 30);
  EXPECT_EQ(open.open, (std::vector<std::uint8_t>{0, 1}));
  EXPECT_EQ(open.opens_at[1], 16 * kHour);
  EXPECT_EQ(ties_at(scenario, 70).in_use, 0U);
}

}  // namespace
}  // namespace wintergrid::montecarlo
