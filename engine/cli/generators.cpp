// generators: which sets facilities need, what they save, and where a stock of them saves most.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "engine/cli/commands.hpp"
#include "engine/cli/console.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/cli/generators_output.hpp"
#include "engine/cli/load.hpp"
#include "engine/io/atomic_file.hpp"
#include "engine/io/diagnostics_text.hpp"
#include "engine/io/source_text.hpp"
#include "engine/report/command_tables.hpp"
#include "engine/report/data_package.hpp"
#include "engine/report/terminal.hpp"

namespace wintergrid::cli {
namespace {

using generators::Winter;
using generators::Winters;

struct StockFile {
  std::vector<generators::StockItem> items;
  int exit_code = kOk;
};

StockFile read_stock_file(const std::string& path) {
  StockFile result;
  Diagnostics diagnostics;
  const std::optional<io::SourceText> source =
      io::read_source(path, io::kMebibyte, SourcePlace{}, diagnostics);
  if (source) {
    result.items = generators::read_stock(*source, diagnostics);
  }
  if (!diagnostics.ok()) {
    fmt::print(stderr, "{}", io::diagnostics_text(diagnostics));
    result.exit_code = source ? kBadData : kNoInput;
  }
  return result;
}

/// What the stock's sets cost together that went out; prices of the class where none are given.
double cost_of(const std::vector<generators::StockItem>& stock,
               const generators::Facilities& facilities, const std::vector<std::uint32_t>& served) {
  double sum = 0.0;
  for (const std::uint32_t item : generators::hand_out(stock, facilities, served)) {
    const auto above =
        std::lower_bound(kSetClassUpperKw.begin(), kSetClassUpperKw.end(), stock[item].rating_kw);
    const auto c = static_cast<std::size_t>(above - kSetClassUpperKw.begin());
    sum += std::isnan(stock[item].cost) ? generators::bundled_costs().diesel[c].typical
                                        : stock[item].cost;
  }
  return sum;
}

AllocationResults allocate(Winters& winters, std::vector<generators::StockItem> stock,
                           const std::vector<Winter>& without) {
  AllocationResults result;
  result.stock = std::move(stock);
  const generators::Facilities& facilities = winters.facilities();
  const std::uint64_t group = winters.which().group;
  // Winters of their own, so that what is printed is not what was searched for; whole draws of
  // parameters.
  result.first_winter = (without.size() + group - 1) / group * group;
  result.winters = std::max<std::uint64_t>(2, without.size() / 2 / group * group);
  result.chosen =
      generators::choose_by_saving(winters, result.stock, result.first_winter, result.winters);
  result.rules = {
      {"by_saving", "saves most household-hours", result.chosen.served, 0.0, {}, {}},
      {"by_population",
       "zones in proportion to households, within a zone the largest requirement first",
       generators::choose_by_population(facilities, result.stock),
       0.0,
       {},
       {}},
      {"hospitals_first",
       "hospitals, then water, sewage, boiler houses, heating points, shelters, the rest",
       generators::choose_hospitals_first(facilities, result.stock),
       0.0,
       {},
       {}}};
  const auto all_hours = [](const Winter& winter) { return hours_from_seconds(winter.all_lost()); };
  std::vector<Winter> best;
  for (Allocated& rule : result.rules) {
    std::vector<Winter> with =
        winters.with(generators::allocation_of(facilities, rule.served), 0, without);
    rule.cost = cost_of(result.stock, facilities, rule.served);
    rule.saved = generators::saved(without, with, 0, group);
    if (best.empty()) {
      best = std::move(with);
    } else {
      rule.less_than_best = montecarlo::paired(generators::values_of(with, 0, all_hours),
                                               generators::values_of(best, 0, all_hours), group);
    }
  }
  return result;
}

/// All winters of the needs; failed ones are left out of them and counted.
std::vector<Winter> find_needs(Winters& winters, std::uint64_t count, double level,
                               GeneratorResults& results) {
  std::vector<generators::WinterNeeds> all(count);
  std::vector<generators::Job> jobs(count);
  for (std::uint64_t w = 0; w < count; ++w) {
    jobs[w].winter = w;
    jobs[w].needs = &all[w];
  }
  std::vector<Winter> without = winters.run(jobs);
  std::vector<generators::WinterNeeds> fine;
  std::vector<std::uint64_t> replication;
  for (std::uint64_t w = 0; w < count; ++w) {
    if (without[w].failure.empty()) {
      fine.push_back(std::move(all[w]));
      replication.push_back(w);
    }
  }
  results.failed = count - fine.size();
  if (!fine.empty()) {
    results.needs =
        generators::summarise_needs(winters.which().model, winters.facilities(), winters.grouping(),
                                    fine, replication, winters.which().group, level);
  }
  return without;
}

int write_all(const std::string& folder, const GeneratorResults& results,
              report::Language language) {
  std::vector<std::pair<std::string, std::string>> files = generators_tables(results);
  report::RunFacts facts = results.facts;
  facts.replications_wanted = results.winters;
  files.emplace_back("datapackage.json",
                     report::data_package_json(
                         facts,
                         {"Generator sets: how many are needed, and what they save.",
                          "Генератори: скільки їх треба й що вони зберігають."},
                         report::generators_tables(results.allocation.has_value()), language));
  files.emplace_back("generators.json", generators_json(results));  // last: then all is there
  for (const auto& [name, text] : files) {
    const std::string error =
        io::write_file_atomically(io::system_file_ops(), folder + "/" + name, text);
    if (!error.empty()) {
      fmt::print(stderr, "error: {}\n", error);
      return kInputOutput;
    }
  }
  return kOk;
}

}  // namespace

int generators_command(const GeneratorsArguments& arguments, const CommonArguments& common) {
  Loaded loaded = load(arguments.scenario, arguments.what_if);
  if (loaded.exit_code != kOk) {
    return loaded.exit_code;
  }
  StockFile stock;
  if (!arguments.stock.empty()) {
    stock = read_stock_file(arguments.stock);
    if (stock.exit_code != kOk) {
      return stock.exit_code;
    }
  }
  const montecarlo::Case& which = *loaded.which;
  loaded.which->seed = arguments.seed.value_or(loaded.scenario.seed);
  if (which.model.facilities.count() == 0) {
    fmt::print(stderr,
               "{}: error: the scenario has no facilities\n   hint: list them in the table "
               "facilities (data/reference.md)\n",
               loaded.scenario.file);
    return kBadData;
  }
  const FolderLock lock(arguments.out);
  if (!lock.error().empty()) {
    fmt::print(stderr, "error: {}\n", lock.error());
    return kCannotCreate;
  }
  const generators::Facilities facilities = generators::facilities_of(loaded.scenario, which.model);
  GeneratorResults results;
  results.facts = run_facts(loaded.scenario, which.policy, which.seed);
  results.winters = static_cast<std::uint64_t>(arguments.replications);
  results.households = which.model.total_households;
  results.level_percent = arguments.level_percent;
  results.facilities = &facilities;
  for (const scenario::ZoneRow& zone : loaded.scenario.zones) {
    results.zone_name.push_back(zone.zone);
  }
  if (which.unknown) {
    results.notes.emplace_back(
        "cells that are unknown keep their typical values here: one list of sets is asked for");
  }
  std::string doing = "needs";
  const bool show = !common.quiet && isatty(STDERR_FILENO) != 0;
  Winters winters(which, facilities, arguments.threads, &stop_flag(),
                  [&](std::uint64_t done, std::uint64_t of) {
                    if (show) {
                      fmt::print(stderr, "\r{}: {} of {} winters   ", doing, done, of);
                    }
                  });
  try {
    const double level = arguments.level_percent / 100.0;
    const std::vector<Winter> without = find_needs(winters, results.winters, level, results);
    if (results.failed == results.winters) {
      fmt::print(stderr, "error: every winter failed; the first: {}\n   hint: wintergrid replay\n",
                 without.front().failure);
      return kBug;
    }
    doing = "with sets";
    results.savings = generators::savings_of(winters, 0, without, generators::bundled_costs());
    if (std::optional<generators::Saving> boilers = generators::mobile_boilers_doubled(
            loaded.scenario, facilities, arguments.threads, &stop_flag(), which.seed, 0, without)) {
      results.savings.push_back(std::move(*boilers));
    }
    if (!stock.items.empty()) {
      doing = "allocation";
      results.allocation = allocate(winters, std::move(stock.items), without);
    }
  } catch (const generators::Stopped&) {
    fmt::print(stderr, "\ninterrupted: nothing was written\n");
    return kInterrupted;
  }
  if (show) {
    fmt::print(stderr, "\n");
  }
  if (results.failed > 0) {
    results.notes.push_back(report::counted(results.failed, "winter failed and is left out",
                                            "winters failed and are left out"));
  }
  // First, so that a full disk does not lose what took minutes.
  fmt::print("{}", common.json ? generators_json(results) : generators_text(results));
  const int code = write_all(arguments.out, results, report::language_of(common.language));
  if (code == kOk && !common.json) {
    fmt::print("\nResults are in {}\n", arguments.out);
  }
  return code;
}

}  // namespace wintergrid::cli
