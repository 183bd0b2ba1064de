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
#include <array>
#include <numeric>
#include <set>
#include <utility>

#include "grid_models/core/contract.hpp"

namespace wintergrid::generators {
namespace {

using Members = std::vector<std::uint32_t>;

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
        limits_(limits) {
    look(count);
  }

  Chosen run() {
    make_elements();
    grow();
    swap();
    chosen_.for_households = chosen_.served.size();
    for (std::size_t w = 0; w < now_.size(); ++w) {
      chosen_.saved_seconds += without_[w].all_lost() - now_[w].all_lost();
    }
    hand_out_the_rest();
    chosen_.simulations = simulations_;
    return std::move(chosen_);
  }

 private:
  /// The winters as they are, and what sets could save where.
  void look(std::uint64_t count) {
    std::vector<Potential> potential(count);
    std::vector<Job> jobs(count);
    for (std::size_t w = 0; w < count; ++w) {
      jobs[w] = {first_ + w, nullptr, nullptr, &potential[w]};
    }
    without_ = winters_.run(jobs);
    potential_.assign(facilities_.count(), 0);
    dark_winters_.assign(facilities_.count(), 0);
    for (std::size_t w = 0; w < count; ++w) {
      for (std::size_t i = 0; i < facilities_.count() && without_[w].failure.empty(); ++i) {
        potential_[i] += potential[w][i];
        dark_winters_[i] += without_[w].grid_off[i];
      }
    }
    now_ = without_;
  }

  bool candidate(std::size_t i) const {
    return facilities_.has_set[i] == 0 && dark_winters_[i] > 0 &&
           can_serve(stock_, facilities_, std::array{static_cast<std::uint32_t>(i)});
  }

  void make_elements() {
    Members singles;
    for (std::uint32_t i = 0; i < facilities_.count(); ++i) {
      if (potential_[i] > 0 && candidate(i)) {
        singles.push_back(i);
      }
    }
    std::stable_sort(singles.begin(), singles.end(), [this](std::uint32_t a, std::uint32_t b) {
      return potential_[a] > potential_[b];
    });
    std::set<Members> known;
    const auto add = [&](Members members) {
      std::sort(members.begin(), members.end());
      if (can_serve(stock_, facilities_, members) && known.insert(members).second) {
        elements_.push_back({std::move(members), 0, false, {}});
      }
    };
    for (std::size_t k = 0; k < std::min(singles.size(), limits_.singles); ++k) {
      add({singles[k]});
    }
    add_bundles(singles, add);
    evaluate_all();
  }

  /// Do a and b take part in supplying the same households?
  bool work_together(std::uint32_t a, std::uint32_t b) const {
    const Downstream& downstream = winters_.downstream();
    const Reach &x = downstream.of_facility[a], &y = downstream.of_facility[b];
    const auto network = [&downstream](const Reach& reach) {
      return reach.heat_network != kNone ? reach.heat_network
             : reach.heat_node != kNone  ? downstream.network_of_heat_node[reach.heat_node]
                                         : kNone;
    };
    const bool heat = network(x) != kNone && network(x) == network(y) &&
                      (x.heat_network != kNone || y.heat_network != kNone);
    const bool water = x.water_network != kNone && x.water_network == y.water_network;
    const auto make_up = [&downstream](std::uint32_t boilers, const Reach& other) {
      return other.water_network != kNone &&
             downstream.make_up_network[boilers] == other.water_network;
    };
    return heat || water || make_up(a, y) || make_up(b, x);
  }

  std::uint32_t dark_together(std::uint32_t a, std::uint32_t b) const {
    std::uint32_t winters = 0;
    for (const Winter& winter : without_) {
      winters += winter.failure.empty() && winter.grid_off[a] != 0 && winter.grid_off[b] != 0;
    }
    return winters;
  }

