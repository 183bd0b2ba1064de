#pragma once
// datapackage.json (Frictionless Data Package 1): what stands in the CSV tables of a folder, with
// types, units and titles in the reader's language. Byte-identical for the same run and language.

#include <string>
#include <string_view>
#include <vector>

#include "engine/report/csv_columns.hpp"
#include "engine/report/language.hpp"
#include "engine/report/summary.hpp"

namespace wintergrid::report {

/// Of a command that says what it is in `description`; without winters if `facts` wants none.
std::string data_package_json(const RunFacts& facts, const Label& description,
                              const std::vector<CsvTable>& tables, Language language);

/// Of `run` and `compare`. `report_json`: that of the same folder, for what was run.
std::string data_package_json(std::string_view report_json, const std::vector<CsvTable>& tables,
                              Language language);

}  // namespace wintergrid::report
