#pragma once
// Heat networks from files: a JSON file with cases, or a set of tables in a folder.

#include <optional>
#include <string>
#include <vector>

#include "grid_models/core/diagnostics.hpp"
#include "grid_models/heat/thermal_network.hpp"

namespace wintergrid::scenario {

/// A network with the names its file uses.
struct NamedHeatNetwork {
  heat::ThermalNetwork network;
  std::vector<std::string> node_names, pipe_names, consumer_names, pump_names;
};

/// One case of a JSON file; README.md has the format. `case_name` empty: the open network as it
/// stands, Colebrook. Otherwise a name under "cases", or one made of the same words: a letter (X:
/// the closed network "case_X" if there is one), a friction law (colebrook, swamee, nikuradse),
/// "varprops", "outage" and pipes.
std::optional<NamedHeatNetwork> read_heat_network_json(const std::string& path,
                                                       const std::string& case_name,
                                                       Diagnostics& diagnostics);

/// Names of the sets NAME_junction.csv in a folder, sorted.
std::vector<std::string> heat_table_sets(const std::string& folder);

/// The set NAME_junction.csv, NAME_pipe.csv, NAME_sink.csv, NAME_source.csv, NAME_ext_grid.csv,
/// NAME_circ_pump_pressure.csv, NAME_heat_consumer.csv (only the first two must exist), columns as
/// pandapipes names them, its defaults for those that miss. Water at its temperature, Colebrook.
std::optional<NamedHeatNetwork> read_heat_network_tables(const std::string& folder,
                                                         const std::string& set_name,
                                                         Diagnostics& diagnostics);

}  // namespace wintergrid::scenario
