#include "engine/report/terminal.hpp"

#include <cctype>
#include <cmath>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace wintergrid::report {
namespace {

const montecarlo::Estimate& estimate_of(const Summary& summary, const std::string& name) {
  return summary.estimates.at(montecarlo::metric_index(name));
}

/// A number without its trailing ".0".
std::string short_decimal(double value) {
  std::string text = fmt::format("{:.1f}", value);
  if (text.size() > 2 && text.substr(text.size() - 2) == ".0") {
    text.resize(text.size() - 2);
  }
  return text;
}

std::string line(const std::string& label, const montecarlo::Estimate& e) {
  const std::string interval =
      std::isfinite(e.ci95_high)
          ? fmt::format("{} to {}", rounded(e.ci95_low), rounded(e.ci95_high))
          : std::string("unknown");
  return fmt::format("  {:<34} {:>13}   {:<28} {} to {}\n", label, rounded(e.mean), interval,
                     rounded(e.p05), rounded(e.p95));
}

std::string capitalised(std::string_view word) {
  std::string text(word);
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text;
}

std::string parameter_spread(const Summary& summary) {
  std::string text;
  for (const std::string_view service : kServiceNames) {
    const montecarlo::Estimate& e =
        estimate_of(summary, fmt::format("{}.household_hours_lost", service));
    if (std::isnan(e.mean)) {
      continue;
    }
    text += text.empty() ? "  " : ", ";
    text += std::isfinite(e.p05_parameters)
                ? fmt::format("{} {} and {}", service, rounded(e.p05_parameters),
                              rounded(e.p95_parameters))
                : fmt::format("{} unknown (too few winters to tell from chance)", service);
  }
  return fmt::format(
      "\nWhat is not known about parameters {} moves the expected household-hours between\n{} (9 "
      "of "
      "10 parameter draws).\n",
      summary.unknown.empty() ? "alone" : "and unknown cells", text);
}

/// Two digits that matter, and nothing below a thousandth of a percent.
std::string percent(double share) {
  const double value = 100.0 * share;
  constexpr double kThreeDigits = 99.5;  // {:.2g} would write 1e+02
  return value > 0.0 && value < 0.001 ? "below 0.001"
         : value >= kThreeDigits      ? fmt::format("{:.0f}", value)
                                      : fmt::format("{:.2g}", value);
}

std::string percent(const montecarlo::VarianceShare& share) {
  return std::isnan(share.share) ? std::string("unknown")
                                 : fmt::format("{} % ({} to {})", percent(share.share),
                                               percent(share.low), percent(share.high));
}

std::string unknown_cells(const Summary& summary) {
  std::string text = fmt::format("\nCells that are unknown, drawn anew for every {}\n",
                                 summary.facts.parameters_sampled ? "parameter draw" : "winter");
  for (const scenario::UnknownColumn& column : summary.unknown) {
    text += fmt::format("  {}\n", scenario::to_text(column));
  }
  if (summary.unknown_effects.empty()) {
    return text + "What that does to the results was not computed: interrupted.\n";
  }
  text += fmt::format(
      "Share of the variance of household-hours that goes back to them, with 95 % interval ({} "
      "winters again,\nall else equal, with other draws of these cells)\n",
      summary.unknown_effects.front().effect.winters);
  for (const auto& [service, effect] : summary.unknown_effects) {
    text += fmt::format("  {:<6} ", service);
    if (effect.differing == 0) {
      text += "none: no winter was different\n";
      continue;
    }
    text += fmt::format("{} between winters", percent(effect.of_winters));
    if (summary.facts.parameters_sampled) {
      text += fmt::format(", {} of the expectation", percent(effect.of_expectation));
    }
    text += fmt::format("; {}, on average by {}\n",
                        counted(effect.differing, "winter differs", "winters differ"),
                        rounded(effect.mean_difference));
  }
  return text;
}

std::string ended(const Summary& summary) {
  switch (summary.facts.stop_reason) {
    case montecarlo::StopReason::finished:
      return "";
    case montecarlo::StopReason::precise_enough:
      return ", stopped when precise enough";
    case montecarlo::StopReason::interrupted:
      return fmt::format(", INTERRUPTED ({} wanted)", summary.facts.replications_wanted);
    case montecarlo::StopReason::too_many_failures:
      return ", STOPPED: too many replications failed";
  }
  return "";
}

}  // namespace

std::string grouped(double value) {
  std::string digits = fmt::format("{:.0f}", std::abs(value));
  for (std::size_t at = digits.size(); at > 3; at -= 3) {
    digits.insert(at - 3, ",");
  }
  return (value < 0 && digits != "0" ? "-" : "") + digits;
}

std::string counted(std::uint64_t n, std::string_view one, std::string_view more) {
  return fmt::format("{} {}", grouped(static_cast<double>(n)), n == 1 ? one : more);
}

