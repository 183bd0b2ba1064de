// Transport fidelity: what can be delivered if only capacities limit it.
//
// Unknown are the shares x_v in [0, 1] of the demands D_v (m3/h) of the nodes that draw water and
// the flows (m3/h), with
//     D_v = average_v * demand factor + leaks of burst buildings at v
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

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "grid_models/core/contract.hpp"
#include "grid_models/network/fair_flow.hpp"
#include "grid_models/water/node_flow.hpp"

namespace wintergrid::water {
namespace {

constexpr std::uint32_t kNone = UINT32_MAX;
/// Scaled capacity; a factor 0 closes a node or link of unlimited capacity too.
double scaled(double capacity, double factor) { return factor > 0.0 ? capacity * factor : 0.0; }

/// What the flow problem is made of.
struct Limits {
  std::vector<double> supply, reserve, demand, surplus_demand;  // per node of the flow network
  std::vector<double> forward_capacity, backward_capacity;      // per arc of it
};

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

Limits zero_limits(const FlowNetwork& network) {
  const std::vector<double> nodes(network.node_count, 0.0);
  const std::vector<double> arcs(network.arc_from.size(), 0.0);
  return {nodes, nodes, nodes, nodes, arcs, arcs};
}

class Transport final : public NodeFlow {
 public:
  explicit Transport(const Model& part)
      : model_(part),
        network_(part),
        wanted_(zero_limits(network_)),
        solver_(network_.node_count, network_.arc_from, network_.arc_to),
        reached_(network_.node_count, 0) {}

  void solve(const Moment& moment, Answer& answer) override {
    set_limits(moment);
    solver_.solve({wanted_.forward_capacity, wanted_.backward_capacity, wanted_.supply,
                   wanted_.reserve, wanted_.demand, wanted_.surplus_demand});
    mark_reached();
    for (std::size_t node = 0; node < model_.node_count(); ++node) {
      const std::uint32_t outlet = network_.outlet[node];
      answer.share[node] = wanted_.demand[outlet] > 0.0 ? solver_.share()[outlet]
                                                        : static_cast<double>(reached_[outlet]);
      if (model_.node_kind[node] == NodeKind::tank) {
        answer.fill_m3_per_h[node] =
            solver_.surplus_delivered()[node] - solver_.reserve_used()[node];
      }
    }
    answer.from_works_alone =
        solver_.served_without_reserve() && std::all_of(answer.share.begin(), answer.share.end(),
                                                        [](double share) { return share == 1.0; });
  }

 private:
  void set_limits(const Moment& moment) {
    for (std::uint32_t node = 0; node < model_.node_count(); ++node) {
      const std::uint32_t outlet = network_.outlet[node];
      wanted_.demand[outlet] = moment.wanted_m3_per_h[node];
      if (network_.through_arc[node] == kNone) {
        continue;
      }
      const NodeKind kind = model_.node_kind[node];
      const bool needs_power = kind == NodeKind::works || kind == NodeKind::pump_station;
      const double capacity =
          needs_power && moment.node_powered[node] == 0.0
              ? 0.0
              : scaled(model_.node_capacity_m3_per_h[node], moment.node_factor[node]);
      wanted_.forward_capacity[network_.through_arc[node]] = capacity;
      if (kind == NodeKind::works) {
        wanted_.supply[node] = capacity;
      } else if (kind == NodeKind::tank) {
        set_tank(moment, node, capacity);
      }
    }
    for (std::size_t link = 0; link < model_.link_from.size(); ++link) {
      const double capacity = scaled(model_.link_capacity_m3_per_h[link], moment.link_factor[link]);
      wanted_.forward_capacity[network_.link_arc[link]] = capacity;
      if (network_.link_back_arc[link] != kNone) {
        wanted_.forward_capacity[network_.link_back_arc[link]] = capacity;
      } else if (model_.link_two_way[link] != 0) {
        wanted_.backward_capacity[network_.link_arc[link]] = capacity;
      }
    }
  }

  /// A tank counts towards coming up only with what it can sustain until the node is under
  /// pressure. Otherwise the few litres that gather while nobody draws would start and cancel
  /// timers at every step.
  void set_tank(const Moment& moment, std::uint32_t node, double capacity) {
    const double level = moment.tank_level_m3[node];
    const double volume = model_.tank_volume_m3[node];
    double outflow = level > 0.0 ? capacity : 0.0;
    if (moment.question == Question::possible && moment.repressurisation_hours > 0.0) {
      outflow = std::min(outflow, level / moment.repressurisation_hours);
    }
    wanted_.reserve[node] = outflow;
    wanted_.surplus_demand[node] =
        moment.question == Question::present && level < volume
            ? scaled(moment.refill_share * volume, moment.node_factor[node])
            : 0.0;
  }

  /// Nodes of the flow network that water can reach, however little.
  void mark_reached() {
    for (std::size_t node = 0; node < network_.node_count; ++node) {
      reached_[node] = wanted_.supply[node] > 0.0 || wanted_.reserve[node] > 0.0 ? 1 : 0;
    }
    bool grown = true;
    while (grown) {  // few rounds: links mostly lead away from works
      grown = false;
      for (std::size_t arc = 0; arc < network_.arc_from.size(); ++arc) {
        std::uint8_t& from = reached_[network_.arc_from[arc]];
        std::uint8_t& to = reached_[network_.arc_to[arc]];
        if ((from != 0 && to == 0 && wanted_.forward_capacity[arc] > 0.0) ||
            (to != 0 && from == 0 && wanted_.backward_capacity[arc] > 0.0)) {
          from = to = 1;
          grown = true;
        }
      }
    }
  }

  Model model_;
  FlowNetwork network_;
  Limits wanted_;
  FairFlow solver_;
  std::vector<std::uint8_t> reached_;
};

}  // namespace

std::unique_ptr<NodeFlow> make_transport(const Model& part) {
  return std::make_unique<Transport>(part);
}

}  // namespace wintergrid::water
