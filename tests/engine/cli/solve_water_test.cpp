// `solve water` against published networks solved by EPANET 2.3.5.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/scenario/epanet.hpp"
#include "grid_models/hydraulics/batch_solver.hpp"
#include "grid_models/hydraulics/simulation.hpp"
#include "tests/engine/cli/program.hpp"
#include "tests/support/reference_data.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid {
namespace {

namespace fs = std::filesystem;
using test::run_program;

/// A CSV file by the names of its columns.
struct Table {
  std::map<std::string, std::size_t> column;
  std::vector<std::vector<std::string>> rows;

  explicit Table(const fs::path& path) : rows(test::csv_rows(path)) {
    std::ifstream file(path);
    std::string header, name;
    std::getline(file, header);
    std::istringstream names(header);
    while (std::getline(names, name, ',')) {
      column.emplace(name, column.size());
    }
  }
  const std::string& text(std::size_t row, const std::string& name) const {
    return rows.at(row).at(column.at(name));
  }
  double number(std::size_t row, const std::string& name) const {
    return std::stod(text(row, name));
  }
  /// Rows by time and name, or by name alone.
  std::map<std::string, std::size_t> by_key() const {
    std::map<std::string, std::size_t> keys;
    const bool timed = column.contains("time_s");
    for (std::size_t i = 0; i < rows.size(); ++i) {
      keys.emplace((timed ? text(i, "time_s") + ' ' : std::string{}) + text(i, "id"), i);
    }
    return keys;
  }
};

struct Tolerance {
  double head_m = 1e-2;
  double relative_flow = 1e-4;
  double flow_lps = 1e-3;  ///< where flows are almost nothing
};

double flow_tolerance(const Tolerance& tolerance, double flow) {
  return tolerance.flow_lps + tolerance.relative_flow * std::abs(flow);
}

void expect_equal(const fs::path& out, const fs::path& root, const std::string& name,
                  const Tolerance& tolerance = {}) {
  const Table ours(out / "nodes.csv"), theirs(root / (name + "_nodes.csv"));
  const auto our_rows = ours.by_key();
  ASSERT_FALSE(theirs.rows.empty());
  for (const auto& [key, row] : theirs.by_key()) {
    ASSERT_EQ(our_rows.count(key), 1U) << key;
    const std::size_t own = our_rows.at(key);
    for (const char* quantity : {"head_m", "pressure_m"}) {
      EXPECT_NEAR(ours.number(own, quantity), theirs.number(row, quantity), tolerance.head_m)
          << key << ' ' << quantity;
    }
    for (const char* quantity : {"full_demand_Lps", "delivered_Lps"}) {
      const double expected = theirs.number(row, quantity);
      EXPECT_NEAR(ours.number(own, quantity), expected, flow_tolerance(tolerance, expected))
          << key << ' ' << quantity;
    }
  }
  const Table our_links(out / "links.csv"), their_links(root / (name + "_links.csv"));
  const auto own_links = our_links.by_key();
  for (const auto& [key, row] : their_links.by_key()) {
    ASSERT_EQ(own_links.count(key), 1U) << key;
    const std::size_t own = own_links.at(key);
    const double expected = their_links.number(row, "flow_Lps");
    EXPECT_NEAR(our_links.number(own, "flow_Lps"), expected, flow_tolerance(tolerance, expected))
        << key;
    if (their_links.column.contains("headloss_m")) {
      EXPECT_NEAR(our_links.number(own, "headloss_m"), their_links.number(row, "headloss_m"),
                  tolerance.head_m)
          << key;
      EXPECT_NEAR(our_links.number(own, "velocity_mps"), their_links.number(row, "velocity_mps"),
                  1e-4)
          << key;
    }
  }
}

struct Case {
  std::string network, name;
  std::vector<std::string> arguments;
};

TEST(SolveWater, EqualsEpanetAtTheStart) {
  const auto root = test::reference_data("water");
  if (!root) {
    return;
  }
  const std::vector<std::string> pda20 = {"--pda", "--required-pressure", "20"};
  const std::vector<std::string> pda50 = {"--pda", "--required-pressure", "50"};
  const auto with = [](std::vector<std::string> arguments, const std::vector<std::string>& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  };
  const std::vector<std::string> off = {"--pumps-off-at", "0h"};
  const std::vector<Case> cases = {
      {"Net1", "dda_base", {}},
      {"Net1", "dda_pumpsoff", off},
      {"Net1", "pda20_base", pda20},
      {"Net1", "pda50_base", pda50},
      {"Net1", "pda20_pumpsoff", with(pda20, off)},
      {"Net1", "pda20_closed", with(pda20, {"--closed", "10"})},
      {"Net1", "pda50_closed", with(pda50, {"--closed", "10"})},
      {"Net3", "dda_base", {}},
      {"Net3", "dda_pumpsoff", off},
      {"Net3", "pda20_base", pda20},
      {"Net3", "pda50_base", pda50},
      {"Net3", "pda20_pumpsoff", with(pda20, off)},
      {"Net3", "pda20_closed", with(pda20, {"--closed", "20,40,330,335"})},
      {"Net3", "pda50_closed", with(pda50, {"--closed", "20,40,330,335"})},
      {"ky4", "dda_base", {}},
      {"ky4", "pda20_base", pda20}};
  for (const Case& one : cases) {
    SCOPED_TRACE(one.network + " " + one.name);
    const test::TempDir folder;
    std::vector<std::string> arguments = {"solve", "water",
                                          (*root / (one.network + "_SI_nocontrols.inp")).string(),
                                          "-o", (folder / "out").string()};
    arguments.insert(arguments.end(), one.arguments.begin(), one.arguments.end());
    const auto result = run_program(arguments);
    ASSERT_EQ(result.code, 0) << result.err;
    expect_equal(folder / "out", *root, one.network + "_" + one.name);
  }
}

TEST(SolveWater, EqualsEpanetOverHours) {
  const auto root = test::reference_data("water");
  if (!root) {
    return;
  }
  const std::vector<Case> cases = {
      {"Net3", "eps24_dda", {"--hours", "24"}},
      {"Net3", "eps24_pda20", {"--hours", "24", "--pda", "--required-pressure", "20"}},
      {"Net3",
       "eps48_pda20_pumps_lost_at_4h",
       {"--hours", "48", "--pda", "--required-pressure", "20", "--pumps-off-at", "4h"}}};
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    const test::TempDir folder;
    std::vector<std::string> arguments = {"solve", "water",
                                          (*root / (one.network + ".inp")).string(), "-o",
                                          (folder / "out").string()};
    arguments.insert(arguments.end(), one.arguments.begin(), one.arguments.end());
    const auto result = run_program(arguments);
    ASSERT_EQ(result.code, 0) << result.err;
    expect_equal(folder / "out", *root, one.network + "_" + one.name);
    // the same moments, the same sums and tank levels
    const Table ours(folder / "out/summary.csv");
    const Table theirs(*root / (one.network + "_" + one.name + "_summary.csv"));
    ASSERT_EQ(ours.rows.size(), theirs.rows.size());
    for (std::size_t i = 0; i < ours.rows.size(); ++i) {
      EXPECT_EQ(ours.text(i, "time_s"), theirs.text(i, "time_s"));
      EXPECT_EQ(ours.text(i, "status"), "converged");
      const double delivered = theirs.number(i, "delivered_Lps");
      EXPECT_NEAR(ours.number(i, "delivered_Lps"), delivered, 1e-3 + 1e-4 * delivered);
      std::istringstream own(ours.text(i, "tank_levels_m")), their(theirs.text(i, "tank_levels_m"));
      std::string a, b;
      while (std::getline(their, b, ';')) {
        ASSERT_TRUE(std::getline(own, a, ';'));
        ASSERT_EQ(a.substr(0, a.find('=')), b.substr(0, b.find('=')));
        EXPECT_NEAR(std::stod(a.substr(a.find('=') + 1)), std::stod(b.substr(b.find('=') + 1)),
                    1e-2);
      }
    }
  }
}

