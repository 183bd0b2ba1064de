#pragma once
// Flows of circulating water in one connected part of a heat network. Private to grid_models/heat.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "grid_models/heat/heat.hpp"
#include "grid_models/hydraulics/solver.hpp"

namespace wintergrid::heat {

/// rho c_p of water at 90 C, J/(m3 K) (965 kg/m3, 4.205 kJ/kg K; IAPWS-IF97).
inline constexpr double kHeatPerVolume = 4.06e6;

/// A part of a network: nodes, pipes and sources numbered from 0.
struct CirculationPart {
  std::size_t node_count = 0;
  std::vector<std::uint32_t> pipe_from, pipe_to;
  std::vector<double> pipe_length_m, pipe_diameter_m;
  std::vector<double> pipe_usual;  ///< factor of each when nothing is wrong: 0 for a tie, else 1
  std::vector<std::uint32_t> source_node;
  std::vector<double> source_capacity_w;
  std::vector<std::int64_t> node_households;
  NetworkDesign design;
  double household_w = 0.0;  ///< on the design day
  double indoor_c = 20.0;
  double loss_share = 0.0;           ///< of the heat sent out on the design day
  std::vector<double> source_share;  ///< of its capacity that a source's flow is sized for
};

/// By node: the lowest node that open pipes (factor > 0) join it with.
void label_joined(std::span<const std::uint32_t> pipe_from, std::span<const std::uint32_t> pipe_to,
                  std::span<const double> pipe_factor, std::span<std::uint32_t> label);

/// Flows in m3/s. Pipes: positive from `from` to `to`, in the supply line.
struct CirculationFlows {
  bool solved = false;
  std::vector<double> head_m;  ///< supply above return, by node
  std::vector<double> pipe_m3s;
  std::vector<double> source_m3s;
  std::vector<double> served;  ///< of the flow that the node's open valves want, by node
};

/// Nothing allocates after construction.
class CirculationFlow {
 public:
  /// Sizes the pumps for the intact part with everybody connected and its ties shut; networks that
  /// only ties join are sized each for itself.
  explicit CirculationFlow(const CirculationPart& part);

  /// `pump_share`: of each source's pumps that run, 0: none; `pipe_factor`: 0 closed.
  void solve(std::span<const double> pump_share, std::span<const double> pipe_factor,
             std::span<const std::int64_t> taking_households, CirculationFlows& flows);

  CirculationFlows make_flows() const;
  double household_m3s() const { return household_m3s_; }
  /// Head of each source's pumps when nothing is wrong, m; 0: nothing to feed.
  std::span<const double> lift_m() const { return lift_m_; }

 private:
  hydraulics::Network make_network(bool sizing) const;
  void size_pumps();
  void shut_ties(hydraulics::State& state) const;
  void make_start();

  CirculationPart part_;
  double household_m3s_ = 0.0;
  std::vector<double> capacity_m3s_;      // by source: carries its heat on the design day
  std::vector<double> resistance_;        // by pipe, whole
  std::vector<double> lift_m_;            // by source
  std::vector<double> pump_coefficient_;  // by source, all pumps running
  std::unique_ptr<hydraulics::Solver> solver_;
  hydraulics::SolverOptions options_;
  hydraulics::State start_, state_;
  std::vector<double> demand_m3s_;
};

}  // namespace wintergrid::heat
