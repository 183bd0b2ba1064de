// The field table of the YAML file, and how any field's value is written.
#include "engine/scenario/fields.hpp"

#include <cmath>
#include <map>
#include <string>
#include <type_traits>
#include <vector>

#include <fmt/format.h>

#include "engine/scenario/field_builder.hpp"
#include "grid_models/network/components.hpp"
#include "grid_models/recovery/policy.hpp"

namespace wintergrid::scenario {
namespace {

constexpr double kLongestHours = 400.0 * 24.0;  ///< of the longest horizon

/// The texts of enumerators 0 to count - 1.
template <class Enum>
std::vector<std::string> names_of(std::size_t count) {
  std::vector<std::string> names;
  names.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    names.emplace_back(to_text(static_cast<Enum>(i)));
  }
  return names;
}

const std::vector<std::string>& weapons() {
  static const std::vector<std::string> names{"drone", "cruise", "ballistic", "aeroballistic"};
  return names;
}

const std::vector<std::string>& damage_states() {
  static const std::vector<std::string> names{"slight", "moderate", "extensive", "complete"};
  return names;
}

template <class Value>
std::string text_of(const Value& value) {
  if constexpr (std::is_same_v<Value, std::string>) {
    return value;
  } else if constexpr (std::is_same_v<Value, double>) {
    return std::isnan(value) ? std::string()
                             : fmt::format("{}", value);  // shortest that reads back equal
  } else if constexpr (std::is_same_v<Value, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_arithmetic_v<Value>) {
    return fmt::format("{}", value);
  } else {
    std::string joined;
    for (const auto& item : value) {
      joined += (joined.empty() ? "" : ", ") + text_of(item);
    }
    return joined;
  }
}

}  // namespace

template <>
const std::vector<Field<Scenario>>& fields<Scenario>() {
  static const std::vector<Field<Scenario>> all = [] {
    Field<Scenario> start = make_field<Scenario>(
        FieldKind::timestamp, "start", &Scenario::start,
        "First hour, on the full hour, with a fixed offset from UTC: 2026-01-09T00:00+02:00.");
    start.hint = "write it like 2026-01-09T00:00+02:00";
    Field<Scenario> description = text("description", &Scenario::description, "Free text.");
    description.several_lines = true;
    return std::vector<Field<Scenario>>{
        with_hint(
            required(whole("wintergrid", &Scenario::format, "", 1, 1, "Version of this format.")),
            "this version of wintergrid reads format 1"),
        text("name", &Scenario::name, "Title of the results."),
        description,
        start,
        above_minimum(number("horizon_days", &Scenario::horizon_days, "days", 0, 400,
                             "Length of the simulated winter.")),
        whole("step_minutes", &Scenario::step_minutes, "minutes", 1, 60,
              "Time step; a divisor of 60."),
        whole("seed", &Scenario::seed, "", 0, 18446744073709551615.0, "Seed of all random draws."),
        whole("replications", &Scenario::replications, "", 1, 100000000,
              "Number of simulated winters."),
        choice("parameters", &Scenario::sample_parameters, {"fixed", "sampled"},
               "Whether each winter draws its own uncertain parameters or all use the central "
               "values."),
        list_of(
            choice("services", &Scenario::services, {"power", "heat", "water"},
                   "Services that the scenario models, the others are not counted; empty: all.")),
        choice("fidelity", &Scenario::fidelity, {"hydraulic", "transport"},
               "hydraulic: water flows by pressure, heat by pressure and temperature; transport: "
               "both by capacity alone, which is faster; height and distance do not matter."),
        number("population.people_per_household", &Scenario::people_per_household, "people", 1, 10,
               "Average household; range of sources 2.2 to 2.7 (State Statistics Service "
               "2015-2021; Kharkiv, Feb 2026)."),
        above_minimum(number("power.base_mva", &Scenario::base_mva, "MVA", 0, 100000,
                             "Base power of reactance_pu.")),
        number("power.household_kw", &Scenario::household_kw, "kW", 0, 20,
               "Peak demand per household at -5 C, after diversity (assumption; 0.6 to 0.9)."),
        list_of(number("power.hour_profile", &Scenario::hour_profile, "share of the peak", 0, 2,
                       "Demand by hour of day; empty: built in."),
                24),
        yes_no("power.cascade", &Scenario::cascade,
               "Whether overload trips and under-frequency shedding follow damage to the power "
               "system; else everything is redispatched in time."),
        number("power.import_limit.mean", &Scenario::import_limit_mean, "share", 0, 1,
               "Mean of the daily share of import capacity that the national grid can give."),
        number("power.import_limit.sd", &Scenario::import_limit_sd, "share", 0, 1,
               "Its standard deviation."),
        number("water.litres_per_person_day", &Scenario::litres_per_person_day, "litres", 0, 1000,
               "Normal use (assumption; 100 to 220)."),
        number("water.leakage_share", &Scenario::water_leakage_share, "share", 0, 0.95,
               "Share of the water put into the network that leaks (assumption)."),
        list_of(number("water.hour_profile", &Scenario::water_hour_profile, "share of the mean", 0,
                       10, "Use by hour of day, leaks aside; empty: built in."),
                24),
        choice("weather.preset", &Scenario::weather, {"mild", "normal", "hard", "constant"},
               "Kind of winter."),
        number("weather.constant_c", &Scenario::constant_c, "C", -60, 50,
               "Outdoor temperature; only with preset 'constant', and then needed."),
        text(
            "weather.file", &Scenario::weather_file,
            "Hourly temperatures instead of a preset, the same in every winter: EPW, or CSV with a "
            "column outdoor_c and, if it does not begin at the start, time (local)."),
        text("campaign.preset", &Scenario::campaign, "Strike campaign by winter, or 'none'."),
        number(
            "campaign.cold_correlation", &Scenario::cold_correlation, "", 0, 1,
            "Timing of massive waves by cold: logarithm of the ratio of their rates between days "
            "that differ by one standard deviation of the daily temperature about what is usual, "
            "and the mean cold of their days in standard deviations. 0: none. The mean number of "
            "waves stays (assumption: 0; officials say that attacks were timed to frosts)."),
        choice("recovery.policy", &Scenario::policy,
               names_of<recovery::PolicyKind>(recovery::kPolicyCount),
               "How a free crew chooses its next job."),
        list_of(text(
            "recovery.priority_list", &Scenario::priority_list,
            "Components in order of repair; only with policy 'priority_list', and then needed.")),
    };
  }();
  return all;
}

