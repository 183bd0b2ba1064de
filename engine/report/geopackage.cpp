// The tables without geometry ("attributes"), which hold everything; zone_layers.cpp draws from
// them what a map shows.

#include "engine/report/geopackage.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/io/file_ops.hpp"
#include "engine/report/geopackage_file.hpp"
#include "engine/report/zone_layers.hpp"

namespace wintergrid::report {
namespace {

std::string column_name(std::string name) {
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

void fill_run(GeoPackageFile& database, const Summary& summary) {
  database.create_attributes("run", "key TEXT PRIMARY KEY, value TEXT", "what was run");
  Insert insert(database, "run", 2);
  const RunFacts& facts = summary.facts;
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"campaign", facts.campaign},
      {"ended", to_text(facts.stop_reason)},
      {"failed_replications", std::to_string(summary.failed)},
      {"horizon_days", fmt::format("{}", facts.horizon_days)},
      {"households", std::to_string(summary.households)},
      {"parameters", facts.parameters_sampled ? "sampled" : "fixed"},
      {"policy", facts.policy},
      {"program_version", facts.program_version},
      {"replications", std::to_string(summary.replications)},
      {"scenario", facts.scenario_name},
      {"scenario_description", facts.scenario_description},
      {"scenario_sha256", facts.scenario_sha256},
      {"seed", std::to_string(facts.seed)},
      {"start", facts.start},
      {"weather", facts.weather}};
  for (const auto& [key, value] : rows) {
    insert.text(key).text(value).end();
  }
}

void fill_metrics(GeoPackageFile& database, const Summary& summary) {
  database.create_attributes(
      "metrics",
      "metric TEXT PRIMARY KEY, unit TEXT, meaning TEXT, mean REAL, ci95_low REAL, "
      "ci95_high REAL, p05 REAL, p50 REAL, "
      "p95 REAL, p05_parameters REAL, p95_parameters REAL, parameter_variance_share REAL",
      "estimates over replications");
  Insert insert(database, "metrics", 12);
  const std::vector<montecarlo::Metric>& metrics = montecarlo::metrics();
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    const montecarlo::Estimate& e = summary.estimates[m];
    insert.text(metrics[m].name)
        .text(metrics[m].unit)
        .text(metrics[m].meaning)
        .real(e.mean)
        .real(e.ci95_low);
    insert.real(e.ci95_high)
        .real(e.p05)
        .real(e.p50)
        .real(e.p95)
        .real(e.p05_parameters)
        .real(e.p95_parameters);
    insert.real(e.parameter_variance_share).end();
  }
}

void fill_replications(GeoPackageFile& database, const montecarlo::Tally& tally) {
  const std::vector<montecarlo::Metric>& metrics = montecarlo::metrics();
  std::string columns = "replication INTEGER PRIMARY KEY, failed INTEGER";
  for (const montecarlo::Metric& metric : metrics) {
    columns += fmt::format(", {} REAL", column_name(metric.name));
  }
  database.create_attributes("replications", columns, "one winter a row");
  Insert insert(database, "replications", metrics.size() + 2);
  for (std::uint64_t replication = 0; replication < tally.count(); ++replication) {
    const bool failed = tally.failed(replication);
    insert.integer(replication).integer(failed ? 1 : 0);
    const std::span<const std::int64_t> row = tally.row(replication);
    for (std::size_t m = 0; m < metrics.size(); ++m) {
      if (failed) {
        insert.null();
      } else {
        insert.real(static_cast<double>(row[m]) / metrics[m].per_unit);
      }
    }
    insert.end();
  }
  database.create_attributes("failures", "replication INTEGER PRIMARY KEY, what TEXT",
                             "replications that failed, and why");
  Insert failures(database, "failures", 2);
  for (const montecarlo::Failure& failure : tally.failures()) {
    failures.integer(failure.replication).text(failure.what).end();
  }
}

