#pragma once
// Test-only: one set of arguments and outputs of Shedding.

#include <cstdint>
#include <vector>

#include "grid_models/power/network.hpp"
#include "grid_models/power/shedding.hpp"

namespace wintergrid::test {

struct Moment {
  std::vector<std::uint8_t> branch_up;
  std::vector<std::uint8_t> bus_up;
  std::vector<double> capacity_mw;
  std::vector<double> demand_mw;
  std::vector<double> shed_mw;
  std::vector<double> generation_mw;
  std::vector<double> flow_mw;
};

/// Everything in service, at the network's capacities.
inline Moment moment_of(const power::Network& network, const std::vector<double>& demand_mw) {
  Moment moment;
  moment.branch_up.assign(network.branch_count(), 1);
  moment.bus_up.assign(network.bus_count, 1);
  moment.capacity_mw = network.generator_capacity_mw;
  moment.demand_mw = demand_mw;
  moment.shed_mw.assign(demand_mw.size(), 0.0);
  moment.generation_mw.assign(network.generator_count(), 0.0);
  moment.flow_mw.assign(network.branch_count(), 0.0);
  return moment;
}

inline power::SheddingResult solve(power::Shedding& shedding, Moment& moment) {
  return shedding.solve(moment.branch_up, moment.bus_up, moment.capacity_mw, moment.demand_mw,
                        moment.shed_mw, moment.generation_mw, moment.flow_mw);
}

}  // namespace wintergrid::test
