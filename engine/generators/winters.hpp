#pragma once
// The same winters again with sets added at facilities: what households lose, and which facilities
// are without supply.

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/generators/facilities.hpp"
#include "engine/generators/needs.hpp"
#include "engine/montecarlo/estimate.hpp"
#include "engine/montecarlo/prepare.hpp"

namespace wintergrid::generators {

enum class Added : std::uint8_t {
  none = 0,
  diesel,
  cogeneration,  ///< burns network gas: its fuel does not run out
};
/// By facility. Facilities with a set of their own keep it.
using Allocation = std::vector<Added>;

/// What one winter came to under an allocation.
struct Winter {
  std::array<std::int64_t, kServiceCount> lost_seconds{};  ///< household-seconds without service
  std::array<std::vector<std::int64_t>, kServiceCount> zone_lost_seconds;
  std::int64_t gap_seconds = 0;        ///< facility-seconds without grid and set
  std::vector<std::uint8_t> grid_off;  ///< by facility: without grid supply at some time
  std::string failure;                 ///< empty: fine
  std::int64_t all_lost() const { return lost_seconds[0] + lost_seconds[1] + lost_seconds[2]; }
};

/// Household-seconds without heat or water downstream of a facility while it has no supply, by
/// facility: a rough measure of what a set there could save, to look at the promising ones first.
using Potential = std::vector<std::int64_t>;

struct Job {
  std::uint64_t winter = 0;
  const Allocation* allocation = nullptr;  ///< null: nothing is added
  WinterNeeds* needs = nullptr;            ///< filled if not null
  Potential* potential = nullptr;          ///< likewise
};

/// Ctrl-C.
struct Stopped {};

/// Runs winters of a case over threads; results do not depend on how many. Unknown cells keep their
/// typical values.
class Winters {
 public:
  using Progress = std::function<void(std::uint64_t done, std::uint64_t of)>;

  Winters(const montecarlo::Case& which, const Facilities& facilities, int threads,
          const std::atomic<bool>* stop, Progress progress = {});
  ~Winters();
  Winters(const Winters&) = delete;
  Winters& operator=(const Winters&) = delete;

  /// One result for each job, in their order. Throws Stopped.
  std::vector<Winter> run(std::span<const Job> jobs);

  /// Winters first, first + 1, ... as they are.
  std::vector<Winter> as_they_are(std::uint64_t first, std::uint64_t count);

  /// The same winters under an allocation, from those as they are: a winter in which no facility
  /// that gets a set loses its grid supply stays as it is, to the bit, and is not simulated.
  std::vector<Winter> with(const Allocation& allocation, std::uint64_t first,
                           std::span<const Winter> as_they_are);

  std::uint64_t simulated() const { return simulated_; }
  const montecarlo::Case& which() const { return *case_; }
  const Facilities& facilities() const { return *facilities_; }
  const Grouping& grouping() const { return grouping_; }
  const Downstream& downstream() const { return downstream_; }

 private:
  class Worker;
  class Borrowed;

  const montecarlo::Case* case_;
  const Facilities* facilities_;
  Grouping grouping_;
  Downstream downstream_;
  int threads_;
  const std::atomic<bool>* stop_;
  Progress progress_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::uint64_t simulated_ = 0;
};

/// Values of winters that did not fail, numbered from `first`.
montecarlo::Values values_of(std::span<const Winter> winters, std::uint64_t first,
                             const std::function<double(const Winter&)>& value);

}  // namespace wintergrid::generators
