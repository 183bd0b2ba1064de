#pragma once
// Who is without which service since when. Event-driven: only units touched by a change are looked
// at.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "grid_models/system/model.hpp"
#include "grid_models/system/outcome.hpp"

namespace wintergrid {

/// Part of State: a copyable value.
struct Ledger {
  std::vector<std::uint8_t> mask;  ///< by unit: bit s set if service s is off
  // what the masks were computed from, to find changes
  std::vector<std::uint8_t> feeder_on;
  std::vector<std::uint8_t> block_cold;  ///< heat below half of demand
  std::vector<std::uint8_t> block_burst;
  std::vector<std::uint8_t> water_dry;  ///< by water node

  std::array<std::vector<std::int32_t>, kServiceCount> off_since;  ///< by unit, -1: on
  std::array<std::vector<std::int32_t>, kServiceCount> longest;
  std::array<std::vector<std::int32_t>, kServiceCount> cumulative;
  std::vector<std::int32_t> two_since, two_longest, three_since, three_longest;
  std::vector<std::uint8_t> below;       ///< by block: number of cold thresholds undercut now
  std::vector<std::uint8_t> ever_below;  ///< by block: most thresholds undercut ever
  std::vector<std::int32_t> below_12_since, below_12_longest;

  std::array<std::int64_t, kServiceCount> households_off{};
  std::int64_t households_two = 0, households_three = 0;
  std::array<std::int64_t, kColdThresholdsC.size()> households_below{};
  std::array<std::vector<std::int64_t>, kServiceCount> zone_households_off;
  /// District-heated households without heat, by feeder.
  std::vector<std::int32_t> feeder_cold_households;

  std::array<std::int64_t, kSetClassCount> sets_needed{};  ///< facilities without grid supply now
  std::array<std::int64_t, kSetClassCount> day_set_seconds{};  ///< of day set_day
  std::size_t set_day = 0;
  std::array<std::vector<std::int64_t>, kServiceCount> zone_day_household_seconds;

  Outcome outcome;  ///< accumulates; finish() completes it
};

Ledger initial_ledger(const Model& model);

/// What services depend on, at one moment.
struct ServiceConditions {
  std::span<const std::uint8_t> feeder_on;
  std::span<const float> block_heat_share;
  std::span<const heat::BlockPhase> block_phase;
  std::span<const float> water_node_share;
  double water_minimum_share = 0.1;
};

/// Lists of what changed, and what was compared last; one per thread, sized once. Call forget()
/// before it is used with another state: the copies only tell which blocks cannot have changed.
struct LedgerScratch {
  std::vector<std::uint32_t> feeders, blocks, water_nodes;
  std::vector<float> block_heat_share;
  std::vector<heat::BlockPhase> block_phase;
  bool copies_valid = false;

  void prepare(const Model& model);
  void forget() { copies_valid = false; }
};

/// Finds what changed since the last call and updates masks, durations and counts at time `now`.
void note_changes(const Model& model, Seconds now, const ServiceConditions& conditions,
                  LedgerScratch& scratch, Ledger& ledger);

/// Counts facilities without grid supply, by the class of set they would need.
void note_facilities(const Model& model, std::span<const std::uint8_t> feeder_on, Ledger& ledger);

/// Indoor temperatures at `now`.
void note_temperatures(const Model& model, Seconds now, std::span<const float> indoor_c,
                       Ledger& ledger);

/// Adds up [now, now + duration) with the present counts.
void accumulate(const Model& model, Seconds now, Seconds duration, Ledger& ledger);

/// Closes open outages at `now` (the horizon) and completes the outcome.
void finish(const Model& model, Seconds now, const Ledger& ledger, Outcome& outcome);

}  // namespace wintergrid
