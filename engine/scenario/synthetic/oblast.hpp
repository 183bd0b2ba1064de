#pragma once
// A synthetic oblast or city from statistics and a seed: nobody's real network. Same arguments,
// same tables, to the byte.

#include <cstdint>
#include <string>
#include <vector>

#include "engine/scenario/scenario.hpp"

namespace wintergrid::scenario {

struct SyntheticRequest {
  double people = 1.2e6;  ///< 100,000 to 10,000,000
  std::uint64_t seed = 1;
};

inline constexpr double kSmallestSyntheticPeople = 1e5;
inline constexpr double kLargestSyntheticPeople = 1e7;

/// A city, towns and rural communities. All tables and settings filled; passes compile() without an
/// error.
Scenario make_oblast(const SyntheticRequest& request);

/// A city of flats on district heating, in three parts with a heat and power plant each, and
/// nothing around it. Likewise.
Scenario make_city(const SyntheticRequest& request);

}  // namespace wintergrid::scenario
