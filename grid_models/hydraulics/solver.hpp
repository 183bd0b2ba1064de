#pragma once
// Heads and flows of a pipe network at a moment: the global gradient method.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "grid_models/hydraulics/headloss.hpp"
#include "grid_models/hydraulics/network.hpp"
#include "grid_models/network/sparse_ldlt.hpp"

namespace wintergrid::hydraulics {

struct SolverOptions {
  bool pressure_driven = false;
  double minimum_pressure_m = 0.0;
  double required_pressure_m = 20.0;
  double pressure_exponent = 0.5;
  /// Converged when the sum of flow changes is at most this share of the sum of flows, and, where
  /// positive, when head error and flow change are at most these.
  double accuracy = 1e-5;
  double largest_head_error_m = 0.0;
  double largest_flow_change_m3s = 0.0;
  int max_iterations = 200;
  int extra_iterations = 0;  ///< more after max_iterations, with no status changes
  /// Pumps and check valves are looked at every `check_every` iterations up to `last_check`, and on
  /// convergence; control valves in every iteration, or, where damping_below > 0, only once the
  /// change is below it (then changes are damped to 60 %).
  int check_every = 2;
  int last_check = 10;
  double damping_below = 0.0;
  double head_tolerance_m = 0.0005 * 0.3048;
  double flow_tolerance_m3s = 0.0001 * 0.028316846592;
  double least_gradient = 1e-7 / 0.09290304;  ///< m per m3/s: laws are straight below it
};

enum class SolveStatus : std::uint8_t {
  converged,
  not_converged,  ///< delivered_m3s is then an upper bound: full demand where water can come
  singular,       ///< the same
};

struct SolveResult {
  SolveStatus status = SolveStatus::converged;
  int iterations = 0;
  double relative_change = 0.0;
  std::size_t isolated_nodes = 0;
  double full_demand_m3s = 0.0, delivered_m3s = 0.0;  ///< sums over nodes with demand
};

/// A link opened or closed by the head of a junction (EPANET's simple controls on pressure).
struct PressureControl {
  std::uint32_t link = 0, node = 0;
  bool above = false;
  double head_m = 0.0;
  LinkStatus status = LinkStatus::open;
  double setting = kNoSetting;
};

/// Ordering and pattern are found once; a solve allocates nothing. Not thread-safe: one per thread.
class Solver {
 public:
  explicit Solver(Network network);

  const Network& network() const { return network_; }
  /// Loss coefficients may change between solves, the graph may not.
  Network& coefficients() { return network_; }
  void set_pressure_controls(std::vector<PressureControl> controls);

  /// All links open (setting 1 for pumps), fixed heads at the elevation.
  State make_state() const;
  /// First guess: 0.3048 m/s in pipes and valves, the start flow in pumps.
  void reset_flows(State& state) const;
  void reset_flow(State& state, std::size_t link) const;

  /// Solves from the flows in `state`. Demands by node, m3/s; negative is an inflow. Parts without
  /// a fixed head behind links that stay closed are left out and marked isolated: nothing is
  /// delivered there.
  SolveResult solve(std::span<const double> demand_m3s, State& state,
                    const SolverOptions& options = {});

 private:
  friend class BatchSolver;  // shares the laws, statuses and criteria
  struct Step {
    double change = 0.0, total = 0.0, largest = 0.0;
  };
  struct Terms {
    double inverse_gradient = 0.0, correction = 0.0;  ///< P = 1 / h', Y = h / h'
  };

  SolveResult iterate(double damping);
  void reopen(State& state) const;
  void prepare();
  void find_isolated();
  bool may_carry(std::size_t link) const;
  void assemble();
  void assemble_valves();
  void place(std::size_t link);
  Terms terms(std::size_t link) const;
  Terms pipe_terms(std::size_t link) const;
  Terms pump_terms(std::size_t link) const;
  Terms valve_terms(std::size_t link) const;
  Terms open_valve_terms(std::size_t link, double minor) const;
  double positional_loss(std::size_t link) const;
  Loss outlet_loss(std::size_t outlet) const;
  Loss demand_loss(std::size_t node) const;
  bool is_forcing(std::size_t link) const;
  double excess(std::size_t node, std::size_t except) const;
  bool release_valve();
  Step update_flows(double relaxation);
  bool flows_balance(const Step& step) const;
  bool balanced(const Step& step) const;
  double largest_head_error() const;
  bool demands_fit() const;
  bool update_control_valves();
  bool update_links();
  bool apply_pressure_controls();
  LinkStatus reducing_status(std::size_t link) const;
  LinkStatus sustaining_status(std::size_t link) const;
  LinkStatus flow_valve_status(std::size_t link) const;
  LinkStatus check_valve_status(std::size_t link) const;
  void finish(SolveResult& result);

  Network network_;
  std::vector<std::uint32_t> row_;                  // by node; kNone: fixed head
  std::vector<std::uint32_t> row_node_;             // by row
  std::vector<std::uint32_t> pair_slot_;            // by link
  std::vector<std::uint32_t> slot_from_, slot_to_;  // diagonal slots by link; kNone: fixed
  std::vector<std::uint32_t> control_valves_;       // reducing, sustaining, flow
  std::vector<std::uint32_t> watched_;              // links whose status may change by themselves
  std::vector<std::uint8_t> may_open_;              // links with a pressure control
  std::vector<std::uint32_t> link_offset_, link_at_node_;
  std::vector<PressureControl> pressure_controls_;
  SparseLdlt matrix_;
  FastPower hazen_williams_power_;
  std::vector<FastPower> pump_power_;

  // scratch of one solve
  std::vector<double> inverse_gradient_, correction_, right_side_;
  std::vector<std::uint32_t> live_;  // links in the equations
  std::vector<std::uint8_t> is_live_;
  std::vector<std::uint32_t> consumers_;  // nodes with pressure-dependent demand
  std::vector<std::uint32_t> live_outlets_;
  std::vector<std::uint32_t> parent_;
  std::vector<std::uint8_t> grounded_;
  std::span<const double> demand_;
  State* state_ = nullptr;
  const SolverOptions* options_ = nullptr;
  double pressure_span_m_ = 0.0, inverse_exponent_ = 2.0;
  std::size_t isolated_count_ = 0;
  bool one_at_a_time_ = false;  ///< see update_links()
};

}  // namespace wintergrid::hydraulics