TEST(SolveWater, EqualsEpanetOverRandomOutages) {
  const auto root = test::reference_data("water");
  if (!root) {
    return;
  }
  const fs::path file = *root / "Net3_random_outages_pda20.csv";
  const test::TempDir folder;
  const auto result = run_program({"solve", "water", (*root / "Net3_SI_nocontrols.inp").string(),
                                   "--pda", "--required-pressure", "20", "--closed-file",
                                   file.string(), "-o", (folder / "out").string()});
  ASSERT_EQ(result.code, 0) << result.err;
  const Table ours(folder / "out/cases.csv"), theirs(file);
  ASSERT_EQ(ours.rows.size(), theirs.rows.size());
  EXPECT_GE(ours.rows.size(), 1000U);
  for (std::size_t i = 0; i < ours.rows.size(); ++i) {
    EXPECT_EQ(ours.text(i, "case"), theirs.text(i, "case"));
    const double expected = theirs.number(i, "delivered_Lps");
    EXPECT_NEAR(ours.number(i, "delivered_Lps"), expected, 1e-4 * expected + 1e-3) << i;
  }
}

/// Outages of a published network, eight at a time and each alone: the same bits.
TEST(SolveWater, CasesSideBySideEqualEachAlone) {
  const auto root = test::reference_data("water");
  if (!root) {
    return;
  }
  const Table listed(*root / "Net3_random_outages_pda20.csv");
  for (const std::string network : {"Net3", "ky4"}) {
    SCOPED_TRACE(network);
    Diagnostics diagnostics;
    const auto file =
        scenario::read_epanet((*root / (network + "_SI_nocontrols.inp")).string(), diagnostics);
    ASSERT_TRUE(diagnostics.ok()) << diagnostics.to_text();
    hydraulics::WaterModel model = file.model;
    model.options.accuracy = 1e-5;
    model.options.max_iterations = 200;
    model.options.pressure_driven = true;
    const auto links = static_cast<std::uint32_t>(model.network.link_count());
    const std::size_t count = network == "Net3" ? listed.rows.size() : 20;
    std::vector<std::vector<std::uint32_t>> cases;
    for (std::size_t i = 0; i < count; ++i) {
      cases.emplace_back();
      std::istringstream names(listed.text(i, "closed_links"));
      for (std::string name; std::getline(names, name, ';');) {
        const auto at = std::find(file.link_ids.begin(), file.link_ids.end(), name);
        cases.back().push_back(at == file.link_ids.end()
                                   ? static_cast<std::uint32_t>(37 * i) % links
                                   : static_cast<std::uint32_t>(at - file.link_ids.begin()));
      }
    }
    hydraulics::Simulation alone(model), start(model);
    start.begin_moment();
    hydraulics::BatchSolver batch(start.solver());
    const auto done =
        batch.solve(start.full_demand_m3s(), start.state(), cases, model.options,
                    [&](std::size_t index, const hydraulics::SolveResult& result,
                        const hydraulics::State& state) {
                      alone.reset();
                      for (const std::uint32_t link : cases[index]) {
                        alone.take_out(link);
                      }
                      const auto expected = alone.solve();
                      EXPECT_EQ(expected.status, result.status) << index;
                      EXPECT_EQ(expected.iterations, result.iterations) << index;
                      EXPECT_EQ(expected.delivered_m3s, result.delivered_m3s) << index;
                      EXPECT_EQ(alone.state().head_m, state.head_m) << index;
                      EXPECT_EQ(alone.state().flow_m3s, state.flow_m3s) << index;
                      EXPECT_EQ(alone.state().outflow_m3s, state.outflow_m3s) << index;
                    });
    EXPECT_EQ(done.side_by_side, cases.size());
  }
}