const std::vector<ListInfo>& lists() {
  static const std::vector<ListInfo> all{
      {"power.import_limit_schedule",
       "Share of import capacity from given hours on, instead of import_limit."},
      {"power.grid_failures",
       "The national grid fails and every unit trips with it; imports give nothing until it is "
       "back."},
      {"campaign.regions", "Regions with their share of the strikes of a wave that attacks them."},
      {"campaign.events", "Strikes given by class, zone and time, in addition to the preset's."},
      {"campaign.pauses", "Windows in which strikes on energy pause."},
      {"gas_outages",
       "Windows without network gas, by zone: boiler houses and homes that burn it."},
      {"initial_damage", "Components that are already damaged at the start."},
      {"recovery.crews",
       "Repair crews by type; what a type that is not listed would repair stays broken."},
      {"recovery.reinforcements",
       "Crews that come later, to stay; they work in the shifts of their type."},
      {"recovery.spares",
       "Spares in stock; one that is not listed has the values of data/parameters/recovery.yaml."},
      {"recovery.mobile_boilers",
       "Modular boilers in stock. Listed, they replace the temporary stage of destroyed boiler "
       "houses "
       "and CHPs, in which they are otherwise contained without limit of number."},
  };
  return all;
}

template <>
const std::vector<Field<HourValue>>& fields<HourValue>() {
  static const std::vector<Field<HourValue>> all{
      required(number("from_hours", &HourValue::from_hours, "hours", 0, kLongestHours,
                      "Since the start.")),
      required(number("value", &HourValue::value, "share", 0, 1,
                      "Share of import capacity from then on.")),
  };
  return all;
}

template <>
const std::vector<Field<RegionItem>>& fields<RegionItem>() {
  static const std::vector<Field<RegionItem>> all{
      name_of("region", &RegionItem::region, "Region of zones.csv."),
      required(number("strike_share", &RegionItem::strike_share, "share", 0, 1,
                      "Share of a national wave that is sent to this region when it is attacked.")),
  };
  return all;
}

template <>
const std::vector<Field<EventItem>>& fields<EventItem>() {
  static const std::vector<Field<EventItem>> all{
      required(
          number("at_hours", &EventItem::at_hours, "hours", 0, kLongestHours, "Since the start.")),
      required(choice("class", &EventItem::asset_class, names_of<AssetClass>(kAssetClassCount),
                      "Class of asset; never an asset by name.")),
      reference("zone", &EventItem::zone, "zones", "Where; empty: anywhere in the scenario."),
      choice("weapon", &EventItem::weapon, weapons(), "Class of weapon."),
      whole("hits", &EventItem::hits, "", 1, 1000, "Number of hits."),
      choice("state", &EventItem::state, damage_states(), "Damage state if known; empty: drawn."),
  };
  return all;
}

