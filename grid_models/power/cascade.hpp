#pragma once
// What happens by itself in the first minutes after an event, before anyone acts: islands lose
// frequency and shed load or go black, overloaded branches trip, which makes new islands, until
// nothing trips any more. Equations and sources: cascade.cpp, cascade_frequency.cpp.
//
// Whether a scenario has it is the caller's switch.

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "grid_models/power/cascade_frequency.hpp"
#include "grid_models/power/network.hpp"
#include "grid_models/power/operation.hpp"

namespace wintergrid::power {

/// Indexed by GeneratorKind: import, nuclear, thermal, chp, hydro, gas, solar, wind, other.
using ByKind = std::array<double, kGeneratorKindCount>;

/// Sources of the defaults: data/parameters/cascade.yaml.
struct CascadeParameters {
  FrequencyParameters frequency;
  ByKind inertia_seconds{0.0, 6.0, 4.0, 4.0, 3.0, 5.0, 0.0, 0.0, 2.0};   ///< H, of rated power
  ByKind reserve_share{0.0, 0.0, 0.05, 0.02, 0.1, 0.05, 0.0, 0.0, 0.0};  ///< of capacity
  double stage_count = 6.0;         ///< a whole number, 1 to kMostStages
  double stage_total_share = 0.45;  ///< of load, over all stages, in equal parts
  /// A branch above this multiple of its limit trips before anyone can redispatch.
  double emergency_multiple = 1.2;
  double branch_return_hours = 1.0;  ///< for the caller: until a tripped branch is closed again
  double load_return_hours = 0.5;    ///< likewise: until load shed by under-frequency returns
};

/// What is not a number with a range.
struct CascadeOptions {
  /// Redispatch is quicker than the conductor: only relays trip, above relay_multiple, where they
  /// do not wait.
  bool redispatch_in_time = false;
  double relay_multiple = 1.5;
  /// Imports come over lines from a far larger grid in step with this one, which makes up a deficit
  /// at once, as far as their capacity reaches; else (converters) they are units like the others.
  bool import_in_step = true;
};

/// The moment right after the event. Before it, generation and load balanced.
struct CascadeEvent {
  std::span<const std::uint8_t> branch_up;
  std::span<const std::uint8_t> bus_up;
  std::span<const std::uint8_t> generator_running;  ///< 0: lost in the event, or not running before
  std::span<const double> generation_mw;            ///< before the event; of lost ones ignored
  std::span<const double> capacity_mw;              ///< of the units that run, available now
  std::span<const double> load_mw;  ///< by bus, before the event; < 0: injection, never shed
};

/// Spans are valid until the next run().
struct CascadeResult {
  std::span<const std::uint8_t> branch_tripped;  ///< 1: was up after the event, tripped by overload
  std::span<const std::uint8_t> bus_black;       ///< 1: bus in service, island collapsed
  std::span<const std::uint8_t> generator_running;
  std::span<const double> generation_mw;  ///< with reserve in use; 0 if black
  std::span<const double> shed_mw;        ///< by bus: by under-frequency relays, and all if black
  std::span<const double> flow_mw;        ///< by branch, at the end
  double shed_by_relays_mw = 0.0;         ///< in islands that live
  double lost_in_black_islands_mw = 0.0;
  /// At the end; kNoIsland if the bus is out of service or black.
  std::span<const std::uint32_t> island_of_bus;
  double lowest_hz = 0.0;  ///< over all islands and times
  std::uint32_t trips = 0;
  std::uint32_t rounds = 0;
  std::uint32_t islands_unsolved = 0;  ///< flows could not be solved: no trips there; counted
};

/// One per thread; network must outlive it. A pure function of its arguments. Nothing allocates
/// after construction (but for DcFlow's dense fallback). Loads and living islands only ever shrink,
/// and every round but the last trips a branch: it ends.
class Cascade {
 public:
  Cascade(const Network& network, std::span<const GeneratorKind> generator_kind);
  ~Cascade();
  Cascade(Cascade&&) noexcept;
  Cascade& operator=(Cascade&&) noexcept;

  CascadeResult run(const CascadeEvent& event, const CascadeParameters& parameters,
                    const CascadeOptions& options = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wintergrid::power
