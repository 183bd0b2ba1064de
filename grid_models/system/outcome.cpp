#include "grid_models/system/outcome.hpp"

namespace wintergrid {

void prepare(Outcome& outcome, const Model& model) {
  const std::size_t zones = model.zones.count();
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    outcome.households_off_by_hour[s].assign(model.hours(), 0);
    outcome.zone_household_seconds[s].assign(zones, 0);
    outcome.zone_over[s].assign(zones * kZoneThresholdCount, 0);
    outcome.zone_day_household_hours[s].assign(zones * model.days(), 0);
    outcome.service[s] = ServiceOutcome{};
  }
  outcome.two_services_household_seconds = 0;
  outcome.three_services_household_seconds = 0;
  outcome.two_services_over_24h = 0;
  outcome.three_services_over_24h = 0;
  outcome.households_ever_below.fill(0);
  outcome.household_seconds_below.fill(0);
  outcome.households_below_12c_over_24h = 0;
  outcome.buildings_drained = 0;
  outcome.buildings_burst = 0;
  outcome.unserved_watt_hours = 0;
  outcome.components_hit = 0;
  outcome.jobs_done = 0;
  outcome.crew_seconds = 0;
  outcome.fuel_millilitres = 0;
  outcome.solver_bounded_moments = 0;
  outcome.sets_needed_peak.fill(0);
  outcome.set_seconds.fill(0);
  outcome.set_seconds_peak_day.fill(0);
}

}  // namespace wintergrid
