#include "engine/scenario/epanet_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "engine/io/suggest.hpp"
#include "engine/scenario/messages.hpp"

namespace wintergrid::scenario::epanet {
namespace {

constexpr std::array<std::string_view, kSections> kSectionNames = {
    "TITLE",       "JUNCTIONS", "RESERVOIRS", "TANKS",    "PIPES",   "PUMPS",
    "VALVES",      "CONTROLS",  "RULES",      "DEMANDS",  "SOURCES", "EMITTERS",
    "LEAKAGE",     "PATTERNS",  "CURVES",     "QUALITY",  "STATUS",  "ROUGHNESS",
    "ENERGY",      "REACTIONS", "MIXING",     "REPORT",   "TIMES",   "OPTIONS",
    "COORDINATES", "VERTICES",  "LABELS",     "BACKDROP", "TAGS",    "END"};

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

/// Words between blanks; "text in quotes" is one word; a semicolon ends the line.
std::vector<Word> words_of(std::string_view line) {
  std::vector<Word> words;
  std::size_t i = 0;
  while (i < line.size()) {
    if (line[i] == ' ' || line[i] == '\t' || line[i] == '\r') {
      ++i;
      continue;
    }
    if (line[i] == ';') {
      break;
    }
    std::size_t end = i;
    const std::size_t start = i;
    if (line[i] == '"') {
      end = line.find('"', i + 1);
      end = end == std::string_view::npos ? line.size() : end;
      words.push_back({std::string(line.substr(i + 1, end - i - 1)), start + 1});
      i = end + 1;
      continue;
    }
    end = line.find_first_of(" \t\r;", i);
    end = end == std::string_view::npos ? line.size() : end;
    words.push_back({std::string(line.substr(i, end - i)), start + 1});
    i = end;
  }
  return words;
}

/// The section whose name is `name`, or which `name` shortens to at least four letters.
std::optional<std::size_t> section_of(std::string_view name) {
  for (std::size_t s = 0; s < kSections; ++s) {
    if (name == kSectionNames[s] || (name.size() >= 4 && kSectionNames[s].starts_with(name))) {
      return s;
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::vector<Line>> split_sections(const std::string& path, std::string_view text,
                                              Diagnostics& diagnostics) {
  std::vector<std::vector<Line>> sections(kSections);
  std::size_t current = kSections;
  bool strange = false;  // within a section that is not known, already reported
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find('\n', at);
    end = end == std::string_view::npos ? text.size() : end;
    const std::string_view raw = text.substr(at, end - at);
    at = end + 1;
    ++number;
    Line line{number, words_of(raw)};
    if (line.words.empty()) {
      continue;
    }
    const std::string& first = line.at(0);
    if (first.front() == '[') {
      std::string name;
      for (const char c : raw.substr(raw.find('[') + 1)) {
        if (c == ']') {
          break;
        }
        name += upper(c);
      }
      const auto found = section_of(name);
      strange = !found;
      current = found.value_or(kSections);
      if (!found) {
        const std::vector<std::string> known(kSectionNames.begin(), kSectionNames.end());
        diagnostics.error(ErrorCode::statement, {path, number, line.words[0].column},
                          fmt::format("[{}] is not a section of EPANET", name),
                          io::did_you_mean(name, known));
      } else if (*found == static_cast<std::size_t>(Section::end)) {
        break;
      }
      continue;
    }
    if (current < kSections) {
      sections[current].push_back(std::move(line));
    } else if (!strange) {
      diagnostics.error(ErrorCode::statement, {path, number, 1},
                        fmt::format("{} stands before any section", in_quotes(raw)),
                        "an EPANET input file begins with a section such as [TITLE]");
      strange = true;
    }
  }
  return sections;
}

bool begins(std::string_view word, std::string_view keyword) {
  if (word.size() < keyword.size()) {
    return false;
  }
  for (std::size_t i = 0; i < keyword.size(); ++i) {
    if (upper(word[i]) != keyword[i]) {
      return false;
    }
  }
  return true;
}

std::optional<double> number(std::string_view text) {
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
  }
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

std::optional<double> hours(std::string_view time, std::string_view unit) {
  std::array<double, 3> part{};
  std::size_t count = 0;
  while (true) {
    const std::size_t colon = time.find(':');
    const auto value = number(time.substr(0, colon));
    if (!value || count == 3 || *value < 0.0) {
      return std::nullopt;
    }
    part[count++] = *value;
    if (colon == std::string_view::npos) {
      break;
    }
    time.remove_prefix(colon + 1);
  }
  const double value = part[0] + part[1] / 60.0 + part[2] / 3600.0;
  if (unit.empty()) {
    return value;
  }
  if (count == 1) {
    if (begins(unit, "SEC")) {
      return value / 3600.0;
    }
    if (begins(unit, "MIN")) {
      return value / 60.0;
    }
    if (begins(unit, "HOU")) {
      return value;
    }
    if (begins(unit, "DAY")) {
      return value * 24.0;
    }
  }
  const bool morning = begins(unit, "AM"), afternoon = begins(unit, "PM");
  if ((!morning && !afternoon) || value >= 13.0) {
    return std::nullopt;
  }
  return value + (morning && value >= 12.0 ? -12.0 : afternoon && value < 12.0 ? 12.0 : 0.0);
}

}  // namespace wintergrid::scenario::epanet
