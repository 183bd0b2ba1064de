// The search against the best of all orders, and against the published optimum of another program.
//
// Star: one substation after the other hangs on its own line at the source; the households of a
// damaged one are off until it is repaired.
//
//   cost = sum over jobs of households * (C + b max(0, C + 6 h - 24 h))     C: hours until it is
//   back
//
// By hand for every order: all n! of them (R. W. Conway, W. L. Maxwell, L. W. Miller, Theory of
// Scheduling, 1967: with crews that are free first, one of the lists is optimal).

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "engine/plan/search.hpp"
#include "tests/engine/plan/worlds.hpp"

namespace wintergrid::plan {
namespace {

struct Job {
  int zone = 0;
  std::int64_t households = 0;
  int hours = 0;
};
struct Star {
  std::vector<Job> jobs;
  int crews = 1;
  double beyond_24h = 0.0;
  bool travel = false;
};
constexpr std::array<double, 3> kZoneKm = {0.0, 40.0, -100.0};
constexpr double kKmPerHour = 40.0 / 1.3;  // along the straight line: roads are 1.3 times as long

Star random_star(std::mt19937_64& generator, bool travel, int crews) {
  Star star;
  star.crews = crews;
  star.travel = travel;
  // Hours of travel are no whole steps, to which E is counted.
  star.beyond_24h = travel || generator() % 2 == 0 ? 0.0 : 1.0;
  const std::size_t jobs = 4 + generator() % 2;
  for (std::size_t i = 0; i < jobs; ++i) {
    star.jobs.push_back({travel ? static_cast<int>(generator() % 3) : 0,
                         static_cast<std::int64_t>(1 + generator() % 500),
                         static_cast<int>(3 * (1 + generator() % 6))});
  }
  return star;
}

double least_cost(const Star& star) {
  std::vector<std::size_t> order(star.jobs.size());
  std::iota(order.begin(), order.end(), 0U);
  double least = 1e300;
  do {
    std::vector<std::pair<double, int>> crews(static_cast<std::size_t>(star.crews), {0.0, 0});
    double cost = 0.0;
    for (const std::size_t j : order) {
      const Job& job = star.jobs[j];
      auto& crew = *std::min_element(crews.begin(), crews.end(), [](const auto& a, const auto& b) {
        return a.first < b.first;
      });
      const double km = std::abs(kZoneKm[static_cast<std::size_t>(crew.second)] -
                                 kZoneKm[static_cast<std::size_t>(job.zone)]);
      crew.first += km / kKmPerHour + job.hours;
      crew.second = job.zone;
      cost += static_cast<double>(job.households) *
              (crew.first + star.beyond_24h * std::max(0.0, crew.first + 6.0 - 24.0));
    }
    least = std::min(least, cost);
  } while (std::next_permutation(order.begin(), order.end()));
  return least;
}

Situation situation_of_star(const Star& star) {
  scenario::Scenario scenario = test::bare_scenario();
  for (std::size_t z = 0; z < kZoneKm.size(); ++z) {
    test::add_zone(scenario, fmt::format("z{}", z), kZoneKm[z]);
  }
  test::add_bus(scenario, "source", "z0");
  test::add_generator(scenario, "import", "source", "import", 1000.0);
  std::string text = fmt::format(
      "wintergrid_today: 1\nmoment: {}\nobjective: {{beyond_24h: {}, degree_hours: 0}}\ndamaged:\n",
      test::kMoment, star.beyond_24h);
  for (std::size_t i = 0; i < star.jobs.size(); ++i) {
    const std::string bus = fmt::format("s{}", i), zone = fmt::format("z{}", star.jobs[i].zone);
    test::add_bus(scenario, bus, zone);
    test::add_branch(scenario, "line" + bus, "source", bus, 0.01, 0.0);
    test::add_feeder(scenario, "f" + bus, bus, zone, star.jobs[i].households);
    text += fmt::format(
        "  - {{component: bus/{}, state: complete, temporary_hours: 0, permanent_hours: {}}}\n",
        bus, star.jobs[i].hours);
  }
  text += "spares: [{spare: transformer_110, stock: 50}]\n";
  test::add_crews(scenario, "substation", star.crews, "z0");
  return test::situation_of(scenario, text);
}

struct Gaps {
  double found = 0.0, first_come = 0.0, least = 0.0;
  int optimal = 0, cases = 0;
};

/// The search on many stars; every loss is held against the formula.
Gaps search_stars(bool travel, int crews, Fidelity fidelity) {
  std::mt19937_64 generator(20261123);
  Gaps gaps;
  for (int i = 0; i < 25; ++i) {
    const Star star = random_star(generator, travel, crews);
    const Situation situation = situation_of_star(star);
    const std::vector<CountCauses> none;
    Evaluator evaluator(situation, none, 0, 1, 1, fidelity);
    const SearchResult found = search(evaluator, {5000, {}});
    const double least = least_cost(star), best = found.candidates.front().mean;
    EXPECT_GE(best, least * (1.0 - 1e-6)) << "better than the best order: the simulation is wrong";
    EXPECT_FALSE(found.stopped);
    gaps.found += best;
    gaps.least += least;
    gaps.first_come += found.policies.front().loss;
    gaps.optimal += best <= least * (1.0 + 1e-6) ? 1 : 0;
    ++gaps.cases;
  }
  std::printf(
      "%d crew(s)%s: search %.3f %% above the best of all orders (optimal in %d of %d), "
      "first_come %.1f %%\n",
      crews, travel ? " that travel" : "", 100.0 * (gaps.found / gaps.least - 1.0), gaps.optimal,
      gaps.cases, 100.0 * (gaps.first_come / gaps.least - 1.0));
  return gaps;
}

TEST(Optimum, OneCrewWithoutTravelIsFoundAlways) {
  const Gaps gaps = search_stars(false, 1, Fidelity::coarse);
  EXPECT_EQ(gaps.optimal, gaps.cases);
  EXPECT_GT(gaps.first_come, 1.1 * gaps.least) << "any order would do";
}

TEST(Optimum, TwoCrewsWithoutTravel) {
  const Gaps gaps = search_stars(false, 2, Fidelity::coarse);
  EXPECT_GE(gaps.optimal, 24);
  EXPECT_LE(gaps.found, 1.001 * gaps.least);
}

TEST(Optimum, OneCrewThatTravels) {
  const Gaps gaps = search_stars(true, 1, Fidelity::full);
  EXPECT_LE(gaps.found, 1.01 * gaps.least);
}

// PowerModelsRestoration.jl (Los Alamos National Laboratory), test/rop.jl: DC restoration ordering
// of case5_restoration, the PJM 5-bus system (F. Li, R. Bo, IEEE PES 2010) with generators 1 to 3
// and branches 1 to 3 damaged. Six repairs, three a period: load served is 4.3999, 10.0 and 10.0
// (of 10.0, in units of 100 MW) in periods 0, 1 and 2; its objective of 53.20 is 3 x 4.3999 + 3 x
// 10 + 10, a period weighing the repairs in it. Here a repair takes three hours, two line crews and
// one plant crew make three at a time, and 10 MW are one feeder, which cannot be cut in part.
Situation pjm_5_bus() {
  scenario::Scenario scenario = test::bare_scenario();
  test::add_zone(scenario, "z", 0.0);
  scenario.household_kw = 1.0;
  scenario::OverrideItem no_pickup;  // their loads are the same before and after
  no_pickup.parameter = "power.cold_load_pickup_factor";
  no_pickup.value = 1.0;
  scenario.parameters.push_back(no_pickup);
  for (const char* bus : {"b1", "b2", "b3", "b4", "b10"}) {
    test::add_bus(scenario, bus, "z");
  }
  test::add_generator(scenario, "g1", "b1", "hydro", 40.0);
  test::add_generator(scenario, "g2", "b1", "hydro", 170.0);
  test::add_generator(scenario, "g3", "b3", "hydro", 520.0);
  test::add_generator(scenario, "g4", "b4", "hydro", 200.0);
  test::add_generator(scenario, "g5", "b10", "hydro", 600.0);
  test::add_branch(scenario, "l1", "b1", "b2", 0.0281, 400.0);
  test::add_branch(scenario, "l2", "b1", "b4", 0.0304, 426.0);
  test::add_branch(scenario, "l3", "b1", "b10", 0.0064, 426.0);
  test::add_branch(scenario, "l4", "b2", "b3", 0.0108, 426.0);
  test::add_branch(scenario, "l5", "b3", "b4", 0.0297, 426.0);
  test::add_branch(scenario, "l6", "b3", "b4", 0.0297, 426.0);
  test::add_branch(scenario, "l7", "b4", "b10", 0.0297, 240.0);
  for (const std::size_t i : {4U, 5U}) {
    scenario.branches[i].tap = 1.05;
    scenario.branches[i].shift_deg = i == 4 ? 1.0 : -1.0;
  }
  for (const auto& [bus, feeders] : {std::pair{"b2", 30}, {"b3", 30}, {"b4", 40}}) {
    for (int i = 0; i < feeders; ++i) {
      test::add_feeder(scenario, fmt::format("{}-{}", bus, i), bus, "z", 10000);
      scenario.feeders.back().queue = fmt::format("{}.{}", 1 + i % 6, 1 + i / 6 % 2);
    }
  }
  test::add_crews(scenario, "lines", 2, "z");
  test::add_crews(scenario, "plant", 1, "z");
  std::string text = fmt::format(
      "wintergrid_today: 1\nmoment: {}\nhorizon_days: 1\nobjective: {{beyond_24h: 0}}\ndamaged:\n",
      test::kMoment);
  for (const char* name :
       {"plant/g1", "plant/g2", "plant/g3", "branch/l1", "branch/l2", "branch/l3"}) {
    text += fmt::format(
        "  - {{component: {}, state: complete, temporary_hours: 0, permanent_hours: 3}}\n", name);
  }
  return test::situation_of(scenario, text);
}

TEST(Optimum, PublishedDcRestorationOrderOfThePjm5BusSystem) {
  const Situation situation = pjm_5_bus();
  const std::vector<CountCauses> none;
  Evaluator evaluator(situation, none, 0, 1, 1, Fidelity::full);
  const SearchResult found = search(evaluator, {5000, {}});
  const ListOrder list(found.candidates.front().order, evaluator.model().components.count());
  Trace trace;
  std::vector<Trial> trials(1);
  trials[0].policy = &list;
  trials[0].trace = &trace;
  evaluator.run(trials);
  const auto served = [&](std::size_t hour) {  // in 100 MW, in the hour before its end
    return 10.0 - static_cast<double>(trace.off[hour][0]) * 1e-5;
  };
  std::printf("served (100 MW): period 0 %.2f, 1 %.2f, 2 %.2f; published 4.3999, 10.0, 10.0\n",
              served(0), served(3), served(6));
  EXPECT_NEAR(served(0), 4.3999, 0.1);
  EXPECT_NEAR(served(2), 4.3999, 0.1);
  EXPECT_NEAR(served(3), 10.0, 1e-9);
  EXPECT_NEAR(served(6), 10.0, 1e-9);
  // No order of the six is better, and some are worse.
  Order order = jobs_of(evaluator);
  std::sort(order.begin(), order.end());
  double least = 1e300, most = 0.0;
  do {
    const ListOrder each(order, evaluator.model().components.count());
    std::vector<Trial> one(1);
    one[0].policy = &each;
    evaluator.run(one);
    least = std::min(least, one[0].loss.total(situation.weights));
    most = std::max(most, one[0].loss.total(situation.weights));
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_DOUBLE_EQ(found.candidates.front().mean, least);
  EXPECT_GT(most, 1.2 * least);
}

}  // namespace
}  // namespace wintergrid::plan
