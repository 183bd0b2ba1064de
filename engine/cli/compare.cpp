// Policies or overlays on the same draws: paired differences.

#include <cstdio>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/cli/commands.hpp"
#include "engine/cli/console.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/cli/load.hpp"
#include "engine/io/atomic_file.hpp"
#include "engine/io/suggest.hpp"
#include "engine/report/report_data.hpp"
#include "engine/report/terminal.hpp"
#include "engine/report/write_results.hpp"

namespace wintergrid::cli {
namespace {

using Row = report::ComparedPair;

/// One of what is compared.
struct Variant {
  std::string name;
  const montecarlo::Case* which = nullptr;
  recovery::PolicyKind policy{};
};

/// Policies: each with each. Overlays: each with the first, the scenario as it is.
std::vector<Row> pair_up(const std::vector<Variant>& variants,
                         const std::vector<montecarlo::Tally>& tallies, bool with_first_only) {
  std::vector<Row> rows;
  const montecarlo::Case& which = *variants.front().which;
  const std::uint64_t group = which.group;
  for (const std::string_view service : kServiceNames) {
    const std::size_t metric =
        montecarlo::metric_index(fmt::format("{}.household_hours_lost", service));
    if (!montecarlo::is_modelled(metric, which.model)) {
      continue;
    }
    const double per_unit = montecarlo::metrics()[metric].per_unit;
    for (std::size_t a = 0; a < (with_first_only ? 1 : tallies.size()); ++a) {
      for (std::size_t b = a + 1; b < tallies.size(); ++b) {
        const montecarlo::Values of_a = montecarlo::values_of(tallies[a], metric, per_unit);
        const montecarlo::Values of_b = montecarlo::values_of(tallies[b], metric, per_unit);
        Row row{std::string(service),
                variants[a].name,
                variants[b].name,
                montecarlo::paired(of_a, of_b, group),
                montecarlo::estimate(of_a, group).mean,
                montecarlo::estimate(of_b, group).mean};
        rows.push_back(row);
      }
    }
  }
  return rows;
}

std::string comparison_csv(const std::vector<Row>& rows, std::string_view kind) {
  std::string text = report::header_line(report::compare_table(kind));
  for (const Row& row : rows) {
    const montecarlo::Paired& d = row.difference;
    text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}\n", row.service, row.a, row.b,
                        d.winters, row.mean_a, row.mean_b, d.mean, d.ci95_low, d.ci95_high,
                        d.share_a_smaller, 1.0 - d.share_a_smaller - d.share_equal, d.share_equal);
  }
  return text;
}

std::string comparison_text(const std::vector<Row>& rows, std::uint64_t winters,
                            std::string_view kind) {
  std::string text =
      fmt::format("Household-hours lost, same {} for every {}; a minus b, with 95 % interval\n",
                  report::counted(winters, "winter", "winters"), kind);
  for (const Row& row : rows) {
    const montecarlo::Paired& d = row.difference;
    const bool clear = d.ci95_low > 0.0 || d.ci95_high < 0.0;
    const auto sign = [](double value) { return (value > 0 ? "+" : "") + report::rounded(value); };
    text += fmt::format(
        "  {:<6} {} against {}: {} ({} to {}); {} wins in {:.0f} % of winters, {} in {:.0f} %{}\n",
        row.service, row.a, row.b, sign(d.mean), sign(d.ci95_low), sign(d.ci95_high), row.a,
        100.0 * d.share_a_smaller, row.b, 100.0 * (1.0 - d.share_a_smaller - d.share_equal),
        clear ? "" : "; no clear difference");
  }
  return text;
}

