#pragma once
// Typical series reactance and rating of lines, cables and transformers where a table gives none.

#include <optional>
#include <span>
#include <string_view>

namespace wintergrid::scenario {

struct LineType {
  double reactance_ohm_per_km = 0.0;    ///< lines and cables
  double rating_mw = 0.0;               ///< of one circuit or unit
  double reactance_on_rating_pu = 0.0;  ///< transformers: short-circuit reactance
};

/// One voltage class; from data/parameters/branch_types.yaml.
struct VoltageClass {
  double voltage_kv = 0.0;
  LineType overhead_line, cable, transformer;
};

/// kind: overhead_line, cable, transformer; voltage_kv: of the line, or of the transformer's upper
/// side. The class nearest in ratio counts; none if the voltage is above the highest class by more
/// than 1.5, or below the lowest by more than 100.
std::optional<LineType> typical_line(std::span<const VoltageClass> classes, std::string_view kind,
                                     double voltage_kv);

}  // namespace wintergrid::scenario
