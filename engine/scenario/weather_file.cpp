#include "engine/scenario/weather_file.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <string>

#include <fmt/format.h>

#include "engine/scenario/csv_text.hpp"
#include "engine/scenario/messages.hpp"
#include "engine/scenario/number_text.hpp"

namespace wintergrid::scenario {
namespace {

constexpr double kColdestC = -60.0, kHottestC = 50.0;

/// Hours since 1970 of a local time.
std::int64_t hour_number(const StartTime& time) {
  const std::chrono::sys_days day{std::chrono::year{time.year} /
                                  std::chrono::month{static_cast<unsigned>(time.month)} /
                                  std::chrono::day{static_cast<unsigned>(time.day)}};
  return std::int64_t{24} * day.time_since_epoch().count() + time.hour;
}

StartTime time_of(std::int64_t hour_number) {
  const std::int64_t day = hour_number >= 0 ? hour_number / 24 : (hour_number - 23) / 24;
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(hour_number - 24 * day)};
}

std::string text_of(const StartTime& time) {
  return fmt::format("{:04}-{:02}-{:02}T{:02}:00", time.year, time.month, time.day, time.hour);
}

class WeatherReader {
 public:
  WeatherReader(const io::SourceText& source, const StartTime& start, std::size_t hours,
                Diagnostics& diagnostics)
      : path_(source.path),
        reader_(source, diagnostics),
        start_(start),
        hours_(hours),
        diagnostics_(diagnostics) {}

  std::vector<float> read() {
    std::vector<CsvCell> record;
    const std::size_t errors_before = diagnostics_.error_count();
    if (!reader_.next(record)) {
      diagnostics_.error(ErrorCode::file, {path_, 1, 1}, "the file is empty",
                         "give hourly temperatures: a column outdoor_c, or an EPW file");
      return {};
    }
    std::vector<float> values =
        lower_case(record.front().text) == "location" ? read_epw(record) : read_csv(record);
    return diagnostics_.error_count() == errors_before ? values : std::vector<float>{};
  }

 private:
  void error(ErrorCode code, const CsvCell& cell, std::string problem, std::string hint) {
    if (++errors_ <= kMostErrors) {
      diagnostics_.error(code, {path_, cell.line, cell.column}, std::move(problem),
                         std::move(hint));
    }
  }

  float temperature(const CsvCell& cell) {
    std::string text = cell.text;
    if (reader_.separator() != ',') {
      std::replace(text.begin(), text.end(), ',', '.');
    }
    const std::optional<double> value = to_double(text);
    if (!value) {
      error(ErrorCode::type, cell,
            fmt::format("the temperature is {} (must be a number)", in_quotes(cell.text)),
            "degrees Celsius");
      return 0.0F;
    }
    if (*value < kColdestC || *value > kHottestC) {
      error(ErrorCode::range, cell,
            fmt::format("the temperature is {} C (must be {} to {})", cell.text, kColdestC,
                        kHottestC),
            "degrees Celsius; in EPW 99.9 stands for a missing value");
      return 0.0F;
    }
    return static_cast<float>(*value);
  }

  std::vector<float> read_csv(const std::vector<CsvCell>& header) {
    constexpr std::size_t kNo = std::numeric_limits<std::size_t>::max();
    std::size_t value_column = kNo, time_column = kNo;
    for (std::size_t i = 0; i < header.size(); ++i) {
      const std::string name = lower_case(header[i].text);
      value_column = name == "outdoor_c" ? i : value_column;
      time_column = name == "time" ? i : time_column;
    }
    if (value_column == kNo) {
      diagnostics_.error(ErrorCode::missing, {path_, header.front().line, 1},
                         "column 'outdoor_c' is missing",
                         "name the column of hourly temperatures (C) outdoor_c");
      return {};
    }
    std::map<std::int64_t, float> by_hour;
    std::vector<CsvCell> record;
    std::int64_t next = hour_number(start_);
    while (reader_.next(record)) {
      if (record.size() <= value_column || (time_column != kNo && record.size() <= time_column)) {
        error(ErrorCode::syntax, record.front(),
              fmt::format("{} cells, but the first line has {}", record.size(), header.size()),
              "separate the cells as in the first line");
        continue;
      }
      const float value = temperature(record[value_column]);
      std::int64_t hour = next;
      if (time_column != kNo && !read_time(record[time_column], hour)) {
        continue;
      }
      if (!by_hour.emplace(hour, value).second) {
        error(ErrorCode::twice, record.front(),
              fmt::format("{} is given twice", text_of(time_of(hour))),
              "keep one row for each hour");
      }
      next = hour + 1;
    }
    std::vector<float> values;
    for (std::size_t i = 0; i < hours_; ++i) {
      const auto found = by_hour.find(hour_number(start_) + static_cast<std::int64_t>(i));
      if (found == by_hour.end()) {
        gap(i);
        return {};
      }
      values.push_back(found->second);
    }
    return values;
  }

