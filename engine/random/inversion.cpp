// Quantile functions.
//
// Normal: P. J. Acklam's rational approximation (2003, relative error 1.15e-9 in three regions),
// then one step of Halley's method on F(x) - u with F = erfc(-x / sqrt 2) / 2:
//   e = F(x) - u,  w = e sqrt(2 pi) exp(x^2 / 2),  x <- x - w / (1 + x w / 2),
// which brings the relative error below 1e-14. For u > 1/2 the mirror image is used (1 - u is exact
// for our u), so that the upper tail is as good as the lower. Gamma: inverse of the regularised
// incomplete gamma function, Boost.Math gamma_p_inv. Student: x = v / (v + t^2) is beta(v / 2, 1 /
// 2) distributed, Boost.Math ibeta_inv. Discrete: smallest x with F(x) >= u by summing
// probabilities from x = 0 with their recurrences
//   Poisson            p(x+1) = p(x) m / (x + 1)
//   binomial           p(x+1) = p(x) (n - x) / (x + 1) * q / (1 - q)
//   negative binomial  p(x+1) = p(x) (x + k) / (x + 1) * m / (m + k)
// Where p(0) would underflow, F at a guess comes from the incomplete gamma or beta function and the
// walk starts there.

#include "engine/random/inversion.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include "grid_models/core/contract.hpp"

