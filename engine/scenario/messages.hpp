#pragma once
// Words that the reader's messages share.

#include <string>
#include <string_view>
#include <vector>

#include "engine/scenario/fields.hpp"

namespace wintergrid::scenario {

/// 'text', shortened to 40 characters, with line breaks made visible.
std::string in_quotes(std::string_view text);

/// "a, b, c".
std::string join(const std::vector<std::string>& names);

/// Lower case of ASCII letters; others stay.
std::string lower_case(std::string_view text);

/// Every `from` replaced.
std::string replaced(std::string_view text, std::string_view from, std::string_view to);

/// A hint for an unknown key: the closest known one, the one that differs only in its unit, or the
/// list.
std::string hint_for_unknown(std::string_view wrong, const std::vector<std::string>& known,
                             std::string_view what);

/// A limit as people write it: 2^64 - 1 in full, others with the fewest digits.
std::string limit_text(double limit);

/// "load_kw (kW): Essential running load."
std::string description_of(const FieldInfo& field);

/// Keys and columns that hold geographic coordinates.
bool is_coordinate(std::string_view key);
inline constexpr std::string_view kNoCoordinates =
    "geographic coordinates are not accepted (responsible use: networks are abstract)";
inline constexpr std::string_view kNoCoordinatesHint =
    "remove it; zones have x_km and y_km on an abstract plane";

}  // namespace wintergrid::scenario
