#include "grid_models/system/advance.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "grid_models/core/contract.hpp"
#include "grid_models/system/availability.hpp"
#include "grid_models/system/demand.hpp"
#include "grid_models/system/feeding.hpp"
#include "grid_models/system/gas.hpp"
#include "grid_models/system/grid_failures.hpp"
#include "grid_models/system/heat_supply.hpp"
#include "grid_models/system/heat_ties.hpp"
#include "grid_models/system/mobile_boilers.hpp"
#include "grid_models/system/relays.hpp"
#include "grid_models/system/repair_view.hpp"

namespace wintergrid {

struct Workspace::Impl {
  class Trials;

  const Model* model;
  power::Operation operation;
  std::optional<Relays> relays;                 ///< where the model has a cascade
  std::optional<Feeding> feeding;               ///< where a feeder has a backup bus
  std::optional<MobileBoilers> mobile_boilers;  ///< where there is a stock of them
  std::optional<HeatTies> heat_ties;            ///< where a heat pipe is a tie
  heat::Heat heat;
  water::Water water;
  recovery::Recovery recovery;

  Availability availability;
  LedgerScratch ledger_scratch;
  std::vector<recovery::Repaired> repaired;
  std::vector<double> feeder_ordinary_mw;  ///< households and others at their peak
  std::vector<double> feeder_demand_mw;
  std::vector<double> generator_available_mw;
  std::vector<double> heat_source_available_mw;
  std::span<const double> heat_pipe_factor;  ///< of the moment: damage and shut ties
  std::vector<std::uint8_t> heat_node_circulates, block_powered, water_node_powered;
  bool blocks_stale = true;  ///< block_powered is not that of the state at hand
  bool on_trial = false;     ///< of what-ifs for repair policies

  power::OperationState initial_power;
  RelayState initial_relays;
  FeedingState initial_feeding;
  MobileBoilerState initial_mobile_boilers;
  HeatTieState initial_heat_ties;
  power::BackupState initial_backup;
  water::State initial_water;
  recovery::State initial_recovery;
  Ledger initial_ledger_value;

  RepairView repair_view;

  explicit Impl(const Model& m)
      : model(&m),
        operation(m.power),
        heat(m.heat),
        water(m.water),
        recovery(m.recovery, m.components, m.zones),
        availability(whole(m)),
        feeder_ordinary_mw(m.feeder_household_mw),
        feeder_demand_mw(m.power.feeder_count(), 0.0),
        generator_available_mw(m.power.network.generator_count(), 0.0),
        heat_source_available_mw(m.heat.source_node.size(), 0.0),
        heat_node_circulates(m.heat.node_count, 1),
        block_powered(m.heat.block_count(), 1),
        water_node_powered(m.water.node_count(), 1),
        initial_power(operation.initial_state()),
        initial_backup(power::initial_backup_state(m.facilities)),
        initial_water(water.initial_state()),
        initial_recovery(recovery.initial_state()),
        initial_ledger_value(initial_ledger(m)),
        repair_view(m) {
    for (std::size_t f = 0; f < feeder_ordinary_mw.size(); ++f) {
      feeder_ordinary_mw[f] += m.feeder_other_mw[f];
    }
    if (m.cascade) {
      initial_relays = relays.emplace(m).initial_state();
    }
    if (!m.power.feeder_backup_bus.empty()) {
      initial_feeding = feeding.emplace(m).initial_state();
    }
    if (!m.mobile_boiler_units.empty()) {
      initial_mobile_boilers = mobile_boilers.emplace(m).initial_state();
    }
    if (!m.heat.pipe_normally_closed.empty()) {
      initial_heat_ties = heat_ties.emplace(m).initial_state();
    }
    repaired.reserve(m.components.count());
    ledger_scratch.prepare(m);
  }

  /// Forgets every certificate of the networks' skips, so that the next settle solves from nothing.
  void forget() {
    operation = power::Operation(model->power);
    if (relays) {
      relays.emplace(*model);
    }
    heat = heat::Heat(model->heat);
    water = water::Water(model->water);
  }

