// Who is under pressure, who waits for it, and tanks between moments. What flows is answered by a
// fidelity (transport.cpp, hydraulic.cpp), part by part (parts.cpp). Flows are constant between
// moments, so that a tank's level L (m3) is linear in time t (h):
//     L(t) = clamp(L(0) + (refill - outflow) t, 0, volume).
// Re-pressurisation 8 h: Kyiv, 31 Oct 2022 (80 % without water in the morning, 40 % by the
// afternoon) and 23 Nov 2022 (all back within about 24 h), as reported by the city's
// administration.

#include "grid_models/water/water.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>

#include "grid_models/core/contract.hpp"
#include "grid_models/water/parts.hpp"

namespace wintergrid::water {

namespace {

/// Shares and times this close to a limit are at it: less than any rounding of the flows.
constexpr double kShareTolerance = 1e-9;
constexpr double kSecondsTolerance = 1e-6;

template <class Value>
bool same_bytes(const std::vector<Value>& left,
                std::type_identity_t<std::span<const Value>> right) {
  return left.size() == right.size() &&
         (left.empty() ||
          std::memcmp(left.data(), right.data(), left.size() * sizeof(left[0])) == 0);
}

/// A share for the state; never below the limit only because a float is coarser than a double.
float stored_share(double share, double minimum_share) {
  auto stored = static_cast<float>(share);
  if (share >= minimum_share - kShareTolerance && static_cast<double>(stored) < minimum_share) {
    stored = std::nextafter(stored, 2.0F);
  }
  return stored;
}

}  // namespace

Seconds next_event(const State& state) {
  Seconds next = kNever;
  for (const Seconds time : state.node_pressurised_at) {
    if (time > 0) {
      next = std::min(next, time);
    }
  }
  return next;
}

struct Water::Impl {
  Model model;
  Parts parts;

  // For the exact skip.
  std::vector<double> node_factors_whole;
  std::vector<double> link_factors_whole;
  std::vector<std::uint8_t> all_powered;
  std::vector<double> no_leaks;
  std::vector<float> full_shares;
  std::vector<Seconds> under_pressure;
  double feasible_factor =
      -1.0;  ///< the whole network serves average demand times this from works alone
  bool settled = false;
  bool bounded = false;  ///< some answer since the last advance() was a bound

  explicit Impl(const Model& m)
      : model(m),
        parts(m),
        node_factors_whole(m.node_count(), 1.0),
        link_factors_whole(m.link_from.size(), 1.0),
        all_powered(m.node_count(), 1),
        no_leaks(m.node_count(), 0.0),
        full_shares(m.node_count(), 1.0F),
        under_pressure(m.node_count(), 0) {}

  bool is_whole(const Inputs& inputs) const {
    return same_bytes(all_powered, inputs.node_powered) &&
           same_bytes(node_factors_whole, inputs.node_factor) &&
           same_bytes(link_factors_whole, inputs.link_factor) &&
           (inputs.node_extra_demand_m3_per_h.empty() ||
            same_bytes(no_leaks, inputs.node_extra_demand_m3_per_h));
  }

  bool is_full(const State& state) const {
    return same_bytes(state.node_share, full_shares) &&
           same_bytes(state.node_pressurised_at, under_pressure) &&
           same_bytes(state.tank_level_m3, model.tank_volume_m3);
  }

  /// True if a solve is known to leave the state as it is: nothing is damaged or without power,
  /// tanks are full, everybody is served, and works alone have carried at least this demand before.
  /// More demand never makes less feasible, so the skip is exact.
  bool is_calm(const Inputs& inputs, const State& state) const {
    return inputs.demand_factor <= feasible_factor && is_whole(inputs) && is_full(state);
  }

  /// Notes whether the state is at rest, for settled().
  void note(const State& state, const Answer& present) {
    settled =
        is_full(state) && std::all_of(present.fill_m3_per_h.begin(), present.fill_m3_per_h.end(),
                                      [](double fill) { return fill == 0.0; });
  }

