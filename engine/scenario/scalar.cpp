#include "engine/scenario/scalar.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

#include <fmt/format.h>

#include "engine/io/suggest.hpp"
#include "engine/io/utf8.hpp"
#include "engine/scenario/messages.hpp"
#include "engine/scenario/number_text.hpp"
#include "engine/scenario/start_time.hpp"

namespace wintergrid::scenario {
namespace {

constexpr std::size_t kLongestName = 200;

std::string broken_limit(const FieldInfo& field, double value) {
  if (field.minimum == field.maximum) {
    return fmt::format("must be {}", field.minimum);
  }
  if (value > field.maximum) {
    return fmt::format("must be <= {}", limit_text(field.maximum));
  }
  return fmt::format("must be {} {}", field.minimum_excluded ? ">" : ">=", field.minimum);
}

bool in_range(const FieldInfo& field, double value) {
  return value <= field.maximum &&
         (field.minimum_excluded ? value > field.minimum : value >= field.minimum);
}

void explain_out_of_range(const FieldInfo& field, std::string_view shown, double value,
                          ScalarError& error) {
  error.code = ErrorCode::range;
  error.problem = fmt::format("'{}' is {} ({})", field.key, shown, broken_limit(field, value));
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
    error.code = ErrorCode::contradiction;
    error.problem = fmt::format("'{}' is {} (a decimal {}, but line {} has a decimal {})",
                                field.key, in_quotes(text), mark == ',' ? "comma" : "point",
                                context.decimal->line, mark == ',' ? "point" : "comma");
    error.hint = "use one decimal mark in a file";
    return false;
  }
  text = pointed;
  return true;
}

/// A decimal number, but no double is that large or that near to zero.
bool is_beyond_double(std::string_view text) {
  double ignored = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), ignored);
  return code == std::errc::result_out_of_range && end == text.data() + text.size();
}

std::optional<ScalarValue> parse_number(const FieldInfo& field, std::string_view given,
                                        const ScalarContext& context, ScalarError& error) {
  std::string text(given);
  if (!normalise_decimal_mark(field, text, context, error)) {
    return std::nullopt;
  }
  const std::optional<double> value = to_double(text);
  if (!value || has_leading_zero(text)) {
    if (is_beyond_double(text)) {
      error.code = ErrorCode::range;
      error.problem =
          fmt::format("'{}' is {} (too large or too close to zero)", field.key, in_quotes(given));
    } else {
      error = explain_no_number(field, given, context);
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
  const std::string word = lower_case(text);
  // Spreadsheets write TRUE and FALSE; in YAML those are traps (some versions read them as text).
  if (text == "true" || (context.csv && word == "true")) {
    return ScalarValue(true);
  }
  if (text == "false" || (context.csv && word == "false")) {
    return ScalarValue(false);
  }
  error.code = ErrorCode::type;
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
  error.code = ErrorCode::type;
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
      error.code = ErrorCode::type;
      error.problem =
          fmt::format("'{}' is {} (must not contain line breaks, tabs or control characters)",
                      field.key, in_quotes(text));
      error.hint = "write it on one line";
      return std::nullopt;
    }
  }
  if (!field.several_lines && io::count_characters(text) > kLongestName) {
    error.code = ErrorCode::range;
    error.problem = fmt::format("'{}' is {} (longer than {} characters)", field.key,
                                in_quotes(text), kLongestName);
    error.hint = "shorten it";
    return std::nullopt;
  }
  if (field.kind != FieldKind::text && (text.starts_with(' ') || text.ends_with(' '))) {
    error.code = ErrorCode::type;
    error.problem = fmt::format("'{}' is {} (a name must not begin or end with a space)", field.key,
                                in_quotes(text));
    error.hint = "remove the space";
    return std::nullopt;
  }
  return ScalarValue(std::string(text));
}

std::optional<ScalarValue> parse_timestamp(const FieldInfo& field, std::string_view text,
                                           ScalarError& error) {
  NoStart why;
  if (!parse_start(text, why)) {
    error.code = why.code;
    error.problem = fmt::format("'{}' is {} ({})", field.key, in_quotes(text), why.words);
    error.hint = field.hint;
    return std::nullopt;
  }
  return ScalarValue(std::string(text));
}

}  // namespace

std::optional<ScalarValue> parse_scalar(const FieldInfo& field, bool unsigned_member,
                                        std::string_view text, const ScalarContext& context,
                                        ScalarError& error) {
  error = {};
  const bool numeric = field.kind == FieldKind::number || field.kind == FieldKind::integer;
  if (!context.csv && context.quoted && (numeric || field.kind == FieldKind::boolean)) {
    error.code = ErrorCode::type;
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
