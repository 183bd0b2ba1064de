#include "engine/report/language.hpp"

#include <array>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "engine/montecarlo/metrics.hpp"

namespace wintergrid::report {
namespace {

struct Named {
  std::string_view name, uk;
};

template <std::size_t N>
std::string_view ukrainian(const std::array<Named, N>& list, std::string_view name) {
  for (const Named& one : list) {
    if (one.name == name) {
      return one.uk;
    }
  }
  return {};
}

constexpr std::array<Named, 13> kUnits{{{"household-hours", "домогосподарство-години"},
                                        {"households", "домогосподарства"},
                                        {"household-interruptions", "відключення домогосподарств"},
                                        {"hours", "години"},
                                        {"buildings", "будинки"},
                                        {"MWh", "МВт·год"},
                                        {"hits", "влучання"},
                                        {"jobs", "ремонти"},
                                        {"crew-hours", "бригадо-години"},
                                        {"litres", "літри"},
                                        {"moments", "моменти"},
                                        {"sets", "генератори"},
                                        {"set-hours", "генератор-години"}}};

/// {} stands for "без електрики" and so on; of a service.
constexpr std::array<Named, 9> kOfService{
    {{"household_hours_lost", "Години {}, разом за домогосподарствами"},
     {"peak_households", "Найбільше домогосподарств {} водночас"},
     {"households_over_6h", "Домогосподарства {} 6 год і довше поспіль"},
     {"households_over_24h", "Домогосподарства {} 24 год і довше поспіль"},
     {"households_over_72h", "Домогосподарства {} 72 год і довше поспіль"},
     {"households_over_168h", "Домогосподарства {} 168 год і довше поспіль"},
     {"households_ever", "Домогосподарства, що хоча б раз лишалися {}"},
     {"household_interruptions", "Скільки разів домогосподарства лишалися {}, разом"},
     {"longest_outage_hours", "Найдовший час {} поспіль"}}};

constexpr std::array<Named, 21> kOthers{
    {{"two_services.household_hours", "Години без двох послуг водночас, разом"},
     {"three_services.household_hours", "Години без усіх трьох послуг водночас, разом"},
     {"households_without_two_services_over_24h",
      "Домогосподарства без двох послуг 24 год і довше поспіль"},
     {"households_without_three_services_over_24h",
      "Домогосподарства без усіх трьох послуг 24 год і довше поспіль"},
     {"households_ever_below_18c", "Домогосподарства, де вдома бувало нижче 18 °C"},
     {"households_ever_below_16c", "Домогосподарства, де вдома бувало нижче 16 °C"},
     {"households_ever_below_12c", "Домогосподарства, де вдома бувало нижче 12 °C"},
     {"households_ever_below_5c", "Домогосподарства, де вдома бувало нижче 5 °C"},
     {"household_hours_below_18c", "Години нижче 18 °C вдома, разом за домогосподарствами"},
     {"household_hours_below_16c", "Години нижче 16 °C вдома, разом за домогосподарствами"},
     {"household_hours_below_12c", "Години нижче 12 °C вдома, разом за домогосподарствами"},
     {"household_hours_below_5c", "Години нижче 5 °C вдома, разом за домогосподарствами"},
     {"households_below_12c_over_24h",
      "Домогосподарства з температурою вдома нижче 12 °C 24 год і довше поспіль"},
     {"buildings_drained", "Скільки разів з опалення будинку зливали воду"},
     {"buildings_burst", "Будинки, де труби замерзли й лопнули"},
     {"unserved_energy_mwh", "Електроенергія, якої бракувало"},
     {"components_hit", "Пошкоджені об’єкти: влучання та початкові пошкодження"},
     {"repair_jobs_done", "Завершені ремонти"},
     {"crew_hours", "Години роботи й переїздів бригад"},
     {"backup_fuel_litres", "Дизель, який витратили наявні генератори"},
     {"solver_bounded_moments", "Моменти, коли розрахунок узяв свою встановлену межу"}}};

constexpr std::array<Named, 3> kOfSets{
    {{"sets_needed_peak", "Найбільше об’єктів без живлення від мережі водночас, клас {}"},
     {"set_hours", "Години об’єктів без живлення від мережі, клас {}"},
     {"set_hours_worst_day", "Те саме в найгіршу добу, клас {}"}}};

constexpr std::array<std::array<Named, 3>, 2> kServices{
    {{{{"power", "Електрика"}, {"heat", "Тепло"}, {"water", "Вода"}}},
     {{{"power", "без електрики"}, {"heat", "без тепла"}, {"water", "без води"}}}}};

constexpr std::array<std::pair<std::string_view, Named>, 10> kPolicies{
    {{"first_come", {"first come, first served", "за часом пошкодження"}},
     {"shortest_job", {"shortest job first", "спершу найкоротші"}},
     {"nearest", {"nearest first", "спершу найближчі"}},
     {"most_households", {"most households first", "спершу найбільше домогосподарств"}},
     {"households_per_crew_hour",
      {"households per crew-hour", "домогосподарств на бригадо-годину"}},
     {"marginal_benefit", {"largest benefit in the network", "найбільша користь у мережі"}},
     {"critical_first", {"critical facilities first", "спершу критичні об’єкти"}},
     {"coldest_first", {"coldest first", "спершу найхолодніші"}},
     {"priority_list", {"a given list", "заданий перелік"}},
     {"lookahead", {"looking ahead", "з поглядом наперед"}}}};

std::string meaning_of(std::string_view metric) {
  const std::size_t index = montecarlo::metric_index(metric);
  if (index == montecarlo::metrics().size()) {
    return std::string(metric);
  }
  const std::string& meaning = montecarlo::metrics()[index].meaning;
  return static_cast<char>(meaning.front() >= 'a' && meaning.front() <= 'z' ? meaning.front() - 32
                                                                            : meaning.front()) +
         meaning.substr(1);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

}  // namespace

Label metric_label(std::string_view metric) {
  Label label{meaning_of(metric), std::string(ukrainian(kOthers, metric))};
  const std::size_t dot = metric.find('.');
  if (label.uk.empty() && dot != std::string_view::npos) {
    const std::string_view first = metric.substr(0, dot), rest = metric.substr(dot + 1);
    constexpr std::string_view kClass = "class_";
    if (const std::string_view pattern = ukrainian(kOfSets, first);
        !pattern.empty() && rest.starts_with(kClass)) {
      label.uk = replaced(std::string(pattern), "{}", rest.substr(kClass.size()));
      label.en += fmt::format(", class {}", rest.substr(kClass.size()));
    } else if (rest == "longest_cumulative_hours") {
      label.uk = "Найдовший сумарний час " + without_label(first).uk;
    } else {
      label.uk = replaced(std::string(ukrainian(kOfService, rest)), "{}", without_label(first).uk);
    }
  }
  return label;
}

Label unit_label(std::string_view unit) {
  const std::string_view uk = ukrainian(kUnits, unit);
  return {std::string(unit), std::string(uk.empty() ? unit : uk)};
}

Label service_label(std::string_view service) {
  std::string en(service);
  en.front() = static_cast<char>(en.front() - 'a' + 'A');
  return {en, std::string(ukrainian(kServices[0], service))};
}

Label without_label(std::string_view service) {
  return {fmt::format("without {}", service), std::string(ukrainian(kServices[1], service))};
}

Label policy_label(std::string_view policy) {
  for (const auto& [name, texts] : kPolicies) {
    if (name == policy) {
      return {std::string(texts.name), std::string(texts.uk)};
    }
  }
  return {std::string(policy),
          policy == "as it is" ? std::string("сценарій без змін") : std::string(policy)};
}

Label set_class_label(std::string_view set_class) {
  std::string uk(set_class);
  for (const auto& [from, to] : {std::pair<std::string_view, std::string_view>{"up to", "до"},
                                 {"over", "понад"},
                                 {"kW", "кВт"}}) {
    uk = replaced(std::move(uk), from, to);
  }
  return {std::string(set_class), uk};
}

}  // namespace wintergrid::report
