// District heat at one moment, and its buildings between moments.
//
//   s = G max(0, T_set - T_out - gain)         space heating, W per household; G: loss, W/K
//   h = h_share G (T_set - T_design - gain)    hot water, W per household, constant
//   share_n                                    of s + h that node n gets
//   delivered_b = min(1, share_n (s + h) / s)  of space heating: hot water is given up first
//
// By capacity (delivery.hpp) share_n = min(1, y_n / q): y_n is the level that node n can get and
// q = (s + h) / (1 - loss_share) what the sources must send out for one household; losses are a
// constant share, taken at the source side. By circulating water (circulation.hpp) pressures and
// temperatures give share_n.
//
// Source of G and the losses: 58 W/K net per household and >= 20 % losses, derived from the
// published figures of Oleksandria (100,000 people). Indoor temperatures stand in
// block_temperatures.cpp, ice in buildings.cpp, the people's pace in field_work.cpp.

#include "grid_models/heat/heat.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "grid_models/core/contract.hpp"
#include "grid_models/heat/block_temperatures.hpp"
#include "grid_models/heat/buildings.hpp"
#include "grid_models/heat/circulation.hpp"
#include "grid_models/heat/delivery.hpp"
#include "grid_models/heat/field_work.hpp"

namespace wintergrid::heat {
namespace {

/// W per household.
struct HouseholdDemand {
  double space_w = 0.0;
  double hot_water_w = 0.0;
  double source_w = 0.0;  ///< both, at the source side

  /// Space heating's share when `share` of everything arrives. With no space heating wanted:
  /// whether anything circulates.
  double space_share(double share) const {
    if (space_w <= 0.0) {
      return share > 0.0 ? 1.0 : 0.0;
    }
    return std::min(1.0, share * (space_w + hot_water_w) / space_w);
  }
};

HouseholdDemand household_demand(const Model& model, const Parameters& parameters,
                                 double outdoor_c) {
  const auto space_w = [&](double at_outdoor_c) {
    return parameters.loss_w_per_k_per_household *
           std::max(0.0, parameters.indoor_setpoint_c - at_outdoor_c - parameters.gain_k);
  };
  HouseholdDemand demand;
  demand.space_w = space_w(outdoor_c);
  demand.hot_water_w = parameters.hot_water_share * space_w(model.design_outdoor_c);
  demand.source_w = (demand.space_w + demand.hot_water_w) / (1.0 - model.network_loss_share);
  return demand;
}

bool any_zero(std::span<const std::uint8_t> flags) {
  return !flags.empty() && std::memchr(flags.data(), 0, flags.size()) != nullptr;
}

bool all_at_rest(const State& state) {
  return std::all_of(state.group_activity.begin(), state.group_activity.end(),
                     [](GroupActivity activity) { return activity == GroupActivity::at_rest; });
}

}  // namespace

struct Heat::Impl {
  explicit Impl(const Model& given_model)
      : model(&given_model),
        groups(given_model),
        delivery(given_model.node_count, given_model.pipe_from, given_model.pipe_to,
                 given_model.pipe_capacity_mw, given_model.source_node,
                 std::span(groups.households).first(given_model.node_count)),
        field_work(given_model, groups),
        taking_heat(given_model.node_count, 0),
        first_air_c(given_model.block_count(), 0.0F) {
    WG_CHECK(given_model.source_capacity_mw.size() == given_model.source_node.size(),
             "heat sources need a capacity each");
    WG_CHECK(given_model.network_loss_share >= 0.0 && given_model.network_loss_share < 1.0,
             "network losses must be a share in [0, 1)");
    if (given_model.fidelity == Fidelity::hydraulic) {
      circulation = std::make_unique<Circulation>(
          given_model, std::span(groups.households).first(given_model.node_count));
    }
  }
  // field_work points to groups: an Impl stays where it was made.
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  bool restart_is_due(std::size_t node, Seconds now, const Parameters& parameters,
                      const State& state) const;
  std::int64_t households_taking(std::uint32_t node, const Inputs& inputs,
                                 const Parameters& parameters, const State& state) const;
  void share_heat(const Inputs& inputs, const Parameters& parameters, const HouseholdDemand& demand,
                  const State& state);
  void circulate(const Inputs& inputs, const Parameters& parameters, const HouseholdDemand& demand,
                 const State& state);
  bool all_served(const Inputs& inputs) const;
  double node_share(std::size_t node, const HouseholdDemand& demand) const;
  void settle_node(std::size_t node, double share, const HouseholdDemand& demand,
                   const Inputs& inputs, const Parameters& parameters, State& state);
  void settle_electric(const Inputs& inputs, State& state);

