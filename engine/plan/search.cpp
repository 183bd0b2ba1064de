// Racing: after k futures the mean paired difference m and its standard error s decide; a candidate
// is dropped when m - s > 0 (Hoos, Stuetzle, Stochastic Local Search, 2004; races after Maron and
// Moore, Artificial Intelligence Review 11, 1997). The saving of what is chosen is estimated on
// other futures, so a lucky choice does not flatter it.

#include "engine/plan/search.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numeric>
#include <set>

#include "engine/random/draw.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::plan {
namespace {

constexpr std::size_t kTogether = 16;  ///< candidates of a round; a constant of the method
constexpr std::size_t kGainFutures = 4;
constexpr std::size_t kFirstBlock = 4;  ///< futures of a race's first block; doubled each time
constexpr std::uint64_t kMoves = name_hash("plan.moves");

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// A race of one candidate against the best.
struct Race {
  Order order;
  std::unique_ptr<ListOrder> policy;
  std::vector<double> loss;
  bool running = true;
};

class Search {
 public:
  Search(Evaluator& evaluator, const SearchOptions& options)
      : evaluator_(evaluator),
        options_(options),
        weights_(evaluator.situation().weights),
        futures_(evaluator.futures().size()),
        draw_(evaluator.situation().which->seed, 0) {}

  SearchResult run() {
    jobs_ = jobs_of(evaluator_);
    work_ = estimated_work(evaluator_);
    find_competition();
    try_policies();
    try_gains();
    improve();
    std::stable_sort(result_.candidates.begin(), result_.candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.mean < b.mean; });
    result_.simulated = simulated_;
    return std::move(result_);
  }

 private:
  bool may_go_on(std::uint64_t futures) {
    result_.stopped = result_.stopped || (options_.stop && options_.stop(simulated_));
    return !result_.stopped && simulated_ + futures <= options_.budget;
  }

  /// Order matters only among jobs of a type that are more than its crews in some future.
  void find_competition() {
    const Model& model = evaluator_.model();
    for (const Future& future : evaluator_.futures()) {
      std::array<std::size_t, kCrewTypeCount> open{};
      for (const recovery::Job& job : future.start.recovery.jobs) {
        ++open[static_cast<std::size_t>(job.crew)];
      }
      for (std::size_t type = 0; type < kCrewTypeCount; ++type) {
        const std::size_t at_once = std::size_t{model.recovery.crews[type]} /
                                    std::max<std::size_t>(1, model.recovery.team[type].maximum);
        result_.contested[type] = result_.contested[type] || open[type] > at_once;
      }
    }
  }

  std::size_t type_of(ComponentId component) const {
    return static_cast<std::size_t>(
        crew_type_of(evaluator_.model().components.asset_class[component.index()]));
  }

  void simulate(std::vector<Trial>& trials) {
    evaluator_.run(trials);
    simulated_ += trials.size();
  }

  std::vector<double> losses_of(const recovery::Policy& policy, std::vector<Trace>* traces) {
    std::vector<Trial> trials(futures_);
    for (std::size_t f = 0; f < futures_; ++f) {
      trials[f].policy = &policy;
      trials[f].future = f;
      trials[f].trace = traces != nullptr ? &(*traces)[f] : nullptr;
    }
    simulate(trials);
    std::vector<double> loss;
    for (const Trial& trial : trials) {
      loss.push_back(trial.loss.total(weights_));
    }
    return loss;
  }

  /// Jobs by the mean place at which crews set out to them first; those never begun last.
  Order order_of(const std::vector<Trace>& traces) const {
    std::map<ComponentId, std::pair<double, double>> place;  // sum, count
    for (const Trace& trace : traces) {
      std::set<ComponentId> seen;
      for (const Dispatch& dispatch : trace.dispatches) {
        if (seen.insert(dispatch.component).second) {
          place[dispatch.component].first += static_cast<double>(seen.size());
          place[dispatch.component].second += 1.0;
        }
      }
    }
    const auto key = [&](ComponentId job) {
      const auto found = place.find(job);
      return found == place.end() ? 1e300 : found->second.first / found->second.second;
    };
    Order order = jobs_;
    std::stable_sort(order.begin(), order.end(),
                     [&](ComponentId a, ComponentId b) { return key(a) < key(b); });
    return order;
  }

