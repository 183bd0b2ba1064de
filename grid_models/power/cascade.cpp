// Cascade after an event: frequency and overload, in rounds.
//
//   1. Islands of the branches in service. Per island i with load L_i and generation G_i (MW):
//        neither kinetic energy nor an import in step: black
//        an import in step          makes up what is missing, up to capacity - g
//        G_i > L_i                  governors lower every unit in proportion: g <- g L_i / G_i;
//                                   injections only after all units stand at 0
//        G_i < L_i                  frequency_response(): primary reserve, under-frequency stages,
//                                   or black
//      Reserve in use and load shed go into g and L, so that the island balances.
//   2. DC flow. In each island the branch with the largest |f| / limit above the rating that counts
//      trips (ties: lowest index). If none does, end; else go to 1.
//
// Stage n of an island sheds the share q = total / stages of the load that each bus had before the
// event, at buses where stage n has not acted yet: a relay acts once. Frequency is back at nominal
// before the next branch trips: overloads take minutes, reserve half a minute. Reserve already in
// use is not counted again:
//
//   R_j = max(0, min(capacity_j - g_j, reserve_share capacity_j - (g_j - g_j before the event)+))
//   E   = sum_j H_j capacity_j over running units
//
// Ratings. Heating is not integrated: a branch above `emergency_multiple` is taken to trip within
// the minutes that a dispatcher needs. With `redispatch_in_time` the dispatcher is quicker than the
// conductor, and only relays trip, above `relay_multiple`; what lies between is left to the exact
// redispatch and shedding that follows (Shedding). Distance relays must hold 150 % of the rating by
// NERC PRC-023.
//
// Left out: voltage and reactive power, stability of angles, hidden failures of relays, trips of
// units by over-frequency or rate of change, and automatic reclosing.
//
// Sources: B. A. Carreras, V. E. Lynch, I. Dobson, D. E. Newman, Chaos 12(4), 2002, and
// P. D. H. Hines, I. Dobson, P. Rezaei, IEEE Trans. Power Systems 32(2), 2017 (cascades of
// overloads by DC flow); Regulation (EU) 2017/2196, annex (under-frequency stages); NERC PRC-023.

#include "grid_models/power/cascade.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "grid_models/core/contract.hpp"
#include "grid_models/power/dc_flow.hpp"

namespace wintergrid::power {
namespace {

// An island is balanced to this share of its load; a flow is above its rating by more than this
// share of it. Both are rounding.
constexpr double kRoundingShare = 1e-9;

struct Island {
  double load = 0.0;
  double injection = 0.0;  // of negative loads
  double generation = 0.0;
  double kinetic_energy = 0.0;
  double reserve = 0.0;
  double tie_room = 0.0;  // of imports in step
  bool in_step = false;
  double worst_ratio = 0.0;
  std::uint32_t worst_branch = 0;
  std::uint32_t stages = 0;       // that act in this round
  double generation_share = 1.0;  // what is left of every unit
  double injection_share = 1.0;   // and of every injection
  double reserve_share = 0.0;     // of every unit's reserve that comes into use
  double tie_share = 0.0;         // of every import's room
  bool black = false;
};

}  // namespace

struct Cascade::Impl {
  Impl(const Network& given, std::span<const GeneratorKind> kinds)
      : network(given), kind(kinds.begin(), kinds.end()), flow(given) {
    WG_CHECK(kind.size() == network.generator_count(), "generator arrays differ in length");
    const std::size_t buses = network.bus_count;
    const std::size_t branches = network.branch_count();
    branch_up.assign(branches, 0);
    tripped.assign(branches, 0);
    flows.assign(branches, 0.0);
    bus_up.assign(buses, 0);
    black.assign(buses, 0);
    stages_acted.assign(buses, 0);
    load.assign(buses, 0.0);
    shed.assign(buses, 0.0);
    injection.assign(buses, 0.0);
    theta.assign(buses, 0.0);
    island.assign(buses, Island{});
    stage_mw.assign(buses * kMostStages, 0.0);
    running.assign(kind.size(), 0);
    generation.assign(kind.size(), 0.0);
  }

