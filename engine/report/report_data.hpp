#pragma once
// report.json: everything that the page (report.html) shows, aggregated so that it may be shared:
// no zone of fewer than 1,000 households, no asset, no path. Byte-identical for the same run.

#include <string>
#include <vector>

#include "engine/report/shown_winters.hpp"
#include "engine/report/summary.hpp"

namespace wintergrid::report {

inline constexpr const char* kReportFormat = "wintergrid-report";
inline constexpr int kReportFormatVersion = 1;

/// Points of an exceedance curve at most; fewer winters give a point each.
inline constexpr std::size_t kExceedancePoints = 200;

/// Two policies or overlays on the same winters, household-hours lost of a service.
struct ComparedPair {
  std::string service, a, b;
  montecarlo::Paired difference;  ///< a minus b
  double mean_a = 0, mean_b = 0;
};

struct Comparison {
  std::string kind;  ///< "policy" or "overlay"
  std::vector<ComparedPair> pairs;
};

/// `winters` are shown day by day, those of shown_winters(). With a comparison: the results are
/// those of what all is compared with, the first.
std::string report_json(const Summary& summary, const Model& model, const montecarlo::Tally& tally,
                        const std::vector<ShownWinter>& winters,
                        const Comparison* comparison = nullptr);

}  // namespace wintergrid::report
