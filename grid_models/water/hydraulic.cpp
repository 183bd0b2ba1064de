// Hydraulic fidelity: heads and flows that fit each other, demand by pressure (hydraulics room).
//
// A works is a reservoir at the node's elevation and a pump; a pumping station a pump between two
// nodes; a tank a fixed head (elevation + bottom + depth * level / volume) behind a short pipe.
// Head gain (m) of a works or station with lift H at capacity Q (m3/s) and flow q:
//     H (4/3 - (q/Q)^2 / 3)    up to Q (one-point curve, EPANET 2 manual, 3.1.5);
//     steeply down beyond Q, so that capacity is held within 2 %.
// Damage of a node scales Q. Pipes: Hazen-Williams with the diameter given or typical for the
// capacity; a capacity itself does not limit a pipe. A damaged pipe carries its factor times the
// flow at the same head loss. Delivered share of demand (Wagner): sqrt(p / p_required), 0 below
// p = 0, 1 above p_required. A tank that is empty gives nothing, one that is full takes nothing.
//
// Where one-way links (check valves, pumps that cannot lift) shut nodes off from everything, the
// solver's head is that of the leaks it keeps in them. Nothing flows there, so that the true head
// is the highest that stands in front: head before a check valve, shut-off head of a pump. How far
// it lies below the solver's head H, s_i, is least with
//     s_i = 0 at fixed heads;  s_i = s_j over open pipes;
//     s_i <= s_j over open, s_j + max(0, H_i - H_j - lift) over closed one-way links j -> i.
// An open one-way link says nothing about the node before it: it may be leaks that it lets through.
//
// A solve starts from the flows of the whole part at average demand, never from those before: the
// answer must not depend on history. Without a convergent solution the answer says so.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <utility>
#include <vector>

#include "grid_models/core/contract.hpp"
#include "grid_models/hydraulics/solver.hpp"
#include "grid_models/water/node_flow.hpp"

namespace wintergrid::water {
namespace {

constexpr std::uint32_t kNone = UINT32_MAX;
constexpr double kSecondsAnHour = 3600.0;
constexpr double kHazenWilliamsExponent = 1.852;
/// Lengths below are as good as none, and would make the equations ill-conditioned.
constexpr double kLeastLengthM = 10.0;
constexpr double kTankPipeM = 100.0;
constexpr double kLeastLiftM = 0.1;  // a flat curve would leave the flow open
/// Shares this close to 1 are 1: solver accuracy 1e-5 of the flows.
constexpr double kFullShare = 1.0 - 1e-4;
constexpr double kNoFillM3PerH = 1e-3;
constexpr double kBottomless = 1e9;  // no closed link holds anything in front of the node
constexpr std::array<double, 5> kCurveAt{0.0, 0.25, 0.5, 0.75, 1.0};
constexpr double kCurveEnd = 1.02;

class Hydraulic final : public NodeFlow {
 public:
  explicit Hydraulic(const Model& part) : model_(part) {
    WG_CHECK(part.node_elevation_m.size() == part.node_count() &&
                 part.node_head_m.size() == part.node_count() &&
                 part.link_length_m.size() == part.link_from.size() &&
                 part.link_diameter_m.size() == part.link_from.size(),
             "arrays of a hydraulic water model differ in length");
    options_.pressure_driven = true;
    options_.required_pressure_m = part.required_pressure_m;
    hydraulics::Network network = make_network();
    resistance_ = network.resistance;
    solver_ = std::make_unique<hydraulics::Solver>(std::move(network));
    demand_m3s_.assign(solver_->network().node_count(), 0.0);
    reached_.assign(part.node_count(), 0);
    sunk_m_.assign(solver_->network().node_count(), 0.0);
    make_start();
  }