  void try_policies() {
    for (std::size_t i = 0; i < recovery::kPolicyCount; ++i) {
      const auto kind = static_cast<recovery::PolicyKind>(i);
      if (kind == recovery::PolicyKind::priority_list &&
          evaluator_.situation().scenario.priority_list.empty()) {
        continue;
      }
      // The first two always: a plan, and what it is compared with.
      if (result_.policies.size() >= 2 && !may_go_on(2 * futures_)) {
        return;
      }
      std::vector<Trace> traces(futures_);
      PolicyResult& policy = result_.policies.emplace_back();
      policy.kind = kind;
      policy.loss = mean_of(losses_of(EstimatedOrder(recovery::policy(kind), work_), &traces));
      policy.order = order_of(traces);
      policy.order_loss = keep(policy.order);
    }
  }

  /// The order of what each job alone would save per second of the crew's work, in some futures.
  void try_gains() {
    const std::size_t futures = std::min(kGainFutures, futures_);
    if (!may_go_on((jobs_.size() + 1) * futures + futures_)) {
      return;
    }
    const ListOrder any(jobs_, evaluator_.model().components.count());
    std::vector<Trial> trials((jobs_.size() + 1) * futures);
    for (std::size_t t = 0; t < trials.size(); ++t) {
      trials[t].policy = &any;
      trials[t].future = t % futures;
      trials[t].only = true;
      trials[t].never = t < futures ? ComponentId{} : jobs_[t / futures - 1];
    }
    simulate(trials);
    std::map<ComponentId, double> gain_per_second;
    for (std::size_t t = futures; t < trials.size(); ++t) {
      const recovery::RepairWork& work = work_[trials[t].never.index()];
      const Seconds first =
          work.temporary_seconds > 0 ? work.temporary_seconds : work.permanent_seconds;
      gain_per_second[trials[t].never] +=
          (trials[t % futures].loss.total(weights_) - trials[t].loss.total(weights_)) /
          static_cast<double>(std::max<Seconds>(1, first));
    }
    Order order = jobs_;
    std::stable_sort(order.begin(), order.end(), [&](ComponentId a, ComponentId b) {
      return gain_per_second[a] > gain_per_second[b];
    });
    keep(order);
  }

  /// Simulates a list in every future; its mean loss.
  double keep(const Order& order) {
    const auto known =
        std::find_if(result_.candidates.begin(), result_.candidates.end(),
                     [&](const Candidate& candidate) { return candidate.order == order; });
    if (known != result_.candidates.end()) {
      return known->mean;
    }
    const ListOrder list(order, evaluator_.model().components.count());
    Candidate candidate;
    candidate.order = order;
    candidate.loss = losses_of(list, nullptr);
    candidate.mean = mean_of(candidate.loss);
    return add(std::move(candidate));
  }

  double add(Candidate candidate) {
    const double mean = candidate.mean;
    auto& all = result_.candidates;
    all.push_back(std::move(candidate));
    if (all.size() > kMostKept) {
      all.erase(
          std::max_element(all.begin(), all.end(),
                           [](const Candidate& a, const Candidate& b) { return a.mean < b.mean; }));
    }
    return mean;
  }

