#pragma once
// Temperatures of a heat network: of a pipe with flow and without, and of a network whose flows are
// known.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "grid_models/heat/thermal_network.hpp"

namespace wintergrid::heat {

/// Below this flow water stands: it would take years through a pipe.
inline constexpr double kStandingFlow = 1e-9;  // kg/s

/// Temperature in K where `flow_kg_s` > 0 leaves a pipe that it entered at `inlet_k`.
double outlet_temperature_k(const ThermalPipe& pipe, double inlet_k, double flow_kg_s,
                            double heat_capacity_j_kg_k);
/// Mean along the pipe, K.
double mean_temperature_k(const ThermalPipe& pipe, double inlet_k, double flow_kg_s,
                          double heat_capacity_j_kg_k);
/// Water that has stood for `hours`, from `start_k`; above 0 C (below, pipe_freezing.hpp goes on).
double standing_temperature_k(const ThermalPipe& pipe, double start_k, double hours);

class TransportDelay;

/// Temperatures for given flows; no allocation after construction.
class ThermalMixing {
 public:
  explicit ThermalMixing(const ThermalNetwork& network);

  /// From the flows in `state`: temperatures of nodes, ends and means of links. A pump's water
  /// depends on its return by way of `state.temperature_k` as it is on entry. Standing water has
  /// the temperature of its surroundings. Returns the largest change of a node's temperature, K.
  double solve(const ThermalNetwork& network, ThermalState& state);

  /// The same over `seconds` with water on its way: outlets and nodes are means over them. On a
  /// loop of flow a node meets what reached it a step before.
  void advance(const ThermalNetwork& network, ThermalState& state, TransportDelay& delay,
               double seconds);

  /// Water of pipes without flow, which stood `hours` from `start_k` (by pipe), and nodes between
  /// them; after solve(), which leaves them at the temperature of their surroundings.
  void cool_standing(const ThermalNetwork& network, std::span<const double> start_k, double hours,
                     ThermalState& state) const;

 private:
  void stand(const ThermalNetwork& network, ThermalState& state) const;
  void mix_all(const ThermalNetwork& network, ThermalState& state);
  struct End {
    std::uint32_t link = 0;
    bool is_from = false;
  };
  bool upstream(const End& end, const ThermalState& state) const;
  double flow_of(std::uint32_t link, const ThermalState& state) const;
  void leave(const ThermalNetwork& network, std::uint32_t link, double inlet_k,
             ThermalState& state) const;
  double mixed(const ThermalNetwork& network, std::uint32_t node, const ThermalState& state) const;
  double outlet_of(std::uint32_t link, const ThermalState& state) const;
  void leave_all(const ThermalNetwork& network, std::uint32_t node, ThermalState& state) const;

  std::size_t pipes_ = 0, consumers_ = 0;
  std::vector<std::uint32_t> offset_;  // ends of links by node
  std::vector<End> end_;
  std::vector<std::uint32_t> waiting_, order_;
  std::vector<std::uint8_t> done_;
  std::vector<double> held_k_, inflow_kg_s_, inflow_k_, previous_k_;
  TransportDelay* delay_ = nullptr;  // only within advance()
  double delay_s_ = 0.0;
};

}  // namespace wintergrid::heat
