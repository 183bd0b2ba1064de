// Indoor temperatures by their distance from a building that is held at its setpoint.
//
// A building is two masses around the air of its rooms (two_element_building.cpp), and linear. So
// the difference x between one that gets `share` of the heat s it needs and one that gets all of it
// obeys the same equations with nothing but the missing heat (1 - share) s as input: weather and
// gains cancel. Kept here are x of the masses (K, at most 0) and the air, T_set + a x - b (1 -
// share) s. s is that of steady weather (heat.cpp). Between events this is exact; a float's
// rounding is below 1e-5 K.

#include "grid_models/heat/block_temperatures.hpp"

#include <algorithm>
#include <cmath>

namespace wintergrid::heat {
namespace {

/// Closer than this to where a heated building's masses would be, K, it counts as recovered: an
/// exponential never arrives.
constexpr float kRecoveredWithinK = 0.01F;
/// Of a radiator's heat (assumption: 0.3 to 0.5).
constexpr double kRadiativeShare = 0.4;

}  // namespace

void BlockTemperatures::read_classes(const Parameters& parameters, Seconds duration) {
  if (duration == duration_ && parameters.loss_w_per_k_per_household == loss_w_per_k_ &&
      std::equal(tau_hours_.begin(), tau_hours_.end(), parameters.tau_hours)) {
    return;
  }
  duration_ = duration;
  loss_w_per_k_ = parameters.loss_w_per_k_per_household;
  std::copy_n(parameters.tau_hours, kBuildingClassCount, tau_hours_.begin());
  for (std::size_t i = 0; i < kBuildingClassCount; ++i) {
    const TwoElementModel model(
        two_element_household(static_cast<BuildingClass>(i), loss_w_per_k_, tau_hours_[i]));
    const DeviationStep exact =
        model.deviation_step(static_cast<double>(duration), kRadiativeShare, loss_w_per_k_);
    for (int row = 0; row < 2; ++row) {
      for (int column = 0; column < 2; ++column) {
        step_[i].decay[row][column] = static_cast<float>(exact.decay[row][column]);
      }
      step_[i].per_w[row] = static_cast<float>(exact.per_w[row]);
      step_[i].air_per_mass[row] = static_cast<float>(exact.air_per_mass[row]);
    }
    step_[i].air_per_w = static_cast<float>(exact.air_per_w);
  }
}

void BlockTemperatures::begin_step(const Parameters& parameters, double space_w, Seconds duration) {
  read_classes(parameters, duration);
  space_w_ = static_cast<float>(space_w);
  setpoint_c_ = static_cast<float>(parameters.indoor_setpoint_c);
}

bool BlockTemperatures::advance(const BlockGroups::Run& run, State& state) const {
  const Step step = step_[static_cast<std::size_t>(run.building_class)];
  const float* share = state.delivered_share.data();
  float* outer_k = state.outer_mass_k.data();
  float* inner_k = state.inner_mass_k.data();
  float* indoor_c = state.indoor_c.data();
  int moving = 0;
  for (std::uint32_t block = run.begin; block < run.end; ++block) {
    const float missing_w = (1.0F - share[block]) * space_w_;
    const float outer = step.decay[0][0] * outer_k[block] + step.decay[0][1] * inner_k[block] +
                        step.per_w[0] * missing_w;
    const float inner = step.decay[1][0] * outer_k[block] + step.decay[1][1] * inner_k[block] +
                        step.per_w[1] * missing_w;
    const bool recovered =
        (share[block] == 1.0F) & (outer >= -kRecoveredWithinK) & (inner >= -kRecoveredWithinK);
    outer_k[block] = recovered ? 0.0F : outer;
    inner_k[block] = recovered ? 0.0F : inner;
    indoor_c[block] = setpoint_c_ + step.air_per_mass[0] * outer_k[block] +
                      step.air_per_mass[1] * inner_k[block] + step.air_per_w * missing_w;
    moving |= static_cast<int>(!recovered);
  }
  return moving != 0;
}

float BlockTemperatures::first_air_c(std::uint32_t block, BuildingClass building_class,
                                     const State& state) const {
  const Step& step = step_[static_cast<std::size_t>(building_class)];
  const float missing_w = (1.0F - state.delivered_share[block]) * space_w_;
  return setpoint_c_ + step.air_per_mass[0] * state.outer_mass_k[block] +
         step.air_per_mass[1] * state.inner_mass_k[block] + step.air_per_w * missing_w;
}

}  // namespace wintergrid::heat
