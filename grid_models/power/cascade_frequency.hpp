#pragma once
// The first half minute of an island that has lost generation: inertia, primary reserve, shedding
// by under-frequency relays, or collapse. Equations and sources: cascade_frequency.cpp.

#include <cstddef>
#include <cstdint>
#include <span>

namespace wintergrid::power {

inline constexpr std::size_t kMostStages = 32;

struct FrequencyParameters {
  double nominal_hz = 50.0;
  double reserve_full_seconds = 30.0;  ///< > 0: primary reserve rises linearly until then
  double first_stage_hz = 49.0;        ///< under-frequency stages, evenly spaced from here ...
  double last_stage_hz = 48.0;         ///< ... to here
  double stage_delay_seconds = 0.2;    ///< from crossing a stage to open breakers
  double collapse_hz = 47.5;           ///< below it units disconnect and the island is black
};

struct IslandImbalance {
  double kinetic_energy_mws = 0.0;  ///< sum of H S over running units
  double deficit_mw = 0.0;          ///< load less generation right after the event
  double reserve_mw = 0.0;          ///< primary reserve of the units that run
};

struct FrequencyResponse {
  bool black = false;
  double initial_rate_hz_per_second = 0.0;  ///< <= 0
  double nadir_hz = 0.0;       ///< lowest frequency; of a black island the collapse frequency
  double nadir_seconds = 0.0;  ///< when
  std::uint32_t stages = 0;    ///< that shed, the first ones
  double shed_mw = 0.0;
  double left_mw = 0.0;  ///< deficit after shedding: what reserve covers, or a surplus if negative
};

/// stage_mw[stage]: load each under-frequency stage would shed here (>= 0); 1 to kMostStages stages
/// (one alone acts at first_stage_hz). A deficit <= 0 has no response; a deficit without kinetic
/// energy is black at once.
FrequencyResponse frequency_response(const FrequencyParameters& parameters,
                                     const IslandImbalance& island,
                                     std::span<const double> stage_mw);

/// Frequency of a stage out of `count`, 0 first.
double stage_frequency_hz(const FrequencyParameters& parameters, std::size_t stage,
                          std::size_t count);

}  // namespace wintergrid::power
