// Plans, sets and sensitivity on the page of a run.

#include "engine/report/report_parts.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace wintergrid::report {
namespace {

using Json = nlohmann::json;

const std::string kReport =
    R"({"format": "wintergrid-report", "facts": {"scenario_sha256": "ab"}})";

Json sensitivity() {
  return {{"format", "wintergrid-sensitivity"},
          {"format_version", 1},
          {"scenario_sha256", "ab"},
          {"winters", 8},
          {"metrics", Json::array()}};
}

Json need(const char* by, const char* name) {
  const Json three = {
      {"p50", {{"value", 1.0}}}, {"p80", {{"value", 1.0}}}, {"p95", {{"value", nullptr}}}};
  return {{"by", by},         {"name", name},          {"set_class", "all"}, {"facilities", 1},
          {"without_set", 1}, {"sets_at_once", three}, {"run_hours", three}, {"litres", three}};
}

Json generators() {
  return {
      {"format", "wintergrid-generators"},
      {"format_version", 1},
      {"scenario_sha256", "ab"},
      {"level", "P80"},
      {"winters", 8},
      {"unmet_gap", Json::array()},
      {"savings", Json::array()},
      {"needs", {need("all", "all"), need("zone", "a small village"), need("kind", "hospital")}}};
}

Json interval() { return {{"mean", 2.0}, {"ci95_low", 1.0}, {"ci95_high", 3.0}}; }

Json plan() {
  const Json services = {{"power", 1.0}, {"heat", 0.0}, {"water", 0.0}};
  return {{"format", "wintergrid-plan"},
          {"format_version", 1},
          {"scenario_sha256", "ab"},
          {"moment", "2026-01-20T08:00+02:00"},
          {"horizon_hours", 48.0},
          {"futures_judged", 8},
          {"saved_against_first_come", interval()},
          {"lower_bound", {{"gap", 0.1}}},
          {"jobs",
           {{{"position", 1},
             {"component", "bus/a"},
             {"zone", "z"},
             {"crew_type", "substation"},
             {"back", nullptr},
             {"saves_loss", interval()},
             {"saves_household_hours", services},
             {"households_returned", services}}}},
          {"visits", Json::array()},
          {"counts", {{"zone", "a small village"}}}};
}

std::string problem_of(const std::vector<Part>& parts) {
  std::string problem;
  const std::string text = with_parts(kReport, parts, problem);
  EXPECT_EQ(text.empty(), !problem.empty());
  return problem;
}

TEST(ReportParts, AreAddedAndNothingElseIsChanged) {
  std::string problem;
  const Json with = Json::parse(with_parts(
      kReport, {{"s.json", sensitivity().dump()}, {"g.json", generators().dump()}}, problem));
  EXPECT_EQ(problem, "");
  EXPECT_EQ(with.at("sensitivity").at("winters"), 8);
  EXPECT_EQ(with.at("facts"), Json::parse(kReport).at("facts"));
  EXPECT_FALSE(with.contains("plan"));
}

TEST(ReportParts, ZonesOfTheNeedsStayOut) {
  std::string problem;
  const std::string text = with_parts(kReport, {{"g.json", generators().dump()}}, problem);
  EXPECT_EQ(text.find("village"), std::string::npos);
  EXPECT_EQ(Json::parse(text).at("generator_plan").at("needs").size(), 2U);
}

TEST(ReportParts, OnlyWhatThePageReadsIsPutIn) {
  std::string problem;
  const Json with = Json::parse(with_parts(kReport, {{"p.json", plan().dump()}}, problem));
  EXPECT_EQ(problem, "");
  const Json& job = with.at("plan").at("jobs").at(0);
  EXPECT_EQ(job.at("component"), "bus/a");
  EXPECT_TRUE(job.at("back").is_null());
  EXPECT_TRUE(job.at("stays_among_first_three").is_null());  // absent
  EXPECT_FALSE(job.contains("saves_household_hours"));
  EXPECT_FALSE(with.at("plan").contains("counts"));
}

Json with_places() {
  Json json = plan();
  Json& job = json["jobs"][0];
  job["place"] = {{"x_km", 1.0}, {"y_km", 2.0}};
  job["temporarily_fixed"] = false;
  job["share_of_futures_damaged"] = 0.5;
  json["households_without_by_hour"] = {
      {"plan", {{"power", {{"p10", {1}}, {"p50", {2}}, {"p90", {3}}}}}}, {"first_come", {}}};
  return json;
}

Json replay() {
  return {{"format", "wintergrid-replay"},
          {"format_version", 1},
          {"scenario_sha256", "ab"},
          {"policy", "first_come"},
          {"seed", "1"},
          {"replication", 3},
          {"hours", 2},
          {"components",
           {{{"component", "bus/a"},
             {"asset_class", "substation_110"},
             {"crew_type", "substation"},
             {"zone", "s"},
             {"place", {{"x_km", 0.0}, {"y_km", 0.0}}},
             {"events", {{{"hour", 0.5}, {"status", "damaged"}, {"damage_state", "slight"}}}}}}},
          {"households_without_by_hour", {{"power", {0, 7}}}},
          {"zones",
           {{{"zone", "s"}, {"runs_of_hours_and_percent_without", {{"power", {2, 9}}}}},
            {{"zone", "b"}, {"runs_of_hours_and_percent_without", {{"power", {1, 0, 1, 5}}}}}}}};
}

/// Zone "b" is shown on its own, "s" with others.
const std::string kReportWithZones =
    R"({"facts": {"scenario_sha256": "ab"}, "zones": [{"zone": "b", "name": "Big", "merged_zones": 0},
        {"name": "", "merged_zones": 2}]})";

