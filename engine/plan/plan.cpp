#include "engine/plan/plan.hpp"

#include <algorithm>
#include <memory>

#include "engine/plan/describe.hpp"
#include "grid_models/core/contract.hpp"

namespace wintergrid::plan {
namespace {

constexpr std::uint64_t kJudgesPerFuture = 2;
constexpr std::uint64_t kOrdersJudged = 6;  ///< plan, first come, best policy, bound, both moves

montecarlo::Values values_of(const std::vector<double>& value) {
  montecarlo::Values values;
  values.value = value;
  for (std::size_t i = 0; i < value.size(); ++i) {
    values.replication.push_back(i);
  }
  return values;
}

/// One order in every future.
std::vector<Trial> simulate_all(Evaluator& evaluator, const recovery::Policy& policy,
                                std::vector<Trace>* traces, ComponentId never = {}) {
  std::vector<Trial> trials(evaluator.futures().size());
  if (traces != nullptr) {
    traces->resize(trials.size());
  }
  for (std::size_t f = 0; f < trials.size(); ++f) {
    trials[f].policy = &policy;
    trials[f].future = f;
    trials[f].never = never;
    trials[f].trace = traces != nullptr ? &(*traces)[f] : nullptr;
  }
  evaluator.run(trials);
  return trials;
}

Judged judge(std::string name, const std::vector<Trial>& trials, const Weights& weights) {
  Judged judged;
  judged.name = std::move(name);
  const auto n = static_cast<double>(trials.size());
  for (const Trial& trial : trials) {
    judged.loss.push_back(trial.loss.total(weights));
    for (std::size_t s = 0; s < kServiceCount; ++s) {
      judged.hours[s] += trial.loss.hours[s] / n;
      judged.beyond_24h[s] += trial.loss.beyond_24h[s] / n;
    }
    judged.degree_hours += trial.loss.degree_hours / n;
  }
  judged.total = montecarlo::estimate(judged.loss, 1);
  return judged;
}

montecarlo::Paired difference(const Judged& a, const Judged& b) {
  return montecarlo::paired(values_of(a.loss), values_of(b.loss), 1);
}

class Planner {
 public:
  Planner(const Situation& situation, const PlanOptions& options)
      : situation_(situation),
        options_(options),
        causes_(FutureMaker::find_causes(situation)),
        judges_(situation, causes_, options.futures, kJudgesPerFuture * options.futures,
                options.threads, Fidelity::full, options.interrupt) {}

  Plan run() {
    find_order();
    judge_all();
    bound();
    move();
    describe_jobs(judges_, traces_, plan_trials_, policy(), plan_);
    robustness(situation_, plan_);
    describe_counts(judges_, causes_, plan_);
    plan_.simulated = plan_.search.simulated + judges_.simulated() + bound_simulated_;
    plan_.futures_judged = judges_.futures().size();
    return std::move(plan_);
  }

 private:
  const recovery::Policy& policy() const {
    return rule_ != nullptr ? *rule_ : static_cast<const recovery::Policy&>(*list_);
  }

  void find_order() {
    Evaluator evaluator(situation_, causes_, 0, options_.futures, options_.threads,
                        Fidelity::coarse, options_.interrupt);
    work_ = estimated_work(evaluator);
    const std::uint64_t afterwards =
        kOrdersJudged * judges_.futures().size() + jobs_of(judges_).size() * gain_futures(judges_);
    plan_.search =
        search(evaluator, {options_.budget, [&](std::uint64_t simulated) {
                             return options_.stop && options_.stop(simulated, afterwards);
                           }});
    const SearchResult& found = plan_.search;
    plan_.order = canonical(evaluator, found.candidates.front().order);
    list_ = std::make_unique<ListOrder>(plan_.order, situation_.model().components.count());
    plan_.rule = "list";
    best_policy_ = std::min_element(
                       found.policies.begin(), found.policies.end(),
                       [](const PolicyResult& a, const PolicyResult& b) { return a.loss < b.loss; })
                       ->kind;
    const auto best = std::find_if(found.policies.begin(), found.policies.end(),
                                   [&](const PolicyResult& p) { return p.kind == best_policy_; });
    if (best->loss < found.candidates.front().mean) {
      // It sees what is already back; a list does not.
      rule_ = std::make_unique<EstimatedOrder>(recovery::policy(best_policy_), work_);
      plan_.rule = std::string(recovery::to_text(best_policy_));
      plan_.order = canonical(evaluator, best->order);
      list_ = std::make_unique<ListOrder>(plan_.order, situation_.model().components.count());
    }
  }

