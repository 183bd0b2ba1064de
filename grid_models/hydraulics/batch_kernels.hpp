#pragma once
// One iteration of eight cases of a network, number by number: laws of pipes and demands, assembly,
// changes of flows. Private to grid_models/hydraulics.

#include <cstddef>
#include <cstdint>

#include "grid_models/hydraulics/headloss.hpp"
#include "grid_models/network/lanes.hpp"

namespace wintergrid::hydraulics::batch {

/// A link and its places in the equations; kNone at fixed heads.
struct Link {
  std::uint32_t from = 0, to = 0, row_from = 0, row_to = 0;
  std::uint32_t slot_from = 0, slot_to = 0, pair_slot = 0;
  bool by_power_law = false;    ///< a pipe of Hazen-Williams or Chezy-Manning
  bool constant_power = false;  ///< a pump whose flow must stay positive
  double resistance = 0.0, minor_loss = 0.0;
};

/// A node with pressure-driven demand.
struct Consumer {
  std::uint32_t node = 0, row = 0, slot = 0;
  double full_m3s = 0.0, elevation_m = 0.0;
};

struct Laws {
  const FastPower* hazen_williams = nullptr;  ///< null: Chezy-Manning
  double least_gradient = 0.0;
  double pressure_span_m = 0.0, minimum_pressure_m = 0.0, inverse_exponent = 2.0;
};

/// Arrays of the eight cases, by link, node or consumer.
struct Links {
  const Link* link = nullptr;
  std::size_t count = 0;
  LaneValues* flow = nullptr;
  const LaneValues* open = nullptr;         ///< 1 or 0
  const LaneValues* conductance = nullptr;  ///< where not open: a leak, or nothing
  LaneValues* inverse_gradient = nullptr;
  LaneValues* correction = nullptr;
};
struct Consumers {
  const Consumer* consumer = nullptr;
  std::size_t count = 0;
  const LaneValues* drawing = nullptr;  ///< 1 or 0: isolated
  LaneValues* delivered = nullptr;      ///< by node
  LaneValues* loss = nullptr;
  LaneValues* gradient = nullptr;
};
struct Equations {
  const LaneValues* head = nullptr;  ///< by node
  LaneValues* values = nullptr;
  LaneValues* right_side = nullptr;  ///< by row
};
struct Steps {
  LaneValues relaxation, total, change, largest;
};

struct Kernels {
  /// P and Y of pipes that follow a power law, where open; of others with a leak.
  void (*set_terms)(const Laws&, const Links&) = nullptr;
  void (*place_links)(const Links&, const Equations&) = nullptr;
  void (*place_consumers)(const Laws&, const Consumers&, const Equations&) = nullptr;
  void (*move_flows)(const Links&, const LaneValues* head, Steps&) = nullptr;
  void (*move_demands)(const Laws&, const Consumers&, const LaneValues* head, Steps&) = nullptr;
};
const Kernels& kernels(Processor processor);

}  // namespace wintergrid::hydraulics::batch
