#pragma once
// All files of a run into one folder.

#include <string>
#include <vector>

#include "engine/report/csv_columns.hpp"
#include "engine/report/language.hpp"
#include "engine/report/results_json.hpp"
#include "engine/report/summary.hpp"

namespace wintergrid::report {

/// What people read, from report.json: report.json itself, summary.xlsx, datapackage.json of the
/// CSV tables, and report.html where the program has the page's template; else a report.html of
/// earlier goes. Returns an empty text or what went wrong.
std::string write_for_people(const std::string& folder, const std::string& report_json,
                             const std::vector<CsvTable>& tables, Language language);

/// run.json, results.gpkg, headline.csv, replications.csv, zones.csv, hourly.csv, generators.csv,
/// manifest.json and what write_for_people() writes; each appears whole or not at all, run.json
/// last. Returns an empty text or what went wrong (the first failure; later files are not tried).
std::string write_results(const std::string& folder, const Summary& summary,
                          const montecarlo::Case& which, recovery::PolicyKind policy,
                          const montecarlo::Tally& tally, const ManifestFacts& manifest,
                          Language language = Language::english);

}  // namespace wintergrid::report
