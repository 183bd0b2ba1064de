#include "engine/plan/evaluator.hpp"

#include <algorithm>

#include "engine/montecarlo/runner.hpp"

namespace wintergrid::plan {
namespace {

constexpr double kAtOnceKmPerHour = 1e9;
constexpr std::uint32_t kPlenty = 60000;
constexpr std::uint32_t kMostCrews = 10000;  ///< of a type; crews have indices of 16 bits

/// Crews for every job that there can be at once, with as many as a job can use; no travel; spares
/// are plenty wherever one is in stock or comes within the horizon, so that no job takes another's.
Model relaxed_model(const Situation& situation, const std::vector<CountCauses>& causes) {
  Model model = situation.model();
  std::array<std::uint32_t, kCrewTypeCount> jobs{};
  const auto add = [&](ComponentId component) {
    ++jobs[static_cast<std::size_t>(crew_type_of(model.components.asset_class[component.index()]))];
  };
  for (const Damage& damage : situation.damage) {
    add(damage.component);
  }
  for (const CountCauses& count : causes) {
    for (const Cause& cause : count.causes) {
      add(cause.component);
    }
  }
  if (situation.scenario.campaign != "none") {  // strikes go on: anything may become a job
    for (std::size_t c = 0; c < model.components.count(); ++c) {
      ++jobs[static_cast<std::size_t>(crew_type_of(model.components.asset_class[c]))];
    }
  }
  for (std::size_t type = 0; type < kCrewTypeCount; ++type) {
    if (static_cast<CrewType>(type) == CrewType::plumbing) {
      continue;  // plumbers' pace is not a matter of the order
    }
    // Busy crews stay busy; mobile boilers take crews as well.
    model.recovery.crews[type] = static_cast<std::uint16_t>(std::min(
        kMostCrews, model.recovery.crews[type] +
                        (jobs[type] + 1) * std::uint32_t{model.recovery.team[type].maximum} +
                        static_cast<std::uint32_t>(model.heat.source_node.size())));
  }
  model.recovery.travel_km_per_h = kAtOnceKmPerHour;
  for (std::size_t spare = 0; spare < model.recovery.spare_stock.size(); ++spare) {
    if (model.recovery.spare_stock[spare] > 0 ||
        model.recovery.spare_resupply_seconds[spare] <= model.horizon) {
      model.recovery.spare_stock[spare] = kPlenty;
    }
  }
  return model;
}

std::unique_ptr<Model> model_for(const Situation& situation, const std::vector<CountCauses>& causes,
                                 Fidelity fidelity) {
  if (fidelity == Fidelity::full) {
    return nullptr;
  }
  auto model = std::make_unique<Model>(
      fidelity == Fidelity::relaxed ? relaxed_model(situation, causes) : situation.model());
  if (fidelity == Fidelity::coarse) {
    model->step = std::max(model->step, kCoarseStep);
  }
  return model;
}

}  // namespace

struct Evaluator::Worker {
  explicit Worker(const Model& model) : workspace(model) {}
  Workspace workspace;
  State state;
};

Evaluator::Evaluator(const Situation& situation, const std::vector<CountCauses>& causes,
                     std::uint64_t first, std::size_t count, int threads, Fidelity fidelity,
                     const std::atomic<bool>* interrupt)
    : situation_(&situation),
      own_model_(model_for(situation, causes, fidelity)),
      model_(own_model_ ? own_model_.get() : &situation.model()),
      threads_(montecarlo::threads_for(count, threads)),
      interrupt_(interrupt),
      futures_(count) {
  std::vector<std::unique_ptr<FutureMaker>> makers(static_cast<std::size_t>(threads_));
  for (auto& maker : makers) {
    maker = std::make_unique<FutureMaker>(situation, *model_, causes);
    workers_.push_back(std::make_unique<Worker>(*model_));
  }
  montecarlo::for_each_index(count, threads_, [&](std::size_t worker, std::size_t index) {
    if (!interrupted()) {
      makers[worker]->make(first + index, futures_[index]);
    }
  });
  if (interrupted()) {
    throw Interrupted{};
  }
}

Evaluator::~Evaluator() = default;

void Evaluator::run(std::span<Trial> trials) {
  montecarlo::for_each_index(trials.size(), threads_, [&](std::size_t worker, std::size_t index) {
    run_one(*workers_[worker], trials[index]);
  });
  if (interrupted()) {
    throw Interrupted{};
  }
  simulated_ += trials.size();
}

void Evaluator::run_one(Worker& worker, Trial& trial) const {
  const Future& future = futures_[trial.future];
  State& state = worker.state;
  state = future.start;
  make_room(*model_, state);
  for (recovery::Job& job : state.recovery.jobs) {
    const bool done = trial.only ? job.component == trial.never : job.component != trial.never;
    job.not_before = done ? job.not_before : kNever;
  }
  std::vector<Dispatch> notes;
  const NotedOrder noted(*trial.policy, notes);
  AdvanceOptions options;
  options.policy = trial.trace != nullptr ? &noted : trial.policy;
  const random::Draw draw(situation_->which->seed, future.replication);
  trial.loss = Loss{};
  std::array<std::int64_t, kServiceCount> before{};
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    before[s] = state.ledger.outcome.service[s].household_seconds_lost;
  }
  if (trial.trace != nullptr) {
    trial.trace->off.clear();
  }
  const Seconds step = std::max(model_->step, kSecondsPerHour);
  while (state.now < model_->horizon && !interrupted()) {
    const Seconds from = state.now;
    worker.workspace.advance(state, future.timeline, draw,
                             std::min(model_->horizon, (from / step + 1) * step), options);
    add_step(*model_, state, state.now - from, trial.loss);
    if (trial.trace != nullptr) {
      auto& off = trial.trace->off.emplace_back();
      for (std::size_t s = 0; s < kServiceCount; ++s) {
        off[s] = static_cast<std::uint32_t>(state.ledger.households_off[s]);
      }
    }
  }
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    trial.loss.hours[s] =
        hours_from_seconds(state.ledger.outcome.service[s].household_seconds_lost - before[s]);
  }
  if (trial.trace != nullptr) {
    trial.trace->dispatches = std::move(notes);
  }
}

}  // namespace wintergrid::plan
