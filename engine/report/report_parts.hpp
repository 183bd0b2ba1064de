#pragma once
// What other commands found, added to the page of a run: plan.json, generators.json,
// sensitivity.json and replay.json, as far as the page shows them.

#include <string>
#include <string_view>
#include <vector>

namespace wintergrid::report {

/// Names of the files that with_parts() understands.
inline constexpr const char* kPartFiles[] = {"plan.json", "generators.json", "sensitivity.json",
                                             "replay.json"};

struct Part {
  std::string path;  ///< for messages
  std::string text;  ///< JSON
};

/// report_json() with the parts in it. What a part has by zone stays out unless the report shows
/// the zone, but a plan and a winter name what is damaged, and where. On failure `problem` says
/// what is wrong, with the part's path, and the text is empty: not JSON, another format or version,
/// of another scenario, or two of one kind.
std::string with_parts(std::string_view report_json, const std::vector<Part>& parts,
                       std::string& problem);

}  // namespace wintergrid::report
