#pragma once
// results.gpkg: a SQLite file with GeoPackage attribute tables: run, metrics, replications, zones,
// zone_daily, hourly, generators, failures. Written in key order through VACUUM INTO with fixed
// timestamps: byte-identical for the same run.

#include <string>

#include "engine/report/summary.hpp"

namespace wintergrid::report {

/// Writes PATH (by way of PATH.partial and a rename). Returns an empty text or what went wrong.
std::string write_geopackage(const std::string& path, const Summary& summary, const Model& model,
                             const montecarlo::Tally& tally);

}  // namespace wintergrid::report
