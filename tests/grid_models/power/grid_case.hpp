#pragma once
// A small power system built step by step, with its inputs of one moment, for tests.

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "grid_models/power/operation.hpp"

namespace wintergrid::power::test {

inline constexpr Seconds kHour = kSecondsPerHour;
inline constexpr Seconds kBlock = 4 * kHour;

struct GridCase {
  OperationModel model;
  Parameters parameters;
  Seconds now = 0;
  std::vector<std::uint8_t> bus_up, branch_up, feeder_available;
  std::vector<double> available_mw, demand_mw;

  GridCase() { parameters.cold_load_pickup_factor = 1.0; }  // no pickup unless a test wants it

  std::uint32_t bus() {
    bus_up.push_back(1);
    return static_cast<std::uint32_t>(model.network.bus_count++);
  }

  std::uint32_t line(std::uint32_t from, std::uint32_t to, double limit_mw = kNoLimit,
                     double susceptance_pu = 10.0) {
    model.network.branch_from.push_back(from);
    model.network.branch_to.push_back(to);
    model.network.branch_susceptance_pu.push_back(susceptance_pu);
    model.network.branch_shift_rad.push_back(0.0);
    model.network.branch_limit_mw.push_back(limit_mw);
    branch_up.push_back(1);
    return static_cast<std::uint32_t>(branch_up.size() - 1);
  }

  std::uint32_t generator(std::uint32_t at_bus, double mw, Seconds restart_seconds = 0,
                          bool black_start = false, GeneratorKind kind = GeneratorKind::thermal) {
    model.network.generator_bus.push_back(at_bus);
    model.network.generator_capacity_mw.push_back(mw);
    model.generator_kind.push_back(kind);
    model.generator_black_start.push_back(black_start ? 1 : 0);
    model.generator_restart_seconds.push_back(restart_seconds);
    available_mw.push_back(mw);
    return static_cast<std::uint32_t>(available_mw.size() - 1);
  }

  /// In order of bus. The name hash, and with it the order of emergency cuts, is the index unless
  /// given.
  std::uint32_t feeder(std::uint32_t at_bus, double mw, std::uint8_t subqueue = kExempt,
                       std::uint64_t name_hash = UINT64_MAX) {
    const auto index = static_cast<std::uint32_t>(demand_mw.size());
    model.feeder_bus.push_back(at_bus);
    model.feeder_subqueue.push_back(subqueue);
    model.feeder_name_hash.push_back(name_hash == UINT64_MAX ? index : name_hash);
    feeder_available.push_back(1);
    demand_mw.push_back(mw);
    return index;
  }

  /// One feeder of this size in every sub-queue: indices first .. first + 11.
  std::uint32_t feeder_in_every_subqueue(std::uint32_t at_bus, double mw) {
    const auto first = static_cast<std::uint32_t>(demand_mw.size());
    for (std::uint8_t q = 0; q < kSubqueueCount; ++q) {
      feeder(at_bus, mw, q);
    }
    return first;
  }

  OperationInputs inputs() const {
    return {now, bus_up, branch_up, available_mw, feeder_available, demand_mw};
  }
};

/// One moment: coming up, then going down.
inline OperationResult moment(Operation& operation, const GridCase& grid, OperationState& state) {
  operation.restore(grid.inputs(), state);
  return operation.settle(grid.inputs(), state, grid.parameters);
}

/// 150 MW of load, 150 MW of supply of which 60 MW are imports; feeder 12 is exempt.
struct DeficitCase : GridCase {
  DeficitCase() {
    const auto a = bus();
    const auto b = bus();
    line(a, b);
    generator(a, 90.0);
    generator(b, 60.0, 0, true, GeneratorKind::import);
    feeder_in_every_subqueue(a, 10.0);
    feeder(b, 30.0);  // exempt: 12
  }
};

/// 18 MW of load behind a branch of 12 MW: feeders 1 (exempt) to 4.
struct LimitCase : GridCase {
  LimitCase() {
    const auto a = bus();
    const auto b = bus();
    line(a, b, 12.0);
    generator(a, 100.0);
    feeder(a, 10.0, 0);
    feeder(b, 6.0, kExempt, 1);
    feeder(b, 5.0, 0, 10);
    feeder(b, 4.0, 6, 20);
    feeder(b, 3.0, 3, 30);
  }
};

/// Feeders that are off for this cause.
inline std::vector<std::uint32_t> off_feeders(const OperationState& state, FeederCause cause) {
  std::vector<std::uint32_t> off;
  for (std::uint32_t f = 0; f < state.feeder_on.size(); ++f) {
    EXPECT_EQ(state.feeder_on[f] != 0, state.feeder_cause[f] == FeederCause::on);
    if (state.feeder_cause[f] == cause) {
      off.push_back(f);
    }
  }
  return off;
}

inline bool same_state(const OperationState& a, const OperationState& b) {
  return a.generator_running == b.generator_running &&
         a.generator_ready_at == b.generator_ready_at && a.feeder_on == b.feeder_on &&
         a.feeder_changed_at == b.feeder_changed_at &&
         a.feeder_energised_at == b.feeder_energised_at && a.feeder_cause == b.feeder_cause &&
         a.settled_at == b.settled_at;
}

}  // namespace wintergrid::power::test