  void judge_all() {
    const Weights& weights = situation_.weights;
    plan_trials_ = simulate_all(judges_, policy(), &traces_);
    plan_.judged.push_back(judge("plan", plan_trials_, weights));
    std::vector<Trace> first_come;
    plan_.judged.push_back(judge(
        "first_come",
        simulate_all(judges_, recovery::policy(recovery::PolicyKind::first_come), &first_come),
        weights));
    plan_.judged.push_back(
        judge("best_policy",
              simulate_all(judges_, EstimatedOrder(recovery::policy(best_policy_), work_), nullptr),
              weights));
    plan_.saving = difference(plan_.judged[1], plan_.judged[0]);
    plan_.policy_saving = difference(plan_.judged[2], plan_.judged[0]);
    plan_.off_plan = bands_by_hour(traces_);
    plan_.off_first_come = bands_by_hour(first_come);
  }

  void bound() {
    Evaluator relaxed(situation_, causes_, options_.futures, kJudgesPerFuture * options_.futures,
                      options_.threads, Fidelity::relaxed, options_.interrupt);
    const Judged bound =
        judge("lower_bound", simulate_all(relaxed, policy(), nullptr), situation_.weights);
    for (std::size_t f = 0; f < bound.loss.size(); ++f) {
      const double plan = plan_.judged.front().loss[f];
      if (plan < bound.loss[f] * (1.0 - 1e-12)) {
        ++plan_.bound_undercut;
        plan_.bound_undercut_share =
            std::max(plan_.bound_undercut_share, 1.0 - plan / bound.loss[f]);
      }
    }
    bound_simulated_ = relaxed.simulated();
    plan_.judged.push_back(bound);
  }

  void move() {
    if (!options_.move) {
      return;
    }
    const Order order = moved(plan_.order, options_.move->first, options_.move->second);
    const ListOrder list(order, situation_.model().components.count());
    const std::vector<Trial> trials = simulate_all(judges_, list, nullptr);
    plan_.moved = judge("moved", trials, situation_.weights);
    // Against the same list before the move, also where the plan is a rule: what the rule is better
    // than its list is no cost of the move.
    const std::vector<Trial> unmoved =
        rule_ != nullptr ? simulate_all(judges_, *list_, nullptr) : plan_trials_;
    plan_.move_cost = difference(*plan_.moved, judge("unmoved", unmoved, situation_.weights));
    for (std::size_t s = 0; s < kServiceCount; ++s) {
      std::vector<double> moved_hours, plan_hours;
      for (std::size_t f = 0; f < trials.size(); ++f) {
        moved_hours.push_back(trials[f].loss.hours[s]);
        plan_hours.push_back(unmoved[f].loss.hours[s]);
      }
      plan_.move_cost_hours[s] =
          montecarlo::paired(values_of(moved_hours), values_of(plan_hours), 1);
    }
  }

  const Situation& situation_;
  const PlanOptions& options_;
  std::vector<CountCauses> causes_;
  Evaluator judges_;
  std::unique_ptr<ListOrder> list_;
  std::vector<recovery::RepairWork> work_;
  std::unique_ptr<EstimatedOrder> rule_;  ///< null: the list
  recovery::PolicyKind best_policy_{};
  std::vector<Trial> plan_trials_;
  std::vector<Trace> traces_;  ///< of the plan
  std::uint64_t bound_simulated_ = 0;
  Plan plan_;
};

}  // namespace

const Judged& Plan::of(std::string_view name) const {
  const auto found = std::find_if(judged.begin(), judged.end(),
                                  [&](const Judged& one) { return one.name == name; });
  WG_CHECK(found != judged.end(), "an order that was judged");
  return *found;
}

Plan make_plan(const Situation& situation, const PlanOptions& options) {
  return Planner(situation, options).run();
}

}  // namespace wintergrid::plan
