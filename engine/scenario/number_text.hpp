#pragma once
// Decimal numbers, and why other texts are none.

#include <optional>
#include <string_view>

#include "engine/scenario/scalar.hpp"

namespace wintergrid::scenario {

/// The whole text as a decimal number; nothing if it is none, not finite, or too large or too small
/// for a double.
std::optional<double> to_double(std::string_view text);

/// "010" or "-00.5": octal to some readers, decimal to others.
bool has_leading_zero(std::string_view text);

/// What is wrong with a text that is not a number, and what to write instead. The order goes from
/// certain causes to guesses.
ScalarError explain_no_number(const FieldInfo& field, std::string_view text,
                              const ScalarContext& context);

}  // namespace wintergrid::scenario
