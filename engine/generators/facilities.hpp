#pragma once
// What facilities need of a generator set, and which networks hang on their electricity.

#include <cstdint>
#include <string>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "grid_models/system/model.hpp"

namespace wintergrid::generators {

/// Sets that are added have fuel for three days on site, so that a delivery a day after half of it
/// is gone comes in time, and carry the load after ten minutes (assumptions); deliveries are the
/// model's.
inline constexpr double kAddedFuelHours = 72.0;
inline constexpr Seconds kAddedPhaseIn = 600;
/// Longer than any horizon: a set that burns network gas (cogeneration).
inline constexpr double kUnlimitedFuelHours = 1e5;

/// By facility, in the model's order.
struct Facilities {
  std::vector<double> required_kw;      ///< prime power for essential load and motor start
  std::vector<std::uint32_t> zone;      ///< index of the zone
  std::vector<std::uint8_t> has_set;    ///< an own set that covers the essential load
  std::vector<std::uint8_t> set_class;  ///< of required_kw
  std::vector<power::FacilityKind> kind;
  std::vector<std::string> name;       ///< cold
  std::vector<std::string> kind_name;  ///< by kind
  std::vector<std::uint64_t> zone_households;
  std::size_t count() const { return required_kw.size(); }
};

/// Of a scenario that compiles to `model`.
Facilities facilities_of(const scenario::Scenario& scenario, const Model& model);

/// Who lies downstream of a facility: the consumers of one heat node (heating point), of a heat
/// network (boiler house), of a water network (works, pumping station). kNone: nobody.
struct Reach {
  std::uint32_t heat_node = kNone;
  std::uint32_t heat_network = kNone;
  std::uint32_t water_network = kNone;
  bool any() const { return heat_node != kNone || heat_network != kNone || water_network != kNone; }
};

/// Networks are parts that pipes join, damage aside.
struct Downstream {
  std::vector<Reach> of_facility;
  std::vector<std::uint32_t> network_of_heat_node, network_of_water_node;
  /// Water network that a boiler house (by facility) needs make-up water from.
  std::vector<std::uint32_t> make_up_network;
  std::size_t heat_networks = 0, water_networks = 0;
};
Downstream downstream_of(const Model& model);

}  // namespace wintergrid::generators
