// Imported networks in the water room against the file solved as it is: who has water and how much,
// whole and with pipes closed. Published networks; EPANET 2.3.5 for the closed pipes.

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/montecarlo/prepare.hpp"
#include "engine/scenario/epanet.hpp"
#include "engine/scenario/write.hpp"
#include "grid_models/hydraulics/simulation.hpp"
#include "grid_models/water/water.hpp"
#include "tests/support/reference_data.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid::scenario {
namespace {

using hydraulics::LinkKind;
using hydraulics::LinkStatus;

constexpr double kRequiredPressureM = 20.0;
constexpr double kSecondsPerHour = 3600.0;

/// A file and what `import epanet` makes of it, through the files that it writes.
class Imported {
 public:
  explicit Imported(const std::filesystem::path& path) {
    Diagnostics diagnostics;
    file_ = read_epanet(path.string(), diagnostics);
    const Scenario made = to_scenario(file_, EpanetFidelity::hydraulic, diagnostics);
    EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
    const test::TempDir folder;
    for (const NamedText& text : to_files(made)) {
      folder.write(text.name, text.text);
    }
    const Scenario read = read_scenario((folder.path() / "scenario.yaml").string(), diagnostics);
    prepared_ = montecarlo::prepare_case(read, diagnostics);
    EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
    for (std::size_t i = 0; i < read.water_nodes.size(); ++i) {
      node_at_.emplace(read.water_nodes[i].water_node, i);
    }
    for (std::size_t i = 0; i < read.water_links.size(); ++i) {
      link_at_.emplace(read.water_links[i].water_link, i);
    }
    name_elements();
    pumps_off_.assign(prepared_->model.water.node_count(), 1);
  }

  const EpanetFile& file() const { return file_; }
  water::Model& water() { return prepared_->model.water; }
  std::size_t node_of(std::size_t i) const { return node_at_.at(node_names_[i]); }

  /// Pumps that do not run at the file's start, as the scenario has it.
  void switch_off(std::size_t link) {
    if (const auto at = node_at_.find(link_names_[link]); at != node_at_.end()) {
      pumps_off_[at->second] = 0;
    }
  }

  struct Answer {
    std::vector<double> share;  ///< by junction of the file
    double delivered_m3_per_h = 0.0, wanted_m3_per_h = 0.0;
  };
  /// Tanks as at the file's start, these links of the file closed.
  Answer solve(double demand_factor, const std::vector<std::size_t>& closed) {
    const water::Model& model = water();
    std::vector<double> nodes(model.node_count(), 1.0), links(model.link_from.size(), 1.0);
    for (const std::size_t k : closed) {
      if (const auto at = link_at_.find(link_names_[k]); at != link_at_.end()) {
        links[at->second] = 0.0;
      } else if (const auto pump = node_at_.find(link_names_[k]); pump != node_at_.end()) {
        nodes[pump->second] = 0.0;
      }
    }
    water::Inputs inputs;
    inputs.demand_factor = demand_factor;
    inputs.node_factor = nodes;
    inputs.node_powered = pumps_off_;
    inputs.link_factor = links;
    water::Parameters parameters;
    parameters.minimum_share = 0.0;
    water::Water room(model);
    water::State state = room.initial_state();
    for (const hydraulics::Tank& tank : file_.model.tanks) {
      const std::size_t at = node_of(tank.node);
      const double level = (tank.start_m3 - tank.least_m3) / (tank.most_m3 - tank.least_m3);
      state.tank_level_m3[at] = level > 1e-9 ? model.tank_volume_m3[at] * level : 0.0;
    }
    room.settle(inputs, parameters, state);
    EXPECT_FALSE(room.bounded());
    Answer answer;
    for (std::size_t i = 0; i < file_.node_ids.size(); ++i) {
      const auto at = node_at_.find(node_names_[i]);
      const double share =
          at == node_at_.end() ? 0.0 : static_cast<double>(state.node_share[at->second]);
      answer.share.push_back(share);
      if (at != node_at_.end()) {
        const double wanted = demand_factor * model.node_demand_m3_per_h[at->second];
        answer.delivered_m3_per_h += share * wanted;
        answer.wanted_m3_per_h += wanted;
      }
    }
    return answer;
  }

