// Transport fidelity of water: what can be delivered if only capacities limit it.
//
// Unknown are the shares x_v in [0, 1] of the demands D_v (m3/h) of the nodes that draw water and
// the flows (m3/h), with
//     D_v = average_v * (demand factor + leakage share) + leaks of burst buildings at v
//     supply of a works = yield * factor, supply of a tank that is not empty = largest outflow *
//     factor (m3/h) flow through a works, tank or pump station <= its capacity * factor; none
//     without power (works, pump stations) flow along a link <= its capacity * factor, against it
//     only if it is two-way
// The shares are the lexicographic max-min fair ones with works and tanks together; among the flows
// that deliver them, tanks give as little as possible; what works have left fills tanks, up to a
// share of their volume per hour (FairFlow). Between moments the flows are constant, so that a
// tank's level L (m3) is linear in time t (h):
//     L(t) = clamp(L(0) + (refill - outflow) t, 0, volume).
// A node with a capacity is two nodes of the flow network with an arc between them: water comes in
// at the one, and leaves or is used at the other. Fair sharing stands for the pressure that falls
// everywhere when supply is short (assumption); re-pressurisation 8 h: Kyiv, 31 Oct 2022 (80 %
// without water in the morning, 40 % by the afternoon) and 23 Nov 2022 (all back within about 24
// h), as reported by the city's administration.

#include "grid_models/water/water.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>

#include "grid_models/core/contract.hpp"
#include "grid_models/network/fair_flow.hpp"

namespace wintergrid::water {

namespace {

constexpr std::uint32_t kNone = UINT32_MAX;
/// Shares and times this close to a limit are at it: less than any rounding of the flows.
constexpr double kShareTolerance = 1e-9;
constexpr double kSecondsTolerance = 1e-6;

/// Scaled capacity; a factor 0 closes a node or link of unlimited capacity too.
double scaled(double capacity, double factor) { return factor > 0.0 ? capacity * factor : 0.0; }

template <class Value>
bool same_bytes(const std::vector<Value>& left,
                std::type_identity_t<std::span<const Value>> right) {
  return left.size() == right.size() &&
         (left.empty() ||
          std::memcmp(left.data(), right.data(), left.size() * sizeof(left[0])) == 0);
}

/// A share for the state; never below the limit only because a float is coarser than a double.
float stored_share(double share, double minimum_share) {
  auto stored = static_cast<float>(share);
  if (share >= minimum_share - kShareTolerance && static_cast<double>(stored) < minimum_share) {
    stored = std::nextafter(stored, 2.0F);
  }
  return stored;
}

/// Everything the flow depends on; equal limits give equal flows.
struct Limits {
  std::vector<double> supply, reserve, demand, surplus_demand;  // per node of the flow network
  std::vector<double> forward_capacity, backward_capacity;      // per arc of it
};

bool same_bytes(const Limits& left, const Limits& right) {
  return same_bytes(left.supply, right.supply) && same_bytes(left.reserve, right.reserve) &&
         same_bytes(left.demand, right.demand) &&
         same_bytes(left.surplus_demand, right.surplus_demand) &&
         same_bytes(left.forward_capacity, right.forward_capacity) &&
         same_bytes(left.backward_capacity, right.backward_capacity);
}

/// The flow network of a model.
struct FlowNetwork {
  std::size_t node_count = 0;
  std::vector<std::uint32_t> arc_from, arc_to;
  std::vector<std::uint32_t> outlet;       // per water node: where its water is used and leaves
  std::vector<std::uint32_t> through_arc;  // per water node: inlet to outlet; kNone if the same
  std::vector<std::uint32_t> link_arc;     // per link
  std::vector<std::uint32_t>
      link_back_arc;  // per link: the arc against it; kNone if link_arc carries both ways

  explicit FlowNetwork(const Model& model) : node_count(model.node_count()) {
    for (std::uint32_t node = 0; node < model.node_count(); ++node) {
      const bool split = model.node_kind[node] != NodeKind::junction ||
                         std::isfinite(model.node_capacity_m3_per_h[node]);
      outlet.push_back(split ? static_cast<std::uint32_t>(node_count++) : node);
      through_arc.push_back(split ? add_arc(node, outlet[node]) : kNone);
    }
    for (std::size_t link = 0; link < model.link_from.size(); ++link) {
      const std::uint32_t from = model.link_from[link];
      const std::uint32_t to = model.link_to[link];
      WG_CHECK(from < model.node_count() && to < model.node_count(), "link end outside the model");
      link_arc.push_back(add_arc(outlet[from], to));
      const bool needs_own =
          model.link_two_way[link] != 0 && (outlet[from] != from || outlet[to] != to);
      link_back_arc.push_back(needs_own ? add_arc(outlet[to], from) : kNone);
    }
  }

