// What each policy takes: hand-made cases, and properties over random lists of waiting jobs.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "grid_models/recovery/lookahead.hpp"
#include "tests/grid_models/recovery/world.hpp"

namespace wintergrid::recovery::test {
namespace {

constexpr std::array<PolicyKind, kPolicyCount> kAll = {PolicyKind::first_come,
                                                       PolicyKind::shortest_job,
                                                       PolicyKind::most_households,
                                                       PolicyKind::critical_first,
                                                       PolicyKind::priority_list,
                                                       PolicyKind::nearest,
                                                       PolicyKind::households_per_crew_hour,
                                                       PolicyKind::coldest_first,
                                                       PolicyKind::marginal_benefit,
                                                       PolicyKind::lookahead};

/// Random waiting jobs of one crew type in order of opening, and candidates among them.
struct Choice {
  World world;
  std::vector<Job> jobs;
  std::vector<std::uint32_t> candidates;

  ZoneId crew_zone{0};
  std::vector<CrewState> crews{CrewState{ZoneId{0}, 0, ComponentId{}}};
  std::shared_ptr<FakeNetwork> network = std::make_shared<FakeNetwork>();

  PolicyView view() const {
    PolicyView view;
    view.model = &world.model;
    view.components = &world.components;
    view.zones = &world.zones;
    view.jobs = jobs;
    view.now = 1000;
    view.duration_factor = 1.5;
    view.crew_zone = crew_zone;
    view.crews = crews;
    view.network = network.get();
    return view;
  }
  const Job& take(PolicyKind kind) const {
    const std::size_t chosen = policy(kind).choose(view(), candidates);
    RC_ASSERT(std::count(candidates.begin(), candidates.end(), chosen) == 1);
    return jobs[chosen];
  }
  std::uint32_t households(const Job& job) const {
    return world.model.component_households[job.component.index()];
  }
  bool critical(const Job& job) const {
    return world.model.component_critical[job.component.index()] != 0;
  }
  std::uint32_t rank(const Job& job) const {
    return world.model.priority_rank[job.component.index()];
  }
  double km(const Job& job) const {
    return world.zones.road_km(crew_zone, world.components.zone[job.component.index()]);
  }
  /// Households times a common factor over travel and work.
  double rate(const Job& job) const {
    const double work = job.stage == JobStage::waiting_temporary
                            ? static_cast<double>(job.work.temporary_seconds)
                            : static_cast<double>(job.work.permanent_seconds);
    const double seconds =
        static_cast<double>(std::llround(km(job))) + static_cast<double>(std::llround(1.5 * work));
    return households(job) / seconds;
  }
  /// Candidates in the group that `taken` must be the best of: those that bring a component back,
  /// if there are any.
  std::vector<Job> rivals(const Job& taken) const {
    std::vector<Job> supply;
    std::vector<Job> permanent;
    for (const std::uint32_t candidate : candidates) {
      const Job& job = jobs[candidate];
      const bool behind_a_fix =
          job.stage == JobStage::waiting_permanent && job.work.temporary_seconds > 0;
      (behind_a_fix ? permanent : supply).push_back(job);
    }
    RC_ASSERT(supply.empty() || std::find(supply.begin(), supply.end(), taken) != supply.end());
    return supply.empty() ? permanent : supply;
  }
};

bool came_first(const Job& one, const Job& other) {
  return std::pair{one.opened_at, one.component} <= std::pair{other.opened_at, other.component};
}

Choice random_choice() {
  using rc::gen::inRange;
  Choice choice;
  choice.world.model.travel_km_per_h = 3600.0;  // a kilometre takes a second
  choice.world.add_zone(3.0);
  choice.world.add_zone(7.0);
  choice.crew_zone = ZoneId{static_cast<std::size_t>(*inRange(0, 3))};
  choice.crews[0].zone = choice.crew_zone;
  const int count = *inRange(1, 9);
  for (int i = 0; i < count; ++i) {
    const ComponentId component =
        choice.world.add(AssetClass::line, ZoneId{static_cast<std::size_t>(*inRange(0, 3))});
    choice.network->indoor.push_back(*inRange(-2, 2));
    choice.network->regained.push_back(*inRange(-2, 3));
    // Few values each, so that ties are common.
    choice.world.model.component_households.back() = static_cast<std::uint32_t>(*inRange(0, 4));
    choice.world.model.component_critical.back() = static_cast<std::uint8_t>(*inRange(0, 2));
    choice.world.model.priority_rank.back() =
        *inRange(0, 2) == 0 ? UINT32_MAX : static_cast<std::uint32_t>(*inRange(0, 3));
    Job job;
    job.component = component;
    job.opened_at = *inRange(0, 4);
    job.work = {.temporary_seconds = *inRange(0, 3), .permanent_seconds = *inRange(1, 4)};
    job.stage = job.work.temporary_seconds > 0 && *inRange(0, 2) == 0 ? JobStage::waiting_temporary
                                                                      : JobStage::waiting_permanent;
    choice.jobs.push_back(job);
  }
  std::sort(choice.jobs.begin(), choice.jobs.end(), [](const Job& one, const Job& other) {
    return std::pair{one.opened_at, one.component} < std::pair{other.opened_at, other.component};
  });
  for (std::uint32_t index = 0; index < choice.jobs.size(); ++index) {
    if (*inRange(0, 4) != 0) {
      choice.candidates.push_back(index);
    }
  }
  if (choice.candidates.empty()) {
    choice.candidates.push_back(0);
  }
  return choice;
}

TEST(Policies, HaveDistinctNames) {
  std::set<std::string_view> names;
  for (const PolicyKind kind : kAll) {
    names.insert(to_text(kind));
  }
  EXPECT_EQ(names, (std::set<std::string_view>{"first_come", "shortest_job", "most_households",
                                               "critical_first", "priority_list", "nearest",
                                               "households_per_crew_hour", "coldest_first",
                                               "marginal_benefit", "lookahead"}));
}

RC_GTEST_PROP(Policies, FirstComeTakesTheJobThatWasOpenedFirst, ()) {
  const Choice choice = random_choice();
  const Job taken = choice.take(PolicyKind::first_come);
  for (const Job& rival : choice.rivals(taken)) {
    RC_ASSERT(came_first(taken, rival));
  }
}

RC_GTEST_PROP(Policies, ShortestJobTakesTheLeastWorkOfTheNextStage, ()) {
  const Choice choice = random_choice();
  const Job taken = choice.take(PolicyKind::shortest_job);
  const auto work = [](const Job& job) {
    return job.stage == JobStage::waiting_temporary ? job.work.temporary_seconds
                                                    : job.work.permanent_seconds;
  };
  for (const Job& rival : choice.rivals(taken)) {
    RC_ASSERT(work(taken) < work(rival) ||
              (work(taken) == work(rival) && came_first(taken, rival)));
  }
}

RC_GTEST_PROP(Policies, MostHouseholdsTakesTheMost, ()) {
  const Choice choice = random_choice();
  const Job taken = choice.take(PolicyKind::most_households);
  for (const Job& rival : choice.rivals(taken)) {
    RC_ASSERT(choice.households(taken) > choice.households(rival) ||
              (choice.households(taken) == choice.households(rival) && came_first(taken, rival)));
  }
}

RC_GTEST_PROP(Policies, CriticalFirstTakesCriticalThenMostHouseholds, ()) {
  const Choice choice = random_choice();
  const Job taken = choice.take(PolicyKind::critical_first);
  for (const Job& rival : choice.rivals(taken)) {
    if (choice.critical(taken) != choice.critical(rival)) {
      RC_ASSERT(choice.critical(taken));
    } else {
      RC_ASSERT(choice.households(taken) > choice.households(rival) ||
                (choice.households(taken) == choice.households(rival) && came_first(taken, rival)));
    }
  }
}

RC_GTEST_PROP(Policies, PriorityListTakesTheLowestRankAndUnlistedLast, ()) {
  const Choice choice = random_choice();
  const Job taken = choice.take(PolicyKind::priority_list);
  for (const Job& rival : choice.rivals(taken)) {
    RC_ASSERT(choice.rank(taken) < choice.rank(rival) ||
              (choice.rank(taken) == choice.rank(rival) && came_first(taken, rival)));
  }
}

RC_GTEST_PROP(Policies, NearestTakesTheShortestRoad, ()) {
  const Choice choice = random_choice();
  const Job taken = choice.take(PolicyKind::nearest);
  for (const Job& rival : choice.rivals(taken)) {
    RC_ASSERT(choice.km(taken) < choice.km(rival) ||
              (choice.km(taken) == choice.km(rival) && came_first(taken, rival)));
  }
}

RC_GTEST_PROP(Policies, HouseholdsPerCrewHourTakesTheMostForTravelAndWork, ()) {
  const Choice choice = random_choice();
  const Job taken = choice.take(PolicyKind::households_per_crew_hour);
  for (const Job& rival : choice.rivals(taken)) {
    RC_ASSERT(choice.rate(taken) > choice.rate(rival) ||
              (choice.rate(taken) == choice.rate(rival) && came_first(taken, rival)));
  }
}

RC_GTEST_PROP(Policies, ColdestFirstTakesTheColdest, ()) {
  const Choice choice = random_choice();
  const Job taken = choice.take(PolicyKind::coldest_first);
  for (const Job& rival : choice.rivals(taken)) {
    const double here = choice.network->indoor_c(taken.component);
    const double there = choice.network->indoor_c(rival.component);
    RC_ASSERT(here < there || (here == there && came_first(taken, rival)));
  }
}

RC_GTEST_PROP(Policies, MarginalBenefitTakesTheMostRegainedThenMostHouseholds, ()) {
  const Choice choice = random_choice();
  RC_ASSERT(policy(PolicyKind::marginal_benefit).looks_into_network());
  const Job taken = choice.take(PolicyKind::marginal_benefit);
  const auto key = [&](const Job& job) {
    return std::pair{choice.network->households_regained(job),
                     std::int64_t{choice.households(job)}};
  };
  for (const Job& rival : choice.rivals(taken)) {
    RC_ASSERT(key(taken) > key(rival) || (key(taken) == key(rival) && came_first(taken, rival)));
  }
}

RC_GTEST_PROP(Policies, LookaheadTakesOneThatRestoresSupplyIfItCan, ()) {
  const Choice choice = random_choice();
  const Job taken = choice.take(PolicyKind::lookahead);
  RC_ASSERT(!choice.rivals(taken).empty());
}

TEST(Policies, LookaheadSeesThatTwoNearJobsOutweighOneFarAway) {
  // The base policy drives 100 s for 30 households rather than 60 s for 17, because
  // 30 / 101 > 17 / 61; but next to the latter stand another 17.
  Choice choice;
  World& world = choice.world;
  world.model.travel_km_per_h = 3600.0;
  const ZoneId far = world.add_zone(100.0);
  const ZoneId near = world.add_zone(-60.0);
  for (const auto& [zone, households] :
       {std::pair{far, 30U}, std::pair{near, 17U}, std::pair{near, 17U}}) {
    Job job;
    job.component = world.add(AssetClass::line, zone);
    world.model.component_households.back() = households;
    job.work.permanent_seconds = 1;
    job.stage = JobStage::waiting_permanent;
    choice.candidates.push_back(static_cast<std::uint32_t>(choice.jobs.size()));
    choice.jobs.push_back(job);
  }
  const auto take = [&](PolicyKind kind) {
    return policy(kind).choose(choice.view(), choice.candidates);
  };
  EXPECT_EQ(take(PolicyKind::households_per_crew_hour), 0U);
  // far first: 30 * 102 + 17 * 264 + 17 * 266 = 12070; near first: 17 * 62 + 17 * 64 + 30 * 226
  EXPECT_EQ(take(PolicyKind::lookahead), 1U);
}

TEST(Policies, LookaheadTakesTheBestOfMoreJobsAndCrewsThanItFollows) {
  Choice choice;
  World& world = choice.world;
  for (std::uint32_t i = 0; i < 3 * Lookahead::kMostJobs; ++i) {
    Job job;
    job.component = world.add(AssetClass::line);
    world.model.component_households.back() = i % 150;
    job.work.permanent_seconds = 10;
    job.stage = JobStage::waiting_permanent;
    choice.candidates.push_back(i);
    choice.jobs.push_back(job);
  }
  choice.crews.assign(3 * Lookahead::kMostCrews, CrewState{ZoneId{0}, 2000, ComponentId{}});
  choice.crews.back().busy_until = 0;
  EXPECT_EQ(policy(PolicyKind::lookahead).choose(choice.view(), choice.candidates), 149U);
}

TEST(Policies, LargestValuesDoNotWrapAround) {
  Choice choice;
  for (const std::uint32_t value : {0U, UINT32_MAX, 1U}) {
    Job job;
    job.component = choice.world.add(AssetClass::line);
    job.work.permanent_seconds = 1;
    job.stage = JobStage::waiting_permanent;
    choice.world.model.component_households.back() = value;
    choice.world.model.priority_rank.back() = UINT32_MAX - value;
    choice.candidates.push_back(static_cast<std::uint32_t>(choice.jobs.size()));
    choice.jobs.push_back(job);
  }
  for (const PolicyKind kind :
       {PolicyKind::most_households, PolicyKind::critical_first, PolicyKind::priority_list}) {
    EXPECT_EQ(policy(kind).choose(choice.view(), choice.candidates), 1U) << to_text(kind);
  }
}

/// Sum of completion times when one crew does jobs of these lengths in this order.
Seconds sum_of_completions(const std::vector<Seconds>& lengths) {
  Seconds now = 0;
  Seconds sum = 0;
  for (const Seconds length : lengths) {
    now += length;
    sum += now;
  }
  return sum;
}

RC_GTEST_PROP(Policies, ShortestJobMinimisesTheMeanCompletionOverAllOrders, ()) {
  const int count = *rc::gen::inRange(1, 7);
  World world;
  world.set_crews(CrewType::lines, 1);
  std::vector<Seconds> lengths;
  for (int i = 0; i < count; ++i) {
    world.add(AssetClass::line);
    lengths.push_back(*rc::gen::inRange(1, 50));
  }
  Replay replay(world, PolicyKind::shortest_job);
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    replay.hit(0, ComponentId{i}, permanent_only(lengths[i]));
  }
  replay.run(0);
  RC_ASSERT(replay.log.size() == lengths.size());
  Seconds sum = 0;
  for (const Event& event : replay.log) {
    sum += event.time;
  }
  std::sort(lengths.begin(), lengths.end());
  Seconds least = sum_of_completions(lengths);
  do {
    least = std::min(least, sum_of_completions(lengths));
  } while (std::next_permutation(lengths.begin(), lengths.end()));
  RC_ASSERT(sum == least);
}

RC_GTEST_PROP(Policies, OneCrewFinishesJobsInTheOrderOfThePolicy, ()) {
  const int count = *rc::gen::inRange(1, 10);
  World world;
  world.set_crews(CrewType::lines, 1);
  for (int i = 0; i < count; ++i) {
    world.add(AssetClass::line);
    world.model.component_households.back() = static_cast<std::uint32_t>(*rc::gen::inRange(0, 5));
    world.model.component_critical.back() = static_cast<std::uint8_t>(*rc::gen::inRange(0, 2));
    world.model.priority_rank.back() = static_cast<std::uint32_t>(*rc::gen::inRange(0, 5));
  }
  for (const PolicyKind kind : kAll) {
    Replay replay(world, kind);
    std::vector<std::size_t> expected(static_cast<std::size_t>(count));
    std::iota(expected.begin(), expected.end(), 0U);
    for (const std::size_t i : expected) {
      replay.hit(0, ComponentId{i}, permanent_only(10));
      replay.network->indoor.push_back(static_cast<double>(i * 7 % 3));
      replay.network->regained.push_back(static_cast<std::int64_t>(i * 5 % 3));
    }
    replay.run(0);
    const Model& m = world.model;
    std::stable_sort(expected.begin(), expected.end(), [&](std::size_t one, std::size_t other) {
      switch (kind) {
        case PolicyKind::first_come:
        case PolicyKind::shortest_job:
        case PolicyKind::nearest:
          return false;
        case PolicyKind::coldest_first:
          return one * 7 % 3 < other * 7 % 3;
        case PolicyKind::marginal_benefit:
          return std::pair{one * 5 % 3, m.component_households[one]} >
                 std::pair{other * 5 % 3, m.component_households[other]};
        case PolicyKind::households_per_crew_hour:
        case PolicyKind::lookahead:
        case PolicyKind::most_households:
          return m.component_households[one] > m.component_households[other];
        case PolicyKind::critical_first:
          return std::pair{m.component_critical[one], m.component_households[one]} >
                 std::pair{m.component_critical[other], m.component_households[other]};
        case PolicyKind::priority_list:
          return m.priority_rank[one] < m.priority_rank[other];
      }
      return false;
    });
    std::vector<std::size_t> order;
    order.reserve(replay.log.size());
    for (const Event& event : replay.log) {
      order.push_back(event.component);
    }
    RC_ASSERT(order == expected);
  }
}

}  // namespace
}  // namespace wintergrid::recovery::test
