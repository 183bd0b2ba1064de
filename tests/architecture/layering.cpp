#include "tests/architecture/layering.hpp"

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace wintergrid::test {
namespace {

bool starts_with_any(std::string_view path, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [path](const std::string& prefix) { return path.starts_with(prefix); });
}

/// The entry of the longest name that `included` starts with.
PathsByName::const_iterator longest_prefix(const PathsByName& rules, std::string_view included) {
  auto best = rules.end();
  for (auto rule = rules.begin(); rule != rules.end(); ++rule) {
    if (included.starts_with(rule->first) &&
        (best == rules.end() || rule->first.size() > best->first.size())) {
      best = rule;
    }
  }
  return best;
}

/// The room a path from the root belongs to, or empty.
std::string room_of(std::string_view path, const LayerTable& table) {
  for (const auto& [room, layer] : table.layer_of_room) {
    if (path.starts_with(room + "/")) {
      return room;
    }
  }
  return {};
}

/// Regular files under root/folder whose names end as given, as sorted paths from the root.
std::vector<std::string> files_under(const std::filesystem::path& root, const std::string& folder,
                                     const std::vector<std::string>& extensions) {
  std::vector<std::string> paths;
  if (!std::filesystem::is_directory(root / folder)) {
    return paths;
  }
  for (auto entry = std::filesystem::recursive_directory_iterator(root / folder);
       entry != std::filesystem::recursive_directory_iterator(); ++entry) {
    if (entry->is_directory() && entry->path().filename() == "node_modules") {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file() &&
               std::find(extensions.begin(), extensions.end(), entry->path().extension()) !=
                   extensions.end()) {
      paths.push_back(std::filesystem::relative(entry->path(), root).generic_string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<std::string> sources_of_project(const std::filesystem::path& root) {
  std::vector<std::string> paths = files_under(root, "engine", {".hpp", ".cpp"});
  const std::vector<std::string> models = files_under(root, "grid_models", {".hpp", ".cpp"});
  paths.insert(paths.end(), models.begin(), models.end());
  return paths;
}

struct Directive {
  std::string name;      ///< "include", "pragma", ...; empty if the line is not a directive
  std::string argument;  ///< the rest of the line
};

Directive directive_of(const std::string& line) {
  constexpr const char* kBlank = " \t";
  std::size_t at = line.find_first_not_of(kBlank);
  if (at == std::string::npos || line[at] != '#') {
    return {};
  }
  at = line.find_first_not_of(kBlank, at + 1);
  if (at == std::string::npos) {
    return {};
  }
  const std::size_t name_end = std::min(line.find_first_of(" \t<\"", at), line.size());
  const std::size_t argument_begin =
      std::min(line.find_first_not_of(kBlank, name_end), line.size());
  return {line.substr(at, name_end - at), line.substr(argument_begin)};
}

class FileCheck {
 public:
  FileCheck(std::string path, const LayerTable& table, std::vector<std::string>& violations)
      : path_(std::move(path)),
        room_(room_of(path_, table)),
        table_(table),
        violations_(violations) {}

  void check(std::istream& in) {
    if (room_.empty()) {
      report(1, "is in no room", "list its folder in layers.txt or move it");
      return;
    }
    std::string text;
    for (int line = 1; std::getline(in, text); ++line) {
      const auto [name, argument] = directive_of(text);
      if (name == "include" && argument.starts_with('<')) {
        check_system_include(line, argument.substr(1, argument.find('>') - 1));
      } else if (name == "include") {
        check_project_include(line, argument.substr(1, argument.find('"', 1) - 1));
      } else if (name == "pragma") {
        check_pragma(line, argument.substr(0, argument.find_first_of(" \t(")));
      }
    }
  }

 private:
  void check_project_include(int line, const std::string& included) {
    const std::string other = room_of(included, table_);
    if (other.empty()) {
      report(line, "includes \"" + included + "\"",
             "not a room's header named from the root of the repository");
      return;
    }
    const int own_layer = table_.layer_of_room.at(room_);
    const int other_layer = table_.layer_of_room.at(other);
    const bool excepted = std::find(table_.within.begin(), table_.within.end(),
                                    std::pair(room_, other)) != table_.within.end();
    if (other != room_ && other_layer >= own_layer && !excepted) {
      report(line, "includes \"" + included + "\"",
             "layer " + std::to_string(own_layer) + " may include only lower layers, not layer " +
                 std::to_string(other_layer));
    }
  }

  void check_system_include(int line, const std::string& included) {
    const auto ban = table_.forbidden.find(included);
    if (ban != table_.forbidden.end() && starts_with_any(path_, ban->second)) {
      report(line, "includes <" + included + ">", "forbidden here");
    }
    if (included.find_first_of("./") == std::string::npos) {
      return;  // the standard library
    }
    if (path_.ends_with(".hpp")) {
      report(line, "includes <" + included + ">",
             "a header may include only the standard library and rooms");
      return;
    }
    const auto rule = longest_prefix(table_.headers, included);
    if (rule == table_.headers.end() || !starts_with_any(path_, rule->second)) {
      report(line, "includes <" + included + ">", "allowed only where layers.txt says");
    }
  }

  void check_pragma(int line, const std::string& pragma) {
    const auto rule = table_.pragmas.find(pragma);
    if (rule != table_.pragmas.end() && !starts_with_any(path_, rule->second)) {
      report(line, "uses #pragma " + pragma, "allowed only where layers.txt says");
    }
  }

  void report(int line, const std::string& what, const std::string& rule) {
    violations_.push_back(path_ + ":" + std::to_string(line) + ": " + what + " (" + rule + ")");
  }

  std::string path_;
  std::string room_;
  const LayerTable& table_;
  std::vector<std::string>& violations_;
};

}  // namespace

LayerTable read_layer_table(std::string_view text) {
  LayerTable table;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::istringstream stream(line.substr(0, line.find('#')));
    const std::vector<std::string> words{std::istream_iterator<std::string>(stream), {}};
    if (words.empty()) {
      continue;
    }
    const std::string& kind = words[0];
    const auto add = [&words](PathsByName& rules) {
      rules[words[1]].insert(rules[words[1]].end(), words.begin() + 2, words.end());
    };
    if (kind == "room" && words.size() == 3) {
      table.layer_of_room[words[2]] = std::stoi(words[1]);
    } else if (kind == "within" && words.size() == 3 && table.layer_of_room.contains(words[1]) &&
               table.layer_of_room.contains(words[2])) {
      table.within.emplace_back(words[1], words[2]);
    } else if (kind == "header" && words.size() >= 3) {
      add(table.headers);
    } else if (kind == "pragma" && words.size() >= 3) {
      add(table.pragmas);
    } else if (kind == "forbid" && words.size() >= 3) {
      add(table.forbidden);
    } else {
      throw std::runtime_error("layers.txt:" + std::to_string(number) + ": not a rule: " + line);
    }
  }
  return table;
}

std::vector<std::string> check_includes(const std::filesystem::path& root,
                                        const LayerTable& table) {
  std::vector<std::string> violations;
  for (const std::string& path : sources_of_project(root)) {
    std::ifstream in(root / path);
    FileCheck(path, table, violations).check(in);
  }
  return violations;
}

std::vector<std::string> rooms_without_readme(const std::filesystem::path& root,
                                              const LayerTable& table) {
  std::vector<std::string> missing;
  const std::vector<std::string> sources = sources_of_project(root);
  for (const auto& room_and_layer : table.layer_of_room) {
    const std::string folder = room_and_layer.first + "/";
    const bool has_sources =
        std::any_of(sources.begin(), sources.end(),
                    [&folder](const std::string& path) { return path.starts_with(folder); });
    if (has_sources && !std::filesystem::is_regular_file(root / folder / "README.md")) {
      missing.push_back(folder);
    }
  }
  return missing;
}

std::vector<std::string> files_longer_than(const std::filesystem::path& root, int limit) {
  std::vector<std::string> found;
  for (const char* folder : {"engine", "grid_models", "tests", "bench"}) {
    for (const std::string& path :
         files_under(root, folder,
                     {".hpp", ".cpp", ".cmake", ".js", ".mjs", ".ts", ".css", ".py", ".sh"})) {
      std::ifstream in(root / path);
      const auto lines = std::count(std::istreambuf_iterator<char>(in), {}, '\n');
      if (lines > limit) {
        found.push_back(path + ": " + std::to_string(lines) + " lines");
      }
    }
  }
  return found;
}

}  // namespace wintergrid::test
