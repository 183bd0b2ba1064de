// The policies that are no more than a key of a job, and the names of all. Of the former the
// candidate with the smallest key is taken, and because candidates come in order of opening and
// only a strictly smaller key wins, ties go to the job that came first.

#include <cmath>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "grid_models/core/contract.hpp"
#include "grid_models/recovery/lookahead.hpp"
#include "grid_models/recovery/policy.hpp"

namespace wintergrid::recovery {

namespace {

/// Compared from left to right, smaller first.
struct Key {
  bool leaves_supply_off =
      false;              ///< restoring supply goes before making a temporary fix permanent
  double measured = 0.0;  ///< before `first`
  std::int64_t first = 0;
  std::int64_t second = 0;

  friend auto operator<=>(const Key&, const Key&) = default;
};

std::int64_t households(const PolicyView& view, const Job& job) {
  return view.model->component_households[job.component.index()];
}

/// A policy that is no more than a key of a job.
class KeyPolicy : public Policy {
 public:
  std::size_t choose(const PolicyView& view,
                     std::span<const std::uint32_t> candidates) const final {
    WG_EXPECT(!candidates.empty());
    std::size_t best = candidates.front();
    Key best_key = full_key(view, view.jobs[best]);
    for (const std::uint32_t candidate : candidates.subspan(1)) {
      const Key key = full_key(view, view.jobs[candidate]);
      if (key < best_key) {
        best = candidate;
        best_key = key;
      }
    }
    return best;
  }

 private:
  Key full_key(const PolicyView& view, const Job& job) const {
    Key result = key(view, job);
    result.leaves_supply_off = !restores_supply(job);
    return result;
  }
  virtual Key key(const PolicyView& view, const Job& job) const = 0;
};

class FirstCome final : public KeyPolicy {
  Key key(const PolicyView& /*view*/, const Job& job) const override {
    return {.first = job.opened_at};
  }
};

class ShortestJob final : public KeyPolicy {
  Key key(const PolicyView& /*view*/, const Job& job) const override {
    return {.first = stage_work_seconds(job)};
  }
};

class MostHouseholds final : public KeyPolicy {
  Key key(const PolicyView& view, const Job& job) const override {
    return {.first = -households(view, job)};
  }
};

class CriticalFirst final : public KeyPolicy {
  Key key(const PolicyView& view, const Job& job) const override {
    const bool critical = view.model->component_critical[job.component.index()] != 0;
    return {.first = critical ? 0 : 1, .second = -households(view, job)};
  }
};

class PriorityList final : public KeyPolicy {
  Key key(const PolicyView& view, const Job& job) const override {
    return {.first = view.model->priority_rank[job.component.index()]};
  }
};

class Nearest final : public KeyPolicy {
  Key key(const PolicyView& view, const Job& job) const override {
    const ZoneId site = view.components->zone[job.component.index()];
    return {.measured = view.zones->road_km(view.crew_zone, site)};
  }
};

class HouseholdsPerCrewHour final : public KeyPolicy {
  Key key(const PolicyView& view, const Job& job) const override {
    return {.measured = -households_per_crew_second(view, job, view.crew_zone)};
  }
};

class ColdestFirst final : public KeyPolicy {
  Key key(const PolicyView& view, const Job& job) const override {
    WG_EXPECT(view.network != nullptr);
    return {.measured = view.network->indoor_c(job.component)};
  }
};

class MarginalBenefit final : public KeyPolicy {
  Key key(const PolicyView& view, const Job& job) const override {
    WG_EXPECT(view.network != nullptr);
    return {.first = -view.network->households_regained(job), .second = -households(view, job)};
  }

 public:
  bool looks_into_network() const override { return true; }
};

}  // namespace

Seconds travel_seconds(const Model& model, const ZoneTable& zones, ZoneId from, ZoneId to) {
  return seconds_from_hours(zones.road_km(from, to) / model.travel_km_per_h);
}

Seconds shared_work_seconds(const Job& job, double duration_factor, std::uint16_t crews) {
  const double product =
      static_cast<double>(stage_work_seconds(job)) * duration_factor / static_cast<double>(crews);
  // Capped: work that never ends must not overflow the conversion.
  return product < static_cast<double>(kNever) ? std::llround(product) : kNever;
}

double households_per_crew_second(const PolicyView& view, const Job& job, ZoneId crew_zone) {
  const ZoneId site = view.components->zone[job.component.index()];
  const Seconds crew_seconds = travel_seconds(*view.model, *view.zones, crew_zone, site) +
                               shared_work_seconds(job, view.duration_factor, 1);
  return static_cast<double>(view.model->component_households[job.component.index()]) /
         static_cast<double>(crew_seconds > 0 ? crew_seconds : 1);
}

std::string_view to_text(PolicyKind kind) {
  switch (kind) {
    case PolicyKind::first_come:
      return "first_come";
    case PolicyKind::shortest_job:
      return "shortest_job";
    case PolicyKind::most_households:
      return "most_households";
    case PolicyKind::critical_first:
      return "critical_first";
    case PolicyKind::priority_list:
      return "priority_list";
    case PolicyKind::nearest:
      return "nearest";
    case PolicyKind::households_per_crew_hour:
      return "households_per_crew_hour";
    case PolicyKind::coldest_first:
      return "coldest_first";
    case PolicyKind::marginal_benefit:
      return "marginal_benefit";
    case PolicyKind::lookahead:
      return "lookahead";
  }
  return "unknown";
}

const Policy& policy(PolicyKind kind) {
  static const FirstCome first_come;
  static const ShortestJob shortest_job;
  static const MostHouseholds most_households;
  static const CriticalFirst critical_first;
  static const PriorityList priority_list;
  static const Nearest nearest;
  static const HouseholdsPerCrewHour households_per_crew_hour;
  static const ColdestFirst coldest_first;
  static const MarginalBenefit marginal_benefit;
  static const Lookahead lookahead;
  switch (kind) {
    case PolicyKind::first_come:
      return first_come;
    case PolicyKind::shortest_job:
      return shortest_job;
    case PolicyKind::most_households:
      return most_households;
    case PolicyKind::critical_first:
      return critical_first;
    case PolicyKind::priority_list:
      return priority_list;
    case PolicyKind::nearest:
      return nearest;
    case PolicyKind::households_per_crew_hour:
      return households_per_crew_hour;
    case PolicyKind::coldest_first:
      return coldest_first;
    case PolicyKind::marginal_benefit:
      return marginal_benefit;
    case PolicyKind::lookahead:
      return lookahead;
  }
  return first_come;
}

}  // namespace wintergrid::recovery
