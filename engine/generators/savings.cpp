// Savings S = L(without) - L(with) on the same draws, L household-hours without a service. The
// interval is that of the mean of the paired differences (Student's t over parameter draws). Per
// set: divided by the number of sets added, per cost by what they cost together.

#include "engine/generators/savings.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::generators {
namespace {

double hours(std::int64_t seconds) { return hours_from_seconds(seconds); }

using power::FacilityKind;

bool is_water(FacilityKind kind) {
  return kind == FacilityKind::water_works || kind == FacilityKind::pump_station;
}

/// Sets at facilities without one, where `wanted` says so.
template <class Wanted>
Allocation at(const Facilities& facilities, Added what, const Wanted& wanted) {
  Allocation allocation(facilities.count(), Added::none);
  for (std::size_t i = 0; i < facilities.count(); ++i) {
    if (facilities.has_set[i] == 0 && wanted(i)) {
      allocation[i] = what;
    }
  }
  return allocation;
}

std::uint32_t sets_in(const Allocation& allocation) {
  return static_cast<std::uint32_t>(std::count_if(
      allocation.begin(), allocation.end(), [](Added added) { return added != Added::none; }));
}

/// Heat networks with a boiler house.
std::vector<std::uint8_t> boiler_networks(const Winters& winters) {
  const Downstream& downstream = winters.downstream();
  std::vector<std::uint8_t> has(downstream.heat_networks, 0);
  for (const Reach& reach : downstream.of_facility) {
    if (reach.heat_network != kNone) {
      has[reach.heat_network] = 1;
    }
  }
  return has;
}

double cost_of(const Allocation& allocation, const Facilities& facilities, const Costs& costs) {
  double sum = 0.0;
  for (std::size_t i = 0; i < allocation.size(); ++i) {
    const std::size_t c = facilities.set_class[i];
    sum += allocation[i] == Added::diesel         ? costs.diesel[c].typical
           : allocation[i] == Added::cogeneration ? costs.cogeneration[c].typical
                                                  : 0.0;
  }
  return sum;
}

}  // namespace

Saved saved(std::span<const Winter> without, std::span<const Winter> with, std::uint64_t first,
            std::uint64_t group) {
  const auto difference = [&](const std::function<double(const Winter&)>& value) {
    return montecarlo::paired(values_of(without, first, value), values_of(with, first, value),
                              group);
  };
  Saved result;
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    result.service[s] =
        difference([s](const Winter& winter) { return hours(winter.lost_seconds[s]); });
  }
  result.all = difference([](const Winter& winter) { return hours(winter.all_lost()); });
  result.facility_hours =
      difference([](const Winter& winter) { return hours(winter.gap_seconds); });
  const auto good = std::find_if(without.begin(), without.end(),
                                 [](const Winter& winter) { return winter.failure.empty(); });
  const std::size_t zones = good == without.end() ? 0 : good->zone_lost_seconds[0].size();
  result.zone.resize(zones);
  for (std::size_t zone = 0; zone < zones; ++zone) {
    for (std::size_t s = 0; s < kServiceCount; ++s) {
      result.zone[zone][s] = difference(
          [s, zone](const Winter& winter) { return hours(winter.zone_lost_seconds[s][zone]); });
    }
  }
  return result;
}

