// Extended periods as a row of steady solutions.
//
//   demand_i(t)  = multiplier x sum over categories of base x pattern(floor((t + start) / step))
//   volume       V(t + s) = V(t) + inflow x s, level by area or volume curve
//   next moment  the earliest of: hydraulic step, next pattern period, next report, a tank full or
//                empty, a control on a tank level or time, a rule that acts (checked every rule
//                step)
//
// A tank that is full or empty within the next second is taken as full or empty. Times are whole
// seconds, rounded to the nearest. Source: EPANET 2.2 Users Manual (EPA/600/R-20/133), chapters 3
// and 12.5; tanks that are empty give nothing as in EPANET 2.3.

#include "grid_models/hydraulics/simulation.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "grid_models/core/contract.hpp"

namespace wintergrid::hydraulics {
namespace {

constexpr double kZeroFlow = 1e-6 * 0.028316846592;
constexpr std::int64_t kDay = 86400;

std::vector<PressureControl> pressure_controls(const WaterModel& model) {
  std::vector<PressureControl> found;
  for (const Control& control : model.controls) {
    if (control.node != kNone && model.network.fixed_head[control.node] == 0) {
      found.push_back({control.link, control.node, control.kind == ControlKind::above,
                       control.head_m, control.status, control.setting});
    }
  }
  return found;
}

}  // namespace

double interpolate(std::span<const double> x, std::span<const double> y, double at) {
  if (at <= x.front()) {
    return y.front();
  }
  for (std::size_t i = 1; i < x.size(); ++i) {
    if (x[i] >= at) {
      const double width = x[i] - x[i - 1];
      return width < 1e-12 ? y[i] : y[i] - (x[i] - at) * (y[i] - y[i - 1]) / width;
    }
  }
  return y.back();
}

Simulation::Simulation(WaterModel model) : model_(std::move(model)), solver_(model_.network) {
  const std::size_t nodes = model_.network.node_count();
  solver_.set_pressure_controls(pressure_controls(model_));
  start_ = solver_.make_state();
  start_.status = model_.start_status;
  start_.setting = model_.start_setting;
  solver_.reset_flows(start_);
  demand_m3s_.assign(nodes, 0.0);
  volume_m3_.assign(model_.tanks.size(), 0.0);
  tank_of_.assign(nodes, kNone);
  for (std::uint32_t t = 0; t < model_.tanks.size(); ++t) {
    tank_of_[model_.tanks[t].node] = t;
    start_.head_m[model_.tanks[t].node] = model_.tanks[t].start_m;
  }
  chosen_.reserve(model_.network.link_count());
  state_ = start_;
  reset();
}

void Simulation::reset() {
  state_ = start_;
  for (std::size_t t = 0; t < model_.tanks.size(); ++t) {
    volume_m3_[t] = model_.tanks[t].start_m3;
  }
  time_s_ = 0;
  next_report_s_ = model_.report_step_s;
}

void Simulation::take_out(std::uint32_t link) {
  WG_EXPECT(link < model_.network.link_count());
  state_.out_of_service[link] = 1;
}

double Simulation::factor(std::uint32_t pattern) const {
  if (pattern == kNone) {
    return 1.0;
  }
  const auto& factors = model_.patterns[pattern];
  const auto period =
      static_cast<std::size_t>((time_s_ + model_.pattern_start_s) / model_.pattern_step_s);
  return factors[period % factors.size()];
}

void Simulation::set_demands() {
  std::fill(demand_m3s_.begin(), demand_m3s_.end(), 0.0);
  total_demand_m3s_ = 0.0;
  for (const Demand& demand : model_.demands) {
    const double value = demand.base_m3s * factor(demand.pattern) * model_.demand_multiplier;
    demand_m3s_[demand.node] += value;
    total_demand_m3s_ += std::max(value, 0.0);
  }
  for (const HeadPattern& head : model_.head_patterns) {
    state_.head_m[head.node] = model_.network.elevation_m[head.node] * factor(head.pattern);
  }
  for (const SpeedPattern& speed : model_.speed_patterns) {
    act({speed.link, false, LinkStatus::open, factor(speed.pattern)});
  }
}

/// A pump of constant power cannot start from no flow.
void Simulation::restart_pump(std::uint32_t link) {
  const Pump& pump = model_.network.pumps[model_.network.attachment[link]];
  if (pump.kind == PumpKind::constant_power) {
    state_.flow_m3s[link] = pump.start_flow_m3s;
  }
}

void Simulation::apply_controls() {
  for (const Control& control : model_.controls) {
    bool acts = false;
    switch (control.kind) {
      case ControlKind::at_time:
        acts = control.time_s == time_s_;
        break;
      case ControlKind::at_clock_time:
        acts = (time_s_ + model_.clock_start_s) % kDay == control.time_s;
        break;
      default: {
        if (model_.network.fixed_head[control.node] == 0) {
          continue;  // within the solution
        }
        const std::uint32_t t = tank_of_[control.node];
        const double head = state_.head_m[control.node];
        // within one second of the level
        const double second = std::abs(state_.outflow_m3s[control.node]);
        const double now = t == kNone ? 0.0 : volume_at(model_.tanks[t], head);
        const double then = t == kNone ? 0.0 : volume_at(model_.tanks[t], control.head_m);
        acts = control.kind == ControlKind::below ? now <= then + second : now >= then - second;
      }
    }
    if (!acts) {
      continue;
    }
    const std::uint32_t k = control.link;
    const LinkKind kind = model_.network.kind[k];
    const bool was_closed = is_closed(state_.status[k]);
    const double setting = kind == LinkKind::pipe ? state_.setting[k] : control.setting;
    if (kind == LinkKind::pump && was_closed && control.status == LinkStatus::open) {
      restart_pump(k);
    }
    if ((was_closed ? LinkStatus::closed : LinkStatus::open) != control.status ||
        setting != state_.setting[k]) {
      state_.status[k] = control.status;
      state_.setting[k] = setting;
    }
  }
}

void Simulation::mark_tanks() {
  for (const Tank& tank : model_.tanks) {
    const double head = state_.head_m[tank.node];
    state_.gives_nothing[tank.node] = head <= tank.lowest_m ? 1 : 0;
    state_.takes_nothing[tank.node] = head >= tank.highest_m && !tank.may_overflow ? 1 : 0;
  }
}

void Simulation::begin_moment() {
  set_demands();
  apply_controls();
  mark_tanks();
}

SolveResult Simulation::solve() {
  begin_moment();
  return solver_.solve(demand_m3s_, state_, model_.options);
}

std::int64_t Simulation::time_to_tank_event(std::int64_t step) const {
  for (std::size_t t = 0; t < model_.tanks.size(); ++t) {
    const Tank& tank = model_.tanks[t];
    const double head = state_.head_m[tank.node], inflow = state_.outflow_m3s[tank.node];
    if (std::abs(inflow) <= kZeroFlow) {
      continue;
    }
    double volume = 0.0;
    if (inflow > 0.0 && head < tank.highest_m) {
      volume = tank.most_m3 - volume_m3_[t];
    } else if (inflow < 0.0 && head > tank.lowest_m) {
      volume = tank.least_m3 - volume_m3_[t];
    } else {
      continue;
    }
    const double seconds = volume / inflow;
    if (std::abs(seconds) > static_cast<double>(step) + 1.0) {
      continue;
    }
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    if (whole > 0 && whole < step) {
      step = whole;
    }
  }
  return step;
}

std::int64_t Simulation::time_to_control(std::int64_t step) const {
  for (const Control& control : model_.controls) {
    std::int64_t time = 0;
    if (control.node != kNone) {
      const std::uint32_t t = tank_of_[control.node];
      if (t == kNone) {
        continue;
      }
      const double head = state_.head_m[control.node], inflow = state_.outflow_m3s[control.node];
      if (std::abs(inflow) <= kZeroFlow) {
        continue;
      }
      if ((head < control.head_m && control.kind == ControlKind::above && inflow > 0.0) ||
          (head > control.head_m && control.kind == ControlKind::below && inflow < 0.0)) {
        const double seconds =
            (volume_at(model_.tanks[t], control.head_m) - volume_m3_[t]) / inflow;
        time = seconds < static_cast<double>(step) + 1.0
                   ? static_cast<std::int64_t>(std::llround(seconds))
                   : 0;
      }
    } else if (control.kind == ControlKind::at_time) {
      time = std::max<std::int64_t>(0, control.time_s - time_s_);
    } else {
      const std::int64_t now = (time_s_ + model_.clock_start_s) % kDay;
      time = control.time_s >= now ? control.time_s - now : kDay - now + control.time_s;
    }
    if (time > 0 && time < step) {
      const std::uint32_t k = control.link;
      const bool changes =
          (model_.network.kind[k] != LinkKind::pipe && state_.setting[k] != control.setting) ||
          state_.status[k] != control.status;
      step = changes ? time : step;
    }
  }
  return step;
}

void Simulation::move_tanks(std::int64_t step) {
  for (std::size_t t = 0; t < model_.tanks.size(); ++t) {
    const Tank& tank = model_.tanks[t];
    const double inflow = state_.outflow_m3s[tank.node];
    if (std::abs(inflow) <= kZeroFlow) {
      continue;
    }
    double volume = volume_m3_[t] + inflow * static_cast<double>(step);
    if (volume + inflow >= tank.most_m3) {
      volume = tank.most_m3;
    } else if (volume - inflow <= tank.least_m3) {
      volume = tank.least_m3;
    }
    volume_m3_[t] = volume;
    state_.head_m[tank.node] = head_at(tank, volume);
  }
}

std::int64_t Simulation::next(std::int64_t duration_s, std::int64_t limit_s) {
  if (time_s_ >= duration_s) {
    return 0;
  }
  std::int64_t step = model_.hydraulic_step_s;
  const auto earlier = [&step](std::int64_t time) { step = time > 0 && time < step ? time : step; };
  const std::int64_t period = (time_s_ + model_.pattern_start_s) / model_.pattern_step_s + 1;
  earlier(period * model_.pattern_step_s - time_s_);
  earlier(next_report_s_ - time_s_);
  earlier(limit_s);
  step = time_to_control(time_to_tank_event(step));
  if (model_.rules.empty()) {
    move_tanks(step);
  } else {
    step = step_by_rules(step);
  }
  time_s_ += step;
  if (time_s_ >= next_report_s_) {
    next_report_s_ += model_.report_step_s;
  }
  return step;
}

double Simulation::volume_at(const Tank& tank, double head_m) const {
  if (tank.volume_curve == kNone) {
    return tank.least_m3 + (head_m - tank.lowest_m) * tank.area_m2;
  }
  const Curve& curve = model_.network.curves[tank.volume_curve];
  return interpolate(curve.x, curve.y, head_m - model_.network.elevation_m[tank.node]);
}

double Simulation::head_at(const Tank& tank, double volume_m3) const {
  if (tank.volume_curve == kNone) {
    return tank.lowest_m + (volume_m3 - tank.least_m3) / tank.area_m2;
  }
  const Curve& curve = model_.network.curves[tank.volume_curve];
  return model_.network.elevation_m[tank.node] + interpolate(curve.y, curve.x, volume_m3);
}

}  // namespace wintergrid::hydraulics
