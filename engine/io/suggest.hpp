#pragma once
// "Did you mean": the known name closest to one that is not known.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace wintergrid::io {

/// Edits (insert, delete, replace, swap of neighbours) between two UTF-8 texts, in characters;
/// ASCII case is ignored. Optimal string alignment distance (Damerau 1964, Levenshtein 1966).
std::size_t edit_distance(std::string_view left, std::string_view right);

/// The candidate with the fewest edits if that is at most a third of the longer name's length;
/// the first of equals; empty if none is close.
std::string closest(std::string_view wrong, std::span<const std::string> candidates);

/// "did you mean 'x'?" or empty.
std::string did_you_mean(std::string_view wrong, std::span<const std::string> candidates);

}  // namespace wintergrid::io