 private:
  /// J1, J2 .. R1 .. T1; P1 .. PU1 .. V1: by their place in the file.
  void name_elements() {
    std::map<std::string, int> count;
    for (const EpanetNodeKind kind : file_.node_kinds) {
      const std::string letter = kind == EpanetNodeKind::junction    ? "J"
                                 : kind == EpanetNodeKind::reservoir ? "R"
                                                                     : "T";
      node_names_.push_back(letter + std::to_string(++count[letter]));
    }
    for (const LinkKind kind : file_.model.network.kind) {
      const std::string letter = kind == LinkKind::pump                                    ? "PU"
                                 : kind == LinkKind::pipe || kind == LinkKind::check_valve ? "P"
                                                                                           : "V";
      link_names_.push_back(letter + std::to_string(++count[letter]));
    }
  }

  EpanetFile file_;
  std::unique_ptr<montecarlo::Case> prepared_;
  std::map<std::string, std::size_t> node_at_, link_at_;
  std::vector<std::string> node_names_, link_names_;
  std::vector<std::uint8_t> pumps_off_;
};

hydraulics::WaterModel by_pressure(const EpanetFile& file) {
  hydraulics::WaterModel model = file.model;
  model.options.pressure_driven = true;
  model.options.minimum_pressure_m = 0.0;
  model.options.required_pressure_m = kRequiredPressureM;
  model.options.pressure_exponent = 0.5;
  model.options.accuracy = 1e-6;
  model.options.max_iterations = 200;
  return model;
}

/// The average day as the scenario has it: mean demands, every pump running, no controls.
hydraulics::WaterModel average_day(const EpanetFile& file) {
  hydraulics::WaterModel model = by_pressure(file);
  model.controls.clear();
  model.rules.clear();
  for (hydraulics::Demand& demand : model.demands) {
    if (demand.pattern != hydraulics::kNone) {
      const auto& pattern = model.patterns[demand.pattern];
      double sum = 0.0;
      for (const double factor : pattern) {
        sum += factor;
      }
      demand.base_m3s *= sum / static_cast<double>(pattern.size());
      demand.pattern = hydraulics::kNone;
    }
  }
  for (std::size_t k = 0; k < model.start_status.size(); ++k) {
    if (model.network.kind[k] == LinkKind::pump) {
      model.start_status[k] = LinkStatus::open;
      model.start_setting[k] = 1.0;
    }
  }
  return model;
}

/// The file's average day with pipes and pumps as the import has them.
hydraulics::WaterModel as_imported(const EpanetFile& file) {
  hydraulics::WaterModel model = average_day(file);
  hydraulics::Simulation start(by_pressure(file));
  start.solve();
  for (std::size_t k = 0; k < model.start_status.size(); ++k) {
    if (model.network.kind[k] == LinkKind::pipe && start.state().status[k] == LinkStatus::closed) {
      model.start_status[k] = LinkStatus::closed;
    }
  }
  return model;
}

struct Compared {
  std::size_t junctions = 0, short_of_water = 0;
  double wanted = 0.0;     ///< ours / theirs
  double delivered = 0.0;  ///< ours - theirs, of what theirs wanted
  double worst_share = 0.0;
};

/// Every junction that has its full demand in the file has it here.
Compared compare(Imported& imported, double demand_factor, const std::vector<std::size_t>& closed) {
  const EpanetFile& file = imported.file();
  hydraulics::WaterModel model = as_imported(file);
  model.demand_multiplier *= demand_factor;
  hydraulics::Simulation theirs(model);
  for (const std::size_t k : closed) {
    theirs.take_out(static_cast<std::uint32_t>(k));
  }
  EXPECT_EQ(theirs.solve().status, hydraulics::SolveStatus::converged);
  const Imported::Answer ours = imported.solve(demand_factor, closed);
  Compared compared;
  double full = 0.0, delivered = 0.0;
  for (std::size_t i = 0; i < file.node_ids.size(); ++i) {
    const double wanted = theirs.full_demand_m3s()[i];
    if (wanted <= 0.0 || file.model.network.fixed_head[i] != 0) {
      continue;
    }
    const double share = theirs.state().delivered_m3s[i] / wanted;
    full += wanted * kSecondsPerHour;
    delivered += theirs.state().delivered_m3s[i] * kSecondsPerHour;
    compared.worst_share = std::max(compared.worst_share, std::abs(share - ours.share[i]));
    ++compared.junctions;
    compared.short_of_water += share < 0.9999 ? 1U : 0U;
    if (share >= 0.9999 && closed.empty() && demand_factor == 1.0) {
      EXPECT_GE(ours.share[i], 0.9999) << file.node_ids[i];
    }
  }
  compared.wanted = ours.wanted_m3_per_h / full;
  compared.delivered = (ours.delivered_m3_per_h - delivered) / full;
  return compared;
}

struct WholeCase {
  const char* network;
  double demand_factor;
  bool pumps;
  double total, share;  ///< largest differences
};

class WholeNetwork : public testing::TestWithParam<WholeCase> {};

TEST_P(WholeNetwork, DeliversWhatTheFileDoes) {
  const WholeCase& which = GetParam();
  const auto path = test::reference_data(std::string("water/") + which.network + ".inp");
  if (!path) {
    return;
  }
  Imported imported(*path);
  std::vector<std::size_t> closed;
  for (std::size_t k = 0; k < imported.file().link_ids.size(); ++k) {
    if (!which.pumps && imported.file().model.network.kind[k] == LinkKind::pump) {
      closed.push_back(k);
    }
  }
  const Compared compared = compare(imported, which.demand_factor, closed);
  std::printf(
      "%s, %g x average demand%s: %zu junctions, %zu short; delivered %+.4f %% of the "
      "demand, largest difference of a share %.5f\n",
      which.network, which.demand_factor, which.pumps ? "" : ", no pump runs", compared.junctions,
      compared.short_of_water, 100.0 * compared.delivered, compared.worst_share);
  EXPECT_GE(compared.junctions, 8U);
  EXPECT_NEAR(compared.wanted, 1.0, 1e-4);
  EXPECT_NEAR(compared.delivered, 0.0, which.total);
  EXPECT_LE(compared.worst_share, which.share);
}

INSTANTIATE_TEST_SUITE_P(Published, WholeNetwork,
                         testing::Values(WholeCase{"Net1", 1.0, true, 0.001, 0.001},
                                         WholeCase{"Net1", 6.0, true, 0.01, 0.02},
                                         WholeCase{"Net1", 1.0, false, 0.01, 0.01},
                                         WholeCase{"Net3", 1.0, true, 0.001, 0.001},
                                         WholeCase{"Net3", 4.0, true, 0.01, 0.02},
                                         WholeCase{"Net3", 1.0, false, 0.01, 0.01},
                                         WholeCase{"ky4", 1.0, true, 0.001, 0.001},
                                         WholeCase{"ky4", 15.0, true, 0.01, 0.05},
                                         WholeCase{"ky4", 1.0, false, 0.01, 0.01}));

TEST(ImportedKy4, DeliversWhatTheFileDoesWithPipesClosed) {
  const auto path = test::reference_data("water/ky4.inp");
  if (!path) {
    return;
  }
  Imported imported(*path);
  double sum = 0.0, worst = 0.0;
  int cases = 0, with_shortage = 0;
  std::string worst_links;
  for (std::size_t k = 3; k + 31 < imported.file().link_ids.size(); k += 9, ++cases) {
    const Compared compared = compare(imported, 1.0, {k, k + 17, k + 31});
    sum += std::abs(compared.delivered);
    if (std::abs(compared.delivered) > std::abs(worst)) {
      worst = compared.delivered;
      worst_links = imported.file().link_ids[k] + ", " + imported.file().link_ids[k + 17] + ", " +
                    imported.file().link_ids[k + 31];
    }
    with_shortage += compared.short_of_water > 0 ? 1 : 0;
  }
  std::printf(
      "ky4, %d outages of three links, %d with a shortage: delivered demand, difference of "
      "the full demand: mean size %.5f %%, worst %+.4f %% without %s\n",
      cases, with_shortage, 100.0 * sum / cases, 100.0 * worst, worst_links.c_str());
  EXPECT_GT(with_shortage, cases / 4);
  EXPECT_LE(sum / cases, 5e-4);
  EXPECT_LE(std::abs(worst), 0.02);
}

TEST(ImportedNet3, DeliversWhatEpanetDoesWithPipesClosed) {
  const auto path = test::reference_data("water/Net3.inp");
  const auto cases = test::reference_data("water/Net3_random_outages_pda20.csv");
  if (!path || !cases) {
    return;
  }
  Imported imported(*path);
  // demands and pumps of the file's start instead of the average day's
  hydraulics::Simulation start(by_pressure(imported.file()));
  ASSERT_EQ(start.solve().status, hydraulics::SolveStatus::converged);
  std::map<std::string, std::size_t> link_of;
  for (std::size_t k = 0; k < imported.file().link_ids.size(); ++k) {
    link_of.emplace(imported.file().link_ids[k], k);
    if (imported.file().model.network.kind[k] == LinkKind::pump &&
        start.state().status[k] == LinkStatus::closed) {
      imported.switch_off(k);
    }
  }
  for (std::size_t i = 0; i < imported.file().node_ids.size(); ++i) {
    if (imported.file().node_kinds[i] == EpanetNodeKind::junction) {
      imported.water().node_demand_m3_per_h[imported.node_of(i)] =
          std::max(0.0, start.full_demand_m3s()[i]) * kSecondsPerHour;
    }
  }
  std::ifstream file(*cases);
  std::string line;
  std::getline(file, line);  // case,closed_links,rc,iterations,rel_error,full_demand_Lps,...
  std::vector<double> differences;
  double sum = 0.0, sum_absolute = 0.0;
  std::string worst_case;
  double worst = 0.0;
  while (std::getline(file, line)) {
    std::vector<std::string> cells;
    std::istringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) {
      cells.push_back(cell);
    }
    ASSERT_GE(cells.size(), 7U);
    std::vector<std::size_t> closed;
    std::istringstream names(cells[1]);
    for (std::string name; std::getline(names, name, ';');) {
      closed.push_back(link_of.at(name));
    }
    const double full = std::stod(cells[5]), delivered = std::stod(cells[6]);
    const double ours =
        imported.solve(1.0, closed).delivered_m3_per_h / kSecondsPerHour * kLitresPerM3;
    const double difference = (ours - delivered) / full;
    differences.push_back(std::abs(difference));
    sum += difference;
    sum_absolute += std::abs(difference);
    if (std::abs(difference) > std::abs(worst)) {
      worst = difference;
      worst_case = cells[0] + " (" + cells[1] + ")";
    }
  }
  ASSERT_EQ(differences.size(), 1000U);
  const double count = static_cast<double>(differences.size());
  std::sort(differences.begin(), differences.end());
  std::printf(
      "Net3, 1,000 outages: delivered demand, ours - EPANET's, of the full demand: mean "
      "%.5f %%, mean size %.5f %%, 99 of 100 within %.4f %%, worst %.4f %% in case %s\n",
      100.0 * sum / count, 100.0 * sum_absolute / count, 100.0 * differences[989], 100.0 * worst,
      worst_case.c_str());
  EXPECT_LE(sum_absolute / count, 0.001);
  EXPECT_LE(std::abs(worst), 0.05);
}

}  // namespace
}  // namespace wintergrid::scenario
