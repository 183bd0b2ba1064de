#include "grid_models/system/relays.hpp"

#include <algorithm>

#include "grid_models/power/cascade.hpp"
#include "grid_models/power/dc_flow.hpp"
#include "grid_models/power/feeder_order.hpp"

namespace wintergrid {
namespace {

/// As in the emergency cuts: below this nobody is cut.
constexpr double kToleranceMw = 1e-4;

/// At least a second: what opens in a moment is open in it.
Seconds open_until(Seconds now, double hours) {
  return now + std::max<Seconds>(1, seconds_from_hours(hours));
}

/// Returns the earliest time at which one of those still open closes.
Seconds close_due(Seconds now, std::vector<Seconds>& until) {
  Seconds next = kNever;
  for (Seconds& time : until) {
    time = time > now ? time : 0;
    next = time != 0 ? std::min(next, time) : next;
  }
  return next;
}

}  // namespace

struct Relays::Impl {
  explicit Impl(const Model& m)
      : cascade(m.power.network, m.power.generator_kind),
        order(m.power),
        branch_up(m.power.network.branch_count(), 1),
        feeder_available(m.power.feeder_count(), 1),
        running(m.power.network.generator_count(), 0),
        generation_mw(m.power.network.generator_count(), 0.0),
        capacity_mw(m.power.network.generator_count(), 0.0),
        bus_load_mw(m.power.network.bus_count, 0.0),
        island_surplus_mw(m.power.network.bus_count, 0.0) {}

  void close(Seconds now, RelayState& state) const {
    if (state.next_return <= now) {
      state.next_return = std::min(close_due(now, state.branch_open_until),
                                   close_due(now, state.feeder_open_until));
    }
  }

  void set_masks(const Availability& availability, const HangingFeeders& feeders,
                 const RelayState& state) {
    branch_up = availability.branch_up;
    for (std::size_t l = 0; state.next_return != kNever && l < branch_up.size(); ++l) {
      branch_up[l] = state.branch_open_until[l] == 0 ? branch_up[l] : std::uint8_t{0};
    }
    mask_feeders(feeders.available, state);
  }

  void mask_feeders(std::span<const std::uint8_t> available, const RelayState& state) {
    std::copy(available.begin(), available.end(), feeder_available.begin());
    if (state.next_return == kNever) {
      return;
    }
    for (std::size_t f = 0; f < feeder_available.size(); ++f) {
      feeder_available[f] = state.feeder_open_until[f] == 0 ? feeder_available[f] : std::uint8_t{0};
    }
  }

  /// Sets what is left of the units right after an event; false if there was none.
  bool is_event(const Availability& availability, std::span<const double> available_mw,
                const power::OperationState& power, const RelayState& state) {
    const auto went_down = [](std::uint8_t before, std::uint8_t now) { return before > now; };
    bool event = !std::equal(state.branch_up.begin(), state.branch_up.end(), branch_up.begin(),
                             [&](std::uint8_t a, std::uint8_t b) { return !went_down(a, b); }) ||
                 !std::equal(state.bus_up.begin(), state.bus_up.end(), availability.bus_up.begin(),
                             [&](std::uint8_t a, std::uint8_t b) { return !went_down(a, b); });
    for (std::size_t g = 0; g < running.size(); ++g) {
      const bool damaged = availability.generator_factor[g] < state.generator_factor[g];
      const double output_mw = state.generation_mw[g];
      event = event || (damaged && power.generator_running[g] != 0 && available_mw[g] < output_mw);
      // A unit that must go down for another reason than damage still holds its output.
      capacity_mw[g] = damaged ? available_mw[g] : std::max(available_mw[g], output_mw);
      running[g] = power.generator_running[g] != 0 && capacity_mw[g] > 0.0 ? 1 : 0;
      generation_mw[g] = std::min(output_mw, capacity_mw[g]);
    }
    return event;
  }

