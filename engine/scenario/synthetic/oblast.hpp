#pragma once
// A synthetic oblast from statistics and a seed: nobody's real network. Same arguments, same
// tables, to the byte.

#include <cstdint>
#include <string>
#include <vector>

#include "engine/scenario/scenario.hpp"

namespace wintergrid::scenario {

struct OblastRequest {
  double people = 1.2e6;  ///< 100,000 to 10,000,000
  std::uint64_t seed = 1;
};

inline constexpr double kSmallestOblastPeople = 1e5;
inline constexpr double kLargestOblastPeople = 1e7;

/// All tables and settings filled; passes compile() without an error.
Scenario make_oblast(const OblastRequest& request);

}  // namespace wintergrid::scenario
