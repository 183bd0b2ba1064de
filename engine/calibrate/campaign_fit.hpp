#pragma once
// A preset of the national strike campaign from a record of attacks.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/calibrate/attack_record.hpp"

namespace wintergrid::calibrate {

/// A parameter of strikes.PRESET with a 95 % interval.
struct Estimate {
  std::string parameter;  ///< without the preset's prefix
  double value = 0.0, low = 0.0, high = 0.0;
  std::size_t count = 0;  ///< gaps, waves, nights or weapons that it rests on
  bool fitted = false;    ///< false: the record says nothing
  bool bounded = true;    ///< false: no interval (at the end of what can be told)
};

/// p10, p50, p90 of what the record says and no parameter of a preset holds.
struct Spread {
  std::size_t count = 0;
  double p10 = 0.0, p50 = 0.0, p90 = 0.0;
};

struct CampaignFit {
  std::int64_t from = 0, to = 0;  ///< days since 1970-01-01, both within
  std::size_t waves = 0, nights = 0;
  std::vector<Estimate> estimates;  ///< in the order of data/parameters/strikes.yaml
  Spread gap_days, wave_locations, night_locations;
};

/// A day with so many cruise, ballistic and aeroballistic missiles or more is a massive wave.
inline constexpr std::int64_t kMissilesOfAWave = 20;
inline constexpr std::size_t kFewestWaves = 4;

/// Days without a row had no attack. Reports too few massive waves.
CampaignFit fit_campaign(const AttackRecord& record, std::int64_t from, std::int64_t to,
                         Diagnostics& diagnostics);

/// The renewal clock alone: mean gap and shape from the days (0 to days - 1) of the waves.
void fit_gaps(const std::vector<std::int64_t>& wave_days, std::int64_t days, Estimate& mean,
              Estimate& shape);
/// Of a negative binomial.
void fit_nights(const std::vector<double>& counts, Estimate& mean, Estimate& dispersion);
/// Median and sd of the logarithms; a count of 0 is taken as one half.
void fit_sizes(const std::vector<double>& counts, Estimate& median, Estimate& log_sd);
/// A share with its Wilson interval.
Estimate share_of(std::string parameter, std::int64_t part, std::int64_t whole);

}  // namespace wintergrid::calibrate
