#include "engine/scenario/rules.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/scenario/messages.hpp"
#include "grid_models/core/time.hpp"

namespace wintergrid::scenario {
namespace {

template <class Row>
void check_two_ends(const Row& row, const std::string& from, const std::string& to,
                    const char* to_key, Diagnostics& diagnostics) {
  if (from == to) {
    diagnostics.error(ErrorCode::network, place_of(row, to_key),
                      fmt::format("both ends are '{}'", to), "it must join two different ones");
  }
}

}  // namespace

void check_row(const BranchRow& row, Diagnostics& diagnostics) {
  check_two_ends(row, row.from_bus, row.to_bus, "to_bus", diagnostics);
  const bool derived = std::isnan(row.reactance_pu) || std::isnan(row.rating_mw);
  if (derived && std::isnan(row.voltage_kv)) {
    diagnostics.error(ErrorCode::missing, row.place,
                      fmt::format("branch '{}' has no voltage_kv", row.branch),
                      "give voltage_kv, or both reactance_pu and rating_mw");
  }
  if (derived && std::isnan(row.length_km) && row.kind != "transformer") {
    diagnostics.error(ErrorCode::missing, row.place,
                      fmt::format("branch '{}' has no length_km", row.branch),
                      "give length_km, or both reactance_pu and rating_mw");
  }
  if (row.reactance_pu == 0.0) {
    diagnostics.error(ErrorCode::network, place_of(row, "reactance_pu"),
                      "'reactance_pu' is 0 (flow would be undetermined)",
                      "join the two buses into one, or leave the cell empty to derive it");
  }
}

void check_row(const HouseholdRow& row, Diagnostics& diagnostics) {
  if (row.heating == "district" && row.heat_node.empty()) {
    diagnostics.error(ErrorCode::missing, row.place, "heating is 'district' but heat_node is empty",
                      "name the heat node that supplies them");
  }
  if (row.heating != "district" && !row.heat_node.empty()) {
    diagnostics.error(
        ErrorCode::contradiction, place_of(row, "heat_node"),
        fmt::format("'heat_node' is '{}' but heating is '{}'", row.heat_node, row.heating),
        "leave heat_node empty, or write district");
  }
  if (row.households > 0 && row.buildings == 0) {
    diagnostics.error(ErrorCode::range, place_of(row, "buildings"),
                      fmt::format("{} households in 0 buildings", row.households),
                      "give the number of buildings");
  }
}

void check_row(const FacilityRow& row, Diagnostics& diagnostics) {
  if (row.motor_kw > row.load_kw) {
    diagnostics.error(ErrorCode::range, place_of(row, "motor_kw"),
                      fmt::format("'motor_kw' of facility '{}' is {} (must not exceed load_kw {})",
                                  row.facility, row.motor_kw, row.load_kw),
                      "motor_kw is the largest single motor, part of load_kw");
  }
  if (row.generator_kw == 0 && (row.fuel_hours > 0 || row.phase_in_minutes > 0)) {
    diagnostics.error(ErrorCode::contradiction,
                      place_of(row, row.fuel_hours > 0 ? "fuel_hours" : "phase_in_minutes"),
                      fmt::format("'{}' is given but there is no generator (generator_kw is 0)",
                                  row.fuel_hours > 0 ? "fuel_hours" : "phase_in_minutes"),
                      "give generator_kw, or leave the cell empty");
  }
}

void check_row(const HeatPipeRow& row, Diagnostics& diagnostics) {
  check_two_ends(row, row.from_node, row.to_node, "to_node", diagnostics);
}

void check_row(const HeatSourceRow& row, Diagnostics& diagnostics) {
  if (!row.generator.empty() && row.kind != "chp") {
    diagnostics.error(ErrorCode::contradiction, place_of(row, "generator"),
                      fmt::format("'generator' is '{}' but kind is '{}'", row.generator, row.kind),
                      "only a chp shares a site with a generator");
  }
}

void check_row(const WaterNodeRow& row, Diagnostics& diagnostics) {
  if (row.kind == "works" && std::isnan(row.capacity_m3_per_h)) {
    diagnostics.error(ErrorCode::missing, row.place,
                      fmt::format("works '{}' has no capacity_m3_per_h", row.water_node),
                      "give the largest flow of the works");
  }
  if (row.kind == "tank" && row.volume_m3 == 0) {
    diagnostics.error(ErrorCode::missing, row.place,
                      fmt::format("tank '{}' has no volume_m3", row.water_node),
                      "give its useful volume");
  }
}

void check_row(const WaterLinkRow& row, Diagnostics& diagnostics) {
  check_two_ends(row, row.from_node, row.to_node, "to_node", diagnostics);
}

void check_row(const PauseItem& item, Diagnostics& diagnostics) {
  if (item.to_hours <= item.from_hours) {
    diagnostics.error(
        ErrorCode::contradiction, place_of(item, "to_hours"),
        fmt::format("'to_hours' is {} but 'from_hours' is {}", item.to_hours, item.from_hours),
        "a pause ends after it begins");
  }
}

void check_row(const GasOutageItem& item, Diagnostics& diagnostics) {
  if (item.to_hours <= item.from_hours) {
    diagnostics.error(
        ErrorCode::contradiction, place_of(item, "to_hours"),
        fmt::format("'to_hours' is {} but 'from_hours' is {}", item.to_hours, item.from_hours),
        "an outage ends after it begins");
  }
}

void check_row(const GridFailureItem& item, Diagnostics& diagnostics) {
  if (seconds_from_hours(item.to_hours) <= seconds_from_hours(item.from_hours)) {
    diagnostics.error(
        ErrorCode::contradiction, place_of(item, "to_hours"),
        fmt::format("'to_hours' is {} but 'from_hours' is {}", item.to_hours, item.from_hours),
        "the grid is back after it failed");
  }
}

void check_row(const CrewItem& item, Diagnostics& diagnostics) {
  if (item.crews_per_job_maximum < item.crews_per_job_minimum) {
    diagnostics.error(ErrorCode::contradiction, place_of(item, "crews_per_job_maximum"),
                      fmt::format("'crews_per_job_maximum' is {} but 'crews_per_job_minimum' is {}",
                                  item.crews_per_job_maximum, item.crews_per_job_minimum),
                      "give a maximum that is not below the minimum");
  }
  if (item.type == "plumbing" && item.shift_hours != 24.0) {
    diagnostics.error(ErrorCode::contradiction, place_of(item, "shift_hours"),
                      "'shift_hours' is given for plumbing, whose rate is one per day",
                      "change heat.crew_buildings_per_day under set, or remove shift_hours");
  }
  if (item.type == "plumbing" &&
      (item.crews_per_job_minimum != 1 || item.crews_per_job_maximum != 1)) {
    diagnostics.error(ErrorCode::contradiction,
                      place_of(item, item.crews_per_job_maximum != 1 ? "crews_per_job_maximum"
                                                                     : "crews_per_job_minimum"),
                      "plumbing crews share no jobs, each repairs buildings of its own",
                      "change heat.crew_buildings_per_day under set, or remove the crews per job");
  }
}

namespace {

std::vector<std::string> required_tables() {
  std::vector<std::string> names;
  for (const TableInfo& table : tables()) {
    if (table.required) {
      names.push_back(table.key);
    }
  }
  return names;
}

}  // namespace

void check_required(const Scenario& scenario, Diagnostics& diagnostics) {
  for (const Field<Scenario>& field : fields<Scenario>()) {
    if (field.required && !scenario.places.contains(field.key)) {
      diagnostics.error(ErrorCode::missing, {scenario.file, 1, 1},
                        fmt::format("key '{}' is missing", field.key),
                        fmt::format("write '{}: 1'", field.key));
    }
  }
  if (!scenario.places.contains("tables")) {
    diagnostics.error(ErrorCode::missing, {scenario.file, 1, 1}, "section 'tables' is missing",
                      fmt::format("name the CSV files: {}", join(required_tables())));
    return;
  }
  for (const TableInfo& table : tables()) {
    if (table.required && !scenario.places.contains("tables." + table.key)) {
      diagnostics.error(ErrorCode::missing, place_of(scenario, "tables"),
                        fmt::format("table '{}' is missing", table.key),
                        fmt::format("write '{}: {}.csv' in section 'tables'", table.key, table.key),
                        "tables");
    }
  }
}

void check_scenario(const Scenario& scenario, Diagnostics& diagnostics) {
  constexpr int kMinutesPerHour = 60;
  if (scenario.step_minutes > 0 && kMinutesPerHour % scenario.step_minutes != 0) {
    diagnostics.error(ErrorCode::range, place_of(scenario, "step_minutes"),
                      fmt::format("'step_minutes' is {} (must divide 60)", scenario.step_minutes),
                      "write 5, 10, 15, 20, 30 or 60");
  }
  if (scenario.step_minutes > 0 &&
      scenario.horizon_days * 24.0 * kMinutesPerHour < scenario.step_minutes) {
    diagnostics.error(
        ErrorCode::range, place_of(scenario, "horizon_days"),
        fmt::format("'horizon_days' is {} (must be at least one step)", scenario.horizon_days),
        "give at least one hour: 0.0417");
  }
  if (!scenario.weather_file.empty() && scenario.places.contains("weather.preset")) {
    diagnostics.error(ErrorCode::contradiction, place_of(scenario, "weather.file"),
                      "both a weather file and a preset are given", "keep one of them",
                      "weather.file");
  }
  if (scenario.weather == "constant" && std::isnan(scenario.constant_c)) {
    diagnostics.error(ErrorCode::missing, place_of(scenario, "weather.preset"),
                      "weather is 'constant' but constant_c is missing",
                      "give constant_c, the outdoor temperature in C", "weather");
  }
  if (scenario.weather != "constant" && scenario.places.contains("weather.constant_c")) {
    diagnostics.error(ErrorCode::contradiction, place_of(scenario, "weather.constant_c"),
                      fmt::format("'constant_c' is given but weather is '{}'", scenario.weather),
                      "write preset: constant, or remove constant_c", "weather.constant_c");
  }
  if (scenario.places.contains("power.import_limit") &&
      scenario.places.contains("power.import_limit_schedule")) {
    diagnostics.error(ErrorCode::contradiction, place_of(scenario, "power.import_limit_schedule"),
                      "both import_limit and import_limit_schedule are given", "keep one of them",
                      "power.import_limit_schedule");
  }
  for (std::size_t i = 1; i < scenario.import_limit.size(); ++i) {
    if (scenario.import_limit[i].from_hours <= scenario.import_limit[i - 1].from_hours) {
      diagnostics.error(
          ErrorCode::range, place_of(scenario.import_limit[i], "from_hours"),
          fmt::format("'from_hours' is {} after {} (must increase)",
                      scenario.import_limit[i].from_hours, scenario.import_limit[i - 1].from_hours),
          "order the schedule by time",
          fmt::format("power.import_limit_schedule[{}].from_hours", i));
    }
  }
  if (scenario.policy == "priority_list" && scenario.priority_list.empty()) {
    diagnostics.error(ErrorCode::missing, place_of(scenario, "recovery.policy"),
                      "policy is 'priority_list' but priority_list is missing",
                      "list the components in order of repair", "recovery");
  }
  if (scenario.policy != "priority_list" && !scenario.priority_list.empty()) {
    diagnostics.error(ErrorCode::contradiction, place_of(scenario, "recovery.priority_list"),
                      fmt::format("'priority_list' is given but policy is '{}'", scenario.policy),
                      "write policy: priority_list, or remove the list", "recovery.priority_list");
  }
}

}  // namespace wintergrid::scenario
