// Clock of massive waves: gamma renewal, seen by whole days
//   Gaps G ~ gamma(shape a, mean m) between waves at a uniform time of their day are K whole days
//   with P(K = k) = H(k + 1) - 2 H(k) + H(k - 1), H(x) = integral of the distribution function F
//   from 0 to x = x F_a(x) - m F_{a+1}(x); given K >= 1, since two waves on one day are one in the
//   record. Both ends of the period are censored and used: the process is taken as stationary, so
//   the first wave on day i has (1 - H(i + 1) + H(i)) / m, and no wave in the last j days after the
//   last one 1 - H(j + 1) + H(j). Maximum likelihood over log m and log a; intervals from the
//   curvature there (normal in the logarithms).
// Waves: lognormal by mean and sd of logarithms, intervals of Student and chi-squared.
// Nights: negative binomial, m the mean, k by maximum likelihood (golden section over log k);
//   var = m + m^2 / k.
// Shares: Wilson, J. Am. Stat. Assoc. 22 (1927) 209.

#include "engine/calibrate/campaign_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "engine/calibrate/simplex.hpp"
#include "engine/random/inversion.hpp"

namespace wintergrid::calibrate {
namespace {

using random::kWeaponCount;

constexpr double kZ = 1.959963984540054;  ///< 97.5 % of the normal
constexpr double kUpper = 0.975;
/// Far out the differences of H are below rounding: the likelihood is flat there, not undefined.
constexpr double kLeast = 1e-12;

/// One day of the period.
struct Day {
  std::array<std::int64_t, kWeaponCount> launched{}, reported{}, neutralised{};
  std::int64_t drones_by_type = 0, real = 0, locations = 0;
  bool has_locations = false;

