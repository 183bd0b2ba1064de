#pragma once
// Simulated winters that tests of what people read share.

#include <memory>
#include <string>
#include <utility>

#include "engine/report/report_data.hpp"
#include "engine/report/summary.hpp"
#include "tests/engine/montecarlo/cases.hpp"

namespace wintergrid::report::testing {

struct Simulated {
  std::unique_ptr<montecarlo::Case> which;
  std::unique_ptr<montecarlo::Tally> tally;
  Summary summary;

  std::string data() const {
    return report_json(summary, which->model, *tally, shown_winters(*which, which->policy, *tally));
  }
};

inline Simulated run_of(const scenario::Scenario& scenario, std::uint64_t winters,
                        int threads = 1) {
  Simulated run;
  run.which = montecarlo::testing::prepared(scenario);
  run.tally = std::make_unique<montecarlo::Tally>(montecarlo::shape_of(run.which->model));
  montecarlo::RunOptions options;
  options.replications = winters;
  options.threads = threads;
  options.group = run.which->group;
  montecarlo::run(
      *run.tally,
      [&] { return std::make_unique<montecarlo::Simulation>(*run.which, run.which->policy); },
      options);
  RunFacts facts;
  facts.program_version = "0.0.1";
  facts.scenario_name = scenario.name;
  facts.scenario_description = scenario.description;
  facts.start = scenario.start;
  facts.seed = 18446744073709551615U;
  facts.horizon_days = scenario.horizon_days;
  facts.overlays = {"/home/someone/calm.yaml", "heat.drain_below_c=-5"};
  facts.weather = "file /home/someone/hours.epw";
  run.summary = summarise(*run.which, *run.tally, std::move(facts));
  return run;
}

/// Everything is off for four days: values known to the digit.
inline const Simulated& dark() {
  static const Simulated run = [] {
    scenario::Scenario scenario = montecarlo::testing::quiet_town();
    for (const char* component : {"bus/gate-330", "bus/gate-110", "plant/chp", "plant/dam"}) {
      scenario.initial_damage.push_back({component, "complete", {}});
    }
    return run_of(scenario, 6);
  }();
  return run;
}

}  // namespace wintergrid::report::testing
