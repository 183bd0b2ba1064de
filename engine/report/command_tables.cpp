#include "engine/report/command_tables.hpp"

#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "grid_models/system/outcome.hpp"

namespace wintergrid::report {
namespace {

using Columns = std::vector<CsvColumn>;

CsvColumn text(std::string name, Label title, std::string description = {}) {
  return {std::move(name), "string", "", std::move(title), std::move(description)};
}
CsvColumn number(std::string name, std::string unit, Label title, std::string description = {}) {
  return {std::move(name), "number", std::move(unit), std::move(title), std::move(description)};
}
CsvColumn count(std::string name, std::string unit, Label title, std::string description = {}) {
  return {std::move(name), "integer", std::move(unit), std::move(title), std::move(description)};
}
CsvColumn yes_or_no(std::string name, Label title, std::string description) {
  return {std::move(name), "boolean", "", std::move(title), std::move(description)};
}
CsvColumn share(std::string name, Label title, std::string description) {
  return number(std::move(name), "1", std::move(title), std::move(description));
}

CsvColumn zone() { return text("zone", {"Zone", "Зона"}, "id of the zone in the scenario"); }
CsvColumn component() {
  return text("component", {"Component", "Складова"}, "kind and name: local, not for passing on");
}
CsvColumn asset_class() {
  return text("asset_class", {"Class of component", "Клас складової"}, "as in the scenario");
}
CsvColumn crew_type() { return text("crew_type", {"Crew type", "Вид бригади"}); }
CsvColumn set_class() {
  return text("set_class", {"Class of set", "Клас генератора"}, "prime power needed; all: of all");
}
CsvColumn variant() {
  return text("variant", {"What is added", "Що додається"},
              "sets of a class, an alternative, or a bundle of them");
}
CsvColumn winters() {
  return count("winters", "winters", {"Winters", "Зими"}, "simulated, with and without");
}

Label from(const Label& of) { return {of.en + ", 95 % from", of.uk + ", 95 % від"}; }
Label to(const Label& of) { return {of.en + ", 95 % to", of.uk + ", 95 % до"}; }

/// name, and the ends of its 95 % interval.
void add_interval(Columns& columns, const std::string& name, const std::string& ends,
                  const std::string& unit, const Label& title, std::string description) {
  columns.push_back(number(name, unit, title, std::move(description)));
  columns.push_back(number(ends + "ci95_low", unit, from(title), "lower end of the 95 % interval"));
  columns.push_back(number(ends + "ci95_high", unit, to(title), "upper end of it"));
}

constexpr std::string_view kHouseholdHours = "household-hours";
constexpr std::string_view kAsQuantity =
    "household-hours, or facility-hours, as the column quantity says";

CsvTable hours_table() {
  Columns columns = {count("hour", "h", {"Hour", "Година"}, "since the start, 0 is the first"),
                     number("outdoor_c", "degC", {"Outdoor temperature", "Температура надворі"})};
  columns.push_back(count("households_without_power", "households",
                          {"Households without power", "Домогосподарства без електрики"},
                          "at the end of the hour"));
  columns.push_back(count("households_without_heat", "households",
                          {"Households without heat", "Домогосподарства без тепла"},
                          "at the end of the hour"));
  columns.push_back(count("households_without_water", "households",
                          {"Households without water", "Домогосподарства без води"},
                          "at the end of the hour"));
  columns.push_back(count("open_jobs", "jobs", {"Open repair jobs", "Незавершені ремонти"}));
  columns.push_back(number("coldest_home_c", "degC", {"Coldest homes", "Найхолодніші домівки"},
                           "mean indoor temperature of the coldest group of buildings"));
  return {"hours", {"The winter hour by hour", "Зима погодинно"}, std::move(columns), {"hour"}};
}

CsvTable events_table() {
  return {"events",
          {"What was hit", "Що було уражено"},
          {number("hour", "h", {"Hour", "Година"}, "since the start"), component(), asset_class(),
           zone(),
           text("damage_state", {"Damage", "Пошкодження"}, "slight, moderate, extensive, complete"),
           number("temporary_repair_hours", "h",
                  {"Work for a temporary repair", "Робота на тимчасовий ремонт"}),
           number("permanent_repair_hours", "h",
                  {"Work for the permanent repair", "Робота на остаточний ремонт"})},
          {}};
}

/// begins_p10 ... ends_p90, each after `prefix`.
void add_bands(Columns& columns, const std::string& prefix, const Label& of) {
  for (const auto& [name, title] : {std::pair<const char*, Label>{"begins", {"begins", "початок"}},
                                    {"ends", {"ends", "кінець"}}}) {
    for (const int percent : {10, 50, 90}) {
      columns.push_back(number(
          fmt::format("{}{}_p{}", prefix, name, percent), "h",
          {fmt::format("{} {}, {} % of futures", of.en, title.en, percent),
           fmt::format("{}: {}, {} % варіантів майбутнього", of.uk, title.uk, percent)},
          "hours from the moment of the plan, at most this in so many futures that have it"));
    }
  }
}

CsvTable timetable_table() {
  Columns columns = {
      crew_type(),
      count("crew", "", {"Crew", "Бригада"}, "number of the first of the crews, from 1"),
      count("crews", "crews", {"Crews", "Бригад"}, "that work on it together"),
      component(),
      zone(),
      text("stage", {"Stage", "Етап"}, "restore: supply is back; permanent: the lasting repair"),
      number("sets_out_hours", "h", {"Sets out", "Виїзд"}, "hours from the moment of the plan"),
      number("begins_hours", "h", {"Begins", "Початок"}, "hours from the moment of the plan"),
      number("ends_hours", "h", {"Ends", "Кінець"}, "hours from the moment of the plan")};
  add_bands(columns, "", {"Stage", "Етап"});
  columns.push_back(share("share_of_futures", {"Share of futures", "Частка варіантів"},
                          "of futures in which it is begun before the horizon, 0 to 1"));
  return {"timetable",
          {"Timetable of crews in the median future", "Розклад бригад у медіанному варіанті"},
          std::move(columns),
          {}};
}

CsvTable jobs_table() {
  Columns columns = {
      count("position", "", {"Place in the order", "Місце в черзі"}, "from 1"),
      component(),
      asset_class(),
      zone(),
      crew_type(),
      yes_or_no("under_way", {"Under way", "Виконується"}, "crews were there at the moment"),
      share("share_of_futures_with_a_job", {"Futures with this job", "Варіанти з цим ремонтом"},
            "share, 0 to 1"),
      share("share_of_futures_damaged",
            {"Futures in which it is damaged", "Варіанти з пошкодженням"}, "share, 0 to 1"),
      share("back_share", {"Futures in which it is restored", "Варіанти з відновленням"},
            "share, 0 to 1, in which it is begun before the horizon")};
  add_bands(columns, "back_", {"Restoring", "Відновлення"});
  columns.push_back(share("permanent_share",
                          {"Futures with the permanent repair", "Варіанти з остаточним ремонтом"},
                          "share, 0 to 1, in which it is begun before the horizon"));
  add_bands(columns, "permanent_", {"Permanent repair", "Остаточний ремонт"});
  add_interval(columns, "saves_loss", "saves_", "weighted household-hours", {"Saves", "Зберігає"},
               "how much more is lost without this job; weighted by the planning objective");
  for (const std::string_view service : kServiceNames) {
    columns.push_back(number(
        fmt::format("saves_household_hours_{}", service), std::string(kHouseholdHours),
        {fmt::format("Saves: {}", service), fmt::format("Зберігає: {}", service_label(service).uk)},
        "household-hours without this service that the job saves, mean"));
  }
  for (const std::string_view service : kServiceNames) {
    columns.push_back(
        number(fmt::format("households_returned_{}", service), "households",
               {fmt::format("Households returned: {}", service),
                fmt::format("Домогосподарств відновлено: {}", service_label(service).uk)},
               "households that this job brings back, mean"));
  }
  columns.push_back(share("stays_among_first_three",
                          {"Stays among the first three", "Лишається серед перших трьох"},
                          "share of resampled futures; empty for jobs further down"));
  return {"jobs", {"Repair jobs in order", "Ремонти за чергою"}, std::move(columns), {"component"}};
}

CsvTable needs_table() {
  Columns columns = {
      text("by", {"Group", "Група"}, "all, zone or kind of facility"),
      text("name", {"Name", "Назва"}, "zone or kind; all"),
      set_class(),
      count("facilities", "facilities", {"Facilities", "Об’єкти"}),
      count("without_set", "facilities", {"Without a set of their own", "Без власного генератора"}),
      text("quantity", {"Quantity", "Величина"},
           "sets_at_once, run_hours, litres, start_failures_at_once, fuel_gaps_at_once, "
           "prime_rated, share_of_winters_over_200_hours"),
      text("unit", {"Unit", "Одиниця"}, "of the numbers in this row"),
      text("level", {"Level", "Рівень"}, "P80: enough in 80 % of winters; empty: a mean")};
  add_interval(columns, "value", "", "as the column unit says", {"Value", "Значення"},
               "of the winters simulated");
  return {"needs",
          {"Sets needed, run-hours and fuel", "Потрібні генератори, години роботи й пальне"},
          std::move(columns),
          {"by", "name", "set_class", "quantity", "level"}};
}

CsvTable gap_table() {
  Columns columns = {
      set_class(),
      count("sets", "sets", {"Sets", "Генератори"}, "needed at once at the level asked for"),
      text("gap", {"Gap", "Нестача"},
           "no_set: without more sets; remaining_with_sets: with that many; start_failure and "
           "out_of_fuel: of sets that are there, which more do not mend")};
  add_interval(columns, "mean_facility_hours", "", "facility-hours",
               {"Facility-hours, mean", "Об’єкто-години, середнє"},
               "without grid supply and a set of their own, a winter");
  return {"unmet_gap",
          {"What stays unmet", "Що лишається непокритим"},
          std::move(columns),
          {"set_class", "gap"}};
}

CsvTable savings_table() {
  Columns columns = {
      variant(),
      text("kind", {"Kind", "Вид"}, "single, bundle or alternative"),
      count("units", "units", {"Units", "Одиниці"}, "sets, boilers or others that are added"),
      number("cost_usd", "USD", {"Cost", "Вартість"}, "of all of them; empty: no price is known"),
      text("quantity", {"Quantity", "Величина"}, "what is saved"),
      winters()};
  const std::string unit(kAsQuantity);
  add_interval(columns, "saved", "", unit, {"Saved", "Збережено"},
               "mean over the same winters with and without");
  add_interval(columns, "per_unit", "per_unit_", unit, {"Saved by a unit", "Збережено на одиницю"},
               "mean");
  add_interval(columns, "per_1000_usd", "per_1000_usd_", unit,
               {"Saved by 1,000 USD", "Збережено на 1000 USD"}, "mean; empty: no price is known");
  return {"savings",
          {"What sets save", "Що зберігають генератори"},
          std::move(columns),
          {"variant", "quantity"}};
}

CsvTable savings_zones_table() {
  Columns columns = {variant(), zone(),
                     text("service", {"Service", "Послуга"}, "power, heat, water")};
  add_interval(columns, "household_hours_saved", "", std::string(kHouseholdHours),
               {"Household-hours saved", "Збережені домогосподарство-години"},
               "mean over the same winters with and without");
  return {"savings_zones",
          {"What sets save by zone", "Що зберігають генератори за зонами"},
          std::move(columns),
          {"variant", "zone", "service"}};
}

CsvColumn rule() { return text("rule", {"Rule", "Правило"}, "by which the stock is handed out"); }

CsvTable allocations_table() {
  Columns columns = {rule(), count("sets", "sets", {"Sets", "Генератори"}, "handed out"),
                     number("cost_usd", "USD", {"Cost", "Вартість"}, "of the sets handed out"),
                     text("quantity", {"Quantity", "Величина"}, "what is saved"), winters()};
  const std::string unit(kAsQuantity);
  add_interval(columns, "saved", "", unit, {"Saved", "Збережено"},
               "mean over the same winters with and without");
  add_interval(
      columns, "by_saving_saves_more", "more_", unit,
      {"Handing out by what they save saves more", "Розподіл за збереженим зберігає більше"},
      "mean of the paired winters; empty for that rule itself");
  return {"allocations",
          {"Rules of allocation", "Правила розподілу"},
          std::move(columns),
          {"rule", "quantity"}};
}

CsvTable allocation_zones_table() {
  return {"allocation_zones",
          {"Allocation by zone", "Розподіл за зонами"},
          {rule(), zone(), set_class(), count("sets", "sets", {"Sets", "Генератори"})},
          {"rule", "zone", "set_class"}};
}

CsvTable allocation_table() {
  CsvTable table{
      "allocation",
      {"Who gets a set", "Хто отримує генератор"},
      {text("facility", {"Facility", "Об’єкт"}, "its name: local, not for passing on"),
       text("kind", {"Kind", "Вид"}, "of facility"), zone(),
       number("required_kw", "kW", {"Needed", "Потрібно"}, "by essential load and motor start"),
       number("set_kw", "kW", {"Rating of the set", "Потужність генератора"}, "prime"),
       text("chosen_by", {"Chosen by", "Обрано за"},
            "household_hours: it saves those; winters_without_grid: the rest of the stock")},
      {"facility"}};
  table.comment = true;
  return table;
}

}  // namespace

std::vector<CsvTable> replay_tables() { return {hours_table(), events_table()}; }

std::vector<CsvTable> plan_tables() { return {timetable_table(), jobs_table()}; }

std::vector<CsvTable> generators_tables(bool with_stock) {
  std::vector<CsvTable> tables = {needs_table(), gap_table(), savings_table(),
                                  savings_zones_table()};
  if (with_stock) {
    tables.push_back(allocations_table());
    tables.push_back(allocation_zones_table());
    tables.push_back(allocation_table());
  }
  return tables;
}

std::vector<CsvTable> sensitivity_tables() {
  Columns columns = {
      text("metric", {"Metric", "Показник"}),
      text("factor", {"Factor", "Чинник"}, "a parameter, or several that are moved together"),
      number("low", "as the column unit says", {"From", "Від"}, "empty for several parameters"),
      number("high", "as the column unit says", {"To", "До"}, "empty for several parameters"),
      text("unit", {"Unit", "Одиниця"}, "of the factor"),
      number("mu_star", "household-hours", {"Effect, mean size", "Вплив, середня величина"},
             "mean of the absolute elementary effects (Morris)"),
      number("mu_star_ci95_low", "household-hours",
             from({"Effect, mean size", "Вплив, середня величина"}),
             "lower end of the 95 % interval"),
      number("mu_star_ci95_high", "household-hours",
             to({"Effect, mean size", "Вплив, середня величина"}), "upper end of it"),
      number("mu", "household-hours", {"Effect, mean", "Вплив, середнє"}, "with its sign"),
      number("sigma", "household-hours", {"Effect, standard deviation", "Вплив, відхилення"},
             "large beside mu_star: it depends on the other factors")};
  for (const auto& [name, title, what] :
       {std::tuple<const char*, Label, const char*>{
            "first",
            {"Share of the variance, alone", "Частка дисперсії, сам по собі"},
            "first-order index (Sobol), 0 to 1; empty for factors that were only screened"},
        {"total",
         {"Share of the variance, in all", "Частка дисперсії, загалом"},
         "total index (Sobol); empty for factors that were only screened"}}) {
    columns.push_back(share(fmt::format("{}_share", name), title, what));
    columns.push_back(
        share(fmt::format("{}_ci95_low", name), from(title), "lower end of the 95 % interval"));
    columns.push_back(share(fmt::format("{}_ci95_high", name), to(title), "upper end of it"));
  }
  return {{"sensitivity",
           {"What the results depend on", "Від чого залежать результати"},
           std::move(columns),
           {"metric", "factor"}}};
}

std::vector<CsvTable> hindcast_tables() {
  CsvTable table{
      "hindcast",
      {"Recorded and simulated", "Записане й змодельоване"},
      {text("time", {"Time", "Час"}, "local, as recorded"),
       text("service", {"Service", "Послуга"}, "power, heat or water"),
       text("against_those_without_at", {"Against those without at", "Відносно тих, хто без, на"},
            "time of an earlier row whose households are the whole; empty: all households"),
       text("use", {"Use", "Призначення"},
            "onset, in_sample, unseen or not_scored: what the row may prove"),
       share("recorded_share", {"Recorded share", "Записана частка"}, "without, 0 to 1"),
       share("simulated_median", {"Simulated, median", "Змодельовано, медіана"}, "without, 0 to 1"),
       share("simulated_p10", {"Simulated, 10 % of winters", "Змодельовано, 10 % зим"},
             "without, 0 to 1"),
       share("simulated_p90", {"Simulated, 90 % of winters", "Змодельовано, 90 % зим"},
             "without, 0 to 1"),
       share("band_width", {"Width of the band", "Ширина смуги"},
             "simulated_p90 less simulated_p10"),
       yes_or_no("in_band", {"In the band", "У смузі"}, "the record lies between p10 and p90"),
       share("crps", {"CRPS", "CRPS"},
             "continuous ranked probability score of the row: 0 is perfect"),
       count("winters", "winters", {"Winters", "Зими"}, "simulated that can be compared"),
       text("source", {"Source", "Джерело"}, "of the record")},
      {}};
  table.comment = true;
  return {std::move(table)};
}

}  // namespace wintergrid::report
