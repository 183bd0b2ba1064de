// sensitivity: which uncertain parameters move the results: screening of all, variance shares of
// the few that matter most; a table and a figure.

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "engine/cli/commands.hpp"
#include "engine/cli/console.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/cli/load.hpp"
#include "engine/io/atomic_file.hpp"
#include "engine/montecarlo/metrics.hpp"
#include "engine/report/bar_chart.hpp"
#include "engine/report/command_tables.hpp"
#include "engine/report/data_package.hpp"
#include "engine/sensitivity/factors.hpp"
#include "engine/sensitivity/indices.hpp"

namespace wintergrid::cli {
namespace {

/// Ctrl-C within a function that has to return numbers.
struct Stopped {};

struct Results {
  std::vector<std::size_t> metrics;
  std::vector<sensitivity::Factor> factors;
  std::vector<std::vector<sensitivity::Effect>> effects;        ///< metric, factor
  std::vector<std::size_t> chosen;                              ///< factors of the shares
  std::vector<std::vector<sensitivity::VarianceShare>> shares;  ///< metric, chosen
};

const std::string& metric_name(std::size_t metric) { return montecarlo::metrics()[metric].name; }

/// Factors by their largest effect on any metric, relative to the largest there is on it.
std::vector<std::size_t> by_effect(const Results& results) {
  std::vector<double> rank(results.factors.size(), 0.0);
  for (const auto& row : results.effects) {
    double largest = 0.0;
    for (const sensitivity::Effect& effect : row) {
      largest = std::max(largest, effect.mean_absolute);
    }
    for (std::size_t i = 0; i < row.size() && largest > 0.0; ++i) {
      rank[i] = std::max(rank[i], row[i].mean_absolute / largest);
    }
  }
  std::vector<std::size_t> order(rank.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rank[a] > rank[b]; });
  return order;
}

std::string csv_of(const Results& results) {
  std::string text =
      "metric,factor,low,high,unit,mu_star,mu_star_ci95_low,mu_star_ci95_high,mu,sigma,first_share,"
      "first_ci95_low,first_ci95_high,total_share,total_ci95_low,total_ci95_high\n";
  for (std::size_t m = 0; m < results.metrics.size(); ++m) {
    for (std::size_t i = 0; i < results.factors.size(); ++i) {
      const sensitivity::Factor& factor = results.factors[i];
      const sensitivity::Effect& effect = results.effects[m][i];
      const bool single = factor.entries.size() == 1;
      text += fmt::format("{},{},{},{},{},{},{},{},{},{}", metric_name(results.metrics[m]),
                          factor.name, single ? fmt::format("{}", factor.low) : "",
                          single ? fmt::format("{}", factor.high) : "", factor.unit,
                          effect.mean_absolute, effect.ci95_low, effect.ci95_high, effect.mean,
                          effect.standard_deviation);
      const auto found = std::find(results.chosen.begin(), results.chosen.end(), i);
      if (found == results.chosen.end() || results.shares.empty()) {
        text += ",,,,,,\n";
        continue;
      }
      const sensitivity::VarianceShare& share =
          results.shares[m][static_cast<std::size_t>(found - results.chosen.begin())];
      text += fmt::format(",{},{},{},{},{},{}\n", share.first, share.first_low, share.first_high,
                          share.total, share.total_low, share.total_high);
    }
  }
  return text;
}

/// For the page (`wintergrid report --with`): effects of all factors, shares of the chosen.
std::string json_of(const Results& results, const scenario::Scenario& scenario,
                    std::uint64_t winters) {
  nlohmann::ordered_json json = {{"format", "wintergrid-sensitivity"},
                                 {"format_version", 1},
                                 {"program_version", WINTERGRID_VERSION},
                                 {"scenario_sha256", scenario.sha256},
                                 {"winters", winters}};
  json["metrics"] = nlohmann::ordered_json::array();
  for (std::size_t m = 0; m < results.metrics.size(); ++m) {
    nlohmann::ordered_json factors = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < results.factors.size(); ++i) {
      const sensitivity::Effect& effect = results.effects[m][i];
      nlohmann::ordered_json factor = {{"name", results.factors[i].name},
                                       {"mu_star", effect.mean_absolute},
                                       {"ci95_low", effect.ci95_low},
                                       {"ci95_high", effect.ci95_high}};
      const auto found = std::find(results.chosen.begin(), results.chosen.end(), i);
      if (found != results.chosen.end() && !results.shares.empty()) {
        const sensitivity::VarianceShare& share =
            results.shares[m][static_cast<std::size_t>(found - results.chosen.begin())];
        factor["total_share"] = {share.total, share.total_low, share.total_high};
      }
      factors.push_back(std::move(factor));
    }
    json["metrics"].push_back(
        {{"metric", metric_name(results.metrics[m])}, {"factors", std::move(factors)}});
  }
  return json.dump(1) + "\n";
}

