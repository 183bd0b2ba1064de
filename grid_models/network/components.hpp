#pragma once
// Everything that can be damaged and repaired, over all networks, under one dense ComponentId.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "grid_models/core/damage.hpp"
#include "grid_models/core/id.hpp"

namespace wintergrid {

/// Asset classes that strikes, damage and repair tables speak of. Order is part of the files'
/// formats.
enum class AssetClass : std::uint8_t {
  substation_330 = 0,  ///< 330 kV and above
  substation_110,      ///< 110/150 kV and below
  line,                ///< overhead line, cable or transformer branch
  chp_plant,           ///< combined heat and power plant: generator and heat source in one
  thermal_plant,
  hydro_plant,
  other_plant,  ///< solar, wind, biogas, imports are never struck
  boiler_house,
  heat_main,     ///< district-heating trunk pipe
  water_works,   ///< intake or treatment
  pump_station,  ///< water pumping station
  water_main,
};
inline constexpr std::size_t kAssetClassCount = 12;
std::string_view to_text(AssetClass asset_class);

/// Who repairs it.
enum class CrewType : std::uint8_t { lines = 0, substation, plant, heat_network, water, plumbing };
inline constexpr std::size_t kCrewTypeCount = 6;
std::string_view to_text(CrewType type);
CrewType crew_type_of(AssetClass asset_class);

/// Passive protection of a site (domain: L1 gabions, L2 concrete, L3 bunker).
enum class Protection : std::uint8_t { none = 0, gabions, concrete, bunker };
inline constexpr std::size_t kProtectionCount = 4;

/// Structure of arrays, indexed by ComponentId.
struct ComponentTable {
  std::vector<AssetClass> asset_class;
  std::vector<ZoneId> zone;
  std::vector<float> size;  ///< weight within its class and zone (MW, m3/h or 1); > 0
  std::vector<Protection> protection;
  std::vector<std::uint64_t> name_hash;
  std::vector<std::string> name;  ///< cold: only for messages and local replay

  std::size_t count() const { return asset_class.size(); }
  ComponentId add(AssetClass component_class, ZoneId component_zone, float component_size,
                  Protection component_protection, std::string component_name);
};

/// Positions of zones on an abstract plane in km; distances for crew travel.
struct ZoneTable {
  std::vector<float> x_km;
  std::vector<float> y_km;
  std::vector<std::uint8_t> region;  ///< index into the scenario's regions (air defence, pauses)
  std::vector<std::string> id;       ///< unique
  std::vector<std::string> name;     ///< for people; may repeat

  std::size_t count() const { return x_km.size(); }
  /// Straight line times 1.3 (assumption: road winding factor), in km.
  double road_km(ZoneId from, ZoneId to) const;
};

}  // namespace wintergrid