  // --- (1) repairs and hits
  // -------------------------------------------------------------------------------------------
  void repair_and_hit(State& state, const Timeline& timeline, const Luck& luck,
                      const AdvanceOptions& options) {
    bool changed = false;
    while (state.next_hit < timeline.hits.size() &&
           timeline.hits[state.next_hit].time <= state.now) {
      const Hit& hit = timeline.hits[state.next_hit++];
      const std::size_t component = hit.component.index();
      state.damage[component] = std::max(state.damage[component], hit.state);
      state.temporarily_repaired[component] = 0;
      recovery.hit(state.recovery, timeline.parameters.recovery, state.now, hit.component,
                   hit.work);
      ++state.ledger.outcome.components_hit;
      changed = true;
    }
    repaired.clear();
    repair_view.begin(state, repaired, timeline, luck);
    recovery.advance(state.recovery, timeline.parameters.recovery, *options.policy, state.now,
                     repaired, &repair_view);
    for (const recovery::Repaired& repair : repaired) {
      apply(repair, state);
      changed = true;
    }
    if (changed) {
      update_availability(*model, state, availability);
    }
    if (mobile_boilers) {
      mobile_boilers->act(availability, timeline.parameters.mobile_boilers, luck, recovery, state);
    }
  }

  // --- inputs of a moment
  // -----------------------------------------------------------------------------------------------
  static std::size_t hour_of(const State& state, std::size_t hours) {
    return std::min(static_cast<std::size_t>(state.now / kSecondsPerHour), hours - 1);
  }

  std::size_t local_hour(const State& state) const {
    return static_cast<std::size_t>(model->start_hour + state.now / kSecondsPerHour) % 24U;
  }

  bool generator_has_water(const State& state, std::size_t generator, double minimum_share) const {
    const std::uint32_t node = model->generator_water_node[generator];
    return node == kNone || static_cast<double>(state.water.node_share[node]) >= minimum_share;
  }

  void set_generators(const State& state, const Timeline& timeline, double water_minimum_share,
                      std::size_t hour) {
    const double import_factor = grid_is_down(*model, state.now) ? 0.0
                                 : timeline.import_factor.empty()
                                     ? 1.0
                                     : static_cast<double>(timeline.import_factor[hour]);
    // A trial asks what a repair would bring once the units are back.
    const bool tripped = !on_trial && every_unit_trips(*model, state.now);
    for (std::size_t g = 0; g < generator_available_mw.size(); ++g) {
      double available =
          model->power.network.generator_capacity_mw[g] * availability.generator_factor[g];
      if (model->power.generator_kind[g] == power::GeneratorKind::import) {
        available *= import_factor;
      }
      generator_available_mw[g] =
          !tripped && generator_has_water(state, g, water_minimum_share) ? available : 0.0;
    }
  }

  power::OperationInputs power_inputs(const State& state) const {
    power::OperationInputs inputs{state.now,
                                  availability.bus_up,
                                  availability.branch_up,
                                  generator_available_mw,
                                  feeding ? feeding->available() : availability.feeder_available,
                                  feeder_demand_mw,
                                  state.feeding.feeder_bus};
    if (relays) {
      inputs.branch_up = relays->branch_up();
      inputs.feeder_available = relays->feeder_available();
    }
    return inputs;
  }

  bool relays_act(State& state, const power::CascadeParameters& parameters) {
    return relays->act(state.now, availability,
                       {feeding ? feeding->available() : availability.feeder_available,
                        feeding ? std::span<const std::uint32_t>(state.feeding.feeder_bus)
                                : model->power.feeder_bus},
                       generator_available_mw, parameters, state.power, state.relays);
  }

  void switch_feeders(State& state, const SwitchingParameters& parameters, const Luck& luck) {
    feeding->switch_feeders(state.now, availability,
                            operation.find_energised_buses(power_inputs(state), state.power),
                            parameters, luck, state.feeding);
    if (relays) {
      relays->mask_feeders(feeding->available(), state.relays);
    }
  }

