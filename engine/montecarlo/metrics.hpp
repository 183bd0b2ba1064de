#pragma once
// The numbers that are kept of every replication: one row of integers in a fixed order. The order
// is part of the checkpoint and results formats.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "grid_models/system/outcome.hpp"

namespace wintergrid::montecarlo {

struct Metric {
  std::string name;  ///< "power.household_hours_lost"
  std::string
      unit;  ///< of the reported value: household-hours, households, hours, buildings, MWh ...
  double per_unit =
      1;  ///< stored integer / per_unit = reported value (3600 for seconds shown as hours)
  std::string meaning;
};

/// All metrics, in row order.
const std::vector<Metric>& metrics();
/// Position of a name; metrics().size() if there is none.
std::size_t metric_index(std::string_view name);

/// Writes metrics().size() integers.
void fill_row(const Outcome& outcome, std::span<std::int64_t> row);

/// Whether the services that the metric is about are modelled; if not, its value means nothing.
bool is_modelled(std::size_t metric, const Model& model);

/// Largest value that a metric can take for a model: everything lost for the whole horizon. A
/// failed replication is counted between 0 and this (promise 6). In the reported unit; infinite
/// where there is none (how often buildings are drained, what is burnt or repaired).
double upper_bound(std::size_t metric, const Model& model);

}  // namespace wintergrid::montecarlo
