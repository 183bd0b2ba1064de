#pragma once
// What `solve` says to machines.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wintergrid::cli {

/// One JSON object on standard output: which network, whether a solution was found, the files that
/// were written, and numbers by name.
void print_solved(std::string_view network, bool solved, const std::string& folder,
                  const std::vector<std::string>& files,
                  const std::vector<std::pair<std::string, double>>& numbers);

}  // namespace wintergrid::cli
