#include "engine/scenario/synthetic/oblast.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "engine/scenario/synthetic/builder.hpp"

namespace wintergrid::scenario {
namespace synthetic {

std::string Builder::add_facility(const Place& place, const std::string& name,
                                  const std::string& kind, double load_kw, double motor_kw,
                                  double generator_kw, double fuel_hours) {
  FacilityRow row;
  row.facility = name;
  row.kind = kind;
  row.zone = place.id;
  row.feeder = place.critical_feeder;
  row.load_kw = rounded(load_kw, 1);
  row.motor_kw = rounded(std::min(motor_kw, row.load_kw), 1);
  row.soft_start = chance.uniform("soft_start/" + name) < 0.5;
  row.generator_kw = rounded(generator_kw, 0);
  row.fuel_hours = generator_kw > 0.0 ? fuel_hours : 0.0;
  row.phase_in_minutes = generator_kw > 0.0 ? (kind == "hospital" ? 1.0 : 15.0) : 0.0;
  scenario.facilities.push_back(row);
  return name;
}

namespace {

/// Whole shares of `total` in proportion to weights: largest remainder, ties to the lower index.
std::vector<std::int64_t> apportion(std::int64_t total, const std::vector<double>& weights) {
  double sum = 0.0;
  for (const double weight : weights) {
    sum += weight;
  }
  std::vector<std::int64_t> shares(weights.size());
  std::vector<std::pair<double, std::size_t>> remainders;
  std::int64_t given = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double exact = static_cast<double>(total) * weights[i] / sum;
    shares[i] = static_cast<std::int64_t>(exact);
    given += shares[i];
    remainders.emplace_back(-(exact - std::floor(exact)), i);
  }
  std::sort(remainders.begin(), remainders.end());
  for (std::int64_t k = 0; k < total - given; ++k) {
    ++shares[remainders[static_cast<std::size_t>(k) % remainders.size()].second];
  }
  return shares;
}

void place_district(Builder& builder, Place& place, std::size_t districts) {
  // Districts of a city on rings around its centre; cities side by side, 120 km apart.
  const double share = (static_cast<double>(place.ordinal) + 0.5) / static_cast<double>(districts);
  const double radius_km = 1.5 * std::sqrt(static_cast<double>(districts)) * std::sqrt(share);
  const double angle = 2.399963 * static_cast<double>(place.ordinal);  // golden angle: even spread
  place.x_km = rounded(builder.statistics.parts_apart_km * static_cast<double>(place.city) +
                       radius_km * std::cos(angle));
  place.y_km = rounded(radius_km * std::sin(angle));
  place.district_heated = std::llround(static_cast<double>(place.households) *
                                       builder.statistics.district_heating_city);
  place.heat_zones = 3;
  place.water_zones = 2;
}

void place_outside(Builder& builder, Place& place, double nearest_km, double farthest_km) {
  const double angle = 2.0 * std::numbers::pi * builder.chance.uniform("angle/" + place.id);
  const double radius_km = builder.chance.between(nearest_km, farthest_km, "radius/" + place.id);
  const std::size_t city = static_cast<std::size_t>(builder.chance.uniform("near/" + place.id) *
                                                    static_cast<double>(builder.cities));
  place.x_km = rounded(builder.statistics.parts_apart_km * static_cast<double>(city) +
                       radius_km * std::cos(angle));
  place.y_km = rounded(radius_km * std::sin(angle));
}

}  // namespace

void make_places(Builder& builder) {
  const Statistics& s = builder.statistics;
  const double city_people = builder.request.people * s.city_share;
  std::vector<double> part_shares = s.part_shares;
  if (part_shares.empty()) {
    const std::size_t cities = std::max<std::size_t>(
        1, static_cast<std::size_t>(std::ceil(city_people / s.largest_city_people)));
    part_shares.assign(cities, 1.0 / static_cast<double>(cities));
  }
  builder.cities = part_shares.size();
  std::vector<std::size_t> districts;
  for (const double share : part_shares) {
    districts.push_back(std::max<std::size_t>(
        3, static_cast<std::size_t>(std::lround(city_people * share / s.people_per_district))));
  }
  const auto outside = [&s](double people, double people_each) {
    return s.has_surroundings ? std::max<std::size_t>(
                                    2, static_cast<std::size_t>(std::lround(people / people_each)))
                              : 0;
  };
  const std::size_t towns = outside(builder.request.people * s.town_share, s.people_per_town);
  const double rural_people = builder.request.people * (1.0 - s.city_share - s.town_share);
  const std::size_t communities = outside(rural_people, s.people_per_rural_community);

  std::vector<double> weights;
  const auto add = [&](std::string id, PlaceKind kind, std::size_t city, std::size_t ordinal,
                       double people) {
    Place place;
    place.id = std::move(id);
    place.kind = kind;
    place.city = city;
    place.ordinal = ordinal;
    builder.places.push_back(place);
    weights.push_back(people *
                      builder.chance.between(0.8, 1.2, "people/" + builder.places.back().id));
  };
  for (std::size_t city = 0; city < builder.cities; ++city) {
    for (std::size_t d = 0; d < districts[city]; ++d) {
      add(fmt::format("C{}D{:02}", city + 1, d + 1), PlaceKind::city_district, city, d,
          city_people * part_shares[city] / static_cast<double>(districts[city]));
    }
  }
  for (std::size_t t = 0; t < towns; ++t) {
    add(fmt::format("T{:03}", t + 1), PlaceKind::town, 0, t,
        builder.request.people * s.town_share / static_cast<double>(towns));
  }
  for (std::size_t r = 0; r < communities; ++r) {
    add(fmt::format("R{:03}", r + 1), PlaceKind::rural, 0, r,
        rural_people / static_cast<double>(communities));
  }
  const std::int64_t households = std::llround(builder.request.people / s.people_per_household);
  const std::vector<std::int64_t> shares = apportion(households, weights);
  for (std::size_t i = 0; i < builder.places.size(); ++i) {
    Place& place = builder.places[i];
    place.households = shares[i];
    if (place.kind == PlaceKind::city_district) {
      place_district(builder, place, districts[place.city]);
    } else if (place.kind == PlaceKind::town) {
      place_outside(builder, place, 20.0, 70.0);
      place.district_heated =
          std::llround(static_cast<double>(place.households) * s.district_heating_town);
      place.heat_zones = 1;
      place.water_zones = 2;
    } else {
      place_outside(builder, place, 25.0, 90.0);
      place.water_zones = 1;
    }
    ZoneRow row;
    row.zone = place.id;
    row.name = place.kind == PlaceKind::city_district
                   ? fmt::format("{} {} district {}", s.part_shares.empty() ? "City" : "Part",
                                 place.city + 1, place.ordinal + 1)
               : place.kind == PlaceKind::town ? fmt::format("Town {}", place.ordinal + 1)
                                               : fmt::format("Community {}", place.ordinal + 1);
    row.region = s.has_surroundings ? "oblast" : "city";
    row.x_km = place.x_km;
    row.y_km = place.y_km;
    builder.scenario.zones.push_back(row);
  }
}

namespace {

void make_settings(Builder& builder) {
  const Statistics& s = builder.statistics;
  Scenario& scenario = builder.scenario;
  const double scale = builder.request.people / 1.2e6;
  scenario.name = s.has_surroundings ? "synthetic oblast" : "synthetic city";
  scenario.description =
      fmt::format("SYNTHETIC: made from statistics with seed {}; {:.0f} people. No real network.",
                  builder.request.seed, builder.request.people);
  scenario.start = "2025-12-15T00:00+02:00";
  scenario.people_per_household = s.people_per_household;
  scenario.household_kw = s.household_kw;
  scenario.litres_per_person_day = s.litres_per_person_day;
  scenario.water_leakage_share = s.leakage_share;
  scenario.import_limit_mean =
      0.65;  // [A] January 2026: 11 GW available of 18 GW needed, imports the swing
  scenario.import_limit_sd = 0.15;
  // The default share of a wave that goes to an attacked region is for an average oblast; it grows
  // with the oblast so that the hazard per asset stays the same.
  scenario.regions.push_back(
      {s.has_surroundings ? "oblast" : "city", std::min(1.0, rounded(0.20 * scale, 4)), {}});
  const auto crews = [scale](double per_oblast) {
    return std::max(1, static_cast<int>(std::lround(per_oblast * scale)));
  };
  const std::string base = builder.places.front().id;
  // [A] 25 electric crews per oblast (64 in Kyiv, February 2026); [D] 60 heat crews (200-230 in
  // Kyiv)
  scenario.crews = {{"lines", crews(15), base, {}}, {"substation", crews(10), base, {}},
                    {"plant", crews(6), base, {}},  {"heat_network", crews(20), base, {}},
                    {"water", crews(12), base, {}}, {"plumbing", crews(60), base, {}}};
  scenario.spares = {{"autotransformer_330", crews(1), rounded(0.3 * scale, 3), 270.0, {}},
                     {"transformer_110", crews(4), rounded(0.3 * scale, 3), 30.0, {}}};
  // [D] 101 modular boiler houses pledged to the country's 23 oblasts; [A] of 3 MW each
  scenario.mobile_boilers = {{crews(4), 3.0, {}}};
}

Scenario make(const Statistics& statistics, const SyntheticRequest& request) {
  Builder builder;
  builder.statistics = statistics;
  builder.request = request;
  builder.chance = Chance(request.seed);
  make_places(builder);
  make_power(builder);
  make_heat(builder);
  make_water(builder);
  make_other_facilities(builder);
  make_households(builder);
  make_settings(builder);
  return std::move(builder.scenario);
}

Statistics city_statistics() {
  Statistics s;
  s.city_share = 1.0;
  s.town_share = 0.0;
  s.has_surroundings = false;
  // [A] two large parts and a small one; sizes guided by published counts of buildings without heat
  s.part_shares = {0.43, 0.43, 0.14};
  s.ring_district_share = 0.6;
  s.parts_apart_km = 12.0;          // [A]
  s.people_per_district = 50000;    // [A]
  s.people_per_330_hub = 480000;    // [A] shorter ways than in an oblast
  s.district_heating_city = 1.0;    // [S] Kyiv 95 % (HRMMU 2024); flats only
  s.households_per_building = 120;  // [D] Kyiv: 3.6 million people in about 12,000 buildings
  s.thermal_kw_per_person = 0.0;    // [A] outside the city
  s.hydro_kw_per_person = 0.0;
  s.chp_shares = {1.0};  // [A] with the peak boilers on their sites
  // [D] Kyiv: 1,700 MW in frost, of which 800-900 MW from outside (Kharchenko, January 2026)
  s.chp_electricity_per_heat = 0.27;
  s.ring_boiler_share = 0.0;  // [A] a plant's area has nothing else
  return s;
}

}  // namespace
}  // namespace synthetic

Scenario make_oblast(const SyntheticRequest& request) {
  return synthetic::make(synthetic::Statistics{}, request);
}

Scenario make_city(const SyntheticRequest& request) {
  return synthetic::make(synthetic::city_statistics(), request);
}

}  // namespace wintergrid::scenario
