#pragma once
// Simulated time: whole seconds since the scenario's start. Integers, so that sums and orderings
// are exact.

#include <cstdint>

namespace wintergrid {

using Seconds = std::int64_t;

inline constexpr Seconds kSecondsPerMinute = 60;
inline constexpr Seconds kSecondsPerHour = 3600;
inline constexpr Seconds kSecondsPerDay = 86400;
/// "Never": later than any horizon, and far enough from overflow that durations may be added to it.
inline constexpr Seconds kNever = INT64_MAX / 4;

/// Hours to whole seconds, rounded half away from zero; durations become integers here and stay so.
constexpr Seconds seconds_from_hours(double hours) {
  const double seconds = hours * static_cast<double>(kSecondsPerHour);
  return static_cast<Seconds>(seconds >= 0.0 ? seconds + 0.5 : seconds - 0.5);
}
constexpr double hours_from_seconds(Seconds seconds) {
  return static_cast<double>(seconds) / static_cast<double>(kSecondsPerHour);
}

}  // namespace wintergrid
