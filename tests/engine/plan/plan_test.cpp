// A whole plan on a small oblast.

#include "engine/plan/plan.hpp"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/plan/places.hpp"
#include "engine/plan/write_plan.hpp"
#include "engine/scenario/synthetic/oblast.hpp"
#include "tests/engine/plan/worlds.hpp"

namespace wintergrid::plan {
namespace {

using nlohmann::json;

const std::string kToday = fmt::format(
    "wintergrid_today: 1\nmoment: {}\nhorizon_days: 3\n"
    "damaged:\n"
    "  - {{component: bus/S-T001, state: extensive}}\n"
    "  - {{component: bus/S-R001, state: complete}}\n"
    "  - {{component: bus/S-C1D01, state: extensive}}\n"
    "  - {{component: bus/S-C1D02, state: moderate}}\n"
    "  - {{component: bus/H1-110, state: extensive, probability: 0.5}}\n"
    "under_way: [{{component: bus/S-T001, returns: 2026-01-20T20:00+02:00}}]\n"
    "crews: [{{type: substation, crews: 2}}]\n"
    "forecast: {{days: [{{minimum_c: -12, maximum_c: -5}}]}}\n",
    test::kMoment);

PlanOptions small_options(int threads) {
  PlanOptions options;
  options.futures = 4;
  options.budget = 300;
  options.threads = threads;
  return options;
}

const Situation& situation() {
  static const Situation made = test::situation_of(scenario::make_oblast({1e5, 1}), kToday);
  return made;
}
const Plan& plan() {
  static const Plan made = make_plan(situation(), small_options(2));
  return made;
}

TEST(Plan, IsTheSameForAnyNumberOfThreads) {
  const Plan one = make_plan(situation(), small_options(1));
  EXPECT_EQ(plan_json(situation(), one, {}), plan_json(situation(), plan(), {}));
  EXPECT_EQ(timetable_csv(situation(), one), timetable_csv(situation(), plan()));
}

// Also after the search, while the plan is judged and described.
TEST(Plan, IsGivenUpWherePeopleDoNotWantItAnyMore) {
  for (const bool at_once : {true, false}) {
    std::atomic<bool> interrupt = at_once;
    PlanOptions options = small_options(2);
    options.interrupt = &interrupt;
    std::uint64_t asked = 0;
    options.stop = [&](std::uint64_t, std::uint64_t) {
      ++asked;
      interrupt = true;
      return true;  // the search ends; what comes after it does not begin
    };
    EXPECT_THROW(make_plan(situation(), options), Interrupted) << at_once;
    EXPECT_EQ(asked, at_once ? 0U : 1U);
  }
}

TEST(Plan, LosesNoMoreThanFirstComeInTheSearchAndNoLessThanTheBound) {
  const PolicyResult& first_come = plan().search.policies.front();
  ASSERT_EQ(first_come.kind, recovery::PolicyKind::first_come);
  for (const PolicyResult& policy : plan().search.policies) {
    EXPECT_LE(plan().search.candidates.front().mean, policy.order_loss);
  }
  EXPECT_LE(plan().search.candidates.front().mean, first_come.loss);
  EXPECT_GT(plan().of("plan").total.mean, plan().of("lower_bound").total.mean);
  EXPECT_GT(plan().of("lower_bound").total.mean, 0.0);
  EXPECT_EQ(plan().bound_undercut, 0U);
}

TEST(Plan, TheBoundHasCrewsWhereThereAreNone) {
  // 1,000 households behind a bus that nobody can repair: the plan loses all, crews would save it.
  scenario::Scenario scenario = test::bare_scenario();
  test::add_zone(scenario, "z", 0.0);
  test::add_bus(scenario, "b", "z");
  test::add_generator(scenario, "g", "b", "import", 100.0);
  test::add_feeder(scenario, "f", "b", "z", 1000);
  test::add_crews(scenario, "substation", 1, "z");
  const Situation nobody = test::situation_of(
      scenario, fmt::format("wintergrid_today: 1\nmoment: {}\nhorizon_days: 4\n"
                            "damaged: [{{component: bus/b, state: complete, temporary_hours: 0, "
                            "permanent_hours: 10}}]\ncrews: [{{type: substation, crews: 0}}]\n",
                            test::kMoment));
  const Plan none = make_plan(nobody, small_options(1));
  EXPECT_DOUBLE_EQ(none.of("plan").hours[0], 1000.0 * 96.0);
  EXPECT_LT(none.of("lower_bound").hours[0], 1000.0 * 90.0);
}

TEST(Plan, SavingsLieInTheirIntervalAlsoBelowZero) {
  double least = 0.0;
  for (const PlannedJob& job : plan().jobs) {
    least = std::min(least, job.saves.mean);
    EXPECT_LE(job.saves.ci95_low, job.saves.mean);
    EXPECT_NEAR(job.saves.mean - job.saves.ci95_low, job.saves.ci95_high - job.saves.mean,
                1e-9 * job.saves.ci95_high);
  }
  EXPECT_LT(least, 0.0);  // a job that keeps a crew from a better one
}

TEST(Plan, JobsBringBackWhatIsLostWithoutThem) {
  ASSERT_EQ(plan().jobs.size(), 5U);
  double most = 0.0, returned = 0.0;
  for (const PlannedJob& job : plan().jobs) {
    most = std::max(most, job.saves_hours[0]);
    returned = std::max(returned, job.returned[0]);
    EXPECT_LE(job.restoring.begins.p10, job.restoring.begins.p90);
    EXPECT_LE(job.restoring.begins.p50, job.restoring.ends.p50);
  }
  EXPECT_GT(most, 0.0);
  EXPECT_GT(returned, 0.0);
  const auto under_way = std::find_if(plan().jobs.begin(), plan().jobs.end(),
                                      [](const PlannedJob& job) { return job.under_way; });
  ASSERT_NE(under_way, plan().jobs.end());
  EXPECT_DOUBLE_EQ(under_way->restoring.ends.p50, 12.0);
}

TEST(Plan, CrewsAreNeverAtTwoPlaces) {
  ASSERT_FALSE(plan().visits.empty());
  for (std::size_t i = 1; i < plan().visits.size(); ++i) {
    const Dispatch& earlier = plan().visits[i - 1].dispatch;
    const Dispatch& later = plan().visits[i].dispatch;
    if (earlier.type == later.type && earlier.crew == later.crew) {
      EXPECT_LE(earlier.ends, later.sets_out);
    }
    EXPECT_LT(later.crew, situation().model().recovery.crews[static_cast<std::size_t>(later.type)]);
  }
}

TEST(Plan, FirstThreeAreCountedOverResampledFutures) {
  std::size_t counted = 0;
  for (const PlannedJob& job : plan().jobs) {
    counted += job.first_three ? 1 : 0;
    EXPECT_GE(job.stays_first_three, 0.0);
    EXPECT_LE(job.stays_first_three, 1.0);
  }
  EXPECT_EQ(counted, 3U);  // all are of one crew type
}

TEST(Plan, AMovedJobIsComparedOnTheSameFutures) {
  PlanOptions options = small_options(2);
  options.move = std::pair{plan().order.front(), std::size_t{4}};
  const Plan with = make_plan(situation(), options);
  ASSERT_TRUE(with.moved.has_value());
  EXPECT_EQ(with.order, plan().order);
  EXPECT_NEAR(with.move_cost.mean, with.moved->total.mean - with.of("plan").total.mean,
              1e-6 * with.moved->total.mean);
  options.move = std::pair{plan().order.front(), std::size_t{0}};
  if (plan().rule == "list") {
    EXPECT_EQ(make_plan(situation(), options).move_cost.mean, 0.0) << "it stays where it is";
  }
}

TEST(Plan, AMoveToWhereAJobIsCostsNothingAlsoWhereThePlanIsARule) {
  bool rule = false;
  for (std::uint64_t seed = 1; seed <= 40 && !rule; ++seed) {
    Situation made = test::situation_of(
        scenario::make_oblast({1e5, 1}),
        fmt::format("wintergrid_today: 1\nmoment: {}\nhorizon_days: 4\ndamaged:\n"
                    "  - {{component: bus/S-T001, probability: 0.5}}\n"
                    "  - {{component: bus/S-R001}}\n  - {{component: bus/S-C1D01}}\n"
                    "  - {{component: bus/S-C1D02, probability: 0.5}}\n"
                    "crews: [{{type: substation, crews: 1}}]\n",
                    test::kMoment));
    made.which->seed = seed;
    PlanOptions options = small_options(2);
    options.budget = 1;
    const Plan found = make_plan(made, options);
    rule = found.rule != "list";
    if (rule) {
      options.move = std::pair{found.order[1], std::size_t{1}};
      const Plan moved = make_plan(made, options);
      EXPECT_EQ(moved.move_cost.mean, 0.0) << seed;
      EXPECT_EQ(moved.move_cost_hours[0].mean, 0.0);
    }
  }
  EXPECT_TRUE(rule) << "no seed makes a rule the plan";
}

TEST(Plan, ReplanningPinsCrewsThatWereSentOut) {
  const std::string text = plan_json(situation(), plan(), {});
  Diagnostics diagnostics;
  const std::vector<Pinned> none = dispatched_by("plan.json", text, test::kMoment, diagnostics);
  EXPECT_TRUE(none.empty()) << "nobody had set out before the moment";
  const std::vector<Pinned> pinned =
      dispatched_by("plan.json", text, "2026-01-20T09:00+02:00", diagnostics);
  EXPECT_TRUE(diagnostics.ok());
  ASSERT_GE(pinned.size(), 1U);
  std::string later = kToday;
  later.replace(later.find("T08:00"), 6, "T09:00");
  const Situation again = test::situation_of(scenario::make_oblast({1e5, 1}), later, pinned);
  EXPECT_EQ(again.under_way.size(), 2U) << "one is stated, the other crew is pinned";
  for (const UnderWay& work : again.under_way) {
    const auto crew = std::find_if(pinned.begin(), pinned.end(), [&](const Pinned& one) {
      return one.component == again.model().components.name[work.component.index()];
    });
    ASSERT_NE(crew, pinned.end());
  }
  dispatched_by("plan.json", "{}", test::kMoment, diagnostics);
  EXPECT_THAT(diagnostics.to_text(), ::testing::HasSubstr("not the plan.json of an earlier plan"));
}

TEST(Plan, FilesSayTheSame) {
  const json parsed = json::parse(plan_json(situation(), plan(), {}));
  EXPECT_EQ(parsed["format"], "wintergrid-plan");
  EXPECT_EQ(parsed["jobs"].size(), plan().jobs.size());
  EXPECT_EQ(parsed["visits"].size(), plan().visits.size());
  EXPECT_EQ(parsed["households_without_by_hour"]["plan"]["power"]["p50"].size(), 72U);
  for (const json& job : parsed["jobs"]) {
    const std::vector<std::string>& zones = situation().model().zones.id;
    const auto zone = static_cast<std::size_t>(std::distance(
        zones.begin(), std::find(zones.begin(), zones.end(), job["zone"].get<std::string>())));
    EXPECT_NEAR(job["place"]["x_km"], situation().model().zones.x_km[zone], 0.0006);
    EXPECT_NEAR(job["place"]["y_km"], situation().model().zones.y_km[zone], 0.0006);
    EXPECT_FALSE(job.contains("far_end")) << "a bus has no other end";
    EXPECT_EQ(job["temporarily_fixed"], false);
  }
  const std::string jobs = jobs_csv(situation(), plan());
  EXPECT_EQ(std::count(jobs.begin(), jobs.end(), '\n'),
            static_cast<std::ptrdiff_t>(plan().jobs.size() + 1));
  const auto columns = [](const std::string& text, std::size_t from) {
    return std::count(text.begin() + static_cast<std::ptrdiff_t>(from),
                      text.begin() + static_cast<std::ptrdiff_t>(text.find('\n', from)), ',');
  };
  for (const std::string& text : {jobs, timetable_csv(situation(), plan())}) {
    for (std::size_t at = text.find('\n') + 1; at < text.size(); at = text.find('\n', at) + 1) {
      EXPECT_EQ(columns(text, at), columns(text, 0));
    }
  }
  const std::string words = plan_text(situation(), plan(), {});
  EXPECT_THAT(words, ::testing::HasSubstr("lower bound"));
  EXPECT_THAT(words, ::testing::HasSubstr("bus/S-T001"));
}

TEST(Plan, LinesAndMainsEndWhereTheirTablesSay) {
  const scenario::Scenario& scenario = situation().scenario;
  const Model& model = situation().model();
  const std::vector<ZoneId> far = far_zones(scenario, model);
  ASSERT_EQ(far.size(), model.components.count());
  std::map<std::string, std::string> zone_of;  // by node
  for (const scenario::BusRow& row : scenario.buses) {
    zone_of["bus " + row.bus] = row.zone;
  }
  for (const scenario::HeatNodeRow& row : scenario.heat_nodes) {
    zone_of["heat " + row.heat_node] = row.zone;
  }
  for (const scenario::WaterNodeRow& row : scenario.water_nodes) {
    zone_of["water " + row.water_node] = row.zone;
  }
  std::map<std::string, std::string> ends;  // by component
  for (const scenario::BranchRow& row : scenario.branches) {
    ends["branch/" + row.branch] = zone_of.at("bus " + row.to_bus);
  }
  for (const scenario::HeatPipeRow& row : scenario.heat_pipes) {
    ends["heat_main/" + row.heat_pipe] = zone_of.at("heat " + row.to_node);
  }
  for (const scenario::WaterLinkRow& row : scenario.water_links) {
    ends["water_main/" + row.water_link] = zone_of.at("water " + row.to_node);
  }
  std::size_t between_zones = 0;
  for (std::size_t c = 0; c < far.size(); ++c) {
    const std::string& own = model.zones.id[model.components.zone[c].index()];
    const auto end = ends.find(model.components.name[c]);
    EXPECT_EQ(model.zones.id[far[c].index()], end == ends.end() ? own : end->second)
        << model.components.name[c];
    between_zones += far[c] != model.components.zone[c] ? 1U : 0U;
  }
  EXPECT_GT(between_zones, 0U);
}

TEST(Plan, StopsWhenTold) {
  PlanOptions options = small_options(1);
  options.stop = [](std::uint64_t simulated, std::uint64_t afterwards) {
    EXPECT_GT(afterwards, 0U);
    return simulated > 0;
  };
  const Plan cut = make_plan(situation(), options);
  EXPECT_TRUE(cut.search.stopped);
  EXPECT_GE(cut.search.policies.size(), 2U) << "still a plan";
}

}  // namespace
}  // namespace wintergrid::plan
