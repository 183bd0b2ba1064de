#include "engine/io/suggest.hpp"

#include <algorithm>
#include <vector>

#include "engine/io/utf8.hpp"

namespace wintergrid::io {
namespace {

/// Names longer than this are not compared: no key, and the distance is quadratic.
constexpr std::size_t kLongestCompared = 100;

std::vector<std::string> characters_of(std::string_view text) {
  std::vector<std::string> characters;
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(1, utf8_sequence_length(text));
    std::string character(text.substr(0, length));
    if (length == 1 && character[0] >= 'A' && character[0] <= 'Z') {
      character[0] = static_cast<char>(character[0] - 'A' + 'a');
    }
    characters.push_back(std::move(character));
    text.remove_prefix(length);
  }
  return characters;
}

}  // namespace

std::size_t edit_distance(std::string_view left, std::string_view right) {
  const std::vector<std::string> a = characters_of(left);
  const std::vector<std::string> b = characters_of(right);
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    previous[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({replace, previous[j] + 1, current[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    before.swap(previous);
    previous.swap(current);
  }
  return previous[b.size()];
}

std::string closest(std::string_view wrong, std::span<const std::string> candidates) {
  const std::size_t wrong_length = count_characters(wrong);
  if (wrong_length == 0 || wrong_length > kLongestCompared) {
    return {};
  }
  std::string best;
  std::size_t best_distance = 0;
  for (const std::string& candidate : candidates) {
    const std::size_t length = count_characters(candidate);
    const std::size_t longer = std::max(length, wrong_length);
    const std::size_t shorter = std::min(length, wrong_length);
    const std::size_t allowed = longer / 3;
    if (length == 0 || length > kLongestCompared || longer - shorter > allowed) {
      continue;
    }
    const std::size_t distance = edit_distance(wrong, candidate);
    if (distance <= allowed && (best.empty() || distance < best_distance)) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view wrong, std::span<const std::string> candidates) {
  const std::string found = closest(wrong, candidates);
  return found.empty() ? std::string() : "did you mean '" + found + "'?";
}

}  // namespace wintergrid::io
