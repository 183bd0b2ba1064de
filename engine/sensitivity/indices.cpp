// Screening (Morris, Technometrics 33 (1991) 161; mu*: Campolongo et al., Environ. Model. Softw. 22
// (2007) 1509): a trajectory changes one factor after the other by 2/3 of its range,
//     EE_i = (f(x + d e_i) - f(x)) / d,   mu* = mean |EE|,  mu = mean EE,  sigma = sd EE.
// Variance shares with matrices A, B and A with column i of B (Saltelli et al., Comput. Phys.
// Commun. 181 (2010) 259; Jansen, Comput. Phys. Commun. 117 (1999) 35):
//     S_i = 1 - mean (f(B) - f(AB_i))^2 / 2 V,   ST_i = mean (f(A) - f(AB_i))^2 / 2 V
// V over A and B. Intervals: rows drawn with replacement, 2.5 % and 97.5 % of 1,000.

#include "engine/sensitivity/indices.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/random/draw.hpp"
#include "grid_models/core/contract.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::sensitivity {
namespace {

constexpr std::uint64_t kTrajectory = name_hash("sensitivity trajectory");
constexpr std::uint64_t kMatrix = name_hash("sensitivity matrix");
constexpr std::uint64_t kBootstrap = name_hash("sensitivity bootstrap");
constexpr double kStep = 2.0 / 3.0;  // of four levels 0, 1/3, 2/3, 1

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double sd_of(std::span<const double> values) {
  const double mean = mean_of(values);
  double sum = 0.0;
  for (const double value : values) {
    sum += (value - mean) * (value - mean);
  }
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

/// 0 .. count - 1 in random order.
std::vector<std::size_t> shuffled(std::size_t count, const random::Draw& draw) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = count; i > 1; --i) {
    const double u = draw.uniform({kTrajectory, Purpose::parameter, static_cast<std::uint32_t>(i)});
    std::swap(order[i - 1], order[static_cast<std::size_t>(u * static_cast<double>(i))]);
  }
  return order;
}

/// Outputs of the matrices, row by row.
struct Evaluated {
  std::vector<double> a, b;
  std::vector<std::vector<double>> ab;  ///< by factor
};

VarianceShare shares_of(const Evaluated& values, std::size_t factor,
                        const std::vector<std::size_t>& rows) {
  double sum = 0.0, squares = 0.0, first = 0.0, total = 0.0;
  for (const std::size_t row : rows) {
    const double a = values.a[row], b = values.b[row], ab = values.ab[factor][row];
    sum += a + b;
    squares += a * a + b * b;
    first += (b - ab) * (b - ab);
    total += (a - ab) * (a - ab);
  }
  const auto n = static_cast<double>(rows.size());
  const double mean = sum / (2.0 * n);
  const double variance = squares / (2.0 * n) - mean * mean;
  VarianceShare share;
  if (variance > 0.0) {
    share.first = 1.0 - first / n / (2.0 * variance);
    share.total = total / n / (2.0 * variance);
  }
  return share;
}

VarianceShare with_intervals(const Evaluated& values, std::size_t factor, std::uint64_t seed) {
  constexpr std::size_t kDraws = 1000;
  const std::size_t rows = values.a.size();
  std::vector<std::size_t> chosen(rows);
  std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  VarianceShare result = shares_of(values, factor, chosen);
  std::vector<double> first, total;
  for (std::size_t draw = 0; draw < kDraws; ++draw) {
    const random::Draw random(seed, draw);
    for (std::size_t i = 0; i < rows; ++i) {
      const double u =
          random.uniform({kBootstrap, Purpose::parameter, static_cast<std::uint32_t>(i)});
      chosen[i] = static_cast<std::size_t>(u * static_cast<double>(rows));
    }
    const VarianceShare share = shares_of(values, factor, chosen);
    first.push_back(share.first);
    total.push_back(share.total);
  }
  constexpr std::size_t kLow = kDraws / 40, kHigh = kDraws - 1 - kDraws / 40;
  std::sort(first.begin(), first.end());
  std::sort(total.begin(), total.end());
  result.first_low = first[kLow];
  result.first_high = first[kHigh];
  result.total_low = total[kLow];
  result.total_high = total[kHigh];
  return result;
}

}  // namespace

