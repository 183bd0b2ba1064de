#pragma once
// Mass flows and pressures of a heat network for given water temperatures.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "grid_models/heat/thermal_network.hpp"

namespace wintergrid::heat {

struct FlowResult {
  bool converged = false;
  int iterations = 0;
};

/// Pattern and order are found once; a solve allocates nothing. One per thread.
class ThermalFlow {
 public:
  explicit ThermalFlow(const ThermalNetwork& network);
  ~ThermalFlow();
  ThermalFlow(ThermalFlow&&) noexcept;
  ThermalFlow& operator=(ThermalFlow&&) noexcept;

  /// Flows, pressures, velocities and node states into `state`, whose pipe_mean_k gives densities
  /// and viscosities and whose flows are the first guess. `wanted_kg_s`: what consumers' valves let
  /// through at most. Parts that no source of pressure reaches are left out.
  FlowResult solve(const ThermalNetwork& network, std::span<const double> wanted_kg_s,
                   ThermalState& state);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Barometric pressure in bar at a height (international standard atmosphere).
double air_pressure_bar(double height_m);

}  // namespace wintergrid::heat
