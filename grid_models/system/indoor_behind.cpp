// mean = sum of households * indoor temperature / sum of households, over the units (households
// that share block, feeder and zone) behind a bus, in a zone, or all. In order of units: exact to
// the bit.

#include "grid_models/system/indoor_behind.hpp"

#include <algorithm>
#include <limits>

namespace wintergrid {

IndoorBehind::IndoorBehind(const Model& model)
    : of_bus_(model.power.network.bus_count), of_zone_(model.zones.count()) {}

void IndoorBehind::note(const Model& model, std::span<const float> indoor_c) {
  std::fill(of_bus_.begin(), of_bus_.end(), Sum{});
  std::fill(of_zone_.begin(), of_zone_.end(), Sum{});
  all_ = Sum{};
  for (std::size_t unit = 0; unit < model.units.count(); ++unit) {
    const auto households = static_cast<double>(model.units.households[unit]);
    const double household_c = households * static_cast<double>(indoor_c[model.units.block[unit]]);
    const std::uint32_t bus = model.power.feeder_bus[model.units.feeder[unit]];
    for (Sum* sum : {&of_bus_[bus], &of_zone_[model.units.zone[unit]], &all_}) {
      sum->household_c += household_c;
      sum->households += households;
    }
  }
}

double IndoorBehind::mean_c(const Model& model, ComponentId component) const {
  const HouseholdsBehind behind = model.component_behind.empty()
                                      ? HouseholdsBehind{}
                                      : model.component_behind[component.index()];
  Sum sum;
  switch (behind.kind) {
    case HouseholdsBehind::Kind::nobody:
      break;
    case HouseholdsBehind::Kind::bus:
      sum = of_bus_[behind.index];
      break;
    case HouseholdsBehind::Kind::zone:
      sum = of_zone_[behind.index];
      break;
    case HouseholdsBehind::Kind::everyone:
      sum = all_;
      break;
  }
  return sum.households > 0.0 ? sum.household_c / sum.households
                              : std::numeric_limits<double>::infinity();
}

}  // namespace wintergrid
