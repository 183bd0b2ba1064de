#include "engine/montecarlo/estimate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

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

/// One parameter draw: the mean of its replications, and their squared deviations from it.
struct Group {
  double mean = 0.0;
  double squares = 0.0;
  std::size_t size = 0;
};

std::vector<Group> groups_of(const Values& values, std::uint64_t group) {
  std::vector<Group> groups;
  for (std::size_t first = 0; first < values.value.size();) {
    std::size_t last = first + 1;
    while (last < values.value.size() &&
           values.replication[last] / group == values.replication[first] / group) {
      ++last;
    }
    const auto members = std::span(values.value).subspan(first, last - first);
    Group one{mean_of(members), 0.0, members.size()};
    for (const double value : members) {
      one.squares += (value - one.mean) * (value - one.mean);
    }
    groups.push_back(one);
    first = last;
  }
  return groups;
}

/// Means of the groups of at least `size`.
std::vector<double> means_of(const std::vector<Group>& groups, std::size_t size = 1) {
  std::vector<double> means;
  for (const Group& one : groups) {
    if (one.size >= size) {
      means.push_back(one.mean);
    }
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
double variance_within(const std::vector<Group>& groups) {
  double squares = 0.0;
  std::size_t freedom = 0;
  for (const Group& one : groups) {
    squares += one.squares;
    freedom += one.size - 1;
  }
  return freedom > 0 ? squares / static_cast<double>(freedom) : 0.0;
}

void estimate_parameter_spread(const std::vector<Group>& groups, std::uint64_t group,
                               Estimate& result) {
  const std::vector<double> means = means_of(groups, group);
  if (means.size() < 2) {
    return;
  }
  const double centre = mean_of(means);
  const double within = variance_within(groups);
  const double of_means = variance_of(means, centre);
  const double between = of_means - within / static_cast<double>(group);
  if (!(between > 0.0)) {
    return;
  }
  result.parameter_variance_share = between / (between + within);
  const double shrink = std::sqrt(between / of_means);
  std::vector<double> sorted = means;
  std::sort(sorted.begin(), sorted.end());
  result.p05_parameters = std::max(0.0, centre + shrink * (quantile_sorted(sorted, 0.05) - centre));
  result.p95_parameters = centre + shrink * (quantile_sorted(sorted, 0.95) - centre);
}

}  // namespace

Estimate estimate(const Values& values, std::uint64_t group) {
  WG_EXPECT(group >= 1);
  WG_EXPECT(values.value.size() == values.replication.size());
  Estimate result;
  if (values.value.empty()) {
    constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
    result.mean = result.ci95_low = result.ci95_high = kUnknown;
    result.p05 = result.p05_low = result.p05_high = kUnknown;
    result.p50 = result.p50_low = result.p50_high = kUnknown;
    result.p95 = result.p95_low = result.p95_high = kUnknown;
    result.p05_parameters = result.p95_parameters = result.parameter_variance_share = kUnknown;
    return result;
  }
  result.mean = mean_of(values.value);
  const std::vector<Group> groups = groups_of(values, group);
  const std::vector<double> means = means_of(groups);
  const double half = half_width(means, mean_of(means));
  result.ci95_low = std::max(0.0, result.mean - half);  // every metric is a count or a time
  result.ci95_high = result.mean + half;
  std::vector<double> sorted = values.value;
  std::sort(sorted.begin(), sorted.end());
  result.p05 = quantile_sorted(sorted, 0.05);
  result.p50 = quantile_sorted(sorted, 0.50);
  result.p95 = quantile_sorted(sorted, 0.95);
  quantile_interval(sorted, 0.05, result.p05_low, result.p05_high);
  quantile_interval(sorted, 0.50, result.p50_low, result.p50_high);
  quantile_interval(sorted, 0.95, result.p95_low, result.p95_high);
  if (group < 2 || sorted.front() == sorted.back()) {  // no spread at all, hence none of parameters
    result.p05_parameters = result.p95_parameters = result.mean;
    return result;
  }
  result.p05_parameters = result.p95_parameters = std::numeric_limits<double>::quiet_NaN();
  estimate_parameter_spread(groups, group, result);
  return result;
}

Estimate estimate(std::span<const double> values, std::uint64_t group) {
  Values all{{values.begin(), values.end()}, std::vector<std::uint64_t>(values.size())};
  std::iota(all.replication.begin(), all.replication.end(), std::uint64_t{0});
  return estimate(all, group);
}

Quantile quantile(std::span<const double> values, double p) {
  WG_EXPECT(!values.empty());
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  Quantile result;
  result.value = quantile_sorted(sorted, p);
  quantile_interval(sorted, p, result.low, result.high);
  return result;
}

Values values_of(const Tally& tally, std::size_t metric, double per_unit) {
  Values values;
  values.value.reserve(tally.count());
  values.replication.reserve(tally.count());
  for (std::uint64_t replication = 0; replication < tally.count(); ++replication) {
    if (!tally.failed(replication)) {
      values.value.push_back(static_cast<double>(tally.row(replication)[metric]) / per_unit);
      values.replication.push_back(replication);
    }
  }
  return values;
}

Estimate widened(Estimate result, double failed, std::uint64_t count, double failed_bound) {
  if (failed > 0.0) {
    const auto n = static_cast<double>(count);
    const double fine = n - failed;
    result.ci95_low = result.ci95_low * fine / n;
    result.ci95_high = (result.ci95_high * fine + failed_bound * failed) / n;
  }
  return result;
}

Estimate estimate(const Tally& tally, std::size_t metric, double per_unit, std::uint64_t group,
                  double failed_bound) {
  return widened(estimate(values_of(tally, metric, per_unit), group),
                 static_cast<double>(tally.failures().size()), tally.count(), failed_bound);
}

Paired paired(const Values& a, const Values& b, std::uint64_t group) {
  Paired result;
  Values difference;
  std::size_t smaller = 0, equal = 0;
  for (std::size_t i = 0, j = 0; i < a.value.size() && j < b.value.size();) {
    if (a.replication[i] != b.replication[j]) {
      ++(a.replication[i] < b.replication[j] ? i : j);
      continue;
    }
    difference.value.push_back(a.value[i] - b.value[j]);
    difference.replication.push_back(a.replication[i]);
    smaller += a.value[i] < b.value[j] ? 1U : 0U;
    equal += a.value[i] == b.value[j] ? 1U : 0U;
    ++i;
    ++j;
  }
  result.winters = difference.value.size();
  if (result.winters == 0) {
    return result;
  }
  const std::vector<double> means = means_of(groups_of(difference, group));
  result.mean = mean_of(difference.value);
  const double half = half_width(means, mean_of(means));
  result.ci95_low = result.mean - half;
  result.ci95_high = result.mean + half;
  const auto winters = static_cast<double>(result.winters);
  result.share_a_smaller = static_cast<double>(smaller) / winters;
  result.share_equal = static_cast<double>(equal) / winters;
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
