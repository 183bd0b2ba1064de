#pragma once
// Indoor temperatures of blocks of buildings over a step.

#include <array>
#include <cstdint>

#include "grid_models/core/time.hpp"
#include "grid_models/heat/field_work.hpp"
#include "grid_models/heat/heat.hpp"
#include "grid_models/heat/two_element_building.hpp"

namespace wintergrid::heat {

/// Closed form of every class for one step; nothing allocates.
class BlockTemperatures {
 public:
  /// Takes what holds during the step: what a household needs to stay at its setpoint, W, and for
  /// how long.
  void begin_step(const Parameters& parameters, double space_w, Seconds duration);

  /// Air and masses of the blocks at the end of the step. True if one of them is not at rest: short
  /// of heat or not yet at the setpoint. Without branches, so that the loop vectorises.
  bool advance(const BlockGroups::Run& run, State& state) const;

  /// Air at the begin of the step, when heat is as it will be during it: air stores nothing.
  float first_air_c(std::uint32_t block, BuildingClass building_class, const State& state) const;

 private:
  struct Step {
    float decay[2][2];
    float per_w[2];
    float air_per_mass[2];
    float air_per_w;
  };
  void read_classes(const Parameters& parameters, Seconds duration);

  std::array<Step, kBuildingClassCount> step_{};
  float space_w_ = 0.0F, setpoint_c_ = 0.0F;
  // what step_ was made for
  std::array<double, kBuildingClassCount> tau_hours_{};
  double loss_w_per_k_ = 0.0;
  Seconds duration_ = -1;
};

}  // namespace wintergrid::heat
