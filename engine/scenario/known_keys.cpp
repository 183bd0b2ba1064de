#include "engine/scenario/known_keys.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/scenario/fields.hpp"
#include "engine/scenario/messages.hpp"

namespace wintergrid::scenario {

std::string last_part(const std::string& dotted) {
  const std::size_t dot = dotted.rfind('.');
  return dot == std::string::npos ? dotted : dotted.substr(dot + 1);
}

KnownKeys::KnownKeys() {
  for (const Field<Scenario>& field : fields<Scenario>()) {
    dotted_.push_back(field.key);
  }
  for (const ListInfo& list : lists()) {
    dotted_.push_back(list.key);
  }
  for (const TableInfo& table : tables()) {
    dotted_.push_back("tables." + table.key);
  }
  dotted_.emplace_back("set");
}

std::vector<std::string> KnownKeys::below(const std::string& section) const {
  const std::string prefix = section.empty() ? section : section + ".";
  std::vector<std::string> keys;
  for (const std::string& dotted : dotted_) {
    if (dotted.starts_with(prefix)) {
      std::string key =
          dotted.substr(prefix.size(), dotted.find('.', prefix.size()) - prefix.size());
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
        keys.push_back(std::move(key));
      }
    }
  }
  return keys;
}

bool KnownKeys::is_section(const std::string& dotted) const {
  return std::any_of(dotted_.begin(), dotted_.end(),
                     [&](const std::string& key) { return key.starts_with(dotted + "."); });
}

std::string KnownKeys::hint_for(const std::string& key,
                                const std::vector<std::string>& siblings) const {
  std::string hint = hint_for_unknown(key, siblings, "keys");
  if (hint.starts_with("did you mean")) {
    return hint;
  }
  for (const std::string& dotted : dotted_) {
    if (dotted == key) {
      return fmt::format("'{}' belongs to the top of the file, without indentation", key);
    }
    if (last_part(dotted) == key) {
      return fmt::format("did you mean '{}' in section '{}'?", key,
                         dotted.substr(0, dotted.size() - key.size() - 1));
    }
  }
  return hint;
}

}  // namespace wintergrid::scenario
