#pragma once
// Random water networks and what happens to them.

#include <cstdint>
#include <limits>
#include <vector>

#include <rapidcheck.h>

#include "grid_models/water/water.hpp"

namespace wintergrid::water {

inline Fidelity arbitrary_fidelity() {
  return *rc::gen::arbitrary<bool>() ? Fidelity::transport : Fidelity::hydraulic;
}

inline Model arbitrary_model(Fidelity fidelity) {
  Model model;
  model.fidelity = fidelity;
  // A cubic metre an hour leaks through closed links as the solver sees them.
  const int scale = fidelity == Fidelity::hydraulic ? 10 : 1;
  const auto nodes = *rc::gen::inRange<std::uint32_t>(2, 12);
  for (std::uint32_t node = 0; node < nodes; ++node) {
    const auto kind = node == 0 ? NodeKind::works : static_cast<NodeKind>(*rc::gen::inRange(0, 4));
    model.node_kind.push_back(kind);
    model.node_capacity_m3_per_h.push_back(kind == NodeKind::junction
                                               ? std::numeric_limits<double>::infinity()
                                               : scale * *rc::gen::inRange(0, 60));
    model.node_demand_m3_per_h.push_back(
        kind == NodeKind::junction ? scale * *rc::gen::inRange(0, 30) : 0);
    model.tank_volume_m3.push_back(kind == NodeKind::tank ? scale * *rc::gen::inRange(1, 100) : 0);
    model.node_elevation_m.push_back(*rc::gen::inRange(0, 30));
    model.node_head_m.push_back(*rc::gen::inRange(10, 60));
    if (node > 0 && *rc::gen::inRange(0, 5) > 0) {  // else a part of its own begins
      model.link_from.push_back(*rc::gen::inRange<std::uint32_t>(0, node));
      model.link_to.push_back(node);
    }
  }
  const auto more = *rc::gen::inRange<std::size_t>(0, 5);
  for (std::size_t i = 0; i < more; ++i) {
    const auto from = *rc::gen::inRange<std::uint32_t>(0, nodes);
    model.link_from.push_back(from);
    model.link_to.push_back((from + *rc::gen::inRange<std::uint32_t>(1, nodes)) % nodes);
  }
  for (std::size_t link = 0; link < model.link_from.size(); ++link) {
    model.link_capacity_m3_per_h.push_back(*rc::gen::inRange(1, 60));
    model.link_two_way.push_back(*rc::gen::arbitrary<bool>() ? 1 : 0);
    model.link_length_m.push_back(*rc::gen::inRange(0, 3000));
    model.link_diameter_m.push_back(*rc::gen::inRange(10, 60) / 100.0);
  }
  return model;
}

/// What one moment looks like; most moments are like the one before or whole.
struct Circumstances {
  std::vector<double> node_factor, link_factor, extra;
  std::vector<std::uint8_t> powered;
  double demand_factor = 1.0;

  explicit Circumstances(const Model& model)
      : node_factor(model.node_count(), 1.0),
        link_factor(model.link_from.size(), 1.0),
        extra(model.node_count(), 0.0),
        powered(model.node_count(), 1) {}

  void change(const Model& model) {
    switch (*rc::gen::inRange(0, 7)) {
      case 0:
        *this = Circumstances(model);
        break;
      case 1:
        powered[*rc::gen::inRange<std::size_t>(0, powered.size())] ^= 1;
        break;
      case 2:
        node_factor[*rc::gen::inRange<std::size_t>(0, powered.size())] =
            *rc::gen::inRange(0, 5) / 4.0;
        break;
      case 3:
        link_factor[*rc::gen::inRange<std::size_t>(0, link_factor.size())] =
            *rc::gen::inRange(0, 3) / 2.0;
        break;
      case 4:
        demand_factor = *rc::gen::inRange(0, 9) / 4.0;
        break;
      case 5:
        extra[*rc::gen::inRange<std::size_t>(0, powered.size())] = *rc::gen::inRange(0, 20);
        break;
      default:
        break;  // as before
    }
  }
  Inputs inputs(Seconds now) const {
    return {now, demand_factor, node_factor, powered, link_factor, extra};
  }
};

}  // namespace wintergrid::water
