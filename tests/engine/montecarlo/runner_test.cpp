// The loop alone, on an enumerable system: the same bits for any threads, schedule and
// interruption; failures recorded; stop rule with honest coverage.

#include "engine/montecarlo/runner.hpp"

#include <atomic>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "engine/montecarlo/checkpoint.hpp"
#include "engine/montecarlo/estimate.hpp"
#include "engine/random/draw.hpp"
#include "grid_models/core/name_hash.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid::montecarlo {
namespace {

/// Ten components, each fails with its own probability and then costs its own loss: the exact mean
/// is known.
struct Enumerable {
  static constexpr int kComponents = 10;
  static double probability(int i) { return 0.05 * (i + 1); }
  static std::int64_t loss(int i) { return std::int64_t{100} * (i + 1) * (i + 1); }
  static double mean() {
    double sum = 0.0;
    for (int i = 0; i < kComponents; ++i) {
      sum += probability(i) * static_cast<double>(loss(i));
    }
    return sum;
  }
};

class EnumerableReplicator final : public Replicator {
 public:
  EnumerableReplicator(std::uint64_t seed, std::uint64_t fails_every)
      : seed_(seed), fails_every_(fails_every) {}
  void run(std::uint64_t replication, Record& record) override {
    if (fails_every_ > 0 && replication % fails_every_ == fails_every_ - 1) {
      throw std::runtime_error("made to fail");
    }
    const random::Draw draw(seed_, replication);
    std::int64_t sum = 0;
    for (int i = 0; i < Enumerable::kComponents; ++i) {
      const double u =
          draw.uniform({name_hash("component"), Purpose::test, static_cast<std::uint32_t>(i)});
      sum += u < Enumerable::probability(i) ? Enumerable::loss(i) : 0;
    }
    record.row[0] = sum;
    record.households_off_by_hour[0][0] = static_cast<std::uint32_t>(sum);
  }

