#pragma once
// How this program was built: what a report of a bug or a paper has to name.

#include <string>
#include <utility>
#include <vector>

namespace wintergrid::cli {

struct Provenance {
  std::string version;  ///< "0.1.0"
  std::string source;   ///< git describe when it was configured; "unknown" outside git
  std::string compiler, build_type;
  std::string sanitizer;   ///< empty: none
  bool contracts = false;  ///< WG_EXPECT and WG_ENSURE are checked
  std::vector<std::pair<std::string, std::string>> dependencies;  ///< name, version
};

const Provenance& provenance();

}  // namespace wintergrid::cli
