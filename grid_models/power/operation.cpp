// Operation of the power system for one moment: generators and islands here, who is cut in
// feeder_cuts.cpp.
//
// An island lives while one of its generators runs and has power to give. Coming up (restore): a
// stopped unit with power starts its timer when its bus is in an island that lives, or at once if
// it can black start; it runs when the timer has expired. A condition that lapses cancels the
// timer. Since only a unit with power and a bus in service runs, an island dies with its last unit,
// and nothing in it but a black start begins it anew.

#include "grid_models/power/operation.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "grid_models/core/contract.hpp"
#include "grid_models/network/islands.hpp"
#include "grid_models/power/feeder_cuts.hpp"

namespace wintergrid::power {

namespace {

void check_model(const OperationModel& model) {
  const std::size_t buses = model.network.bus_count;
  const std::size_t generators = model.network.generator_count();
  const std::size_t feeders = model.feeder_count();
  WG_CHECK(buses > 0, "a power network needs a bus");
  WG_CHECK(model.generator_black_start.size() == generators &&
               model.generator_restart_seconds.size() == generators,
           "every generator needs a black-start flag and a restart time");
  WG_CHECK(model.feeder_subqueue.size() == feeders && model.feeder_name_hash.size() == feeders,
           "every feeder needs a sub-queue and a name hash");
  WG_CHECK(std::is_sorted(model.feeder_bus.begin(), model.feeder_bus.end()),
           "feeders must be sorted by bus");
  WG_CHECK(feeders == 0 || model.feeder_bus.back() < buses,
           "a feeder hangs on a bus that does not exist");
  WG_CHECK(model.feeder_backup_bus.empty() || model.feeder_backup_bus.size() == feeders,
           "backup buses are given for all feeders or none");
  WG_CHECK(std::all_of(model.feeder_backup_bus.begin(), model.feeder_backup_bus.end(),
                       [buses](std::uint32_t bus) { return bus < buses || bus == kNoBackupBus; }),
           "a feeder's backup is a bus that does not exist");
  WG_CHECK(std::all_of(model.feeder_subqueue.begin(), model.feeder_subqueue.end(),
                       [](std::uint8_t q) { return q < kSubqueueCount || q == kExempt; }),
           "sub-queues are 0..11 or exempt");
  WG_CHECK(model.rotation_block_seconds > 0, "a rotation block must last");
}

const OperationModel& checked(const OperationModel& model) {
  check_model(model);
  return model;
}

}  // namespace

Seconds next_operation_event(const OperationState& state) {
  Seconds next = kNever;
  for (const Seconds ready_at : state.generator_ready_at) {
    next = std::min(next, ready_at);
  }
  return next;
}

struct Operation::Impl {
  const OperationModel* model;
  Islands islands;
  FeederCuts cuts;
  Supply supply;
  std::vector<std::uint8_t> branch_up, bus_up;  ///< what the islands were found with

  explicit Impl(const OperationModel& m)
      : model(&m), islands(m.network.bus_count), cuts(m, islands) {
    branch_up.reserve(m.network.branch_count());
    bus_up.reserve(m.network.bus_count);
    supply.island_energised.assign(m.network.bus_count, 0);
    supply.bus_energised.assign(m.network.bus_count, 0);
    supply.island_capacity_mw.assign(m.network.bus_count, 0.0);
    supply.generator_capacity_mw.assign(m.network.generator_count(), 0.0);
  }

  std::uint32_t island_of(std::size_t generator) const {
    return islands.island_of_node()[model->network.generator_bus[generator]];
  }

  /// Islands follow from the masks alone: equal masks keep them.
  void find_islands(const OperationInputs& inputs) {
    if (std::equal(inputs.branch_up.begin(), inputs.branch_up.end(), branch_up.begin(),
                   branch_up.end()) &&
        std::equal(inputs.bus_up.begin(), inputs.bus_up.end(), bus_up.begin(), bus_up.end())) {
      return;
    }
    branch_up.assign(inputs.branch_up.begin(), inputs.branch_up.end());
    bus_up.assign(inputs.bus_up.begin(), inputs.bus_up.end());
    islands.find(model->network.branch_from, model->network.branch_to, branch_up, bus_up);
  }

