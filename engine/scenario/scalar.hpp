#pragma once
// One value from its text, strictly: what a field admits, and for everything else why not and what
// to write.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "engine/scenario/fields.hpp"
#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::scenario {

/// The decimal mark a CSV file uses; the first number with a mark decides.
struct DecimalMark {
  bool comma_allowed = false;  ///< not in a file that separates cells by commas
  char mark = 0;               ///< '.', ',' or 0 while unknown
  std::size_t line = 0;        ///< where it was first seen
};

/// How the text stood in its file.
struct ScalarContext {
  bool csv = false;
  bool quoted = false;
  std::size_t line = 0;
  DecimalMark* decimal = nullptr;  ///< CSV only
};

using ScalarValue = std::variant<std::string, double, std::int64_t, std::uint64_t, bool>;

/// Why a text is not a value: "'capacity_mw' is '5 MW' (must be a number)" and what to do.
struct ScalarError {
  ErrorCode code = ErrorCode::type;
  std::string problem;
  std::string hint;
};

/// The value, or nothing and `error`. Numbers are decimal and finite: no leading zeros, 0x, 1_000,
/// nan, inf, or units. An unsigned_member admits 0 to 2^64 - 1; other integers are within 64 bits
/// with sign.
std::optional<ScalarValue> parse_scalar(const FieldInfo& field, bool unsigned_member,
                                        std::string_view text, const ScalarContext& context,
                                        ScalarError& error);

}  // namespace wintergrid::scenario
