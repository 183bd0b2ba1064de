#pragma once
// One CSV table to rows and back, by the field table.

#include <string>
#include <vector>

#include "engine/io/source_text.hpp"
#include "engine/scenario/fields.hpp"
#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::scenario {

/// All rows of a table. Reports unknown, repeated and missing columns, wrong numbers of cells,
/// wrong values, repeated identifiers, and values of one row that contradict each other; rows with
/// errors are left out. At most kMostErrorsPerColumn errors are shown for one column, the rest is
/// counted in one more.
template <class Row>
std::vector<Row> read_table(const io::SourceText& source, const TableInfo& table,
                            Diagnostics& diagnostics);
inline constexpr std::size_t kMostErrorsPerColumn = 5;

/// Writes a header and all columns: commas, decimal points, LF, the shortest digits that read back
/// equal. Reading the result gives equal rows.
template <class Row>
std::string to_csv(const std::vector<Row>& rows);

}  // namespace wintergrid::scenario
