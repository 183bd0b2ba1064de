#include "engine/report/tables.hpp"

#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "engine/report/csv_columns.hpp"

namespace wintergrid::report {

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    return std::string(text);
  }
  std::string quoted = "\"";
  for (const char character : text) {
    if (character == '"') {
      quoted += '"';
    }
    quoted += character;
  }
  return quoted + "\"";
}

std::string csv_number(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : std::string();
}

std::string headline_csv(const Summary& summary) {
  std::string text = header_line("headline");
  const std::vector<montecarlo::Metric>& metrics = montecarlo::metrics();
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    const montecarlo::Estimate& e = summary.estimates[m];
    fmt::format_to(std::back_inserter(text), "{},{}", metrics[m].name, metrics[m].unit);
    for (const double value : {e.mean, e.ci95_low, e.ci95_high, e.p05, e.p05_low, e.p05_high, e.p50,
                               e.p50_low, e.p50_high, e.p95, e.p95_low, e.p95_high,
                               e.p05_parameters, e.p95_parameters, e.parameter_variance_share}) {
      text += ',' + csv_number(value);
    }
    fmt::format_to(std::back_inserter(text), ",{}\n", csv_field(metrics[m].meaning));
  }
  return text;
}

std::string replications_csv(const montecarlo::Tally& tally) {
  const std::vector<montecarlo::Metric>& metrics = montecarlo::metrics();
  std::string text = header_line("replications");
  for (std::uint64_t replication = 0; replication < tally.count(); ++replication) {
    const bool failed = tally.failed(replication);
    fmt::format_to(std::back_inserter(text), "{},{}", replication, failed ? 1 : 0);
    const std::span<const std::int64_t> row = tally.row(replication);
    for (std::size_t m = 0; m < metrics.size(); ++m) {
      if (failed) {
        text += ",";
      } else {
        fmt::format_to(std::back_inserter(text), ",{}",
                       static_cast<double>(row[m]) / metrics[m].per_unit);
      }
    }
    text += "\n";
  }
  return text;
}

std::string zones_csv(const Model& model, const montecarlo::Tally& tally) {
  std::string text = header_line("zones");
  const double fine = static_cast<double>(tally.count() - tally.failures().size());
  for (std::size_t zone = 0; zone < model.zones.count(); ++zone) {
    for (std::size_t s = 0; s < kServiceCount; ++s) {
      if (!model.has_service(s)) {
        continue;
      }
      const double hours = static_cast<double>(tally.zone_household_seconds(s, zone)) / 3600.0;
      fmt::format_to(std::back_inserter(text), "{},{},{},{},{}", csv_field(model.zones.id[zone]),
                     csv_field(model.zones.name[zone]), tally.shape().zone_households[zone],
                     kServiceNames[s], fine > 0 ? hours / fine : 0.0);
      for (std::size_t k = 0; k < kZoneThresholdCount; ++k) {
        const double over = static_cast<double>(tally.zone_over(s, zone, k));
        fmt::format_to(std::back_inserter(text), ",{}", fine > 0 ? over / fine : 0.0);
      }
      text += "\n";
    }
  }
  return text;
}

std::string hourly_csv(const Summary& summary) {
  std::string text = header_line("hourly");
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    for (std::size_t hour = 0; hour < summary.hours[s].size(); ++hour) {
      const HourBand& band = summary.hours[s][hour];
      fmt::format_to(std::back_inserter(text), "{},{},{},{},{}\n", hour, kServiceNames[s], band.p05,
                     band.p50, band.p95);
    }
  }
  return text;
}

std::string generators_csv(const Summary& summary) {
  std::string text = header_line("generators");
  for (const GeneratorNeed& need : summary.generators) {
    fmt::format_to(std::back_inserter(text), "{},{},{},{},{},{},{},{},{},{}\n",
                   csv_field(need.set_class), need.facilities, need.mean_load_kw, need.sets_p50,
                   need.sets_p80, need.sets_p95, need.litres_day_p50, need.litres_day_p80,
                   need.litres_day_p95, need.set_hours_mean);
  }
  return text;
}

}  // namespace wintergrid::report
