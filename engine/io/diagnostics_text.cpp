#include "engine/io/diagnostics_text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "engine/io/error_kinds.hpp"
#include "engine/io/source_text.hpp"
#include "engine/io/utf8.hpp"

namespace wintergrid::io {
namespace {

/// A larger file is not read a second time for a picture of a line.
constexpr std::uint64_t kLargestShown = 16 * kMebibyte;
constexpr std::size_t kShownCharacters = 100;

std::optional<std::string> line_of(const SourcePlace& place) {
  std::error_code error;
  if (place.line == 0 || place.column == 0 ||
      !std::filesystem::is_regular_file(place.file, error) ||
      std::filesystem::file_size(place.file, error) > kLargestShown || error) {
    return std::nullopt;
  }
  std::ifstream in(place.file, std::ios::binary);
  std::string line;
  for (std::size_t i = 0; i < place.line; ++i) {
    if (!std::getline(in, line)) {
      return std::nullopt;
    }
  }
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (place.line == 1 && line.starts_with(kByteOrderMark)) {
    line.erase(0, kByteOrderMark.size());
  }
  if (line.ends_with('\r')) {
    line.pop_back();
  }
  std::replace(line.begin(), line.end(), '\t', ' ');
  const bool plain = std::none_of(line.begin(), line.end(), [](char letter) {
    return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F;
  });
  return plain && first_invalid_utf8(line) == line.size() ? std::optional(line) : std::nullopt;
}

/// One string a character, so that columns count characters.
std::vector<std::string> characters_of(const std::string& line) {
  std::vector<std::string> characters;
  for (const char byte : line) {
    if ((static_cast<unsigned char>(byte) & 0xC0U) == 0x80U && !characters.empty()) {
      characters.back() += byte;
    } else {
      characters.emplace_back(1, byte);
    }
  }
  return characters;
}

/// How many characters from `begin` on are one word or one quoted text.
std::size_t word_length(const std::vector<std::string>& line, std::size_t begin) {
  const std::string& first = line[begin];
  if (first == "\"" || first == "'") {
    const auto close =
        std::find(line.begin() + static_cast<std::ptrdiff_t>(begin) + 1, line.end(), first);
    if (close != line.end()) {
      return static_cast<std::size_t>(close - line.begin()) - begin + 1;
    }
  }
  std::size_t end = begin;
  while (end < line.size() &&
         std::string_view(" ,;:#{}[]\"'").find(line[end]) == std::string_view::npos) {
    ++end;
  }
  return std::max<std::size_t>(end - begin, 1);
}

std::string picture_of(const SourcePlace& place) {
  const std::optional<std::string> text = line_of(place);
  if (!text) {
    return {};
  }
  std::vector<std::string> line = characters_of(*text);
  std::size_t at = place.column - 1;
  if (at > line.size()) {
    return {};
  }
  std::size_t length = at == line.size() ? 1 : word_length(line, at);
  std::string before, after;
  if (line.size() > kShownCharacters) {  // a window around the place
    const std::size_t begin = at > kShownCharacters / 2 ? at - kShownCharacters / 2 : 0;
    const std::size_t end = std::min(line.size(), begin + kShownCharacters);
    before = begin > 0 ? "..." : "";
    after = end < line.size() ? "..." : "";
    line = {line.begin() + static_cast<std::ptrdiff_t>(begin),
            line.begin() + static_cast<std::ptrdiff_t>(end)};
    at -= begin;
    length = std::min(length, std::max<std::size_t>(line.size() - std::min(at, line.size()), 1));
  }
  std::string shown;
  for (const std::string& character : line) {
    shown += character;
  }
  const std::string number = std::to_string(place.line);
  return fmt::format("  {} | {}{}{}\n  {:{}} | {:{}}{:^>{}}\n", number, before, shown, after, "",
                     number.size(), "", before.size() + at, "", length);
}

}  // namespace

std::string diagnostics_text(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& item : diagnostics.items()) {
    text += item.place.file;
    if (item.place.line > 0) {
      text += fmt::format(":{}", item.place.line);
      text += item.place.column > 0 ? fmt::format(":{}", item.place.column) : std::string();
    }
    text += item.place.file.empty() ? "" : ": ";
    text += fmt::format("{}: {} [{}]\n", item.severity == Severity::error ? "error" : "warning",
                        item.problem, kind_of(item).code);
    text += picture_of(item.place);
    text += item.path.empty() ? std::string() : fmt::format("   at {}\n", item.path);
    text += item.hint.empty() ? std::string() : fmt::format("   hint: {}\n", item.hint);
  }
  const std::size_t errors = diagnostics.error_count();
  const std::size_t total = errors + diagnostics.warning_count();
  if (total > diagnostics.items().size()) {
    fmt::format_to(std::back_inserter(text), "... and {} more\n",
                   total - diagnostics.items().size());
  }
  const auto first =
      std::find_if(diagnostics.items().begin(), diagnostics.items().end(),
                   [](const Diagnostic& item) { return item.severity == Severity::error; });
  if (first != diagnostics.items().end()) {
    fmt::format_to(std::back_inserter(text),
                   "{} error{}. Nothing was run.\n   `wintergrid explain {}` says more\n", errors,
                   errors == 1 ? "" : "s", kind_of(*first).code);
  }
  return text;
}

}  // namespace wintergrid::io
