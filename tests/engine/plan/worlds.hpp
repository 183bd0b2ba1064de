#pragma once
// Small systems and moments for tests of planning.

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/plan/plan.hpp"
#include "engine/plan/today.hpp"
#include "engine/scenario/scenario.hpp"

namespace wintergrid::plan::test {

inline constexpr const char* kMoment = "2026-01-20T08:00+02:00";

inline Today today_of(const std::string& text) {
  Diagnostics diagnostics;
  Today today = read_today({"today.yaml", text, 0}, diagnostics);
  EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  return today;
}

inline Situation situation_of(const scenario::Scenario& scenario, const std::string& text,
                              const std::vector<Pinned>& pinned = {}) {
  Diagnostics diagnostics;
  Situation situation = make_situation(scenario, today_of(text), pinned, diagnostics);
  EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  return situation;
}

/// Nothing random, constant weather at which demand is as stated, power only.
inline scenario::Scenario bare_scenario() {
  scenario::Scenario scenario;
  scenario.file = "test";
  scenario.name = "test";
  scenario.start = "2026-01-09T00:00+02:00";
  scenario.start_month = 1;
  scenario.start_day = 9;
  scenario.sample_parameters = false;
  scenario.services = {"power"};
  scenario.weather = "constant";
  scenario.constant_c = -5.0;
  scenario.campaign = "none";
  scenario.fidelity = "transport";
  scenario.hour_profile.assign(24, 1.0);
  return scenario;
}

inline void add_bus(scenario::Scenario& scenario, const std::string& name,
                    const std::string& zone) {
  scenario::BusRow bus;
  bus.bus = name;
  bus.zone = zone;
  scenario.buses.push_back(bus);
}
inline void add_branch(scenario::Scenario& scenario, const std::string& name,
                       const std::string& from, const std::string& to, double reactance_pu,
                       double rating_mw) {
  scenario::BranchRow branch;
  branch.branch = name;
  branch.from_bus = from;
  branch.to_bus = to;
  branch.reactance_pu = reactance_pu;
  branch.rating_mw = rating_mw;
  scenario.branches.push_back(branch);
}
inline void add_generator(scenario::Scenario& scenario, const std::string& name,
                          const std::string& bus, const std::string& kind, double capacity_mw) {
  scenario::GeneratorRow generator;
  generator.generator = name;
  generator.bus = bus;
  generator.kind = kind;
  generator.capacity_mw = capacity_mw;
  generator.black_start = true;
  generator.restart_hours = 0.0;
  scenario.generators.push_back(generator);
}
/// A feeder with households that need nothing but its power.
inline void add_feeder(scenario::Scenario& scenario, const std::string& name,
                       const std::string& bus, const std::string& zone, std::int64_t households) {
  scenario::FeederRow feeder;
  feeder.feeder = name;
  feeder.bus = bus;
  feeder.zone = zone;
  feeder.queue = "exempt";
  scenario.feeders.push_back(feeder);
  scenario::HouseholdRow row;
  row.zone = zone;
  row.feeder = name;
  row.building_class = "house";
  row.rise = "low";
  row.heating = "stove";
  row.buildings = 1;
  row.households = households;
  scenario.households.push_back(row);
}
inline void add_zone(scenario::Scenario& scenario, const std::string& name, double x_km) {
  scenario::ZoneRow zone;
  zone.zone = name;
  zone.name = name;
  zone.region = "here";
  zone.x_km = x_km;
  scenario.zones.push_back(zone);
}
inline void add_crews(scenario::Scenario& scenario, const std::string& type, int crews,
                      const std::string& zone) {
  scenario::CrewItem item;
  item.type = type;
  item.crews = crews;
  item.base_zone = zone;
  scenario.crews.push_back(item);
}

}  // namespace wintergrid::plan::test
