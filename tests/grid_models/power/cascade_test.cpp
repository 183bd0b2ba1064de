// Frequency after an event against closed forms and fine integration; cascades of overloads on
// small systems by hand, and their properties on random grids.

#include "grid_models/power/cascade.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "tests/grid_models/power/moment.hpp"
#include "tests/grid_models/power/random_grid.hpp"
#include "tests/support/allocation_counter.hpp"

namespace wintergrid::power {
namespace {

using test::Dice;

// 1,000 MW s at 50 Hz: k = 0.025 Hz per MW s, so 100 MW missing fall at 2.5 Hz/s.
constexpr double kEnergy = 1000.0;

TEST(Frequency, WithoutDeficitNothingHappens) {
  const std::vector<double> stages{10.0};
  const FrequencyResponse r = frequency_response({}, {kEnergy, -5.0, 10.0}, stages);
  EXPECT_FALSE(r.black);
  EXPECT_EQ(r.nadir_hz, 50.0);
  EXPECT_EQ(r.shed_mw, 0.0);
  EXPECT_EQ(r.left_mw, -5.0);
}

TEST(Frequency, NadirUnderLinearReserveIsTheClosedForm) {
  const std::vector<double> stages{10.0};
  const double deficit = 20.0;
  const double reserve = 200.0;
  const FrequencyResponse r = frequency_response({}, {kEnergy, deficit, reserve}, stages);
  EXPECT_DOUBLE_EQ(r.initial_rate_hz_per_second, -0.5);
  EXPECT_DOUBLE_EQ(r.nadir_seconds, deficit * 30.0 / reserve);
  EXPECT_NEAR(r.nadir_hz, 50.0 - 50.0 * deficit * deficit * 30.0 / (4.0 * kEnergy * reserve),
              1e-12);
  EXPECT_EQ(r.stages, 0u);
  EXPECT_EQ(r.left_mw, deficit);
}

TEST(Frequency, AStageShedsAfterItsDelay) {
  // 49 Hz after 0.4 s, breakers open at 0.6 s and 48.5 Hz; 20 MW too much are shed.
  const std::vector<double> stages{120.0};
  const FrequencyResponse r = frequency_response({}, {kEnergy, 100.0, 0.0}, stages);
  EXPECT_FALSE(r.black);
  EXPECT_EQ(r.stages, 1u);
  EXPECT_NEAR(r.nadir_seconds, 0.6, 1e-12);
  EXPECT_NEAR(r.nadir_hz, 48.5, 1e-12);
  EXPECT_NEAR(r.shed_mw, 120.0, 1e-12);
  EXPECT_NEAR(r.left_mw, -20.0, 1e-12);
}

TEST(Frequency, TheSecondStageIsReachedMoreSlowly) {
  // After the first stage 40 MW are missing: 1 Hz/s from 48.5 Hz at 0.6 s; 48 Hz at 1.1 s, breakers
  // at 1.3 s and 47.8 Hz.
  const std::vector<double> stages{60.0, 60.0};
  const FrequencyResponse r = frequency_response({}, {kEnergy, 100.0, 0.0}, stages);
  EXPECT_FALSE(r.black);
  EXPECT_EQ(r.stages, 2u);
  EXPECT_NEAR(r.nadir_seconds, 1.3, 1e-12);
  EXPECT_NEAR(r.nadir_hz, 47.8, 1e-12);
}

TEST(Frequency, TooLittleSheddingCollapses) {
  const std::vector<double> stages{10.0};
  const FrequencyResponse r = frequency_response({}, {kEnergy, 100.0, 0.0}, stages);
  EXPECT_TRUE(r.black);
  EXPECT_EQ(r.nadir_hz, 47.5);
  // 2.5 Hz/s to 48.5 Hz at 0.6 s, then 2.25 Hz/s.
  EXPECT_NEAR(r.nadir_seconds, 0.6 + 1.0 / 2.25, 1e-12);
}

TEST(Frequency, WithoutInertiaADeficitIsBlackAtOnce) {
  const std::vector<double> stages{100.0};
  EXPECT_TRUE(frequency_response({}, {0.0, 1.0, 50.0}, stages).black);
}

TEST(Frequency, StagesAreEvenlySpaced) {
  EXPECT_DOUBLE_EQ(stage_frequency_hz({}, 0, 6), 49.0);
  EXPECT_DOUBLE_EQ(stage_frequency_hz({}, 1, 6), 48.8);
  EXPECT_DOUBLE_EQ(stage_frequency_hz({}, 5, 6), 48.0);
  EXPECT_DOUBLE_EQ(stage_frequency_hz({}, 0, 1), 49.0);
}

struct Draw {
  IslandImbalance island;
  std::vector<double> stages;
};

Draw draw(Dice& dice) {
  Draw d;
  const double load = 1000.0;
  d.island = {dice.uniform(1000.0, 8000.0), dice.uniform(0.0, 0.6) * load,
              dice.uniform(0.0, 0.15) * load};
  d.stages.assign(1 + dice.below(8), 0.0);
  for (double& mw : d.stages) {
    mw = 0.45 * load / static_cast<double>(d.stages.size());
  }
  return d;
}

// The same by steps of a tenth of a millisecond.
FrequencyResponse integrate(const FrequencyParameters& p, const Draw& d) {
  const double step = 1e-4;
  FrequencyResponse r;
  double hz = p.nominal_hz;
  double deficit = d.island.deficit_mw;
  std::vector<double> act_at;
  std::size_t acted = 0;
  r.nadir_hz = hz;
  for (double t = 0.0; t < 200.0; t += step) {
    const double reserve = d.island.reserve_mw * std::min(1.0, t / p.reserve_full_seconds);
    if (deficit - reserve <= 0.0) {
      break;
    }
    hz -= step * p.nominal_hz / (2.0 * d.island.kinetic_energy_mws) * (deficit - reserve);
    r.nadir_hz = std::min(r.nadir_hz, hz);
    if (hz <= p.collapse_hz) {
      r.black = true;
      return r;
    }
    while (act_at.size() < d.stages.size() &&
           hz <= stage_frequency_hz(p, act_at.size(), d.stages.size())) {
      act_at.push_back(t + p.stage_delay_seconds);
    }
    while (acted < act_at.size() && t >= act_at[acted]) {
      deficit -= d.stages[acted++];
    }
  }
  r.stages = static_cast<std::uint32_t>(act_at.size());
  return r;
}

TEST(Frequency, EqualsFineIntegration) {
  Dice dice(31);
  const FrequencyParameters parameters;
  int compared = 0;
  int black = 0;
  for (int n = 0; n < 150; ++n) {
    const Draw d = draw(dice);
    const FrequencyResponse r = frequency_response(parameters, d.island, d.stages);
    const FrequencyResponse fine = integrate(parameters, d);
    EXPECT_EQ(r.black, fine.black) << n;
    black += r.black ? 1 : 0;
    if (!r.black && !fine.black) {
      ++compared;
      EXPECT_NEAR(r.nadir_hz, fine.nadir_hz, 0.01) << n;
      EXPECT_EQ(r.stages, fine.stages) << n;
    }
  }
  EXPECT_GE(compared, 60);
  EXPECT_GE(black, 5);
}

TEST(Frequency, MoreReserveNeverShedsMore) {
  Dice dice(32);
  for (int n = 0; n < 2000; ++n) {
    Draw d = draw(dice);
    const FrequencyResponse less = frequency_response({}, d.island, d.stages);
    d.island.reserve_mw *= dice.uniform(1.0, 3.0);
    const FrequencyResponse more = frequency_response({}, d.island, d.stages);
    EXPECT_LE(more.black, less.black);
    if (!less.black) {
      EXPECT_LE(more.stages, less.stages);
      EXPECT_LE(more.shed_mw, less.shed_mw + 1e-9);
      EXPECT_GE(more.nadir_hz, less.nadir_hz - 1e-9);
      EXPECT_LE(less.shed_mw, 450.0 + 1e-9);
    }
  }
}

// A network, its state before the event, and what the event takes.
struct System {
  Network network;
  std::vector<GeneratorKind> kind;
  std::vector<std::uint8_t> branch_up;
  std::vector<std::uint8_t> bus_up;
  std::vector<std::uint8_t> running;
  std::vector<double> generation;
  std::vector<double> load;

