#include "engine/report/summary.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace wintergrid::report {
namespace {

double quantile(std::vector<double> values, double probability) {
  if (values.empty()) {
    return 0.0;
  }
  std::sort(values.begin(), values.end());
  const double rank = std::ceil(probability * static_cast<double>(values.size()));
  return values[static_cast<std::size_t>(
      std::clamp(rank - 1.0, 0.0, static_cast<double>(values.size() - 1)))];
}

}  // namespace

std::string set_class_name(std::size_t c) {
  const auto upper = [](std::size_t i) { return fmt::format("{:g}", kSetClassUpperKw[i]); };
  if (c == 0) {
    return fmt::format("up to {} kW", upper(0));
  }
  if (c == kSetClassUpperKw.size()) {
    return fmt::format("over {} kW", upper(c - 1));
  }
  return fmt::format("{}-{} kW", upper(c - 1), upper(c));
}

namespace {

/// Diesel per hour of a set that carries load_kw at 75 % of its prime power: a rated + 0.25 load
/// (standard diesel chart; see grid_models/power/backup.hpp for a).
double litres_per_hour(double load_kw) {
  const double rated_kw = load_kw / 0.75;
  const double idle = rated_kw <= 60.0 ? 0.05 : rated_kw <= 250.0 ? 0.035 : 0.02;
  return idle * rated_kw + 0.25 * load_kw;
}

std::vector<GeneratorNeed> generator_needs(const Model& model, const montecarlo::Tally& tally) {
  std::vector<GeneratorNeed> needs;
  for (std::size_t c = 0; c < kSetClassCount; ++c) {
    GeneratorNeed need;
    need.set_class = set_class_name(c);
    double load_kw = 0.0;
    for (std::size_t i = 0; i < model.facilities.count(); ++i) {
      if (model.facility_set_class[i] == c) {
        ++need.facilities;
        load_kw += model.facilities.load_kw[i];
      }
    }
    if (need.facilities == 0) {
      continue;
    }
    need.mean_load_kw = load_kw / static_cast<double>(need.facilities);
    const auto values = [&](const char* what, double per_unit) {
      return montecarlo::values_of(
                 tally, montecarlo::metric_index(fmt::format("{}.class_{}", what, c)), per_unit)
          .value;
    };
    const std::vector<double> sets = values("sets_needed_peak", 1.0);
    need.sets_p50 = quantile(sets, 0.50);
    need.sets_p80 = quantile(sets, 0.80);
    need.sets_p95 = quantile(sets, 0.95);
    const double litres = litres_per_hour(need.mean_load_kw);
    const std::vector<double> worst_day = values("set_hours_worst_day", 3600.0);
    need.litres_day_p50 = quantile(worst_day, 0.50) * litres;
    need.litres_day_p80 = quantile(worst_day, 0.80) * litres;
    need.litres_day_p95 = quantile(worst_day, 0.95) * litres;
    double total = 0.0;
    const std::vector<double> hours = values("set_hours", 3600.0);
    for (const double value : hours) {
      total += value;
    }
    need.set_hours_mean = hours.empty() ? 0.0 : total / static_cast<double>(hours.size());
    needs.push_back(std::move(need));
  }
  return needs;
}

}  // namespace

std::string to_text(montecarlo::StopReason reason) {
  switch (reason) {
    case montecarlo::StopReason::finished:
      return "finished";
    case montecarlo::StopReason::precise_enough:
      return "precise_enough";
    case montecarlo::StopReason::interrupted:
      return "interrupted";
    case montecarlo::StopReason::too_many_failures:
      return "too_many_failures";
  }
  return "unknown";
}

Summary summarise(const montecarlo::Case& which, const montecarlo::Tally& tally, RunFacts facts) {
  Summary summary;
  summary.facts = std::move(facts);
  summary.replications = tally.count();
  summary.failed = tally.failures().size();
  summary.households = which.model.total_households;
  const std::vector<montecarlo::Metric>& metrics = montecarlo::metrics();
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    summary.estimates.push_back(montecarlo::is_modelled(m, which.model)
                                    ? montecarlo::estimate(tally, m, metrics[m].per_unit,
                                                           which.group,
                                                           montecarlo::upper_bound(m, which.model))
                                    : montecarlo::estimate(montecarlo::Values{}, which.group));
  }
  if (which.unknown) {
    summary.unknown = which.unknown->cells->columns();
  }
  summary.missing_crews = montecarlo::missing_crews(which.model);
  summary.generators = generator_needs(which.model, tally);
  std::vector<std::uint64_t> counts(montecarlo::kHourBins + 1);
  const auto households = static_cast<double>(summary.households);
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    if (!which.model.has_service(s)) {
      continue;
    }
    for (std::size_t hour = 0; hour < tally.shape().hours; ++hour) {
      for (std::size_t bin = 0; bin < counts.size(); ++bin) {
        counts[bin] = tally.hour_count(s, hour, bin);
      }
      HourBand band;
      band.p05 = montecarlo::histogram_quantile(counts, 0.05) * households;
      band.p50 = montecarlo::histogram_quantile(counts, 0.50) * households;
      band.p95 = montecarlo::histogram_quantile(counts, 0.95) * households;
      summary.hours[s].push_back(band);
    }
  }
  return summary;
}

std::vector<UnknownEffectOn> unknown_effects(const montecarlo::Case& which,
                                             const montecarlo::Tally& tally,
                                             const montecarlo::Tally& again) {
  std::vector<UnknownEffectOn> effects;
  for (const std::string_view service : kServiceNames) {
    const std::size_t metric =
        montecarlo::metric_index(fmt::format("{}.household_hours_lost", service));
    if (montecarlo::is_modelled(metric, which.model)) {
      effects.push_back(
          {std::string(service),
           montecarlo::unknown_effect(tally, again, metric, montecarlo::metrics()[metric].per_unit,
                                      which.group, which.seed)});
    }
  }
  return effects;
}

}  // namespace wintergrid::report
