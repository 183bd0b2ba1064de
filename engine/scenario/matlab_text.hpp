#pragma once
// The small part of MATLAB that MATPOWER case files are written in. Private to engine/scenario.

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scenario/matpower.hpp"

namespace wintergrid::scenario::matlab {

/// One statement without comments and line continuations.
struct Statement {
  std::string text;
  std::vector<std::size_t> line_of;  ///< source line of every character of text
  std::size_t line() const { return line_of.empty() ? 0 : line_of.front(); }
};

/// Splits a file into statements at ';' and line ends outside brackets; inside [] and {} line ends
/// become ';'.
std::vector<Statement> split_statements(std::string_view source);

/// Thrown by the evaluator; becomes a Diagnostic.
struct Refused {
  std::string why;
};

/// A scalar (1 x 1) or a matrix.
struct Value {
  std::size_t columns = 1;
  std::vector<double> values{0.0};
  bool scalar() const { return columns == 1 && values.size() == 1; }
};

/// Names known to an expression.
struct Scope {
  std::map<std::string, double, std::less<>> scalars;
  std::map<std::string, MatpowerMatrix, std::less<>> matrices;  ///< fields of mpc
};

/// Evaluates element-wise arithmetic (+ - * / .* ./ ^, parentheses, sin cos tan acos asin atan sqrt
/// abs, mpc.FIELD, mpc.FIELD(:, COLUMNS), mpc.FIELD(ROW, COLUMN)). Throws Refused for anything
/// else.
Value evaluate(std::string_view text, const Scope& scope);

/// A list of column numbers, "PD", "[PD, QD]" or "3", from 0. Throws Refused.
std::vector<std::size_t> column_list(std::string_view text, const Scope& scope);

/// MATPOWER's constants (idx_bus, idx_brch, idx_gen), column numbers from 1.
std::map<std::string, double, std::less<>> matpower_constants();

}  // namespace wintergrid::scenario::matlab
