#include "engine/plan/today_fields.hpp"

#include <string>

#include "engine/random/parameters.hpp"
#include "engine/scenario/field_builder.hpp"
#include "grid_models/network/components.hpp"

namespace wintergrid::plan {

using scenario::above_minimum;
using scenario::choice;
using scenario::Field;
using scenario::FieldKind;
using scenario::list_of;
using scenario::make_field;
using scenario::number;
using scenario::reference;
using scenario::required;
using scenario::whole;
using scenario::yes_no;

namespace {

constexpr double kMostHours = 10000.0;
constexpr double kMostOfAnything = 1e7;
constexpr double kMostCrews = 60000.0;
constexpr double kColdestC = -60.0, kWarmestC = 60.0;

std::vector<std::string> crew_types() {
  std::vector<std::string> names;
  for (std::size_t type = 0; type < kCrewTypeCount; ++type) {
    names.emplace_back(to_text(static_cast<CrewType>(type)));
  }
  return names;
}

template <class Owner>
Field<Owner> moment(const char* key, std::string Owner::* member, const char* doc) {
  return make_field<Owner>(FieldKind::timestamp, key, member, doc);
}

}  // namespace

const std::vector<TodayList>& today_lists() {
  static const std::vector<TodayList> lists{
      {"damaged", "Components that are damaged or suspected to be."},
      {"counts",
       "Who is without a service in a zone, cause unknown: drawn per future so that the "
       "count is met."},
      {"under_way", "Repairs under way and when the crew says it will be done."},
      {"crews_away", "Crews at other work and when they are back."},
      {"indoor", "Indoor temperatures by zone, of the homes without heat."},
      {"drained", "Buildings whose heating was drained, by zone."},
      {"tanks", "Levels of water tanks; others are as the hours since the damage left them."},
      {"fuel", "Fuel at facilities with a generator set."},
      {"crews", "Crews by type now; types not listed are the scenario's."},
      {"spares", "Spares in stock now; those not listed are the scenario's."},
      {"forecast.days", "Forecast by day, the first the day of the moment."},
  };
  return lists;
}

template <>
const std::vector<Field<TodayValues>>& today_fields<TodayValues>() {
  static const std::vector<Field<TodayValues>> all{
      required(whole("wintergrid_today", &TodayValues::format, "", 1, 1, "Format version.")),
      required(moment("moment", &TodayValues::moment,
                      "The present, local time on the hour with its offset from UTC.")),
      whole("horizon_days", &TodayValues::horizon_days, "d", 1, 60,
            "How far the plan looks; losses after that do not count."),
      choice("strikes", &TodayValues::strikes, {"none", "scenario"},
             "none: the plan holds until the next strike; scenario: further strikes are drawn from "
             "its campaign."),
      list_of(number("forecast.hourly_c", &TodayValues::hourly_c, "C", kColdestC, kWarmestC,
                     "Outdoor temperatures from the moment on, by hour.")),
      number("objective.power", &TodayValues::weight_power, "", 0, 1000,
             "Weight of a household-hour without power (assumption)."),
      number("objective.heat", &TodayValues::weight_heat, "", 0, 1000,
             "Weight of a household-hour without heat (assumption)."),
      number("objective.water", &TodayValues::weight_water, "", 0, 1000,
             "Weight of a household-hour without water (assumption)."),
      number("objective.beyond_24h", &TodayValues::weight_beyond_24h, "", 0, 1000,
             "What an hour beyond the first 24 of an outage weighs more, as a share of its own "
             "weight (assumption)."),
      number("objective.degree_hours", &TodayValues::weight_degree_hours, "", 0, 1000,
             "Weight of a household's degree-hour below 16 C (assumption)."),
  };
  return all;
}

template <>
const std::vector<Field<DamagedItem>>& today_fields<DamagedItem>() {
  static const std::vector<Field<DamagedItem>> all{
      scenario::name_of("component", &DamagedItem::component,
                        "Identifier of a bus, branch, generator, pipe or other component."),
      choice("state", &DamagedItem::state,
             {"slight", "moderate", "extensive", "complete", "unknown"},
             "Damage state; unknown: drawn per future."),
      above_minimum(number("probability", &DamagedItem::probability, "", 0, 1,
                           "Below 1: suspected; where it turns out whole, a crew spends 2 h to "
                           "find out (assumption).")),
      moment("since", &DamagedItem::since,
             "When it was damaged, at most 72 h ago; else 6 h before the moment (assumption)."),
      number("temporary_hours", &DamagedItem::temporary_hours, "h", 0, kMostHours,
             "Crew time of the temporary fix, if known (0: none is possible); else drawn."),
      number("permanent_hours", &DamagedItem::permanent_hours, "h", 0, kMostHours,
             "Crew time of the permanent repair, if known (0: none is needed); else drawn."),
      yes_no("temporarily_fixed", &DamagedItem::temporarily_fixed,
             "Whether a temporary fix holds."),
  };
  return all;
}

template <>
const std::vector<Field<CountItem>>& today_fields<CountItem>() {
  static const std::vector<Field<CountItem>> all{
      required(reference("zone", &CountItem::zone, "zones", "Where.")),
      choice("service", &CountItem::service, {"power", "heat", "water"}, "What they are without."),
      choice("counted", &CountItem::counted, {"buildings", "households"}, "What is counted."),
      required(whole("off", &CountItem::off, "", 0, kMostOfAnything, "How many are without.")),
      whole("of", &CountItem::of, "", 0, kMostOfAnything,
            "Of how many; if it differs from the scenario's number, the share is kept."),
  };
  return all;
}

template <>
const std::vector<Field<UnderWayItem>>& today_fields<UnderWayItem>() {
  static const std::vector<Field<UnderWayItem>> all{
      scenario::name_of("component", &UnderWayItem::component, "One of those listed as damaged."),
      required(moment("returns", &UnderWayItem::returns, "When the present stage will be done.")),
      whole("crews", &UnderWayItem::crews, "", 1, kMostCrews, "Crews at work there."),
  };
  return all;
}

template <>
const std::vector<Field<AwayItem>>& today_fields<AwayItem>() {
  static const std::vector<Field<AwayItem>> all{
      required(choice("type", &AwayItem::type, crew_types(), "Crew type.")),
      required(moment("returns", &AwayItem::returns, "When they are free, at their base.")),
      whole("crews", &AwayItem::crews, "", 1, kMostCrews, "How many."),
  };
  return all;
}

template <>
const std::vector<Field<IndoorItem>>& today_fields<IndoorItem>() {
  static const std::vector<Field<IndoorItem>> all{
      required(reference("zone", &IndoorItem::zone, "zones", "Where.")),
      required(number("mean_c", &IndoorItem::mean_c, "C", -40, 20,
                      "Mean indoor temperature of the homes without heat (of all, if none is).")),
  };
  return all;
}

template <>
const std::vector<Field<DrainedItem>>& today_fields<DrainedItem>() {
  static const std::vector<Field<DrainedItem>> all{
      required(reference("zone", &DrainedItem::zone, "zones", "Where.")),
      required(whole("buildings", &DrainedItem::buildings, "", 0, kMostOfAnything,
                     "Buildings on district heating that are drained.")),
  };
  return all;
}

template <>
const std::vector<Field<TankItem>>& today_fields<TankItem>() {
  static const std::vector<Field<TankItem>> all{
      scenario::name_of("tank", &TankItem::tank, "Water node of kind tank."),
      required(number("share", &TankItem::share, "", 0, 1, "Of its volume.")),
  };
  return all;
}

template <>
const std::vector<Field<FuelItem>>& today_fields<FuelItem>() {
  static const std::vector<Field<FuelItem>> all{
      scenario::name_of("facility", &FuelItem::facility, "Facility with a generator set."),
      required(number("hours", &FuelItem::hours, "h", 0, kMostHours,
                      "Fuel left, in hours at essential load (at most its tank).")),
  };
  return all;
}

template <>
const std::vector<Field<CrewsNow>>& today_fields<CrewsNow>() {
  static const std::vector<Field<CrewsNow>> all{
      required(choice("type", &CrewsNow::type, crew_types(), "Crew type.")),
      required(whole("crews", &CrewsNow::crews, "", 0, kMostCrews,
                     "All of the type, those under way and away among them.")),
  };
  return all;
}

template <>
const std::vector<Field<SpareNow>>& today_fields<SpareNow>() {
  static const std::vector<Field<SpareNow>> all{
      required(choice("spare", &SpareNow::spare,
                      {std::string(random::to_text(random::SpareType::autotransformer_330)),
                       std::string(random::to_text(random::SpareType::transformer_110))},
                      "Spare type.")),
      required(whole("stock", &SpareNow::stock, "", 0, kMostCrews, "Units in stock.")),
  };
  return all;
}

template <>
const std::vector<Field<ForecastDay>>& today_fields<ForecastDay>() {
  static const std::vector<Field<ForecastDay>> all{
      required(number("minimum_c", &ForecastDay::minimum_c, "C", kColdestC, kWarmestC,
                      "Lowest temperature of the day.")),
      required(number("maximum_c", &ForecastDay::maximum_c, "C", kColdestC, kWarmestC,
                      "Highest temperature of the day.")),
  };
  return all;
}

}  // namespace wintergrid::plan
