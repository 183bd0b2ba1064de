#pragma once
// The cold spot of a building that stands without heat: when it freezes and bursts. Pure functions.

#include "grid_models/core/luck.hpp"
#include "grid_models/core/time.hpp"

namespace wintergrid::heat {

/// Temperature in C of a building's coldest pipes (stairwell, riser, attic).
double cold_spot_temperature_c(double outdoor_c, double indoor_c, double cold_spot_factor);

/// What a step does to a standing, unheated, filled riser.
struct FreezeStep {
  double progress = 0.0;  ///< 0..1 at the end of the step; 1: blocked by ice
  double blocked_from_hours =
      0.0;  ///< within the step the riser is blocked and below 0 C from here ...
  double blocked_until_hours = 0.0;  ///< ... to here; equal if never
  bool began_clear = false;  ///< it starts at or above 0 C: earlier ice, and its exposure, are gone
  bool thawed = false;       ///< it ends at or above 0 C: nothing is left of the ice
};

/// The cold spot's path through a step of constant weather.
struct CoolingPath {
  double outdoor_c = 0.0;
  double initial_c = 0.0;  ///< indoor temperature at the start of the step
  double equilibrium_c = 0.0;
  double tau_hours = 1.0;
  double hours = 0.0;
  double cold_spot_factor = 1.0;
};

/// Ice grows with the degree-hours of the cold spot below 0 C, exactly integrated;
/// `hours_at_minus_10` > 0 fill the riser.
FreezeStep freeze_over_step(const CoolingPath& path, double progress, double hours_at_minus_10);

/// True if a blocked riser bursts in [from, until), in seconds of simulated time, having been
/// blocked since `since` <= from. The hazard is constant, `probability_per_day`. Each whole hour of
/// simulated time has its own draw, (building, riser_burst, k = hour), compared with the chance
/// collected in that hour so far: the answer does not depend on how time is cut into steps. A
/// second blockage of the same riser meets other draws.
bool bursts(std::uint64_t name_hash, double since, double from, double until,
            double probability_per_day, const Luck& luck);

}  // namespace wintergrid::heat