report::BarChart chart_of(const Results& results, std::size_t metric) {
  constexpr std::size_t kBars = 15;
  report::BarChart chart;
  chart.title = fmt::format("What moves {}", metric_name(results.metrics[metric]));
  chart.axis = "mean absolute change from one end of a parameter's range to the other (mu*), " +
               montecarlo::metrics()[results.metrics[metric]].unit;
  std::vector<std::size_t> order(results.factors.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto& effects = results.effects[metric];
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return effects[a].mean_absolute > effects[b].mean_absolute;
  });
  for (std::size_t i = 0; i < std::min(kBars, order.size()); ++i) {
    const sensitivity::Effect& effect = effects[order[i]];
    chart.bars.push_back(
        {results.factors[order[i]].name, effect.mean_absolute, effect.ci95_low, effect.ci95_high});
  }
  return chart;
}

void print(const Results& results, std::uint64_t evaluations, std::uint64_t winters) {
  constexpr std::size_t kLines = 8;
  fmt::print(
      "{} uncertain parameters, {} points, the same {} winters each; mu*: mean absolute change "
      "over a parameter's whole range, with 95 % interval\n",
      results.factors.size(), evaluations, winters);
  for (std::size_t m = 0; m < results.metrics.size(); ++m) {
    fmt::print("\n{}\n", metric_name(results.metrics[m]));
    const report::BarChart chart = chart_of(results, m);
    for (std::size_t i = 0; i < std::min(kLines, chart.bars.size()); ++i) {
      const report::Bar& bar = chart.bars[i];
      fmt::print("  {:<52} {:>10.4g}  ({:.4g} to {:.4g})\n", bar.label, bar.value, bar.low,
                 bar.high);
    }
    if (!results.shares.empty()) {
      fmt::print(
          "  share of the variance among these {}: alone; with everything it takes part in\n",
          results.chosen.size());
      for (std::size_t i = 0; i < results.chosen.size(); ++i) {
        const sensitivity::VarianceShare& share = results.shares[m][i];
        fmt::print("  {:<52} {:>5.2f} ({:.2f} to {:.2f}); {:>5.2f} ({:.2f} to {:.2f})\n",
                   results.factors[results.chosen[i]].name, share.first, share.first_low,
                   share.first_high, share.total, share.total_low, share.total_high);
      }
    }
  }
}

