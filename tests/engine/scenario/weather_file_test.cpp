// The user's own temperatures: EPW and CSV, their alignment with the start, gaps and wrong values.

#include "engine/scenario/weather_file.hpp"

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/montecarlo/prepare.hpp"
#include "engine/random/timeline_sampler.hpp"
#include "engine/scenario/overlay.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid::scenario {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr StartTime kStart{2026, 1, 31, 22};

std::vector<float> read(const std::string& text, std::size_t hours, Diagnostics& diagnostics,
                        StartTime start = kStart) {
  return read_weather({"w.csv", text, 0}, start, hours, diagnostics);
}

std::string problem(const std::string& text, std::size_t hours = 3) {
  Diagnostics diagnostics;
  EXPECT_TRUE(read(text, hours, diagnostics).empty());
  return diagnostics.to_text();
}

TEST(WeatherFile, CsvWithoutTimeBeginsAtTheStart) {
  Diagnostics diagnostics;
  EXPECT_THAT(read("outdoor_c\n-1\n-2.5\n3\n9\n", 3, diagnostics), ElementsAre(-1.0F, -2.5F, 3.0F));
  EXPECT_THAT(read("hour;outdoor_c\n1;-1,5\n2;0\n3;4\n", 3, diagnostics),
              ElementsAre(-1.5F, 0.0F, 4.0F));
  EXPECT_EQ(diagnostics.to_text(), "");
}

TEST(WeatherFile, CsvWithTimeIsLookedUpInAnyOrder) {
  Diagnostics diagnostics;
  EXPECT_THAT(read("time,outdoor_c\n2026-02-01T00:00,3\n2026-01-31 23:00:00,2\n"
                   "2026-01-31T22:00,1\n2025-01-31T22:00,-9\n",
                   3, diagnostics),
              ElementsAre(1.0F, 2.0F, 3.0F));
  EXPECT_EQ(diagnostics.to_text(), "");
}

std::string epw(bool leap_day) {
  std::string text = "LOCATION,Nowhere,-,-,synthetic,0,0,0,2,100\n";
  for (int line = 0; line < 7; ++line) {
    text += "HEADER\n";
  }
  const int days[] = {31, leap_day ? 29 : 28, 31};
  for (int month = 1; month <= 3; ++month) {
    for (int day = 1; day <= days[month - 1]; ++day) {
      for (int hour = 1; hour <= 24; ++hour) {
        text += fmt::format("2007,{},{},{},0,?9,{},1,80,100000\n", month, day, hour,
                            month * 10 + day / 10.0 + hour / 100.0);
      }
    }
  }
  return text;
}

TEST(WeatherFile, EpwIsLookedUpByMonthDayAndHour) {
  Diagnostics diagnostics;
  const auto values = read(epw(false), 26, diagnostics);
  ASSERT_EQ(values.size(), 26U);
  EXPECT_FLOAT_EQ(values[0], 13.33F);  // 31 January, 22 to 23: field hour 23
  EXPECT_FLOAT_EQ(values[2], 20.11F);  // 1 February, 0 to 1
  const auto leap = read(epw(false), 2, diagnostics, {2028, 2, 29, 5});
  ASSERT_EQ(leap.size(), 2U);
  EXPECT_FLOAT_EQ(leap[0], 22.86F);  // the 28th
  EXPECT_FLOAT_EQ(read(epw(true), 1, diagnostics, {2028, 2, 29, 5}).at(0), 22.96F);
  EXPECT_EQ(diagnostics.to_text(), "");
}

TEST(WeatherFile, SaysWhatIsWrong) {
  EXPECT_THAT(problem(""), HasSubstr("the file is empty"));
  EXPECT_THAT(problem("temp\n1\n"), HasSubstr("column 'outdoor_c' is missing"));
  EXPECT_THAT(problem("outdoor_c\n1\n2\n"),
              HasSubstr("there is no temperature for 2026-02-01T00:00"));
  EXPECT_THAT(problem("outdoor_c\n1\nwarm\n3\n"),
              HasSubstr("w.csv:3:1: error: the temperature is 'warm'"));
  EXPECT_THAT(problem("outdoor_c\n1\n270\n3\n"),
              HasSubstr("the temperature is 270 C (must be -60 to 50)"));
  EXPECT_THAT(problem("time,outdoor_c\nyesterday,1\n"), HasSubstr("the time is 'yesterday'"));
  EXPECT_THAT(problem("time,outdoor_c\n2026-01-31T22:00,1\n2026-01-31T22:00,2\n"),
              HasSubstr("2026-01-31T22:00 is given twice"));
  EXPECT_THAT(problem(epw(false).substr(0, 900), 30), HasSubstr("error"));
}

TEST(WeatherFile, IsTheWeatherOfEveryWinter) {
  const test::TempDir folder;
  std::string text = "outdoor_c\n";
  for (int hour = 0; hour < 24 * 4; ++hour) {
    text += fmt::format("{}\n", -hour / 10.0);
  }
  const std::string file = folder.write("w.csv", text).string();
  Diagnostics diagnostics;
  const Scenario scenario = read_scenario(
      std::string(WINTERGRID_SOURCE_DIR) + "/data/oblast/scenario.yaml",
      {*overlay_of_setting("horizon_days=4"), *overlay_of_setting("weather.file=" + file)},
      diagnostics);
  const auto which = montecarlo::prepare_case(scenario, diagnostics);
  ASSERT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  Timeline timeline;
  random::TimelineScratch scratch;
  for (const std::uint64_t replication : {0U, 7U}) {
    const random::Draw draw(1, replication);
    which->sampler->sample(draw, draw, scratch, timeline);
    ASSERT_EQ(timeline.outdoor_c.size(), 96U);
    EXPECT_FLOAT_EQ(timeline.outdoor_c[33], -3.3F);
    EXPECT_FLOAT_EQ(timeline.forecast_min_c[33], -5.6F);  // 23 hours later
    EXPECT_FLOAT_EQ(timeline.forecast_min_c[90], -9.5F);  // the last stays
  }
}

TEST(WeatherFile, AndAPresetContradict) {
  Diagnostics diagnostics;
  read_scenario(
      std::string(WINTERGRID_SOURCE_DIR) + "/data/oblast/scenario.yaml",
      {*overlay_of_setting("weather.preset=hard"), *overlay_of_setting("weather.file=w.csv")},
      diagnostics);
  EXPECT_THAT(diagnostics.to_text(), HasSubstr("both a weather file and a preset are given"));
}

}  // namespace
}  // namespace wintergrid::scenario
