#pragma once
// Chance inside the simulation. grid_models holds no random state: where a draw belongs inside (a
// generator fails to start, a riser bursts) it asks a stateless Luck by address. The same address
// always gives the same number.

#include <cstdint>

namespace wintergrid {

/// What a draw is for. Numbers are part of the address: never reuse or renumber.
enum class Purpose : std::uint16_t {
  backup_start = 1,
  backup_running = 2,
  riser_burst = 3,
  drain_order = 4,
  refill_needs_crew = 5,
  policy_tie = 6,
  drain_missed = 7,
  switching = 8,
  mobile_boilers = 9,
  heat_tie = 10,
  backup_common_cause = 11,
  // engine only, 100 and up
  parameter = 100,
  weather_season = 101,
  weather_day = 102,
  wave_gap = 110,
  wave_regions = 111,
  wave_size = 112,
  night_drones = 113,
  interception = 114,
  location_count = 115,
  location_class = 116,
  asset_race = 117,
  damage_state = 118,
  repair_duration = 119,
  restrike = 120,
  double_tap = 121,
  pause = 122,
  unknown_cell = 130,
  test = 999,
};

struct LuckAddress {
  std::uint64_t entity = 0;  ///< name_hash of the entity, or of a stated constant name
  Purpose purpose = Purpose::test;
  std::uint32_t k = 0;  ///< which draw of that entity and purpose
};

class Luck {
 public:
  Luck() = default;
  Luck(const Luck&) = default;
  Luck& operator=(const Luck&) = default;
  virtual ~Luck() = default;
  /// A number in the open interval (0, 1), fixed by the address (and by what the implementation is
  /// bound to: seed and replication).
  virtual double uniform(LuckAddress address) const = 0;
};

}  // namespace wintergrid
