#include "engine/scenario/scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "engine/io/suggest.hpp"
#include "engine/io/utf8.hpp"

namespace wintergrid::scenario {
namespace {

constexpr std::size_t kLongestName = 200;

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char character) {
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a')
                                                : character;
  });
  return result;
}

bool is_digit(char character) { return character >= '0' && character <= '9'; }

/// Whole text as a decimal number; not finite, too large or too small for a double is no number.
std::optional<double> to_double(std::string_view text) {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value == 0.0 ? 0.0 : value;  // -0 would print as another number than 0
}

std::string without(std::string_view text, std::string_view removed) {
  std::string result(text);
  for (std::size_t at = result.find(removed); at != std::string::npos; at = result.find(removed)) {
    result.erase(at, removed.size());
  }
  return result;
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string result(text);
  for (std::size_t at = result.find(from); at != std::string::npos;
       at = result.find(from, at + to.size())) {
    result.replace(at, from.size(), to);
  }
  return result;
}

/// "010" or "-00.5": octal to some readers, decimal to others.
bool has_leading_zero(std::string_view text) {
  if (text.starts_with('-')) {
    text.remove_prefix(1);
  }
  return text.size() > 1 && text[0] == '0' && is_digit(text[1]);
}

std::string without_leading_zeros(std::string_view text) {
  std::string sign;
  if (text.starts_with('-')) {
    sign = "-";
    text.remove_prefix(1);
  }
  while (text.size() > 1 && text[0] == '0' && is_digit(text[1])) {
    text.remove_prefix(1);
  }
  return sign + std::string(text);
}

/// Length of the longest number at the start, in the simple form -123.45.
std::size_t number_prefix(std::string_view text) {
  std::size_t length = text.starts_with('-') ? 1 : 0;
  const std::size_t first_digit = length;
  while (length < text.size() && is_digit(text[length])) {
    ++length;
  }
  if (length == first_digit) {
    return 0;
  }
  if (length + 1 < text.size() && text[length] == '.' && is_digit(text[length + 1])) {
    ++length;
    while (length < text.size() && is_digit(text[length])) {
      ++length;
    }
  }
  return length;
}

bool is_missing_word(std::string_view text) {
  const std::string word = lower(text);
  return word == "na" || word == "n/a" || word == "none" || word == "null" || word == "-" ||
         word == "~" || word == "?" || word == "#n/a" || word == "\xE2\x80\x94" ||
         word == "\xD0\xBD/\xD0\xB4";
}

/// What to do about a text that is not a number; the order goes from certain causes to guesses.
ScalarError explain_no_number(const FieldInfo& field, std::string_view text,
                              const ScalarContext& context) {
  ScalarError error;
  const std::string what = field.kind == FieldKind::integer ? "a whole number" : "a number";
  error.problem = fmt::format("'{}' is {} (must be {})", field.key, in_quotes(text), what);
  const std::string word = lower(text);
  std::string_view unsigned_word = word;
  if (unsigned_word.starts_with('-') || unsigned_word.starts_with('+')) {
    unsigned_word.remove_prefix(1);
  }
  for (const std::string_view special : {"nan", ".nan", "inf", ".inf", "infinity"}) {
    if (unsigned_word == special) {
      error.problem = fmt::format("'{}' is {} (must be finite)", field.key, in_quotes(text));
      if (!field.required) {
        error.hint = context.csv ? "leave the cell empty for the default"
                                 : "leave the key out for the default";
      }
      return error;
    }
  }
  if (context.csv && is_missing_word(text)) {
    error.hint =
        field.required ? "a value is needed in every row" : "leave the cell empty for the default";
    return error;
  }
  if (unsigned_word.starts_with("0x") || unsigned_word.starts_with("0o") ||
      unsigned_word.starts_with("0b")) {
    error.hint = "write it as a decimal number";
    return error;
  }
  if (has_leading_zero(text)) {
    error.hint = fmt::format("write {}: a leading zero means octal to some programs",
                             without_leading_zeros(text));
    return error;
  }
  // U+2212 minus sign, as word processors write it.
  if (const std::string plain = replaced(text, "\xE2\x88\x92", "-");
      plain != text && to_double(plain)) {
    error.hint = fmt::format("write {} with a plain hyphen", plain);
    return error;
  }
  if (text.starts_with('+') && to_double(text.substr(1))) {
    error.hint = fmt::format("write {}", text.substr(1));
    return error;
  }
  std::string joined = without(text, "_");
  // Thousands separators: space, U+00A0, U+2009, U+202F.
  for (const std::string_view space : {" ", "\xC2\xA0", "\xE2\x80\x89", "\xE2\x80\xAF"}) {
    joined = without(joined, space);
  }
  if (joined != text && to_double(replaced(joined, ",", "."))) {
    error.hint = fmt::format("write {} without separators", replaced(joined, ",", "."));
    return error;
  }
  const auto commas = std::count(text.begin(), text.end(), ',');
  if (commas == 1 && text.find('.') == std::string_view::npos) {
    if (const std::string pointed = replaced(text, ",", "."); to_double(pointed)) {
      error.hint =
          context.csv ? fmt::format("write {}; a decimal comma needs cells separated by semicolons",
                                    pointed)
                      : fmt::format("write {} with a decimal point", pointed);
      return error;
    }
  }
  if (commas > 0 && to_double(without(text, ","))) {
    error.hint = fmt::format("write {} without separators", without(text, ","));
    return error;
  }
  const std::size_t prefix = number_prefix(text);
  if (prefix > 0) {
    std::string_view rest = text.substr(prefix);
    rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(' ')));
    const std::string number(text.substr(0, prefix));
    if (rest == "%" && field.unit == "share") {
      error.hint = fmt::format("write {} as a share", to_double(number).value_or(0) / 100);
    } else if (!field.unit.empty() && lower(rest) == lower(field.unit)) {
      error.hint = fmt::format("write {}: the unit ({}) is in the name", number, field.unit);
    } else if (!field.unit.empty() && !rest.empty() && !is_digit(rest[0]) && rest[0] != '.') {
      error.hint = fmt::format("write the number only, in {}: units are in the names", field.unit);
    }
  }
  return error;
}