 private:
  std::uint64_t seed_, fails_every_;
};

Shape enumerable_shape() {
  Shape shape;
  shape.metrics = 1;
  shape.hours = 1;
  shape.total_households = 40000;
  return shape;
}

struct Result {
  std::uint64_t count;
  std::vector<std::int64_t> rows;
  std::vector<std::uint8_t> histograms;
  StopReason reason;
};

Result run_enumerable(std::uint64_t seed, const RunOptions& options,
                      std::uint64_t fails_every = 0) {
  Tally tally(enumerable_shape());
  const StopReason reason = run(
      tally, [&] { return std::make_unique<EnumerableReplicator>(seed, fails_every); }, options);
  Result result{tally.count(), {}, tally.histogram_bytes(), reason};
  for (std::uint64_t r = 0; r < tally.count(); ++r) {
    result.rows.push_back(tally.row(r)[0]);
  }
  return result;
}

TEST(Runner, SameBitsForAnyThreadsAndSchedule) {
  RunOptions options;
  options.replications = 1000;
  options.threads = 1;
  const Result expected = run_enumerable(7, options);
  EXPECT_EQ(expected.count, 1000U);
  for (const int threads : {1, 2, 3, 8}) {
    for (const Schedule schedule : {Schedule::dynamic_blocks, Schedule::static_blocks}) {
      options.threads = threads;
      options.schedule = schedule;
      const Result result = run_enumerable(7, options);
      EXPECT_EQ(result.rows, expected.rows) << threads;
      EXPECT_EQ(result.histograms, expected.histograms) << threads;
    }
  }
}

/// Twenty milliseconds a winter, so that 40 of them are less than one batch but several stretches.
TEST(Runner, SlowWintersAreShownAndSavedWithinABatch) {
  class Slow final : public Replicator {
   public:
    void run(std::uint64_t replication, Record& record) override {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      inner_.run(replication, record);
    }

   private:
    EnumerableReplicator inner_{3, 0};
  };
  RunOptions options;
  options.replications = 40;
  options.threads = 1;
  int shown = 0, saved = 0;
  options.progress = [&](const Progress&) { ++shown; };
  options.checkpoint = [&](const Tally&) { ++saved; };
  Tally tally(enumerable_shape());
  run(tally, [] { return std::make_unique<Slow>(); }, options);
  EXPECT_EQ(tally.count(), 40U);
  EXPECT_GE(shown, 2);
  EXPECT_GE(saved, 2);
  EXPECT_EQ(tally.histogram_bytes(), run_enumerable(3, options).histograms);
}

TEST(Runner, StoppedAndResumedThroughTheCheckpointIsTheUninterruptedRun) {
  RunOptions options;
  options.replications = 1500;
  options.threads = 2;
  options.stop_rule = StopRule{0, 0.02, 200};
  const Result expected = run_enumerable(3, options);
  const test::TempDir folder;
  const std::string path = (folder / "checkpoint.sqlite").string();
  const RunIdentity identity{"sha", "version", "policy", 3};
  std::atomic<bool> stop{false};
  StopReason reason = StopReason::interrupted;
  int interruptions = 0;
  Result result{};
  while (reason == StopReason::interrupted) {
    ASSERT_LT(interruptions, 1000);
    Tally tally(enumerable_shape());
    Checkpoint checkpoint(path, identity);
    checkpoint.load(tally);
    stop = false;
    RunOptions resumed = options;
    resumed.stop = &stop;
    resumed.checkpoint = [&](const Tally& now) { checkpoint.save(now); };
    // Replication numbers at which the flag goes up: somewhere inside every batch.
    class Interrupting final : public Replicator {
     public:
      Interrupting(std::atomic<bool>& flag, std::uint64_t at)
          : inner_(3, 0), flag_(flag), at_(at) {}
      void run(std::uint64_t replication, Record& record) override {
        inner_.run(replication, record);
        if (replication == at_) {
          flag_ = true;
        }
      }

     private:
      EnumerableReplicator inner_;
      std::atomic<bool>& flag_;
      std::uint64_t at_;
    };
    const std::uint64_t at = tally.count() + 61;
    reason = run(tally, [&] { return std::make_unique<Interrupting>(stop, at); }, resumed);
    ++interruptions;
    result = Result{tally.count(), {}, tally.histogram_bytes(), reason};
    for (std::uint64_t r = 0; r < tally.count(); ++r) {
      result.rows.push_back(tally.row(r)[0]);
    }
  }
  EXPECT_GT(interruptions, 3);
  EXPECT_EQ(result.reason, expected.reason);
  EXPECT_EQ(result.rows, expected.rows);
  EXPECT_EQ(result.histograms, expected.histograms);
}

/// Killed after the winters were saved and before anybody looked at them: the resumed run stops
/// where the uninterrupted one did.
TEST(Runner, AResumedRunLooksWhereTheUninterruptedOneLooked) {
  RunOptions options;
  options.replications = 4096;
  options.threads = 2;
  options.stop_rule = StopRule{0, 0.08, 200};
  const Result expected = run_enumerable(3, options);
  ASSERT_EQ(expected.reason, StopReason::precise_enough);
  ASSERT_LT(expected.count, 2048U);
  for (const std::uint64_t saved : {expected.count, std::uint64_t{2048}}) {
    Tally tally(enumerable_shape());
    RunOptions before = options;
    before.stop_rule.reset();
    before.replications = saved;
    const auto make = [] { return std::make_unique<EnumerableReplicator>(3, 0); };
    run(tally, make, before);
    ASSERT_EQ(tally.count(), saved);
    EXPECT_EQ(run(tally, make, options), expected.reason);
    EXPECT_EQ(tally.count(), expected.count);
    EXPECT_EQ(tally.histogram_bytes(), expected.histograms);
  }
}

TEST(Runner, MoreWintersSavedThanWantedGiveTheWantedOnes) {
  RunOptions options;
  options.replications = 500;
  const auto make = [] { return std::make_unique<EnumerableReplicator>(3, 0); };
  Tally tally(enumerable_shape());
  run(tally, make, options);
  options.replications = 100;
  EXPECT_EQ(run(tally, make, options), StopReason::finished);
  EXPECT_EQ(tally.count(), 100U);
  EXPECT_EQ(tally.histogram_bytes(), run_enumerable(3, options).histograms);
}

TEST(Runner, CheckpointOfAnotherRunIsRefused) {
  const test::TempDir folder;
  const std::string path = (folder / "checkpoint.sqlite").string();
  Tally tally(enumerable_shape());
  RunOptions options;
  options.replications = 16;
  options.threads = 1;
  run(tally, [] { return std::make_unique<EnumerableReplicator>(1, 0); }, options);
  {
    Checkpoint checkpoint(path, {"sha", "version", "policy", 1});
    checkpoint.save(tally);
  }
  Checkpoint other(path, {"other sha", "version", "policy", 1});
  Tally empty(enumerable_shape());
  try {
    other.load(empty);
    FAIL() << "must be refused";
  } catch (const CheckpointError& error) {
    EXPECT_NE(std::string(error.what()).find("scenario_sha256"), std::string::npos) << error.what();
  }
  EXPECT_EQ(empty.count(), 0U);
}

TEST(Runner, AFailingReplicationIsRecordedAndDoesNotStopTheRun) {
  RunOptions options;
  options.replications = 400;
  options.threads = 3;
  Tally tally(enumerable_shape());
  const StopReason reason =
      run(tally, [] { return std::make_unique<EnumerableReplicator>(5, 100); }, options);
  EXPECT_EQ(reason, StopReason::finished);
  ASSERT_EQ(tally.failures().size(), 4U);
  EXPECT_EQ(tally.failures()[0].replication, 99U);
  EXPECT_EQ(tally.failures()[0].what, "made to fail");
  EXPECT_TRUE(tally.failed(199));
  EXPECT_FALSE(tally.failed(200));
  // counted at stated bounds, never dropped: the interval spans "nothing lost" and "everything
  // lost" for the failed ones
  const double everything = 1e6;
  const Estimate with = estimate(tally, 0, 1.0, 1, everything);
  const Estimate without = estimate(values_of(tally, 0, 1.0), 1);
  EXPECT_NEAR(with.ci95_low, without.ci95_low * 0.99, 1e-9);
  EXPECT_NEAR(with.ci95_high, without.ci95_high * 0.99 + everything * 0.01, 1e-6);
}

TEST(Runner, TooManyFailuresStopTheRun) {
  RunOptions options;
  options.replications = 4000;
  options.threads = 2;
  const Result result = run_enumerable(5, options, 2);
  EXPECT_EQ(result.reason, StopReason::too_many_failures);
  EXPECT_LT(result.count, 4000U);
}

TEST(Runner, ZeroVarianceNeverCountsAsPrecise) {
  Tally tally(enumerable_shape());
  Record record;
  prepare(record, tally.shape());
  for (int i = 0; i < 1000; ++i) {
    tally.add(record);
  }
  EXPECT_FALSE(precise_enough(tally, StopRule{0, 0.5, 200}, 1));
}

double coverage(bool with_stop_rule) {
  int covered = 0;
  constexpr int kSeeds = 1000;
  for (int seed = 0; seed < kSeeds; ++seed) {
    RunOptions options;
    options.replications = with_stop_rule ? 4096 : 256;
    options.threads = 1;
    if (with_stop_rule) {
      options.stop_rule = StopRule{0, 0.03, 200};
    }
    Tally tally(enumerable_shape());
    run(
        tally,
        [&] {
          return std::make_unique<EnumerableReplicator>(static_cast<std::uint64_t>(seed) + 1000, 0);
        },
        options);
    const Estimate e = estimate(values_of(tally, 0, 1.0), 1);
    covered += e.ci95_low <= Enumerable::mean() && Enumerable::mean() <= e.ci95_high ? 1 : 0;
  }
  return static_cast<double>(covered) / kSeeds;
}

TEST(Runner, IntervalCoversTheExactMean) {
  const double share = coverage(false);
  EXPECT_GE(share, 0.93);
  EXPECT_LE(share, 0.97);
}

TEST(Runner, IntervalCoversTheExactMeanWithTheStopRule) {
  const double share = coverage(true);
  EXPECT_GE(share, 0.93);
  EXPECT_LE(share, 0.97);
}

TEST(Estimate, ExactWithinThreeStandardErrors) {
  RunOptions options;
  options.replications = 20000;
  const Result result = run_enumerable(99, options);
  std::vector<double> values(result.rows.begin(), result.rows.end());
  const Estimate e = estimate(values, 1);
  const double standard_error = (e.ci95_high - e.mean) / 1.96;
  EXPECT_NEAR(e.mean, Enumerable::mean(), 3.0 * standard_error);
}

TEST(Tally, ShareBinsAreExact) {
  EXPECT_EQ(share_bin(0, 1000, 200), 0U);
  EXPECT_EQ(share_bin(1, 1000, 200), 1U);
  EXPECT_EQ(share_bin(5, 1000, 200), 1U);
  EXPECT_EQ(share_bin(6, 1000, 200), 2U);
  EXPECT_EQ(share_bin(1000, 1000, 200), 200U);
}

TEST(Tally, RestoreGivesTheSameTally) {
  Tally tally(enumerable_shape());
  RunOptions options;
  options.replications = 100;
  run(tally, [] { return std::make_unique<EnumerableReplicator>(1, 30); }, options);
  std::vector<std::int64_t> rows;
  rows.reserve(tally.count());
  for (std::uint64_t r = 0; r < tally.count(); ++r) {
    rows.push_back(tally.row(r)[0]);
  }
  Tally copy(enumerable_shape());
  copy.restore(tally.count(), rows, tally.failures(), tally.histogram_bytes());
  EXPECT_EQ(copy.histogram_bytes(), tally.histogram_bytes());
  EXPECT_EQ(copy.failures().size(), tally.failures().size());
  EXPECT_THROW(copy.restore(5, rows, {}, tally.histogram_bytes()), std::runtime_error);
}

TEST(ForEachIndex, VisitsEachOnceAndThrowsTheFirstWhenAllHaveEnded) {
  for (const int threads : {1, 3}) {
    std::vector<std::atomic<int>> visits(50);
    std::atomic<bool> worker_in_range{true};
    for_each_index(visits.size(), threads, [&](std::size_t worker, std::size_t index) {
      worker_in_range = worker_in_range && worker < static_cast<std::size_t>(threads);
      ++visits[index];
    });
    EXPECT_TRUE(worker_in_range);
    for (const std::atomic<int>& count : visits) {
      EXPECT_EQ(count, 1);
    }
    std::atomic<int> ended{0};
    try {
      for_each_index(20, threads, [&](std::size_t, std::size_t index) {
        ++ended;
        if (index % 5 == 3) {
          throw std::runtime_error(std::to_string(index));
        }
      });
      FAIL() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "3");
    }
    EXPECT_EQ(ended, 20);
  }
  EXPECT_EQ(threads_for(2, 8), 2);
  EXPECT_EQ(threads_for(0, 8), 1);
  EXPECT_GE(threads_for(1000, 0), 1);
}

}  // namespace
}  // namespace wintergrid::montecarlo
