// Allocation of a stock of sets.
//
// L_w(A): household-seconds without power, heat and water in winter w when the facilities of A have
// a set. Wanted: A that a stock can serve with the least sum_w L_w(A). Sets are nested (a larger
// one can do what a smaller one can), so what can be served is a matroid. Savings are not
// submodular: a boiler house without its heating point saves nothing, nor does it the other way.
// Therefore elements are single facilities and bundles, taken by saving per set, each re-evaluated
// when it comes to the top (lazy greedy, Minoux 1978) though an old value is no bound here; then
// one-for-one swaps while they help.
//
// L_w(A + e) = L_w(A), to the bit, where no facility of e loses its grid supply in w: only the
// other winters are simulated. Whether grid supply is lost may depend on A (electric heaters in
// cold flats), so it is looked up in the winter under A.

#include "engine/generators/allocate.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/generators/prospects.hpp"

namespace wintergrid::generators {
namespace {

/// Elements evaluated together: a constant of the method, so that results do not depend on threads.
constexpr std::size_t kTogether = 4;

/// Results of the winters that differ between what is chosen and `served`.
struct Trial {
  Members served;
  std::vector<std::size_t> winter;
  std::vector<Winter> result;
  std::int64_t gain = 0;
};

struct Element {
  Members members;
  std::int64_t gain = 0;  ///< when it was last evaluated
  bool fresh = false;     ///< then `trial` holds what choosing it now gives
  Trial trial;
};

class Search {
 public:
  Search(Winters& winters, std::span<const StockItem> stock, std::uint64_t first,
         std::uint64_t count, const SearchLimits& limits)
      : winters_(winters),
        facilities_(winters.facilities()),
        stock_(stock),
        first_(first),
        limits_(limits),
        prospects_(look_for_prospects(winters, first, count)),
        now_(prospects_.without) {}

  Chosen run() {
    make_elements();
    grow();
    swap();
    chosen_.for_households = chosen_.served.size();
    for (std::size_t w = 0; w < now_.size(); ++w) {
      chosen_.saved_seconds += prospects_.without[w].all_lost() - now_[w].all_lost();
    }
    hand_out_the_rest();
    chosen_.simulations = simulations_;
    return std::move(chosen_);
  }

 private:
  bool candidate(std::size_t i) const { return is_candidate(prospects_, facilities_, stock_, i); }

  void make_elements() {
    for (Members& members :
         promising(winters_, prospects_, stock_, limits_.singles, limits_.bundles)) {
      elements_.push_back({std::move(members), 0, false, {}});
    }
    evaluate_all();
  }

  Members with(const Members& more, std::uint32_t less = kNone) const {
    Members all;
    for (const std::uint32_t i : chosen_.served) {
      if (i != less) {
        all.push_back(i);
      }
    }
    for (const std::uint32_t i : more) {
      if (std::find(all.begin(), all.end(), i) == all.end()) {
        all.push_back(i);
      }
    }
    return all;
  }

  /// Simulates them all at once.
  void evaluate(std::vector<Trial>& trials) {
    std::vector<Allocation> allocations;
    allocations.reserve(trials.size());  // jobs point into it
    std::vector<Job> jobs;
    std::vector<bool> before(facilities_.count(), false);
    for (const std::uint32_t i : chosen_.served) {
      before[i] = true;
    }
    for (Trial& trial : trials) {
      allocations.push_back(allocation_of(facilities_, trial.served));
      for (std::size_t w = 0; w < now_.size(); ++w) {
        bool matters = false;
        for (std::size_t i = 0; i < facilities_.count() && now_[w].failure.empty(); ++i) {
          matters = matters || (now_[w].grid_off[i] != 0 &&
                                before[i] != (allocations.back()[i] != Added::none));
        }
        if (matters) {
          trial.winter.push_back(w);
          jobs.push_back({first_ + w, &allocations.back()});
        }
      }
    }
    std::vector<Winter> results = winters_.run(jobs);
    simulations_ += jobs.size();
    std::size_t next = 0;
    for (Trial& trial : trials) {
      for (const std::size_t w : trial.winter) {
        if (results[next].failure.empty()) {
          trial.gain += now_[w].all_lost() - results[next].all_lost();
        }
        trial.result.push_back(std::move(results[next++]));
      }
    }
  }

  void accept(Trial& trial) {
    for (std::size_t k = 0; k < trial.winter.size(); ++k) {
      if (trial.result[k].failure.empty()) {
        now_[trial.winter[k]] = std::move(trial.result[k]);
      }
    }
    chosen_.served = std::move(trial.served);
  }

  /// Of elements by place.
  void evaluate_elements(std::span<const std::size_t> places) {
    std::vector<Trial> trials;
    for (const std::size_t e : places) {
      trials.push_back({with(elements_[e].members), {}, {}, 0});
    }
    evaluate(trials);
    for (std::size_t k = 0; k < places.size(); ++k) {
      Element& element = elements_[places[k]];
      element.trial = std::move(trials[k]);
      element.gain = element.trial.gain;
      element.fresh = true;
    }
  }

