#pragma once
// What a map program shows of a run: zones as points, and zones by day with the day's begin and
// end, which QGIS's temporal controller and others play as a timeline. Only zones that may be shown
// to everybody have a place.

#include "engine/report/geopackage_file.hpp"
#include "engine/report/summary.hpp"

namespace wintergrid::report {

/// Layers zone_map and zone_map_daily.
void fill_zone_layers(GeoPackageFile& file, const Summary& summary, const Model& model,
                      const montecarlo::Tally& tally);

}  // namespace wintergrid::report
