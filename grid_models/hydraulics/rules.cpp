// Rule-based controls.
//
//   RULE: if premises hold, the THEN actions, otherwise the ELSE actions; premises are taken in
//   order, AND ends the rule at the first that fails, OR revives it. All rules are looked at every
//   rule step; for each link the action of the highest priority counts, of equals the first. A
//   premise "time = x" holds if x lies in the interval since the last look. Values compare within
//   0.001 of their unit.
//
// Source: EPANET 2.2 Users Manual (EPA/600/R-20/133), chapter 3.2 and appendix C ([RULES]).

#include <algorithm>
#include <cmath>

#include "grid_models/hydraulics/simulation.hpp"

namespace wintergrid::hydraulics {
namespace {

constexpr std::int64_t kDay = 86400;
constexpr double kTinyFlow = 1e-6 * 0.028316846592;

}  // namespace

/// Moves tanks in rule steps until a rule acts or the step ends; the time itself stays.
std::int64_t Simulation::step_by_rules(std::int64_t step) {
  const std::int64_t start = time_s_, end = time_s_ + step;
  std::int64_t increment = std::min(model_.rule_step_s, step);
  std::int64_t first = std::min(model_.rule_step_s - start % model_.rule_step_s, step);
  if (first == 0) {
    first = increment;
  }
  while (true) {
    time_s_ += first;
    move_tanks(first);
    if (apply_rules(first)) {
      break;
    }
    increment = std::min(increment, end - time_s_);
    first = increment;
    if (increment <= 0) {
      break;
    }
  }
  const std::int64_t taken = time_s_ - start;
  time_s_ = start;
  return taken;
}

bool Simulation::apply_rules(std::int64_t step) {
  chosen_.clear();
  const std::int64_t since = time_s_ - step + 1;
  for (const Rule& rule : model_.rules) {
    choose(holds(rule, since) ? rule.then_actions : rule.else_actions, rule.priority);
  }
  bool acted = false;
  // EPANET's list is last in, first out
  for (auto it = chosen_.rbegin(); it != chosen_.rend(); ++it) {
    acted = act(*it->action) || acted;
  }
  return acted;
}

void Simulation::choose(const std::vector<Action>& actions, double priority) {
  for (const Action& action : actions) {
    const auto same = std::find_if(chosen_.begin(), chosen_.end(), [&action](const Chosen& other) {
      return other.action->link == action.link;
    });
    if (same == chosen_.end()) {
      chosen_.push_back({&action, priority});
    } else if (priority > same->priority) {
      *same = {&action, priority};
    }
  }
}

bool Simulation::act(const Action& action) {
  const std::uint32_t k = action.link;
  const LinkKind kind = model_.network.kind[k];
  // 0.001 of cubic feet per second, feet, or one
  const double tolerance = 1e-3 * (kind == LinkKind::flow_control_valve ? 0.028316846592 : 0.3048);
  LinkStatus& status = state_.status[k];
  double& setting = state_.setting[k];
  const bool fixes = kind != LinkKind::pipe && kind != LinkKind::check_valve &&
                     kind != LinkKind::pump && kind != LinkKind::curve_valve;
  if (action.sets_status && action.status == LinkStatus::open && is_closed(status)) {
    if (kind == LinkKind::pump) {
      setting = 1.0;
      if (status == LinkStatus::closed) {
        restart_pump(k);
      }
    } else if (fixes) {
      setting = kNoSetting;
    }
    status = LinkStatus::open;
    return true;
  }
  if (action.sets_status && action.status == LinkStatus::closed && !is_closed(status)) {
    if (kind == LinkKind::pump) {
      setting = 0.0;
    } else if (fixes) {
      setting = kNoSetting;
    }
    status = LinkStatus::closed;
    return true;
  }
  if (action.setting == kNoSetting || std::abs(action.setting - setting) <= tolerance) {
    return false;
  }
  if (kind == LinkKind::pump) {
    if (action.setting > 0.0 && is_closed(status)) {
      restart_pump(k);
      status = LinkStatus::open;
    }
    if (action.setting == 0.0 && !is_closed(status)) {
      status = LinkStatus::closed;
    }
  } else if (kind == LinkKind::flow_control_valve) {
    status = LinkStatus::active;
  } else if (setting == kNoSetting && is_closed(status)) {
    status = LinkStatus::open;
  }
  setting = action.setting;
  return true;
}

bool Simulation::holds(const Rule& rule, std::int64_t since) const {
  bool result = true;
  for (const Premise& premise : rule.premises) {
    if (premise.or_previous) {
      result = result || holds(premise, since);
    } else if (!result) {
      return false;
    } else {
      result = holds(premise, since);
    }
  }
  return result;
}

bool Simulation::time_holds(const Premise& premise, std::int64_t since) const {
  std::int64_t first = since, now = time_s_;
  if (premise.quantity == Quantity::clock_time) {
    first = (first + model_.clock_start_s) % kDay;
    now = (now + model_.clock_start_s) % kDay;
  }
  const auto time = static_cast<std::int64_t>(premise.value);
  const bool inside = now < first ? time >= first || time <= now : time >= first && time <= now;
  switch (premise.comparison) {
    case Comparison::below:
      return now < time;
    case Comparison::at_most:
      return now <= time;
    case Comparison::above:
      return now > time;
    case Comparison::at_least:
      return now >= time;
    case Comparison::equal:
      return inside;
    case Comparison::not_equal:
      return !inside;
  }
  return false;
}

bool Simulation::holds(const Premise& premise, std::int64_t since) const {
  const std::uint32_t i = premise.index;
  double value = 0.0;
  switch (premise.quantity) {
    case Quantity::time:
    case Quantity::clock_time:
      return time_holds(premise, since);
    case Quantity::status: {
      const LinkStatus now = is_closed(state_.status[i])              ? LinkStatus::closed
                             : state_.status[i] == LinkStatus::active ? LinkStatus::active
                                                                      : LinkStatus::open;
      return (now == premise.status && premise.comparison == Comparison::equal) ||
             (now != premise.status && premise.comparison == Comparison::not_equal);
    }
    case Quantity::total_demand:
      value = total_demand_m3s_;
      break;
    case Quantity::outflow:
      value = state_.outflow_m3s[i];
      break;
    case Quantity::head:
      value = state_.head_m[i];
      break;
    case Quantity::pressure:
      value = state_.head_m[i] - model_.network.elevation_m[i];
      break;
    case Quantity::flow:
      value = std::abs(state_.flow_m3s[i]);
      break;
    case Quantity::setting:
      if (state_.setting[i] == kNoSetting) {
        return false;
      }
      value = state_.setting[i];
      break;
    case Quantity::fill_time:
    case Quantity::drain_time: {
      const std::uint32_t t = tank_of_[i];
      const double inflow = state_.outflow_m3s[i];
      const bool fills = premise.quantity == Quantity::fill_time;
      if (t == kNone || (fills ? inflow <= kTinyFlow : inflow >= -kTinyFlow)) {
        return false;
      }
      value =
          ((fills ? model_.tanks[t].most_m3 : model_.tanks[t].least_m3) - volume_m3_[t]) / inflow;
      break;
    }
  }
  const double difference = value - premise.value;
  switch (premise.comparison) {
    case Comparison::equal:
      return std::abs(difference) <= premise.tolerance;
    case Comparison::not_equal:
      return std::abs(difference) >= premise.tolerance;
    case Comparison::below:
      return difference <= premise.tolerance;
    case Comparison::at_most:
      return difference <= -premise.tolerance;
    case Comparison::above:
      return difference >= -premise.tolerance;
    case Comparison::at_least:
      return difference >= premise.tolerance;
  }
  return false;
}

}  // namespace wintergrid::hydraulics