namespace wintergrid::random {
namespace {

/// Lower half only: u <= 1/2.
double normal_quantile_lower(double u) {
  constexpr double kA[] = {-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                           1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
  constexpr double kB[] = {-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02,
                           6.680131188771972e+01, -1.328068155288572e+01};
  constexpr double kC[] = {-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                           -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
  constexpr double kD[] = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
                           3.754408661907416e+00};
  double x = 0.0;
  if (u < 0.02425) {
    const double q = std::sqrt(-2.0 * std::log(u));
    x = (((((kC[0] * q + kC[1]) * q + kC[2]) * q + kC[3]) * q + kC[4]) * q + kC[5]) /
        ((((kD[0] * q + kD[1]) * q + kD[2]) * q + kD[3]) * q + 1.0);
  } else {
    const double q = u - 0.5;
    const double r = q * q;
    x = (((((kA[0] * r + kA[1]) * r + kA[2]) * r + kA[3]) * r + kA[4]) * r + kA[5]) * q /
        (((((kB[0] * r + kB[1]) * r + kB[2]) * r + kB[3]) * r + kB[4]) * r + 1.0);
  }
  const double error = normal_cdf(x) - u;
  const double step = error * std::sqrt(2.0 * std::numbers::pi) * std::exp(0.5 * x * x);
  return x - step / (1.0 + 0.5 * x * step);
}

constexpr double kLogSmallest =
    -700.0;  ///< exp of less is (nearly) denormal: sums from there lose their meaning

/// Walks from `start` with F(start) and p(start) to the smallest x with F(x) >= u.
/// up(x) = p(x + 1) / p(x); x stays in [0, last].
template <class Ratio>
std::int64_t walk(double u, std::int64_t start, double cumulative, double probability,
                  std::int64_t last, Ratio up) {
  std::int64_t x = start;
  while (x > 0 && cumulative - probability >= u) {
    cumulative -= probability;
    probability /= up(x - 1);
    --x;
  }
  while (cumulative < u && x < last) {
    probability *= up(x);
    ++x;
    const double next = cumulative + probability;
    if (next == cumulative && up(x) < 1.0) {
      break;  // the sum stalled below u by rounding: further terms no longer count
    }
    cumulative = next;
  }
  return x;
}

}  // namespace

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

double normal_quantile(double u) {
  WG_EXPECT(u > 0.0 && u < 1.0);
  return u <= 0.5 ? normal_quantile_lower(u) : -normal_quantile_lower(1.0 - u);
}

double exponential_quantile(double u, double mean) { return -mean * std::log1p(-u); }

double lognormal_quantile(double u, double median, double log_sd) {
  return median * std::exp(log_sd * normal_quantile(u));
}

double gamma_quantile(double u, double shape, double scale) {
  WG_EXPECT(shape > 0.0 && scale > 0.0);
  return scale * boost::math::gamma_p_inv(shape, u);
}

double gamma_cdf(double x, double shape, double scale) {
  WG_EXPECT(shape > 0.0 && scale > 0.0);
  return x > 0.0 ? boost::math::gamma_p(shape, x / scale) : 0.0;
}

double student_t_quantile(double u, double degrees) {
  WG_EXPECT(u > 0.0 && u < 1.0 && degrees > 0.0);
  if (u == 0.5) {
    return 0.0;
  }
  const double tail = u < 0.5 ? u : 1.0 - u;
  const double x = boost::math::ibeta_inv(0.5 * degrees, 0.5, 2.0 * tail);
  const double t = std::sqrt(degrees * (1.0 - x) / x);
  return u < 0.5 ? -t : t;
}

double triangular_quantile(double u, double low, double mode, double high) {
  const double range = high - low;
  if (!(range > 0.0)) {
    return mode;
  }
  const double below = (mode - low) / range;
  const double x = u < below ? low + std::sqrt(u * range * (mode - low))
                             : high - std::sqrt((1.0 - u) * range * (high - mode));
  return std::clamp(x, low, high);
}

double split_uniform_quantile(double u, double low, double value, double high) {
  const double range = high - low;
  if (!(range > 0.0)) {
    return value;
  }
  const double below = (high - value) / range;
  if (u < below) {
    return low + (value - low) * (u / below);
  }
  return std::min(high, value + (high - value) * ((u - below) / (1.0 - below)));
}

std::int64_t poisson_quantile(double u, double mean) {
  WG_EXPECT(mean >= 0.0);
  if (!(mean > 0.0)) {
    return 0;
  }
  const auto up = [mean](std::int64_t x) { return mean / static_cast<double>(x + 1); };
  if (-mean > kLogSmallest) {
    const double first = std::exp(-mean);
    return walk(u, 0, first, first, INT64_MAX, up);
  }
  const auto guess = static_cast<std::int64_t>(
      std::max(0.0, std::floor(mean + std::sqrt(mean) * normal_quantile(u))));
  const auto x = static_cast<double>(guess);
  return walk(u, guess, boost::math::gamma_q(x + 1.0, mean),
              boost::math::gamma_p_derivative(x + 1.0, mean), INT64_MAX, up);
}

std::int64_t binomial_quantile(double u, std::int64_t count, double probability) {
  WG_EXPECT(count >= 0 && probability >= 0.0 && probability <= 1.0);
  if (count == 0 || !(probability > 0.0)) {
    return 0;
  }
  if (!(probability < 1.0)) {
    return count;
  }
  const auto n = static_cast<double>(count);
  const double odds = probability / (1.0 - probability);
  const auto up = [n, odds](std::int64_t x) {
    const auto at = static_cast<double>(x);
    return (n - at) / (at + 1.0) * odds;
  };
  const double log_first = n * std::log1p(-probability);
  if (log_first > kLogSmallest) {
    const double first = std::exp(log_first);
    return walk(u, 0, first, first, count, up);
  }
  const double mean = n * probability;
  const double guess =
      std::floor(mean + std::sqrt(mean * (1.0 - probability)) * normal_quantile(u));
  const double x = std::clamp(guess, 0.0, n - 1.0);
  // F(x) = 1 - I_p(x + 1, n - x); p(x) is the density of Beta(x + 1, n - x + 1) at p, over n + 1.
  return walk(u, static_cast<std::int64_t>(x), boost::math::ibetac(x + 1.0, n - x, probability),
              boost::math::ibeta_derivative(x + 1.0, n - x + 1.0, probability) / (n + 1.0), count,
              up);
}

std::int64_t negative_binomial_quantile(double u, double mean, double dispersion) {
  WG_EXPECT(mean > 0.0 && dispersion > 0.0);
  const double success = mean / (mean + dispersion);
  const auto up = [success, dispersion](std::int64_t x) {
    const auto at = static_cast<double>(x);
    return (at + dispersion) / (at + 1.0) * success;
  };
  const double log_first = -dispersion * std::log1p(mean / dispersion);
  if (log_first > kLogSmallest) {
    const double first = std::exp(log_first);
    return walk(u, 0, first, first, INT64_MAX, up);
  }
  const double sd = std::sqrt(mean + mean * mean / dispersion);
  const double x = std::max(0.0, std::floor(mean + sd * normal_quantile(u)));
  // With f = 1 - success: F(x) = I_f(k, x + 1); p(x) is the density of Beta(k, x + 1) at f, times f
  // / (k + x).
  const double failure = 1.0 - success;
  return walk(
      u, static_cast<std::int64_t>(x), boost::math::ibeta(dispersion, x + 1.0, failure),
      boost::math::ibeta_derivative(dispersion, x + 1.0, failure) * failure / (dispersion + x),
      INT64_MAX, up);
}

}  // namespace wintergrid::random
