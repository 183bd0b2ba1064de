#pragma once
// MATPOWER case files (version 2): the matrices, after executed statements that can be proven
// harmless have been applied.

#include <cstddef>
#include <string>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "grid_models/core/diagnostics.hpp"
#include "grid_models/power/network.hpp"

namespace wintergrid::scenario {

struct MatpowerMatrix {
  std::size_t columns = 0;
  std::vector<double> values;      ///< row by row
  std::vector<std::size_t> lines;  ///< source line of each row

  std::size_t rows() const { return columns == 0 ? 0 : values.size() / columns; }
  double at(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
};

/// As read; column numbers are MATPOWER's, counted from 0 here.
struct MatpowerCase {
  std::string file, name;
  double base_mva = 100.0;
  MatpowerMatrix bus, gen, branch;
};

/// Columns (MATPOWER manual, appendix B), from 0.
namespace matpower {
// mpc.bus
inline constexpr std::size_t kBusNumber = 0;
inline constexpr std::size_t kBusType = 1;
inline constexpr std::size_t kLoadMw = 2;
inline constexpr std::size_t kShuntMw = 4;
inline constexpr std::size_t kAngleDeg = 8;
inline constexpr std::size_t kBaseKv = 9;
// mpc.branch
inline constexpr std::size_t kFromBus = 0;
inline constexpr std::size_t kToBus = 1;
inline constexpr std::size_t kReactance = 3;
inline constexpr std::size_t kRateA = 5;
inline constexpr std::size_t kTap = 8;
inline constexpr std::size_t kShiftDeg = 9;
inline constexpr std::size_t kStatus = 10;
// mpc.gen
inline constexpr std::size_t kGenBus = 0;
inline constexpr std::size_t kGenMw = 1;
inline constexpr std::size_t kGenStatus = 7;
inline constexpr std::size_t kGenMaxMw = 8;
inline constexpr double kReferenceBusType = 3, kIsolatedBusType = 4;
}  // namespace matpower

/// Reads the file. Statements are applied if they are one of: define_constants; [..] = idx_bus (and
/// idx_brch, idx_gen, idx_cost); scalar assignments; assignments to whole columns, element-wise
/// arithmetic of scalars and columns. Any other statement is an error with its line: a reader that
/// skipped it could be wrong by a factor of 1,000.
MatpowerCase read_matpower(const std::string& path, Diagnostics& diagnostics);

/// The network as the solvers see it; bus positions follow the rows of mpc.bus. Errors: branches or
/// generators at buses that do not exist, duplicate bus numbers, reactances of 0.
struct MatpowerNetwork {
  power::Network network;
  std::vector<long> bus_number;
  std::vector<double> load_mw, shunt_mw, angle_rad;
  std::vector<std::uint8_t> bus_up, branch_up;
  std::vector<double> generator_mw;  ///< scheduled, 0 if out of service
  std::vector<std::uint8_t> generator_up;
  std::size_t reference_bus = 0;
};
MatpowerNetwork to_network(const MatpowerCase& matpower_case, Diagnostics& diagnostics);

struct MatpowerImportOptions {
  bool power_only = false;
};
/// A scenario: one zone per load bus, households in proportion to load (peak demand per household
/// of the defaults), feeders by outage queue, and unless power_only a synthetic heat and water
/// system per zone. Coordinates and names of the source are not taken over.
Scenario to_scenario(const MatpowerCase& matpower_case, const MatpowerImportOptions& options,
                     Diagnostics& diagnostics);

}  // namespace wintergrid::scenario
