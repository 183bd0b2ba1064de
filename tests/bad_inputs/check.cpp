#include "tests/bad_inputs/check.hpp"

#include "engine/scenario/scenario.hpp"

namespace wintergrid::bad_inputs {

Diagnostics check(const std::string& path) {
  Diagnostics diagnostics;
  scenario::read_scenario(path, diagnostics);
  return diagnostics;
}

}  // namespace wintergrid::bad_inputs
