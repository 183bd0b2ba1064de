// `solve heat` against published heat networks, and what it does with files that people get wrong.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/cli/program.hpp"
#include "tests/support/reference_data.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid {
namespace {

namespace fs = std::filesystem;
using test::run_program;

using Row = std::map<std::string, std::string>;

/// Cells of a line; quotes protect commas.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

/// Rows by their first cell; columns by name.
std::map<std::string, Row> table(const fs::path& path) {
  std::ifstream stream(path);
  std::string line;
  std::getline(stream, line);
  const std::vector<std::string> names = cells_of(line);
  std::map<std::string, Row> rows;
  while (std::getline(stream, line)) {
    const std::vector<std::string> cells = cells_of(line);
    Row row;
    for (std::size_t k = 0; k < std::min(names.size(), cells.size()); ++k) {
      row[names[k]] = cells[k];
    }
    rows[cells.front()] = row;
  }
  return rows;
}

double worst(const std::map<std::string, Row>& ours, const std::string& our_column,
             const std::map<std::string, Row>& theirs, const std::string& their_column,
             double shift = 0.0) {
  double largest = 0.0;
  EXPECT_EQ(ours.size(), theirs.size());
  for (const auto& [name, row] : theirs) {
    const std::string& given = row.at(their_column);
    if (!ours.contains(name)) {
      ADD_FAILURE() << name << " is missing";
      continue;
    }
    const std::string& found = ours.at(name).at(our_column);
    if (given == "nan" || found == "nan") {
      EXPECT_EQ(given, found) << name << ' ' << our_column;
    } else {
      largest = std::max(largest, std::abs(std::stod(found) - std::stod(given) - shift));
    }
  }
  return largest;
}

/// Every CASE_nodes.csv beside the JSON file: pressures to 1e-4 bar, temperatures to 0.01 K, flows
/// to 1e-4 kg/s. In fact differences are in the sixth digit.
TEST(SolveHeat, CasesOfTheSupplyNetwork) {
  const auto root = test::reference_data("heat");
  if (!root) {
    return;
  }
  int cases = 0;
  for (const auto& entry : fs::directory_iterator(*root)) {
    const std::string file = entry.path().filename().string(), ending = "_nodes.csv";
    if (file.size() <= ending.size() ||
        file.compare(file.size() - ending.size(), ending.size(), ending) != 0) {
      continue;
    }
    const std::string name = file.substr(0, file.size() - ending.size());
    SCOPED_TRACE(name);
    const test::TempDir folder;
    const std::string out = (folder / "out").string();
    const auto result = run_program(
        {"solve", "heat", (*root / "dh_supply_network.json").string(), "--case", name, "-o", out});
    ASSERT_EQ(result.code, 0) << result.err;
    const auto nodes = table(folder / "out/nodes.csv"), pipes = table(folder / "out/pipes.csv");
    const auto node_reference = table(entry.path());
    const auto pipe_reference = table(*root / (name + "_pipes.csv"));
    EXPECT_LE(worst(nodes, "p_bar", node_reference, "p_bar_gauge"), 1e-4);
    EXPECT_LE(worst(nodes, "t_k", node_reference, "T_C", 273.15), 0.01);
    EXPECT_LE(worst(pipes, "mdot_kg_per_s", pipe_reference, "mdot_kg_s"), 1e-4);
    EXPECT_LE(worst(pipes, "v_m_per_s", pipe_reference, "v_mean_m_s"), 1e-5);
    EXPECT_LE(worst(pipes, "t_outlet_k", pipe_reference, "T_outlet_C", 273.15), 0.01);
    ++cases;
  }
  EXPECT_GE(cases, 4);
}

/// The last (against the flow: first) of "[1.0, 2.0, 3.0]".
double end_of_list(const std::string& list, bool last) {
  const std::size_t at = last ? list.rfind(',') + 1 : list.find('[') + 1;
  return std::stod(list.substr(at));
}

/// Tables with OpenModelica's results beside the inputs. Its pipes are five to seven mixed cells,
/// so that its temperatures lie above the exponential law's: that is why their tolerance is wide.
TEST(SolveHeat, TablesWithResultsOfOpenModelica) {
  const auto root = test::reference_data("heat/openmodelica");
  if (!root) {
    return;
  }
  int sets = 0;
  for (const auto& entry : fs::directory_iterator(*root)) {
    const std::string file = entry.path().filename().string(), ending = "_junction.csv";
    if (file.size() <= ending.size() ||
        file.compare(file.size() - ending.size(), ending.size(), ending) != 0) {
      continue;
    }
    const std::string name = file.substr(0, file.size() - ending.size());
    SCOPED_TRACE(name);
    const test::TempDir folder;
    const auto result = run_program(
        {"solve", "heat", root->string(), "--case", name, "-o", (folder / "out").string()});
    ASSERT_EQ(result.code, 0) << result.err;
    const auto nodes = table(folder / "out/nodes.csv"), pipes = table(folder / "out/pipes.csv");
    for (const auto& [id, row] : table(entry.path())) {
      const double theirs = std::stod(row.at("p_om"));
      EXPECT_NEAR(std::stod(nodes.at(id).at("p_bar")), theirs, 0.005 * theirs) << id;
    }
    for (const auto& [id, row] : table(*root / (name + "_pipe.csv"))) {
      const double velocity = std::stod(pipes.at(id).at("v_m_per_s"));
      EXPECT_NEAR(velocity, std::stod(row.at("v_om")), 0.002) << id;
      const double theirs = end_of_list(row.at("T_om"), velocity > 0.0);
      EXPECT_NEAR(std::stod(pipes.at(id).at("t_outlet_k")), theirs, 0.01 * theirs) << id;
    }
    ++sets;
  }
  EXPECT_GE(sets, 4);
}

/// Two feeds at different heights, defaults for columns that miss, names of an older version, an
/// element out of service and an island.
TEST(SolveHeat, TablesWithGapsAndSeveralFeeds) {
  const test::TempDir folder;
  folder.write("two_junction.csv",
               ",tfluid_k,height_m,in_service\n0,320,0,True\n1,320,10,True\n2,,0,1\n3,,0,True\n"
               "4,,0,True\n");
  folder.write("two_pipe.csv",
               "index,from_junction,to_junction,length_km,diameter_m,alpha_w_per_m2k,in_service\n"
               "0,0,1,0.2,0.1,0,True\n1,1,2,0.2,0.1,0,True\n2,3,4,0.2,0.1,5,True\n"
               "3,2,3,0.1,0.1,0,False\n");
  folder.write("two_ext_grid.csv", "index,junction,p_bar,t_k\n0,0,5,360\n1,2,5,350\n");
  folder.write("two_sink.csv", "index,junction,mdot_kg_per_s,scaling\n0,1,3,2.0\n");
  folder.write("two_source.csv", "index,junction,mdot_kg_per_s\n0,1,2\n");
  folder.write("two_valve.csv", "index\n");
  const auto result =
      run_program({"solve", "heat", folder.path().string(), "-o", (folder / "out").string()});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.err.find("two_valve.csv: warning: tables of this kind are not read"),
            std::string::npos)
      << result.err;
  EXPECT_NE(result.err.find("2 nodes have no source of pressure and are not solved: 3, 4"),
            std::string::npos)
      << result.err;
  const auto nodes = table(folder / "out/nodes.csv"), pipes = table(folder / "out/pipes.csv");
  EXPECT_EQ(nodes.at("3").at("p_bar"), "nan");
  EXPECT_EQ(pipes.at("3").at("mdot_kg_per_s"), "nan");
  EXPECT_EQ(pipes.at("2").at("mdot_kg_per_s"), "nan");
  const double left = std::stod(pipes.at("0").at("mdot_kg_per_s"));
  const double right = -std::stod(pipes.at("1").at("mdot_kg_per_s"));
  EXPECT_NEAR(left + right, 4.0, 1e-6);
  EXPECT_GT(left, right);  // the warmer column is lighter: 6 kg/m3 over 10 m are 6 mbar
  EXPECT_NEAR(std::stod(nodes.at("1").at("t_k")),
              (left * 360.0 + right * 350.0 + 2.0 * 320.0) / 6.0, 1e-4);
  // 10 m of water and 1.2 mbar of air, and some 10 mbar of friction.
  EXPECT_NEAR(std::stod(nodes.at("1").at("p_bar")), 5.0 - 0.949 + 0.0012 - 0.010, 0.012);
}

