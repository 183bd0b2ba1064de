#pragma once
// UTF-8: validity, and columns in characters rather than bytes.

#include <cstddef>
#include <string_view>

namespace wintergrid::io {

/// Bytes of the well-formed sequence at the start of `text` (1 to 4), or 0 if there is none
/// (Unicode 15, table 3-7: overlong forms, surrogates and values above U+10FFFF are not
/// well-formed).
std::size_t utf8_sequence_length(std::string_view text);

/// Offset of the first byte that is not part of well-formed UTF-8; text.size() if all is well.
std::size_t first_invalid_utf8(std::string_view text);

/// Number of characters (code points); a malformed byte counts as one.
std::size_t count_characters(std::string_view text);

/// The first `limit` characters.
std::string_view first_characters(std::string_view text, std::size_t limit);

}  // namespace wintergrid::io
