// DC flow against Eigen, breadth-first search, closed forms, and the properties it promises.

#include "grid_models/power/dc_flow.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <numeric>
#include <vector>

#include <Eigen/Dense>
#include <gtest/gtest.h>

#include "tests/grid_models/power/random_grid.hpp"
#include "tests/support/allocation_counter.hpp"

namespace wintergrid::power {
namespace {

using test::Dice;

struct Case {
  Network network;
  std::vector<std::uint8_t> branch_up;
  std::vector<std::uint8_t> bus_up;
  std::vector<double> injection_mw;
};

/// Random signs of susceptance where asked: B is then indefinite in earnest.
Case random_case(Dice& dice, std::size_t buses, double negative_share) {
  test::RandomGridOptions options;
  options.bus_count = buses;
  options.limit_factor = 0.0;
  Case result{test::random_grid(dice, options).network, {}, {}, {}};
  Network& network = result.network;
  for (std::size_t l = 0; l < network.branch_count(); ++l) {
    if (dice.chance(negative_share)) {
      network.branch_susceptance_pu[l] *= -1.0;
    }
    if (dice.chance(0.1)) {
      network.branch_shift_rad[l] = dice.uniform(-0.2, 0.2);
    }
    result.branch_up.push_back(dice.chance(0.2) ? 0 : 1);
  }
  for (std::size_t v = 0; v < network.bus_count; ++v) {
    result.bus_up.push_back(dice.chance(0.05) ? 0 : 1);
    result.injection_mw.push_back(dice.uniform(-50.0, 50.0));
  }
  return result;
}

bool in_service(const Case& c, std::size_t l) {
  return c.branch_up[l] != 0 && c.bus_up[c.network.branch_from[l]] != 0 &&
         c.bus_up[c.network.branch_to[l]] != 0;
}

std::vector<std::uint32_t> islands_by_search(const Case& c) {
  std::vector<std::uint32_t> island(c.network.bus_count, kNoIsland);
  std::uint32_t count = 0;
  for (std::uint32_t start = 0; start < c.network.bus_count; ++start) {
    if (c.bus_up[start] == 0 || island[start] != kNoIsland) {
      continue;
    }
    std::deque<std::uint32_t> queue{start};
    island[start] = count;
    for (; !queue.empty(); queue.pop_front()) {
      for (std::size_t l = 0; l < c.network.branch_count(); ++l) {
        const std::uint32_t a = c.network.branch_from[l];
        const std::uint32_t b = c.network.branch_to[l];
        const std::uint32_t v = queue.front();
        if (in_service(c, l) && (a == v || b == v) && island[a + b - v] == kNoIsland) {
          island[a + b - v] = count;
          queue.push_back(a + b - v);
        }
      }
    }
    ++count;
  }
  return island;
}

struct Expected {
  std::vector<double> theta;
  std::vector<double> flow;
  double condition = 0.0;
};

/// The textbook: full B, the lowest bus of every island grounded, dense LU with full pivoting.
Expected by_eigen(const Case& c, const std::vector<std::uint32_t>& island) {
  const Network& network = c.network;
  const auto size = static_cast<Eigen::Index>(network.bus_count);
  Eigen::MatrixXd b = Eigen::MatrixXd::Zero(size, size);
  Eigen::VectorXd p = Eigen::VectorXd::Zero(size);
  for (std::size_t v = 0; v < network.bus_count; ++v) {
    p(static_cast<Eigen::Index>(v)) = c.injection_mw[v] / network.base_mva;
  }
  for (std::size_t l = 0; l < network.branch_count(); ++l) {
    if (in_service(c, l)) {
      const auto i = static_cast<Eigen::Index>(network.branch_from[l]);
      const auto j = static_cast<Eigen::Index>(network.branch_to[l]);
      const double y = network.branch_susceptance_pu[l];
      b(i, i) += y;
      b(j, j) += y;
      b(i, j) -= y;
      b(j, i) -= y;
      p(i) += y * network.branch_shift_rad[l];
      p(j) -= y * network.branch_shift_rad[l];
    }
  }
  std::uint32_t next = 0;
  for (Eigen::Index v = 0; v < size; ++v) {
    const std::uint32_t of = island[static_cast<std::size_t>(v)];
    if (of == kNoIsland || of == next) {
      next += of == next ? 1 : 0;
      b.row(v).setZero();
      b(v, v) = 1.0;
      p(v) = 0.0;
    }
  }
  const Eigen::FullPivLU<Eigen::MatrixXd> lu(b);
  const Eigen::VectorXd theta = lu.solve(p);
  Expected expected;
  expected.condition = 1.0 / lu.rcond();
  expected.theta.assign(theta.data(), theta.data() + size);
  for (std::size_t l = 0; l < network.branch_count(); ++l) {
    expected.flow.push_back(in_service(c, l) ? network.base_mva * network.branch_susceptance_pu[l] *
                                                   (expected.theta[network.branch_from[l]] -
                                                    expected.theta[network.branch_to[l]] -
                                                    network.branch_shift_rad[l])
                                             : 0.0);
  }
  return expected;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::abs(a[i] - b[i]));
  }
  return largest;
}