  std::uint32_t island_of_generator(std::size_t j) const {
    return flow.island_of_bus()[network.generator_bus[j]];
  }

  void begin(const CascadeEvent& event) {
    std::copy(event.branch_up.begin(), event.branch_up.end(), branch_up.begin());
    std::copy(event.bus_up.begin(), event.bus_up.end(), bus_up.begin());
    std::fill(tripped.begin(), tripped.end(), std::uint8_t{0});
    std::fill(black.begin(), black.end(), std::uint8_t{0});
    std::fill(stages_acted.begin(), stages_acted.end(), 0U);
    std::fill(shed.begin(), shed.end(), 0.0);
    for (std::size_t v = 0; v < load.size(); ++v) {
      load[v] = bus_up[v] != 0 ? event.load_mw[v] : 0.0;
    }
    for (std::size_t j = 0; j < generation.size(); ++j) {
      running[j] = event.generator_running[j] != 0 && bus_up[network.generator_bus[j]] != 0 ? 1 : 0;
      generation[j] = running[j] != 0 ? event.generation_mw[j] : 0.0;
    }
  }

  bool in_step(std::size_t j) const {
    return options.import_in_step && kind[j] == GeneratorKind::import;
  }

  double reserve_of(std::size_t j, const CascadeEvent& event,
                    const CascadeParameters& parameters) const {
    if (in_step(j)) {
      return 0.0;
    }
    const double in_use = std::max(0.0, generation[j] - event.generation_mw[j]);
    const double share = parameters.reserve_share[static_cast<std::size_t>(kind[j])];
    return std::max(
        0.0, std::min(event.capacity_mw[j] - generation[j], share * event.capacity_mw[j] - in_use));
  }

  void sum_islands(const CascadeEvent& event, const CascadeParameters& parameters) {
    const std::span<const std::uint32_t> island_of = flow.island_of_bus();
    const double stage_share = parameters.stage_total_share / parameters.stage_count;
    for (std::uint32_t i = 0; i < flow.island_count(); ++i) {
      island[i] = Island{};
      std::fill_n(stage_mw.begin() + static_cast<std::ptrdiff_t>(i * kMostStages), stage_count,
                  0.0);
    }
    for (std::size_t v = 0; v < load.size(); ++v) {
      if (const std::uint32_t i = island_of[v]; i != kNoIsland) {
        (load[v] >= 0.0 ? island[i].load : island[i].injection) += std::abs(load[v]);
        for (std::uint32_t n = stages_acted[v]; n < stage_count; ++n) {
          stage_mw[i * kMostStages + n] += stage_share * std::max(0.0, event.load_mw[v]);
        }
      }
    }
    for (std::size_t j = 0; j < generation.size(); ++j) {
      if (const std::uint32_t i = island_of_generator(j); i != kNoIsland && running[j] != 0) {
        island[i].generation += generation[j];
        island[i].reserve += reserve_of(j, event, parameters);
        if (in_step(j)) {
          island[i].in_step = true;
          island[i].tie_room += std::max(0.0, event.capacity_mw[j] - generation[j]);
        }
        island[i].kinetic_energy +=
            parameters.inertia_seconds[static_cast<std::size_t>(kind[j])] * event.capacity_mw[j];
      }
    }
  }

