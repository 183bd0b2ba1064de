#pragma once
// A Scenario as files: what importers, generators and `wintergrid new` write. Tables: to_csv() in
// table.hpp.

#include <string>
#include <vector>

#include "engine/scenario/scenario.hpp"

namespace wintergrid::scenario {

/// The YAML file: `wintergrid`, the tables that have rows (and the required ones) as KEY.csv, and
/// every other value that differs from its default. Reading it with its tables gives an equal
/// scenario.
std::string to_yaml(const Scenario& scenario);

struct NamedText {
  std::string name;  ///< "scenario.yaml", "zones.csv", ...
  std::string text;
};
/// scenario.yaml and the tables it names.
std::vector<NamedText> to_files(const Scenario& scenario);

}  // namespace wintergrid::scenario