  void solve(const Moment& moment, Answer& answer) override {
    state_ = start_;  // equal sizes: copies without allocating
    answer.bounded = false;
    if (!set_nodes(moment)) {
      std::fill(answer.share.begin(), answer.share.end(), 0.0);
      std::fill(answer.fill_m3_per_h.begin(), answer.fill_m3_per_h.end(), 0.0);
      answer.from_works_alone = false;
      return;
    }
    set_pipes(moment);
    hydraulics::SolveResult result = solver_->solve(demand_m3s_, state_, options_);
    while (moment.question == Question::possible &&
           result.status == hydraulics::SolveStatus::converged && close_short_tanks(moment)) {
      restart();
      result = solver_->solve(demand_m3s_, state_, options_);
    }
    read(moment, result.status == hydraulics::SolveStatus::converged, answer);
  }

 private:
  /// Where a node of the model stands in the network.
  struct Place {
    std::uint32_t inlet = 0, outlet = 0;
    std::uint32_t link = kNone;   ///< pump, or the tank's pipe (from the tank's surface)
    std::uint32_t fixed = kNone;  ///< reservoir or tank surface
    double capacity_m3s = 0.0;
  };

  hydraulics::Network make_network() {
    hydraulics::Network network;
    for (std::uint32_t node = 0; node < model_.node_count(); ++node) {
      add_node(network, node);
    }
    for (std::size_t l = 0; l < model_.link_from.size(); ++l) {
      const auto kind = model_.link_two_way[l] != 0 ? hydraulics::LinkKind::pipe
                                                    : hydraulics::LinkKind::check_valve;
      pipe_.push_back(add_pipe(
          network, kind, place_[model_.link_from[l]].outlet, place_[model_.link_to[l]].inlet,
          std::max(kLeastLengthM, model_.link_length_m[l]), model_.link_diameter_m[l]));
    }
    return network;
  }

  std::uint32_t add_pipe(hydraulics::Network& network, hydraulics::LinkKind kind,
                         std::uint32_t from, std::uint32_t to, double length_m,
                         double diameter_m) const {
    const std::uint32_t pipe = network.add_link(kind, from, to, diameter_m);
    network.resistance[pipe] =
        hydraulics::hazen_williams_resistance(length_m, diameter_m, model_.roughness_coefficient);
    return pipe;
  }

  void add_node(hydraulics::Network& network, std::uint32_t node) {
    const double elevation = model_.node_elevation_m[node];
    Place made;
    made.inlet = made.outlet = network.add_node(elevation, false);
    made.capacity_m3s = model_.node_capacity_m3_per_h[node] / kSecondsAnHour;
    switch (model_.node_kind[node]) {
      case NodeKind::junction:
        break;
      case NodeKind::works:
        made.fixed = network.add_node(elevation, true);
        made.capacity_m3s = pump_capacity_m3s(made.capacity_m3s);
        made.link =
            add_pump(network, made.fixed, made.inlet, made.capacity_m3s, model_.node_head_m[node]);
        break;
      case NodeKind::pump_station:
        made.outlet = network.add_node(elevation, false);
        made.capacity_m3s = pump_capacity_m3s(made.capacity_m3s);
        made.link =
            add_pump(network, made.inlet, made.outlet, made.capacity_m3s, model_.node_head_m[node]);
        break;
      case NodeKind::tank:
        made.fixed = network.add_node(elevation, true);
        made.link = add_pipe(network, hydraulics::LinkKind::pipe, made.fixed, made.inlet,
                             kTankPipeM, tank_pipe_m(made.capacity_m3s));
        break;
    }
    place_.push_back(made);
  }

  bool is_pumped(std::size_t node) const {
    return model_.node_kind[node] == NodeKind::works ||
           model_.node_kind[node] == NodeKind::pump_station;
  }
  bool gives_nothing(std::size_t node) const { return model_.node_capacity_m3_per_h[node] <= 0.0; }

  /// Without a limit: enough for everybody, whatever the hour.
  double pump_capacity_m3s(double given_m3s) const {
    const double total_m3s = std::accumulate(model_.node_demand_m3_per_h.begin(),
                                             model_.node_demand_m3_per_h.end(), 0.0) /
                             kSecondsAnHour;
    return std::max(std::isfinite(given_m3s) ? given_m3s : 3.0 * total_m3s, 1e-6);
  }

