// Typical values by voltage class, rounded. Reactances of overhead lines are close to 0.4 ohm/km
// for single conductors, 0.3 for bundles of two and 0.28 for bundles of four or more (Kundur, Power
// System Stability and Control, 1994, table 6.1); ratings are the thermal limits of the conductors
// usual at that voltage in the ex-Soviet standard series (AS 120, AS 240, AS 400, 2 x AS 400, 4 x
// AS 400) [unsourced recollection, to be checked]. Transformer reactance is the usual short-circuit
// voltage of 10.5 % at 110 kV and 11 % for autotransformers [same]. Ratings count apparent power as
// active power: the DC approximation.

#include "engine/scenario/line_types.hpp"

#include <array>

namespace wintergrid::scenario {
namespace {

struct Entry {
  double up_to_kv;
  LineType overhead_line;
  LineType cable;
  LineType transformer;
};

constexpr std::array<Entry, 6> kEntries = {{
    {20.0, {0.36, 6.0, 0.0}, {0.10, 8.0, 0.0}, {0.0, 10.0, 0.08}},
    {60.0, {0.41, 23.0, 0.0}, {0.12, 30.0, 0.0}, {0.0, 16.0, 0.08}},
    {170.0, {0.40, 115.0, 0.0}, {0.13, 140.0, 0.0}, {0.0, 40.0, 0.105}},
    {260.0, {0.42, 310.0, 0.0}, {0.14, 350.0, 0.0}, {0.0, 200.0, 0.11}},
    {400.0, {0.32, 940.0, 0.0}, {0.15, 700.0, 0.0}, {0.0, 200.0, 0.11}},
    {1200.0, {0.28, 4000.0, 0.0}, {0.18, 1500.0, 0.0}, {0.0, 1000.0, 0.11}},
}};

}  // namespace

std::optional<LineType> typical_line(std::string_view kind, double voltage_kv) {
  for (const Entry& entry : kEntries) {
    if (voltage_kv <= entry.up_to_kv) {
      if (kind == "overhead_line") {
        return entry.overhead_line;
      }
      if (kind == "cable") {
        return entry.cable;
      }
      if (kind == "transformer") {
        return entry.transformer;
      }
      return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace wintergrid::scenario
