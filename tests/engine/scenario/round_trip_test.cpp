// What is written reads back equal, for rows and scenarios drawn from the field table itself.
#include <algorithm>
#include <cmath>
#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "engine/scenario/assign.hpp"
#include "engine/scenario/fields.hpp"
#include "engine/scenario/table.hpp"
#include "engine/scenario/write.hpp"
#include "tests/engine/scenario/text_source.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid::scenario {
namespace {

/// A text of whole characters that files find hard: separators, quotes, comment signs, Cyrillic, an
/// emoji.
std::string arbitrary_text(bool outer_spaces) {
  static const std::vector<std::string> kPieces{"a", "B",  "7", ",", ";", "\"", "'", "#",   "-",
                                                ":", ": ", "{", "[", "ї", "Щ",  " ", "\\",  "%",
                                                "&", "*",  "!", "|", "=", "💡", ".", "sep="};
  std::string text;
  const int length = *rc::gen::inRange(1, 12);
  for (int i = 0; i < length; ++i) {
    text += *rc::gen::elementOf(kPieces);
  }
  if (!outer_spaces && (text.front() == ' ' || text.back() == ' ')) {
    text = "x" + text + "x";
  }
  return text;
}

double arbitrary_number(const FieldInfo& field) {
  const double low = std::isfinite(field.minimum) ? field.minimum : -1e6;
  const double high = std::isfinite(field.maximum) ? field.maximum : 1e6;
  const double share = static_cast<double>(*rc::gen::inRange<std::int64_t>(1, 1000003)) / 1000003.0;
  const double value = low + (high - low) * share;
  return value == 0 ? 0.25 : value;
}

ScalarValue arbitrary_value(const FieldInfo& field, bool unsigned_member) {
  if (!field.choices.empty()) {
    return *rc::gen::elementOf(field.choices);
  }
  switch (field.kind) {
    case FieldKind::number:
      return arbitrary_number(field);
    case FieldKind::integer:
      if (unsigned_member) {
        return *rc::gen::arbitrary<std::uint64_t>();
      }
      return *rc::gen::inRange<std::int64_t>(static_cast<std::int64_t>(field.minimum),
                                             static_cast<std::int64_t>(field.maximum) + 1);
    case FieldKind::boolean:
      return *rc::gen::arbitrary<bool>();
    case FieldKind::timestamp:
      return std::string("2027-02-28T13:00-03:30");
    default:
      return arbitrary_text(field.kind == FieldKind::text);
  }
}

template <class Owner>
Owner arbitrary_owner() {
  Owner owner;
  for (const Field<Owner>& field : fields<Owner>()) {
    if (!field.required && *rc::gen::arbitrary<bool>()) {
      continue;  // stays the default
    }
    const std::size_t count =
        field.list
            ? (field.list_length > 0 ? field.list_length : *rc::gen::inRange<std::size_t>(1, 4))
            : 1;
    for (std::size_t i = 0; i < count; ++i) {
      assign(owner, field, arbitrary_value(field, is_unsigned_member(field)));
    }
  }
  return owner;
}

// Rows must satisfy their rules (rules.cpp).
template <class Row>
void obey_rules(Row&) {}
void obey_rules(BranchRow& row) {
  row.to_bus = row.from_bus + "'";
  row.voltage_kv = 110;
  row.length_km = 1;
}
void obey_rules(HouseholdRow& row) {
  row.heating = "district";
  row.heat_node = "H";
  row.buildings = std::max<std::int64_t>(row.buildings, 1);
}
void obey_rules(FacilityRow& row) {
  row.generator_kw = 1;
  row.motor_kw = std::min(row.motor_kw, row.load_kw);
}
void obey_rules(HeatPipeRow& row) { row.to_node = row.from_node + "'"; }
void obey_rules(HeatSourceRow& row) { row.kind = "chp"; }
void obey_rules(WaterNodeRow& row) {
  row.capacity_m3_per_h = 1.5;
  row.volume_m3 = 2.5;
}
void obey_rules(WaterLinkRow& row) { row.to_node = row.from_node + "'"; }
void obey_rules(PauseItem& item) { item.to_hours = item.from_hours + 1; }
void obey_rules(CrewItem& item) {
  item.crews_per_job_maximum = std::max(item.crews_per_job_minimum, item.crews_per_job_maximum);
  if (item.type == "plumbing") {
    item.shift_hours = 24.0;
    item.crews_per_job_minimum = 1;
    item.crews_per_job_maximum = 1;
  }
}
void obey_rules(GasOutageItem& item) { item.to_hours = item.from_hours + 1; }
void obey_rules(GridFailureItem& item) { item.to_hours = item.from_hours + 1; }

template <class Owner>
std::vector<Owner> arbitrary_owners(std::size_t most) {
  std::vector<Owner> owners;
  const std::size_t count = *rc::gen::inRange<std::size_t>(1, most + 1);
  for (std::size_t i = 0; i < count; ++i) {
    Owner owner = arbitrary_owner<Owner>();
    obey_rules(owner);
    const Field<Owner>& first = fields<Owner>().front();
    if (first.kind == FieldKind::key && first.choices.empty()) {
      assign(owner, first, ScalarValue(value_text(owner, first) + std::to_string(i)));  // unique
    }
    owners.push_back(std::move(owner));
  }
  return owners;
}

template <class Owner>
std::string text_of(const Owner& owner) {
  std::string text;
  for (const Field<Owner>& field : fields<Owner>()) {
    text += field.key + "=" + value_text(owner, field) +
            "\n";  // shortest digits: equal texts are equal values
  }
  return text;
}

template <class Owner>
std::string text_of_all(const std::vector<Owner>& owners) {
  std::string text;
  for (const Owner& owner : owners) {
    text += text_of(owner) + "\n";
  }
  return text;
}

template <class Row>
class TableRoundTrip : public testing::Test {};

using AllRows =
    testing::Types<ZoneRow, BusRow, BranchRow, GeneratorRow, FeederRow, HouseholdRow, FacilityRow,
                   HeatNodeRow, HeatPipeRow, HeatSourceRow, WaterNodeRow, WaterLinkRow>;
TYPED_TEST_SUITE(TableRoundTrip, AllRows);

TYPED_TEST(TableRoundTrip, WrittenRowsReadBackEqual) {
  TableInfo table;
  for_each_table([&](std::size_t index, auto member) {
    if constexpr (std::is_same_v<std::decay_t<decltype(Scenario{}.*member)>,
                                 std::vector<TypeParam>>) {
      table = tables()[index];
    }
  });
  const bool held = rc::check([&] {
    const std::vector<TypeParam> rows = arbitrary_owners<TypeParam>(8);
    const std::string csv = to_csv(rows);
    Diagnostics diagnostics;
    const std::vector<TypeParam> read = read_table<TypeParam>(source_of(csv), table, diagnostics);
    RC_ASSERT(diagnostics.to_text() == "");
    RC_ASSERT(text_of_all(read) == text_of_all(rows));
    RC_ASSERT(to_csv(read) == csv);
  });
  EXPECT_TRUE(held);
}

/// Only the values and lists: tables are covered above.
Scenario arbitrary_scenario() {
  Scenario scenario = arbitrary_owner<Scenario>();
  scenario.horizon_days = std::max(scenario.horizon_days, 1.0);  // at least one step
  scenario.step_minutes = 30;
  scenario.weather_file.clear();  // names a file that would have to be there
  if (scenario.weather == "constant") {
    scenario.constant_c = -7.25;
  } else {
    scenario.constant_c = kNotGiven;
  }
  if (scenario.policy == "priority_list") {
    scenario.priority_list = {arbitrary_text(true)};
  } else {
    scenario.priority_list.clear();
  }
  for_each_list([&](std::size_t, auto member) {
    using Item = typename std::decay_t<decltype(scenario.*member)>::value_type;
    if (*rc::gen::arbitrary<bool>()) {
      scenario.*member = arbitrary_owners<Item>(3);
    }
  });
  if (scenario.crews.size() > 1) {
    scenario.crews.resize(1);  // types are a choice: two might be the same
  }
  if (!scenario.import_limit.empty()) {
    scenario.import_limit_mean = 1;
    scenario.import_limit_sd = 0;
    for (std::size_t i = 0; i < scenario.import_limit.size(); ++i) {
      scenario.import_limit[i].from_hours = 24.5 * static_cast<double>(i);
    }
  }
  if (*rc::gen::arbitrary<bool>()) {
    OverrideItem item;
    item.parameter = arbitrary_text(true);
    item.value = -1.5e-9;
    scenario.parameters.push_back(item);
  }
  scenario.zones = arbitrary_owners<ZoneRow>(2);
  scenario.buses = arbitrary_owners<BusRow>(2);
  scenario.generators = arbitrary_owners<GeneratorRow>(2);
  scenario.feeders = arbitrary_owners<FeederRow>(2);
  scenario.households = arbitrary_owners<HouseholdRow>(2);
  if (*rc::gen::arbitrary<bool>()) {
    scenario.water_links = arbitrary_owners<WaterLinkRow>(2);
  }
  return scenario;
}

RC_GTEST_PROP(ScenarioRoundTrip, WrittenScenariosReadBackEqual, ()) {
  const Scenario scenario = arbitrary_scenario();
  const test::TempDir directory;
  for (const NamedText& file : to_files(scenario)) {
    directory.write(file.name, file.text);
  }
  Diagnostics diagnostics;
  const Scenario read = read_scenario((directory.path() / "scenario.yaml").string(), diagnostics);
  RC_LOG(to_yaml(scenario));
  RC_ASSERT(diagnostics.to_text() == "");
  RC_ASSERT(text_of(read) == text_of(scenario));
  for_each_list([&](std::size_t, auto member) {
    RC_ASSERT(text_of_all(read.*member) == text_of_all(scenario.*member));
  });
  for_each_table([&](std::size_t, auto member) {
    RC_ASSERT(text_of_all(read.*member) == text_of_all(scenario.*member));
  });
  RC_ASSERT(read.parameters.size() == scenario.parameters.size());
  for (std::size_t i = 0; i < read.parameters.size(); ++i) {
    RC_ASSERT(read.parameters[i].parameter == scenario.parameters[i].parameter);
    RC_ASSERT(read.parameters[i].value == scenario.parameters[i].value);
  }
  RC_ASSERT(to_yaml(read) == to_yaml(scenario));
}

}  // namespace
}  // namespace wintergrid::scenario