Results analyse(sensitivity::Evaluator& evaluator, const SensitivityArguments& arguments,
                std::vector<std::size_t> metrics, std::uint64_t seed, bool quiet) {
  Results results;
  results.metrics = std::move(metrics);
  results.factors = evaluator.factors();
  std::vector<std::size_t> which(results.factors.size());
  std::iota(which.begin(), which.end(), std::size_t{0});
  const auto rows = static_cast<std::uint64_t>(arguments.rows);
  const auto few = std::min<std::size_t>(static_cast<std::size_t>(arguments.factors), which.size());
  const std::uint64_t points =
      static_cast<std::uint64_t>(arguments.trajectories) * (which.size() + 1) +
      (few > 0 ? rows * (few + 2) : 0);
  const bool show = !quiet && isatty(STDERR_FILENO) != 0;
  const sensitivity::Function function = [&](std::span<const double> at) {
    std::vector<double> means = evaluator.evaluate(which, at);
    if (means.empty()) {
      throw Stopped{};
    }
    if (show) {
      fmt::print(stderr, "\r{} of {} points", evaluator.evaluations(), points);
    }
    return means;
  };
  results.effects = sensitivity::screen(function, which.size(),
                                        static_cast<std::size_t>(arguments.trajectories), seed);
  if (few > 0) {
    results.chosen = by_effect(results);
    results.chosen.resize(few);
    which = results.chosen;
    results.shares = sensitivity::decompose(function, few, rows, seed);
  }
  if (show) {
    fmt::print(stderr, "\n");
  }
  return results;
}

}  // namespace

int sensitivity_command(const SensitivityArguments& arguments, const CommonArguments& common) {
  Loaded loaded = load(arguments.scenario, arguments.what_if);
  if (loaded.exit_code != kOk) {
    return loaded.exit_code;
  }
  const std::uint64_t seed = arguments.seed.value_or(loaded.scenario.seed);
  loaded.which->seed = seed;
  std::vector<std::size_t> metrics;
  for (const std::string_view service : kServiceNames) {
    const std::size_t metric =
        montecarlo::metric_index(fmt::format("{}.household_hours_lost", service));
    if (montecarlo::is_modelled(metric, loaded.which->model)) {
      metrics.push_back(metric);
    }
  }
  const auto winters = static_cast<std::uint64_t>(arguments.replications);
  const recovery::PolicyKind policy = loaded.which->policy;
  sensitivity::Evaluator evaluator(std::move(loaded.which), metrics, winters, arguments.threads,
                                   &stop_flag());
  if (evaluator.factors().empty()) {
    fmt::print(stderr,
               "{}: error: nothing is uncertain here\n   hint: with 'parameters: fixed' nothing is "
               "drawn: try --set parameters=sampled\n",
               loaded.scenario.file);
    return kBadData;
  }
  const FolderLock lock(arguments.out);
  if (!lock.error().empty()) {
    fmt::print(stderr, "error: {}\n", lock.error());
    return kCannotCreate;
  }
  std::optional<Results> results;
  try {
    results = analyse(evaluator, arguments, metrics, seed, common.quiet);
  } catch (const Stopped&) {
    fmt::print(stderr, "\ninterrupted after {} points: nothing was written\n",
               evaluator.evaluations());
    return kInterrupted;
  }
  std::vector<report::BarChart> charts;
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    charts.push_back(chart_of(*results, m));
  }
  // First, so that a full disk does not lose what took minutes.
  print(*results, evaluator.evaluations(), winters);
  report::RunFacts facts = run_facts(loaded.scenario, policy, seed);
  facts.replications_wanted = winters;
  for (const auto& [name, text] :
       {std::pair<std::string, std::string>{"sensitivity.csv", csv_of(*results)},
        {"datapackage.json",
         report::data_package_json(facts,
                                   {"Which uncertain parameters move the results.",
                                    "Які невизначені параметри змінюють результати."},
                                   report::sensitivity_tables(),
                                   report::language_of(common.language))},
        {"sensitivity.json", json_of(*results, loaded.scenario, winters)},
        {"sensitivity.svg", report::to_svg(charts)}}) {
    const std::string error =
        io::write_file_atomically(io::system_file_ops(), arguments.out + "/" + name, text);
    if (!error.empty()) {
      fmt::print(stderr, "error: {}\n", error);
      return kInputOutput;
    }
  }
  fmt::print("\nsensitivity.csv, .json and .svg are in {}\n", arguments.out);
  return kOk;
}

}  // namespace wintergrid::cli
