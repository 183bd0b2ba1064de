// Demand categories, emitters and leaks of EPANET input files.
//
//   emitter   q = C p^(1/n), p in psi or m            so  h = (pressure unit / (C x flow unit)^n)
//   q^n leak      q = 0.6 sqrt(2 g h) (A + m h) for each 100 units of pipe, half of it at each end
//
// Source: EPANET 2.2 Users Manual (EPA/600/R-20/133), chapter 3.1; leaks: release notes of
// EPANET 2.3 (fixed and variable area discharge).

#include <algorithm>
#include <cmath>

#include "engine/scenario/epanet_reader.hpp"

namespace wintergrid::scenario::epanet {

using hydraulics::kNone;

void Reader::read_demands() {
  std::vector<std::uint8_t> replaced(network_.node_count(), 0);
  for (const Line& line : lines(Section::demands)) {
    if (!enough(line, 2, "junction demand pattern")) {
      continue;
    }
    const std::uint32_t node = find(line, 0, "node", nodes_);
    if (node == kNone || network_.fixed_head[node] != 0) {
      continue;  // EPANET ignores demands of reservoirs and tanks
    }
    hydraulics::Demand demand;
    demand.node = node;
    demand.base_m3s = value(line, 1, "demand") * units_.flow;
    if (line.size() > 2) {
      demand.pattern = find(line, 2, "pattern", patterns_);
    }
    if (replaced[node] == 0) {
      replaced[node] = 1;
      model_.demands[node] = demand;
    } else {
      model_.demands.push_back(demand);
    }
  }
  const auto found = patterns_.find(default_pattern_);
  for (hydraulics::Demand& demand : model_.demands) {
    if (demand.pattern == kNone && found != patterns_.end()) {
      demand.pattern = found->second;
    }
  }
  model_.demands.erase(
      std::remove_if(model_.demands.begin(), model_.demands.end(),
                     [](const hydraulics::Demand& demand) { return demand.base_m3s == 0.0; }),
      model_.demands.end());
}

void Reader::read_outlets() {
  // Emitters: q = C p^(1 / n), p in psi or m: h = (flow unit^n / pressure unit) / C^n q^n.
  const double pressure_unit = units_.si ? 1.0 : kFt / (0.4333 * specific_gravity_);
  for (const Line& line : lines(Section::emitters)) {
    if (!enough(line, 2, "junction coefficient")) {
      continue;
    }
    const std::uint32_t node = find(line, 0, "node", nodes_);
    const double c = not_negative(line, 1, "emitter coefficient");
    if (node != kNone && network_.fixed_head[node] == 0 && c > 0.0) {
      const double n = emitter_exponent_;
      network_.outlets.push_back(
          {node, pressure_unit / std::pow(c * units_.flow, n), n, backflow_});
    }
  }
  // Leaks: q = 0.6 sqrt(2 g h) (A + m h) for each 100 ft or m of pipe, half at each end; areas in
  // mm2, 4.815 = 0.6 sqrt(2 g) in feet (EPANET 2.3).
  std::vector<double> fixed_area(network_.node_count(), 0.0), growing(network_.node_count(), 0.0);
  for (const Line& line : lines(Section::leakage)) {
    if (!enough(line, 3, "pipe area expansion")) {
      continue;
    }
    const std::uint32_t k = find(line, 0, "link", links_);
    if (k == kNone || result_.length_m[k] == 0.0) {
      continue;
    }
    const std::uint32_t ends[] = {network_.from[k], network_.to[k]};
    const bool both = network_.fixed_head[ends[0]] == 0 && network_.fixed_head[ends[1]] == 0;
    const double file_unit = kFt / units_.length;
    // as EPANET: coefficients scaled by the length unit, areas from mm2, lengths in 100 ft
    const double scale =
        4.8149766e-6 * result_.length_m[k] / kFt / 100.0 * (both ? 0.5 : 1.0) * file_unit;
    for (const std::uint32_t node : ends) {
      if (network_.fixed_head[node] == 0) {
        fixed_area[node] += scale * not_negative(line, 1, "leak area") / (kFt * kFt);
        growing[node] += scale * not_negative(line, 2, "leak expansion") / kFt;
      }
    }
  }
  for (std::uint32_t node = 0; node < network_.node_count(); ++node) {
    if (fixed_area[node] > 0.0) {  // cfs per ft^0.5
      const double c = fixed_area[node] * kCfs / std::sqrt(kFt);
      network_.outlets.push_back({node, 1.0 / (c * c), 2.0, false});
    }
    if (growing[node] > 0.0) {  // cfs per ft^1.5
      const double c = growing[node] * kCfs / std::pow(kFt, 1.5);
      network_.outlets.push_back({node, 1.0 / std::pow(c, 2.0 / 3.0), 2.0 / 3.0, false});
    }
  }
}

}  // namespace wintergrid::scenario::epanet
