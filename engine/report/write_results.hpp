#pragma once
// All files of a run into one folder.

#include <string>

#include "engine/report/results_json.hpp"
#include "engine/report/summary.hpp"

namespace wintergrid::report {

/// report.json, and report.html where the program has the page's template; else a report.html of
/// earlier goes. Returns an empty text or what went wrong.
std::string write_page(const std::string& folder, const std::string& report_json);

/// run.json, results.gpkg, headline.csv, replications.csv, zones.csv, hourly.csv, generators.csv,
/// report.json, manifest.json, and report.html where the program has the page's template; each
/// appears whole or not at all, run.json last. Returns an empty text or what went wrong (the first
/// failure; later files are not tried).
std::string write_results(const std::string& folder, const Summary& summary,
                          const montecarlo::Case& which, recovery::PolicyKind policy,
                          const montecarlo::Tally& tally, const ManifestFacts& manifest);

}  // namespace wintergrid::report
