#pragma once
// The hand-checked town with strikes and facilities that the tests of generator sets need.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/generators/winters.hpp"
#include "tests/engine/montecarlo/cases.hpp"

namespace wintergrid::generators::testing {

using montecarlo::testing::prepared;
using montecarlo::testing::quiet_town;

/// In the order of the town's facilities.csv.
inline constexpr std::uint32_t kHospital = 0, kBoilersEast = 1, kWorks = 2, kPump = 3, kShelter = 4;

inline void set_parameter(scenario::Scenario& scenario, const std::string& name, double value) {
  scenario.parameters.push_back({name, value, {}});
}

/// Sets that always start and never break down.
inline void reliable(scenario::Scenario& scenario) {
  set_parameter(scenario, "backup.start_probability", 1.0);
  set_parameter(scenario, "backup.daily_availability", 1.0);
}

/// A substation that is out from the start and stays so: nobody repairs it.
inline void without_bus(scenario::Scenario& scenario, const std::string& bus) {
  scenario.initial_damage.push_back({"bus/" + bus, "complete", {}});
}

/// All three substations of the east destroyed at an hour.
inline void strike_on_the_east(scenario::Scenario& scenario, double at_hours) {
  scenario::EventItem event;
  event.at_hours = at_hours;
  event.asset_class = "substation_110";
  event.zone = "east";
  event.hits = 3;
  event.state = "complete";
  scenario.events.push_back(event);
}

/// `hits` substations anywhere, others in each winter.
inline void strike_anywhere(scenario::Scenario& scenario, double at_hours, int hits) {
  scenario::EventItem event;
  event.at_hours = at_hours;
  event.asset_class = "substation_110";
  event.hits = hits;
  event.state = "complete";
  scenario.events.push_back(event);
}

/// A scenario with all that it takes to run its winters.
struct System {
  scenario::Scenario scenario;
  std::unique_ptr<montecarlo::Case> which;
  Facilities facilities;
  std::unique_ptr<Winters> winters;

  explicit System(scenario::Scenario given, int threads = 1)
      : scenario(std::move(given)),
        which(prepared(scenario)),
        facilities(facilities_of(scenario, which->model)),
        winters(std::make_unique<Winters>(*which, facilities, threads, nullptr)) {}

  Winter winter(const Allocation* allocation = nullptr, std::uint64_t number = 0) {
    return winters->run(std::vector<Job>{{number, allocation, nullptr, nullptr}}).front();
  }
  WinterNeeds needs(std::uint64_t number = 0) {
    WinterNeeds result;
    winters->run(std::vector<Job>{{number, nullptr, &result, nullptr}});
    return result;
  }
};

}  // namespace wintergrid::generators::testing