  void advance_thermal(std::size_t group, State& state);
  void advance_general(std::size_t node, const Inputs& inputs, const Parameters& parameters,
                       Span span, const Luck& luck, State& state, Tallies& tallies);
  void advance_ice(const BlockGroups::Run& run, const Inputs& inputs, const Parameters& parameters,
                   Span span, const Luck& luck, State& state, Tallies& tallies);
  bool riser_bursts(std::uint32_t block, float initial_c, const Inputs& inputs,
                    const Parameters& parameters, Span span, const Luck& luck, State& state);

  const Model* model;
  BlockGroups groups;
  Delivery delivery;
  std::unique_ptr<Circulation> circulation;  // hydraulic fidelity
  FieldWork field_work;
  std::vector<std::int64_t> taking_heat;  // households by node
  BlockTemperatures temperatures;
  std::vector<float> first_air_c;  // by block; of the blocks at hand
  bool settled = false;
};

/// Circulation is back, and advance() has yet to put the buildings into their restart: until then
/// they take no heat.
bool Heat::Impl::restart_is_due(std::size_t node, Seconds now, const Parameters& parameters,
                                const State& state) const {
  return state.node_lost_at[node] != kNever &&
         now - state.node_lost_at[node] >= seconds_from_hours(parameters.restart_free_hours);
}

std::int64_t Heat::Impl::households_taking(std::uint32_t node, const Inputs& inputs,
                                           const Parameters& parameters, const State& state) const {
  if (inputs.node_circulates[node] == 0 || restart_is_due(node, inputs.now, parameters, state)) {
    return 0;
  }
  if (state.group_activity[node] != GroupActivity::general) {
    return groups.households[node];
  }
  std::int64_t households = 0;
  for (const std::uint32_t block : groups.of(node)) {
    households += state.phase[block] == BlockPhase::connected ? model->block_households[block] : 0;
  }
  return households;
}

/// By capacity.
void Heat::Impl::share_heat(const Inputs& inputs, const Parameters& parameters,
                            const HouseholdDemand& demand, const State& state) {
  const HouseholdDemand design = household_demand(*model, parameters, model->design_outdoor_c);
  delivery.set_capacities(inputs.source_available_mw, inputs.pipe_factor, demand.source_w,
                          design.source_w);
  for (const std::uint32_t node : delivery.short_nodes()) {
    taking_heat[node] = households_taking(node, inputs, parameters, state);
  }
  if (!delivery.short_nodes().empty()) {
    delivery.share_out(taking_heat);
  }
}

/// By pressure and temperature; where no pressures are found, by capacity.
void Heat::Impl::circulate(const Inputs& inputs, const Parameters& parameters,
                           const HouseholdDemand& demand, const State& state) {
  for (std::uint32_t node = 0; node < model->node_count; ++node) {
    taking_heat[node] = households_taking(node, inputs, parameters, state);
  }
  const double wanted_w = demand.space_w + demand.hot_water_w;
  circulation->solve({inputs.source_available_mw, inputs.pipe_factor, taking_heat,
                      wanted_w / model->design_household_w});
  if (circulation->any_unsolved()) {
    share_heat(inputs, parameters, demand, state);
  }
}

bool Heat::Impl::all_served(const Inputs& inputs) const {
  const bool served = circulation ? circulation->all_served()
                                  : delivery.short_nodes().empty() && delivery.all_reached();
  return served && !any_zero(inputs.node_circulates);
}

/// Of what a node that circulates wants.
double Heat::Impl::node_share(std::size_t node, const HouseholdDemand& demand) const {
  if (circulation && !circulation->unsolved(node)) {
    return circulation->share(node);
  }
  if (!delivery.reached(node)) {
    return 0.0;
  }
  // Only a short node has a level below the demand; where nobody asks, what circulates is enough.
  const double level_w = delivery.level_w(node);
  return level_w >= demand.source_w || taking_heat[node] == 0 ? 1.0 : level_w / demand.source_w;
}

void Heat::Impl::settle_node(std::size_t node, double share, const HouseholdDemand& demand,
                             const Inputs& inputs, const Parameters& parameters, State& state) {
  if (groups.of(node).empty() ||
      (share == 1.0 && state.group_activity[node] == GroupActivity::at_rest)) {
    return;
  }
  const float space = restart_is_due(node, inputs.now, parameters, state)
                          ? 0.0F
                          : static_cast<float>(demand.space_share(share));
  for (const BlockGroups::Run& run : groups.runs_of(node)) {
    for (std::uint32_t block = run.begin; block < run.end; ++block) {
      state.delivered_share[block] = state.phase[block] == BlockPhase::connected ? space : 0.0F;
    }
  }
  state.group_activity[node] = std::max(state.group_activity[node], GroupActivity::thermal);
}

void Heat::Impl::settle_electric(const Inputs& inputs, State& state) {
  const std::size_t group = groups.electric_group();
  if (groups.of(group).empty() ||
      (state.group_activity[group] == GroupActivity::at_rest && !any_zero(inputs.block_powered))) {
    return;
  }
  for (const BlockGroups::Run& run : groups.runs_of(group)) {
    for (std::uint32_t block = run.begin; block < run.end; ++block) {
      state.delivered_share[block] = inputs.block_powered[block] != 0 ? 1.0F : 0.0F;
    }
  }
  state.group_activity[group] = GroupActivity::thermal;
}

void Heat::Impl::advance_thermal(std::size_t group, State& state) {
  bool moving = false;
  for (const BlockGroups::Run& run : groups.runs_of(group)) {
    moving = temperatures.advance(run, state) || moving;
  }
  state.group_activity[group] = moving ? GroupActivity::thermal : GroupActivity::at_rest;
}

/// Moves ice in a filled, unheated block over the step; true if its riser burst. `initial_c`: the
/// air at the begin of the step.
bool Heat::Impl::riser_bursts(std::uint32_t block, float initial_c, const Inputs& inputs,
                              const Parameters& parameters, Span span, const Luck& luck,
                              State& state) {
  const auto cold_spot_c = [&](float indoor_c) {
    return cold_spot_temperature_c(inputs.outdoor_c, static_cast<double>(indoor_c),
                                   parameters.cold_spot_factor);
  };
  if (cold_spot_c(initial_c) >= 0.0 && cold_spot_c(state.indoor_c[block]) >= 0.0) {
    state.freeze_progress[block] = 0.0F;
    state.frozen_hours[block] = 0.0F;
    return false;
  }
  // Between the ends of the step the air follows its slow exponential.
  const double tau_hours =
      parameters.tau_hours[static_cast<std::size_t>(model->block_class[block])];
  const double hours = hours_from_seconds(span.end - span.begin);
  const double rise_k = static_cast<double>(state.indoor_c[block] - initial_c);
  const CoolingPath path{
      .outdoor_c = inputs.outdoor_c,
      .initial_c = static_cast<double>(initial_c),
      .equilibrium_c = static_cast<double>(initial_c) + rise_k / -std::expm1(-hours / tau_hours),
      .tau_hours = tau_hours,
      .hours = hours,
      .cold_spot_factor = parameters.cold_spot_factor};
  const FreezeStep step = freeze_over_step(path, static_cast<double>(state.freeze_progress[block]),
                                           parameters.freeze_hours_at_minus_10);
  const double blocked_hours = step.blocked_until_hours - step.blocked_from_hours;
  const double earlier_hours =
      step.began_clear ? 0.0 : static_cast<double>(state.frozen_hours[block]);
  state.freeze_progress[block] = static_cast<float>(step.progress);
  state.frozen_hours[block] =
      step.thawed ? 0.0F : static_cast<float>(earlier_hours + blocked_hours);
  if (blocked_hours <= 0.0) {
    return false;
  }
  const auto second = [&](double after_hours) {
    return static_cast<double>(span.begin) + after_hours * static_cast<double>(kSecondsPerHour);
  };
  return bursts(model->block_name_hash[block], second(step.blocked_from_hours - earlier_hours),
                second(step.blocked_from_hours), second(step.blocked_until_hours),
                parameters.burst_probability_per_day, luck);
}

void Heat::Impl::advance_ice(const BlockGroups::Run& run, const Inputs& inputs,
                             const Parameters& parameters, Span span, const Luck& luck,
                             State& state, Tallies& tallies) {
  for (std::uint32_t block = run.begin; block < run.end; ++block) {
    const bool filled =
        state.phase[block] == BlockPhase::connected || state.phase[block] == BlockPhase::restarting;
    if (!filled) {
      continue;
    }
    if (state.delivered_share[block] > 0.0F) {
      state.freeze_progress[block] = 0.0F;  // moving water does not freeze, and thaws
      state.frozen_hours[block] = 0.0F;
    } else if (riser_bursts(block, first_air_c[block], inputs, parameters, span, luck, state)) {
      state.phase[block] = BlockPhase::burst;
      state.phase_since[block] = span.end;
      state.phase_until[block] = kNever;
      state.freeze_progress[block] = 0.0F;
      state.frozen_hours[block] = 0.0F;
      tallies.buildings_burst += model->block_buildings[block];
    }
  }
}

void Heat::Impl::advance_general(std::size_t node, const Inputs& inputs,
                                 const Parameters& parameters, Span span, const Luck& luck,
                                 State& state, Tallies& tallies) {
  const bool circulates = state.node_share[node] > 0.0F;
  if (!circulates && state.node_lost_at[node] == kNever) {
    state.node_lost_at[node] = span.begin;
  } else if (circulates && state.node_lost_at[node] != kNever) {
    field_work.heat_returned(node, span.begin, parameters, luck, state);
  }
  bool moving = false;
  for (const BlockGroups::Run& run : groups.runs_of(node)) {
    for (std::uint32_t block = run.begin; block < run.end; ++block) {
      first_air_c[block] = temperatures.first_air_c(block, run.building_class, state);
    }
    moving = temperatures.advance(run, state) || moving;
    advance_ice(run, inputs, parameters, span, luck, state, tallies);
  }
  const auto blocks = groups.of(node);
  if (circulates) {
    field_work.refill(node, span, parameters, luck, state);
    FieldWork::finish_restarts(blocks, span.end, state);
  } else if (std::min(inputs.outdoor_c, inputs.forecast_min_c) <= parameters.drain_threshold_c) {
    tallies.buildings_drained += field_work.drain(node, span, parameters, luck, state);
  }
  bool all_connected = circulates;
  for (const std::uint32_t block : blocks) {
    all_connected = all_connected && state.phase[block] == BlockPhase::connected;
  }
  state.group_activity[node] = !all_connected ? GroupActivity::general
                               : moving       ? GroupActivity::thermal
                                              : GroupActivity::at_rest;
}

Heat::Heat(const Model& model) : impl_(std::make_unique<Impl>(model)) {}
Heat::~Heat() = default;
Heat::Heat(Heat&&) noexcept = default;
Heat& Heat::operator=(Heat&&) noexcept = default;

State Heat::initial_state(const Parameters& parameters) const {
  State state;
  reset(parameters, state);
  return state;
}

void Heat::reset(const Parameters& parameters, State& state) const {
  const std::size_t nodes = impl_->model->node_count;
  const std::size_t blocks = impl_->model->block_count();
  state.phase.assign(blocks, BlockPhase::connected);
  state.phase_since.assign(blocks, 0);
  state.phase_until.assign(blocks, kNever);
  state.indoor_c.assign(blocks, static_cast<float>(parameters.indoor_setpoint_c));
  state.outer_mass_k.assign(blocks, 0.0F);
  state.inner_mass_k.assign(blocks, 0.0F);
  state.freeze_progress.assign(blocks, 0.0F);
  state.frozen_hours.assign(blocks, 0.0F);
  state.delivered_share.assign(blocks, 1.0F);
  state.refill_count.assign(blocks, 0);
  state.node_lost_at.assign(nodes, kNever);
  state.node_drain_quota.assign(nodes, 0.0);
  state.node_refill_quota.assign(nodes, 0.0);
  state.node_refill_base.assign(nodes, 0.0);
  state.node_share.assign(nodes, 1.0F);
  state.group_activity.assign(nodes + 1, GroupActivity::at_rest);
  state.crew_quota = 0.0;
}

void Heat::settle(const Inputs& inputs, const Parameters& parameters, State& state) {
  Impl& impl = *impl_;
  const std::size_t nodes = impl.model->node_count;
  WG_EXPECT(inputs.node_circulates.size() == nodes);
  WG_EXPECT(inputs.block_powered.size() == impl.model->block_count());
  WG_EXPECT(state.phase.size() == impl.model->block_count());
  const HouseholdDemand demand = household_demand(*impl.model, parameters, inputs.outdoor_c);
  if (impl.circulation) {
    impl.circulate(inputs, parameters, demand, state);
  } else {
    impl.share_heat(inputs, parameters, demand, state);
  }
  const bool all_served = impl.all_served(inputs);
  for (std::size_t node = 0; node < nodes; ++node) {
    const double share = all_served                          ? 1.0
                         : inputs.node_circulates[node] == 0 ? 0.0
                                                             : impl.node_share(node, demand);
    state.node_share[node] = static_cast<float>(share);
    impl.settle_node(node, share, demand, inputs, parameters, state);
  }
  impl.settle_electric(inputs, state);
  impl.settled = all_at_rest(state);
}

void Heat::advance(const Inputs& inputs, const Parameters& parameters, Seconds duration,
                   const Luck& luck, State& state, Tallies& tallies) {
  WG_EXPECT(duration >= 0);
  Impl& impl = *impl_;
  const std::size_t nodes = impl.model->node_count;
  impl.settled = all_at_rest(state);
  if (impl.settled || duration == 0) {
    return;
  }
  const HouseholdDemand demand = household_demand(*impl.model, parameters, inputs.outdoor_c);
  impl.temperatures.begin_step(parameters, demand.space_w, duration);
  const Span span{inputs.now, inputs.now + duration};
  for (std::size_t group = 0; group <= nodes; ++group) {
    if (state.group_activity[group] == GroupActivity::at_rest) {
      continue;
    }
    const bool lost = group < nodes && state.node_share[group] <= 0.0F;
    if (lost || state.group_activity[group] == GroupActivity::general) {
      impl.advance_general(group, inputs, parameters, span, luck, state, tallies);
    } else {
      impl.advance_thermal(group, state);
    }
  }
  tallies.crew_repairs += impl.field_work.repair(span, inputs.plumbing_crews, parameters, state);
  impl.settled = all_at_rest(state);
}

bool Heat::settled() const { return impl_->settled; }

bool Heat::bounded() const { return impl_->circulation && impl_->circulation->any_unsolved(); }

std::span<const double> Heat::source_lift_m() const {
  return impl_->circulation ? impl_->circulation->source_lift_m() : std::span<const double>{};
}

double household_w(const Model& model, const Parameters& parameters, double outdoor_c) {
  const HouseholdDemand demand = household_demand(model, parameters, outdoor_c);
  return demand.space_w + demand.hot_water_w;
}

double Heat::total_demand_mw(const Parameters& parameters, double outdoor_c) const {
  constexpr double kWattsPerMegawatt = 1e6;
  const auto& households = impl_->groups.households;
  std::int64_t district = 0;
  for (std::size_t node = 0; node < impl_->model->node_count; ++node) {
    district += households[node];
  }
  return static_cast<double>(district) *
         household_demand(*impl_->model, parameters, outdoor_c).source_w / kWattsPerMegawatt;
}

}  // namespace wintergrid::heat
