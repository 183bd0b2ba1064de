#include "engine/generators/winters.hpp"

#include <algorithm>
#include <utility>

#include "engine/montecarlo/runner.hpp"
#include "grid_models/core/contract.hpp"
#include "grid_models/recovery/policy.hpp"
#include "grid_models/system/advance.hpp"

namespace wintergrid::generators {

/// One thread's copy of the model, whose facilities change with the allocation.
class Winters::Worker final : public MomentObserver {
 public:
  explicit Worker(const Winters& owner)
      : owner_(&owner),
        model_(owner.case_->model),
        workspace_(model_),
        needs_counter_(*owner.facilities_, owner.grouping_),
        node_cold_(model_.heat.node_count, 0),
        heat_cold_(owner.downstream_.heat_networks, 0),
        water_dry_(owner.downstream_.water_networks, 0) {
    prepare(outcome_, model_);
  }

  void run(const Job& job, Winter& winter) {
    add(job.allocation);
    const montecarlo::Case& which = *owner_->case_;
    const random::Draw draw(which.seed, job.winter);
    const random::Draw parameter_draw(which.seed, job.winter / which.group);
    which.sampler->sample(draw, parameter_draw, scratch_, timeline_);
    AdvanceOptions options;
    options.policy = &recovery::policy(which.policy);
    options.observer = this;
    winter_ = &winter;
    winter.grid_off.assign(model_.facilities.count(), 0);
    job_ = job;
    if (job.needs != nullptr) {
      needs_counter_.begin(*job.needs);
    }
    if (job.potential != nullptr) {
      job.potential->assign(model_.facilities.count(), 0);
    }
    workspace_.reset(state_, timeline_);
    // reset() gives every facility the fuel that it had when the workspace was made
    state_.backup = power::initial_backup_state(model_.facilities);
    make_room(model_, state_);
    workspace_.advance(state_, timeline_, draw, model_.horizon, options);
    finish(model_, state_.now, state_.ledger, outcome_);
    for (std::size_t s = 0; s < kServiceCount; ++s) {
      winter.lost_seconds[s] = outcome_.service[s].household_seconds_lost;
      winter.zone_lost_seconds[s] = outcome_.zone_household_seconds[s];
    }
  }

  void note(const State& state, Seconds duration) override {
    const power::BackupModel& facilities = model_.facilities;
    bool any_dark = false;
    for (std::size_t i = 0; i < facilities.count(); ++i) {
      if (state.power.feeder_on[facilities.feeder[i]] == 0) {
        winter_->grid_off[i] = 1;
      }
      if (state.backup.powered[i] == 0) {
        winter_->gap_seconds += duration;
        any_dark = true;
      }
    }
    if (job_.needs != nullptr) {
      needs_counter_.note(model_, state, duration);
    }
    if (any_dark && job_.potential != nullptr) {
      add_potential(state, duration);
    }
  }

 private:
  void add(const Allocation* allocation) {
    const power::BackupModel& before = owner_->case_->model.facilities;
    power::BackupModel& now = model_.facilities;
    for (std::size_t i = 0; i < now.count(); ++i) {
      const Added added = allocation == nullptr ? Added::none : (*allocation)[i];
      const bool own = added == Added::none || owner_->facilities_->has_set[i] != 0;
      now.generator_kw[i] = own ? before.generator_kw[i] : owner_->facilities_->required_kw[i];
      now.phase_in_seconds[i] = own ? before.phase_in_seconds[i] : kAddedPhaseIn;
      now.fuel_hours[i] = own                            ? before.fuel_hours[i]
                          : added == Added::cogeneration ? kUnlimitedFuelHours
                                                         : kAddedFuelHours;
    }
  }

  void add_potential(const State& state, Seconds duration) {
    std::fill(node_cold_.begin(), node_cold_.end(), 0);
    std::fill(heat_cold_.begin(), heat_cold_.end(), 0);
    std::fill(water_dry_.begin(), water_dry_.end(), 0);
    constexpr unsigned kHeat = 1U << static_cast<unsigned>(Service::heat);
    constexpr unsigned kWater = 1U << static_cast<unsigned>(Service::water);
    const Downstream& downstream = owner_->downstream_;
    for (std::size_t u = 0; u < model_.units.count(); ++u) {
      const unsigned mask = state.ledger.mask[u];
      const std::uint32_t heat_node = model_.heat.block_node[model_.units.block[u]];
      if ((mask & kHeat) != 0 && heat_node != kNone) {
        node_cold_[heat_node] += model_.units.households[u];
        heat_cold_[downstream.network_of_heat_node[heat_node]] += model_.units.households[u];
      }
      const std::uint32_t water_node = model_.units.water_node[u];
      if ((mask & kWater) != 0 && water_node != kNone) {
        water_dry_[downstream.network_of_water_node[water_node]] += model_.units.households[u];
      }
    }
    for (std::size_t i = 0; i < model_.facilities.count(); ++i) {
      if (state.backup.powered[i] != 0) {
        continue;
      }
      const Reach& reach = downstream.of_facility[i];
      std::int64_t households = 0;
      households += reach.heat_node == kNone ? 0 : node_cold_[reach.heat_node];
      households += reach.heat_network == kNone ? 0 : heat_cold_[reach.heat_network];
      households += reach.water_network == kNone ? 0 : water_dry_[reach.water_network];
      (*job_.potential)[i] += households * duration;
    }
  }

