#include "engine/report/bar_chart.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/report/svg.hpp"
#include "engine/report/terminal.hpp"

namespace wintergrid::report {
namespace {

constexpr double kLabelWidth = 320.0, kRightMargin = 90.0;
constexpr double kTitleHeight = 34.0, kBarHeight = 20.0, kAxisHeight = 44.0;

double height_of(const BarChart& chart) {
  return kTitleHeight + kBarHeight * static_cast<double>(chart.bars.size()) + kAxisHeight;
}

std::string chart_text(const BarChart& chart, double top) {
  double largest = 0.0;
  for (const Bar& bar : chart.bars) {
    largest = std::max({largest, bar.value, bar.high});
  }
  const double scale =
      (kPictureWidth - kLabelWidth - kRightMargin) / (largest > 0.0 ? largest : 1.0);
  std::string text = fmt::format("<text class=\"title\" x=\"10\" y=\"{:.0f}\">{}</text>\n",
                                 top + 22.0, svg_escaped(chart.title));
  double y = top + kTitleHeight;
  for (const Bar& bar : chart.bars) {
    const double middle = y + 0.5 * kBarHeight;
    text += fmt::format(
        "<text class=\"label\" x=\"{:.0f}\" y=\"{:.1f}\">{}</text>\n"
        "<rect class=\"bar\" x=\"{:.0f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.0f}\"/>\n"
        "<line class=\"interval\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n"
        "<text class=\"value\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n",
        kLabelWidth - 8.0, middle + 4.0, svg_escaped(bar.label), kLabelWidth, y + 3.0,
        scale * bar.value, kBarHeight - 6.0, kLabelWidth + scale * bar.low, middle,
        kLabelWidth + scale * bar.high, middle,
        kLabelWidth + scale * std::max(bar.value, bar.high) + 6.0, middle + 4.0,
        rounded(bar.value));
    y += kBarHeight;
  }
  text += fmt::format("<text class=\"axis\" x=\"{:.0f}\" y=\"{:.0f}\">{}</text>\n", 10.0, y + 20.0,
                      svg_escaped(chart.axis));
  return text;
}

}  // namespace

std::string to_svg(const std::vector<BarChart>& charts) {
  double height = 0.0;
  std::string body;
  for (const BarChart& chart : charts) {
    body += chart_text(chart, height);
    height += height_of(chart);
  }
  return svg_picture(
      height, body,
      ".label{text-anchor:end}.bar{fill:#3b74b4}.interval{stroke:#111;stroke-width:2}",
      ".interval{stroke:#eee}.bar{fill:#6ea3dc}");
}

}  // namespace wintergrid::report