template <>
const std::vector<Field<PauseItem>>& fields<PauseItem>() {
  static const std::vector<Field<PauseItem>> all{
      required(number("from_hours", &PauseItem::from_hours, "hours", 0, kLongestHours,
                      "Since the start.")),
      required(number("to_hours", &PauseItem::to_hours, "hours", 0, kLongestHours,
                      "Since the start; after from_hours.")),
      list_of(text("regions", &PauseItem::regions, "Regions it covers; empty: all.")),
      list_of(
          text("zones", &PauseItem::zones,
               "Zones it covers instead of whole regions, * for any letters (C1*); nothing that "
               "was withheld there is fired later.")),
      list_of(choice("weapons", &PauseItem::weapons, weapons(),
                     "Classes of weapon it covers; empty: all.")),
      number("compliance", &PauseItem::compliance, "share", 0, 1,
             "Share of the covered strikes that is withheld."),
      number("carry_over", &PauseItem::carry_over, "share", 0, 1,
             "Share of the withheld missiles that is fired after the pause (assumption; one "
             "observation, Jan-Feb 2026)."),
  };
  return all;
}

template <>
const std::vector<Field<GasOutageItem>>& fields<GasOutageItem>() {
  static const std::vector<Field<GasOutageItem>> all{
      reference("zone", &GasOutageItem::zone, "zones", "Where; empty: everywhere."),
      required(number("from_hours", &GasOutageItem::from_hours, "hours", 0, kLongestHours,
                      "Since the start.")),
      required(number("to_hours", &GasOutageItem::to_hours, "hours", 0, kLongestHours,
                      "Since the start; after from_hours.")),
  };
  return all;
}

template <>
const std::vector<Field<GridFailureItem>>& fields<GridFailureItem>() {
  static const std::vector<Field<GridFailureItem>> all{
      required(number("from_hours", &GridFailureItem::from_hours, "hours", 0, kLongestHours,
                      "When it fails, since the start.")),
      required(number("to_hours", &GridFailureItem::to_hours, "hours", 0, kLongestHours,
                      "When imports are there again; after from_hours.")),
  };
  return all;
}

template <>
const std::vector<Field<InitialDamageItem>>& fields<InitialDamageItem>() {
  static const std::vector<Field<InitialDamageItem>> all{
      name_of("component", &InitialDamageItem::component,
              "Identifier of a bus, branch, generator, pipe or other component."),
      required(choice("state", &InitialDamageItem::state, damage_states(), "Damage state.")),
  };
  return all;
}

template <>
const std::vector<Field<CrewItem>>& fields<CrewItem>() {
  static const std::vector<Field<CrewItem>> all{
      [] {
        Field<CrewItem> type = name_of("type", &CrewItem::type, "What the crews repair.");
        type.choices = names_of<CrewType>(kCrewTypeCount);
        return type;
      }(),
      required(whole("crews", &CrewItem::crews, "", 0, 10000, "Number of crews.")),
      reference("base_zone", &CrewItem::base_zone, "zones",
                "Where they start; empty: the zone with most households."),
      above_minimum(
          number("shift_hours", &CrewItem::shift_hours, "hours", 0, 24,
                 "Working hours a day; outside them nobody sets out or continues, and the "
                 "time does not count. 24: round the clock (assumption).")),
      whole("shift_start_hour", &CrewItem::shift_start_hour, "hour of day", 0, 23,
            "Local hour at which the shift begins (assumption)."),
      whole("crews_per_job_minimum", &CrewItem::crews_per_job_minimum, "", 1, 1000,
            "Crews without which a job is not begun."),
      whole("crews_per_job_maximum", &CrewItem::crews_per_job_maximum, "", 1, 1000,
            "Crews that may share a job; they share its crew-hours evenly (assumption)."),
  };
  return all;
}

