// The national deficit after massive waves
//   S(t) = sum over waves i at t_i <= t of w_i exp(-(t - t_i) / tau)
//   y(t) = r (S(t) - tau / g)
//   tau recovery time, days; g mean gap of the waves, days; w_i = 1 but for pauses. The share of
//   import capacity is m - (1 - m) y + noise, cut to [0, 1] (weather.cpp): a wave raises the
//   deficit by r times the mean deficit 1 - m. The mean of S over a stationary clock is tau / g
//   (Campbell's theorem), so m stays the mean up to the cut. Waves before t = 0 are drawn as well:
//   a scenario begins in the middle of a campaign. r is cut to g / tau, at which the waves are all
//   of the deficit: no wave for long then means no deficit, not less than none. Pauses: of a wave
//   within a pause of all regions the withheld share of missiles counts nothing; what is carried
//   over is added to the first wave outside.
// Values and sources: data/parameters/outage_practice.yaml.

#include "engine/random/national_deficit.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/random/wave_clock.hpp"

namespace wintergrid::random {
namespace {

/// Whether a pause withholds a class everywhere.
bool is_national(const PauseSpec& pause, std::size_t region_count) {
  if (!pause.zones.empty()) {
    return false;
  }
  for (std::size_t region = 0; !pause.regions.empty() && region < region_count; ++region) {
    if (std::find(pause.regions.begin(), pause.regions.end(), region) == pause.regions.end()) {
      return false;
    }
  }
  return true;
}

/// The size of waves in order, against one that no pause touches.
class WaveSizes {
 public:
  WaveSizes(const TimelineSettings& settings, const StrikePreset& preset, std::size_t region_count)
      : settings_(settings),
        region_count_(region_count),
        share_{0.0, preset.cruise_weight, preset.ballistic_weight, preset.aeroballistic_weight} {
    const double all = share_[1] + share_[2] + share_[3];
    for (double& share : share_) {
      share = all > 0.0 ? share / all : 1.0 / 3.0;
    }
  }

  double next(Seconds time) {
    double size = 0.0;
    for (std::size_t weapon = 1; weapon < kWeaponCount; ++weapon) {
      double left = 1.0;
      bool paused = false;
      for (const PauseSpec& pause : settings_.campaign.pauses) {
        if (time < pause.from || time >= pause.to || !pause.weapons[weapon] ||
            !is_national(pause, region_count_)) {
          continue;
        }
        paused = true;
        stored_[weapon] += left * pause.compliance * pause.carry_over;
        left *= 1.0 - pause.compliance;
      }
      if (!paused) {
        left += stored_[weapon];
        stored_[weapon] = 0.0;
      }
      size += share_[weapon] * left;
    }
    return size;
  }

 private:
  const TimelineSettings& settings_;
  std::size_t region_count_;
  std::array<double, kWeaponCount> share_;
  std::array<double, kWeaponCount> stored_{};
};

}  // namespace

void sample_deficit_surplus(const TimelineSettings& settings, const ParameterSet& central,
                            std::size_t region_count, std::size_t hours, const Draw& draw,
                            TimelineScratch& scratch) {
  scratch.deficit_surplus.clear();
  const DeficitParameters& deficit = scratch.parameters.deficit;
  if (!settings.campaign.active || !settings.import.schedule.empty() ||
      settings.import.mean >= 1.0 || !(deficit.wave_rise > 0.0) ||
      !(deficit.wave_recovery_days > 0.0)) {
    return;
  }
  const auto which = static_cast<std::size_t>(settings.campaign.preset);
  const StrikePreset& preset = scratch.parameters.strikes.preset[which];
  const double mean_sum = deficit.wave_recovery_days / central.strikes.preset[which].gap_mean_days;
  const double rise = std::min(deficit.wave_rise, 1.0 / mean_sum);

  constexpr double kForgotten = 12.0;      // recovery times: 6e-6 of a wave is left
  constexpr double kLongestDays = 3650.0;  // waves longer ago count by their mean
  double sum = 0.0;
  WavesBefore before(preset, draw);
  const double hour_of_day = static_cast<double>(settings.start.hour);
  // In the night of their day like those to come, on average half way to the latest hour.
  const double attack_hour = 0.5 * scratch.parameters.strikes.wave_start_latest_hour;
  const double looked_back = std::min(kForgotten * deficit.wave_recovery_days, kLongestDays);
  for (double days = before.next(); days < looked_back; days = before.next()) {
    const double night = std::floor(hour_of_day / 24.0 - days);
    const double age = std::max(0.0, (hour_of_day - attack_hour) / 24.0 - night);
    sum += std::exp(-age / deficit.wave_recovery_days);
  }
  if (looked_back >= kLongestDays) {
    sum += mean_sum * std::exp(-looked_back / deficit.wave_recovery_days);
  }
  WaveSizes sizes(settings, preset, region_count);
  const double hour_left = std::exp(-1.0 / 24.0 / deficit.wave_recovery_days);
  scratch.deficit_surplus.resize(hours);
  std::size_t next = 0;
  for (std::size_t hour = 0; hour < hours; ++hour) {
    const Seconds now = static_cast<Seconds>(hour) * kSecondsPerHour;
    sum *= hour > 0 ? hour_left : 1.0;
    for (; next < scratch.waves.size() && scratch.waves[next].start <= now; ++next) {
      const double age = static_cast<double>(now - scratch.waves[next].start) /
                         static_cast<double>(kSecondsPerDay);
      sum += sizes.next(scratch.waves[next].start) * std::exp(-age / deficit.wave_recovery_days);
    }
    scratch.deficit_surplus[hour] = rise * (sum - mean_sum);
  }
}

}  // namespace wintergrid::random
