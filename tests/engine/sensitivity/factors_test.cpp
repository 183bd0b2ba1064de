// The uncertain parameters of a case as factors.

#include "engine/sensitivity/factors.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "engine/montecarlo/metrics.hpp"
#include "engine/random/parameters.hpp"
#include "engine/scenario/overlay.hpp"

namespace wintergrid::sensitivity {
namespace {

std::unique_ptr<montecarlo::Case> oblast(const std::vector<std::string>& settings) {
  std::vector<scenario::OverlaySource> overlays{*scenario::overlay_of_setting("horizon_days=10")};
  for (const std::string& setting : settings) {
    overlays.push_back(*scenario::overlay_of_setting(setting));
  }
  Diagnostics diagnostics;
  const scenario::Scenario scenario = scenario::read_scenario(
      std::string(WINTERGRID_SOURCE_DIR) + "/data/oblast/scenario.yaml", overlays, diagnostics);
  auto which = montecarlo::prepare_case(scenario, diagnostics);
  EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  return which;
}

TEST(Factors, AreWhatIsDrawnWithTheHazardAsOne) {
  const auto which = oblast({"heat.gain_k=3"});
  const auto factors = factors_of(which->sampler->settings());
  ASSERT_GT(factors.size(), 20U);
  EXPECT_EQ(factors[0].name, kHazard);
  EXPECT_GT(factors[0].entries.size(), 20U);
  for (std::size_t i = 1; i < factors.size(); ++i) {
    EXPECT_EQ(factors[i].entries.size(), 1U);
    EXPECT_FALSE(factors[i].name.starts_with("strikes.")) << factors[i].name;
    EXPECT_FALSE(factors[i].name.starts_with("damage.")) << factors[i].name;
    EXPECT_NE(factors[i].name, "heat.gain_k");  // stated, so no longer uncertain
    EXPECT_LT(factors[i].low, factors[i].high) << factors[i].name;
  }
  const auto& entries = which->sampler->settings().parameters.entries;
  for (std::size_t k = 0; k < factors[0].entries.size(); ++k) {
    const std::string& name = entries[factors[0].entries[k]].name;
    EXPECT_EQ(name.find("winter_2022_23"), std::string::npos) << name;
    EXPECT_EQ(factors[0].falls[k] != 0, name.find("neutralised") != std::string::npos ||
                                            name.find("interceptors") != std::string::npos ||
                                            name.find("resupply") != std::string::npos ||
                                            name.find("gap_") != std::string::npos)
        << name;
  }
  const auto calm = oblast({"campaign.preset=none"});
  EXPECT_NE(factors_of(calm->sampler->settings())[0].name, kHazard);
}

TEST(Evaluator, MoreHazardIsNeverBetterAndSamePointsGiveSameMeans) {
  const std::vector<std::size_t> metrics{montecarlo::metric_index("power.household_hours_lost"),
                                         montecarlo::metric_index("heat.household_hours_lost")};
  Evaluator evaluator(oblast({}), metrics, 32, 2, nullptr);
  const std::vector<std::size_t> hazard{0};
  const auto mild = evaluator.evaluate(hazard, std::vector<double>{0.0});
  const auto bad = evaluator.evaluate(hazard, std::vector<double>{1.0});
  ASSERT_EQ(mild.size(), 2U);
  EXPECT_LT(mild[0], bad[0]);
  EXPECT_LT(mild[1], bad[1]);
  EXPECT_EQ(evaluator.evaluate(hazard, std::vector<double>{1.0}), bad);
  EXPECT_EQ(evaluator.evaluations(), 3U);
  const std::atomic<bool> stop{true};
  Evaluator stopped(oblast({}), metrics, 32, 2, &stop);
  EXPECT_TRUE(stopped.evaluate(hazard, std::vector<double>{1.0}).empty());
}

}  // namespace
}  // namespace wintergrid::sensitivity
