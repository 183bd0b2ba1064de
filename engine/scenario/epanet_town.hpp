#pragma once
// A scenario in the making around an EPANET network. Private to the import.

#include <cstdint>
#include <string>
#include <vector>

#include "engine/scenario/epanet_groups.hpp"
#include "engine/scenario/epanet_start.hpp"

namespace wintergrid::scenario::epanet {

inline constexpr double kLitresPerPersonDay = 150.0;  ///< [S] normal use
inline constexpr double kPersonsPerHousehold = 2.5;   ///< [D]
inline constexpr double kVelocityMps = 1.5;           ///< [A] what a main carries when it must
inline constexpr double kSecondsPerHour = 3600.0;

double rounded(double value, int digits);

/// People who draw at one water node.
struct Dwelling {
  std::string water_node;
  std::uint32_t zone = 0;
  double demand_m3s = 0.0;
  std::int64_t households = 0;
};

struct Town {
  const EpanetFile& file;
  const Start& start;
  EpanetGroups groups;
  double people = 0.0;
  Scenario scenario;
  std::vector<Dwelling> dwellings;

  const hydraulics::Network& network() const { return file.model.network; }
  static std::string zone_name(std::uint32_t zone);
  std::uint32_t zone_of_group(std::uint32_t group) const;
  std::uint32_t zone_of_node(std::uint32_t node) const { return zone_of_group(groups.group[node]); }
  void add_facility(const std::string& name, const std::string& kind, const std::string& zone,
                    double load_kw);
  /// Intake and treatment of one of `count` works.
  double works_kw(std::size_t count) const;
};

/// A pump as the water model has it: lift H at capacity Q, then a pipe on its outlet.
struct FittedPump {
  double lift_m = 0.0, capacity_m3s = 0.0;
  double resistance = 0.0;  ///< of the pipe: m per (m3/s)^1.852
  double shaft_kw = 0.0;    ///< where it was fitted
};
FittedPump fit_pump(const EpanetFile& file, const Start& start, std::uint32_t link);
/// Flow with half of the shut-off head left; the water model without heads needs one number.
double half_head_flow_m3s(const EpanetFile& file, std::uint32_t link);

/// The water network as groups of junctions, limited by capacity.
void add_grouped_water(Town& town);
/// The water network pipe by pipe, with heights.
void add_piped_water(Town& town);
/// One warning for each kind of thing that add_piped_water() leaves out or changes.
void warn_of_changes(const EpanetFile& file, const Start& start, Diagnostics& diagnostics);

/// What add_piped_water() uses for the whole network.
double common_roughness(const EpanetFile& file, const Start& start);
double common_tank_depth_m(const EpanetFile& file);

}  // namespace wintergrid::scenario::epanet
