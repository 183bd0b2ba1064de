#include "engine/report/fan_chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "engine/report/svg.hpp"

namespace wintergrid::report {
namespace {

constexpr double kLeft = 60.0, kRight = 20.0, kTitle = 30.0, kPlot = 220.0, kBelow = 58.0;
constexpr double kChart = kTitle + kPlot + kBelow;

/// The least round step that leaves at most five lines.
double grid_step(double largest) {
  constexpr std::array<double, 7> kSteps = {0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2};
  for (const double step : kSteps) {
    if (largest <= 5.0 * step) {
      return step;
    }
  }
  return 0.25;
}

std::string chart_text(const FanChart& chart, double top) {
  double largest = 0.0;
  for (std::size_t i = 0; i < chart.hour.size(); ++i) {
    largest = std::max({largest, chart.high[i]});
  }
  for (const FanChart::Mark& mark : chart.marks) {
    largest = std::max(largest, mark.share);
  }
  const double step = grid_step(std::max(largest, 0.01));
  const double full = step * std::ceil(std::max(largest, 0.01) / step - 1e-9);
  const auto x = [&](double hour) {
    return kLeft + (kPictureWidth - kLeft - kRight) * (hour - chart.from_hour) /
                       std::max(1.0, chart.to_hour - chart.from_hour);
  };
  const auto y = [&](double share) { return top + kTitle + kPlot * (1.0 - share / full); };
  std::string text = fmt::format("<text class=\"title\" x=\"10\" y=\"{:.0f}\">{}</text>\n",
                                 top + 20.0, svg_escaped(chart.title));
  for (double share = 0.0; share <= full + 1e-9; share += step) {
    text += fmt::format(
        "<line class=\"grid\" x1=\"{:.0f}\" x2=\"{:.0f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>"
        "<text class=\"left\" x=\"{:.0f}\" y=\"{:.1f}\">{:.3g} %</text>\n",
        kLeft, kPictureWidth - kRight, y(share), y(share), kLeft - 6.0, y(share) + 4.0,
        100.0 * share);
  }
  for (const auto& [hour, date] : chart.dates) {
    text += fmt::format(
        "<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>"
        "<text class=\"below\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n",
        x(hour), x(hour), y(full), y(0.0) + 4.0, x(hour), y(0.0) + 18.0, svg_escaped(date));
  }
  if (!chart.hour.empty()) {
    std::string band, median;
    for (std::size_t i = 0; i < chart.hour.size(); ++i) {
      fmt::format_to(std::back_inserter(band), "{:.1f},{:.1f} ", x(chart.hour[i]),
                     y(chart.high[i]));
      fmt::format_to(std::back_inserter(median), "{:.1f},{:.1f} ", x(chart.hour[i]),
                     y(chart.median[i]));
    }
    for (std::size_t i = chart.hour.size(); i-- > 0;) {
      fmt::format_to(std::back_inserter(band), "{:.1f},{:.1f} ", x(chart.hour[i]), y(chart.low[i]));
    }
    text += fmt::format(
        "<polygon class=\"band\" points=\"{}\"/>\n<polyline class=\"median\" points=\"{}\"/>\n",
        band, median);
  }
  for (const FanChart::Mark& mark : chart.marks) {
    text += fmt::format(
        "<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4.5\"><title>{}</title></circle>\n",
        mark.filled ? "mark" : "open", x(mark.hour), y(mark.share), svg_escaped(mark.text));
  }
  text += fmt::format("<text class=\"axis\" x=\"10\" y=\"{:.0f}\">{}</text>\n",
                      top + kTitle + kPlot + 40.0, svg_escaped(chart.sentence));
  return text;
}

}  // namespace

std::string to_svg(const std::vector<FanChart>& charts) {
  std::string body;
  double height = 0.0;
  for (const FanChart& chart : charts) {
    body += chart_text(chart, height);
    height += kChart;
  }
  return svg_picture(
      height, body,
      ".grid{stroke:#ddd}.left{text-anchor:end}.below{text-anchor:middle;font-size:11px}"
      ".band{fill:#3b74b4;fill-opacity:.3}.median{fill:none;stroke:#3b74b4;stroke-width:2}"
      ".mark{fill:#b4452b}.open{fill:#fff;stroke:#b4452b;stroke-width:2}",
      ".grid{stroke:#444}.band{fill:#6ea3dc}.median{stroke:#6ea3dc}.mark{fill:#f08a6c}"
      ".open{fill:#181818;stroke:#f08a6c}");
}

}  // namespace wintergrid::report
