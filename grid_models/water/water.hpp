#pragma once
// Water for one moment and tanks between moments: flow from sources and tanks through links to
// demand nodes, limited by capacities (transport) or driven by pressure (hydraulic); pumps that
// need power, re-pressurisation after a loss.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "grid_models/core/time.hpp"

namespace wintergrid::water {

enum class NodeKind : std::uint8_t {
  junction = 0,
  works,  ///< intake and treatment: a source
  tank,
  pump_station,
};

enum class Fidelity : std::uint8_t {
  transport = 0,  ///< capacities only, fair shares
  hydraulic,      ///< pressure-driven
};

/// Const part, structure of arrays.
struct Model {
  Fidelity fidelity = Fidelity::transport;
  // nodes; flow through a pump_station node or out of a works needs its facility's power
  std::vector<NodeKind> node_kind;
  /// works: yield; pump_station: throughput; tank: outflow; junction: inf
  std::vector<double> node_capacity_m3_per_h;
  /// average demand of the households and leakage at the node
  std::vector<double> node_demand_m3_per_h;
  std::vector<double> tank_volume_m3;  ///< tanks only, else 0
  // links carry water from -> to; bidirectional if link_two_way
  std::vector<std::uint32_t> link_from;
  std::vector<std::uint32_t> link_to;
  std::vector<double> link_capacity_m3_per_h;
  std::vector<std::uint8_t> link_two_way;
  // hydraulic only
  std::vector<double> node_elevation_m;
  /// works and pump_station: lift at capacity; tank: bottom above its elevation
  std::vector<double> node_head_m;
  double tank_depth_m = 5.0;
  std::vector<double> link_length_m;
  std::vector<double> link_diameter_m;
  double roughness_coefficient = 110.0;  ///< Hazen-Williams C
  double required_pressure_m = 20.0;     ///< full demand from here up; none at 0 (Wagner)
  std::size_t node_count() const { return node_kind.size(); }
};

struct Parameters {
  /// a node that lost pressure serves again this long after supply returns (Kyiv 2022: 4 to 24)
  double repressurisation_hours = 8.0;
  /// below this share of demand a household is without water (15 of 150 L)
  double minimum_share = 0.10;
  /// tanks refill with up to this share of their volume per hour (assumption)
  double refill_share = 0.25;
};

struct State {
  std::vector<double> tank_level_m3;
  std::vector<float> node_share;  ///< delivered share of demand, 0..1
  /// 0: under pressure; kNever: dry; otherwise when it will serve again
  std::vector<Seconds> node_pressurised_at;
  Seconds settled_at = -1;  ///< moment of the last settle(): at the same moment it only takes away
};

/// The earliest end of a re-pressurisation under way, kNever if there is none: a moment at which
/// restore() has work to do.
Seconds next_event(const State& state);

struct Inputs {
  Seconds now = 0;
  double demand_factor = 1.0;           ///< by hour of day
  std::span<const double> node_factor;  ///< 0..1 after damage
  /// facility of the node has power (1 where none is needed)
  std::span<const std::uint8_t> node_powered;
  std::span<const double> link_factor;  ///< 0..1 after damage
  /// leaks of burst buildings; may be empty
  std::span<const double> node_extra_demand_m3_per_h;
};

/// Scratch for one thread; nothing allocates after construction.
class Water {
 public:
  explicit Water(const Model& model);
  ~Water();
  Water(Water&&) noexcept;
  Water& operator=(Water&&) noexcept;

  State initial_state() const;  ///< tanks full, all under pressure

  /// Loss at this moment: delivered shares given power, damage and tank levels, lexicographically
  /// max-min fair over the nodes that draw water. A second call at the same moment only takes away,
  /// whether or not restore() was called in between. A node whose share falls below minimum_share
  /// is dry from now on: share 0, draws nothing. A node without demand has share 1 where water can
  /// reach it, else 0.
  void settle(const Inputs& inputs, const Parameters& parameters, State& state);

  /// Coming up: a dry node whose supply is possible again starts its re-pressurisation timer, or
  /// serves when it expired. While the timer runs the node draws its demand (the mains fill) but
  /// serves nobody; if its supply is lost, it is dry again. Shares of nodes under pressure are set
  /// anew: more where supply has returned, less where others now draw too.
  void restore(const Inputs& inputs, const Parameters& parameters, State& state);

  /// Tank levels over the duration (> 0) with the flows of this moment; stops at the first tank
  /// that runs empty, and, while a tank gives, at the first that is full: returns the seconds
  /// actually advanced, at least 1. The second in which a tank runs empty counts as served.
  Seconds advance(const Inputs& inputs, const Parameters& parameters, Seconds duration,
                  State& state);

  /// True if a flow of this moment (since the last advance()) could not be solved, so that shares
  /// are those that capacities allow.
  bool bounded() const;

  /// True if the last call left everything served and tanks full: the next step without a change
  /// alters nothing.
  bool settled() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wintergrid::water