std::string comparison_json(const std::vector<Row>& rows, const report::RunFacts& facts,
                            std::uint64_t winters, const std::string& kind) {
  nlohmann::ordered_json json;
  json["format"] = "wintergrid-compare";
  json["format_version"] = 1;
  json["program_version"] = facts.program_version;
  json["scenario_sha256"] = facts.scenario_sha256;
  json["seed"] = facts.seed;
  json["replications"] = winters;
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Row& row : rows) {
    const montecarlo::Paired& d = row.difference;
    list.push_back(
        {{"service", row.service},
         {kind + "_a", row.a},
         {kind + "_b", row.b},
         {"mean_a", row.mean_a},
         {"mean_b", row.mean_b},
         {"difference", {{"mean", d.mean}, {"ci95_low", d.ci95_low}, {"ci95_high", d.ci95_high}}},
         {"share_of_winters_a_wins", d.share_a_smaller},
         {"share_of_winters_b_wins", 1.0 - d.share_a_smaller - d.share_equal},
         {"share_equal", d.share_equal},
         {"winters", d.winters}});
  }
  json["household_hours_lost"] = std::move(list);
  return json.dump(2) + "\n";
}

}  // namespace

/// What `compare` runs, or why not.
struct Setup {
  std::vector<Loaded> loaded;  ///< keeps the cases
  std::vector<Variant> variants;
  int exit_code = kOk;
};

Setup set_up_policies(const CompareArguments& arguments) {
  Setup setup;
  std::vector<recovery::PolicyKind> kinds;
  for (const std::string& name : arguments.policies) {
    recovery::PolicyKind kind{};
    if (!montecarlo::policy_from_text(name, kind)) {
      fmt::print(stderr, "{}", policy_problem(name));
      setup.exit_code = kUsage;
      return setup;
    }
    kinds.push_back(kind);
  }
  if (kinds.size() < 2) {
    fmt::print(stderr,
               "error: nothing to compare\n   hint: --policies with at least two, or --overlays "
               "with at least one, separated by commas\n");
    setup.exit_code = kUsage;
    return setup;
  }
  setup.loaded.push_back(load(arguments.scenario, arguments.what_if));
  const Loaded& loaded = setup.loaded.front();
  setup.exit_code = loaded.exit_code;
  for (std::size_t i = 0; i < kinds.size() && setup.exit_code == kOk; ++i) {
    const std::string unready = policy_without_list(kinds[i], loaded.scenario);
    if (!unready.empty()) {
      fmt::print(stderr, "{}", unready);
      setup.exit_code = kBadData;
    }
    setup.variants.push_back({arguments.policies[i], loaded.which.get(), kinds[i]});
  }
  return setup;
}

Setup set_up_overlays(const CompareArguments& arguments) {
  Setup setup;
  setup.loaded.push_back(load(arguments.scenario, arguments.what_if));
  setup.exit_code = setup.loaded.back().exit_code;
  for (const std::string& overlay : arguments.overlays) {
    if (setup.exit_code != kOk) {
      return setup;
    }
    WhatIf what_if = arguments.what_if;
    what_if.overlays.push_back(overlay);
    setup.loaded.push_back(load(arguments.scenario, what_if));
    setup.exit_code = setup.loaded.back().exit_code;
  }
  for (std::size_t i = 0; i < setup.loaded.size() && setup.exit_code == kOk; ++i) {
    const montecarlo::Case* which = setup.loaded[i].which.get();
    const std::string name =
        i == 0 ? "as it is" : std::filesystem::path(arguments.overlays[i - 1]).stem().string();
    setup.variants.push_back({name, which, which->policy});
  }
  return setup;
}

