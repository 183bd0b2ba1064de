// Heat carried by circulating water: sizing, shortage of heat and of pressure, and the laws that
// every answer obeys.

#include "grid_models/heat/circulation.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "grid_models/heat/circulation_heat.hpp"
#include "tests/support/allocation_counter.hpp"

namespace wintergrid::heat {
namespace {

constexpr double kHouseholdW = 2500.0;

struct Network {
  Model model;
  std::vector<std::int64_t> households;
  std::vector<double> available_mw, factor;

  Network() {
    model.fidelity = Fidelity::hydraulic;
    model.design_household_w = kHouseholdW;
    model.network_loss_share = 0.2;
  }
  std::uint32_t node(std::int64_t count) {
    households.push_back(count);
    return static_cast<std::uint32_t>(model.node_count++);
  }
  void pipe(std::uint32_t from, std::uint32_t to, double capacity_mw, double length_km) {
    model.pipe_from.push_back(from);
    model.pipe_to.push_back(to);
    model.pipe_capacity_mw.push_back(capacity_mw);
    model.pipe_length_m.push_back(1000.0 * length_km);
    model.pipe_diameter_m.push_back(typical_diameter_m(model.design, capacity_mw, 80.0));
    factor.push_back(1.0);
  }
  void source(std::uint32_t at, double capacity_mw) {
    model.source_node.push_back(at);
    model.source_capacity_mw.push_back(capacity_mw);
    available_mw.push_back(capacity_mw);
  }
  Circulation circulation() const { return {model, households}; }
  CirculationInputs inputs(double load) const { return {available_mw, factor, households, load}; }
  double wanted_mw(double load) const {
    return 1e-6 * kHouseholdW * load *
           static_cast<double>(std::accumulate(households.begin(), households.end(), 0LL));
  }
};

std::vector<double> shares(Circulation& circulation, const Network& network, double load) {
  circulation.solve(network.inputs(load));
  std::vector<double> share;
  for (std::size_t node = 0; node < network.model.node_count; ++node) {
    EXPECT_FALSE(circulation.unsolved(node));
    share.push_back(circulation.share(node));
  }
  return share;
}

double sum(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

/// A plant and three zones of 2,000 households in a row, 3 km apart.
Network row_of_three() {
  Network network;
  const auto plant = network.node(0);
  std::uint32_t before = plant;
  for (int zone = 0; zone < 3; ++zone) {
    const auto at = network.node(2000);
    network.pipe(before, at, 25.0, 3.0);
    before = at;
  }
  network.source(plant, 25.0);
  return network;
}

TEST(Circulation, IntactServesEverybodyAtEveryLoadAndLosesWhatItIsSizedFor) {
  const Network network = row_of_three();
  Circulation circulation = network.circulation();
  EXPECT_NEAR(circulation.design_loss_share(), 0.2, 1e-9);
  for (const double load : {0.13, 0.5, 1.0}) {
    for (const double share : shares(circulation, network, load)) {
      EXPECT_EQ(share, 1.0) << load;
    }
  }
  EXPECT_EQ(circulation.flow_solves(), 0u);  // sizing found the intact flows
  // A warmer day after a colder one is inside the range that was served: nothing was solved, and
  // nothing is said about the heat sent out. A new object says it.
  Circulation fresh = network.circulation();
  fresh.solve(network.inputs(0.9));
  EXPECT_GT(sum(fresh.source_sent_mw()),
            network.wanted_mw(0.9) / 0.8);  // losses fall less than heat
  EXPECT_LT(sum(fresh.source_sent_mw()), network.wanted_mw(0.9) / 0.79);
}

TEST(Circulation, LiftIsWhatTheFarthestNodeNeeds) {
  Network network = row_of_three();
  const Circulation circulation = network.circulation();
  // Flow of a zone, and the drop of a pipe that carries one, two and three of them, both lines.
  const NetworkDesign& design = network.model.design;
  const double zone_m3s = 2000.0 * kHouseholdW / (4.06e6 * 40.0);
  const double diameter = network.model.pipe_diameter_m[0];
  const double lambda = 0.11 * std::pow(design.roughness_m / diameter, 0.25);
  const double area = std::numbers::pi / 4.0 * diameter * diameter;
  const auto drop_m = [&](double zones) {
    const double speed = zones * zone_m3s / area;
    return 2.0 * lambda * 3000.0 / diameter * speed * speed / (2.0 * 9.80665);
  };
  EXPECT_NEAR(circulation.source_lift_m()[0], 15.0 + drop_m(1.0) + drop_m(2.0) + drop_m(3.0), 1e-3);
}

TEST(Circulation, HalfTheHeatCoolsEverybodyAndIsSentOutInFull) {
  Network network = row_of_three();
  Circulation circulation = network.circulation();
  network.available_mw[0] = 0.5 * network.wanted_mw(1.0) / 0.8;
  const auto share = shares(circulation, network, 1.0);
  EXPECT_NEAR(circulation.source_sent_mw()[0], network.available_mw[0], 1e-6);
  const double delivered_mw = 1e-6 * kHouseholdW * 2000.0 * (share[1] + share[2] + share[3]);
  // Losses fall less than the heat: less than half arrives, but not much less.
  EXPECT_LT(delivered_mw, 0.5 * network.wanted_mw(1.0));
  EXPECT_GT(delivered_mw, 0.4 * network.wanted_mw(1.0));
  EXPECT_GT(share[1], share[2]);
  EXPECT_GT(share[2], share[3]);
  EXPECT_LT(share[1] - share[3], 0.1);  // full flow everywhere: a matter of temperature alone
}

TEST(Circulation, TooLittleHeatIsSentOutInFullInMildWeatherToo) {
  Network network = row_of_three();
  for (const double load : {0.1, 0.13, 0.15, 0.2, 0.4, 1.0}) {
    Circulation circulation = network.circulation();
    network.available_mw[0] = 24.9;
    circulation.solve(network.inputs(load));
    const double wanted_mw = circulation.source_sent_mw()[0];
    for (int percent = 25; percent < 100; percent += 5) {
      network.available_mw[0] = 0.01 * percent * wanted_mw;
      const auto share = shares(circulation, network, load);
      EXPECT_NEAR(circulation.source_sent_mw()[0], network.available_mw[0], 1e-4)
          << load << ", " << percent;
    }
  }
}

TEST(Circulation, OneFarHouseholdDoesNotOverheatTheNetwork) {
  Network network;
  const auto city = network.node(20000);
  network.pipe(city, network.node(10), 1.0, 20.0);
  network.source(city, 70.0);
  Circulation circulation = network.circulation();
  EXPECT_NEAR(circulation.design_loss_share(), 0.2, 1e-6);
  for (const double load : {0.2, 1.0}) {
    const auto share = shares(circulation, network, load);
    EXPECT_EQ(share[0], 1.0) << load;
    EXPECT_GT(share[1], 0.0) << load;
    EXPECT_LT(share[1], 0.1) << load;
    EXPECT_LT(circulation.source_sent_mw()[0], network.wanted_mw(load) / 0.7) << load;
  }
}

TEST(Circulation, AMillionHouseholdsLeaveNumbersAtOne) {
  Network network;
  const auto city = network.node(2000000);
  network.pipe(city, network.node(1), 1.0, 1.0);
  network.source(city, 8000.0);
  Circulation circulation = network.circulation();
  EXPECT_EQ(shares(circulation, network, 0.9)[0], 1.0);
  EXPECT_NEAR(circulation.source_sent_mw()[0], network.wanted_mw(0.9) / 0.8, 50.0);
}

TEST(Circulation, NobodyIsServedBehindAClosedPipeAndTheOthersStay) {
  Network network = row_of_three();
  Circulation circulation = network.circulation();
  network.factor[1] = 0.0;
  EXPECT_EQ(shares(circulation, network, 0.8), (std::vector<double>{1.0, 1.0, 0.0, 0.0}));
  network.factor[1] = 1.0;
  network.available_mw[0] = 0.0;
  EXPECT_EQ(shares(circulation, network, 0.8), (std::vector<double>(4, 0.0)));
  network.available_mw[0] = 25.0;
  EXPECT_EQ(shares(circulation, network, 0.8), (std::vector<double>(4, 1.0)));
}

TEST(Circulation, ANarrowedPipeTakesFlowFromTheFarOnesMost) {
  Network network = row_of_three();
  Circulation circulation = network.circulation();
  network.factor[1] = 0.3;
  const auto share = shares(circulation, network, 1.0);
  EXPECT_EQ(share[1], 1.0);
  EXPECT_LT(share[2], 1.0);
  EXPECT_LT(share[3], share[2]);
  EXPECT_GT(share[3], 0.2);
}

TEST(Circulation, ASourceInTheMiddleOfARingTakesOverFromTheOther) {
  Network network;
  std::vector<std::uint32_t> at;
  for (int i = 0; i < 6; ++i) {
    at.push_back(network.node(1000));
  }
  for (std::size_t i = 0; i < 6; ++i) {
    network.pipe(at[i], at[(i + 1) % 6], 20.0, 2.0);
  }
  network.source(at[0], 20.0);
  network.source(at[3], 20.0);
  Circulation circulation = network.circulation();
  EXPECT_NEAR(circulation.source_lift_m()[0], circulation.source_lift_m()[1], 1e-6);
  EXPECT_EQ(shares(circulation, network, 1.0), (std::vector<double>(6, 1.0)));
  network.available_mw[0] = 0.0;
  const auto alone = shares(circulation, network, 1.0);
  // The other has heat for all but lifts what it lifted for half: more flow, less head. Those
  // beside it lose least; the ring is symmetric.
  EXPECT_NEAR(alone[2], alone[4], 1e-6);
  EXPECT_NEAR(alone[1], alone[5], 1e-6);
  EXPECT_GE(alone[3], alone[2]);
  EXPECT_GE(alone[2], alone[1]);
  EXPECT_GE(alone[1], alone[0]);
  EXPECT_GT(alone[0], 0.5);
  // The last pipe breaks the ring, not the service.
  network.available_mw[0] = 20.0;
  network.factor[2] = 0.0;
  for (const double share : shares(circulation, network, 0.7)) {
    EXPECT_GT(share, 0.9);
  }
}

TEST(Circulation, APlantWithLittleHeatDoesNotPushColdWaterAtAnothersZones) {
  Network network;
  const auto a = network.node(1000);
  const auto b = network.node(1000);
  network.pipe(a, b, 10.0, 1.0);
  network.source(a, 6.5);
  network.source(b, 6.5);
  Circulation circulation = network.circulation();
  network.available_mw[1] = 0.65;
  const auto share = shares(circulation, network, 1.0);
  // Together they have 7.15 MW of 6.25 MW wanted: nobody may lose more than the network takes.
  EXPECT_GT(share[0] + share[1], 1.6);
  EXPECT_GT(share[1], 0.6);
  EXPECT_GT(circulation.source_sent_mw()[0], 8.0 * circulation.source_sent_mw()[1]);
}

TEST(Circulation, ClosedValvesLeaveMoreForTheOthers) {
  Network network = row_of_three();
  Circulation circulation = network.circulation();
  network.available_mw[0] = 10.0;
  const auto all = shares(circulation, network, 1.0);
  network.households[2] = 0;
  const auto fewer = shares(circulation, network, 1.0);
  EXPECT_GT(fewer[1], all[1]);
  EXPECT_GT(fewer[3], all[3]);
  EXPECT_EQ(fewer[2], 1.0);  // water is there, nobody asks
}

TEST(Circulation, WithoutAnyDemandWaterStillMoves) {
  Network network = row_of_three();
  Circulation circulation = network.circulation();
  network.factor[2] = 0.0;
  EXPECT_EQ(shares(circulation, network, 0.0), (std::vector<double>{1.0, 1.0, 1.0, 0.0}));
}

TEST(Circulation, AllocatesNothing) {
  Network network = row_of_three();
  Circulation circulation = network.circulation();
  const test::AllocationScope scope;
  for (const double factor : {1.0, 0.4, 0.0, 1.0}) {
    network.factor[1] = factor;
    network.available_mw[0] = 8.0 + factor;
    circulation.solve(network.inputs(0.9));
  }
  EXPECT_EQ(scope.count(), 0u);
}

// --- flows and temperatures alone
// -----------------------------------------------------------------

TEST(CirculationHeat, OnePipeFollowsItsClosedForm) {
  CirculationPart part;
  part.node_count = 2;
  part.pipe_from = {0};
  part.pipe_to = {1};
  part.pipe_length_m = {4000.0};
  part.pipe_diameter_m = {0.3};
  part.source_node = {0};
  part.source_capacity_w = {2e7};
  part.node_households = {0, 4000};
  part.household_w = kHouseholdW;
  part.source_share = {1.0};
  part.loss_share = 0.0;  // the pipe alone loses
  CirculationFlow flow(part);
  CirculationHeat heat(part, flow);
  const double q = 4000.0 * flow.household_m3s();
  const double kept =
      std::exp(-2.0 * std::numbers::pi * 0.06 / std::log(0.42 / 0.3) * 4000.0 / (4.06e6 * q));
  // 110 C has to arrive; 70 C goes back.
  const double supply_c = 5.0 + 105.0 / kept;
  EXPECT_NEAR(heat.supply_c(1.0), supply_c, 1e-9);
  const double return_c = 5.0 + 65.0 * kept;
  EXPECT_NEAR(heat.design_loss_share(), 1.0 - 40.0 / (supply_c - return_c), 1e-9);
}

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
      if (from != to) {
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
    Circulation fresh(random.network.model, whole);
    fresh.solve(random.network.inputs(load));
    for (std::size_t at = 0; at < whole.size(); ++at) {
      RC_ASSERT(kept.share(at) == fresh.share(at));
      RC_ASSERT(kept.unsolved(at) == fresh.unsolved(at));
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
