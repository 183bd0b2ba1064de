// Heat carried by circulating water: sizing, shortage of heat and of pressure.

#include "grid_models/heat/circulation.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "grid_models/heat/circulation_heat.hpp"
#include "tests/grid_models/heat/circulation_network.hpp"
#include "tests/support/allocation_counter.hpp"

namespace wintergrid::heat {
namespace {

using test::kHouseholdW;
using test::Network;

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

/// A plant of 12 MW with 2,000 households, and one of 6 MW with 1,000, 2 km apart.
Network two_networks(bool tie) {
  Network network;
  const auto west = network.node(2000), east = network.node(1000);
  network.source(west, 12.0);
  network.source(east, 6.0);
  if (tie) {
    network.tie(west, east, 12.0, 2.0);
  }
  return network;
}

TEST(Circulation, AnOpenTieFeedsTheNeighbourAndBothShareWhatThereIs) {
  Network network = two_networks(true);
  Circulation circulation = network.circulation();
  EXPECT_EQ(shares(circulation, network, 1.0), (std::vector<double>{1.0, 1.0}));
  network.available_mw[1] = 0.0;
  EXPECT_EQ(shares(circulation, network, 1.0), (std::vector<double>{1.0, 0.0}));
  network.factor[0] = 1.0;
  // 12 MW for 6 MW of heat and the losses: enough for both. But pumps sized for the west alone do
  // not drive the design flow through 2 km of tie.
  const auto enough = shares(circulation, network, 0.8);
  EXPECT_GT(enough[1], 0.9);
  EXPECT_LT(enough[1], enough[0]);
  EXPECT_LT(enough[0], 1.0);
  network.available_mw[0] = 5.0;
  const auto scarce = shares(circulation, network, 1.0);
  EXPECT_NEAR(circulation.source_sent_mw()[0], 5.0, 1e-6);
  EXPECT_GT(scarce[0], scarce[1]);
  EXPECT_GT(scarce[1], 0.3);
  EXPECT_LT(scarce[0], 5.0 / 7.5);
  network.factor[0] = 0.0;
  network.available_mw = {12.0, 6.0};
  EXPECT_EQ(shares(circulation, network, 1.0), (std::vector<double>{1.0, 1.0}));
}

TEST(Circulation, NetworksThatATieCouldJoinAreSizedApart) {
  const Network joined = two_networks(true), apart = two_networks(false);
  const Circulation with = joined.circulation(), without = apart.circulation();
  for (std::size_t source = 0; source < 2; ++source) {
    EXPECT_EQ(with.source_lift_m()[source], without.source_lift_m()[source]);
  }
  EXPECT_EQ(with.design_loss_share(), without.design_loss_share());
}

TEST(Circulation, APlantAloneBehindAnOpenTieElsewhereRunsAllItsPumps) {
  // Three networks; a tie is open between the first two. The third has a tenth of its heat, which
  // cools it, but it does not stop its pumps because others have more.
  Network network = two_networks(true);
  const auto north = network.node(1000);
  network.source(north, 6.0);
  network.tie(1, north, 6.0, 2.0);
  network.factor[0] = 1.0;
  network.available_mw[2] = 0.6;
  Circulation circulation = network.circulation();
  const auto joined = shares(circulation, network, 1.0);
  Network alone;
  alone.node(1000);
  alone.source(0, 6.0);
  alone.available_mw[0] = 0.6;
  Circulation single = alone.circulation();
  EXPECT_NEAR(joined[2], shares(single, alone, 1.0)[0], 0.02);
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
  const wintergrid::test::AllocationScope scope;
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
  part.pipe_usual = {1.0};
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

}  // namespace
}  // namespace wintergrid::heat
