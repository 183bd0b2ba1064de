#pragma once
// Simulates orders of repair in futures, on threads; the same bits for any number of them.

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/plan/futures.hpp"
#include "engine/plan/loss.hpp"
#include "engine/plan/order.hpp"

namespace wintergrid::plan {

/// One order in one future, hour by hour.
struct Trace {
  std::vector<Dispatch> dispatches;
  std::vector<std::array<std::uint32_t, kServiceCount>> off;  ///< households at each step's end
};

struct Trial {
  const recovery::Policy* policy = nullptr;
  std::size_t future = 0;
  ComponentId never;       ///< a job that nobody does; invalid: none
  bool only = false;       ///< `never` is the one job that is done instead (with those under way)
  Trace* trace = nullptr;  ///< filled if given
  Loss loss;               ///< the result
};

/// With what model futures are simulated.
enum class Fidelity {
  full,
  /// Looks at the networks every kCoarseStep and at events: for the search, which only compares.
  coarse,
  /// Crews for every job at once, no travel, spares wherever there are any: the lower bound.
  relaxed
};
inline constexpr Seconds kCoarseStep = 3 * kSecondsPerHour;

/// Thrown where a person does not want the plan any more.
struct Interrupted {};

class Evaluator {
 public:
  /// Makes futures [first, first + count). The situation and causes must outlive it, and
  /// `interrupt` too: once it is set, making and running futures end with Interrupted.
  Evaluator(const Situation& situation, const std::vector<CountCauses>& causes, std::uint64_t first,
            std::size_t count, int threads, Fidelity fidelity = Fidelity::full,
            const std::atomic<bool>* interrupt = nullptr);
  ~Evaluator();
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  void run(std::span<Trial> trials);

  const Model& model() const { return *model_; }
  const std::vector<Future>& futures() const { return futures_; }
  const Situation& situation() const { return *situation_; }
  std::uint64_t simulated() const { return simulated_; }

 private:
  struct Worker;
  void run_one(Worker& worker, Trial& trial) const;
  bool interrupted() const {
    return interrupt_ != nullptr && interrupt_->load(std::memory_order_relaxed);
  }

  const Situation* situation_;
  std::unique_ptr<Model> own_model_;  ///< null: the situation's
  const Model* model_;
  int threads_;
  const std::atomic<bool>* interrupt_;
  std::vector<Future> futures_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::uint64_t simulated_ = 0;
};

}  // namespace wintergrid::plan
