#pragma once
// Diagnostics for people: Diagnostics::to_text() with a code to each error and the line that is
// meant.

#include <string>

#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::io {

/// "file:line:column: error: problem [WG0102]", the line with what is meant underlined where it can
/// be read, "at path", "hint: ...", and a closing count.
std::string diagnostics_text(const Diagnostics& diagnostics);

}  // namespace wintergrid::io
