#include "engine/montecarlo/runner.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <optional>
#include <vector>

#include <omp.h>

#include "engine/montecarlo/estimate.hpp"
#include "grid_models/core/contract.hpp"

namespace wintergrid::montecarlo {
namespace {

constexpr std::uint64_t kBlocksPerBatch = kBatch / kBlock;

bool requested(const std::atomic<bool>* stop) {
  return stop != nullptr && stop->load(std::memory_order_relaxed);
}

/// Runs the replications [first, last) of one block; exceptions end in the record, never outside (a
/// throw that leaves an OpenMP region terminates the program). False if it was told to stop before
/// the end: a winter of a very large system takes minutes.
bool run_block(Replicator& replicator, const Shape& shape, std::uint64_t first, std::uint64_t last,
               const std::atomic<bool>* stop, std::vector<Record>& records) noexcept {
  for (std::uint64_t replication = first; replication < last; ++replication) {
    if (requested(stop)) {
      return false;
    }
    Record& record = records[replication - first];
    try {
      prepare(record, shape);
      replicator.run(replication, record);
    } catch (const std::exception& error) {
      record.failure = error.what();
      if (record.failure.empty()) {
        record.failure = "unknown error";
      }
    } catch (...) {
      record.failure = "unknown error";
    }
  }
  return true;
}

bool precise_enough(const Values& values, std::uint64_t count, const StopRule& rule,
                    std::uint64_t group) {
  if (count < rule.minimum) {
    return false;
  }
  const auto failed = static_cast<double>(count - values.value.size());
  const Estimate result = widened(estimate(values, group), failed, count, rule.failed_bound);
  const double half = result.ci95_high - result.mean;
  return half > 0.0 && std::isfinite(half) && half <= rule.relative_half_width * result.mean;
}

/// Why a run would have stopped after the first `count` replications, a multiple of kBatch.
std::optional<StopReason> look(const Tally& tally, std::uint64_t count, const RunOptions& options) {
  const double budget =
      std::max(10.0, options.failure_budget_share * static_cast<double>(options.replications));
  const auto failures = static_cast<double>(
      std::count_if(tally.failures().begin(), tally.failures().end(),
                    [count](const Failure& failure) { return failure.replication < count; }));
  if (failures > budget) {
    return StopReason::too_many_failures;
  }
  if (options.stop_rule && count % kBatch == 0) {
    Values values = values_of(tally, options.stop_rule->metric, 1.0);
    const auto end = std::lower_bound(values.replication.begin(), values.replication.end(), count);
    values.value.resize(static_cast<std::size_t>(end - values.replication.begin()));
    values.replication.resize(values.value.size());
    if (precise_enough(values, count, *options.stop_rule, options.group)) {
      return StopReason::precise_enough;
    }
  }
  return std::nullopt;
}

}  // namespace

int threads_for(std::size_t count, int threads) {
  const int asked = threads > 0 ? threads : std::max(1, omp_get_max_threads());
  return static_cast<int>(std::clamp<std::size_t>(count, 1, static_cast<std::size_t>(asked)));
}

void for_each_index(std::size_t count, int threads,
                    const std::function<void(std::size_t worker, std::size_t index)>& body) {
  std::vector<std::exception_ptr> thrown(count);
  const auto indices = static_cast<std::int64_t>(count);
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
  for (std::int64_t i = 0; i < indices; ++i) {
    const auto index = static_cast<std::size_t>(i);
    try {
      body(static_cast<std::size_t>(omp_get_thread_num()), index);
    } catch (...) {
      thrown[index] = std::current_exception();
    }
  }
  for (const std::exception_ptr& one : thrown) {
    if (one) {
      std::rethrow_exception(one);
    }
  }
}

int threads_of(const RunOptions& options) {
  const int asked = options.threads > 0 ? options.threads : std::max(1, omp_get_max_threads());
  const std::uint64_t blocks = (std::min(options.replications, kBatch) + kBlock - 1) / kBlock;
  return std::clamp(static_cast<int>(blocks), 1, asked);
}

bool precise_enough(const Tally& tally, const StopRule& rule, std::uint64_t group) {
  return precise_enough(values_of(tally, rule.metric, 1.0), tally.count(), rule, group);
}

StopReason run(Tally& tally, const std::function<std::unique_ptr<Replicator>()>& make,
               const RunOptions& options) {
  std::uint64_t wanted = options.replications;
  // The looks that an uninterrupted run would have had on the way.
  for (std::uint64_t count = kBatch; count <= std::min(tally.count(), wanted); count += kBatch) {
    if (const auto reason = look(tally, count, options)) {
      if (count == tally.count()) {
        return *reason;
      }
      wanted = count;
    }
  }
  if (tally.count() > wanted) {
    tally = Tally(tally.shape());
  }
  const int threads = threads_of(options);
  std::vector<std::unique_ptr<Replicator>> replicators;
  replicators.reserve(static_cast<std::size_t>(threads));
  for (int i = 0; i < threads; ++i) {
    replicators.push_back(make());
  }
  std::vector<std::vector<Record>> slots(kBlocksPerBatch, std::vector<Record>(kBlock));
  std::vector<std::uint8_t> completed(slots.size(), 0);
  const Shape& shape = tally.shape();

  // Threads meet after a stretch of blocks that takes about a second, so that slow winters show
  // progress and are saved; how long it is changes no result.
  auto stretch = static_cast<double>(threads);
  while (tally.count() < wanted) {
    // A batch ends at a multiple of kBatch whatever came before, so that a resumed run looks at the
    // same moments.
    const std::uint64_t begin = tally.count();
    const std::uint64_t end = std::min({wanted, (begin / kBatch + 1) * kBatch,
                                        begin + static_cast<std::uint64_t>(stretch) * kBlock});
    const double started = omp_get_wtime();
    const auto blocks = static_cast<int>((end - begin + kBlock - 1) / kBlock);
    std::fill(completed.begin(), completed.end(), 0);
    omp_set_schedule(
        options.schedule == Schedule::dynamic_blocks ? omp_sched_dynamic : omp_sched_static, 1);
#pragma omp parallel for schedule(runtime) num_threads(threads)
    for (int block = 0; block < blocks; ++block) {
      const std::uint64_t first = begin + static_cast<std::uint64_t>(block) * kBlock;
      const std::uint64_t last = std::min(end, first + kBlock);
      const auto slot = static_cast<std::size_t>(block);
      Replicator& replicator = *replicators[static_cast<std::size_t>(omp_get_thread_num())];
      completed[slot] =
          run_block(replicator, shape, first, last, options.stop, slots[slot]) ? 1 : 0;
    }
    // Merge in block order; after an interruption only the unbroken beginning counts.
    for (int block = 0; block < blocks && completed[static_cast<std::size_t>(block)] != 0;
         ++block) {
      const std::uint64_t first = begin + static_cast<std::uint64_t>(block) * kBlock;
      const std::uint64_t count = std::min(end, first + kBlock) - first;
      for (std::uint64_t i = 0; i < count; ++i) {
        tally.add(slots[static_cast<std::size_t>(block)][i]);
      }
    }
    const double seconds = std::max(omp_get_wtime() - started, 1e-6);
    stretch = std::clamp(stretch * std::clamp(1.0 / seconds, 0.5, 4.0),
                         static_cast<double>(threads), static_cast<double>(kBlocksPerBatch));
    if (options.progress) {
      options.progress({tally.count(), options.replications, &tally});
    }
    const bool interrupted = tally.count() < end;
    if (options.checkpoint) {
      options.checkpoint(tally);
    }
    if (interrupted) {
      return StopReason::interrupted;
    }
    const bool looks = tally.count() % kBatch == 0 || tally.count() == wanted;
    if (const auto reason = looks ? look(tally, tally.count(), options) : std::nullopt) {
      return *reason;
    }
  }
  return StopReason::finished;
}

}  // namespace wintergrid::montecarlo
