// The data of the page against the summary and the tally they come from; that nothing of a scenario
// can break out of the page; that no small zone is shown. No browser and no Node here: the page
// itself is looked at by page_test.mjs.

#include "engine/report/report_page.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "engine/montecarlo/metrics.hpp"
#include "engine/report/public_zones.hpp"
#include "engine/report/report_data.hpp"
#include "tests/engine/report/simulated.hpp"

namespace wintergrid::report {
namespace {

using Json = nlohmann::json;
using testing::dark;
using ::testing::HasSubstr;
using testing::run_of;
using testing::Simulated;

/// Something of everything.
const Simulated& oblast() {
  static const Simulated run = run_of(montecarlo::testing::small_oblast(8.0), 24);
  return run;
}

const Json& service_of(const Json& data, const std::string& name) {
  const Json& list = data.at("services");
  return *std::find_if(list.begin(), list.end(),
                       [&](const Json& one) { return one.at("service") == name; });
}

TEST(ReportData, ATownInTheDark) {
  const Json data = Json::parse(dark().data());
  EXPECT_EQ(data.at("metrics").at("power.household_hours_lost").at("mean"), 6000.0 * 96.0);
  const Json& power = service_of(data, "power");
  for (const char* quantile : {"p05", "p25", "p50", "p75", "p95"}) {
    const Json& hours = power.at("households_off_by_hour").at(quantile);
    ASSERT_EQ(hours.size(), 96U);
    EXPECT_EQ(hours.at(95), 6000) << quantile;
  }
  EXPECT_EQ(power.at("exceedance").at("household_hours"), Json(std::vector<int>(6, 6000 * 96)));
  EXPECT_EQ(power.at("exceedance").at("probability_percent").back(), 100.0);
  const Json& zones = data.at("zones");
  ASSERT_EQ(zones.size(), 3U);
  EXPECT_EQ(zones.at(0).at("name"), "Centre");
  EXPECT_EQ(zones.at(0).at("households"), 3200);
  EXPECT_EQ(zones.at(0).at("power").at("household_hours_mean"), 3200.0 * 96.0);
  EXPECT_EQ(zones.at(0).at("power").at("households_over_24h_mean"), 3200.0);
  EXPECT_EQ(zones.at(0).at("power").at("households_over_72h_mean"), 3200.0);
  EXPECT_EQ(zones.at(0).at("power").at("households_over_168h_mean"), 0.0);
  EXPECT_EQ(zones.at(0).at("power").at("daily_percent_severe"), Json(std::vector<int>(4, 100)));
  EXPECT_EQ(zones.at(0).at("power").at("daily_percent_p50"), Json(std::vector<int>(4, 100)));
}

TEST(ShownWinters, AreTheMedianAndOneThatOneInTwentyExceeds) {
  const Simulated& run = oblast();
  const std::vector<ShownWinter> winters = shown_winters(*run.which, run.which->policy, *run.tally);
  ASSERT_EQ(winters.size(), 2U);
  const auto loss = [&](std::uint64_t replication) {
    std::int64_t seconds = 0;
    for (const std::string_view service : kServiceNames) {
      seconds += run.tally->row(
          replication)[montecarlo::metric_index(std::string(service) + ".household_hours_lost")];
    }
    return seconds;
  };
  for (const auto& [kind, place] : {std::pair{0U, 12U}, {1U, 23U}}) {  // of 24, counted from 1
    unsigned less = 0, not_more = 0;
    for (std::uint64_t other = 0; other < run.tally->count(); ++other) {
      less += loss(other) < loss(winters[kind].replication) ? 1U : 0U;
      not_more += loss(other) <= loss(winters[kind].replication) ? 1U : 0U;
    }
    EXPECT_LT(less, place);
    EXPECT_GE(not_more, place);
    // What is shown day by day is that very winter.
    double hours = 0.0;
    for (const auto& by_zone_and_day : winters[kind].zone_day_household_hours) {
      for (const std::uint32_t lost : by_zone_and_day) {
        hours += lost;
      }
    }
    const double slots =
        static_cast<double>(3 * run.tally->shape().zones * run.tally->shape().days);
    EXPECT_NEAR(hours, static_cast<double>(loss(winters[kind].replication)) / 3600.0, 0.5 * slots);
  }
  const Json shown = Json::parse(run.data()).at("shown_winters");
  EXPECT_EQ(shown.at(1).at("kind"), "severe");
  EXPECT_EQ(shown.at(1).at("replication"), winters[1].replication);
}

TEST(ReportData, IsWhatTheSummarySays) {
  const Simulated& run = oblast();
  const Json data = Json::parse(run.data());
  const std::vector<montecarlo::Metric>& metrics = montecarlo::metrics();
  std::size_t shown = 0;
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    if (!data.at("metrics").contains(metrics[m].name)) {
      EXPECT_EQ(metrics[m].name.rfind("set", 0), 0U) << metrics[m].name;
      continue;
    }
    const Json& part = data.at("metrics").at(metrics[m].name);
    EXPECT_EQ(part.at("mean"), run.summary.estimates[m].mean) << metrics[m].name;
    EXPECT_EQ(part.at("ci95_low"), run.summary.estimates[m].ci95_low) << metrics[m].name;
    EXPECT_EQ(part.at("p95"), run.summary.estimates[m].p95) << metrics[m].name;
    ++shown;
  }
  EXPECT_GT(shown, 30U);
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    const Json& fan = service_of(data, std::string(kServiceNames[s])).at("households_off_by_hour");
    ASSERT_EQ(fan.at("p95").size(), run.summary.hours[s].size());
    for (std::size_t hour = 0; hour < run.summary.hours[s].size(); ++hour) {
      EXPECT_NEAR(fan.at("p50").at(hour).get<double>(), run.summary.hours[s][hour].p50, 0.5);
      EXPECT_NEAR(fan.at("p95").at(hour).get<double>(), run.summary.hours[s][hour].p95, 0.5);
      EXPECT_LE(fan.at("p25").at(hour), fan.at("p75").at(hour));
    }
  }
  // The zones together are the total.
  double hours = 0.0;
  for (const Json& zone : data.at("zones")) {
    hours += zone.at("heat").at("household_hours_mean").get<double>();
  }
  const std::size_t heat = montecarlo::metric_index("heat.household_hours_lost");
  EXPECT_NEAR(hours, run.summary.estimates[heat].mean, 0.001 * 100);
  ASSERT_EQ(data.at("generators").size(), run.summary.generators.size());
  EXPECT_EQ(data.at("generators").at(0).at("sets"),
            Json({run.summary.generators[0].sets_p50, run.summary.generators[0].sets_p80,
                  run.summary.generators[0].sets_p95}));
}