  bool read_time(const CsvCell& cell, std::int64_t& hour) {
    std::string text = cell.text;
    if (text.size() > 10 && text[10] == ' ') {
      text[10] = 'T';
    }
    NoStart why;
    const std::optional<StartTime> time = parse_start(text + "Z", why);
    if (!time) {
      error(ErrorCode::type, cell, fmt::format("the time is {}", in_quotes(cell.text)),
            "write local time on the hour, like 2026-01-09T00:00, without an offset");
      return false;
    }
    hour = hour_number(*time);
    return true;
  }

  std::vector<float> read_epw(std::vector<CsvCell> record) {
    constexpr std::size_t kHeaderLines = 8, kTemperature = 6;
    constexpr int kMonthStep = 10000, kDayStep = 100;
    for (std::size_t line = 1; line < kHeaderLines; ++line) {
      reader_.next(record);
    }
    std::map<int, float> by_hour;  // month, day, hour
    while (reader_.next(record)) {
      std::optional<double> part[3];
      for (std::size_t i = 0; i < 3 && record.size() > kTemperature; ++i) {
        part[i] = to_double(record[i + 1].text);
      }
      if (!part[0] || !part[1] || !part[2]) {
        error(ErrorCode::type, record.front(), "this is not an hour of an EPW file",
              "after 8 lines of header: year, month, day, hour, minute, flags, dry-bulb ...");
        continue;
      }
      const int key = kMonthStep * static_cast<int>(*part[0]) +
                      kDayStep * static_cast<int>(*part[1]) + static_cast<int>(*part[2]) - 1;
      by_hour.emplace(key, temperature(record[kTemperature]));
    }
    std::vector<float> values;
    for (std::size_t i = 0; i < hours_; ++i) {
      const StartTime time = time_of(hour_number(start_) + static_cast<std::int64_t>(i));
      auto found = by_hour.find(kMonthStep * time.month + kDayStep * time.day + time.hour);
      if (found == by_hour.end() && time.month == 2 && time.day == 29) {
        found = by_hour.find(kMonthStep * 2 + kDayStep * 28 + time.hour);
      }
      if (found == by_hour.end()) {
        gap(i);
        return {};
      }
      values.push_back(found->second);
    }
    return values;
  }

  void gap(std::size_t hour) {
    const std::int64_t first = hour_number(start_);
    diagnostics_.error(
        ErrorCode::missing, {path_, 1, 1},
        fmt::format("there is no temperature for {}",
                    text_of(time_of(first + static_cast<std::int64_t>(hour)))),
        fmt::format("the scenario needs every hour from {} to {}", text_of(start_),
                    text_of(time_of(first + static_cast<std::int64_t>(hours_) - 1))));
  }

  static constexpr std::size_t kMostErrors = 5;
  std::string path_;
  CsvReader reader_;
  StartTime start_;
  std::size_t hours_;
  Diagnostics& diagnostics_;
  std::size_t errors_ = 0;
};

}  // namespace

std::vector<float> read_weather(const io::SourceText& source, const StartTime& start,
                                std::size_t hours, Diagnostics& diagnostics) {
  return WeatherReader(source, start, hours, diagnostics).read();
}

}  // namespace wintergrid::scenario
