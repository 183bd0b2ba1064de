#include "grid_models/network/components.hpp"

#include <cmath>
#include <utility>

#include "grid_models/core/contract.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid {

std::string_view to_text(AssetClass asset_class) {
  switch (asset_class) {
    case AssetClass::substation_330:
      return "substation_330";
    case AssetClass::substation_110:
      return "substation_110";
    case AssetClass::line:
      return "line";
    case AssetClass::chp_plant:
      return "chp_plant";
    case AssetClass::thermal_plant:
      return "thermal_plant";
    case AssetClass::hydro_plant:
      return "hydro_plant";
    case AssetClass::other_plant:
      return "other_plant";
    case AssetClass::boiler_house:
      return "boiler_house";
    case AssetClass::heat_main:
      return "heat_main";
    case AssetClass::water_works:
      return "water_works";
    case AssetClass::pump_station:
      return "pump_station";
    case AssetClass::water_main:
      return "water_main";
  }
  return "unknown";
}

std::string_view to_text(CrewType type) {
  switch (type) {
    case CrewType::lines:
      return "lines";
    case CrewType::substation:
      return "substation";
    case CrewType::plant:
      return "plant";
    case CrewType::heat_network:
      return "heat_network";
    case CrewType::water:
      return "water";
    case CrewType::plumbing:
      return "plumbing";
  }
  return "unknown";
}

CrewType crew_type_of(AssetClass asset_class) {
  switch (asset_class) {
    case AssetClass::substation_330:
    case AssetClass::substation_110:
      return CrewType::substation;
    case AssetClass::line:
      return CrewType::lines;
    case AssetClass::chp_plant:
    case AssetClass::thermal_plant:
    case AssetClass::hydro_plant:
    case AssetClass::other_plant:
      return CrewType::plant;
    case AssetClass::boiler_house:
    case AssetClass::heat_main:
      return CrewType::heat_network;
    case AssetClass::water_works:
    case AssetClass::pump_station:
    case AssetClass::water_main:
      return CrewType::water;
  }
  return CrewType::lines;
}

ComponentId ComponentTable::add(AssetClass component_class, ZoneId component_zone,
                                float component_size, Protection component_protection,
                                std::string component_name) {
  WG_EXPECT(component_size > 0.0F);
  const ComponentId id{count()};
  asset_class.push_back(component_class);
  zone.push_back(component_zone);
  size.push_back(component_size);
  protection.push_back(component_protection);
  name_hash.push_back(wintergrid::name_hash(component_name));
  name.push_back(std::move(component_name));
  return id;
}

double ZoneTable::road_km(ZoneId from, ZoneId to) const {
  constexpr double kWindingFactor = 1.3;
  const double dx = static_cast<double>(x_km[from.index()] - x_km[to.index()]);
  const double dy = static_cast<double>(y_km[from.index()] - y_km[to.index()]);
  return kWindingFactor * std::sqrt(dx * dx + dy * dy);
}

}  // namespace wintergrid
