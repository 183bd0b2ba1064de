#pragma once
// The compiled system: const, shared by all threads, structure of arrays, dense indices, names kept
// apart.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "grid_models/core/csr.hpp"
#include "grid_models/core/damage.hpp"
#include "grid_models/core/time.hpp"
#include "grid_models/heat/heat.hpp"
#include "grid_models/network/components.hpp"
#include "grid_models/power/backup.hpp"
#include "grid_models/power/operation.hpp"
#include "grid_models/recovery/recovery.hpp"
#include "grid_models/water/water.hpp"

namespace wintergrid {

inline constexpr std::uint32_t kNone = UINT32_MAX;  ///< "not connected" in index arrays

/// Capacity left of a damaged component, 0..1, by asset class and state, before and after the
/// temporary fix.
struct DamageEffects {
  std::array<std::array<float, kDamageStateCount>, kAssetClassCount> damaged{};
  std::array<std::array<float, kDamageStateCount>, kAssetClassCount> temporary{};
  /// A substation with less than this left is out of service for through flow as well.
  float substation_out_below = 0.2F;
};

/// Households that share their fate: one block's part with or without the need of a booster pump.
struct Units {
  std::vector<std::uint32_t> block;
  std::vector<std::uint32_t> feeder;
  std::vector<std::uint32_t> water_node;  ///< kNone: own well, which needs power
  std::vector<std::uint32_t> zone;
  std::vector<std::uint8_t>
      above_pressure;  ///< 1: above the network pressure, needs its building's booster
  std::vector<std::uint32_t> households;
  std::size_t count() const { return block.size(); }
};

/// Which households stand behind a component in the eyes of repair policies; a stated approximation
/// (see the scenario's compiler), as recovery::Model::component_households is.
struct HouseholdsBehind {
  enum class Kind : std::uint8_t { nobody = 0, bus, zone, everyone };
  Kind kind = Kind::nobody;
  std::uint32_t index = 0;  ///< of the bus or zone
};

/// Generator-set size classes for reports, prime kW (upper bounds; the last is open).
inline constexpr std::array<double, 6> kSetClassUpperKw = {10, 30, 100, 250, 500, 1000};
inline constexpr std::size_t kSetClassCount = 7;

struct Model {
  ZoneTable zones;
  ComponentTable components;
  DamageEffects damage_effects;

  power::OperationModel power;
  power::BackupModel facilities;
  heat::Model heat;
  water::Model water;
  recovery::Model recovery;
  Units units;

  // component behind each part; kNone: cannot be damaged
  std::vector<std::uint32_t> bus_component, branch_component, generator_component;
  std::vector<std::uint32_t> heat_source_component, heat_pipe_component;
  std::vector<std::uint32_t> water_node_component, water_link_component;
  std::vector<std::uint8_t> branch_in_service;
  std::vector<HouseholdsBehind> component_behind;  ///< by component; empty: nobody behind any

  // loads
  std::vector<double> feeder_household_mw;  ///< peak at the reference temperature
  std::vector<double> feeder_other_mw;      ///< likewise, shops and services
  std::vector<double> feeder_facility_mw;   ///< constant
  std::vector<float>
      feeder_rank;  ///< (ordinal + 0.5) / feeders of its bus: lost first when a transformer is lost
  std::array<double, 24> hour_profile{};       ///< share of peak by local hour
  std::array<double, 24> water_hour_factor{};  ///< of average demand, leaks included, by local hour
  int start_hour = 0;                          ///< local hour at time 0

  // couplings
  std::vector<std::uint32_t> generator_water_node;   ///< kNone: needs no water
  std::vector<std::uint32_t> heat_source_generator;  ///< chp: runs only with its generator
  std::vector<std::uint32_t> heat_source_facility;
  std::vector<std::uint64_t> heat_source_name_hash;
  std::vector<std::uint32_t> heat_source_water_node;
  std::vector<std::uint32_t> heat_node_facility;  ///< heating point
  std::vector<std::uint32_t> water_node_facility;
  std::vector<std::uint32_t> block_feeder;
  std::vector<std::uint8_t>
      facility_set_class;  ///< size class of the set its essential load and motor start need

  // who is touched by a change
  Csr units_of_feeder, units_of_block, units_of_water_node;

  /// Network gas is out in a zone from `from` until `to`; by (from, zone). Gas is not simulated:
  /// the scenario says when there is none.
  struct GasOutage {
    std::uint32_t zone = kNone;  ///< kNone: everywhere
    Seconds from = 0, to = 0;
  };
  std::vector<GasOutage> gas_outages;
  /// The national grid is down from `from` until `to`; see grid_failures.hpp.
  struct GridFailure {
    Seconds from = 0, to = 0;
  };
  std::vector<GridFailure> grid_failures;
  std::vector<std::uint32_t> heat_source_gas_zone;  ///< kNone: burns no network gas
  std::vector<std::uint32_t> block_gas_zone;        ///< of homes with gas boilers; else kNone

  // modular boilers in stock at the start, by kind
  std::vector<std::uint32_t> mobile_boiler_units;
  std::vector<double> mobile_boiler_mw;  ///< of one unit

  bool cascade = false;  ///< overload trips and under-frequency shedding follow damage (Relays)

  std::uint8_t services = 7;  ///< bit by Service: modelled; the others are not counted

  Seconds horizon = 0;
  Seconds step = kSecondsPerHour;
  std::uint64_t total_households = 0;

  std::vector<std::string> bus_name, feeder_name, facility_name, generator_name;  ///< cold

  bool has_service(std::size_t service) const { return ((services >> service) & 1U) != 0; }
  std::size_t hours() const {
    return static_cast<std::size_t>((horizon + kSecondsPerHour - 1) / kSecondsPerHour);
  }
  std::size_t days() const {
    return static_cast<std::size_t>((horizon + kSecondsPerDay - 1) / kSecondsPerDay);
  }
};

}  // namespace wintergrid