double largest(const std::vector<double>& a) {
  return largest_difference(a, std::vector<double>(a.size(), 0.0));
}

TEST(DcFlow, EqualsADenseSolutionOnRandomGridsAndIslandsEqualASearch) {
  Dice dice(1);
  int indefinite = 0;
  int split = 0;
  for (int n = 0; n < 150; ++n) {
    SCOPED_TRACE(n);
    const Case c = random_case(dice, 3 + dice.below(40), n % 3 == 0 ? 0.25 : 0.0);
    DcFlow flow(c.network);
    flow.set_topology(c.branch_up, c.bus_up);
    const auto island = islands_by_search(c);
    ASSERT_EQ(std::vector<std::uint32_t>(flow.island_of_bus().begin(), flow.island_of_bus().end()),
              island);
    const Expected expected = by_eigen(c, island);
    if (expected.condition > 1e8) {
      continue;  // random signs can make B as good as singular: no digits to compare
    }
    std::vector<double> theta(c.network.bus_count);
    std::vector<double> flows(c.network.branch_count());
    ASSERT_TRUE(flow.solve(c.injection_mw, theta, flows));
    EXPECT_LE(largest_difference(theta, expected.theta), 1e-8 * (1.0 + largest(expected.theta)));
    EXPECT_LE(largest_difference(flows, expected.flow), 1e-8 * (1.0 + largest(expected.flow)));
    indefinite += n % 3 == 0 ? 1 : 0;
    split += flow.island_count() > 1 ? 1 : 0;
  }
  EXPECT_GE(indefinite, 40);
  EXPECT_GE(split, 50);
}

/// Buses 0..n-1 in a row with these susceptances.
Case chain(const std::vector<double>& susceptance) {
  Case c;
  c.network.bus_count = susceptance.size() + 1;
  for (std::size_t l = 0; l < susceptance.size(); ++l) {
    test::add_branch(c.network, l, l + 1, 1.0 / susceptance[l]);
  }
  c.branch_up.assign(susceptance.size(), 1);
  c.bus_up.assign(c.network.bus_count, 1);
  c.injection_mw.assign(c.network.bus_count, 0.0);
  return c;
}

TEST(DcFlow, AZeroPivotIsSolvedWithPivoting) {
  // Bus 1 grounded out: diagonal b_01 + b_12 = 0, yet the flows of a chain are plain sums.
  Case c = chain({1.0, -1.0, 1.0});
  c.injection_mw = {30.0, 10.0, -15.0, -25.0};
  DcFlow flow(c.network);
  flow.set_topology(c.branch_up, c.bus_up);
  std::vector<double> theta(4);
  std::vector<double> flows(3);
  ASSERT_TRUE(flow.solve(c.injection_mw, theta, flows));
  EXPECT_NEAR(flows[0], 30.0, 1e-9);
  EXPECT_NEAR(flows[1], 40.0, 1e-9);
  EXPECT_NEAR(flows[2], 25.0, 1e-9);
  std::vector<double> factors(4);
  ASSERT_TRUE(flow.transfer_factors(1, factors));
  EXPECT_NEAR(factors[0], 0.0, 1e-12);  // the grounded bus
  EXPECT_NEAR(factors[1], 0.0, 1e-12);
  EXPECT_NEAR(factors[2], -1.0, 1e-12);
  EXPECT_NEAR(factors[3], -1.0, 1e-12);
}

TEST(DcFlow, ASingularIslandIsReportedAndTheOthersAreSolved) {
  // Buses 0 and 1 are joined by b and -b: any angle solves it. Buses 2 and 3 are a healthy island.
  Network network;
  network.bus_count = 4;
  test::add_branch(network, 0, 1, 0.1);
  test::add_branch(network, 0, 1, -0.1);
  test::add_branch(network, 2, 3, 0.1);
  DcFlow flow(network);
  flow.set_topology(std::vector<std::uint8_t>{1, 1, 1}, std::vector<std::uint8_t>{1, 1, 1, 1});
  std::vector<double> theta(4);
  std::vector<double> flows(3);
  EXPECT_FALSE(flow.solve(std::vector<double>{5.0, -5.0, 7.0, -7.0}, theta, flows));
  EXPECT_EQ(flow.failed_islands(), 1u);
  EXPECT_FALSE(flow.island_solved(0));
  EXPECT_TRUE(flow.island_solved(1));
  EXPECT_EQ(flows[0], 0.0);
  EXPECT_EQ(flows[1], 0.0);
  EXPECT_NEAR(flows[2], 7.0, 1e-12);

  flow.set_topology(std::vector<std::uint8_t>{1, 0, 1}, std::vector<std::uint8_t>{1, 1, 1, 1});
  EXPECT_TRUE(flow.solve(std::vector<double>{5.0, -5.0, 7.0, -7.0}, theta, flows));
  EXPECT_EQ(flow.failed_islands(), 0u);
  EXPECT_NEAR(flows[0], 5.0, 1e-12);
}

