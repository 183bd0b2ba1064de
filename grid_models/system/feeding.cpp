// Switching of feeders between substations.
//
//   hours(u) = shortest + (2 - shortest) u / q2          u < q2      q2: share switched within 2 h
//              2 + 2 (u - q2) / (q4 - q2)           q2 <= u < q4     q4: share switched within 4 h
//              4 + (longest - 4) (u - q4) / (1 - q4) q4 <= u
//
// Source of q4: after the strikes of 11 September 2022 more than 85 % of the consumption affected
// was back within 4 h (mediacenter.org.ua, 14 September 2022). q2, the shortest and the longest
// time are assumptions around it.
//
// A bus takes guests while damage has cost it none of its own feeders, up to a share of their peak
// (assumption: a substation of two transformers is built to carry its load with one of them
// overloaded, so that an intact one has room).

#include "grid_models/system/feeding.hpp"

#include <algorithm>
#include <utility>

namespace wintergrid {

double switching_hours(const SwitchingParameters& parameters, double probability) {
  constexpr double kEarlyHours = 2.0, kLateHours = 4.0;
  const double early = parameters.share_within_2_hours;
  const double late = std::max(early, parameters.share_within_4_hours);
  const auto between = [](double from, double to, double share) {
    return from + (to - from) * share;
  };
  const double hours =
      probability < early ? between(parameters.shortest_hours, kEarlyHours, probability / early)
      : probability < late
          ? between(kEarlyHours, kLateHours, (probability - early) / (late - early))
          : between(kLateHours, parameters.longest_hours, (probability - late) / (1.0 - late));
  return std::min(std::max(hours, parameters.shortest_hours), parameters.longest_hours);
}

Feeding::Feeding(const Model& model)
    : model_(&model),
      feeder_peak_mw_(model.power.feeder_count(), 0.0),
      bus_peak_mw_(model.power.network.bus_count, 0.0),
      guests_mw_(model.power.network.bus_count, 0.0),
      own_available_(model.power.feeder_count(), 1),
      available_(own_available_) {
  for (std::uint32_t f = 0; f < model.power.feeder_count(); ++f) {
    feeder_peak_mw_[f] =
        model.feeder_household_mw[f] + model.feeder_other_mw[f] + model.feeder_facility_mw[f];
    bus_peak_mw_[model.power.feeder_bus[f]] += feeder_peak_mw_[f];
    if (model.power.feeder_backup_bus[f] != power::kNoBackupBus) {
      with_backup_.push_back(f);
    }
  }
  std::sort(with_backup_.begin(), with_backup_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::pair{model.power.feeder_name_hash[a], a} <
           std::pair{model.power.feeder_name_hash[b], b};
  });
}

FeedingState Feeding::initial_state() const {
  FeedingState state;
  state.feeder_bus = model_->power.feeder_bus;
  state.switched_at.assign(state.feeder_bus.size(), kNever);
  state.switchings.assign(state.feeder_bus.size(), 0);
  return state;
}

void Feeding::find_available(const Availability& availability, const FeedingState& state) {
  available_ = availability.feeder_available;
  if (state.away == 0) {
    return;
  }
  std::copy(available_.begin(), available_.end(), own_available_.begin());
  for (const std::uint32_t f : with_backup_) {
    const std::uint32_t bus = state.feeder_bus[f];
    if (bus != model_->power.feeder_bus[f]) {
      own_available_[f] = availability.bus_takes_guests[bus];
    }
  }
  available_ = own_available_;
}

void Feeding::switch_feeders(Seconds now, const Availability& availability,
                             std::span<const std::uint8_t> bus_energised,
                             const SwitchingParameters& parameters, const Luck& luck,
                             FeedingState& state) {
  const bool all_live =
      std::find(bus_energised.begin(), bus_energised.end(), 0) == bus_energised.end();
  if (all_live && !availability.feeders_lost && state.away == 0 && state.under_way == 0) {
    return;
  }
  return_home(availability, bus_energised, state);
  state.next_switching = kNever;
  state.under_way = 0;
  for (const std::uint32_t f : with_backup_) {
    const std::uint32_t own = model_->power.feeder_bus[f];
    const std::uint32_t backup = model_->power.feeder_backup_bus[f];
    const bool served = availability.feeder_available[f] != 0 && bus_energised[own] != 0;
    if (served || state.feeder_bus[f] != own) {
      continue;
    }
    if (availability.bus_takes_guests[backup] != 0 && bus_energised[backup] != 0) {
      begin_or_move(f, now, parameters, luck, state);
    }
    if (state.switched_at[f] != kNever) {
      ++state.under_way;
      state.next_switching = state.switched_at[f] > now
                                 ? std::min(state.next_switching, state.switched_at[f])
                                 : state.next_switching;
    }
  }
  find_available(availability, state);
}

/// Those whose own bus can serve them, from their backup bus or before they got there; counts the
/// guests that stay.
void Feeding::return_home(const Availability& availability,
                          std::span<const std::uint8_t> bus_energised, FeedingState& state) {
  std::fill(guests_mw_.begin(), guests_mw_.end(), 0.0);
  state.away = 0;
  for (const std::uint32_t f : with_backup_) {
    const std::uint32_t own = model_->power.feeder_bus[f];
    if (availability.feeder_available[f] != 0 && bus_energised[own] != 0) {
      state.feeder_bus[f] = own;
      state.switched_at[f] = kNever;
    } else if (state.feeder_bus[f] != own) {
      guests_mw_[state.feeder_bus[f]] += feeder_peak_mw_[f];
      ++state.away;
    }
  }
}

/// Its own bus cannot serve it, its backup bus could.
void Feeding::begin_or_move(std::uint32_t feeder, Seconds now,
                            const SwitchingParameters& parameters, const Luck& luck,
                            FeedingState& state) {
  Seconds& at = state.switched_at[feeder];
  if (at == kNever) {
    const double u = luck.uniform(
        {model_->power.feeder_name_hash[feeder], Purpose::switching, state.switchings[feeder]++});
    at = now + seconds_from_hours(switching_hours(parameters, u));
  }
  const std::uint32_t backup = model_->power.feeder_backup_bus[feeder];
  const double guests_mw = guests_mw_[backup] + feeder_peak_mw_[feeder];
  if (at <= now && guests_mw <= parameters.guest_share * bus_peak_mw_[backup]) {
    guests_mw_[backup] = guests_mw;
    state.feeder_bus[feeder] = backup;
    at = kNever;
    ++state.away;
  }
}

}  // namespace wintergrid
