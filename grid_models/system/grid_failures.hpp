#pragma once
// The national grid fails: at `from` every unit of the scenario trips with it, and imports give
// nothing until `to`. What happens outside is not simulated; the scenario says when.

#include <algorithm>

#include "grid_models/core/time.hpp"
#include "grid_models/system/model.hpp"

namespace wintergrid {

/// Whether imports give nothing.
inline bool grid_is_down(const Model& model, Seconds now) {
  return std::any_of(
      model.grid_failures.begin(), model.grid_failures.end(),
      [now](const Model::GridFailure& failure) { return failure.from <= now && now < failure.to; });
}

/// Whether every unit trips at this moment. A moment begins at each failure (next_grid_event).
inline bool every_unit_trips(const Model& model, Seconds now) {
  return std::any_of(model.grid_failures.begin(), model.grid_failures.end(),
                     [now](const Model::GridFailure& failure) { return failure.from == now; });
}

/// The next time after `now` at which a failure begins or ends.
inline Seconds next_grid_event(const Model& model, Seconds now) {
  Seconds next = kNever;
  for (const Model::GridFailure& failure : model.grid_failures) {
    for (const Seconds at : {failure.from, failure.to}) {
      next = at > now ? std::min(next, at) : next;
    }
  }
  return next;
}

}  // namespace wintergrid