std::string limit_text(const FieldInfo& field, double value) {
  if (field.minimum == field.maximum) {
    return fmt::format("must be {}", field.minimum);
  }
  if (value > field.maximum) {
    return fmt::format("must be <= {}", field.maximum);
  }
  return fmt::format("must be {} {}", field.minimum_excluded ? ">" : ">=", field.minimum);
}

bool in_range(const FieldInfo& field, double value) {
  return value <= field.maximum &&
         (field.minimum_excluded ? value > field.minimum : value >= field.minimum);
}

void explain_out_of_range(const FieldInfo& field, std::string_view shown, double value,
                          ScalarError& error) {
  error.problem = fmt::format("'{}' is {} ({})", field.key, shown, limit_text(field, value));
  error.hint = field.hint;
  if (error.hint.empty() && field.unit == "share" && value > field.maximum && value <= 100) {
    error.hint = fmt::format("a share, not a percentage: write {}", value / 100);
  }
}

/// Puts a decimal point where the file's own mark stands. False and `error` if the file uses two
/// marks.
bool normalise_decimal_mark(const FieldInfo& field, std::string& text, const ScalarContext& context,
                            ScalarError& error) {
  if (context.decimal == nullptr || !context.decimal->comma_allowed) {
    return true;
  }
  const auto commas = std::count(text.begin(), text.end(), ',');
  const auto points = std::count(text.begin(), text.end(), '.');
  if (commas + points != 1) {
    return true;  // no mark, or not a number: the caller finds out
  }
  const char mark = commas == 1 ? ',' : '.';
  const std::string pointed = replaced(text, ",", ".");
  if (!to_double(pointed)) {
    return true;
  }
  if (context.decimal->mark == 0) {
    context.decimal->mark = mark;
    context.decimal->line = context.line;
  } else if (context.decimal->mark != mark) {
    error.problem = fmt::format("'{}' is {} (a decimal {}, but line {} has a decimal {})",
                                field.key, in_quotes(text), mark == ',' ? "comma" : "point",
                                context.decimal->line, mark == ',' ? "point" : "comma");
    error.hint = "use one decimal mark in a file";
    return false;
  }
  text = pointed;
  return true;
}

std::optional<ScalarValue> parse_number(const FieldInfo& field, std::string_view given,
                                        const ScalarContext& context, ScalarError& error) {
  std::string text(given);
  if (!normalise_decimal_mark(field, text, context, error)) {
    return std::nullopt;
  }
  const std::optional<double> value = to_double(text);
  if (!value || has_leading_zero(text)) {
    error = explain_no_number(field, given, context);
    // Digits that from_chars refuses: no double is that large or that near to zero.
    if (!value && error.hint.empty() &&
        text.find_first_not_of("0123456789.eE+-") == std::string::npos) {
      double ignored = 0;
      const auto result = std::from_chars(text.data(), text.data() + text.size(), ignored);
      if (result.ec == std::errc::result_out_of_range && result.ptr == text.data() + text.size()) {
        error.problem =
            fmt::format("'{}' is {} (too large or too close to zero)", field.key, in_quotes(given));
      }
    }
    return std::nullopt;
  }
  if (!in_range(field, *value)) {
    explain_out_of_range(field, given, *value, error);
    return std::nullopt;
  }
  return ScalarValue(*value);
}