constexpr const char* kSmall = R"([JUNCTIONS]
J 5 10
[RESERVOIRS]
R 60
[PIPES]
P R J 1000 300 130
[OPTIONS]
UNITS LPS
[END]
)";

TEST(SolveWater, WrongInputSaysWhereAndWritesNothing) {
  const test::TempDir folder;
  const auto file = folder.write("bad.inp", std::string("[PIPES]\nP R J 1000 300 x\n") + kSmall);
  const auto bad = run_program({"solve", "water", file.string(), "-o", (folder / "out").string()});
  EXPECT_EQ(bad.code, 65);
  EXPECT_NE(bad.err.find("bad.inp:2:"), std::string::npos) << bad.err;
  EXPECT_FALSE(fs::exists(folder / "out"));
  EXPECT_EQ(run_program({"solve", "water", (folder / "no.inp").string(), "-o", "x"}).code, 66);
  const auto good = folder.write("good.inp", kSmall);
  const auto closed = run_program(
      {"solve", "water", good.string(), "--closed", "Q", "-o", (folder / "out").string()});
  EXPECT_EQ(closed.code, 65);
  EXPECT_NE(closed.err.find("there is no link 'Q'"), std::string::npos) << closed.err;
  const auto order = run_program({"solve", "water", good.string(), "--pda", "--required-pressure",
                                  "1", "--minimum-pressure", "2", "-o", (folder / "out").string()});
  EXPECT_EQ(order.code, 64);
  EXPECT_FALSE(fs::exists(folder / "out"));
}

