#pragma once
// What the field table says, for editors and for people.

#include <string>

namespace wintergrid::scenario {

/// JSON Schema (draft-07) of the YAML file; the columns of each table are under definitions
/// ("zones_row"). Ends with a line feed.
std::string json_schema();

/// Reference page in Markdown: every key and column with type, unit, range, default and meaning
/// (data/reference.md).
std::string reference_markdown();

}  // namespace wintergrid::scenario