void fill_zones(GeoPackageFile& database, const Model& model, const montecarlo::Tally& tally) {
  database.create_attributes(
      "zones",
      "id INTEGER PRIMARY KEY, zone TEXT, name TEXT, households INTEGER, x_km REAL, y_km "
      "REAL, service TEXT, "
      "household_hours_lost_mean REAL, households_over_24h_mean REAL, "
      "households_over_72h_mean REAL, households_over_168h_mean REAL",
      "by zone and service; x and y on an abstract plane");
  database.create_attributes(
      "zone_daily",
      "id INTEGER PRIMARY KEY, zone TEXT, day INTEGER, service TEXT, share_lost_p05 REAL, "
      "share_lost_p50 REAL, "
      "share_lost_p95 REAL",
      "household-hours lost in a day as a share of the zone's households x 24 h");
  Insert zones(database, "zones", 11);
  Insert daily(database, "zone_daily", 7);
  const double fine = std::max(1.0, static_cast<double>(tally.count() - tally.failures().size()));
  std::vector<std::uint64_t> counts(montecarlo::kZoneDayBins + 1);
  std::uint64_t zone_row = 0, daily_row = 0;
  for (std::size_t zone = 0; zone < model.zones.count(); ++zone) {
    for (std::size_t s = 0; s < kServiceCount; ++s) {
      if (!model.has_service(s)) {
        continue;
      }
      zones.integer(++zone_row)
          .text(model.zones.id[zone])
          .text(model.zones.name[zone])
          .integer(tally.shape().zone_households[zone]);
      zones.real(static_cast<double>(model.zones.x_km[zone]))
          .real(static_cast<double>(model.zones.y_km[zone]));
      zones.text(kServiceNames[s])
          .real(static_cast<double>(tally.zone_household_seconds(s, zone)) / 3600.0 / fine);
      for (std::size_t k = 0; k < kZoneThresholdCount; ++k) {
        zones.real(static_cast<double>(tally.zone_over(s, zone, k)) / fine);
      }
      zones.end();
      for (std::size_t day = 0; day < tally.shape().days; ++day) {
        for (std::size_t bin = 0; bin < counts.size(); ++bin) {
          counts[bin] = tally.zone_day_count(s, zone, day, bin);
        }
        daily.integer(++daily_row).text(model.zones.id[zone]).integer(day).text(kServiceNames[s]);
        for (const double probability : {0.05, 0.50, 0.95}) {
          daily.real(montecarlo::histogram_quantile(counts, probability));
        }
        daily.end();
      }
    }
  }
}

void fill_hourly(GeoPackageFile& database, const Summary& summary) {
  database.create_attributes(
      "hourly",
      "id INTEGER PRIMARY KEY, hour INTEGER, service TEXT, households_without_p05 REAL, "
      "households_without_p50 REAL, "
      "households_without_p95 REAL",
      "households without a service by hour since the start");
  Insert insert(database, "hourly", 6);
  std::uint64_t id = 0;
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    for (std::size_t hour = 0; hour < summary.hours[s].size(); ++hour) {
      const HourBand& band = summary.hours[s][hour];
      insert.integer(++id)
          .integer(hour)
          .text(kServiceNames[s])
          .real(band.p05)
          .real(band.p50)
          .real(band.p95)
          .end();
    }
  }
}

void fill_generators(GeoPackageFile& database, const Summary& summary) {
  database.create_attributes(
      "generators",
      "set_class TEXT PRIMARY KEY, facilities INTEGER, mean_load_kw REAL, "
      "sets_at_once_p50 REAL, sets_at_once_p80 REAL, "
      "sets_at_once_p95 REAL, litres_worst_day_p50 REAL, litres_worst_day_p80 REAL, "
      "litres_worst_day_p95 REAL, "
      "set_hours_mean REAL",
      "sets needed at once and diesel a day by class of set");
  Insert insert(database, "generators", 10);
  for (const GeneratorNeed& need : summary.generators) {
    insert.text(need.set_class)
        .integer(need.facilities)
        .real(need.mean_load_kw)
        .real(need.sets_p50)
        .real(need.sets_p80);
    insert.real(need.sets_p95)
        .real(need.litres_day_p50)
        .real(need.litres_day_p80)
        .real(need.litres_day_p95);
    insert.real(need.set_hours_mean).end();
  }
}

}  // namespace

std::string write_geopackage(const std::string& path, const Summary& summary, const Model& model,
                             const montecarlo::Tally& tally) {
  io::FileOps& files = io::system_file_ops();
  const std::string partial = path + ".partial";
  try {
    GeoPackageFile database;
    database.execute("BEGIN");
    fill_run(database, summary);
    fill_metrics(database, summary);
    fill_replications(database, tally);
    fill_zones(database, model, tally);
    fill_hourly(database, summary);
    fill_generators(database, summary);
    fill_zone_layers(database, summary, model, tally);
    database.execute("COMMIT");
    files.unlink(partial);
    database.save(partial);
  } catch (const std::runtime_error& error) {
    files.unlink(partial);
    return fmt::format("cannot write '{}': {}", path, error.what());
  }
  const int renamed = files.rename(partial, path);
  if (renamed < 0) {
    files.unlink(partial);
    return io::file_error("cannot rename into place", path, -renamed);
  }
  return {};
}

}  // namespace wintergrid::report
