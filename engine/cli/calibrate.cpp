// calibrate recovery: paces of recovery from the user's own counts, scored on the days not seen,
// and an overlay that uses them.

#include <cmath>
#include <cstdio>

#include <fmt/format.h>

#include "engine/calibrate/drain_fit.hpp"
#include "engine/calibrate/recovery_fit.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/console.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/io/atomic_file.hpp"
#include "engine/io/diagnostics_text.hpp"

namespace wintergrid::cli {
namespace {

constexpr std::uint64_t kLargestBytes = std::uint64_t{16} << 20;

/// Only what the counts tell: the rest stays drawn from its range.
std::string overlay_text(const calibrate::RecoveryFit& fit, const calibrate::DrainFit& drain,
                         const CalibrateRecoveryArguments& of) {
  std::string settings;
  const auto set = [&](bool told, const char* name, double value) {
    settings += told ? fmt::format("  {}: {:.4g}\n", name, value) : std::string();
  };
  set(fit.told.refill, "heat.refill_share_per_day", fit.pace.refill_share_per_day);
  set(fit.told.needs_crew, "heat.refill_needs_crew_share", fit.pace.needs_crew_share);
  set(of.crews && fit.told.repairs, "heat.crew_buildings_per_day",
      fit.pace.repairs_per_day / of.crews.value_or(1.0));
  set(drain.told_share, "heat.drain_buildings_per_hour_share", drain.pace.share_per_hour);
  set(drain.told_decision, "heat.drain_decision_hours", drain.pace.decision_hours);
  return fmt::format(
      "wintergrid_overlay: 1\nname: \"Recovery fitted to counts\"\ndescription: \"From {} "
      "counts{}\"\n"
      "{}{}",
      fit.fitted,
      fit.told.repairs
          ? fmt::format("; repairs of all crews {:.0f} a day", fit.pace.repairs_per_day)
          : std::string(),
      settings.empty() ? "" : "set:\n", settings);
}

/// A fitted value with its range and what the counts say of it.
void print_line(const char* what, double value, double low, double high, const char* unit,
                bool told) {
  fmt::print("  {:<34}{:.3g} ({:.3g} to {:.3g}) {}{}\n", what, value, low, high, unit,
             told ? "" : "   the counts do not tell: half or double fits as well");
}

void print_draining(const std::vector<calibrate::Count>& counts, const calibrate::DrainFit& drain,
                    std::size_t rows) {
  if (drain.counted == 0) {
    fmt::print("\nDraining is not fitted: there is no column 'drained' (all drained until then)\n");
    return;
  }
  if (!drain.possible) {
    fmt::print(
        "\nDraining is not fitted: it needs 3 counts of 'drained' among the first {} rows, the "
        "last "
        "above 0 (there are {})\n",
        rows, drain.fitted);
    return;
  }
  fmt::print("\n    day   drained     model   80 % band\n");
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (!std::isnan(counts[i].drained)) {
      fmt::print("{:>7.2f} {:>9.0f} {:>9.0f}   {:.0f} to {:.0f}{}\n", counts[i].day,
                 counts[i].drained, drain.model[i], drain.low[i], drain.high[i],
                 i < rows ? "" : "   not used for the fit");
    }
  }
  fmt::print("\nDraining, fitted to {} counts\n", drain.fitted);
  const calibrate::DrainPace &pace = drain.pace, &low = drain.lowest, &high = drain.highest;
  print_line("drained an hour, of all", 100 * pace.share_per_hour, 100 * low.share_per_hour,
             100 * high.share_per_hour, "%", drain.told_share);
  print_line("begun after", pace.decision_hours, low.decision_hours, high.decision_hours, "hours",
             drain.told_decision);
  fmt::print("  {:<34}{:.3g} ({:.3g} to {:.3g}) %; not written to the overlay\n",
             "drained in the end, of all", 100 * pace.largest_share, 100 * low.largest_share,
             100 * high.largest_share);
  fmt::print("  fit: {:.1f} % of the first count (root mean square)\n", 100.0 * drain.residual_rms);
  if (drain.unseen > 0) {
    fmt::print(
        "  {} counts not seen: mean error {:.1f} %, CRPS {:.1f} % of the first count; {} in the "
        "80 % band\n",
        drain.unseen, 100.0 * drain.unseen_mean_error, 100.0 * drain.unseen_crps,
        drain.unseen_in_band);
  } else {
    fmt::print("  no count of 'drained' was left to test the fit on\n");
  }
}

void print(const std::vector<calibrate::Count>& counts, const calibrate::RecoveryFit& fit) {
  fmt::print("    day   counted     model   80 % band\n");
  for (std::size_t i = 0; i < counts.size(); ++i) {
    fmt::print("{:>7.2f} {:>9.0f} {:>9.0f}   {:.0f} to {:.0f}{}\n", counts[i].day,
               counts[i].without_heat, fit.model[i], fit.low[i], fit.high[i],
               i < fit.fitted ? "" : "   not used for the fit");
  }
  const calibrate::RecoveryPace &pace = fit.pace, &low = fit.lowest, &high = fit.highest;
  fmt::print(
      "\nFitted to the first {} counts (range: leaving out one count at a time, and what fits as "
      "well)\n",
      fit.fitted);
  const calibrate::RecoveryTold& told = fit.told;
  if (pace.heat_back_days > 0.0) {
    print_line("heat back after", pace.heat_back_days, low.heat_back_days, high.heat_back_days,
               "days", told.heat_back);
  } else {
    fmt::print("  heat back at once: fewer than 6 counts\n");
  }
  print_line("refilled a day, of the drained", 100 * pace.refill_share_per_day,
             100 * low.refill_share_per_day, 100 * high.refill_share_per_day, "%", told.refill);
  print_line("leak after refilling", 100 * pace.needs_crew_share, 100 * low.needs_crew_share,
             100 * high.needs_crew_share, "%", told.needs_crew);
  print_line("repaired a day, by all crews", pace.repairs_per_day, low.repairs_per_day,
             high.repairs_per_day, "", told.repairs);
  constexpr std::size_t kFewSpare = 3;
  if (told.spare_counts < kFewSpare) {
    fmt::print(
        "  counts beyond the number of parameters: {}; errors of counts pass as paces, and the "
        "ranges "
        "are too narrow\n",
        told.spare_counts);
  }
  fmt::print("  fit: {:.1f} % of the first count (root mean square)\n", 100.0 * fit.residual_rms);
  const std::size_t unseen = counts.size() - fit.fitted;
  if (unseen > 0) {
    fmt::print(
        "  {} days not seen: mean error {:.1f} %, CRPS {:.1f} % of the first count; {} in the "
        "80 % band\n",
        unseen, 100.0 * fit.unseen_mean_error, 100.0 * fit.unseen_crps, fit.unseen_in_band);
  } else {
    fmt::print("  no day was left to test the fit on\n");
  }
}

}  // namespace

