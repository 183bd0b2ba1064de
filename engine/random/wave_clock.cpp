// Massive waves as a gamma renewal process, stationary at t = 0
//   The gap that covers t = 0 is G' ~ Gamma(shape + 1, scale) (length-biased), cut at a uniform
//   place U: the next wave comes after U G' days and the last came (1 - U) G' days ago. All other
//   gaps are Gamma(shape, scale), scale = mean / shape. Waves fall in the night of their day.
//   With a correlation c the clock runs by L(t), the integral of the rate exp(c z - c^2 / 2) over
//   days, z the standardised cold of the day (weather.cpp): the waves come at L^-1 of the renewal
//   points. A stationary renewal process has L(t) / mean points in L(t) on average, and L(t) = t on
//   average: the mean number of waves is as without. E[z] over the days of waves is
//   E[z exp(c z - c^2 / 2)] = c, so c is also the mean cold of those days in standard deviations.
// Published gaps: "Massive Missile Attacks on Ukraine" (P. Ivaniuk, from Ukrainian Air Force
// reports); fits in data/parameters/strikes.yaml.

#include "engine/random/wave_clock.hpp"

#include <cmath>

#include "engine/random/inversion.hpp"
#include "engine/random/weather.hpp"

namespace wintergrid::random {
namespace {

constexpr std::uint32_t kBefore = 1U << 31U;  ///< k of the gaps before t = 0

double gap(const StrikePreset& preset, const Draw& draw, std::uint32_t k, double more_shape) {
  return gamma_quantile(draw.uniform({kWaveClock, Purpose::wave_gap, k}),
                        preset.gap_shape + more_shape, preset.gap_mean_days / preset.gap_shape);
}

/// Moves on by `run` days of the clock from `at`, in local days since the midnight before t = 0.
double after(double at, double run, const std::vector<double>& rate) {
  while (true) {
    const double day = std::floor(at);
    if (day >= static_cast<double>(rate.size())) {
      return at + run;  // beyond the horizon
    }
    const double of_day = rate[static_cast<std::size_t>(day)];
    const double left = (day + 1.0 - at) * of_day;
    if (run < left) {
      return at + run / of_day;
    }
    run -= left;
    at = day + 1.0;
  }
}

}  // namespace

Seconds attack_start(const Draw& draw, std::uint64_t attack, std::int64_t night,
                     Seconds clock_offset, double latest_hour) {
  return night * kSecondsPerDay - clock_offset +
         seconds_from_hours(draw.uniform({attack, Purpose::wave_size, 100}) * latest_hour);
}

double WavesBefore::next() {
  if (index_ == 0) {
    days_ = (1.0 - draw_.uniform({kWaveClock, Purpose::wave_gap, 0})) * gap(preset_, draw_, 1, 1.0);
  } else {
    days_ += gap(preset_, draw_, kBefore + index_, 0.0);
  }
  ++index_;
  return days_;
}

void sample_wave_clock(const TimelineSettings& settings, const Draw& draw,
                       const std::vector<float>& outdoor_c, TimelineScratch& scratch) {
  scratch.waves.clear();
  if (!settings.campaign.active) {
    return;
  }
  const StrikeParameters& strikes = scratch.parameters.strikes;
  const StrikePreset& preset = strikes.preset[static_cast<std::size_t>(settings.campaign.preset)];
  sample_wave_rate(scratch.parameters.weather, settings.weather, settings.start,
                   settings.campaign.cold_correlation, draw, outdoor_c, scratch.wave_rate);
  const Seconds clock_offset = settings.start.hour * kSecondsPerHour;
  const double offset_days =
      static_cast<double>(clock_offset) / static_cast<double>(kSecondsPerDay);
  const double horizon_days =
      static_cast<double>(settings.horizon) / static_cast<double>(kSecondsPerDay);
  const auto later = [&](double days, double run) {
    // Without a rate the sum as it is, so that no correlation changes not a bit.
    return scratch.wave_rate.empty()
               ? days + run
               : after(days + offset_days, run, scratch.wave_rate) - offset_days;
  };
  double days =
      later(0.0, draw.uniform({kWaveClock, Purpose::wave_gap, 0}) * gap(preset, draw, 1, 1.0));
  for (std::uint32_t index = 0; days < horizon_days; ++index) {
    const auto night = static_cast<std::int64_t>(days + offset_days);
    scratch.waves.push_back({night, index,
                             attack_start(draw, combine_hash(kWaveClock, index), night,
                                          clock_offset, strikes.wave_start_latest_hour)});
    days = later(days, gap(preset, draw, index + 2, 0.0));
  }
}

}  // namespace wintergrid::random
