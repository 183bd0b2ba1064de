// How links change between open, active and closed while a solution is sought.
//
// Source: EPANET 2.2 Users Manual (EPA/600/R-20/133), chapter 12.4 (status of pumps, check valves,
// control valves, and links to full or empty tanks).

#include <cmath>

#include "grid_models/hydraulics/solver.hpp"

namespace wintergrid::hydraulics {

namespace {
// In the second try a closed tank opens only for a head of centimetres, as the leak through it
// says.
constexpr double kLeakM3s = 3e-9;
}  // namespace

LinkStatus Solver::check_valve_status(std::size_t link) const {
  const double drop = state_->head_m[network_.from[link]] - state_->head_m[network_.to[link]];
  const bool backwards = state_->flow_m3s[link] < -options_->flow_tolerance_m3s;
  if (std::abs(drop) > options_->head_tolerance_m) {
    return drop < 0.0 || backwards ? LinkStatus::closed : LinkStatus::open;
  }
  return backwards ? LinkStatus::closed : state_->status[link];
}

LinkStatus Solver::reducing_status(std::size_t link) const {
  const std::uint32_t from = network_.from[link], to = network_.to[link];
  const double upstream = state_->head_m[from], downstream = state_->head_m[to];
  const double wanted = network_.elevation_m[to] + state_->setting[link];
  const double flow = state_->flow_m3s[link], tolerance = options_->head_tolerance_m;
  const bool backwards = flow < -options_->flow_tolerance_m3s;
  switch (state_->status[link]) {
    case LinkStatus::active:
      return backwards ? LinkStatus::closed
             : upstream - network_.minor_loss[link] * flow * flow < wanted - tolerance
                 ? LinkStatus::open
                 : LinkStatus::active;
    case LinkStatus::open:
      return backwards                          ? LinkStatus::closed
             : downstream >= wanted + tolerance ? LinkStatus::active
                                                : LinkStatus::open;
    case LinkStatus::closed:
      return upstream >= wanted + tolerance && downstream < wanted - tolerance ? LinkStatus::active
             : upstream < wanted - tolerance && upstream > downstream + tolerance
                 ? LinkStatus::open
                 : LinkStatus::closed;
    case LinkStatus::cannot_hold:
      return backwards ? LinkStatus::closed : LinkStatus::cannot_hold;
    default:
      return state_->status[link];
  }
}

LinkStatus Solver::sustaining_status(std::size_t link) const {
  const std::uint32_t from = network_.from[link], to = network_.to[link];
  const double upstream = state_->head_m[from], downstream = state_->head_m[to];
  const double wanted = network_.elevation_m[from] + state_->setting[link];
  const double flow = state_->flow_m3s[link], tolerance = options_->head_tolerance_m;
  const bool backwards = flow < -options_->flow_tolerance_m3s;
  switch (state_->status[link]) {
    case LinkStatus::active:
      return backwards ? LinkStatus::closed
             : downstream + network_.minor_loss[link] * flow * flow > wanted + tolerance
                 ? LinkStatus::open
                 : LinkStatus::active;
    case LinkStatus::open:
      return backwards                       ? LinkStatus::closed
             : upstream < wanted - tolerance ? LinkStatus::active
                                             : LinkStatus::open;
    case LinkStatus::closed:
      return upstream <= downstream + tolerance ? LinkStatus::closed
             : downstream > wanted + tolerance  ? LinkStatus::open
             : upstream >= wanted + tolerance   ? LinkStatus::active
                                                : LinkStatus::closed;
    case LinkStatus::cannot_hold:
      return backwards ? LinkStatus::closed : LinkStatus::cannot_hold;
    default:
      return state_->status[link];
  }
}

LinkStatus Solver::flow_valve_status(std::size_t link) const {
  const double drop = state_->head_m[network_.from[link]] - state_->head_m[network_.to[link]];
  const double flow = state_->flow_m3s[link];
  const LinkStatus status = state_->status[link];
  if (drop < -options_->head_tolerance_m || flow < -options_->flow_tolerance_m3s) {
    return LinkStatus::cannot_pass;
  }
  if (status == LinkStatus::cannot_pass && flow >= state_->setting[link]) {
    return LinkStatus::active;
  }
  // its loss cannot be below that of the valve fully open
  if (status == LinkStatus::active && drop / (flow * flow) < network_.minor_loss[link]) {
    return LinkStatus::cannot_pass;
  }
  return status;
}

bool Solver::update_control_valves() {
  bool changed = false;
  for (const std::uint32_t k : control_valves_) {
    const LinkKind kind = network_.kind[k];
    if (is_live_[k] == 0 || state_->setting[k] == kNoSetting ||
        kind == LinkKind::flow_control_valve) {
      continue;
    }
    const LinkStatus status =
        kind == LinkKind::pressure_reducing_valve ? reducing_status(k) : sustaining_status(k);
    changed = changed || status != state_->status[k];
    state_->status[k] = status;
  }
  return changed;
}

/// Pumps, check valves, flow control valves and links at full or empty tanks. All at once, as in
/// EPANET, they may open and close each other without end. In the second try only the first that
/// does not fit changes: by the least index a monotonic problem ends (K. G. Murty, "Note on a
/// Bard-type scheme for solving the complementarity problem", Opsearch 11, 1974).
bool Solver::update_links() {
  bool changed = false;
  for (const std::uint32_t k : watched_) {
    if (is_live_[k] == 0) {
      continue;
    }
    const std::uint32_t from = network_.from[k], to = network_.to[k];
    const LinkKind kind = network_.kind[k];
    const double drop = state_->head_m[from] - state_->head_m[to];
    LinkStatus& status = state_->status[k];
    const LinkStatus before = status;
    if (status == LinkStatus::cannot_lift || status == LinkStatus::temporarily_closed) {
      status = LinkStatus::open;
    }
    if (kind == LinkKind::check_valve) {
      status = check_valve_status(k);
    } else if (kind == LinkKind::pump && !is_closed(status) && state_->setting[k] > 0.0) {
      const Pump& pump = network_.pumps[network_.attachment[k]];
      if (pump.kind == PumpKind::constant_power) {
        status = state_->flow_m3s[k] < 1e-6 * 0.0283168 ? LinkStatus::temporarily_closed
                                                        : LinkStatus::open;
      } else {
        const double most = state_->setting[k] * state_->setting[k] * pump.shutoff_head_m;
        status =
            -drop > most + options_->head_tolerance_m ? LinkStatus::cannot_lift : LinkStatus::open;
      }
    } else if (kind == LinkKind::flow_control_valve && state_->setting[k] != kNoSetting) {
      status = flow_valve_status(k);
    }
    const double flow = state_->flow_m3s[k];
    const double still =
        one_at_a_time_ && before == LinkStatus::temporarily_closed ? -kLeakM3s : 0.0;
    if (!is_closed(status) && ((state_->gives_nothing[from] != 0 && flow > still) ||
                               (state_->takes_nothing[from] != 0 && flow < -still) ||
                               (state_->gives_nothing[to] != 0 && flow < -still) ||
                               (state_->takes_nothing[to] != 0 && flow > still))) {
      status = LinkStatus::temporarily_closed;
    }
    changed = changed || status != before;
    if (changed && one_at_a_time_) {
      break;
    }
  }
  return changed;
}

bool Solver::apply_pressure_controls() {
  bool changed = false;
  for (const PressureControl& control : pressure_controls_) {
    const double head = state_->head_m[control.node];
    const bool holds = control.above ? head >= control.head_m - options_->head_tolerance_m
                                     : head <= control.head_m + options_->head_tolerance_m;
    if (!holds) {
      continue;
    }
    LinkStatus& status = state_->status[control.link];
    double& setting = state_->setting[control.link];
    const LinkKind kind = network_.kind[control.link];
    const bool acts =
        kind == LinkKind::pipe ? status != control.status
        : kind == LinkKind::pump
            ? setting != control.setting
            : setting != control.setting || (setting == kNoSetting && status != control.status);
    if (acts) {
      status = control.status;
      if (kind != LinkKind::pipe) {
        setting = control.setting;
      }
      changed = true;
    }
  }
  return changed;
}

/// A valve whose setting makes the equations singular is opened for this solve.
bool Solver::release_valve() {
  for (const std::uint32_t row : matrix_.weak_rows()) {
    const std::uint32_t node = row_node_[row];
    for (const std::uint32_t k : control_valves_) {
      if (is_live_[k] != 0 && is_forcing(k) &&
          (network_.from[k] == node || network_.to[k] == node)) {
        state_->status[k] = network_.kind[k] == LinkKind::flow_control_valve
                                ? LinkStatus::cannot_pass
                                : LinkStatus::cannot_hold;
        return true;
      }
    }
  }
  return false;
}

}  // namespace wintergrid::hydraulics
