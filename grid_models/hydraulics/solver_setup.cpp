// What is found once per network (rows, matrix pattern, neighbours) and once per solve (which parts
// water can reach).

#include <algorithm>
#include <numbers>
#include <utility>

#include "grid_models/core/contract.hpp"
#include "grid_models/hydraulics/solver.hpp"

namespace wintergrid::hydraulics {
namespace {

constexpr double kZeroFlow = 1e-6 * 0.028316846592;

std::vector<std::pair<std::uint32_t, std::uint32_t>> pattern(
    const Network& network, const std::vector<std::uint32_t>& row) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (std::size_t k = 0; k < network.link_count(); ++k) {
    const std::uint32_t a = row[network.from[k]], b = row[network.to[k]];
    if (a != kNone && b != kNone) {
      pairs.emplace_back(a, b);
    }
  }
  return pairs;
}

std::vector<std::uint32_t> number_rows(const Network& network) {
  std::vector<std::uint32_t> row(network.node_count(), kNone);
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (network.fixed_head[i] == 0) {
      row[i] = next++;
    }
  }
  return row;
}

std::size_t count_free(const Network& network) {
  return static_cast<std::size_t>(
      std::count(network.fixed_head.begin(), network.fixed_head.end(), std::uint8_t{0}));
}

}  // namespace

Solver::Solver(Network network)
    : network_(std::move(network)),
      row_(number_rows(network_)),
      matrix_(count_free(network_), pattern(network_, row_)),
      hazen_williams_power_(0.852) {
  const std::size_t nodes = network_.node_count(), links = network_.link_count();
  row_node_.resize(matrix_.size());
  for (std::uint32_t i = 0; i < nodes; ++i) {
    if (row_[i] != kNone) {
      row_node_[row_[i]] = i;
    }
  }
  for (const Pump& pump : network_.pumps) {
    pump_power_.emplace_back(pump.exponent - 1.0);
  }
  std::size_t pair = 0;
  link_offset_.assign(nodes + 1, 0);
  for (std::size_t k = 0; k < links; ++k) {
    const std::uint32_t a = network_.from[k], b = network_.to[k];
    WG_CHECK(a < nodes && b < nodes && a != b, "link between nodes that do not exist");
    const bool inner = row_[a] != kNone && row_[b] != kNone;
    pair_slot_.push_back(inner ? matrix_.pair_slots()[pair++] : kNone);
    slot_from_.push_back(row_[a] == kNone ? kNone : matrix_.diagonal_slot(row_[a]));
    slot_to_.push_back(row_[b] == kNone ? kNone : matrix_.diagonal_slot(row_[b]));
    const LinkKind kind = network_.kind[k];
    if (kind == LinkKind::pressure_reducing_valve || kind == LinkKind::pressure_sustaining_valve ||
        kind == LinkKind::flow_control_valve) {
      control_valves_.push_back(static_cast<std::uint32_t>(k));
    }
    if (kind == LinkKind::check_valve || kind == LinkKind::pump ||
        kind == LinkKind::flow_control_valve || row_[a] == kNone || row_[b] == kNone) {
      watched_.push_back(static_cast<std::uint32_t>(k));
    }
    ++link_offset_[a + 1];
    ++link_offset_[b + 1];
  }
  for (std::size_t i = 0; i < nodes; ++i) {
    link_offset_[i + 1] += link_offset_[i];
  }
  link_at_node_.resize(2 * links);
  std::vector<std::uint32_t> next(link_offset_.begin(), link_offset_.end() - 1);
  for (std::uint32_t k = 0; k < links; ++k) {
    link_at_node_[next[network_.from[k]]++] = k;
    link_at_node_[next[network_.to[k]]++] = k;
  }
  may_open_.assign(links, 0);
  inverse_gradient_.assign(links, 0.0);
  correction_.assign(links, 0.0);
  right_side_.assign(matrix_.size(), 0.0);
  live_.reserve(links);
  is_live_.assign(links, 0);
  consumers_.reserve(nodes);
  live_outlets_.reserve(network_.outlets.size());
  parent_.assign(nodes, 0);
  grounded_.assign(nodes, 0);
}

void Solver::set_pressure_controls(std::vector<PressureControl> controls) {
  pressure_controls_ = std::move(controls);
  std::fill(may_open_.begin(), may_open_.end(), std::uint8_t{0});
  for (const PressureControl& control : pressure_controls_) {
    may_open_[control.link] = 1;
  }
}

State Solver::make_state() const {
  State state;
  const std::size_t nodes = network_.node_count(), links = network_.link_count();
  state.head_m = network_.elevation_m;
  state.delivered_m3s.assign(nodes, 0.0);
  state.outflow_m3s.assign(nodes, 0.0);
  state.gives_nothing.assign(nodes, 0);
  state.takes_nothing.assign(nodes, 0);
  state.isolated.assign(nodes, 0);
  state.out_of_service.assign(links, 0);
  state.outlet_m3s.assign(network_.outlets.size(), 0.0);
  state.flow_m3s.assign(links, 0.0);
  state.setting.assign(links, kNoSetting);
  state.status.assign(links, LinkStatus::open);
  for (std::size_t k = 0; k < links; ++k) {
    if (network_.kind[k] == LinkKind::pump) {
      state.setting[k] = 1.0;
    }
  }
  reset_flows(state);
  return state;
}