TEST(ReportData, ExceedanceFallsFromAllWintersToTheWorstOne) {
  const Simulated& run = oblast();
  const Json curve = service_of(Json::parse(run.data()), "power").at("exceedance");
  const auto percent = curve.at("probability_percent").get<std::vector<double>>();
  const auto hours = curve.at("household_hours").get<std::vector<double>>();
  ASSERT_EQ(hours.size(), 24U);
  ASSERT_EQ(percent.size(), 24U);
  EXPECT_TRUE(std::is_sorted(hours.rbegin(), hours.rend()));
  EXPECT_TRUE(std::is_sorted(percent.begin(), percent.end()));
  EXPECT_NEAR(percent.front(), 100.0 / 24.0, 0.001);
  EXPECT_EQ(percent.back(), 100.0);
  EXPECT_NEAR(std::accumulate(hours.begin(), hours.end(), 0.0) / 24.0,
              run.summary.estimates[montecarlo::metric_index("power.household_hours_lost")].mean,
              0.5);
}

TEST(ReportData, SameBytesForAnyNumberOfThreads) {
  EXPECT_EQ(run_of(montecarlo::testing::small_oblast(8.0), 24, 3).data(), oblast().data());
}

TEST(ReportData, NoFolderNoAssetAndTheWholeSeed) {
  const std::string text = oblast().data();
  EXPECT_EQ(text.find("/home/someone"), std::string::npos);
  const Json facts = Json::parse(text).at("facts");
  EXPECT_EQ(facts.at("overlays"), Json({"calm.yaml", "heat.drain_below_c=-5"}));
  EXPECT_EQ(facts.at("weather"), "file hours.epw");
  EXPECT_EQ(facts.at("seed"), "18446744073709551615");
  EXPECT_EQ(facts.at("synthetic"), true);
  const scenario::Scenario scenario = montecarlo::testing::small_oblast(8.0);
  ASSERT_GT(scenario.facilities.size(), 10U);
  for (const scenario::FacilityRow& row : scenario.facilities) {
    EXPECT_EQ(text.find(row.facility), std::string::npos) << row.facility;
    EXPECT_EQ(text.find('"' + row.feeder + '"'), std::string::npos) << row.feeder;
  }
}