  const Winters* owner_;
  Model model_;
  Workspace workspace_;
  State state_;
  Timeline timeline_;
  Outcome outcome_;
  random::TimelineScratch scratch_;
  NeedsCounter needs_counter_;
  Job job_;
  Winter* winter_ = nullptr;
  std::vector<std::int64_t> node_cold_, heat_cold_, water_dry_;
};

/// Lends a worker to one run over threads.
class Winters::Borrowed final : public montecarlo::Replicator {
 public:
  Borrowed(Worker& worker, std::span<const Job> jobs, std::vector<Winter>& results)
      : worker_(&worker), jobs_(jobs), results_(&results) {}
  void run(std::uint64_t job, montecarlo::Record& /*record*/) override {
    worker_->run(jobs_[job], (*results_)[job]);
  }

 private:
  Worker* worker_;
  std::span<const Job> jobs_;
  std::vector<Winter>* results_;
};

Winters::Winters(const montecarlo::Case& which, const Facilities& facilities, int threads,
                 const std::atomic<bool>* stop, Progress progress)
    : case_(&which),
      facilities_(&facilities),
      grouping_(grouping_of(facilities)),
      downstream_(downstream_of(which.model)),
      threads_(threads),
      stop_(stop),
      progress_(std::move(progress)) {}

Winters::~Winters() = default;

std::vector<Winter> Winters::run(std::span<const Job> jobs) {
  std::vector<Winter> results(jobs.size());
  if (jobs.empty()) {
    return results;
  }
  montecarlo::RunOptions options;
  options.replications = jobs.size();
  options.threads = threads_;
  options.failure_budget_share = 1.0;  // the caller counts them
  options.stop = stop_;
  if (progress_) {
    options.progress = [this](const montecarlo::Progress& now) { progress_(now.done, now.wanted); };
  }
  std::size_t lent = 0;
  montecarlo::Tally tally{montecarlo::Shape{}};
  const montecarlo::StopReason reason = montecarlo::run(
      tally,
      [&] {
        if (lent == workers_.size()) {
          workers_.push_back(std::make_unique<Worker>(*this));
        }
        return std::make_unique<Borrowed>(*workers_[lent++], jobs, results);
      },
      options);
  if (reason == montecarlo::StopReason::interrupted) {
    throw Stopped{};
  }
  for (const montecarlo::Failure& failure : tally.failures()) {
    results[failure.replication].failure = failure.what;
  }
  simulated_ += jobs.size();
  return results;
}

std::vector<Winter> Winters::as_they_are(std::uint64_t first, std::uint64_t count) {
  std::vector<Job> jobs(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    jobs[i].winter = first + i;
  }
  return run(jobs);
}

std::vector<Winter> Winters::with(const Allocation& allocation, std::uint64_t first,
                                  std::span<const Winter> as_they_are) {
  WG_EXPECT(allocation.size() == facilities_->count());
  std::vector<Winter> results(as_they_are.begin(), as_they_are.end());
  std::vector<Job> jobs;
  for (std::size_t w = 0; w < results.size(); ++w) {
    bool matters = false;
    for (std::size_t i = 0; i < allocation.size() && results[w].failure.empty(); ++i) {
      matters = matters || (allocation[i] != Added::none && results[w].grid_off[i] != 0);
    }
    if (matters) {
      jobs.push_back({first + w, &allocation});
    }
  }
  std::vector<Winter> again = run(jobs);
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    results[jobs[j].winter - first] = std::move(again[j]);
  }
  return results;
}

montecarlo::Values values_of(std::span<const Winter> winters, std::uint64_t first,
                             const std::function<double(const Winter&)>& value) {
  montecarlo::Values values;
  for (std::size_t w = 0; w < winters.size(); ++w) {
    if (winters[w].failure.empty()) {
      values.value.push_back(value(winters[w]));
      values.replication.push_back(first + w);
    }
  }
  return values;
}

}  // namespace wintergrid::generators
