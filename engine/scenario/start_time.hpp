#pragma once
// The moment at which a scenario begins.

#include <optional>
#include <string>
#include <string_view>

#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::scenario {

struct StartTime {
  int year = 0, month = 0, day = 0, hour = 0;
};

/// Why a text is no moment: "there is no such date".
struct NoStart {
  ErrorCode code = ErrorCode::type;
  std::string words;
};

/// Of "2026-01-09T00:00+02:00": a real date from 2000 to 2100, minutes (and seconds, if any) zero,
/// an offset or Z. Nothing and the reason in `why` otherwise.
std::optional<StartTime> parse_start(std::string_view text, NoStart& why);

}  // namespace wintergrid::scenario
