// Y(w, z): result of winter w with filling z of the unknown cells; Y and Y' share the winter.
//
//   E[Var(Y | w)] = E[(Y - Y')^2] / 2              of the variance between winters, what cells make
//                                                  (Jansen, Comput. Phys. Commun. 117 (1999) 35)
//   E[Var(E[Y | theta, z] | theta)] = E[d1 d2] / 2    of the variance of the expectation: winters 1
//                                                  and 2 of one draw of parameters theta and of
//                                                  both fillings, d = Y - Y'; given those, the
//                                                  winters are independent, so that chance drops
//                                                  out
//   Var(E[Y | theta, z]) = E[Y1 Y2] - E[Y]^2          of the same pairs
//
// Shares are ratios of these means; intervals are percentiles of resampled groups (bootstrap, Efron
// 1979), since one severe winter weighs as much as a hundred others.

#include "engine/montecarlo/unknown_effect.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/montecarlo/estimate.hpp"
#include "engine/random/draw.hpp"
#include "grid_models/core/contract.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::montecarlo {
namespace {

constexpr std::size_t kResamples = 1000;

/// Sums over the winters of one parameter draw.
struct Sums {
  double count = 0, y = 0, y_squared = 0, half_square = 0;      ///< both fillings: count 2 a winter
  double pairs = 0, pair_y = 0, product = 0, half_product = 0;  ///< of two winters

  Sums& operator+=(const Sums& other) {
    count += other.count;
    y += other.y;
    y_squared += other.y_squared;
    half_square += other.half_square;
    pairs += other.pairs;
    pair_y += other.pair_y;
    product += other.product;
    half_product += other.half_product;
    return *this;
  }
};

struct Shares {
  double of_winters = std::numeric_limits<double>::quiet_NaN();
  double of_expectation = std::numeric_limits<double>::quiet_NaN();
};

Shares shares_of(const Sums& sums) {
  Shares shares;
  if (sums.count > 0) {
    const double mean = sums.y / sums.count;
    const double variance = sums.y_squared / sums.count - mean * mean;
    if (variance > 0) {
      shares.of_winters = std::min(1.0, sums.half_square / (0.5 * sums.count) / variance);
    }
  }
  if (sums.pairs > 0) {
    const double mean = sums.pair_y / (4.0 * sums.pairs);
    const double variance = sums.product / (2.0 * sums.pairs) - mean * mean;
    if (variance > 0) {
      shares.of_expectation = std::clamp(sums.half_product / sums.pairs / variance, 0.0, 1.0);
    }
  }
  return shares;
}

VarianceShare with_interval(double share, const std::vector<double>& resampled) {
  if (std::isnan(share)) {
    return {share, share, share};
  }
  constexpr double kTail = 0.025;
  // Where chance leaves nothing of the variance, its share could be anything.
  const auto at = [&resampled](double probability, double anything) {
    std::vector<double> sorted = resampled;
    for (double& value : sorted) {
      value = std::isnan(value) ? anything : value;
    }
    std::sort(sorted.begin(), sorted.end());
    const double rank = probability * static_cast<double>(sorted.size() - 1);
    return sorted[static_cast<std::size_t>(std::lround(rank))];
  };
  return {share, std::min(share, at(kTail, 0.0)), std::max(share, at(1.0 - kTail, 1.0))};
}

}  // namespace

UnknownEffect unknown_effect(const Tally& first, const Tally& second, std::size_t metric,
                             double per_unit, std::uint64_t group, std::uint64_t seed) {
  WG_EXPECT(group >= 1);
  UnknownEffect effect;
  std::vector<Sums> groups;
  const std::uint64_t count = std::min(first.count(), second.count());
  // About their mean, so that no digits are lost in the squares.
  double centre = 0.0, values = 0.0;
  const auto value = [&](const Tally& tally, std::uint64_t replication) {
    return static_cast<double>(tally.row(replication)[metric]) / per_unit;
  };
  const auto fine = [&](std::uint64_t replication) {
    return !first.failed(replication) && !second.failed(replication);
  };
  for (std::uint64_t r = 0; r < count; ++r) {
    if (fine(r)) {
      centre += value(first, r) + value(second, r);
      values += 2.0;
    }
  }
  centre = values > 0.0 ? centre / values : 0.0;
  for (std::uint64_t begin = 0; begin < count; begin += group) {
    Sums sums;
    double before_a = 0, before_b = 0;
    bool has_before = false;
    for (std::uint64_t r = begin; r < std::min(count, begin + group); ++r) {
      if (!fine(r)) {
        continue;
      }
      const double a = value(first, r) - centre, b = value(second, r) - centre;
      ++effect.winters;
      effect.differing += a != b ? 1U : 0U;
      effect.mean_difference += std::abs(a - b);
      sums.count += 2.0;
      sums.y += a + b;
      sums.y_squared += a * a + b * b;
      sums.half_square += 0.5 * (a - b) * (a - b);
      if (has_before) {
        sums.pairs += 1.0;
        sums.pair_y += a + b + before_a + before_b;
        sums.product += a * before_a + b * before_b;
        sums.half_product += 0.5 * (a - b) * (before_a - before_b);
      }
      before_a = a;
      before_b = b;
      has_before = !has_before;
    }
    if (sums.count > 0) {
      groups.push_back(sums);
    }
  }
  if (effect.winters > 0) {
    effect.mean_difference /= static_cast<double>(effect.winters);
  }
  Sums all;
  for (const Sums& sums : groups) {
    all += sums;
  }
  const Shares shares = shares_of(all);
  std::vector<double> of_winters, of_expectation;
  for (std::size_t resample = 0; resample < kResamples && !groups.empty(); ++resample) {
    const random::Draw draw(seed, resample);
    Sums drawn;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const double u = draw.uniform({name_hash("effect of unknown cells"), Purpose::unknown_cell,
                                     static_cast<std::uint32_t>(i)});
      drawn += groups[static_cast<std::size_t>(u * static_cast<double>(groups.size()))];
    }
    const Shares again = shares_of(drawn);
    of_winters.push_back(again.of_winters);
    of_expectation.push_back(again.of_expectation);
  }
  effect.of_winters = with_interval(shares.of_winters, of_winters);
  effect.of_expectation = with_interval(shares.of_expectation, of_expectation);
  return effect;
}

}  // namespace wintergrid::montecarlo
