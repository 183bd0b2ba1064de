// The ice of a building's cold spot against numerical integration and reference data.

#include "grid_models/heat/buildings.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "grid_models/heat/pipe_freezing.hpp"
#include "tests/grid_models/heat/heat_system.hpp"
#include "tests/support/reference_data.hpp"

namespace wintergrid::heat {
namespace {

/// Air that falls towards -18 C with tau 40 h, as path_from() has it.
double indoor_c_after(double initial_c, double hours) {
  return -18.0 + (initial_c + 18.0) * std::exp(-hours / 40.0);
}

/// Rows of a simple CSV without its header; cells as text.
std::vector<std::vector<std::string>> read_csv(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<std::vector<std::string>> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    auto& row = rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) {
      row.push_back(cell);
    }
  }
  return rows;
}

TEST(PipeFreezing, matches_the_reference_times_within_one_percent) {
  const auto path = wintergrid::test::reference_data("freezing/freeze_times_calculated.csv");
  if (!path) {
    return;
  }
  const auto rows = read_csv(*path);
  ASSERT_GE(rows.size(), 40u);
  for (const auto& row : rows) {
    const auto number = [&](std::size_t column) { return std::stod(row.at(column)); };
    const WaterPipe pipe{number(1) / 1e3, number(2) / 1e3, number(3) / 1e3, number(4), number(5)};
    const double air_c = number(7);
    const double zero_hours = hours_to_zero(pipe, number(6), air_c);
    // One percent, and half of the last digit printed.
    EXPECT_NEAR(zero_hours, number(8), 0.01 * number(8) + 0.005) << row[0];
    EXPECT_NEAR(hours_of_freezing(pipe, air_c), number(9), 0.01 * number(9) + 0.005) << row[0];
    EXPECT_NEAR(zero_hours + hours_of_freezing(pipe, air_c, 0.1), number(10),
                0.01 * number(10) + 0.005)
        << row[0];
  }
}

TEST(PipeFreezing, the_default_riser_lies_between_a_25_mm_and_a_50_mm_riser) {
  const WaterPipe thin{0.0273, 0.0337, 0.0, 0.0, 9.0};
  const WaterPipe thick{0.0545, 0.0603, 0.0, 0.0, 9.0};
  const double hours = Parameters{}.freeze_hours_at_minus_10;
  EXPECT_GT(hours, hours_of_freezing(thin, -10.0));
  EXPECT_LT(hours, hours_of_freezing(thick, -10.0));
}

CoolingPath path_from(double initial_c, double outdoor_c, double hours) {
  return {.outdoor_c = outdoor_c,
          .initial_c = initial_c,
          .equilibrium_c = outdoor_c,
          .tau_hours = 40.0,
          .hours = hours,
          .cold_spot_factor = 0.75};
}

TEST(Freezing, takes_the_stated_hours_at_minus_ten) {
  // Indoors at the outdoor -10 C, so the cold spot stays at -10 C.
  const FreezeStep half = freeze_over_step(path_from(-10.0, -10.0, 4.0), 0.0, 8.0);
  EXPECT_NEAR(half.progress, 0.5, 1e-12);
  EXPECT_EQ(half.blocked_from_hours, half.blocked_until_hours);
  const FreezeStep whole = freeze_over_step(path_from(-10.0, -10.0, 6.0), 0.5, 8.0);
  EXPECT_EQ(whole.progress, 1.0);
  EXPECT_NEAR(whole.blocked_from_hours, 4.0, 1e-9);
  EXPECT_EQ(whole.blocked_until_hours, 6.0);
}

TEST(Freezing, agrees_with_numerical_integration_across_the_crossing_of_zero) {
  const CoolingPath path = path_from(12.0, -18.0, 48.0);
  double degree_hours = 0.0;
  const double dt = 1e-3;
  for (int step = 0; step < 48000; ++step) {
    const double hours = (step + 0.5) * dt;
    const double cold_c = cold_spot_temperature_c(-18.0, indoor_c_after(12.0, hours), 0.75);
    degree_hours += std::max(0.0, -cold_c) * dt;
  }
  EXPECT_NEAR(freeze_over_step(path, 0.0, 100.0).progress, degree_hours / 1000.0, 1e-6);
}

