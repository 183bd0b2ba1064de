// The five policies of the first depth. Each is a key; the candidate with the smallest key is
// taken, and because candidates come in order of opening and only a strictly smaller key wins, ties
// go to the job that came first.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "grid_models/core/contract.hpp"
#include "grid_models/recovery/policy.hpp"

namespace wintergrid::recovery {

namespace {

/// Compared from left to right, smaller first.
struct Key {
  bool leaves_supply_off =
      false;  ///< restoring supply goes before making a temporary fix permanent
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

}  // namespace

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
  }
  return "unknown";
}

const Policy& policy(PolicyKind kind) {
  static const FirstCome first_come;
  static const ShortestJob shortest_job;
  static const MostHouseholds most_households;
  static const CriticalFirst critical_first;
  static const PriorityList priority_list;
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
  }
  return first_come;
}

}  // namespace wintergrid::recovery
