#pragma once
// report.json: everything that the page (report.html) shows, aggregated so that it may be shared:
// no zone of fewer than 1,000 households, no asset, no path. Byte-identical for the same run.

#include <string>

#include "engine/report/summary.hpp"

namespace wintergrid::report {

inline constexpr const char* kReportFormat = "wintergrid-report";
inline constexpr int kReportFormatVersion = 1;

/// Points of an exceedance curve at most; fewer winters give a point each.
inline constexpr std::size_t kExceedancePoints = 200;

std::string report_json(const Summary& summary, const Model& model, const montecarlo::Tally& tally);

}  // namespace wintergrid::report
