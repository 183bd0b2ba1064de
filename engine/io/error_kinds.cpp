#include "engine/io/error_kinds.hpp"

#include <array>
#include <cstddef>

namespace wintergrid::io {
namespace {

/// In the order of ErrorCode.
constexpr std::array<ErrorKind, kErrorCodeCount> kKinds{{
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
    {"WG0201", "what is followed only in part",
     "A warning. An imported file holds something that the model has in a simpler form or not at "
     "all; the message says what was done instead. Nothing was refused."},
    {"WG0202", "an input to look at",
     "A warning. The input is possible and is used, but it does something that a person may not "
     "have meant: with nothing damaged somebody is not supplied, or shares do not average 1."},
}};

}  // namespace

std::span<const ErrorKind> error_kinds() { return kKinds; }

const ErrorKind& kind_of(const Diagnostic& diagnostic) {
  return kKinds[static_cast<std::size_t>(diagnostic.code)];
}

}  // namespace wintergrid::io
