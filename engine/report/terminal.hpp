#pragma once
// The summary that a person reads on the terminal, in plain words.

#include <string>

#include "engine/report/summary.hpp"

namespace wintergrid::report {

std::string terminal_summary(const Summary& summary);

/// "1,234,567"; thousands separated by commas.
std::string grouped(double value);
/// About three significant digits: "12.3 million", "4,560", "7.1".
std::string rounded(double value);

}  // namespace wintergrid::report
