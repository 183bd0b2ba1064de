// Crews as servers of a queue: the mean wait of a job must be what queueing theory says.
//
//   M/M/c (Erlang C):            E[wait] = C(c, a) / (c mu - lambda),  a = lambda / mu
//   number waiting (Little):     E[queue] = lambda E[wait], measured as an average over time
//   M/D/1 (Pollaczek-Khinchine): E[wait] = rho S / (2 (1 - rho))
//
// Source: L. Kleinrock, Queueing Systems, volume 1, 1975. Seconds are whole; with a mean service of
// 10,000 s the rounding is far below the standard error. Draws are by inversion from mt19937_64,
// whose stream the C++ standard fixes.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/grid_models/recovery/world.hpp"

namespace wintergrid::recovery::test {
namespace {

constexpr double kMeanService = 10000.0;
constexpr std::size_t kWarmUp = 400;
constexpr std::size_t kMeasured = 1200;
constexpr int kReplications = 60;

struct Estimate {
  double mean = 0.0;
  double standard_error = 0.0;
};

Estimate estimate(double sum, double sum_of_squares) {
  const double n = kReplications;
  const double mean = sum / n;
  return {mean, std::sqrt((sum_of_squares / n - mean * mean) / (n - 1.0))};
}

struct Queue {
  Estimate wait;    ///< from damage to the start of the stage
  Estimate number;  ///< of waiting jobs, over time
};

/// From independent replications.
Queue measure(std::uint16_t crews, double utilisation, bool exponential_service) {
  World world;
  world.set_crews(CrewType::lines, crews);
  for (std::size_t i = 0; i < kWarmUp + kMeasured; ++i) {
    world.add(AssetClass::line);
  }
  std::mt19937_64 generator(20261123);
  const auto exponential = [&](double mean) {
    const double uniform = (static_cast<double>(generator() >> 11U) + 0.5) * 0x1p-53;
    return static_cast<Seconds>(std::llround(-mean * std::log(uniform)));
  };
  const double mean_gap = kMeanService / (utilisation * crews);

  double sum = 0.0;
  double sum_of_squares = 0.0;
  double number_sum = 0.0;
  double number_sum_of_squares = 0.0;
  for (int replication = 0; replication < kReplications; ++replication) {
    Replay replay(world);
    std::vector<Seconds> arrived(world.components.count());
    std::vector<Seconds> service(world.components.count());
    Seconds now = 0;
    for (std::size_t i = 0; i < arrived.size(); ++i) {
      now += exponential(mean_gap);
      arrived[i] = now;
      service[i] = std::max<Seconds>(
          1, exponential_service ? exponential(kMeanService) : std::llround(kMeanService));
      for (Seconds next = replay.next_event(); next < now; next = replay.next_event()) {
        replay.advance(next);
      }
      replay.hit(now, ComponentId{i}, permanent_only(service[i]));
      replay.advance(now);
    }
    replay.run(now);
    // Jobs wait in [arrived, started); counted within the window of the measured arrivals.
    const Seconds from = arrived[kWarmUp];
    const Seconds to = arrived.back();
    Seconds waited_in_window = 0;
    double wait = 0.0;
    for (const Event& event : replay.log) {
      const Seconds started = event.time - service[event.component];
      waited_in_window +=
          std::max<Seconds>(0, std::min(to, started) - std::max(from, arrived[event.component]));
      if (event.component >= kWarmUp) {
        wait +=
            static_cast<double>(event.time - service[event.component] - arrived[event.component]);
      }
    }
    wait /= static_cast<double>(kMeasured);
    sum += wait;
    sum_of_squares += wait * wait;
    const double number = static_cast<double>(waited_in_window) / static_cast<double>(to - from);
    number_sum += number;
    number_sum_of_squares += number * number;
  }
  return {estimate(sum, sum_of_squares), estimate(number_sum, number_sum_of_squares)};
}

double erlang_c(int servers, double load) {
  double term = 1.0;  // load^k / k!
  double below = 0.0;
  for (int k = 0; k < servers; ++k) {
    below += term;
    term *= load / (k + 1);
  }
  const double all_busy = term * servers / (servers - load);
  return all_busy / (below + all_busy);
}

TEST(Queue, ErlangCOfOneServerIsItsUtilisation) {
  EXPECT_NEAR(erlang_c(1, 0.7), 0.7, 1e-12);
  EXPECT_NEAR(erlang_c(2, 1.0), 1.0 / 3.0, 1e-12);
}

TEST(Queue, SeveralCrewsWaitAsErlangSays) {
  constexpr int kCrews = 3;
  constexpr double kUtilisation = 0.7;
  const double exact =
      erlang_c(kCrews, kCrews * kUtilisation) * kMeanService / (kCrews * (1.0 - kUtilisation));
  const auto [wait, number] = measure(kCrews, kUtilisation, true);
  const double exact_number = exact * kCrews * kUtilisation / kMeanService;
  EXPECT_NEAR(number.mean, exact_number, 3.0 * number.standard_error);
  EXPECT_LT(number.standard_error, 0.06 * exact_number) << "too coarse to say anything";
  EXPECT_NEAR(wait.mean, exact, 3.0 * wait.standard_error);
  EXPECT_LT(wait.standard_error, 0.05 * exact) << "too coarse to say anything";
}

TEST(Queue, OneCrewWithEqualJobsWaitsAsPollaczekAndKhinchineSay) {
  constexpr double kUtilisation = 0.6;
  const double exact = kUtilisation * kMeanService / (2.0 * (1.0 - kUtilisation));
  const Estimate wait = measure(1, kUtilisation, false).wait;
  EXPECT_NEAR(wait.mean, exact, 3.0 * wait.standard_error);
  EXPECT_LT(wait.standard_error, 0.05 * exact) << "too coarse to say anything";
}

}  // namespace
}  // namespace wintergrid::recovery::test
