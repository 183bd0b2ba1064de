#include "engine/scenario/start_time.hpp"

#include <algorithm>
#include <chrono>

namespace wintergrid::scenario {
namespace {

bool is_digit(char character) { return character >= '0' && character <= '9'; }

}  // namespace

std::optional<StartTime> parse_start(std::string_view text, NoStart& why) {
  // YYYY-MM-DDThh:mm[:ss] and Z or +hh:mm; '0' stands for any digit.
  constexpr std::string_view kMinutes = "0000-00-00T00:00";
  constexpr std::string_view kSeconds = ":00";
  const auto matches = [](std::string_view given, std::string_view pattern) {
    return given.size() == pattern.size() &&
           std::equal(given.begin(), given.end(), pattern.begin(), [](char character, char wanted) {
             return wanted == '0' ? is_digit(character) : character == wanted;
           });
  };
  const auto two_digits = [](std::string_view given, std::size_t at) {
    return (given[at] - '0') * 10 + (given[at + 1] - '0');
  };
  if (!matches(text.substr(0, kMinutes.size()), kMinutes)) {
    why = {ErrorCode::type, "must be a date, T, a time and an offset from UTC"};
    return std::nullopt;
  }
  StartTime start;
  start.year = two_digits(text, 0) * 100 + two_digits(text, 2);
  start.month = two_digits(text, 5);
  start.day = two_digits(text, 8);
  start.hour = two_digits(text, 11);
  int minutes_and_seconds = two_digits(text, 14);
  std::string_view rest = text.substr(kMinutes.size());
  if (matches(rest.substr(0, kSeconds.size()), kSeconds)) {
    minutes_and_seconds += two_digits(rest, 1);
    rest.remove_prefix(kSeconds.size());
  }
  if (rest.empty()) {
    why = {ErrorCode::type, "an offset from UTC is missing: local time alone is ambiguous"};
    return std::nullopt;
  }
  const bool has_offset =
      rest.size() == 6 && (rest[0] == '+' || rest[0] == '-') && matches(rest.substr(1), "00:00");
  if (rest != "Z" && !has_offset) {
    why = {ErrorCode::type, "the offset from UTC must be like +02:00, or Z"};
    return std::nullopt;
  }
  if (has_offset && (two_digits(rest, 1) > 14 || two_digits(rest, 4) > 59)) {
    why = {ErrorCode::type, "no place has that offset from UTC"};
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{start.year},
                                         std::chrono::month{static_cast<unsigned>(start.month)},
                                         std::chrono::day{static_cast<unsigned>(start.day)}};
  if (!date.ok()) {
    why = {ErrorCode::type, "there is no such date"};
    return std::nullopt;
  }
  if (start.year < 2000 || start.year > 2100) {
    why = {ErrorCode::range, "the year must be from 2000 to 2100"};
    return std::nullopt;
  }
  if (start.hour > 23) {
    why = {ErrorCode::range, "hours are 00 to 23"};
    return std::nullopt;
  }
  if (minutes_and_seconds != 0) {
    why = {ErrorCode::range, "must be on the full hour"};
    return std::nullopt;
  }
  return start;
}

}  // namespace wintergrid::scenario
