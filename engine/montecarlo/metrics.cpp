#include "engine/montecarlo/metrics.hpp"

#include <bit>
#include <functional>
#include <limits>

#include <fmt/format.h>

#include "grid_models/core/contract.hpp"

namespace wintergrid::montecarlo {
namespace {

enum class Bound { none, households, household_time, time };

struct Definition {
  Metric metric;
  std::function<std::int64_t(const Outcome&)> value;
  Bound bound = Bound::none;
  std::size_t least_services =
      0;  ///< how many of `services` must be modelled for it to mean anything
  std::uint8_t services = 7;
};

std::vector<Definition> define() {
  constexpr double kHour = 3600.0;
  std::vector<Definition> list;
  std::size_t least_services = 0;
  std::uint8_t services = 7;
  const auto add = [&](std::string name, std::string unit, double per_unit, std::string meaning,
                       std::function<std::int64_t(const Outcome&)> value,
                       Bound bound = Bound::none) {
    list.push_back({{std::move(name), std::move(unit), per_unit, std::move(meaning)},
                    std::move(value),
                    bound,
                    least_services,
                    services});
  };
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    const std::string service{kServiceNames[s]};
    least_services = 1;
    services = static_cast<std::uint8_t>(1U << s);
    const auto of = [s](auto member) {
      return
          [s, member](const Outcome& o) { return static_cast<std::int64_t>(o.service[s].*member); };
    };
    add(service + ".household_hours_lost", "household-hours", kHour,
        "hours without " + service + ", summed over households",
        of(&ServiceOutcome::household_seconds_lost), Bound::household_time);
    add(service + ".peak_households", "households", 1,
        "most households without " + service + " at once", of(&ServiceOutcome::peak_households),
        Bound::households);
    for (std::size_t k = 0; k < kOutageThresholdHours.size(); ++k) {
      add(
          fmt::format("{}.households_over_{}h", service, kOutageThresholdHours[k]), "households", 1,
          fmt::format("households without {} for {} h or more on end", service,
                      kOutageThresholdHours[k]),
          [s, k](const Outcome& o) { return o.service[s].households_over[k]; }, Bound::households);
    }
    add(service + ".households_ever", "households", 1,
        "households that lost " + service + " at least once", of(&ServiceOutcome::households_ever),
        Bound::households);
    add(service + ".household_interruptions", "household-interruptions", 1,
        "interruptions of " + service + ", summed over households",
        of(&ServiceOutcome::household_interruptions));
    add(service + ".longest_outage_hours", "hours", kHour,
        "longest continuous time without " + service + " of any household",
        of(&ServiceOutcome::longest_outage_seconds), Bound::time);
    add(service + ".longest_cumulative_hours", "hours", kHour,
        "longest total time without " + service + " of any household",
        of(&ServiceOutcome::longest_cumulative_seconds), Bound::time);
  }
  const auto field = [](auto member) {
    return [member](const Outcome& o) { return static_cast<std::int64_t>(o.*member); };
  };
  services = 7;
  least_services = 2;
  add("two_services.household_hours", "household-hours", kHour,
      "hours without two or more services at once, summed over households",
      field(&Outcome::two_services_household_seconds), Bound::household_time);
  least_services = 3;
  add("three_services.household_hours", "household-hours", kHour,
      "hours without all three services at once, summed over households",
      field(&Outcome::three_services_household_seconds), Bound::household_time);
  least_services = 2;
  add("households_without_two_services_over_24h", "households", 1,
      "households without two or more services for 24 h or more on end",
      field(&Outcome::two_services_over_24h), Bound::households);
  least_services = 3;
  add("households_without_three_services_over_24h", "households", 1,
      "households without all three services for 24 h or more on end",
      field(&Outcome::three_services_over_24h), Bound::households);
  least_services = 1;
  services = static_cast<std::uint8_t>(1U << static_cast<unsigned>(Service::heat));
  for (std::size_t c = 0; c < kColdThresholdsC.size(); ++c) {
    const int degrees = static_cast<int>(kColdThresholdsC[c]);
    add(
        fmt::format("households_ever_below_{}c", degrees), "households", 1,
        fmt::format("households whose home fell below {} C", degrees),
        [c](const Outcome& o) { return o.households_ever_below[c]; }, Bound::households);
    add(
        fmt::format("household_hours_below_{}c", degrees), "household-hours", kHour,
        fmt::format("hours below {} C indoors, summed over households", degrees),
        [c](const Outcome& o) { return o.household_seconds_below[c]; }, Bound::household_time);
  }
  add("households_below_12c_over_24h", "households", 1,
      "households below 12 C indoors for 24 h or more on end",
      field(&Outcome::households_below_12c_over_24h), Bound::households);
  add("buildings_drained", "buildings", 1, "times a building's heating was drained",
      field(&Outcome::buildings_drained));
  add("buildings_burst", "buildings", 1, "buildings whose pipes froze and burst",
      field(&Outcome::buildings_burst));
  least_services = 0;
  add("unserved_energy_mwh", "MWh", 1e6, "electricity that was wanted and not supplied",
      field(&Outcome::unserved_watt_hours));
  add("components_hit", "hits", 1,
      "components damaged: by hits, and at the start by initial_damage",
      field(&Outcome::components_hit));
  add("repair_jobs_done", "jobs", 1, "repair jobs finished", field(&Outcome::jobs_done));
  add("crew_hours", "crew-hours", kHour, "time crews travelled and worked",
      field(&Outcome::crew_seconds));
  add("backup_fuel_litres", "litres", 1000, "diesel burnt by existing sets",
      field(&Outcome::fuel_millilitres));
  add("solver_bounded_moments", "moments", 1,
      "moments at which shedding or water flow fell back to its stated bound",
      field(&Outcome::solver_bounded_moments));
  for (std::size_t c = 0; c < kSetClassCount; ++c) {
    add(fmt::format("sets_needed_peak.class_{}", c), "sets", 1,
        "facilities without grid supply at once, by set class",
        [c](const Outcome& o) { return o.sets_needed_peak[c]; });
    add(fmt::format("set_hours.class_{}", c), "set-hours", kHour,
        "hours of facilities without grid supply, by set class",
        [c](const Outcome& o) { return o.set_seconds[c]; });
    add(fmt::format("set_hours_worst_day.class_{}", c), "set-hours", kHour,
        "the same on the day with most",
        [c](const Outcome& o) { return o.set_seconds_peak_day[c]; });
  }
  return list;
}

const std::vector<Definition>& definitions() {
  static const std::vector<Definition> list = define();
  return list;
}

}  // namespace

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> list = [] {
    std::vector<Metric> names;
    for (const Definition& definition : definitions()) {
      names.push_back(definition.metric);
    }
    return names;
  }();
  return list;
}

std::size_t metric_index(std::string_view name) {
  const std::vector<Metric>& list = metrics();
  std::size_t i = 0;
  while (i < list.size() && list[i].name != name) {
    ++i;
  }
  return i;
}

void fill_row(const Outcome& outcome, std::span<std::int64_t> row) {
  const std::vector<Definition>& list = definitions();
  WG_EXPECT(row.size() == list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    row[i] = list[i].value(outcome);
  }
}

bool is_modelled(std::size_t metric, const Model& model) {
  const Definition& definition = definitions()[metric];
  return static_cast<std::size_t>(std::popcount(static_cast<unsigned>(
             definition.services & model.services))) >= definition.least_services;
}

double upper_bound(std::size_t metric, const Model& model) {
  const Definition& definition = definitions()[metric];
  const auto households = static_cast<double>(model.total_households);
  const auto horizon = static_cast<double>(model.horizon);
  switch (definition.bound) {
    case Bound::households:
      return households / definition.metric.per_unit;
    case Bound::household_time:
      return households * horizon / definition.metric.per_unit;
    case Bound::time:
      return horizon / definition.metric.per_unit;
    case Bound::none:
      break;
  }
  return std::numeric_limits<double>::infinity();
}

}  // namespace wintergrid::montecarlo
