#pragma once
// What was recorded of a past event: how many were without a service, when.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/io/source_text.hpp"
#include "engine/scenario/start_time.hpp"
#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::hindcast {

/// What a recorded number was used for before it is compared with anything.
enum class Use {
  onset,       ///< the strikes were described such that it comes out: not scored
  in_sample,   ///< default parameters were derived from it
  unseen,      ///< nothing was
  not_scored,  ///< shown beside the simulation, but not the same thing, or given as an input
};

struct Observation {
  std::size_t hour = 0;     ///< since the scenario's start
  std::size_t service = 0;  ///< power, heat, water
  double share = 0.0;       ///< of all households
  /// If given, both sides are divided by the number without at that observation (an index).
  std::optional<std::size_t> of;
  Use use = Use::unseen;
  std::string time, source;
  std::size_t line = 0;
};

/// CSV with columns time (local, on the hour: 2026-01-09T08:00), service, without_share (0 to 1),
/// of (optional: the time of a row above, earlier and of the same service), use (onset, in_sample,
/// unseen, not_scored) and source; others are left alone. One row for a service and hour. Reports
/// what is wrong.
std::vector<Observation> read_observed(const io::SourceText& source,
                                       const scenario::StartTime& start, std::size_t hours,
                                       Diagnostics& diagnostics);

const char* to_text(Use use);

}  // namespace wintergrid::hindcast
