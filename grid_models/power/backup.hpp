#pragma once
// Backup generators at facilities: start failure, phase-in delay, fuel and delivery.

#include <cstdint>
#include <span>
#include <vector>

#include "grid_models/core/luck.hpp"
#include "grid_models/core/time.hpp"

namespace wintergrid::power {

enum class FacilityKind : std::uint8_t {
  hospital = 0, school, pump_station, water_works, sewage_lift, boiler_house, heating_point, shelter_point, telecom, chp_auxiliary, other
};
inline constexpr std::size_t kFacilityKindCount = 11;

/// Structure of arrays by FacilityId.
struct BackupModel {
  std::vector<std::uint32_t> feeder;        ///< grid supply
  std::vector<FacilityKind> kind;
  std::vector<double> load_kw;              ///< essential load
  std::vector<double> generator_kw;         ///< installed prime power; 0: none
  std::vector<double> fuel_hours;           ///< tank, in hours at essential load
  std::vector<Seconds> phase_in_seconds;    ///< from loss of supply to taking load
  std::vector<std::uint64_t> name_hash;
  std::size_t count() const { return feeder.size(); }
};

struct BackupParameters {
  double start_probability = 0.95;          ///< domain #46
  double daily_availability = 0.90;         ///< chance that a set that started still runs, per day
  double delivery_hours = 24.0;             ///< between fuel deliveries once fuel runs low
  double delivery_share = 1.0;              ///< share of the tank refilled by a delivery
};

enum class BackupPhase : std::uint8_t { standby = 0, starting, running, failed, out_of_fuel };

struct BackupState {
  std::vector<BackupPhase> phase;
  std::vector<Seconds> changed_at;          ///< when the phase began
  std::vector<double> fuel_hours_left;
  std::vector<Seconds> next_delivery;       ///< kNever if none is due
  std::vector<std::uint32_t> starts;        ///< k of the start draw
  std::vector<std::uint8_t> powered;        ///< supply by grid or own set now
};

BackupState initial_backup_state(const BackupModel& model);

/// Updates phase and powered at `now` from feeder_on (per feeder). Idempotent at one moment: a second call with the same or
/// fewer feeders on only removes supply or starts sets that lost theirs.
void settle_backup(const BackupModel& model, const BackupParameters& parameters, Seconds now,
                   std::span<const std::uint8_t> feeder_on, const Luck& luck, BackupState& state);

/// Burns fuel over [now, now + duration), delivers, and returns litres burnt (fuel = a*rated_kw + 0.25*load_kw L/h, a = 0.05
/// up to 60 kW, 0.035 up to 250 kW, 0.02 above; domain section 4). Sets run dry at next_fuel_event at the earliest.
double run_backup(const BackupModel& model, const BackupParameters& parameters, Seconds now,
                  Seconds duration, BackupState& state);

/// The next moment at which a set starts to take load, runs dry or gets fuel; kNever if none. advance() stops there.
Seconds next_backup_event(const BackupModel& model, const BackupParameters& parameters, const BackupState& state);

}  // namespace wintergrid::power
