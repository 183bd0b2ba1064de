#pragma once
// A YAML text as a tree with a place for every key and value; nothing is interpreted. yaml-cpp
// drives it by events, because its own Node accepts duplicate keys, aliases (a few hundred bytes
// can expand without end), further documents and more.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/source_text.hpp"
#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::scenario {

struct YamlNode {
  enum class Kind {
    null,  ///< nothing, ~ or null
    scalar,
    sequence,
    map,
    rejected,  ///< already reported: an alias, a duplicate, or something with a tag
  };
  Kind kind = Kind::null;
  std::string text;  ///< of a scalar
  bool quoted = false;
  std::size_t line = 0, column = 0;
  std::vector<YamlNode> keys;      ///< of a map: scalars, keys[i] belongs to children[i]
  std::vector<YamlNode> children;  ///< of a map or sequence
};

inline constexpr std::size_t kDeepestYaml = 32;

/// The one document of `source`. Reports syntax errors, duplicate keys, anchors, aliases, tags,
/// keys that are not text, nesting beyond kDeepestYaml, a second document and an empty file.
/// Kind::rejected at the root if nothing can be used. `beginning` is the hint for an empty file:
/// "a scenario begins with 'wintergrid: 1'".
YamlNode parse_yaml(const io::SourceText& source, std::string_view beginning,
                    Diagnostics& diagnostics);

}  // namespace wintergrid::scenario
