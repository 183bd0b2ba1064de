// Recovery of drained buildings as the room grid_models/heat has it, as a fluid:
//
//   refilled(t) = min(D, rho D t)              t days after heat is back; D drained, the first
//   count W' = lambda rho D - r while refilling, -r after;  W >= 0          leaking, waiting for a
//   crew without heat = D - refilled + W
//
// Fitted by least squares over log rho, logit lambda, log r / D (and log of the time until heat is
// back), from several starts. The spread of the fit is that of leaving out one count at a time, and
// of half and double of what the counts do not tell; the band adds the residual as a normal error.

#include "engine/calibrate/recovery_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "engine/calibrate/least_squares.hpp"
#include "engine/calibrate/mixture.hpp"
#include "engine/scenario/csv_text.hpp"
#include "engine/scenario/number_text.hpp"

namespace wintergrid::calibrate {
namespace {

constexpr std::size_t kFewest = 4;
constexpr std::size_t kFewestWithDelay = 6;
/// Counts are rounded and late: a perfect fit does not know better than this.
constexpr double kLeastError = 0.01;

constexpr std::size_t kMostParameters = 4;
using Point = std::array<double, kMostParameters>;

RecoveryPace pace_of(const Point& point, bool with_delay, double drained) {
  RecoveryPace pace;
  pace.refill_share_per_day = std::exp(point[0]);
  pace.needs_crew_share = 1.0 / (1.0 + std::exp(-point[1]));
  pace.repairs_per_day = drained * std::exp(point[2]);
  pace.heat_back_days = with_delay ? std::exp(point[3]) : 0.0;
  return pace;
}

double squares(const RecoveryPace& pace, const std::vector<Count>& counts) {
  const double drained = counts.front().without_heat;
  double sum = 0.0;
  for (const Count& count : counts) {
    const double error = (without_heat(pace, drained, count.day) - count.without_heat) / drained;
    sum += error * error;
  }
  return sum;
}

Point best_point(const std::vector<Count>& counts, bool with_delay) {
  const double drained = counts.front().without_heat;
  // Weak priors keep what the counts do not tell at ordinary values: 60 % a day, 8 %, 3 % a day.
  const Point ordinary{std::log(0.6), std::log(0.08 / 0.92), std::log(0.03), std::log(0.25)};
  constexpr double kWeight = 1e-6;
  const auto cost = [&](const Point& point) {
    double sum = squares(pace_of(point, with_delay, drained), counts);
    for (std::size_t d = 0; d < kMostParameters; ++d) {
      sum += kWeight * (point[d] - ordinary[d]) * (point[d] - ordinary[d]);
    }
    return sum;
  };
  Point best = ordinary;
  for (const double refill : {0.15, 0.35, 0.9, 2.0}) {
    for (const double share : {0.05, 0.2, 0.6}) {
      Point start = ordinary;
      start[0] = std::log(refill);
      start[1] = std::log(share / (1.0 - share));
      const Point found = minimise(cost, start, with_delay ? 4 : 3);
      best = cost(found) < cost(best) ? found : best;
    }
  }
  return best;
}

/// What the counts tell; `paces` gets what else they allow. `best` of all, `one_less` with one left
/// out.
RecoveryTold told_by(const std::vector<Count>& seen, bool with_delay, double residual_rms,
                     const Point& best, const std::vector<Point>& one_less,
                     std::vector<RecoveryPace>& paces) {
  const double drained = seen.front().without_heat;
  const std::size_t dimensions = with_delay ? 4 : 3;
  const auto n = static_cast<double>(seen.size());
  const double spare = std::max(1.0, n - static_cast<double>(dimensions));
  const double sd = std::max(kLeastError, residual_rms * std::sqrt(n / spare));
  const auto cost = [&](const Point& point) {
    return squares(pace_of(point, with_delay, drained), seen);
  };
  std::vector<Point> others = all_as_good(cost, best, dimensions, sd);
  for (const Point& point : others) {
    paces.push_back(pace_of(point, with_delay, drained));
  }
  std::copy_if(one_less.begin(), one_less.end(), std::back_inserter(others),
               [&](const Point& point) { return fits_as_well(cost, best, point, sd); });
  const auto is_told = [&](std::size_t d) { return all_near(others, best, d); };
  RecoveryTold told;
  told.refill = is_told(0);
  told.needs_crew = is_told(1);
  told.repairs = is_told(2);
  told.heat_back = with_delay && is_told(3);
  told.spare_counts = seen.size() > dimensions ? seen.size() - dimensions : 0;
  return told;
}

void widen(RecoveryFit& fit, const RecoveryPace& pace) {
  for (double RecoveryPace::* member :
       {&RecoveryPace::heat_back_days, &RecoveryPace::refill_share_per_day,
        &RecoveryPace::needs_crew_share, &RecoveryPace::repairs_per_day}) {
    fit.lowest.*member = std::min(fit.lowest.*member, pace.*member);
    fit.highest.*member = std::max(fit.highest.*member, pace.*member);
  }
}

}  // namespace

double without_heat(const RecoveryPace& pace, double drained, double day) {
  const double t = std::max(0.0, day - pace.heat_back_days);
  const double until = 1.0 / pace.refill_share_per_day;
  const double refilling = std::min(t, until);
  const double inflow = pace.needs_crew_share * pace.refill_share_per_day * drained;
  const double waiting_then = std::max(0.0, (inflow - pace.repairs_per_day) * refilling);
  const double waiting =
      std::max(0.0, waiting_then - pace.repairs_per_day * std::max(0.0, t - until));
  return drained * (1.0 - refilling / until) + waiting;
}

RecoveryFit fit_recovery(const std::vector<Count>& counts, std::size_t fitted) {
  RecoveryFit fit;
  fit.fitted = std::clamp(fitted, std::min(kFewest, counts.size()), counts.size());
  const std::vector<Count> seen(counts.begin(),
                                counts.begin() + static_cast<std::ptrdiff_t>(fit.fitted));
  const bool with_delay = seen.size() >= kFewestWithDelay;
  const double drained = counts.front().without_heat;
  const Point best = best_point(seen, with_delay);
  fit.pace = pace_of(best, with_delay, drained);
  fit.lowest = fit.highest = fit.pace;
  std::vector<RecoveryPace> paces{fit.pace};
  std::vector<Point> one_less;
  for (std::size_t left_out = 1; left_out < seen.size() && seen.size() > 2; ++left_out) {
    std::vector<Count> rest = seen;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(left_out));
    one_less.push_back(best_point(rest, with_delay));
    paces.push_back(pace_of(one_less.back(), with_delay, drained));
    widen(fit, paces.back());
  }
  fit.residual_rms = std::sqrt(squares(fit.pace, seen) / static_cast<double>(seen.size()));
  std::vector<RecoveryPace> others;
  fit.told = told_by(seen, with_delay, fit.residual_rms, best, one_less, others);
  for (const RecoveryPace& pace : others) {
    paces.push_back(pace);
    widen(fit, pace);
  }
  const double sd = drained * std::max(kLeastError, fit.residual_rms);
  const std::size_t unseen = counts.size() - fit.fitted;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    std::vector<double> centres;
    for (const RecoveryPace& pace : paces) {
      centres.push_back(without_heat(pace, drained, counts[i].day));
    }
    fit.model.push_back(centres.front());
    fit.low.push_back(std::max(0.0, quantile(centres, sd, 0.1)));
    fit.high.push_back(quantile(centres, sd, 0.9));
    if (i >= fit.fitted) {
      const double observed = counts[i].without_heat;
      fit.unseen_mean_error +=
          std::abs(fit.model[i] - observed) / drained / static_cast<double>(unseen);
      fit.unseen_crps += crps(centres, sd, observed) / drained / static_cast<double>(unseen);
      fit.unseen_in_band += observed >= fit.low[i] && observed <= fit.high[i] ? 1U : 0U;
    }
  }
  return fit;
}