TEST(ReportParts, APlanBringsItsPlacesAndItsMedian) {
  std::string problem;
  const Json with = Json::parse(with_parts(kReport, {{"p.json", with_places().dump()}}, problem));
  EXPECT_EQ(problem, "");
  const Json& job = with.at("plan").at("jobs").at(0);
  EXPECT_EQ(job.at("place").at("y_km"), 2.0);
  EXPECT_TRUE(job.at("far_end").is_null());
  EXPECT_EQ(with.at("plan").at("households_without_by_hour"),
            Json::parse(R"({"plan": {"power": {"p50": [2]}, "heat": null, "water": null}})"));
  Json damaged = with_places();
  damaged["jobs"][0]["place"]["x_km"] = "here";
  EXPECT_EQ(problem_of({{"a", damaged.dump()}}),
            "'a' is damaged: jobs[0].place.x_km is not a number");
}

TEST(ReportParts, AWinterNamesWhatIsDamagedAndTheZonesThatAreShown) {
  std::string problem;
  const Json with =
      Json::parse(with_parts(kReportWithZones, {{"r.json", replay().dump()}}, problem));
  EXPECT_EQ(problem, "");
  const Json& winter = with.at("replay");
  ASSERT_EQ(winter.at("zones").size(), 1U);
  EXPECT_EQ(winter.at("zones")[0].at("zone"), "b");
  EXPECT_EQ(winter.at("components")[0].at("events")[0].at("damage_state"), "slight");
  EXPECT_FALSE(winter.at("components")[0].contains("asset_class"));
  Json hour = replay(), events = replay(), runs = replay();
  hour["components"][0]["events"][0]["hour"] = "noon";
  events["components"][0].erase("events");
  runs["zones"][1]["runs_of_hours_and_percent_without"]["power"] = 3;
  EXPECT_EQ(problem_of({{"a", hour.dump()}}),
            "'a' is damaged: components[0].events[0].hour is not a number");
  EXPECT_EQ(problem_of({{"a", events.dump()}}), "'a' is damaged: components[0].events is missing");
  EXPECT_EQ(problem_of({{"a", runs.dump()}}),
            "'a' is damaged: zones[1].runs_of_hours_and_percent_without.power is not a list");
}

TEST(ReportParts, AWinterIsAsLongAsItsHours) {
  const auto problem_with = [](const char* where, const Json& value) {
    Json damaged = replay();
    damaged[Json::json_pointer(where)] = value;
    return problem_of({{"a", damaged.dump()}});
  };
  const char* const runs = "/zones/1/runs_of_hours_and_percent_without/power";
  const std::string sum =
      "'a' is damaged: runs_of_hours_and_percent_without do not add up to the hours, or are not "
      "per "
      "cent";
  EXPECT_EQ(problem_with(runs, {1, 5}), sum);
  EXPECT_EQ(problem_with(runs, {3, 5, -1, 5}), sum);
  EXPECT_EQ(problem_with(runs, {2, 101}), sum);
  EXPECT_EQ(problem_with(runs, {2}), sum);
  EXPECT_EQ(problem_with(runs, {nullptr, nullptr}), sum);
  EXPECT_EQ(problem_with(runs, {2, 100}), "");
  for (const Json& hours : {Json(0), Json(1e10), Json(nullptr), Json(2.5)}) {
    EXPECT_EQ(problem_with("/hours", hours),
              "'a' is damaged: hours is not a whole number from 1 to 100,000");
  }
  EXPECT_EQ(problem_with("/households_without_by_hour/power", {7}),
            "'a' is damaged: households_without_by_hour is not a number for each hour");
  for (const Json& hour : {Json(1e300), Json(-1), Json(nullptr)}) {
    EXPECT_EQ(problem_with("/components/0/events/0/hour", hour),
              "'a' is damaged: an event is not within the hours");
  }
}