  water::Inputs water_inputs(const State& state) const {
    water::Inputs inputs;
    inputs.now = state.now;
    inputs.demand_factor = model->water_hour_factor[local_hour(state)];
    inputs.node_factor = availability.water_node_factor;
    inputs.node_powered = water_node_powered;
    inputs.link_factor = availability.water_link_factor;
    return inputs;
  }

  heat::Inputs heat_inputs(const State& state, const Timeline& timeline, std::size_t hour) const {
    heat::Inputs inputs;
    inputs.now = state.now;
    inputs.outdoor_c = static_cast<double>(timeline.outdoor_c[hour]);
    inputs.forecast_min_c = static_cast<double>(timeline.forecast_min_c[hour]);
    inputs.source_available_mw = heat_source_available_mw;
    inputs.pipe_factor = heat_pipe_factor;
    inputs.node_circulates = heat_node_circulates;
    inputs.block_powered = block_powered;
    inputs.plumbing_crews = recovery::crews_at(model->recovery, CrewType::plumbing, state.now);
    return inputs;
  }

  void set_water_power(const State& state) {
    for (std::size_t n = 0; n < water_node_powered.size(); ++n) {
      water_node_powered[n] = facility_powered(state, model->water_node_facility[n]) ? 1 : 0;
    }
  }

  void set_heat_inputs(const State& state, double water_minimum_share) {
    find_heat_supply(*model, availability, state, water_minimum_share, heat_source_available_mw,
                     heat_node_circulates);
    // The ledger still holds the feeders of the last moment: the gather over blocks is needed only
    // after a change.
    if (blocks_stale || !model->gas_outages.empty() ||
        state.power.feeder_on != state.ledger.feeder_on) {
      for (std::size_t b = 0; b < block_powered.size(); ++b) {
        block_powered[b] = state.power.feeder_on[model->block_feeder[b]];
      }
      for (std::size_t b = 0; !model->gas_outages.empty() && b < block_powered.size(); ++b) {
        block_powered[b] =
            gas_is_out(*model, model->block_gas_zone[b], state.now) ? 0 : block_powered[b];
      }
      blocks_stale = false;
    }
  }

  void set_heat_pipes(State& state, const Parameters& parameters, double outdoor_c,
                      const Luck& luck) {
    heat_pipe_factor = availability.heat_pipe_factor;
    if (heat_ties) {
      const double sent_out = 1e-6 / (1.0 - model->heat.network_loss_share);
      heat_pipe_factor =
          heat_ties->act({state.now, heat_pipe_factor, heat_source_available_mw,
                          sent_out * heat::household_w(model->heat, parameters.heat, outdoor_c)},
                         parameters.heat_ties, luck, state.heat_ties);
    }
  }

  // --- one moment
  // -------------------------------------------------------------------------------------------------------
  power::OperationResult moment(State& state, const Timeline& timeline, const Luck& luck,
                                const AdvanceOptions& options) {
    repair_and_hit(state, timeline, luck, options);
    if (options.solve_every_hour) {
      forget();
      ledger_scratch.forget();
      blocks_stale = true;
      state.backup.settled_feeder_on.clear();
    }
    return supply(state, timeline, timeline.parameters, luck);
  }

