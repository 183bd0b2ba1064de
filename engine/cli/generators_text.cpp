// The terminal table of `wintergrid generators`.

#include <string_view>

#include <fmt/format.h>

#include "engine/cli/generators_output.hpp"
#include "engine/report/terminal.hpp"

namespace wintergrid::cli {
namespace {

using generators::GroupNeeds;
using generators::Levels;
using generators::Saving;
using generators::Scope;
using report::counted;

/// Without a minus sign before a zero.
std::string rounded(double value) {
  const std::string text = report::rounded(value);
  return text == "-0" ? "0" : text;
}

std::string sign(double value) { return (value > 0 ? "+" : "") + rounded(value); }

std::string three(const Levels& levels) {
  return fmt::format("{} / {} / {}", rounded(levels[0].value), rounded(levels[1].value),
                     rounded(levels[2].value));
}

std::string at_level(const Levels& levels) {
  const montecarlo::Quantile& q = levels[generators::kLevelCount - 1];
  return fmt::format("{} ({} to {})", rounded(q.value), rounded(q.low), rounded(q.high));
}

std::string needs_line(const std::string& label, const GroupNeeds& needs) {
  return fmt::format("  {:<16} {:>6} {:>7}   {:<16} {:<18} {:<22} {:<30} {:>5}   {:<13} {}\n",
                     label, needs.group.facilities, needs.group.without_set,
                     three(needs.sets_at_once), at_level(needs.sets_at_once),
                     three(needs.run_hours), three(needs.litres), needs.prime_rated,
                     three(needs.start_failures_at_once), three(needs.fuel_gaps_at_once));
}

std::string needs_text(const GeneratorResults& results) {
  std::string text = fmt::format(
      "\nNeeds: facilities with neither grid nor a set of their own. P50 / P80 / P95 of winters "
      "(half, 8 of 10, 19 of 20 need no more);\nat once = the most at one moment of a winter, "
      "beside it P{} with 95 % interval; hours and litres: of the winter, all together.\nprime: "
      "facilities whose set runs over {:g} h in the winter at P{}: prime-rated, not standby (ISO "
      "8528-1).\nSets that are there but fail to start, break down or run dry are not in the need: "
      "most at once in the last columns.\n",
      results.level_percent, generators::kStandbyHours, results.level_percent);
  const auto head = [&](const char* what) {
    return fmt::format("  {:<16} {:>6} {:>7}   {:<16} {:<18} {:<22} {:<30} {:>5}   {:<13} {}\n",
                       what, "there", "no set", "sets at once",
                       fmt::format("P{}", results.level_percent), "run-hours", "litres", "prime",
                       "not starting", "dry");
  };
  text += head("class");
  std::size_t zones = 0;
  const GroupNeeds* total = nullptr;
  for (const GroupNeeds& needs : results.needs.groups) {
    zones += needs.group.scope == Scope::zone && needs.group.set_class == generators::kAllClasses;
    if (needs.group.scope != Scope::all) {
      continue;
    }
    if (needs.group.set_class == generators::kAllClasses) {
      total = &needs;
    } else {
      text += needs_line(class_label(needs.group.set_class), needs);
    }
  }
  text += total != nullptr ? needs_line("all", *total) : "";
  text += head("kind");
  for (const GroupNeeds& needs : results.needs.groups) {
    if (needs.group.scope == Scope::kind && needs.group.set_class == generators::kAllClasses) {
      text += needs_line(group_name(results, needs.group), needs);
    }
  }
  text += fmt::format("  by zone ({}) and class: needs.csv\n", zones);
  return text;
}

std::string gap_text(const GeneratorResults& results) {
  std::string text = fmt::format(
      "\nUnmet gap: facility-hours a winter without grid and set, means with 95 % interval; with "
      "the sets of P{}\nof each class at hand, moved at once to where they are needed (a lower "
      "bound of what remains)\n  {:<16} {:>5}   {:<30} {:<28} {:<12} {}\n",
      results.level_percent, "class", "sets", "without them", "with them", "not starting", "dry");
  for (const generators::UnmetGap& gap : results.needs.gaps) {
    const auto interval = [](const montecarlo::Estimate& e) {
      return fmt::format("{} ({} to {})", rounded(e.mean), rounded(e.ci95_low),
                         rounded(e.ci95_high));
    };
    text += fmt::format("  {:<16} {:>5}   {:<30} {:<28} {:<12} {}\n", class_label(gap.set_class),
                        gap.sets, interval(gap.no_set_hours), interval(gap.remaining_hours),
                        rounded(gap.failed_hours.mean), rounded(gap.fuel_gap_hours.mean));
  }
  return text;
}

std::string saved_line(std::string_view what, const montecarlo::Paired& saved, double units,
                       const std::optional<double>& cost) {
  const bool clear = saved.ci95_low > 0.0 || saved.ci95_high < 0.0;
  const auto interval = [&saved](double per) {
    return fmt::format("{} ({} to {})", rounded(saved.mean / per), rounded(saved.ci95_low / per),
                       rounded(saved.ci95_high / per));
  };
  return fmt::format("    {:<6} {:<38} {:<32} {:<30}{}\n", what, interval(1.0), interval(units),
                     cost && *cost > 0.0 ? interval(*cost / 1000.0) : std::string("no price"),
                     clear ? "" : " no clear difference");
}

std::string savings_text(const GeneratorResults& results) {
  if (results.savings.empty()) {
    return "\nNo heating point, boiler house, pumping station or works is without a set of its "
           "own: more sets would save no household-hours here.\n";
  }
  std::string text = fmt::format(
      "\nWhat sets save: the same {} again with a set at every facility without one; "
      "household-hours a winter, paired, with 95 % interval.\nSets that are sent fail to start "
      "(with others of their zone, and more in the cold), break "
      "down and run dry like those that are there.\n    {:<6} {:<38} {:<32} {}\n",
      counted(results.winters, "winter", "winters"), "", "together", "per set", "per 1,000 USD");
  for (const Saving& saving : results.savings) {
    const bool sets = !saving.variant.allocation.empty();
    text += fmt::format(
        "  {}: {}{}\n", saving.variant.what,
        sets ? counted(saving.units, "set", "sets") : counted(saving.units, "unit", "units"),
        saving.cost ? fmt::format(", {} USD", rounded(*saving.cost)) : "");
    for (const Service service : {Service::power, Service::heat, Service::water}) {
      const auto s = static_cast<std::size_t>(service);
      const montecarlo::Paired& paired = saving.saved.service[s];
      if (paired.share_equal < 1.0) {
        text += saved_line(kServiceNames[s], paired, saving.units, saving.cost);
      }
    }
    if (saving.saved.all.share_equal >= 1.0) {
      text += "    nothing: no winter is different\n";
    }
    if (saving.beyond_parts) {
      const montecarlo::Paired& more = *saving.beyond_parts;
      text += fmt::format("    beyond its parts alone: {} ({} to {})\n", sign(more.mean),
                          sign(more.ci95_low), sign(more.ci95_high));
    }
  }
  text +=
      "  Prices are assumptions (data/generators/set_costs.csv), and their range is not in the "
      "intervals. Where one reaches below 0 the winters do not tell.\n"
      "  No household-hours hang on hospitals, shelters, telecom and sewage lifts here: theirs are "
      "the facility-hours above.\n";
  return text;
}

std::string allocation_text(const GeneratorResults& results) {
  const AllocationResults& allocation = *results.allocation;
  std::uint64_t sets = 0;
  for (const generators::StockItem& item : allocation.stock) {
    sets += item.count;
  }
  std::string text = fmt::format(
      "\nThe stock: {}. Chosen on {} (numbers {} to {}), estimated on the {} "
      "above, which had no say in it.\nObjective: household-hours without power, heat or water, "
      "added up.\n  {:<18} {:>5} {:>14}   {:<34} {:<34} {}\n",
      counted(sets, "set", "sets"), counted(allocation.winters, "other winter", "other winters"),
      allocation.first_winter, allocation.first_winter + allocation.winters - 1, results.winters,
      "rule", "sets", "cost, USD", "household-hours saved a winter", "by_saving saves more",
      "facility-hours with supply");
  const auto interval = [](const montecarlo::Paired& p) {
    return fmt::format("{} ({} to {})", rounded(p.mean), rounded(p.ci95_low), rounded(p.ci95_high));
  };
  for (const Allocated& rule : allocation.rules) {
    text += fmt::format("  {:<18} {:>5} {:>14}   {:<34} {:<34} {}\n", rule.rule, rule.served.size(),
                        rounded(rule.cost), interval(rule.saved.all),
                        rule.less_than_best ? interval(*rule.less_than_best) : "",
                        interval(rule.saved.facility_hours));
  }
  const std::size_t given = allocation.rules.front().served.size();
  text += fmt::format(
      "  by_saving: {} by household-hours ({}), {} more where facilities are most often "
      "without grid, {} left over;\n  {} simulated to choose.\n  Where each goes: "
      "allocation.csv (names facilities: keep it "
      "local); by zone: allocation_zones.csv.\n",
      counted(allocation.chosen.for_households, "set", "sets"),
      counted(allocation.chosen.swaps, "swap", "swaps"), given - allocation.chosen.for_households,
      sets - given, counted(allocation.chosen.simulations, "winter", "winters"));
  if (allocation.chosen.out_of_budget) {
    text += "  The search ended at its limit of simulations: a better allocation may exist.\n";
  }
  return text;
}

}  // namespace

std::string generators_text(const GeneratorResults& results) {
  const report::RunFacts& facts = results.facts;
  std::string text =
      fmt::format("{}: {}, {} {} from {}; {}, level P{}, repairs {}, seed {}\n",
                  facts.scenario_name, counted(results.households, "household", "households"),
                  facts.horizon_days, facts.horizon_days == 1 ? "day" : "days", facts.start,
                  counted(results.winters, "winter", "winters"), results.level_percent,
                  facts.policy, facts.seed);
  for (const std::string& note : results.notes) {
    text += "Note: " + note + "\n";
  }
  text += needs_text(results) + gap_text(results) + savings_text(results);
  return results.allocation ? text + allocation_text(results) : text;
}

}  // namespace wintergrid::cli
