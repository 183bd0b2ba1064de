#pragma once
// Sets that facilities need: at once, run-hours, litres; by class of set, zone and kind.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/generators/facilities.hpp"
#include "engine/montecarlo/estimate.hpp"
#include "grid_models/system/state.hpp"

namespace wintergrid::generators {

/// Why a facility has neither grid nor set at a moment.
enum class Gap : std::uint8_t {
  no_set = 0,  ///< none, or one too small for the essential load
  failed,      ///< did not start, or broke down
  fuel,        ///< dry
  starting,    ///< takes load in minutes: no need of a set
};
inline constexpr std::size_t kGapCount = 4;

enum class Scope : std::uint8_t { all = 0, zone, kind };
inline constexpr std::size_t kAllClasses = kSetClassCount;

/// Facilities counted together.
struct Group {
  Scope scope = Scope::all;
  std::uint32_t index = 0;              ///< of the zone or kind
  std::size_t set_class = kAllClasses;  ///< or all classes together
  std::uint32_t facilities = 0;
  std::uint32_t without_set = 0;  ///< of their own
};

struct Grouping {
  std::vector<Group> groups;                            ///< by (scope, index, class)
  std::vector<std::vector<std::uint32_t>> of_facility;  ///< groups it is counted in
};
Grouping grouping_of(const Facilities& facilities);

/// Of one winter.
struct WinterNeeds {
  std::array<std::vector<std::uint32_t>, kGapCount> at_once;          ///< by group: the most
  std::array<std::vector<std::int64_t>, kGapCount> facility_seconds;  ///< by facility
  /// [class][n]: seconds in which exactly n facilities of the class needed a set
  std::array<std::vector<std::int64_t>, kSetClassCount> seconds_at_count;
};

/// Counts one winter; looks on at every moment.
class NeedsCounter {
 public:
  NeedsCounter(const Facilities& facilities, const Grouping& grouping);
  void begin(WinterNeeds& winter);
  void note(const Model& model, const State& state, Seconds duration);

 private:
  const Facilities* facilities_;
  const Grouping* grouping_;
  WinterNeeds* winter_ = nullptr;
  std::array<std::vector<std::uint32_t>, kGapCount> now_;  ///< by group
  std::array<std::vector<std::uint32_t>, kGapCount> touched_;
};

/// Why facility i has neither grid nor set; only if it has neither.
Gap gap_of(const Model& model, const State& state, std::size_t i);

/// A number of sets, hours or litres at P50, P80, P95 and the level asked for.
inline constexpr std::size_t kLevelCount = 4;
using Levels = std::array<montecarlo::Quantile, kLevelCount>;

struct GroupNeeds {
  Group group;
  Levels sets_at_once, run_hours, litres;            ///< facilities without a set of their own
  Levels start_failures_at_once, fuel_gaps_at_once;  ///< of the sets that are there
  std::uint32_t prime_rated = 0;  ///< facilities whose run-hours at the level exceed 200
  double share_of_winters_over_200_hours = 0.0;  ///< in which some facility's set runs longer
};

/// What is left of the facility-hours without grid and set, means over winters.
struct UnmetGap {
  std::size_t set_class = 0;
  std::uint32_t sets = 0;                              ///< at once at the level
  montecarlo::Estimate no_set_hours, remaining_hours;  ///< without, and with that many sets
  montecarlo::Estimate failed_hours, fuel_gap_hours;   ///< that sets do not mend
};

struct Needs {
  std::array<double, kLevelCount> level{0.5, 0.8, 0.95, 0.8};
  std::vector<GroupNeeds> groups;
  std::vector<UnmetGap> gaps;  ///< by class that has facilities
};

/// ISO 8528-1: a set that stands by may run this long in a year.
inline constexpr double kStandbyHours = 200.0;

/// `winters` are replications with numbers `replication`, `group` of them per parameter draw.
Needs summarise_needs(const Model& model, const Facilities& facilities, const Grouping& grouping,
                      std::span<const WinterNeeds> winters,
                      std::span<const std::uint64_t> replication, std::uint64_t group,
                      double level);

}  // namespace wintergrid::generators
