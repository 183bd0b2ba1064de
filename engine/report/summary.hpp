#pragma once
// Everything that result files and the terminal show, computed once from the tally.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/montecarlo/estimate.hpp"
#include "engine/montecarlo/metrics.hpp"
#include "engine/montecarlo/prepare.hpp"
#include "engine/montecarlo/runner.hpp"
#include "engine/montecarlo/tally.hpp"
#include "engine/montecarlo/unknown_effect.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/scenario/unknown.hpp"

namespace wintergrid::report {

/// What the program knows about a run beside its numbers. Nothing here depends on clock, host or
/// threads.
struct RunFacts {
  std::string program_version;
  std::string scenario_name, scenario_description, scenario_file, scenario_sha256, start;
  std::string policy, campaign, weather;
  std::vector<std::string> overlays;  ///< what was laid on top: files and settings
  std::uint64_t seed = 0;
  std::uint64_t replications_wanted = 0;
  montecarlo::StopReason stop_reason = montecarlo::StopReason::finished;
  bool parameters_sampled = true;
  double horizon_days = 0;
  double people_per_household = 2.5;
};

/// Of a size class of generator sets: "30-100 kW".
std::string set_class_name(std::size_t c);

/// Sets needed at once and diesel a day by class of set.
struct GeneratorNeed {
  std::string set_class;         ///< "30-100 kW"
  std::uint64_t facilities = 0;  ///< that would need a set of this class
  double mean_load_kw = 0;
  double sets_p50 = 0, sets_p80 = 0, sets_p95 = 0;  ///< most at once in a winter
  double litres_day_p50 = 0, litres_day_p80 = 0,
         litres_day_p95 = 0;  ///< on the worst day of a winter
  double set_hours_mean = 0;
};

struct HourBand {
  double p05 = 0, p50 = 0, p95 = 0;  ///< households
};

/// What unknown cells do to one service's household-hours lost.
struct UnknownEffectOn {
  std::string service;
  montecarlo::UnknownEffect effect;
};

struct Summary {
  RunFacts facts;
  std::uint64_t replications = 0, failed = 0;
  std::uint64_t households = 0;
  std::vector<montecarlo::Estimate> estimates;  ///< by metric
  std::vector<GeneratorNeed> generators;
  std::string missing_crews;  ///< types without a crew, joined by commas
  std::array<std::vector<HourBand>, kServiceCount> hours;
  std::vector<scenario::UnknownColumn> unknown;  ///< empty: every cell is known
  std::vector<UnknownEffectOn> unknown_effects;  ///< empty: nothing unknown, or interrupted
};

Summary summarise(const montecarlo::Case& which, const montecarlo::Tally& tally, RunFacts facts);

/// From `again`: the first winters of `tally` with other draws of the unknown cells.
std::vector<UnknownEffectOn> unknown_effects(const montecarlo::Case& which,
                                             const montecarlo::Tally& tally,
                                             const montecarlo::Tally& again);

std::string to_text(montecarlo::StopReason reason);

}  // namespace wintergrid::report
