// calibrate campaign: a preset of the strike campaign from the user's own copy of a record of
// attacks, beside the one that is shipped, and an overlay that uses it.

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "engine/calibrate/campaign_fit.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/console.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/io/atomic_file.hpp"
#include "engine/io/diagnostics_text.hpp"
#include "engine/random/weather.hpp"

namespace wintergrid::cli {
namespace {

constexpr std::uint64_t kLargestBytes = std::uint64_t{64} << 20;

std::string date_text(std::int64_t number) {
  const random::CivilDay day = random::civil_day(number);
  return fmt::format("{:04}-{:02}-{:02}", day.year, day.month, day.day);
}

std::string overlay_text(const calibrate::CampaignFit& fit, const std::string& preset) {
  std::string text = fmt::format(
      "wintergrid_overlay: 1\nname: \"Campaign fitted to a record of attacks\"\ndescription: "
      "\"{} massive waves, {} to {}; the fitted values replace those of preset {} and are not "
      "drawn\"\nset:\n",
      fit.waves, date_text(fit.from), date_text(fit.to), preset);
  for (const calibrate::Estimate& estimate : fit.estimates) {
    if (estimate.fitted) {
      text += fmt::format("  strikes.{}.{}: {:.4g}\n", preset, estimate.parameter, estimate.value);
    }
  }
  return text;
}

void print(const calibrate::AttackRecord& record, const calibrate::CampaignFit& fit,
           const std::string& preset) {
  fmt::print(
      "{} to {}: {} massive waves (days with {} strategic missiles or more), {} other nights\n\n",
      date_text(fit.from), date_text(fit.to), fit.waves, calibrate::kMissilesOfAWave, fit.nights);
  fmt::print("{:<27} {:>9}   {:<19} {:>7}   shipped {} (range)\n", "parameter", "estimate",
             "95 % interval", "from", preset);
  const random::ParameterTable shipped = random::load_default_parameters();
  for (const calibrate::Estimate& estimate : fit.estimates) {
    const random::ParameterEntry* const entry =
        shipped.find(fmt::format("strikes.{}.{}", preset, estimate.parameter));
    const std::string beside =
        entry == nullptr
            ? std::string()
            : fmt::format("{:.4g} ({:.4g} to {:.4g})", entry->value, entry->low, entry->high);
    if (!estimate.fitted) {
      fmt::print("{:<27} {:>9}   {:<19} {:>7}   {}\n", estimate.parameter, "-", "not in the record",
                 estimate.count, beside);
      continue;
    }
    fmt::print("{:<27} {:>9.4g}   {:<19} {:>7}   {}\n", estimate.parameter, estimate.value,
               estimate.bounded ? fmt::format("{:.4g} to {:.4g}", estimate.low, estimate.high)
                                : "cannot be told",
               estimate.count, beside);
  }
  const auto spread = [](const char* what, const calibrate::Spread& of) {
    if (of.count > 0) {
      fmt::print("  {:<34} {:.0f} / {:.0f} / {:.0f}  ({})\n", what, of.p10, of.p50, of.p90,
                 of.count);
    }
  };
  fmt::print("\nAs recorded, p10 / p50 / p90 (number):\n");
  spread("days between massive waves", fit.gap_days);
  spread("locations hit, massive wave", fit.wave_locations);
  spread("locations hit, other night", fit.night_locations);
  for (const bool known : {true, false}) {
    std::string list;
    for (const calibrate::LeftOut& each : record.left_out) {
      if (each.known == known) {
        list += fmt::format("{}{} ({})", list.empty() ? "" : ", ", each.model, each.rows);
      }
    }
    if (!list.empty()) {
      fmt::print("\n{}: {}\n",
                 known ? "Left out, neither one-way drones nor strategic missiles (rows)"
                       : "NOT RECOGNISED and left out (rows)",
                 list);
    }
  }
}

/// False, with a message, if the text of an option is no date.
bool read_date(const char* option, const std::string& text, std::int64_t& day) {
  if (text.empty()) {
    return true;
  }
  int minutes = -1;
  const std::optional<std::int64_t> parsed = calibrate::parse_day(text, minutes);
  if (!parsed || minutes >= 0) {
    fmt::print(stderr, "error: {} '{}' is not a date\n   hint: write it like 2025-10-01\n", option,
               text);
    return false;
  }
  day = *parsed;
  return true;
}

}  // namespace

int calibrate_campaign_command(const CalibrateCampaignArguments& arguments) {
  random::CampaignPreset preset{};
  if (!random::campaign_preset_from_text(arguments.preset, preset)) {
    fmt::print(stderr, "error: --preset '{}' is not known\n   hint: one of", arguments.preset);
    for (std::size_t i = 0; i < random::kCampaignPresetCount; ++i) {
      fmt::print(stderr, " {}", random::to_text(static_cast<random::CampaignPreset>(i)));
    }
    fmt::print(stderr, "\n");
    return kUsage;
  }
  constexpr std::int64_t kNone = INT64_MIN;
  std::int64_t from = kNone;
  std::int64_t to = kNone;
  if (!read_date("--from", arguments.from, from) || !read_date("--to", arguments.to, to)) {
    return kUsage;
  }
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
  const calibrate::AttackRecord record = calibrate::read_attacks(*source, diagnostics);
  if (diagnostics.ok() && record.rows.empty()) {
    diagnostics.error(ErrorCode::missing, {arguments.file, 1, 1},
                      "the record has no rows of drones or missiles");
  }
  calibrate::CampaignFit fit;
  if (diagnostics.ok()) {
    const auto by_day = [](const calibrate::AttackRow& a, const calibrate::AttackRow& b) {
      return a.day < b.day;
    };
    const auto ends = std::minmax_element(record.rows.begin(), record.rows.end(), by_day);
    from = from == kNone ? ends.first->day : from;
    to = to == kNone ? ends.second->day : to;
    if (from > to) {
      diagnostics.error(ErrorCode::missing, {arguments.file, 0, 0},
                        fmt::format("the period {} to {} is empty", date_text(from), date_text(to)),
                        fmt::format("the record goes from {} to {}", date_text(ends.first->day),
                                    date_text(ends.second->day)));
    } else {
      fit = calibrate::fit_campaign(record, from, to, diagnostics);
    }
  }
  fmt::print(stderr, "{}", io::diagnostics_text(diagnostics));
  if (!diagnostics.ok()) {
    return kBadData;
  }
  print(record, fit, arguments.preset);
  if (!arguments.out.empty()) {
    const std::string error = io::write_file_atomically(io::system_file_ops(), arguments.out,
                                                        overlay_text(fit, arguments.preset));
    if (!error.empty()) {
      fmt::print(stderr, "error: {}\n", error);
      return kInputOutput;
    }
    fmt::print("\n{}: use it with --overlay for a scenario with campaign preset {}\n",
               arguments.out, arguments.preset);
  }
  return kOk;
}

}  // namespace wintergrid::cli
