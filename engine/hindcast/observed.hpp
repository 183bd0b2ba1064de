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
  onset,      ///< the strikes were described such that it comes out: not scored
  in_sample,  ///< default parameters were derived from it
  unseen,     ///< nothing was
};

struct Observation {
  std::size_t hour = 0;     ///< since the scenario's start
  std::size_t service = 0;  ///< power, heat, water
  double share = 0.0;       ///< of all households
  /// If given, both sides are taken as shares of those without at that observation (an index).
  std::optional<std::size_t> of;
  Use use = Use::unseen;
  std::string time, source;
};

/// CSV with columns time (local, on the hour: 2026-01-09T08:00), service, without_share (0 to 1),
/// of (optional: the time of an earlier row of the same service), use (onset, in_sample, unseen)
/// and source; others are left alone. Rows in order of time within a service. Reports what is
/// wrong.
std::vector<Observation> read_observed(const io::SourceText& source,
                                       const scenario::StartTime& start, std::size_t hours,
                                       Diagnostics& diagnostics);

const char* to_text(Use use);

}  // namespace wintergrid::hindcast
