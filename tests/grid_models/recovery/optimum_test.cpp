// How far each policy is from the best order, on cases small enough to try all orders.
//
//   cost = sum over components of households * time of repair [household-seconds]
//
// One crew: all n! orders, travel included. Two crews without travel: all orders, each served by
// the crew that is free first; one of them is optimal, because exchanging the order of starts never
// makes a completion later (R. W. Conway, W. L. Maxwell, L. W. Miller, Theory of Scheduling, 1967).

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <numeric>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "tests/grid_models/recovery/world.hpp"

namespace wintergrid::recovery::test {
namespace {

struct Instance {
  World world;
  std::vector<Seconds> work;
};

Instance random_instance(std::mt19937_64& generator, std::uint16_t crews, bool travel) {
  const auto below = [&](std::uint64_t bound) { return generator() % bound; };
  Instance instance;
  World& world = instance.world;
  world.model.travel_km_per_h = 3600.0;  // a kilometre takes a second
  world.set_crews(CrewType::lines, crews);
  world.add_zone(travel ? 12.0 : 0.0);
  world.add_zone(travel ? -30.0 : 0.0);
  const std::size_t jobs = 2 + below(5);
  for (std::size_t i = 0; i < jobs; ++i) {
    world.add(AssetClass::line, ZoneId{static_cast<std::size_t>(below(3))});
    world.model.component_households.back() = static_cast<std::uint32_t>(below(50));
    world.model.component_critical.back() = static_cast<std::uint8_t>(below(2));
    world.model.priority_rank.back() = static_cast<std::uint32_t>(below(10));
    instance.work.push_back(static_cast<Seconds>(1 + below(60)));
  }
  return instance;
}

std::int64_t least_cost(const Instance& instance) {
  const World& world = instance.world;
  std::vector<std::size_t> order(instance.work.size());
  std::iota(order.begin(), order.end(), 0U);
  std::int64_t least = INT64_MAX;
  do {
    std::vector<CrewState> crews(world.model.crews[static_cast<std::size_t>(CrewType::lines)],
                                 CrewState{ZoneId{0}, 0, ComponentId{}});
    std::int64_t cost = 0;
    for (const std::size_t job : order) {
      CrewState& crew = *std::min_element(crews.begin(), crews.end(),
                                          [](const CrewState& one, const CrewState& other) {
                                            return one.busy_until < other.busy_until;
                                          });
      const ZoneId site = world.components.zone[job];
      crew.busy_until +=
          travel_seconds(world.model, world.zones, crew.zone, site) + instance.work[job];
      crew.zone = site;
      cost += world.model.component_households[job] * crew.busy_until;
    }
    least = std::min(least, cost);
  } while (std::next_permutation(order.begin(), order.end()));
  return least;
}

std::int64_t cost_of(const Instance& instance, PolicyKind kind) {
  Replay replay(instance.world, kind);
  for (std::size_t i = 0; i < instance.work.size(); ++i) {
    replay.hit(0, ComponentId{i}, permanent_only(instance.work[i]));
    replay.network->regained.push_back(instance.world.model.component_households[i]);
    replay.network->indoor.push_back(static_cast<double>(instance.work[i] % 7));
  }
  replay.run(0);
  std::int64_t cost = 0;
  for (const Event& event : replay.log) {
    cost += instance.world.model.component_households[event.component] * event.time;
  }
  return cost;
}

using Costs = std::array<std::int64_t, kPolicyCount>;

/// check(costs by policy, least cost) for each of many instances; prints the gaps.
template <class Check>
void compare(const char* title, std::uint16_t crews, bool travel, Check check) {
  std::mt19937_64 generator(20261123);
  Costs total{};
  std::int64_t least_total = 0;
  for (int i = 0; i < 300; ++i) {
    const Instance instance = random_instance(generator, crews, travel);
    const std::int64_t least = least_cost(instance);
    Costs costs{};
    for (std::size_t kind = 0; kind < kPolicyCount; ++kind) {
      costs[kind] = cost_of(instance, static_cast<PolicyKind>(kind));
      ASSERT_GE(costs[kind], least) << to_text(static_cast<PolicyKind>(kind)) << " beats the best";
      total[kind] += costs[kind];
    }
    least_total += least;
    check(costs, least);
  }
  std::printf("%s: household-hours above the best order, 300 cases\n", title);
  for (std::size_t kind = 0; kind < kPolicyCount; ++kind) {
    const double gap = static_cast<double>(total[kind]) / static_cast<double>(least_total) - 1.0;
    std::printf("  %-24s %6.2f %%\n", std::string(to_text(static_cast<PolicyKind>(kind))).c_str(),
                100.0 * gap);
  }
}

std::int64_t of(const Costs& costs, PolicyKind kind) {
  return costs[static_cast<std::size_t>(kind)];
}

TEST(Optimum, OneCrewWithoutTravelIsSmithsRule) {
  // Households over work, largest first, is optimal: W. E. Smith, Various optimizers for
  // single-stage production, 1956.
  compare("one crew", 1, false, [](const Costs& costs, std::int64_t least) {
    EXPECT_EQ(of(costs, PolicyKind::households_per_crew_hour), least);
    EXPECT_EQ(of(costs, PolicyKind::lookahead), least);
  });
}

TEST(Optimum, LookingAheadIsNeverWorseThanItsBaseWhenOneCrewTravels) {
  int better = 0;
  compare("one crew that travels", 1, true, [&](const Costs& costs, std::int64_t) {
    EXPECT_LE(of(costs, PolicyKind::lookahead), of(costs, PolicyKind::households_per_crew_hour));
    better +=
        of(costs, PolicyKind::lookahead) < of(costs, PolicyKind::households_per_crew_hour) ? 1 : 0;
  });
  EXPECT_GT(better, 10) << "it never looked ahead";
}

TEST(Optimum, NorIsItWithTwoCrews) {
  compare("two crews", 2, false, [](const Costs& costs, std::int64_t) {
    EXPECT_LE(of(costs, PolicyKind::lookahead), of(costs, PolicyKind::households_per_crew_hour));
  });
}

}  // namespace
}  // namespace wintergrid::recovery::test
