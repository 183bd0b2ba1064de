#pragma once
// An extended period: a steady solution at every moment at which something changes, tanks between.

#include <cstdint>
#include <span>
#include <vector>

#include "grid_models/hydraulics/water_model.hpp"

namespace wintergrid::hydraulics {

/// Two calls in turn: solve() at the current time, then next() to the moment of the next solution.
/// Nothing allocates after construction.
class Simulation {
 public:
  explicit Simulation(WaterModel model);

  const WaterModel& model() const { return model_; }
  /// For a BatchSolver over what begin_moment() has set.
  const Solver& solver() const { return solver_; }
  /// Back to time 0, everything as at the start; links taken out of service come back.
  void reset();
  /// The link lets nothing through from now on, whatever controls say.
  void take_out(std::uint32_t link);

  std::int64_t time_s() const { return time_s_; }
  const State& state() const { return state_; }
  std::span<const double> full_demand_m3s() const { return demand_m3s_; }

  /// Demands, heads and controls of this moment: what solve() starts from.
  void begin_moment();
  /// begin_moment(), then heads and flows.
  SolveResult solve();
  /// Moves tanks to the next event and the clock with them. Returns the seconds, 0 at the end of
  /// the duration. At most `limit_s`, where positive.
  std::int64_t next(std::int64_t duration_s, std::int64_t limit_s = 0);

 private:
  struct Chosen {
    const Action* action = nullptr;
    double priority = 0.0;
  };

  double factor(std::uint32_t pattern) const;
  void set_demands();
  void apply_controls();
  void mark_tanks();
  std::int64_t time_to_tank_event(std::int64_t step) const;
  std::int64_t time_to_control(std::int64_t step) const;
  void move_tanks(std::int64_t step);
  std::int64_t step_by_rules(std::int64_t step);
  bool apply_rules(std::int64_t step);
  bool holds(const Rule& rule, std::int64_t since) const;
  bool holds(const Premise& premise, std::int64_t since) const;
  bool time_holds(const Premise& premise, std::int64_t since) const;
  void choose(const std::vector<Action>& actions, double priority);
  bool act(const Action& action);
  void restart_pump(std::uint32_t link);
  double volume_at(const Tank& tank, double head_m) const;
  double head_at(const Tank& tank, double volume_m3) const;

  WaterModel model_;
  Solver solver_;
  State state_, start_;
  std::vector<double> demand_m3s_;      // by node
  std::vector<double> volume_m3_;       // by tank
  std::vector<std::uint32_t> tank_of_;  // by node; kNone
  std::vector<Chosen> chosen_;
  double total_demand_m3s_ = 0.0;
  std::int64_t time_s_ = 0, next_report_s_ = 0;
};

/// Straight lines through the points, constant beyond the ends.
double interpolate(std::span<const double> x, std::span<const double> y, double at);

}  // namespace wintergrid::hydraulics