  void find_energised(const OperationInputs& inputs, const OperationState& state) {
    std::fill_n(supply.island_energised.begin(), islands.count(), std::uint8_t{0});
    for (std::size_t g = 0; g < state.generator_running.size(); ++g) {
      if (state.generator_running[g] != 0 && inputs.generator_available_mw[g] > 0.0 &&
          island_of(g) != Islands::kNoIsland) {
        supply.island_energised[island_of(g)] = 1;
      }
    }
  }

  void restore(const OperationInputs& inputs, OperationState& state) {
    const std::vector<std::uint8_t>& running = state.generator_running;
    if (std::find(running.begin(), running.end(), 0) == running.end()) {
      return;
    }
    find_islands(inputs);
    // A unit that comes up now energises its island for the timers of the others, now: hence passes
    // until nobody starts. Within a pass nobody sees a unit started in it, so the order of
    // generators does not matter.
    bool started = true;
    while (started) {
      find_energised(inputs, state);
      started = false;
      for (std::size_t g = 0; g < running.size(); ++g) {
        started = (running[g] == 0 && try_to_start(inputs, g, state)) || started;
      }
    }
  }

  bool try_to_start(const OperationInputs& inputs, std::size_t g, OperationState& state) const {
    const std::uint32_t island = island_of(g);
    const bool may_start =
        inputs.generator_available_mw[g] > 0.0 && island != Islands::kNoIsland &&
        (model->generator_black_start[g] != 0 || supply.island_energised[island] != 0);
    Seconds& ready_at = state.generator_ready_at[g];
    if (!may_start) {
      ready_at = kNever;
      return false;
    }
    if (ready_at == kNever) {
      ready_at = inputs.now + model->generator_restart_seconds[g];
    }
    if (ready_at > inputs.now) {
      return false;
    }
    state.generator_running[g] = 1;
    ready_at = kNever;
    return true;
  }

  void stop_generators(const OperationInputs& inputs, OperationState& state) {
    for (std::size_t g = 0; g < state.generator_running.size(); ++g) {
      if (!(inputs.generator_available_mw[g] > 0.0) || island_of(g) == Islands::kNoIsland) {
        state.generator_running[g] = 0;
        state.generator_ready_at[g] = kNever;
      }
    }
    find_energised(inputs, state);
    std::fill_n(supply.island_capacity_mw.begin(), islands.count(), 0.0);
    for (std::size_t g = 0; g < state.generator_running.size(); ++g) {
      supply.generator_capacity_mw[g] =
          state.generator_running[g] != 0 ? inputs.generator_available_mw[g] : 0.0;
      const std::uint32_t island = island_of(g);
      if (island == Islands::kNoIsland) {
        continue;
      }
      supply.island_capacity_mw[island] += supply.generator_capacity_mw[g];
      if (supply.island_energised[island] == 0 && model->generator_black_start[g] == 0) {
        state.generator_ready_at[g] = kNever;  // the bus it was starting from is dead
      }
    }
    spread_to_buses();
  }

  void spread_to_buses() {
    for (std::size_t bus = 0; bus < supply.bus_energised.size(); ++bus) {
      const std::uint32_t island = islands.island_of_node()[bus];
      supply.bus_energised[bus] =
          island != Islands::kNoIsland ? supply.island_energised[island] : std::uint8_t{0};
    }
  }

  OperationResult settle(const OperationInputs& inputs, OperationState& state,
                         const Parameters& parameters) {
    OperationResult result;
    find_islands(inputs);
    stop_generators(inputs, state);
    cuts.decide(inputs, state, parameters, supply, result);
    switch_feeders(inputs, state, result);
    for (std::size_t island = 0; island < islands.count(); ++island) {
      result.energised_islands += supply.island_energised[island];
    }
    return result;
  }