TEST(SolveWater, AClosedNetworkDeliversNothing) {
  const test::TempDir folder;
  const auto file = folder.write("small.inp", kSmall);
  const auto cases = folder.write("cases.csv", "case,closed_links\na,\nb,P\n");
  const auto result = run_program({"solve", "water", file.string(), "--closed-file", cases.string(),
                                   "-o", (folder / "out").string()});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(test::bytes_of(folder / "out/cases.csv"),
            "case,delivered_Lps\na,10.000000\nb,0.000000\n");
}

TEST(ImportEpanet, TheScenarioRunsAtOnceByPressureAndByCapacity) {
  const test::TempDir folder;
  const auto file = folder.write("small.inp", kSmall);
  for (const std::string fidelity : {"hydraulic", "transport"}) {
    std::vector<std::string> words = {"import", "epanet", file.string(), "-o"};
    const fs::path town = folder / fidelity;
    words.push_back(town.string());
    if (fidelity == "transport") {  // the other is the default
      words.insert(words.end(), {"--fidelity", fidelity});
    }
    const auto made = run_program(words);
    ASSERT_EQ(made.code, 0) << made.err;
    EXPECT_NE(
        test::bytes_of(town / "scenario.yaml").find("fidelity: " + fidelity) == std::string::npos,
        fidelity == "transport")
        << "the default is not written";
    const auto ran = run_program(
        {"run", (town / "scenario.yaml").string(), "-n", "2", "-o", (folder / "out").string()});
    EXPECT_EQ(ran.code, 0) << ran.err;
    words[4] = (folder / "again").string();
    words.emplace_back("--force");
    ASSERT_EQ(run_program(words).code, 0);
    for (const char* name : {"scenario.yaml", "water_nodes.csv", "water_links.csv"}) {
      EXPECT_EQ(test::bytes_of(town / name), test::bytes_of(folder / "again" / name)) << name;
    }
  }
}

TEST(ImportEpanet, EditedFilesStayUnlessForced) {
  const test::TempDir folder;
  const auto file = folder.write("small.inp", kSmall);
  const std::vector<std::string> words = {"import", "epanet", file.string(), "-o",
                                          (folder / "town").string()};
  ASSERT_EQ(run_program(words).code, 0);
  folder.write("town/water_nodes.csv", "mine");
  const auto refused = run_program(words);
  EXPECT_EQ(refused.code, 73);
  EXPECT_NE(refused.err.find("water_nodes.csv: is there already and differs"), std::string::npos)
      << refused.err;
  EXPECT_EQ(test::bytes_of(folder / "town/water_nodes.csv"), "mine");
  std::vector<std::string> forced = words;
  forced.emplace_back("--force");
  EXPECT_EQ(run_program(forced).code, 0);
  EXPECT_NE(test::bytes_of(folder / "town/water_nodes.csv"), "mine");
}

TEST(ImportEpanet, SaysWhatItCannotCarryAndWhatIsWrong) {
  const test::TempDir folder;
  const auto with =
      folder.write("with.inp", std::string("[JUNCTIONS]\nK 5 1\n[VALVES]\nV J K 200 PRV 20\n"
                                           "[CONTROLS]\nLINK P OPEN AT TIME 1\n") +
                                   kSmall);
  const auto made =
      run_program({"import", "epanet", with.string(), "-o", (folder / "town").string()});
  EXPECT_EQ(made.code, 0);
  EXPECT_EQ(made.err,
            with.string() +
                ": warning: 1 control not taken over: pumps that run at some time of the file's "
                "first day always run, pipes and valves stay as they are at its start [WG0201]\n" +
                with.string() +
                ": warning: 1 PRV: each is a pipe with its head loss at the file's start; it no "
                "longer limits the pressure behind it [WG0201]\n");
  const auto nobody =
      folder.write("nobody.inp", "[JUNCTIONS]\nJ 5\n[RESERVOIRS]\nR 9\n[PIPES]\nP R J 9 9 9\n");
  const auto bad =
      run_program({"import", "epanet", nobody.string(), "-o", (folder / "none").string()});
  EXPECT_EQ(bad.code, 65);
  EXPECT_NE(bad.err.find("error: no junction has a demand"), std::string::npos) << bad.err;
  EXPECT_FALSE(fs::exists(folder / "none"));
  EXPECT_EQ(run_program({"import", "epanet", with.string(), "-o", "x", "--fidelity", "exact"}).code,
            64);
}

}  // namespace
}  // namespace wintergrid