std::vector<std::vector<Effect>> screen(const Function& function, std::size_t factors,
                                        std::size_t trajectories, std::uint64_t seed) {
  WG_CHECK(trajectories >= 2 && factors > 0, "screening needs factors and two trajectories");
  std::vector<std::vector<std::vector<double>>> effects;  // output, factor, trajectory
  for (std::size_t trajectory = 0; trajectory < trajectories; ++trajectory) {
    const random::Draw draw(seed, trajectory);
    std::vector<double> point(factors);
    for (std::size_t i = 0; i < factors; ++i) {
      const double u =
          draw.uniform({kTrajectory, Purpose::parameter, static_cast<std::uint32_t>(1000 + i)});
      point[i] = std::floor(4.0 * u) / 3.0;
    }
    std::vector<double> before = function(point);
    effects.resize(before.size(), std::vector<std::vector<double>>(factors));
    for (const std::size_t factor : shuffled(factors, draw)) {
      const double step = point[factor] < 0.5 ? kStep : -kStep;  // the only one that stays inside
      point[factor] += step;
      std::vector<double> after = function(point);
      for (std::size_t output = 0; output < after.size(); ++output) {
        effects[output][factor].push_back((after[output] - before[output]) / step);
      }
      before = std::move(after);
    }
  }
  std::vector<std::vector<Effect>> result;
  for (const auto& of_output : effects) {
    std::vector<Effect>& row = result.emplace_back();
    for (const std::vector<double>& values : of_output) {
      std::vector<double> absolute(values.size());
      std::transform(values.begin(), values.end(), absolute.begin(),
                     [](double value) { return std::abs(value); });
      Effect effect;
      effect.mean_absolute = mean_of(absolute);
      const double half = 1.96 * sd_of(absolute) / std::sqrt(static_cast<double>(values.size()));
      effect.ci95_low = std::max(0.0, effect.mean_absolute - half);
      effect.ci95_high = effect.mean_absolute + half;
      effect.mean = mean_of(values);
      effect.standard_deviation = sd_of(values);
      row.push_back(effect);
    }
  }
  return result;
}

std::vector<std::vector<VarianceShare>> decompose(const Function& function, std::size_t factors,
                                                  std::size_t rows, std::uint64_t seed) {
  WG_CHECK(rows >= 8 && factors > 0, "variance shares need factors and eight rows");
  std::vector<Evaluated> values;  // by output
  const auto keep = [&](std::vector<double> outputs, auto&& place) {
    values.resize(outputs.size());
    for (std::size_t output = 0; output < outputs.size(); ++output) {
      values[output].ab.resize(factors);
      place(values[output]).push_back(outputs[output]);
    }
  };
  for (std::size_t row = 0; row < rows; ++row) {
    const random::Draw draw(seed, row);
    const auto uniform = [&](std::size_t k) {
      return draw.uniform({kMatrix, Purpose::parameter, static_cast<std::uint32_t>(k)});
    };
    std::vector<double> a(factors), b(factors);
    for (std::size_t i = 0; i < factors; ++i) {
      a[i] = uniform(2 * i);
      b[i] = uniform(2 * i + 1);
    }
    keep(function(a), [](Evaluated& of) -> std::vector<double>& { return of.a; });
    keep(function(b), [](Evaluated& of) -> std::vector<double>& { return of.b; });
    for (std::size_t i = 0; i < factors; ++i) {
      std::vector<double> mixed = a;
      mixed[i] = b[i];
      keep(function(mixed), [i](Evaluated& of) -> std::vector<double>& { return of.ab[i]; });
    }
  }
  std::vector<std::vector<VarianceShare>> result;
  for (const Evaluated& of_output : values) {
    std::vector<VarianceShare>& line = result.emplace_back();
    for (std::size_t factor = 0; factor < factors; ++factor) {
      line.push_back(with_intervals(of_output, factor, seed));
    }
  }
  return result;
}

}  // namespace wintergrid::sensitivity
