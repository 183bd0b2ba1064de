// District heat: cases of a JSON network with their results, and table sets with OpenModelica's
// results in their own columns.

#include <cmath>
#include <numeric>
#include <set>

#include "tests/validation/comparison.hpp"

namespace wintergrid::validation {
namespace {

namespace fs = std::filesystem;

constexpr double kZeroCelsiusK = 273.15;
// The reference prints eight digits; its solver stops at about 1e-6.
constexpr Tolerance kPressureBar{1e-4, 0.0};
constexpr Tolerance kTemperatureK{1e-2, 0.0};
constexpr Tolerance kMassFlow{1e-4, 1e-5};
// Usual between pandapipes and OpenModelica: pressure 1 to 5 %, velocity 0.05 m/s.
constexpr Tolerance kModelicaBar{0.0, 0.05};
constexpr Tolerance kModelicaVelocity{0.05, 0.0};
constexpr double kModelicaMeanRelativeT = 0.04;

void json_cases(const fs::path& root, Rows& rows) {
  for (const fs::path& file : files_ending(root, ".json")) {
    for (const fs::path& nodes : files_ending(root, "_nodes.csv")) {
      const std::string text = nodes.filename().string();
      const std::string name = text.substr(0, text.size() - std::string("_nodes.csv").size());
      guarded(name, rows, [&] {
        const fs::path out = scratch(name);
        const double seconds =
            run_wintergrid({"solve", "heat", file.string(), "--case", name, "-o", out.string()});
        append(rows,
               compare(name, seconds, read_table(out / "nodes.csv"), read_table(nodes), {"id=node"},
                       {{"pressure, bar", "p_bar", "p_bar_gauge", kPressureBar},
                        {"temperature, C", "t_k", "T_C", kTemperatureK, 1.0, -kZeroCelsiusK}}));
        append(rows, compare(name, seconds, read_table(out / "pipes.csv"),
                             read_table(root / (name + "_pipes.csv")), {"id=pipe"},
                             {{"mass flow, kg/s", "mdot_kg_per_s", "mdot_kg_s", kMassFlow},
                              {"outlet, C", "t_outlet_k", "T_outlet_C", kTemperatureK, 1.0,
                               -kZeroCelsiusK}}));
      });
    }
  }
}

/// Last number of "[a, b, c]".
double last_of_list(const std::string& text) {
  return std::stod(text.substr(text.find_last_of("[,") + 1));
}

/// The mean over pipes of |ours - reference| / reference, outlet temperatures in K.
Row mean_relative_temperature(const std::string& name, double seconds, const Table& ours,
                              const Table& reference) {
  Row row{.case_name = name,
          .quantity = "outlet, mean relative difference",
          .tolerance = kModelicaMeanRelativeT,
          .seconds = seconds};
  double sum = 0.0;
  for (std::size_t i = 0; i < reference.rows.size(); ++i) {
    const double expected = last_of_list(reference.rows[i][reference.column("T_om")]);
    const double value = std::stod(ours.rows.at(i)[ours.column("t_outlet_k")]);
    sum += std::abs(value - expected) / expected;
    row.ours += value / static_cast<double>(reference.rows.size());
    row.reference += expected / static_cast<double>(reference.rows.size());
  }
  row.difference = sum / static_cast<double>(reference.rows.size());
  return row;
}

void table_sets(const fs::path& folder, Rows& rows) {
  for (const fs::path& junctions : files_ending(folder, "_junction.csv")) {
    const std::string text = junctions.filename().string();
    const std::string name = text.substr(0, text.size() - std::string("_junction.csv").size());
    guarded(name, rows, [&] {
      const fs::path out = scratch(name);
      const double seconds =
          run_wintergrid({"solve", "heat", folder.string(), "--case", name, "-o", out.string()});
      const Table pipes = read_table(folder / (name + "_pipe.csv"));
      const Table our_pipes = read_table(out / "pipes.csv");
      append(rows, compare(name, seconds, read_table(out / "nodes.csv"), read_table(junctions),
                           {"id=index"}, {{"pressure, bar", "p_bar", "p_om", kModelicaBar}}));
      append(rows, compare(name, seconds, our_pipes, pipes, {"id=index"},
                           {{"velocity, m/s", "v_m_per_s", "v_om", kModelicaVelocity}}));
      rows.push_back(mean_relative_temperature(name, seconds, our_pipes, pipes));
    });
  }
}

}  // namespace

Rows validate_heat(const fs::path& root) {
  Rows rows;
  json_cases(root, rows);
  if (fs::exists(root / "openmodelica")) {
    table_sets(root / "openmodelica", rows);
  }
  return rows;
}

}  // namespace wintergrid::validation
