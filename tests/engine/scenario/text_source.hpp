#pragma once
// Texts as if they had been read from a file.

#include <string>
#include <utility>

#include "engine/io/source_text.hpp"

namespace wintergrid::scenario {

inline io::SourceText source_of(std::string text, std::string path = "table.csv") {
  const bool marked = text.starts_with("\xEF\xBB\xBF");
  return {std::move(path), std::move(text), marked ? std::size_t{3} : std::size_t{0}};
}

}  // namespace wintergrid::scenario
