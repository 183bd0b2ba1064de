// The laws that every answer of circulating water obeys, on random networks.

#include <cmath>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "grid_models/heat/circulation_heat.hpp"
#include "tests/grid_models/heat/circulation_network.hpp"

namespace wintergrid::heat {
namespace {

using test::kHouseholdW;
using test::Network;

struct RandomNetwork {
  Network network;
  explicit RandomNetwork(bool joined = false) {
    const auto nodes = *rc::gen::inRange<std::uint32_t>(1, 9);
    std::int64_t all = 0;
    for (std::uint32_t node = 0; node < nodes; ++node) {
      network.node(*rc::gen::element<std::int64_t>(0, 100, 700, 3000));
      all += network.households.back();
      if (node > 0 && (joined || *rc::gen::inRange(0, 8) > 0)) {
        network.pipe(*rc::gen::inRange<std::uint32_t>(0, node), node,
                     *rc::gen::element(3.0, 10.0, 30.0), *rc::gen::element(0.0, 0.5, 3.0, 8.0));
      }
    }
    for (int more = *rc::gen::inRange(0, 4); more > 0 && nodes > 1; --more) {
      const auto from = *rc::gen::inRange<std::uint32_t>(0, nodes);
      const auto to = *rc::gen::inRange<std::uint32_t>(0, nodes);
      if (from != to && *rc::gen::arbitrary<bool>()) {
        network.tie(from, to, 10.0, *rc::gen::element(0.5, 4.0));
      } else if (from != to) {
        network.pipe(from, to, 10.0, *rc::gen::element(0.5, 4.0));
      }
    }
    const auto sources = *rc::gen::inRange<int>(1, 4);
    for (int source = 0; source < sources; ++source) {
      network.source(
          *rc::gen::inRange<std::uint32_t>(0, nodes),
          1e-6 * kHouseholdW * static_cast<double>(all) * *rc::gen::element(0.3, 0.7, 1.3));
    }
  }
  /// Sources, pipes or valves become something else.
  void change() {
    const auto source = *rc::gen::inRange<std::size_t>(0, network.available_mw.size());
    network.available_mw[source] =
        network.model.source_capacity_mw[source] * *rc::gen::element(0.0, 0.2, 1.0);
    if (!network.factor.empty() && *rc::gen::arbitrary<bool>()) {
      network.factor[*rc::gen::inRange<std::size_t>(0, network.factor.size())] =
          *rc::gen::element(0.0, 0.4, 1.0);
    }
  }
};

RC_GTEST_PROP(CirculationProperty, AnswersDoNotDependOnWhatWasAskedBefore, ()) {
  RandomNetwork random;
  Circulation kept = random.network.circulation();
  const auto whole = random.network.households;
  for (int moment = *rc::gen::inRange(1, 10); moment > 0; --moment) {
    if (*rc::gen::arbitrary<bool>()) {
      random.change();
    }
    const auto node = *rc::gen::inRange<std::size_t>(0, whole.size());
    random.network.households[node] = whole[node] / *rc::gen::element(1, 1, 2);
    const double load = *rc::gen::element(0.15, 0.5, 0.999, 1.0, 1.2);
    kept.solve(random.network.inputs(load));
    auto intact = random.network;
    intact.households = whole;
    Circulation fresh = intact.circulation();
    fresh.solve(random.network.inputs(load));
    for (std::size_t at = 0; at < whole.size(); ++at) {
      RC_ASSERT(kept.share(at) == fresh.share(at));
      RC_ASSERT(kept.unsolved(at) == fresh.unsolved(at));
    }
  }
}

RC_GTEST_PROP(CirculationProperty, ShutTiesChangeNothing, ()) {
  RandomNetwork random;
  const Network without = random.network;
  Network with = without;
  const auto nodes = static_cast<std::uint32_t>(with.model.node_count);
  for (int more = *rc::gen::inRange(1, 4); more > 0 && nodes > 1; --more) {
    const auto from = *rc::gen::inRange<std::uint32_t>(0, nodes);
    with.tie(from, (from + *rc::gen::inRange<std::uint32_t>(1, nodes)) % nodes, 10.0, 2.0);
  }
  Circulation two = with.circulation(), one = without.circulation();
  for (const double load : {1.0, 0.3}) {
    two.solve(with.inputs(load));
    one.solve(without.inputs(load));
    for (std::size_t at = 0; at < nodes; ++at) {
      RC_ASSERT(two.share(at) == one.share(at));
    }
  }
}

/// One part with everything in it.
CirculationPart part_of(const Network& network) {
  CirculationPart part;
  part.node_count = network.model.node_count;
  part.pipe_from = network.model.pipe_from;
  part.pipe_to = network.model.pipe_to;
  part.pipe_length_m = network.model.pipe_length_m;
  part.pipe_diameter_m = network.model.pipe_diameter_m;
  part.pipe_usual.assign(network.factor.size(), 1.0);
  part.source_node = network.model.source_node;
  for (const double capacity_mw : network.model.source_capacity_mw) {
    part.source_capacity_w.push_back(1e6 * capacity_mw);
    part.source_share.push_back(1.0);
  }
  part.node_households = network.households;
  part.design = network.model.design;
  part.household_w = kHouseholdW;
  part.loss_share = 0.2;
  return part;
}

RC_GTEST_PROP(CirculationProperty, FlowsObeyTheLawsOfPipesAndValvesAndBalance, ()) {
  RandomNetwork random(true);
  const CirculationPart part = part_of(random.network);
  CirculationFlow flow(part);
  CirculationFlows flows = flow.make_flows();
  random.change();
  std::vector<double> pumps(part.source_node.size());
  for (double& share : pumps) {
    share = *rc::gen::element(0.0, 0.5, 1.0, 1.0);
  }
  flow.solve(pumps, random.network.factor, part.node_households, flows);
  RC_ASSERT(flows.solved);
  std::vector<double> balance(part.node_count, 0.0);
  double all_m3s = 0.05;  // closed pumps leak some 1e-6 m3/s
  for (std::size_t source = 0; source < pumps.size(); ++source) {
    RC_ASSERT(flows.source_m3s[source] >= 0.0);
    balance[part.source_node[source]] += flows.source_m3s[source];
    all_m3s += flows.source_m3s[source];
  }
  for (std::size_t pipe = 0; pipe < part.pipe_from.size(); ++pipe) {
    const double q = flows.pipe_m3s[pipe];
    balance[part.pipe_from[pipe]] -= q;
    balance[part.pipe_to[pipe]] += q;
    const double factor = random.network.factor[pipe];
    if (factor <= 0.0) {
      RC_ASSERT(q == 0.0);
      continue;
    }
    const double diameter = part.pipe_diameter_m[pipe];
    const double speed = q / factor / (std::numbers::pi / 4.0 * diameter * diameter);
    const double lambda = 0.11 * std::pow(part.design.roughness_m / diameter, 0.25);
    const double loss_m = 2.0 * lambda * std::max(10.0, part.pipe_length_m[pipe]) / diameter *
                          speed * std::abs(speed) / (2.0 * 9.80665);
    const double drop_m = flows.head_m[part.pipe_from[pipe]] - flows.head_m[part.pipe_to[pipe]];
    RC_ASSERT(std::abs(drop_m - loss_m) <= 1e-3 + 1e-4 * std::abs(loss_m));
  }
  for (std::size_t node = 0; node < part.node_count; ++node) {
    const double wanted_m3s =
        flow.household_m3s() * static_cast<double>(part.node_households[node]);
    RC_ASSERT(std::abs(balance[node] - flows.served[node] * wanted_m3s) <= 1e-4 * all_m3s);
    if (wanted_m3s > 0.0 && flows.served[node] > 0.0) {
      const double open = std::sqrt(std::clamp(flows.head_m[node] / 15.0, 0.0, 1.0));
      RC_ASSERT(std::abs(flows.served[node] - open) * wanted_m3s <= 3e-6);  // the solver's own
    }
  }
}

/// Most heat that each part of joined nodes could have: all of its sources', without any loss.
double heat_limit_mw(const Network& network, double load) {
  std::vector<std::size_t> part(network.model.node_count);
  std::iota(part.begin(), part.end(), std::size_t{0});
  for (std::size_t round = 0; round < part.size(); ++round) {
    for (std::size_t pipe = 0; pipe < network.factor.size(); ++pipe) {
      auto& a = part[network.model.pipe_from[pipe]];
      auto& b = part[network.model.pipe_to[pipe]];
      if (network.factor[pipe] > 0.0) {
        a = b = std::min(a, b);
      }
    }
  }
  double limit = 0.0;
  for (std::size_t root = 0; root < part.size(); ++root) {
    double heat = 0.0, wanted = 0.0;
    for (std::size_t source = 0; source < network.available_mw.size(); ++source) {
      heat += part[network.model.source_node[source]] == root ? network.available_mw[source] : 0.0;
    }
    for (std::size_t node = 0; node < part.size(); ++node) {
      wanted += part[node] == root
                    ? 1e-6 * kHouseholdW * load * static_cast<double>(network.households[node])
                    : 0.0;
    }
    limit += std::min(heat, wanted);
  }
  return limit;
}

RC_GTEST_PROP(CirculationProperty, SharesAreSharesAndHeatComesFromSources, ()) {
  RandomNetwork random;
  const Network& network = random.network;
  Circulation circulation = network.circulation();
  for (int moment = 0; moment < 3; ++moment) {
    random.change();
    const double load = *rc::gen::element(0.3, 0.8, 1.0, 1.2);
    circulation.solve(network.inputs(load));
    RC_PRE(!circulation.any_unsolved());
    double delivered_mw = 0.0;
    for (std::size_t node = 0; node < network.households.size(); ++node) {
      RC_ASSERT(circulation.share(node) >= 0.0 && circulation.share(node) <= 1.0);
      delivered_mw += 1e-6 * kHouseholdW * load * circulation.share(node) *
                      static_cast<double>(network.households[node]);
    }
    for (std::size_t source = 0; source < network.available_mw.size(); ++source) {
      RC_ASSERT(circulation.source_sent_mw()[source] <= network.available_mw[source] + 1e-4);
    }
    // 1e-4: a share that close to 1 is 1.
    RC_ASSERT(delivered_mw <= heat_limit_mw(network, load) * (1.0 + 2e-4) + 1e-6);
  }
}

}  // namespace
}  // namespace wintergrid::heat
