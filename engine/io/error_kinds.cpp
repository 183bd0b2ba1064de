#include "engine/io/error_kinds.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

namespace wintergrid::io {
namespace {

enum class Kind : std::size_t {
  file,
  encoding,
  syntax,
  unknown_name,
  missing,
  twice,
  type,
  range,
  reference,
  contradiction,
  network,
  private_data,
  unknown_cell,
  too_little,
  statement,
  other,
  count
};

constexpr std::array<ErrorKind, static_cast<std::size_t>(Kind::count)> kKinds{{
    {"WG0101", "a file that cannot be read",
     "The path is missing, a folder, not a regular file, too large or empty. Paths in a scenario "
     "are relative to the scenario's folder."},
    {"WG0102", "a file that is not plain UTF-8 text",
     "Save it as UTF-8. Spreadsheets often write UTF-16 or Windows-1251; the hint names what it "
     "looks like."},
    {"WG0103", "text that cannot be parsed",
     "The YAML, CSV or JSON is broken at that place: a quote that is not closed, a line with "
     "another number of cells, an alias, anchor, tag or merge key (none of which are accepted, so "
     "that a scenario says what it means where it stands)."},
    {"WG0104", "a key, column, table or section that is not known",
     "Names are checked so that a misspelt one is not passed over. `wintergrid schema --markdown` "
     "lists all keys and columns; units are part of the name (load_mw)."},
    {"WG0105", "something that is missing",
     "A key, column, table, row or cell that nothing can be assumed for."},
    {"WG0106", "the same thing twice",
     "A key, column or name is given twice, or a name means two things. Which one was meant is not "
     "guessed."},
    {"WG0107", "a value of the wrong type or form",
     "A number, whole number, date, list, section, yes or no, or one of a few words is wanted. "
     "Thousands separators and units in the cell are not accepted."},
    {"WG0108", "a value out of range",
     "The value can be read but makes no sense there: negative, too large, not increasing. The "
     "limits are those of the quantity, not of plausibility."},
    {"WG0109", "a name that points to nothing",
     "A row refers to a zone, bus, feeder, node, facility, spare, crew, policy, preset or file "
     "that is not there."},
    {"WG0110", "values that contradict each other",
     "Two keys or columns of which only one can be true, or one that needs or excludes another."},
    {"WG0111", "a network that cannot work",
     "Households hang on what no source can reach, a line joins a place with itself, a flow is "
     "undetermined. Nothing is invented to repair it."},
    {"WG0112", "geographic coordinates",
     "Responsible use: networks are abstract. Remove latitude, longitude and the like; zones have "
     "x_km and y_km on an abstract plane."},
    {"WG0113", "a cell that may not be unknown",
     "`unknown` is drawn from rows of the same class; there are none, or this column is not drawn "
     "(what hangs on what, names, what results are counted in)."},
    {"WG0114", "too little data",
     "A fit needs more rows than there are; it would say more than the record does."},
    {"WG0115", "a statement of another program that is not followed",
     "An imported file holds a statement, section or control that would change the numbers and "
     "that wintergrid does not carry out. It is refused, not skipped."},
    {"WG0199", "another mistake in an input", "The message and its hint say what to do."},
}};

struct Pattern {
  std::string_view words;
  Kind kind;
};

/// The first that fits decides, so the special ones come first.
constexpr auto kPatterns = std::to_array<Pattern>({
    {"geographic coordinates", Kind::private_data},
    {"must not be unknown", Kind::unknown_cell},
    {"is unknown, and no row", Kind::unknown_cell},
    {"too few", Kind::too_little},
    {"no observation", Kind::too_little},
    {"the first count is 0", Kind::too_little},
    {"cannot be applied safely", Kind::statement},
    {"not a section of EPANET", Kind::statement},
    {"before any section", Kind::statement},
    {"UTF-", Kind::encoding},
    {"control character", Kind::encoding},
    {"the file is empty", Kind::file},
    {"file X", Kind::file},
    {"is a folder", Kind::file},
    {"not a regular file", Kind::file},
    {"cannot be opened", Kind::file},
    {"cannot be read", Kind::file},
    {"there is no overlay", Kind::reference},
    {"not valid YAML", Kind::syntax},
    {"not valid JSON", Kind::syntax},
    {"alias", Kind::syntax},
    {"anchor", Kind::syntax},
    {"tag X is not", Kind::syntax},
    {"merge keys", Kind::syntax},
    {"quote", Kind::syntax},
    {"second YAML document", Kind::syntax},
    {"nested more than", Kind::syntax},
    {"a key must be plain text", Kind::syntax},
    {"cells, but", Kind::syntax},
    {"no name", Kind::syntax},
    {"is not key=value", Kind::syntax},
    {"not an overlay", Kind::syntax},
    {"unknown key", Kind::unknown_name},
    {"unknown column", Kind::unknown_name},
    {"unknown parameter", Kind::unknown_name},
    {"unknown", Kind::unknown_name},
    {"no column", Kind::unknown_name},
    {"no table or list", Kind::unknown_name},
    {"cannot stand in", Kind::unknown_name},
    {"twice", Kind::twice},
    {"a second time", Kind::twice},
    {"ambiguous", Kind::twice},
    {"does not exist", Kind::reference},
    {"is not known", Kind::reference},
    {"there is none at all", Kind::reference},
    {"does not list", Kind::reference},
    {"there is none", Kind::reference},
    {"has none", Kind::reference},
    {"which is not", Kind::reference},
    {"is not a branch row", Kind::reference},
    {"refers to", Kind::reference},
    {"can reach", Kind::network},
    {"no pipe leads", Kind::network},
    {"with itself", Kind::network},
    {"both ends", Kind::network},
    {"its own bus", Kind::network},
    {"flow would be undetermined", Kind::network},
    {"reactance 0", Kind::network},
    {"no junction", Kind::network},
    {"no reservoir", Kind::network},
    {"fewer than two nodes", Kind::network},
    {"must be one of", Kind::type},
    {"(must be a ", Kind::type},
    {"(must be true", Kind::type},
    {"must not contain", Kind::type},
    {"(must have", Kind::type},
    {"is not a", Kind::type},
    {"not a section", Kind::type},
    {"there is no such date", Kind::type},
    {"offset from UTC", Kind::type},
    {"(must", Kind::range},
    {"at most", Kind::range},
    {"does not come after", Kind::range},
    {"hours are", Kind::range},
    {"the year must", Kind::range},
    {"too large", Kind::range},
    {"missing", Kind::missing},
    {"are needed", Kind::missing},
    {" has no ", Kind::missing},
    {"is empty", Kind::missing},
    {" but ", Kind::contradiction},
    {"both ", Kind::contradiction},
    {"is given for", Kind::contradiction},
    {"share no jobs", Kind::contradiction},
    {"must not begin", Kind::type},
    {"more wrong values", Kind::type},
    {"in 0 buildings", Kind::range},
    {" without a ", Kind::missing},
    {"there are no ", Kind::missing},
});

/// 'text' becomes X: a value may say anything.
std::string without_values(std::string_view problem) {
  std::string text;
  bool inside = false;
  for (std::size_t i = 0; i < problem.size(); ++i) {
    const auto is_letter = [&](std::size_t at) {
      return at < problem.size() && std::isalnum(static_cast<unsigned char>(problem[at])) != 0;
    };
    // An apostrophe within a word is none.
    if (problem[i] == '\'' && !is_letter(inside ? i + 1 : i - 1)) {
      text += inside ? "X" : "";
      inside = !inside;
    } else if (!inside) {
      text += problem[i];
    }
  }
  return text;
}

}  // namespace

std::span<const ErrorKind> error_kinds() { return kKinds; }

const ErrorKind& kind_of(const Diagnostic& diagnostic) {
  const std::string text = without_values(diagnostic.problem);
  const auto found = std::find_if(kPatterns.begin(), kPatterns.end(), [&](const Pattern& pattern) {
    return text.find(pattern.words) != std::string::npos;
  });
  return kKinds[static_cast<std::size_t>(found == kPatterns.end() ? Kind::other : found->kind)];
}

}  // namespace wintergrid::io
