#pragma once
// Quantile functions: one uniform in, one value out (inversion only, so that common random numbers
// stay common and a larger u never gives a smaller value). u is in (0, 1).

#include <cstdint>

namespace wintergrid::random {

double normal_quantile(double u);  ///< standard normal; relative error below 1e-14
double normal_cdf(double x);
double exponential_quantile(double u, double mean);
double lognormal_quantile(double u, double median, double log_sd);
double gamma_quantile(double u, double shape, double scale);  ///< shape, scale > 0
double gamma_cdf(double x, double shape, double scale);       ///< 0 for x <= 0
double student_t_quantile(double u, double degrees);          ///< degrees > 0
double triangular_quantile(double u, double low, double mode, double high);
/// Uniform on [low, value] with chance (high - value) / (high - low), else uniform on [value,
/// high]: its mean is `value`.
double split_uniform_quantile(double u, double low, double value, double high);

/// Smallest x with P(X <= x) >= u. Cost grows with the result (sums of probabilities), not for
/// large mean / count.
std::int64_t poisson_quantile(double u, double mean);  ///< mean >= 0
std::int64_t binomial_quantile(double u, std::int64_t count, double probability);
/// Mean and dispersion k (variance = mean + mean^2 / k), both > 0.
std::int64_t negative_binomial_quantile(double u, double mean, double dispersion);

}  // namespace wintergrid::random
