#pragma once
// The national clock of massive waves: see wave_clock.cpp.

#include <cstdint>
#include <vector>

#include "engine/random/draw.hpp"
#include "engine/random/timeline_sampler.hpp"
#include "grid_models/core/name_hash.hpp"
#include "grid_models/core/time.hpp"

namespace wintergrid::random {

inline constexpr std::uint64_t kWaveClock = name_hash("massive wave");

/// Local nights of the massive waves before the end of the horizon, ascending, with their starts,
/// into scratch.waves; none if the campaign is off. Uses scratch.parameters. `outdoor_c`: by hour,
/// of sample_weather with the same draw; looked at only where the waves are correlated with cold.
void sample_wave_clock(const TimelineSettings& settings, const Draw& draw,
                       const std::vector<float>& outdoor_c, TimelineScratch& scratch);

/// Days before t = 0 of the massive wave before the first, then of the one before that, and so on:
/// the same renewal process, which is stationary.
class WavesBefore {
 public:
  WavesBefore(const StrikePreset& preset, const Draw& draw) : preset_(preset), draw_(draw) {}
  double next();

 private:
  const StrikePreset& preset_;
  const Draw& draw_;
  double days_ = 0.0;
  std::uint32_t index_ = 0;
};

/// When the attack of a local night begins: between midnight and `latest_hour`. `clock_offset`:
/// local clock time at t = 0.
Seconds attack_start(const Draw& draw, std::uint64_t attack, std::int64_t night,
                     Seconds clock_offset, double latest_hour);

}  // namespace wintergrid::random