/// Supply and return with a plant that has too little heat: consumers get what there is.
TEST(SolveHeat, AClosedNetworkInTables) {
  const test::TempDir folder;
  folder.write("net_junction.csv", "index\n0\n1\n2\n3\n");
  folder.write("net_pipe.csv",
               "index,from_junction,to_junction,length_km,inner_diameter_mm,u_w_per_m2k,text_k\n"
               "0,0,1,0.5,150,0.5,275.15\n1,2,3,0.5,150,0.5,275.15\n");
  folder.write("net_circ_pump_pressure.csv",
               "index,return_junction,flow_junction,p_flow_bar,plift_bar,t_flow_k,qmax_w\n"
               "0,3,0,8,3,363.15,1e6\n");
  folder.write("net_heat_consumer.csv",
               "index,from_junction,to_junction,qext_w,treturn_k,kv_kg_s_per_sqrt_bar\n"
               "0,1,2,1.5e6,323.15,20\n");
  const auto result =
      run_program({"solve", "heat", folder.path().string(), "-o", (folder / "out").string()});
  ASSERT_EQ(result.code, 0) << result.err;
  const auto consumers = table(folder / "out/consumers.csv");
  const double delivered = std::stod(consumers.at("0").at("delivered_w"));
  EXPECT_LT(delivered, 1e6);
  EXPECT_GT(delivered, 0.95e6);
  EXPECT_NE(result.out.find("consumers get 0.9"), std::string::npos) << result.out;
}