  /// Pairs that are in the dark in the same winters, and each boiler house or pumping station with
  /// all that it works together with.
  template <class Add>
  void add_bundles(const Members& singles, const Add& add) {
    struct Pair {
      std::int64_t weight;
      std::uint32_t a, b;
    };
    std::vector<Pair> pairs;
    std::vector<Members> together(facilities_.count());
    for (std::size_t k = 0; k < singles.size(); ++k) {
      for (std::size_t l = k + 1; l < singles.size(); ++l) {
        const std::uint32_t a = singles[k], b = singles[l];
        const std::uint32_t winters = work_together(a, b) ? dark_together(a, b) : 0;
        if (winters > 0) {
          const std::int64_t of_a = potential_[a] / dark_winters_[a];
          const std::int64_t of_b = potential_[b] / dark_winters_[b];
          pairs.push_back({winters * std::min(of_a, of_b), a, b});
          together[a].push_back(b);
          together[b].push_back(a);
        }
      }
    }
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](const Pair& x, const Pair& y) { return x.weight > y.weight; });
    for (std::size_t k = 0; k < std::min(pairs.size(), limits_.bundles); ++k) {
      add({pairs[k].a, pairs[k].b});
    }
    std::size_t groups = 0;
    for (const std::uint32_t i : singles) {
      const Reach& reach = winters_.downstream().of_facility[i];
      const bool feeds = reach.heat_network != kNone || reach.water_network != kNone;
      if (feeds && together[i].size() > 1 && groups < limits_.bundles / 2) {
        Members members = together[i];
        members.push_back(i);
        add(members);
        ++groups;
      }
    }
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
    }
  }

  /// More per set; ties keep their order.
  static bool better(const Element& a, const Element& b) {
    return a.gain * static_cast<std::int64_t>(b.members.size()) >
           b.gain * static_cast<std::int64_t>(a.members.size());
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
        if (potential_[i] > 0 && candidate(i) &&
            std::find(chosen_.served.begin(), chosen_.served.end(), i) == chosen_.served.end()) {
          outside.push_back(i);
        }
      }
      std::stable_sort(outside.begin(), outside.end(), [this](std::uint32_t a, std::uint32_t b) {
        return potential_[a] > potential_[b];
      });
      outside.resize(std::min(outside.size(), limits_.swap_facilities));
      Members inside = chosen_.served;
      std::stable_sort(inside.begin(), inside.end(), [this](std::uint32_t a, std::uint32_t b) {
        return potential_[a] < potential_[b];
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
      return dark_winters_[a] > dark_winters_[b];
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
  std::vector<Winter> without_, now_;
  std::vector<std::int64_t> potential_;
  std::vector<std::uint32_t> dark_winters_;
  std::vector<Element> elements_;
  Chosen chosen_;
  std::uint64_t simulations_ = 0;
};

/// Facilities without a set of their own, in an order; each gets one if the stock reaches.
std::vector<std::uint32_t> in_order(const Facilities& facilities, std::span<const StockItem> stock,
                                    const Members& order) {
  Members served;
  for (const std::uint32_t i : order) {
    served.push_back(i);
    if (!can_serve(stock, facilities, served)) {
      served.pop_back();
    }
  }
  return served;
}

int rank_of(power::FacilityKind kind) {
  using power::FacilityKind;
  constexpr std::array kOrder = {FacilityKind::hospital,      FacilityKind::water_works,
                                 FacilityKind::pump_station,  FacilityKind::sewage_lift,
                                 FacilityKind::boiler_house,  FacilityKind::heating_point,
                                 FacilityKind::shelter_point, FacilityKind::school};
  return static_cast<int>(std::find(kOrder.begin(), kOrder.end(), kind) - kOrder.begin());
}

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

std::vector<std::uint32_t> choose_by_population(const Facilities& facilities,
                                                std::span<const StockItem> stock) {
  const std::size_t zones = facilities.zone_households.size();
  std::vector<Members> waiting(zones);
  for (std::uint32_t i = 0; i < facilities.count(); ++i) {
    if (facilities.has_set[i] == 0) {
      waiting[facilities.zone[i]].push_back(i);
    }
  }
  for (Members& zone : waiting) {
    std::stable_sort(zone.begin(), zone.end(), [&facilities](std::uint32_t a, std::uint32_t b) {
      return facilities.required_kw[a] > facilities.required_kw[b];
    });
  }
  Members served;
  std::vector<std::uint64_t> sets(zones, 0);
  while (true) {
    std::size_t best = zones;
    for (std::size_t zone = 0; zone < zones; ++zone) {
      // households / (sets + 1), compared without dividing
      if (!waiting[zone].empty() &&
          (best == zones || facilities.zone_households[zone] * (sets[best] + 1) >
                                facilities.zone_households[best] * (sets[zone] + 1))) {
        best = zone;
      }
    }
    if (best == zones) {
      return served;
    }
    served.push_back(waiting[best].front());
    waiting[best].erase(waiting[best].begin());
    if (can_serve(stock, facilities, served)) {
      ++sets[best];
    } else {
      served.pop_back();
    }
  }
}

std::vector<std::uint32_t> choose_hospitals_first(const Facilities& facilities,
                                                  std::span<const StockItem> stock) {
  Members order;
  for (std::uint32_t i = 0; i < facilities.count(); ++i) {
    if (facilities.has_set[i] == 0) {
      order.push_back(i);
    }
  }
  std::stable_sort(order.begin(), order.end(), [&facilities](std::uint32_t a, std::uint32_t b) {
    const int rank_a = rank_of(facilities.kind[a]), rank_b = rank_of(facilities.kind[b]);
    return rank_a != rank_b ? rank_a < rank_b
                            : facilities.zone_households[facilities.zone[a]] >
                                  facilities.zone_households[facilities.zone[b]];
  });
  return in_order(facilities, stock, order);
}

}  // namespace wintergrid::generators
