#include "engine/hindcast/ensemble.hpp"

#include <algorithm>
#include <memory>

namespace wintergrid::hindcast {
namespace {

/// A simulation whose hours are written to its own place of the ensemble, so that threads never
/// meet.
class Recorder final : public montecarlo::Replicator {
 public:
  Recorder(const montecarlo::Case& which, Ensemble& ensemble)
      : simulation_(which, which.policy), ensemble_(&ensemble) {}

  void run(std::uint64_t replication, montecarlo::Record& record) override {
    simulation_.run(replication, record);
    for (std::size_t service = 0; service < kServiceCount; ++service) {
      const std::vector<std::uint32_t>& hours = record.households_off_by_hour[service];
      std::copy(hours.begin(), hours.end(),
                ensemble_->without[service].begin() +
                    static_cast<std::ptrdiff_t>(replication * ensemble_->hours));
    }
  }

 private:
  montecarlo::Simulation simulation_;
  Ensemble* ensemble_;
};

}  // namespace

montecarlo::StopReason simulate(const montecarlo::Case& which,
                                const montecarlo::RunOptions& options, Ensemble& ensemble) {
  ensemble.hours = which.model.hours();
  ensemble.households = which.model.total_households;
  for (std::vector<std::uint32_t>& values : ensemble.without) {
    values.assign(options.replications * ensemble.hours, 0);
  }
  montecarlo::Tally tally(montecarlo::shape_of(which.model));
  const montecarlo::StopReason reason =
      montecarlo::run(tally, [&] { return std::make_unique<Recorder>(which, ensemble); }, options);
  ensemble.replications.clear();
  for (std::uint64_t replication = 0; replication < tally.count(); ++replication) {
    if (!tally.failed(replication)) {
      ensemble.replications.push_back(replication);
    }
  }
  return reason;
}

std::vector<double> simulated(const Ensemble& ensemble,
                              const std::vector<Observation>& observations, std::size_t which) {
  const Observation& observation = observations[which];
  std::vector<double> values;
  for (const std::uint64_t replication : ensemble.replications) {
    double value = ensemble.share(observation.service, replication, observation.hour);
    if (observation.of) {
      const double reference =
          ensemble.share(observation.service, replication, observations[*observation.of].hour);
      if (!(reference > 0.0)) {
        continue;
      }
      value /= reference;
    }
    values.push_back(value);
  }
  return values;
}

double recorded(const std::vector<Observation>& observations, std::size_t which) {
  const Observation& observation = observations[which];
  return observation.of ? observation.share / observations[*observation.of].share
                        : observation.share;
}

}  // namespace wintergrid::hindcast
