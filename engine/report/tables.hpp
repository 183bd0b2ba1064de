#pragma once
// Tidy CSV (comma, dot, UTF-8, RFC 4180) of a run's results.

#include <string>

#include "engine/report/summary.hpp"

namespace wintergrid::report {

std::string headline_csv(const Summary& summary);  ///< a metric a row, all estimates
std::string replications_csv(
    const montecarlo::Tally& tally);  ///< a replication a row, a metric a column
std::string zones_csv(const Model& model,
                      const montecarlo::Tally& tally);  ///< a zone and service a row
std::string hourly_csv(const Summary& summary);  ///< an hour and service a row: p05, p50, p95
std::string generators_csv(const Summary& summary);

/// RFC 4180: quoted if it holds a comma, quote or line break.
std::string csv_field(std::string_view text);
/// Empty where there is no finite number.
std::string csv_number(double value);

}  // namespace wintergrid::report
