// One pipe under each law against the formula by hand, and the pieces of the laws.

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "tests/grid_models/hydraulics/networks.hpp"

namespace wintergrid::hydraulics {
namespace {

constexpr double kPi = std::numbers::pi;

/// Head loss of a 1,000 m, 300 mm pipe that carries `flow` from a reservoir, solved.
double solved_loss(HeadlossLaw law, double resistance, double roughness, double minor,
                   double flow) {
  Network network;
  network.law = law;
  network.viscosity_m2s = 1e-6;
  network.add_node(100.0, true);
  network.add_node(0.0, false);
  const std::uint32_t k = network.add_link(LinkKind::pipe, 0, 1, 0.3);
  network.resistance[k] = resistance;
  network.relative_roughness[k] = roughness;
  network.minor_loss[k] = minor;
  Solver solver(network);
  State state = solver.make_state();
  const std::vector<double> demand = {0.0, flow};
  EXPECT_EQ(solver.solve(demand, state, test::tight()).status, SolveStatus::converged);
  EXPECT_NEAR(state.flow_m3s[0], flow, 1e-12);
  return state.head_m[0] - state.head_m[1];
}

TEST(Headloss, HazenWilliamsByHand) {
  // metric form with 10.667: h = 10.667 L q^1.852 / (C^1.852 d^4.871)
  const double by_hand =
      10.667 * 1000.0 * std::pow(0.1, 1.852) / std::pow(130.0, 1.852) / std::pow(0.3, 4.871);
  const double loss = solved_loss(HeadlossLaw::hazen_williams,
                                  hazen_williams_resistance(1000.0, 0.3, 130.0), 0.0, 0.0, 0.1);
  EXPECT_NEAR(loss, by_hand, 1e-3 * by_hand);
}

TEST(Headloss, ChezyManningByHand) {
  // h = n^2 v^2 L / R^(4/3), R = d / 4
  const double v = 0.1 / (kPi * 0.09 / 4.0);
  const double by_hand = 0.012 * 0.012 * v * v * 1000.0 / std::pow(0.075, 4.0 / 3.0);
  const double loss = solved_loss(HeadlossLaw::chezy_manning,
                                  chezy_manning_resistance(1000.0, 0.3, 0.012), 0.0, 0.0, 0.1);
  // the US form rounds 0.3048^(-1/3) = 1.4859 to 1.49
  EXPECT_NEAR(loss, by_hand * std::pow(1.4859 / 1.49, 2.0), 1e-3 * by_hand);
}

TEST(Headloss, DarcyWeisbachTurbulentByHand) {
  const double area = kPi * 0.09 / 4.0, v = 0.1 / area, re = v * 0.3 / 1e-6, e = 1e-3;
  const double f = 0.25 / std::pow(std::log10(e / 3.7 + 5.74 / std::pow(re, 0.9)), 2.0);
  const double by_hand = f * 1000.0 / 0.3 * v * v / (2.0 * kEpanetGravity);
  EXPECT_NEAR(solved_loss(HeadlossLaw::darcy_weisbach, darcy_resistance(1000.0, 0.3), e, 0.0, 0.1),
              by_hand, 1e-8 * by_hand);
}

TEST(Headloss, DarcyWeisbachLaminarByHand) {
  // Re = 1,000: h = 32 viscosity L v / (g d^2)
  const double v = 1000.0 * 1e-6 / 0.3, flow = v * kPi * 0.09 / 4.0;
  const double by_hand = 32.0 * 1e-6 * 1000.0 * v / (kEpanetGravity * 0.09);
  EXPECT_NEAR(
      solved_loss(HeadlossLaw::darcy_weisbach, darcy_resistance(1000.0, 0.3), 1e-3, 0.0, flow),
      by_hand, 1e-6 * by_hand);
}

TEST(Headloss, MinorLossByHand) {
  const double v = 0.1 / (kPi * 0.09 / 4.0);
  const double pipe = solved_loss(HeadlossLaw::hazen_williams,
                                  hazen_williams_resistance(1000.0, 0.3, 130.0), 0.0, 0.0, 0.1);
  const double both =
      solved_loss(HeadlossLaw::hazen_williams, hazen_williams_resistance(1000.0, 0.3, 130.0), 0.0,
                  minor_loss(8.0, 0.3), 0.1);
  EXPECT_NEAR(both - pipe, 8.0 * v * v / (2.0 * kEpanetGravity), 1e-3);
}

TEST(Headloss, ColebrookSatisfiesItsEquation) {
  for (const double re : {4100.0, 2e4, 1e6, 1e8}) {
    for (const double e : {0.0, 1e-5, 1e-3, 0.03}) {
      const double scale = 0.3e-6, flow = re * kPi * scale / 4.0;
      const double f = colebrook(flow, e, scale).value;
      EXPECT_NEAR(1.0 / std::sqrt(f), -2.0 * std::log10(e / 3.7 + 2.51 / (re * std::sqrt(f))),
                  1e-10)
          << re << ' ' << e;
    }
  }
}

TEST(Headloss, FactorsAreContinuousAndSlopesAreDerivatives) {
  const double scale = 0.3e-6;
  for (const auto factor : {swamee_jain, colebrook}) {
    const auto at = [&](double re) { return factor(re * kPi * scale / 4.0, 1e-3, scale); };
    EXPECT_NEAR(at(2000.0 + 1e-6).value, 64.0 / 2000.0, 1e-8);
    EXPECT_NEAR(at(4000.0 - 1e-6).value, at(4000.0 + 1e-6).value, 1e-8);
    EXPECT_NEAR(at(4000.0 - 1e-6).slope / at(4000.0 + 1e-6).slope, 1.0, 1e-6);
    for (const double re : {2500.0, 3900.0, 5000.0, 1e5, 1e7}) {
      const double step = 1e-6 * re;
      const double slope =
          (at(re + step).value - at(re - step).value) / (2.0 * step) / (kPi * scale / 4.0);
      EXPECT_NEAR(at(re).slope / slope, 1.0, 1e-5) << re;
    }
  }
}

TEST(Headloss, FastPowerEqualsPow) {
  const FastPower power(0.852);
  for (double x = 1e-25; x < 1e8; x *= 1.037) {
    EXPECT_NEAR(power(x) / std::pow(x, 0.852), 1.0, 3e-14) << x;
  }
  EXPECT_EQ(power(0.0), 0.0);
}

}  // namespace
}  // namespace wintergrid::hydraulics
