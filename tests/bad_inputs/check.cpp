#include "tests/bad_inputs/check.hpp"

#include "engine/montecarlo/prepare.hpp"
#include "engine/scenario/scenario.hpp"

namespace wintergrid::bad_inputs {

Diagnostics check(const std::string& path) {
  Diagnostics diagnostics;
  const scenario::Scenario scenario = scenario::read_scenario(path, diagnostics);
  if (diagnostics.ok()) {
    montecarlo::prepare_case(scenario, diagnostics);
  }
  return diagnostics;
}

}  // namespace wintergrid::bad_inputs
