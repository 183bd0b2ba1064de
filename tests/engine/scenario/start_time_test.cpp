#include "engine/scenario/start_time.hpp"

#include <string>

#include <gtest/gtest.h>

namespace wintergrid::scenario {
namespace {

std::string read(const std::string& text) {
  NoStart why;
  const auto start = parse_start(text, why);
  if (!start) {
    return why.words;
  }
  return std::to_string(start->year) + "/" + std::to_string(start->month) + "/" +
         std::to_string(start->day) + " " + std::to_string(start->hour);
}

TEST(StartTime, LocalTimeWithAFixedOffset) {
  EXPECT_EQ(read("2026-01-09T00:00+02:00"), "2026/1/9 0");
  EXPECT_EQ(read("2025-12-31T23:00:00-05:30"), "2025/12/31 23");
  EXPECT_EQ(read("2024-02-29T12:00Z"), "2024/2/29 12");  // a leap day
  EXPECT_EQ(read("2000-02-29T12:00Z"), "2000/2/29 12");  // every 400 years too
}

TEST(StartTime, RefusedWithTheReason) {
  EXPECT_EQ(read("2026-02-29T12:00Z"), "there is no such date");
  EXPECT_EQ(read("2100-02-29T12:00Z"), "there is no such date");  // but not every 100
  EXPECT_EQ(read("2026-13-01T12:00Z"), "there is no such date");
  EXPECT_EQ(read("2026-00-01T12:00Z"), "there is no such date");
  EXPECT_EQ(read("2026-01-09T00:00"),
            "an offset from UTC is missing: local time alone is ambiguous");
  EXPECT_EQ(read("2026-01-09T00:00:00"),
            "an offset from UTC is missing: local time alone is ambiguous");
  EXPECT_EQ(read("2026-01-09T00:00:30Z"), "must be on the full hour");
  EXPECT_EQ(read("2026-01-09T00:00+02:60"), "no place has that offset from UTC");
  EXPECT_EQ(read("2026-01-09T00:00 +02:00"), "the offset from UTC must be like +02:00, or Z");
  EXPECT_EQ(read(""), "must be a date, T, a time and an offset from UTC");
  EXPECT_EQ(read("2026-1-9T00:00Z"), "must be a date, T, a time and an offset from UTC");
}

}  // namespace
}  // namespace wintergrid::scenario
