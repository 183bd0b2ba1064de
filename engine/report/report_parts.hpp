#pragma once
// What other commands found, added to the page of a run: plan.json, generators.json and
// sensitivity.json, as far as the page shows them.

#include <string>
#include <string_view>
#include <vector>

namespace wintergrid::report {

/// Names of the files that with_parts() understands.
inline constexpr const char* kPartFiles[] = {"plan.json", "generators.json", "sensitivity.json"};

struct Part {
  std::string path;  ///< for messages
  std::string text;  ///< JSON
};

/// report_json() with the parts in it. What a part has by zone or facility stays out, but a plan
/// names what is damaged. On failure `problem` says what is wrong, with the part's path, and the
/// text is empty: not JSON, another format or version, of another scenario, or two of one kind.
std::string with_parts(std::string_view report_json, const std::vector<Part>& parts,
                       std::string& problem);

}  // namespace wintergrid::report
