// Reading TODAY.yaml, and meeting it with a scenario: every error at once, with its place.

#include "engine/plan/today.hpp"

#include <algorithm>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/plan/today_fields.hpp"
#include "engine/scenario/synthetic/oblast.hpp"
#include "tests/engine/plan/worlds.hpp"

namespace wintergrid::plan {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string errors_of(const std::string& text) {
  Diagnostics diagnostics;
  read_today({"today.yaml", text, 0}, diagnostics);
  return diagnostics.to_text();
}
std::string errors_against_oblast(const std::string& text) {
  Diagnostics diagnostics;
  make_situation(scenario::make_oblast({1e5, 1}), test::today_of(text), {}, diagnostics);
  return diagnostics.to_text();
}
const std::string kHead =
    "wintergrid_today: 1\nmoment: 2026-01-20T08:00+02:00\ndamaged:\n  - {component: bus/S-T001}\n";

TEST(Today, EverythingIsOptionalButTheMomentAndOneDamage) {
  const Today today = test::today_of(kHead);
  EXPECT_EQ(today.damaged.size(), 1U);
  EXPECT_EQ(today.damaged[0].state, "unknown");
  EXPECT_EQ(today.values.horizon_days, 14);
  EXPECT_THAT(errors_of("wintergrid_today: 1\nmoment: 2026-01-20T08:00+02:00\n"),
              HasSubstr("nothing is damaged"));
  EXPECT_THAT(errors_of("wintergrid_today: 1\ndamaged: []\n"),
              HasSubstr("key 'moment' is missing"));
}

TEST(Today, SaysAllErrorsAtOnceWithTheirLines) {
  const std::string errors = errors_of(
      "wintergrid_today: 1\nmoment: 2026-01-20T08:00+02:00\ndamagd: []\ndamaged:\n"
      "  - {component: a, state: extensiv}\n  - {component: b, probability: 1.5}\n  - {}\n"
      "crews:\n  - {type: line, crews: -1}\nforecast:\n  hourly_c: [1, warm]\nindoor: 5\n");
  for (const char* expected :
       {"today.yaml:3:1: error: unknown key 'damagd'", "did you mean 'damaged'?",
        "today.yaml:5:27: error:", "did you mean 'extensive'?", "today.yaml:6:33: error:",
        "key 'component' is missing", "today.yaml:9:12: error:", "did you mean 'lines'?",
        "today.yaml:9:25: error:", "today.yaml:11:17: error:", "'indoor' must be a list"}) {
    EXPECT_THAT(errors, HasSubstr(expected));
  }
}

TEST(Today, HoldsValuesAgainstEachOther) {
  const std::string errors =
      errors_of(kHead +
                "  - {component: x, since: 2026-01-01T08:00+02:00}\n"
                "  - {component: y, temporary_hours: 0, permanent_hours: 0}\n"
                "under_way:\n  - {component: x, returns: 2026-01-20T08:00+02:00}\n"
                "counts:\n  - {zone: z, off: 5, of: 4}\n"
                "forecast:\n  hourly_c: [1]\n  days: [{minimum_c: 3, maximum_c: -3}]\n");
  EXPECT_THAT(errors, HasSubstr("'since' is -456 h from the moment"));
  EXPECT_THAT(errors, HasSubstr("a repair of 0 hours"));
  EXPECT_THAT(errors, HasSubstr("'returns' is 0 h from the moment"));
  EXPECT_THAT(errors, HasSubstr("5 of 4 are off"));
  EXPECT_THAT(errors, HasSubstr("above the highest"));
  EXPECT_THAT(errors, HasSubstr("by hour and by day"));
}

TEST(Today, NothingIsSaidTwice) {
  const std::string errors = errors_of(
      kHead +
      "crews:\n  - {type: lines, crews: 1}\n  - {type: lines, crews: 4}\n"
      "tanks:\n  - {tank: t, share: 0.5}\n  - {tank: u, share: 1}\n  - {tank: t, share: 0.1}\n");
  EXPECT_THAT(errors, HasSubstr("today.yaml:7:12: error: type 'lines' stands here a second time"));
  EXPECT_THAT(errors, HasSubstr("today.yaml:11:12: error: tank 't' stands here a second time"));
  EXPECT_THAT(errors, Not(HasSubstr("'u'")));
  EXPECT_THAT(errors_against_oblast(
                  kHead + "under_way:\n  - {component: S-T001, returns: 2026-01-20T09:00+02:00}\n"
                          "  - {component: bus/S-T001, returns: 2026-01-20T19:00+02:00}\n"),
              HasSubstr("today.yaml:7:17: error: 'bus/S-T001' is under repair a second time"));
}

TEST(Today, NothingToDecideIsAnError) {
  EXPECT_THAT(errors_of(kHead + "objective: {power: 0, heat: 0, water: 0, degree_hours: 0}\n"),
              HasSubstr("all weights are 0"));
  EXPECT_EQ(errors_of(kHead + "objective: {power: 0, heat: 0, water: 0}\n"), "");
  EXPECT_THAT(errors_of("wintergrid_today: 1\nmoment: 2026-01-20T08:00+02:00\n"
                        "counts:\n  - {zone: z, off: 0}\n"),
              HasSubstr("nothing is damaged"));
}

TEST(Today, NotMoreThanThereIs) {
  const scenario::Scenario oblast = scenario::make_oblast({1e5, 1});
  const auto facility = [&](bool with_set) {
    return std::find_if(oblast.facilities.begin(), oblast.facilities.end(),
                        [&](const auto& row) { return (row.generator_kw > 0.0) == with_set; })
        ->facility;
  };
  const std::string errors =
      errors_against_oblast(kHead + "drained:\n  - {zone: C1D01, buildings: 99999}\n" +
                            "fuel:\n  - {facility: " + facility(false) + ", hours: 3}\n");
  EXPECT_THAT(errors, HasSubstr("today.yaml:6:30: error: 99999 buildings are drained"));
  EXPECT_THAT(errors, HasSubstr("today.yaml:8:16: error: facility '" + facility(false) +
                                "' has no set that could burn it"));
  const Situation full = test::situation_of(
      oblast, kHead + "fuel:\n  - {facility: " + facility(true) + ", hours: 300}\n");
  ASSERT_EQ(full.assumptions.size(), 1U);
  EXPECT_THAT(full.assumptions[0], HasSubstr("fuel for 300 h is more than its tank holds"));
}

TEST(Today, AMomentOutsideTheScenarioIsSaid) {
  const scenario::Scenario oblast = scenario::make_oblast({1e5, 1});
  EXPECT_TRUE(test::situation_of(oblast, kHead).assumptions.empty());
  std::string text = kHead;
  text.replace(text.find("2026"), 4, "2027");
  const Situation later = test::situation_of(oblast, text);
  ASSERT_EQ(later.assumptions.size(), 1U);
  EXPECT_THAT(later.assumptions[0], HasSubstr("the moment lies outside the scenario's"));
}

TEST(Today, NamesThatDoNotExistHaveTheirPlaceAndTheClosest) {
  const std::string errors = errors_against_oblast(
      kHead +
      "  - {component: bus/S-T02}\n  - {component: bus/S-T001}\n"
      "counts:\n  - {zone: C1D1, off: 1}\n"
      "under_way:\n  - {component: bus/S-T002, returns: 2026-01-20T09:00+02:00}\n"
      "tanks:\n  - {tank: T001-WW, share: 0.5}\n"
      "crews_away:\n  - {type: plant, crews: 9999, returns: 2026-01-20T09:00+02:00}\n");
  for (const char* expected :
       {"today.yaml:5:17: error: component 'bus/S-T02' does not exist", "did you mean 'bus/S-T0",
        "today.yaml:6:17: error: component 'bus/S-T001' is listed twice",
        "today.yaml:8:12: error: zone 'C1D1' does not exist", "did you mean 'C1D01'?",
        "'bus/S-T002' is under repair, but not listed as damaged", "'T001-WW' is not a tank",
        "crews 'plant' are busy"}) {
    EXPECT_THAT(errors, HasSubstr(expected));
  }
}

TEST(Today, HoursCountOffsets) {
  EXPECT_EQ(hours_between("2026-01-20T08:00+02:00", "2026-01-21T09:00+02:00"), 25);
  EXPECT_EQ(hours_between("2026-01-20T08:00+02:00", "2026-01-20T08:00Z"), 2);
  EXPECT_EQ(hours_between("2026-01-20T08:00-05:00", "2026-01-20T08:00+02:00"), -7);
}

TEST(Today, SchemaKnowsEveryKey) {
  const auto schema = nlohmann::json::parse(today_schema());
  EXPECT_EQ(schema["required"], (std::vector<std::string>{"wintergrid_today", "moment"}));
  EXPECT_TRUE(schema["properties"]["forecast"]["properties"]["hourly_c"].is_object());
  EXPECT_TRUE(schema["properties"]["objective"]["properties"]["beyond_24h"].is_object());
  const auto& damaged = schema["properties"]["damaged"]["items"];
  for (const scenario::Field<DamagedItem>& field : today_fields<DamagedItem>()) {
    EXPECT_FALSE(damaged["properties"][field.key]["description"].get<std::string>().empty());
  }
  EXPECT_EQ(damaged["required"], std::vector<std::string>{"component"});
  for (const TodayList& list : today_lists()) {
    EXPECT_TRUE(std::string(list.key).find('.') != std::string::npos ||
                schema["properties"].contains(list.key))
        << list.key;
  }
}

TEST(Today, ReadmeSpeaksOfEveryKey) {
  Diagnostics diagnostics;
  const auto readme = io::read_source(std::string(WINTERGRID_SOURCE_DIR) + "/engine/plan/README.md",
                                      1U << 20U, {}, diagnostics);
  ASSERT_TRUE(readme.has_value());
  const std::string text(readme->text());
  for_each_today_list([&](std::size_t index, auto member) {
    EXPECT_THAT(text, HasSubstr(fmt::format("`{}`", today_lists()[index].key)));
    using Item = typename std::decay_t<decltype(Today{}.*member)>::value_type;
    for (const scenario::Field<Item>& field : today_fields<Item>()) {
      EXPECT_THAT(text, HasSubstr(fmt::format("`{}`", field.key)));
    }
  });
  for (const scenario::Field<TodayValues>& field : today_fields<TodayValues>()) {
    EXPECT_THAT(text, HasSubstr(fmt::format("`{}`", field.key)));
  }
}

}  // namespace
}  // namespace wintergrid::plan
