// A fan chart as coordinates: 860 wide, plot from x = 60 to 840 and, in the first chart, y = 30 to
// 250.

#include "engine/report/fan_chart.hpp"

#include <string>

#include <gtest/gtest.h>

namespace wintergrid::report {
namespace {

FanChart chart() {
  FanChart chart;
  chart.title = "heat & <power>";
  chart.sentence = "what it shows";
  chart.to_hour = 100.0;
  chart.dates = {{0.0, "8 Jan"}, {50.0, "10 Jan"}};
  chart.hour = {0.0, 50.0, 100.0};
  chart.low = {0.0, 0.1, 0.0};
  chart.median = {0.0, 0.2, 0.1};
  chart.high = {0.0, 0.4, 0.2};
  chart.marks = {{50.0, 0.2, true, "recorded"}, {100.0, 0.4, false, "used"}};
  return chart;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(FanChart, BandMedianAndMarksLieWhereTheirValuesAre) {
  const std::string svg = to_svg(std::vector<FanChart>{chart()});
  // 0.4 is the top of the plot: y = 30; 0.2 its middle: 140; hour 50 is x = 450.
  EXPECT_TRUE(has(svg, "class=\"median\" points=\"60.0,250.0 450.0,140.0 840.0,195.0 \"")) << svg;
  EXPECT_TRUE(
      has(svg, "points=\"60.0,250.0 450.0,30.0 840.0,140.0 840.0,250.0 450.0,195.0 60.0,250.0"))
      << svg;
  EXPECT_TRUE(has(svg, "class=\"mark\" cx=\"450.0\" cy=\"140.0\"")) << svg;
  EXPECT_TRUE(has(svg, "class=\"open\" cx=\"840.0\" cy=\"30.0\"")) << svg;
  EXPECT_TRUE(has(svg, ">40 %</text>")) << svg;
  EXPECT_TRUE(has(svg, "x=\"450.0\" y=\"268.0\">10 Jan<")) << svg;
}

TEST(FanChart, TextIsEscapedAndChartsStandBelowEachOther) {
  const std::string svg = to_svg(std::vector<FanChart>{chart(), chart()});
  EXPECT_TRUE(has(svg, "heat &amp; &lt;power&gt;")) << svg;
  EXPECT_FALSE(has(svg, "<power>"));
  EXPECT_TRUE(has(svg, "viewBox=\"0 0 860 616\"")) << svg;
  EXPECT_TRUE(has(svg, "cx=\"450.0\" cy=\"448.0\"")) << svg;
}

TEST(FanChart, NothingToShowIsStillAPicture) {
  FanChart empty;
  const std::string svg = to_svg(std::vector<FanChart>{empty});
  EXPECT_TRUE(has(svg, "<svg ") && has(svg, "</svg>"));
  EXPECT_FALSE(has(svg, "nan"));
}

}  // namespace
}  // namespace wintergrid::report
