// The files of `wintergrid generators`: generators.json and tidy CSV.

#include <array>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/cli/generators_output.hpp"
#include "engine/report/tables.hpp"

namespace wintergrid::cli {
namespace {

using generators::GroupNeeds;
using generators::Levels;
using generators::Saving;
using generators::Scope;
using Json = nlohmann::ordered_json;

constexpr std::array<const char*, 3> kScopes = {"all", "zone", "kind"};
constexpr std::array<const char*, 3> kVariantKinds = {"single", "bundle", "alternative"};

/// Nothing where there is no number: an interval of one winter has no end.
std::string cell(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : std::string();
}

struct Quantity {
  const char* name;
  const char* unit;
  const Levels* levels;
};

std::array<Quantity, 5> quantities(const GroupNeeds& needs) {
  return {Quantity{"sets_at_once", "sets", &needs.sets_at_once},
          {"run_hours", "hours", &needs.run_hours},
          {"litres", "litres", &needs.litres},
          {"start_failures_at_once", "sets", &needs.start_failures_at_once},
          {"fuel_gaps_at_once", "sets", &needs.fuel_gaps_at_once}};
}

/// Positions of different levels: the one asked for may be among the others.
std::vector<std::size_t> levels_to_write(const GeneratorResults& results) {
  std::vector<std::size_t> places{0, 1, 2};
  const double asked = results.needs.level.back();
  if (asked != results.needs.level[0] && asked != results.needs.level[1] &&
      asked != results.needs.level[2]) {
    places.push_back(generators::kLevelCount - 1);
  }
  return places;
}

std::string needs_csv(const GeneratorResults& results) {
  std::string text =
      "by,name,set_class,facilities,without_set,quantity,unit,level,value,ci95_low,ci95_high\n";
  for (const GroupNeeds& needs : results.needs.groups) {
    const std::string begin = fmt::format(
        "{},{},{},{},{}", kScopes[static_cast<std::size_t>(needs.group.scope)],
        report::csv_field(group_name(results, needs.group)), class_label(needs.group.set_class),
        needs.group.facilities, needs.group.without_set);
    for (const Quantity& quantity : quantities(needs)) {
      for (const std::size_t place : levels_to_write(results)) {
        const montecarlo::Quantile& q = (*quantity.levels)[place];
        text += fmt::format("{},{},{},P{:g},{},{},{}\n", begin, quantity.name, quantity.unit,
                            100.0 * results.needs.level[place], q.value, q.low, q.high);
      }
    }
    text += fmt::format("{},prime_rated,facilities,P{},{},,\n", begin, results.level_percent,
                        needs.prime_rated);
    text += fmt::format("{},share_of_winters_over_200_hours,,,{},,\n", begin,
                        needs.share_of_winters_over_200_hours);
  }
  return text;
}

std::string gap_csv(const GeneratorResults& results) {
  std::string text = "set_class,sets,gap,mean_facility_hours,ci95_low,ci95_high\n";
  for (const generators::UnmetGap& gap : results.needs.gaps) {
    for (const auto& [name, estimate] :
         {std::pair<const char*, const montecarlo::Estimate*>{"no_set", &gap.no_set_hours},
          {"remaining_with_sets", &gap.remaining_hours},
          {"start_failure", &gap.failed_hours},
          {"out_of_fuel", &gap.fuel_gap_hours}}) {
      text +=
          fmt::format("{},{},{},{},{},{}\n", class_label(gap.set_class), gap.sets, name,
                      cell(estimate->mean), cell(estimate->ci95_low), cell(estimate->ci95_high));
    }
  }
  return text;
}

std::string saved_cells(const montecarlo::Paired& saved, double per) {
  return fmt::format("{},{},{}", cell(saved.mean / per), cell(saved.ci95_low / per),
                     cell(saved.ci95_high / per));
}

std::string savings_csv(const GeneratorResults& results) {
  std::string text =
      "variant,kind,units,cost_usd,quantity,winters,saved,ci95_low,ci95_high,per_unit,per_unit_"
      "ci95_low,per_unit_ci95_high,per_1000_usd,per_1000_usd_ci95_low,per_1000_usd_ci95_high\n";
  for (const Saving& saving : results.savings) {
    const auto line = [&](const std::string& quantity, const montecarlo::Paired& saved) {
      text += fmt::format("{},{},{},{},{},{},{},{},{}\n", saving.variant.name,
                          kVariantKinds[static_cast<std::size_t>(saving.variant.kind)],
                          saving.units, saving.cost ? cell(*saving.cost) : "", quantity,
                          saved.winters, saved_cells(saved, 1.0), saved_cells(saved, saving.units),
                          saving.cost ? saved_cells(saved, *saving.cost / 1000.0) : ",,");
    };
    for (std::size_t s = 0; s < kServiceCount; ++s) {
      line(fmt::format("{}_household_hours", kServiceNames[s]), saving.saved.service[s]);
    }
    line("all_household_hours", saving.saved.all);
    line("facility_hours", saving.saved.facility_hours);
    if (saving.beyond_parts) {
      line("all_household_hours_beyond_parts", *saving.beyond_parts);
    }
  }
  return text;
}

std::string savings_zones_csv(const GeneratorResults& results) {
  std::string text = "variant,zone,service,household_hours_saved,ci95_low,ci95_high\n";
  for (const Saving& saving : results.savings) {
    for (std::size_t zone = 0; zone < saving.saved.zone.size(); ++zone) {
      for (std::size_t s = 0; s < kServiceCount; ++s) {
        text += fmt::format("{},{},{},{}\n", saving.variant.name,
                            report::csv_field(results.zone_name[zone]), kServiceNames[s],
                            saved_cells(saving.saved.zone[zone][s], 1.0));
      }
    }
  }
  return text;
}

std::string allocations_csv(const AllocationResults& allocation) {
  std::string text =
      "rule,sets,cost_usd,quantity,winters,saved,ci95_low,ci95_high,by_saving_saves_more,more_"
      "ci95_low,more_ci95_high\n";
  for (const Allocated& rule : allocation.rules) {
    const auto line = [&](const std::string& quantity, const montecarlo::Paired& saved,
                          const std::string& more) {
      text += fmt::format("{},{},{},{},{},{},{}\n", rule.rule, rule.served.size(), rule.cost,
                          quantity, saved.winters, saved_cells(saved, 1.0), more);
    };
    for (std::size_t s = 0; s < kServiceCount; ++s) {
      line(fmt::format("{}_household_hours", kServiceNames[s]), rule.saved.service[s], ",,");
    }
    line("all_household_hours", rule.saved.all,
         rule.less_than_best ? saved_cells(*rule.less_than_best, 1.0) : ",,");
    line("facility_hours", rule.saved.facility_hours, ",,");
  }
  return text;
}

/// By zone and class, not by kind: a zone has few facilities of one kind.
std::string allocation_zones_csv(const GeneratorResults& results) {
  std::string text = "rule,zone,set_class,sets\n";
  const generators::Facilities& facilities = *results.facilities;
  for (const Allocated& rule : results.allocation->rules) {
    std::map<std::pair<std::uint32_t, std::size_t>, std::size_t> count;
    for (const std::uint32_t i : rule.served) {
      ++count[{facilities.zone[i], facilities.set_class[i]}];
    }
    for (const auto& [key, sets] : count) {
      text +=
          fmt::format("{},{},{},{}\n", rule.rule, report::csv_field(results.zone_name[key.first]),
                      class_label(key.second), sets);
    }
  }
  return text;
}

/// Names facilities: the user's own, local file.
std::string allocation_csv(const GeneratorResults& results) {
  std::string text =
      "# Names facilities: keep this file local.\n"
      "facility,kind,zone,required_kw,set_kw,chosen_by\n";
  const generators::Facilities& facilities = *results.facilities;
  const AllocationResults& allocation = *results.allocation;
  const std::vector<std::uint32_t>& served = allocation.rules.front().served;
  const std::vector<std::uint32_t> given =
      generators::hand_out(allocation.stock, facilities, served);
  for (std::size_t k = 0; k < served.size(); ++k) {
    const std::uint32_t i = served[k];
    text += fmt::format(
        "{},{},{},{},{},{}\n", report::csv_field(facilities.name[i]),
        facilities.kind_name[static_cast<std::size_t>(facilities.kind[i])],
        report::csv_field(results.zone_name[facilities.zone[i]]), facilities.required_kw[i],
        allocation.stock[given[k]].rating_kw,
        k < allocation.chosen.for_households ? "household_hours" : "winters_without_grid");
  }
  return text;
}

Json json_of(const montecarlo::Paired& saved, double per = 1.0) {
  return {{"mean", saved.mean / per},
          {"ci95_low", saved.ci95_low / per},
          {"ci95_high", saved.ci95_high / per}};
}

Json json_of(const montecarlo::Estimate& estimate) {
  return {
      {"mean", estimate.mean}, {"ci95_low", estimate.ci95_low}, {"ci95_high", estimate.ci95_high}};
}

Json json_of(const generators::Saved& saved, double per) {
  Json json;
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    json[std::string(kServiceNames[s])] = json_of(saved.service[s], per);
  }
  json["all"] = json_of(saved.all, per);
  return json;
}

Json needs_json(const GeneratorResults& results) {
  Json list = Json::array();
  for (const GroupNeeds& needs : results.needs.groups) {
    Json item;
    item["by"] = kScopes[static_cast<std::size_t>(needs.group.scope)];
    item["name"] = group_name(results, needs.group);
    item["set_class"] = class_label(needs.group.set_class);
    item["facilities"] = needs.group.facilities;
    item["without_set"] = needs.group.without_set;
    for (const Quantity& quantity : quantities(needs)) {
      for (const std::size_t place : levels_to_write(results)) {
        const montecarlo::Quantile& q = (*quantity.levels)[place];
        item[quantity.name][fmt::format("p{:g}", 100.0 * results.needs.level[place])] = {
            {"value", q.value}, {"ci95_low", q.low}, {"ci95_high", q.high}};
      }
    }
    // The recommendation, whichever level was asked for.
    for (const Quantity& quantity : quantities(needs)) {
      const montecarlo::Quantile& q = quantity.levels->back();
      item["at_level"][quantity.name] = {
          {"value", q.value}, {"ci95_low", q.low}, {"ci95_high", q.high}};
    }
    item["prime_rated"] = needs.prime_rated;
    item["share_of_winters_over_200_hours"] = needs.share_of_winters_over_200_hours;
    list.push_back(std::move(item));
  }
  return list;
}

Json savings_json(const GeneratorResults& results) {
  Json list = Json::array();
  for (const Saving& saving : results.savings) {
    Json item;
    item["variant"] = saving.variant.name;
    item["kind"] = kVariantKinds[static_cast<std::size_t>(saving.variant.kind)];
    item["meaning"] = saving.variant.what;
    item["units"] = saving.units;
    item["cost_usd"] = saving.cost ? Json(*saving.cost) : Json(nullptr);
    item["household_hours_saved"] = json_of(saving.saved, 1.0);
    item["household_hours_saved_per_unit"] = json_of(saving.saved, saving.units);
    if (saving.cost) {
      item["household_hours_saved_per_1000_usd"] = json_of(saving.saved, *saving.cost / 1000.0);
    }
    item["facility_hours_saved"] = json_of(saving.saved.facility_hours);
    if (saving.beyond_parts) {
      item["parts"] = saving.variant.parts;
      item["beyond_parts"] = json_of(*saving.beyond_parts);
    }
    list.push_back(std::move(item));
  }
  return list;
}

/// Where the sets of a rule go: by class, kind and zone, each on its own; facilities have their
/// own, local file.
Json sets_by_json(const GeneratorResults& results, const Allocated& rule) {
  const generators::Facilities& facilities = *results.facilities;
  std::map<std::size_t, std::size_t> classes, kinds, zones;
  for (const std::uint32_t i : rule.served) {
    ++classes[facilities.set_class[i]];
    ++kinds[static_cast<std::size_t>(facilities.kind[i])];
    ++zones[facilities.zone[i]];
  }
  Json list = Json::array();
  const auto add = [&list](const char* by, const std::string& name, std::size_t sets) {
    list.push_back({{"by", by}, {"name", name}, {"sets", sets}});
  };
  for (const auto& [set_class, sets] : classes) {
    add("class", class_label(set_class), sets);
  }
  for (const auto& [kind, sets] : kinds) {
    add("kind", facilities.kind_name[kind], sets);
  }
  for (const auto& [zone, sets] : zones) {
    add("zone", results.zone_name[zone], sets);
  }
  return list;
}

Json allocation_json(const GeneratorResults& results) {
  const AllocationResults& allocation = *results.allocation;
  Json json;
  json["objective"] = "household-hours without power, heat or water, added up";
  json["chosen_on_winters"] = {{"first", allocation.first_winter}, {"count", allocation.winters}};
  json["estimated_on_winters"] = {{"first", 0}, {"count", results.winters}};
  json["sets_by_household_hours"] = allocation.chosen.for_households;
  json["swaps"] = allocation.chosen.swaps;
  json["winters_simulated_to_choose"] = allocation.chosen.simulations;
  json["ended_at_limit_of_simulations"] = allocation.chosen.out_of_budget;
  Json stock = Json::array();
  for (const generators::StockItem& item : allocation.stock) {
    stock.push_back({{"rating_kw", item.rating_kw}, {"count", item.count}});
  }
  json["stock"] = std::move(stock);
  Json rules = Json::array();
  for (const Allocated& rule : allocation.rules) {
    Json item;
    item["rule"] = rule.rule;
    item["meaning"] = rule.what;
    item["sets"] = rule.served.size();
    item["sets_by"] = sets_by_json(results, rule);
    item["cost_usd"] = rule.cost;
    item["household_hours_saved"] = json_of(rule.saved, 1.0);
    item["facility_hours_saved"] = json_of(rule.saved.facility_hours);
    if (rule.less_than_best) {
      item["by_saving_saves_more"] = json_of(*rule.less_than_best);
      item["share_of_winters_by_saving_saves_more"] =
          1.0 - rule.less_than_best->share_a_smaller - rule.less_than_best->share_equal;
    }
    rules.push_back(std::move(item));
  }
  json["rules"] = std::move(rules);
  return json;
}

}  // namespace

