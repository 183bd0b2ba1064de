#include "engine/scenario/line_types.hpp"

#include <algorithm>
#include <cmath>

namespace wintergrid::scenario {

std::optional<LineType> typical_line(std::span<const VoltageClass> classes, std::string_view kind,
                                     double voltage_kv) {
  constexpr double kFarthestAbove = 1.5;
  constexpr double kFarthestBelow = 100.0;
  if (classes.empty() || !(voltage_kv <= classes.back().voltage_kv * kFarthestAbove) ||
      !(voltage_kv >= classes.front().voltage_kv / kFarthestBelow)) {
    return std::nullopt;
  }
  const auto distance = [voltage_kv](const VoltageClass& one) {
    return std::abs(std::log(one.voltage_kv / voltage_kv));
  };
  const VoltageClass& nearest =
      *std::min_element(classes.begin(), classes.end(),
                        [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
  if (kind == "overhead_line") {
    return nearest.overhead_line;
  }
  if (kind == "cable") {
    return nearest.cable;
  }
  if (kind == "transformer") {
    return nearest.transformer;
  }
  return std::nullopt;
}

}  // namespace wintergrid::scenario
