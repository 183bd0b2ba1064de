#pragma once
// What happens to one winter: drawn outside (engine), replayed inside. A Timeline holds no chance.

#include <cstdint>
#include <vector>

#include "grid_models/core/damage.hpp"
#include "grid_models/core/id.hpp"
#include "grid_models/core/time.hpp"
#include "grid_models/heat/heat.hpp"
#include "grid_models/power/backup.hpp"
#include "grid_models/power/cascade.hpp"
#include "grid_models/power/operation.hpp"
#include "grid_models/recovery/recovery.hpp"
#include "grid_models/water/water.hpp"

namespace wintergrid {

/// Electricity demand; household and other loads are given at the reference temperature.
struct DemandParameters {
  double reference_c = -5.0;           ///< temperature at which peak demand is stated (domain #28)
  double rise_per_k = 0.0125;          ///< relative, per K below the reference [A]; domain 3.1
  double cold_flat_electric_kw = 1.5;  ///< wanted per household whose heat fails [A]; domain 3.1
  double cold_flat_share = 0.4;        ///< share of such households that switch heaters on [A]
};

/// Feeders switched to another substation; sources: feeding.cpp.
struct SwitchingParameters {
  double share_within_2_hours = 0.60;
  double share_within_4_hours = 0.85;
  double shortest_hours = 1.0;
  double longest_hours = 12.0;
  double guest_share = 0.3;  ///< what a bus takes, of the peak of its own feeders
};

/// Modular boilers: time to bring and connect them; sources: mobile_boilers.cpp.
struct MobileBoilerParameters {
  double shortest_days = 3.0, longest_days = 7.0;  ///< at a boiler house
  double chp_shortest_days = 14.0, chp_longest_days = 30.0;
  double chp_share = 0.25;  ///< of a CHP's heat that they can replace
};

/// Everything uncertain that a replication draws once. Members' defaults are the central values.
struct Parameters {
  DemandParameters demand;
  power::Parameters power;
  power::CascadeParameters cascade;  ///< used where Model::cascade is set
  SwitchingParameters switching;
  MobileBoilerParameters mobile_boilers;
  power::BackupParameters backup;
  heat::Parameters heat;
  water::Parameters water;
  recovery::Parameters recovery;
};

/// One component hit at one time.
struct Hit {
  Seconds time = 0;
  ComponentId component;
  DamageState state = DamageState::none;
  recovery::RepairWork work;
};

struct Timeline {
  std::vector<Hit> hits;              ///< ordered by (time, component)
  std::vector<float> outdoor_c;       ///< by hour of the horizon
  std::vector<float> forecast_min_c;  ///< by hour: minimum over the next 24 h
  std::vector<float>
      import_factor;  ///< by hour: share of each import's capacity that the national grid can give
  Parameters parameters;

  void clear() {
    hits.clear();
    outdoor_c.clear();
    forecast_min_c.clear();
    import_factor.clear();
    parameters = Parameters{};
  }
};

}  // namespace wintergrid
