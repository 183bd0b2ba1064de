#pragma once
// Test-only: the bus, gen and branch matrices of a MATPOWER case whose rows are plain numbers.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <numbers>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "grid_models/power/network.hpp"

namespace wintergrid::test {

using Rows = std::vector<std::vector<double>>;

inline Rows matpower_matrix(std::string_view text, const std::string& name) {
  Rows rows;
  const std::size_t start = text.find("mpc." + name + " = [");
  if (start == std::string_view::npos) {
    throw std::runtime_error("no matrix " + name);
  }
  std::istringstream lines{std::string(text.substr(text.find('[', start) + 1))};
  for (std::string line; std::getline(lines, line);) {
    line = line.substr(0, line.find('%'));
    if (line.find(']') != std::string::npos) {
      break;
    }
    for (char& c : line) {
      c = c == ';' || c == ',' ? ' ' : c;
    }
    std::istringstream numbers{line};
    std::vector<double> row;
    for (std::string cell; numbers >> cell;) {
      row.push_back(std::stod(cell));  // reads Inf too
    }
    if (!row.empty()) {
      rows.push_back(row);
    }
  }
  return rows;
}

/// Branch and generator rows keep their places, in service or not.
struct MatpowerCase {
  power::Network network;  ///< capacity: Pmax; limit: RATE_A where positive
  std::vector<double> demand_mw;
  std::vector<double> shunt_mw;
  std::vector<double> generation_mw;
  std::vector<std::uint8_t> generator_up;
  std::vector<std::uint8_t> branch_up;
  std::vector<std::uint8_t> bus_up;
  std::uint32_t reference_bus = 0;
  double reference_angle_rad = 0.0;
};

inline MatpowerCase read_matpower_case(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream content;
  content << file.rdbuf();
  const std::string text = content.str();
  MatpowerCase result;
  power::Network& network = result.network;
  network.base_mva = std::stod(text.substr(text.find('=', text.find("mpc.baseMVA")) + 1));
  std::map<long, std::uint32_t> index_of;
  for (const auto& row : matpower_matrix(text, "bus")) {
    const auto index = static_cast<std::uint32_t>(index_of.size());
    index_of[std::lround(row[0])] = index;
    const bool isolated = std::lround(row[1]) == 4;
    if (std::lround(row[1]) == 3) {
      result.reference_bus = index;
      result.reference_angle_rad = row[8] * std::numbers::pi / 180.0;
    }
    result.demand_mw.push_back(row[2]);
    result.shunt_mw.push_back(row[4]);
    result.bus_up.push_back(isolated ? 0 : 1);
  }
  network.bus_count = index_of.size();
  for (const auto& row : matpower_matrix(text, "gen")) {
    network.generator_bus.push_back(index_of.at(std::lround(row[0])));
    network.generator_capacity_mw.push_back(std::max(0.0, row[8]));
    result.generation_mw.push_back(row[1]);
    result.generator_up.push_back(row[7] > 0.0 ? 1 : 0);
  }
  for (const auto& row : matpower_matrix(text, "branch")) {
    network.branch_from.push_back(index_of.at(std::lround(row[0])));
    network.branch_to.push_back(index_of.at(std::lround(row[1])));
    const double tap = row[8] == 0.0 ? 1.0 : row[8];
    network.branch_susceptance_pu.push_back(1.0 / (row[3] * tap));
    network.branch_shift_rad.push_back(row[9] * std::numbers::pi / 180.0);
    network.branch_limit_mw.push_back(row[5] > 0.0 ? row[5] : power::kNoLimit);
    result.branch_up.push_back(row[10] > 0.0 ? 1 : 0);
  }
  return result;
}

/// Rows of a comma-separated file after its header, as text.
inline std::vector<std::vector<std::string>> read_csv(const std::filesystem::path& path) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
      if (c == ',') {
        cells.emplace_back();
      } else if (c != '\r') {
        cells.back() += c;
      }
    }
    rows.push_back(cells);
  }
  return rows;
}

/// "3 7 12" (1-based rows) as 0-based indices.
inline std::vector<std::size_t> rows_listed(const std::string& cell) {
  std::vector<std::size_t> rows;
  std::istringstream numbers(cell);
  for (std::size_t row = 0; numbers >> row;) {
    rows.push_back(row - 1);
  }
  return rows;
}

}  // namespace wintergrid::test
