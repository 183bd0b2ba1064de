// Standing water through paths of surrounding temperature: the formulas at constant temperature,
// fine numerical integration elsewhere.

#include "grid_models/heat/pipe_freezing.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "tests/support/reference_data.hpp"

namespace wintergrid::heat {
namespace {

const WaterPipe kRiser{0.0273, 0.0337, 0.0, 0.0, 9.0};

/// Every row of the published formula's table, reached by moving a state instead of by the formula.
TEST(StandingWater, FreezesAfterTheReferenceTimes) {
  const auto path = test::reference_data("freezing/freeze_times_calculated.csv");
  if (!path) {
    return;
  }
  std::ifstream stream(*path);
  std::string line;
  std::getline(stream, line);
  int rows = 0;
  while (std::getline(stream, line)) {
    std::vector<std::string> cell;
    std::istringstream cells(line);
    for (std::string text; std::getline(cells, text, ',');) {
      cell.push_back(text);
    }
    ASSERT_EQ(cell.size(), 11u);
    const auto number = [&](std::size_t column) { return std::stod(cell[column]); };
    const StandingPipe pipe =
        standing_pipe({number(1) / 1e3, number(2) / 1e3, number(3) / 1e3, number(4), number(5)});
    const AirPath air{number(7), 0.0, 1.0};
    const double to_zero = number(8), latent = number(9), early = number(10);
    const StandingStep whole = stand(pipe, air, {number(6), 0.0}, 1.2 * (to_zero + latent));
    EXPECT_NEAR(whole.blocked_from_hours, to_zero + latent, 0.01 * (to_zero + latent) + 0.01)
        << cell[0];
    EXPECT_EQ(whole.end.ice_share, 1.0);
    EXPECT_GT(stand(pipe, air, {number(6), 0.0}, 0.99 * to_zero - 0.005).end.water_c, 0.0);
    EXPECT_EQ(stand(pipe, air, {number(6), 0.0}, 1.01 * to_zero + 0.005).end.water_c, 0.0);
    EXPECT_NEAR(stand(pipe, air, {number(6), 0.0}, early).end.ice_share, 0.1,
                0.01 * early / latent + 0.01 / latent)
        << cell[0];
    ++rows;
  }
  EXPECT_GE(rows, 40);
}

struct Integrated {
  StandingWater water;
  double blocked_hours = 0.0;
};

Integrated integrated(const StandingPipe& pipe, const AirPath& air, StandingWater water,
                      double hours, int steps) {
  Integrated result{water};
  const double dt = hours / steps;
  const double whole = pipe.latent_j_per_m * pipe.resistance_m_k_per_w / 3600.0;
  for (int k = 0; k < steps; ++k) {
    const double air_c = air.at((k + 0.5) * dt);
    StandingWater& w = result.water;
    if (w.ice_share > 0.0 || (w.water_c <= 0.0 && air_c < 0.0)) {
      w.ice_share = std::clamp(w.ice_share - air_c * dt / whole, 0.0, 1.0);
    } else {
      w.water_c = std::max(0.0, air_c + (w.water_c - air_c) * std::exp(-dt / pipe.tau_hours()));
    }
    result.blocked_hours += w.ice_share >= 1.0 && air_c < 0.0 ? dt : 0.0;
  }
  return result;
}

RC_GTEST_PROP(StandingWater, EqualsNumericalIntegration, ()) {
  const auto number = [](double low, double high) {
    return low + (high - low) * *rc::gen::inRange(0, 1001) / 1000.0;
  };
  const double inner = number(0.015, 0.3);
  const StandingPipe pipe =
      *rc::gen::inRange(0, 2) == 0
          ? standing_pipe({inner, inner * 1.15, number(0.0, 0.05), 0.035, 9.0})
          : standing_main(inner, inner * 1.15, number(0.4, 8.0));
  const AirPath air{number(-25, 10), number(-30, 40), number(1, 100)};
  StandingWater start;
  (*rc::gen::inRange(0, 2) == 0 ? start.water_c : start.ice_share) = number(0, 1);
  start.water_c *= 30.0;
  const double hours = number(0.1, 60);
  const StandingStep ours = stand(pipe, air, start, hours);
  const Integrated fine = integrated(pipe, air, start, hours, 40000);
  RC_ASSERT(std::abs(ours.end.ice_share - fine.water.ice_share) < 2e-3);
  RC_ASSERT(std::abs(ours.end.water_c - fine.water.water_c) < 0.05);
  RC_ASSERT(std::abs(ours.blocked_until_hours - ours.blocked_from_hours - fine.blocked_hours) <
            0.01 * hours);
  // Two steps are one.
  const StandingStep half = stand(pipe, air, start, hours / 2);
  const AirPath rest{air.limit_c, air.excess_k * std::exp(-hours / 2 / air.tau_hours),
                     air.tau_hours};
  const StandingStep twice = stand(pipe, rest, half.end, hours / 2);
  RC_ASSERT(std::abs(twice.end.ice_share - ours.end.ice_share) < 1e-6);
  RC_ASSERT(std::abs(twice.end.water_c - ours.end.water_c) < 1e-5);
}

/// A thaw takes as long as the frost took at the same distance from 0 C: one resistance for both.
TEST(StandingWater, ThawsAsSlowlyAsItFroze) {
  const StandingPipe pipe = standing_pipe(kRiser);
  const double latent = hours_of_freezing(kRiser, -8.0, 0.5);
  const StandingStep frozen = stand(pipe, {-8.0, 0.0, 1.0}, {0.0, 0.0}, latent);
  EXPECT_NEAR(frozen.end.ice_share, 0.5, 1e-12);
  const StandingStep thawed = stand(pipe, {8.0, 0.0, 1.0}, frozen.end, latent * 0.999);
  EXPECT_GT(thawed.end.ice_share, 0.0);
  EXPECT_EQ(thawed.end.water_c, 0.0);
  const StandingStep warm = stand(pipe, {8.0, 0.0, 1.0}, frozen.end, latent + pipe.tau_hours());
  EXPECT_EQ(warm.end.ice_share, 0.0);
  EXPECT_NEAR(warm.end.water_c, 8.0 * (1.0 - std::exp(-1.0)), 1e-9);
}

}  // namespace
}  // namespace wintergrid::heat