std::vector<Count> read_counts(const io::SourceText& source, Diagnostics& diagnostics) {
  scenario::CsvReader reader(source, diagnostics);
  std::vector<scenario::CsvCell> record;
  std::optional<std::size_t> day_column, count_column, drained_column;
  std::vector<Count> counts;
  const bool empty = !reader.next(record);
  for (std::size_t i = 0; i < record.size(); ++i) {
    if (record[i].text == "day") {
      day_column = i;
    } else if (record[i].text == "without_heat") {
      count_column = i;
    } else if (record[i].text == "drained") {
      drained_column = i;
    }
  }
  if (!day_column || !count_column) {
    diagnostics.error(
        empty ? ErrorCode::file : ErrorCode::missing, {source.path, 1, 1},
        empty ? "the file is empty" : "columns 'day' and 'without_heat' are needed",
        "day: days since the loss; without_heat: buildings or consumers then; optional: drained, "
        "all that were drained until then");
    return {};
  }
  const std::size_t last_column =
      std::max({*day_column, *count_column, drained_column.value_or(0)});
  double drained_before = 0.0;
  while (reader.next(record)) {
    if (record.size() <= last_column) {
      diagnostics.error(ErrorCode::missing, {source.path, record.front().line, 1},
                        "cells are missing", "give day and without_heat in every row");
      continue;
    }
    const auto number = [&](std::size_t column) {
      std::string text = record[column].text;
      if (reader.separator() != ',') {
        std::replace(text.begin(), text.end(), ',', '.');
      }
      const std::optional<double> value = scenario::to_double(text);
      constexpr double kMost = 1e9;
      if (!value || *value < 0.0 || *value > kMost) {
        diagnostics.error(
            ErrorCode::type, {source.path, record[column].line, record[column].column},
            fmt::format("'{}' is not a number from 0 to 1,000,000,000", record[column].text), {});
        return std::numeric_limits<double>::quiet_NaN();
      }
      return *value;
    };
    Count count;
    count.day = number(*day_column);
    count.without_heat = number(*count_column);
    if (!counts.empty() && count.day <= counts.back().day) {
      diagnostics.error(
          ErrorCode::range, {source.path, record.front().line, 1},
          fmt::format("day {} does not come after day {}", count.day, counts.back().day),
          "sort the rows by day; give each event a file of its own");
    }
    if (drained_column && !record[*drained_column].text.empty()) {
      const scenario::CsvCell& cell = record[*drained_column];
      count.drained = number(*drained_column);
      if (count.drained < drained_before) {
        diagnostics.error(ErrorCode::range, {source.path, cell.line, cell.column},
                          fmt::format("'drained' is {} after {}", count.drained, drained_before),
                          "give all that were drained from the loss until then, refilled or not");
      }
      const double first = counts.empty() ? count.without_heat : counts.front().without_heat;
      if (count.drained > first) {
        diagnostics.error(
            ErrorCode::contradiction, {source.path, cell.line, cell.column},
            fmt::format("'drained' is {} of {} without heat at first", count.drained, first),
            "begin with the count at the loss; give both columns in buildings, or both in "
            "consumers");
      }
      drained_before = count.drained;
    }
    counts.push_back(count);
  }
  if (diagnostics.ok() && counts.size() < kFewest) {
    diagnostics.error(ErrorCode::too_little, {source.path, 1, 1},
                      fmt::format("{} counts are too few to fit a recovery", counts.size()),
                      fmt::format("give at least {}", kFewest));
  } else if (diagnostics.ok() && counts.front().without_heat < 1.0) {
    diagnostics.error(
        ErrorCode::too_little, {source.path, 2, 1},
        fmt::format("the first count is {}", counts.front().without_heat),
        "begin with the count at the loss, in buildings or consumers, not as a share");
  }
  return counts;
}

}  // namespace wintergrid::calibrate