  /// All lists one move away, in random order.
  std::vector<Order> neighbours(const Order& order) {
    std::vector<Order> all;
    for (std::size_t type = 0; type < kCrewTypeCount; ++type) {
      if (!result_.contested[type]) {
        continue;
      }
      std::vector<std::size_t> at;  // places in the list of the type's jobs
      for (std::size_t i = 0; i < order.size(); ++i) {
        if (type_of(order[i]) == type) {
          at.push_back(i);
        }
      }
      for (std::size_t from = 0; from < at.size(); ++from) {
        for (std::size_t to = 0; to < at.size(); ++to) {
          if (from != to) {
            all.push_back(moved(order, order[at[from]], at[to]));
          }
          if (from + 1 < to) {  // neighbours swapped are an insertion
            Order swapped = order;
            std::swap(swapped[at[from]], swapped[at[to]]);
            all.push_back(std::move(swapped));
          }
        }
      }
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    for (std::size_t i = all.size(); i > 1; --i) {
      const double u = draw_.uniform({kMoves, Purpose::policy_tie, shuffles_++});
      std::swap(all[i - 1],
                all[std::min(i - 1, static_cast<std::size_t>(u * static_cast<double>(i)))]);
    }
    return all;
  }

  void improve() {
    Candidate best =
        *std::min_element(result_.candidates.begin(), result_.candidates.end(),
                          [](const Candidate& a, const Candidate& b) { return a.mean < b.mean; });
    bool improved = true;
    while (improved) {
      improved = false;
      const std::vector<Order> near = neighbours(best.order);
      for (std::size_t first = 0; first < near.size(); first += kTogether) {
        if (!may_go_on(kTogether * kFirstBlock)) {
          return;
        }
        const std::size_t last = std::min(first + kTogether, near.size());
        if (race({near.begin() + static_cast<std::ptrdiff_t>(first),
                  near.begin() + static_cast<std::ptrdiff_t>(last)},
                 best)) {
          improved = true;
          break;
        }
      }
    }
    result_.local_best = true;
  }

  /// True if one of the orders is better than the best, which it then replaces.
  bool race(const std::vector<Order>& orders, Candidate& best) {
    std::vector<Race> races;
    for (const Order& order : orders) {
      if (std::none_of(result_.candidates.begin(), result_.candidates.end(),
                       [&](const Candidate& known) { return known.order == order; })) {
        Race& race = races.emplace_back();
        race.order = order;
        race.policy = std::make_unique<ListOrder>(order, evaluator_.model().components.count());
        ++result_.moves_tried;
      }
    }
    for (std::size_t done = 0, block = kFirstBlock; done < futures_; done += block, block = done) {
      block = std::min(block, futures_ - done);
      std::vector<Trial> trials;
      std::vector<std::size_t> of;
      for (std::size_t r = 0; r < races.size(); ++r) {
        for (std::size_t f = done; races[r].running && f < done + block; ++f) {
          Trial& trial = trials.emplace_back();
          trial.policy = races[r].policy.get();
          trial.future = f;
          of.push_back(r);
        }
      }
      simulate(trials);
      for (std::size_t t = 0; t < trials.size(); ++t) {
        races[of[t]].loss.push_back(trials[t].loss.total(weights_));
      }
      for (Race& race : races) {
        race.running = race.running && still_possible(race.loss, best.loss);
      }
    }
    bool better = false;
    for (Race& race : races) {
      if (race.loss.size() < futures_) {
        continue;
      }
      Candidate candidate{race.order, race.loss, mean_of(race.loss)};
      if (candidate.mean < best.mean) {
        best = candidate;
        better = true;
      }
      add(std::move(candidate));
    }
    result_.moves_taken += better ? 1 : 0;
    return better;
  }

  static bool still_possible(const std::vector<double>& loss, const std::vector<double>& best) {
    const auto n = static_cast<double>(loss.size());
    double sum = 0.0, squares = 0.0;
    for (std::size_t i = 0; i < loss.size(); ++i) {
      const double difference = loss[i] - best[i];
      sum += difference;
      squares += difference * difference;
    }
    const double mean = sum / n;
    const double variance = std::max(0.0, squares / n - mean * mean) / std::max(1.0, n - 1.0);
    return mean - std::sqrt(variance) < 0.0;  // exactly equal ones drop out too
  }

  Evaluator& evaluator_;
  const SearchOptions& options_;
  Weights weights_;
  std::size_t futures_;
  random::Draw draw_;
  std::uint32_t shuffles_ = 0;
  std::uint64_t simulated_ = 0;
  std::vector<ComponentId> jobs_;
  std::vector<recovery::RepairWork> work_;
  SearchResult result_;
};

}  // namespace

std::vector<recovery::RepairWork> estimated_work(const Evaluator& evaluator) {
  const std::size_t components = evaluator.model().components.count();
  std::vector<std::vector<Seconds>> temporary(components), permanent(components);
  for (const Future& future : evaluator.futures()) {
    for (const recovery::Job& job : future.start.recovery.jobs) {
      temporary[job.component.index()].push_back(job.work.temporary_seconds);
      permanent[job.component.index()].push_back(job.work.permanent_seconds);
    }
  }
  // Of those that are needed at all; the upper of two.
  const auto median = [](std::vector<Seconds>& all) {
    std::erase(all, 0);
    std::sort(all.begin(), all.end());
    return all.empty() ? Seconds{0} : all[all.size() / 2];
  };
  std::vector<recovery::RepairWork> work(components);
  for (std::size_t c = 0; c < components; ++c) {
    work[c].temporary_seconds = median(temporary[c]);
    work[c].permanent_seconds = median(permanent[c]);
  }
  return work;
}

std::vector<ComponentId> jobs_of(const Evaluator& evaluator) {
  std::set<ComponentId> jobs;
  for (const Future& future : evaluator.futures()) {
    for (const recovery::Job& job : future.start.recovery.jobs) {
      jobs.insert(job.component);
    }
  }
  return {jobs.begin(), jobs.end()};
}

SearchResult search(Evaluator& evaluator, const SearchOptions& options) {
  return Search(evaluator, options).run();
}

Order moved(const Order& order, ComponentId job, std::size_t position) {
  Order result = order;
  std::erase(result, job);
  position = std::min(position, result.size());
  result.insert(result.begin() + static_cast<std::ptrdiff_t>(position), job);
  return result;
}

}  // namespace wintergrid::plan
