#pragma once
// Kinds of mistakes in inputs, each with a code that can be looked up: `wintergrid explain WG0102`.

#include <span>
#include <string>
#include <string_view>

#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::io {

struct ErrorKind {
  std::string_view code;         ///< "WG0102"
  std::string_view title;        ///< "a name that is not known here"
  std::string_view explanation;  ///< what it means and what to do
};

/// One for each ErrorCode, in that order.
std::span<const ErrorKind> error_kinds();

const ErrorKind& kind_of(const Diagnostic& diagnostic);

}  // namespace wintergrid::io