std::vector<Variant> variants_of(const Winters& winters) {
  const Facilities& facilities = winters.facilities();
  const Downstream& downstream = winters.downstream();
  std::vector<Variant> all;
  const auto add = [&all](Variant variant) {
    if (sets_in(variant.allocation) > 0) {
      all.push_back(std::move(variant));
    }
  };
  const auto of_kind = [&](FacilityKind kind) {
    return at(facilities, Added::diesel,
              [&facilities, kind](std::size_t i) { return facilities.kind[i] == kind; });
  };
  const std::vector<std::pair<FacilityKind, std::string>> kinds = {
      {FacilityKind::heating_point, "heating points"},
      {FacilityKind::boiler_house, "boiler houses"},
      {FacilityKind::pump_station, "pumping stations"},
      {FacilityKind::water_works, "water works"}};
  for (const auto& [kind, what] : kinds) {
    const std::string& name = facilities.kind_name[static_cast<std::size_t>(kind)];
    add({name, what, VariantKind::single, of_kind(kind), {}});
  }
  const std::size_t singles = all.size();
  const auto names_of = [&](const Allocation& bundle) {
    std::vector<std::string> names;
    for (std::size_t v = 0; v < singles; ++v) {
      // A part counts if the bundle has all of it.
      bool within = true;
      for (std::size_t i = 0; i < bundle.size(); ++i) {
        within = within && (all[v].allocation[i] == Added::none || bundle[i] != Added::none);
      }
      if (within) {
        names.push_back(all[v].name);
      }
    }
    return names;
  };
  const std::vector<std::uint8_t> boilers = boiler_networks(winters);
  const auto add_bundle = [&](const std::string& name, const std::string& what,
                              const Allocation& allocation) {
    const std::vector<std::string> parts = names_of(allocation);
    const bool is_one_part = std::any_of(all.begin(), all.end(), [&](const Variant& other) {
      return other.allocation == allocation;
    });
    if (!is_one_part) {
      add({name, what, VariantKind::bundle, allocation, parts});
    }
  };
  add_bundle("heat_bundle", "boiler houses with their heating points",
             at(facilities, Added::diesel, [&](std::size_t i) {
               const Reach& reach = downstream.of_facility[i];
               const bool behind_boilers =
                   reach.heat_node != kNone &&
                   boilers[downstream.network_of_heat_node[reach.heat_node]] != 0;
               return facilities.kind[i] == FacilityKind::boiler_house || behind_boilers;
             }));
  add_bundle(
      "water_bundle", "water works and pumping stations of their supply paths",
      at(facilities, Added::diesel, [&](std::size_t i) { return is_water(facilities.kind[i]); }));
  add_bundle("heat_and_water", "all of heat and water",
             at(facilities, Added::diesel, [&](std::size_t i) {
               return is_water(facilities.kind[i]) || downstream.of_facility[i].any();
             }));
  Variant cogeneration{
      "cogeneration",
      "boiler houses, by cogeneration on network gas",
      VariantKind::alternative,
      at(facilities, Added::cogeneration,
         [&](std::size_t i) {
           const auto& sources = winters.which().model.heat_source_facility;
           const auto source = std::find(sources.begin(), sources.end(), i);
           return facilities.kind[i] == FacilityKind::boiler_house && source != sources.end() &&
                  winters.which().model.heat_source_gas_zone[static_cast<std::size_t>(
                      source - sources.begin())] != kNone;
         }),
      {}};
  add(std::move(cogeneration));
  return all;
}

std::vector<Saving> savings_of(Winters& winters, std::uint64_t first,
                               std::span<const Winter> without, const Costs& costs) {
  std::vector<Saving> result;
  std::vector<std::vector<Winter>> with;
  const std::uint64_t group = winters.which().group;
  for (Variant& variant : variants_of(winters)) {
    with.push_back(winters.with(variant.allocation, first, without));
    Saving saving;
    saving.units = sets_in(variant.allocation);
    saving.cost = cost_of(variant.allocation, winters.facilities(), costs);
    saving.saved = saved(without, with.back(), first, group);
    saving.variant = std::move(variant);
    result.push_back(std::move(saving));
  }
  for (std::size_t v = 0; v < result.size(); ++v) {
    const std::vector<std::string>& parts = result[v].variant.parts;
    if (parts.size() < 2) {
      continue;
    }
    // S(bundle) - sum S(part), winter by winter; L(without) enters as often as there are parts.
    montecarlo::Values bundle, alone;
    for (std::size_t w = 0; w < without.size(); ++w) {
      double of_parts = 0.0;
      bool fine = without[w].failure.empty() && with[v][w].failure.empty();
      for (std::size_t p = 0; p < v; ++p) {
        if (std::find(parts.begin(), parts.end(), result[p].variant.name) != parts.end()) {
          of_parts += hours(without[w].all_lost() - with[p][w].all_lost());
          fine = fine && with[p][w].failure.empty();
        }
      }
      if (fine) {
        bundle.value.push_back(hours(without[w].all_lost() - with[v][w].all_lost()));
        alone.value.push_back(of_parts);
        bundle.replication.push_back(first + w);
        alone.replication.push_back(first + w);
      }
    }
    result[v].beyond_parts = montecarlo::paired(bundle, alone, group);
  }
  return result;
}

std::optional<Saving> mobile_boilers_doubled(const scenario::Scenario& scenario,
                                             const Facilities& facilities, int threads,
                                             const std::atomic<bool>* stop, std::uint64_t seed,
                                             std::uint64_t first, std::span<const Winter> without) {
  scenario::Scenario doubled = scenario;
  Saving saving;
  double megawatts = 0.0;
  for (scenario::MobileBoilerItem& item : doubled.mobile_boilers) {
    saving.units += static_cast<std::uint32_t>(item.units);
    megawatts += item.units * item.capacity_mw;
    item.units *= 2;
  }
  if (saving.units == 0) {
    return std::nullopt;
  }
  Diagnostics diagnostics;
  const std::unique_ptr<montecarlo::Case> which = montecarlo::prepare_case(doubled, diagnostics);
  if (!diagnostics.ok()) {
    return std::nullopt;  // the same scenario compiled: only a limit on numbers can be exceeded
  }
  which->seed = seed;
  Winters winters(*which, facilities, threads, stop);
  saving.saved = saved(without, winters.as_they_are(first, without.size()), first, which->group);
  saving.variant = {"mobile_boilers",
                    fmt::format("modular boilers, as many again ({:g} MW)", megawatts),
                    VariantKind::alternative,
                    {},
                    {}};
  return saving;
}

}  // namespace wintergrid::generators
