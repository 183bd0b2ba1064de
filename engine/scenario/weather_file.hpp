#pragma once
// The user's own hourly outdoor temperatures: EPW, or CSV.

#include <cstddef>
#include <vector>

#include "engine/io/source_text.hpp"
#include "engine/scenario/start_time.hpp"
#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::scenario {

/// Temperatures in C of `hours` hours from `start`, local time.
///
/// EPW (EnergyPlus weather, begins with LOCATION): dry-bulb temperature of the hour that begins at
/// the field hour - 1; the year in the file does not matter, and it may end in the middle of a
/// winter that goes on at its begin; 29 February is taken from the 28th if it is not there. CSV: a
/// column `outdoor_c`, and `time` (2026-01-09T00:00 or 2026-01-09 00:00, local, on the hour) or no
/// `time`: then the first row is the hour of the start. Other columns are left alone. Every hour
/// has to be there; all problems are reported, gaps once.
std::vector<float> read_weather(const io::SourceText& source, const StartTime& start,
                                std::size_t hours, Diagnostics& diagnostics);

}  // namespace wintergrid::scenario
