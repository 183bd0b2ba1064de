#pragma once
// Scenarios made of EPANET files written in a test.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "engine/scenario/epanet.hpp"
#include "grid_models/hydraulics/headloss.hpp"
#include "grid_models/hydraulics/simulation.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid::scenario::test_epanet {

struct Read {
  EpanetFile file;
  Diagnostics diagnostics;
};

inline Read read_text(const std::string& text) {
  const test::TempDir folder;
  const auto path = folder.write("net.inp", text);
  Read read;
  read.file = read_epanet(path.string(), read.diagnostics);
  return read;
}

struct Made {
  EpanetFile file;
  Scenario scenario;
  Diagnostics diagnostics;

  const WaterNodeRow& node(const std::string& name) const {
    for (const WaterNodeRow& row : scenario.water_nodes) {
      if (row.water_node == name) {
        return row;
      }
    }
    ADD_FAILURE() << "no water node " << name;
    return scenario.water_nodes.front();
  }
  const WaterLinkRow& link(const std::string& name) const {
    for (const WaterLinkRow& row : scenario.water_links) {
      if (row.water_link == name) {
        return row;
      }
    }
    ADD_FAILURE() << "no water link " << name;
    return scenario.water_links.front();
  }
  bool has_link(const std::string& name) const {
    return std::any_of(scenario.water_links.begin(), scenario.water_links.end(),
                       [&name](const WaterLinkRow& row) { return row.water_link == name; });
  }
  double parameter(const std::string& name) const {
    for (const OverrideItem& item : scenario.parameters) {
      if (item.parameter == name) {
        return item.value;
      }
    }
    ADD_FAILURE() << "no parameter " << name;
    return 0.0;
  }
  bool says(const std::string& part) const {
    return diagnostics.to_text().find(part) != std::string::npos;
  }
  /// Head loss of a link of the scenario (m) at a flow.
  double loss_m(const WaterLinkRow& row, double flow_m3s) const {
    return hydraulics::hazen_williams_resistance(1000.0 * row.length_km, row.diameter_mm / 1000.0,
                                                 parameter("water.roughness_coefficient")) *
           std::pow(flow_m3s, 1.852);
  }
  std::int64_t households() const {
    return std::accumulate(
        scenario.households.begin(), scenario.households.end(), std::int64_t{0},
        [](std::int64_t sum, const HouseholdRow& row) { return sum + row.households; });
  }
};

inline Made make(const std::string& text, EpanetFidelity fidelity = EpanetFidelity::hydraulic) {
  Made made;
  Read read = read_text(text + "[OPTIONS]\nUNITS LPS\n");
  EXPECT_TRUE(read.diagnostics.ok()) << read.diagnostics.to_text();
  made.file = std::move(read.file);
  made.scenario = to_scenario(made.file, fidelity, made.diagnostics);
  return made;
}

/// What the file's own solution has at its start.
struct Solved {
  hydraulics::Simulation simulation;
  explicit Solved(const EpanetFile& file) : simulation(file.model) {
    EXPECT_EQ(simulation.solve().status, hydraulics::SolveStatus::converged);
  }
  double flow_m3s(std::size_t link) const { return simulation.state().flow_m3s[link]; }
  double head_m(std::size_t node) const { return simulation.state().head_m[node]; }
};

}  // namespace wintergrid::scenario::test_epanet
