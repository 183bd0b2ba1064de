#pragma once
// What stands in every column of the CSV tables of `run` and `compare`: the header lines and
// datapackage.json both come from here.

#include <string>
#include <string_view>
#include <vector>

#include "engine/report/language.hpp"

namespace wintergrid::report {

struct CsvColumn {
  std::string name;
  std::string type;  ///< of Frictionless: string, integer, number, boolean
  std::string unit;  ///< empty: none
  Label title;
  std::string description;  ///< empty: the title says it all
};

struct CsvTable {
  std::string name;  ///< file without .csv
  Label title;
  std::vector<CsvColumn> columns;
  std::vector<std::string> key;  ///< columns that make a row unique; empty: none do
  bool comment = false;          ///< the file begins with a line of comment (#)
};

/// headline, replications, zones, hourly, generators.
const std::vector<CsvTable>& run_tables();
/// compare.csv of policies ("policy") or of overlays ("overlay").
CsvTable compare_table(std::string_view kind);

/// "a,b,c\n".
std::string header_line(const CsvTable& table);
std::string header_line(std::string_view run_table);

}  // namespace wintergrid::report
