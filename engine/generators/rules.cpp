// Rules that people use, to compare with: they look at nobody's outage.

#include <algorithm>
#include <array>

#include "engine/generators/allocate.hpp"

namespace wintergrid::generators {
namespace {

using Members = std::vector<std::uint32_t>;

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