std::string class_label(std::size_t set_class) {
  return set_class == generators::kAllClasses ? "all" : report::set_class_name(set_class);
}

std::string group_name(const GeneratorResults& results, const generators::Group& group) {
  switch (group.scope) {
    case Scope::zone:
      return results.zone_name[group.index];
    case Scope::kind:
      return results.facilities->kind_name[group.index];
    case Scope::all:
      break;
  }
  return "all";
}

std::string generators_json(const GeneratorResults& results) {
  Json json;
  json["format"] = "wintergrid-generators";
  json["format_version"] = 1;
  json["program_version"] = results.facts.program_version;
  json["scenario"] = results.facts.scenario_name;
  json["scenario_sha256"] = results.facts.scenario_sha256;
  json["overlays"] = results.facts.overlays;
  json["policy"] = results.facts.policy;
  json["seed"] = results.facts.seed;
  json["winters"] = results.winters;
  json["failed_winters"] = results.failed;
  json["horizon_days"] = results.facts.horizon_days;
  json["level"] = fmt::format("P{}", results.level_percent);
  json["notes"] = results.notes;
  json["needs"] = needs_json(results);
  Json gaps = Json::array();
  for (const generators::UnmetGap& gap : results.needs.gaps) {
    gaps.push_back({{"set_class", class_label(gap.set_class)},
                    {"sets", gap.sets},
                    {"no_set_facility_hours", json_of(gap.no_set_hours)},
                    {"remaining_facility_hours", json_of(gap.remaining_hours)},
                    {"start_failure_facility_hours", json_of(gap.failed_hours)},
                    {"out_of_fuel_facility_hours", json_of(gap.fuel_gap_hours)}});
  }
  json["unmet_gap"] = std::move(gaps);
  json["savings"] = savings_json(results);
  if (results.allocation) {
    json["allocation"] = allocation_json(results);
  }
  return json.dump(2) + "\n";
}

std::vector<std::pair<std::string, std::string>> generators_tables(
    const GeneratorResults& results) {
  std::vector<std::pair<std::string, std::string>> files{
      {"needs.csv", needs_csv(results)},
      {"unmet_gap.csv", gap_csv(results)},
      {"savings.csv", savings_csv(results)},
      {"savings_zones.csv", savings_zones_csv(results)}};
  if (results.allocation) {
    files.emplace_back("allocations.csv", allocations_csv(*results.allocation));
    files.emplace_back("allocation_zones.csv", allocation_zones_csv(results));
    files.emplace_back("allocation.csv", allocation_csv(results));
  }
  return files;
}

}  // namespace wintergrid::cli