TEST(ReportData, AComparisonIsTheChangeAgainstTheFirst) {
  montecarlo::Paired difference;
  difference.winters = 6;
  difference.mean = 30.0;
  difference.ci95_low = 10.0;
  difference.ci95_high = 50.0;
  difference.share_a_smaller = 0.25;
  difference.share_equal = 0.5;
  const Comparison comparison{"overlay",
                              {{"heat", "as it is", "calm", difference, 100.0, 70.0},
                               {"heat", "calm", "wild", difference, 70.0, 40.0}}};
  const Simulated& run = dark();
  EXPECT_FALSE(Json::parse(run.data()).contains("comparison"));
  const Json json =
      Json::parse(report_json(run.summary, run.which->model, *run.tally, {}, &comparison))
          .at("comparison");
  EXPECT_EQ(json.at("kind"), "overlay");
  EXPECT_EQ(json.at("with"), "as it is");
  ASSERT_EQ(json.at("pairs").size(), 1U);
  const Json& pair = json.at("pairs").at(0);
  EXPECT_EQ(pair.at("name"), "calm");
  EXPECT_EQ(pair.at("change"), -30.0);
  EXPECT_EQ(pair.at("ci95_low"), -50.0);
  EXPECT_EQ(pair.at("ci95_high"), -10.0);
  EXPECT_EQ(pair.at("share_better"), 0.25);
  EXPECT_EQ(pair.at("share_worse"), 0.25);
}

TEST(ReportData, EverySourceIsCountedOnce) {
  const Json parameters = Json::parse(dark().data()).at("parameters");
  int of_sources = 0, of_kinds = 0;
  for (const Json& source : parameters.at("sources")) {
    of_sources += source.at("parameters").get<int>();
    EXPECT_GT(source.at("source").get<std::string>().size(), 5U);
  }
  for (const Json& kind : parameters.at("by_confidence")) {
    of_kinds += kind.get<int>();
  }
  EXPECT_GT(parameters.at("count"), 100);
  EXPECT_EQ(of_sources, parameters.at("count"));
  EXPECT_EQ(of_kinds, parameters.at("count"));
}

// ---- zones ----

/// Zones of so many households; in the only winter every household is off for an hour.
struct Zones {
  Model model;
  std::unique_ptr<montecarlo::Tally> tally;

  explicit Zones(const std::vector<std::uint64_t>& households) {
    montecarlo::Shape shape;
    shape.zones = households.size();
    shape.zone_households = households;
    montecarlo::Record record;
    montecarlo::prepare(record, shape);
    for (std::size_t zone = 0; zone < households.size(); ++zone) {
      model.zones.x_km.push_back(static_cast<float>(zone));
      for (std::vector<std::int64_t>& seconds : record.zone_household_seconds) {
        seconds.resize(households.size());
      }
      for (std::size_t s = 0; s < kServiceCount; ++s) {
        record.zone_household_seconds[s][zone] = static_cast<std::int64_t>(3600 * households[zone]);
      }
    }
    tally = std::make_unique<montecarlo::Tally>(shape);
    tally->add(record);
  }
  std::vector<PublicZone> shown() const { return public_zones(model, *tally); }
};

TEST(PublicZones, SmallOnesAreMerged) {
  const std::vector<PublicZone> shown = Zones({5000, 400, 999, 1000, 0}).shown();
  ASSERT_EQ(shown.size(), 3U);
  EXPECT_EQ(shown[0].zones, std::vector<std::size_t>{0});
  EXPECT_EQ(shown[1].zones, std::vector<std::size_t>{3});
  EXPECT_TRUE(shown[2].merged);
  EXPECT_EQ(shown[2].zones, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(shown[2].households, 1399U);
  EXPECT_DOUBLE_EQ(shown[2].household_hours_mean[0], 1399.0);
}

TEST(PublicZones, OneSmallZoneTakesAnotherWithIt) {
  const std::vector<PublicZone> shown = Zones({5000, 2000, 10, 3000}).shown();
  ASSERT_EQ(shown.size(), 3U);
  EXPECT_EQ(shown[2].zones, (std::vector<std::size_t>{2, 1}));
  EXPECT_EQ(shown[2].households, 2010U);
}

TEST(PublicZones, NothingOfAHamlet) {
  EXPECT_TRUE(Zones({500, 499}).shown().empty());
  EXPECT_EQ(Zones({500, 500}).shown().size(), 1U);
  EXPECT_TRUE(Zones({}).shown().empty());
}

RC_GTEST_PROP(PublicZones, NoneIsSmallAndNoneCanBeSubtracted, ()) {
  const auto sizes = *rc::gen::container<std::vector<std::uint64_t>>(
      rc::gen::inRange<std::uint64_t>(0, *rc::gen::element<std::uint64_t>(900, 1500, 4000)));
  const std::uint64_t total = std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0});
  const std::vector<PublicZone> shown = Zones(sizes).shown();
  std::uint64_t sum = 0;
  std::vector<std::size_t> seen;
  for (const PublicZone& zone : shown) {
    RC_ASSERT(zone.households >= kSmallestPublicZone);
    RC_ASSERT(zone.merged || zone.zones.size() == 1U);
    sum += zone.households;
    seen.insert(seen.end(), zone.zones.begin(), zone.zones.end());
  }
  RC_ASSERT(sum == total || (shown.empty() && total < kSmallestPublicZone));
  std::sort(seen.begin(), seen.end());
  RC_ASSERT(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
}

