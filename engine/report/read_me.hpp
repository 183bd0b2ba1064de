#pragma once
// What the first sheet of the workbook says.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/report/language.hpp"

namespace wintergrid::report {

std::string read_me_title(Language language);

/// What, and what about it; both may be empty.
std::vector<std::pair<std::string, std::string>> read_me_lines(std::string_view report_json,
                                                               Language language);

}  // namespace wintergrid::report
