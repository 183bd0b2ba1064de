#pragma once
// Which substation feeds each feeder. Where damage has cost a feeder its own bus, people switch it
// to its backup bus, which takes hours; when its own bus can serve it again it returns at once.

#include <cstdint>
#include <span>
#include <vector>

#include "grid_models/core/luck.hpp"
#include "grid_models/system/availability.hpp"
#include "grid_models/system/model.hpp"
#include "grid_models/system/state.hpp"
#include "grid_models/system/timeline.hpp"

namespace wintergrid {

/// Hours from the loss of supply until a feeder is switched over, at a probability in (0, 1).
/// Linear between the shortest time, two hours, four hours and the longest.
double switching_hours(const SwitchingParameters& parameters, double probability);

/// Scratch for one thread, sized once; the model must outlive it. Results are a function of the
/// arguments only.
class Feeding {
 public:
  explicit Feeding(const Model& model);
  Feeding(const Feeding&) = delete;
  Feeding& operator=(const Feeding&) = delete;

  /// Everyone on their own bus.
  FeedingState initial_state() const;

  /// After damage and repairs, before anyone switches: who can be supplied where they hang.
  void find_available(const Availability& availability, const FeedingState& state);

  /// Once per moment, when `bus_energised` is known by what runs: returns feeders to their own bus,
  /// begins switching for those that it cannot serve because of damage, and moves those whose time
  /// has come to their backup bus, if it takes them.
  void switch_feeders(Seconds now, const Availability& availability,
                      std::span<const std::uint8_t> bus_energised,
                      const SwitchingParameters& parameters, const Luck& luck, FeedingState& state);

  /// By feeder, of the last of the two calls; valid until the availability moves.
  std::span<const std::uint8_t> available() const { return available_; }

 private:
  void return_home(const Availability& availability, std::span<const std::uint8_t> bus_energised,
                   FeedingState& state);
  void begin_or_move(std::uint32_t feeder, Seconds now, const SwitchingParameters& parameters,
                     const Luck& luck, FeedingState& state);

  const Model* model_;
  std::vector<std::uint32_t> with_backup_;  ///< feeders, by name hash
  std::vector<double> feeder_peak_mw_;
  std::vector<double> bus_peak_mw_;  ///< of a bus's own feeders
  std::vector<double> guests_mw_;    ///< by bus: peaks of those switched to it
  std::vector<std::uint8_t> own_available_;
  std::span<const std::uint8_t> available_;
};

}  // namespace wintergrid