template <>
const std::vector<Field<ReinforcementItem>>& fields<ReinforcementItem>() {
  static const std::vector<Field<ReinforcementItem>> all{
      required(choice("type", &ReinforcementItem::type, names_of<CrewType>(kCrewTypeCount),
                      "What the crews repair.")),
      required(whole("crews", &ReinforcementItem::crews, "", 0, 10000, "Number of crews.")),
      required(number("from_hours", &ReinforcementItem::from_hours, "hours", 0, kLongestHours,
                      "When they are ready, since the start.")),
      reference("base_zone", &ReinforcementItem::base_zone, "zones",
                "Where they start; empty: where the other crews of the type do."),
  };
  return all;
}

template <>
const std::vector<Field<SpareItem>>& fields<SpareItem>() {
  static const std::vector<Field<SpareItem>> all{
      name_of("spare", &SpareItem::spare, "Kind of spare, as in the model's repair table."),
      required(whole("stock", &SpareItem::stock, "", 0, 10000, "Units in stock at the start.")),
      number("resupply_per_month", &SpareItem::resupply_per_month, "units per 30 days", 0, 10000,
             "Regular deliveries; empty: as in data/parameters/recovery.yaml."),
      number("lead_days", &SpareItem::lead_days, "days", 0, 2000,
             "Delivery time of a unit ordered when stock is out; 0: at once; empty: as in "
             "data/parameters/recovery.yaml."),
  };
  return all;
}

template <>
const std::vector<Field<MobileBoilerItem>>& fields<MobileBoilerItem>() {
  static const std::vector<Field<MobileBoilerItem>> all{
      required(
          whole("units", &MobileBoilerItem::units, "", 0, 1000, "Units in stock at the start.")),
      required(above_minimum(number("capacity_mw", &MobileBoilerItem::capacity_mw, "MW", 0, 200,
                                    "Heat output of one."))),
  };
  return all;
}

std::string section_doc(std::string_view section) {
  static const std::map<std::string_view, std::string_view> all{
      {"population", "Who is counted."},
      {"tables", kTablesDoc},
      {"power", "Electricity demand and imports."},
      {"power.import_limit",
       "Daily share of import capacity, a random process (first-order autoregressive)."},
      {"water", "Water demand."},
      {"weather", "Outdoor temperature."},
      {"campaign", "Strikes, as draws by class and zone."},
      {"recovery", "Crews, spares and the order of repair."},
      {"set", kSetDoc},
  };
  const auto found = all.find(section);
  return found == all.end() ? std::string() : std::string(found->second);
}

template <class Owner>
std::string value_text(const Owner& owner, const Field<Owner>& field) {
  if (field.kind == FieldKind::choice) {
    if (const auto* member = std::get_if<bool Owner::*>(&field.member)) {
      return field.choices[owner.*(*member) ? 1 : 0];
    }
  }
  return std::visit([&](auto member) { return text_of(owner.*member); }, field.member);
}

template <class Owner>
std::string default_text(const Field<Owner>& field) {
  return field.required ? std::string() : value_text(Owner{}, field);
}

#define WG_INSTANTIATE(Owner)                                                \
  template std::string value_text<Owner>(const Owner&, const Field<Owner>&); \
  template std::string default_text<Owner>(const Field<Owner>&);
WG_INSTANTIATE(Scenario)
WG_INSTANTIATE(RegionItem)
WG_INSTANTIATE(EventItem)
WG_INSTANTIATE(InitialDamageItem)
WG_INSTANTIATE(PauseItem)
WG_INSTANTIATE(GasOutageItem)
WG_INSTANTIATE(GridFailureItem)
WG_INSTANTIATE(HourValue)
WG_INSTANTIATE(CrewItem)
WG_INSTANTIATE(ReinforcementItem)
WG_INSTANTIATE(SpareItem)
WG_INSTANTIATE(MobileBoilerItem)
WG_INSTANTIATE(ZoneRow)
WG_INSTANTIATE(BusRow)
WG_INSTANTIATE(BranchRow)
WG_INSTANTIATE(GeneratorRow)
WG_INSTANTIATE(FeederRow)
WG_INSTANTIATE(HouseholdRow)
WG_INSTANTIATE(FacilityRow)
WG_INSTANTIATE(HeatNodeRow)
WG_INSTANTIATE(HeatPipeRow)
WG_INSTANTIATE(HeatSourceRow)
WG_INSTANTIATE(WaterNodeRow)
WG_INSTANTIATE(WaterLinkRow)
#undef WG_INSTANTIATE

SourcePlace place_of(const Scenario& scenario, const std::string& dotted_key) {
  const auto found = scenario.places.find(dotted_key);
  return found == scenario.places.end() ? SourcePlace{scenario.file, 0, 0} : found->second;
}

}  // namespace wintergrid::scenario