TEST(DcFlow, TheReferenceBusTakesTheImbalanceAndHasAngleZero) {
  Case c = chain({10.0, 10.0});
  DcFlow flow(c.network);
  flow.set_topology(c.branch_up, c.bus_up);
  std::vector<double> theta(3);
  std::vector<double> flows(2);
  const std::vector<double> injection{0.0, 30.0, -10.0};  // 20 too much
  ASSERT_TRUE(flow.solve(injection, theta, flows, 2));
  EXPECT_NEAR(flows[0], 0.0, 1e-12);
  EXPECT_NEAR(flows[1], 30.0, 1e-12);
  EXPECT_EQ(theta[2], 0.0);
  ASSERT_TRUE(flow.solve(injection, theta, flows));  // else the lowest bus of the island
  EXPECT_NEAR(flows[0], -20.0, 1e-12);
  EXPECT_NEAR(flows[1], 10.0, 1e-12);
  EXPECT_EQ(theta[0], 0.0);
}

TEST(DcFlow, TransferFactorsAreDifferencesOfFlows) {
  Dice dice(2);
  for (int n = 0; n < 10; ++n) {
    Case c = random_case(dice, 20, 0.0);
    std::fill(c.network.branch_shift_rad.begin(), c.network.branch_shift_rad.end(), 0.0);
    DcFlow flow(c.network);
    flow.set_topology(c.branch_up, c.bus_up);
    std::vector<double> theta(c.network.bus_count);
    std::vector<double> flows(c.network.branch_count());
    std::vector<double> factors(c.network.bus_count);
    const auto l = static_cast<std::uint32_t>(dice.below(c.network.branch_count()));
    EXPECT_EQ(flow.transfer_factors(l, factors), in_service(c, l));
    EXPECT_EQ(flow.branch_in_service()[l] != 0, in_service(c, l));
    for (std::size_t v = 0; v < c.network.bus_count; ++v) {
      std::vector<double> injection(c.network.bus_count, 0.0);
      injection[v] = 1.0;  // withdrawn at the grounded bus, which takes the imbalance
      flow.solve(injection, theta, flows);
      EXPECT_NEAR(factors[v], flows[l], 1e-10);
    }
  }
}

TEST(DcFlow, TransferFactorsOfSeveralBranchesAreThoseOfEach) {
  constexpr std::size_t kAtOnce = DcFlow::kBranchesAtOnce;
  Dice dice(7);
  std::size_t together = 0;
  for (int n = 0; n < 40; ++n) {
    const Case c = random_case(dice, 20, n % 4 == 0 ? 0.4 : 0.0);
    DcFlow flow(c.network);
    flow.set_topology(c.branch_up, c.bus_up);
    std::vector<std::uint32_t> branches(1 + dice.below(kAtOnce));
    bool all_in_service = true;
    for (std::uint32_t& l : branches) {
      l = static_cast<std::uint32_t>(dice.below(c.network.branch_count()));
      all_in_service = all_in_service && in_service(c, l);
    }
    std::vector<double> factors(kAtOnce * c.network.bus_count);
    std::vector<double> one(c.network.bus_count);
    if (!flow.transfer_factors(branches, factors)) {
      continue;
    }
    EXPECT_TRUE(all_in_service);
    ++together;
    for (std::size_t k = 0; k < branches.size(); ++k) {
      ASSERT_TRUE(flow.transfer_factors(branches[k], one));
      for (std::size_t v = 0; v < one.size(); ++v) {
        EXPECT_EQ(factors[kAtOnce * v + k], one[v]);  // to the last bit
      }
    }
  }
  EXPECT_GE(together, 10u);
}