std::string rounded(double value) {
  const double size = std::abs(value);
  if (!std::isfinite(value)) {
    return "unknown";
  }
  // 999.5 million would print as 1e+03 million
  if (size >= 999.5e6) {
    return fmt::format("{:.3g} billion", value / 1e9);
  }
  if (size >= 999500.0) {  // or it would print as 1,000,000
    return fmt::format("{:.3g} million", value / 1e6);
  }
  if (size >= 100.0) {
    const double step = std::pow(10.0, std::max(0.0, std::floor(std::log10(size)) - 2.0));
    return grouped(std::round(value / step) * step);
  }
  return short_decimal(value);
}

std::string terminal_summary(const Summary& summary) {
  const RunFacts& facts = summary.facts;
  std::string text =
      fmt::format("{}: {}, {} {} from {}; {} simulated{}\n", facts.scenario_name,
                  counted(summary.households, "household", "households"), facts.horizon_days,
                  facts.horizon_days == 1 ? "day" : "days", facts.start,
                  counted(summary.replications, "winter", "winters"), ended(summary));
  text += fmt::format("campaign {}, weather {}, repairs {}, parameters {}, seed {}\n",
                      facts.campaign, facts.weather, facts.policy,
                      facts.parameters_sampled ? "sampled" : "fixed", facts.seed);
  if (!facts.overlays.empty()) {
    text += fmt::format("on top: {}\n", fmt::join(facts.overlays, ", "));
  }
  if (!summary.missing_crews.empty()) {
    text += fmt::format("no crews of type {}: what they would repair stays broken\n",
                        summary.missing_crews);
  }
  if (summary.failed > 0) {
    text += fmt::format(
        "{} FAILED; intervals count this as nothing lost (low end) and everything "
        "lost (high end; unknown where there is no most)\n",
        counted(summary.failed, "replication", "replications"));
  }
  text += fmt::format("\n  {:<34} {:>13}   {:<28} {}\n", "", "average",
                      "95 % interval of the average", "9 of 10 winters");
  for (const std::string_view service : kServiceNames) {
    if (std::isnan(estimate_of(summary, fmt::format("{}.household_hours_lost", service)).mean)) {
      text += fmt::format("{} is not modelled\n", capitalised(service));
      continue;
    }
    text += fmt::format("{} lost\n", capitalised(service));
    const auto of = [&](const char* name) -> const montecarlo::Estimate& {
      return estimate_of(summary, fmt::format("{}.{}", service, name));
    };
    text += line("household-hours", of("household_hours_lost"));
    text += line("households, most at once", of("peak_households"));
    text += line("households, over 24 h on end", of("households_over_24h"));
    text += line("households, over 72 h on end", of("households_over_72h"));
    text += line("households, over 168 h on end", of("households_over_168h"));
    text += line("longest outage, hours", of("longest_outage_hours"));
  }
  std::string cold;
  for (const auto& [label, name] :
       {std::pair{"households below 12 C over 24 h", "households_below_12c_over_24h"},
        {"without two services over 24 h", "households_without_two_services_over_24h"},
        {"buildings drained", "buildings_drained"},
        {"buildings burst", "buildings_burst"}}) {
    const montecarlo::Estimate& e = estimate_of(summary, name);
    cold += std::isnan(e.mean) ? std::string() : line(label, e);
  }
  text += cold.empty() ? cold : "Cold and frost\n" + cold;

  if (facts.parameters_sampled) {
    text += parameter_spread(summary);
  }
  if (!summary.unknown.empty()) {
    text += unknown_cells(summary);
  }
  if (!summary.generators.empty()) {
    text +=
        "\nGenerator sets for facilities without grid supply at once (half of winters need no "
        "more; "
        "8 of 10; 19 of 20), and diesel "
        "on the worst day\n";
    text += fmt::format("  {:<14} {:>11} {:>6} {:>6} {:>6}   {:>22}\n", "class", "facilities",
                        "P50", "P80", "P95", "litres a day P50/P80/P95");
    for (const GeneratorNeed& need : summary.generators) {
      text += fmt::format("  {:<14} {:>11} {:>6} {:>6} {:>6}   {} / {} / {}\n", need.set_class,
                          need.facilities, grouped(need.sets_p50), grouped(need.sets_p80),
                          grouped(need.sets_p95), rounded(need.litres_day_p50),
                          rounded(need.litres_day_p80), rounded(need.litres_day_p95));
    }
  }
  const montecarlo::Estimate& bounded = estimate_of(summary, "solver_bounded_moments");
  if (bounded.mean > 0.0) {
    text += fmt::format(
        "\nNote: on average {} moments a winter used the stated bound of a solver instead of "
        "its solution.\n",
        short_decimal(bounded.mean));
  }
  return text;
}

}  // namespace wintergrid::report
