#pragma once
// What the parts of DcFlow share; private to grid_models/power. Equations: dc_flow.cpp.

#include <cstdint>
#include <span>
#include <vector>

#include "grid_models/network/sparse_ldlt.hpp"
#include "grid_models/power/dc_flow.hpp"
#include "grid_models/power/dense_lu.hpp"

namespace wintergrid::power {

struct LiveBranch {
  std::uint32_t branch;
  std::uint32_t from;
  std::uint32_t to;
  double susceptance_pu;
};

struct DenseIsland {
  std::uint32_t island;
  std::vector<std::uint32_t> buses;
  DenseLu matrix;
  bool regular;
};

struct DcFlow::Impl {
  explicit Impl(const Network& given);
  std::uint32_t find(std::uint32_t bus);
  void find_islands();
  void factor();
  // Built when first needed for a topology; what is kept is a function of the topology alone.
  const DenseIsland& dense_island(std::uint32_t island);
  void solve_densely(std::uint32_t island);
  void fail(std::uint32_t island);
  // residual = right_side - B angle where it counts; returns the largest flow or injection, to
  // measure it against.
  double find_residual();
  bool residual_exceeds(double allowed) const;
  // angle = B^-1 right_side, checked. right_side is 0 at grounded buses.
  void solve_checked();
  // Rare: finds the islands whose own residual is too large and solves them densely; what then
  // still fails is reported.
  void solve_bad_islands(double allowed_share);
  // right_side of a unit exchange over the branch, times its susceptance.
  void set_exchange(std::uint32_t branch);
  // lane_angle = B^-1 lane_right_side; each lane's residual against its largest flow is within what
  // solve_checked() accepts without refinement.
  bool solve_lanes();

  const Network& network;
  SparseLdlt ldlt;
  bool has_shift = false;
  bool has_topology = false;
  std::vector<std::uint8_t> last_branch_up;
  std::vector<std::uint8_t> last_bus_up;
  std::vector<std::uint8_t> in_service;
  std::vector<LiveBranch> live;
  std::vector<std::uint32_t> root;
  std::vector<std::uint32_t> island_of_bus;
  std::vector<std::uint32_t> ground;   // of each island
  std::vector<std::uint8_t> grounded;  // of each bus
  std::uint32_t island_count = 0;
  std::vector<DenseIsland> dense;
  std::vector<std::uint8_t> weak_island;
  bool has_weak_island = false;
  std::vector<std::uint8_t> failed;
  std::uint32_t failed_count = 0;
  std::vector<double> right_side;  // pu
  std::vector<double> angle;
  std::vector<double> residual;
  std::vector<double> lane_angle;  // (bus, lane) at kLanes * bus + lane
  std::vector<double> lane_residual;
};

}  // namespace wintergrid::power
