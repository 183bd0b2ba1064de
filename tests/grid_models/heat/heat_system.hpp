#pragma once
// Small heat systems for tests, built node by node, with the inputs of a moment and scripted luck.

#include <functional>
#include <string>
#include <vector>

#include "grid_models/core/name_hash.hpp"
#include "grid_models/heat/heat.hpp"

namespace wintergrid::heat::test {

inline std::uint64_t block_hash(std::size_t block) {
  return name_hash("block " + std::to_string(block));
}

/// Uniform numbers by address, unless a script says otherwise.
class ScriptedLuck : public Luck {
 public:
  using Script = std::function<double(LuckAddress)>;
  ScriptedLuck() = default;
  explicit ScriptedLuck(Script script) : script_(std::move(script)) {}

  double uniform(LuckAddress address) const override {
    return script_ ? script_(address) : by_address(address);
  }

  static double by_address(LuckAddress address) {
    std::uint64_t bits = address.entity ^ (std::uint64_t{address.k} << 20U) ^
                         static_cast<std::uint64_t>(address.purpose);
    for (int round = 0; round < 3; ++round) {  // splitmix64 finaliser
      bits += 0x9E3779B97F4A7C15ULL;
      bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9ULL;
      bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBULL;
      bits ^= bits >> 31U;
    }
    return (static_cast<double>(bits >> 12U) + 0.5) / 4503599627370496.0;
  }

 private:
  Script script_;
};

struct System {
  Model model;
  std::vector<double> source_available_mw;
  std::vector<double> pipe_factor;
  std::vector<std::uint8_t> node_circulates;
  std::vector<std::uint8_t> block_powered;

  System() { model.network_loss_share = 0.0; }

  std::uint32_t node() {
    node_circulates.push_back(1);
    return static_cast<std::uint32_t>(model.node_count++);
  }
  std::size_t pipe(std::uint32_t from, std::uint32_t to, double capacity_mw) {
    model.pipe_from.push_back(from);
    model.pipe_to.push_back(to);
    model.pipe_capacity_mw.push_back(capacity_mw);
    pipe_factor.push_back(1.0);
    return pipe_factor.size() - 1;
  }
  std::size_t source(std::uint32_t at, double capacity_mw) {
    model.source_node.push_back(at);
    model.source_capacity_mw.push_back(capacity_mw);
    source_available_mw.push_back(capacity_mw);
    return source_available_mw.size() - 1;
  }
  std::size_t block(std::uint32_t at, std::uint32_t households, std::uint32_t buildings = 1,
                    BuildingClass building_class = BuildingClass::panel,
                    Heating heating = Heating::district) {
    const std::size_t index = model.block_count();
    model.block_node.push_back(at);
    model.block_class.push_back(building_class);
    model.block_heating.push_back(heating);
    model.block_buildings.push_back(buildings);
    model.block_households.push_back(households);
    model.block_name_hash.push_back(block_hash(index));
    block_powered.push_back(1);
    return index;
  }

  Inputs inputs(Seconds now, double outdoor_c, double plumbing_crews = 0.0) const {
    Inputs moment;
    moment.now = now;
    moment.outdoor_c = outdoor_c;
    moment.forecast_min_c = outdoor_c;
    moment.source_available_mw = source_available_mw;
    moment.pipe_factor = pipe_factor;
    moment.node_circulates = node_circulates;
    moment.block_powered = block_powered;
    moment.plumbing_crews = plumbing_crews;
    return moment;
  }
};

/// Settles and advances one step, then returns the time after it.
inline Seconds step(Heat& heat, const System& system, const Parameters& parameters, Seconds now,
                    double outdoor_c, Seconds duration, const Luck& luck, State& state,
                    Tallies& tallies, double plumbing_crews = 0.0) {
  const Inputs inputs = system.inputs(now, outdoor_c, plumbing_crews);
  heat.settle(inputs, parameters, state);
  heat.advance(inputs, parameters, duration, luck, state, tallies);
  return now + duration;
}

/// Parameters with round numbers: 50 W/K, no gains, no hot water, so that demand at -20 C is 2,000
/// W per household.
inline Parameters round_parameters() {
  Parameters parameters;
  parameters.loss_w_per_k_per_household = 50.0;
  parameters.gain_k = 0.0;
  parameters.hot_water_share = 0.0;
  parameters.drain_missed_share = 0.0;
  return parameters;
}

/// A plant that feeds one zone of equal blocks; switching the source off loses circulation.
struct OneZone {
  System system;
  std::uint32_t zone;
  std::size_t source;
  Parameters parameters = round_parameters();

  explicit OneZone(std::uint32_t blocks, std::uint32_t buildings_each = 1,
                   BuildingClass building_class = BuildingClass::panel)
      : zone(system.node()), source(system.source(zone, 1e3)) {
    for (std::uint32_t block = 0; block < blocks; ++block) {
      system.block(zone, 100 * buildings_each, buildings_each, building_class);
    }
  }
  void heat_on(bool on) { system.source_available_mw[source] = on ? 1e3 : 0.0; }
};

inline std::uint64_t buildings_in(const Model& model, const State& state, BlockPhase phase) {
  std::uint64_t buildings = 0;
  for (std::size_t block = 0; block < model.block_count(); ++block) {
    buildings += state.phase[block] == phase ? model.block_buildings[block] : 0;
  }
  return buildings;
}

/// All fields are equal, bit for bit.
inline bool same_state(const State& left, const State& right) {
  return left.phase == right.phase && left.phase_since == right.phase_since &&
         left.phase_until == right.phase_until && left.indoor_c == right.indoor_c &&
         left.outer_mass_k == right.outer_mass_k && left.inner_mass_k == right.inner_mass_k &&
         left.freeze_progress == right.freeze_progress && left.frozen_hours == right.frozen_hours &&
         left.delivered_share == right.delivered_share && left.refill_count == right.refill_count &&
         left.node_lost_at == right.node_lost_at &&
         left.node_drain_quota == right.node_drain_quota &&
         left.node_refill_quota == right.node_refill_quota &&
         left.node_refill_base == right.node_refill_base && left.crew_quota == right.crew_quota &&
         left.node_share == right.node_share && left.group_activity == right.group_activity;
}

}  // namespace wintergrid::heat::test
