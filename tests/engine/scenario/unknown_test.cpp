// Cells that say `unknown`: who lends a value and how often, that a row's cells come from one
// donor, that draws have addresses, and what is laid on top.

#include "engine/scenario/unknown.hpp"

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/random/draw.hpp"
#include "engine/scenario/overlay.hpp"
#include "engine/scenario/table.hpp"
#include "tests/engine/scenario/text_source.hpp"

namespace wintergrid::scenario {
namespace {

using testing::HasSubstr;

constexpr int kDraws = 4000;

template <class Row>
std::vector<Row> rows_of(const std::string& text, const std::string& key,
                         Diagnostics& diagnostics) {
  for (const TableInfo& table : tables()) {
    if (table.key == key) {
      return read_table<Row>(source_of(text), table, diagnostics);
    }
  }
  ADD_FAILURE() << "no table " << key;
  return {};
}

Scenario with_facilities(const std::string& rows) {
  Scenario scenario;
  Diagnostics diagnostics;
  scenario.facilities = rows_of<FacilityRow>(
      "facility,kind,zone,feeder,load_kw,motor_kw,generator_kw,fuel_hours\n" + rows, "facilities",
      diagnostics);
  EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  return scenario;
}

Scenario with_households(const std::string& rows) {
  Scenario scenario;
  Diagnostics diagnostics;
  scenario.households = rows_of<HouseholdRow>(
      "zone,feeder,building_class,rise,heating,heat_node,buildings,households\n" + rows,
      "households", diagnostics);
  EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  return scenario;
}

std::shared_ptr<const Unknowns> unknowns_of(const Scenario& scenario,
                                            std::vector<RowChange> changes = {}) {
  Diagnostics diagnostics;
  auto found = Unknowns::find(scenario, std::move(changes), diagnostics);
  EXPECT_EQ(diagnostics.to_text(), "");
  EXPECT_NE(found, nullptr);
  return found;
}

Scenario drawn(const Unknowns& unknowns, std::uint64_t replication, std::uint32_t set = 0) {
  Scenario filled;
  Diagnostics diagnostics;
  unknowns.draw(random::Draw(7, replication), set, filled, diagnostics);
  EXPECT_EQ(diagnostics.to_text(), "");
  return filled;
}

/// Within four standard errors.
void expect_share(int count, double share) {
  const double sd = std::sqrt(share * (1.0 - share) * kDraws);
  EXPECT_NEAR(count, share * kDraws, 4.0 * sd);
}

TEST(Unknown, RulesNameColumnsThatThereAre) {
  std::size_t tables_with_rules = 0;
  for_each_table([&](std::size_t index, auto member) {
    const UnknownRule& rule = unknown_rule(tables()[index].key);
    tables_with_rules += rule.columns.empty() ? 0U : 1U;
    const auto& rows = Scenario{}.*member;
    using Row = typename std::remove_cvref_t<decltype(rows)>::value_type;
    const auto is_column = [](const std::string& name) {
      for (const Field<Row>& field : fields<Row>()) {
        if (field.key == name) {
          return true;
        }
      }
      return false;
    };
    std::vector<std::string> names = rule.columns;
    names.insert(names.end(), rule.alike.begin(), rule.alike.end());
    names.insert(names.end(), rule.given.begin(), rule.given.end());
    for (const std::string& name : names) {
      EXPECT_TRUE(is_column(name)) << rule.table << "." << name;
    }
    EXPECT_TRUE(rule.weight.empty() || is_column(rule.weight));
    for (const Field<Row>& field : fields<Row>()) {
      if (field.kind == FieldKind::key || field.kind == FieldKind::reference) {
        EXPECT_FALSE(may_be_unknown(rule.table, field.key)) << field.key;
      }
    }
  });
  EXPECT_EQ(tables_with_rules, 10U);
  EXPECT_FALSE(may_be_unknown("households", "households"));
  EXPECT_FALSE(may_be_unknown("households", "buildings"));
  EXPECT_FALSE(may_be_unknown("facilities", "kind"));
}

TEST(Unknown, NothingUnknownIsNothing) {
  Diagnostics diagnostics;
  EXPECT_EQ(Unknowns::find(with_facilities("A,other,Z,F,10,0,0,0\n"), {}, diagnostics), nullptr);
}

TEST(Unknown, DrawnFromTheClassAsOftenAsItIsThere) {
  const auto unknowns = unknowns_of(with_facilities(
      "A,pump_station,Z,F,10,0,0,0\nB,pump_station,Z,F,10,0,0,0\nC,pump_station,Z,F,10,0,0,0\n"
      "D,pump_station,Z,F,20,0,0,0\nE,hospital,Z,F,500,0,0,0\nX,pump_station,Z,F,unknown,0,0,0\n"));
  int tens = 0;
  for (int k = 0; k < kDraws; ++k) {
    const double load = drawn(*unknowns, static_cast<std::uint64_t>(k)).facilities[5].load_kw;
    EXPECT_TRUE(load == 10.0 || load == 20.0) << load;
    tens += load == 10.0 ? 1 : 0;
  }
  expect_share(tens, 0.75);
  ASSERT_EQ(unknowns->columns().size(), 1U);
  EXPECT_EQ(to_text(unknowns->columns()[0]),
            "facilities.load_kw: 1 of 6 cells (16.7 %) are unknown; drawn from rows alike in kind, "
            "whether there is any generator_kw");
}

TEST(Unknown, HouseholdsCountByHouseholdsAndInWhatTheRowKnows) {
  const auto unknowns = unknowns_of(
      with_households("Z,F,panel,high,district,H,9,900\nZ,F,brick,high,district,H,1,100\n"
                      "Z,F,insulated,low,district,H,50,5000\nZ,F,unknown,high,district,H,3,100\n"));
  int panel = 0;
  for (int k = 0; k < kDraws; ++k) {
    const std::string& drawn_class =
        drawn(*unknowns, static_cast<std::uint64_t>(k)).households[3].building_class;
    EXPECT_TRUE(drawn_class == "panel" || drawn_class == "brick") << drawn_class;
    panel += drawn_class == "panel" ? 1 : 0;
  }
  expect_share(panel, 0.9);
}

TEST(Unknown, HeatingFitsWhetherThereIsAHeatNode) {
  const auto unknowns = unknowns_of(with_households(
      "Z,F,panel,high,district,H,9,900\nZ,F,panel,high,electric,,9,900\nZ,F,panel,high,stove,,1,9\n"
      "Z,F,panel,high,unknown,H,1,10\nZ,F,panel,high,unknown,,1,10\n"));
  int electric = 0;
  for (std::uint64_t k = 0; k < 500; ++k) {
    const Scenario filled = drawn(*unknowns, k);
    EXPECT_EQ(filled.households[3].heating, "district");
    EXPECT_NE(filled.households[4].heating, "district");
    electric += filled.households[4].heating == "electric" ? 1 : 0;
  }
  EXPECT_GT(electric, 450);
  EXPECT_LT(electric, 500);
}

TEST(Unknown, CellsOfARowComeFromOneDonorThatFitsTheRest) {
  const auto unknowns = unknowns_of(with_facilities(
      "A,other,Z,F,10,5,40,1\nB,other,Z,F,20,12,50,2\nC,other,Z,F,30,25,60,3\n"
      "X,other,Z,F,unknown,unknown,unknown,unknown\n"  // any of the three
      "Y,other,Z,F,24,unknown,unknown,unknown\n"));    // not C: its motor is larger than the load
  std::map<double, int> seen;
  for (int k = 0; k < kDraws; ++k) {
    const Scenario filled = drawn(*unknowns, static_cast<std::uint64_t>(k));
    const FacilityRow &x = filled.facilities[3], &y = filled.facilities[4];
    EXPECT_EQ(x.generator_kw, 30.0 + x.load_kw);
    EXPECT_EQ(x.fuel_hours, x.load_kw / 10.0);
    EXPECT_EQ(y.generator_kw, y.motor_kw == 5.0 ? 40.0 : 50.0);
    EXPECT_LT(y.motor_kw, 24.0);
    ++seen[x.load_kw];
  }
  ASSERT_EQ(seen.size(), 3U);
  for (const auto& [load, count] : seen) {
    expect_share(count, 1.0 / 3.0);
  }
}

/// Fuel fits no row without a set.
TEST(Unknown, NobodyThatFitsLeavesTheDefaultWithAWarning) {
  const Scenario scenario = with_facilities("A,other,Z,F,10,5,40,1\nB,other,Z,F,15,4,0,unknown\n");
  Diagnostics diagnostics;
  const auto unknowns = Unknowns::find(scenario, {}, diagnostics);
  ASSERT_NE(unknowns, nullptr);
  EXPECT_TRUE(diagnostics.ok());
  EXPECT_EQ(
      diagnostics.to_text(),
      "table.csv:3:20: warning: 'fuel_hours' is unknown and no row that fits knows it (1 of 2 "
      "rows of 'facilities'): the default (0) is taken\n"
      "   hint: give at least one known value: without one nothing is drawn\n");
  EXPECT_EQ(drawn(*unknowns, 3).facilities[1].fuel_hours, 0.0);
}

TEST(Unknown, WithoutAValueAndADefaultIsAnError) {
  Diagnostics diagnostics;
  Unknowns::find(with_facilities("A,other,Z,F,unknown,0,0,0\nB,other,Z,F,unknown,0,0,0\n"), {},
                 diagnostics);
  EXPECT_EQ(diagnostics.error_count(), 1U);
  EXPECT_THAT(diagnostics.to_text(),
              HasSubstr("table.csv:2:13: error: 'load_kw' is unknown, and no row of 'facilities' "
                        "has a value that fits here"));
}

TEST(Unknown, OtherClassesLendWhereTheOwnKnowsNothing) {
  const auto unknowns =
      unknowns_of(with_facilities("A,hospital,Z,F,500,0,0,0\nB,school,Z,F,unknown,0,0,0\n"));
  EXPECT_EQ(drawn(*unknowns, 1).facilities[1].load_kw, 500.0);
  EXPECT_THAT(to_text(unknowns->columns()[0]), HasSubstr("drawn from all rows"));
}

TEST(Unknown, EachCellForItselfWhereNobodyKnowsAllOfThem) {
  const auto unknowns = unknowns_of(with_facilities(
      "A,other,Z,F,10,unknown,0,0\nB,other,Z,F,unknown,5,0,0\nX,other,Z,F,unknown,unknown,0,0\n"));
  const Scenario filled = drawn(*unknowns, 1);
  EXPECT_EQ(filled.facilities[2].load_kw, 10.0);
  EXPECT_EQ(filled.facilities[2].motor_kw, 5.0);
}

TEST(Unknown, ADrawHasAnAddressNotAnOrder) {
  const std::string known =
      "A,other,Z,F,10,0,0,0\nB,other,Z,F,20,0,0,0\nC,other,Z,F,30,0,0,0\nD,other,Z,F,40,0,0,0\n";
  const std::string unknown = "X,other,Z,F,unknown,0,0,0\nY,other,Z,F,unknown,0,0,0\n";
  const auto before = unknowns_of(with_facilities(known + unknown));
  const auto turned = unknowns_of(with_facilities(
      "Y,other,Z,F,unknown,0,0,0\nNEW,other,Z,F,unknown,0,0,0\nD,other,Z,F,40,0,0,0\n"
      "C,other,Z,F,30,0,0,0\nX,other,Z,F,unknown,0,0,0\nB,other,Z,F,20,0,0,0\n"
      "A,other,Z,F,10,0,0,0\n"));
  const auto with_donor = unknowns_of(with_facilities(known + "E,other,Z,F,50,0,0,0\n" + unknown));
  int alike = 0, taken = 0;
  for (int k = 0; k < kDraws; ++k) {
    const auto r = static_cast<std::uint64_t>(k);
    const Scenario first = drawn(*before, r), second = drawn(*turned, r),
                   third = drawn(*with_donor, r);
    const double x = first.facilities[4].load_kw, y = first.facilities[5].load_kw;
    EXPECT_EQ(second.facilities[4].load_kw, x);
    EXPECT_EQ(second.facilities[0].load_kw, y);
    // Another donor changes a draw only where it wins: one in five.
    const double now = third.facilities[5].load_kw;
    EXPECT_TRUE(now == x || now == 50.0) << now;
    taken += now == 50.0 ? 1 : 0;
    alike += x == y ? 1 : 0;
  }
  expect_share(taken, 0.2);
  expect_share(alike, 0.25);  // rows are independent
}

TEST(Unknown, FillingsOfTheSameLuckAreIndependent) {
  const auto unknowns = unknowns_of(
      with_facilities("A,other,Z,F,10,0,0,0\nB,other,Z,F,20,0,0,0\nX,other,Z,F,unknown,0,0,0\n"));
  int alike = 0;
  for (int k = 0; k < kDraws; ++k) {
    const auto r = static_cast<std::uint64_t>(k);
    alike +=
        drawn(*unknowns, r, 0).facilities[2].load_kw == drawn(*unknowns, r, 1).facilities[2].load_kw
            ? 1
            : 0;
  }
  expect_share(alike, 0.5);
}

TEST(Unknown, MemoryOfAnEarlierFillingChangesNothing) {
  const auto unknowns = unknowns_of(
      with_households("Z,F,panel,high,district,H,9,900\nZ,F,brick,low,district,H,1,900\n"
                      "Z,F,unknown,unknown,district,H,3,100\n"));
  Scenario reused;
  for (std::uint64_t k = 0; k < 50; ++k) {
    Diagnostics diagnostics;
    unknowns->draw(random::Draw(7, k), 0, reused, diagnostics);
    const Scenario fresh = drawn(*unknowns, k);
    EXPECT_EQ(reused.households[2].building_class, fresh.households[2].building_class);
    EXPECT_EQ(reused.households[2].rise, fresh.households[2].rise);
  }
}

TEST(Unknown, TypicalIsTheMedianOrTheMostCommon) {
  Diagnostics diagnostics;
  const auto loads =
      unknowns_of(with_facilities("A,other,Z,F,90,0,0,0\nB,other,Z,F,20,0,0,0\nC,other,Z,F,30,0,0,"
                                  "0\nX,other,Z,F,unknown,0,0,0\n"));
  EXPECT_EQ(loads->typical(diagnostics).facilities[3].load_kw, 30.0);
  const auto homes = unknowns_of(
      with_households("Z,F,panel,high,district,H,9,300\nZ,F,brick,low,district,H,1,900\n"
                      "Z,G,panel,high,district,H,9,700\nZ,F,unknown,unknown,district,H,3,100\n"));
  EXPECT_EQ(homes->typical(diagnostics).households[3].building_class, "panel");
  EXPECT_TRUE(diagnostics.ok());
}

RowChange change_of(const std::string& where, const std::string& value) {
  RowChange change;
  change.table = "facilities";
  change.where.push_back({"load_kw", {where}, {}});
  change.copy.push_back({"generator_kw", value, 0.0, {}});
  return change;
}

/// What is laid on top acts on the drawn tables, again for every draw, and lends no values.
TEST(Unknown, ChangesAreMadeOnTopOfWhatWasDrawn) {
  RowChange larger;
  larger.table = "facilities";
  larger.add.push_back({"load_kw", "", 1.0, {}});
  const Scenario scenario =
      with_facilities("A,other,Z,F,10,0,0,0\nB,other,Z,F,20,0,0,0\nX,other,Z,F,unknown,0,0,0\n");
  const auto unknowns = unknowns_of(scenario, {change_of("20", "load_kw"), larger});
  Scenario reused;
  int twenties = 0;
  for (std::uint64_t k = 0; k < 200; ++k) {
    Diagnostics diagnostics;
    unknowns->draw(random::Draw(7, k), 0, reused, diagnostics);
    const FacilityRow& x = reused.facilities[2];
    EXPECT_TRUE(x.load_kw == 11.0 || x.load_kw == 21.0) << x.load_kw;
    EXPECT_EQ(x.generator_kw, x.load_kw == 21.0 ? 20.0 : 0.0);
    EXPECT_EQ(reused.facilities[1].generator_kw, 20.0);
    twenties += x.load_kw == 21.0 ? 1 : 0;
  }
  EXPECT_GT(twenties, 50);
  EXPECT_LT(twenties, 150);
}

TEST(Unknown, IsWrittenAsItWasRead) {
  const std::string text =
      "zone,feeder,building_class,rise,heating,heat_node,water_node,buildings,households\n"
      "Z,F,panel,high,district,H,,9,900\nZ,F,unknown,low,unknown,H,,1,100\n";
  Diagnostics diagnostics;
  const auto rows = rows_of<HouseholdRow>(text, "households", diagnostics);
  EXPECT_EQ(to_csv(rows), text);
  EXPECT_TRUE(is_unknown(rows[1], "heating"));
  EXPECT_FALSE(is_unknown(rows[1], "rise"));
}

}  // namespace
}  // namespace wintergrid::scenario
