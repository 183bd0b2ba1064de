#include "engine/scenario/number_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "engine/scenario/messages.hpp"

namespace wintergrid::scenario {
namespace {

bool is_digit(char character) { return character >= '0' && character <= '9'; }

std::string without(std::string_view text, std::string_view removed) {
  std::string result(text);
  for (std::size_t at = result.find(removed); at != std::string::npos; at = result.find(removed)) {
    result.erase(at, removed.size());
  }
  return result;
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
  const std::string word = lower_case(text);
  return word == "na" || word == "n/a" || word == "none" || word == "null" || word == "-" ||
         word == "~" || word == "?" || word == "#n/a" || word == "\xE2\x80\x94" ||
         word == "\xD0\xBD/\xD0\xB4";
}

}  // namespace

std::optional<double> to_double(std::string_view text) {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value == 0.0 ? 0.0 : value;  // -0 would print as another number than 0
}

bool has_leading_zero(std::string_view text) {
  if (text.starts_with('-')) {
    text.remove_prefix(1);
  }
  return text.size() > 1 && text[0] == '0' && is_digit(text[1]);
}

ScalarError explain_no_number(const FieldInfo& field, std::string_view text,
                              const ScalarContext& context) {
  ScalarError error;
  const std::string what = field.kind == FieldKind::integer ? "a whole number" : "a number";
  error.code = ErrorCode::type;
  error.problem = fmt::format("'{}' is {} (must be {})", field.key, in_quotes(text), what);
  const std::string word = lower_case(text);
  std::string_view unsigned_word = word;
  if (unsigned_word.starts_with('-') || unsigned_word.starts_with('+')) {
    unsigned_word.remove_prefix(1);
  }
  for (const std::string_view special : {"nan", ".nan", "inf", ".inf", "infinity"}) {
    if (unsigned_word == special) {
      error.code = ErrorCode::range;
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
  const std::string joined_at_commas = without(text, ",");
  if (commas == 1 && field.kind == FieldKind::number && text.find('.') == std::string_view::npos) {
    if (const std::string pointed = replaced(text, ",", "."); to_double(pointed)) {
      const bool may_be_thousands = text.size() - text.find(',') == 4;
      error.hint =
          may_be_thousands ? fmt::format("write {} or {}", pointed, joined_at_commas)
          : context.csv
              ? fmt::format("write {}; a decimal comma needs cells separated by semicolons",
                            pointed)
              : fmt::format("write {} with a decimal point", pointed);
      return error;
    }
  }
  if (commas > 0 && to_double(joined_at_commas)) {
    error.hint = fmt::format("write {} without separators", joined_at_commas);
    return error;
  }
  const std::size_t prefix = number_prefix(text);
  if (prefix > 0) {
    std::string_view rest = text.substr(prefix);
    rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(' ')));
    const std::string number(text.substr(0, prefix));
    if (rest == "%" && field.unit == "share") {
      error.hint = fmt::format("write {} as a share", to_double(number).value_or(0) / 100);
    } else if (!field.unit.empty() && lower_case(rest) == lower_case(field.unit)) {
      error.hint = fmt::format("write {}: the unit ({}) is in the name", number, field.unit);
    } else if (!field.unit.empty() && !rest.empty() && !is_digit(rest[0]) && rest[0] != '.') {
      error.hint = fmt::format("write the number only, in {}: units are in the names", field.unit);
    }
  }
  return error;
}

}  // namespace wintergrid::scenario
