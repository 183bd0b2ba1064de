#pragma once
// summary.xlsx: what the page shows as a workbook with charts of its own, in one language, with a
// row of HXL tags under the headings. Byte-identical for the same report.json and language.

#include <string>
#include <string_view>

#include "engine/report/language.hpp"

namespace wintergrid::report {

/// Writes PATH (by way of PATH.partial and a rename) from report_json(). Returns an empty text or
/// what went wrong.
std::string write_workbook(const std::string& path, std::string_view report_json,
                           Language language);

}  // namespace wintergrid::report