int calibrate_recovery_command(const CalibrateRecoveryArguments& arguments) {
  if (!may_write(arguments.out, arguments.file)) {
    return kUsage;
  }
  Diagnostics diagnostics;
  const std::optional<io::SourceText> source =
      io::read_source(arguments.file, kLargestBytes, SourcePlace{}, diagnostics);
  if (!source) {
    fmt::print(stderr, "{}", io::diagnostics_text(diagnostics));
    return kNoInput;
  }
  const std::vector<calibrate::Count> counts = calibrate::read_counts(*source, diagnostics);
  if (!diagnostics.ok()) {
    fmt::print(stderr, "{}", io::diagnostics_text(diagnostics));
    return kBadData;
  }
  constexpr double kFittedShare = 0.6;
  const auto usual =
      static_cast<std::size_t>(std::llround(kFittedShare * static_cast<double>(counts.size())));
  const calibrate::RecoveryFit fit = calibrate::fit_recovery(
      counts, arguments.fit ? static_cast<std::size_t>(*arguments.fit) : usual);
  print(counts, fit);
  const calibrate::DrainFit drain = calibrate::fit_draining(counts, fit.fitted);
  print_draining(counts, drain, fit.fitted);
  if (!arguments.out.empty()) {
    const std::string error = io::write_file_atomically(io::system_file_ops(), arguments.out,
                                                        overlay_text(fit, drain, arguments));
    if (!error.empty()) {
      fmt::print(stderr, "error: {}\n", error);
      return kInputOutput;
    }
    fmt::print("\n{}: use it with --overlay; it sets what the counts tell{}\n", arguments.out,
               arguments.crews ? "" : ", but not the crews' pace, since --crews was not given");
  }
  return kOk;
}

}  // namespace wintergrid::cli