  void evaluate_all() {
    std::vector<std::size_t> places(elements_.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    constexpr std::size_t kAtOnce = 64;
    for (std::size_t begin = 0; begin < places.size(); begin += kAtOnce) {
      evaluate_elements(std::span(places).subspan(begin, std::min(kAtOnce, places.size() - begin)));
      if (simulations_ > limits_.simulations / 2 && begin + kAtOnce < places.size()) {
        elements_.resize(begin + kAtOnce);  // the most promising singles come first
        chosen_.out_of_budget = true;
        return;
      }
    }
  }

  /// More per set; ties keep their order.
  static bool better(const Element& a, const Element& b) {
    const auto per_set = [](const Element& element) {
      return static_cast<double>(element.gain) / static_cast<double>(element.members.size());
    };
    return per_set(a) > per_set(b);
  }

  void drop_what_cannot_be_added() {
    for (Element& element : elements_) {
      const std::size_t before = element.members.size();
      std::erase_if(element.members, [this](std::uint32_t i) {
        return std::find(chosen_.served.begin(), chosen_.served.end(), i) != chosen_.served.end();
      });
      element.fresh = element.fresh && element.members.size() == before;
    }
    std::erase_if(elements_, [this](const Element& element) {
      return element.members.empty() || !can_serve(stock_, facilities_, with(element.members));
    });
  }

  void grow() {
    while (true) {
      drop_what_cannot_be_added();
      std::stable_sort(elements_.begin(), elements_.end(), better);
      if (elements_.empty() || elements_.front().gain <= 0) {
        return;
      }
      std::vector<std::size_t> stale;
      for (std::size_t e = 0; e < elements_.size() && stale.size() < kTogether; ++e) {
        if (!elements_[e].fresh) {
          stale.push_back(e);
        }
      }
      chosen_.out_of_budget = chosen_.out_of_budget || simulations_ > limits_.simulations;
      const bool top_is_fresh = elements_.front().fresh;
      if (!top_is_fresh && !chosen_.out_of_budget) {
        evaluate_elements(stale);
        continue;
      }
      if (!top_is_fresh) {  // out of budget: what it once gave has to do, if it still helps
        const std::size_t top = 0;
        evaluate_elements({&top, 1});
      }
      Element& best = elements_.front();
      if (best.gain <= 0) {
        continue;
      }
      accept(best.trial);
      for (Element& element : elements_) {
        element.fresh = false;
        element.trial = Trial{};
      }
    }
  }

  /// One in, one out, while it helps.
  void swap() {
    bool improved = true;
    while (improved && simulations_ <= limits_.simulations) {
      improved = false;
      Members outside;
      for (std::uint32_t i = 0; i < facilities_.count(); ++i) {
        if (prospects_.potential[i] > 0 && candidate(i) &&
            std::find(chosen_.served.begin(), chosen_.served.end(), i) == chosen_.served.end()) {
          outside.push_back(i);
        }
      }
      std::stable_sort(outside.begin(), outside.end(), [this](std::uint32_t a, std::uint32_t b) {
        return prospects_.potential[a] > prospects_.potential[b];
      });
      outside.resize(std::min(outside.size(), limits_.swap_facilities));
      Members inside = chosen_.served;
      std::stable_sort(inside.begin(), inside.end(), [this](std::uint32_t a, std::uint32_t b) {
        return prospects_.potential[a] < prospects_.potential[b];
      });
      inside.resize(std::min(inside.size(), limits_.swap_facilities));
      for (std::size_t k = 0; k < inside.size() && !improved; ++k) {
        std::vector<Trial> trials;
        for (const std::uint32_t in : outside) {
          Trial trial{with({in}, inside[k]), {}, {}, 0};
          if (can_serve(stock_, facilities_, trial.served)) {
            trials.push_back(std::move(trial));
          }
        }
        evaluate(trials);
        const auto best =
            std::max_element(trials.begin(), trials.end(),
                             [](const Trial& a, const Trial& b) { return a.gain < b.gain; });
        if (best != trials.end() && best->gain > 0) {
          accept(*best);
          ++chosen_.swaps;
          improved = true;
        }
      }
    }
    chosen_.out_of_budget = chosen_.out_of_budget || simulations_ > limits_.simulations;
  }

  void hand_out_the_rest() {
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < facilities_.count(); ++i) {
      if (candidate(i)) {
        order.push_back(i);
      }
    }
    std::stable_sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
      return prospects_.dark_winters[a] > prospects_.dark_winters[b];
    });
    for (const std::uint32_t i : order) {
      Members more = with({i});
      if (more.size() > chosen_.served.size() && can_serve(stock_, facilities_, more)) {
        chosen_.served = std::move(more);
      }
    }
  }

  Winters& winters_;
  const Facilities& facilities_;
  std::span<const StockItem> stock_;
  std::uint64_t first_;
  SearchLimits limits_;
  Prospects prospects_;
  std::vector<Winter> now_;  ///< under what is chosen
  std::vector<Element> elements_;
  Chosen chosen_;
  std::uint64_t simulations_ = 0;
};

}  // namespace

Allocation allocation_of(const Facilities& facilities, std::span<const std::uint32_t> served) {
  Allocation allocation(facilities.count(), Added::none);
  for (const std::uint32_t i : served) {
    allocation[i] = Added::diesel;
  }
  return allocation;
}

Chosen choose_by_saving(Winters& winters, std::span<const StockItem> stock, std::uint64_t first,
                        std::uint64_t count, const SearchLimits& limits) {
  return Search(winters, stock, first, count, limits).run();
}

}  // namespace wintergrid::generators