  /// All of a moment after repairs and hits.
  power::OperationResult supply(State& state, const Timeline& timeline,
                                const Parameters& parameters, const Luck& luck) {
    const std::size_t hour = hour_of(state, timeline.outdoor_c.size());
    const auto outdoor_c = static_cast<double>(timeline.outdoor_c[hour]);
    find_demand(*model, parameters.demand, local_hour(state), outdoor_c, feeder_ordinary_mw,
                state.ledger.feeder_cold_households, feeder_demand_mw);
    set_generators(state, timeline, parameters.water.minimum_share, hour);
    if (feeding) {
      feeding->find_available(availability, state.feeding);
    }
    const bool flows_solved = !relays || relays_act(state, parameters.cascade);

    // (2) coming up
    operation.restore(power_inputs(state), state.power);
    if (feeding) {
      switch_feeders(state, parameters.switching, luck);
    }

    // (3) going down; each round but the last stops at least one generator, so this ends
    power::OperationResult result;
    bool water_restored = false;
    for (std::size_t round = 0; round <= generator_available_mw.size(); ++round) {
      result = operation.settle(power_inputs(state), state.power, parameters.power);
      power::settle_backup(model->facilities, parameters.backup, state.now, outdoor_c,
                           state.power.feeder_on, luck, state.backup);
      set_water_power(state);
      if (!water_restored) {
        water.restore(water_inputs(state), parameters.water, state.water);
        water_restored = true;
      }
      water.settle(water_inputs(state), parameters.water, state.water);
      bool lost = false;
      for (std::size_t g = 0; g < generator_available_mw.size(); ++g) {
        if (generator_available_mw[g] > 0.0 &&
            !generator_has_water(state, g, parameters.water.minimum_share)) {
          generator_available_mw[g] = 0.0;
          lost = lost || state.power.generator_running[g] != 0;
        }
      }
      if (!lost) {
        break;
      }
    }
    if (relays) {
      relays->note(availability, operation, result, state.relays);
      result.solver_bounded = result.solver_bounded || !flows_solved;
    }
    set_heat_inputs(state, parameters.water.minimum_share);
    set_heat_pipes(state, parameters, outdoor_c, luck);
    heat.settle(heat_inputs(state, timeline, hour), parameters.heat, state.heat);

    // (4) the ledger
    ServiceConditions conditions;
    conditions.feeder_on = state.power.feeder_on;
    conditions.block_heat_share = state.heat.delivered_share;
    conditions.block_phase = state.heat.phase;
    conditions.water_node_share = state.water.node_share;
    conditions.water_minimum_share = parameters.water.minimum_share;
    if (state.power.feeder_on != state.ledger.feeder_on) {
      note_facilities(*model, state.power.feeder_on, state.ledger);
    }
    note_changes(*model, state.now, conditions, ledger_scratch, state.ledger);
    if (result.solver_bounded || water.bounded() || heat.bounded()) {
      ++state.ledger.outcome.solver_bounded_moments;
    }
    return result;
  }

  Seconds next_moment(const State& state, const Timeline& timeline, Seconds until) const {
    Seconds next = std::min(until, (state.now / model->step + 1) * model->step);
    if (state.next_hit < timeline.hits.size()) {
      next = std::min(next, timeline.hits[state.next_hit].time);
    }
    next = std::min(next, recovery.next_event(state.recovery));
    next = std::min(next, power::next_operation_event(state.power));
    next = std::min({next, state.relays.next_return, state.feeding.next_switching,
                     state.mobile_boilers.next_ready, state.heat_ties.next_opening});
    next = std::min(next, water::next_event(state.water));
    next = std::min({next, next_gas_event(*model, state.now), next_grid_event(*model, state.now)});
    next = std::min(next, power::next_backup_event(model->facilities, timeline.parameters.backup,
                                                   state.backup));
    return std::max(next, state.now + 1);
  }

