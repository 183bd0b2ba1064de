#include "engine/generators/prospects.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace wintergrid::generators {
namespace {

class Elements {
 public:
  Elements(const Winters& winters, const Prospects& prospects, std::span<const StockItem> stock)
      : downstream_(winters.downstream()),
        facilities_(winters.facilities()),
        prospects_(prospects),
        stock_(stock) {
    for (std::uint32_t i = 0; i < facilities_.count(); ++i) {
      if (prospects_.potential[i] > 0 && is_candidate(prospects_, facilities_, stock_, i)) {
        singles_.push_back(i);
      }
    }
    std::stable_sort(singles_.begin(), singles_.end(), [this](std::uint32_t a, std::uint32_t b) {
      return prospects_.potential[a] > prospects_.potential[b];
    });
  }

  std::vector<Members> find(std::size_t singles, std::size_t bundles) {
    for (std::size_t k = 0; k < std::min(singles_.size(), singles); ++k) {
      add({singles_[k]});
    }
    add_bundles(bundles);
    return std::move(elements_);
  }

 private:
  void add(Members members) {
    std::sort(members.begin(), members.end());
    if (can_serve(stock_, facilities_, members) && known_.insert(members).second) {
      elements_.push_back(std::move(members));
    }
  }

  /// Do a and b take part in supplying the same households?
  bool work_together(std::uint32_t a, std::uint32_t b) const {
    const Reach &x = downstream_.of_facility[a], &y = downstream_.of_facility[b];
    const auto network = [this](const Reach& reach) {
      return reach.heat_network != kNone ? reach.heat_network
             : reach.heat_node != kNone  ? downstream_.network_of_heat_node[reach.heat_node]
                                         : kNone;
    };
    const bool heat = network(x) != kNone && network(x) == network(y) &&
                      (x.heat_network != kNone || y.heat_network != kNone);
    const bool water = x.water_network != kNone && x.water_network == y.water_network;
    const auto make_up = [this](std::uint32_t boilers, const Reach& other) {
      return other.water_network != kNone &&
             downstream_.make_up_network[boilers] == other.water_network;
    };
    return heat || water || make_up(a, y) || make_up(b, x);
  }

  std::uint32_t dark_together(std::uint32_t a, std::uint32_t b) const {
    std::uint32_t count = 0;
    for (const Winter& winter : prospects_.without) {
      const bool both =
          winter.failure.empty() && winter.grid_off[a] != 0 && winter.grid_off[b] != 0;
      count += both ? 1U : 0U;
    }
    return count;
  }

  struct Pair {
    std::int64_t weight = 0;
    std::uint32_t a = 0, b = 0;
  };

  /// Households downstream of the lesser of both, in the winters in which both are in the dark.
  std::int64_t weight(std::uint32_t a, std::uint32_t b, std::uint32_t winters) const {
    const auto a_winter = [this](std::uint32_t i) {
      return prospects_.potential[i] / prospects_.dark_winters[i];
    };
    return winters * std::min(a_winter(a), a_winter(b));
  }

  void add_bundles(std::size_t most) {
    std::vector<Pair> pairs;
    std::vector<Members> together(facilities_.count());
    for (std::size_t k = 0; k < singles_.size(); ++k) {
      for (std::size_t l = k + 1; l < singles_.size(); ++l) {
        const std::uint32_t a = singles_[k], b = singles_[l];
        const std::uint32_t winters = work_together(a, b) ? dark_together(a, b) : 0;
        if (winters > 0) {
          pairs.push_back({weight(a, b, winters), a, b});
          together[a].push_back(b);
          together[b].push_back(a);
        }
      }
    }
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](const Pair& x, const Pair& y) { return x.weight > y.weight; });
    for (std::size_t k = 0; k < std::min(pairs.size(), most); ++k) {
      add({pairs[k].a, pairs[k].b});
    }
    // A boiler house or station with all that it works together with, as far as the stock reaches.
    std::size_t groups = 0;
    for (const std::uint32_t i : singles_) {
      const Reach& reach = downstream_.of_facility[i];
      const bool feeds = reach.heat_network != kNone || reach.water_network != kNone;
      if (feeds && together[i].size() > 1 && groups < most / 2) {
        Members members{i};
        for (const std::uint32_t partner : together[i]) {
          members.push_back(partner);
          if (!can_serve(stock_, facilities_, members)) {
            members.pop_back();
          }
        }
        add(std::move(members));
        ++groups;
      }
    }
  }

  const Downstream& downstream_;
  const Facilities& facilities_;
  const Prospects& prospects_;
  std::span<const StockItem> stock_;
  Members singles_;
  std::set<Members> known_;
  std::vector<Members> elements_;
};

}  // namespace

Prospects look_for_prospects(Winters& winters, std::uint64_t first, std::uint64_t count) {
  std::vector<Potential> potential(count);
  std::vector<Job> jobs(count);
  for (std::size_t w = 0; w < count; ++w) {
    jobs[w] = {first + w, nullptr, nullptr, &potential[w]};
  }
  Prospects result;
  result.without = winters.run(jobs);
  const std::size_t facilities = winters.facilities().count();
  result.potential.assign(facilities, 0);
  result.dark_winters.assign(facilities, 0);
  for (std::size_t w = 0; w < count; ++w) {
    for (std::size_t i = 0; i < facilities && result.without[w].failure.empty(); ++i) {
      result.potential[i] += potential[w][i];
      result.dark_winters[i] += result.without[w].grid_off[i];
    }
  }
  return result;
}

bool is_candidate(const Prospects& prospects, const Facilities& facilities,
                  std::span<const StockItem> stock, std::size_t facility) {
  return facilities.has_set[facility] == 0 && prospects.dark_winters[facility] > 0 &&
         can_serve(stock, facilities, std::array{static_cast<std::uint32_t>(facility)});
}

std::vector<Members> promising(const Winters& winters, const Prospects& prospects,
                               std::span<const StockItem> stock, std::size_t singles,
                               std::size_t bundles) {
  return Elements(winters, prospects, stock).find(singles, bundles);
}

}  // namespace wintergrid::generators
