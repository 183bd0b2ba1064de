// Allocation against all allocations, and the rules it is compared with.

#include "engine/generators/allocate.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/engine/generators/systems.hpp"

namespace wintergrid::generators {
namespace {

using testing::System;

constexpr std::uint64_t kFirst = 100, kWinters = 8;

/// The town without any set, with heating points for both heat networks and a booster of its own:
/// eight facilities, some of which save only together. In each winter other substations are hit.
scenario::Scenario struck_town(std::uint64_t seed) {
  scenario::Scenario scenario = testing::quiet_town();
  scenario.seed = seed;
  for (scenario::FacilityRow& row : scenario.facilities) {
    row.generator_kw = 0.0;
  }
  const auto add = [&scenario](const std::string& name, const std::string& zone,
                               const std::string& feeder, double load_kw) {
    scenario::FacilityRow row;
    row.facility = name;
    row.kind = "heating_point";
    row.zone = zone;
    row.feeder = feeder;
    row.load_kw = load_kw;
    scenario.facilities.push_back(row);
  };
  add("point-east", "east", "e1", 20.0);
  add("point-centre", "centre", "c3", 30.0);
  for (scenario::HeatNodeRow& node : scenario.heat_nodes) {
    if (node.heat_node == "h-east") {
      node.facility = "point-east";
    } else if (node.heat_node == "h-centre") {
      node.facility = "point-centre";
    }
  }
  testing::reliable(scenario);
  testing::strike_anywhere(scenario, 6.25, 3);
  testing::strike_anywhere(scenario, 40.5, 2);
  return scenario;
}

std::int64_t lost(Winters& winters, const Allocation& allocation) {
  std::vector<Job> jobs;
  for (std::uint64_t w = 0; w < kWinters; ++w) {
    jobs.push_back({kFirst + w, &allocation, nullptr, nullptr});
  }
  std::int64_t sum = 0;
  for (const Winter& winter : winters.run(jobs)) {
    EXPECT_TRUE(winter.failure.empty()) << winter.failure;
    sum += winter.all_lost();
  }
  return sum;
}

// Every subset of the seven facilities, with every winter simulated in full: nothing of the search
// (bundles, skipping, screening) takes part.
TEST(Allocation, FindsTheBestOfAllOnSystemsSmallEnoughToEnumerate) {
  const std::vector<std::vector<StockItem>> stocks = {
      {{200.0, 1, 0.0}},
      {{200.0, 2, 0.0}},
      {{200.0, 3, 0.0}},
      {{200.0, 1, 0.0}, {100.0, 1, 0.0}, {40.0, 2, 0.0}},
  };
  double worst = 0.0;
  std::size_t exact = 0, cases = 0, useful = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    System system(struck_town(seed));
    const std::size_t n = system.facilities.count();
    ASSERT_EQ(n, 7U);
    std::vector<std::int64_t> lost_with(std::size_t{1} << n);
    for (std::size_t subset = 0; subset < lost_with.size(); ++subset) {
      Allocation allocation(n, Added::none);
      for (std::size_t i = 0; i < n; ++i) {
        allocation[i] = ((subset >> i) & 1U) != 0 ? Added::diesel : Added::none;
      }
      lost_with[subset] = lost(*system.winters, allocation);
    }
    for (const std::vector<StockItem>& stock : stocks) {
      std::int64_t best = lost_with[0];
      for (std::size_t subset = 0; subset < lost_with.size(); ++subset) {
        std::vector<std::uint32_t> served;
        for (std::uint32_t i = 0; i < n; ++i) {
          if (((subset >> i) & 1U) != 0) {
            served.push_back(i);
          }
        }
        if (can_serve(stock, system.facilities, served)) {
          best = std::min(best, lost_with[subset]);
        }
      }
      const Chosen chosen = choose_by_saving(*system.winters, stock, kFirst, kWinters);
      ASSERT_TRUE(can_serve(stock, system.facilities, chosen.served));
      std::size_t subset = 0;
      for (std::size_t k = 0; k < chosen.for_households; ++k) {
        subset |= std::size_t{1} << chosen.served[k];
      }
      EXPECT_EQ(lost_with[0] - lost_with[subset], chosen.saved_seconds);
      const auto gap = static_cast<double>(lost_with[subset] - best);
      const auto saving = static_cast<double>(lost_with[0] - best);
      worst = saving > 0.0 ? std::max(worst, gap / saving) : worst;
      exact += lost_with[subset] == best ? 1U : 0U;
      useful += best < lost_with[0] ? 1U : 0U;
      ++cases;
    }
  }
  fmt::print("optimum found in {} of {} cases; worst gap {:.2f} % of the best saving\n", exact,
             cases, 100.0 * worst);
  EXPECT_EQ(useful, cases);  // a set helps in every case, or the test would be empty
  EXPECT_GE(10 * exact, 9 * cases);
  EXPECT_LE(worst, 0.02);
}

// The boiler house (77 kW, on ex) and its heating point (22 kW, on e1) save nothing alone: one by
// one neither would ever be chosen.
TEST(Allocation, ChoosesABundleWhosePartsSaveNothingAlone) {
  scenario::Scenario scenario = struck_town(1);
  scenario.events.clear();
  testing::strike_on_the_east(scenario, 10.5);
  System system(scenario);
  const std::vector<StockItem> stock{{100.0, 1, 0.0}, {30.0, 1, 0.0}};
  const Chosen chosen = choose_by_saving(*system.winters, stock, kFirst, 2);
  EXPECT_EQ(chosen.for_households, 2U);
  EXPECT_EQ(std::set<std::uint32_t>(chosen.served.begin(), chosen.served.end()),
            (std::set<std::uint32_t>{testing::kBoilersEast, 5U}));
  // ten minutes a winter are left of 85.5 h for 800 households
  EXPECT_EQ(chosen.saved_seconds, std::int64_t{2} * 800 * (85 * 3600 + 1800 - 600));
}

TEST(Allocation, DoesNotDependOnThreads) {
  const std::vector<StockItem> stock{{1000.0, 3, 0.0}, {100.0, 3, 0.0}};
  std::vector<std::vector<std::uint32_t>> served;
  for (const int threads : {1, 2}) {
    System system(montecarlo::testing::small_oblast(6.0), threads);
    SearchLimits limits;
    limits.singles = limits.bundles = 10;
    served.push_back(choose_by_saving(*system.winters, stock, 0, 12, limits).served);
  }
  EXPECT_FALSE(served[0].empty());
  EXPECT_EQ(served[0], served[1]);
}

TEST(Allocation, SaysThatItEndedAtItsLimitAndStillGivesWhatTheStockServes) {
  System system(struck_town(1));
  const std::vector<StockItem> stock{{200.0, 3, 0.0}};
  SearchLimits limits;
  limits.simulations = 10;
  const Chosen chosen = choose_by_saving(*system.winters, stock, kFirst, kWinters, limits);
  EXPECT_TRUE(chosen.out_of_budget);
  EXPECT_EQ(chosen.served.size(), 3U);
  EXPECT_GT(chosen.saved_seconds, 0);
  EXPECT_FALSE(choose_by_saving(*system.winters, stock, kFirst, kWinters).out_of_budget);
}

TEST(Rules, PopulationGoesByHouseholdsAndHospitalsByKind) {
  System system(struck_town(1));
  const std::vector<StockItem> two{{200.0, 2, 0.0}};
  // 3,200 households in the centre, 1,600 in the east, 1,200 in the west: the centre is first, then
  // again with 3,200 / 2 (a tie with the east goes to the lower index).
  const std::vector<std::uint32_t> by_population = choose_by_population(system.facilities, two);
  ASSERT_EQ(by_population.size(), 2U);
  EXPECT_EQ(system.facilities.zone[by_population[0]], 0U);
  EXPECT_EQ(system.facilities.zone[by_population[1]], 0U);
  EXPECT_EQ(by_population[0], testing::kHospital);  // the largest requirement
  const std::vector<StockItem> four{{200.0, 4, 0.0}};
  EXPECT_EQ(choose_hospitals_first(system.facilities, four),
            (std::vector<std::uint32_t>{testing::kHospital, testing::kWorks, testing::kPump,
                                        testing::kBoilersEast}));
  const std::vector<StockItem> small{{10.0, 4, 0.0}};
  EXPECT_EQ(choose_hospitals_first(system.facilities, small),
            (std::vector<std::uint32_t>{testing::kShelter}));
}

}  // namespace
}  // namespace wintergrid::generators