  void respond(Island& i, std::span<const double> stages, const CascadeParameters& parameters) {
    double deficit = i.load - i.injection - i.generation;
    if (i.kinetic_energy <= 0.0 && !i.in_step) {
      i.black = true;
      return;
    }
    if (deficit > 0.0 && i.tie_room > 0.0) {
      i.tie_share = std::min(1.0, deficit / i.tie_room);
      deficit = std::max(0.0, deficit - i.tie_room);
    }
    if (std::abs(deficit) <= kRoundingShare * i.load) {
      return;
    }
    const FrequencyResponse response =
        frequency_response(parameters.frequency, {i.kinetic_energy, deficit, i.reserve}, stages);
    result.lowest_hz = std::min(result.lowest_hz, response.nadir_hz);
    i.black = response.black;
    i.stages = response.stages;
    if (response.left_mw > 0.0) {
      i.reserve_share = i.reserve > 0.0 ? std::min(1.0, response.left_mw / i.reserve) : 0.0;
    } else {
      const double surplus = -response.left_mw;
      const double lowered = std::min(surplus, i.generation);
      i.generation_share = lowered < i.generation ? 1.0 - lowered / i.generation : 0.0;
      i.injection_share =
          i.injection > 0.0 ? std::max(0.0, 1.0 - (surplus - lowered) / i.injection) : 1.0;
    }
  }

  // The islands' responses, written to units and loads.
  void apply(const CascadeEvent& event, const CascadeParameters& parameters) {
    const std::span<const std::uint32_t> island_of = flow.island_of_bus();
    const double stage_share = parameters.stage_total_share / parameters.stage_count;
    for (std::size_t j = 0; j < generation.size(); ++j) {
      if (const std::uint32_t n = island_of_generator(j); n != kNoIsland && running[j] != 0) {
        const Island& i = island[n];
        const double reserve =
            i.reserve_share > 0.0 ? i.reserve_share * reserve_of(j, event, parameters) : 0.0;
        const double over_tie = i.tie_share > 0.0 && in_step(j)
                                    ? i.tie_share * (event.capacity_mw[j] - generation[j])
                                    : 0.0;
        generation[j] = i.black ? 0.0 : i.generation_share * generation[j] + reserve + over_tie;
        running[j] = i.black ? 0 : 1;
      }
    }
    for (std::size_t v = 0; v < load.size(); ++v) {
      const std::uint32_t n = island_of[v];
      if (n == kNoIsland) {
        continue;
      }
      if (island[n].black) {
        shed[v] = std::max(0.0, event.load_mw[v]);
        load[v] = 0.0;
        black[v] = 1;
        bus_up[v] = 0;
      } else if (load[v] < 0.0) {
        load[v] *= island[n].injection_share;
      } else if (island[n].stages > stages_acted[v]) {
        stages_acted[v] = island[n].stages;
        shed[v] = std::min(1.0, stages_acted[v] * stage_share) * event.load_mw[v];
        load[v] = event.load_mw[v] - shed[v];
      }
    }
  }

  void solve_flows() {
    std::fill(injection.begin(), injection.end(), 0.0);
    for (std::size_t v = 0; v < load.size(); ++v) {
      injection[v] = bus_up[v] != 0 ? -load[v] : 0.0;
    }
    for (std::size_t j = 0; j < generation.size(); ++j) {
      injection[network.generator_bus[j]] += generation[j];
    }
    flow.set_topology(branch_up, bus_up);
    flow.solve(injection, theta, flows);
  }

  bool trip_worst(double multiple) {
    const std::span<const std::uint32_t> island_of = flow.island_of_bus();
    for (std::uint32_t i = 0; i < flow.island_count(); ++i) {
      island[i].worst_ratio = 1.0 + kRoundingShare;
      island[i].worst_branch = UINT32_MAX;
    }
    for (std::uint32_t l = 0; l < flows.size(); ++l) {
      if (flow.branch_in_service()[l] == 0 || !(network.branch_limit_mw[l] < kNoLimit)) {
        continue;
      }
      Island& i = island[island_of[network.branch_from[l]]];
      // A limit of 0 trips at any flow that is not rounding.
      const double rating = multiple * network.branch_limit_mw[l];
      const double ratio = std::abs(flows[l]) / std::max(rating, kRoundingShare);
      if (ratio > i.worst_ratio) {
        i.worst_ratio = ratio;
        i.worst_branch = l;
      }
    }
    bool any = false;
    for (std::uint32_t i = 0; i < flow.island_count(); ++i) {
      if (const std::uint32_t l = island[i].worst_branch; l != UINT32_MAX) {
        branch_up[l] = 0;
        tripped[l] = 1;
        ++result.trips;
        any = true;
      }
    }
    return any;
  }

