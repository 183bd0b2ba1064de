#pragma once
// Today against a scenario: the scenario that begins with the first damage, compiled, and the names
// of TODAY.yaml as indices. Times are seconds since that beginning.

#include <memory>
#include <string>
#include <vector>

#include "engine/montecarlo/prepare.hpp"
#include "engine/plan/loss.hpp"
#include "engine/plan/today.hpp"
#include "engine/scenario/scenario.hpp"
#include "grid_models/core/damage.hpp"
#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::plan {

struct Damage {
  ComponentId component;
  DamageState state = DamageState::none;  ///< none: drawn per future
  double probability = 1.0;
  Seconds at = 0;
  double temporary_hours = kNotGiven, permanent_hours = kNotGiven;
  bool temporarily_fixed = false;
};
struct UnderWay {
  ComponentId component;
  Seconds returns = 0;
  std::uint16_t crews = 1;
};
struct Away {
  CrewType type{};
  Seconds returns = 0;
  std::uint16_t crews = 1;
};
/// Who is without a service in a zone; for heat, of those on district heating.
struct Count {
  std::uint32_t zone = 0;
  std::size_t service = 1;
  bool buildings = true;
  std::int64_t off = 0;  ///< scaled to the scenario's number
  std::int64_t of = 0;   ///< of the scenario
};
struct ZoneValue {
  std::uint32_t zone = 0;
  double value = 0.0;
};
struct IndexValue {
  std::uint32_t index = 0;
  double value = 0.0;
};

struct Situation {
  scenario::Scenario scenario;  ///< beginning with the first damage, with today's crews and spares
  std::unique_ptr<montecarlo::Case> which;
  Seconds now = 0;  ///< the moment
  std::string moment;
  std::string today_sha256;
  Weights weights;
  std::vector<Damage> damage;
  std::vector<Count> counts;
  std::vector<UnderWay> under_way;
  std::vector<Away> away;
  std::vector<ZoneValue> indoor_c, drained_buildings;
  std::vector<IndexValue> tank_share, fuel_hours;  ///< by water node, facility
  std::vector<float> forecast_c;                   ///< by hour from the moment
  std::vector<std::uint32_t> block_zone;           ///< by heat block
  std::vector<std::string> assumptions;            ///< for people

  const Model& model() const { return which->model; }
};

/// A crew that an earlier plan had sent out, and that is still at work at the moment.
struct Pinned {
  std::string component;
  double returns_hours = 0.0;  ///< after the moment
  std::uint16_t crews = 1;
};

/// Usable only if diagnostics.ok(): what TODAY.yaml names must exist. Unknown cells of the tables
/// hold their typical filling.
/// `pinned` are under way as well, but for components that TODAY.yaml says are under way itself or
/// does not list as damaged (any more).
Situation make_situation(scenario::Scenario scenario, const Today& today,
                         const std::vector<Pinned>& pinned, Diagnostics& diagnostics);

}  // namespace wintergrid::plan
