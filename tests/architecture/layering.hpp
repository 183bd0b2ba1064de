#pragma once
// The architecture as a table (layers.txt) and the check of a source tree against it.

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wintergrid::test {

/// One kind of permission or ban: what is included, and the path prefixes it is about.
using PathsByName = std::map<std::string, std::vector<std::string>>;

struct LayerTable {
  std::map<std::string, int> layer_of_room;
  std::vector<std::pair<std::string, std::string>>
      within;  ///< (room, room of the same layer it may include)
  PathsByName headers;
  PathsByName pragmas;
  PathsByName forbidden;
};

/// Throws std::runtime_error naming the line that is not a rule.
LayerTable read_layer_table(std::string_view text);

/// Every violation in engine/ and grid_models/ under `root`, as "path:line: what (rule)", in order
/// of path.
std::vector<std::string> check_includes(const std::filesystem::path& root, const LayerTable& table);

/// Every room that holds sources and no README.md.
std::vector<std::string> rooms_without_readme(const std::filesystem::path& root,
                                              const LayerTable& table);

/// Source files of engine, grid_models, tests and bench with more than `limit` lines, as "path: N
/// lines".
std::vector<std::string> files_longer_than(const std::filesystem::path& root, int limit);

}  // namespace wintergrid::test