void Solver::reset_flow(State& state, std::size_t link) const {
  if (is_closed(state.status[link])) {
    state.flow_m3s[link] = kZeroFlow;
  } else if (network_.kind[link] == LinkKind::pump) {
    state.flow_m3s[link] =
        state.setting[link] * network_.pumps[network_.attachment[link]].start_flow_m3s;
  } else {
    const double d = network_.diameter_m[link];
    state.flow_m3s[link] = 0.3048 * std::numbers::pi * d * d / 4.0;
  }
}

void Solver::reset_flows(State& state) const {
  for (std::size_t k = 0; k < network_.link_count(); ++k) {
    reset_flow(state, k);
  }
  for (std::size_t o = 0; o < network_.outlets.size(); ++o) {
    state.outlet_m3s[o] = network_.outlets[o].backflow ? 0.028 : 2.8e-5;
  }
}

/// Whether water may come through the link in this solve: not closed for good.
bool Solver::may_carry(std::size_t link) const {
  if (state_->out_of_service[link] != 0) {
    return false;
  }
  if (may_open_[link] != 0) {
    return true;
  }
  const LinkStatus status = state_->status[link];
  switch (network_.kind[link]) {
    case LinkKind::pump:
      return status != LinkStatus::closed && state_->setting[link] != 0.0;
    case LinkKind::check_valve:
      return true;
    case LinkKind::pressure_reducing_valve:
    case LinkKind::pressure_sustaining_valve:
    case LinkKind::flow_control_valve:
      return state_->setting[link] != kNoSetting || status != LinkStatus::closed;
    default:
      return status != LinkStatus::closed;
  }
}

/// Parts that no fixed head reaches. With pressure-driven demand or outlets, a part with an inflow
/// of its own has a solution and stays.
void Solver::find_isolated() {
  const auto nodes = static_cast<std::uint32_t>(network_.node_count());
  for (std::uint32_t i = 0; i < nodes; ++i) {
    parent_[i] = i;
  }
  const auto root = [parent = parent_.data()](std::uint32_t node) {
    while (parent[node] != node) {
      node = parent[node] = parent[parent[node]];
    }
    return node;
  };
  for (std::size_t k = 0; k < network_.link_count(); ++k) {
    is_live_[k] = may_carry(k) ? 1 : 0;
    if (is_live_[k] != 0) {
      const std::uint32_t a = root(network_.from[k]), b = root(network_.to[k]);
      if (a != b) {
        parent_[std::max(a, b)] = std::min(a, b);
      }
    }
  }
  for (std::uint32_t i = 0; i < nodes; ++i) {  // parents come first: one round is enough
    parent_[i] = parent_[parent_[i]];
  }
  constexpr std::uint8_t kSource = 1, kSink = 2, kInflow = 4;
  std::fill(grounded_.begin(), grounded_.end(), std::uint8_t{0});
  for (std::uint32_t i = 0; i < nodes; ++i) {
    const std::uint32_t r = parent_[i];
    if (network_.fixed_head[i] != 0) {
      grounded_[r] |= kSource;
    } else if (demand_[i] < 0.0) {
      grounded_[r] |= kInflow;
    } else if (demand_[i] > 0.0 && options_->pressure_driven) {
      grounded_[r] |= kSink;
    }
  }
  for (const Outlet& outlet : network_.outlets) {
    grounded_[parent_[outlet.node]] |= kSink;
  }
  isolated_count_ = 0;
  for (std::uint32_t i = 0; i < nodes; ++i) {
    const std::uint8_t part = grounded_[parent_[i]];
    const bool fed = (part & kSource) != 0 || part == (kSink | kInflow);
    state_->isolated[i] = fed ? 0 : 1;
    isolated_count_ += fed ? 0 : 1;
  }
}

void Solver::prepare() {
  find_isolated();
  live_.clear();
  for (std::uint32_t k = 0; k < network_.link_count(); ++k) {
    if (is_live_[k] != 0 && state_->isolated[network_.from[k]] != 0) {
      is_live_[k] = 0;
    }
    if (is_live_[k] != 0) {
      live_.push_back(k);
      if (state_->flow_m3s[k] == 0.0) {
        state_->flow_m3s[k] = kZeroFlow;  // some pump curves have no slope at 0
      }
    } else {
      state_->flow_m3s[k] = 0.0;
    }
  }
  consumers_.clear();
  for (std::uint32_t i = 0; i < network_.node_count(); ++i) {
    if (network_.fixed_head[i] != 0) {
      state_->delivered_m3s[i] = 0.0;
      continue;
    }
    if (state_->isolated[i] != 0) {
      state_->delivered_m3s[i] = 0.0;
      state_->head_m[i] = network_.elevation_m[i];
      continue;
    }
    state_->delivered_m3s[i] = demand_[i];
    if (options_->pressure_driven && demand_[i] > 0.0) {
      consumers_.push_back(i);
    }
  }
  live_outlets_.clear();
  for (std::uint32_t o = 0; o < network_.outlets.size(); ++o) {
    if (state_->isolated[network_.outlets[o].node] == 0) {
      live_outlets_.push_back(o);
    } else {
      state_->outlet_m3s[o] = 0.0;
    }
  }
  pressure_span_m_ = options_->required_pressure_m - options_->minimum_pressure_m;
  inverse_exponent_ = 1.0 / options_->pressure_exponent;
}

}  // namespace wintergrid::hydraulics