template <class Integer>
std::optional<ScalarValue> parse_integer(const FieldInfo& field, std::string_view text,
                                         const ScalarContext& context, ScalarError& error) {
  Integer value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole_text = end == text.data() + text.size() && !text.empty();
  if (code == std::errc::result_out_of_range && whole_text) {
    explain_out_of_range(field, text, text.starts_with('-') ? -HUGE_VAL : HUGE_VAL, error);
    return std::nullopt;
  }
  if (code == std::errc() && whole_text && !has_leading_zero(text)) {
    if (!in_range(field, static_cast<double>(value))) {
      explain_out_of_range(field, text, static_cast<double>(value), error);
      return std::nullopt;
    }
    return ScalarValue(value);
  }
  error = explain_no_number(field, text, context);
  if (const std::optional<double> number = to_double(text); number && !has_leading_zero(text)) {
    if (!in_range(field, *number)) {
      explain_out_of_range(field, text, *number, error);
    } else if (*number == std::floor(*number) && std::abs(*number) < 1e15) {
      error.hint = fmt::format("write {:.0f}", *number);
    }
  }
  return std::nullopt;
}

std::optional<ScalarValue> parse_boolean(const FieldInfo& field, std::string_view text,
                                         const ScalarContext& context, ScalarError& error) {
  const std::string word = lower(text);
  // Spreadsheets write TRUE and FALSE; in YAML those are traps (some versions read them as text).
  if (text == "true" || (context.csv && word == "true")) {
    return ScalarValue(true);
  }
  if (text == "false" || (context.csv && word == "false")) {
    return ScalarValue(false);
  }
  error.problem = fmt::format("'{}' is {} (must be true or false)", field.key, in_quotes(text));
  for (const std::string_view yes : {"yes", "y", "on", "1", "true", "так", "істина", "ІСТИНА"}) {
    if (word == yes) {
      error.hint = "write true";
    }
  }
  for (const std::string_view no : {"no", "n", "off", "0", "false", "ні", "хибність", "ХИБНІСТЬ"}) {
    if (word == no) {
      error.hint = "write false";
    }
  }
  return std::nullopt;
}

std::optional<ScalarValue> parse_choice(const FieldInfo& field, std::string_view text,
                                        ScalarError& error) {
  for (const std::string& name : field.choices) {
    if (text == name) {
      return ScalarValue(name);
    }
  }
  error.problem = fmt::format("'{}' is {} (must be one of: {})", field.key, in_quotes(text),
                              join(field.choices));
  error.hint = io::did_you_mean(text, field.choices);
  return std::nullopt;
}

std::optional<ScalarValue> parse_text(const FieldInfo& field, std::string_view text,
                                      ScalarError& error) {
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if ((byte < 0x20 && !(field.several_lines && (character == '\n' || character == '\t'))) ||
        byte == 0x7F) {
      error.problem =
          fmt::format("'{}' is {} (must not contain line breaks, tabs or control characters)",
                      field.key, in_quotes(text));
      error.hint = "write it on one line";
      return std::nullopt;
    }
  }
  if (!field.several_lines && io::count_characters(text) > kLongestName) {
    error.problem = fmt::format("'{}' is {} (longer than {} characters)", field.key,
                                in_quotes(text), kLongestName);
    error.hint = "shorten it";
    return std::nullopt;
  }
  if (field.kind != FieldKind::text && (text.starts_with(' ') || text.ends_with(' '))) {
    error.problem = fmt::format("'{}' is {} (a name must not begin or end with a space)", field.key,
                                in_quotes(text));
    error.hint = "remove the space";
    return std::nullopt;
  }
  return ScalarValue(std::string(text));
}

std::optional<ScalarValue> parse_timestamp(const FieldInfo& field, std::string_view text,
                                           ScalarError& error) {
  std::string why;
  if (!parse_start(text, why)) {
    error.problem = fmt::format("'{}' is {} ({})", field.key, in_quotes(text), why);
    error.hint = field.hint;
    return std::nullopt;
  }
  return ScalarValue(std::string(text));
}

/// Units as they end names, longest first.
constexpr std::array<std::string_view, 37> kUnitEndings{"_litres_per_person_day",
                                                        "_m3_per_hour",
                                                        "_m3_per_h",
                                                        "_per_month",
                                                        "_m3_h",
                                                        "_percent",
                                                        "_minutes",
                                                        "_degrees",
                                                        "_seconds",
                                                        "_months",
                                                        "_hours",
                                                        "_weeks",
                                                        "_share",
                                                        "_litres",
                                                        "_days",
                                                        "_gcal_h",
                                                        "_hour",
                                                        "_mwh",
                                                        "_kwh",
                                                        "_mva",
                                                        "_kva",
                                                        "_mins",
                                                        "_min",
                                                        "_day",
                                                        "_deg",
                                                        "_mw",
                                                        "_kw",
                                                        "_gw",
                                                        "_kv",
                                                        "_km",
                                                        "_m3",
                                                        "_pu",
                                                        "_h",
                                                        "_w",
                                                        "_v",
                                                        "_m",
                                                        "_c"};