TEST(DcFlow, PermutingBusesAndBranchesPermutesTheFlows) {
  Dice dice(3);
  for (int n = 0; n < 20; ++n) {
    Case c = random_case(dice, 25, 0.0);
    const std::size_t buses = c.network.bus_count;
    const std::size_t branches = c.network.branch_count();
    std::vector<std::uint32_t> bus_to(buses);
    std::vector<std::uint32_t> branch_to(branches);
    std::iota(bus_to.begin(), bus_to.end(), 0U);
    std::iota(branch_to.begin(), branch_to.end(), 0U);
    for (std::size_t i = buses; i > 1; --i) {
      std::swap(bus_to[i - 1], bus_to[dice.below(i)]);
    }
    for (std::size_t i = branches; i > 1; --i) {
      std::swap(branch_to[i - 1], branch_to[dice.below(i)]);
    }
    DcFlow flow(c.network);
    flow.set_topology(c.branch_up, c.bus_up);
    // Without imbalance the choice of the grounded bus does not matter.
    std::vector<double> imbalance(flow.island_count(), 0.0);
    for (std::size_t v = 0; v < buses; ++v) {
      if (flow.island_of_bus()[v] != kNoIsland) {
        imbalance[flow.island_of_bus()[v]] += c.injection_mw[v];
      }
    }
    for (std::size_t v = buses; v-- > 0;) {
      if (const std::uint32_t i = flow.island_of_bus()[v]; i != kNoIsland) {
        c.injection_mw[v] -= imbalance[i];
        imbalance[i] = 0.0;
      }
    }
    Case d = c;
    for (std::size_t v = 0; v < buses; ++v) {
      d.bus_up[bus_to[v]] = c.bus_up[v];
      d.injection_mw[bus_to[v]] = c.injection_mw[v];
    }
    for (std::size_t l = 0; l < branches; ++l) {
      d.network.branch_from[branch_to[l]] = bus_to[c.network.branch_from[l]];
      d.network.branch_to[branch_to[l]] = bus_to[c.network.branch_to[l]];
      d.network.branch_susceptance_pu[branch_to[l]] = c.network.branch_susceptance_pu[l];
      d.network.branch_shift_rad[branch_to[l]] = c.network.branch_shift_rad[l];
      d.branch_up[branch_to[l]] = c.branch_up[l];
    }
    DcFlow other(d.network);
    other.set_topology(d.branch_up, d.bus_up);
    std::vector<double> theta(buses);
    std::vector<double> flows(branches);
    std::vector<double> other_flows(branches);
    ASSERT_TRUE(flow.solve(c.injection_mw, theta, flows));
    ASSERT_TRUE(other.solve(d.injection_mw, theta, other_flows));
    for (std::size_t l = 0; l < branches; ++l) {
      EXPECT_NEAR(flows[l], other_flows[branch_to[l]], 1e-8 * (1.0 + largest(flows)));
    }
  }
}

TEST(DcFlow, FlowsAreLinearWithoutShifts) {
  Dice dice(4);
  Case c = random_case(dice, 30, 0.0);
  std::fill(c.network.branch_shift_rad.begin(), c.network.branch_shift_rad.end(), 0.0);
  DcFlow flow(c.network);
  flow.set_topology(c.branch_up, c.bus_up);
  std::vector<double> theta(c.network.bus_count);
  std::vector<double> flows(c.network.branch_count());
  std::vector<double> tripled(c.network.branch_count());
  flow.solve(c.injection_mw, theta, flows);
  for (double& value : c.injection_mw) {
    value *= 3.0;
  }
  flow.solve(c.injection_mw, theta, tripled);
  for (std::size_t l = 0; l < flows.size(); ++l) {
    EXPECT_NEAR(tripled[l], 3.0 * flows[l], 1e-9 * (1.0 + largest(tripled)));
  }
}

TEST(DcFlow, NothingAllocatesAndNothingIsRemembered) {
  Dice dice(5);
  Case c = random_case(dice, 40, 0.0);
  DcFlow flow(c.network);
  std::vector<double> theta(c.network.bus_count);
  std::vector<double> flows(c.network.branch_count());
  std::vector<std::vector<std::uint8_t>> topologies;
  std::vector<std::vector<double>> answers;
  for (int n = 0; n < 20; ++n) {
    topologies.push_back(c.branch_up);
    for (std::uint8_t& up : topologies.back()) {
      up = dice.chance(0.1) ? 0 : 1;
    }
    DcFlow fresh(c.network);
    fresh.set_topology(topologies.back(), c.bus_up);
    fresh.solve(c.injection_mw, theta, flows);
    answers.push_back(flows);
  }
  const test::AllocationScope scope;
  std::size_t same = 0;
  for (int repeat = 0; repeat < 2; ++repeat) {
    for (std::size_t n = 0; n < topologies.size(); ++n) {
      flow.set_topology(topologies[n], c.bus_up);
      flow.set_topology(topologies[n], c.bus_up);
      flow.solve(c.injection_mw, theta, flows);
      same += std::equal(flows.begin(), flows.end(), answers[n].begin()) ? 1 : 0;
    }
  }
  EXPECT_EQ(scope.count(), 0u);
  EXPECT_EQ(same, 2 * topologies.size());  // to the last bit
}

}  // namespace
}  // namespace wintergrid::power
