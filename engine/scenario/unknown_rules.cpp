// What may be unknown, and in what words it is said.

#include <algorithm>

#include <fmt/format.h>

#include "engine/scenario/messages.hpp"
#include "engine/scenario/unknown.hpp"

namespace wintergrid::scenario {
namespace {

const std::vector<UnknownRule>& unknown_rules() {
  // Not here: names, what hangs on what, counts of homes (results are counted in them), what a
  // thing is (kind, voltage of a bus), and what decides whether anything is connected at all.
  static const std::vector<UnknownRule> all{
      {"buses", {"protection"}, {"voltage_kv"}, {}, ""},
      {"branches",
       {"length_km", "circuits", "reactance_pu", "rating_mw", "tap", "shift_deg"},
       {"kind", "voltage_kv"},
       {},
       ""},
      {"generators",
       {"capacity_mw", "black_start", "restart_hours", "protection"},
       {"kind"},
       {},
       ""},
      {"feeders", {"queue", "other_kw"}, {}, {}, ""},
      {"households",
       {"building_class", "rise", "heating"},
       {"building_class", "rise", "heating"},
       {},
       "households"},
      {"facilities",
       {"load_kw", "motor_kw", "soft_start", "generator_kw", "fuel_hours", "phase_in_minutes"},
       {"kind"},
       {"generator_kw"},
       ""},
      {"heat_pipes", {"capacity_mw", "length_km", "diameter_mm"}, {}, {}, ""},
      {"heat_sources", {"capacity_mw", "gas", "protection"}, {"kind"}, {}, ""},
      {"water_nodes",
       {"capacity_m3_per_h", "volume_m3", "elevation_m", "head_m", "protection"},
       {"kind"},
       {},
       ""},
      {"water_links", {"capacity_m3_per_h", "length_km", "diameter_mm"}, {}, {}, ""},
  };
  return all;
}

}  // namespace

const UnknownRule& unknown_rule(std::string_view table) {
  static const UnknownRule nothing;
  for (const UnknownRule& rule : unknown_rules()) {
    if (rule.table == table) {
      return rule;
    }
  }
  return nothing;
}

bool may_be_unknown(std::string_view table, std::string_view column) {
  const std::vector<std::string>& columns = unknown_rule(table).columns;
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

ScalarError why_not_unknown(const FieldInfo& field) {
  ScalarError error{
      ErrorCode::unknown_cell, fmt::format("'{}' must not be unknown", field.key), {}};
  if (field.kind == FieldKind::key) {
    error.problem += ": rows are told apart by it";
    error.hint = "give the row any name of its own";
  } else if (field.kind == FieldKind::reference) {
    error.problem += ": what hangs on what is not drawn";
    error.hint = field.required ? "name the most likely one"
                                : "name the most likely one, or leave the cell empty for none";
  } else if (field.key == "households" || field.key == "buildings") {
    error.problem += ": results are counted in it";
    error.hint = "write your best estimate";
  } else {
    error.problem += ": values of this column are not drawn";
    error.hint = field.required ? "write the most likely value"
                                : "write the most likely value, or leave the cell empty";
  }
  return error;
}

std::string to_text(const UnknownColumn& column) {
  std::vector<std::string> from;
  const auto add = [&](std::size_t count, const std::string& what) {
    if (count > 0) {
      from.push_back(count == column.unknown ? what : fmt::format("{} ({})", what, count));
    }
  };
  add(column.from_class, fmt::format("drawn from rows alike in {}", join(column.alike)));
  add(column.from_table, "drawn from all rows");
  add(column.from_default, "nobody knows it, so the default is taken");
  return fmt::format("{}.{}: {} of {} cells ({:.3g} %) are unknown; {}", column.table,
                     column.column, column.unknown, column.rows,
                     100.0 * static_cast<double>(column.unknown) / static_cast<double>(column.rows),
                     join(from));
}

}  // namespace wintergrid::scenario