  /// The flow of this moment.
  const Answer& solve(const Inputs& inputs, const Parameters& parameters, const State& state,
                      Question question) {
    const Answer& answer = parts.solve(inputs, parameters, state, question);
    bounded = bounded || answer.bounded;
    if (question == Question::present && answer.from_works_alone &&
        inputs.demand_factor > feasible_factor && is_whole(inputs) &&
        same_bytes(state.tank_level_m3, model.tank_volume_m3) &&
        std::none_of(state.node_pressurised_at.begin(), state.node_pressurised_at.end(),
                     [](Seconds at) { return at == kNever; })) {
      feasible_factor = inputs.demand_factor;
    }
    return answer;
  }
};

Water::Water(const Model& model) : impl_(std::make_unique<Impl>(model)) {}
Water::~Water() = default;
Water::Water(Water&&) noexcept = default;
Water& Water::operator=(Water&&) noexcept = default;

State Water::initial_state() const {
  State state;
  state.tank_level_m3 = impl_->model.tank_volume_m3;
  state.node_share = impl_->full_shares;
  state.node_pressurised_at = impl_->under_pressure;
  return state;
}

void Water::settle(const Inputs& inputs, const Parameters& parameters, State& state) {
  const bool takes_away_only = state.settled_at == inputs.now;
  state.settled_at = inputs.now;
  if (impl_->is_calm(inputs, state)) {
    impl_->settled = true;
    return;
  }
  const std::size_t node_count = impl_->model.node_count();
  const Answer* solution = nullptr;
  bool lost = true;
  while (lost) {  // who falls dry leaves the rest to the others: nobody falls dry in the second
                  // round but by rounding
    solution = &impl_->solve(inputs, parameters, state, Question::present);
    lost = false;
    for (std::size_t node = 0; node < node_count; ++node) {
      if (state.node_pressurised_at[node] != kNever &&
          solution->share[node] < parameters.minimum_share - kShareTolerance) {
        state.node_pressurised_at[node] = kNever;
        lost = true;
      }
    }
  }
  for (std::size_t node = 0; node < node_count; ++node) {
    float share = 0.0F;
    if (state.node_pressurised_at[node] == 0) {
      share = stored_share(solution->share[node], parameters.minimum_share);
      if (takes_away_only) {
        share = std::min(share, state.node_share[node]);
      }
    }
    state.node_share[node] = share;
  }
  impl_->note(state, *solution);
}

void Water::restore(const Inputs& inputs, const Parameters& parameters, State& state) {
  if (impl_->is_calm(inputs, state)) {
    impl_->settled = true;
    return;
  }
  const double enough = parameters.minimum_share - kShareTolerance;
  const std::size_t node_count = impl_->model.node_count();
  std::vector<Seconds>& pressurised_at = state.node_pressurised_at;
  if (std::find(pressurised_at.begin(), pressurised_at.end(), kNever) != pressurised_at.end()) {
    const Answer& possible = impl_->solve(inputs, parameters, state, Question::possible);
    for (std::size_t node = 0; node < node_count; ++node) {
      if (pressurised_at[node] == kNever && possible.share[node] >= enough) {
        pressurised_at[node] = inputs.now + seconds_from_hours(parameters.repressurisation_hours);
      }
    }
  }
  const Answer* solution = nullptr;
  bool cancelled = true;
  while (cancelled) {
    solution = &impl_->solve(inputs, parameters, state, Question::present);
    cancelled = false;
    for (std::size_t node = 0; node < node_count; ++node) {
      const bool waits = pressurised_at[node] != 0 && pressurised_at[node] != kNever;
      if (waits && solution->share[node] < enough) {
        pressurised_at[node] = kNever;
        cancelled = true;
      }
    }
  }
  for (std::size_t node = 0; node < node_count; ++node) {
    if (pressurised_at[node] <= inputs.now) {
      pressurised_at[node] = 0;
    }
    state.node_share[node] = pressurised_at[node] == 0
                                 ? stored_share(solution->share[node], parameters.minimum_share)
                                 : 0.0F;
  }
  impl_->note(state, *solution);
}

Seconds Water::advance(const Inputs& inputs, const Parameters& parameters, Seconds duration,
                       State& state) {
  WG_EXPECT(duration > 0);
  if (impl_->is_calm(inputs, state)) {
    impl_->settled = true;
    impl_->bounded = false;
    return duration;
  }
  const Answer& solution = impl_->solve(inputs, parameters, state, Question::present);
  const auto seconds_to_empty = [&](std::size_t node) {
    const double outflow = -solution.fill_m3_per_h[node];
    const double level = state.tank_level_m3[node];
    if (outflow <= 0.0 || level <= 0.0) {
      return static_cast<double>(kNever);
    }
    const double seconds = level / outflow * static_cast<double>(kSecondsPerHour);
    return std::max(1.0, std::ceil(seconds - kSecondsTolerance));
  };
  // While one tank fills another, water for a full one would be lost.
  constexpr double kLeastSecondsToFull = 60.0;
  const bool tanks_give = std::any_of(solution.fill_m3_per_h.begin(), solution.fill_m3_per_h.end(),
                                      [](double fill) { return fill < 0.0; });
  const auto seconds_to_full = [&](std::size_t node) {
    const double fill = solution.fill_m3_per_h[node];
    const double room = impl_->model.tank_volume_m3[node] - state.tank_level_m3[node];
    if (!tanks_give || fill <= 0.0 || room <= 0.0) {
      return static_cast<double>(kNever);
    }
    return std::max(kLeastSecondsToFull,
                    std::ceil(room / fill * static_cast<double>(kSecondsPerHour)));
  };
  Seconds advanced = duration;
  for (std::size_t node = 0; node < impl_->model.node_count(); ++node) {
    const double seconds = std::min(seconds_to_empty(node), seconds_to_full(node));
    if (seconds < static_cast<double>(advanced)) {
      advanced = static_cast<Seconds>(seconds);
    }
  }
  const double hours = hours_from_seconds(advanced);
  for (std::size_t node = 0; node < impl_->model.node_count(); ++node) {
    const double fill = solution.fill_m3_per_h[node];
    if (fill != 0.0) {
      const bool emptied = seconds_to_empty(node) <= static_cast<double>(advanced);
      state.tank_level_m3[node] = emptied ? 0.0
                                          : std::clamp(state.tank_level_m3[node] + fill * hours,
                                                       0.0, impl_->model.tank_volume_m3[node]);
    }
  }
  impl_->bounded = false;
  impl_->note(state, solution);
  return advanced;
}

bool Water::bounded() const { return impl_->bounded; }
bool Water::settled() const { return impl_->settled; }

}  // namespace wintergrid::water
