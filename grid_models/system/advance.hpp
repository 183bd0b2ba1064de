#pragma once
// The one simulator: moves a State forward through a Timeline. The only place where the networks
// meet.
//
// One moment: (1) repairs finish and hits land; (2) coming up: generators restart, water
// re-pressurises, each from an energised or black-start source with an expired timer; (3) going
// down, in fixed order power, backup, water, heat, what they feed back to generators, until nothing
// changes: within a moment supply is only lost; (4) the ledger notes it. Between moments continuous
// state moves by closed forms.

#include <cstdint>
#include <memory>

#include "grid_models/core/luck.hpp"
#include "grid_models/system/model.hpp"
#include "grid_models/system/outcome.hpp"
#include "grid_models/system/state.hpp"
#include "grid_models/system/timeline.hpp"

namespace wintergrid {

/// Looks on while a state is moved, to the second: what is kept of a winter need not be in Outcome.
class MomentObserver {
 public:
  MomentObserver() = default;
  MomentObserver(const MomentObserver&) = default;
  MomentObserver& operator=(const MomentObserver&) = default;
  virtual ~MomentObserver() = default;
  /// The networks stay as they are in `state` over [state.now, state.now + duration).
  virtual void note(const State& state, Seconds duration) = 0;
};

struct AdvanceOptions {
  const recovery::Policy* policy = nullptr;  ///< required
  MomentObserver* observer = nullptr;        ///< may be null
  bool solve_every_hour =
      false;  ///< no skipping of settled networks: for tests, must give the same bits
};

/// Scratch for one thread, sized once from the model, which must outlive it.
class Workspace {
 public:
  explicit Workspace(const Model& model);
  ~Workspace();
  Workspace(Workspace&&) noexcept;
  Workspace& operator=(Workspace&&) noexcept;

  /// Everything whole, everyone supplied, as of time 0. Reuses the state's memory: nothing
  /// allocates the second time.
  void reset(State& state, const Timeline& timeline);

  /// Moves the state to `until` (at most the horizon). Splitting an advance in two gives the same
  /// bits.
  void advance(State& state, const Timeline& timeline, const Luck& luck, Seconds until,
               const AdvanceOptions& options);

  const Model& model() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// reset, advance to the horizon, finish: one replication.
void simulate(Workspace& workspace, State& state, const Timeline& timeline, const Luck& luck,
              const AdvanceOptions& options, Outcome& outcome);

}  // namespace wintergrid
