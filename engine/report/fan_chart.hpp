#pragma once
// How a share of households went over time: band, median and recorded points, as an SVG picture.

#include <string>
#include <utility>
#include <vector>

namespace wintergrid::report {

struct FanChart {
  struct Mark {
    double hour = 0.0, share = 0.0;
    bool filled = true;
    std::string text;  ///< shown when pointed at
  };
  std::string title;
  std::string sentence;  ///< what it shows
  double from_hour = 0.0, to_hour = 0.0;
  std::vector<std::pair<double, std::string>> dates;  ///< hours at which a day is named
  std::vector<double> hour, low, median, high;        ///< of equal length, shares
  std::vector<Mark> marks;
};

/// One picture, charts below each other.
std::string to_svg(const std::vector<FanChart>& charts);

}  // namespace wintergrid::report
