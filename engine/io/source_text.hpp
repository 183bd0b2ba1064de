#pragma once
// Reads a whole text file: regular, not too large, UTF-8, no control characters. What is wrong
// becomes a Diagnostic.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::io {

inline constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20;

struct SourceText {
  std::string path;             ///< as given
  std::string bytes;            ///< the file, byte for byte
  std::size_t text_offset = 0;  ///< 3 after a byte order mark

  std::string_view text() const { return std::string_view(bytes).substr(text_offset); }
};

/// Reads `path`. Errors about the file itself are placed where it was named (`named_at`, if that
/// has a file), errors about its bytes in the file. Nothing if there was an error.
std::optional<SourceText> read_source(const std::string& path, std::uint64_t largest_bytes,
                                      const SourcePlace& named_at, Diagnostics& diagnostics);

/// Line and column (both from 1, column in characters) of a byte offset in `text`.
SourcePlace place_of_offset(const std::string& path, std::string_view text, std::size_t offset);

}  // namespace wintergrid::io
