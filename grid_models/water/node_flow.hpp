#pragma once
// What a fidelity answers about one part of a water network: who gets which share of the demand,
// and what flows into and out of tanks. Private to grid_models/water.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "grid_models/water/water.hpp"

namespace wintergrid::water {

/// Which nodes draw water: those that do now, or all, to see who could be served again.
enum class Question : std::uint8_t { present = 0, possible };

/// All that an answer depends on. Arrays by node and by link of the part.
struct Moment {
  std::span<const double> wanted_m3_per_h;
  std::span<const double> node_powered;  ///< 0 or 1
  std::span<const double> node_factor;   ///< 0..1
  std::span<const double> tank_level_m3;
  std::span<const double> link_factor;
  double repressurisation_hours = 0.0, refill_share = 0.0;
  Question question = Question::present;
};

struct Answer {
  std::vector<double> share;          ///< by node, 0..1; without demand: whether water is there
  std::vector<double> fill_m3_per_h;  ///< by node: refill minus outflow of a tank
  bool from_works_alone = false;      ///< all that draws has what it wants, and no tank gives
  bool bounded = false;               ///< no solution found: Parts answers by capacity
};

/// Answers are pure functions of the moment. Nothing allocates after construction.
class NodeFlow {
 public:
  NodeFlow() = default;
  virtual ~NodeFlow() = default;
  NodeFlow(const NodeFlow&) = delete;
  NodeFlow& operator=(const NodeFlow&) = delete;
  virtual void solve(const Moment& moment, Answer& answer) = 0;
};

/// For a network in one part.
std::unique_ptr<NodeFlow> make_transport(const Model& part);
std::unique_ptr<NodeFlow> make_hydraulic(const Model& part);

}  // namespace wintergrid::water
