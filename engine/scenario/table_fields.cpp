// The field table of the CSV files. Ranges are sanity limits: wide enough for any real network,
// narrow enough to catch a value in the wrong unit.
#include <string>
#include <vector>

#include "engine/scenario/field_builder.hpp"

namespace wintergrid::scenario {
namespace {

constexpr double kLargestPowerMw = 20000;   ///< above any plant or line (assumption)
constexpr double kLargestLengthKm = 2000;   ///< above any line in Europe (assumption)
constexpr double kLargestFlowM3PerH = 1e6;  ///< above any city's works (assumption)

const std::vector<std::string>& protections() {
  static const std::vector<std::string> names{"none", "gabions", "concrete", "bunker"};
  return names;
}
constexpr const char* kProtectionDoc =
    "Passive protection: none, gabions (level 1), concrete (level 2) or bunker (level 3).";

}  // namespace

const std::vector<TableInfo>& tables() {
  static const std::vector<TableInfo> all{
      {"zones", "zone", true, true,
       "Districts of a city or small towns; results are given by zone."},
      {"buses", "bus", true, true, "Nodes of the electrical network."},
      {"branches", "branch", true, false, "Lines, cables and transformers between buses."},
      {"generators", "generator", true, true, "Plants, and imports from the national grid."},
      {"feeders", "feeder", true, true,
       "Medium-voltage feeders: what the outage schedule switches."},
      {"households", "cohort", true, true,
       "Households that share zone, feeder, building class and rise."},
      {"facilities", "facility", false, false,
       "Loads that matter by themselves: hospitals, pumps, boiler houses."},
      {"heat_nodes", "heat_node", false, false, "Nodes of the district-heating network."},
      {"heat_pipes", "heat_pipe", false, false, "Heat mains between heat nodes."},
      {"heat_sources", "heat_source", false, false,
       "Combined heat and power plants and boiler houses."},
      {"water_nodes", "water_node", false, false, "Works, tanks, pumping stations and junctions."},
      {"water_links", "water_link", false, false, "Water mains between water nodes."},
  };
  return all;
}

template <>
const std::vector<Field<ZoneRow>>& fields<ZoneRow>() {
  static const std::vector<Field<ZoneRow>> all{
      name_of("zone", &ZoneRow::zone, "Identifier."),
      text("name", &ZoneRow::name, "Name in results; empty: the identifier."),
      text("region", &ZoneRow::region,
           "Region: air defence, strikes and pauses are set by region; empty: one region."),
      required(number("x_km", &ZoneRow::x_km, "km", -kLargestLengthKm, kLargestLengthKm,
                      "Position on an abstract plane, for the travel of crews; never a geographic "
                      "coordinate.")),
      required(number("y_km", &ZoneRow::y_km, "km", -kLargestLengthKm, kLargestLengthKm,
                      "Position on an abstract plane, for the travel of crews; never a geographic "
                      "coordinate.")),
  };
  return all;
}

template <>
const std::vector<Field<BusRow>>& fields<BusRow>() {
  static const std::vector<Field<BusRow>> all{
      name_of("bus", &BusRow::bus, "Identifier."),
      required(reference("zone", &BusRow::zone, "zones", "Zone it stands in.")),
      above_minimum(
          number("voltage_kv", &BusRow::voltage_kv, "kV", 0, 1200,
                 "Nominal voltage; 110 kV is the usual distribution-substation level in Ukraine.")),
      choice("protection", &BusRow::protection, protections(), kProtectionDoc),
  };
  return all;
}

template <>
const std::vector<Field<BranchRow>>& fields<BranchRow>() {
  static const std::vector<Field<BranchRow>> all{
      name_of("branch", &BranchRow::branch, "Identifier."),
      required(reference("from_bus", &BranchRow::from_bus, "buses", "First end.")),
      required(reference("to_bus", &BranchRow::to_bus, "buses", "Second end.")),
      choice("kind", &BranchRow::kind, {"overhead_line", "cable", "transformer"}, "What it is."),
      above_minimum(number("voltage_kv", &BranchRow::voltage_kv, "kV", 0, 1200,
                           "Nominal voltage; needed where reactance_pu or rating_mw is empty.")),
      number("length_km", &BranchRow::length_km, "km", 0, kLargestLengthKm,
             "Length; needed for a line or cable where reactance_pu or rating_mw is empty."),
      whole("circuits", &BranchRow::circuits, "", 1, 20, "Parallel circuits."),
      number("reactance_pu", &BranchRow::reactance_pu, "per unit", -100, 100,
             "Series reactance on the scenario's base power; negative for a series capacitor; "
             "empty: from kind, "
             "voltage and length."),
      number("rating_mw", &BranchRow::rating_mw, "MW", 0, kLargestPowerMw,
             "Thermal limit; 0: no limit; empty: from kind and voltage."),
      above_minimum(
          number("tap", &BranchRow::tap, "", 0, 10, "Off-nominal tap ratio of a transformer.")),
      number("shift_deg", &BranchRow::shift_deg, "degrees", -360, 360, "Phase shift."),
      yes_no("in_service", &BranchRow::in_service, "Whether it is in service at the start."),
  };
  return all;
}

template <>
const std::vector<Field<GeneratorRow>>& fields<GeneratorRow>() {
  static const std::vector<Field<GeneratorRow>> all{
      name_of("generator", &GeneratorRow::generator, "Identifier."),
      required(reference("bus", &GeneratorRow::bus, "buses", "Bus it feeds.")),
      required(
          choice("kind", &GeneratorRow::kind,
                 {"import", "nuclear", "thermal", "chp", "hydro", "gas", "solar", "wind", "other"},
                 "Kind of plant, or import from the national grid.")),
      required(number("capacity_mw", &GeneratorRow::capacity_mw, "MW", 0, kLargestPowerMw,
                      "Net electrical capacity.")),
      yes_no("black_start", &GeneratorRow::black_start, "Whether it can energise a dead island."),
      number("restart_hours", &GeneratorRow::restart_hours, "hours", 0, 2400,
             "From an energised bus to full output; empty: by kind."),
      reference("water_node", &GeneratorRow::water_node, "water_nodes",
                "Cooling or make-up water it cannot run without; empty: none."),
      choice("protection", &GeneratorRow::protection, protections(), kProtectionDoc),
  };
  return all;
}

template <>
const std::vector<Field<FeederRow>>& fields<FeederRow>() {
  static const std::vector<Field<FeederRow>> all{
      name_of("feeder", &FeederRow::feeder, "Identifier."),
      required(reference("bus", &FeederRow::bus, "buses", "Bus that supplies it.")),
      required(reference("zone", &FeederRow::zone, "zones", "Zone it serves.")),
      required(choice("queue", &FeederRow::queue,
                      {"1.1", "1.2", "2.1", "2.2", "3.1", "3.2", "4.1", "4.2", "5.1", "5.2", "6.1",
                       "6.2", "exempt"},
                      "Sub-queue of the outage schedule (six queues of two), or exempt.")),
      number("other_kw", &FeederRow::other_kw, "kW", 0, 1e6,
             "Peak load that is neither households nor facilities: shops, offices, industry."),
      reference("backup_bus", &FeederRow::backup_bus, "buses",
                "Substation it is switched to, within hours, when damage costs it its own; empty: "
                "none."),
  };
  return all;
}

template <>
const std::vector<Field<HouseholdRow>>& fields<HouseholdRow>() {
  static const std::vector<Field<HouseholdRow>> all{
      required(reference("zone", &HouseholdRow::zone, "zones", "Zone they live in.")),
      required(reference("feeder", &HouseholdRow::feeder, "feeders", "Feeder that supplies them.")),
      required(choice("building_class", &HouseholdRow::building_class,
                      {"panel", "brick", "insulated", "house"},
                      "Class of building: how fast it cools.")),
      required(choice(
          "rise", &HouseholdRow::rise, {"low", "high"},
          "high: above the pressure of the network, so that water needs a powered booster.")),
      required(choice("heating", &HouseholdRow::heating,
                      {"district", "gas_boiler", "electric", "stove"}, "How they heat.")),
      reference("heat_node", &HouseholdRow::heat_node, "heat_nodes",
                "Only with heating 'district', and then needed."),
      reference("water_node", &HouseholdRow::water_node, "water_nodes", "Empty: an own well."),
      required(whole("buildings", &HouseholdRow::buildings, "", 0, 1e6, "Number of buildings.")),
      required(whole("households", &HouseholdRow::households, "", 0, 1e7, "Number of households.")),
  };
  return all;
}

template <>
const std::vector<Field<FacilityRow>>& fields<FacilityRow>() {
  static const std::vector<Field<FacilityRow>> all{
      name_of("facility", &FacilityRow::facility, "Identifier."),
      required(choice(
          "kind", &FacilityRow::kind,
          {"hospital", "school", "pump_station", "water_works", "sewage_lift", "boiler_house",
           "heating_point", "shelter_point", "telecom", "chp_auxiliary", "other"},
          "What it is.")),
      required(reference("zone", &FacilityRow::zone, "zones", "Zone it stands in.")),
      required(reference("feeder", &FacilityRow::feeder, "feeders", "Feeder that supplies it.")),
      required(number("load_kw", &FacilityRow::load_kw, "kW", 0, 1e6, "Essential running load.")),
      number("motor_kw", &FacilityRow::motor_kw, "kW", 0, 1e6,
             "Largest motor started at once; part of load_kw."),
      yes_no("soft_start", &FacilityRow::soft_start,
             "Whether that motor has a soft starter or a drive."),
      number("generator_kw", &FacilityRow::generator_kw, "kW", 0, 1e6,
             "Existing standby set; 0: none."),
      number("fuel_hours", &FacilityRow::fuel_hours, "hours", 0, 8784,
             "Fuel kept on site, in hours of running."),
      number("phase_in_minutes", &FacilityRow::phase_in_minutes, "minutes", 0, 1440,
             "From loss of power until the set carries the load."),
  };
  return all;
}

template <>
const std::vector<Field<HeatNodeRow>>& fields<HeatNodeRow>() {
  static const std::vector<Field<HeatNodeRow>> all{
      name_of("heat_node", &HeatNodeRow::heat_node, "Identifier."),
      required(reference("zone", &HeatNodeRow::zone, "zones", "Zone it stands in.")),
      reference("facility", &HeatNodeRow::facility, "facilities",
                "Heating point whose electricity it needs; empty: none."),
  };
  return all;
}

template <>
const std::vector<Field<HeatPipeRow>>& fields<HeatPipeRow>() {
  static const std::vector<Field<HeatPipeRow>> all{
      name_of("heat_pipe", &HeatPipeRow::heat_pipe, "Identifier."),
      required(reference("from_node", &HeatPipeRow::from_node, "heat_nodes", "First end.")),
      required(reference("to_node", &HeatPipeRow::to_node, "heat_nodes", "Second end.")),
      required(above_minimum(number("capacity_mw", &HeatPipeRow::capacity_mw, "MW", 0,
                                    kLargestPowerMw, "Largest heat it carries."))),
      required(number("length_km", &HeatPipeRow::length_km, "km", 0, kLargestLengthKm, "Length.")),
      above_minimum(number("diameter_mm", &HeatPipeRow::diameter_mm, "mm", 0, 10000,
                           "Inner diameter; empty: typical for the capacity.")),
  };
  return all;
}

template <>
const std::vector<Field<HeatSourceRow>>& fields<HeatSourceRow>() {
  static const std::vector<Field<HeatSourceRow>> all{
      name_of("heat_source", &HeatSourceRow::heat_source, "Identifier."),
      required(reference("heat_node", &HeatSourceRow::heat_node, "heat_nodes", "Node it feeds.")),
      required(choice(
          "kind", &HeatSourceRow::kind, {"chp", "boiler_house", "mobile"},
          "What it is; mobile: modular boilers that stand there all the time and, unlike the "
          "others, are never struck.")),
      required(number("capacity_mw", &HeatSourceRow::capacity_mw, "MW", 0, kLargestPowerMw,
                      "Heat output.")),
      reference("generator", &HeatSourceRow::generator, "generators",
                "chp: the generator it shares a site with."),
      reference("facility", &HeatSourceRow::facility, "facilities",
                "Electricity of its pumps and fans; empty for a chp that feeds itself."),
      reference("water_node", &HeatSourceRow::water_node, "water_nodes",
                "Make-up water; empty: own supply."),
      yes_no("gas", &HeatSourceRow::gas, "Whether it burns network gas."),
      choice("protection", &HeatSourceRow::protection, protections(), kProtectionDoc),
  };
  return all;
}

template <>
const std::vector<Field<WaterNodeRow>>& fields<WaterNodeRow>() {
  static const std::vector<Field<WaterNodeRow>> all{
      name_of("water_node", &WaterNodeRow::water_node, "Identifier."),
      required(reference("zone", &WaterNodeRow::zone, "zones", "Zone it stands in.")),
      required(choice("kind", &WaterNodeRow::kind, {"junction", "works", "tank", "pump_station"},
                      "What it is.")),
      number("capacity_m3_per_h", &WaterNodeRow::capacity_m3_per_h, "m3/h", 0, kLargestFlowM3PerH,
             "Largest flow of works or out of a tank (needed), or of a pumping station; empty: no "
             "limit. By pressure a tank's only gives the width of its pipe."),
      number("volume_m3", &WaterNodeRow::volume_m3, "m3", 0, 1e7,
             "Useful volume of a tank (needed)."),
      number("elevation_m", &WaterNodeRow::elevation_m, "m", -500, 9000,
             "Height of the ground, above any level."),
      number(
          "head_m", &WaterNodeRow::head_m, "m", 0, 1000,
          "Lift of works and pump_station at capacity; bottom of a tank above the ground; empty: "
          "typical."),
      reference("facility", &WaterNodeRow::facility, "facilities",
                "works and pump_station: the load that must have power; empty: flows by gravity."),
      choice("protection", &WaterNodeRow::protection, protections(), kProtectionDoc),
  };
  return all;
}

template <>
const std::vector<Field<WaterLinkRow>>& fields<WaterLinkRow>() {
  static const std::vector<Field<WaterLinkRow>> all{
      name_of("water_link", &WaterLinkRow::water_link, "Identifier."),
      required(reference("from_node", &WaterLinkRow::from_node, "water_nodes", "Upstream end.")),
      required(reference("to_node", &WaterLinkRow::to_node, "water_nodes", "Downstream end.")),
      required(above_minimum(number("capacity_m3_per_h", &WaterLinkRow::capacity_m3_per_h, "m3/h",
                                    0, kLargestFlowM3PerH, "Largest flow."))),
      required(number("length_km", &WaterLinkRow::length_km, "km", 0, kLargestLengthKm, "Length.")),
      above_minimum(number("diameter_mm", &WaterLinkRow::diameter_mm, "mm", 0, 10000,
                           "Inner diameter; empty: typical for the capacity.")),
      yes_no("two_way", &WaterLinkRow::two_way, "Whether water may flow either way."),
  };
  return all;
}

}  // namespace wintergrid::scenario