  /// The diameter at which water moves at 1 m/s at the largest outflow.
  static double tank_pipe_m(double capacity_m3s) {
    const double metres_per_second = 1.0;
    return std::isfinite(capacity_m3s)
               ? std::max(0.1, std::sqrt(4.0 / std::numbers::pi * capacity_m3s / metres_per_second))
               : 1.0;
  }

  static std::uint32_t add_pump(hydraulics::Network& network, std::uint32_t from, std::uint32_t to,
                                double capacity_m3s, double lift_m) {
    const std::uint32_t link = network.add_link(hydraulics::LinkKind::pump, from, to, 1.0);
    network.attachment[link] = static_cast<std::uint32_t>(network.pumps.size());
    hydraulics::Curve curve;
    for (const double x : kCurveAt) {
      curve.x.push_back(x * capacity_m3s);
      curve.y.push_back(std::max(lift_m, kLeastLiftM) * (4.0 - x * x) / 3.0);
    }
    curve.x.push_back(kCurveEnd * capacity_m3s);
    curve.y.push_back(-4.0 * std::max(lift_m, 25.0));
    hydraulics::Pump pump;
    pump.kind = hydraulics::PumpKind::piecewise;
    pump.curve = static_cast<std::uint32_t>(network.curves.size());
    pump.shutoff_head_m = curve.y.front();
    pump.start_flow_m3s = 0.5 * capacity_m3s;
    network.pumps.push_back(pump);
    network.curves.push_back(std::move(curve));
    return link;
  }

  /// The flows every solve starts from.
  void make_start() {
    start_ = solver_->make_state();
    solver_->reset_flows(start_);
    for (std::size_t node = 0; node < place_.size(); ++node) {
      demand_m3s_[place_[node].outlet] = model_.node_demand_m3_per_h[node] / kSecondsAnHour;
      set_tank(start_, node, model_.tank_volume_m3[node]);
      if (is_pumped(node)) {
        start_.out_of_service[place_[node].link] = gives_nothing(node) ? 1 : 0;
      }
    }
    state_ = start_;
    if (solver_->solve(demand_m3s_, state_, options_).status ==
        hydraulics::SolveStatus::converged) {
      start_.flow_m3s = state_.flow_m3s;
      start_.head_m = state_.head_m;
      start_.delivered_m3s = state_.delivered_m3s;
      start_.outflow_m3s = state_.outflow_m3s;
    }
  }

  void set_tank(hydraulics::State& state, std::size_t node, double level_m3) const {
    if (model_.node_kind[node] != NodeKind::tank) {
      return;
    }
    const std::uint32_t fixed = place_[node].fixed;
    const double volume = model_.tank_volume_m3[node];
    state.head_m[fixed] = model_.node_elevation_m[node] + model_.node_head_m[node] +
                          (volume > 0.0 ? model_.tank_depth_m * level_m3 / volume : 0.0);
    state.gives_nothing[fixed] = level_m3 > 0.0 ? 0 : 1;
    state.takes_nothing[fixed] = level_m3 >= volume ? 1 : 0;
  }

  /// Demands, tanks and pumps of this moment. False if nothing gives water.
  bool set_nodes(const Moment& moment) {
    hydraulics::Network& network = solver_->coefficients();
    bool any_source = false;
    for (std::size_t node = 0; node < place_.size(); ++node) {
      const Place& at = place_[node];
      const double factor = moment.node_factor[node];
      demand_m3s_[at.outlet] = moment.wanted_m3_per_h[node] / kSecondsAnHour;
      switch (model_.node_kind[node]) {
        case NodeKind::junction:
          break;
        case NodeKind::tank:
          set_tank(state_, node, moment.tank_level_m3[node]);
          state_.out_of_service[at.link] = factor > 0.0 && !gives_nothing(node) ? 0 : 1;
          any_source = any_source ||
                       (state_.out_of_service[at.link] == 0 && moment.tank_level_m3[node] > 0.0);
          break;
        default: {
          const bool runs =
              factor > 0.0 && moment.node_powered[node] != 0.0 && !gives_nothing(node);
          state_.out_of_service[at.link] = runs ? 0 : 1;
          any_source = any_source || (runs && model_.node_kind[node] == NodeKind::works);
          hydraulics::Curve& curve =
              network.curves[network.pumps[network.attachment[at.link]].curve];
          const double capacity_m3s = at.capacity_m3s * (runs ? factor : 1.0);
          for (std::size_t i = 0; i < kCurveAt.size(); ++i) {
            curve.x[i] = kCurveAt[i] * capacity_m3s;
          }
          curve.x.back() = kCurveEnd * capacity_m3s;
        }
      }
    }
    return any_source;
  }