  std::uint32_t add_arc(std::uint32_t from, std::uint32_t to) {
    arc_from.push_back(from);
    arc_to.push_back(to);
    return static_cast<std::uint32_t>(arc_from.size() - 1);
  }
};

/// A flow problem, its last limits and what they led to.
struct Solution {
  FairFlow solver;
  Limits limits;
  bool valid = false;
  std::vector<double> share;          // per water node
  std::vector<double> fill_m3_per_h;  // per water node: refill minus outflow of a tank

  Solution(const FlowNetwork& network, const Limits& sized, std::size_t water_nodes)
      : solver(network.node_count, network.arc_from, network.arc_to),
        limits(sized),
        share(water_nodes, 1.0),
        fill_m3_per_h(water_nodes, 0.0) {}
};

Limits zero_limits(const FlowNetwork& network) {
  const std::vector<double> nodes(network.node_count, 0.0);
  const std::vector<double> arcs(network.arc_from.size(), 0.0);
  return {nodes, nodes, nodes, nodes, arcs, arcs};
}

}  // namespace

Seconds next_event(const State& state) {
  Seconds next = kNever;
  for (const Seconds time : state.node_pressurised_at) {
    if (time > 0) {
      next = std::min(next, time);
    }
  }
  return next;
}

struct Water::Impl {
  /// Which nodes draw water in a flow: those that do now, or all, to see who could be served again.
  enum class Question { present, possible };

  Model model;
  FlowNetwork network;
  Limits wanted;
  Solution present;
  Solution possible;
  std::vector<std::uint8_t> reached;

  // For the exact skip.
  std::vector<double> node_factors_whole;
  std::vector<double> link_factors_whole;
  std::vector<std::uint8_t> all_powered;
  std::vector<double> no_leaks;
  std::vector<float> full_shares;
  std::vector<Seconds> under_pressure;
  double feasible_factor =
      -1.0;  ///< the whole network serves average demand times this from works alone
  bool settled = false;

  explicit Impl(const Model& m)
      : model(m),
        network(m),
        wanted(zero_limits(network)),
        present(network, wanted, m.node_count()),
        possible(network, wanted, m.node_count()),
        reached(network.node_count, 0),
        node_factors_whole(m.node_count(), 1.0),
        link_factors_whole(m.link_from.size(), 1.0),
        all_powered(m.node_count(), 1),
        no_leaks(m.node_count(), 0.0),
        full_shares(m.node_count(), 1.0F),
        under_pressure(m.node_count(), 0) {
    WG_CHECK(m.node_capacity_m3_per_h.size() == m.node_count() &&
                 m.node_demand_m3_per_h.size() == m.node_count() &&
                 m.tank_volume_m3.size() == m.node_count() &&
                 m.link_to.size() == m.link_from.size() &&
                 m.link_capacity_m3_per_h.size() == m.link_from.size() &&
                 m.link_two_way.size() == m.link_from.size(),
             "arrays of a water model differ in length");
  }

  bool is_whole(const Inputs& inputs) const {
    return same_bytes(all_powered, inputs.node_powered) &&
           same_bytes(node_factors_whole, inputs.node_factor) &&
           same_bytes(link_factors_whole, inputs.link_factor) &&
           (inputs.node_extra_demand_m3_per_h.empty() ||
            same_bytes(no_leaks, inputs.node_extra_demand_m3_per_h));
  }

  bool is_full(const State& state) const {
    return same_bytes(state.node_share, full_shares) &&
           same_bytes(state.node_pressurised_at, under_pressure) &&
           same_bytes(state.tank_level_m3, model.tank_volume_m3);
  }

  /// True if a solve is known to leave the state as it is: nothing is damaged or without power,
  /// tanks are full, everybody is served, and works alone have carried at least this demand before.
  /// More demand never makes less feasible, so the skip is exact.
  bool is_calm(const Inputs& inputs, const State& state) const {
    return inputs.demand_factor <= feasible_factor && is_whole(inputs) && is_full(state);
  }

  /// Notes whether the state is at rest, for settled().
  void note(const State& state) {
    settled =
        is_full(state) && std::all_of(present.fill_m3_per_h.begin(), present.fill_m3_per_h.end(),
                                      [](double fill) { return fill == 0.0; });
  }

