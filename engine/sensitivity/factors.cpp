#include "engine/sensitivity/factors.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/montecarlo/estimate.hpp"
#include "engine/montecarlo/metrics.hpp"
#include "engine/montecarlo/runner.hpp"
#include "engine/random/parameters.hpp"

namespace wintergrid::sensitivity {
namespace {

bool is_hazard(std::string_view name) {
  return name.starts_with("strikes.") || name.starts_with("damage.");
}

/// More of it means fewer or weaker hits.
bool is_milder_when_more(std::string_view name) {
  constexpr std::array<std::string_view, 5> kMilder{"neutralised", "interceptors", "resupply",
                                                    "gap_mean", "gap_shape"};
  return std::any_of(kMilder.begin(), kMilder.end(), [&](std::string_view part) {
    return name.find(part) != std::string_view::npos;
  });
}

}  // namespace

std::vector<Factor> factors_of(const random::TimelineSettings& settings) {
  Factor hazard;
  hazard.name = kHazard;
  std::vector<Factor> factors;
  if (!settings.sample_parameters) {
    return factors;
  }
  const std::string own = "strikes." + std::string(random::to_text(settings.campaign.preset)) + ".";
  for (std::size_t i = 0; i < settings.parameters.entries.size(); ++i) {
    const random::ParameterEntry& entry = settings.parameters.entries[i];
    if (entry.distribution == random::Distribution::fixed || entry.overridden) {
      continue;
    }
    if (is_hazard(entry.name)) {
      const bool of_a_winter = entry.name.starts_with("strikes.winter_");
      if (settings.campaign.active && (!of_a_winter || entry.name.starts_with(own))) {
        hazard.entries.push_back(i);
        hazard.falls.push_back(is_milder_when_more(entry.name) ? 1 : 0);
      }
      continue;
    }
    factors.push_back({entry.name, {i}, {0}, entry.low, entry.high, entry.unit});
  }
  if (!hazard.entries.empty()) {
    factors.insert(factors.begin(), std::move(hazard));
  }
  return factors;
}

Evaluator::Evaluator(std::unique_ptr<montecarlo::Case> which, std::vector<std::size_t> metrics,
                     std::uint64_t winters, int threads, const std::atomic<bool>* stop)
    : case_(std::move(which)),
      settings_(case_->sampler->settings()),
      factors_(factors_of(settings_)),
      metrics_(std::move(metrics)),
      winters_(winters),
      threads_(threads),
      stop_(stop) {
  case_->group = 1;
}

std::vector<double> Evaluator::evaluate(std::span<const std::size_t> which,
                                        std::span<const double> points) {
  random::TimelineSettings settings = settings_;
  settings.sample_parameters = false;
  for (std::size_t i = 0; i < which.size(); ++i) {
    const Factor& factor = factors_[which[i]];
    for (std::size_t k = 0; k < factor.entries.size(); ++k) {
      random::ParameterEntry& entry = settings.parameters.entries[factor.entries[k]];
      // The ends of a lognormal or triangular range are quantiles 0 and 1, cut to the range.
      constexpr double kEnd = 1e-9;
      const double u = std::clamp(points[i], kEnd, 1.0 - kEnd);
      entry.value = random::value_at(entry, factor.falls[k] != 0 ? 1.0 - u : u);
    }
  }
  case_->sampler = std::make_unique<random::TimelineSampler>(
      std::move(settings), case_->model.components, case_->model.zones);
  montecarlo::Tally tally(montecarlo::shape_of(case_->model));
  montecarlo::RunOptions options;
  options.replications = winters_;
  options.threads = threads_;
  options.stop = stop_;
  const montecarlo::StopReason reason = montecarlo::run(
      tally, [&] { return std::make_unique<montecarlo::Simulation>(*case_, case_->policy); },
      options);
  ++evaluations_;
  if (reason == montecarlo::StopReason::interrupted) {
    return {};
  }
  std::vector<double> means;
  for (const std::size_t metric : metrics_) {
    means.push_back(
        montecarlo::estimate(
            montecarlo::values_of(tally, metric, montecarlo::metrics()[metric].per_unit), 1)
            .mean);
  }
  return means;
}

}  // namespace wintergrid::sensitivity
