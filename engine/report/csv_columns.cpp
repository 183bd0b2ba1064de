#include "engine/report/csv_columns.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/montecarlo/metrics.hpp"
#include "grid_models/core/contract.hpp"

namespace wintergrid::report {
namespace {

using Columns = std::vector<CsvColumn>;

Label service_title() { return {"Service", "Послуга"}; }
constexpr std::string_view kOrder = "order statistic over the winters simulated";

CsvTable headline_table() {
  constexpr std::string_view kAsMetric = "as the column unit says";
  const auto number = [&](std::string name, Label title, std::string description) {
    return CsvColumn{std::move(name), "number", std::string(kAsMetric), std::move(title),
                     std::move(description)};
  };
  Columns columns = {{"metric", "string", "", {"Metric", "Показник"}, "name of the metric"},
                     {"unit", "string", "", {"Unit", "Одиниця"}, "unit of the numbers in this row"},
                     number("mean", {"Mean", "Середнє"}, "over the winters simulated"),
                     number("ci95_low", {"Mean, 95 % from", "Середнє, 95 % від"},
                            "lower end of the 95 % interval of the mean (Student t)"),
                     number("ci95_high", {"Mean, 95 % to", "Середнє, 95 % до"},
                            "upper end of the 95 % interval of the mean")};
  for (const int percent : {5, 50, 95}) {
    const std::string name = fmt::format("p{:02}", percent);
    columns.push_back(number(name,
                             {fmt::format("{} % of winters at most", percent),
                              fmt::format("Не більше у {} % зим", percent)},
                             std::string(kOrder)));
    columns.push_back(number(name + "_low",
                             {fmt::format("{} % of winters at most, 95 % from", percent),
                              fmt::format("Не більше у {} % зим, 95 % від", percent)},
                             "lower end of the 95 % interval of that quantile"));
    columns.push_back(number(name + "_high",
                             {fmt::format("{} % of winters at most, 95 % to", percent),
                              fmt::format("Не більше у {} % зим, 95 % до", percent)},
                             "upper end of the 95 % interval of that quantile"));
  }
  columns.push_back(number(
      "p05_parameters",
      {"Expectation, 5 % of parameter draws", "Очікування, 5 % наборів параметрів"},
      "what is not known about parameters alone does to the expectation; empty where it cannot be "
      "told from chance"));
  columns.push_back(
      number("p95_parameters",
             {"Expectation, 95 % of parameter draws", "Очікування, 95 % наборів параметрів"},
             "upper end of the same"));
  columns.push_back({"parameter_variance_share",
                     "number",
                     "1",
                     {"Share of the variance due to parameters", "Частка дисперсії від параметрів"},
                     "of the variance between winters, 0 to 1"});
  columns.push_back({"meaning", "string", "", {"Meaning", "Що це"}, "what the metric counts"});
  return {"headline",
          {"Every metric with its intervals", "Усі показники з інтервалами"},
          std::move(columns),
          {"metric"}};
}

CsvTable replications_table() {
  Columns columns = {
      {"replication",
       "integer",
       "",
       {"Winter", "Зима"},
       "number of the simulated winter, from 0; `wintergrid replay` shows it hour by hour"},
      {"failed",
       "integer",
       "",
       {"Failed", "Помилка"},
       "1 where the program failed on this winter: then the row has no numbers"}};
  for (const montecarlo::Metric& metric : montecarlo::metrics()) {
    columns.push_back(
        {metric.name, "number", metric.unit, metric_label(metric.name), metric.meaning});
  }
  return {"replications",
          {"One simulated winter a row", "Одна змодельована зима в рядку"},
          std::move(columns),
          {"replication"}};
}

CsvTable zones_table() {
  Columns columns = {
      {"zone", "string", "", {"Zone", "Зона"}, "id of the zone in the scenario"},
      {"name", "string", "", {"Name", "Назва"}, "name of the zone"},
      {"households", "integer", "households", {"Households", "Домогосподарства"}, ""},
      {"service", "string", "", service_title(), "power, heat or water"},
      {"household_hours_lost_mean",
       "number",
       "household-hours",
       {"Household-hours lost, mean", "Втрачені домогосподарство-години, середнє"},
       "over the winters simulated"},
  };
  for (std::size_t k = kFirstZoneThreshold; k < kOutageThresholdHours.size(); ++k) {
    const int hours = kOutageThresholdHours[k];
    columns.push_back(
        {fmt::format("households_over_{}h_mean", hours),
         "number",
         "households",
         {fmt::format("Households without for {} h or more on end, mean", hours),
          fmt::format("Домогосподарства без послуги {} год і довше поспіль, середнє", hours)},
         "over the winters simulated"});
  }
  return {
      "zones", {"Zones and services", "Зони та послуги"}, std::move(columns), {"zone", "service"}};
}

CsvTable hourly_table() {
  Columns columns = {
      {"hour", "integer", "h", {"Hour", "Година"}, "since the start of the simulated time"},
      {"service", "string", "", service_title(), "power, heat or water"}};
  for (const int percent : {5, 50, 95}) {
    columns.push_back({fmt::format("households_without_p{:02}", percent),
                       "number",
                       "households",
                       {fmt::format("Households without, at most in {} % of winters", percent),
                        fmt::format("Домогосподарства без послуги, не більше у {} % зим", percent)},
                       "quantile over winters in this hour, from a histogram"});
  }
  return {"hourly",
          {"Households without a service hour by hour", "Домогосподарства без послуги щогодини"},
          std::move(columns),
          {"service", "hour"}};
}

CsvTable generators_table() {
  Columns columns = {
      {"set_class", "string", "", {"Class of set", "Клас генератора"}, "prime power needed"},
      {"facilities",
       "integer",
       "facilities",
       {"Facilities", "Об’єкти"},
       "that would need a set of this class"},
      {"mean_load_kw", "number", "kW", {"Mean load, kW", "Середнє навантаження, кВт"}, ""}};
  for (const int percent : {50, 80, 95}) {
    columns.push_back({fmt::format("sets_at_once_p{}", percent),
                       "number",
                       "sets",
                       {fmt::format("Sets at once, enough in {} % of winters", percent),
                        fmt::format("Генератори водночас, досить у {} % зим", percent)},
                       "facilities without grid supply at once; existing sets are not subtracted"});
  }
  for (const int percent : {50, 80, 95}) {
    columns.push_back(
        {fmt::format("litres_worst_day_p{}", percent),
         "number",
         "L/d",
         {fmt::format("Diesel on the worst day, litres, enough in {} % of winters", percent),
          fmt::format("Дизель у найгіршу добу, літрів, досить у {} % зим", percent)},
         "if each facility had a set loaded to 75 %"});
  }
  columns.push_back({"set_hours_mean",
                     "number",
                     "h",
                     {"Set-hours, mean", "Генератор-години, середнє"},
                     "of facilities without grid supply, over the winters simulated"});
  return {"generators",
          {"Generator sets for facilities", "Генератори для об’єктів"},
          std::move(columns),
          {"set_class"}};
}

}  // namespace

const std::vector<CsvTable>& run_tables() {
  static const std::vector<CsvTable> tables = {headline_table(), replications_table(),
                                               zones_table(), hourly_table(), generators_table()};
  return tables;
}

CsvTable compare_table(std::string_view kind) {
  const bool policies = kind == "policy";
  const Label what = policies ? Label{"Policy", "Черговість"} : Label{"Overlay", "Зміна"};
  const auto hours = [](std::string name, Label title, std::string description) {
    return CsvColumn{std::move(name), "number", "household-hours", std::move(title),
                     std::move(description)};
  };
  const auto share = [](std::string name, Label title, std::string description) {
    return CsvColumn{std::move(name), "number", "1", std::move(title), std::move(description)};
  };
  const std::string a = fmt::format("{}_a", kind), b = fmt::format("{}_b", kind);
  return {"compare",
          {"Paired comparison on the same winters", "Порівняння на тих самих зимах"},
          {{"service", "string", "", service_title(), "power, heat or water"},
           {a, "string", "", {what.en + " A", what.uk + " А"}, ""},
           {b, "string", "", {what.en + " B", what.uk + " Б"}, ""},
           {"winters", "integer", "winters", {"Winters", "Зими"}, "that both got through"},
           hours("mean_a", {"Mean of A", "Середнє А"}, "household-hours lost"),
           hours("mean_b", {"Mean of B", "Середнє Б"}, "household-hours lost"),
           hours("difference_a_minus_b", {"A minus B", "А мінус Б"},
                 "mean difference of the paired winters; above 0: B loses less"),
           hours("ci95_low", {"A minus B, 95 % from", "А мінус Б, 95 % від"},
                 "lower end of the 95 % interval of the mean difference"),
           hours("ci95_high", {"A minus B, 95 % to", "А мінус Б, 95 % до"}, "upper end"),
           share("share_of_winters_a_wins",
                 {"Winters in which A is better", "Частка зим, де краще А"}, "share, 0 to 1"),
           share("share_of_winters_b_wins",
                 {"Winters in which B is better", "Частка зим, де краще Б"}, "share, 0 to 1"),
           share("share_equal", {"Winters without a difference", "Частка зим без різниці"},
                 "share, 0 to 1")},
          {"service", a, b}};
}

std::string header_line(const CsvTable& table) {
  std::string text;
  for (const CsvColumn& column : table.columns) {
    text += (text.empty() ? "" : ",") + column.name;
  }
  return text + "\n";
}

std::string header_line(std::string_view run_table) {
  const auto found = std::find_if(run_tables().begin(), run_tables().end(),
                                  [&](const CsvTable& table) { return table.name == run_table; });
  WG_EXPECT(found != run_tables().end());
  return header_line(*found);
}

}  // namespace wintergrid::report
