// hindcast: a past event simulated again and held against what was recorded.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/cli/commands.hpp"
#include "engine/cli/console.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/cli/load.hpp"
#include "engine/hindcast/ensemble.hpp"
#include "engine/hindcast/observed.hpp"
#include "engine/hindcast/score.hpp"
#include "engine/io/atomic_file.hpp"
#include "engine/montecarlo/metrics.hpp"
#include "engine/report/fan_chart.hpp"
#include "engine/report/tables.hpp"
#include "engine/report/terminal.hpp"

namespace wintergrid::cli {
namespace {

constexpr std::uint64_t kLargestBytes = std::uint64_t{1} << 20;

struct Scored {
  std::vector<hindcast::Observation> observations;
  std::vector<hindcast::Score> scores;
  std::vector<double> recorded;
};

std::string csv_of(const Scored& all) {
  std::string text =
      "time,service,of_those_without_at,use,recorded_share,simulated_median,simulated_p10,"
      "simulated_p90,band_width,in_band,crps,winters,source\n";
  for (std::size_t i = 0; i < all.observations.size(); ++i) {
    const hindcast::Observation& row = all.observations[i];
    const hindcast::Score& score = all.scores[i];
    text += fmt::format(
        "{},{},{},{},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{},{:.4f},{},{}\n", row.time,
        kServiceNames[row.service], row.of ? all.observations[*row.of].time : "", to_text(row.use),
        all.recorded[i], score.median, score.low, score.high, score.high - score.low,
        score.in_band ? "true" : "false", score.crps, score.members, report::csv_field(row.source));
  }
  return text;
}

/// Midnights of the scenario, at most a dozen of them named.
std::vector<std::pair<double, std::string>> dates(const scenario::Scenario& scenario,
                                                  std::size_t hours) {
  const std::size_t days = hours / 24;
  const std::size_t every = std::max<std::size_t>(1, (days + 11) / 12);
  const std::chrono::sys_days first{
      std::chrono::year{scenario.start_year} /
      std::chrono::month{static_cast<unsigned>(scenario.start_month)} /
      std::chrono::day{static_cast<unsigned>(scenario.start_day)}};
  std::vector<std::pair<double, std::string>> result;
  for (std::size_t day = 0; day <= days; day += every) {
    const std::chrono::year_month_day date{first + std::chrono::days{static_cast<int>(day)}};
    result.emplace_back(24.0 * static_cast<double>(day) - scenario.start_hour,
                        fmt::format("{}.{}.", static_cast<unsigned>(date.day()),
                                    static_cast<unsigned>(date.month())));
  }
  if (!result.empty() && result.front().first < 0.0) {
    result.erase(result.begin());
  }
  return result;
}

std::vector<report::FanChart> charts(const scenario::Scenario& scenario,
                                     const hindcast::Ensemble& ensemble, const Scored& all) {
  std::vector<report::FanChart> result;
  for (std::size_t service = 0; service < kServiceCount; ++service) {
    report::FanChart chart;
    for (const hindcast::Observation& row : all.observations) {
      if (row.service == service) {
        chart.marks.push_back({static_cast<double>(row.hour), row.share,
                               row.use == hindcast::Use::unseen,
                               fmt::format("{}: {:.1f} % recorded ({})", row.time,
                                           100.0 * row.share, to_text(row.use))});
      }
    }
    if (chart.marks.empty()) {
      continue;
    }
    chart.title = fmt::format("{}: households without {}", scenario.name, kServiceNames[service]);
    chart.sentence =
        "Line: median of the simulated winters; band: 8 of 10 of them. Points: recorded; open ones "
        "were used to describe the strikes or to set parameters.";
    chart.to_hour = static_cast<double>(ensemble.hours);
    chart.dates = dates(scenario, ensemble.hours);
    for (std::size_t hour = 0; hour < ensemble.hours; ++hour) {
      std::vector<double> shares;
      for (const std::uint64_t replication : ensemble.replications) {
        shares.push_back(ensemble.share(service, replication, hour));
      }
      std::sort(shares.begin(), shares.end());
      chart.hour.push_back(static_cast<double>(hour));
      chart.low.push_back(hindcast::quantile(shares, 0.1));
      chart.median.push_back(hindcast::quantile(shares, 0.5));
      chart.high.push_back(hindcast::quantile(shares, 0.9));
    }
    result.push_back(std::move(chart));
  }
  return result;
}

void print_summary(const Scored& all, hindcast::Use use, const char* what) {
  std::size_t count = 0, in_band = 0;
  double crps = 0.0, width = 0.0, error = 0.0;
  for (std::size_t i = 0; i < all.observations.size(); ++i) {
    if (all.observations[i].use != use || all.scores[i].members == 0) {
      continue;
    }
    const hindcast::Score& score = all.scores[i];
    ++count;
    in_band += score.in_band ? 1U : 0U;
    crps += score.crps;
    width += score.high - score.low;
    error += std::abs(score.median - all.recorded[i]);
  }
  if (count > 0) {
    const auto n = static_cast<double>(count);
    fmt::print(
        "  {}: {} of {} in the 80 % band, mean width {:.2f}; mean CRPS {:.3f}, mean error of the "
        "median {:.3f}\n",
        what, in_band, count, width / n, crps / n, error / n);
  }
}

void print(const Scored& all, const hindcast::Ensemble& ensemble,
           const scenario::Scenario& scenario) {
  fmt::print("{}: {} households, {} winters simulated with what was recorded of the strikes\n",
             scenario.name, report::grouped(static_cast<double>(ensemble.households)),
             ensemble.replications.size());
  std::size_t last_service = kServiceCount, last_reference = SIZE_MAX - 1;
  for (std::size_t i = 0; i < all.observations.size(); ++i) {
    const hindcast::Observation& row = all.observations[i];
    const hindcast::Score& score = all.scores[i];
    const std::size_t reference = row.of.value_or(SIZE_MAX);
    if (row.service != last_service || reference != last_reference) {
      fmt::print("\n{}, share of {}\n  {:<17}{:>9}  {:>9}  {:<14} {:>6}  {:<8} {:>5}\n",
                 kServiceNames[row.service],
                 row.of ? "those without at " + all.observations[*row.of].time : "all households",
                 "", "recorded", "simulated", "80 % band", "width", "in band", "CRPS");
      last_service = row.service;
      last_reference = reference;
    }
    if (score.members == 0) {
      fmt::print("  {:<17}{:>9.3f}  nothing to compare: nobody was without then\n", row.time,
                 all.recorded[i]);
      continue;
    }
    fmt::print("  {:<17}{:>9.3f}  {:>9.3f}  {:.3f} to {:.3f} {:>6.3f}  {:<8} {:>5.3f}  {}\n",
               row.time, all.recorded[i], score.median, score.low, score.high,
               score.high - score.low, score.in_band ? "yes" : "no", score.crps,
               row.use == hindcast::Use::unseen ? "" : to_text(row.use));
  }
  fmt::print("\n");
  print_summary(all, hindcast::Use::onset, "onset (the strikes are described by it: no test)");
  print_summary(all, hindcast::Use::in_sample, "in sample");
  print_summary(all, hindcast::Use::unseen, "unseen");
}

}  // namespace

int hindcast_command(const HindcastArguments& arguments, const CommonArguments& common) {
  Loaded loaded = load(arguments.scenario, arguments.what_if);
  if (loaded.exit_code != kOk) {
    return loaded.exit_code;
  }
  loaded.which->seed = arguments.seed.value_or(loaded.scenario.seed);
  Diagnostics diagnostics;
  const std::optional<io::SourceText> source =
      io::read_source(arguments.observed, kLargestBytes, SourcePlace{}, diagnostics);
  if (!source) {
    fmt::print(stderr, "{}", diagnostics.to_text());
    return kNoInput;
  }
  Scored all;
  const scenario::Scenario& scenario = loaded.scenario;
  all.observations = hindcast::read_observed(
      *source, {scenario.start_year, scenario.start_month, scenario.start_day, scenario.start_hour},
      loaded.which->model.hours(), diagnostics);
  for (const hindcast::Observation& row : all.observations) {
    if (diagnostics.ok() && !loaded.which->model.has_service(row.service)) {
      diagnostics.error({source->path, 1, 1},
                        fmt::format("the scenario does not model {}", kServiceNames[row.service]),
                        "add it to services, or leave its rows out");
    }
  }
  if (!diagnostics.ok()) {
    fmt::print(stderr, "{}", diagnostics.to_text());
    return kBadData;
  }
  const FolderLock lock(arguments.out);
  if (!lock.error().empty()) {
    fmt::print(stderr, "error: {}\n", lock.error());
    return kCannotCreate;
  }
  montecarlo::RunOptions options;
  options.replications = static_cast<std::uint64_t>(arguments.replications);
  options.threads = arguments.threads;
  options.group = loaded.which->group;
  options.stop = &stop_flag();
  hindcast::Ensemble ensemble;
  montecarlo::StopReason reason{};
  {
    ProgressLine progress("hindcast", montecarlo::metric_index("heat.household_hours_lost"),
                          options.group, common.quiet);
    options.progress = [&](const montecarlo::Progress& at) { progress.show(at); };
    reason = hindcast::simulate(*loaded.which, options, ensemble);
  }
  if (reason == montecarlo::StopReason::interrupted) {
    fmt::print(stderr, "interrupted: nothing was written\n");
    return kInterrupted;
  }
  if (reason != montecarlo::StopReason::finished || ensemble.replications.empty()) {
    fmt::print(stderr, "error: too many winters failed; try wintergrid replay\n");
    return kBug;
  }
  for (std::size_t i = 0; i < all.observations.size(); ++i) {
    all.recorded.push_back(hindcast::recorded(all.observations, i));
    all.scores.push_back(
        hindcast::score(hindcast::simulated(ensemble, all.observations, i), all.recorded.back()));
  }
  print(all, ensemble, scenario);  // first, so that a full disk does not lose what took minutes
  for (const auto& [name, text] :
       {std::pair<std::string, std::string>{"hindcast.csv", csv_of(all)},
        {"hindcast.svg", report::to_svg(charts(scenario, ensemble, all))}}) {
    const std::string error =
        io::write_file_atomically(io::system_file_ops(), arguments.out + "/" + name, text);
    if (!error.empty()) {
      fmt::print(stderr, "error: {}\n", error);
      return kInputOutput;
    }
  }
  fmt::print("\nhindcast.csv and hindcast.svg are in {}\n", arguments.out);
  return kOk;
}

}  // namespace wintergrid::cli