const char* const kJson =
    "{\"T_ambient_C\": 5, \"roughness_mm\": 0.1,\n"
    " \"plant\": {\"node\": \"P\", \"p_bar_gauge\": 6, \"T_feed_C\": 80},\n"
    " \"nodes\": [{\"id\": \"P\"}, {\"id\": \"A\", \"height_m\": 3}, {\"id\": \"B\"}],\n"
    " \"pipes\": [{\"id\": \"p1\", \"from\": \"P\", \"to\": \"A\", \"length_m\": 100, "
    "\"d_inner_mm\": 80, \"u_W_m2K\": 1},\n"
    "  {\"id\": \"p2\", \"from\": \"A\", \"to\": \"B\", \"length_m\": 100, \"d_inner_mm\": 80}],\n"
    " \"consumers\": [{\"node\": \"A\", \"mdot_kg_s\": 1}],\n"
    " \"cases\": {\"storm\": \"swamee-jain with pipes p2 out of service\"},\n"
    " \"case_W\": {\"T_flow_C\": 80, \"p_flow_bar\": 6, \"plift_bar\": 2,\n"
    "  \"consumers\": [{\"node\": \"B\", \"qext_W\": 100000, \"T_return_C\": 45}]}}\n";

/// Cases by description and by the words of their names, for a file that nobody has seen before.
TEST(SolveHeat, CasesSayWhatTheyAre) {
  const test::TempDir folder;
  const std::string file = folder.write("net.json", kJson).string();
  const auto run = [&](const std::string& name) {
    return run_program({"solve", "heat", file, "--case", name, "-o", (folder / name).string()});
  };
  const auto storm = run("storm");
  ASSERT_EQ(storm.code, 0) << storm.err;
  EXPECT_EQ(table(folder / "storm/nodes.csv").at("B").at("p_bar"), "nan");
  ASSERT_EQ(run("X_swamee_outage_p2").code, 0);
  EXPECT_EQ(test::bytes_of(folder / "storm/nodes.csv"),
            test::bytes_of(folder / "X_swamee_outage_p2/nodes.csv"));
  ASSERT_EQ(run("X_nikuradse").code, 0);
  EXPECT_NE(table(folder / "X_nikuradse/nodes.csv").at("A").at("p_bar"),
            table(folder / "storm/nodes.csv").at("A").at("p_bar"));
  const auto closed = run("W");
  ASSERT_EQ(closed.code, 0) << closed.err;
  EXPECT_EQ(table(folder / "W/nodes.csv").size(), 6u);
  EXPECT_NEAR(std::stod(table(folder / "W/consumers.csv").at("B").at("delivered_w")), 1e5, 1.0);
  const auto cut = run("W_outage_p1");
  ASSERT_EQ(cut.code, 0) << cut.err;
  EXPECT_NE(cut.err.find("A_s, B_s, A_r, B_r"), std::string::npos) << cut.err;
  EXPECT_EQ(std::stod(table(folder / "W_outage_p1/consumers.csv").at("B").at("delivered_w")), 0.0);
}

TEST(SolveHeat, WrongInputIsRefusedAndNothingIsWritten) {
  const test::TempDir folder;
  const std::string out = (folder / "out").string();
  const std::string file = folder.write("net.json", kJson).string();
  const auto expect_refused = [&](const std::string& path, const std::string& name,
                                  const std::string& words) {
    const auto result = run_program({"solve", "heat", path, "--case", name, "-o", out});
    EXPECT_EQ(result.code, 65) << name;
    EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
  };
  expect_refused(file, "strom", "did you mean 'storm'?");
  expect_refused(file, "A_outage_p9", "'p9' out of service, which is not a pipe");
  std::string text = kJson;
  text.replace(text.find("\"length_m\": 100"), 15, "\"length_m\": -1 ");
  expect_refused(folder.write("length.json", text).string(), "storm", "pipes[0]");
  text = kJson;
  text.replace(text.find("\"to\": \"B\""), 9, "\"to\": \"C\"");
  expect_refused(folder.write("node.json", text).string(), "storm", "'C', which is not a node");
  expect_refused(folder.write("broken.json", "{\"nodes\": [,]}").string(), "",
                 "broken.json:1:12: error: the file is not valid JSON");

  const test::TempDir tables;
  tables.write("a_junction.csv", "index,height_m\n0,x\n1,0\n");
  tables.write(
      "a_pipe.csv",
      "index,from_junction,to_junction,length_km,inner_diameter_mm\n0,0,7,1,100\n1,0,1,1,\n");
  const auto wrong = run_program({"solve", "heat", tables.path().string(), "-o", out});
  EXPECT_EQ(wrong.code, 65);
  for (const char* words : {"a_junction.csv:2:3: error: 'height_m' is 'x' (must be a number)",
                            "a_pipe.csv:2:5: error: 'to_junction' is '7', which is not a junction",
                            "a_pipe.csv:3:9: error: 'inner_diameter_mm' is missing"}) {
    EXPECT_NE(wrong.err.find(words), std::string::npos) << words << '\n' << wrong.err;
  }
  EXPECT_EQ(run_program({"solve", "heat", (folder / "no.json").string(), "-o", out}).code, 66);
  EXPECT_FALSE(fs::exists(out));
}

}  // namespace
}  // namespace wintergrid