TEST(Freezing, does_not_depend_on_how_time_is_cut) {
  const double whole = freeze_over_step(path_from(12.0, -18.0, 30.0), 0.1, 20.0).progress;
  double cut = 0.1;
  double indoor_c = 12.0;
  for (const double hours : {7.0, 11.5, 0.25, 11.25}) {
    cut = freeze_over_step(path_from(indoor_c, -18.0, hours), cut, 20.0).progress;
    indoor_c = indoor_c_after(indoor_c, hours);
  }
  // The 0.1 at the start is lost in both: the cold spot is above zero then.
  EXPECT_NEAR(cut, whole, 1e-12);
  EXPECT_GT(whole, 0.1);
}

TEST(Freezing, a_cold_spot_above_zero_thaws) {
  EXPECT_TRUE(freeze_over_step(path_from(15.0, -5.0, 1.0), 0.7, 8.0).thawed);
  const FreezeStep warming = freeze_over_step({.outdoor_c = 3.0,
                                               .initial_c = -4.0,
                                               .equilibrium_c = 6.0,
                                               .tau_hours = 40.0,
                                               .hours = 48.0,
                                               .cold_spot_factor = 0.75},
                                              1.0, 8.0);
  EXPECT_TRUE(warming.thawed);
  EXPECT_EQ(warming.progress, 0.0);
  // Blocked until the crossing: 3 + 0.75 (T - 3) = 0 at T = -1.
  EXPECT_EQ(warming.blocked_from_hours, 0.0);
  EXPECT_NEAR(warming.blocked_until_hours, 40.0 * std::log(10.0 / 7.0), 1e-9);
}

TEST(Bursting, compares_each_hours_draw_with_the_hours_chance) {
  const double p = 0.5;
  const double hourly = 1.0 - std::pow(0.5, 1.0 / 24.0);
  const auto unlucky_in = [](std::uint32_t hour, double draw) {
    return test::ScriptedLuck([=](LuckAddress address) {
      EXPECT_EQ(address.entity, 7u);
      EXPECT_EQ(address.purpose, Purpose::riser_burst);
      return address.k == hour ? draw : 0.999;
    });
  };
  EXPECT_TRUE(bursts(7, 0.0, 0.0, 36000.0, p, unlucky_in(3, 0.99 * hourly)));
  EXPECT_FALSE(bursts(7, 0.0, 0.0, 36000.0, p, unlucky_in(3, 1.01 * hourly)));
  EXPECT_FALSE(bursts(7, 0.0, 0.0, 3 * 3600.0, p, unlucky_in(3, 0.99 * hourly)));
  // Half an hour blocked has half the hazard.
  const double half_hour = 1.0 - std::pow(0.5, 0.5 / 24.0);
  EXPECT_TRUE(bursts(7, 12600.0, 12600.0, 14400.0, p, unlucky_in(3, 0.99 * half_hour)));
  EXPECT_FALSE(bursts(7, 12600.0, 12600.0, 14400.0, p, unlucky_in(3, 1.01 * half_hour)));
  EXPECT_FALSE(bursts(7, 0.0, 0.0, 36000.0, 0.0, unlucky_in(3, 1e-12)));
}

TEST(Bursting, does_not_depend_on_how_time_is_cut) {
  const test::ScriptedLuck luck;
  int burst_count = 0;
  for (std::uint64_t building = 0; building < 200; ++building) {
    const double since = 1000.0 + 37.0 * static_cast<double>(building);
    const double until = since + 20.0 * 3600.0;
    bool cut = false;
    for (double from = since; from < until && !cut; from += 611.0) {
      cut = bursts(building, since, from, std::min(until, from + 611.0), 0.5, luck);
    }
    EXPECT_EQ(bursts(building, since, since, until, 0.5, luck), cut) << building;
    burst_count += cut ? 1 : 0;
  }
  // 1 - 0.5^(20/24) = 0.439 of 200; three standard deviations are 21.
  EXPECT_NEAR(burst_count, 88, 21);
}

}  // namespace
}  // namespace wintergrid::heat
