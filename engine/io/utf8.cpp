#include "engine/io/utf8.hpp"

#include <algorithm>
#include <cstdint>

namespace wintergrid::io {
namespace {

struct LeadByte {
  std::uint8_t first, last;                ///< range of the first byte
  std::uint8_t second_first, second_last;  ///< range of the second byte; later ones are 80..BF
  std::size_t length;
};

// Unicode 15, table 3-7.
constexpr LeadByte kLeadBytes[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
    {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

std::uint8_t byte_at(std::string_view text, std::size_t index) {
  return static_cast<std::uint8_t>(text[index]);
}

}  // namespace

std::size_t utf8_sequence_length(std::string_view text) {
  if (text.empty()) {
    return 0;
  }
  const std::uint8_t first = byte_at(text, 0);
  if (first < 0x80) {
    return 1;
  }
  for (const LeadByte& lead : kLeadBytes) {
    if (first < lead.first || first > lead.last) {
      continue;
    }
    if (text.size() < lead.length || byte_at(text, 1) < lead.second_first ||
        byte_at(text, 1) > lead.second_last) {
      return 0;
    }
    for (std::size_t i = 2; i < lead.length; ++i) {
      if (byte_at(text, i) < 0x80 || byte_at(text, i) > 0xBF) {
        return 0;
      }
    }
    return lead.length;
  }
  return 0;
}

std::size_t first_invalid_utf8(std::string_view text) {
  std::size_t offset = 0;
  while (offset < text.size()) {
    if (byte_at(text, offset) < 0x80) {
      ++offset;
      continue;
    }
    const std::size_t length = utf8_sequence_length(text.substr(offset));
    if (length == 0) {
      return offset;
    }
    offset += length;
  }
  return offset;
}

std::size_t count_characters(std::string_view text) {
  std::size_t characters = 0;
  for (std::size_t offset = 0; offset < text.size(); ++characters) {
    offset += std::max<std::size_t>(1, utf8_sequence_length(text.substr(offset)));
  }
  return characters;
}

std::string_view first_characters(std::string_view text, std::size_t limit) {
  std::size_t offset = 0;
  for (std::size_t character = 0; character < limit && offset < text.size(); ++character) {
    offset += std::max<std::size_t>(1, utf8_sequence_length(text.substr(offset)));
  }
  return text.substr(0, offset);
}

}  // namespace wintergrid::io
