#pragma once
// Small networks of circulating water for tests, built node by node.

#include <cstdint>
#include <numeric>
#include <vector>

#include "grid_models/heat/circulation.hpp"

namespace wintergrid::heat::test {

inline constexpr double kHouseholdW = 2500.0;

struct Network {
  Model model;
  std::vector<std::int64_t> households;
  std::vector<double> available_mw, factor;

  Network() {
    model.fidelity = Fidelity::hydraulic;
    model.design_household_w = kHouseholdW;
    model.network_loss_share = 0.2;
  }
  std::uint32_t node(std::int64_t count) {
    households.push_back(count);
    return static_cast<std::uint32_t>(model.node_count++);
  }
  void pipe(std::uint32_t from, std::uint32_t to, double capacity_mw, double length_km) {
    model.pipe_from.push_back(from);
    model.pipe_to.push_back(to);
    model.pipe_capacity_mw.push_back(capacity_mw);
    model.pipe_length_m.push_back(1000.0 * length_km);
    model.pipe_diameter_m.push_back(typical_diameter_m(model.design, capacity_mw, 80.0));
    factor.push_back(1.0);
  }
  /// A pipe to another network, shut.
  void tie(std::uint32_t from, std::uint32_t to, double capacity_mw, double length_km) {
    pipe(from, to, capacity_mw, length_km);
    model.pipe_normally_closed.resize(factor.size(), 0);
    model.pipe_normally_closed.back() = 1;
    factor.back() = 0.0;
  }
  void source(std::uint32_t at, double capacity_mw) {
    model.source_node.push_back(at);
    model.source_capacity_mw.push_back(capacity_mw);
    available_mw.push_back(capacity_mw);
  }
  Circulation circulation() const {
    Model whole = model;
    whole.pipe_normally_closed.resize(whole.pipe_normally_closed.empty() ? 0 : factor.size(), 0);
    return {whole, households};
  }
  CirculationInputs inputs(double load) const { return {available_mw, factor, households, load}; }
  double wanted_mw(double load) const {
    return 1e-6 * kHouseholdW * load *
           static_cast<double>(std::accumulate(households.begin(), households.end(), 0LL));
  }
};

}  // namespace wintergrid::heat::test