  void switch_feeders(const OperationInputs& inputs, OperationState& state,
                      OperationResult& result) const {
    const std::span<const FeederCause> causes = cuts.cause();
    const std::span<const double> demand_mw = inputs.feeder_demand_mw;
    // Four sums at a time, always the same feeders in each: additions need not wait for each other.
    constexpr std::size_t kLanes = 4;
    std::array<double, kLanes> lane_mw{};
    std::size_t first = 0;
    for (; first + kLanes <= causes.size(); first += kLanes) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        lane_mw[lane] += causes[first + lane] == FeederCause::on ? 0.0 : demand_mw[first + lane];
      }
    }
    for (; first < causes.size(); ++first) {
      lane_mw[0] += causes[first] == FeederCause::on ? 0.0 : demand_mw[first];
    }
    result.unserved_mw = std::accumulate(lane_mw.begin(), lane_mw.end(), 0.0);
    // Most moments switch nobody and know no emergency; these loops over bytes vectorise.
    int switched = 0;
    int emergency = 0;
    for (std::size_t f = 0; f < causes.size(); ++f) {
      switched |= static_cast<int>((causes[f] == FeederCause::on) != (state.feeder_on[f] != 0));
      emergency |= static_cast<int>(causes[f] == FeederCause::emergency);
    }
    for (std::size_t f = 0; (switched | emergency) != 0 && f < causes.size(); ++f) {
      const bool on = causes[f] == FeederCause::on;
      if ((state.feeder_on[f] != 0) != on) {
        state.feeder_on[f] = on ? 1 : 0;
        state.feeder_changed_at[f] = inputs.now;
        state.feeder_energised_at[f] = on ? inputs.now : state.feeder_energised_at[f];
      }
      result.emergency_mw += causes[f] == FeederCause::emergency ? demand_mw[f] : 0.0;
    }
    std::copy(causes.begin(), causes.end(), state.feeder_cause.begin());
    result.demand_mw = cuts.served_mw() + result.unserved_mw;
    result.feeder_cause = state.feeder_cause;
    state.settled_at = inputs.now;
  }

  void expect_sizes([[maybe_unused]] const OperationInputs& inputs,
                    [[maybe_unused]] const OperationState& state) const {
    WG_EXPECT(inputs.now >= 0);
    WG_EXPECT(inputs.bus_up.size() == model->network.bus_count);
    WG_EXPECT(inputs.branch_up.size() == model->network.branch_count());
    WG_EXPECT(inputs.generator_available_mw.size() == model->network.generator_count());
    WG_EXPECT(inputs.feeder_available.size() == model->feeder_count());
    WG_EXPECT(inputs.feeder_demand_mw.size() == model->feeder_count());
    WG_EXPECT(inputs.feeder_bus.empty() || inputs.feeder_bus.size() == model->feeder_count());
    WG_EXPECT(state.generator_running.size() == model->network.generator_count());
    WG_EXPECT(state.feeder_on.size() == model->feeder_count());
  }
};

Operation::Operation(const OperationModel& model) : impl_(std::make_unique<Impl>(checked(model))) {}
Operation::~Operation() = default;
Operation::Operation(Operation&&) noexcept = default;
Operation& Operation::operator=(Operation&&) noexcept = default;

OperationState Operation::initial_state() const {
  const std::size_t generators = impl_->model->network.generator_count();
  const std::size_t feeders = impl_->model->feeder_count();
  OperationState state;
  state.generator_running.assign(generators, 1);
  state.generator_ready_at.assign(generators, kNever);
  state.feeder_on.assign(feeders, 1);
  state.feeder_changed_at.assign(feeders, 0);
  state.feeder_energised_at.assign(feeders, -kNever);
  state.feeder_cause.assign(feeders, FeederCause::on);
  return state;
}

void Operation::restore(const OperationInputs& inputs, OperationState& state) {
  impl_->expect_sizes(inputs, state);
  impl_->restore(inputs, state);
}

OperationResult Operation::settle(const OperationInputs& inputs, OperationState& state,
                                  const Parameters& parameters) {
  impl_->expect_sizes(inputs, state);
  return impl_->settle(inputs, state, parameters);
}

void Operation::feeder_load_mw(std::span<double> load_mw) const {
  impl_->cuts.feeder_load_mw(load_mw);
}

std::span<const std::uint8_t> Operation::bus_energised() const {
  return impl_->supply.bus_energised;
}

std::span<const std::uint8_t> Operation::find_energised_buses(const OperationInputs& inputs,
                                                              const OperationState& state) {
  impl_->expect_sizes(inputs, state);
  impl_->find_islands(inputs);
  impl_->find_energised(inputs, state);
  impl_->spread_to_buses();
  return impl_->supply.bus_energised;
}

}  // namespace wintergrid::power
