#pragma once
// The hours of every winter of a case, kept.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/hindcast/observed.hpp"
#include "engine/hindcast/score.hpp"
#include "engine/montecarlo/prepare.hpp"
#include "engine/montecarlo/runner.hpp"

namespace wintergrid::hindcast {

struct Ensemble {
  std::size_t hours = 0;
  std::uint64_t households = 0;
  /// Households without a service at the start of each hour: [replication * hours + hour].
  std::array<std::vector<std::uint32_t>, kServiceCount> without;
  std::vector<std::uint64_t> replications;  ///< those that did not fail, ascending

  double share(std::size_t service, std::uint64_t replication, std::size_t hour) const {
    return static_cast<double>(without[service][replication * hours + hour]) /
           static_cast<double>(households);
  }
};

/// Runs options.replications winters; same bits for any number of threads. The ensemble is complete
/// only if the reason is `finished`.
montecarlo::StopReason simulate(const montecarlo::Case& which,
                                const montecarlo::RunOptions& options, Ensemble& ensemble);

/// The simulated counterparts of an observation, one for each winter; with a reference, of the
/// winters in which anyone was without the service then.
std::vector<double> simulated(const Ensemble& ensemble,
                              const std::vector<Observation>& observations, std::size_t which);

/// The recorded number in the same unit.
double recorded(const std::vector<Observation>& observations, std::size_t which);

}  // namespace wintergrid::hindcast
