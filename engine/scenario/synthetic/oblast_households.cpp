// Households by feeder, building class, rise and heating.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/scenario/synthetic/builder.hpp"

namespace wintergrid::scenario::synthetic {
namespace {

struct Kind {
  const char* building_class;
  const char* rise;
  const char* heating;
  double share;
  bool flats;  ///< in buildings of households_per_building, else one household each
  bool own_well;
};

std::vector<Kind> kinds_of(const Builder& builder, const Place& place) {
  const Statistics& s = builder.statistics;
  const double insulated_share = 1.0 - s.panel_share - s.brick_share;
  if (place.kind == PlaceKind::city_district) {
    const double district = s.district_heating_city;
    return {
        {"panel", "high", "district", district * s.panel_share * s.high_rise_share, true, false},
        {"panel", "low", "district", district * s.panel_share * (1.0 - s.high_rise_share), true,
         false},
        {"brick", "low", "district", district * s.brick_share, true, false},
        {"insulated", "high", "district", district * insulated_share, true, false},
        // [A] the rest: newer flats with a gas boiler each, houses on gas, some electric heating
        {"insulated", "high", "gas_boiler", (1.0 - district) * 0.5, true, false},
        {"house", "low", "gas_boiler", (1.0 - district) * 0.4, false, false},
        {"house", "low", "electric", (1.0 - district) * 0.1, false, false}};
  }
  if (place.kind == PlaceKind::town) {
    const double district = s.district_heating_town;
    return {{"panel", "low", "district", district * 0.6, true, false},
            {"brick", "low", "district", district * 0.4, true, false},
            {"brick", "low", "gas_boiler", (1.0 - district) * 0.2, true, false},
            {"house", "low", "gas_boiler", (1.0 - district) * 0.6, false, false},
            {"house", "low", "stove", (1.0 - district) * 0.2, false, false}};
  }
  return {{"house", "low", "gas_boiler", 0.25, false, false},
          {"house", "low", "stove", 0.15, false, false},
          {"house", "low", "gas_boiler", 0.30, false, true},
          {"house", "low", "stove", 0.25, false, true},
          {"house", "low", "electric", 0.05, false, true}};
}

/// Whole households of a feeder by kind; what rounding leaves goes to the largest kind.
std::vector<std::int64_t> split(std::int64_t households, const std::vector<Kind>& kinds) {
  std::vector<std::int64_t> parts;
  std::int64_t given = 0;
  double total = 0.0;
  for (const Kind& kind : kinds) {
    total += kind.share;
  }
  std::size_t largest = 0;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    parts.push_back(
        static_cast<std::int64_t>(static_cast<double>(households) * kinds[i].share / total));
    given += parts.back();
    largest = kinds[i].share > kinds[largest].share ? i : largest;
  }
  parts[largest] += households - given;
  return parts;
}

}  // namespace

void make_households(Builder& builder) {
  for (const Place& place : builder.places) {
    const std::vector<Kind> kinds = kinds_of(builder, place);
    const auto feeders = static_cast<std::int64_t>(place.feeders.size());
    for (std::int64_t f = 0; f < feeders; ++f) {
      const std::int64_t on_feeder =
          place.households / feeders + (f < place.households % feeders ? 1 : 0);
      const std::vector<std::int64_t> parts = split(on_feeder, kinds);
      for (std::size_t k = 0; k < kinds.size(); ++k) {
        if (parts[k] == 0) {
          continue;
        }
        HouseholdRow row;
        row.zone = place.id;
        row.feeder = place.feeders[static_cast<std::size_t>(f)];
        row.building_class = kinds[k].building_class;
        row.rise = kinds[k].rise;
        row.heating = kinds[k].heating;
        if (row.heating == "district") {
          row.heat_node =
              fmt::format("{}-H{}", place.id, static_cast<std::size_t>(f) % place.heat_zones + 1);
        }
        if (!kinds[k].own_well) {
          row.water_node =
              fmt::format("{}-W{}", place.id, static_cast<std::size_t>(f) % place.water_zones + 1);
        }
        row.households = parts[k];
        row.buildings = kinds[k].flats
                            ? std::max<std::int64_t>(
                                  1, std::llround(static_cast<double>(parts[k]) /
                                                  builder.statistics.households_per_building))
                            : parts[k];
        builder.scenario.households.push_back(row);
      }
    }
  }
}

}  // namespace wintergrid::scenario::synthetic
