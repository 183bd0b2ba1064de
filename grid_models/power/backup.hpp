#pragma once
// Backup generators at facilities: start failure, phase-in delay, fuel and delivery.

#include <cstdint>
#include <span>
#include <vector>

#include "grid_models/core/luck.hpp"
#include "grid_models/core/time.hpp"

namespace wintergrid::power {

enum class FacilityKind : std::uint8_t {
  hospital = 0,
  school,
  pump_station,
  water_works,
  sewage_lift,
  boiler_house,
  heating_point,
  shelter_point,
  telecom,
  chp_auxiliary,
  other
};
inline constexpr std::size_t kFacilityKindCount = 11;

/// Structure of arrays by FacilityId.
struct BackupModel {
  std::vector<std::uint32_t> feeder;  ///< grid supply
  std::vector<FacilityKind> kind;
  std::vector<double> load_kw;  ///< essential load
  std::vector<double>
      generator_kw;  ///< installed prime power; 0: none; takes load only if it covers load_kw
  std::vector<double> fuel_hours;         ///< tank, in hours at essential load
  std::vector<Seconds> phase_in_seconds;  ///< from loss of supply to taking load
  std::vector<std::uint64_t> name_hash;
  std::vector<std::uint64_t> group_hash;  ///< sets with the same one share causes of not starting
  std::size_t count() const { return feeder.size(); }
};

struct BackupParameters {
  double start_probability = 0.95;  ///< not below cold_threshold_c; whatever the cause
  double daily_availability =
      0.90;                      ///< chance that a set that started still runs, per day of running
  double delivery_hours = 24.0;  ///< between fuel deliveries once fuel runs low (half a tank)
  double delivery_share = 1.0;   ///< share of the tank refilled by a delivery; 0: no deliveries
  double retry_hours = 24.0;     ///< a failed set is tried again after this (assumption)
  double common_cause_share = 0.1;    ///< of failures to start; 0: every set for itself
  double cold_threshold_c = -10.0;    ///< outdoors, at the moment of the start
  double cold_factor_per_10_k = 2.0;  ///< on the chance of failing, below it; 1: none
};

enum class BackupPhase : std::uint8_t { standby = 0, starting, running, failed, out_of_fuel };

struct BackupState {
  std::vector<BackupPhase> phase;
  std::vector<Seconds> changed_at;  ///< when the phase began
  std::vector<double> fuel_hours_left;
  std::vector<Seconds> next_delivery;  ///< kNever if none is due
  std::vector<std::uint32_t> starts;   ///< k of the start draw
  std::vector<std::uint8_t> powered;   ///< supply by grid or own set now
  /// Facilities that may change while the feeders stay as they are: a set that is not in standby,
  /// or a delivery under way. All others are passed over until a feeder is switched.
  std::vector<std::uint32_t> busy;
  std::vector<std::uint8_t> settled_feeder_on;  ///< of the last settle_backup(); empty: none yet
  Seconds settled_at = -kNever;  ///< last settle_backup(); breakdowns are looked for since then
  Seconds fuel_at = 0;           ///< the moment fuel_hours_left holds for
};

BackupState initial_backup_state(const BackupModel& model);

/// Chance that one start fails at an outdoor temperature, of all causes: at most 1.
double start_failure_probability(const BackupParameters& parameters, double outdoor_c);

/// Updates phase and powered at `now` from feeder_on (per feeder). Idempotent at one moment: a
/// second call with the same or fewer feeders on only removes supply or starts sets that lost
/// theirs.
///
/// Grid back: standby at once. Grid lost: a set that covers the essential load tries to start; it
/// takes load phase_in_seconds later, or has failed and is tried again after retry_hours. Two draws
/// decide: {group_hash, backup_common_cause, day}, which all starts of a group on a day share, and
/// {name_hash, backup_start, starts}, the set's own; equations in backup.cpp. A set too small for
/// the essential load stays in standby and its facility without power (no part load: limit). A
/// running set breaks down by day: draw u of {name_hash, backup_running, day}; on a day with u >=
/// daily_availability the breakdown is at the moment (u - availability) / (1 - availability) of
/// that day, if the set is running then; it is noticed at the next call. A set that has run dry is
/// started anew, with a new draw, once there is fuel.
void settle_backup(const BackupModel& model, const BackupParameters& parameters, Seconds now,
                   double outdoor_c, std::span<const std::uint8_t> feeder_on, const Luck& luck,
                   BackupState& state);

/// Burns fuel over [now, now + duration), delivers, and returns litres burnt. Sets run dry at
/// next_backup_event() at the earliest. When a set starts with half a tank or less, or fuel falls
/// to half, a delivery is due delivery_hours later; a delivery due at now + duration has arrived
/// when this returns.
double run_backup(const BackupModel& model, const BackupParameters& parameters, Seconds now,
                  Seconds duration, BackupState& state);

/// The next moment at which a set takes load, is tried again, runs dry or, running or dry, gets
/// fuel; kNever if none. advance() stops there. Deliveries to sets in standby are none: they change
/// nobody's supply and need no stop.
Seconds next_backup_event(const BackupModel& model, const BackupParameters& parameters,
                          const BackupState& state);

/// Consumption of a diesel set: a * rated_kw + 0.25 * load_kw litres per hour, a = 0.05 up to 60
/// kW, 0.035 up to 250 kW, 0.02 above. Fitted to the usual chart of diesel consumption by size and
/// load (20 to 2000 kW, 25 to 100 %; published by e.g. hardydiesel.com and bigrentz.com): within 10
/// % of each of its entries.
double fuel_litres_per_hour(double rated_kw, double load_kw);

}  // namespace wintergrid::power
