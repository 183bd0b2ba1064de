// Draining as the room grid_models/heat has it, as a fluid:
//
//   drained(t) = N min(f, max(0, delta (t - h)))        t hours after the loss; N without heat at
//                                                       first, delta share an hour, h hours until
//                                                       the decision, f share drained in the end
//
// Least squares over log delta, log h, logit f.

#include "engine/calibrate/drain_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "engine/calibrate/least_squares.hpp"
#include "engine/calibrate/mixture.hpp"

namespace wintergrid::calibrate {
namespace {

constexpr std::size_t kFewest = 3;
constexpr std::size_t kParameters = 3;
constexpr double kLeastError = 0.01;  ///< of a count, as a share of all

using Point = std::array<double, kParameters>;

DrainPace pace_of(const Point& point) {
  return {std::exp(point[0]), std::exp(point[1]), 1.0 / (1.0 + std::exp(-point[2]))};
}

double squares(const DrainPace& pace, double buildings, const std::vector<Count>& counts) {
  double sum = 0.0;
  for (const Count& count : counts) {
    const double error = (drained_until(pace, buildings, count.day) - count.drained) / buildings;
    sum += error * error;
  }
  return sum;
}

Point best_point(const std::vector<Count>& counts, double buildings) {
  // Weak priors at the shipped defaults: 8 % an hour after 8 hours, 10 % missed.
  const Point ordinary{std::log(0.08), std::log(8.0), std::log(0.9 / 0.1)};
  constexpr double kWeight = 1e-6;
  const auto cost = [&](const Point& point) {
    double sum = squares(pace_of(point), buildings, counts);
    for (std::size_t d = 0; d < kParameters; ++d) {
      sum += kWeight * (point[d] - ordinary[d]) * (point[d] - ordinary[d]);
    }
    return sum;
  };
  Point best = ordinary;
  for (const double share : {0.02, 0.08, 0.3}) {
    for (const double hours : {1.0, 4.0, 8.0, 16.0, 32.0}) {
      Point start = ordinary;
      start[0] = std::log(share);
      start[1] = std::log(hours);
      const Point found = minimise(cost, start, kParameters);
      best = cost(found) < cost(best) ? found : best;
    }
  }
  return best;
}

}  // namespace

double drained_until(const DrainPace& pace, double buildings, double day) {
  const double hours = 24.0 * day - pace.decision_hours;
  return buildings * std::min(pace.largest_share, std::max(0.0, pace.share_per_hour * hours));
}

DrainFit fit_draining(const std::vector<Count>& counts, std::size_t rows) {
  DrainFit fit;
  std::vector<Count> seen;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (!std::isnan(counts[i].drained)) {
      ++fit.counted;
      if (i < rows) {
        seen.push_back(counts[i]);
      }
    }
  }
  fit.fitted = seen.size();
  fit.possible = seen.size() >= kFewest && seen.back().drained > 0.0;
  if (!fit.possible) {
    return fit;
  }
  const double buildings = counts.front().without_heat;
  const Point best = best_point(seen, buildings);
  fit.pace = fit.lowest = fit.highest = pace_of(best);
  std::vector<DrainPace> paces{fit.pace};
  const auto add = [&](const DrainPace& pace) {
    for (double DrainPace::* member :
         {&DrainPace::share_per_hour, &DrainPace::decision_hours, &DrainPace::largest_share}) {
      fit.lowest.*member = std::min(fit.lowest.*member, pace.*member);
      fit.highest.*member = std::max(fit.highest.*member, pace.*member);
    }
    paces.push_back(pace);
  };
  std::vector<Point> one_less;
  for (std::size_t left_out = 0; left_out < seen.size() && seen.size() > kFewest; ++left_out) {
    std::vector<Count> rest = seen;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(left_out));
    one_less.push_back(best_point(rest, buildings));
    add(pace_of(one_less.back()));
  }
  const auto n = static_cast<double>(seen.size());
  fit.residual_rms = std::sqrt(squares(fit.pace, buildings, seen) / n);
  const double sd =
      std::max(kLeastError, fit.residual_rms *
                                std::sqrt(n / std::max(1.0, n - static_cast<double>(kParameters))));
  const auto cost = [&](const Point& point) { return squares(pace_of(point), buildings, seen); };
  std::vector<Point> others;  // how many are drained in the end is no parameter: not asked
  for (std::size_t d = 0; d < 2; ++d) {
    for (const Point& point : as_good(cost, best, kParameters, d, sd)) {
      others.push_back(point);
      add(pace_of(point));
    }
  }
  std::copy_if(one_less.begin(), one_less.end(), std::back_inserter(others),
               [&](const Point& point) { return fits_as_well(cost, best, point, sd); });
  fit.told_share = all_near(others, best, 0);
  fit.told_decision = all_near(others, best, 1);
  const double error = buildings * std::max(kLeastError, fit.residual_rms);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    std::vector<double> centres;
    for (const DrainPace& pace : paces) {
      centres.push_back(drained_until(pace, buildings, counts[i].day));
    }
    fit.model.push_back(centres.front());
    fit.low.push_back(std::max(0.0, quantile(centres, error, 0.1)));
    fit.high.push_back(quantile(centres, error, 0.9));
    if (i >= rows && !std::isnan(counts[i].drained)) {
      const double observed = counts[i].drained;
      ++fit.unseen;
      fit.unseen_mean_error += std::abs(fit.model[i] - observed) / buildings;
      fit.unseen_crps += crps(centres, error, observed) / buildings;
      fit.unseen_in_band += observed >= fit.low[i] && observed <= fit.high[i] ? 1U : 0U;
    }
  }
  if (fit.unseen > 0) {
    fit.unseen_mean_error /= static_cast<double>(fit.unseen);
    fit.unseen_crps /= static_cast<double>(fit.unseen);
  }
  return fit;
}

}  // namespace wintergrid::calibrate
