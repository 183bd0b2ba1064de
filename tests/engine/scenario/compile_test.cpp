// What compile() makes of the hand-checked town, and what it refuses. Everything that a file can
// get wrong has a case under tests/bad_inputs; here are the rules that protect callers who build a
// Scenario in code.

#include "engine/scenario/compile.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/scenario/compiler.hpp"
#include "tests/engine/montecarlo/cases.hpp"

namespace wintergrid::scenario {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string complaints(const std::function<void(Scenario&)>& change) {
  Scenario scenario = montecarlo::testing::town();
  change(scenario);
  Diagnostics diagnostics;
  montecarlo::prepare_case(scenario, diagnostics);
  EXPECT_FALSE(diagnostics.ok());
  return diagnostics.to_text();
}

Model compiled(const std::function<void(Scenario&)>& change = [](Scenario&) {}) {
  Scenario scenario = montecarlo::testing::town();
  change(scenario);
  return std::move(montecarlo::testing::prepared(scenario)->model);
}

template <class Row>
void repeat_first(std::vector<Row>& rows) {
  const Row first = rows.front();
  rows.push_back(first);
}

TEST(Compile, NamesAreUniqueInEveryTable) {
  const std::vector<std::pair<std::string, std::function<void(Scenario&)>>> tables = {
      {"zone 'centre'", [](Scenario& s) { repeat_first(s.zones); }},
      {"bus 'gate-330'", [](Scenario& s) { repeat_first(s.buses); }},
      {"branch 'AT'", [](Scenario& s) { repeat_first(s.branches); }},
      {"generator 'import'", [](Scenario& s) { repeat_first(s.generators); }},
      {"feeder 'c1'", [](Scenario& s) { repeat_first(s.feeders); }},
      {"facility 'hospital'", [](Scenario& s) { repeat_first(s.facilities); }},
      {"heat node 'h-chp'", [](Scenario& s) { repeat_first(s.heat_nodes); }},
      {"heat pipe 'main'", [](Scenario& s) { repeat_first(s.heat_pipes); }},
      {"heat source 'chp-heat'", [](Scenario& s) { repeat_first(s.heat_sources); }},
      {"water node 'river'", [](Scenario& s) { repeat_first(s.water_nodes); }},
      {"water link 'p1'", [](Scenario& s) { repeat_first(s.water_links); }}};
  for (const auto& [what, change] : tables) {
    EXPECT_THAT(complaints(change), HasSubstr(what + " is defined twice (first in line 2)"));
  }
}

TEST(Compile, ConnectionsNeedTwoEnds) {
  EXPECT_THAT(complaints([](Scenario& s) { s.branches[1].to_bus = s.branches[1].from_bus; }),
              HasSubstr("branch 'L1' connects bus 'gate-110' with itself"));
  EXPECT_THAT(complaints([](Scenario& s) { s.heat_pipes[0].to_node = s.heat_pipes[0].from_node; }),
              HasSubstr("heat pipe 'main' connects node 'h-chp' with itself"));
  EXPECT_THAT(
      complaints([](Scenario& s) { s.water_links[0].to_node = s.water_links[0].from_node; }),
      HasSubstr("water link 'p1' connects node 'river' with itself"));
}

TEST(Compile, BranchesNeedAnImpedance) {
  EXPECT_THAT(complaints([](Scenario& s) { s.branches[1].reactance_pu = 0.0; }),
              HasSubstr("'reactance_pu' of branch 'L1' is 0"));
  EXPECT_THAT(
      complaints([](Scenario& s) { s.branches[1].length_km = kNotGiven; }),
      HasSubstr("branch 'L1' gives neither its reactance and rating nor what they follow from"));
  EXPECT_THAT(complaints([](Scenario& s) { s.branches[0].voltage_kv = kNotGiven; }),
              HasSubstr("branch 'AT' gives neither"));
  EXPECT_THAT(complaints([](Scenario& s) { s.branches[1].voltage_kv = 2000.0; }),
              HasSubstr("no typical values for a overhead_line of 2000 kV"));
}

TEST(Compile, RulesOfWaterHeatAndHomes) {
  EXPECT_THAT(complaints([](Scenario& s) { s.water_nodes[5].volume_m3 = 0.0; }),
              HasSubstr("'volume_m3' of tank 'tank' is 0"));
  EXPECT_THAT(complaints([](Scenario& s) { s.water_nodes[5].capacity_m3_per_h = kNotGiven; }),
              HasSubstr("'capacity_m3_per_h' of water node 'tank' is missing"));
  EXPECT_THAT(complaints([](Scenario& s) { s.water_nodes[0].capacity_m3_per_h = kNotGiven; }),
              HasSubstr("'capacity_m3_per_h' of water node 'river' is missing"));
  EXPECT_THAT(complaints([](Scenario& s) { s.households[0].heat_node.clear(); }),
              HasSubstr("'heat_node' is missing for households on district heating"));
  EXPECT_THAT(complaints([](Scenario& s) { s.households[5].heat_node = "h-east"; }),
              HasSubstr("'heat_node' is 'h-east' but 'heating' is 'gas_boiler'"));
  EXPECT_THAT(complaints([](Scenario& s) { s.households[0].buildings = 0; }),
              HasSubstr("'buildings' is 0 but there are 1000 households"));
  EXPECT_THAT(complaints([](Scenario& s) { s.households.clear(); }),
              HasSubstr("there are no households"));
}

TEST(Compile, RulesOfRecoveryAndCampaign) {
  EXPECT_THAT(complaints([](Scenario& s) { s.policy = "priority_list"; }),
              HasSubstr("policy 'priority_list' needs recovery.priority_list"));
  EXPECT_THAT(complaints([](Scenario& s) { s.policy = "fastest"; }),
              HasSubstr("policy 'fastest' is not known"));
  EXPECT_THAT(complaints([](Scenario& s) { s.campaign = "winter_1941_42"; }),
              HasSubstr("campaign preset 'winter_1941_42' is not known"));
}

TEST(Compile, SparesKeepTheDefaultsOfWhatIsNotGiven) {
  const Model without = compiled();
  const Model one_listed =
      compiled([](Scenario& s) { s.spares = {{"transformer_110", 9, kNotGiven, kNotGiven, {}}}; });
  const recovery::Model &a = without.recovery, &b = one_listed.recovery;
  ASSERT_EQ(a.spare_stock.size(), 2U);
  EXPECT_EQ(b.spare_stock[0], a.spare_stock[0]);
  EXPECT_EQ(b.spare_stock[1], 9U);
  EXPECT_EQ(b.spare_resupply_seconds, a.spare_resupply_seconds);
  EXPECT_EQ(b.spare_lead_seconds, a.spare_lead_seconds);
  const Model at_once =
      compiled([](Scenario& s) { s.spares = {{"transformer_110", 0, 0.0, 0.0, {}}}; });
  EXPECT_EQ(at_once.recovery.spare_lead_seconds[1], 0);
  EXPECT_EQ(at_once.recovery.spare_resupply_seconds[1], kNever);
}

TEST(Compile, CrewsWithoutABaseStartWhereMostHouseholdsAre) {
  const Model model = compiled([](Scenario& s) {
    std::rotate(s.zones.begin(), s.zones.begin() + 1, s.zones.end());
    s.crews = {{"lines", 1, "", {}}, {"water", 1, "west", {}}};
  });
  EXPECT_EQ(model.zones.id[model.recovery.base_zone[0].index()], "centre");
  EXPECT_EQ(model.zones.id[model.recovery.base_zone[4].index()], "west");
}

TEST(Compile, RostersOfCrews) {
  const Model plain = compiled();
  EXPECT_EQ(plain.recovery.shift[0], recovery::Shift{});
  EXPECT_EQ(plain.recovery.team[0].maximum, 1);
  EXPECT_TRUE(plain.recovery.reinforcements.empty());
  const Model model = compiled([](Scenario& s) {
    s.start_hour = 7;
    s.crews = {{"lines", 3, "west", {}}, {"water", 1, "", {}}};
    s.crews[0].shift_hours = 7.5;
    s.crews[0].shift_start_hour = 9;
    s.crews[0].crews_per_job_minimum = 2;
    s.crews[0].crews_per_job_maximum = 3;
    s.reinforcements = {{"lines", 4, 1.5, "", {}}, {"plumbing", 5, 48.0, "centre", {}}};
  });
  const recovery::Model& recovery = model.recovery;
  EXPECT_EQ(recovery.local_time_at_start, 7 * kSecondsPerHour);
  EXPECT_EQ(recovery.shift[0], (recovery::Shift{.starts = 9 * 3600, .lasts = 27000}));
  EXPECT_EQ(recovery.shift[4].lasts, kSecondsPerDay);
  EXPECT_EQ(recovery.team[0].minimum, 2);
  EXPECT_EQ(recovery.team[0].maximum, 3);
  ASSERT_EQ(recovery.reinforcements.size(), 2U);
  EXPECT_EQ(recovery.reinforcements[0].crews, 4);
  EXPECT_EQ(recovery.reinforcements[0].from, 5400);
  EXPECT_EQ(model.zones.id[recovery.reinforcements[0].zone.index()], "west")
      << "where the other crews of the type start";
  EXPECT_EQ(recovery.reinforcements[1].type, CrewType::plumbing);
  EXPECT_EQ(model.zones.id[recovery.reinforcements[1].zone.index()], "centre");
}

TEST(Compile, AStrikeShareOfNothingMeansNoStrikes) {
  Scenario scenario = montecarlo::testing::small_oblast(60.0);
  scenario.regions.front().strike_share = 0.0;
  const auto which = montecarlo::testing::prepared(scenario);
  montecarlo::Simulation simulation(*which, which->policy);
  for (std::uint64_t replication = 0; replication < 20; ++replication) {
    simulation.run_one(replication);
    EXPECT_TRUE(simulation.timeline().hits.empty()) << replication;
  }
}

TEST(Compile, RegionsOfZonesAreTakenWhereNoneAreListed) {
  const Model model = compiled([](Scenario& s) {
    s.regions.clear();
    s.zones[2].region = "elsewhere";
  });
  EXPECT_THAT(model.zones.region, ::testing::ElementsAre(0, 0, 1));
}

TEST(Compile, AllProblemsAreReportedAtOnce) {
  Scenario scenario = montecarlo::testing::town();
  scenario.buses[0].zone = "center";
  scenario.branches[1].to_bus = "centre110";
  scenario.households[0].heat_node = "h-center";
  scenario.water_links[0].to_node = "lft";
  scenario.initial_damage[0].component = "heat_source/boiler";
  Diagnostics diagnostics;
  montecarlo::prepare_case(scenario, diagnostics);
  EXPECT_EQ(diagnostics.error_count(), 5U) << diagnostics.to_text();
  for (const Diagnostic& item : diagnostics.items()) {
    EXPECT_THAT(item.hint, HasSubstr("did you mean")) << item.problem;
    EXPECT_GT(item.place.line, 0U) << item.problem;
  }
}

/// 0.39 ohm/km x 3 km x 100 MVA / (110 kV)^2; two circuits halve it and double the rating; given
/// values win.
TEST(Compile, TypicalValuesOfLines) {
  const Model one = compiled();
  EXPECT_NEAR(one.power.network.branch_susceptance_pu[1],
              1.0 / (0.39 * 3.0 * 100.0 / (110.0 * 110.0)), 1e-9);
  EXPECT_DOUBLE_EQ(one.power.network.branch_limit_mw[1], 123.0);
  const Model two = compiled([](Scenario& s) { s.branches[1].circuits = 2; });
  EXPECT_NEAR(two.power.network.branch_susceptance_pu[1],
              2.0 * one.power.network.branch_susceptance_pu[1], 1e-9);
  EXPECT_DOUBLE_EQ(two.power.network.branch_limit_mw[1], 246.0);
  const Model given = compiled([](Scenario& s) {
    s.branches[1].reactance_pu = 0.05;
    s.branches[1].rating_mw = 0.0;
    s.branches[1].tap = 0.8;
  });
  EXPECT_DOUBLE_EQ(given.power.network.branch_susceptance_pu[1], 1.0 / (0.05 * 0.8));
  EXPECT_EQ(given.power.network.branch_limit_mw[1], power::kNoLimit);
  // 0.12 on 200 MVA is 0.06 on 100 MVA
  EXPECT_NEAR(one.power.network.branch_susceptance_pu[0], 1.0 / 0.06, 1e-9);
}

TEST(Compile, TypicalValuesAreOfTheNearestVoltageClass) {
  const std::vector<VoltageClass> classes = {{10.0, {0.3, 1.0, 0.0}, {}, {}},
                                             {100.0, {0.4, 2.0, 0.0}, {}, {}}};
  const auto rating_mw = [&](double voltage_kv) {
    const auto type = typical_line(classes, "overhead_line", voltage_kv);
    return type ? type->rating_mw : -1.0;
  };
  EXPECT_EQ(rating_mw(0.1), 1.0);
  EXPECT_EQ(rating_mw(31.0), 1.0);  // the geometric mean is 31.6
  EXPECT_EQ(rating_mw(32.0), 2.0);
  EXPECT_EQ(rating_mw(150.0), 2.0);
  EXPECT_EQ(rating_mw(151.0), -1.0);
  EXPECT_EQ(rating_mw(0.09), -1.0);
  EXPECT_FALSE(typical_line(classes, "pipe", 10.0));
  EXPECT_FALSE(typical_line({}, "cable", 10.0));
}

TEST(Compile, FeedersAreSortedByBusAndKeepTheirHouseholds) {
  const Model model = compiled([](Scenario& s) { std::swap(s.feeders[0], s.feeders[9]); });
  EXPECT_TRUE(std::is_sorted(model.power.feeder_bus.begin(), model.power.feeder_bus.end()));
  const auto c1 =
      static_cast<std::size_t>(std::find(model.feeder_name.begin(), model.feeder_name.end(), "c1") -
                               model.feeder_name.begin());
  ASSERT_LT(c1, model.feeder_name.size());
  EXPECT_EQ(model.bus_name[model.power.feeder_bus[c1]], "centre-110");
  EXPECT_NEAR(model.feeder_household_mw[c1], 1000 * 0.6 / 1000.0, 1e-12);
  EXPECT_DOUBLE_EQ(model.feeder_other_mw[c1], 0.5);
  EXPECT_EQ(model.power.feeder_subqueue[c1], 0);
  const auto wx =
      static_cast<std::size_t>(std::find(model.feeder_name.begin(), model.feeder_name.end(), "wx") -
                               model.feeder_name.begin());
  EXPECT_EQ(model.power.feeder_subqueue[wx], power::kExempt);
}

TEST(Compile, ABackupBusThatTakesNobodyIsAWarning) {
  const auto warnings = [](const std::string& bus) {
    Scenario scenario = montecarlo::testing::town();
    scenario.feeders[0].backup_bus = scenario.feeders[1].backup_bus = bus;
    Diagnostics diagnostics;
    montecarlo::prepare_case(scenario, diagnostics);
    EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
    return diagnostics.to_text();
  };
  const std::string text = warnings("gate-330");
  EXPECT_THAT(text, HasSubstr("backup_bus 'gate-330' has no feeders of its own and takes none"));
  EXPECT_EQ(text.find("backup_bus"), text.rfind("backup_bus")) << "once";
  EXPECT_THAT(warnings("east-110"), Not(HasSubstr("backup_bus")));
}

TEST(Compile, RowsThatNameTheSameHomesDrawApart) {
  const Model model = compiled([](Scenario& s) { s.households.push_back(s.households[0]); });
  const std::set<std::uint64_t> distinct(model.heat.block_name_hash.begin(),
                                         model.heat.block_name_hash.end());
  EXPECT_EQ(distinct.size(), model.heat.block_count());
}

TEST(Compile, WaterThatDoesNotReachThoseItIsForIsAWarning) {
  const auto warnings = [](const std::string& fidelity, double elevation_m) {
    Scenario scenario = montecarlo::testing::town();
    scenario.fidelity = fidelity;
    scenario.water_nodes[3].elevation_m = elevation_m;
    Diagnostics diagnostics;
    montecarlo::prepare_case(scenario, diagnostics);
    EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
    return diagnostics.to_text();
  };
  EXPECT_EQ(warnings("transport", 200.0), warnings("transport", 0.0));
  EXPECT_THAT(warnings("hydraulic", 0.0), Not(HasSubstr("get less than they want")));
  EXPECT_THAT(
      warnings("hydraulic", 200.0),
      HasSubstr("with nothing damaged and all tanks full, in the hour of most use, 1 of the "
                "water nodes get less than they want: 'w-east' 0 %\n   hint: check head_m"));
}

TEST(Compile, TooLittleHeatForTheDesignDayIsAWarning) {
  const auto warnings = [](const std::string& fidelity, double capacity_mw) {
    Scenario scenario = montecarlo::testing::town();
    scenario.fidelity = fidelity;
    for (auto& source : scenario.heat_sources) {
      source.capacity_mw = std::min(source.capacity_mw, capacity_mw);
    }
    Diagnostics diagnostics;
    montecarlo::prepare_case(scenario, diagnostics);
    EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
    return diagnostics.to_text();
  };
  for (const std::string fidelity : {"transport", "hydraulic"}) {
    EXPECT_THAT(warnings(fidelity, 1e3), Not(HasSubstr("heat nodes"))) << fidelity;
    EXPECT_THAT(warnings(fidelity, 1.0),
                HasSubstr("with nothing damaged, at -22 C outdoors, 2 of the heat nodes get less "
                          "than they want: "))
        << fidelity;
  }
}

TEST(Compile, APipeTooThinForItsHeatIsAWarning) {
  Scenario scenario = montecarlo::testing::town();
  scenario.fidelity = "hydraulic";
  scenario.heat_pipes[0].diameter_mm = 60.0;
  Diagnostics diagnostics;
  montecarlo::prepare_case(scenario, diagnostics);
  EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  EXPECT_THAT(diagnostics.to_text(), HasSubstr("would have to lift water by"));
}

TEST(Compile, NobodyIsLostOnTheWayIntoUnits) {
  const Model model = compiled();
  EXPECT_EQ(model.total_households, 6000U);
  std::uint64_t in_units = 0, in_blocks = 0, above = 0;
  for (std::size_t u = 0; u < model.units.count(); ++u) {
    in_units += model.units.households[u];
    above += model.units.above_pressure[u] != 0 ? model.units.households[u] : 0U;
  }
  for (const std::uint32_t households : model.heat.block_households) {
    in_blocks += households;
  }
  EXPECT_EQ(in_units, 6000U);
  EXPECT_EQ(in_blocks, 6000U);
  EXPECT_GT(above, 0U);  // two rows of high-rise buildings
  EXPECT_LT(above, 2000U);
  // 5,700 households on the network x 2.5 x 150 l a day, a quarter of supply leaks
  double demand_m3_per_h = 0.0;
  for (const double demand : model.water.node_demand_m3_per_h) {
    demand_m3_per_h += demand;
  }
  EXPECT_NEAR(demand_m3_per_h, 5700 * 2.5 * 0.150 / 24.0 / 0.75, 1e-9);
}

TEST(Compile, AChpIsOneSite) {
  const Model model = compiled();
  ASSERT_EQ(model.heat_source_component.size(), 2U);
  EXPECT_EQ(model.heat_source_component[0], model.generator_component[1]);
  EXPECT_EQ(model.components.name[model.heat_source_component[1]], "heat_source/boilers");
  EXPECT_EQ(model.generator_component[0], kNone);  // imports are never struck
}

TEST(Compile, ModularBoilersAreNeverStruck) {
  const Model model = compiled([](Scenario& s) {
    s.heat_sources[1].kind = "mobile";
    s.initial_damage.clear();
    s.mobile_boilers = {{4, 3.0, {}}, {0, 1.5, {}}};
  });
  EXPECT_EQ(model.heat_source_component[1], kNone);
  EXPECT_FALSE(find_component(model.components, "heat_source/boilers").valid());
  EXPECT_EQ(model.mobile_boiler_units, (std::vector<std::uint32_t>{4, 0}));
  EXPECT_EQ(model.mobile_boiler_mw, (std::vector<double>{3.0, 1.5}));
}

TEST(Compile, ComponentsByFullOrBareName) {
  const Model model = compiled();
  const ComponentId line = find_component(model.components, "L1");
  ASSERT_TRUE(line.valid());
  EXPECT_EQ(line, find_component(model.components, "branch/L1"));
  EXPECT_FALSE(find_component(model.components, "L11").valid());
  const Model ambiguous = compiled(
      [](Scenario& s) { s.water_nodes[0].water_node = s.water_links[0].from_node = "L1"; });
  EXPECT_FALSE(find_component(ambiguous.components, "L1").valid());
  EXPECT_TRUE(find_component(ambiguous.components, "water_node/L1").valid());
}

/// Running load plus motor start (3 x direct, 1.5 x soft) plus a tenth; classes end at 10, 30, 100,
/// 250, 500 and 1000 kW.
TEST(Compile, ClassOfGeneratorSet) {
  EXPECT_EQ(set_class(9.0, 0.0, false), 0);    // 9.9
  EXPECT_EQ(set_class(9.2, 0.0, false), 1);    // 10.1
  EXPECT_EQ(set_class(9.0, 1.0, false), 1);    // (8 + 3) 1.1 = 12.1
  EXPECT_EQ(set_class(90.0, 30.0, false), 3);  // (60 + 90) 1.1 = 165
  EXPECT_EQ(set_class(85.0, 10.0, true), 2);   // (75 + 15) 1.1 = 99
  EXPECT_EQ(set_class(2000.0, 0.0, false), 6);
}

}  // namespace
}  // namespace wintergrid::scenario
