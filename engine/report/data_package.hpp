#pragma once
// datapackage.json (Frictionless Data Package 1): what stands in the CSV tables of a folder, with
// types, units and titles in the reader's language. Byte-identical for the same run and language.

#include <string>
#include <string_view>
#include <vector>

#include "engine/report/csv_columns.hpp"
#include "engine/report/language.hpp"

namespace wintergrid::report {

/// `report_json`: that of the same folder, for what was run.
std::string data_package_json(std::string_view report_json, const std::vector<CsvTable>& tables,
                              Language language);

}  // namespace wintergrid::report
