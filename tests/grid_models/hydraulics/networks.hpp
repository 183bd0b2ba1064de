#pragma once
// Small networks that tests build by hand.

#include <cstdint>
#include <vector>

#include "grid_models/hydraulics/solver.hpp"

namespace wintergrid::hydraulics::test {

/// A Hazen-Williams pipe of C = 130.
inline std::uint32_t add_pipe(Network& network, std::uint32_t from, std::uint32_t to,
                              double length_m = 1000.0, double diameter_m = 0.3) {
  const std::uint32_t k = network.add_link(LinkKind::pipe, from, to, diameter_m);
  network.resistance[k] = hazen_williams_resistance(length_m, diameter_m, 130.0);
  return k;
}

/// Reservoir (50 m) -- pipe -- valve -- pipe -- junction with demand; nodes 0, 1, 2, 3, links 0,
/// 1, 2.
inline Network valve_between_pipes(LinkKind kind) {
  Network network;
  network.add_node(50.0, true);
  for (int i = 0; i < 3; ++i) {
    network.add_node(0.0, false);
  }
  add_pipe(network, 0, 1);
  network.add_link(kind, 1, 2, 0.3);
  add_pipe(network, 2, 3);
  return network;
}

inline SolverOptions tight() {
  SolverOptions options;
  options.accuracy = 1e-7;
  return options;
}

}  // namespace wintergrid::hydraulics::test
