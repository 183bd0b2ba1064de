#include "engine/plan/moment.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/scenario/start_time.hpp"

namespace wintergrid::plan {

void move_start(scenario::Scenario& scenario, const std::string& today, std::int64_t hours,
                Diagnostics& diagnostics) {
  const auto shifted = [hours](double from_hours) {
    return from_hours - static_cast<double>(hours);
  };
  const auto clip = [&](auto& items) {
    for (auto& item : items) {
      item.from_hours = std::max(0.0, shifted(item.from_hours));
      item.to_hours = shifted(item.to_hours);
    }
    std::erase_if(items, [](const auto& item) { return item.to_hours <= item.from_hours; });
  };
  clip(scenario.gas_outages);
  clip(scenario.grid_failures);
  clip(scenario.pauses);
  for (scenario::ReinforcementItem& item : scenario.reinforcements) {
    item.from_hours = std::max(0.0, shifted(item.from_hours));
  }
  for (scenario::EventItem& item : scenario.events) {
    item.at_hours = shifted(item.at_hours);
  }
  std::erase_if(scenario.events, [](const scenario::EventItem& item) { return item.at_hours < 0; });
  std::vector<scenario::HourValue> steps;
  for (scenario::HourValue step : scenario.import_limit) {
    step.from_hours = shifted(step.from_hours);
    if (step.from_hours <= 0.0) {
      steps.clear();  // of those in the past the last holds
      step.from_hours = 0.0;
    }
    steps.push_back(std::move(step));
  }
  scenario.import_limit = std::move(steps);
  if (!scenario.weather_c.empty()) {
    if (hours < 0 || hours >= static_cast<std::int64_t>(scenario.weather_c.size())) {
      diagnostics.error(ErrorCode::range, {today, 1, 1},
                        "the moment lies outside the scenario's weather file",
                        "give a weather preset (--set weather.preset=normal) or another moment");
      return;
    }
    scenario.weather_c.erase(scenario.weather_c.begin(), scenario.weather_c.begin() + hours);
  }
}

void set_start(scenario::Scenario& scenario, const std::string& moment, std::int64_t hours) {
  scenario::NoStart why;
  const scenario::StartTime time = scenario::parse_start(moment, why).value();
  const auto day = std::chrono::sys_days{std::chrono::year{time.year} /
                                         std::chrono::month{static_cast<unsigned>(time.month)} /
                                         std::chrono::day{static_cast<unsigned>(time.day)}};
  const auto start = std::chrono::sys_time<std::chrono::hours>(day) +
                     std::chrono::hours(time.hour - static_cast<int>(hours));
  const auto start_day = std::chrono::floor<std::chrono::days>(start);
  const std::chrono::year_month_day date{start_day};
  scenario.start_year = static_cast<int>(date.year());
  scenario.start_month = static_cast<int>(static_cast<unsigned>(date.month()));
  scenario.start_day = static_cast<int>(static_cast<unsigned>(date.day()));
  scenario.start_hour = static_cast<int>((start - start_day).count());
  scenario.start = fmt::format("{:04}-{:02}-{:02}T{:02}:00{}", scenario.start_year,
                               scenario.start_month, scenario.start_day, scenario.start_hour,
                               moment.substr(moment.find_last_of("Z+-")));
}

void set_crews_and_spares(const Today& today, scenario::Scenario& scenario) {
  for (const CrewsNow& now : today.crews) {
    bool placed = false;
    for (scenario::CrewItem& item : scenario.crews) {
      if (item.type == now.type) {
        item.crews = placed ? 0 : now.crews;
        placed = true;
      }
    }
    if (!placed) {
      scenario::CrewItem item;
      item.type = now.type;
      item.crews = now.crews;
      item.place = now.place;
      item.place.values.clear();
      scenario.crews.push_back(std::move(item));
    }
  }
  for (const SpareNow& now : today.spares) {
    const auto found =
        std::find_if(scenario.spares.begin(), scenario.spares.end(),
                     [&](const scenario::SpareItem& item) { return item.spare == now.spare; });
    if (found != scenario.spares.end()) {
      found->stock = now.stock;
    } else {
      scenario::SpareItem item;
      item.spare = now.spare;
      item.stock = now.stock;
      scenario.spares.push_back(std::move(item));
    }
  }
}

}  // namespace wintergrid::plan
