#include "engine/report/start_day.hpp"

#include <chrono>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/scenario/start_time.hpp"

namespace wintergrid::report {
namespace {

using Minutes = std::chrono::sys_time<std::chrono::minutes>;

Minutes start_of(std::string_view start) {
  scenario::NoStart why;
  const std::optional<scenario::StartTime> parsed = scenario::parse_start(start, why);
  if (!parsed) {
    throw std::invalid_argument(fmt::format("start '{}' {}", start, why.words));
  }
  const std::chrono::year_month_day date{std::chrono::year{parsed->year},
                                         std::chrono::month{static_cast<unsigned>(parsed->month)},
                                         std::chrono::day{static_cast<unsigned>(parsed->day)}};
  return std::chrono::sys_days{date} + std::chrono::hours{parsed->hour};
}

/// Of "...+02:00", 120; of "...Z", 0.
std::chrono::minutes offset_of(std::string_view start) {
  if (start.ends_with('Z')) {
    return std::chrono::minutes{0};
  }
  const std::string_view offset = start.substr(start.size() - 6);
  const auto digit = [&](std::size_t at) { return offset[at] - '0'; };
  const int minutes = (digit(1) * 10 + digit(2)) * 60 + digit(4) * 10 + digit(5);
  return std::chrono::minutes{offset[0] == '-' ? -minutes : minutes};
}

}  // namespace

LocalHour local_hour(std::string_view start, std::int64_t hours) {
  const Minutes time = start_of(start) + std::chrono::hours{hours};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(std::chrono::duration_cast<std::chrono::hours>(time - day).count())};
}

std::string utc_text(std::string_view start, std::int64_t hours) {
  const Minutes time = start_of(start) + std::chrono::hours{hours} - offset_of(start);
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const auto minutes = (time - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:00.000Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     minutes / 60, minutes % 60);
}

}  // namespace wintergrid::report
