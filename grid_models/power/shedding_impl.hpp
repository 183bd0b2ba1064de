#pragma once
// What the parts of Shedding share; private to grid_models/power. Equations: shedding.cpp.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "grid_models/power/limited_dispatch.hpp"
#include "grid_models/power/shedding.hpp"

namespace wintergrid::power {

// Accepted violation: of a limit plus the island's demand and supply, MW per MW.
inline constexpr double kFlowTolerance = 1e-11;

enum class VariableKind : std::uint8_t { generation, injection, load };
struct Variable {
  VariableKind kind;
  std::uint32_t index;  // bus, or group of blocks
  std::uint32_t bus;
};

// Copper plate of one island.
struct Plate {
  double load = 0.0;
  double tolerance = 0.0;  // of flows above a limit
  double injection = 0.0;
  double capacity = 0.0;
  double generation_share = 0.0;
  double injection_share = 0.0;
  double class_load = 0.0;  // of the weight being filled
  double to_shed = 0.0;
  double marginal_weight = 0.0;
  double marginal_share = 0.0;
};

struct Violation {
  double share;  // of the limit
  double excess;
  std::uint32_t branch;
};

struct Shedding::Impl {
  Impl(const Network& given_network, const LoadBlocks& given_blocks);
  void group_blocks();
  // Injection that the outputs mean; buses out of service carry none.
  void sum_injections();
  void copper_plate();
  // Whole weights from the lowest up; the weight in which the deficit ends is shed in proportion to
  // demand.
  void shed_by_weight();
  // By how much the flow exceeds the limit and what rounding of the limit allows; what may remain
  // is Plate::tolerance.
  double excess(std::uint32_t l) const {
    return std::abs(flows[l]) - (1.0 + kFlowTolerance) * network.branch_limit_mw[l];
  }
  // Variables of one island, begun at the copper plate.
  void begin_island(std::uint32_t island, double epsilon, double delta);
  double price_of(double weight, double epsilon) const;
  double size_of(const Variable& v) const;
  bool nothing_shed() const;
  // Maximises and adds limits until none is violated.
  bool solve_to_limits(std::uint32_t island);
  // From a large epsilon down to kEpsilon.
  bool solve_by_continuation(std::uint32_t island);
  // At kEpsilon from the copper plate.
  bool solve_directly(std::uint32_t island);
  bool settle_split(std::uint32_t island, double softer);
  // Writes the programme's solution to the outputs of its island.
  void read_island(std::uint32_t island);
  // Adds the worst of the violated limits; false if there are none.
  bool add_violated_limits(std::uint32_t island);
  void add_rows(std::span<const Violation> violated);
  void activate_limit(const Violation& violated);
  // One proximal point step of the generators' centres; false if they have settled or nothing is
  // shed.
  bool recentre();
  // Exact method on one island. False if it did not converge or the result does not verify.
  bool solve_island(std::uint32_t island);
  // Flows of the programme's present solution.
  bool evaluate(std::uint32_t island);
  bool verify(std::uint32_t island);
  // The outputs of one island times `share` of what they serve.
  void scale_island(std::uint32_t island, double share);
  // Upper bound: flows are affine in the share served, from f_shift at 0 to the copper plate's
  // at 1.
  void bound_island(std::uint32_t island);
  void restore_copper_plate(std::uint32_t island);
  void solve();
  void mark_unsolved();

  const Network& network;
  const LoadBlocks& blocks;
  DcFlow flow;
  LimitedDispatch programme;
  // fixed
  std::vector<std::uint32_t> limited;    // branches with a limit
  std::vector<std::uint32_t> by_weight;  // blocks by weight, then index
  std::vector<std::uint32_t> group_of_block;
  std::vector<std::uint32_t> group_bus;
  std::vector<double> group_weight;
  // arguments and outputs of the solve under way
  std::span<const double> capacity;
  std::span<const double> demand;
  std::span<double> shed;
  std::span<double> generation;
  std::span<double> flows;
  SheddingResult result;
  // scratch
  std::vector<Plate> plate;  // of each island
  std::vector<double> injection_mw;
  std::vector<double> theta;
  std::vector<double> factors;
  std::vector<double> plain_flow;
  std::vector<double> capacity_at;
  std::vector<double> injection_at;
  std::vector<double> load_of_group;
  std::vector<double> fraction_generation;
  std::vector<double> fraction_injection;
  std::vector<double> fraction_group;
  std::vector<Variable> variable;
  std::vector<double> value_before;
  std::vector<Violation> violation;
  std::vector<std::uint32_t> limited_here;   // branches with a limit in the island
  std::vector<double> base_injection_mw;     // with the programme's variables at 0
  std::vector<std::uint32_t> row_of_branch;  // 0: none
  std::vector<std::uint8_t> row_is_upper;
  std::vector<std::uint8_t> island_todo;
  std::vector<std::uint8_t> unsolved;
  double lowest_weight = 0.0;
  double weighted_load = 0.0;
};

}  // namespace wintergrid::power
