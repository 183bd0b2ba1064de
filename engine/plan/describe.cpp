#include "engine/plan/describe.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>

#include "engine/random/draw.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::plan {
namespace {

constexpr std::size_t kFirst = 3;
constexpr std::size_t kResamples = 1000;
constexpr std::size_t kGainFutures = 8;
constexpr std::uint64_t kBootstrap = name_hash("plan.bootstrap");
constexpr std::size_t kReturnHours = 24;  ///< after a job is done

/// Order statistics, linear between them.
double quantile(const std::vector<double>& sorted, double probability) {
  const double at = probability * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (at - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

Band band_of(std::vector<double> values) {
  if (values.empty()) {
    return {};
  }
  std::sort(values.begin(), values.end());
  return {quantile(values, 0.1), quantile(values, 0.5), quantile(values, 0.9)};
}

CrewType type_of(const Model& model, ComponentId component) {
  return crew_type_of(model.components.asset_class[component.index()]);
}

const recovery::Job* job_in(const Future& future, ComponentId component) {
  const auto& jobs = future.start.recovery.jobs;
  const auto found = std::find_if(jobs.begin(), jobs.end(), [&](const recovery::Job& job) {
    return job.component == component;
  });
  return found == jobs.end() ? nullptr : &*found;
}

/// When and by whom the stage of one kind of a job is done in one future; null: not begun.
struct Stage {
  Seconds begins = 0, ends = 0;
};
std::optional<Stage> stage_of(const Future& future, const Trace& trace, ComponentId component,
                              bool restores) {
  const recovery::Job* job = job_in(future, component);
  if (job != nullptr && !recovery::is_waiting(*job) &&
      recovery::restores_supply(*job) == restores) {
    return Stage{job->stage_began, job->stage_ends};
  }
  for (const Dispatch& dispatch : trace.dispatches) {
    if (dispatch.component == component && dispatch.restores == restores) {
      return Stage{dispatch.begins, dispatch.ends};
    }
  }
  return std::nullopt;
}

StageTimes times_of(const Evaluator& judges, const std::vector<Trace>& traces,
                    ComponentId component, bool restores) {
  const Seconds now = judges.situation().now;
  std::vector<double> begins, ends;
  for (std::size_t f = 0; f < traces.size(); ++f) {
    if (const auto stage = stage_of(judges.futures()[f], traces[f], component, restores)) {
      begins.push_back(hours_from_seconds(stage->begins - now));
      ends.push_back(hours_from_seconds(stage->ends - now));
    }
  }
  StageTimes times;
  times.share = static_cast<double>(begins.size()) / static_cast<double>(traces.size());
  times.begins = band_of(std::move(begins));
  times.ends = band_of(std::move(ends));
  return times;
}

/// What is lost more if nobody ever does the job.
void find_gain(Evaluator& judges, const std::vector<Trace>& traces,
               const std::vector<Trial>& trials, const recovery::Policy& policy, PlannedJob& job) {
  const Weights& weights = judges.situation().weights;
  const std::size_t futures = gain_futures(judges);
  const auto n = static_cast<double>(futures);
  std::vector<Trial> without;
  std::vector<Trace> without_traces(futures);
  for (std::size_t f = 0; f < futures; ++f) {
    if (job_in(judges.futures()[f], job.component) == nullptr) {
      continue;
    }
    Trial& trial = without.emplace_back();
    trial.policy = &policy;
    trial.future = f;
    trial.never = job.component;
    trial.trace = &without_traces[f];
  }
  judges.run(without);
  montecarlo::Values with, left;
  for (std::size_t f = 0; f < futures; ++f) {
    for (montecarlo::Values* values : {&with, &left}) {
      values->replication.push_back(f);
      values->value.push_back(trials[f].loss.total(weights));
    }
  }
  for (const Trial& trial : without) {
    const std::size_t f = trial.future;
    left.value[f] = trial.loss.total(weights);
    for (std::size_t s = 0; s < kServiceCount; ++s) {
      job.saves_hours[s] += (trial.loss.hours[s] - trials[f].loss.hours[s]) / n;
    }
    const auto done = stage_of(judges.futures()[f], traces[f], job.component, true);
    if (!done) {
      continue;
    }
    const auto first = static_cast<std::size_t>(
        (done->ends - judges.situation().now + kSecondsPerHour - 1) / kSecondsPerHour);
    const std::size_t last = std::min(first + kReturnHours, traces[f].off.size());
    for (std::size_t h = first; h < last; ++h) {
      for (std::size_t s = 0; s < kServiceCount; ++s) {
        job.returned[s] += (static_cast<double>(without_traces[f].off[h][s]) -
                            static_cast<double>(traces[f].off[h][s])) /
                           static_cast<double>(last - first) / n;
      }
    }
  }
  job.saves = montecarlo::paired(left, with, 1);
}

/// The first jobs of the type in a list.
std::vector<ComponentId> first_of(const Model& model, const Order& order, CrewType type) {
  std::vector<ComponentId> first;
  for (const ComponentId component : order) {
    if (first.size() < kFirst && type_of(model, component) == type) {
      first.push_back(component);
    }
  }
  return first;
}

}  // namespace

std::size_t gain_futures(const Evaluator& judges) {
  return std::min(kGainFutures, judges.futures().size());
}

Order canonical(const Evaluator& evaluator, const Order& order) {
  const Model& model = evaluator.model();
  struct Slot {
    std::size_t wave, within;
    std::uint32_t households;
    ComponentId component;
    auto key() const { return std::make_tuple(wave, -std::int64_t{households}, within, component); }
  };
  std::array<std::size_t, kCrewTypeCount> seen{};
  std::vector<Slot> places;
  for (const ComponentId component : order) {
    const auto type = static_cast<std::size_t>(type_of(model, component));
    const std::size_t crews =
        std::max<std::size_t>(1, model.recovery.crews[type] /
                                     std::max<std::size_t>(1, model.recovery.team[type].maximum));
    const std::size_t within = seen[type]++;
    places.push_back({within / crews, within,
                      model.recovery.component_households[component.index()], component});
  }
  std::sort(places.begin(), places.end(),
            [](const Slot& a, const Slot& b) { return a.key() < b.key(); });
  // Within a type a wave keeps its order: crews choose by it, and travel differs.
  Order result;
  for (const Slot& place : places) {
    result.push_back(place.component);
  }
  std::array<std::vector<ComponentId>, kCrewTypeCount> of_type;
  for (const ComponentId component : order) {
    of_type[static_cast<std::size_t>(type_of(model, component))].push_back(component);
  }
  std::array<std::size_t, kCrewTypeCount> next{};
  for (ComponentId& component : result) {
    const auto type = static_cast<std::size_t>(type_of(model, component));
    component = of_type[type][next[type]++];
  }
  return result;
}

std::array<std::vector<Band>, kServiceCount> bands_by_hour(const std::vector<Trace>& traces) {
  std::array<std::vector<Band>, kServiceCount> bands;
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    for (std::size_t h = 0; h < traces.front().off.size(); ++h) {
      std::vector<double> values;
      for (const Trace& trace : traces) {
        values.push_back(trace.off[h][s]);
      }
      bands[s].push_back(band_of(std::move(values)));
    }
  }
  return bands;
}

void describe_jobs(Evaluator& judges, const std::vector<Trace>& traces,
                   const std::vector<Trial>& trials, const recovery::Policy& policy, Plan& plan) {
  const Situation& situation = judges.situation();
  const auto n = static_cast<double>(traces.size());
  for (std::size_t i = 0; i < plan.order.size(); ++i) {
    PlannedJob& job = plan.jobs.emplace_back();
    job.component = plan.order[i];
    job.position = i + 1;
    double jobs = 0.0, damaged = 0.0;
    for (const Future& future : judges.futures()) {
      jobs += job_in(future, job.component) != nullptr ? 1.0 : 0.0;
      damaged += future.start.damage[job.component.index()] != DamageState::none ? 1.0 : 0.0;
    }
    job.probability = jobs / n;
    job.damaged = damaged / n;
    job.under_way =
        std::any_of(situation.under_way.begin(), situation.under_way.end(),
                    [&](const UnderWay& work) { return work.component == job.component; });
    job.restoring = times_of(judges, traces, job.component, true);
    job.permanent = times_of(judges, traces, job.component, false);
    find_gain(judges, traces, trials, policy, job);
  }
  // The future whose loss is the median (the lower of two).
  std::vector<std::pair<double, std::size_t>> by_loss;
  for (std::size_t f = 0; f < trials.size(); ++f) {
    by_loss.emplace_back(trials[f].loss.total(situation.weights), f);
  }
  std::sort(by_loss.begin(), by_loss.end());
  const std::size_t median = by_loss[(by_loss.size() - 1) / 2].second;
  plan.median_future = judges.futures()[median].replication;
  for (const recovery::Job& job : judges.futures()[median].start.recovery.jobs) {
    if (!recovery::is_waiting(job)) {
      Dispatch under_way{
          job.component, job.crew,      recovery::restores_supply(job), 0, job.crews, situation.now,
          situation.now, job.stage_ends};
      std::uint16_t first = job.crew_index;
      for (std::size_t type = 0; type < static_cast<std::size_t>(job.crew); ++type) {
        first = static_cast<std::uint16_t>(first - judges.model().recovery.crews[type]);
        for (const recovery::Reinforcement& more : judges.model().recovery.reinforcements) {
          first = static_cast<std::uint16_t>(
              first - (static_cast<std::size_t>(more.type) == type ? more.crews : 0U));
        }
      }
      under_way.crew = first;
      plan.visits.push_back({under_way, job.component});
    }
  }
  for (const Dispatch& dispatch : traces[median].dispatches) {
    plan.visits.push_back({dispatch, dispatch.component});
  }
  std::stable_sort(plan.visits.begin(), plan.visits.end(), [](const Visit& a, const Visit& b) {
    return std::make_tuple(a.dispatch.type, a.dispatch.crew, a.dispatch.sets_out) <
           std::make_tuple(b.dispatch.type, b.dispatch.crew, b.dispatch.sets_out);
  });
}

void robustness(const Situation& situation, Plan& plan) {
  const Model& model = situation.model();
  const std::vector<Candidate>& pool = plan.search.candidates;
  const std::size_t futures = pool.front().loss.size();
  const random::Draw draw(situation.which->seed, 0);
  std::array<std::vector<ComponentId>, kCrewTypeCount> first;
  for (std::size_t type = 0; type < kCrewTypeCount; ++type) {
    first[type] = first_of(model, plan.order, static_cast<CrewType>(type));
  }
  std::map<ComponentId, std::size_t> stays;
  std::vector<double> weight(futures);
  for (std::size_t b = 0; b < kResamples; ++b) {
    std::fill(weight.begin(), weight.end(), 0.0);
    for (std::size_t i = 0; i < futures; ++i) {
      const double u = draw.uniform(
          {kBootstrap, Purpose::policy_tie, static_cast<std::uint32_t>(b * futures + i)});
      weight[std::min(futures - 1, static_cast<std::size_t>(u * static_cast<double>(futures)))] +=
          1;
    }
    const Candidate* best = nullptr;
    double least = 0.0;
    for (const Candidate& candidate : pool) {
      double loss = 0.0;
      for (std::size_t f = 0; f < futures; ++f) {
        loss += weight[f] * candidate.loss[f];
      }
      if (best == nullptr || loss < least) {
        best = &candidate;
        least = loss;
      }
    }
    for (std::size_t type = 0; type < kCrewTypeCount; ++type) {
      const std::vector<ComponentId> theirs =
          first_of(model, best->order, static_cast<CrewType>(type));
      for (const ComponentId component : first[type]) {
        // Where there are crews for all at once, all are first.
        stays[component] += !plan.search.contested[type] || std::find(theirs.begin(), theirs.end(),
                                                                      component) != theirs.end()
                                ? 1U
                                : 0U;
      }
    }
  }
  for (PlannedJob& job : plan.jobs) {
    const auto found = stays.find(job.component);
    job.first_three = found != stays.end();
    job.stays_first_three =
        job.first_three ? static_cast<double>(found->second) / static_cast<double>(kResamples)
                        : 0.0;
  }
}

void describe_counts(const Evaluator& judges, const std::vector<CountCauses>& causes, Plan& plan) {
  for (std::size_t i = 0; i < judges.situation().counts.size(); ++i) {
    std::vector<double> counted, inside;
    for (const Future& future : judges.futures()) {
      counted.push_back(static_cast<double>(future.counted[i]));
      inside.push_back(static_cast<double>(future.inside[i]));
    }
    plan.counted.push_back(band_of(std::move(counted)));
    plan.inside.push_back(band_of(std::move(inside)));
    auto& shares = plan.explained.emplace_back();
    for (const Cause& cause : causes[i].causes) {
      double hits = 0.0;
      for (const Future& future : judges.futures()) {
        hits += job_in(future, cause.component) != nullptr ? 1.0 : 0.0;
      }
      shares.emplace_back(cause.component, hits / static_cast<double>(judges.futures().size()));
    }
  }
}

}  // namespace wintergrid::plan