TEST(ReportParts, APlanHasAHorizonAndPositions) {
  Json horizon = plan(), position = plan();
  horizon["horizon_hours"] = 0;
  position["jobs"][0]["position"] = nullptr;
  EXPECT_EQ(problem_of({{"a", horizon.dump()}}),
            "'a' is damaged: horizon_hours is not between 1 and 100,000");
  EXPECT_EQ(problem_of({{"a", position.dump()}}), "'a' is damaged: a job is without position");
}

TEST(ReportParts, AStockGoesToZonesThatAreShownAndToOthers) {
  Json sets = generators();
  const Json saved = {{"heat", interval()}, {"water", interval()}, {"all", interval()}};
  const auto part = [](const char* by, const char* name, int count) {
    return Json{{"by", by}, {"name", name}, {"sets", count}};
  };
  sets["allocation"] = {{"chosen_on_winters", {{"first", 8}, {"count", 4}}},
                        {"stock", {{{"rating_kw", 100.0}, {"count", 9}}}},
                        {"rules",
                         {{{"rule", "by_saving"},
                           {"meaning", "saves most"},
                           {"sets", 9},
                           {"sets_by",
                            {part("class", "30-100 kW", 9), part("zone", "b", 4),
                             part("zone", "s", 3), part("zone", "small village", 2)}},
                           {"household_hours_saved", saved},
                           {"facility_hours_saved", interval()}}}}};
  std::string problem;
  const std::string text = with_parts(kReportWithZones, {{"g.json", sets.dump()}}, problem);
  EXPECT_EQ(problem, "");
  EXPECT_EQ(text.find("village"), std::string::npos);
  EXPECT_EQ(Json::parse(text).at("generator_plan").at("allocation").at("rules")[0].at("sets_by"),
            Json({part("class", "30-100 kW", 9), part("zone", "Big", 4), part("zone", "", 5)}));
  // A scenario of too few households: nothing by zone at all.
  const std::string none = with_parts(kReport, {{"g.json", sets.dump()}}, problem);
  EXPECT_EQ(Json::parse(none).at("generator_plan").at("allocation").at("rules")[0].at("sets_by"),
            Json({part("class", "30-100 kW", 9)}));
  sets["unmet_gap"] = {{{"set_class", "all"}, {"sets", 1}}};
  EXPECT_EQ(problem_of({{"a", sets.dump()}}),
            "'a' is damaged: unmet_gap[0].no_set_facility_hours is missing");
}

// The page would stay blank: its script meets what it does not expect.
TEST(ReportParts, AnotherShapeIsDamage) {
  Json jobs = plan(), moment = plan(), job = plan(), need_lacks = generators(),
       savings = generators();
  jobs["jobs"] = 5;
  moment["moment"] = 7;
  job["jobs"][0].erase("saves_loss");
  need_lacks["needs"][0]["litres"]["p50"]["value"] = "1";
  savings["savings"] = {{"a", nullptr}};
  EXPECT_EQ(problem_of({{"a", jobs.dump()}}), "'a' is damaged: jobs is not a list");
  EXPECT_EQ(problem_of({{"a", moment.dump()}}), "'a' is damaged: moment is not a text");
  EXPECT_EQ(problem_of({{"a", job.dump()}}), "'a' is damaged: jobs[0].saves_loss is missing");
  EXPECT_EQ(problem_of({{"a", need_lacks.dump()}}),
            "'a' is damaged: needs[0].litres.p50.value is not a number");
  EXPECT_EQ(problem_of({{"a", savings.dump()}}), "'a' is damaged: savings is not a list");
}

TEST(ReportParts, WhatDoesNotBelongIsSaidAllAtOnce) {
  Json other = sensitivity(), old = sensitivity(), lacking = sensitivity();
  other["scenario_sha256"] = "cd";
  old["format_version"] = 0;
  lacking.erase("metrics");
  EXPECT_EQ(problem_of({{"a", "{"}, {"b", "{}"}}),
            "'a' is not JSON, or damaged; 'b' is of no format that the page shows");
  EXPECT_EQ(problem_of({{"a", other.dump()}}),
            "'a' is of another scenario, or of the scenario before it was changed");
  EXPECT_EQ(problem_of({{"a", old.dump()}}),
            "'a' is of another version of the format than 1, which this program reads");
  EXPECT_EQ(problem_of({{"a", sensitivity().dump()}, {"b", sensitivity().dump()}}),
            "'b' is the second of the format wintergrid-sensitivity");
  EXPECT_NE(problem_of({{"a", lacking.dump()}}).find("'a' is damaged: "), std::string::npos);
}

}  // namespace
}  // namespace wintergrid::report
