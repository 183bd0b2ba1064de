// DC flow and minimum shedding against published networks solved by other programs.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <numbers>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "grid_models/power/dc_flow.hpp"
#include "grid_models/power/shedding.hpp"
#include "tests/grid_models/power/matpower_fixture.hpp"
#include "tests/grid_models/power/shedding_checks.hpp"
#include "tests/support/reference_data.hpp"

namespace wintergrid::power {
namespace {

/// Names of the cases for which a file CASE<ending> exists.
std::vector<std::string> cases_with(const std::filesystem::path& folder, std::string_view ending) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(ending)) {
      names.push_back(name.substr(0, name.size() - ending.size()));
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST(PowerReference, DcFlowsEqualThePublishedOnes) {
  const auto folder = test::reference_data("power");
  if (!folder) {
    return;
  }
  const auto names = cases_with(*folder, "_dcpf_branches.csv");
  ASSERT_FALSE(names.empty());
  for (const std::string& name : names) {
    SCOPED_TRACE(name);
    const test::MatpowerCase grid = test::read_matpower_case(*folder / (name + ".m"));
    std::vector<double> injection(grid.network.bus_count, 0.0);
    for (std::size_t v = 0; v < injection.size(); ++v) {
      injection[v] = -grid.demand_mw[v] - grid.shunt_mw[v];
    }
    for (std::size_t j = 0; j < grid.generation_mw.size(); ++j) {
      injection[grid.network.generator_bus[j]] += grid.generator_up[j] * grid.generation_mw[j];
    }
    DcFlow flow(grid.network);
    flow.set_topology(grid.branch_up, grid.bus_up);
    std::vector<double> theta(injection.size());
    std::vector<double> flows(grid.network.branch_count());
    ASSERT_TRUE(flow.solve(injection, theta, flows, grid.reference_bus));

    const auto branches = test::read_csv(*folder / (name + "_dcpf_branches.csv"));
    ASSERT_EQ(branches.size(), flows.size());
    double worst_flow = 0.0;
    for (std::size_t l = 0; l < flows.size(); ++l) {
      worst_flow = std::max(worst_flow, std::abs(flows[l] - std::stod(branches[l][3])));
    }
    EXPECT_LE(worst_flow, 1e-6);

    const auto buses = test::read_csv(*folder / (name + "_dcpf_buses.csv"));
    ASSERT_EQ(buses.size(), theta.size());
    double worst_angle = 0.0;
    for (std::size_t v = 0; v < theta.size(); ++v) {
      const double degrees = (theta[v] + grid.reference_angle_rad) * 180.0 / std::numbers::pi;
      worst_angle = std::max(worst_angle, std::abs(degrees - std::stod(buses[v][1])));
    }
    EXPECT_LE(worst_angle, 1e-7);
  }
}

TEST(PowerReference, ShedEqualsTheLinearProgramme) {
  const auto folder = test::reference_data("power");
  if (!folder) {
    return;
  }
  const auto names = cases_with(*folder, "_minshed.csv");
  ASSERT_FALSE(names.empty());
  for (const std::string& name : names) {
    SCOPED_TRACE(name);
    const test::MatpowerCase grid = test::read_matpower_case(*folder / (name + ".m"));
    const LoadBlocks blocks = one_block_per_bus(grid.network.bus_count);
    Shedding shedding(grid.network, blocks);
    std::size_t limited = 0;
    for (const auto& row : test::read_csv(*folder / (name + "_minshed.csv"))) {
      SCOPED_TRACE("case " + row[0]);
      test::Moment moment = test::moment_of(grid.network, grid.demand_mw);
      moment.branch_up = grid.branch_up;
      for (std::size_t j = 0; j < grid.generator_up.size(); ++j) {
        moment.capacity_mw[j] *= grid.generator_up[j];
      }
      for (const std::size_t l : test::rows_listed(row[1])) {
        moment.branch_up[l] = 0;
      }
      for (const std::size_t j : test::rows_listed(row[2])) {
        moment.capacity_mw[j] = 0.0;
      }
      const SheddingResult result = test::solve(shedding, moment);
      EXPECT_NE(result.status, SheddingStatus::bounded);
      EXPECT_NEAR(result.shed_mw, std::stod(row[3]), 1e-4);
      test::expect_feasible(grid.network, blocks, shedding, moment, 1e-6);
      limited += result.iterations > 0 ? 1 : 0;
    }
    RecordProperty(name + "_limited", static_cast<int>(limited));
    std::cout << name << ": " << limited << " cases needed the exact method\n";
  }
}

}  // namespace
}  // namespace wintergrid::power