  void run(const CascadeEvent& event, const CascadeParameters& parameters) {
    result = CascadeResult{};
    result.lowest_hz = parameters.frequency.nominal_hz;
    begin(event);
    stage_count = static_cast<std::uint32_t>(parameters.stage_count);
    const double multiple =
        options.redispatch_in_time ? options.relay_multiple : parameters.emergency_multiple;
    do {
      ++result.rounds;
      flow.set_topology(branch_up, bus_up);
      sum_islands(event, parameters);
      for (std::uint32_t i = 0; i < flow.island_count(); ++i) {
        respond(island[i], {stage_mw.data() + i * kMostStages, stage_count}, parameters);
      }
      apply(event, parameters);
      solve_flows();
    } while (trip_worst(multiple));
    result.islands_unsolved = flow.failed_islands();
    result.island_of_bus = flow.island_of_bus();
    for (std::size_t v = 0; v < shed.size(); ++v) {
      (black[v] != 0 ? result.lost_in_black_islands_mw : result.shed_by_relays_mw) += shed[v];
    }
    result.branch_tripped = tripped;
    result.bus_black = black;
    result.generator_running = running;
    result.generation_mw = generation;
    result.shed_mw = shed;
    result.flow_mw = flows;
  }

  const Network& network;
  std::vector<GeneratorKind> kind;
  DcFlow flow;
  CascadeOptions options;
  std::uint32_t stage_count = 0;
  CascadeResult result;
  std::vector<std::uint8_t> branch_up;
  std::vector<std::uint8_t> tripped;
  std::vector<double> flows;
  std::vector<std::uint8_t> bus_up;  // in service and not black
  std::vector<std::uint8_t> black;
  std::vector<std::uint32_t> stages_acted;  // by bus
  std::vector<double> load;                 // still served
  std::vector<double> shed;
  std::vector<double> injection;
  std::vector<double> theta;
  std::vector<Island> island;
  std::vector<double> stage_mw;  // (island, stage) at kMostStages * island + stage
  std::vector<std::uint8_t> running;
  std::vector<double> generation;
};

Cascade::Cascade(const Network& network, std::span<const GeneratorKind> generator_kind)
    : impl_(std::make_unique<Impl>(network, generator_kind)) {}
Cascade::~Cascade() = default;
Cascade::Cascade(Cascade&&) noexcept = default;
Cascade& Cascade::operator=(Cascade&&) noexcept = default;

CascadeResult Cascade::run(const CascadeEvent& event, const CascadeParameters& parameters,
                           const CascadeOptions& options) {
  Impl& m = *impl_;
  WG_EXPECT(event.branch_up.size() == m.network.branch_count());
  WG_EXPECT(event.bus_up.size() == m.network.bus_count);
  WG_EXPECT(event.load_mw.size() == m.network.bus_count);
  WG_EXPECT(event.generator_running.size() == m.network.generator_count());
  WG_EXPECT(event.generation_mw.size() == m.network.generator_count());
  WG_EXPECT(event.capacity_mw.size() == m.network.generator_count());
  WG_CHECK(
      parameters.stage_count >= 1.0 && parameters.stage_count <= static_cast<double>(kMostStages),
      "number of under-frequency stages out of range");
  WG_CHECK(parameters.stage_total_share >= 0.0 && parameters.stage_total_share <= 1.0,
           "under-frequency stages would shed more than the load");
  m.options = options;
  m.run(event, parameters);
  return m.result;
}

}  // namespace wintergrid::power