  void set_limits(const Inputs& inputs, const Parameters& parameters, const State& state,
                  Question question) {
    const double factor = inputs.demand_factor;
    for (std::uint32_t node = 0; node < model.node_count(); ++node) {
      const std::uint32_t outlet = network.outlet[node];
      const bool draws =
          question == Question::possible || state.node_pressurised_at[node] != kNever;
      wanted.demand[outlet] = draws ? model.node_demand_m3_per_h[node] * factor +
                                          (inputs.node_extra_demand_m3_per_h.empty()
                                               ? 0.0
                                               : inputs.node_extra_demand_m3_per_h[node])
                                    : 0.0;
      if (network.through_arc[node] == kNone) {
        continue;
      }
      const NodeKind kind = model.node_kind[node];
      const bool needs_power = kind == NodeKind::works || kind == NodeKind::pump_station;
      const double capacity =
          needs_power && inputs.node_powered[node] == 0
              ? 0.0
              : scaled(model.node_capacity_m3_per_h[node], inputs.node_factor[node]);
      wanted.forward_capacity[network.through_arc[node]] = capacity;
      if (kind == NodeKind::works) {
        wanted.supply[node] = capacity;
      } else if (kind == NodeKind::tank) {
        set_tank(parameters, state, question, node, capacity, inputs.node_factor[node]);
      }
    }
    for (std::size_t link = 0; link < model.link_from.size(); ++link) {
      const double capacity = scaled(model.link_capacity_m3_per_h[link], inputs.link_factor[link]);
      wanted.forward_capacity[network.link_arc[link]] = capacity;
      if (network.link_back_arc[link] != kNone) {
        wanted.forward_capacity[network.link_back_arc[link]] = capacity;
      } else if (model.link_two_way[link] != 0) {
        wanted.backward_capacity[network.link_arc[link]] = capacity;
      }
    }
  }

  /// A tank counts towards coming up only with what it can sustain until the node is under
  /// pressure. Otherwise the few litres that gather while nobody draws would start and cancel
  /// timers at every step.
  void set_tank(const Parameters& parameters, const State& state, Question question,
                std::uint32_t node, double capacity, double node_factor) {
    const double level = state.tank_level_m3[node];
    const double volume = model.tank_volume_m3[node];
    double outflow = level > 0.0 ? capacity : 0.0;
    if (question == Question::possible && parameters.repressurisation_hours > 0.0) {
      outflow = std::min(outflow, level / parameters.repressurisation_hours);
    }
    wanted.reserve[node] = outflow;
    wanted.surplus_demand[node] = question == Question::present && level < volume
                                      ? scaled(parameters.refill_share * volume, node_factor)
                                      : 0.0;
  }

  /// Nodes of the flow network that water can reach, however little.
  void mark_reached() {
    for (std::size_t node = 0; node < network.node_count; ++node) {
      reached[node] = wanted.supply[node] > 0.0 || wanted.reserve[node] > 0.0 ? 1 : 0;
    }
    bool grown = true;
    while (grown) {  // few rounds: links mostly lead away from works
      grown = false;
      for (std::size_t arc = 0; arc < network.arc_from.size(); ++arc) {
        std::uint8_t& from = reached[network.arc_from[arc]];
        std::uint8_t& to = reached[network.arc_to[arc]];
        if ((from != 0 && to == 0 && wanted.forward_capacity[arc] > 0.0) ||
            (to != 0 && from == 0 && wanted.backward_capacity[arc] > 0.0)) {
          from = to = 1;
          grown = true;
        }
      }
    }
  }