TEST(PublicZones, TheDataNamesNoMergedZone) {
  scenario::Scenario scenario = montecarlo::testing::quiet_town();
  for (scenario::HouseholdRow& row : scenario.households) {
    if (row.zone != "centre") {
      row.households = std::min<std::int64_t>(row.households, 150);
      row.buildings = std::min<std::int64_t>(row.buildings, 8);
    }
  }
  const Json zones = Json::parse(run_of(scenario, 2).data()).at("zones");
  for (const char* name : {"Centre", "East", "West"}) {
    EXPECT_EQ(zones.dump().find(name), std::string::npos) << name;
  }
  ASSERT_EQ(zones.size(), 1U);  // the centre goes with them: they have fewer than 1,000 together
  EXPECT_EQ(zones.at(0).at("merged_zones"), 3);
  EXPECT_FALSE(zones.at(0).contains("x_km"));
  EXPECT_FALSE(zones.at(0).at("power").contains("daily_percent_p50"));
}

// ---- the page ----

constexpr const char* kPage = "<html><script id=\"data\">{\"wintergrid\":\"data\"}</script></html>";

TEST(ReportPage, NothingOfAScenarioBreaksOut) {
  Simulated run = run_of(montecarlo::testing::quiet_town(), 2);
  run.summary.facts.scenario_name =
      "</script><script>alert(1)</script><!-- & \xE2\x80\xA8 \xE2\x80\xA9 \"quoted\" \\";
  const std::string page = fill_template(kPage, run.data(), Language::ukrainian);
  const std::string start = "<html><script id=\"data\">", end = "</script></html>";
  ASSERT_TRUE(page.starts_with(start));
  ASSERT_TRUE(page.ends_with(end));
  const std::string inside = page.substr(start.size(), page.size() - start.size() - end.size());
  for (const char* forbidden : {"<", ">", "&", "\xE2\x80\xA8", "\xE2\x80\xA9", "\n"}) {
    EXPECT_EQ(inside.find(forbidden), std::string::npos) << forbidden;
  }
  const Json json = Json::parse(inside);
  EXPECT_EQ(json.at("language"), "uk");
  EXPECT_EQ(json.at("run"), Json::parse(run.data()));
  EXPECT_EQ(json.at("run").at("facts").at("scenario"), run.summary.facts.scenario_name);
}

TEST(ReportPage, TheTemplateHasOnePlace) {
  EXPECT_THROW(fill_template("<html></html>", "{}", Language::english), std::runtime_error);
  EXPECT_THROW(fill_template(std::string(kPage) + kPage, "{}", Language::english),
               std::runtime_error);
}

TEST(ReportPage, ATemplateThatWasBuiltInTakesTheData) {
  if (!has_page_template()) {
    SUCCEED() << "built without the page";
    return;
  }
  const std::string page = report_page(dark().data(), Language::english);
  EXPECT_TRUE(page.starts_with("<!doctype html>"));
  EXPECT_EQ(page, report_page(dark().data(), Language::english));
  EXPECT_THAT(page, HasSubstr("{\"language\":\"en\",\"run\":{\"format\":\"wintergrid-report\""));
  EXPECT_THAT(page, HasSubstr("default-src 'none'; script-src 'sha256-"));
  EXPECT_EQ(page.find("unsafe-eval"), std::string::npos);
  EXPECT_EQ(page.find("src=\"http"), std::string::npos);
}

TEST(ReportPage, OtherFilesAreRefused) {
  EXPECT_EQ(report_json_problem(dark().data()), "");
  EXPECT_THAT(report_json_problem(""), HasSubstr("not JSON"));
  EXPECT_THAT(report_json_problem("[1]"), HasSubstr("not JSON"));
  EXPECT_THAT(report_json_problem(dark().data().substr(0, 500)), HasSubstr("not JSON"));
  EXPECT_THAT(report_json_problem(R"({"format": "wintergrid-run"})"),
              HasSubstr("not of the format"));
  EXPECT_THAT(report_json_problem(R"({"format": "wintergrid-report", "format_version": 99})"),
              HasSubstr("another version"));
  EXPECT_THAT(report_json_problem(R"({"format": "wintergrid-report", "format_version": 1})"),
              HasSubstr("has no 'facts'"));
}

}  // namespace
}  // namespace wintergrid::report
