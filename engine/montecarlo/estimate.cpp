#include "engine/montecarlo/estimate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>

#include "grid_models/core/contract.hpp"

namespace wintergrid::montecarlo {
namespace {

double mean_of(std::span<const double> values) {
  double sum = 0.0;
  for (const double value : values) {
    sum += value;
  }
  return values.empty() ? 0.0 : sum / static_cast<double>(values.size());
}

double variance_of(std::span<const double> values, double mean) {
  double sum = 0.0;
  for (const double value : values) {
    sum += (value - mean) * (value - mean);
  }
  return values.size() < 2 ? 0.0 : sum / static_cast<double>(values.size() - 1);
}

/// Smallest value with at least probability p of the sample at or below it (inverse of the
/// empirical distribution).
double quantile_sorted(std::span<const double> sorted, double p) {
  const double rank = std::ceil(p * static_cast<double>(sorted.size()));
  const auto index = static_cast<std::size_t>(std::max(rank - 1.0, 0.0));
  return sorted[std::min(index, sorted.size() - 1)];
}

/// Order statistics between which the true quantile lies with 95 % (David and Nagaraja, Order
/// Statistics, 2003, 7.1).
void quantile_interval(std::span<const double> sorted, double p, double& low, double& high) {
  const boost::math::binomial_distribution<double> below(static_cast<double>(sorted.size()), p);
  const double n = static_cast<double>(sorted.size());
  const double l = boost::math::quantile(below, 0.025);
  const double h = boost::math::quantile(below, 0.975);
  low = sorted[static_cast<std::size_t>(std::clamp(l - 1.0, 0.0, n - 1.0))];
  high = sorted[static_cast<std::size_t>(std::clamp(h, 0.0, n - 1.0))];
}

std::vector<double> group_means(std::span<const double> values, std::uint64_t group) {
  std::vector<double> means;
  means.reserve(values.size() / group + 1);
  for (std::size_t i = 0; i + group <= values.size(); i += group) {
    means.push_back(mean_of(values.subspan(i, group)));
  }
  return means;
}

/// Half width of the 95 % interval of the mean from independent group means.
double half_width(std::span<const double> means, double mean) {
  if (means.size() < 2) {
    return std::numeric_limits<double>::infinity();
  }
  const boost::math::students_t_distribution<double> t(static_cast<double>(means.size() - 1));
  return boost::math::quantile(t, 0.975) *
         std::sqrt(variance_of(means, mean) / static_cast<double>(means.size()));
}

/// Mean variance within groups, the unbiased estimate of vW.
double variance_within(std::span<const double> values, std::span<const double> means,
                       std::uint64_t group) {
  double sum = 0.0;
  for (std::size_t g = 0; g < means.size(); ++g) {
    for (std::size_t i = 0; i < group; ++i) {
      const double deviation = values[g * group + i] - means[g];
      sum += deviation * deviation;
    }
  }
  const double freedom = static_cast<double>(means.size() * (group - 1));
  return freedom > 0.0 ? sum / freedom : 0.0;
}

}  // namespace

Estimate estimate(std::span<const double> values, std::uint64_t group) {
  WG_EXPECT(group >= 1);
  Estimate result;
  if (values.empty()) {
    return result;
  }
  result.mean = mean_of(values);
  const std::vector<double> means = group_means(values, group);
  const double centre = mean_of(means);
  const double half = half_width(means, centre);
  result.ci95_low = std::max(0.0, result.mean - half);  // every metric is a count or a time
  result.ci95_high = result.mean + half;
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  result.p05 = quantile_sorted(sorted, 0.05);
  result.p50 = quantile_sorted(sorted, 0.50);
  result.p95 = quantile_sorted(sorted, 0.95);
  quantile_interval(sorted, 0.05, result.p05_low, result.p05_high);
  quantile_interval(sorted, 0.50, result.p50_low, result.p50_high);
  quantile_interval(sorted, 0.95, result.p95_low, result.p95_high);
  result.p05_parameters = result.mean;
  result.p95_parameters = result.mean;
  if (group < 2 || means.size() < 2) {
    return result;
  }
  const double within = variance_within(values, means, group);
  const double of_means = variance_of(means, centre);
  const double between = std::max(0.0, of_means - within / static_cast<double>(group));
  if (between <= 0.0) {
    return result;
  }
  result.parameter_variance_share = between / (between + within);
  const double shrink = std::sqrt(between / of_means);
  std::vector<double> sorted_means = means;
  std::sort(sorted_means.begin(), sorted_means.end());
  result.p05_parameters =
      std::max(0.0, centre + shrink * (quantile_sorted(sorted_means, 0.05) - centre));
  result.p95_parameters = centre + shrink * (quantile_sorted(sorted_means, 0.95) - centre);
  return result;
}

std::vector<double> values_of(const Tally& tally, std::size_t metric, double per_unit) {
  std::vector<double> values;
  values.reserve(tally.count());
  for (std::uint64_t replication = 0; replication < tally.count(); ++replication) {
    if (!tally.failed(replication)) {
      values.push_back(static_cast<double>(tally.row(replication)[metric]) / per_unit);
    }
  }
  return values;
}

Estimate estimate(const Tally& tally, std::size_t metric, double per_unit, std::uint64_t group,
                  double failed_bound) {
  Estimate result = estimate(values_of(tally, metric, per_unit), group);
  const double failed = static_cast<double>(tally.failures().size());
  if (failed > 0.0) {
    const double n = static_cast<double>(tally.count());
    const double fine = n - failed;
    result.ci95_low = result.ci95_low * fine / n;
    result.ci95_high = (result.ci95_high * fine + failed_bound * failed) / n;
  }
  return result;
}

Paired paired(std::span<const double> a, std::span<const double> b, std::uint64_t group) {
  WG_EXPECT(a.size() == b.size());
  Paired result;
  if (a.empty()) {
    return result;
  }
  std::vector<double> differences(a.size());
  std::size_t smaller = 0, equal = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    differences[i] = a[i] - b[i];
    smaller += a[i] < b[i] ? 1U : 0U;
    equal += a[i] == b[i] ? 1U : 0U;
  }
  const std::vector<double> means = group_means(differences, group);
  result.mean = mean_of(differences);
  const double half = half_width(means, mean_of(means));
  result.ci95_low = result.mean - half;
  result.ci95_high = result.mean + half;
  result.share_a_smaller = static_cast<double>(smaller) / static_cast<double>(a.size());
  result.share_equal = static_cast<double>(equal) / static_cast<double>(a.size());
  return result;
}

double histogram_quantile(std::span<const std::uint64_t> counts, double probability) {
  std::uint64_t total = 0;
  for (const std::uint64_t count : counts) {
    total += count;
  }
  if (total == 0) {
    return 0.0;
  }
  const double wanted = std::max(1.0, std::ceil(probability * static_cast<double>(total)));
  std::uint64_t seen = 0;
  for (std::size_t bin = 0; bin < counts.size(); ++bin) {
    seen += counts[bin];
    if (static_cast<double>(seen) >= wanted) {
      return static_cast<double>(bin) / static_cast<double>(counts.size() - 1);
    }
  }
  return 1.0;
}

}  // namespace wintergrid::montecarlo