  /// The flow of this moment; the last one, if nothing it depends on has changed.
  const Solution& solve(const Inputs& inputs, const Parameters& parameters, const State& state,
                        Question question) {
    Solution& solution = question == Question::present ? present : possible;
    set_limits(inputs, parameters, state, question);
    if (solution.valid && same_bytes(solution.limits, wanted)) {
      return solution;
    }
    solution.limits = wanted;  // equal sizes: copies without allocating
    solution.valid = true;
    solution.solver.solve({wanted.forward_capacity, wanted.backward_capacity, wanted.supply,
                           wanted.reserve, wanted.demand, wanted.surplus_demand});
    mark_reached();
    bool everyone_draws = true;
    for (std::size_t node = 0; node < model.node_count(); ++node) {
      const std::uint32_t outlet = network.outlet[node];
      everyone_draws = everyone_draws && state.node_pressurised_at[node] != kNever;
      solution.share[node] = wanted.demand[outlet] > 0.0 ? solution.solver.share()[outlet]
                                                         : static_cast<double>(reached[outlet]);
      if (model.node_kind[node] == NodeKind::tank) {
        solution.fill_m3_per_h[node] =
            solution.solver.surplus_delivered()[node] - solution.solver.reserve_used()[node];
      }
    }
    if (everyone_draws && solution.solver.served_without_reserve() && is_whole(inputs) &&
        std::all_of(solution.share.begin(), solution.share.end(),
                    [](double share) { return share == 1.0; })) {
      feasible_factor = std::max(feasible_factor, inputs.demand_factor);
    }
    return solution;
  }
};

Water::Water(const Model& model) : impl_(std::make_unique<Impl>(model)) {}
Water::~Water() = default;
Water::Water(Water&&) noexcept = default;
Water& Water::operator=(Water&&) noexcept = default;

State Water::initial_state() const {
  State state;
  state.tank_level_m3 = impl_->model.tank_volume_m3;
  state.node_share = impl_->full_shares;
  state.node_pressurised_at = impl_->under_pressure;
  return state;
}

void Water::settle(const Inputs& inputs, const Parameters& parameters, State& state) {
  const bool takes_away_only = state.settled_at == inputs.now;
  state.settled_at = inputs.now;
  if (impl_->is_calm(inputs, state)) {
    impl_->settled = true;
    return;
  }
  const std::size_t node_count = impl_->model.node_count();
  const Solution* solution = nullptr;
  bool lost = true;
  while (lost) {  // who falls dry leaves the rest to the others: nobody falls dry in the second
                  // round but by rounding
    solution = &impl_->solve(inputs, parameters, state, Impl::Question::present);
    lost = false;
    for (std::size_t node = 0; node < node_count; ++node) {
      if (state.node_pressurised_at[node] != kNever &&
          solution->share[node] < parameters.minimum_share - kShareTolerance) {
        state.node_pressurised_at[node] = kNever;
        lost = true;
      }
    }
  }
  for (std::size_t node = 0; node < node_count; ++node) {
    float share = 0.0F;
    if (state.node_pressurised_at[node] == 0) {
      share = stored_share(solution->share[node], parameters.minimum_share);
      if (takes_away_only) {
        share = std::min(share, state.node_share[node]);
      }
    }
    state.node_share[node] = share;
  }
  impl_->note(state);
}

void Water::restore(const Inputs& inputs, const Parameters& parameters, State& state) {
  if (impl_->is_calm(inputs, state)) {
    impl_->settled = true;
    return;
  }
  const double enough = parameters.minimum_share - kShareTolerance;
  const std::size_t node_count = impl_->model.node_count();
  std::vector<Seconds>& pressurised_at = state.node_pressurised_at;
  if (std::find(pressurised_at.begin(), pressurised_at.end(), kNever) != pressurised_at.end()) {
    const Solution& possible = impl_->solve(inputs, parameters, state, Impl::Question::possible);
    for (std::size_t node = 0; node < node_count; ++node) {
      if (pressurised_at[node] == kNever && possible.share[node] >= enough) {
        pressurised_at[node] = inputs.now + seconds_from_hours(parameters.repressurisation_hours);
      }
    }
  }
  const Solution* solution = nullptr;
  bool cancelled = true;
  while (cancelled) {
    solution = &impl_->solve(inputs, parameters, state, Impl::Question::present);
    cancelled = false;
    for (std::size_t node = 0; node < node_count; ++node) {
      const bool waits = pressurised_at[node] != 0 && pressurised_at[node] != kNever;
      if (waits && solution->share[node] < enough) {
        pressurised_at[node] = kNever;
        cancelled = true;
      }
    }
  }
  for (std::size_t node = 0; node < node_count; ++node) {
    if (pressurised_at[node] <= inputs.now) {
      pressurised_at[node] = 0;
    }
    state.node_share[node] = pressurised_at[node] == 0
                                 ? stored_share(solution->share[node], parameters.minimum_share)
                                 : 0.0F;
  }
  impl_->note(state);
}

Seconds Water::advance(const Inputs& inputs, const Parameters& parameters, Seconds duration,
                       State& state) {
  WG_EXPECT(duration > 0);
  if (impl_->is_calm(inputs, state)) {
    impl_->settled = true;
    return duration;
  }
  const Solution& solution = impl_->solve(inputs, parameters, state, Impl::Question::present);
  const auto seconds_to_empty = [&](std::size_t node) {
    const double outflow = -solution.fill_m3_per_h[node];
    const double level = state.tank_level_m3[node];
    if (outflow <= 0.0 || level <= 0.0) {
      return static_cast<double>(kNever);
    }
    const double seconds = level / outflow * static_cast<double>(kSecondsPerHour);
    return std::max(1.0, std::ceil(seconds - kSecondsTolerance));
  };
  Seconds advanced = duration;
  for (std::size_t node = 0; node < impl_->model.node_count(); ++node) {
    const double seconds = seconds_to_empty(node);
    if (seconds < static_cast<double>(advanced)) {
      advanced = static_cast<Seconds>(seconds);
    }
  }
  const double hours = hours_from_seconds(advanced);
  for (std::size_t node = 0; node < impl_->model.node_count(); ++node) {
    const double fill = solution.fill_m3_per_h[node];
    if (fill != 0.0) {
      const bool emptied = seconds_to_empty(node) <= static_cast<double>(advanced);
      state.tank_level_m3[node] = emptied ? 0.0
                                          : std::clamp(state.tank_level_m3[node] + fill * hours,
                                                       0.0, impl_->model.tank_volume_m3[node]);
    }
  }
  impl_->note(state);
  return advanced;
}

bool Water::settled() const { return impl_->settled; }

}  // namespace wintergrid::water