  void add_unit(std::uint32_t bus, double output, double capacity, GeneratorKind of) {
    network.generator_bus.push_back(bus);
    network.generator_capacity_mw.push_back(capacity);
    generation.push_back(output);
    running.push_back(1);
    kind.push_back(of);
  }
  void all_up() {
    branch_up.assign(network.branch_count(), 1);
    bus_up.assign(network.bus_count, 1);
  }
  CascadeEvent event() const {
    return {branch_up, bus_up, running, generation, network.generator_capacity_mw, load};
  }
};

// 100 MW from bus 0 to bus 2 over the direct branch (2/3) and by bus 1 (1/3).
System triangle(double direct_limit, double detour_limit) {
  System s;
  s.network.bus_count = 3;
  test::add_branch(s.network, 0, 2, 0.1);
  test::add_branch(s.network, 0, 1, 0.1);
  test::add_branch(s.network, 1, 2, 0.1);
  s.network.branch_limit_mw = {direct_limit, detour_limit, detour_limit};
  s.add_unit(0, 100.0, 200.0, GeneratorKind::thermal);
  s.load = {0.0, 0.0, 100.0};
  s.all_up();
  return s;
}

TEST(Cascade, AnOverloadedBranchTripsAndTheRestCarriesIt) {
  const System s = triangle(50.0, 90.0);  // 66.7 against 60, then 100 against 108
  Cascade cascade(s.network, s.kind);
  const CascadeResult r = cascade.run(s.event(), {});
  EXPECT_EQ(r.trips, 1u);
  EXPECT_EQ(r.branch_tripped[0], 1);
  EXPECT_EQ(r.rounds, 2u);
  EXPECT_NEAR(r.flow_mw[1], 100.0, 1e-9);
  EXPECT_EQ(r.flow_mw[0], 0.0);
  EXPECT_EQ(r.shed_by_relays_mw + r.lost_in_black_islands_mw, 0.0);
}

TEST(Cascade, ItGoesOnUntilABusIsCutOff) {
  const System s =
      triangle(50.0, 80.0);  // 100 against 96: both detour branches, lowest index first
  Cascade cascade(s.network, s.kind);
  const CascadeResult r = cascade.run(s.event(), {});
  EXPECT_EQ(r.trips, 2u);
  EXPECT_EQ(r.branch_tripped[1], 1);
  EXPECT_EQ(r.branch_tripped[2], 0);
  EXPECT_EQ(r.bus_black[0], 0);
  EXPECT_EQ(r.bus_black[1], 1);
  EXPECT_EQ(r.bus_black[2], 1);
  EXPECT_EQ(r.shed_mw[2], 100.0);
  EXPECT_EQ(r.lost_in_black_islands_mw, 100.0);
  EXPECT_EQ(r.generation_mw[0], 0.0);
  EXPECT_EQ(r.generator_running[0], 1);
}

TEST(Cascade, RedispatchInTimeLeavesOnlyRelays) {
  const System s = triangle(50.0, 80.0);
  Cascade cascade(s.network, s.kind);
  CascadeOptions options;
  options.redispatch_in_time = true;  // 66.7 against 75
  EXPECT_EQ(cascade.run(s.event(), {}, options).trips, 0u);
  options.relay_multiple = 1.3;  // 65
  EXPECT_EQ(cascade.run(s.event(), {}, options).trips, 1u);
}

TEST(Cascade, AnIslandWithTooLittleGenerationShedsByStages) {
  // The only branch is lost. Bus 1 keeps 70 of 100 MW: H S = 3 s x 100 MW, k = 1/12 Hz per MW s,
  // 2.5 Hz/s. Stages of 7.5 MW at 49.0, 48.8, 48.6, 48.4, 48.2, 48.0 Hz, each 0.2 s later.
  System s;
  s.network.bus_count = 2;
  test::add_branch(s.network, 0, 1, 0.1);
  s.add_unit(0, 30.0, 50.0, GeneratorKind::thermal);
  s.add_unit(1, 70.0, 100.0, GeneratorKind::hydro);
  s.load = {0.0, 100.0};
  s.all_up();
  s.branch_up[0] = 0;
  CascadeParameters parameters;
  parameters.reserve_share.fill(0.0);
  Cascade cascade(s.network, s.kind);
  const CascadeResult r = cascade.run(s.event(), parameters);
  // Four stages balance 30 MW exactly, and all six are crossed only if the fall goes on long
  // enough: crossed at 0.40, 0.48, 0.56, then 2.5 Hz/s until 0.60 (48.5 Hz), 1.875 Hz/s: 48.4 at
  // 0.65333; 1.25 Hz/s from 0.68 (48.35): 48.2 would come at 0.80; third acts at 0.76 (48.25),
  // 0.625 Hz/s: 48.2 at 0.84, so the fifth is crossed before the fourth acts at 0.85333.
  EXPECT_EQ(r.bus_black[1], 0);
  EXPECT_NEAR(r.shed_mw[1], 37.5, 1e-9);
  EXPECT_NEAR(r.shed_by_relays_mw, 37.5, 1e-9);
  EXPECT_NEAR(r.lowest_hz, 48.2 - 0.625 * (0.8 + 0.04 / 0.75 - 0.84), 1e-9);
  EXPECT_NEAR(r.generation_mw[1], 62.5, 1e-9);  // shed too much: the unit is lowered
  EXPECT_NEAR(r.generation_mw[0], 0.0, 1e-9);
}

TEST(Cascade, ReserveCoversASmallLoss) {
  System s = triangle(1000.0, 1000.0);
  s.generation[0] = 97.0;
  s.add_unit(0, 3.0, 10.0, GeneratorKind::gas);
  s.running[1] = 0;  // lost; 5 % of 200 MW stand ready
  Cascade cascade(s.network, s.kind);
  const CascadeResult r = cascade.run(s.event(), {});
  EXPECT_EQ(r.shed_by_relays_mw, 0.0);
  EXPECT_NEAR(r.generation_mw[0], 100.0, 1e-9);
  EXPECT_EQ(r.generation_mw[1], 0.0);
  // E = 4 s x 200 MW, R = 10 MW.
  EXPECT_NEAR(r.lowest_hz, 50.0 - 50.0 * 9.0 * 30.0 / (4.0 * 800.0 * 10.0), 1e-9);
}

TEST(Cascade, AnImportInStepMakesUpWhatItsCapacityAllows) {
  System s = triangle(1000.0, 1000.0);
  s.generation[0] = 40.0;
  s.add_unit(1, 20.0, 50.0, GeneratorKind::import);
  s.add_unit(2, 40.0, 60.0, GeneratorKind::hydro);
  s.running[2] = 0;  // 40 MW lost: 30 over the tie, 10 of reserve (5 % of 200 MW)
  Cascade cascade(s.network, s.kind);
  const CascadeResult r = cascade.run(s.event(), {});
  EXPECT_NEAR(r.generation_mw[1], 50.0, 1e-9);
  EXPECT_LT(r.lowest_hz, 50.0);
  EXPECT_NEAR(r.generation_mw[0] + r.generation_mw[1] + r.shed_mw[2], 100.0, 1e-9);

  s.generation[0] = 60.0;
  s.generation[2] = 20.0;  // the tie alone
  const CascadeResult small = cascade.run(s.event(), {});
  EXPECT_NEAR(small.generation_mw[1], 40.0, 1e-9);
  EXPECT_EQ(small.lowest_hz, 50.0);
  EXPECT_EQ(small.shed_by_relays_mw, 0.0);

  CascadeOptions options;
  options.import_in_step = false;
  EXPECT_LT(cascade.run(s.event(), {}, options).lowest_hz, 50.0);
}

TEST(Cascade, AnIslandOfConvertersAloneIsBlack) {
  System s = triangle(1000.0, 1000.0);
  s.kind[0] = GeneratorKind::solar;
  Cascade cascade(s.network, s.kind);
  EXPECT_EQ(cascade.run(s.event(), {}).lost_in_black_islands_mw, 100.0);
}

TEST(Cascade, InjectionsAreLoweredWhenNoUnitIsLeftToLower) {
  System s = triangle(1000.0, 1000.0);
  s.load = {0.0, -130.0, 100.0};
  s.generation[0] = 10.0;
  Cascade cascade(s.network, s.kind);
  const CascadeResult r = cascade.run(s.event(), {});
  EXPECT_EQ(r.generation_mw[0], 0.0);
  EXPECT_NEAR(r.flow_mw[1] - r.flow_mw[2], -100.0, 1e-9);  // leaves bus 1
  EXPECT_EQ(r.shed_by_relays_mw, 0.0);
}

System random_system(Dice& dice) {
  test::RandomGridOptions options;
  options.bus_count = 10 + dice.below(40);
  options.capacitor_share = 0.0;
  options.limit_factor = dice.uniform(0.8, 1.5);
  options.capacity_per_load = dice.uniform(1.05, 1.5);
  const test::RandomGrid grid = test::random_grid(dice, options);
  System s;
  s.network = grid.network;
  std::fill(s.network.branch_limit_mw.begin(), s.network.branch_limit_mw.end(), kNoLimit);
  Shedding shedding(s.network, grid.blocks);  // balanced before the event
  test::Moment moment = test::moment_of(s.network, grid.demand_mw);
  test::solve(shedding, moment);
  s.network.branch_limit_mw = grid.network.branch_limit_mw;
  s.generation = moment.generation_mw;
  s.running.assign(s.generation.size(), 1);
  for (std::size_t j = 0; j < s.generation.size(); ++j) {
    s.kind.push_back(static_cast<GeneratorKind>(dice.below(kGeneratorKindCount)));
  }
  s.load.assign(s.network.bus_count, 0.0);
  for (std::size_t k = 0; k < grid.blocks.bus.size(); ++k) {
    s.load[grid.blocks.bus[k]] += moment.demand_mw[k] - moment.shed_mw[k];
  }
  test::strike(dice, s.network, 5, 1, 0, moment);
  s.branch_up = moment.branch_up;
  s.bus_up = moment.bus_up;
  for (std::size_t n = dice.below(3); n > 0; --n) {
    s.running[dice.below(s.running.size())] = 0;
  }
  return s;
}

TEST(Cascade, WhatIsLeftBalancesAndHoldsItsRatings) {
  Dice dice(33);
  std::uint32_t trips = 0;
  int relays = 0;
  int black = 0;
  for (int n = 0; n < 300; ++n) {
    SCOPED_TRACE(n);
    const System s = random_system(dice);
    Cascade cascade(s.network, s.kind);
    const CascadeParameters parameters;
    const CascadeResult r = cascade.run(s.event(), parameters);
    ASSERT_EQ(r.islands_unsolved, 0u);
    trips += r.trips;
    relays += r.shed_by_relays_mw > 0.0 ? 1 : 0;
    black += r.lost_in_black_islands_mw > 0.0 ? 1 : 0;
    EXPECT_LE(r.rounds, s.network.branch_count() + 1);
    std::vector<double> net(s.network.bus_count, 0.0);
    for (std::size_t v = 0; v < net.size(); ++v) {
      EXPECT_GE(r.shed_mw[v], 0.0);
      EXPECT_LE(r.shed_mw[v], s.load[v]);
      if (s.bus_up[v] != 0) {
        net[v] -= s.load[v] - r.shed_mw[v];
        if (r.bus_black[v] == 0) {
          EXPECT_LE(r.shed_mw[v], parameters.stage_total_share * s.load[v] + 1e-9);
        }
      }
    }
    for (std::size_t j = 0; j < s.generation.size(); ++j) {
      EXPECT_GE(r.generation_mw[j], 0.0);
      EXPECT_LE(r.generation_mw[j], s.network.generator_capacity_mw[j] * (1.0 + 1e-12));
      EXPECT_LE(r.generator_running[j], s.running[j]);
      net[s.network.generator_bus[j]] += r.generation_mw[j];
    }
    for (std::size_t l = 0; l < s.network.branch_count(); ++l) {
      net[s.network.branch_from[l]] -= r.flow_mw[l];
      net[s.network.branch_to[l]] += r.flow_mw[l];
      EXPECT_LE(std::abs(r.flow_mw[l]),
                parameters.emergency_multiple * s.network.branch_limit_mw[l] * (1.0 + 1e-8));
      EXPECT_LE(r.branch_tripped[l], s.branch_up[l]);
      if (r.branch_tripped[l] != 0) {
        EXPECT_EQ(r.flow_mw[l], 0.0);
      }
    }
    for (const double value : net) {
      EXPECT_NEAR(value, 0.0, 1e-6);
    }
  }
  EXPECT_GE(trips, 100u);
  EXPECT_GE(relays, 20);
  EXPECT_GE(black, 50);
}

TEST(Cascade, NothingAllocatesAndNothingIsRemembered) {
  Dice dice(34);
  const System first = random_system(dice);
  System other = first;
  other.branch_up.assign(other.branch_up.size(), 1);
  other.bus_up.assign(other.bus_up.size(), 1);
  other.running[0] = 0;
  Cascade cascade(first.network, first.kind);
  const CascadeResult r = cascade.run(first.event(), {});
  const std::vector<double> shed(r.shed_mw.begin(), r.shed_mw.end());
  const std::vector<double> flow(r.flow_mw.begin(), r.flow_mw.end());
  const std::vector<double> generation(r.generation_mw.begin(), r.generation_mw.end());
  const CascadeEvent one = first.event();
  const CascadeEvent two = other.event();
  const test::AllocationScope scope;
  cascade.run(two, {});
  const CascadeResult again = cascade.run(one, {});
  EXPECT_EQ(scope.count(), 0u);
  EXPECT_TRUE(std::equal(shed.begin(), shed.end(), again.shed_mw.begin()));  // to the last bit
  EXPECT_TRUE(std::equal(flow.begin(), flow.end(), again.flow_mw.begin()));
  EXPECT_TRUE(std::equal(generation.begin(), generation.end(), again.generation_mw.begin()));
}

}  // namespace
}  // namespace wintergrid::power
