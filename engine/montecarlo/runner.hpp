#pragma once
// The replication loop: blocks over threads, merged in order. The only file with OpenMP is
// runner.cpp.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/montecarlo/tally.hpp"

namespace wintergrid::montecarlo {

/// Constants of the method, never of the machine: looks of the stop rule happen at multiples of
/// kBatch.
inline constexpr std::uint64_t kBlock = 8;
inline constexpr std::uint64_t kBatch = 256;

/// What runs one replication; one object per thread, made before the threads start.
class Replicator {
 public:
  Replicator() = default;
  Replicator(const Replicator&) = delete;
  Replicator& operator=(const Replicator&) = delete;
  virtual ~Replicator() = default;
  /// Fills the record (prepared). A pure function of the replication number. May throw: the
  /// replication is then recorded as failed and the next call must work.
  virtual void run(std::uint64_t replication, Record& record) = 0;
};

enum class Schedule { dynamic_blocks, static_blocks };

struct StopRule {
  std::size_t metric = 0;
  double relative_half_width = 0.05;  ///< of the 95 % interval of the mean
  double failed_bound = 0.0;          ///< stored unit: what a failed replication may come to
  std::uint64_t minimum = 200;
};

struct Progress {
  std::uint64_t done = 0, wanted = 0;
  const Tally* tally = nullptr;
};

struct RunOptions {
  std::uint64_t replications = 1000;
  int threads = 0;  ///< 0: as many as the machine has
  Schedule schedule = Schedule::dynamic_blocks;
  std::optional<StopRule> stop_rule;  ///< replications is then the most
  std::uint64_t group = 1;  ///< replications per parameter draw, for the stop rule's interval
  double failure_budget_share = 0.01;  ///< the run stops when more than max(10, this share) failed
  const std::atomic<bool>* stop = nullptr;  ///< set by a signal: finish the replications in flight
  std::function<void(const Progress&)>
      progress;  ///< called serially about every second, and after every batch
  std::function<void(const Tally&)> checkpoint;  ///< likewise
};

/// Threads that are worth having for `count` things; `threads` 0: as many as the machine has.
int threads_for(std::size_t count, int threads);
/// body(worker, index) for every index below count, on so many threads, in any order; worker is
/// below `threads`. What is thrown is thrown again, of the lowest index, when all have ended.
void for_each_index(std::size_t count, int threads,
                    const std::function<void(std::size_t worker, std::size_t index)>& body);

/// Threads that a run with these options uses at most.
int threads_of(const RunOptions& options);

enum class StopReason { finished, precise_enough, interrupted, too_many_failures };

/// Is the metric's interval narrow enough? Never with fewer than `minimum` replications, nor while
/// every value is the same (zero variance says nothing about rare losses).
bool precise_enough(const Tally& tally, const StopRule& rule, std::uint64_t group);

/// Continues from tally.count() (0, or what a checkpoint restored) and returns why it ended. `make`
/// is called once per thread before any replication runs. Same bits for any number of threads,
/// schedule and interruption history: a run that is continued looks where an uninterrupted one
/// looks, and what was saved beyond the look at which that one stops is simulated again up to
/// there.
StopReason run(Tally& tally, const std::function<std::unique_ptr<Replicator>()>& make,
               const RunOptions& options);

}  // namespace wintergrid::montecarlo
