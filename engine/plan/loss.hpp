#pragma once
// What a plan should make small: the stated weighting of what households lose from the moment on.
//
//   J = sum over services s of w_s (H_s + b E_s) + c D
//
// H_s: household-hours without s; E_s: those of them beyond the first 24 hours of an outage, which
// may have begun before the moment; D: household-degree-hours below 16 C. In household-hours.

#include <array>
#include <cstddef>

#include "grid_models/system/outcome.hpp"
#include "grid_models/system/state.hpp"

namespace wintergrid::plan {

/// Assumptions; TODAY.yaml may state others.
struct Weights {
  std::array<double, kServiceCount> service{1.0, 1.0, 1.0};
  double beyond_24h = 1.0;
  double degree_hours = 0.25;
};

struct Loss {
  std::array<double, kServiceCount> hours{};       ///< household-hours
  std::array<double, kServiceCount> beyond_24h{};  ///< of them
  double degree_hours = 0.0;

  double total(const Weights& weights) const {
    double sum = weights.degree_hours * degree_hours;
    for (std::size_t s = 0; s < kServiceCount; ++s) {
      sum += weights.service[s] * (hours[s] + weights.beyond_24h * beyond_24h[s]);
    }
    return sum;
  }
};

/// Adds what the step that ends at state.now cost, except `hours`, which the ledger counts to the
/// second. An outage that ends within the step no longer counts in it for E.
void add_step(const Model& model, const State& state, Seconds step, Loss& loss);

}  // namespace wintergrid::plan
