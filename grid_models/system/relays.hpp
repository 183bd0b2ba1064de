#pragma once
// What the power system does by itself right after damage, before anyone acts: overloaded branches
// trip, under-frequency relays shed load, islands go black (power/cascade.hpp). Only where
// Model::cascade is set.
//
// An event is a moment in which damage takes a bus or branch that was in service, or a running
// unit's capacity below its output. What is planned (import limits) or slow (a plant that runs out
// of water) is redispatched in time and no event; nor is what is broken at the start.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "grid_models/power/operation.hpp"
#include "grid_models/system/availability.hpp"
#include "grid_models/system/model.hpp"
#include "grid_models/system/state.hpp"
#include "grid_models/system/timeline.hpp"

namespace wintergrid {

/// Feeders at one moment: whether each can be supplied where it hangs, and where that is.
struct HangingFeeders {
  std::span<const std::uint8_t> available;
  std::span<const std::uint32_t> bus;
};

/// Scratch for one thread; nothing allocates after construction (but for DcFlow's dense fallback).
/// The model must outlive it. Results are a function of the arguments only.
class Relays {
 public:
  explicit Relays(const Model& model);
  ~Relays();
  Relays(Relays&&) noexcept;
  Relays& operator=(Relays&&) noexcept;

  RelayState initial_state() const;

  /// Once per moment, after damage and repairs and before anything else comes up. Closes what is
  /// due; after an event runs the cascade against the dispatch noted last, stops the units it
  /// stops, opens the branches it trips and whole feeders for the load it sheds. False if the flows
  /// of some island could not be solved.
  bool act(Seconds now, const Availability& availability, const HangingFeeders& feeders,
           std::span<const double> generator_available_mw,
           const power::CascadeParameters& parameters, power::OperationState& power,
           RelayState& state);

  /// After act(), when feeders were switched.
  void mask_feeders(std::span<const std::uint8_t> available, const RelayState& state);

  /// After act(): what is available less what relays hold open.
  std::span<const std::uint8_t> branch_up() const;
  std::span<const std::uint8_t> feeder_available() const;

  /// After the moment's last settle(): the dispatch that the next event disturbs.
  void note(const Availability& availability, const power::Operation& operation,
            const power::OperationResult& result, RelayState& state) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wintergrid
