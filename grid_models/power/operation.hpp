#pragma once
// Operating the power system for one moment: which generators run, which islands are energised, who
// is cut by the outage schedule (energy deficit, rotated over queues) and who by emergency shedding
// (network limits, not rotated).
//
// Coming up and going down are separate (design, "one moment"): restore() starts what may start;
// settle() only ever takes things down and is called repeatedly within a moment as other networks
// feed losses back.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "grid_models/core/id.hpp"
#include "grid_models/core/time.hpp"
#include "grid_models/power/network.hpp"
#include "grid_models/power/rotation.hpp"
#include "grid_models/power/shedding.hpp"

namespace wintergrid::power {

enum class GeneratorKind : std::uint8_t {
  import = 0,
  nuclear,
  thermal,
  chp,
  hydro,
  gas,
  solar,
  wind,
  other
};
inline constexpr std::size_t kGeneratorKindCount = 9;

inline constexpr std::uint32_t kNoBackupBus = UINT32_MAX;

/// Const part.
struct OperationModel {
  Network network;
  // generators (same order as network.generator_*)
  std::vector<GeneratorKind> generator_kind;
  std::vector<std::uint8_t> generator_black_start;  ///< 1: can energise a dead island
  std::vector<Seconds>
      generator_restart_seconds;  ///< from energised bus (or from black start) to full output
  // feeders, sorted by bus
  std::vector<std::uint32_t> feeder_bus;
  /// The other bus that a feeder can be switched to, kNoBackupBus if none; empty: no feeder has
  /// one.
  std::vector<std::uint32_t> feeder_backup_bus;
  std::vector<std::uint8_t> feeder_subqueue;    ///< 0..11 or kExempt
  std::vector<std::uint64_t> feeder_name_hash;  ///< fixes the order of emergency cuts within a bus
  double exempt_weight =
      10.0;  ///< priority of exempt feeders' load against 1 for others (assumption)
  Seconds rotation_block_seconds = 4 * kSecondsPerHour;

  std::size_t feeder_count() const { return feeder_bus.size(); }
};

/// May vary per replication.
struct Parameters {
  double cold_load_pickup_factor = 2.0;  ///< demand multiple on re-energisation (domain #30)
  double cold_load_pickup_hours = 3.0;   ///< decay time
};

enum class FeederCause : std::uint8_t { on = 0, damaged, dead_bus, schedule, emergency };

/// Moves with time; a copyable value.
struct OperationState {
  std::vector<std::uint8_t> generator_running;
  std::vector<Seconds>
      generator_ready_at;  ///< when a restart under way completes; kNever if none is under way
  std::vector<std::uint8_t> feeder_on;
  std::vector<Seconds> feeder_changed_at;  ///< last switch, on or off; 0 at first
  std::vector<Seconds>
      feeder_energised_at;  ///< last time it came on; pickup decays from it; -kNever at first
  std::vector<FeederCause>
      feeder_cause;  ///< why it is off; kept while a repeated settle() holds it off
  /// Moment of the last settle(); -kNever at first. A settle() with the same now is a repeat:
  /// nothing that is off comes on. What-if evaluations at the same moment (a repair that is not
  /// done yet) set it to -kNever in their copy.
  Seconds settled_at = -kNever;
};

struct OperationInputs {
  Seconds now = 0;
  std::span<const std::uint8_t> bus_up;
  std::span<const std::uint8_t> branch_up;
  std::span<const double> generator_available_mw;  ///< 0: damaged, or what it needs is missing
  std::span<const std::uint8_t> feeder_available;  ///< 0: feeder or its transformer damaged
  std::span<const double> feeder_demand_mw;        ///< before pickup
  /// Where each feeder hangs now, its own bus or its backup bus; empty: all on their own.
  std::span<const std::uint32_t> feeder_bus = {};
};

struct OperationResult {
  std::span<const FeederCause> feeder_cause;  ///< of the state; valid until the state moves
  std::span<const double> generation_mw;  ///< in Operation's scratch; valid until the next settle()
  double demand_mw = 0.0;    ///< feeders on: with pickup; feeders off: feeder_demand_mw as given
  double unserved_mw = 0.0;  ///< feeder_demand_mw of the feeders that are off, whatever the cause
  double deficit_mw =
      0.0;  ///< energy deficit before rotation, with the pickup of whoever would come on
  double emergency_mw = 0.0;  ///< feeder_demand_mw of feeders cut by network limits, and of exempt
                              ///< ones cut for energy
  std::uint32_t energised_islands = 0;
  bool solver_bounded = false;  ///< a shedding solve fell back to its bound: counted, never silent
};

/// When the next restart completes; kNever if none is under way. advance() stops there, so that
/// restarts are exact.
Seconds next_operation_event(const OperationState& state);

/// Scratch for one thread; nothing allocates after construction. The model must outlive it. Results
/// are a function of the arguments only: what is kept between calls is recognised by comparing
/// inputs bit by bit.
class Operation {
 public:
  explicit Operation(const OperationModel& model);
  ~Operation();
  Operation(Operation&&) noexcept;
  Operation& operator=(Operation&&) noexcept;

  /// All generators running, all feeders on.
  OperationState initial_state() const;

  /// Coming up, once per moment: a stopped generator with available_mw > 0 starts its timer if its
  /// bus is in service and either energised (a running generator in its island) or it can black
  /// start; its timer expired, it runs. A timer is cancelled if the condition lapses. Two dead
  /// things that need each other never revive each other.
  void restore(const OperationInputs& inputs, OperationState& state);

  /// Going down: generators without available power stop; islands without a running generator are
  /// dead; then dispatch, rotation and emergency cuts decide feeder_on. The first call of a moment
  /// may switch feeders on (the schedule moves, a bus is back); a repeat (now == state.settled_at)
  /// only removes supply, and with the same inputs changes nothing.
  OperationResult settle(const OperationInputs& inputs, OperationState& state,
                         const Parameters& parameters);

  /// What each feeder draws after the last settle(), with pickup; 0 if it is off. Balances
  /// generation_mw: what the solver sheds below its tolerance is taken off.
  void feeder_load_mw(std::span<double> load_mw) const;

  /// Is each bus in an energised island after the last settle()?
  std::span<const std::uint8_t> bus_energised() const;

  /// The same before it: by what runs now and has power. Valid until the next call.
  std::span<const std::uint8_t> find_energised_buses(const OperationInputs& inputs,
                                                     const OperationState& state);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wintergrid::power