  void set_pipes(const Moment& moment) {
    hydraulics::Network& network = solver_->coefficients();
    for (std::size_t l = 0; l < pipe_.size(); ++l) {
      const double factor = moment.link_factor[l];
      state_.out_of_service[pipe_[l]] = factor > 0.0 ? 0 : 1;
      network.resistance[pipe_[l]] =
          factor > 0.0 && factor < 1.0
              ? resistance_[pipe_[l]] / std::pow(factor, kHazenWilliamsExponent)
              : resistance_[pipe_[l]];
    }
  }

  /// A tank counts towards coming up only if it can sustain its outflow until nodes are under
  /// pressure; otherwise the few litres that gather while nobody draws would start and cancel
  /// timers at every step. True if one was closed.
  bool close_short_tanks(const Moment& moment) {
    bool closed = false;
    for (std::size_t node = 0; node < place_.size(); ++node) {
      const Place& at = place_[node];
      if (model_.node_kind[node] != NodeKind::tank || state_.out_of_service[at.link] != 0) {
        continue;
      }
      const double outflow_m3 =
          state_.flow_m3s[at.link] * kSecondsAnHour * moment.repressurisation_hours;
      if (outflow_m3 > std::max(moment.tank_level_m3[node], kNoFillM3PerH)) {
        state_.out_of_service[at.link] = 1;
        closed = true;
      }
    }
    return closed;
  }

  /// Flows and statuses as at the start; what this moment set is kept.
  void restart() {
    state_.flow_m3s = start_.flow_m3s;
    state_.status = start_.status;
    state_.setting = start_.setting;
    state_.delivered_m3s = start_.delivered_m3s;
    state_.outflow_m3s = start_.outflow_m3s;
    state_.isolated = start_.isolated;
    for (std::size_t n = 0; n < start_.head_m.size(); ++n) {
      if (solver_->network().fixed_head[n] == 0) {
        state_.head_m[n] = start_.head_m[n];
      }
    }
  }

  /// Nodes that water can reach, with the direction of links: a closed check valve leaks a little
  /// as the solver sees it, so that a head behind it says nothing.
  void mark_reached(const Moment& moment) {
    const auto passes = [&](std::size_t node) {
      return model_.node_kind[node] != NodeKind::pump_station ||
             state_.out_of_service[place_[node].link] == 0;
    };
    for (std::size_t node = 0; node < place_.size(); ++node) {
      const NodeKind kind = model_.node_kind[node];
      const bool gives =
          kind == NodeKind::works || (kind == NodeKind::tank && moment.tank_level_m3[node] > 0.0);
      reached_[node] = gives && state_.out_of_service[place_[node].link] == 0 ? 1 : 0;
    }
    bool grown = true;
    while (grown) {
      grown = false;
      for (std::size_t l = 0; l < pipe_.size(); ++l) {
        const std::uint32_t from = model_.link_from[l], to = model_.link_to[l];
        const bool forward = reached_[from] != 0 && passes(from) && reached_[to] == 0;
        const bool backward =
            model_.link_two_way[l] != 0 && reached_[to] != 0 && reached_[from] == 0;
        if (moment.link_factor[l] > 0.0 && (forward || backward)) {
          reached_[forward ? to : from] = 1;
          grown = true;
        }
      }
    }
  }

