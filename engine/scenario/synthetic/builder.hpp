#pragma once
// Shared by the parts of make_oblast(): the statistics with their sources, the places, and
// addressed chance.

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "engine/scenario/synthetic/oblast.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::scenario::synthetic {

/// Numbers from which an oblast or a city is made. [S] found in a source, [D] derived from sources,
/// [A] assumption.
struct Statistics {
  double people_per_household =
      2.5;  ///< [D] State Statistics 2.28-2.30; Kharkiv 2026: 270,000 / 105,000 = 2.57
  double city_share = 0.5833;           ///< [A] 700,000 of 1.2 million in one city
  double town_share = 0.1167;           ///< [A] urban share 70 % less the city
  double largest_city_people = 1.75e6;  ///< [A] larger oblasts get several cities
  std::vector<double> part_shares;      ///< one city in parts of its own heat and water instead; km
  double parts_apart_km = 120;          ///< between cities or parts
  bool has_surroundings = true;         ///< towns and communities around
  double people_per_district = 35000;   ///< [A] city district served by one 110 kV substation
  double people_per_town = 14000;       ///< [A]
  double people_per_rural_community = 30000;  ///< [A] hromada served by one 110 kV substation
  double district_heating_city =
      0.80;  ///< [D] half of all households on district heating (BBC/Korolchuk: 61 % nationally,
  double district_heating_town = 0.30;  ///<     Kyiv 95 %) with most flats of the large city
  double households_per_building =
      123;  ///< [D] Kharkiv, February 2026: 105,000 subscribers in 853 buildings
  double panel_share = 0.55,
         brick_share = 0.30;     ///< [A] of flats on district heating; the rest insulated
  double high_rise_share = 0.5;  ///< [A] of panel and insulated buildings
  double peak_kw_per_person =
      0.5;                     ///< [D] Kyiv 1,700 MW for 3.6 million; national winter peak 18 GW
  double household_kw = 0.75;  ///< [A] evening peak, diversified, 0.6-0.9
  double exempt_share =
      0.25;  ///< [A] of feeders beside those with critical facilities; 25-35 % of demand
  double backup_share_city = 0.6;      ///< [A] of feeders that can be switched to a neighbour
  double backup_share_town = 0.3;      ///< [A] likewise; none in rural communities
  double people_per_feeder = 2900;     ///< [A] about 400 feeders per 1.2 million
  double people_per_330_hub = 240000;  ///< [D] 160-180 large transformers over 24 regions
  double thermal_kw_per_person = 0.25, hydro_kw_per_person = 0.05;  ///< [A]
  double import_kw_per_person = 1.0 / 3.0;                          ///< [A]
  double chp_electricity_per_heat = 0.6;                            ///< [A]
  /// [A] of the demand on the ring of mains of a city or part: each CHP, and all boiler houses.
  std::vector<double> chp_shares = {0.42, 0.33};
  double ring_boiler_share = 0.6;
  double ring_district_share = 0.65;  ///< [A] of a city's districts lie on the ring
  double heat_kw_per_household_design =
      2.3;  ///< [D] 58 W/K x 39.5 K (Oleksandria, NEFCO: 195 MW, 210 GWh for 100,000 people)
  double heat_capacity_kw_per_household = 4.875;  ///< [D] Oleksandria: 1.95 MW per 1,000 people
  double chp_heat_share =
      0.45;  ///< [A]; nationally about a quarter of heat is CHP (Energy Community)
  double litres_per_person_day = 150;  ///< [U] 120-200
  double leakage_share = 0.25;         ///< [A]
  double water_w_per_person = 12;      ///< [D] Kyiv 40 MW of gas-piston sets for its water system
  double people_per_hospital = 30000;  ///< [A] 40 per 1.2 million
  double people_per_shelter_point = 4000;  ///< [D] 6,908-9,597 points nationally: about 1 per 4,000
  double people_per_telecom_node = 10000;  ///< [A]
  double people_per_sewage_lift = 40000;   ///< [A]
  double boiler_house_generator_share = 0.6;  ///< [D] UNOPS Mykolaiv
  double pump_station_generator_share = 0.6;  ///< [S] Kharkiv: 80 % in October 2023
  double hospital_fuel_hours = 120;           ///< [S] at least 5 days (Ministry of Health)
};

enum class PlaceKind { city_district, town, rural };

struct Place {
  std::string id;
  PlaceKind kind = PlaceKind::city_district;
  std::size_t city = 0;     ///< which city, for districts
  std::size_t ordinal = 0;  ///< within its city, or among towns or communities
  double x_km = 0, y_km = 0;
  std::int64_t households = 0;
  std::int64_t district_heated = 0;
  std::size_t heat_zones = 0;  ///< heat nodes with households
  std::size_t water_zones = 0;
  std::vector<std::string> feeders;  ///< ordinary feeders, filled by power
  std::string critical_feeder;       ///< exempt, for facilities
  std::string bus;
};

/// SplitMix64's finaliser over a name and the seed: addressed like the simulator's draws, so that
/// adding a place leaves the others as they were. (engine/random lies in the same layer and may not
/// be included here.)
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : seed_(seed) {}
  double uniform(std::string_view name) const {
    std::uint64_t x = name_hash(name) + 0x9e3779b97f4a7c15ULL * (seed_ + 1);
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    x ^= x >> 31;
    return (static_cast<double>(x >> 11) + 0.5) * 0x1.0p-53;
  }
  double between(double low, double high, std::string_view name) const {
    return low + (high - low) * uniform(name);
  }

 private:
  std::uint64_t seed_;
};

struct Builder {
  Statistics statistics;
  SyntheticRequest request;
  Chance chance{1};
  std::vector<Place> places;
  std::size_t cities = 1;  ///< or parts of one
  Scenario scenario;

  std::size_t count(double people_per_item, std::size_t least) const {
    return std::max(least, static_cast<std::size_t>(std::lround(request.people / people_per_item)));
  }
  /// Adds a facility on the place's critical feeder and returns its name.
  std::string add_facility(const Place& place, const std::string& name, const std::string& kind,
                           double load_kw, double motor_kw, double generator_kw, double fuel_hours);
};

/// Rounds to `digits` decimals, so that tables are short and the same on every machine.
inline double rounded(double value, int digits = 2) {
  const double scale = std::pow(10.0, digits);
  return std::round(value * scale) / scale;
}

void make_places(Builder& builder);
void make_power(Builder& builder);
void make_heat(Builder& builder);
void make_water(Builder& builder);
void make_households(Builder& builder);
void make_other_facilities(Builder& builder);

}  // namespace wintergrid::scenario::synthetic
