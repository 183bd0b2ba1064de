// Overlays: what replaces what, which rows a change picks, and what is refused.

#include "engine/scenario/overlay.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/montecarlo/prepare.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid::scenario {
namespace {

using testing::HasSubstr;

const std::string kOblast = std::string(WINTERGRID_SOURCE_DIR) + "/data/oblast/scenario.yaml";

struct Laid {
  Scenario scenario;
  Diagnostics diagnostics;
};

Laid lay(const std::vector<std::string>& texts) {
  std::vector<OverlaySource> sources;
  for (const std::string& text : texts) {
    sources.push_back({"what_if.yaml", "wintergrid_overlay: 1\n" + text});
  }
  Laid laid;
  laid.scenario = read_scenario(kOblast, sources, laid.diagnostics);
  return laid;
}

std::string problems(const std::string& text) { return lay({text}).diagnostics.to_text(); }

TEST(Overlay, SingleValuesAndListsReplaceTheScenarios) {
  const Laid laid =
      lay({"seed: 9\nweather: {preset: hard}\n"
           "recovery:\n  crews:\n    - {type: lines, crews: 1, base_zone: C1D01}\n"
           "set: {heat.tau_panel_hours: 50}\n",
           "set: {heat.tau_panel_hours: 55}\nname: second\n"});
  ASSERT_TRUE(laid.diagnostics.ok()) << laid.diagnostics.to_text();
  EXPECT_EQ(laid.scenario.seed, 9U);
  EXPECT_EQ(laid.scenario.weather, "hard");
  EXPECT_EQ(laid.scenario.crews.size(), 1U);
  ASSERT_EQ(laid.scenario.parameters.size(), 1U);
  EXPECT_EQ(laid.scenario.parameters[0].value, 55.0);
  EXPECT_EQ(laid.scenario.name, "synthetic oblast");
  ASSERT_EQ(laid.scenario.overlays.size(), 2U);
  EXPECT_EQ(laid.scenario.overlays[1].name, "second");
  EXPECT_NE(laid.scenario.sha256, lay({}).scenario.sha256);
}

TEST(Overlay, ChangesPickRowsAndAlterThem) {
  const Scenario before = lay({}).scenario;
  const Laid laid =
      lay({"change:\n"
           "  - {table: facilities, where: {kind: [pump_station, water_works], zone: 'C1*'}, "
           "copy: {generator_kw: load_kw}, multiply: {load_kw: 2}, set: {fuel_hours: 24}}\n"
           "  - {table: recovery.crews, multiply: {crews: 1.5}}\n"
           "  - {table: recovery.spares, where: {spare: autotransformer_330}, add: {stock: 2}}\n"});
  ASSERT_TRUE(laid.diagnostics.ok()) << laid.diagnostics.to_text();
  std::size_t changed = 0;
  for (std::size_t i = 0; i < before.facilities.size(); ++i) {
    const FacilityRow& old = before.facilities[i];
    const FacilityRow& now = laid.scenario.facilities[i];
    const bool fits_it =
        (old.kind == "pump_station" || old.kind == "water_works") && old.zone.starts_with("C1");
    EXPECT_EQ(now.load_kw, fits_it ? 2 * old.load_kw : old.load_kw);
    EXPECT_EQ(now.generator_kw, fits_it ? old.load_kw : old.generator_kw);
    EXPECT_EQ(now.fuel_hours, fits_it ? 24.0 : old.fuel_hours);
    changed += fits_it ? 1U : 0U;
  }
  EXPECT_GT(changed, 5U);
  EXPECT_EQ(laid.scenario.crews[0].crews, 23);  // 22.5
  EXPECT_EQ(laid.scenario.spares[0].stock, before.spares[0].stock + 2);
  EXPECT_EQ(laid.scenario.spares[1].stock, before.spares[1].stock);
}

TEST(Overlay, ALargerShareIncludesASmallerOne) {
  const auto protected_buses = [](const std::string& share) {
    std::vector<std::string> names;
    for (const BusRow& bus :
         lay({"change:\n  - {table: buses, share: " + share + ", set: {protection: concrete}}\n"})
             .scenario.buses) {
      if (bus.protection == "concrete") {
        names.push_back(bus.bus);
      }
    }
    return names;
  };
  const auto few = protected_buses("0.25"), many = protected_buses("0.75");
  EXPECT_EQ(few.size(), 13U);
  EXPECT_EQ(many.size(), 39U);
  EXPECT_THAT(many, testing::IsSupersetOf(few));
  EXPECT_EQ(protected_buses("1").size(), 52U);
}

TEST(Overlay, SaysWhatDoesNotFit) {
  EXPECT_THAT(problems("tables: {zones: z.csv}\n"),
              HasSubstr("what_if.yaml: error: 'tables' cannot stand in an overlay"));
  EXPECT_THAT(problems("sed: 1\n"), HasSubstr("unknown key 'sed'"));
  EXPECT_THAT(problems("change: {table: buses}\n"), HasSubstr("'change' is not a list"));
  EXPECT_THAT(problems("change: [{where: {bus: a}}]\n"), HasSubstr("does not name a table"));
  EXPECT_THAT(problems("change: [{table: busses, set: {bus: a}}]\n"),
              HasSubstr("there is no table or list 'busses'"));
  EXPECT_THAT(problems("change: [{table: buses, set: {protecton: none}}]\n"),
              HasSubstr("'buses' has no column 'protecton'"));
  EXPECT_THAT(problems("change: [{table: buses, multiply: {zone: 2}}]\n"),
              HasSubstr("'zone' is not a number"));
  EXPECT_THAT(problems("change: [{table: buses, set: {protection: paper}}]\n"),
              HasSubstr("'protection' is 'paper'"));
  EXPECT_THAT(problems("change: [{table: buses, share: 2, set: {protection: none}}]\n"),
              HasSubstr("'share' is not a number from 0 to 1"));
  EXPECT_THAT(problems("change: [{table: recovery.crews, multiply: {crews: -3}}]\n"),
              HasSubstr("'crews'"));
  EXPECT_THAT(problems("change: [{table: buses, where: {zone: nowhere}, set: {zone: C1D01}}]\n"),
              HasSubstr("warning: no row of 'buses' fits this change"));
}

TEST(Overlay, OfASettingIsAKeyOrAParameter) {
  EXPECT_FALSE(overlay_of_setting("seed").has_value());
  EXPECT_FALSE(overlay_of_setting("=1").has_value());
  EXPECT_FALSE(overlay_of_setting("seed=").has_value());
  Diagnostics diagnostics;
  const Scenario scenario =
      read_scenario(kOblast,
                    {*overlay_of_setting("seed=5"), *overlay_of_setting("weather.preset=mild"),
                     *overlay_of_setting("heat.gain_k=3")},
                    diagnostics);
  ASSERT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  EXPECT_EQ(scenario.seed, 5U);
  EXPECT_EQ(scenario.weather, "mild");
  ASSERT_EQ(scenario.parameters.size(), 1U);
  EXPECT_EQ(scenario.parameters[0].parameter, "heat.gain_k");
}

TEST(Overlay, InterceptionIsThatOfTheScenariosOwnWinter) {
  Diagnostics diagnostics;
  Scenario scenario = read_scenario(
      kOblast, {*overlay_of_setting("air_defence.ballistic.interception=0.5")}, diagnostics);
  montecarlo::prepare_case(scenario, diagnostics);
  EXPECT_EQ(diagnostics.to_text(), "");
  scenario.parameters[0].parameter = "air_defence.rubber.interception";
  montecarlo::prepare_case(scenario, diagnostics);
  EXPECT_THAT(diagnostics.to_text(), HasSubstr("unknown parameter"));
}

TEST(BundledOverlays, EachFitsTheBundledOblast) {
  ASSERT_GE(bundled_overlays().size(), 12U);
  const Scenario as_it_is = lay({}).scenario;
  for (const EmbeddedFile& file : bundled_overlays()) {
    Diagnostics diagnostics;
    const auto source = find_overlay(std::string(file.name), diagnostics);
    ASSERT_TRUE(source.has_value());
    const Scenario scenario = read_scenario(kOblast, {*source}, diagnostics);
    ASSERT_TRUE(diagnostics.ok()) << diagnostics.to_text();
    ASSERT_NE(montecarlo::prepare_case(scenario, diagnostics), nullptr);
    EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
    EXPECT_THAT(diagnostics.to_text(), testing::Not(HasSubstr("fits this change"))) << file.name;
    EXPECT_FALSE(scenario.overlays.at(0).name.empty()) << file.name;
  }
  Diagnostics diagnostics;
  EXPECT_FALSE(find_overlay("twice_the_crew", diagnostics).has_value());
  EXPECT_THAT(diagnostics.to_text(), HasSubstr("did you mean 'twice_the_crews'?"));
}

}  // namespace
}  // namespace wintergrid::scenario
