// Crews that the caller sends out for work that is no repair: they are missing for as long.

#include <algorithm>

#include "grid_models/core/contract.hpp"
#include "grid_models/recovery/recovery.hpp"

namespace wintergrid::recovery {

Seconds Recovery::send_crew(State& state, CrewType type, ZoneId zone, Seconds now,
                            Seconds work) const {
  WG_EXPECT(zone.valid() && zone.index() < zones_->count() && work >= 0);
  const auto index = static_cast<std::size_t>(type);
  if (clock_[index].on_shift(now) != now) {
    return kNever;
  }
  CrewState* nearest = nullptr;
  Seconds travel = kNever;
  for (std::size_t crew = first_crew_[index]; crew < first_crew_[index + 1]; ++crew) {
    CrewState& candidate = state.crews[crew];
    if (crew_from_[crew] > now || candidate.busy_until != 0) {
      continue;
    }
    const Seconds seconds = travel_seconds(*model_, *zones_, candidate.zone, zone);
    if (seconds < travel) {
      nearest = &candidate;
      travel = seconds;
    }
  }
  if (nearest == nullptr) {
    return kNever;
  }
  nearest->zone = zone;
  nearest->busy_until = now + std::max<Seconds>(1, travel + work);
  state.next_event = std::min(state.next_event, nearest->busy_until);
  return nearest->busy_until;
}

void Recovery::free_sent_crews(State& state, Seconds now) {
  for (CrewState& crew : state.crews) {
    if (crew.busy_until != 0 && crew.busy_until <= now && !crew.component.valid()) {
      crew.busy_until = 0;
    }
  }
}

Seconds Recovery::next_return(const State& state) {
  Seconds next = kNever;
  for (const CrewState& crew : state.crews) {
    if (crew.busy_until != 0 && !crew.component.valid()) {
      next = std::min(next, crew.busy_until);
    }
  }
  return next;
}

}  // namespace wintergrid::recovery