  bool respond(Seconds now, const Availability& availability, const HangingFeeders& feeders,
               const power::CascadeParameters& parameters, power::OperationState& power,
               RelayState& state) {
    std::fill(bus_load_mw.begin(), bus_load_mw.end(), 0.0);
    for (std::size_t f = 0; f < feeder_available.size(); ++f) {
      bus_load_mw[feeders.bus[f]] += feeder_available[f] != 0 ? state.feeder_load_mw[f] : 0.0;
    }
    const power::CascadeResult result = cascade.run(
        {branch_up, availability.bus_up, running, generation_mw, capacity_mw, bus_load_mw},
        parameters);
    for (std::size_t g = 0; g < running.size(); ++g) {
      if (result.generator_running[g] == 0 && power.generator_running[g] != 0) {
        power.generator_running[g] = 0;
        power.generator_ready_at[g] = kNever;
      }
    }
    const Seconds branch_until = open_until(now, parameters.branch_return_hours);
    for (std::size_t l = 0; l < branch_up.size(); ++l) {
      if (result.branch_tripped[l] != 0) {
        state.branch_open_until[l] = branch_until;
        state.next_return = std::min(state.next_return, branch_until);
      }
    }
    cut_feeders(result, feeders, open_until(now, parameters.load_return_hours), state);
    return result.islands_unsolved == 0;
  }

  /// Whole feeders for what relays shed in islands that live, ordinary before exempt; what they
  /// exceed it by counts for the next buses of the island.
  void cut_feeders(const power::CascadeResult& result, const HangingFeeders& hanging, Seconds until,
                   RelayState& state) {
    std::fill(island_surplus_mw.begin(), island_surplus_mw.end(), 0.0);
    for (std::size_t bus = 0; bus < bus_load_mw.size(); ++bus) {
      const std::uint32_t island = result.island_of_bus[bus];
      if (island == power::kNoIsland || !(result.shed_mw[bus] > 0.0)) {
        continue;
      }
      double need_mw = result.shed_mw[bus] - island_surplus_mw[island];
      for (const std::span<const std::uint32_t> feeders :
           {order.ordinary_of(bus), order.exempt_of(bus)}) {
        for (std::size_t n = 0; n < feeders.size() && need_mw > kToleranceMw; ++n) {
          const std::uint32_t f = feeders[n];
          if (hanging.bus[f] == bus && feeder_available[f] != 0 && state.feeder_load_mw[f] > 0.0) {
            need_mw -= state.feeder_load_mw[f];
            state.feeder_open_until[f] = until;
            state.next_return = std::min(state.next_return, until);
          }
        }
      }
      island_surplus_mw[island] = -need_mw;
    }
  }

  power::Cascade cascade;
  power::CutOrder order;
  std::vector<std::uint8_t> branch_up, feeder_available;
  // right after the event
  std::vector<std::uint8_t> running;
  std::vector<double> generation_mw, capacity_mw;
  std::vector<double> bus_load_mw;
  std::vector<double> island_surplus_mw;
};

Relays::Relays(const Model& model) : impl_(std::make_unique<Impl>(model)) {}
Relays::~Relays() = default;
Relays::Relays(Relays&&) noexcept = default;
Relays& Relays::operator=(Relays&&) noexcept = default;

RelayState Relays::initial_state() const {
  const Impl& m = *impl_;
  RelayState state;
  state.branch_up.assign(m.branch_up.size(), 0);
  state.bus_up.assign(m.bus_load_mw.size(), 0);
  state.generator_factor.assign(m.running.size(), 0.0);
  state.generation_mw.assign(m.running.size(), 0.0);
  state.feeder_load_mw.assign(m.feeder_available.size(), 0.0);
  state.branch_open_until.assign(m.branch_up.size(), 0);
  state.feeder_open_until.assign(m.feeder_available.size(), 0);
  return state;
}

bool Relays::act(Seconds now, const Availability& availability, const HangingFeeders& feeders,
                 std::span<const double> generator_available_mw,
                 const power::CascadeParameters& parameters, power::OperationState& power,
                 RelayState& state) {
  Impl& m = *impl_;
  m.close(now, state);
  m.set_masks(availability, feeders, state);
  if (!m.is_event(availability, generator_available_mw, power, state)) {
    return true;
  }
  const bool solved = m.respond(now, availability, feeders, parameters, power, state);
  m.set_masks(availability, feeders, state);
  return solved;
}

void Relays::mask_feeders(std::span<const std::uint8_t> available, const RelayState& state) {
  impl_->mask_feeders(available, state);
}

std::span<const std::uint8_t> Relays::branch_up() const { return impl_->branch_up; }
std::span<const std::uint8_t> Relays::feeder_available() const { return impl_->feeder_available; }

void Relays::note(const Availability& availability, const power::Operation& operation,
                  const power::OperationResult& result, RelayState& state) const {
  state.branch_up = impl_->branch_up;
  state.bus_up = availability.bus_up;
  state.generator_factor = availability.generator_factor;
  state.generation_mw.assign(result.generation_mw.begin(), result.generation_mw.end());
  operation.feeder_load_mw(state.feeder_load_mw);
}

}  // namespace wintergrid