  /// How far the true head lies below the solver's, by node; see above. Rounds as in
  /// mark_reached().
  void find_sunk() {
    const hydraulics::Network& network = solver_->network();
    for (std::size_t n = 0; n < sunk_m_.size(); ++n) {
      sunk_m_[n] = network.fixed_head[n] != 0 ? 0.0 : kBottomless;
    }
    bool changed = true;
    const auto limit = [&](std::uint32_t node, double most_m) {
      changed = changed || most_m < sunk_m_[node];
      sunk_m_[node] = std::min(sunk_m_[node], most_m);
    };
    while (changed) {
      changed = false;
      for (std::size_t k = 0; k < network.link_count(); ++k) {
        const std::uint32_t from = network.from[k], to = network.to[k];
        if (state_.out_of_service[k] != 0 || state_.gives_nothing[from] != 0) {
          continue;
        }
        const bool closed = hydraulics::is_closed(state_.status[k]);
        limit(to, sunk_m_[from] + (closed ? held_back_m(k) : 0.0));
        if (network.kind[k] == hydraulics::LinkKind::pipe && !closed) {
          limit(from, sunk_m_[to]);
        }
      }
    }
  }

  /// By how much what a closed link holds is below the head behind it.
  double held_back_m(std::size_t link) const {
    const hydraulics::Network& network = solver_->network();
    const double lift = network.kind[link] == hydraulics::LinkKind::pump
                            ? network.pumps[network.attachment[link]].shutoff_head_m
                            : 0.0;
    return std::max(0.0,
                    state_.head_m[network.to[link]] - state_.head_m[network.from[link]] - lift);
  }

  void read(const Moment& moment, bool converged, Answer& answer) {
    answer.bounded = !converged;
    mark_reached(moment);
    find_sunk();
    answer.from_works_alone = converged;
    for (std::size_t node = 0; node < place_.size(); ++node) {
      const Place& at = place_[node];
      answer.share[node] = share_of(moment, node);
      double fill = 0.0;
      if (model_.node_kind[node] == NodeKind::tank && converged &&
          state_.out_of_service[at.link] == 0) {
        fill = -state_.flow_m3s[at.link] * kSecondsAnHour;
        fill = std::abs(fill) < kNoFillM3PerH ? 0.0 : fill;
      }
      answer.fill_m3_per_h[node] = fill;
      answer.from_works_alone = answer.from_works_alone && answer.share[node] == 1.0 && fill >= 0.0;
    }
  }

  double share_of(const Moment& moment, std::size_t node) const {
    const std::uint32_t outlet = place_[node].outlet;
    if (state_.isolated[outlet] != 0 || reached_[node] == 0) {
      return 0.0;
    }
    const double pressure_m =
        state_.head_m[outlet] - sunk_m_[outlet] - model_.node_elevation_m[node];
    const double share =
        moment.wanted_m3_per_h[node] > 0.0
            ? state_.delivered_m3s[outlet] * kSecondsAnHour / moment.wanted_m3_per_h[node]
            : std::sqrt(std::clamp(pressure_m / model_.required_pressure_m, 0.0, 1.0));
    return share >= kFullShare ? 1.0 : std::max(0.0, share);
  }

  Model model_;
  hydraulics::SolverOptions options_;
  std::vector<Place> place_;         // by node
  std::vector<std::uint32_t> pipe_;  // by link
  std::vector<double> resistance_;   // by link of the network, undamaged
  std::unique_ptr<hydraulics::Solver> solver_;
  hydraulics::State start_, state_;
  std::vector<double> demand_m3s_;
  std::vector<std::uint8_t> reached_;  // by node
  std::vector<double> sunk_m_;         // by node of the network
};

}  // namespace

std::unique_ptr<NodeFlow> make_hydraulic(const Model& part) {
  return std::make_unique<Hydraulic>(part);
}

}  // namespace wintergrid::water
