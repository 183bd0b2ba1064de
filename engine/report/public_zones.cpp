#include "engine/report/public_zones.hpp"

#include <algorithm>
#include <utility>

namespace wintergrid::report {
namespace {

void fill_means(PublicZone& shown, const montecarlo::Tally& tally) {
  const auto fine = static_cast<double>(tally.count() - tally.failures().size());
  for (std::size_t s = 0; s < kServiceCount && fine > 0.0; ++s) {
    montecarlo::Tally::Sum seconds = 0;
    std::array<std::int64_t, kZoneThresholdCount> over{};
    for (const std::size_t zone : shown.zones) {
      seconds += tally.zone_household_seconds(s, zone);
      for (std::size_t k = 0; k < over.size(); ++k) {
        over[k] += tally.zone_over(s, zone, k);
      }
    }
    shown.household_hours_mean[s] = static_cast<double>(seconds) / 3600.0 / fine;
    for (std::size_t k = 0; k < over.size(); ++k) {
      shown.over_mean[s][k] = static_cast<double>(over[k]) / fine;
    }
  }
}

}  // namespace

std::vector<PublicZone> public_zones(const Model& model, const montecarlo::Tally& tally) {
  const std::vector<std::uint64_t>& households = tally.shape().zone_households;
  std::vector<PublicZone> shown;
  PublicZone others;
  others.merged = true;
  for (std::size_t zone = 0; zone < model.zones.count(); ++zone) {
    if (households[zone] >= kSmallestPublicZone) {
      PublicZone alone;
      alone.zones = {zone};
      alone.households = households[zone];
      shown.push_back(std::move(alone));
    } else if (households[zone] > 0) {
      others.zones.push_back(zone);
      others.households += households[zone];
    }
  }
  if (!others.zones.empty() && others.households < kSmallestPublicZone && !shown.empty()) {
    const auto smallest = std::min_element(
        shown.begin(), shown.end(),
        [](const PublicZone& a, const PublicZone& b) { return a.households < b.households; });
    others.zones.push_back(smallest->zones.front());
    others.households += smallest->households;
    shown.erase(smallest);
  }
  if (others.households >= kSmallestPublicZone) {
    shown.push_back(std::move(others));
  }
  for (PublicZone& zone : shown) {
    fill_means(zone, tally);
  }
  return shown;
}

}  // namespace wintergrid::report
