#pragma once
// A small world to repair in, and a loop over its events, for the tests of this room.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "grid_models/recovery/recovery.hpp"

namespace wintergrid::recovery::test {

/// Components, zones and the recovery model that speaks of them. Has one zone at the origin, and
/// bases all crews there.
struct World {
  ComponentTable components;
  ZoneTable zones;
  Model model;

  World() {
    add_zone(0.0);
    model.base_zone.fill(ZoneId{0});
  }
  ZoneId add_zone(double road_km_from_origin) {
    constexpr double kWindingFactor = 1.3;
    const ZoneId id{zones.count()};
    zones.x_km.push_back(static_cast<float>(road_km_from_origin / kWindingFactor));
    zones.y_km.push_back(0.0F);
    zones.region.push_back(0);
    zones.name.push_back("zone " + std::to_string(id.index()));
    return id;
  }
  ComponentId add(AssetClass asset_class, ZoneId zone = ZoneId{0}) {
    model.component_households.push_back(0);
    model.component_critical.push_back(0);
    model.priority_rank.push_back(UINT32_MAX);
    return components.add(asset_class, zone, 1.0F, Protection::none,
                          "component " + std::to_string(components.count()));
  }
  std::uint8_t add_spare(std::uint32_t stock, Seconds resupply, Seconds lead) {
    model.spare_stock.push_back(stock);
    model.spare_resupply_seconds.push_back(resupply);
    model.spare_lead_seconds.push_back(lead);
    return static_cast<std::uint8_t>(model.spare_stock.size() - 1);
  }
  void set_crews(CrewType type, std::uint16_t count) {
    model.crews[static_cast<std::size_t>(type)] = count;
  }
};

/// Answers by component; what is not set is nothing.
struct FakeNetwork final : NetworkView {
  std::vector<double> indoor;
  std::vector<std::int64_t> regained;

  double indoor_c(ComponentId component) override {
    return component.index() < indoor.size() ? indoor[component.index()]
                                             : std::numeric_limits<double>::infinity();
  }
  std::int64_t households_regained(const Job& job) override {
    return job.component.index() < regained.size() ? regained[job.component.index()] : 0;
  }
};

struct Event {
  Seconds time = 0;
  std::size_t component = 0;
  bool permanent = false;

  friend bool operator==(const Event&, const Event&) = default;
};

/// Work with one stage, as most tests want it.
inline RepairWork permanent_only(Seconds seconds) { return {.permanent_seconds = seconds}; }

/// One State moved from event to event; keeps a log of what was repaired when.
struct Replay {
  Recovery recovery;
  State state;
  Parameters parameters;
  const Policy* chosen_policy;
  std::vector<Event> log;
  std::vector<Repaired> repaired;
  std::unique_ptr<FakeNetwork> network = std::make_unique<FakeNetwork>();

  explicit Replay(const World& world, PolicyKind kind = PolicyKind::first_come)
      : recovery(world.model, world.components, world.zones),
        state(recovery.initial_state()),
        parameters{.hold_off_hours = 0.0, .duration_factor = 1.0, .alert_hours = 0.0},
        chosen_policy(&policy(kind)) {}

  void hit(Seconds now, ComponentId component, const RepairWork& work) {
    recovery.hit(state, parameters, now, component, work);
  }
  void advance(Seconds now) {
    repaired.clear();
    recovery.advance(state, parameters, *chosen_policy, now, repaired, network.get());
    for (const Repaired& one : repaired) {
      log.push_back({now, one.component.index(), one.permanent});
    }
  }
  Seconds next_event() const { return recovery.next_event(state); }
  /// From an advance(now) on, until nothing more happens up to and including `until`.
  void run(Seconds now, Seconds until = kNever - 1) {
    advance(now);
    for (Seconds next = next_event(); next <= until; next = next_event()) {
      advance(next);
    }
  }
  const Job* job_of(ComponentId component) const {
    const auto found = std::find_if(state.jobs.begin(), state.jobs.end(),
                                    [&](const Job& job) { return job.component == component; });
    return found == state.jobs.end() ? nullptr : &*found;
  }
};

}  // namespace wintergrid::recovery::test
