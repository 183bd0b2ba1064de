// hindcast: a past event simulated again and held against what was recorded.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
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
#include "engine/io/diagnostics_text.hpp"
#include "engine/montecarlo/metrics.hpp"
#include "engine/report/command_tables.hpp"
#include "engine/report/data_package.hpp"
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

/// What the numbers come from, for the head of files and page.
std::string provenance(const scenario::Scenario& scenario, const HindcastArguments& arguments,
                       std::uint64_t seed, std::size_t winters) {
  std::string text =
      fmt::format("SYNTHETIC network; {} winters, seed {}, wintergrid {}, scenario {:.12}", winters,
                  seed, program_version(), scenario.sha256);
  for (const std::string& overlay : arguments.what_if.overlays) {
    text += ", overlay " + overlay;
  }
  for (const std::string& setting : arguments.what_if.settings) {
    text += ", " + setting;
  }
  return text;
}

std::string csv_of(const Scored& all, const std::string& head) {
  std::string text = "# " + head + "\n";
  text +=
      "time,service,against_those_without_at,use,recorded_share,simulated_median,simulated_p10,"
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

constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

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
                        fmt::format("{} {}", static_cast<unsigned>(date.day()),
                                    kMonths[static_cast<unsigned>(date.month()) - 1]));
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
    chart.title = fmt::format("{} in a SYNTHETIC city: households without {}", scenario.name,
                              kServiceNames[service]);
    chart.sentence =
        "Share of households over days. Line: median of the simulated winters; band: 8 of 10 of "
        "them, "
        "hour by hour. Points: recorded; open ones are no test.";
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

/// A score counts only if at least half of the winters could be compared.
bool comparable(const hindcast::Score& score, const hindcast::Ensemble& ensemble) {
  return 2 * score.members >= ensemble.replications.size();
}

void print_scores(const Scored& all, const hindcast::Ensemble& ensemble, hindcast::Use use,
                  const char* what) {
  for (std::size_t service = 0; service < kServiceCount; ++service) {
    std::size_t count = 0, in_band = 0;
    double crps = 0.0, width = 0.0, error = 0.0;
    for (std::size_t i = 0; i < all.observations.size(); ++i) {
      const hindcast::Score& score = all.scores[i];
      if (all.observations[i].use != use || all.observations[i].service != service ||
          !comparable(score, ensemble)) {
        continue;
      }
      ++count;
      in_band += score.in_band ? 1U : 0U;
      crps += score.crps;
      width += score.high - score.low;
      error += std::abs(score.median - all.recorded[i]);
    }
    if (count > 0) {
      const auto n = static_cast<double>(count);
      fmt::print(
          "  {:<9} {:<6} {:>2} of {:>2} in the 80 % band, mean width {:.2f}; mean CRPS {:.3f}, "
          "mean "
          "error of the median {:.3f}\n",
          what, kServiceNames[service], in_band, count, width / n, crps / n, error / n);
    }
  }
}

void print_row(const hindcast::Observation& row, const hindcast::Score& score, double recorded,
               const hindcast::Ensemble& ensemble) {
  if (score.members == 0) {
    fmt::print("  {:<17}{:>9.3f}  nothing to compare: nobody was without then\n", row.time,
               recorded);
    return;
  }
  std::string note = row.use == hindcast::Use::unseen ? "" : to_text(row.use);
  if (score.members < ensemble.replications.size()) {
    note += fmt::format("{}{} of {} winters", note.empty() ? "" : ", ", score.members,
                        ensemble.replications.size());
  }
  const bool test = row.use != hindcast::Use::onset && row.use != hindcast::Use::not_scored;
  fmt::print("  {:<17}{:>9.3f}  {:>9.3f}  {:.3f} to {:.3f} {:>6.3f}  {:<8} {:>5}  {}\n", row.time,
             recorded, score.median, score.low, score.high, score.high - score.low,
             test ? (score.in_band ? "yes" : "no") : "-",
             test ? fmt::format("{:.3f}", score.crps) : "-", note);
}

void print(const Scored& all, const hindcast::Ensemble& ensemble,
           const scenario::Scenario& scenario, const std::string& head) {
  fmt::print("{}: {} households; {}\n", scenario.name,
             report::grouped(static_cast<double>(ensemble.households)), head);
  std::size_t last_service = kServiceCount, last_reference = SIZE_MAX - 1;
  for (std::size_t i = 0; i < all.observations.size(); ++i) {
    const hindcast::Observation& row = all.observations[i];
    const std::size_t reference = row.of.value_or(SIZE_MAX);
    if (row.service != last_service || reference != last_reference) {
      fmt::print("\nwithout {}, {}\n  {:<17}{:>9}  {:>9}  {:<14} {:>6}  {:<8} {:>5}\n",
                 kServiceNames[row.service],
                 row.of ? "against those without at " + all.observations[*row.of].time
                        : "share of all households",
                 "", "recorded", "simulated", "80 % band", "width", "in band", "CRPS");
      last_service = row.service;
      last_reference = reference;
    }
    print_row(row, all.scores[i], all.recorded[i], ensemble);
  }
  fmt::print("\n");
  print_scores(all, ensemble, hindcast::Use::in_sample, "in sample");
  print_scores(all, ensemble, hindcast::Use::unseen, "unseen");
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
    fmt::print(stderr, "{}", io::diagnostics_text(diagnostics));
    return kNoInput;
  }
  Scored all;
  const scenario::Scenario& scenario = loaded.scenario;
  all.observations = hindcast::read_observed(
      *source, {scenario.start_year, scenario.start_month, scenario.start_day, scenario.start_hour},
      loaded.which->model.hours(), diagnostics);
  std::array<bool, kServiceCount> told{};
  for (const hindcast::Observation& row : all.observations) {
    if (!told[row.service] && !loaded.which->model.has_service(row.service)) {
      told[row.service] = true;
      diagnostics.error(ErrorCode::contradiction, {source->path, row.line, 1},
                        fmt::format("the scenario does not model {}", kServiceNames[row.service]),
                        "add it to services, or leave its rows out");
    }
  }
  if (!diagnostics.ok()) {
    fmt::print(stderr, "{}", io::diagnostics_text(diagnostics));
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
  const std::string head =
      provenance(scenario, arguments, loaded.which->seed, ensemble.replications.size());
  print(all, ensemble, scenario,
        head);  // first, so that a full disk does not lose what took minutes
  report::RunFacts facts = run_facts(scenario, loaded.which->policy, loaded.which->seed);
  facts.replications_wanted = options.replications;
  for (const auto& [name, text] :
       {std::pair<std::string, std::string>{"hindcast.csv", csv_of(all, head)},
        {"datapackage.json", report::data_package_json(
                                 facts,
                                 {"A past event simulated again, against what was recorded.",
                                  "Минула подія, змодельована знову, поряд із записаним."},
                                 report::hindcast_tables(), report::language_of(common.language))},
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
