#pragma once
// The calendar of a run: its start, "2025-12-15T00:00+02:00", and days of 24 hours from it.

#include <cstdint>
#include <string>
#include <string_view>

namespace wintergrid::report {

struct LocalHour {
  int year = 0, month = 0, day = 0, hour = 0;
};

/// Local time (fixed offset) so many hours after the start. Throws std::invalid_argument for a
/// start that the scenario's reader would not accept.
LocalHour local_hour(std::string_view start, std::int64_t hours);

/// The same in UTC as GeoPackage wants it: "2025-12-14T22:00:00.000Z".
std::string utc_text(std::string_view start, std::int64_t hours);

}  // namespace wintergrid::report
