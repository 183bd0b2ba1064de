#include "engine/report/zone_layers.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "engine/report/public_zones.hpp"
#include "engine/report/start_day.hpp"

namespace wintergrid::report {
namespace {

constexpr std::array<std::pair<const char*, double>, 3> kQuantiles{
    {{"p05", 0.05}, {"p50", 0.50}, {"p95", 0.95}}};

std::optional<PlanePoint> place_of(const PublicZone& zone, const Model& model) {
  if (zone.merged) {
    return std::nullopt;
  }
  constexpr double kMetresPerKm = 1000.0;  // the unit that map programs take for SRS -1
  return PlanePoint{kMetresPerKm * static_cast<double>(model.zones.x_km[zone.zones.front()]),
                    kMetresPerKm * static_cast<double>(model.zones.y_km[zone.zones.front()])};
}

std::vector<std::size_t> services_of(const Model& model) {
  std::vector<std::size_t> services;
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    if (model.has_service(s)) {
      services.push_back(s);
    }
  }
  return services;
}

void bind_zone(Insert& row, const PublicZone& zone, const Model& model) {
  row.point(place_of(zone, model))
      .text(zone.merged ? std::string() : model.zones.id[zone.zones.front()])
      .text(zone.merged ? std::string("others") : model.zones.name[zone.zones.front()])
      .integer(zone.zones.size())
      .integer(zone.households);
}

constexpr const char* kZoneColumns =
    "zone TEXT, name TEXT, zones_in_it INTEGER, households INTEGER";

}  // namespace

void fill_zone_layers(GeoPackageFile& file, const Summary& summary, const Model& model,
                      const montecarlo::Tally& tally) {
  const std::vector<PublicZone> zones = public_zones(model, tally);
  const std::vector<std::size_t> services = services_of(model);
  std::vector<PlanePoint> places;
  for (const PublicZone& zone : zones) {
    if (const std::optional<PlanePoint> place = place_of(zone, model)) {
      places.push_back(*place);
    }
  }
  std::string columns = kZoneColumns, daily_columns = kZoneColumns;
  daily_columns += ", day INTEGER, day_start DATETIME, day_end DATETIME";
  for (const std::size_t s : services) {
    for (const char* what :
         {"household_hours_lost_mean", "hours_per_household_mean", "households_over_24h_mean",
          "households_over_72h_mean", "households_over_168h_mean"}) {
      columns += fmt::format(", {}_{} REAL", kServiceNames[s], what);
    }
    for (const auto& [name, probability] : kQuantiles) {
      daily_columns += fmt::format(", {}_share_lost_{} REAL", kServiceNames[s], name);
    }
  }
  file.create_points("zone_map", columns,
                     "zones of at least 1,000 households, the smaller ones together without a "
                     "place; abstract plane, metres",
                     places);
  Insert rows(file, "zone_map", 6 + 5 * services.size());
  std::uint64_t fid = 0;
  for (const PublicZone& zone : zones) {
    rows.integer(++fid);
    bind_zone(rows, zone, model);
    for (const std::size_t s : services) {
      rows.real(zone.household_hours_mean[s])
          .real(zone.household_hours_mean[s] / static_cast<double>(zone.households));
      for (const double households : zone.over_mean[s]) {
        rows.real(households);
      }
    }
    rows.end();
  }
  file.create_points("zone_map_daily", daily_columns,
                     "household-hours lost in a day as a share of the zone's households x 24 h, "
                     "quantiles over winters; a day from day_start to day_end",
                     places);
  Insert daily(file, "zone_map_daily", 9 + 3 * services.size());
  std::vector<std::uint64_t> counts(montecarlo::kZoneDayBins + 1);
  fid = 0;
  for (const PublicZone& zone : zones) {
    if (zone.merged) {  // quantiles of several zones together are not known
      continue;
    }
    for (std::size_t day = 0; day < tally.shape().days; ++day) {
      daily.integer(++fid);
      bind_zone(daily, zone, model);
      const auto hour = static_cast<std::int64_t>(day) * 24;
      daily.integer(day)
          .text(utc_text(summary.facts.start, hour))
          .text(utc_text(summary.facts.start, hour + 24));
      for (const std::size_t s : services) {
        for (std::size_t bin = 0; bin < counts.size(); ++bin) {
          counts[bin] = tally.zone_day_count(s, zone.zones.front(), day, bin);
        }
        for (const auto& [name, probability] : kQuantiles) {
          daily.real(montecarlo::histogram_quantile(counts, probability));
        }
      }
      daily.end();
    }
  }
}

}  // namespace wintergrid::report
