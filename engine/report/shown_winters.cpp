#include "engine/report/shown_winters.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "engine/montecarlo/metrics.hpp"

namespace wintergrid::report {
namespace {

/// (loss, replication) of every winter that did not fail, in order.
std::vector<std::pair<std::int64_t, std::uint64_t>> by_loss(const Model& model,
                                                            const montecarlo::Tally& tally) {
  std::vector<std::size_t> lost;
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    if (model.has_service(s)) {
      lost.push_back(
          montecarlo::metric_index(fmt::format("{}.household_hours_lost", kServiceNames[s])));
    }
  }
  std::vector<std::pair<std::int64_t, std::uint64_t>> winters;
  for (std::uint64_t replication = 0; replication < tally.count(); ++replication) {
    if (!tally.failed(replication)) {
      std::int64_t loss = 0;
      for (const std::size_t metric : lost) {
        loss += tally.row(replication)[metric];
      }
      winters.emplace_back(loss, replication);
    }
  }
  std::sort(winters.begin(), winters.end());
  return winters;
}

}  // namespace

std::vector<ShownWinter> shown_winters(const montecarlo::Case& which, recovery::PolicyKind policy,
                                       const montecarlo::Tally& tally) {
  const auto winters = by_loss(which.model, tally);
  std::vector<ShownWinter> shown;
  if (winters.empty()) {
    return shown;
  }
  montecarlo::Simulation simulation(which, policy);
  const std::size_t severe = (19 * winters.size() + 19) / 20 - 1;  // ceil(0.95 n) - 1
  for (const auto& [kind, place] :
       {std::pair<const char*, std::size_t>{"median", (winters.size() - 1) / 2},
        {"severe", severe}}) {
    ShownWinter winter;
    winter.kind = kind;
    winter.replication = winters[place].second;
    winter.zone_day_household_hours =
        simulation.run_one(winter.replication).zone_day_household_hours;
    shown.push_back(std::move(winter));
  }
  return shown;
}

}  // namespace wintergrid::report
