#pragma once
// What one winter came to: integers wherever households, seconds and watt-hours are counted
// (promise 2).

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "grid_models/system/model.hpp"

namespace wintergrid {

enum class Service : std::uint8_t { power = 0, heat, water };
inline constexpr std::size_t kServiceCount = 3;
inline constexpr std::array<std::string_view, kServiceCount> kServiceNames = {"power", "heat",
                                                                              "water"};

/// Continuous-outage thresholds, hours.
inline constexpr std::array<int, 4> kOutageThresholdHours = {6, 24, 72, 168};
/// Of these, what is kept by zone: 24, 72 and 168 h.
inline constexpr std::size_t kZoneThresholdCount = 3;
inline constexpr std::size_t kFirstZoneThreshold =
    kOutageThresholdHours.size() - kZoneThresholdCount;
/// Indoor-temperature thresholds, degrees C (WHO 18; 16; 12; 5).
inline constexpr std::array<float, 4> kColdThresholdsC = {18.0F, 16.0F, 12.0F, 5.0F};

struct ServiceOutcome {
  std::int64_t household_seconds_lost = 0;
  std::int64_t peak_households = 0;
  std::array<std::int64_t, kOutageThresholdHours.size()>
      households_over{};             ///< longest continuous outage >= threshold
  std::int64_t households_ever = 0;  ///< interrupted at least once
  std::int64_t household_interruptions = 0;
  Seconds longest_outage_seconds = 0;      ///< longest continuous, of any household
  Seconds longest_cumulative_seconds = 0;  ///< largest total of any household
};

struct Outcome {
  std::array<ServiceOutcome, kServiceCount> service;
  std::int64_t two_services_household_seconds = 0;  ///< without two or more at once
  std::int64_t three_services_household_seconds = 0;
  std::int64_t two_services_over_24h = 0;  ///< households
  std::int64_t three_services_over_24h = 0;
  std::array<std::int64_t, kColdThresholdsC.size()> households_ever_below{};
  std::array<std::int64_t, kColdThresholdsC.size()> household_seconds_below{};
  std::int64_t households_below_12c_over_24h = 0;
  std::int64_t buildings_drained = 0;
  std::int64_t buildings_burst = 0;
  std::int64_t unserved_watt_hours = 0;
  std::int64_t components_hit = 0;
  std::int64_t jobs_done = 0;
  std::int64_t crew_seconds = 0;
  std::int64_t fuel_millilitres = 0;
  /// Shedding fell back to its bound, or a cascade's flows could not be solved.
  std::int64_t solver_bounded_moments = 0;
  std::array<std::int64_t, kSetClassCount>
      sets_needed_peak{};  ///< facilities without grid supply at once, by set class
  std::array<std::int64_t, kSetClassCount> set_seconds{};           ///< summed over facilities
  std::array<std::int64_t, kSetClassCount> set_seconds_peak_day{};  ///< of the day with most

  // series; sized by the model
  std::array<std::vector<std::uint32_t>, kServiceCount>
      households_off_by_hour;  ///< at the start of each hour
  std::array<std::vector<std::int64_t>, kServiceCount> zone_household_seconds;  ///< by zone
  /// Households by zone and threshold: [zone * kZoneThresholdCount + k].
  std::array<std::vector<std::int64_t>, kServiceCount> zone_over;
  std::array<std::vector<std::uint32_t>, kServiceCount>
      zone_day_household_hours;  ///< [zone * days + day]
};

/// Sizes the series; afterwards nothing allocates.
void prepare(Outcome& outcome, const Model& model);

}  // namespace wintergrid
