#pragma once
// Many cases of one network that differ by the links out of service, eight at a time.

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "grid_models/hydraulics/batch_kernels.hpp"
#include "grid_models/hydraulics/solver.hpp"
#include "grid_models/network/sparse_ldlt_batch.hpp"

namespace wintergrid::hydraulics {

/// Every case gets the bits that Solver::solve() would give it, whatever its neighbours. Statuses,
/// isolated parts and convergence are each case's own; one that is done makes room for the next.
/// Nothing allocates after construction. Not thread-safe: one per thread.
class BatchSolver {
 public:
  /// Called once per case, in no given order; the state is valid during the call.
  using Done = std::function<void(std::size_t index, const SolveResult&, const State&)>;
  struct Count {
    std::size_t side_by_side = 0;
    std::size_t one_by_one = 0;  ///< left to Solver
  };

  /// Network, coefficients and pressure controls as they are in `solver`.
  explicit BatchSolver(const Solver& solver, Processor processor = best_processor());

  /// Solves `start` once per case, with the links of the case out of service besides those of
  /// `start`. Arguments else as of Solver::solve().
  Count solve(std::span<const double> demand_m3s, const State& start,
              std::span<const std::vector<std::uint32_t>> out_of_service,
              const SolverOptions& options, const Done& done);

 private:
  struct Lane {
    Solver solver;  ///< its statuses and criteria; its equations only where left to it
    State state;
    bool busy = false;
    std::size_t index = 0;
    SolveResult result;
    int next_check = 0;
  };
  /// What a solve() is about.
  struct Job {
    std::span<const double> demand_m3s;
    const State* start = nullptr;
    std::span<const std::vector<std::uint32_t>> out_of_service;
    const SolverOptions* options = nullptr;
    const Done* done = nullptr;
    std::size_t next = 0;
    Count count;
  };

  void begin(Job& job);
  void take(Job& job, std::size_t lane);
  void leave_idle(std::size_t lane);
  void iterate();
  void judge(Job& job, std::size_t lane);
  void store_watched(std::size_t lane);
  void store(std::size_t lane);
  void solve_alone(Job& job, std::size_t lane);
  void set_other_terms();
  void place_outlets();
  void move_outlets();

  std::vector<Lane> lanes_;
  SparseLdltBatch matrix_;
  const batch::Kernels* kernels_;
  FastPower hazen_williams_power_;
  bool possible_ = true;  ///< no valve or control that the batch leaves to Solver
  std::vector<batch::Link> links_;
  std::vector<std::uint32_t> other_links_;  // by no power law
  std::vector<batch::Consumer> consumers_;
  std::vector<std::uint32_t> diagonal_;  // place in the matrix, by row
  batch::Laws laws_;
  batch::Steps steps_;
  // by link, node, consumer, row
  std::vector<LaneValues> flow_, open_, conductance_, inverse_gradient_, correction_;
  std::vector<LaneValues> head_, delivered_;
  std::vector<LaneValues> drawing_, loss_, gradient_;
  std::vector<LaneValues> right_side_, isolated_;
};

}  // namespace wintergrid::hydraulics
