// P(damage | hit) by protection and weapon (assumption, ranges +-50 %), states after FEMA Hazus,
// crew times lognormal:
//   hours = median * exp(ln(GSD) z), z ~ N(0, 1), rounded to whole seconds at once.
// Temporary and permanent times of one hit share z: a site that is hard to reach or badly hit is
// slow in both.

#include "engine/random/damage.hpp"

#include <algorithm>
#include <cmath>

#include "engine/random/inversion.hpp"

namespace wintergrid::random {
namespace {

/// Plants and boiler houses break in two ways, auxiliaries or core; networks have one row.
std::size_t state_row(AssetClass asset_class) {
  const DamageFamily family = damage_family_of(asset_class);
  return family == DamageFamily::plant || family == DamageFamily::boiler_house ? 1 : 0;
}

}  // namespace

DamageState draw_damage(const DamageParameters& parameters, const Draw& draw, std::uint64_t event,
                        const Asset& asset, Weapon weapon, std::uint32_t hits) {
  const std::size_t column = weapon == Weapon::drone ? 0 : 1;
  const double probability =
      parameters.probability[static_cast<std::size_t>(asset.protection)][column];
  const auto& weight = parameters.state_weight[state_row(asset.asset_class)][column];
  const double total = weight[0] + weight[1] + weight[2] + weight[3];
  DamageState worst = DamageState::none;
  for (std::uint32_t hit = 0; hit < hits; ++hit) {
    if (draw.uniform({event, Purpose::damage_state, 2 * hit}) >= probability) {
      continue;
    }
    double left = draw.uniform({event, Purpose::damage_state, 2 * hit + 1}) * total;
    std::size_t state = 0;
    while (state + 1 < kDamagedStateCount && left >= weight[state]) {
      left -= weight[state++];
    }
    worst = std::max(worst, static_cast<DamageState>(state + 1));
  }
  return worst;
}

recovery::RepairWork draw_repair(const RepairParameters& parameters, const Draw& draw,
                                 std::uint64_t event, const Asset& asset, DamageState state) {
  const std::uint64_t entity = combine_hash(event, asset.name_hash);
  const auto row = static_cast<std::size_t>(asset.asset_class);
  const std::size_t column = static_cast<std::size_t>(state) - 1;
  const double factor =
      std::exp(std::log(parameters.geometric_sd[row]) *
               normal_quantile(draw.uniform({entity, Purpose::repair_duration, 0})));
  recovery::RepairWork work;
  work.temporary_seconds = seconds_from_hours(parameters.temporary_hours[row][column] * factor);
  work.permanent_seconds = seconds_from_hours(parameters.permanent_hours[row][column] * factor);
  const bool high_voltage = asset.asset_class == AssetClass::substation_330;
  if (high_voltage || asset.asset_class == AssetClass::substation_110) {
    const double u = draw.uniform({entity, Purpose::repair_duration, 1});
    std::uint8_t units = 0;
    if (state == DamageState::extensive) {
      units = u < parameters.extensive_spare_probability ? 1 : 0;
    } else if (state == DamageState::complete) {
      units = u < parameters.complete_second_spare_probability ? 2 : 1;
    }
    if (units > 0) {
      work.spare = static_cast<std::uint8_t>(high_voltage ? SpareType::autotransformer_330
                                                          : SpareType::transformer_110);
      work.spare_units = units;
    }
  }
  return work;
}

}  // namespace wintergrid::random
