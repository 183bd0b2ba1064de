#pragma once
// The tree of keys of the YAML file, made from the field table.

#include <string>
#include <vector>

namespace wintergrid::scenario {

class KnownKeys {
 public:
  KnownKeys();

  /// Keys directly below a section ("" is the whole file), in the order of the field table.
  std::vector<std::string> below(const std::string& section) const;
  bool is_section(const std::string& dotted) const;

  /// What to do about an unknown key: a similar one of `siblings`, the section it belongs to, or
  /// the known ones.
  std::string hint_for(const std::string& key, const std::vector<std::string>& siblings) const;

 private:
  std::vector<std::string> dotted_;
};

/// "c" of "a.b.c".
std::string last_part(const std::string& dotted);

}  // namespace wintergrid::scenario
