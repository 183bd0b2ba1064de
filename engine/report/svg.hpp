#pragma once
// What pictures share: no script, no font of its own, readable in light and dark.

#include <string>
#include <string_view>

namespace wintergrid::report {

inline constexpr double kPictureWidth = 860.0;

/// Text between tags.
std::string svg_escaped(std::string_view text);

/// A whole picture of kPictureWidth around what `body` draws; `rules` are further style rules for
/// light and for dark.
std::string svg_picture(double height, std::string_view body, std::string_view rules,
                        std::string_view dark_rules);

}  // namespace wintergrid::report
