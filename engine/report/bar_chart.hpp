#pragma once
// Horizontal bars with intervals as an SVG picture: no script, no font of its own, readable in
// light and dark.

#include <string>
#include <vector>

namespace wintergrid::report {

struct Bar {
  std::string label;
  double value = 0.0;
  double low = 0.0, high = 0.0;  ///< interval
};

struct BarChart {
  std::string title, axis;
  std::vector<Bar> bars;
};

/// One picture, charts below each other. Values are >= 0.
std::string to_svg(const std::vector<BarChart>& charts);

}  // namespace wintergrid::report
