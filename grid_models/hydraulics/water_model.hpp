#pragma once
// A water network with what changes over time: patterns, tanks, controls, rules. SI units, integer
// seconds.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "grid_models/hydraulics/solver.hpp"

namespace wintergrid::hydraulics {

struct Demand {
  std::uint32_t node = 0;
  double base_m3s = 0.0;
  std::uint32_t pattern = kNone;  ///< kNone: constant
};

struct HeadPattern {
  std::uint32_t node = 0, pattern = 0;  ///< head = elevation x factor
};

struct SpeedPattern {
  std::uint32_t link = 0, pattern = 0;
};

struct Tank {
  std::uint32_t node = 0;
  double start_m = 0.0, lowest_m = 0.0, highest_m = 0.0;  ///< heads
  double area_m2 = 0.0;
  double start_m3 = 0.0, least_m3 = 0.0, most_m3 = 0.0;
  std::uint32_t volume_curve = kNone;  ///< volume (m3) over depth above the elevation (m)
  bool may_overflow = false;
};

/// What a control or rule does to a link: a status, and for pumps and valves a setting.
struct Action {
  std::uint32_t link = 0;
  bool sets_status = false;
  LinkStatus status = LinkStatus::open;
  double setting = kNoSetting;  ///< kNoSetting: none
};

enum class ControlKind : std::uint8_t { below, above, at_time, at_clock_time };
struct Control {
  ControlKind kind = ControlKind::at_time;
  std::uint32_t link = 0, node = kNone;
  LinkStatus status = LinkStatus::open;  ///< `active` for a valve that gets a setting
  double setting = kNoSetting;
  double head_m = 0.0;
  std::int64_t time_s = 0;
};

enum class Quantity : std::uint8_t {
  total_demand,
  outflow,
  head,
  pressure,  ///< above the elevation, as a head (levels of tanks too)
  flow,
  status,
  setting,
  fill_time,
  drain_time,
  time,
  clock_time,
};
enum class Comparison : std::uint8_t { equal, not_equal, below, at_most, above, at_least };

struct Premise {
  bool or_previous = false;  ///< joined to the one before by OR, else AND
  Quantity quantity = Quantity::time;
  std::uint32_t index = 0;  ///< node or link
  Comparison comparison = Comparison::equal;
  LinkStatus status = LinkStatus::open;
  double value = 0.0;
  double tolerance = 0.0;  ///< 0.001 of the unit in which the value was written
};

struct Rule {
  std::vector<Premise> premises;
  std::vector<Action> then_actions, else_actions;
  double priority = 0.0;
};

struct WaterModel {
  Network network;
  SolverOptions options;
  std::vector<std::vector<double>> patterns;
  std::vector<Demand> demands;
  double demand_multiplier = 1.0;
  std::vector<HeadPattern> head_patterns;
  std::vector<SpeedPattern> speed_patterns;
  std::vector<Tank> tanks;
  std::vector<LinkStatus> start_status;  ///< by link
  std::vector<double> start_setting;     ///< by link
  std::vector<Control> controls;
  std::vector<Rule> rules;
  std::int64_t duration_s = 0, hydraulic_step_s = 3600, pattern_step_s = 3600, pattern_start_s = 0;
  std::int64_t report_step_s = 3600, report_start_s = 0, rule_step_s = 360, clock_start_s = 0;
};

}  // namespace wintergrid::hydraulics
