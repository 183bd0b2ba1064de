#pragma once
// The summary that a person reads on the terminal, in plain words.

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/report/summary.hpp"

namespace wintergrid::report {

std::string terminal_summary(const Summary& summary);

/// "1,234,567"; thousands separated by commas.
std::string grouped(double value);
/// "1 set", "2,000 sets".
std::string counted(std::uint64_t n, std::string_view one, std::string_view more);
/// About three significant digits: "12.3 million", "4,560", "7.1".
std::string rounded(double value);

}  // namespace wintergrid::report
