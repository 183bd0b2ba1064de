#pragma once
// The text of an EPANET input file: sections of lines of words.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::scenario::epanet {

struct Word {
  std::string text;
  std::size_t column = 0;  ///< from 1
};

struct Line {
  std::size_t number = 0;
  std::vector<Word> words;

  std::size_t size() const { return words.size(); }
  const std::string& at(std::size_t i) const { return words[i].text; }
};

enum class Section : std::uint8_t {
  title,
  junctions,
  reservoirs,
  tanks,
  pipes,
  pumps,
  valves,
  controls,
  rules,
  demands,
  sources,
  emitters,
  leakage,
  patterns,
  curves,
  quality,
  status,
  roughness,
  energy,
  reactions,
  mixing,
  report,
  times,
  options,
  coordinates,
  vertices,
  labels,
  backdrop,
  tags,
  end,
};
inline constexpr std::size_t kSections = static_cast<std::size_t>(Section::end) + 1;

/// Lines by section, comments (;) and blank lines left out. Unknown sections are errors.
std::vector<std::vector<Line>> split_sections(const std::string& path, std::string_view text,
                                              Diagnostics& diagnostics);

/// Whether `word` begins with `keyword` (upper case), whatever its case: EPANET's rule.
bool begins(std::string_view word, std::string_view keyword);

/// Decimal number as strtod reads it, finite.
std::optional<double> number(std::string_view text);

/// Hours of "13:50", "1:50" "PM", "90" "MIN", "5".
std::optional<double> hours(std::string_view time, std::string_view unit);

}  // namespace wintergrid::scenario::epanet
