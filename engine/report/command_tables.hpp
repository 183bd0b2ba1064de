#pragma once
// What stands in every column of the CSV tables of replay, plan, generators, sensitivity and
// hindcast, for their datapackage.json. A test holds the header of every file against it.

#include <vector>

#include "engine/report/csv_columns.hpp"

namespace wintergrid::report {

/// hours, events.
std::vector<CsvTable> replay_tables();
/// timetable, jobs.
std::vector<CsvTable> plan_tables();
/// needs, unmet_gap, savings, savings_zones; with a stock allocations, allocation_zones, allocation
/// too.
std::vector<CsvTable> generators_tables(bool with_stock);
std::vector<CsvTable> sensitivity_tables();
std::vector<CsvTable> hindcast_tables();

}  // namespace wintergrid::report
