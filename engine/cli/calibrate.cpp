// calibrate recovery: paces of recovery from the user's own counts, scored on the days not seen,
// and an overlay that uses them.

#include <cmath>
#include <cstdio>

#include <fmt/format.h>

#include "engine/calibrate/recovery_fit.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/io/atomic_file.hpp"

namespace wintergrid::cli {
namespace {

constexpr std::uint64_t kLargestBytes = std::uint64_t{16} << 20;

std::string overlay_text(const calibrate::RecoveryFit& fit, const CalibrateRecoveryArguments& of) {
  std::string text = fmt::format(
      "wintergrid_overlay: 1\nname: \"Recovery fitted to counts\"\ndescription: \"From {} counts; "
      "repairs of all crews {:.0f} a day\"\nset:\n  heat.refill_share_per_day: {:.4g}\n  "
      "heat.refill_needs_crew_share: {:.4g}\n",
      fit.fitted, fit.pace.repairs_per_day, fit.pace.refill_share_per_day,
      fit.pace.needs_crew_share);
  if (of.crews) {
    text += fmt::format("  heat.crew_buildings_per_day: {:.4g}\n",
                        fit.pace.repairs_per_day / *of.crews);
  }
  return text;
}

void print(const std::vector<calibrate::Count>& counts, const calibrate::RecoveryFit& fit) {
  fmt::print("    day   counted     model   80 % band\n");
  for (std::size_t i = 0; i < counts.size(); ++i) {
    fmt::print("{:>7.2f} {:>9.0f} {:>9.0f}   {:.0f} to {:.0f}{}\n", counts[i].day,
               counts[i].without_heat, fit.model[i], fit.low[i], fit.high[i],
               i < fit.fitted ? "" : "   not used for the fit");
  }
  const auto line = [](const char* what, double value, double low, double high, const char* unit) {
    fmt::print("  {:<34}{} ({} to {}) {}\n", what, fmt::format("{:.3g}", value),
               fmt::format("{:.3g}", low), fmt::format("{:.3g}", high), unit);
  };
  const calibrate::RecoveryPace &pace = fit.pace, &low = fit.lowest, &high = fit.highest;
  fmt::print("\nFitted to the first {} counts (range: leaving out one count at a time)\n",
             fit.fitted);
  line("heat back after", pace.heat_back_days, low.heat_back_days, high.heat_back_days, "days");
  line("refilled a day, of the drained", 100 * pace.refill_share_per_day,
       100 * low.refill_share_per_day, 100 * high.refill_share_per_day, "%");
  line("leak after refilling", 100 * pace.needs_crew_share, 100 * low.needs_crew_share,
       100 * high.needs_crew_share, "%");
  line("repaired a day, by all crews", pace.repairs_per_day, low.repairs_per_day,
       high.repairs_per_day, "");
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
  Diagnostics diagnostics;
  const std::optional<io::SourceText> source =
      io::read_source(arguments.file, kLargestBytes, SourcePlace{}, diagnostics);
  if (!source) {
    fmt::print(stderr, "{}", diagnostics.to_text());
    return kNoInput;
  }
  const std::vector<calibrate::Count> counts = calibrate::read_counts(*source, diagnostics);
  if (!diagnostics.ok()) {
    fmt::print(stderr, "{}", diagnostics.to_text());
    return kBadData;
  }
  constexpr double kFittedShare = 0.6;
  const auto usual =
      static_cast<std::size_t>(std::llround(kFittedShare * static_cast<double>(counts.size())));
  const calibrate::RecoveryFit fit = calibrate::fit_recovery(
      counts, arguments.fit ? static_cast<std::size_t>(*arguments.fit) : usual);
  print(counts, fit);
  if (!arguments.out.empty()) {
    const std::string error = io::write_file_atomically(io::system_file_ops(), arguments.out,
                                                        overlay_text(fit, arguments));
    if (!error.empty()) {
      fmt::print(stderr, "error: {}\n", error);
      return kInputOutput;
    }
    fmt::print(
        "\n{}: use it with --overlay{}\n", arguments.out,
        arguments.crews ? "" : "; it leaves the crews' pace alone, since --crews was not given");
  }
  return kOk;
}

}  // namespace wintergrid::cli