  void move(State& state, const Timeline& timeline, const Luck& luck, Seconds until,
            const power::OperationResult& result, MomentObserver* observer) {
    const Parameters& parameters = timeline.parameters;
    const std::size_t hour = hour_of(state, timeline.outdoor_c.size());
    const Seconds wanted = next_moment(state, timeline, until) - state.now;
    const Seconds duration =
        water.advance(water_inputs(state), parameters.water, wanted, state.water);
    if (observer != nullptr) {
      observer->note(state, duration);
    }
    accumulate(*model, state.now, duration, state.ledger);
    state.ledger.outcome.unserved_watt_hours +=
        std::llround(result.unserved_mw * 1e6 * hours_from_seconds(duration));
    const double litres =
        power::run_backup(model->facilities, parameters.backup, state.now, duration, state.backup);
    state.ledger.outcome.fuel_millilitres += std::llround(litres * 1000.0);
    heat.advance(heat_inputs(state, timeline, hour), parameters.heat, duration, luck, state.heat,
                 state.heat_tallies);
    state.now += duration;
    note_temperatures(*model, state.now, state.heat.indoor_c, state.ledger);
  }
};

/// Networks of their own for what-ifs.
class Workspace::Impl::Trials final : public TrialNetworks {
 public:
  explicit Trials(const Model& model) : impl_(model) { impl_.on_trial = true; }
  std::int64_t households_off(State& state, const Timeline& timeline, const Parameters& parameters,
                              const Luck& luck) override {
    update_availability(*impl_.model, state, impl_.availability);
    impl_.ledger_scratch.forget();
    impl_.blocks_stale = true;
    impl_.supply(state, timeline, parameters, luck);
    const auto& off = state.ledger.households_off;
    return std::accumulate(off.begin(), off.end(), std::int64_t{0});
  }

 private:
  Impl impl_;
};

Workspace::Workspace(const Model& model) : impl_(std::make_unique<Impl>(model)) {}
Workspace::~Workspace() = default;
Workspace::Workspace(Workspace&&) noexcept = default;
Workspace& Workspace::operator=(Workspace&&) noexcept = default;

const Model& Workspace::model() const { return *impl_->model; }

void Workspace::reset(State& state, const Timeline& timeline) {
  const Model& model = *impl_->model;
  state.now = 0;
  state.next_hit = 0;
  state.damage.assign(model.components.count(), DamageState::none);
  state.temporarily_repaired.assign(model.components.count(), 0);
  make_room(model, state);
  state.power = impl_->initial_power;
  state.relays = impl_->initial_relays;
  state.feeding = impl_->initial_feeding;
  state.mobile_boilers = impl_->initial_mobile_boilers;
  state.heat_ties = impl_->initial_heat_ties;
  state.backup = impl_->initial_backup;
  impl_->heat.reset(timeline.parameters.heat, state.heat);
  state.heat_tallies = heat::Tallies{};
  state.water = impl_->initial_water;
  state.recovery = impl_->initial_recovery;
  state.ledger = impl_->initial_ledger_value;
}

void Workspace::advance(State& state, const Timeline& timeline, const Luck& luck, Seconds until,
                        const AdvanceOptions& options) {
  const Model& model = *impl_->model;
  WG_CHECK(options.policy != nullptr, "advance() needs a repair policy");
  WG_CHECK(until % model.step == 0 || until == model.horizon,
           "advance() stops at whole steps only");
  WG_CHECK(timeline.outdoor_c.size() >= model.hours(),
           "the timeline's weather is shorter than the horizon");
  until = std::min(until, model.horizon);
  // Another state may have been moved in between: nothing that was kept beside the state may be
  // trusted.
  if (options.policy->looks_into_network()) {
    impl_->repair_view.use([&model] { return std::make_unique<Impl::Trials>(model); });
  }
  update_availability(model, state, impl_->availability);
  impl_->ledger_scratch.forget();
  impl_->blocks_stale = true;
  while (state.now < until) {
    const power::OperationResult result = impl_->moment(state, timeline, luck, options);
    impl_->move(state, timeline, luck, until, result, options.observer);
  }
}

void simulate(Workspace& workspace, State& state, const Timeline& timeline, const Luck& luck,
              const AdvanceOptions& options, Outcome& outcome) {
  workspace.reset(state, timeline);
  workspace.advance(state, timeline, luck, workspace.model().horizon, options);
  finish(workspace.model(), state.now, state.ledger, outcome);
  outcome.buildings_drained = static_cast<std::int64_t>(state.heat_tallies.buildings_drained);
  outcome.buildings_burst = static_cast<std::int64_t>(state.heat_tallies.buildings_burst);
  outcome.jobs_done = static_cast<std::int64_t>(state.recovery.jobs_done);
  outcome.crew_seconds = state.recovery.crew_seconds_worked;
}

}  // namespace wintergrid