int compare_command(const CompareArguments& arguments, const CommonArguments& common) {
  const bool of_overlays = !arguments.overlays.empty();
  const std::string kind = of_overlays ? "overlay" : "policy";
  Setup setup = of_overlays ? set_up_overlays(arguments) : set_up_policies(arguments);
  if (setup.exit_code != kOk) {
    return setup.exit_code;
  }
  const Loaded& base = setup.loaded.front();
  for (const Loaded& loaded : setup.loaded) {
    loaded.which->seed = arguments.seed.value_or(base.scenario.seed);
  }
  const montecarlo::Case& which = *base.which;
  const FolderLock lock(arguments.out);
  if (!lock.error().empty()) {
    fmt::print(stderr, "error: {}\n", lock.error());
    return kCannotCreate;
  }
  montecarlo::RunOptions options;
  options.replications =
      static_cast<std::uint64_t>(arguments.replications.value_or(base.scenario.replications));
  options.threads = arguments.threads;
  options.group = which.group;
  options.stop = &stop_flag();
  std::vector<montecarlo::Tally> tallies;
  bool interrupted = false;
  std::size_t failed = 0;
  for (const Variant& variant : setup.variants) {
    montecarlo::Tally tally(montecarlo::shape_of(variant.which->model));
    ProgressLine progress(variant.name + ": ",
                          montecarlo::metric_index("power.household_hours_lost"), which.group,
                          common.quiet);
    options.progress = [&](const montecarlo::Progress& now) { progress.show(now); };
    const montecarlo::StopReason reason = montecarlo::run(
        tally,
        [&] { return std::make_unique<montecarlo::Simulation>(*variant.which, variant.policy); },
        options);
    interrupted = interrupted || reason == montecarlo::StopReason::interrupted;
    if (reason == montecarlo::StopReason::too_many_failures ||
        tally.failures().size() == tally.count()) {
      if (!interrupted) {
        fmt::print(stderr,
                   "\nerror: {} {}: {} of {} replications failed, so no comparison was written; "
                   "the first: replication {}: {}\n   hint: wintergrid replay {} --{} {} "
                   "--replication {} -o DIR\n",
                   kind, variant.name, tally.failures().size(), tally.count(),
                   tally.failures().front().replication, tally.failures().front().what,
                   arguments.scenario, kind, variant.name, tally.failures().front().replication);
        return kBug;
      }
    }
    failed += tally.failures().size();
    tallies.push_back(std::move(tally));
    if (interrupted) {
      break;
    }
  }
  if (interrupted) {
    fmt::print(stderr,
               "\ninterrupted: no comparison was written, since not everything has been run\n");
    return kInterrupted;
  }
  const std::vector<Row> rows = pair_up(setup.variants, tallies, of_overlays);
  const report::RunFacts facts = run_facts(base.scenario, which.policy, which.seed);
  const std::uint64_t winters = options.replications;
  for (const auto& [name, text] :
       {std::pair<std::string, std::string>{"compare.csv", comparison_csv(rows, kind)},
        {"compare.json", comparison_json(rows, facts, winters, kind)}}) {
    const std::string error =
        io::write_file_atomically(io::system_file_ops(), arguments.out + "/" + name, text);
    if (!error.empty()) {
      fmt::print(stderr, "error: {}\n", error);
      return kInputOutput;
    }
  }
  // The page shows the first variant, and the others against it.
  report::RunFacts page_facts = run_facts(base.scenario, setup.variants.front().policy, which.seed);
  page_facts.replications_wanted = winters;
  const report::Comparison comparison{kind, rows};
  const std::string error = report::write_for_people(
      arguments.out,
      report::report_json(
          report::summarise(which, tallies.front(), std::move(page_facts)), which.model,
          tallies.front(),
          report::shown_winters(which, setup.variants.front().policy, tallies.front()),
          &comparison),
      {report::compare_table(kind)}, report::language_of(common.language));
  if (!error.empty()) {
    fmt::print(stderr, "error: {}\n", error);
    return kInputOutput;
  }
  if (failed > 0) {
    fmt::print(stderr,
               "\nwarning: {} failed; a winter counts only where both got "
               "through it\n",
               report::counted(failed, "replication", "replications"));
  }
  fmt::print("{}", common.json ? comparison_json(rows, facts, winters, kind)
                               : "\n" + comparison_text(rows, winters, kind));
  return kOk;
}

}  // namespace wintergrid::cli