  std::int64_t missiles() const { return launched[1] + launched[2] + launched[3]; }
  bool massive() const { return missiles() >= kMissilesOfAWave; }
};

/// The days of the waves as the likelihood needs them.
struct GapCounts {
  std::int64_t days_before = 0, days_after = 0;  ///< the first wave and the last
  std::vector<double> count;                     ///< of gaps by whole days
};

GapCounts gap_counts(const std::vector<std::int64_t>& wave_days, std::int64_t days) {
  GapCounts counts;
  counts.days_before = wave_days.front();
  counts.days_after = days - 1 - wave_days.back();
  for (std::size_t wave = 1; wave < wave_days.size(); ++wave) {
    const auto gap = static_cast<std::size_t>(wave_days[wave] - wave_days[wave - 1]);
    counts.count.resize(std::max(counts.count.size(), gap + 1), 0.0);
    counts.count[gap] += 1.0;
  }
  return counts;
}

/// Log likelihood of the whole record of days, see the head of the file.
double gap_log_likelihood(double mean, double shape, const GapCounts& counts) {
  const double scale = mean / shape;
  const auto integral = [&](double x) {
    return x <= 0.0 ? 0.0
                    : x * random::gamma_cdf(x, shape, scale) -
                          mean * random::gamma_cdf(x, shape + 1.0, scale);
  };
  const auto log_of = [](double p) { return std::log(std::max(p, kLeast)); };
  const auto survival = [&](std::int64_t day) {
    const auto at = static_cast<double>(day);
    return 1.0 - integral(at + 1.0) + integral(at);
  };
  double sum = log_of(survival(counts.days_before) / mean) + log_of(survival(counts.days_after));
  const double together = integral(1.0);
  for (std::size_t gap = 1; gap < counts.count.size(); ++gap) {
    if (counts.count[gap] > 0.0) {
      const auto k = static_cast<double>(gap);
      const double second = integral(k + 1.0) - 2.0 * integral(k) + integral(k - 1.0);
      sum += counts.count[gap] * log_of(second / (1.0 - together));
    }
  }
  return sum;
}

Spread spread_of(std::vector<double> values) {
  Spread spread;
  spread.count = values.size();
  if (values.empty()) {
    return spread;
  }
  std::sort(values.begin(), values.end());
  const auto quantile = [&](double probability) {
    const double at = probability * static_cast<double>(values.size() - 1);
    const auto low = static_cast<std::size_t>(at);
    const std::size_t high = std::min(low + 1, values.size() - 1);
    return values[low] + (at - static_cast<double>(low)) * (values[high] - values[low]);
  };
  spread.p10 = quantile(0.1);
  spread.p50 = quantile(0.5);
  spread.p90 = quantile(0.9);
  return spread;
}

std::map<std::int64_t, Day> by_day(const AttackRecord& record, std::int64_t from, std::int64_t to) {
  std::map<std::int64_t, Day> days;
  for (const AttackRow& row : record.rows) {
    if (row.day < from || row.day > to) {
      continue;
    }
    Day& day = days[row.day];
    const auto weapon = static_cast<std::size_t>(row.weapon);
    day.launched[weapon] += row.launched;
    if (row.neutralised) {
      day.reported[weapon] += row.launched;
      day.neutralised[weapon] += *row.neutralised;
    }
    if (row.real) {
      day.drones_by_type += row.launched;
      day.real += *row.real;
    }
    if (row.locations) {
      day.locations += *row.locations;
      day.has_locations = true;
    }
  }
  return days;
}

}  // namespace

Estimate share_of(std::string parameter, std::int64_t part, std::int64_t whole) {
  Estimate estimate;
  estimate.parameter = std::move(parameter);
  estimate.count = static_cast<std::size_t>(whole);
  if (whole <= 0) {
    return estimate;
  }
  const auto n = static_cast<double>(whole);
  const double share = static_cast<double>(part) / n;
  const double middle = (share + 0.5 * kZ * kZ / n) / (1.0 + kZ * kZ / n);
  const double half =
      kZ / (1.0 + kZ * kZ / n) * std::sqrt(share * (1.0 - share) / n + 0.25 * kZ * kZ / n / n);
  estimate.value = share;
  estimate.low = part == 0 ? 0.0 : std::max(0.0, middle - half);
  estimate.high = part == whole ? 1.0 : std::min(1.0, middle + half);
  estimate.fitted = true;
  return estimate;
}

void fit_sizes(const std::vector<double>& counts, Estimate& median, Estimate& log_sd) {
  median.count = log_sd.count = counts.size();
  if (counts.size() < 2) {
    return;
  }
  const auto n = static_cast<double>(counts.size());
  const auto log_of = [](double count) { return std::log(std::max(count, 0.5)); };
  const double first = log_of(counts.front());
  double sum = 0.0;  // about the first, so that equal counts have no spread at all
  double squares = 0.0;
  for (const double count : counts) {
    const double x = log_of(count) - first;
    sum += x;
    squares += x * x;
  }
  const double mean = first + sum / n;
  const double sd = std::sqrt(std::max(0.0, (squares - sum * sum / n) / (n - 1.0)));
  const double half = random::student_t_quantile(kUpper, n - 1.0) * sd / std::sqrt(n);
  median.value = std::exp(mean);
  median.low = std::exp(mean - half);
  median.high = std::exp(mean + half);
  log_sd.value = sd;
  log_sd.low = sd * std::sqrt((n - 1.0) / random::gamma_quantile(kUpper, 0.5 * (n - 1.0), 2.0));
  log_sd.high =
      sd * std::sqrt((n - 1.0) / random::gamma_quantile(1.0 - kUpper, 0.5 * (n - 1.0), 2.0));
  median.fitted = log_sd.fitted = true;
}

void fit_nights(const std::vector<double>& counts, Estimate& mean, Estimate& dispersion) {
  mean.count = dispersion.count = counts.size();
  if (counts.size() < 2) {
    return;
  }
  const auto n = static_cast<double>(counts.size());
  double sum = 0.0;
  for (const double count : counts) {
    sum += count;
  }
  const double m = sum / n;
  mean.value = m;
  mean.fitted = m > 0.0;
  if (!mean.fitted) {
    return;
  }
  const auto log_likelihood = [&](double log_k) {
    const double k = std::exp(log_k);
    double result = n * (k * std::log(k / (k + m)) - std::lgamma(k)) + sum * std::log(m / (k + m));
    for (const double count : counts) {
      result += std::lgamma(count + k);
    }
    return result;
  };
  const double lowest = std::log(0.01);
  const double highest = std::log(1e4);
  double low = lowest;
  double high = highest;
  constexpr double kGolden = 0.6180339887498949;
  constexpr int kSteps = 80;
  for (int step = 0; step < kSteps; ++step) {
    const double a = high - kGolden * (high - low);
    const double b = low + kGolden * (high - low);
    (log_likelihood(a) < log_likelihood(b) ? low : high) =
        log_likelihood(a) < log_likelihood(b) ? a : b;
  }
  const double log_k = 0.5 * (low + high);
  dispersion.value = std::exp(log_k);
  dispersion.fitted = true;
  constexpr double kNearEnd = 0.5;  // nights no more spread than Poisson's: any large k will do
  constexpr double kStep = 1e-2;
  const double curvature = -(log_likelihood(log_k + kStep) - 2.0 * log_likelihood(log_k) +
                             log_likelihood(log_k - kStep)) /
                           kStep / kStep;
  dispersion.bounded = log_k > lowest + kNearEnd && log_k < highest - kNearEnd && curvature > 0.0;
  if (dispersion.bounded) {
    const double half = kZ / std::sqrt(curvature);
    dispersion.low = std::exp(log_k - half);
    dispersion.high = std::exp(log_k + half);
  }
  const double half =
      random::student_t_quantile(kUpper, n - 1.0) * std::sqrt((m + m * m / dispersion.value) / n);
  mean.low = std::max(0.0, m - half);
  mean.high = m + half;
}

void fit_gaps(const std::vector<std::int64_t>& wave_days, std::int64_t days, Estimate& mean,
              Estimate& shape) {
  mean.count = shape.count = wave_days.empty() ? 0 : wave_days.size() - 1;
  if (wave_days.size() < kFewestWaves) {
    return;
  }
  constexpr double kMostShape = 400.0;  // a clock: gaps of whole days tell no more
  const GapCounts counts = gap_counts(wave_days, days);
  using Point = std::array<double, 2>;
  const auto cost = [&](const Point& point) {
    const double too_regular = std::max(0.0, point[1] - std::log(kMostShape));
    return 1e3 * too_regular * too_regular -
           gap_log_likelihood(std::exp(point[0]),
                              std::exp(std::min(point[1], std::log(kMostShape))), counts);
  };
  const double usual = static_cast<double>(days) / static_cast<double>(wave_days.size());
  Point best{};
  constexpr int kSteps = 120;  // for two parameters; then the simplex is smaller than rounding
  for (const double start : {1.0, 8.0}) {
    const Point found = minimise(cost, Point{std::log(usual), std::log(start)}, 2, kSteps);
    best = start == 1.0 || cost(found) < cost(best) ? found : best;
  }
  mean.value = std::exp(best[0]);
  shape.value = std::exp(std::min(best[1], std::log(kMostShape)));
  mean.fitted = shape.fitted = true;
  constexpr double kStep = 2e-3;
  const auto at = [&](double first, double second) {
    return cost(Point{best[0] + first * kStep, best[1] + second * kStep});
  };
  const double here = at(0, 0);
  const double mm = (at(1, 0) - 2.0 * here + at(-1, 0)) / kStep / kStep;
  const double ss = (at(0, 1) - 2.0 * here + at(0, -1)) / kStep / kStep;
  const double ms = (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / 4.0 / kStep / kStep;
  const double determinant = mm * ss - ms * ms;
  mean.bounded = shape.bounded = best[1] < std::log(kMostShape) && mm > 0.0 && determinant > 0.0;
  if (mean.bounded) {
    const double mean_half = kZ * std::sqrt(ss / determinant);
    const double shape_half = kZ * std::sqrt(mm / determinant);
    mean.low = mean.value * std::exp(-mean_half);
    mean.high = mean.value * std::exp(mean_half);
    shape.low = shape.value * std::exp(-shape_half);
    shape.high = shape.value * std::exp(shape_half);
  }
}

CampaignFit fit_campaign(const AttackRecord& record, std::int64_t from, std::int64_t to,
                         Diagnostics& diagnostics) {
  CampaignFit fit;
  fit.from = from;
  fit.to = to;
  std::map<std::int64_t, Day> days = by_day(record, from, to);
  std::vector<std::int64_t> wave_days;
  std::vector<double> gaps, missiles, drones, night_drones, wave_locations, night_locations;
  Day waves, nights;
  std::int64_t drones_by_type = 0;
  std::int64_t real = 0;
  for (std::int64_t number = from; number <= to; ++number) {
    const Day& day = days[number];  // a day without a row is one without an attack
    const bool massive = day.massive();
    Day& sum = massive ? waves : nights;
    for (std::size_t weapon = 0; weapon < kWeaponCount; ++weapon) {
      sum.launched[weapon] += day.launched[weapon];
      sum.reported[weapon] += day.reported[weapon];
      sum.neutralised[weapon] += day.neutralised[weapon];
    }
    drones_by_type += day.drones_by_type;
    real += day.real;
    (massive ? drones : night_drones).push_back(static_cast<double>(day.launched[0]));
    if (day.has_locations) {
      (massive ? wave_locations : night_locations).push_back(static_cast<double>(day.locations));
    }
    if (massive) {
      missiles.push_back(static_cast<double>(day.missiles()));
      if (!wave_days.empty()) {
        gaps.push_back(static_cast<double>(number - from - wave_days.back()));
      }
      wave_days.push_back(number - from);
    }
  }
  fit.waves = wave_days.size();
  fit.nights = night_drones.size();
  fit.gap_days = spread_of(gaps);
  fit.wave_locations = spread_of(wave_locations);
  fit.night_locations = spread_of(night_locations);
  if (fit.waves < kFewestWaves) {
    diagnostics.error(ErrorCode::too_little, {record.file, 0, 0},
                      fmt::format("{} massive waves are too few to fit a campaign", fit.waves),
                      fmt::format("a massive wave is a day with {} cruise, ballistic and "
                                  "aeroballistic missiles or more; choose a period with {} of them",
                                  kMissilesOfAWave, kFewestWaves));
    return fit;
  }
  const auto named = [&](const char* parameter) {
    Estimate estimate;
    estimate.parameter = parameter;
    return estimate;
  };
  Estimate gap_mean = named("gap_mean_days"), gap_shape = named("gap_shape");
  Estimate missiles_median = named("missiles_median"), missiles_sd = named("missiles_log_sd");
  Estimate drones_median = named("drones_median"), drones_sd = named("drones_log_sd");
  Estimate night_mean = named("routine_drones_mean");
  Estimate night_k = named("routine_drones_dispersion");
  fit_gaps(wave_days, to - from + 1, gap_mean, gap_shape);
  fit_sizes(missiles, missiles_median, missiles_sd);
  if (waves.launched[0] + nights.launched[0] > 0) {  // else the record is one of missiles alone
    fit_sizes(drones, drones_median, drones_sd);
  }
  fit_nights(night_drones, night_mean, night_k);
  const std::int64_t all = waves.missiles();
  fit.estimates = {gap_mean,
                   gap_shape,
                   missiles_median,
                   missiles_sd,
                   drones_median,
                   drones_sd,
                   night_mean,
                   night_k,
                   share_of("cruise_weight", waves.launched[1], all),
                   share_of("ballistic_weight", waves.launched[2], all),
                   share_of("aeroballistic_weight", waves.launched[3], all),
                   share_of("neutralised_drone", waves.neutralised[0], waves.reported[0]),
                   share_of("neutralised_drone_routine", nights.neutralised[0], nights.reported[0]),
                   share_of("neutralised_cruise", waves.neutralised[1], waves.reported[1]),
                   share_of("neutralised_ballistic", waves.neutralised[2], waves.reported[2]),
                   share_of("neutralised_aeroballistic", waves.neutralised[3], waves.reported[3]),
                   share_of("real_drone_share", real, drones_by_type)};
  return fit;
}

}  // namespace wintergrid::calibrate
