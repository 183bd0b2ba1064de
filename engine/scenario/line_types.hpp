#pragma once
// Typical series reactance and rating of lines, cables and transformers where a table gives none.

#include <optional>
#include <string_view>

namespace wintergrid::scenario {

struct LineType {
  double reactance_ohm_per_km = 0.0;  ///< lines and cables
  double rating_mw = 0.0;             ///< of one circuit or unit
  double reactance_pu_on_rating =
      0.0;  ///< transformers: short-circuit reactance on the unit's own rating
};

/// kind: overhead_line, cable, transformer; voltage_kv: of the line, or of the transformer's upper
/// side.
std::optional<LineType> typical_line(std::string_view kind, double voltage_kv);

}  // namespace wintergrid::scenario