std::string_view without_unit(std::string_view key) {
  for (const std::string_view unit : kUnitEndings) {
    if (key.size() > unit.size() && key.ends_with(unit)) {
      return key.substr(0, key.size() - unit.size());
    }
  }
  return key;
}

}  // namespace

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kShown = 40;
  std::string shown(io::first_characters(text, kShown));
  const bool cut = shown.size() < text.size();
  shown = replaced(shown, "\n", "\\n");
  shown = replaced(shown, "\r", "\\r");
  shown = replaced(shown, "\t", "\\t");
  return "'" + shown + (cut ? "..." : "") + "'";
}

std::string join(const std::vector<std::string>& names) {
  std::string joined;
  for (const std::string& name : names) {
    joined += (joined.empty() ? "" : ", ") + name;
  }
  return joined;
}

std::optional<StartTime> parse_start(std::string_view text, std::string& why) {
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
    why = "must be a date, T, a time and an offset from UTC";
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
    why = "an offset from UTC is missing: local time alone is ambiguous";
    return std::nullopt;
  }
  const bool has_offset =
      rest.size() == 6 && (rest[0] == '+' || rest[0] == '-') && matches(rest.substr(1), "00:00");
  if (rest != "Z" && !has_offset) {
    why = "the offset from UTC must be like +02:00, or Z";
    return std::nullopt;
  }
  if (has_offset && (two_digits(rest, 1) > 14 || two_digits(rest, 4) > 59)) {
    why = "no place has that offset from UTC";
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{start.year},
                                         std::chrono::month{static_cast<unsigned>(start.month)},
                                         std::chrono::day{static_cast<unsigned>(start.day)}};
  if (!date.ok()) {
    why = "there is no such date";
    return std::nullopt;
  }
  if (start.year < 2000 || start.year > 2100) {
    why = "the year must be from 2000 to 2100";
    return std::nullopt;
  }
  if (start.hour > 23) {
    why = "hours are 00 to 23";
    return std::nullopt;
  }
  if (minutes_and_seconds != 0) {
    why = "must be on the full hour";
    return std::nullopt;
  }
  return start;
}

std::string hint_for_unknown(std::string_view wrong, const std::vector<std::string>& known,
                             std::string_view what) {
  const std::string word = lower(wrong);
  for (const std::string& name : known) {
    if (without_unit(word) == without_unit(name) && word != name && without_unit(name) != name) {
      return fmt::format("did you mean '{}'? (the unit is in the name: convert the values)", name);
    }
  }
  const std::string similar = io::did_you_mean(wrong, known);
  return similar.empty() ? fmt::format("known {}: {}", what, join(known)) : similar;
}

bool is_coordinate(std::string_view key) {
  const std::string word = lower(key);
  for (const std::string_view name : {"lat", "lon", "lng", "long", "latitude", "longitude", "geo",
                                      "geom", "geometry", "geojson", "wkt", "crs", "epsg", "coords",
                                      "coordinates", "osm_id", "широта", "довгота", "координати"}) {
    if (word == name) {
      return true;
    }
  }
  return word.starts_with("lat_") || word.starts_with("lon_") || word.ends_with("_lat") ||
         word.ends_with("_lon");
}

std::optional<ScalarValue> parse_scalar(const FieldInfo& field, bool unsigned_member,
                                        std::string_view text, const ScalarContext& context,
                                        ScalarError& error) {
  error = {};
  const bool numeric = field.kind == FieldKind::number || field.kind == FieldKind::integer;
  if (!context.csv && context.quoted && (numeric || field.kind == FieldKind::boolean)) {
    error.problem = fmt::format("'{}' is the text {} (must be {})", field.key, in_quotes(text),
                                numeric ? "a number" : "true or false");
    error.hint = "remove the quotes";
    return std::nullopt;
  }
  std::optional<ScalarValue> value;
  if (field.kind == FieldKind::number) {
    value = parse_number(field, text, context, error);
  } else if (field.kind == FieldKind::integer) {
    value = unsigned_member && !text.starts_with('-')
                ? parse_integer<std::uint64_t>(field, text, context, error)
                : parse_integer<std::int64_t>(field, text, context, error);
  } else if (field.kind == FieldKind::boolean) {
    value = parse_boolean(field, text, context, error);
  } else if (!field.choices.empty()) {
    value = parse_choice(field, text, error);
  } else if (field.kind == FieldKind::timestamp) {
    value = parse_timestamp(field, text, error);
  } else {
    value = parse_text(field, text, error);
  }
  return value;
}

}  // namespace wintergrid::scenario
