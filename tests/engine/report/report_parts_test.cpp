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
