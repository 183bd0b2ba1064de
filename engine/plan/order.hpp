#pragma once
// An order of repair as a policy, and a policy that notes what it decided.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "grid_models/core/id.hpp"
#include "grid_models/recovery/policy.hpp"
#include "grid_models/recovery/shift_clock.hpp"

namespace wintergrid::plan {

/// A list: a free crew takes the first of it that it can. Stages that bring a component back go
/// before permanent repairs behind a fix that holds, as under every policy; what is not listed
/// comes last, first come first.
class ListOrder final : public recovery::Policy {
 public:
  ListOrder(const std::vector<ComponentId>& list, std::size_t components);
  std::size_t choose(const recovery::PolicyView& view,
                     std::span<const std::uint32_t> candidates) const override;

 private:
  std::vector<std::uint32_t> rank_;
};

/// Decides as another policy does, but knows of the work at each site only what can be estimated
/// beforehand: a plan cannot use the durations that a future has drawn.
class EstimatedOrder final : public recovery::Policy {
 public:
  /// `work` by component; what a job does not need stays out of it. Must outlive it.
  EstimatedOrder(const recovery::Policy& policy, const std::vector<recovery::RepairWork>& work)
      : policy_(&policy), work_(&work) {}
  std::size_t choose(const recovery::PolicyView& view,
                     std::span<const std::uint32_t> candidates) const override;
  bool looks_into_network() const override { return policy_->looks_into_network(); }

 private:
  const recovery::Policy* policy_;
  const std::vector<recovery::RepairWork>* work_;
};

/// A stage as a crew set out to it.
struct Dispatch {
  ComponentId component;
  CrewType type{};
  bool restores = false;   ///< whether its end brings the component back
  std::uint16_t crew = 0;  ///< within the type; the first, if several share the job
  std::uint16_t crews = 1;
  Seconds sets_out = 0, begins = 0, ends = 0;  ///< without alerts and re-hits
};

/// Decides as another policy and notes it.
class NotedOrder final : public recovery::Policy {
 public:
  /// `notes` is appended to.
  NotedOrder(const recovery::Policy& policy, std::vector<Dispatch>& notes)
      : policy_(&policy), notes_(&notes) {}
  std::size_t choose(const recovery::PolicyView& view,
                     std::span<const std::uint32_t> candidates) const override;
  bool looks_into_network() const override { return policy_->looks_into_network(); }

 private:
  const recovery::Policy* policy_;
  std::vector<Dispatch>* notes_;
};

}  // namespace wintergrid::plan
